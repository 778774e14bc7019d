//! Which patterns to try in a sentence: those whose rarest words stand in it.

use std::ops::Range;

use rustc_hash::{FxHashMap, FxHashSet};

use super::{Found, Machine};
use crate::lexicon::pattern::{ALSO, NONE};
use crate::lexicon::starts::{Starts, WordSet};
use crate::lexicon::wants::{Colours, EVERY_COLOUR, Wants};
use crate::lexicon::{Lexicon, PatternId};

/// Patterns by the words of the set that each needs and that is rarest.
#[derive(Debug, Default)]
pub struct PatternIndex {
    /// By known words, then by sets that compounds stand for.
    entries: Vec<Entry>,
    /// Where the entries of each word begin; one more than there are words.
    by_word: Vec<u32>,
    /// The entries of each set that a compound may stand for.
    by_compound: FxHashMap<u32, Range<u32>>,
    /// Patterns without fixed words.
    loose: Vec<PatternId>,
}

/// A pattern with what else it needs, so that most are passed over unopened.
#[derive(Clone, Copy, Debug)]
struct Entry {
    /// Colours of the rarest other set.
    colours: Colours,
    /// The pattern.
    id: PatternId,
    /// The rarest other sets.
    also: [u32; ALSO],
}

impl Entry {
    fn new(id: PatternId, also: [u32; ALSO], wants: &Wants) -> Self {
        Self {
            colours: if also[0] == NONE {
                EVERY_COLOUR
            } else {
                wants.colours(also[0])
            },
            id,
            also,
        }
    }
}

/// Room for a search, so that a sentence asks for none.
#[derive(Debug, Default)]
pub(super) struct Room {
    tried: Vec<PatternId>,
    found: Vec<Found>,
}

impl PatternIndex {
    /// Indexes these patterns.
    #[must_use]
    pub fn new(lexicon: &Lexicon, patterns: impl Iterator<Item = PatternId>) -> Self {
        let mut index = Self::default();
        let mut seen = FxHashSet::default();
        let wants = &lexicon.set.wants;
        let mut by_want: Vec<Vec<Entry>> = vec![Vec::new(); wants.len()];
        for id in patterns.filter(|p| seen.insert(*p)) {
            let Some(pattern) = lexicon.set.patterns.get(id as usize) else {
                continue;
            };
            match pattern.found_by.and_then(|w| by_want.get_mut(w as usize)) {
                Some(list) => list.push(Entry::new(id, pattern.also, wants)),
                None => index.loose.push(id),
            }
        }
        let mut by_word: Vec<Vec<Entry>> = vec![Vec::new(); lexicon.set.names.len()];
        for (want, list) in (0..).zip(&by_want) {
            for word in wants.words(want) {
                by_word[*word as usize].extend(list);
            }
        }
        index.by_word.push(0);
        for entries in by_word {
            index.entries.extend(entries);
            index.by_word.push(index.entries.len() as u32);
        }
        for want in wants.of_compounds() {
            let start = index.entries.len() as u32;
            index.entries.extend(&by_want[want as usize]);
            let range = start..index.entries.len() as u32;
            index.by_compound.insert(want, range);
        }
        index.entries.shrink_to_fit();
        index
    }

    /// All matches of the indexed patterns in a sentence, by pattern number.
    pub fn find(
        &self,
        machine: &Machine<'_>,
        sentence: u32,
        mut with: impl FnMut(PatternId, Found),
    ) {
        let Some(range) = machine.words.view.sentences.get(sentence as usize) else {
            return;
        };
        let mut room = machine.words.room();
        let Room { tried, found } = &mut *room;
        self.candidates(machine, sentence, tried);
        for id in tried.drain(..) {
            let Some(pattern) = machine.set.patterns.get(id as usize) else {
                continue;
            };
            machine.find_all(pattern, range.tokens.clone(), found);
            found.drain(..).for_each(|f| with(id, f));
        }
    }

    /// The indexed patterns that may match in a sentence, in order: all their sets stand in it.
    #[must_use]
    pub fn may_match(&self, machine: &Machine<'_>, sentence: u32) -> Vec<PatternId> {
        let mut tried = Vec::new();
        self.candidates(machine, sentence, &mut tried);
        tried
    }

    fn candidates(&self, machine: &Machine<'_>, sentence: u32, tried: &mut Vec<PatternId>) {
        let wants = &machine.set.wants;
        tried.clone_from(&self.loose);
        let present = machine.words.present(sentence);
        let mut look = |start: u32, end: u32| {
            let entries = self.entries.get(start as usize..end as usize);
            for entry in entries.unwrap_or_default() {
                if present.may_hold(&entry.colours)
                    // The more frequent ones are known at once.
                    && entry.also.iter().rev().all(|want| *want == NONE || wants.has(&present, *want))
                {
                    tried.push(entry.id);
                }
            }
        };
        for word in present.words() {
            let word = word as usize;
            if let (Some(start), Some(end)) = (self.by_word.get(word), self.by_word.get(word + 1)) {
                look(*start, *end);
            }
        }
        for want in present.compounds() {
            if let Some(range) = self.by_compound.get(&want) {
                look(range.start, range.end);
            }
        }
        tried.sort_unstable();
        tried.dedup();
    }
}

/// Patterns that are asked for at one place only: does one of them begin here?
#[derive(Debug, Default)]
pub struct Openings {
    patterns: Vec<PatternId>,
    /// What any of them begins with.
    starts: Starts,
}

impl Openings {
    /// Of these patterns.
    #[must_use]
    pub fn new(lexicon: &Lexicon, patterns: &[PatternId]) -> Self {
        let mut starts = Starts::default();
        let mut words = Vec::new();
        let compiled = |id: &PatternId| lexicon.set.patterns.get(*id as usize);
        for program in (patterns.iter().filter_map(compiled)).flat_map(|p| &p.parts) {
            words.extend_from_slice(program.starts.words.ids());
            starts.flags |= program.starts.flags;
            starts.any |= program.starts.any;
        }
        starts.words = WordSet::new(words);
        Self {
            patterns: patterns.to_vec(),
            starts,
        }
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.patterns.is_empty()
    }

    /// Whether one of the patterns matches at the first word of `range`.
    #[must_use]
    pub fn begin(&self, machine: &Machine<'_>, range: &Range<usize>) -> bool {
        let compiled = |id: &PatternId| machine.set.patterns.get(*id as usize);
        machine.words.may_start(&self.starts, range.start)
            && (self.patterns.iter().filter_map(compiled)).any(|p| machine.begins(p, range.clone()))
    }
}
