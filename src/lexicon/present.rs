//! What stands in a sentence: its words, the colours and frequent sets of these, and where a program may begin.

use serde::{Deserialize, Serialize};

use super::pattern::WordId;

/// So many colours there are.
pub(super) const COLOURS: usize = 256;

/// Colours of words, one bit each.
pub type Colours = [u64; COLOURS / 64];

/// All colours.
pub const EVERY_COLOUR: Colours = [u64::MAX; COLOURS / 64];

#[inline]
pub(super) const fn add_colour(colours: &mut Colours, colour: u8) {
    colours[colour as usize / 64] |= 1 << (colour % 64);
}

/// So many of the most frequent sets are known for each word and each sentence, one bit a set; of the others the words are looked through.
pub(super) const FREQUENT: usize = 4096;

/// The frequent sets that hold a word or stand in a sentence, one bit a set.
pub(super) type Frequent = [u64; FREQUENT / 64];

/// Most words of a sentence whose places are kept; of longer ones only what is there at all.
pub const PLACES: usize = 128;

/// The words of a sentence, and where sets of [`Wants`](super::wants::Wants) stand in it: worked out for those that are asked for.
#[derive(Clone, Debug)]
pub struct Present {
    /// The known words of the sentence with their places.
    pub(super) words: Vec<(WordId, u8)>,
    /// One bit a known word: it stands in the sentence.
    pub(super) bits: Vec<u64>,
    /// The frequent sets that stand in the sentence.
    pub(super) frequent: Frequent,
    /// Sets of words that are told apart by their letters, with their places.
    pub(super) others: Vec<(u32, u8)>,
    /// All colours.
    pub(super) colours: Colours,
    /// The sentence is longer than [`PLACES`].
    pub(super) long: bool,
}

/// Where a program may begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Feasible {
    /// Nowhere; this is certain.
    Nowhere,
    /// At these words of the sentence, one bit a word.
    At(u128),
    /// Nothing is known.
    Anywhere,
}

impl Default for Present {
    fn default() -> Self {
        Self {
            words: Vec::new(),
            bits: Vec::new(),
            frequent: [0; FREQUENT / 64],
            others: Vec::new(),
            colours: Colours::default(),
            long: false,
        }
    }
}

impl Present {
    /// The known words of the sentence, in order.
    pub fn words(&self) -> impl Iterator<Item = WordId> + '_ {
        self.words.iter().map(|w| w.0)
    }

    /// The sets that compounds stand for, in order.
    pub fn compounds(&self) -> impl Iterator<Item = u32> + '_ {
        self.others.iter().map(|o| o.0)
    }

    /// Whether a known word stands in the sentence.
    #[inline]
    pub(super) fn holds(&self, word: WordId) -> bool {
        (self.bits.get(word as usize / 64)).is_some_and(|b| b >> (word % 64) & 1 == 1)
    }

    /// Whether a set of these colours may stand in the sentence; `false` is certain.
    #[must_use]
    #[inline]
    pub const fn may_hold(&self, colours: &Colours) -> bool {
        let ([a, b, c, d], [e, f, g, h]) = (&self.colours, colours);
        *a & *e | *b & *f | *c & *g | *d & *h != 0
    }
}

/// The words that stand `min` to `max` words before one of `places`.
#[inline]
pub(super) const fn before(places: u128, min: u16, max: u16) -> u128 {
    if min as usize >= PLACES {
        return 0;
    }
    let mut smeared = places >> min;
    let mut width = if max as usize >= PLACES {
        PLACES as u16 - min
    } else {
        max - min + 1
    };
    // Doubling: after each round the smear is as wide as all rounds before together.
    let mut step = 1;
    while width > 1 {
        let by = if step < width - 1 { step } else { width - 1 };
        smeared |= smeared >> by;
        width -= by;
        step += by;
    }
    smeared
}

/// A set that a program needs, with its distance in words from the one before it; of the first link, from where the program begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// Number of the set in [`Wants`](super::wants::Wants).
    pub want: u32,
    /// Smallest distance.
    pub min: u16,
    /// Largest distance.
    pub max: u16,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_smear_covers_each_distance() {
        for min in 0..6_u16 {
            for max in min..40 {
                let expected = (min..=max).fold(0_u128, |m, d| m | (1 << 60) >> d);
                assert_eq!(before(1 << 60, min, max), expected, "{min} {max}");
            }
        }
        assert_eq!(before(u128::MAX, 0, 300), u128::MAX);
        assert_eq!(before(1, 200, 300), 0);
    }
}
