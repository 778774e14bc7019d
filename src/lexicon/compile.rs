//! Compiles patterns to programs, and finds the rarest words by which each is to be looked for.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::morphology::{Forms, Words};
use super::notation::{Item, Pattern, Stem};
use super::pattern::{
    Affix, Anchor, Compiled, PatternId, PatternSet, Program, Recogniser, Step, WordId,
};
use super::starts::{self, Starts, WordSet};
use super::wants::{Link, Wants};
use crate::text::fold;

/// Classes that a pattern may name, and what its pieces have been compiled to so far.
#[derive(Debug)]
pub struct Scope<'a> {
    /// Classes of the file.
    local: &'a Classes,
    /// Classes of the lexicon.
    shared: &'a Classes,
    /// Many patterns share their pieces; each is compiled once.
    pieces: RefCell<FxHashMap<Item, Rc<Piece>>>,
    /// So is what a class stands for.
    members: RefCell<FxHashMap<String, Rc<Branches>>>,
}

/// Members of classes by name.
pub type Classes = BTreeMap<String, Vec<Pattern>>;

impl<'a> Scope<'a> {
    /// The classes of a file before those of the lexicon.
    #[must_use]
    pub fn new(local: &'a Classes, shared: &'a Classes) -> Self {
        Self {
            local,
            shared,
            pieces: RefCell::default(),
            members: RefCell::default(),
        }
    }

    fn class(&self, name: &str) -> Option<&'a Vec<Pattern>> {
        self.local.get(name).or_else(|| self.shared.get(name))
    }
}

/// A piece of a pattern, compiled.
#[derive(Debug)]
struct Piece {
    /// Steps, counted from its own first.
    steps: Vec<Step>,
    /// The set of words of which every match holds one, and how often they occur; none when there is none.
    wanted: Option<(u32, u32)>,
}

/// Compiles patterns into a [`PatternSet`].
#[derive(Debug)]
pub struct Compiler<'a> {
    words: &'a Words,
    frequent: &'a FxHashMap<String, u32>,
    forms: FxHashMap<String, Option<Forms>>,
    set_numbers: FxHashMap<Box<[WordId]>, u32>,
    affix_numbers: FxHashMap<Vec<Affix>, u32>,
    wants: Vec<Vec<Anchor>>,
    want_numbers: FxHashMap<Vec<Anchor>, u32>,
    recognised: FxHashMap<Recogniser, Rc<[WordId]>>,
    /// What has been compiled.
    pub set: PatternSet,
}

/// Deepest nesting of classes.
const DEPTH: usize = 6;

impl<'a> Compiler<'a> {
    /// Starts with nothing. `frequent` says how often common words occur, per million.
    #[must_use]
    pub fn new(words: &'a Words, frequent: &'a FxHashMap<String, u32>) -> Self {
        let set = PatternSet {
            names: vec![String::new()],
            ..PatternSet::default()
        };
        Self {
            words,
            frequent,
            forms: FxHashMap::default(),
            set_numbers: FxHashMap::default(),
            affix_numbers: FxHashMap::default(),
            wants: Vec::new(),
            want_numbers: FxHashMap::default(),
            recognised: FxHashMap::default(),
            set,
        }
    }

    /// Number of `word`, new or not.
    pub fn intern(&mut self, word: &str) -> WordId {
        if let Some(id) = self.set.words.get(word) {
            return *id;
        }
        let id = self.set.names.len() as WordId;
        self.set.names.push(word.to_owned());
        self.set.words.insert(word.to_owned(), id);
        id
    }

    /// Compiles a pattern.
    ///
    /// # Errors
    /// Says which word, class or recogniser is unknown.
    pub fn add(
        &mut self,
        pattern: &Pattern,
        scope: &Scope<'_>,
        fuzzy: bool,
    ) -> Result<PatternId, String> {
        let mut parts = Vec::new();
        let mut best: Option<(u32, usize, u32)> = None;
        let mut needed: Vec<(u32, u32)> = Vec::new();
        for (n, items) in pattern.parts.iter().enumerate() {
            let items = &gap_with_what_follows(items);
            let mut program = Program::default();
            let mut steps = Vec::new();
            let mut wanted = Vec::new();
            for item in items {
                let from = program.steps.len();
                let piece = self.piece(item, scope)?;
                (program.steps).extend(piece.steps.iter().map(|s| s.shifted(from as u32)));
                steps.push(from..program.steps.len());
                wanted.push(piece.wanted);
            }
            program.steps.push(Step::Match);
            program.starts = self.starts(&program);
            let distances = starts::distances(&program.steps);
            // Of the item with the last link: words before it, and how far in it the wanted word may stand.
            let mut last: Option<((usize, usize), usize)> = None;
            for ((item, steps), wanted) in items.iter().zip(steps).zip(wanted) {
                let Some((cost, want)) = wanted else {
                    continue;
                };
                if best.as_ref().is_none_or(|b| cost < b.0) {
                    best = Some((cost, n, want));
                }
                // What a recogniser reads may hold other words than its anchors; and what stands nearly everywhere turns nothing away.
                if cost > COMMON || matches!(item, Item::Recogniser { .. }) {
                    continue;
                }
                let at = |step: usize| distances.get(step).copied().unwrap_or((0, 0));
                let (begin, end) = (at(steps.start), at(steps.end));
                let first_word = steps.clone().all(|pc| match program.steps.get(pc) {
                    Some(Step::Set(_) | Step::Affix(_) | Step::Split(..)) => at(pc) == begin,
                    Some(Step::Fork(..) | Step::Guard(..) | Step::Jump(_)) => true,
                    _ => false,
                });
                let inside = if first_word {
                    0
                } else {
                    (end.1 - begin.1).max(1) - 1
                };
                let (min, max) = match last {
                    None => (begin.0, begin.1 + inside),
                    Some((before, spread)) => (
                        (begin.0 - before.0).saturating_sub(spread).max(1),
                        begin.1 - before.1 + inside,
                    ),
                };
                needed.push((cost, want));
                let short = |n: usize| u16::try_from(n).unwrap_or(u16::MAX);
                program.chain.push(Link {
                    want,
                    min: short(min),
                    max: short(max),
                });
                last = Some((begin, inside));
            }
            parts.push(program);
        }
        let single = match parts.as_slice() {
            [program] => self.single(program),
            _ => 0,
        };
        let found_by = best.map(|b| b.2);
        let anchors = found_by.and_then(|w| self.wants.get(w as usize));
        let anchors = anchors.cloned().unwrap_or_default();
        let (cost, n) = best.map_or((0, 0), |b| (b.0, b.1));
        parts.swap(0, n);
        self.set.patterns.push(Compiled {
            parts,
            anchors,
            also: (needed.into_iter().filter(|n| Some(n.1) != found_by).min()).map(|n| n.1),
            found_by,
            fuzzy,
            cost,
            single,
        });
        Ok(self.set.patterns.len() as PatternId - 1)
    }

    /// Compiles a piece of a pattern, once.
    fn piece(&mut self, item: &Item, scope: &Scope<'_>) -> Result<Rc<Piece>, String> {
        if let Some(piece) = scope.pieces.borrow().get(item) {
            return Ok(Rc::clone(piece));
        }
        let mut program = Program::default();
        self.item(item, scope, 0, &mut program)?;
        let anchors = self.item_anchors(item, scope, 0)?;
        let piece = Rc::new(Piece {
            steps: program.steps,
            wanted: anchors.map(|(cost, anchors)| (cost, self.want(&anchors))),
        });
        (scope.pieces.borrow_mut()).insert(item.clone(), Rc::clone(&piece));
        Ok(piece)
    }

    fn starts(&mut self, program: &Program) -> Starts {
        let sets = std::mem::take(&mut self.set.sets);
        let ids = |set: u32| {
            sets.get(set as usize)
                .map_or(&[][..], WordSet::ids)
                .to_vec()
        };
        let starts = Starts::of(program, ids, |kind| self.recognised(kind));
        self.set.sets = sets;
        starts
    }

    /// The words that a recogniser can begin at.
    fn recognised(&mut self, kind: Recogniser) -> Rc<[WordId]> {
        if let Some(words) = self.recognised.get(&kind) {
            return Rc::clone(words);
        }
        let mut words = Vec::new();
        kind.each_start(|word| words.push(self.intern(word)));
        let words: Rc<[WordId]> = words.into();
        self.recognised.insert(kind, Rc::clone(&words));
        words
    }

    /// Number of a set of anchors that a pattern needs.
    fn want(&mut self, anchors: &[Anchor]) -> u32 {
        let mut set = anchors.to_vec();
        set.sort_unstable();
        set.dedup();
        if let Some(n) = self.want_numbers.get(&set) {
            return *n;
        }
        let n = self.wants.len() as u32;
        self.wants.push(set.clone());
        self.want_numbers.insert(set, n);
        n
    }

    /// How often words occur that a program takes as its only one, per million.
    fn single(&self, program: &Program) -> u32 {
        let ends = |mut pc: usize| loop {
            match program.steps.get(pc) {
                Some(Step::Jump(to)) => pc = *to as usize,
                step => return step == Some(&Step::Match),
            }
        };
        let distances = starts::distances(&program.steps);
        let sets = program.steps.iter().enumerate().filter_map(|(pc, step)| {
            let Step::Set(set) = step else { return None };
            (distances.get(pc) == Some(&(0, 0)) && ends(pc + 1)).then_some(*set)
        });
        let words: FxHashSet<WordId> = sets
            .filter_map(|s| self.set.sets.get(s as usize))
            .flat_map(|s| s.ids().iter().copied())
            .collect();
        let names = words.iter().filter_map(|w| self.set.names.get(*w as usize));
        names.filter_map(|n| self.frequent.get(n)).sum()
    }

    /// What has been compiled, indexed. The sets by which patterns are found get the first numbers.
    #[must_use]
    pub fn finish(mut self) -> PatternSet {
        let patterns = &mut self.set.patterns;
        let mut order: Vec<u32> = patterns.iter().filter_map(|p| p.found_by).collect();
        order.sort_unstable();
        order.dedup();
        let mut numbers: FxHashMap<u32, u32> = order.iter().copied().zip(0..).collect();
        let mut number = |old: u32| {
            *numbers.entry(old).or_insert_with(|| {
                order.push(old);
                order.len() as u32 - 1
            })
        };
        for pattern in patterns {
            pattern.found_by = pattern.found_by.map(&mut number);
            pattern.also = pattern.also.map(&mut number);
            for link in pattern.parts.iter_mut().flat_map(|p| &mut p.chain) {
                link.want = number(link.want);
            }
        }
        let sets: Vec<Vec<Anchor>> = order
            .iter()
            .filter_map(|old| self.wants.get(*old as usize).cloned())
            .collect();
        self.set.wants = Wants::new(&sets, &self.set.names);
        self.set
    }

    fn forms(&mut self, lemma: &str) -> Result<Forms, String> {
        let words = self.words;
        self.forms
            .entry(lemma.to_owned())
            .or_insert_with(|| words.forms(lemma))
            .clone()
            .ok_or_else(|| format!("`{{{lemma}}}` is not in words.toml"))
    }

    fn sequence(
        &mut self,
        items: &[Item],
        scope: &Scope<'_>,
        depth: usize,
        program: &mut Program,
    ) -> Result<(), String> {
        for item in items {
            self.item(item, scope, depth, program)?;
        }
        Ok(())
    }

    fn item(
        &mut self,
        item: &Item,
        scope: &Scope<'_>,
        depth: usize,
        program: &mut Program,
    ) -> Result<(), String> {
        match item {
            Item::Gap { max, sentence } => program.steps.push(Step::Gap {
                max: *max,
                sentence: *sentence,
            }),
            Item::Recogniser { name, bound } => {
                let recogniser = Recogniser::named(name).ok_or_else(|| {
                    let known: Vec<&str> = Recogniser::ALL.iter().map(|(n, _)| *n).collect();
                    format!("`#{name}` is not known; there are {}", known.join(", "))
                })?;
                program.steps.push(Step::Recognise(recogniser, *bound));
            }
            Item::Quoted(items) => {
                program.steps.push(Step::OpenQuote);
                self.sequence(items, scope, depth, program)?;
                program.steps.push(Step::CloseQuote);
            }
            _ => {
                let mut branches = Branches::default();
                self.branches(item, scope, depth, &mut branches)?;
                self.emit(branches, scope, depth, program)?;
            }
        }
        Ok(())
    }

    /// Sorts what an item stands for into single words, compound parts, split verbs and longer branches.
    fn branches(
        &mut self,
        item: &Item,
        scope: &Scope<'_>,
        depth: usize,
        out: &mut Branches,
    ) -> Result<(), String> {
        if depth > DEPTH {
            return Err("classes are nested too deeply (does one name itself?)".to_owned());
        }
        match item {
            Item::Word(word) => {
                let id = self.intern(word);
                out.words.push(id);
            }
            Item::Lemma(names) => {
                for name in names {
                    let forms = self.forms(name)?;
                    for form in &forms.words {
                        self.form(form, out);
                    }
                    for phrase in &forms.phrases {
                        self.form(phrase, out);
                    }
                    if let Some(split) = forms.split {
                        let finite: Vec<WordId> =
                            split.finite.iter().map(|f| self.intern(&fold(f))).collect();
                        let particle = self.intern(&fold(&split.particle));
                        let set = self.word_set(finite);
                        out.splits.push((set, particle));
                    }
                }
            }
            Item::Compound {
                before,
                stem,
                after,
            } => {
                let add = |stem: String, out: &mut Branches| {
                    out.affixes.push(Affix {
                        stem,
                        before: *before,
                        after: *after,
                    })
                };
                match stem {
                    Stem::Word(word) => add(word.clone(), out),
                    Stem::Lemma(names) => {
                        for name in names {
                            for form in self.forms(name)?.words {
                                let form = fold(&form);
                                if form.chars().all(char::is_alphabetic) {
                                    add(form, out);
                                }
                            }
                        }
                    }
                }
            }
            Item::Class(name) => {
                let known = scope.members.borrow().get(name).cloned();
                let members = match known {
                    Some(members) => members,
                    None => {
                        let members = Rc::new(self.members(name, scope, depth)?);
                        (scope.members.borrow_mut()).insert(name.clone(), Rc::clone(&members));
                        members
                    }
                };
                out.add(&members);
            }
            Item::Alternatives(list) => {
                for items in list {
                    self.alternative(items, scope, depth + 1, out)?;
                }
            }
            Item::Quoted(_) | Item::Gap { .. } | Item::Recogniser { .. } => {
                out.longer.push([item.clone()].into())
            }
        }
        Ok(())
    }

    /// What a class stands for.
    fn members(&mut self, name: &str, scope: &Scope<'_>, depth: usize) -> Result<Branches, String> {
        let members = scope
            .class(name)
            .ok_or_else(|| format!("class `<{name}>` is not known"))?;
        let mut out = Branches::default();
        for member in members {
            let [items] = member.parts.as_slice() else {
                return Err(format!("class `<{name}>` has a member with `&`"));
            };
            self.alternative(items, scope, depth + 1, &mut out)?;
        }
        Ok(out)
    }

    fn alternative(
        &mut self,
        items: &[Item],
        scope: &Scope<'_>,
        depth: usize,
        out: &mut Branches,
    ) -> Result<(), String> {
        match items {
            [] => out.optional = true,
            [item] => self.branches(item, scope, depth, out)?,
            _ => out.longer.push(items.into()),
        }
        Ok(())
    }

    /// A generated form: one word or several.
    fn form(&mut self, form: &str, out: &mut Branches) {
        let folded = fold(form);
        let words: Vec<&str> = folded
            .split(|c: char| !c.is_alphanumeric())
            .filter(|w| !w.is_empty())
            .collect();
        match words.as_slice() {
            [word] => {
                let id = self.intern(word);
                out.words.push(id);
            }
            words => out
                .longer
                .push(words.iter().map(|w| Item::Word((*w).to_owned())).collect()),
        }
    }

    fn emit(
        &mut self,
        mut branches: Branches,
        scope: &Scope<'_>,
        depth: usize,
        program: &mut Program,
    ) -> Result<(), String> {
        // Longer branches first, so that the longest reading wins.
        branches
            .longer
            .sort_by_key(|items| std::cmp::Reverse(items.len()));
        branches.longer.dedup();
        let mut codes: Vec<Program> = Vec::new();
        for items in std::mem::take(&mut branches.longer) {
            let mut code = Program::default();
            self.sequence(&items, scope, depth + 1, &mut code)?;
            codes.push(code);
        }
        let guard = self.guard(&codes);
        let guarded = codes.len();
        for (set, particle) in branches.splits {
            codes.push(Program {
                steps: vec![Step::Split(set, particle)],
                ..Program::default()
            });
        }
        if !branches.words.is_empty() {
            let set = self.word_set(branches.words);
            codes.push(Program {
                steps: vec![Step::Set(set)],
                ..Program::default()
            });
        }
        if !branches.affixes.is_empty() {
            branches.affixes.sort_by(|a, b| {
                b.stem
                    .len()
                    .cmp(&a.stem.len())
                    .then_with(|| a.stem.cmp(&b.stem))
            });
            branches.affixes.dedup();
            let number = self.affix_group(branches.affixes);
            codes.push(Program {
                steps: vec![Step::Affix(number)],
                ..Program::default()
            });
        }
        if branches.optional {
            codes.push(Program::default());
        }
        let last = codes.len().saturating_sub(1);
        let mut ends = Vec::new();
        let guard = guard.map(|set| {
            program.steps.push(Step::Guard(set, u32::MAX));
            (set, program.steps.len() - 1)
        });
        for (n, code) in codes.into_iter().enumerate() {
            if let Some((set, at)) = guard
                && n == guarded
            {
                program.steps[at] = Step::Guard(set, program.steps.len() as u32);
            }
            let base = program.steps.len() as u32;
            if n < last {
                let next = base + 1 + code.steps.len() as u32 + 1;
                program.steps.push(Step::Fork(base + 1, next));
            }
            let shift = program.steps.len() as u32;
            program
                .steps
                .extend(code.steps.into_iter().map(|s| s.shifted(shift)));
            if n < last {
                ends.push(program.steps.len());
                program.steps.push(Step::Jump(0));
            }
        }
        let end = program.steps.len() as u32;
        for at in ends {
            if let Some(step) = program.steps.get_mut(at) {
                *step = Step::Jump(end);
            }
        }
        Ok(())
    }

    /// The words that several branches can begin with, when these are all that they can begin with.
    fn guard(&mut self, codes: &[Program]) -> Option<u32> {
        if codes.len() < GUARDED {
            return None;
        }
        let mut words = Vec::new();
        for code in codes {
            let starts = self.starts(code);
            if starts.any || starts.flags != 0 {
                return None;
            }
            words.extend_from_slice(starts.words.ids());
        }
        Some(self.word_set(words))
    }

    fn word_set(&mut self, mut words: Vec<WordId>) -> u32 {
        words.sort_unstable();
        words.dedup();
        let words = words.into_boxed_slice();
        if let Some(n) = self.set_numbers.get(&words) {
            return *n;
        }
        let n = self.set.sets.len() as u32;
        self.set.sets.push(WordSet::new(words.to_vec()));
        self.set_numbers.insert(words, n);
        n
    }

    fn affix_group(&mut self, group: Vec<Affix>) -> u32 {
        if let Some(n) = self.affix_numbers.get(&group) {
            return *n;
        }
        let n = self.set.affixes.len() as u32;
        self.set.affixes.push(group.clone());
        self.affix_numbers.insert(group, n);
        n
    }

    /// The cheapest complete set of anchors of a sequence, with its cost; `None` when nothing in it is a fixed word.
    fn best_anchors(
        &mut self,
        items: &[Item],
        scope: &Scope<'_>,
        depth: usize,
    ) -> Result<Option<(u32, Vec<Anchor>)>, String> {
        let mut best: Option<(u32, Vec<Anchor>)> = None;
        for item in items {
            if let Some((cost, anchors)) = self.item_anchors(item, scope, depth)?
                && best.as_ref().is_none_or(|b| cost < b.0)
            {
                best = Some((cost, anchors));
            }
        }
        Ok(best)
    }

    fn item_anchors(
        &mut self,
        item: &Item,
        scope: &Scope<'_>,
        depth: usize,
    ) -> Result<Option<(u32, Vec<Anchor>)>, String> {
        match item {
            Item::Gap { .. } => return Ok(None),
            Item::Quoted(items) => return self.best_anchors(items, scope, depth),
            Item::Recogniser { name, .. } => {
                let words = Recogniser::named(name).map_or(&[][..], Recogniser::anchors);
                if words.is_empty() {
                    return Ok(None);
                }
                let anchors: Vec<Anchor> =
                    words.iter().map(|w| Anchor::Word(self.intern(w))).collect();
                return Ok(Some((self.cost(&anchors), anchors)));
            }
            _ => {}
        }
        let mut branches = Branches::default();
        self.branches(item, scope, depth, &mut branches)?;
        if branches.optional {
            return Ok(None);
        }
        let mut anchors: Vec<Anchor> = branches.words.into_iter().map(Anchor::Word).collect();
        anchors.extend(branches.affixes.into_iter().map(Anchor::Part));
        for (set, _) in branches.splits {
            anchors.extend(
                self.set
                    .sets
                    .get(set as usize)
                    .map_or(&[][..], WordSet::ids)
                    .iter()
                    .map(|w| Anchor::Word(*w)),
            );
        }
        for items in branches.longer {
            match self.best_anchors(&items, scope, depth + 1)? {
                Some((_, more)) => anchors.extend(more),
                None => return Ok(None),
            }
        }
        Ok(Some((self.cost(&anchors), anchors)))
    }

    /// How often the anchors occur, per million words.
    fn cost(&self, anchors: &[Anchor]) -> u32 {
        anchors
            .iter()
            .map(|anchor| match anchor {
                Anchor::Word(id) => {
                    let name = self.set.names.get(*id as usize).map_or("", String::as_str);
                    self.frequent.get(name).copied().unwrap_or(RARE)
                }
                Anchor::Part(affix) if affix.stem.len() < 5 => 60 * RARE,
                Anchor::Part(_) => 10 * RARE,
            })
            .sum()
    }
}

/// `a .. [b]` at the end of a pattern is `a [.. b]`: without `b` no gap is there to be filled.
fn gap_with_what_follows(items: &[Item]) -> Vec<Item> {
    let mut items = items.to_vec();
    while let [.., Item::Gap { .. }, Item::Alternatives(list)] = items.as_slice()
        && list.iter().any(Vec::is_empty)
    {
        let mut with_gap = list.clone();
        let gap = items.get(items.len() - 2).cloned();
        for branch in with_gap.iter_mut().filter(|b| !b.is_empty()) {
            branch.splice(0..0, gap.clone());
        }
        items.truncate(items.len() - 2);
        items.push(Item::Alternatives(with_gap));
    }
    items
}

/// From so many branches on it is worth asking first whether the word begins one of them.
const GUARDED: usize = 3;
/// Sets of words that occur more often per million are not asked for.
const COMMON: u32 = 200_000;
/// Occurrences per million of a word that is not in the list of frequent ones.
const RARE: u32 = 3;

#[derive(Debug, Default)]
struct Branches {
    words: Vec<WordId>,
    affixes: Vec<Affix>,
    splits: Vec<(u32, WordId)>,
    longer: Vec<Rc<[Item]>>,
    optional: bool,
}

impl Branches {
    fn add(&mut self, other: &Self) {
        self.words.extend_from_slice(&other.words);
        self.affixes.extend_from_slice(&other.affixes);
        self.splits.extend_from_slice(&other.splits);
        self.longer.extend_from_slice(&other.longer);
        self.optional |= other.optional;
    }
}
