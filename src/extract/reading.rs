//! What a format read from a file, on its way to a document.

use std::collections::BTreeSet;

use time::Date;

use crate::document::{DateCertainty, Document, Status};
use crate::extract::xml::{Event, Xml};
use crate::extract::{Settings, Source, date, finish, plain, with_metadata_date};
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

/// What is met on the way through the parts of a packed document.
#[derive(Default)]
pub(super) struct Found {
    /// Quality notes.
    pub(super) notes: BTreeSet<&'static str>,
    /// Why a part was not read to its end.
    pub(super) trouble: Option<&'static str>,
}

impl Found {
    /// The reading of a document whose text is complete; `is_broken` when the package lost its directory.
    pub(super) fn reading(self, text: String, date: Option<Date>, is_broken: bool) -> Reading {
        let mut reading = Reading::new(text);
        reading.date = date;
        reading.quality = self.notes.into_iter().map(str::to_owned).collect();
        reading.partial = if is_broken {
            Some("a broken zip file; what was found in it was read".to_owned())
        } else {
            self.trouble.map(str::to_owned)
        };
        reading
    }
}

/// When a document was last saved, else made: the first dates in elements of these names, of all or of those inside another element.
pub(super) fn saved_or_made(
    text: &str,
    within: Option<&str>,
    [saved, made]: [&str; 2],
) -> Option<Date> {
    let (mut saved_on, mut made_on) = (None, None);
    let (mut inside, mut is_within) = (String::new(), within.is_none());
    for event in Xml::new(text) {
        match event {
            Event::Open(tag) => {
                tag.name().clone_into(&mut inside);
                is_within |= within == Some(&inside);
            }
            Event::Close(name) if within == Some(&name) => break,
            Event::Close(_) => inside.clear(),
            Event::Text(text) if is_within && inside == saved => {
                saved_on = saved_on.or_else(|| date::iso(text.trim()));
            }
            Event::Text(text) if is_within && inside == made => {
                made_on = made_on.or_else(|| date::iso(text.trim()));
            }
            Event::Text(_) => {}
        }
    }
    saved_on.or(made_on)
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
        } else if let Some((date, certainty)) = date::own_date(&document.text, source.shown) {
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
