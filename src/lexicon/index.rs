//! What lets a pattern be passed over without running it: sets of words, those it needs, words a program can begin at.

use std::collections::BTreeMap;

use aho_corasick::AhoCorasick;

use super::compile::{Anchor, PARTICLE_REACH, Program, Recogniser, Step, UNKNOWN, WordId};
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

/// Sets of words of which patterns need one each. What stands in a sentence is known exactly, one bit a set, so a pattern is only tried
/// where every word that it needs is there.
#[derive(Clone, Debug, Default)]
pub struct Wants {
    /// Numbers of the sets that hold a word, by word number.
    by_word: Vec<Box<[u32]>>,
    /// The compound parts of all sets.
    parts: Option<AhoCorasick>,
    /// What each part leads to.
    leads: Vec<Vec<Lead>>,
    /// Number of sets.
    count: usize,
    /// Sets below this number are those by which patterns are found.
    finders: u32,
}

/// A set that holds a compound part.
#[derive(Clone, Copy, Debug)]
struct Lead {
    want: u32,
    before: bool,
    after: bool,
}

/// Most words of a sentence whose places are kept; of longer ones only what is there at all.
pub const PLACES: usize = 128;

/// Where the sets of [`Wants`] stand in a sentence.
#[derive(Clone, Debug, Default)]
pub struct Present {
    /// One bit a word of the sentence, by set.
    places: Vec<u128>,
    /// Sets that stand in it, in order of appearance.
    seen: Vec<u32>,
    /// Those among them by which patterns are found.
    finders: Vec<u32>,
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
    /// Sets by which patterns are found and that stand in the sentence, in order of appearance.
    #[must_use]
    pub fn finders(&self) -> &[u32] {
        &self.finders
    }

    /// Whether a set stands in the sentence.
    #[must_use]
    #[inline]
    pub fn has(&self, want: u32) -> bool {
        self.at(want) != 0
    }

    #[inline]
    fn at(&self, want: u32) -> u128 {
        self.places.get(want as usize).copied().unwrap_or(0)
    }

    /// Where a program with this chain may begin.
    #[must_use]
    #[inline]
    pub fn feasible(&self, chain: &[Link]) -> Feasible {
        let Some((first, rest)) = chain.split_first() else {
            return Feasible::Anywhere;
        };
        let last = rest.last().unwrap_or(first);
        let mut reached = self.at(last.want);
        if reached == 0 {
            return Feasible::Nowhere;
        }
        if self.long {
            return if chain.iter().all(|l| self.at(l.want) != 0) {
                Feasible::Anywhere
            } else {
                Feasible::Nowhere
            };
        }
        // From the last link back to the first: where may each stand so that the rest can follow?
        for pair in chain.windows(2).rev() {
            let [link, next] = pair else { continue };
            reached = self.at(link.want) & before(reached, next.min, next.max);
            if reached == 0 {
                return Feasible::Nowhere;
            }
        }
        Feasible::At(before(reached, first.min, first.max))
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
    /// Indexes the sets, of which the first `finders` are those by which patterns are found. `names` are the known words by number.
    pub(super) fn new(sets: &[Vec<Anchor>], names: &[String], finders: u32) -> Self {
        let mut by_word: Vec<Vec<u32>> = vec![Vec::new(); names.len()];
        let mut numbers: BTreeMap<&str, usize> = BTreeMap::new();
        let mut leads: Vec<Vec<Lead>> = Vec::new();
        for (want, set) in (0_u32..).zip(sets) {
            for anchor in set {
                match anchor {
                    Anchor::Word(word) => by_word[*word as usize].push(want),
                    Anchor::Part(affix) => {
                        let number = *numbers.entry(&affix.stem).or_insert_with(|| {
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
        let mut stems: Vec<(&str, usize)> = numbers.into_iter().collect();
        stems.sort_by_key(|s| s.1);
        let parts = (!stems.is_empty())
            .then(|| AhoCorasick::new(stems.iter().map(|s| s.0)).ok())
            .flatten();
        let mut wants = Self {
            by_word: Vec::new(),
            parts,
            leads,
            count: sets.len(),
            finders,
        };
        // A known word may also be a compound of a part.
        for (name, list) in names.iter().zip(&mut by_word) {
            wants.parts_of(name, |want| list.push(want));
            list.sort_unstable();
            list.dedup();
        }
        wants.by_word = by_word.into_iter().map(Vec::into_boxed_slice).collect();
        wants
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
        for want in present.seen.drain(..) {
            if let Some(places) = present.places.get_mut(want as usize) {
                *places = 0;
            }
        }
        present.finders.clear();
        present.places.resize(self.count, 0);
        present.long = words > PLACES;
    }

    /// Notes word number `place` of the sentence: by its number, or by its letters when it is unknown.
    #[inline]
    pub fn add(&self, present: &mut Present, place: usize, id: WordId, word: &str) {
        let bit = 1_u128 << place.min(PLACES - 1);
        let Present {
            places,
            seen,
            finders,
            ..
        } = present;
        let mut set = |want: u32| {
            if let Some(places) = places.get_mut(want as usize) {
                if *places == 0 {
                    seen.push(want);
                    if want < self.finders {
                        finders.push(want);
                    }
                }
                *places |= bit;
            }
        };
        if id == UNKNOWN {
            self.parts_of(word, set);
        } else {
            for want in self.by_word.get(id as usize).into_iter().flatten() {
                set(*want);
            }
        }
    }

    /// Number of compound parts and bytes that all this takes.
    #[must_use]
    pub fn size(&self) -> (usize, usize) {
        let words: usize = self.by_word.iter().map(|w| w.len() * 4 + 16).sum();
        let automaton = self.parts.as_ref().map_or(0, AhoCorasick::memory_usage);
        (self.leads.len(), words + automaton)
    }
}

/// Most words that a recogniser takes.
const RECOGNISED: usize = 10;

/// Fewest and most words that stand before each step of a program, counted from where it begins; one more entry than steps.
pub(super) fn distances(steps: &[Step]) -> Vec<(usize, usize)> {
    // Steps only lead forward, so one pass gives the shortest and longest way to each.
    let mut before = vec![(usize::MAX, 0); steps.len() + 1];
    before[0] = (0, 0);
    for (pc, step) in steps.iter().enumerate() {
        let (least, most) = before[pc];
        let (shortest, longest) = match step {
            Step::Set(_) | Step::Affix(_) => (1, 2),
            Step::Split(..) => (1, PARTICLE_REACH + 2),
            Step::Recognise(..) => (1, RECOGNISED),
            Step::Gap { max, .. } => (0, usize::from(*max)),
            _ => (0, 0),
        };
        let mut reach = |to: usize| {
            if let Some(b) = before.get_mut(to) {
                b.0 = b.0.min(least.saturating_add(shortest));
                b.1 = b.1.max(most + longest);
            }
        };
        match step {
            Step::Fork(a, b) => [*a, *b].into_iter().for_each(|to| reach(to as usize)),
            Step::Jump(to) => reach(*to as usize),
            _ => reach(pc + 1),
        }
    }
    before
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
                "scheelt",
                "schelen",
                "scheelde",
                "cl",
                "jgd",
                "zelf",
                "vriend",
            ],
            Self::Amount => &[
                "eur",
                "euro",
                "f",
                "fl",
                "tientje",
                "donnie",
                "joet",
                "bankoe",
                "vijftigje",
                "barkie",
                "barki",
                "meier",
                "honderdje",
                "doezoe",
            ],
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
                "jaren",
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
    fn wants_are_there_when_a_word_or_part_of_each_is() {
        let part = |stem: &str, before, after| {
            Anchor::Part(super::super::compile::Affix {
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
        ];
        let wants = Wants::new(&sets, &names, 3);
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
            let seen = [0, 1, 2].map(|n| present.feasible(&[link(n)]) != Feasible::Nowhere);
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
        let wants = Wants::new(&[vec![Anchor::Word(1)], vec![Anchor::Word(2)]], &names, 2);
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
            assert_eq!(present.feasible(&chain), expected, "{a} {b}");
        };
        check(5, 6, Feasible::At(0b11 << 3));
        check(5, 8, Feasible::At(0b11 << 3));
        check(5, 9, Feasible::Nowhere);
        check(6, 5, Feasible::Nowhere);
        let mut long = Present::default();
        wants.clear(&mut long, 500);
        wants.add(&mut long, 400, 1, "a");
        wants.add(&mut long, 401, 2, "b");
        assert_eq!(long.feasible(&chain), Feasible::Anywhere);
    }
}
