//! Documents that are a zip of parts (docx, odt, xlsx): what kind, and their parts within limits, whatever sizes are declared.

use std::collections::HashMap;
use std::io::{Cursor, Read};

use zip::ZipArchive;
use zip::result::ZipError;

use crate::document::Status;
use crate::extract::reading::Unread;
use crate::extract::{Settings, xml};

/// What a zip file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Word: docx, docm, dotx, dotm.
    Docx,
    /// Excel: xlsx, xlsm.
    Xlsx,
    /// PowerPoint: pptx.
    Pptx,
    /// OpenDocument text, presentation or drawing.
    OdfText,
    /// OpenDocument spreadsheet.
    OdfSheet,
    /// Any other.
    Zip,
}

/// First bytes of an entry, of its row in the directory, and of the end of the directory.
const LOCAL: &[u8] = b"PK\x03\x04";
const CENTRAL: &[u8] = b"PK\x01\x02";
const END: &[u8] = b"PK\x05\x06";
/// Entries whose names are looked at.
const MAX_NAMES: usize = 10_000;

/// The kind of a zip file by the names of its entries; `None` for no zip file. Unpacks nothing.
pub(super) fn kind(bytes: &[u8]) -> Option<Kind> {
    if !bytes.starts_with(LOCAL) {
        return None;
    }
    // OpenDocument says what it is in its first entry, unpacked.
    if name_at(bytes, 0, 26, 30) == Some(b"mimetype") {
        let body = bytes.get(38..).unwrap_or_default();
        let body = body.get(..100).unwrap_or(body);
        let has = |word: &[u8]| body.windows(word.len()).any(|w| w == word);
        if has(b"opendocument.spreadsheet") {
            return Some(Kind::OdfSheet);
        }
        if has(b"vnd.oasis.opendocument") || has(b"vnd.sun.xml") {
            return Some(Kind::OdfText);
        }
    }
    let (mut office, mut found, mut content, mut manifest) = (false, None, false, false);
    for name in names(bytes).take(MAX_NAMES) {
        let name = plain_name(&String::from_utf8_lossy(name));
        office |= name == "[content_types].xml" || name == "_rels/.rels";
        content |= name == "content.xml";
        manifest |= name == "meta-inf/manifest.xml" || name == "mimetype";
        found = found.or(match name.split_once('/') {
            Some(("word", _)) => Some(Kind::Docx),
            Some(("xl", _)) => Some(Kind::Xlsx),
            Some(("ppt", _)) => Some(Kind::Pptx),
            _ => None,
        });
    }
    Some(match found {
        Some(kind) if office => kind,
        _ if content && manifest => Kind::OdfText,
        _ => Kind::Zip,
    })
}

/// Names as compared: case and the direction of slashes mean nothing.
fn plain_name(name: &str) -> String {
    name.replace('\\', "/")
        .trim_start_matches('/')
        .to_lowercase()
}

fn number(bytes: &[u8], at: usize, length: usize) -> Option<usize> {
    let field = bytes.get(at..at.checked_add(length)?)?;
    Some(field.iter().rev().fold(0, |n, b| n << 8 | usize::from(*b)))
}

/// The name in a header at `at`: its length at offset `length`, itself at offset `start`.
fn name_at(bytes: &[u8], at: usize, length: usize, start: usize) -> Option<&[u8]> {
    let length = number(bytes, at.checked_add(length)?, 2)?;
    let start = at.checked_add(start)?;
    bytes.get(start..start.checked_add(length)?)
}

/// Names in the directory; of a file without one, names of the entries themselves.
fn names(bytes: &[u8]) -> Box<dyn Iterator<Item = &[u8]> + '_> {
    let tail = bytes.len().saturating_sub(66_000);
    let end = bytes
        .get(tail..)
        .unwrap_or_default()
        .windows(4)
        .rposition(|w| w == END)
        .map(|at| tail + at);
    let directory = end.and_then(|end| {
        // The directory lies right before its end, also when something was put before the file.
        end.checked_sub(number(bytes, end + 12, 4)?)
            .filter(|at| bytes.get(*at..).is_some_and(|b| b.starts_with(CENTRAL)))
    });
    if let Some(start) = directory {
        let mut at = start;
        return Box::new(std::iter::from_fn(move || {
            if !bytes.get(at..)?.starts_with(CENTRAL) {
                return None;
            }
            let name = name_at(bytes, at, 28, 46)?;
            at += 46 + name.len() + number(bytes, at + 30, 2)? + number(bytes, at + 32, 2)?;
            Some(name)
        }));
    }
    Box::new(local_headers(bytes).filter_map(move |at| name_at(bytes, at, 26, 30)))
}

/// Where entries begin, found by their first bytes.
fn local_headers(bytes: &[u8]) -> impl Iterator<Item = usize> + '_ {
    let starts = bytes.windows(4).enumerate();
    starts.filter(|(_, w)| *w == LOCAL).map(|(at, _)| at)
}

/// A part of a package.
pub(super) struct Part {
    /// Its characters.
    pub(super) text: String,
    /// Whether that is all of it.
    pub(super) is_whole: bool,
}

enum Store<'a> {
    Zip(Box<ZipArchive<Cursor<&'a [u8]>>>, HashMap<String, usize>),
    /// A zip file without a directory: where its entries begin.
    Broken(&'a [u8], HashMap<String, usize>),
    /// One XML file that holds all parts.
    Flat(HashMap<String, String>),
}

/// An open package.
pub(super) struct Package<'a> {
    store: Store<'a>,
    max_part: u64,
    /// Bytes that may still be unpacked.
    left: u64,
}

/// What even a small file may unpack to.
const FLOOR: u64 = 4 << 20;

impl<'a> Package<'a> {
    /// Opens a zip file.
    pub(super) fn open(bytes: &'a [u8], settings: &Settings) -> Self {
        let store = match ZipArchive::new(Cursor::new(bytes)) {
            Ok(archive) if !archive.is_empty() => {
                let names = (0..archive.len())
                    .filter_map(|n| Some((plain_name(&archive.name_for_index(n)?.ok()?), n)))
                    .collect();
                Store::Zip(Box::new(archive), names)
            }
            _ => Store::Broken(
                bytes,
                local_headers(bytes)
                    .take(MAX_NAMES)
                    .filter_map(|at| {
                        let name = name_at(bytes, at, 26, 30)?;
                        Some((plain_name(&String::from_utf8_lossy(name)), at))
                    })
                    .collect(),
            ),
        };
        let ratio = (bytes.len() as u64).saturating_mul(settings.limits.max_ratio);
        Self {
            store,
            max_part: settings.limits.max_part_bytes,
            left: ratio.max(FLOOR),
        }
    }

    /// Opens a package that is one XML file.
    pub(super) fn flat(parts: impl Iterator<Item = (String, String)>) -> Self {
        Self {
            store: Store::Flat(parts.map(|(n, text)| (plain_name(&n), text)).collect()),
            max_part: u64::MAX,
            left: u64::MAX,
        }
    }

    /// Whether the directory of the file is lost.
    pub(super) const fn is_broken(&self) -> bool {
        matches!(self.store, Store::Broken(..))
    }

    /// The characters of an XML part; `None` when there is no such part.
    pub(super) fn part(&mut self, name: &str) -> Result<Option<Part>, Unread> {
        let part = self.bytes(name)?;
        Ok(part.map(|(bytes, is_whole)| Part {
            text: xml::decode(&bytes),
            is_whole,
        }))
    }

    /// The bytes of a part, and whether they are all; `None` when there is no such part.
    pub(super) fn bytes(&mut self, name: &str) -> Result<Option<(Vec<u8>, bool)>, Unread> {
        let name = plain_name(name);
        let limit = self.max_part.min(self.left);
        let mut bytes = Vec::new();
        let complete = match &mut self.store {
            Store::Flat(parts) => {
                let part = parts.get(&name);
                return Ok(part.map(|text| (text.clone().into_bytes(), true)));
            }
            Store::Zip(archive, names) => {
                let Some(index) = names.get(&name) else {
                    return Ok(None);
                };
                let entry = match archive.by_index(*index) {
                    Ok(entry) => entry,
                    Err(ZipError::InvalidPassword) => {
                        return Err(Unread::encrypted("needs a password"));
                    }
                    Err(ZipError::UnsupportedArchive(reason))
                        if reason == ZipError::PASSWORD_REQUIRED =>
                    {
                        return Err(Unread::encrypted("needs a password"));
                    }
                    Err(_) => return Err(Unread::damaged("a part that cannot be unpacked")),
                };
                entry.take(limit + 1).read_to_end(&mut bytes).is_ok()
            }
            Store::Broken(file, names) => {
                let Some(at) = names.get(&name) else {
                    return Ok(None);
                };
                unpack_at(file, *at, limit + 1, &mut bytes)?
            }
        };
        if bytes.len() as u64 > limit {
            return Err(Unread::new(
                Status::TooLarge,
                "a part unpacks to more bytes than the limit",
            ));
        }
        self.left -= bytes.len() as u64;
        Ok(Some((bytes, complete)))
    }
}

/// Unpacks the entry that begins at `at` as far as it goes; tells whether it came to its end.
fn unpack_at(file: &[u8], at: usize, limit: u64, out: &mut Vec<u8>) -> Result<bool, Unread> {
    let broken = || Unread::damaged("a part that cannot be unpacked");
    let field = |offset, length| number(file, at + offset, length).ok_or_else(broken);
    if field(6, 2)? & 1 == 1 {
        return Err(Unread::encrypted("needs a password"));
    }
    let start = at + 30 + field(26, 2)? + field(28, 2)?;
    let data = file.get(start..).ok_or_else(broken)?;
    match field(8, 2)? {
        0 => {
            let size = field(18, 4)?;
            let kept = data.get(..size).unwrap_or(data);
            kept.take(limit).read_to_end(out).ok();
            Ok(kept.len() == size && size > 0)
        }
        8 => {
            let unpacked = flate2::read::DeflateDecoder::new(data);
            Ok(unpacked.take(limit).read_to_end(out).is_ok())
        }
        _ => Err(broken()),
    }
}

/// Makes a zip file of parts, for tests.
#[cfg(test)]
pub(super) fn zipped(parts: &[(&str, &str)]) -> Vec<u8> {
    use std::io::Write;
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        let options = zip::write::SimpleFileOptions::default();
        let method = if *name == "mimetype" {
            zip::CompressionMethod::Stored
        } else {
            zip::CompressionMethod::Deflated
        };
        writer
            .start_file(*name, options.compression_method(method))
            .unwrap();
        writer.write_all(text.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TYPES: (&str, &str) = ("[Content_Types].xml", "<Types/>");

    #[test]
    fn kind_rows() {
        let odf = |mime| zipped(&[("mimetype", mime), ("content.xml", "")]);
        for (bytes, expected) in [
            (zipped(&[TYPES, ("word/document.xml", "")]), Kind::Docx),
            (zipped(&[TYPES, ("word\\document.xml", "")]), Kind::Docx),
            (zipped(&[TYPES, ("xl/workbook.xml", "")]), Kind::Xlsx),
            (zipped(&[TYPES, ("ppt/presentation.xml", "")]), Kind::Pptx),
            (zipped(&[("word/document.xml", "")]), Kind::Zip),
            (zipped(&[TYPES, ("map/word/document.xml", "")]), Kind::Zip),
            (zipped(&[("a.txt", "word/document.xml")]), Kind::Zip),
            (
                odf("application/vnd.oasis.opendocument.text"),
                Kind::OdfText,
            ),
            (
                odf("application/vnd.oasis.opendocument.spreadsheet"),
                Kind::OdfSheet,
            ),
            (
                zipped(&[("content.xml", ""), ("META-INF/manifest.xml", "")]),
                Kind::OdfText,
            ),
        ] {
            assert_eq!(kind(&bytes), Some(expected));
        }
        assert_eq!(kind(b"PK"), None);
        assert_eq!(kind(b"PK\x03\x04"), Some(Kind::Zip));
        let whole = zipped(&[TYPES, ("word/document.xml", "<a>x</a>")]);
        assert_eq!(kind(&whole[..whole.len() - 60]), Some(Kind::Docx));
    }

    #[test]
    fn part_is_read_within_limits() {
        let mut settings = Settings::default();
        let bomb = "0".repeat(8 << 20);
        let bytes = zipped(&[TYPES, ("word/document.xml", &bomb)]);
        let part = |settings: &Settings, bytes: &[u8]| {
            let part = Package::open(bytes, settings).part("WORD/document.xml");
            part.map(|p| p.map(|p| (p.text.len(), p.is_whole)))
                .map_err(|e| e.status)
        };
        assert_eq!(part(&settings, &bytes), Err(Status::TooLarge));
        settings.limits.max_ratio = 10_000;
        assert_eq!(part(&settings, &bytes), Ok(Some((8 << 20, true))));
        settings.limits.max_part_bytes = 1_000;
        assert_eq!(part(&settings, &bytes), Err(Status::TooLarge));
        assert_eq!(part(&settings, &zipped(&[TYPES])), Ok(None));
        // Bytes of a part are taken from the same room.
        settings.limits.max_part_bytes = 3 << 20;
        settings.limits.max_ratio = 1;
        let half = "0".repeat(3 << 20);
        let bytes = zipped(&[TYPES, ("word/a.html", &half), ("word/b.html", &half)]);
        let mut package = Package::open(&bytes, &settings);
        assert_eq!(
            package.bytes("word/a.html").unwrap().unwrap().0.len(),
            3 << 20
        );
        assert!(package.bytes("word/b.html").is_err());
        // A declared size that lies, in both directions, is not believed.
        let mut small = zipped(&[TYPES, ("word/document.xml", "abcdef")]);
        for at in 0..small.len() - 4 {
            if small[at..].starts_with(&[6, 0, 0, 0]) && at > 20 {
                small[at..at + 4].copy_from_slice(&[0xFF, 0xFF, 0xFF, 0x7F]);
            }
        }
        let _ = part(&settings, &small);
    }

    #[test]
    fn a_file_without_directory_gives_what_is_there() {
        let settings = Settings::default();
        let text: String = (0..2_000).map(|n| format!("regel {n}\n")).collect();
        let bytes = zipped(&[TYPES, ("word/document.xml", &text), ("z", "z")]);
        for cut in 0..50 {
            let cut = &bytes[..bytes.len() * cut / 50];
            let mut package = Package::open(cut, &settings);
            if let Ok(Some(part)) = package.part("word/document.xml") {
                assert!(text.starts_with(&part.text));
            }
        }
        let mut package = Package::open(&bytes[..bytes.len() - 100], &settings);
        assert!(package.is_broken());
        let part = package.part("word/document.xml").unwrap().unwrap();
        assert_eq!((part.text, part.is_whole), (text, true));
    }
}
