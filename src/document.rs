//! A document: its text, its pages, and what is known of its quality.

use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use time::Date;

use crate::span::Span;

/// How far a document could be read. One list for all formats and outputs.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Read in full.
    #[default]
    Ok,
    /// Some pages or parts were not read.
    Partial,
    /// Images of text only.
    NeedsOcr,
    /// Text whose letters could not be mapped.
    Garbled,
    /// No text.
    Empty,
    /// Needs a password.
    Encrypted,
    /// Broken beyond repair.
    Damaged,
    /// A format that is not read.
    Unsupported,
    /// Larger than a limit.
    TooLarge,
    /// Took longer than the limit.
    Timeout,
    /// No permission, or vanished.
    Unreadable,
    /// In another language.
    NotDutch,
    /// The program failed on it; a defect to report.
    Panic,
}

impl Status {
    /// The name in records.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Partial => "partial",
            Self::NeedsOcr => "needs_ocr",
            Self::Garbled => "garbled",
            Self::Empty => "empty",
            Self::Encrypted => "encrypted",
            Self::Damaged => "damaged",
            Self::Unsupported => "unsupported",
            Self::TooLarge => "too_large",
            Self::Timeout => "timeout",
            Self::Unreadable => "unreadable",
            Self::NotDutch => "not_dutch",
            Self::Panic => "panic",
        }
    }

    /// Whether text was read that can be scored.
    #[must_use]
    pub const fn is_scored(self) -> bool {
        matches!(self, Self::Ok | Self::Partial)
    }

    /// The Dutch words for reviewers.
    #[must_use]
    pub const fn dutch(self) -> &'static str {
        match self {
            Self::Ok => "gelezen",
            Self::Partial => "deels gelezen",
            Self::NeedsOcr => "alleen beeld, tekstherkenning nodig",
            Self::Garbled => "letters niet te herleiden",
            Self::Empty => "leeg",
            Self::Encrypted => "beveiligd met een wachtwoord",
            Self::Damaged => "beschadigd",
            Self::Unsupported => "bestandssoort niet ondersteund",
            Self::TooLarge => "te groot",
            Self::Timeout => "duurde te lang",
            Self::Unreadable => "niet te openen",
            Self::NotDutch => "niet Nederlandstalig",
            Self::Panic => "programmafout bij dit bestand",
        }
    }

    /// What a reviewer can do about it, in Dutch; empty for what was read.
    #[must_use]
    pub const fn advice(self) -> &'static str {
        match self {
            Self::Ok => "",
            Self::Partial => "lees de rest zelf",
            Self::NeedsOcr => "lees het zelf, of laat opnieuw scannen met tekstherkenning (--ocr)",
            Self::Garbled => "lees het zelf; vraag om het oorspronkelijke bestand",
            Self::Empty => "open het zelf: er is geen tekst in gevonden",
            Self::Encrypted => "open het met het wachtwoord, of geef dat aan wie de scan maakt",
            Self::Damaged => "vraag het bestand opnieuw op",
            Self::Unsupported => "zet het om naar PDF, of lees het zelf",
            Self::TooLarge => "lees het zelf, of vraag wie de scan maakt om een hogere grens",
            Self::Timeout => "lees het zelf, of vraag wie de scan maakt om meer tijd",
            Self::Unreadable => "vraag wie de scan maakt of die het mag openen",
            Self::NotDutch => "lees het zelf, of laat het vertalen",
            Self::Panic => "lees het zelf, en meld dit zonder het bestand mee te sturen",
        }
    }
}

/// One page of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// Page number, from 1.
    pub number: u32,
    /// Its stretch of [`Document::text`], in bytes.
    pub span: Span,
    /// `Ok`, `NeedsOcr`, `Garbled`, `Empty` or `Damaged`.
    pub status: Status,
    /// Whether its text was recognised from an image.
    pub ocr: bool,
}

/// Where a date came from: the document's own, or of a finding in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DateCertainty {
    /// A date column of an export.
    Column,
    /// Written in the text as the document's date.
    Text,
    /// In the name of the file.
    Name,
    /// From the file's metadata.
    Metadata,
    /// At the head of the dated entry that a finding stands in; never of a document.
    Entry,
}

/// A document on its way through the pipeline. [`fmt::Debug`] shows no text.
#[derive(Clone, Default)]
pub struct Document {
    /// Hash of the content (SHA-256, first 16 hex digits), or of path and status when nothing was read.
    pub id: String,
    /// Path as given; rows of an export end in `#` and the row's id.
    pub path: String,
    /// The young person's dossier.
    pub dossier: String,
    /// Name of the format: `txt`, `docx`, `csv`, ...; as its reader calls itself.
    pub format: String,
    /// The text as read; every offset points into it. Pages are separated by `\n`.
    pub text: String,
    /// Pages in order; empty for formats without pages.
    pub pages: Vec<Page>,
    /// Stretches of the text that quote another message, sorted, in bytes.
    pub quoted: Vec<Span>,
    /// How far it was read.
    pub status: Status,
    /// Why, in a few words; never case text.
    pub status_detail: String,
    /// The document's own date.
    pub date: Option<Date>,
    /// Where the date came from.
    pub date_certainty: Option<DateCertainty>,
    /// Year of birth of the young person, where an export has it.
    pub birth_year: Option<i32>,
    /// Language (ISO 639-1), empty when too short to tell.
    pub language: String,
    /// Names, in the cache of recognition, of what was recognised in its images.
    pub ocr_keys: Vec<String>,
    /// Quality notes: `encoding:windows-1252`, `ocr_layer`, `repaired`, ... sorted.
    pub quality: Vec<String>,
}

impl Document {
    /// A document from a text alone, for tests and embedding.
    #[must_use]
    pub fn from_text(path: &str, text: impl Into<String>) -> Self {
        let text = text.into();
        Self {
            id: content_id(text.as_bytes()),
            path: path.to_owned(),
            dossier: path.to_owned(),
            format: "txt".to_owned(),
            text,
            language: "nl".to_owned(),
            ..Self::default()
        }
    }

    /// The id of a document without text: of its path and status.
    pub(crate) fn unread_id(path: &str, status: Status) -> String {
        content_id(format!("{path}\0{}", status.as_str()).as_bytes())
    }

    /// A document of which nothing was read.
    #[must_use]
    pub fn unread(
        path: &str,
        dossier: &str,
        format: &str,
        status: Status,
        detail: impl Into<String>,
    ) -> Self {
        Self {
            id: Self::unread_id(path, status),
            path: path.to_owned(),
            dossier: dossier.to_owned(),
            format: format.to_owned(),
            status,
            status_detail: detail.into(),
            ..Self::default()
        }
    }

    /// Page number (from 1) of a byte offset; `None` for formats without pages.
    #[must_use]
    pub fn page_at(&self, offset: usize) -> Option<u32> {
        let after = self.pages.partition_point(|p| p.span.start <= offset);
        after
            .checked_sub(1)
            .and_then(|i| self.pages.get(i))
            .map(|p| p.number)
    }

    /// Whether the text at a byte offset was recognised from an image.
    #[must_use]
    pub fn is_ocr(&self, offset: usize) -> bool {
        let after = self.pages.partition_point(|p| p.span.start <= offset);
        (after.checked_sub(1).and_then(|i| self.pages.get(i))).is_some_and(|p| p.ocr)
    }

    /// Whether the text at a byte offset quotes another message.
    #[must_use]
    pub fn is_quoted(&self, offset: usize) -> bool {
        let after = self.quoted.partition_point(|s| s.start <= offset);
        (after.checked_sub(1).and_then(|i| self.quoted.get(i))).is_some_and(|s| offset < s.end)
    }

    /// Numbers of the pages that were not read.
    #[must_use]
    pub fn pages_unread(&self) -> Vec<u32> {
        self.pages
            .iter()
            .filter(|p| {
                matches!(
                    p.status,
                    Status::NeedsOcr | Status::Garbled | Status::Damaged
                )
            })
            .map(|p| p.number)
            .collect()
    }
}

impl fmt::Debug for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Document")
            .field("id", &self.id)
            .field("status", &self.status)
            .field("bytes", &self.text.len())
            .field("pages", &self.pages.len())
            .finish_non_exhaustive()
    }
}

/// First 16 hex digits of the SHA-256 of `bytes`.
#[must_use]
pub fn content_id(bytes: &[u8]) -> String {
    short_hash(Sha256::new_with_prefix(bytes))
}

/// First 16 hex digits of a SHA-256.
pub(crate) fn short_hash(hash: Sha256) -> String {
    let digest = hash.finalize();
    let head = digest
        .iter()
        .take(8)
        .fold(0_u64, |n, b| n << 8 | u64::from(*b));
    format!("{head:016x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_hides_the_text() {
        let document = Document::from_text("a.txt", "geheim verhaal");
        assert!(!format!("{document:?}").contains("verhaal"));
    }

    #[test]
    fn page_at_finds_the_page() {
        let mut document = Document::from_text("a.pdf", "een\ntwee");
        document.pages = vec![
            Page {
                number: 1,
                span: Span::new(0, 3),
                status: Status::Ok,
                ocr: false,
            },
            Page {
                number: 2,
                span: Span::new(4, 8),
                status: Status::NeedsOcr,
                ocr: false,
            },
        ];
        assert_eq!(
            (document.page_at(3), document.page_at(4)),
            (Some(1), Some(2))
        );
        assert_eq!(document.pages_unread(), [2]);
    }
}
