//! What lets a pattern be passed over without running it: sets of words, sentence signatures, words a program can begin at.

use super::compile::{PARTICLE_REACH, Program, Recogniser, Step, UNKNOWN, WordId};
use crate::text::{CAPITAL, DIGIT, Flags, number};

/// A set of words, made for asking whether a word is in it.
#[derive(Clone, Debug, Default)]
pub struct WordSet {
    /// Sorted.
    ids: Box<[WordId]>,
    /// One bit a word number, for sets that are too long to look through.
    bits: Box<[u64]>,
    /// Which remainders modulo 64 occur: turns most words away at once.
    mask: u64,
}

/// Longest set that is looked through.
const SHORT: usize = 12;

impl WordSet {
    /// From word numbers in any order.
    #[must_use]
    pub fn new(mut ids: Vec<WordId>) -> Self {
        ids.sort_unstable();
        ids.dedup();
        let mut bits = Vec::new();
        if ids.len() > SHORT {
            bits.resize(ids.last().map_or(0, |l| *l as usize / 64 + 1), 0_u64);
            for id in &ids {
                bits[*id as usize / 64] |= 1 << (id % 64);
            }
        }
        Self {
            mask: ids.iter().fold(0, |mask, id| mask | 1 << (id % 64)),
            ids: ids.into_boxed_slice(),
            bits: bits.into_boxed_slice(),
        }
    }

    /// The word numbers, sorted.
    #[must_use]
    pub const fn ids(&self) -> &[WordId] {
        &self.ids
    }

    /// Whether the word is in it; an unknown word is in none.
    #[must_use]
    #[inline]
    pub fn contains(&self, word: WordId) -> bool {
        if self.mask >> (word % 64) & 1 == 0 || word == UNKNOWN {
            false
        } else if self.bits.is_empty() {
            self.ids.contains(&word)
        } else {
            self.bits
                .get(word as usize / 64)
                .is_some_and(|b| b >> (word % 64) & 1 == 1)
        }
    }
}

/// 256 bits that say which words may be there: a Bloom filter with one hash.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Signature([u64; 4]);

impl Signature {
    /// Adds a word; an unknown one adds nothing.
    #[inline]
    pub fn add(&mut self, word: WordId) {
        if word != UNKNOWN {
            let hash = word.wrapping_mul(0x9E37_79B1) >> 24;
            self.0[(hash >> 6) as usize & 3] |= 1 << (hash & 63);
        }
    }

    /// Whether the two may have a word in common; `false` is certain.
    #[must_use]
    #[inline]
    pub const fn meets(&self, other: &Self) -> bool {
        self.0[0] & other.0[0]
            | self.0[1] & other.0[1]
            | self.0[2] & other.0[2]
            | self.0[3] & other.0[3]
            != 0
    }

    /// Number of bits set: the fewer, the more sentences it turns away.
    #[must_use]
    pub fn weight(&self) -> u32 {
        self.0.iter().map(|b| b.count_ones()).sum()
    }

    /// Whether it turns enough away to be worth asking.
    #[must_use]
    pub fn is_sharp(&self) -> bool {
        self.weight() < 160
    }

    /// A sentence without known words: it meets [`ALL`](Self::ALL) and next to nothing else.
    pub const EMPTY: Self = Self([1, 0, 0, 0]);
    /// Meets every sentence.
    pub const ALL: Self = Self([u64::MAX; 4]);
}

impl FromIterator<WordId> for Signature {
    fn from_iter<I: IntoIterator<Item = WordId>>(words: I) -> Self {
        let mut signature = Self::default();
        words.into_iter().for_each(|w| signature.add(w));
        signature
    }
}

/// Most words that a recogniser takes.
const RECOGNISED: usize = 10;

/// Most words that stand before the word by which `part` of a program's steps is found, counted from where the program begins.
pub(super) fn lead(program: &Program, part: std::ops::Range<usize>) -> u16 {
    // Steps only lead forward, so one pass gives the longest way to each.
    let mut before = vec![0_usize; program.steps.len() + 1];
    let mut lead = 0;
    for (pc, step) in program.steps.iter().enumerate() {
        let here = before[pc];
        let (taken, inside) = match step {
            Step::Set(_) => (1, 0),
            Step::Affix(_) => (2, 0),
            Step::Split(..) => (PARTICLE_REACH + 1, 0),
            Step::Recognise(..) => (RECOGNISED, RECOGNISED),
            Step::Gap { max, .. } => (usize::from(*max), 0),
            _ => (0, 0),
        };
        if part.contains(&pc) {
            lead = lead.max(here + inside);
        }
        let mut reach = |to: usize| {
            if let Some(b) = before.get_mut(to) {
                *b = (*b).max(here + taken);
            }
        };
        match step {
            Step::Fork(a, b) => [*a, *b].into_iter().for_each(|to| reach(to as usize)),
            Step::Jump(to) => reach(*to as usize),
            _ => reach(pc + 1),
        }
    }
    u16::try_from(lead).unwrap_or(u16::MAX)
}

/// Words that a program can begin at.
#[derive(Clone, Debug, Default)]
pub struct Starts {
    /// These words,
    pub words: WordSet,
    /// or words with one of these marks,
    pub flags: Flags,
    /// or any word.
    pub any: bool,
}

impl Starts {
    /// What `program` can begin at; `set_ids` gives the words of a set, `intern` the number of a word.
    pub(super) fn of(
        program: &Program,
        set_ids: impl Fn(u32) -> Vec<WordId>,
        mut intern: impl FnMut(&str) -> WordId,
    ) -> Self {
        let mut starts = Self::default();
        let mut words = Vec::new();
        let mut open = vec![0_u32];
        let mut seen = Vec::new();
        while let Some(at) = open.pop() {
            if seen.contains(&at) {
                continue;
            }
            seen.push(at);
            match program.steps.get(at as usize) {
                Some(Step::Set(set) | Step::Split(set, _)) => words.extend(set_ids(*set)),
                Some(Step::Recognise(kind, _)) => {
                    starts.flags |= kind.start_flags();
                    kind.each_start(|word| words.push(intern(word)));
                }
                Some(Step::OpenQuote) => open.push(at + 1),
                Some(Step::Fork(a, b)) => open.extend([*a, *b]),
                Some(Step::Jump(to)) => open.push(*to),
                _ => starts.any = true,
            }
        }
        starts.words = WordSet::new(words);
        starts
    }
}

impl Recogniser {
    /// Marks of words that it can begin at.
    const fn start_flags(self) -> Flags {
        match self {
            Self::Name => CAPITAL,
            _ => DIGIT,
        }
    }

    /// Words that it can begin at, beside those with [`start_flags`](Self::start_flags).
    fn each_start(self, mut with: impl FnMut(&str)) {
        let words: &[&str] = match self {
            Self::Age => &[
                "begin",
                "eind",
                "midden",
                "medio",
                "achter",
                "ver",
                "diep",
                "in",
                "twintiger",
                "twintigers",
                "dertiger",
                "dertigers",
                "veertiger",
                "veertigers",
                "vijftiger",
                "vijftigers",
            ],
            Self::AgeGap => &[
                "leeftijdsverschil",
                "verschil",
                "zij",
                "ze",
                "hij",
                "cl",
                "jgd",
                "zelf",
                "vriend",
            ],
            Self::Amount => &["eur", "euro", "f", "fl"],
            Self::Times => &[
                "weer",
                "opnieuw",
                "wederom",
                "nogmaals",
                "herhaaldelijk",
                "meermaals",
                "meermalen",
                "voor",
            ],
            Self::Night => &["s", "snachts", "vannacht", "nachts", "midden", "half"],
            Self::Past | Self::Later => &[
                "januari",
                "jan",
                "februari",
                "feb",
                "maart",
                "mrt",
                "april",
                "apr",
                "mei",
                "juni",
                "jun",
                "juli",
                "jul",
                "augustus",
                "aug",
                "september",
                "sep",
                "sept",
                "oktober",
                "okt",
                "november",
                "nov",
                "december",
                "dec",
            ],
            Self::Count | Self::Clock | Self::Name => &[],
        };
        words.iter().for_each(|w| with(w));
        if !matches!(self, Self::Name | Self::Past | Self::Later) {
            number::words().for_each(|w| with(&w));
        }
        if self == Self::Age {
            number::words().for_each(|w| {
                with(&format!("{w}jarig"));
                with(&format!("{w}jarige"));
            });
        }
        if self == Self::Times {
            number::words().for_each(|w| {
                with(&format!("{w}ste"));
                with(&format!("{w}de"));
            });
            ["eerste", "derde", "achtste"].iter().for_each(|w| with(w));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn word_sets_hold_what_they_were_given() {
        for size in [1, SHORT as u32, 200] {
            let set = WordSet::new((1..=size).map(|n| n * 7).collect());
            for word in 0..=size * 7 + 70 {
                assert_eq!(
                    set.contains(word),
                    word > 0 && word % 7 == 0 && word <= size * 7,
                    "{word} of {size}"
                );
            }
        }
    }

    #[test]
    fn signatures_never_miss_a_common_word() {
        for word in 1..5000_u32 {
            let one: Signature = [word].into_iter().collect();
            let many: Signature = (word..word + 30).collect();
            assert!(one.meets(&many));
            assert!(!one.meets(&Signature::default()) && Signature::ALL.meets(&Signature::EMPTY));
        }
    }
}
