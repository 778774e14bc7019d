//! What patterns are compiled to: small programs over words, and the words (anchors) by which they are found.

use std::sync::atomic::{AtomicU64, Ordering};

use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize, Serializer};

use super::notation::Bound;
use super::present::Link;
use super::starts::{Starts, Switch, WordSet};
use super::wants::Wants;

/// Number of a word that occurs in some pattern.
pub type WordId = u32;
/// A word that occurs in no pattern.
pub const UNKNOWN: WordId = 0;
/// Number of a pattern in its [`PatternSet`].
pub type PatternId = u32;

/// Furthest that a separated particle stands from its verb, in words.
pub const PARTICLE_REACH: usize = 14;

/// One step of a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Step {
    /// A word of the set.
    Set(u32),
    /// A word with one of the affixes.
    Affix(u32),
    /// A finite verb form of the set whose particle follows in the clause.
    Split(u32, WordId),
    /// An opening quotation mark before the next word.
    OpenQuote,
    /// A closing quotation mark after the word before.
    CloseQuote,
    /// A recogniser.
    Recognise(Recogniser, Bound),
    /// Some words between.
    Gap {
        /// Most words.
        max: u8,
        /// May cross clause borders.
        sentence: bool,
    },
    /// Go on here, or else there.
    Fork(u32, u32),
    /// Go on at the branches of this switch that may begin with the word.
    Switch(u32),
    /// Run this program of [`PatternSet::subs`], then go on.
    Call(u32),
    /// Go on there.
    Jump(u32),
    /// Done.
    Match,
}

/// What `#name` recognises.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Recogniser {
    /// An age.
    Age,
    /// A difference in age.
    AgeGap,
    /// An age, by how far it is above the young person's own.
    Older,
    /// An amount of money.
    Amount,
    /// A number.
    Count,
    /// How often.
    Times,
    /// A time at night.
    Night,
    /// A name or initial.
    Name,
    /// A date or period clearly before the document's own date.
    Past,
    /// A date clearly after the document's own date.
    Later,
    /// A clock time or date: record language.
    Clock,
}

impl Recogniser {
    /// All names, as written in patterns.
    pub const ALL: [(&'static str, Self); 11] = [
        ("leeftijd", Self::Age),
        ("leeftijdsverschil", Self::AgeGap),
        ("ouder", Self::Older),
        ("bedrag", Self::Amount),
        ("aantal", Self::Count),
        ("keer", Self::Times),
        ("nacht", Self::Night),
        ("naam", Self::Name),
        ("eerder", Self::Past),
        ("later", Self::Later),
        ("kloktijd", Self::Clock),
    ];

    /// By name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(n, _)| *n == name).map(|(_, r)| *r)
    }

    /// Words of which one is always in what it recognises; empty when there are none.
    pub(super) const fn anchors(self) -> &'static [&'static str] {
        match self {
            Self::AgeGap => &[
                "ouder",
                "oudere",
                "jonger",
                "leeftijdsverschil",
                "verschil",
                "scheelt",
                "schelen",
                "scheelde",
                "hij",
                "zij",
                "vriend",
                "partner",
                "lief",
            ],
            Self::Times => &[
                "keer",
                "maal",
                "x",
                "weer",
                "opnieuw",
                "herhaaldelijk",
                "wederom",
                "nogmaals",
                "meermaals",
                "meermalen",
            ],
            _ => &[],
        }
    }
}

/// A compound part.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Affix {
    /// The part itself.
    pub stem: String,
    /// Something may stand before it.
    pub before: bool,
    /// Something may stand after it.
    pub after: bool,
}

/// A program for one part of a pattern.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Program {
    /// The steps.
    pub steps: Vec<Step>,
    /// What it can begin at; other words need not be tried.
    pub starts: Starts,
    /// The sets of words that every match holds, in order and with their distances. It begins where the chain allows.
    pub chain: Vec<Link>,
}

/// A program that others call: what a piece of many patterns stands for.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Sub {
    /// The steps.
    pub steps: Vec<Step>,
    /// Words it can begin at.
    pub starts: Starts,
    /// Fewest and most words that it takes.
    pub length: (usize, usize),
    /// It takes one word, nothing before it.
    pub(super) flat: bool,
    /// The sets of words of which it takes one as its only word.
    pub(super) singles: Vec<u32>,
}

/// So many other sets are asked for before a pattern is opened.
pub const ALSO: usize = 3;
/// No set of [`PatternSet::wants`].
pub const NONE: u32 = u32::MAX;

/// By which words a pattern is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Anchor {
    /// A whole word.
    Word(WordId),
    /// A part of a word: its number in [`PatternSet::parts`].
    Part(u32),
}

impl Anchor {
    /// The word, if it is a whole one.
    #[must_use]
    pub const fn word(&self) -> Option<WordId> {
        match self {
            Self::Word(word) => Some(*word),
            Self::Part(_) => None,
        }
    }
}

/// A compiled pattern.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Compiled {
    /// Parts joined by `&`; the first holds the anchors.
    pub parts: Vec<Program>,
    /// The words of that set: every match holds one; their number in [`PatternSet::anchors`]. None for a bare recogniser, which only
    /// context rules may be.
    pub anchors: Option<u32>,
    /// The set in [`PatternSet::wants`] that is rarest: where it stands, the pattern is tried. None for a bare recogniser.
    pub found_by: Option<u32>,
    /// The rarest other sets that it needs; [`NONE`] where there are fewer.
    pub also: [u32; ALSO],
    /// One edit allowed in long words.
    pub fuzzy: bool,
    /// How often its rarest words occur, per million.
    pub cost: u32,
    /// How often words occur that match it all by themselves, per million.
    pub single: u32,
}

/// All compiled patterns of a lexicon with the words they are made of.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct PatternSet {
    /// Tells this set from others in one run.
    #[serde(skip)]
    pub stamp: u64,
    /// Word numbers.
    #[serde(skip)]
    pub words: FxHashMap<String, WordId>,
    /// Words by number.
    pub names: Vec<String>,
    /// Sets of words; the first one is empty.
    pub sets: Vec<WordSet>,
    #[serde(skip)]
    pub(super) nothing: WordSet,
    /// Compound parts.
    pub parts: Vec<Affix>,
    /// Sets of words and parts by which patterns are found.
    pub anchors: Vec<Box<[Anchor]>>,
    /// Groups of compound parts.
    pub affixes: Vec<Vec<Affix>>,
    /// Programs that others call.
    pub subs: Vec<Sub>,
    /// Branches by the word they begin with.
    pub switches: Vec<Switch>,
    /// The patterns.
    pub patterns: Vec<Compiled>,
    /// The sets of words that patterns need.
    pub wants: Wants,
    /// Words that no compound part matches.
    #[serde(serialize_with = "sorted")]
    pub compound_stop: FxHashSet<String>,
    /// Words before which a separated particle may stand.
    #[serde(serialize_with = "sorted")]
    pub after_particle: FxHashSet<WordId>,
    /// Words after which a particle is none.
    #[serde(serialize_with = "sorted")]
    pub not_before_particle: FxHashSet<WordId>,
    /// Particles that are also prepositions.
    #[serde(serialize_with = "sorted")]
    pub prepositions: FxHashSet<WordId>,
}

/// Writes a set in the order of its items, so that the same set gives the same bytes.
fn sorted<T: Ord + Serialize, S: Serializer>(
    set: &FxHashSet<T>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut items: Vec<&T> = set.iter().collect();
    items.sort_unstable();
    items.serialize(serializer)
}

/// The stamp of the next set.
static STAMPS: AtomicU64 = AtomicU64::new(1);

impl PatternSet {
    /// Makes what follows from the rest: a set is used after this only.
    pub(super) fn complete(&mut self) {
        self.stamp = STAMPS.fetch_add(1, Ordering::Relaxed);
        self.words = (0..)
            .zip(&self.names)
            .map(|(n, w)| (w.clone(), n))
            .collect();
        // Number 0 is no word.
        self.words.remove("");
        self.wants.complete();
    }

    /// The words and parts by which a pattern is found.
    #[must_use]
    pub fn anchors_of(&self, pattern: &Compiled) -> &[Anchor] {
        let anchors = pattern.anchors.and_then(|n| self.anchors.get(n as usize));
        anchors.map_or(&[], |a| a)
    }

    /// The set of words of this number; empty when there is none.
    #[must_use]
    #[inline]
    pub fn word_set(&self, number: u32) -> &WordSet {
        self.sets.get(number as usize).unwrap_or(&self.nothing)
    }

    /// Number of a word; [`UNKNOWN`] when no pattern has it.
    #[must_use]
    pub fn id(&self, word: &str) -> WordId {
        self.words.get(word).copied().unwrap_or(UNKNOWN)
    }
}

impl Step {
    /// The same step in a program that holds `by` more steps before it.
    pub(super) const fn shifted(self, by: u32) -> Self {
        match self {
            Self::Fork(a, b) => Self::Fork(a + by, b + by),
            Self::Jump(a) => Self::Jump(a + by),
            step => step,
        }
    }
}
