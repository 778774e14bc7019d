//! Formats: one file each behind one trait and one table. Content decides the format, then the extension.

mod archive;
mod codepage;
pub mod date;
mod docx;
pub mod entry;
mod export;
mod flow;
mod html;
mod image;
mod inside;
pub mod isolate;
pub mod language;
mod limits;
mod mail;
mod note;
mod numerals;
pub mod ocr;
mod odf;
mod ole;
mod package;
mod paged;
pub mod pdf;
mod plain;
mod reading;
mod rtf;
mod scanned;
mod sheet;
mod symbols;
mod xml;

pub use export::Mapping;
pub use inside::{FAILED, Room, is_clutter};
pub use limits::{Limits, Settings};
pub use note::Note;

use std::io::Read;

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
    /// Whether its files are text: then the name may decide where the content does not.
    fn is_text(&self) -> bool {
        false
    }
    /// How it is read bit by bit, for formats of which one file may hold a million documents.
    fn stream(&self) -> Option<&dyn Stream> {
        None
    }
}

/// A format that is read without having all of a file in memory.
pub trait Stream: Sync {
    /// Hands over the documents as [`Extractor::extract`] does.
    fn read(
        &self,
        input: &mut dyn Read,
        source: Source<'_>,
        settings: &Settings,
        out: &mut dyn FnMut(Document),
    );
}

/// All formats, in the order in which they are asked.
pub static EXTRACTORS: &[&dyn Extractor] = &[
    &paged::Pdf,
    &docx::Docx,
    &odf::Odf,
    &sheet::xlsx::Xlsx,
    &sheet::xls::Xls,
    &sheet::ods::Ods,
    &rtf::Rtf,
    &html::Html,
    &mail::eml::Eml,
    &mail::mbox::Mbox,
    &mail::msg::Msg,
    &ole::Legacy,
    &archive::Zip,
    &image::Image,
    &export::csv::Csv,
    &export::json::Jsonl,
    &export::json::Json,
    &plain::Markdown,
    &plain::Text,
];

type Unsupported = (
    &'static [u8],
    &'static [&'static str],
    &'static str,
    &'static str,
);

/// Formats that are known and not read: first bytes or extension, name, advice.
const UNSUPPORTED: &[Unsupported] = &[
    (b"PK\x03\x04", &["pptx"], "pptx", "save it as PDF"),
    (b"7z\xBC\xAF\x27\x1C", &["7z"], "7z", "unpack it first"),
    (b"Rar!\x1A\x07", &["rar"], "rar", "unpack it first"),
    (b"\x1F\x8B", &["gz", "tgz"], "gzip", "unpack it first"),
    (b"BZh", &[], "bzip2", "unpack it first"),
    (b"\xFD7zXZ\x00", &["xz"], "xz", "unpack it first"),
    (
        b"\xD0\xCF\x11\xE0",
        &["doc", "xls", "ppt"],
        "ole",
        "convert it, for example with `soffice --convert-to pdf`",
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
    if let Some(extractor) = choose(bytes, source.shown) {
        return at_least_one(extractor, source, out, |out| {
            extractor.extract(bytes, source, settings, out);
        });
    }
    let extension = extension(source.shown);
    let by_name = || {
        UNSUPPORTED
            .iter()
            .find(|(_, extensions, ..)| extensions.contains(&extension.as_str()))
    };
    match unsupported(bytes) {
        Some((_, _, name, advice)) => out(unread(
            name,
            Status::Unsupported,
            &format!("{name} files are not read; {advice}"),
        )),
        None if !plain::is_binary(head(bytes)) => {
            plain::Text.extract(bytes, source, settings, out);
        }
        None => {
            let (name, advice) =
                by_name().map_or(("", "no text and no format that is read"), |u| (u.2, u.3));
            out(unread(name, Status::Unsupported, advice));
        }
    }
}

/// What a format reads, or one document that says that there is none: no file goes without a word.
fn at_least_one(
    extractor: &dyn Extractor,
    source: Source<'_>,
    out: &mut dyn FnMut(Document),
    read: impl FnOnce(&mut dyn FnMut(Document)),
) {
    let mut any = false;
    read(&mut |document| {
        any = true;
        out(document);
    });
    if !any {
        let (shown, dossier, format) = (source.shown, source.dossier, extractor.name());
        out(Document::unread(
            shown,
            dossier,
            format,
            Status::Empty,
            "no text",
        ));
    }
}

/// Bytes that tell whether a file is read as a stream.
const START: u64 = 64 << 10;

/// The documents in what `file` gives: bit by bit where the format allows it, else as a whole within the limit. `size` in bytes saves
/// reading what is too large anyway. Answers whether it was read, rather than too large to be.
///
/// # Errors
/// When it cannot be read; nothing was handed over then.
pub fn from_reader(
    file: &mut dyn Read,
    size: Option<u64>,
    source: Source<'_>,
    settings: &Settings,
    out: &mut dyn FnMut(Document),
) -> std::io::Result<bool> {
    let limit = settings.limits.max_file_bytes;
    // Room for a small file and for seeing its end: it is read at once.
    let room = |bytes: u64| usize::try_from(bytes.min(limit)).unwrap_or(0) + 64;
    let expected = size.unwrap_or(0);
    let mut bytes = Vec::with_capacity(room(expected.min(START)));
    (&mut *file).take(START).read_to_end(&mut bytes)?;
    if let Some(extractor) = choose(&bytes, source.shown)
        && let Some(stream) = extractor.stream()
    {
        at_least_one(extractor, source, out, |out| {
            stream.read(&mut bytes.chain(file), source, settings, out);
        });
        return Ok(true);
    }
    let more = bytes.len() as u64 == START;
    if more && size.is_none_or(|size| size <= limit) {
        bytes.reserve(room(expected.saturating_sub(START)));
        file.take((limit + 1).saturating_sub(START))
            .read_to_end(&mut bytes)?;
    }
    if size.is_some_and(|size| size > limit) || bytes.len() as u64 > limit {
        let detail = format!("larger than {} MB; see --max-file-mb", limit >> 20);
        let (shown, dossier) = (source.shown, source.dossier);
        out(Document::unread(
            shown,
            dossier,
            "",
            Status::TooLarge,
            detail,
        ));
        return Ok(false);
    }
    from_bytes(&bytes, source, settings, out);
    Ok(true)
}

/// The format by content, then by name; none when neither tells.
fn choose(bytes: &[u8], shown: &str) -> Option<&'static dyn Extractor> {
    let by_content = EXTRACTORS.iter().find(|e| e.recognises(bytes));
    by_content.copied().or_else(|| {
        if unsupported(bytes).is_some() {
            return None;
        }
        // Text under the name of a PDF is text; what is no text may be a damaged PDF.
        let is_text = !plain::is_binary(head(bytes));
        let extension = extension(shown);
        EXTRACTORS
            .iter()
            .find(|e| e.is_text() == is_text && e.extensions().contains(&extension.as_str()))
            .copied()
    })
}

fn unsupported(head: &[u8]) -> Option<&'static Unsupported> {
    UNSUPPORTED
        .iter()
        .find(|(magic, ..)| head.starts_with(magic))
}

/// The extension of a recorded path, lower case; empty when it has none.
#[must_use]
pub fn extension(shown: &str) -> String {
    let name = shown.rsplit('/').next().unwrap_or_default();
    name.rsplit_once('.')
        .map(|(_, e)| e.to_lowercase())
        .unwrap_or_default()
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
            document.status_detail = format!(
                "more than {} MB of text",
                settings.limits.max_text_bytes >> 20
            );
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
    // Of nothing there is no hash that tells one scan from another.
    if document.text.trim().is_empty() && document.status != Status::TooLarge {
        document.id = Document::unread_id(&document.path, document.status);
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
