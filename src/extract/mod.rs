//! Formats: one file each behind one trait and one table. Content decides the format, then the extension.

pub mod date;
mod image;
mod inside;
pub mod isolate;
pub mod language;
mod limits;
mod notes;
pub mod ocr;
mod paged;
pub mod pdf;
mod plain;
mod scanned;

pub use inside::Room;
pub use limits::{Limits, Mapping, Settings};

use crate::document::{DateCertainty, Document, Status};

/// Where a document comes from.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// Path as recorded.
    pub shown: &'a str,
    /// Dossier.
    pub dossier: &'a str,
    /// How many files it lies inside of.
    pub depth: u32,
    /// What files inside the outermost file may still take; none for that file itself.
    pub room: Option<&'a Room>,
}

impl<'a> Source<'a> {
    /// A file that lies in no other.
    #[must_use]
    pub const fn new(shown: &'a str, dossier: &'a str) -> Self {
        Self {
            shown,
            dossier,
            depth: 0,
            room: None,
        }
    }
}

/// A file format.
pub trait Extractor: Sync {
    /// Name, as in records.
    fn name(&self) -> &'static str;
    /// Raised when its output changes.
    fn version(&self) -> u32;
    /// File name extensions, lower case.
    fn extensions(&self) -> &'static [&'static str];
    /// Whether the content says that it is this format; asked of every file, so cheap.
    fn recognises(&self, bytes: &[u8]) -> bool;
    /// Hands over the documents in the file; at least one, in order.
    fn extract(
        &self,
        bytes: &[u8],
        source: Source<'_>,
        settings: &Settings,
        out: &mut dyn FnMut(Document),
    );
}

/// All formats, in the order in which they are asked.
pub static EXTRACTORS: &[&dyn Extractor] = &[
    &paged::Pdf,
    &image::Image,
    &notes::Csv,
    &notes::Jsonl,
    &plain::Markdown,
    &plain::Text,
];

/// Formats that are known and not read: first bytes or extension, name, advice.
const UNSUPPORTED: &[(&[u8], &[&str], &str, &str)] = &[
    (
        b"PK\x03\x04",
        &["docx", "xlsx", "odt", "ods", "zip", "pptx"],
        "zip",
        "save it as PDF or plain text",
    ),
    (
        b"\xD0\xCF\x11\xE0",
        &["doc", "xls", "msg", "ppt"],
        "ole",
        "convert it, for example with `soffice --convert-to pdf`",
    ),
    (b"{\\rtf", &["rtf"], "rtf", "save it as PDF or plain text"),
    (
        b"<!DOCTYPE html",
        &["html", "htm"],
        "html",
        "print it to PDF or save it as plain text",
    ),
    (
        b"<html",
        &[],
        "html",
        "print it to PDF or save it as plain text",
    ),
];

/// Bytes that formats are recognised by.
const HEAD: usize = 1024;

/// The first bytes of a file.
fn head(bytes: &[u8]) -> &[u8] {
    bytes.get(..HEAD).unwrap_or(bytes)
}

/// The documents in `bytes`; the extension of `source.shown` helps where the content does not tell.
pub fn from_bytes(
    bytes: &[u8],
    source: Source<'_>,
    settings: &Settings,
    out: &mut dyn FnMut(Document),
) {
    let unread = |format: &str, status, detail: &str| {
        Document::unread(source.shown, source.dossier, format, status, detail)
    };
    if bytes.is_empty() {
        return out(unread("", Status::Empty, "the file has no bytes"));
    }
    let head = head(bytes);
    let extension = source
        .shown
        .rsplit('/')
        .next()
        .and_then(|n| n.rsplit_once('.'))
        .map(|(_, e)| e.to_lowercase())
        .unwrap_or_default();
    if let Some(extractor) = EXTRACTORS.iter().find(|e| e.recognises(bytes)) {
        return extractor.extract(bytes, source, settings, out);
    }
    let known = UNSUPPORTED
        .iter()
        .find(|(magic, ..)| head.starts_with(magic));
    let known = known.or_else(|| {
        UNSUPPORTED
            .iter()
            .find(|(_, extensions, ..)| extensions.contains(&extension.as_str()))
    });
    if let Some((_, _, name, advice)) = known {
        return out(unread(
            name,
            Status::Unsupported,
            &format!("{name} files are not read yet; {advice}"),
        ));
    }
    if plain::is_binary(head) {
        return out(unread(
            "",
            Status::Unsupported,
            "no text and no format that is read",
        ));
    }
    let by_name = EXTRACTORS
        .iter()
        .find(|e| e.extensions().contains(&extension.as_str()));
    by_name
        .copied()
        .unwrap_or(&plain::Text)
        .extract(bytes, source, settings, out);
}

/// Fills in what every document gets: id, date, language, and the status that follows from its text.
fn finish(mut document: Document, settings: &Settings) -> Document {
    document.id = crate::document::content_id(document.text.as_bytes());
    if document.date.is_none()
        && let Some((found, certainty)) = date::own_date(&document.text, &document.path)
    {
        document.date = Some(found);
        document.date_certainty = Some(certainty);
    }
    if document.status.is_scored() {
        if document.text.len() > settings.limits.max_text_bytes {
            document.status = Status::TooLarge;
            document.status_detail =
                format!("more than {} bytes of text", settings.limits.max_text_bytes);
            document.text = String::new();
            document.pages.clear();
        } else if document.text.trim().is_empty() {
            document.status = Status::Empty;
            document.status_detail = "no text".to_owned();
        } else if let Some(language) = language::detect(&document.text) {
            language.clone_into(&mut document.language);
            if language != "nl" {
                document.status = Status::NotDutch;
                document.status_detail = format!("language: {language}");
            }
        }
    }
    document.quality.sort();
    document.quality.dedup();
    document
}

/// A date that a format holds itself, used when the text names none.
fn with_metadata_date(document: &mut Document, date: Option<time::Date>) {
    if document.date.is_none() && date.is_some() {
        document.date = date;
        document.date_certainty = Some(DateCertainty::Metadata);
    }
}
