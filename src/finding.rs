//! A finding: a signal with its place, its context and what it counts for. The record of `findings.jsonl`.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::lexicon::{Experiencer, Presence, Property, Qualifiers, Temporality, Tier};

/// The words that decided a property, as recorded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CueRecord {
    /// Which property.
    pub property: Property,
    /// The value it gave.
    pub value: String,
    /// Kind of cue: `negation`, `denied`, `hearsay`, `heading`, `box`, ...
    pub kind: String,
    /// The rule that decided.
    pub rule: String,
    /// The words.
    pub text: String,
    /// First code point.
    pub start: usize,
    /// One past the last code point.
    pub end: usize,
}

/// One signal found in a document.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Id of the document.
    pub document: String,
    /// Its dossier.
    pub dossier: String,
    /// Which person, where a document is about several; empty for the one client.
    pub person: String,
    /// Page, from 1; none for formats without pages.
    pub page: Option<u32>,
    /// Line, from 1.
    pub line: usize,
    /// First code point.
    pub start: usize,
    /// One past the last code point.
    pub end: usize,
    /// First byte.
    pub byte_start: usize,
    /// One past the last byte.
    pub byte_end: usize,
    /// The words of the document.
    pub text: String,
    /// Category id.
    pub category: String,
    /// Stage id.
    pub stage: String,
    /// Term id.
    pub term: String,
    /// Tier after lifting.
    pub tier: Tier,
    /// Whether it is so.
    pub presence: Presence,
    /// When.
    pub temporality: Temporality,
    /// Whom it is about.
    pub experiencer: Experiencer,
    /// Information in general.
    pub generic: bool,
    /// What decided.
    pub cues: Vec<CueRecord>,
    /// Who reports it, where the text says so.
    pub source: String,
    /// Date of the dated entry that it stands in, else of its document (ISO); empty when unknown.
    pub date: String,
    /// Where the date came from: a [`DateCertainty`](crate::document::DateCertainty) as it is written in records, or empty.
    pub date_certainty: String,
    /// A word was one edit off.
    pub approximate: bool,
    /// From a page read by OCR.
    pub ocr: bool,
    /// In a quoted message.
    pub quoted: bool,
    /// A sign of suicide risk.
    pub urgent: bool,
    /// A protective fact: shown, never counted.
    pub protective: bool,
    /// Why it does not count: a condition of its term, or another finding.
    pub suppressed_by: String,
    /// Which later finding clears it (dossier level).
    pub cleared_by: String,
    /// Counts for score and label.
    pub active: bool,
    /// Points in the document's score.
    pub points: u32,
}

impl Finding {
    /// The four properties together.
    #[must_use]
    pub const fn qualifiers(&self) -> Qualifiers {
        Qualifiers {
            presence: self.presence,
            temporality: self.temporality,
            experiencer: self.experiencer,
            generic: self.generic,
        }
    }

    /// A sign of suicide risk that counts, and of which the text does not say that it is over.
    #[must_use]
    pub fn is_urgent(&self) -> bool {
        self.urgent && self.active && !self.cues.iter().any(|c| c.kind == "closed")
    }

    /// Present and current.
    #[must_use]
    pub fn is_present_current(&self) -> bool {
        self.presence == Presence::Present && self.temporality == Temporality::Current
    }
}

impl fmt::Debug for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Finding")
            .field("term", &self.term)
            .field("bytes", &(self.byte_start..self.byte_end))
            .field("active", &self.active)
            .finish_non_exhaustive()
    }
}
