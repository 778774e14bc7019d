//! Words that are written or read wrong, where they are no known Dutch words: one edit (a letter more, less, other, or two swapped),
//! letters that scanners take for others, words torn in two.
//!
//! By deletions as in `SymSpell` (Garbe 2012): a lexicon word and a misspelling of it share a form with one letter left out.

use std::sync::atomic::{AtomicU64, Ordering};

use rustc_hash::FxHashSet;

use super::memo::Reading;
use super::words::TextWords;
use crate::lexicon::Lexicon;
use crate::lexicon::pattern::{PatternSet, UNKNOWN, WordId};
use crate::text::DIGIT;

/// Shortest word that may be misspelt.
pub const SHORTEST: usize = 7;

/// The fuzzy words of a lexicon by their deletions.
#[derive(Debug, Default)]
pub struct Fuzzy {
    /// Tells these words from others in one run.
    stamp: u64,
    /// Hash of a form and the word, sorted.
    deletions: Vec<(u64, WordId)>,
    words: FxHashSet<WordId>,
}

/// What text recognition reads for what stood there: two letters for one and the other way round (single letters are one edit).
const CONFUSIONS: &[(&str, &str)] = &[
    ("rn", "m"),
    ("m", "rn"),
    ("cl", "d"),
    ("d", "cl"),
    ("vv", "w"),
    ("w", "vv"),
    ("ii", "u"),
    ("li", "h"),
    ("h", "li"),
    ("lj", "ij"),
    ("1j", "ij"),
];

/// Multiplier of the polynomial hash.
const BASE: u64 = 0x9E37_79B9_7F4A_7C15;

/// Hashes of the word and of the word without each of its bytes, in one pass each way: a polynomial hash needs no second look
/// at what stays.
fn each_deletion(word: &str, mut with: impl FnMut(u64)) {
    let extend = |hash: u64, byte: u8| hash.wrapping_mul(BASE).wrapping_add(u64::from(byte) + 1);
    let mut before = word.bytes().fold(0, extend);
    with(before);
    // Hash of what stands behind the byte left out, and BASE to the power of its length.
    let (mut behind, mut power) = (0_u64, 1_u64);
    for byte in word.bytes().rev() {
        // Takes the byte off the end of what stands before: `before` is `before' * BASE + byte + 1`.
        before = before
            .wrapping_sub(u64::from(byte) + 1)
            .wrapping_mul(INVERSE);
        with(before.wrapping_mul(power).wrapping_add(behind));
        behind = (u64::from(byte) + 1)
            .wrapping_mul(power)
            .wrapping_add(behind);
        power = power.wrapping_mul(BASE);
    }
}

/// Inverse of [`BASE`] modulo 2^64 (Newton's method; an odd number has one).
const INVERSE: u64 = {
    let mut x = BASE;
    let mut n = 0;
    while n < 6 {
        x = x.wrapping_mul(2_u64.wrapping_sub(BASE.wrapping_mul(x)));
        n += 1;
    }
    x
};

/// Longer words are none of the lexicon's; trying all places in them takes time that grows with the square of their length.
const LONGEST: usize = 60;

/// The stamp of the next fuzzy words.
static STAMPS: AtomicU64 = AtomicU64::new(1);

impl Fuzzy {
    pub(super) fn new(set: &PatternSet, words: Vec<WordId>) -> Self {
        let mut fuzzy = Self {
            stamp: STAMPS.fetch_add(1, Ordering::Relaxed),
            ..Self::default()
        };
        let mut seen = FxHashSet::default();
        for id in words.into_iter().filter(|w| seen.insert(*w)) {
            let Some(word) = set
                .names
                .get(id as usize)
                .filter(|w| w.len() >= SHORTEST && w.is_ascii())
            else {
                continue;
            };
            fuzzy.words.insert(id);
            each_deletion(word, |key| fuzzy.deletions.push((key, id)));
        }
        fuzzy.deletions.sort_unstable();
        fuzzy.deletions.dedup();
        fuzzy
    }

    /// Looks at the long unknown words of a text and notes those that are one edit from a fuzzy word.
    pub(super) fn find(&self, lexicon: &Lexicon, words: &mut TextWords<'_>) {
        if self.deletions.is_empty() {
            return;
        }
        words.read_by(self.stamp);
        let view = words.view;
        for (n, token) in view.tokens.iter().enumerate() {
            let length = (token.end - token.start) as usize;
            if !(SHORTEST..=LONGEST).contains(&length) || token.has(DIGIT) {
                continue;
            }
            if words.id(n) != UNKNOWN {
                continue;
            }
            let reading = words.reading(n, |word| self.read(lexicon, word));
            if reading.near != UNKNOWN {
                words.set_near(n, reading.near);
            }
        }
        self.find_torn(lexicon, words);
    }

    /// How a word that no pattern has may be read.
    fn read(&self, lexicon: &Lexicon, word: &str) -> Reading {
        let strange = word.is_ascii() && !lexicon.known_words.contains(word);
        let long = (SHORTEST..=LONGEST).contains(&word.len());
        let near = if strange && long {
            (self.one_edit_from(lexicon, word)).or_else(|| self.misread(lexicon, word))
        } else {
            None
        };
        Reading {
            strange,
            near: near.unwrap_or(UNKNOWN),
        }
    }

    /// The fuzzy word that is one edit from `word`.
    fn one_edit_from(&self, lexicon: &Lexicon, word: &str) -> Option<WordId> {
        let mut best: Option<WordId> = None;
        each_deletion(word, |key| {
            let from = self.deletions.partition_point(|d| d.0 < key);
            let same = self.deletions.iter().skip(from).take_while(|d| d.0 == key);
            for (_, id) in same {
                let name = lexicon.set.names.get(*id as usize);
                if name.is_some_and(|n| one_edit(word, n)) && best.is_none_or(|b| *id < b) {
                    best = Some(*id);
                }
            }
        });
        best
    }

    /// The fuzzy word that text recognition may have read as `word`.
    fn misread(&self, lexicon: &Lexicon, word: &str) -> Option<WordId> {
        CONFUSIONS.iter().find_map(|(read, was)| {
            word.match_indices(read).find_map(|(at, _)| {
                let (before, after) = (word.get(..at)?, word.get(at + read.len()..)?);
                self.known(lexicon, &format!("{before}{was}{after}"))
            })
        })
    }

    /// Notes pairs of neighbours that together are a fuzzy word and of which one is no word: "slacht offer", "mis bruik".
    fn find_torn(&self, lexicon: &Lexicon, words: &mut TextWords<'_>) {
        let view = words.view;
        for n in 1..view.tokens.len() {
            if words.id(n - 1) != UNKNOWN && words.id(n) != UNKNOWN {
                continue;
            }
            let (a, b) = (view.word(n - 1), view.word(n));
            if !(SHORTEST..=LONGEST).contains(&(a.len() + b.len()))
                || a.len() < 2
                || b.len() < 2
                || view.gap(n) != " "
            {
                continue;
            }
            let mut strange = |t: usize| {
                words.id(t) == UNKNOWN && words.reading(t, |word| self.read(lexicon, word)).strange
            };
            if !strange(n - 1) && !strange(n) {
                continue;
            }
            if let Some(id) = self.known(lexicon, &format!("{a}{b}")) {
                words.set_joined(n - 1, id);
            }
        }
    }

    fn known(&self, lexicon: &Lexicon, word: &str) -> Option<WordId> {
        let id = lexicon.set.id(word);
        self.words.contains(&id).then_some(id)
    }
}

/// Whether the words differ by one letter more, less, other, or two neighbours swapped, and begin alike.
#[must_use]
pub fn one_edit(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.first() != b.first() || a == b || a.len().abs_diff(b.len()) > 1 {
        return false;
    }
    let same = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (ra, rb) = (&a[same..], &b[same..]);
    match a.len().cmp(&b.len()) {
        std::cmp::Ordering::Less => ra == &rb[1..],
        std::cmp::Ordering::Greater => &ra[1..] == rb,
        std::cmp::Ordering::Equal => {
            ra[1..] == rb[1..]
                || ra.len() > 1 && ra[0] == rb[1] && ra[1] == rb[0] && ra[2..] == rb[2..]
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{each_deletion, one_edit};

    #[test]
    fn deletions_are_the_hashes_of_the_shorter_words() {
        let hash = |word: &str| {
            let mut first = None;
            each_deletion(word, |h| first = first.or(Some(h)));
            first
        };
        let mut list = Vec::new();
        each_deletion("loverboy", |h| list.push(Some(h)));
        let words = [
            "loverboy", "loverbo", "loverby", "loveroy", "lovboy", "loerboy", "lverboy", "overboy",
        ];
        for word in words.into_iter().filter(|w| *w != "lovboy") {
            assert!(list.contains(&hash(word)), "{word}");
        }
        assert!(!list.contains(&hash("lovboy")));
        assert_eq!(list.len(), 9);
    }

    #[test]
    fn one_edit_rows() {
        for (a, b, expected) in [
            ("loverboy", "loverbooy", true),
            ("loverboy", "lovrboy", true),
            ("loverboy", "loverbyo", true),
            ("loverboy", "loverbov", true),
            ("loverboy", "loverboy", false),
            ("loverboy", "overboy", false),
            ("loverboy", "loverbbyx", false),
        ] {
            assert_eq!(one_edit(a, b), expected, "{a} {b}");
        }
    }
}
