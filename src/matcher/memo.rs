//! What follows from a word alone, remembered from text to text: most words of a text have been seen before.

use std::ops::Range;

use rustc_hash::FxHashMap;

use crate::lexicon::pattern::{PatternSet, UNKNOWN, WordId};

/// So many words are remembered; then it begins anew.
const MOST: usize = 1 << 16;
/// Longer words are not remembered: they are rare, and a text may be made of them.
const LONGEST: usize = 64;

/// A number that no pattern has.
const NUMBER: u32 = u32::MAX;

/// Words of texts with what follows from them, for one set of patterns.
#[derive(Default)]
pub(super) struct Memo {
    /// The set of patterns.
    stamp: u64,
    /// Whose fuzzy words the readings are.
    reader: u64,
    short: FxHashMap<Short, u32>,
    long: FxHashMap<Box<str>, u32>,
    words: Vec<Known>,
    compounds: Vec<u32>,
}

/// What follows from a word.
#[derive(Clone, Debug, Default)]
pub(super) struct Known {
    /// Its number; [`UNKNOWN`] when no pattern has it.
    pub(super) id: WordId,
    /// The sets of words that it stands for as a compound.
    compounds: Range<u32>,
    /// Whether it is strange, and the word that it is probably a misspelling of; none before somebody asked.
    reading: Option<Reading>,
}

/// How a word that no pattern has may be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Reading {
    /// No known Dutch word.
    pub(super) strange: bool,
    /// The lexicon word that it is probably a misspelling of; [`UNKNOWN`] for none.
    pub(super) near: WordId,
}

/// A word of at most sixteen bytes, as numbers: first and last bytes, which may overlap, and their count.
type Short = (u64, u64, u8);

#[inline]
fn short(word: &[u8]) -> Option<Short> {
    let length = u8::try_from(word.len()).ok()?;
    if let (9..=16, Some(first), Some(last)) = (length, word.first_chunk(), word.last_chunk()) {
        return Some((
            u64::from_le_bytes(*first),
            u64::from_le_bytes(*last),
            length,
        ));
    }
    if let (4..=8, Some(first), Some(last)) = (length, word.first_chunk(), word.last_chunk()) {
        let (first, last) = (u32::from_le_bytes(*first), u32::from_le_bytes(*last));
        return Some((u64::from(first) << 32 | u64::from(last), 0, length));
    }
    (length < 4).then(|| {
        let packed = word.iter().fold(0, |n, byte| n << 8 | u64::from(*byte));
        (packed, 0, length)
    })
}

impl std::fmt::Debug for Memo {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Words of texts are nobody's business.
        f.debug_struct("Memo")
            .field("words", &self.words.len())
            .finish_non_exhaustive()
    }
}

impl Memo {
    /// Starts on a text.
    pub(super) fn begin(&mut self, set: &PatternSet) {
        if self.stamp != set.stamp || self.words.len() > MOST {
            *self = Self {
                stamp: set.stamp,
                ..Self::default()
            };
        }
    }

    /// Number of the word here.
    #[inline]
    pub(super) fn number(&mut self, word: &str, set: &PatternSet) -> u32 {
        if word.bytes().all(|b| b.is_ascii_digit()) {
            return self.digits(word, set);
        }
        let known = match short(word.as_bytes()) {
            Some(short) => self.short.get(&short),
            None => self.long.get(word),
        };
        match known {
            Some(number) => *number,
            None => self.learn(word, set),
        }
    }

    /// Numbers are of no end: those that no pattern has are one word.
    fn digits(&mut self, word: &str, set: &PatternSet) -> u32 {
        match short(word.as_bytes()).and_then(|short| self.short.get(&short)) {
            Some(number) => *number,
            None if set.id(word) == UNKNOWN && !set.wants.has_numbers() => NUMBER,
            None => self.learn(word, set),
        }
    }

    fn learn(&mut self, word: &str, set: &PatternSet) -> u32 {
        let number = self.words.len() as u32;
        let id = set.id(word);
        let start = self.compounds.len() as u32;
        if id == UNKNOWN {
            let compounds = &mut self.compounds;
            set.wants.parts_of(word, |want| compounds.push(want));
        }
        self.words.push(Known {
            id,
            compounds: start..self.compounds.len() as u32,
            reading: None,
        });
        // A text of more words than that takes no more memory for them than its own words do.
        if self.words.len() > MOST {
            return number;
        }
        if let Some(short) = short(word.as_bytes()) {
            self.short.insert(short, number);
        } else if word.len() <= LONGEST {
            self.long.insert(word.into(), number);
        }
        number
    }

    /// What follows from the word of this number.
    #[inline]
    pub(super) fn get(&self, number: u32) -> &Known {
        const NOTHING: &Known = &Known {
            id: UNKNOWN,
            compounds: 0..0,
            reading: None,
        };
        self.words.get(number as usize).unwrap_or(NOTHING)
    }

    /// The sets of words that the word stands for as a compound.
    #[inline]
    pub(super) fn compounds(&self, known: &Known) -> &[u32] {
        let range = known.compounds.start as usize..known.compounds.end as usize;
        self.compounds.get(range).unwrap_or_default()
    }

    /// From now on readings are those of these fuzzy words: others know nothing of them.
    pub(super) fn read_by(&mut self, reader: u64) {
        if self.reader != reader {
            self.reader = reader;
            self.words.iter_mut().for_each(|w| w.reading = None);
        }
    }

    /// How the word of this number may be read, worked out when nobody asked before.
    pub(super) fn reading(&mut self, number: u32, work_out: impl FnOnce() -> Reading) -> Reading {
        let Some(known) = self.words.get_mut(number as usize) else {
            return Reading::default();
        };
        *known.reading.get_or_insert_with(work_out)
    }
}
