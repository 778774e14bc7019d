//! What a format read from a file, on its way to a document.

use time::Date;

use crate::document::{DateCertainty, Document, Status};
use crate::extract::{Settings, Source, finish, plain, with_metadata_date};
use crate::span::Span;

/// The text of a file and what is known of it.
#[derive(Default)]
pub(super) struct Reading {
    /// The text, cleaned.
    pub(super) text: String,
    /// Stretches of it that quote another message, sorted.
    pub(super) quoted: Vec<Span>,
    /// Quality notes.
    pub(super) quality: Vec<String>,
    /// A date that the file holds outside its text.
    pub(super) date: Option<Date>,
    /// Whether that date is the document's, whatever dates the text names: that of a message.
    pub(super) is_dated: bool,
    /// Why a part is missing.
    pub(super) partial: Option<String>,
}

/// Why a file was not read; never case text.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Unread {
    /// What the document is marked with.
    pub(super) status: Status,
    /// In a few words.
    pub(super) detail: String,
}

impl Unread {
    pub(super) fn new(status: Status, detail: impl Into<String>) -> Self {
        let detail = detail.into();
        Self { status, detail }
    }

    pub(super) fn damaged(detail: &str) -> Self {
        Self::new(Status::Damaged, detail)
    }

    /// Needs a password or key.
    pub(super) fn encrypted(detail: &str) -> Self {
        Self::new(Status::Encrypted, detail)
    }

    pub(super) fn into_document(self, format: &str, source: Source<'_>) -> Document {
        Document::unread(
            source.shown,
            source.dossier,
            format,
            self.status,
            self.detail,
        )
    }
}

impl Reading {
    pub(super) fn new(text: String) -> Self {
        Self {
            text: plain::clean(text),
            ..Self::default()
        }
    }

    /// The document, before [`finish`].
    pub(super) fn into_document(self, format: &str, source: Source<'_>) -> Document {
        let mut document = Document::from_text(source.shown, self.text);
        source.dossier.clone_into(&mut document.dossier);
        format.clone_into(&mut document.format);
        document.language.clear();
        document.quoted = self.quoted;
        document.quality = self.quality;
        if let Some(detail) = self.partial {
            document.status = Status::Partial;
            document.status_detail = detail;
        }
        if self.is_dated && self.date.is_some() {
            document.date = self.date;
            document.date_certainty = Some(DateCertainty::Metadata);
        } else if let Some((date, certainty)) =
            crate::extract::date::own_date(&document.text, source.shown)
        {
            document.date = Some(date);
            document.date_certainty = Some(certainty);
        } else {
            with_metadata_date(&mut document, self.date);
        }
        document
    }
}

/// The finished document of a reading, or of its failure. What is broken and gave no text is damaged, not empty.
pub(super) fn document(
    reading: Result<Reading, Unread>,
    format: &str,
    source: Source<'_>,
    settings: &Settings,
) -> Document {
    match reading {
        Ok(Reading {
            text,
            partial: Some(detail),
            ..
        }) if text.trim().is_empty() => {
            Unread::new(Status::Damaged, detail).into_document(format, source)
        }
        Ok(reading) => finish(reading.into_document(format, source), settings),
        Err(unread) => unread.into_document(format, source),
    }
}
