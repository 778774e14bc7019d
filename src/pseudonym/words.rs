//! The words that names, numbers and addresses stand next to, from `words.toml`.

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};
use serde::Deserialize;

use crate::error::{Error, Result};
use crate::lexicon::{KnownWords, Lexicon};
use crate::text::fold;

/// Classes of a word, as bits.
pub(super) type Classes = u32;
pub(super) const RELATION: Classes = 1;
pub(super) const PLURAL: Classes = 1 << 1;
pub(super) const ROLE: Classes = 1 << 2;
pub(super) const TITLE: Classes = 1 << 3;
pub(super) const PREFIX: Classes = 1 << 4;
pub(super) const INNER_PREFIX: Classes = 1 << 5;
pub(super) const NAMED: Classes = 1 << 6;
pub(super) const FILLER: Classes = 1 << 7;
pub(super) const LABEL: Classes = 1 << 8;
pub(super) const GREETING: Classes = 1 << 9;
pub(super) const CLOSING: Classes = 1 << 10;
pub(super) const JOIN: Classes = 1 << 11;
pub(super) const VERB: Classes = 1 << 12;
pub(super) const STOP: Classes = 1 << 13;
pub(super) const ABBREVIATION: Classes = 1 << 14;
/// Who somebody is.
pub(super) const PERSON: Classes = RELATION | PLURAL | ROLE;

/// Filter over short Dutch words; the lexicon's has those of seven letters and more.
const SHORT: &[u8] = include_bytes!("short-words.bloom");
const WORDS: &str = include_str!("words.toml");
/// Letters of the shortest word in the lexicon's filter.
const LONG: usize = 7;
/// Letters of the shortest compound that is looked into, and of its shortest part.
const COMPOUND: usize = 10;
const PART: usize = 4;
/// Fewest letters before the second part of a compound.
const FIRST_PART: usize = 2;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    relations: Vec<String>,
    plurals: Vec<String>,
    roles: Vec<String>,
    titles: Vec<String>,
    prefixes: Vec<String>,
    inner_prefixes: Vec<String>,
    named: Vec<String>,
    fillers: Vec<String>,
    pairs: Vec<String>,
    labels: Vec<String>,
    greetings: Vec<String>,
    closings: Vec<String>,
    joins: Vec<String>,
    verbs: Vec<String>,
    stops: Vec<String>,
    file_words: FxHashSet<String>,
    birth: RawBirth,
    numbers: RawNumbers,
    online: RawOnline,
    address: RawAddress,
    ibans: BTreeMap<String, usize>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawBirth {
    pub(super) labels: Vec<String>,
    pub(super) months: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawNumbers {
    pub(super) bsn: Vec<String>,
    pub(super) iban: Vec<String>,
    pub(super) phone: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawOnline {
    pub(super) networks: Vec<String>,
    pub(super) domains: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawAddress {
    pub(super) streets: Vec<String>,
    pub(super) units: FxHashSet<String>,
}

/// All word lists, ready for looking up.
pub(super) struct Words {
    classes: FxHashMap<String, Classes>,
    /// Second parts of compounds, longest first.
    endings: Vec<(String, Classes)>,
    /// Two or more words after which a name may come, by the last of them.
    pub(super) pairs: FxHashMap<String, Vec<Vec<String>>>,
    pub(super) file_words: FxHashSet<String>,
    pub(super) birth: RawBirth,
    pub(super) numbers: RawNumbers,
    pub(super) online: RawOnline,
    pub(super) address: RawAddress,
    /// Length of an IBAN by country.
    pub(super) ibans: BTreeMap<String, usize>,
    long: KnownWords,
    short: KnownWords,
}

impl Words {
    pub(super) fn new(lexicon: &Lexicon) -> Result<Self> {
        let raw: Raw = toml::from_str(WORDS)
            .map_err(|e| Error::Usage(format!("pseudonym/words.toml: {}", e.message())))?;
        let mut classes: FxHashMap<String, Classes> = FxHashMap::default();
        let mut endings = Vec::new();
        for (list, class) in [
            (&raw.relations, RELATION),
            (&raw.plurals, PLURAL),
            (&raw.roles, ROLE),
            (&raw.titles, TITLE),
            (&raw.prefixes, PREFIX),
            (&raw.inner_prefixes, INNER_PREFIX),
            (&raw.named, NAMED),
            (&raw.fillers, FILLER),
            (&raw.labels, LABEL),
            (&raw.greetings, GREETING),
            (&raw.closings, CLOSING),
            (&raw.joins, JOIN),
            (&raw.verbs, VERB),
            (&raw.stops, STOP),
        ] {
            for word in list {
                if let Some(ending) = word.strip_prefix('*') {
                    endings.push((ending.to_owned(), class));
                }
                *classes
                    .entry(word.trim_start_matches('*').to_owned())
                    .or_default() |= class;
            }
        }
        let boundaries = &lexicon.boundaries;
        for word in (boundaries.abbreviations.iter()).chain(boundaries.soft_abbreviations.iter()) {
            *classes.entry(word.clone()).or_default() |= ABBREVIATION;
        }
        for word in &raw.titles {
            *classes.entry(word.clone()).or_default() |= ABBREVIATION;
        }
        endings.sort_by_key(|(e, _)| std::cmp::Reverse(e.len()));
        let mut pairs: FxHashMap<String, Vec<Vec<String>>> = FxHashMap::default();
        for pair in &raw.pairs {
            let mut list: Vec<String> = pair.split(' ').map(str::to_owned).collect();
            if let Some(last) = list.pop() {
                pairs.entry(last).or_default().push(list);
            }
        }
        Ok(Self {
            classes,
            endings,
            pairs,
            file_words: raw.file_words,
            birth: raw.birth,
            numbers: raw.numbers,
            online: raw.online,
            address: raw.address,
            ibans: raw.ibans,
            long: lexicon.known_words.clone(),
            short: KnownWords::from_bytes(SHORT),
        })
    }

    /// Classes of a word in lower case.
    pub(super) fn classes(&self, word: &str) -> Classes {
        if let Some(classes) = self.classes.get(word) {
            return *classes;
        }
        let compound = |(ending, _): &&(String, Classes)| {
            word.strip_suffix(ending.as_str())
                .is_some_and(|first| first.chars().count() >= FIRST_PART)
        };
        // "D'Angelo" ends in no relation; a long ending may still be a name by chance, a short one often is.
        self.endings
            .iter()
            .filter(|(e, _)| e.len() > 3 || word.contains('-'))
            .find(compound)
            .map_or(0, |(_, class)| *class)
    }

    /// Whether the word in lower case is a Dutch one (very probably).
    pub(super) fn is_dutch(&self, word: &str) -> bool {
        let folded = if word.is_ascii() {
            std::borrow::Cow::Borrowed(word)
        } else {
            std::borrow::Cow::Owned(fold(word))
        };
        let known = |w: &str| {
            if w.len() < LONG {
                self.short.holds(w)
            } else {
                self.long.holds(w)
            }
        };
        known(&folded)
            || folded.contains('-') && folded.split('-').all(|part| part.len() > 1 && known(part))
            || self.classes(word) & !(PREFIX | INNER_PREFIX) != 0
            || folded.len() >= COMPOUND
                && (PART..folded.len() - PART).any(|at| {
                    let (Some(first), Some(second)) = (folded.get(..at), folded.get(at..)) else {
                        return false;
                    };
                    known(second) && (known(first) || first.strip_suffix('s').is_some_and(known))
                })
    }
}

impl std::fmt::Debug for Words {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Words")
            .field("classes", &self.classes.len())
            .finish_non_exhaustive()
    }
}
