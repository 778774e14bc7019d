//! Sets of words, and the words at which a program can begin.

use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};

use super::pattern::{PARTICLE_REACH, PatternSet, Recogniser, Step, UNKNOWN, WordId};
use crate::text::{CAPITAL, DIGIT, Flags, number};

/// A set of words, made for asking whether a word is in it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(from = "Vec<WordId>", into = "Vec<WordId>")]
pub struct WordSet {
    /// Sorted.
    ids: Box<[WordId]>,
    /// The same, by hash, for sets that are too long to look through: a power of two of places, at least half of them empty.
    table: Box<[WordId]>,
    /// Which remainders modulo 64 occur: turns most words away at once.
    mask: u64,
}

/// Longest set that is looked through.
const SHORT: usize = 12;

/// Where a word is looked for first in a table of so many places (Fibonacci hashing; Knuth, TAOCP 3, 6.4).
#[inline]
const fn place(word: WordId, places: usize) -> usize {
    (word.wrapping_mul(0x9E37_79B1) >> 8) as usize & (places - 1)
}

impl WordSet {
    /// From word numbers in any order.
    #[must_use]
    pub fn new(mut ids: Vec<WordId>) -> Self {
        ids.sort_unstable();
        ids.dedup();
        let mut table = Vec::new();
        if ids.len() > SHORT {
            let places = (2 * ids.len()).next_power_of_two();
            table.resize(places, UNKNOWN);
            for id in &ids {
                let mut at = place(*id, places);
                while table[at] != UNKNOWN {
                    at = (at + 1) & (places - 1);
                }
                table[at] = *id;
            }
        }
        Self {
            mask: ids.iter().fold(0, |mask, id| mask | 1 << (id % 64)),
            ids: ids.into(),
            table: table.into(),
        }
    }

    /// The word numbers, sorted.
    #[must_use]
    pub fn ids(&self) -> &[WordId] {
        &self.ids
    }

    /// Whether the word is in it; an unknown word is in none.
    #[must_use]
    #[inline]
    pub fn contains(&self, word: WordId) -> bool {
        if self.mask >> (word % 64) & 1 == 0 || word == UNKNOWN {
            return false;
        }
        if self.table.is_empty() {
            return self.ids.contains(&word);
        }
        let places = self.table.len();
        let mut at = place(word, places);
        loop {
            match self.table.get(at) {
                Some(&found) if found == word => return true,
                Some(&UNKNOWN) | None => return false,
                Some(_) => at = (at + 1) & (places - 1),
            }
        }
    }
}

impl From<Vec<WordId>> for WordSet {
    fn from(ids: Vec<WordId>) -> Self {
        Self::new(ids)
    }
}

impl From<WordSet> for Vec<WordId> {
    fn from(set: WordSet) -> Self {
        set.ids.into()
    }
}

/// Most words that a recogniser takes.
const RECOGNISED: usize = 10;

/// Fewest and most words that stand before each step of a program, counted from where it begins; one more entry than steps.
pub(super) fn distances(steps: &[Step], set: &PatternSet) -> Vec<(usize, usize)> {
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
            Step::Call(sub) => set.subs.get(*sub as usize).map_or((0, 0), |s| s.length),
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
            Step::Switch(n) => {
                let switch = set.switches.get(*n as usize);
                let targets = switch.map_or(&[][..], |s| s.targets(None));
                targets.iter().for_each(|to| reach(pc + *to as usize));
            }
            Step::Jump(to) => reach(*to as usize),
            Step::Match => {}
            _ => reach(pc + 1),
        }
    }
    before
}

/// What a program can begin at.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct Starts {
    /// The words of this set,
    pub words: u32,
    /// or words with one of these marks,
    pub flags: Flags,
    /// or any word,
    pub any: bool,
    /// or at none: it may take no word at all.
    pub empty: bool,
}

impl Starts {
    /// What a program can begin at, without the set of words, and those words; `recognised` are the words that a recogniser begins at.
    pub(super) fn of(
        steps: &[Step],
        set: &PatternSet,
        recognised: &FxHashMap<Recogniser, Rc<[WordId]>>,
    ) -> (Self, Vec<WordId>) {
        let mut starts = Self::default();
        let mut words: Vec<WordId> = Vec::new();
        let mut open = vec![0];
        let mut seen = FxHashSet::default();
        while let Some(at) = open.pop() {
            if !seen.insert(at) {
                continue;
            }
            match steps.get(at) {
                Some(Step::Set(n) | Step::Split(n, _)) => {
                    words.extend_from_slice(set.word_set(*n).ids());
                }
                Some(Step::Recognise(kind, _)) => {
                    starts.flags |= kind.start_flags();
                    words.extend(recognised.get(kind).into_iter().flat_map(|w| w.iter()));
                }
                Some(Step::Call(n)) => {
                    if let Some(sub) = set.subs.get(*n as usize) {
                        words.extend_from_slice(set.word_set(sub.starts.words).ids());
                        starts.flags |= sub.starts.flags;
                        starts.any |= sub.starts.any;
                        if sub.starts.empty {
                            open.push(at + 1);
                        }
                    }
                }
                Some(Step::Switch(n)) => {
                    let switch = set.switches.get(*n as usize);
                    let targets = switch.map_or(&[][..], |s| s.targets(None));
                    open.extend(targets.iter().map(|to| at + *to as usize));
                }
                Some(Step::OpenQuote) => open.push(at + 1),
                Some(Step::Fork(a, b)) => open.extend([*a as usize, *b as usize]),
                Some(Step::Jump(to)) => open.push(*to as usize),
                Some(Step::Match) | None => starts.empty = true,
                _ => starts.any = true,
            }
        }
        (starts, words)
    }

    /// Whether only these words can begin it.
    pub(super) const fn are_words(&self) -> bool {
        !self.any && !self.empty && self.flags == 0
    }
}

/// Where to go on by the word that stands there.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Switch {
    /// Words that lead somewhere else than others do, sorted.
    words: Box<[WordId]>,
    /// Where each of them leads: number of a list.
    leads: Box<[u32]>,
    /// Targets in the order in which they are tried.
    lists: Vec<Box<[u32]>>,
    /// Those for any other word.
    other: Box<[u32]>,
    /// All.
    all: Box<[u32]>,
}

impl Switch {
    /// From what each branch begins with and how many steps after the switch it stands.
    pub(super) fn new(starts: &[Starts], targets: &[u32], set: &PatternSet) -> Self {
        let ids = |starts: &Starts| set.word_set(starts.words).ids();
        let mut words: Vec<WordId> = (starts.iter().filter(|s| s.are_words()))
            .flat_map(|s| ids(s).iter().copied())
            .collect();
        words.sort_unstable();
        words.dedup();
        let mut by_word: Vec<Vec<u32>> = vec![Vec::new(); words.len()];
        for (starts, to) in starts.iter().zip(targets) {
            if starts.are_words() {
                for word in ids(starts) {
                    if let Ok(at) = words.binary_search(word) {
                        by_word[at].push(*to);
                    }
                }
            } else {
                by_word.iter_mut().for_each(|list| list.push(*to));
            }
        }
        let mut numbers: FxHashMap<Vec<u32>, u32> = FxHashMap::default();
        let mut lists: Vec<Box<[u32]>> = Vec::new();
        let leads = by_word.into_iter().map(|list| {
            *numbers.entry(list).or_insert_with_key(|list| {
                lists.push(list.as_slice().into());
                lists.len() as u32 - 1
            })
        });
        let leads = leads.collect();
        Self {
            words: words.into(),
            leads,
            lists,
            other: (starts.iter().zip(targets))
                .filter(|(s, _)| !s.are_words())
                .map(|(_, to)| *to)
                .collect(),
            all: targets.into(),
        }
    }

    /// Gives up looking branches up: all are tried. For tests that a lookup loses none.
    pub fn try_all(&mut self) {
        self.words = Box::default();
        self.other.clone_from(&self.all);
    }

    /// How many steps on the branches stand that may begin with a word; with any when it is not sure which word it is.
    #[must_use]
    pub fn targets(&self, word: Option<WordId>) -> &[u32] {
        match word {
            None => &self.all,
            Some(word) => (self.words.binary_search(&word).ok())
                .and_then(|at| self.lists.get(*self.leads.get(at)? as usize))
                .unwrap_or(&self.other),
        }
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
    pub(super) fn each_start(self, mut with: impl FnMut(&str)) {
        let words: &[&str] = match self {
            Self::Age | Self::Older => &[
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
        if matches!(self, Self::Age | Self::Older) {
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
}
