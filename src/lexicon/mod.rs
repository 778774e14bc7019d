//! The lexicon: raw files, validated, compiled. Immutable once loaded.

mod anchors;
mod branches;
pub mod compile;
pub mod compiled;
mod entries;
mod files;
pub mod morphology;
pub mod notation;
pub mod pattern;
pub mod present;
pub mod raw;
pub mod scope;
pub mod starts;
mod validate;
pub mod values;
pub mod wants;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use files::Files;
pub use pattern::{PatternId, PatternSet, Recogniser};
pub use values::{Experiencer, Presence, Property, Qualifiers, Temporality, Tier};

use crate::error::Result;
use crate::text::Boundaries;

/// A validated, compiled lexicon.
#[derive(Debug, Serialize, Deserialize)]
pub struct Lexicon {
    /// Who made it and which version it is.
    pub manifest: raw::Manifest,
    /// SHA-256 of all its files (first 16 hex digits), overlays included.
    pub hash: String,
    /// Stages in order.
    pub stages: Vec<raw::Stage>,
    /// Points, caps, bands.
    pub scoring: raw::Scoring,
    /// Categories in the order of stages.
    pub categories: Vec<Category>,
    /// Terms in order of category and id.
    pub terms: Vec<Term>,
    /// Context rules of all properties.
    pub rules: Vec<Rule>,
    /// Patterns that end a scope, per property.
    pub terminators: BTreeMap<Property, Vec<PatternId>>,
    /// Patterns whose last two words end a scope, per property.
    pub turns: BTreeMap<Property, Vec<PatternId>>,
    /// What headings mean.
    pub sections: Vec<Section>,
    /// Who tells it.
    pub reporters: Vec<PatternId>,
    /// What young people tell themselves; a negation in it is their denial.
    pub own_words: Vec<PatternId>,
    /// Somebody has seen or found it.
    pub witnessed: Vec<PatternId>,
    /// How somebody else gets a name.
    pub others: Vec<PatternId>,
    /// Document genre.
    pub genre: Genre,
    /// Answers of forms.
    pub answers: Answers,
    /// What the segmenter needs.
    pub boundaries: Boundaries,
    /// All compiled patterns.
    pub set: PatternSet,
    /// References by source id.
    pub sources: BTreeMap<String, String>,
    /// The words whose forms patterns name by `{lemma}`.
    pub words: morphology::Words,
    /// Known Dutch words; fuzzy matching leaves them alone.
    pub known_words: KnownWords,
}

/// A category of signals.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Category {
    /// Id.
    pub id: String,
    /// Number of its stage in [`Lexicon::stages`].
    pub stage: usize,
    /// Default tier.
    pub tier: Tier,
    /// Dutch name.
    pub name: String,
    /// What belongs to it.
    pub about: String,
    /// Its signals name exploitation or report it: a professional has seen it.
    pub naming: bool,
}

/// A term: one way of saying a signal.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Term {
    /// `category.id`.
    pub id: String,
    /// Number of its category.
    pub category: usize,
    /// Its tier.
    pub tier: Tier,
    /// Compiled patterns.
    pub patterns: Vec<PatternId>,
    /// The same as written.
    pub written: Vec<String>,
    /// Suppressors: one is enough.
    pub unless: Vec<Condition>,
    /// Requirements: all must hold.
    pub needs: Vec<Condition>,
    /// Tier raisers.
    pub lift: Vec<Condition>,
    /// One edit allowed in long words.
    pub fuzzy: bool,
    /// Suicide risk.
    pub urgent: bool,
    /// A protective fact.
    pub protective: bool,
    /// Slang: when it was last reviewed.
    pub reviewed: Option<String>,
    /// Source ids.
    pub sources: Vec<String>,
    /// Texts that must match.
    pub matches: Vec<Example>,
    /// Texts that must not.
    pub ignores: Vec<Example>,
    /// Where it stands.
    pub place: Place,
}

/// A condition on the surroundings of a match.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Condition {
    /// Where to look.
    pub reach: Reach,
    /// What to look for.
    pub pattern: PatternId,
    /// The same as written.
    pub written: String,
    /// New tier (`lift`).
    pub tier: Option<Tier>,
}

/// Scope of a condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reach {
    /// The clause.
    Clause,
    /// The sentence.
    Sentence,
    /// The section.
    Section,
    /// The document.
    Document,
}

/// A text of a self-test.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Example {
    /// The text, marks removed.
    pub text: String,
    /// The stretch that was marked, in bytes; the whole text when there was no mark.
    pub marked: Option<crate::span::Span>,
    /// Where it stands.
    pub place: Place,
}

/// A place in the lexicon's files.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// File, relative to the lexicon.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column, from 1.
    pub column: usize,
}

/// A context rule.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Rule {
    /// `property.id`.
    pub id: String,
    /// Which property.
    pub property: Property,
    /// The value it gives; empty for a pseudo-trigger.
    pub value: String,
    /// Kind of cue.
    pub kind: String,
    /// The cue may stand before the signal.
    pub before: bool,
    /// ... after it.
    pub after: bool,
    /// ... inside it.
    pub inside: bool,
    /// How far it reaches.
    pub scope: RuleScope,
    /// Most words between; 0 for no limit.
    pub max: usize,
    /// Higher wins.
    pub priority: i32,
    /// Does not stop at terminators.
    pub through: bool,
    /// Crosses a comma only inside a list of short items.
    pub list: bool,
    /// Does not cross a comma at all.
    pub no_commas: bool,
    /// Its cue may be a word that the signal's own pattern spells.
    pub spelled: bool,
    /// Cues.
    pub patterns: Vec<PatternId>,
    /// Cues do not count beside these.
    pub unless: Vec<PatternId>,
    /// Its cues do not reach a signal that somebody has seen.
    pub not_witnessed: bool,
    /// Terminators of this rule only.
    pub ends: Vec<PatternId>,
    /// What the sentence or clause of the signal begins with.
    pub opens: Vec<PatternId>,
    /// Numbers of the categories it is for; empty for all.
    pub categories: Vec<usize>,
    /// Texts where it decides.
    pub matches: Vec<Example>,
    /// Texts where it must not.
    pub ignores: Vec<Example>,
    /// Where it stands.
    pub place: Place,
}

/// How far a context rule reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum RuleScope {
    /// The clause, commas of a list included.
    Clause,
    /// The sentence, up to a terminator.
    Sentence,
    /// The sentence and its neighbour: a cue before also from the sentence before, a cue after also from the next one.
    Next,
    /// The answer of a form field whose label holds the signal, or the other way round.
    Field,
}

/// What a kind of heading means.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Section {
    /// Id.
    pub id: String,
    /// Patterns of the heading.
    pub patterns: Vec<PatternId>,
    /// Values it gives.
    pub means: Vec<(Property, String)>,
}

/// Answers of forms, as patterns.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Answers {
    /// Yes.
    pub yes: Vec<PatternId>,
    /// No, and what stands for it.
    pub no: Vec<PatternId>,
    /// Does not know.
    pub unsure: Vec<PatternId>,
    /// After a question: somebody is going to find out.
    pub follow_up: Vec<PatternId>,
    /// What a question begins with, unlike a fragment that doubts.
    pub asks: Vec<PatternId>,
}

/// Cues of document genre.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Genre {
    /// Cues of text about nobody in particular.
    pub policy: Vec<PatternId>,
    /// Cues of a record.
    pub record: Vec<PatternId>,
    /// Weight of one record cue, in policy cues.
    pub record_weight: usize,
    /// At least so many policy cues.
    pub least: usize,
    /// At least so many policy cues per 1,000 words.
    pub per_thousand: usize,
}

/// A Bloom filter over the known Dutch words; see `lexicon known-words` in the program.
#[derive(Clone, Default, Serialize, Deserialize)]
pub struct KnownWords {
    bits: Vec<u8>,
}

impl std::fmt::Debug for KnownWords {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "KnownWords({} bytes)", self.bits.len())
    }
}

impl KnownWords {
    /// Reads the packed form.
    #[must_use]
    pub fn from_bytes(bits: &[u8]) -> Self {
        Self {
            bits: bits.to_vec(),
        }
    }

    /// Packs folded words: ten bits a word, four probes, so about one unknown word in a hundred passes for known.
    #[must_use]
    pub fn pack<'a>(words: impl Iterator<Item = &'a str> + Clone) -> Vec<u8> {
        let count = words.clone().count().max(1);
        let mut bits = vec![0_u8; count * 10 / 8 + 1];
        for word in words {
            for bit in probes(word, bits.len() * 8) {
                if let Some(byte) = bits.get_mut(bit / 8) {
                    *byte |= 1 << (bit % 8);
                }
            }
        }
        bits
    }

    /// Whether the list is there and holds the folded word (very probably).
    #[must_use]
    pub fn holds(&self, word: &str) -> bool {
        !self.bits.is_empty() && self.contains(word)
    }

    /// Whether the folded word is (very probably) a known one. `true` when there is no list: then nothing is fuzzy.
    #[must_use]
    pub fn contains(&self, word: &str) -> bool {
        self.bits.is_empty()
            || probes(word, self.bits.len() * 8).all(|bit| {
                self.bits
                    .get(bit / 8)
                    .is_some_and(|b| b & (1 << (bit % 8)) != 0)
            })
    }
}

/// FNV-1a, split in two for double hashing: stable between versions and machines.
fn probes(word: &str, size: usize) -> impl Iterator<Item = usize> {
    let hash = word.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |h, b| {
        (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3)
    });
    // Probe `i` is (a + i b) mod size; division is what costs most here.
    let size = u32::try_from(size).unwrap_or(u32::MAX);
    let (a, b) = ((hash >> 32) as u32 % size, (hash as u32 | 1) % size);
    let step = move |at: &u32| {
        Some(match at.checked_sub(size - b) {
            Some(past) => past,
            None => at + b,
        })
    };
    std::iter::successors(Some(a), step)
        .take(4)
        .map(|at| at as usize)
}

impl Lexicon {
    /// A lexicon from files in memory, for tests and tools.
    ///
    /// # Errors
    /// All problems of all files.
    pub fn from_files(files: &Files) -> Result<Self> {
        validate::compile(files)
    }

    /// A category by id.
    #[must_use]
    pub fn category(&self, id: &str) -> Option<&Category> {
        self.categories.iter().find(|c| c.id == id)
    }

    /// A stage by id.
    #[must_use]
    pub fn stage(&self, id: &str) -> Option<&raw::Stage> {
        self.stages.iter().find(|s| s.id == id)
    }

    /// The stages that make `hoog` without a hard finding.
    pub fn hoog_stages(&self) -> impl Iterator<Item = &raw::Stage> {
        self.scoring
            .hoog_stages
            .iter()
            .filter_map(|id| self.stage(id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_words_hold_what_was_packed() {
        let words: Vec<String> = (0..5000).map(|n| format!("woord{n}")).collect();
        let known = KnownWords::from_bytes(&KnownWords::pack(words.iter().map(String::as_str)));
        assert!(words.iter().all(|w| known.contains(w)));
        let wrong = (0..5000)
            .filter(|n| known.contains(&format!("anders{n}")))
            .count();
        assert!(wrong < 150, "{wrong}");
    }
}
