//! OLE files: what kind, and their streams within limits. Word and PowerPoint files of before 2007 are known and not read.

use std::borrow::Cow;
use std::io::{Cursor, Read};

use crate::document::{Document, Status};
use crate::extract::reading::Unread;
use crate::extract::{Extractor, Settings, Source};

/// What an OLE file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Word: doc.
    Word,
    /// Excel: xls.
    Excel,
    /// PowerPoint: ppt.
    PowerPoint,
    /// An Outlook message: msg.
    Message,
    /// A newer Office file behind a password.
    Encrypted,
    /// Any other.
    Other,
}

/// First bytes of an OLE file.
const MAGIC: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";

/// Streams that tell the kind, most telling first.
const STREAMS: &[(&str, Kind)] = &[
    ("EncryptedPackage", Kind::Encrypted),
    ("__properties_version1.0", Kind::Message),
    ("WordDocument", Kind::Word),
    ("Workbook", Kind::Excel),
    ("Book", Kind::Excel),
    ("PowerPoint Document", Kind::PowerPoint),
];

/// An open OLE file.
pub(super) type File<'a> = cfb::CompoundFile<Cursor<Cow<'a, [u8]>>>;

/// The kind of an OLE file by the names of its streams; `None` for no OLE file.
pub(super) fn kind(bytes: &[u8]) -> Option<Kind> {
    if !bytes.starts_with(MAGIC) {
        return None;
    }
    let found = match open(bytes) {
        Some((file, _)) => STREAMS.iter().find(|(name, _)| file.exists(name)),
        // Names of a broken file are still somewhere in it.
        None => STREAMS.iter().find(|(name, _)| {
            let name: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
            bytes.windows(name.len()).any(|w| w == name)
        }),
    };
    Some(found.map_or(Kind::Other, |(_, kind)| *kind))
}

/// Opens an OLE file; tells whether it had to be made longer for that: some programs leave out sectors that they list, and copies
/// break off.
pub(super) fn open(bytes: &[u8]) -> Option<(File<'_>, bool)> {
    if let Ok(file) = cfb::CompoundFile::open(Cursor::new(Cow::Borrowed(bytes))) {
        return Some((file, false));
    }
    // Each sector of the table lists the sectors of 64 kB, or of 4 MB in files with large sectors.
    let number = |at: usize, length: usize| {
        let field = bytes.get(at..at + length)?;
        Some(
            field
                .iter()
                .rev()
                .fold(0_usize, |n, b| n << 8 | usize::from(*b)),
        )
    };
    let sector = if number(0x1A, 2)? == 4 { 4096 } else { 512 };
    let listed = number(0x2C, 4)?.checked_mul(sector / 4)?.checked_add(1)?;
    let length = listed.checked_mul(sector)?;
    if length <= bytes.len() || length > bytes.len() * 2 + (8 << 20) {
        return None;
    }
    let mut longer = bytes.to_vec();
    longer.resize(length, 0);
    let file = cfb::CompoundFile::open(Cursor::new(Cow::Owned(longer))).ok()?;
    Some((file, true))
}

/// A stream as far as it goes, at most `limit` bytes of it; `None` when there is none.
pub(super) fn stream(file: &mut File<'_>, path: &str, limit: u64) -> Option<Vec<u8>> {
    let stream = file.open_stream(path).ok()?;
    let mut bytes = Vec::new();
    // What a broken stream still gives is kept.
    let _ = stream.take(limit).read_to_end(&mut bytes);
    Some(bytes)
}

/// Office files that are known and not read.
pub(super) struct Legacy;

impl Extractor for Legacy {
    fn name(&self) -> &'static str {
        "ole"
    }
    fn version(&self) -> u32 {
        1
    }
    fn extensions(&self) -> &'static [&'static str] {
        &[]
    }
    fn recognises(&self, bytes: &[u8]) -> bool {
        matches!(
            kind(bytes),
            Some(Kind::Word | Kind::PowerPoint | Kind::Encrypted)
        )
    }
    fn extract(
        &self,
        bytes: &[u8],
        source: Source<'_>,
        _settings: &Settings,
        out: &mut dyn FnMut(Document),
    ) {
        let unsupported = |name: &str, newer: &str| {
            Unread::new(
                Status::Unsupported,
                format!(
                    "{name} files of before 2007 are not read; convert them with `soffice --headless --convert-to {newer}`"
                ),
            )
        };
        let (format, unread) = match kind(bytes) {
            Some(Kind::Word) => ("doc", unsupported("Word", "docx")),
            Some(Kind::PowerPoint) => ("ppt", unsupported("PowerPoint", "odp")),
            _ => (self.name(), Unread::encrypted("needs a password")),
        };
        out(unread.into_document(format, source));
    }
}

/// Makes an OLE file of streams, for tests.
#[cfg(test)]
pub(super) fn made(streams: &[(&str, &[u8])]) -> Vec<u8> {
    use std::io::Write;
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    for (path, bytes) in streams {
        if let Some((folder, _)) = path.rsplit_once('/') {
            file.create_storage_all(folder).unwrap();
        }
        file.create_stream(path).unwrap().write_all(bytes).unwrap();
    }
    file.flush().unwrap();
    file.into_inner().into_inner()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kind_rows() {
        for (stream, expected) in [
            ("WordDocument", Kind::Word),
            ("Workbook", Kind::Excel),
            ("Book", Kind::Excel),
            ("PowerPoint Document", Kind::PowerPoint),
            ("__properties_version1.0", Kind::Message),
            ("EncryptedPackage", Kind::Encrypted),
            ("iets", Kind::Other),
        ] {
            let bytes = made(&[(stream, b"x")]);
            assert_eq!(kind(&bytes), Some(expected));
            let mut broken = bytes.clone();
            broken[0x30..0x34].copy_from_slice(&[0x77; 4]);
            assert_eq!(kind(&broken), Some(expected), "{stream} broken");
        }
        assert_eq!(kind(b"PK"), None);
    }

    #[test]
    fn statuses_of_what_is_not_read() {
        for (stream, format, status) in [
            ("WordDocument", "doc", Status::Unsupported),
            ("PowerPoint Document", "ppt", Status::Unsupported),
            ("EncryptedPackage", "ole", Status::Encrypted),
        ] {
            let bytes = made(&[(stream, b"x")]);
            let mut list = Vec::new();
            let source = Source::new("a.docx", "a");
            crate::extract::from_bytes(&bytes, source, &Settings::default(), &mut |d| list.push(d));
            assert_eq!((list[0].format.as_str(), list[0].status), (format, status));
        }
    }
}
