//! Compiles patterns to programs.

use std::cell::OnceCell;
use std::rc::Rc;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::branches::Branches;
use super::morphology::{Forms, Words};
use super::notation::{Item, Pattern};
use super::pattern::{
    ALSO, Affix, Anchor, Compiled, NONE, PatternId, PatternSet, Program, Recogniser, Step, Sub,
    WordId,
};
use super::present::Link;
use super::scope::{Piece, Scope};
use super::starts::{self, Starts, WordSet};
use super::wants::Wants;

/// Compiles patterns into a [`PatternSet`].
#[derive(Debug)]
pub struct Compiler<'a> {
    words: &'a Words,
    pub(super) frequent: &'a FxHashMap<String, u32>,
    forms: FxHashMap<String, Option<Forms>>,
    set_numbers: FxHashMap<Box<[WordId]>, u32>,
    affix_numbers: FxHashMap<Vec<Affix>, u32>,
    pub(super) part_numbers: FxHashMap<Affix, u32>,
    sub_numbers: FxHashMap<Vec<Step>, u32>,
    pub(super) switch_numbers: FxHashMap<Vec<Vec<Step>>, u32>,
    pub(super) wants: Vec<Arc<[Anchor]>>,
    pub(super) want_numbers: FxHashMap<Arc<[Anchor]>, u32>,
    recognised: FxHashMap<Recogniser, Rc<[WordId]>>,
    /// What has been compiled.
    pub set: PatternSet,
}

/// Deepest nesting of classes.
pub(super) const DEPTH: usize = 6;
/// Pieces of more steps are compiled once and called.
const CALLED: usize = 3;

impl<'a> Compiler<'a> {
    /// Starts with nothing. `frequent` says how often common words occur, per million.
    #[must_use]
    pub fn new(words: &'a Words, frequent: &'a FxHashMap<String, u32>) -> Self {
        let set = PatternSet {
            names: vec![String::new()],
            ..PatternSet::default()
        };
        let mut compiler = Self {
            words,
            frequent,
            forms: FxHashMap::default(),
            set_numbers: FxHashMap::default(),
            affix_numbers: FxHashMap::default(),
            part_numbers: FxHashMap::default(),
            sub_numbers: FxHashMap::default(),
            switch_numbers: FxHashMap::default(),
            wants: Vec::new(),
            want_numbers: FxHashMap::default(),
            recognised: FxHashMap::default(),
            set,
        };
        compiler.word_set(Vec::new());
        for (_, kind) in Recogniser::ALL {
            let mut words = Vec::new();
            kind.each_start(|word| words.push(compiler.intern(word)));
            compiler.recognised.insert(kind, words.into());
        }
        compiler
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
                let piece = self.piece(item, scope, 0)?;
                (program.steps).extend(piece.steps.iter().map(|s| s.shifted(from as u32)));
                steps.push(from..program.steps.len());
                wanted.push(self.want(&piece));
            }
            program.steps.push(Step::Match);
            program.starts = self.starts(&program.steps);
            let distances = starts::distances(&program.steps, &self.set);
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
                let first_word = self.is_flat(&program.steps, steps.clone(), &distances);
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
            program.steps.shrink_to_fit();
            program.chain.shrink_to_fit();
            parts.push(program);
        }
        // There are tens of thousands of them.
        parts.shrink_to_fit();
        let single = match parts.as_slice() {
            [program] => self.single(&program.steps),
            _ => 0,
        };
        let found_by = best.map(|b| b.2);
        let (cost, n) = best.map_or((0, 0), |b| (b.0, b.1));
        parts.swap(0, n);
        needed.retain(|n| Some(n.1) != found_by);
        needed.sort_unstable();
        needed.dedup();
        let mut also = [NONE; ALSO];
        also.iter_mut().zip(&needed).for_each(|(a, n)| *a = n.1);
        self.set.patterns.push(Compiled {
            parts,
            anchors: None,
            also,
            found_by,
            fuzzy,
            cost,
            single,
        });
        Ok(self.set.patterns.len() as PatternId - 1)
    }

    /// Compiles a piece of a pattern, once.
    pub(super) fn piece(
        &mut self,
        item: &Item,
        scope: &Scope<'_>,
        depth: usize,
    ) -> Result<Rc<Piece>, String> {
        if let Some(piece) = scope.pieces.borrow().get(item) {
            return Ok(Rc::clone(piece));
        }
        let mut branches = Branches::default();
        let mut steps = match item {
            Item::Gap { max, sentence } => vec![Step::Gap {
                max: *max,
                sentence: *sentence,
            }],
            Item::Recogniser { name, bound } => {
                let recogniser = Recogniser::named(name).ok_or_else(|| {
                    let known: Vec<&str> = Recogniser::ALL.iter().map(|(n, _)| *n).collect();
                    format!("`#{name}` is not known; there are {}", known.join(", "))
                })?;
                vec![Step::Recognise(recogniser, *bound)]
            }
            Item::Quoted(items) => {
                let mut steps = vec![Step::OpenQuote];
                let inner = self.sequence(items, scope, depth)?;
                steps.extend(inner.into_iter().map(|s| s.shifted(1)));
                steps.push(Step::CloseQuote);
                steps
            }
            _ => {
                self.branches(item, scope, depth, &mut branches)?;
                Vec::new()
            }
        };
        let anchors = self.item_anchors(item, &branches, scope, depth)?;
        if steps.is_empty() {
            steps = self.emit(branches, scope, depth)?;
            if steps.len() > CALLED {
                steps = vec![Step::Call(self.sub(steps))];
            }
        }
        let piece = Rc::new(Piece {
            steps,
            anchors,
            want: OnceCell::new(),
        });
        (scope.pieces.borrow_mut()).insert(item.clone(), Rc::clone(&piece));
        Ok(piece)
    }

    /// The steps of items one after the other.
    pub(super) fn sequence(
        &mut self,
        items: &[Item],
        scope: &Scope<'_>,
        depth: usize,
    ) -> Result<Vec<Step>, String> {
        let mut steps: Vec<Step> = Vec::new();
        for item in items {
            let piece = self.piece(item, scope, depth)?;
            let base = steps.len() as u32;
            steps.extend(piece.steps.iter().map(|s| s.shifted(base)));
        }
        Ok(steps)
    }

    /// Number of a program that others call, new or not.
    fn sub(&mut self, mut steps: Vec<Step>) -> u32 {
        steps.push(Step::Match);
        if let Some(n) = self.sub_numbers.get(&steps) {
            return *n;
        }
        let distances = starts::distances(&steps, &self.set);
        let end = steps.len() - 1;
        let length = distances.get(end).copied().unwrap_or_default();
        let sub = Sub {
            starts: self.starts(&steps),
            length,
            flat: self.is_flat(&steps, 0..end, &distances),
            singles: self.singles(&steps, &distances),
            steps: steps.clone(),
        };
        let n = self.set.subs.len() as u32;
        self.set.subs.push(sub);
        self.sub_numbers.insert(steps, n);
        n
    }

    /// What a program can begin at.
    pub(super) fn starts(&mut self, steps: &[Step]) -> Starts {
        let (mut starts, words) = Starts::of(steps, &self.set, &self.recognised);
        starts.words = self.word_set(words);
        starts
    }

    /// Whether these steps take one word, which stands where they begin.
    fn is_flat(
        &self,
        steps: &[Step],
        mut range: std::ops::Range<usize>,
        distances: &[(usize, usize)],
    ) -> bool {
        let at = |pc: usize| distances.get(pc);
        let begin = at(range.start);
        range.all(|pc| match steps.get(pc) {
            Some(Step::Set(_) | Step::Affix(_) | Step::Split(..)) => at(pc) == begin,
            Some(Step::Call(sub)) => {
                at(pc) == begin && self.set.subs.get(*sub as usize).is_some_and(|s| s.flat)
            }
            Some(Step::Fork(..) | Step::Switch(_) | Step::Jump(_)) => true,
            _ => false,
        })
    }

    /// The sets of words of which a program takes one as its only word.
    fn singles(&self, steps: &[Step], distances: &[(usize, usize)]) -> Vec<u32> {
        let ends = |mut pc: usize| loop {
            match steps.get(pc) {
                Some(Step::Jump(to)) => pc = *to as usize,
                step => return step == Some(&Step::Match),
            }
        };
        let mut sets = Vec::new();
        for (pc, step) in steps.iter().enumerate() {
            if distances.get(pc) == Some(&(0, 0)) && ends(pc + 1) {
                match step {
                    Step::Set(set) => sets.push(*set),
                    Step::Call(sub) => {
                        let sub = self.set.subs.get(*sub as usize);
                        sets.extend(sub.map_or(&[][..], |s| &s.singles));
                    }
                    _ => {}
                }
            }
        }
        sets
    }

    /// How often words occur that a program takes as its only one, per million.
    fn single(&self, steps: &[Step]) -> u32 {
        let distances = starts::distances(steps, &self.set);
        let words: FxHashSet<WordId> = (self.singles(steps, &distances).iter())
            .flat_map(|s| self.set.word_set(*s).ids().iter().copied())
            .collect();
        let names = words.iter().filter_map(|w| self.set.names.get(*w as usize));
        names.filter_map(|n| self.frequent.get(n)).sum()
    }

    /// What has been compiled, indexed.
    #[must_use]
    pub fn finish(mut self) -> PatternSet {
        let often = |name: &str| self.frequent.get(name).copied().unwrap_or(0);
        let (wants, numbers) = Wants::new(&self.wants, &self.set, often);
        let mut anchors: FxHashMap<u32, u32> = FxHashMap::default();
        for pattern in &mut self.set.patterns {
            pattern.anchors = pattern.found_by.map(|want| {
                *anchors.entry(want).or_insert_with(|| {
                    self.set
                        .anchors
                        .push(self.wants[want as usize].as_ref().into());
                    self.set.anchors.len() as u32 - 1
                })
            });
        }
        let number = |old: u32| numbers[old as usize];
        for pattern in &mut self.set.patterns {
            pattern.found_by = pattern.found_by.map(number);
            pattern.also =
                (pattern.also).map(|want| if want == NONE { NONE } else { number(want) });
            for link in pattern.parts.iter_mut().flat_map(|p| &mut p.chain) {
                link.want = number(link.want);
            }
        }
        self.set.wants = wants;
        self.set.complete();
        self.set
    }

    pub(super) fn forms(&mut self, lemma: &str) -> Result<Forms, String> {
        let words = self.words;
        self.forms
            .entry(lemma.to_owned())
            .or_insert_with(|| words.forms(lemma))
            .clone()
            .ok_or_else(|| format!("`{{{lemma}}}` is not in words.toml"))
    }

    pub(super) fn word_set(&mut self, mut words: Vec<WordId>) -> u32 {
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

    pub(super) fn affix_group(&mut self, group: Vec<Affix>) -> u32 {
        if let Some(n) = self.affix_numbers.get(&group) {
            return *n;
        }
        let n = self.set.affixes.len() as u32;
        self.set.affixes.push(group.clone());
        self.affix_numbers.insert(group, n);
        n
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

/// Sets of words that occur more often per million are not asked for.
const COMMON: u32 = 200_000;
