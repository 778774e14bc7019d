//! Which patterns to try in a sentence: those whose rarest words stand in it.

use std::ops::Range;

use rustc_hash::{FxHashMap, FxHashSet};

use super::{Found, Machine, Work};
use crate::lexicon::pattern::{ALSO, NONE};
use crate::lexicon::present::{Colours, EVERY_COLOUR};
use crate::lexicon::starts::{Starts, WordSet};
use crate::lexicon::wants::Wants;
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
#[derive(Clone, Copy, Debug, Default)]
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
        index.fill(wants, lexicon.set.names.len(), &by_want);
        for want in wants.of_compounds() {
            let start = index.entries.len() as u32;
            index.entries.extend(&by_want[want as usize]);
            let range = start..index.entries.len() as u32;
            index.by_compound.insert(want, range);
        }
        index
    }

    /// Files the entries of each set under its words.
    fn fill(&mut self, wants: &Wants, words: usize, by_want: &[Vec<Entry>]) {
        let filed = || (0_u32..).zip(by_want).filter(|(_, list)| !list.is_empty());
        let mut next = vec![0_u32; words + 1];
        for (want, list) in filed() {
            for word in wants.words(want) {
                next[*word as usize + 1] += list.len() as u32;
            }
        }
        let mut end = 0;
        for place in &mut next {
            end += *place;
            *place = end;
        }
        self.by_word.clone_from(&next);
        self.entries.resize(end as usize, Entry::default());
        for (want, list) in filed() {
            for word in wants.words(want) {
                let place = &mut next[*word as usize];
                let start = *place as usize;
                self.entries[start..start + list.len()].copy_from_slice(list);
                *place += list.len() as u32;
            }
        }
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
        let mut seen = 0;
        let mut look = |start: u32, end: u32| {
            seen += u64::from(end - start);
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
        machine.words.worked(Work {
            entries: seen,
            tried: tried.len() as u64,
            ..Work::default()
        });
    }
}

/// Patterns that are asked for at one place only: does one of them begin here?
#[derive(Debug, Default)]
pub struct Openings {
    patterns: Vec<PatternId>,
    /// What any of them begins with.
    starts: Starts,
    words: WordSet,
}

impl Openings {
    /// Of these patterns.
    #[must_use]
    pub fn new(lexicon: &Lexicon, patterns: &[PatternId]) -> Self {
        let mut starts = Starts::default();
        let mut words = Vec::new();
        let compiled = |id: &PatternId| lexicon.set.patterns.get(*id as usize);
        for program in (patterns.iter().filter_map(compiled)).flat_map(|p| &p.parts) {
            words.extend_from_slice(lexicon.set.word_set(program.starts.words).ids());
            starts.flags |= program.starts.flags;
            starts.any |= program.starts.any;
        }
        Self {
            patterns: patterns.to_vec(),
            starts,
            words: WordSet::new(words),
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
        (machine.words).may_start_with(&self.words, self.starts, range.start)
            && (self.patterns.iter().filter_map(compiled)).any(|p| machine.begins(p, range.clone()))
    }
}
