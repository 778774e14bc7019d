//! What a line is answered with.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::analyze::{Analysis, DocumentRecord};
use crate::copies::CopyKey;
use crate::document::Status;
use crate::dossier::{Dossier, DossierRecord};
use crate::finding::Finding;
use crate::lexicon::Lexicon;
use crate::passage::Passage;
use crate::score::{Contribution, Label};
use crate::store::RunInfo;

/// Why a line has no score, in a word that stays the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// The line is longer than the limit.
    TooLong,
    /// Its bytes are no UTF-8.
    NotUtf8,
    /// It is not one JSON object.
    BadJson,
    /// It has no `id` that is a string.
    NoId,
    /// It has none, or several, of `text`, `pdf_b64`, `file_b64` and `documents`.
    NoText,
    /// A field has another type than it should.
    BadField,
    /// Bytes are not in base 64.
    BadBase64,
    /// Rows of a dossier come from another program, lexicon or settings.
    OtherEngine,
    /// What was read of a document tells why: the name of its status.
    Status(Status),
}

/// The error of a dossier of which nothing was read.
const UNREAD: &str = "unread";

impl Code {
    /// As written in rows.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::TooLong => "too_long",
            Self::NotUtf8 => "not_utf8",
            Self::BadJson => "bad_json",
            Self::NoId => "no_id",
            Self::NoText => "no_text",
            Self::BadField => "bad_field",
            Self::BadBase64 => "bad_base64",
            Self::OtherEngine => "other_engine",
            Self::Status(status) => status.as_str(),
        }
    }

    /// The status of the document that the line should have been.
    pub(super) const fn status(self) -> Status {
        match self {
            Self::TooLong => Status::TooLarge,
            Self::Status(status) => status,
            _ => Status::Damaged,
        }
    }
}

/// What a row follows from beside its line.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Engine {
    /// Name and version of the program.
    pub program: String,
    /// Hash of the lexicon, overlays included.
    pub lexicon: String,
    /// Hash of program, lexicon, settings and readers together: rows with the same one belong together.
    pub engine: String,
}

impl Engine {
    /// Of this program with a lexicon and settings.
    #[must_use]
    pub fn new(lexicon: &Lexicon, settings: BTreeMap<String, Value>) -> Self {
        Self {
            program: concat!(env!("CARGO_PKG_NAME"), " ", env!("CARGO_PKG_VERSION")).to_owned(),
            lexicon: lexicon.hash.clone(),
            engine: RunInfo::new(lexicon, settings).engine(),
        }
    }
}

/// The answer to one line; fields in this order. Of a note or file it has `document`, of a dossier `dossier`. `Debug` shows no text.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// The line's `id`; none where it has none.
    pub id: Option<String>,
    /// Number of the line in its stream, from 1, where it has no `id`.
    pub line: Option<u64>,
    /// Why there is no score: a [`Code`]; none when there is one.
    pub error: Option<String>,
    /// The same in a few words; never case text.
    pub detail: String,
    /// 0 to 100; none when there is an error.
    pub score: Option<u32>,
    /// Triage label; none when there is an error.
    pub label: Option<Label>,
    /// Record of the document, whose `path` is the `id`.
    pub document: Option<DocumentRecord>,
    /// Record of the dossier.
    pub dossier: Option<DossierRecord>,
    /// Its findings; of a dossier those of all its documents that another one clears.
    pub findings: Vec<Finding>,
    /// Every point with its finding.
    pub contributions: Vec<Contribution>,
    /// By what findings are known in copies.
    pub copy_keys: Vec<CopyKey>,
    /// The text around findings.
    pub passages: Vec<Passage>,
    /// Name and version of the program.
    pub program: String,
    /// Hash of the lexicon.
    pub lexicon: String,
    /// As in [`Engine`].
    pub engine: String,
}

impl fmt::Debug for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Row")
            .field("line", &self.line)
            .field("error", &self.error)
            .field("score", &self.score)
            .finish_non_exhaustive()
    }
}

impl Row {
    /// Made by this engine, with nothing else in it.
    pub(super) fn of(engine: &Engine) -> Self {
        let Engine {
            program,
            lexicon,
            engine,
        } = engine.clone();
        Self {
            program,
            lexicon,
            engine,
            ..Self::default()
        }
    }

    /// What it was made with.
    #[must_use]
    pub fn made_with(&self) -> Engine {
        Engine {
            program: self.program.clone(),
            lexicon: self.lexicon.clone(),
            engine: self.engine.clone(),
        }
    }

    /// With the analysis of a document.
    pub(super) fn with_document(self, analysis: Analysis) -> Self {
        let Analysis {
            document,
            findings,
            contributions,
            copy_keys,
            ocr_keys: _,
            text: _,
            passages,
        } = analysis;
        let error =
            (document.score.is_none()).then(|| Code::Status(document.status).as_str().to_owned());
        Self {
            error,
            detail: document.status_detail.clone(),
            score: document.score,
            label: document.label,
            document: Some(document),
            findings,
            contributions,
            copy_keys,
            passages,
            ..self
        }
    }

    /// With a scored dossier. One of which nothing was read has no score, and its error is `unread`.
    pub(super) fn with_dossier(self, dossier: Dossier) -> Self {
        let Dossier {
            record,
            mut findings,
            contributions: _,
        } = dossier;
        findings.retain(|f| !f.cleared_by.is_empty());
        Self {
            error: record.score.is_none().then(|| UNREAD.to_owned()),
            score: record.score,
            label: record.label,
            dossier: Some(record),
            findings,
            ..self
        }
    }

    /// The analysis in it, if it is one of a document.
    #[must_use]
    pub fn into_analysis(self) -> Option<Analysis> {
        Some(Analysis {
            document: self.document?,
            findings: self.findings,
            contributions: self.contributions,
            copy_keys: self.copy_keys,
            passages: self.passages,
            ..Analysis::default()
        })
    }
}

/// The parts of a row by which rows are put together.
#[derive(Deserialize)]
pub(super) struct Head<'a> {
    #[serde(borrow)]
    pub(super) id: Option<Cow<'a, str>>,
    pub(super) line: Option<u64>,
    #[serde(borrow)]
    program: Cow<'a, str>,
    #[serde(borrow)]
    lexicon: Cow<'a, str>,
    #[serde(borrow)]
    engine: Cow<'a, str>,
}

impl Head<'_> {
    pub(super) fn made_with(&self) -> Engine {
        Engine {
            program: self.program.clone().into_owned(),
            lexicon: self.lexicon.clone().into_owned(),
            engine: self.engine.clone().into_owned(),
        }
    }
}
