//! What the pipeline makes of inputs.

use sha2::{Digest, Sha256};

use super::Stat;
use crate::analyze::Analysis;
use crate::document::Document;

/// What is made of an input, in order.
#[derive(Debug)]
pub enum Made {
    /// A document.
    Document {
        /// Number of the input in the plan.
        input: usize,
        /// Its [`content_key`].
        key: i64,
        /// Its analysis.
        what: What,
    },
    /// There are no more documents in the input.
    End {
        /// Number of the input in the plan.
        input: usize,
        /// Hash of its bytes; empty when not all of them were read.
        hash: String,
        /// What the file system says of it; none when it changed while it was read.
        stat: Option<Stat>,
        /// It has the hash that it had before, and was not read.
        same: bool,
    },
}

/// The analysis of a document.
#[derive(Debug)]
pub enum What {
    /// A new one.
    Analysis(Box<Analysis>),
    /// That of a row of the store, under another name maybe.
    Known(i64, Box<Named>),
}

/// The names of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// Its path as recorded.
    pub path: String,
    /// Its dossier.
    pub dossier: String,
}

impl Named {
    /// Those of a document.
    #[must_use]
    pub fn of(document: &Document) -> Self {
        Self {
            path: document.path.clone(),
            dossier: document.dossier.clone(),
        }
    }
}

impl Made {
    /// The analysis, where a new one was made.
    #[must_use]
    pub fn into_analysis(self) -> Option<Analysis> {
        match self {
            Self::Document {
                what: What::Analysis(analysis),
                ..
            } => Some(*analysis),
            _ => None,
        }
    }
}

/// A hash of all that the analysis of a document follows from, but for lexicon, settings and program: documents with the same one differ
/// in path and dossier at most.
#[must_use]
pub fn content_key(document: &Document) -> i64 {
    let Document {
        id,
        path: _,
        dossier: _,
        format,
        // `id` is its hash, or that of path and status where nothing was read.
        text: _,
        pages,
        quoted,
        status,
        status_detail,
        date,
        date_certainty,
        birth_year,
        language,
        quality,
        ocr_keys: _,
    } = document;
    let facts = (format, status, status_detail, date, date_certainty);
    let more = (birth_year, language, quality, pages, quoted);
    let hash = Sha256::new_with_prefix(format!("{id}\0{facts:?}\0{more:?}"));
    let head = hash
        .finalize()
        .iter()
        .take(8)
        .fold(0_u64, |n, b| n << 8 | u64::from(*b));
    head.cast_signed()
}
