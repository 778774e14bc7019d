//! Sets of words that patterns need: which of them stand in a sentence, and where.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use aho_corasick::AhoCorasick;
use serde::{Deserialize, Serialize};

use super::pattern::{Anchor, PatternSet, UNKNOWN, WordId};
use super::present::{
    COLOURS, Colours, FREQUENT, Feasible, Link, PLACES, Present, add_colour, before,
};

/// Sets of words of which patterns need one each: a pattern is only tried where every word that it needs is there.
///
/// Each word has one of 256 colours, so a set or a sentence has the colours of its words: as many bits tell that a set has no word in a
/// sentence. Words of the same sets have the same colour, and each colour is about as frequent. What the colours leave open is looked up.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Wants {
    /// The words of all sets, the most frequent ones of each first.
    words: Vec<WordId>,
    /// Where the words of each set begin; one more than there are sets.
    starts: Vec<u32>,
    /// The frequent sets that hold each word.
    held: Vec<Held>,
    lists: Vec<u16>,
    /// Rows of bits, [`FREQUENT`] a row.
    rows: Vec<u64>,
    /// Colour of each word.
    colour: Vec<u8>,
    /// Colours of each set.
    colours: Vec<Colours>,
    /// The compound parts of all sets.
    stems: Vec<String>,
    /// The same, ready to be found.
    #[serde(skip)]
    parts: Option<AhoCorasick>,
    /// One of them is a number.
    #[serde(skip)]
    numbers: bool,
    /// What each part leads to.
    leads: Vec<Vec<Lead>>,
}

/// Colour of a set that a compound stands for.
const fn compound_colour(want: u32) -> u8 {
    (want % COLOURS as u32) as u8
}

/// The frequent sets that hold a word.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
enum Held {
    /// A stretch of [`Wants::lists`].
    List(u32, u32),
    /// Number of its row in [`Wants::rows`].
    Row(u32),
}

/// Words that more frequent sets hold have a row.
const ROW: usize = 32;

/// A set that holds a compound part.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Lead {
    want: u32,
    before: bool,
    after: bool,
}

impl Wants {
    /// Indexes the sets of the words and compound parts of `set`; `often` tells how often a word occurs, per million.
    /// Gives each set its number, too.
    pub(super) fn new(
        sets: &[Arc<[Anchor]>],
        set: &PatternSet,
        often: impl Fn(&str) -> u32,
    ) -> (Self, Vec<u32>) {
        let names = &set.names;
        let weights: Vec<u32> = names.iter().map(|n| often(n)).collect();
        let (order, numbers) = by_frequency(sets, &weights);
        let sets: Vec<&Arc<[Anchor]>> = order.iter().map(|want| &sets[*want as usize]).collect();
        let mut by_word: Vec<Vec<u32>> = vec![Vec::new(); names.len()];
        let mut stems: BTreeMap<&str, usize> = BTreeMap::new();
        let mut leads: Vec<Vec<Lead>> = Vec::new();
        for (want, anchors) in (0_u32..).zip(&sets) {
            for anchor in anchors.iter() {
                match anchor {
                    Anchor::Word(word) => by_word[*word as usize].push(want),
                    Anchor::Part(part) => {
                        let Some(affix) = set.parts.get(*part as usize) else {
                            continue;
                        };
                        let number = *stems.entry(&affix.stem).or_insert_with(|| {
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
        let mut stems: Vec<(&str, usize)> = stems.into_iter().collect();
        stems.sort_by_key(|s| s.1);
        let mut wants = Self {
            stems: stems.into_iter().map(|s| s.0.to_owned()).collect(),
            colours: vec![Colours::default(); sets.len()],
            leads,
            ..Self::default()
        };
        wants.complete();
        // A known word may also be a compound of a part.
        for (name, list) in names.iter().zip(&mut by_word) {
            wants.parts_of(name, |want| list.push(want));
            list.sort_unstable();
            list.dedup();
        }
        wants.paint(&by_word, |word| weights[word] + UNLISTED);
        wants.hold(&by_word, |word| weights[word]);
        (wants, numbers)
    }

    /// Makes what follows from the rest.
    pub(super) fn complete(&mut self) {
        let digits = |s: &String| s.bytes().any(|b| b.is_ascii_digit());
        self.numbers = self.stems.iter().any(digits);
        if !self.stems.is_empty() {
            self.parts = AhoCorasick::new(&self.stems).ok();
        }
    }

    /// Gives words and sets their colours.
    fn paint(&mut self, by_word: &[Vec<u32>], often: impl Fn(usize) -> u32) {
        // Words of the same sets lie side by side.
        let mut order: Vec<usize> = (0..by_word.len())
            .filter(|w| !by_word[*w].is_empty())
            .collect();
        order.sort_by(|a, b| by_word[*a].cmp(&by_word[*b]).then(a.cmp(b)));
        let total: u64 = order.iter().map(|w| u64::from(often(*w))).sum();
        let (mut seen, mut list) = (0_u64, vec![0; by_word.len()]);
        for word in order {
            let number = (seen * COLOURS as u64).checked_div(total).unwrap_or(0);
            list[word] = number.min(COLOURS as u64 - 1) as u8;
            seen += u64::from(often(word));
            for want in &by_word[word] {
                add_colour(&mut self.colours[*want as usize], list[word]);
            }
        }
        self.colour = list;
        // Compounds are not counted; their sets have the colour of their number, too.
        for lead in self.leads.iter().flatten() {
            add_colour(
                &mut self.colours[lead.want as usize],
                compound_colour(lead.want),
            );
        }
    }

    /// Notes which words each set holds.
    fn hold(&mut self, by_word: &[Vec<u32>], often: impl Fn(usize) -> u32) {
        let mut order: Vec<(usize, u32)> = (0..by_word.len()).map(|w| (w, often(w))).collect();
        order.sort_by_key(|(_, often)| std::cmp::Reverse(*often));
        let mut sizes = vec![0_u32; self.len()];
        by_word
            .iter()
            .flatten()
            .for_each(|want| sizes[*want as usize] += 1);
        self.starts.push(0);
        let mut end = 0;
        for size in sizes {
            end += size;
            self.starts.push(end);
        }
        for list in by_word {
            let frequent = &list[..list.partition_point(|want| (*want as usize) < FREQUENT)];
            let held = if frequent.len() <= ROW {
                let start = self.lists.len() as u32;
                self.lists.extend(frequent.iter().map(|want| *want as u16));
                Held::List(start, self.lists.len() as u32)
            } else {
                let start = self.rows.len();
                self.rows.resize(start + FREQUENT / 64, 0);
                for want in frequent {
                    self.rows[start + *want as usize / 64] |= 1 << (want % 64);
                }
                Held::Row((start / (FREQUENT / 64)) as u32)
            };
            self.held.push(held);
        }
        let mut next = self.starts.clone();
        self.words = vec![UNKNOWN; end as usize];
        for (word, _) in order {
            for want in &by_word[word] {
                let place = &mut next[*want as usize];
                self.words[*place as usize] = word as WordId;
                *place += 1;
            }
        }
    }

    /// The known words of a set, the most frequent first.
    #[must_use]
    #[inline]
    pub fn words(&self, want: u32) -> &[WordId] {
        let at = want as usize;
        let range = self.starts.get(at).zip(self.starts.get(at + 1));
        range
            .and_then(|(start, end)| self.words.get(*start as usize..*end as usize))
            .unwrap_or_default()
    }

    /// The sets that a compound may stand for, each once.
    #[must_use]
    pub fn of_compounds(&self) -> BTreeSet<u32> {
        self.leads.iter().flatten().map(|l| l.want).collect()
    }

    #[inline]
    fn row(&self, number: u32) -> &[u64] {
        let start = number as usize * (FREQUENT / 64);
        &self.rows[start..start + FREQUENT / 64]
    }

    /// Number of sets.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.colours.len()
    }

    /// Whether a number may be a compound.
    #[must_use]
    pub const fn has_numbers(&self) -> bool {
        self.numbers
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.colours.is_empty()
    }

    /// Colours of a set: those of its words.
    #[must_use]
    pub fn colours(&self, want: u32) -> Colours {
        self.colours.get(want as usize).copied().unwrap_or_default()
    }

    /// Whether a set stands in the sentence.
    #[must_use]
    #[inline]
    pub fn has(&self, present: &Present, want: u32) -> bool {
        if (want as usize) < FREQUENT {
            return present.frequent[want as usize / 64] >> (want % 64) & 1 == 1;
        }
        (self.words(want).iter()).any(|word| present.holds(*word))
            || present.others.iter().any(|o| o.0 == want)
    }

    /// Calls `with` for the sets that a word stands for as a compound.
    pub fn parts_of(&self, word: &str, mut with: impl FnMut(u32)) {
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
        for (word, _) in present.words.drain(..) {
            if let Some(bits) = present.bits.get_mut(word as usize / 64) {
                *bits = 0;
            }
        }
        present.bits.resize(self.held.len().div_ceil(64), 0);
        present.frequent = [0; FREQUENT / 64];
        present.others.clear();
        present.colours = Colours::default();
        present.long = words > PLACES;
    }

    /// Notes word number `place` of the sentence.
    #[inline]
    pub fn add(&self, present: &mut Present, place: usize, id: WordId) {
        let at = id as usize;
        let (Some(colour), Some(held), Some(bits)) = (
            self.colour.get(at),
            self.held.get(at),
            present.bits.get_mut(at / 64),
        ) else {
            return;
        };
        *bits |= 1 << (id % 64);
        add_colour(&mut present.colours, *colour);
        present.words.push((id, place.min(PLACES - 1) as u8));
        match *held {
            Held::List(start, end) => {
                for want in &self.lists[start as usize..end as usize] {
                    present.frequent[usize::from(*want) / 64] |= 1 << (want % 64);
                }
            }
            Held::Row(row) => {
                for (bits, more) in present.frequent.iter_mut().zip(self.row(row)) {
                    *bits |= more;
                }
            }
        }
    }

    /// Notes that word number `place` of the sentence is a compound that stands for these sets.
    #[inline]
    pub fn add_compound(&self, present: &mut Present, place: usize, wants: &[u32]) {
        for want in wants {
            add_colour(&mut present.colours, compound_colour(*want));
            if let Some(bits) = present.frequent.get_mut(*want as usize / 64) {
                *bits |= 1 << (want % 64);
            }
            (present.others).push((*want, place.min(PLACES - 1) as u8));
        }
    }

    /// Where in the sentence a set stands, one bit a word.
    #[inline]
    fn at(&self, present: &Present, want: u32) -> u128 {
        let mut bits = 0;
        if (want as usize) < FREQUENT {
            for (word, place) in &present.words {
                bits |= u128::from(self.holds(want, *word)) << place;
            }
        } else {
            for word in self.words(want).iter().filter(|w| present.holds(**w)) {
                for (_, place) in present.words.iter().filter(|(w, _)| w == word) {
                    bits |= 1 << place;
                }
            }
        }
        for (other, place) in &present.others {
            bits |= u128::from(*other == want) << place;
        }
        bits
    }

    /// Whether a frequent set holds a known word.
    #[inline]
    fn holds(&self, want: u32, word: WordId) -> bool {
        match self.held.get(word as usize) {
            Some(Held::List(start, end)) => {
                self.lists[*start as usize..*end as usize].contains(&(want as u16))
            }
            Some(Held::Row(row)) => self.row(*row)[want as usize / 64] >> (want % 64) & 1 == 1,
            None => false,
        }
    }

    /// Where a program with this chain may begin.
    #[must_use]
    pub fn feasible(&self, present: &Present, chain: &[Link]) -> Feasible {
        let Some((last, before_last)) = chain.split_last() else {
            return Feasible::Anywhere;
        };
        if present.long {
            let stands = |l: &Link| self.has(present, l.want);
            return if chain.iter().all(stands) {
                Feasible::Anywhere
            } else {
                Feasible::Nowhere
            };
        }
        // From the last link back to the first: where may each stand so that the rest can follow?
        let (mut reached, mut next) = (self.at(present, last.want), last);
        for link in before_last.iter().rev() {
            if reached == 0 {
                break;
            }
            reached = self.at(present, link.want) & before(reached, next.min, next.max);
            next = link;
        }
        if reached == 0 {
            Feasible::Nowhere
        } else {
            Feasible::At(before(reached, next.min, next.max))
        }
    }

    /// Number of compound parts and bytes that all this takes.
    #[must_use]
    pub fn size(&self) -> (usize, usize) {
        let words = (self.words.len() + self.starts.len()) * 4
            + self.lists.len() * 2
            + self.rows.len() * 8
            + self.colour.len()
            + self.held.len() * 12
            + self.colours.len() * size_of::<Colours>();
        let automaton = self.parts.as_ref().map_or(0, AhoCorasick::memory_usage);
        (self.leads.len(), words + automaton)
    }
}

/// The sets from the most frequent to the rarest, and the number of each in that order: what is often looked at lies close together.
fn by_frequency(sets: &[Arc<[Anchor]>], weights: &[u32]) -> (Vec<u32>, Vec<u32>) {
    let weight = |want: &u32| -> u64 {
        let words = sets[*want as usize].iter().filter_map(Anchor::word);
        words.map(|w| u64::from(weights[w as usize])).sum()
    };
    let mut order: Vec<u32> = (0..sets.len() as u32).collect();
    order.sort_by_cached_key(|want| std::cmp::Reverse(weight(want)));
    let mut numbers = vec![0; order.len()];
    for (number, want) in (0..).zip(&order) {
        numbers[*want as usize] = number;
    }
    (order, numbers)
}

/// What a word that no frequency list has counts, per million.
const UNLISTED: u32 = 1;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::pattern::Affix;

    #[test]
    fn wants_are_there_when_a_word_or_part_of_each_is() {
        let part = |stem: &str, before, after| Affix {
            stem: stem.to_owned(),
            before,
            after,
        };
        let set = PatternSet {
            names: ["", "dure", "jas", "winterjas"].map(str::to_owned).to_vec(),
            parts: vec![part("jas", true, false), part("drugs", false, true)],
            ..PatternSet::default()
        };
        let sets = [
            vec![Anchor::Word(1)],
            vec![Anchor::Part(0), Anchor::Word(1)],
            vec![Anchor::Part(1)],
        ]
        .map(Arc::from);
        let (wants, numbers) = Wants::new(&sets, &set, |_| 0);
        let mut present = Present::default();
        let mut check = |words: &[(WordId, &str)], expected: [bool; 3]| {
            wants.clear(&mut present, words.len());
            for (place, (id, word)) in words.iter().enumerate() {
                if *id == UNKNOWN {
                    let mut compounds = Vec::new();
                    wants.parts_of(word, |want| compounds.push(want));
                    wants.add_compound(&mut present, place, &compounds);
                } else {
                    wants.add(&mut present, place, *id);
                }
            }
            let link = |want| Link {
                want: numbers[want],
                min: 0,
                max: 0,
            };
            let seen = [0, 1, 2].map(|n| wants.feasible(&present, &[link(n)]) != Feasible::Nowhere);
            assert_eq!(seen, expected, "{words:?}");
        };
        check(&[], [false; 3]);
        check(&[(1, "dure")], [true, true, false]);
        check(&[(3, "winterjas")], [false, true, false]);
        check(&[(UNKNOWN, "zomerjas")], [false, true, false]);
        check(&[(UNKNOWN, "jassen")], [false, false, false]);
        check(&[(UNKNOWN, "drugspand")], [false, false, true]);
    }

    /// A chain holds where, and only where, its words stand at its distances.
    #[test]
    fn chains_hold_at_their_distances() {
        let set = PatternSet {
            names: ["", "a", "b"].map(str::to_owned).to_vec(),
            ..PatternSet::default()
        };
        let sets = [vec![Anchor::Word(1)], vec![Anchor::Word(2)]].map(Arc::from);
        let (wants, numbers) = Wants::new(&sets, &set, |_| 0);
        let chain = [
            Link {
                want: numbers[0],
                min: 1,
                max: 2,
            },
            Link {
                want: numbers[1],
                min: 1,
                max: 3,
            },
        ];
        let check = |a: usize, b: usize, expected: Feasible| {
            let mut present = Present::default();
            wants.clear(&mut present, 20);
            wants.add(&mut present, a, 1);
            wants.add(&mut present, b, 2);
            assert_eq!(wants.feasible(&present, &chain), expected, "{a} {b}");
        };
        check(5, 6, Feasible::At(0b11 << 3));
        check(5, 8, Feasible::At(0b11 << 3));
        check(5, 9, Feasible::Nowhere);
        check(6, 5, Feasible::Nowhere);
        let mut long = Present::default();
        wants.clear(&mut long, 500);
        wants.add(&mut long, 400, 1);
        wants.add(&mut long, 401, 2);
        assert_eq!(wants.feasible(&long, &chain), Feasible::Anywhere);
    }
}
