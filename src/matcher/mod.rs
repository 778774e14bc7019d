//! Finds the terms of the lexicon in a text.
//!
//! Every word of a text is looked up once, by its number or, for words that no pattern spells, by an automaton over all compound
//! parts. That tells which sets of words stand in a sentence and where. A pattern is tried where its rarest set stands, if all its
//! sets stand at the right distances; only then its program runs. Cost grows with hits, not with patterns.

mod age;
pub mod fuzzy;
pub mod index;
pub mod lint;
mod memo;
pub mod near;
mod overlap;
pub mod program;
pub mod recognise;
mod run;
pub mod selftest;
pub mod words;

use std::ops::Range;

pub use index::{Openings, PatternIndex};
pub use near::Near;
pub use program::{Found, Machine, Spelled};
pub use recognise::Clock;
pub use words::{TextWords, Work};

use crate::lexicon::pattern::Anchor;
use crate::lexicon::{Condition, Lexicon, PatternId, Reach, Tier};
use crate::text::View;
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

impl Match {
    /// Whether it says that a signal stands here: it counts, or only lost its words to another finding.
    #[must_use]
    pub fn is_signal(&self) -> bool {
        self.suppressed
            .as_ref()
            .is_none_or(|s| s.starts_with(overlap::MARK))
    }
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
    /// Words that give somebody else a name.
    pub others: Vec<Spelled>,
}

#[derive(Clone, Copy, Debug)]
enum Owner {
    Term(u32),
    Policy,
    Record,
    Other,
}

/// Finds the terms of a lexicon.
#[derive(Debug)]
pub struct Matcher {
    index: PatternIndex,
    owners: Vec<Option<Owner>>,
    fuzzy: Fuzzy,
    size: (usize, usize),
}

impl Matcher {
    /// Indexes the patterns of a lexicon.
    #[must_use]
    pub fn new(lexicon: &Lexicon) -> Self {
        let mut owners: Vec<Option<Owner>> = vec![None; lexicon.set.patterns.len()];
        let mut own = |patterns: &[PatternId], owner: Owner| {
            for id in patterns {
                if let Some(place) = owners.get_mut(*id as usize) {
                    *place = Some(owner);
                }
            }
        };
        for (n, term) in lexicon.terms.iter().enumerate() {
            own(&term.patterns, Owner::Term(n as u32));
        }
        own(&lexicon.genre.policy, Owner::Policy);
        own(&lexicon.genre.record, Owner::Record);
        own(&lexicon.others, Owner::Other);
        let owned = || {
            (0..)
                .zip(&owners)
                .filter(|(_, o)| o.is_some())
                .map(|(id, _)| id)
        };
        let fuzzy_words = owned()
            .filter_map(|id: PatternId| lexicon.set.patterns.get(id as usize))
            .filter(|p| p.fuzzy)
            .flat_map(|p| lexicon.set.anchors_of(p).iter().filter_map(Anchor::word))
            .collect();
        Self {
            index: PatternIndex::new(lexicon, owned()),
            fuzzy: Fuzzy::new(&lexicon.set, fuzzy_words),
            size: lexicon.set.wants.size(),
            owners,
        }
    }

    /// Number of patterns that the words of a text lead to: what the gate lets through, before any is tried.
    #[must_use]
    pub fn candidates(&self, machine: &Machine<'_>) -> usize {
        (0..machine.words.view.sentences.len())
            .map(|sentence| self.index.may_match(machine, sentence as u32).len())
            .sum()
    }

    /// Number of literals in the automaton of compound parts, and bytes that the index of words and parts takes.
    #[must_use]
    pub const fn size(&self) -> (usize, usize) {
        self.size
    }

    /// Finds all terms and genre cues. `words` gets the misspelt words that fuzzy terms allow.
    #[must_use]
    pub fn scan(&self, lexicon: &Lexicon, words: &mut TextWords<'_>, clock: Clock) -> Scan {
        self.fuzzy.find(lexicon, words);
        let machine = Machine::new(words, clock);
        let mut scan = Scan::default();
        for sentence in 0..machine.words.view.sentences.len() {
            self.index.find(&machine, sentence as u32, |id, found| {
                match self.owners.get(id as usize).copied().flatten() {
                    Some(Owner::Term(term)) => {
                        scan.matches
                            .extend(assess(lexicon, &machine, term as usize, found));
                    }
                    Some(Owner::Policy) => scan.policy.push(found.tokens.start),
                    Some(Owner::Record) => scan.record.push(found.tokens.start),
                    Some(Owner::Other) => scan.others.push(found.spelled),
                    None => {}
                }
            });
        }
        for places in [&mut scan.policy, &mut scan.record] {
            places.sort_unstable();
            places.dedup();
        }
        overlap::resolve(lexicon, &mut scan.matches);
        scan
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
    let holds = |condition: &Condition, taken: &[u32]| {
        let range = reach(machine.words.view, &found.tokens, condition.reach);
        lexicon
            .set
            .patterns
            .get(condition.pattern as usize)
            .is_some_and(|p| machine.occurs(p, range, taken))
    };
    let suppressed = term
        .unless
        .iter()
        .find(|c| holds(c, &found.spelled))
        .map(|c| format!("tenzij: {}", c.written))
        .or_else(|| {
            // What is needed may stand in the match itself.
            term.needs
                .iter()
                .find(|c| !holds(c, &[]))
                .map(|c| format!("vereist: {}", c.written))
        });
    let tier = term
        .lift
        .iter()
        .filter(|c| holds(c, &found.spelled))
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
