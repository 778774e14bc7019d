//! The rules of a lexicon, indexed by the words that lead to their cues.

use std::cell::{OnceCell, RefCell};

use rustc_hash::{FxHashMap, FxHashSet};

use super::named::Others;
use super::{DocumentContext, form, genre};
use crate::lexicon::{Lexicon, PatternId, Property, RuleScope};
use crate::matcher::{Machine, Openings, PatternIndex, Scan};

/// Whose reach a terminator ends.
#[derive(Clone, Copy, Debug)]
pub(super) enum EndOf {
    /// That of all rules of a property.
    Property(Property),
    /// That of all rules of a property, with the last two words of the pattern.
    Turn(Property),
    /// That of one rule.
    Rule(usize),
}

/// The rules of a lexicon, indexed.
#[derive(Debug)]
pub struct ContextDetector {
    pub(super) cues: PatternIndex,
    /// The cues that reach a signal in a neighbouring sentence.
    pub(super) far_cues: PatternIndex,
    pub(super) terminators: PatternIndex,
    pub(super) rules_of: FxHashMap<PatternId, Vec<usize>>,
    pub(super) ends: FxHashMap<PatternId, Vec<EndOf>>,
    /// What lets a cue of an earlier sentence reach on, of all rules.
    pub(super) openers: Openings,
    /// The same by rule.
    pub(super) opens: Vec<Openings>,
    /// The answers of forms.
    pub(super) answers: form::Answers,
    /// What headings say, with the sections of each pattern.
    pub(super) headings: PatternIndex,
    pub(super) sections: FxHashMap<PatternId, Vec<usize>>,
}

impl ContextDetector {
    /// Indexes the rules of a lexicon.
    #[must_use]
    pub fn new(lexicon: &Lexicon) -> Self {
        let mut rules_of: FxHashMap<PatternId, Vec<usize>> = FxHashMap::default();
        for (n, rule) in lexicon.rules.iter().enumerate() {
            for pattern in &rule.patterns {
                rules_of.entry(*pattern).or_default().push(n);
            }
        }
        let mut ends: FxHashMap<PatternId, Vec<EndOf>> = FxHashMap::default();
        for (property, patterns) in &lexicon.terminators {
            for pattern in patterns {
                ends.entry(*pattern)
                    .or_default()
                    .push(EndOf::Property(*property));
            }
        }
        for (property, patterns) in &lexicon.turns {
            for pattern in patterns {
                ends.entry(*pattern)
                    .or_default()
                    .push(EndOf::Turn(*property));
            }
        }
        for (n, rule) in lexicon.rules.iter().enumerate() {
            for pattern in &rule.ends {
                ends.entry(*pattern).or_default().push(EndOf::Rule(n));
            }
        }
        let mut sections_of: FxHashMap<PatternId, Vec<usize>> = FxHashMap::default();
        for (n, section) in lexicon.sections.iter().enumerate() {
            for pattern in &section.patterns {
                sections_of.entry(*pattern).or_default().push(n);
            }
        }
        Self {
            cues: PatternIndex::new(
                lexicon,
                lexicon
                    .rules
                    .iter()
                    .flat_map(|r| r.patterns.iter().copied()),
            ),
            far_cues: PatternIndex::new(
                lexicon,
                (lexicon.rules.iter())
                    .filter(|r| r.scope == RuleScope::Next)
                    .flat_map(|r| r.patterns.iter().copied()),
            ),
            terminators: PatternIndex::new(
                lexicon,
                (lexicon.terminators.values().flatten())
                    .chain(lexicon.turns.values().flatten())
                    .chain(lexicon.rules.iter().flat_map(|r| &r.ends))
                    .copied(),
            ),
            rules_of,
            ends,
            openers: {
                let opens = lexicon.rules.iter().flat_map(|r| r.opens.iter().copied());
                Openings::new(lexicon, &opens.collect::<Vec<_>>())
            },
            opens: (lexicon.rules.iter())
                .map(|r| Openings::new(lexicon, &r.opens))
                .collect(),
            answers: form::Answers::new(lexicon),
            headings: PatternIndex::new(
                lexicon,
                (lexicon.sections.iter()).flat_map(|s| s.patterns.iter().copied()),
            ),
            sections: sections_of,
        }
    }

    /// Starts on one document. `protected` are words spelled by findings: they are no cues for others.
    #[must_use]
    pub fn document<'a>(
        &'a self,
        lexicon: &'a Lexicon,
        machine: Machine<'a>,
        scan: &Scan,
        protected: FxHashSet<u32>,
    ) -> DocumentContext<'a> {
        DocumentContext {
            detector: self,
            lexicon,
            machine,
            genre: genre(lexicon, machine.words.view, scan),
            protected,
            sentences: RefCell::default(),
            far: RefCell::default(),
            others: Others::of(machine.words.view, scan, machine.clock.age),
            last_age: OnceCell::new(),
            legend: OnceCell::new(),
            sections: (0..machine.words.view.headings.len())
                .map(|_| OnceCell::new())
                .collect(),
        }
    }
}
