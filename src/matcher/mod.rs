//! Finds the terms of the lexicon in a text.
//!
//! One automaton looks for the anchors of all patterns at once (every match of a pattern holds one of its anchors); a hit leads
//! to the programs of the patterns that have it, which are tried on the words of that sentence. Cost grows with hits, not with patterns.

pub mod fuzzy;
mod overlap;
pub mod program;
pub mod recognise;
pub mod selftest;
pub mod words;

use std::ops::Range;

use aho_corasick::{AhoCorasick, MatchKind};
use rustc_hash::{FxHashMap, FxHashSet};

pub use program::{Found, Machine};
pub use recognise::Clock;
pub use words::TextWords;

use crate::error::{Error, Result};
use crate::lexicon::compile::{Anchor, UNKNOWN, WordId};
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
    pub spelled: Vec<u32>,
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
        Ok(Self {
            automaton,
            leads,
            owners,
            by_word,
            fuzzy: Fuzzy::new(&lexicon.set, fuzzy_words),
        })
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
        let mut candidates: Vec<(u32, PatternId)> = Vec::new();
        self.candidates(view, &mut candidates);
        self.fuzzy.find(lexicon, words, |token, word| {
            let sentence = view.tokens.get(token).map_or(0, |t| t.sentence);
            candidates.extend(
                self.by_word
                    .get(&word)
                    .into_iter()
                    .flatten()
                    .map(|p| (sentence, *p)),
            );
        });
        candidates.sort_unstable();
        candidates.dedup();
        let machine = Machine {
            set: &lexicon.set,
            words,
            clock,
        };
        let mut scan = Scan::default();
        let mut found = Vec::new();
        for (sentence, id) in candidates {
            let (Some(sentence), Some(pattern)) = (
                view.sentences.get(sentence as usize),
                lexicon.set.patterns.get(id as usize),
            ) else {
                continue;
            };
            found.clear();
            machine.find_all(pattern, sentence.tokens.clone(), &mut found);
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

    /// Sentences and patterns whose anchors stand in them.
    fn candidates(&self, view: &View, out: &mut Vec<(u32, PatternId)>) {
        let text = view.folded.text.as_str();
        let mut cursor = 0;
        for hit in self.automaton.find_overlapping_iter(text) {
            let (start, end) = (hit.start() as u32, hit.end() as u32);
            // Hits come by growing end: the word that holds the last byte.
            while view.tokens.get(cursor).is_some_and(|t| t.end < end) {
                cursor += 1;
            }
            let Some(token) = view.tokens.get(cursor) else {
                break;
            };
            if start < token.start {
                continue;
            }
            let (begins, ends) = (start == token.start, end == token.end);
            for lead in self
                .leads
                .get(hit.pattern().as_usize())
                .into_iter()
                .flatten()
            {
                if (begins || lead.before) && (ends || lead.after) {
                    out.push((token.sentence, lead.pattern));
                }
            }
        }
        // Words broken at a line end are tried whole as well.
        for at in
            (0..view.tokens.len()).filter(|t| view.tokens.get(t + 1).is_some_and(|n| n.has(JOIN)))
        {
            let joined = format!("{}{}", view.word(at), view.word(at + 1));
            let sentence = view.tokens.get(at).map_or(0, |t| t.sentence);
            for hit in self.automaton.find_overlapping_iter(&joined) {
                for lead in self
                    .leads
                    .get(hit.pattern().as_usize())
                    .into_iter()
                    .flatten()
                {
                    if (hit.start() == 0 || lead.before)
                        && (hit.end() == joined.len() || lead.after)
                    {
                        out.push((sentence, lead.pattern));
                    }
                }
            }
        }
    }
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
    by_word: FxHashMap<WordId, Vec<PatternId>>,
    loose: Vec<PatternId>,
}

impl CueIndex {
    /// Indexes these patterns.
    #[must_use]
    pub fn new(lexicon: &Lexicon, patterns: impl Iterator<Item = PatternId>) -> Self {
        let mut index = Self::default();
        let mut seen = FxHashSet::default();
        for id in patterns.filter(|p| seen.insert(*p)) {
            let Some(pattern) = lexicon.set.patterns.get(id as usize) else {
                continue;
            };
            if pattern.anchors.is_empty()
                || pattern.anchors.iter().any(|a| matches!(a, Anchor::Part(_)))
            {
                index.loose.push(id);
                continue;
            }
            for anchor in &pattern.anchors {
                if let Anchor::Word(word) = anchor {
                    index.by_word.entry(*word).or_default().push(id);
                }
            }
        }
        index
    }

    /// All matches of the indexed patterns in `range`.
    pub fn find(
        &self,
        machine: &Machine<'_>,
        range: Range<usize>,
        out: &mut Vec<(PatternId, Found)>,
    ) {
        let mut ids: Vec<PatternId> = self.loose.clone();
        for token in range.clone() {
            let word = machine.words.id(token);
            if word != UNKNOWN {
                ids.extend(self.by_word.get(&word).into_iter().flatten());
            }
        }
        ids.sort_unstable();
        ids.dedup();
        let mut found = Vec::new();
        for id in ids {
            if let Some(pattern) = machine.set.patterns.get(id as usize) {
                found.clear();
                machine.find_all(pattern, range.clone(), &mut found);
                out.extend(found.drain(..).map(|f| (id, f)));
            }
        }
    }
}
