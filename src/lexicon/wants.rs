//! Sets of words that patterns need: which of them stand in a sentence, and where.

use std::collections::BTreeMap;
use std::sync::Arc;

use aho_corasick::AhoCorasick;

use super::pattern::{Anchor, UNKNOWN, WordId};

/// Sets of words of which patterns need one each. What stands in a sentence is known exactly, so a pattern is only tried where every
/// word that it needs is there.
///
/// A rare word tells the sets that hold it one by one, a middling one by a row of bits. Of the 256 most frequent words, which
/// thousands of sets hold, a sentence only notes that they are there, and a set that is asked for looks among them.
#[derive(Clone, Debug, Default)]
pub struct Wants {
    /// Where the sets that hold a word are told, by word number.
    by_word: Vec<Sets>,
    /// Numbers of sets, of words that few hold.
    lists: Vec<u32>,
    /// One bit a set, of words that many hold; `stride` items a word.
    rows: Vec<u64>,
    /// Items a row.
    stride: usize,
    /// Which of the most frequent words each set holds.
    signs: Vec<Signs>,
    /// One bit a set, of the most frequent words; `led_stride` items a word. Only of sets by which patterns are found.
    led_rows: Vec<u64>,
    /// Items of such a row.
    led_stride: usize,
    /// From this number on sets are told by signs, too.
    signed_from: u32,
    /// The compound parts of all sets.
    parts: Option<AhoCorasick>,
    /// What each part leads to.
    leads: Vec<Vec<Lead>>,
    /// Number of sets.
    count: usize,
}

/// So many of the most frequent words are signs.
const SIGNS: usize = 256;

/// Signs of a sentence or set, one bit a word.
type Signs = [u64; SIGNS / 64];

/// The sets that hold a word.
#[derive(Clone, Copy, Debug)]
enum Sets {
    /// A stretch of [`Wants::lists`], sorted.
    List(u32, u32),
    /// Begin of a row in [`Wants::rows`].
    Row(u32),
    /// Number of a sign.
    Sign(u8),
}

/// From so many sets on a word has a row: adding one is as much work as adding this many numbers.
const ROW: usize = 64;

/// A set that holds a compound part.
#[derive(Clone, Copy, Debug)]
struct Lead {
    want: u32,
    before: bool,
    after: bool,
}

/// Most words of a sentence whose places are kept; of longer ones only what is there at all.
pub const PLACES: usize = 128;

/// Where the sets of [`Wants`] stand in a sentence. Which stand there is known at once, where only of those that are asked for.
#[derive(Clone, Debug, Default)]
pub struct Present {
    /// One bit a set: it stands in the sentence, or does so by a sign.
    bits: Vec<u64>,
    /// The most frequent words that stand in the sentence.
    signs: Signs,
    /// The known words of the sentence with their places.
    words: Vec<(WordId, u8)>,
    /// Sets of words that are told apart by their letters, with their places.
    others: Vec<(u32, u8)>,
    /// One bit a word of the sentence, by set.
    places: Vec<u128>,
    /// The sentence that the places of a set were worked out for.
    worked_out: Vec<u32>,
    /// Counts sentences.
    turn: u32,
    /// The sentence is longer than [`PLACES`].
    long: bool,
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

impl Present {
    /// Calls `with` for those sets of `mask`, one bit a set by which patterns are found, that stand in the sentence, by number.
    #[inline]
    pub fn each_of(&self, mask: &[u64], mut with: impl FnMut(u32)) {
        for (n, (bits, mask)) in (0_u32..).zip(self.bits.iter().zip(mask)) {
            let mut item = bits & mask;
            while item != 0 {
                with(n * 64 + item.trailing_zeros());
                item &= item - 1;
            }
        }
    }

    #[inline]
    fn set(&mut self, want: u32) {
        if let Some(bits) = self.bits.get_mut(want as usize / 64) {
            *bits |= 1 << (want % 64);
        }
    }
}

/// The words that stand `min` to `max` words before one of `places`.
#[inline]
const fn before(places: u128, min: u16, max: u16) -> u128 {
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    /// Number of the set in [`Wants`].
    pub want: u32,
    /// Smallest distance.
    pub min: u16,
    /// Largest distance.
    pub max: u16,
}

impl Wants {
    /// Indexes the sets. `found` says by which of them patterns are found, `names` are the known words by number, and `often` tells how
    /// often one occurs. Gives each set its number, too.
    pub(super) fn new(
        sets: &[Arc<[Anchor]>],
        found: &[bool],
        names: &[String],
        often: impl Fn(&str) -> u32,
    ) -> (Self, Vec<u32>) {
        let mut by_word: Vec<Vec<u32>> = vec![Vec::new(); names.len()];
        let mut parts: BTreeMap<&str, usize> = BTreeMap::new();
        let mut leads: Vec<Vec<Lead>> = Vec::new();
        for (want, set) in (0_u32..).zip(sets) {
            for anchor in set.iter() {
                match anchor {
                    Anchor::Word(word) => by_word[*word as usize].push(want),
                    Anchor::Part(affix) => {
                        let number = *parts.entry(&affix.stem).or_insert_with(|| {
                            leads.push(Vec::new());
                            leads.len() - 1
                        });
                        leads[number].push(Lead {
                            want,
                            before: affix.before,
                            after: affix.after,
                        });
                    }
                }
            }
        }
        let mut stems: Vec<(&str, usize)> = parts.into_iter().collect();
        stems.sort_by_key(|s| s.1);
        let parts = (!stems.is_empty())
            .then(|| AhoCorasick::new(stems.iter().map(|s| s.0)).ok())
            .flatten();
        let mut wants = Self {
            stride: sets.len().div_ceil(64),
            signs: vec![Signs::default(); sets.len()],
            parts,
            leads,
            count: sets.len(),
            ..Self::default()
        };
        // A known word may also be a compound of a part.
        for (name, list) in names.iter().zip(&mut by_word) {
            wants.parts_of(name, |want| list.push(want));
            list.sort_unstable();
            list.dedup();
        }
        let mut order: Vec<usize> = (0..names.len())
            .filter(|w| by_word[*w].len() >= ROW)
            .collect();
        order.sort_by_key(|w| {
            let held = u32::try_from(by_word[*w].len()).unwrap_or(u32::MAX);
            std::cmp::Reverse(often(&names[*w]).saturating_mul(held))
        });
        order.truncate(SIGNS);
        let numbers = wants.renumber(&order, &by_word, found);
        let sign_of: BTreeMap<usize, u8> = order.iter().copied().zip(0..=u8::MAX).collect();
        wants.led_rows = vec![0; order.len() * wants.led_stride];
        for (word, list) in by_word.iter_mut().enumerate() {
            list.iter_mut().for_each(|w| *w = numbers[*w as usize]);
            list.sort_unstable();
            wants.hold(list, sign_of.get(&word).copied());
        }
        for lead in wants.leads.iter_mut().flatten() {
            lead.want = numbers[lead.want as usize];
        }
        (wants, numbers)
    }

    /// New numbers of the sets: those by which patterns are found and which hold a sign, the others by which they are found, the rest
    /// without and with a sign.
    fn renumber(&mut self, signs: &[usize], by_word: &[Vec<u32>], found: &[bool]) -> Vec<u32> {
        let mut signed = vec![false; found.len()];
        for want in signs.iter().flat_map(|w| &by_word[*w]) {
            signed[*want as usize] = true;
        }
        let rank = |want: &u32| match (found[*want as usize], signed[*want as usize]) {
            (true, true) => 0,
            (true, false) => 1,
            (false, false) => 2,
            (false, true) => 3,
        };
        let mut order: Vec<u32> = (0..found.len() as u32).collect();
        order.sort_by_key(rank);
        self.led_stride = order.partition_point(|w| rank(w) == 0).div_ceil(64);
        self.signed_from = order.partition_point(|w| rank(w) < 3) as u32;
        let mut numbers = vec![0; order.len()];
        for (number, want) in (0..).zip(order) {
            numbers[want as usize] = number;
        }
        numbers
    }

    /// Notes which sets hold the next word.
    fn hold(&mut self, list: &[u32], sign: Option<u8>) {
        let place = if let Some(sign) = sign {
            for want in list {
                let at = *want as usize;
                self.signs[at][usize::from(sign) / 64] |= 1 << (sign % 64);
                if at / 64 < self.led_stride {
                    let row = usize::from(sign) * self.led_stride;
                    self.led_rows[row + at / 64] |= 1 << (want % 64);
                }
            }
            Sets::Sign(sign)
        } else if list.len() < ROW {
            let start = self.lists.len() as u32;
            self.lists.extend_from_slice(list);
            Sets::List(start, self.lists.len() as u32)
        } else {
            let start = self.rows.len();
            self.rows.resize(start + self.stride, 0);
            for want in list {
                self.rows[start + *want as usize / 64] |= 1 << (*want % 64);
            }
            Sets::Row(start as u32)
        };
        self.by_word.push(place);
    }

    /// Whether a set stands in the sentence.
    #[must_use]
    #[inline]
    pub fn has(&self, present: &Present, want: u32) -> bool {
        let by_bit =
            (present.bits.get(want as usize / 64)).is_some_and(|b| b >> (want % 64) & 1 == 1);
        by_bit
            || want >= self.signed_from
                && (self.signs.get(want as usize)).is_some_and(|signs| {
                    (signs.iter().zip(&present.signs)).fold(0, |m, (a, b)| m | a & b) != 0
                })
    }

    fn parts_of(&self, word: &str, mut with: impl FnMut(u32)) {
        let Some(parts) = &self.parts else { return };
        for hit in parts.find_overlapping_iter(word) {
            let (begins, ends) = (hit.start() == 0, hit.end() == word.len());
            for lead in self
                .leads
                .get(hit.pattern().as_usize())
                .into_iter()
                .flatten()
            {
                if (begins || lead.before) && (ends || lead.after) {
                    with(lead.want);
                }
            }
        }
    }

    /// Starts on another sentence of so many words.
    pub fn clear(&self, present: &mut Present, words: usize) {
        present.bits.clear();
        present.bits.resize(self.stride, 0);
        present.signs = Signs::default();
        present.words.clear();
        present.others.clear();
        present.places.resize(self.count, 0);
        present.worked_out.resize(self.count, 0);
        present.turn += 1;
        present.long = words > PLACES;
    }

    /// Notes word number `place` of the sentence: by its number, or by its letters when it is unknown.
    #[inline]
    pub fn add(&self, present: &mut Present, place: usize, id: WordId, word: &str) {
        let place = place.min(PLACES - 1) as u8;
        if id == UNKNOWN {
            self.parts_of(word, |want| {
                present.set(want);
                present.others.push((want, place));
            });
            return;
        }
        match self.by_word.get(id as usize) {
            Some(Sets::List(start, end)) => {
                for want in &self.lists[*start as usize..*end as usize] {
                    present.set(*want);
                }
            }
            Some(Sets::Row(start)) => {
                let row = &self.rows[*start as usize..*start as usize + self.stride];
                for (bits, more) in present.bits.iter_mut().zip(row) {
                    *bits |= more;
                }
            }
            Some(Sets::Sign(sign)) => {
                present.signs[usize::from(*sign) / 64] |= 1 << (sign % 64);
                let start = usize::from(*sign) * self.led_stride;
                let row = &self.led_rows[start..start + self.led_stride];
                for (bits, more) in present.bits.iter_mut().zip(row) {
                    *bits |= more;
                }
            }
            None => return,
        }
        present.words.push((id, place));
    }

    /// Where in the sentence a set stands, one bit a word.
    #[inline]
    fn at(&self, present: &mut Present, want: u32) -> u128 {
        if !self.has(present, want) {
            return 0;
        }
        let want_at = want as usize;
        let (Some(places), Some(turn)) = (
            present.places.get_mut(want_at),
            present.worked_out.get_mut(want_at),
        ) else {
            return 0;
        };
        if *turn != present.turn {
            *turn = present.turn;
            let mut bits = 0;
            for (word, place) in &present.words {
                bits |= u128::from(self.holds(want, *word)) << place;
            }
            for (other, place) in &present.others {
                bits |= u128::from(*other == want) << place;
            }
            *places = bits;
        }
        *places
    }

    /// Whether a set holds a known word.
    #[inline]
    fn holds(&self, want: u32, word: WordId) -> bool {
        match self.by_word.get(word as usize) {
            Some(Sets::List(start, end)) => {
                self.lists[*start as usize..*end as usize].contains(&want)
            }
            Some(Sets::Row(start)) => {
                self.rows[*start as usize + want as usize / 64] >> (want % 64) & 1 == 1
            }
            Some(Sets::Sign(sign)) => {
                self.signs[want as usize][usize::from(*sign) / 64] >> (sign % 64) & 1 == 1
            }
            None => false,
        }
    }

    /// Where a program with this chain may begin.
    #[must_use]
    pub fn feasible(&self, present: &mut Present, chain: &[Link]) -> Feasible {
        let Some((first, rest)) = chain.split_first() else {
            return Feasible::Anywhere;
        };
        if !chain.iter().all(|l| self.has(present, l.want)) {
            return Feasible::Nowhere;
        }
        if present.long {
            return Feasible::Anywhere;
        }
        let last = rest.last().unwrap_or(first);
        let mut reached = self.at(present, last.want);
        // From the last link back to the first: where may each stand so that the rest can follow?
        for pair in chain.windows(2).rev() {
            let [link, next] = pair else { continue };
            reached = self.at(present, link.want) & before(reached, next.min, next.max);
            if reached == 0 {
                return Feasible::Nowhere;
            }
        }
        Feasible::At(before(reached, first.min, first.max))
    }

    /// Number of compound parts and bytes that all this takes.
    #[must_use]
    pub fn size(&self) -> (usize, usize) {
        let words = self.by_word.len() * 12
            + self.lists.len() * 4
            + (self.rows.len() + self.led_rows.len()) * 8
            + self.signs.len() * size_of::<Signs>();
        let automaton = self.parts.as_ref().map_or(0, AhoCorasick::memory_usage);
        (self.leads.len(), words + automaton)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wants_are_there_when_a_word_or_part_of_each_is() {
        let part = |stem: &str, before, after| {
            Anchor::Part(crate::lexicon::pattern::Affix {
                stem: stem.to_owned(),
                before,
                after,
            })
        };
        let names: Vec<String> = ["", "dure", "jas", "winterjas"].map(str::to_owned).to_vec();
        let sets = [
            vec![Anchor::Word(1)],
            vec![part("jas", true, false), Anchor::Word(1)],
            vec![part("drugs", false, true)],
        ]
        .map(Arc::from);
        let (wants, _) = Wants::new(&sets, &[true; 3], &names, |_| 0);
        let mut present = Present::default();
        let mut check = |words: &[(WordId, &str)], expected: [bool; 3]| {
            wants.clear(&mut present, words.len());
            for (place, (id, word)) in words.iter().enumerate() {
                wants.add(&mut present, place, *id, word);
            }
            let link = |want| Link {
                want,
                min: 0,
                max: 0,
            };
            let seen =
                [0, 1, 2].map(|n| wants.feasible(&mut present, &[link(n)]) != Feasible::Nowhere);
            assert_eq!(seen, expected, "{words:?}");
        };
        check(&[], [false; 3]);
        check(&[(1, "dure")], [true, true, false]);
        check(&[(3, "winterjas")], [false, true, false]);
        check(&[(UNKNOWN, "zomerjas")], [false, true, false]);
        check(&[(UNKNOWN, "jassen")], [false, false, false]);
        check(&[(UNKNOWN, "drugspand")], [false, false, true]);
    }

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

    /// A chain holds where, and only where, its words stand at its distances.
    #[test]
    fn chains_hold_at_their_distances() {
        let names: Vec<String> = ["", "a", "b"].map(str::to_owned).to_vec();
        let sets = [vec![Anchor::Word(1)], vec![Anchor::Word(2)]].map(Arc::from);
        let (wants, _) = Wants::new(&sets, &[true; 2], &names, |_| 0);
        let chain = [
            Link {
                want: 0,
                min: 1,
                max: 2,
            },
            Link {
                want: 1,
                min: 1,
                max: 3,
            },
        ];
        let check = |a: usize, b: usize, expected: Feasible| {
            let mut present = Present::default();
            wants.clear(&mut present, 20);
            wants.add(&mut present, a, 1, "a");
            wants.add(&mut present, b, 2, "b");
            assert_eq!(wants.feasible(&mut present, &chain), expected, "{a} {b}");
        };
        check(5, 6, Feasible::At(0b11 << 3));
        check(5, 8, Feasible::At(0b11 << 3));
        check(5, 9, Feasible::Nowhere);
        check(6, 5, Feasible::Nowhere);
        let mut long = Present::default();
        wants.clear(&mut long, 500);
        wants.add(&mut long, 400, 1, "a");
        wants.add(&mut long, 401, 2, "b");
        assert_eq!(wants.feasible(&mut long, &chain), Feasible::Anywhere);
    }
}
