//! Finds the terms of the lexicon in a text.
//!
//! One automaton looks for the anchors of all patterns at once (every match of a pattern holds one of its anchors); a hit leads
//! to the programs of the patterns that have it, which are tried on the words of that sentence. Cost grows with hits, not with patterns.

pub mod fuzzy;
pub mod near;
mod overlap;
pub mod program;
pub mod recognise;
pub mod selftest;
pub mod words;

use std::ops::Range;

use aho_corasick::{AhoCorasick, MatchKind};
use rustc_hash::{FxHashMap, FxHashSet};

pub use near::Near;
pub use program::{Found, Machine, Spelled};
pub use recognise::Clock;
pub use words::TextWords;

use crate::error::{Error, Result};
use crate::lexicon::compile::{Anchor, UNKNOWN, WordId};
use crate::lexicon::index::Signature;
use crate::lexicon::{Condition, Lexicon, PatternId, Reach, Tier};
use crate::text::{JOIN, View};
use fuzzy::Fuzzy;

/// A term found in a text, before context.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match {
    /// Number of the term in [`Lexicon::terms`].
    pub term: usize,
    /// From the first to the last spelled word.
    pub tokens: Range<usize>,
    /// The words that the pattern spells, sorted; never a context cue.
    pub spelled: Spelled,
    /// Tier, lifted where a condition says so.
    pub tier: Tier,
    /// Why it does not count.
    pub suppressed: Option<String>,
    /// A word was one edit off.
    pub approximate: bool,
}

/// What a scan of a text gives.
#[derive(Debug, Default)]
pub struct Scan {
    /// Terms, sorted by place; suppressed ones included.
    pub matches: Vec<Match>,
    /// Cues of policy text: places (first word).
    pub policy: Vec<usize>,
    /// Cues of a record about one person.
    pub record: Vec<usize>,
}

#[derive(Clone, Copy, Debug)]
enum Owner {
    Term(u32),
    Policy,
    Record,
}

#[derive(Clone, Copy, Debug)]
struct Lead {
    pattern: PatternId,
    before: bool,
    after: bool,
}

/// The automaton over all anchors, with the patterns they lead to.
#[derive(Debug)]
pub struct Matcher {
    automaton: AhoCorasick,
    leads: Vec<Vec<Lead>>,
    owners: FxHashMap<PatternId, Owner>,
    /// What the automaton leads to for every word that some pattern has.
    known: Vec<Box<[PatternId]>>,
    /// The two sharpest needs of every pattern, side by side in memory.
    gates: Vec<[Signature; 2]>,
    by_word: FxHashMap<WordId, Vec<PatternId>>,
    fuzzy: Fuzzy,
}

impl Matcher {
    /// Builds the automaton for a lexicon.
    ///
    /// # Errors
    /// When the automaton grows beyond what its library can hold.
    pub fn new(lexicon: &Lexicon) -> Result<Self> {
        let mut owners: FxHashMap<PatternId, Owner> = FxHashMap::default();
        for (n, term) in lexicon.terms.iter().enumerate() {
            owners.extend(term.patterns.iter().map(|p| (*p, Owner::Term(n as u32))));
        }
        owners.extend(lexicon.genre.policy.iter().map(|p| (*p, Owner::Policy)));
        owners.extend(lexicon.genre.record.iter().map(|p| (*p, Owner::Record)));
        let mut literals: Vec<String> = Vec::new();
        let mut numbers: FxHashMap<String, usize> = FxHashMap::default();
        let mut leads: Vec<Vec<Lead>> = Vec::new();
        let mut by_word: FxHashMap<WordId, Vec<PatternId>> = FxHashMap::default();
        let mut fuzzy_words: Vec<WordId> = Vec::new();
        let mut scanned: Vec<PatternId> = owners.keys().copied().collect();
        scanned.sort_unstable();
        for id in scanned {
            let Some(pattern) = lexicon.set.patterns.get(id as usize) else {
                continue;
            };
            for anchor in &pattern.anchors {
                let (text, before, after) = match anchor {
                    Anchor::Word(word) => {
                        by_word.entry(*word).or_default().push(id);
                        if pattern.fuzzy {
                            fuzzy_words.push(*word);
                        }
                        (
                            lexicon
                                .set
                                .names
                                .get(*word as usize)
                                .cloned()
                                .unwrap_or_default(),
                            false,
                            false,
                        )
                    }
                    Anchor::Part(affix) => (affix.stem.clone(), affix.before, affix.after),
                };
                if text.is_empty() {
                    continue;
                }
                let number = *numbers.entry(text.clone()).or_insert_with(|| {
                    literals.push(text);
                    leads.push(Vec::new());
                    literals.len() - 1
                });
                if let Some(list) = leads.get_mut(number) {
                    list.push(Lead {
                        pattern: id,
                        before,
                        after,
                    });
                }
            }
        }
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .build(&literals)
            .map_err(|e| {
                Error::Usage(format!("the lexicon is too large for the automaton: {e}"))
            })?;
        let mut matcher = Self {
            automaton,
            leads,
            owners,
            known: Vec::new(),
            gates: (lexicon.set.patterns.iter())
                .map(|p| [0, 1].map(|n| p.needs.get(n).copied().unwrap_or(Signature::ALL)))
                .collect(),
            by_word,
            fuzzy: Fuzzy::new(&lexicon.set, fuzzy_words),
        };
        matcher.known = lexicon
            .set
            .names
            .iter()
            .map(|word| {
                let mut patterns = Vec::new();
                matcher.leads(word, |id| patterns.push(id));
                patterns.sort_unstable();
                patterns.dedup();
                patterns.into_boxed_slice()
            })
            .collect();
        Ok(matcher)
    }

    /// Number of literals in the automaton and bytes it takes.
    #[must_use]
    pub fn size(&self) -> (usize, usize) {
        (self.leads.len(), self.automaton.memory_usage())
    }

    /// Finds all terms and genre cues. `words` gets the misspelt words that fuzzy terms allow.
    #[must_use]
    pub fn scan(&self, lexicon: &Lexicon, words: &mut TextWords<'_>, clock: Clock) -> Scan {
        let view = words.view;
        let mut misspelt: Vec<Candidate> = Vec::new();
        self.fuzzy.find(lexicon, words, |token, word| {
            let sentence = view.tokens.get(token).map_or(0, |t| t.sentence);
            let patterns = self.by_word.get(&word).into_iter().flatten();
            misspelt.extend(patterns.map(|p| (sentence, *p, token as u32)));
        });
        let machine = Machine {
            set: &lexicon.set,
            words,
            clock,
            relaxed: false,
        };
        let mut candidates = self.candidates(&machine);
        candidates.extend(misspelt);
        candidates.sort_unstable();
        let mut scan = Scan::default();
        let mut found = Vec::new();
        for group in candidates.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
            let Some((number, id, _)) = group.first().copied() else {
                continue;
            };
            let (Some(sentence), Some(pattern)) = (
                view.sentences.get(number as usize),
                lexicon.set.patterns.get(id as usize),
            ) else {
                continue;
            };
            if !machine.may_match(pattern, number) {
                continue;
            }
            found.clear();
            machine.find_around(pattern, sentence.tokens.clone(), tokens(group), &mut found);
            match self.owners.get(&id) {
                Some(Owner::Term(term)) => {
                    for hit in found.drain(..) {
                        scan.matches
                            .extend(assess(lexicon, &machine, *term as usize, hit));
                    }
                }
                Some(Owner::Policy) => scan.policy.extend(found.iter().map(|f| f.tokens.start)),
                Some(Owner::Record) => scan.record.extend(found.iter().map(|f| f.tokens.start)),
                None => {}
            }
        }
        scan.policy.sort_unstable();
        scan.policy.dedup();
        scan.record.sort_unstable();
        scan.record.dedup();
        overlap::resolve(lexicon, &mut scan.matches);
        scan
    }

    /// The anchors in the text, as far as the other words that their patterns need stand in the sentence too.
    fn candidates(&self, machine: &Machine<'_>) -> Vec<Candidate> {
        let view = machine.words.view;
        let mut out = Vec::new();
        for (number, sentence) in (0_u32..).zip(&view.sentences) {
            let signature = machine.words.signature(number);
            let mut weigh = |token: usize, id: PatternId| {
                let gate = self.gates.get(id as usize);
                if gate.is_some_and(|g| g.iter().all(|g| g.meets(&signature))) {
                    out.push((number, id, token as u32));
                }
            };
            for n in sentence.tokens.clone() {
                match machine.words.id(n) {
                    UNKNOWN => self.leads(view.word(n), |id| weigh(n, id)),
                    word => {
                        for id in self.known.get(word as usize).into_iter().flatten() {
                            weigh(n, *id);
                        }
                    }
                }
                // Words broken at a line end are tried whole as well.
                if view.tokens.get(n).is_some_and(|t| t.has(JOIN))
                    && let Some(before) = n.checked_sub(1)
                {
                    let joined = format!("{}{}", view.word(before), view.word(n));
                    self.leads(&joined, |id| weigh(before, id));
                }
            }
        }
        out
    }

    /// Patterns that have an anchor in this word.
    fn leads(&self, word: &str, mut with: impl FnMut(PatternId)) {
        for hit in self.automaton.find_overlapping_iter(word) {
            let (begins, ends) = (hit.start() == 0, hit.end() == word.len());
            for lead in self
                .leads
                .get(hit.pattern().as_usize())
                .into_iter()
                .flatten()
            {
                if (begins || lead.before) && (ends || lead.after) {
                    with(lead.pattern);
                }
            }
        }
    }
}

/// A sentence, a pattern, and a word of the sentence that holds an anchor of the pattern.
type Candidate = (u32, PatternId, u32);

/// The words of candidates.
fn tokens(group: &[Candidate]) -> impl Iterator<Item = usize> {
    group.iter().map(|c| c.2 as usize)
}

/// Checks the conditions of a term on one raw match.
fn assess(lexicon: &Lexicon, machine: &Machine<'_>, number: usize, hit: Found) -> Option<Match> {
    let term = lexicon.terms.get(number)?;
    let mut spelled = hit.spelled;
    spelled.sort_unstable();
    spelled.dedup();
    let mut found = Match {
        term: number,
        tokens: hit.tokens,
        spelled,
        tier: term.tier,
        suppressed: None,
        approximate: hit.approximate,
    };
    let holds = |condition: &Condition| {
        let range = reach(machine.words.view, &found.tokens, condition.reach);
        lexicon
            .set
            .patterns
            .get(condition.pattern as usize)
            .is_some_and(|p| machine.occurs(p, range, &found.spelled))
    };
    let suppressed = term
        .unless
        .iter()
        .find(|c| holds(c))
        .map(|c| format!("tenzij: {}", c.written))
        .or_else(|| {
            term.needs
                .iter()
                .find(|c| !holds(c))
                .map(|c| format!("vereist: {}", c.written))
        });
    let tier = term
        .lift
        .iter()
        .filter(|c| holds(c))
        .filter_map(|c| c.tier)
        .fold(term.tier, Tier::max);
    found.suppressed = suppressed;
    found.tier = tier;
    Some(found)
}

/// The words of the scope around a match.
fn reach(view: &View, tokens: &Range<usize>, reach: Reach) -> Range<usize> {
    let last = tokens.end.saturating_sub(1);
    match reach {
        Reach::Clause => view.clause(tokens.start).start..view.clause(last).end,
        Reach::Sentence => view.sentence(tokens.start).start..view.sentence(last).end,
        Reach::Section => view.section(tokens.start),
        Reach::Document => 0..view.tokens.len(),
    }
}

/// Patterns by the words they are anchored at: for rules that are only tried where something was found.
#[derive(Debug, Default)]
pub struct CueIndex {
    /// Patterns by word number.
    by_word: Vec<Vec<PatternId>>,
    /// Patterns that are not found by whole words.
    loose: Vec<PatternId>,
}

impl CueIndex {
    /// Indexes these patterns.
    #[must_use]
    pub fn new(lexicon: &Lexicon, patterns: impl Iterator<Item = PatternId>) -> Self {
        let mut index = Self {
            by_word: vec![Vec::new(); lexicon.set.names.len()],
            loose: Vec::new(),
        };
        let mut seen = FxHashSet::default();
        for id in patterns.filter(|p| seen.insert(*p)) {
            let Some(pattern) = lexicon.set.patterns.get(id as usize) else {
                continue;
            };
            let words: Option<Vec<WordId>> = pattern.anchors.iter().map(Anchor::word).collect();
            match words.filter(|w| !w.is_empty()) {
                Some(words) => {
                    for word in words {
                        if let Some(list) = index.by_word.get_mut(word as usize) {
                            list.push(id);
                        }
                    }
                }
                None => index.loose.push(id),
            }
        }
        index
    }

    /// All matches of the indexed patterns in a sentence.
    pub fn find(&self, machine: &Machine<'_>, sentence: u32, out: &mut Vec<(PatternId, Found)>) {
        let Some(range) = machine.words.view.sentences.get(sentence as usize) else {
            return;
        };
        let range = range.tokens.clone();
        let mut found = Vec::new();
        let mut keep = |id: PatternId, found: &mut Vec<Found>| {
            out.extend(found.drain(..).map(|f| (id, f)));
        };
        for id in &self.loose {
            if let Some(pattern) = machine.set.patterns.get(*id as usize)
                && machine.may_match(pattern, sentence)
            {
                machine.find_all(pattern, range.clone(), &mut found);
                keep(*id, &mut found);
            }
        }
        let mut candidates: Vec<Candidate> = Vec::new();
        for token in range.clone() {
            if let Some(list) = self.by_word.get(machine.words.id(token) as usize) {
                candidates.extend(list.iter().map(|id| (sentence, *id, token as u32)));
            }
        }
        candidates.sort_unstable();
        for group in candidates.chunk_by(|a, b| a.1 == b.1) {
            if let Some((_, id, _)) = group.first()
                && let Some(pattern) = machine.set.patterns.get(*id as usize)
                && machine.may_match(pattern, sentence)
            {
                machine.find_around(pattern, range.clone(), tokens(group), &mut found);
                keep(*id, &mut found);
            }
        }
    }
}
