//! Reading inputs within limits, and reading again what a store knows.

use std::collections::BTreeMap;
use std::path::Path;

use sha2::{Digest, Sha256};

use super::Input;
use crate::document::{Document, Status, short_hash};
use crate::error::{Error, Result};
use crate::extract::{self, Room, Settings, Source};
use crate::store::{Origin, Stat};

/// What a file was when it was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Read {
    /// Hash of its bytes (SHA-256, first 16 hex digits); empty when not all of them were read.
    pub hash: String,
    /// Size and times before it was read; none when they changed meanwhile.
    pub stat: Option<Stat>,
}

/// Reads one input within its limits and hands over its documents. What cannot be read is a document with its status.
pub fn read(input: &Input, settings: &Settings, out: &mut dyn FnMut(Document)) -> Read {
    let room = Room::new(settings);
    let source = Source {
        room: Some(&room),
        ..Source::new(&input.shown, &input.dossier)
    };
    let mut unread = |status, detail: &str| {
        let (shown, dossier) = (source.shown, source.dossier);
        out(Document::unread(shown, dossier, "", status, detail));
        Read::default()
    };
    if let Some((status, detail)) = &input.problem {
        return unread(*status, detail);
    }
    let (file, metadata) = match open(&input.path) {
        Ok(opened) => opened,
        Err((status, detail)) => return unread(status, &detail),
    };
    let mut file = Hashing {
        inner: file,
        hash: Sha256::new(),
    };
    let read = extract::from_reader(&mut file, Some(metadata.len()), source, settings, out);
    let complete = match read {
        Ok(complete) => complete && std::io::copy(&mut file, &mut std::io::sink()).is_ok(),
        Err(error) => {
            let detail = format!("cannot be read: {}", error.kind());
            let (shown, dossier) = (source.shown, source.dossier);
            out(Document::unread(
                shown,
                dossier,
                "",
                Status::Unreadable,
                detail,
            ));
            false
        }
    };
    let after = file.inner.metadata().map(|m| Stat::of(&m)).ok();
    let stat = Stat::of(&metadata);
    Read {
        hash: if complete {
            short_hash(file.hash)
        } else {
            String::new()
        },
        stat: (after == Some(stat)).then_some(stat),
    }
}

/// The hash of a file as [`read`] gives it, without reading its documents; none when it cannot be read.
#[must_use]
pub fn hash(path: &Path) -> Option<Read> {
    let (mut file, metadata) = open(path).ok()?;
    let mut hash = Sha256::new();
    std::io::copy(&mut file, &mut hash).ok()?;
    let after = Stat::of(&file.metadata().ok()?);
    let stat = Stat::of(&metadata);
    Some(Read {
        hash: short_hash(hash),
        stat: (after == stat).then_some(stat),
    })
}

/// The hash of bytes, as [`read`] gives that of a file.
#[must_use]
pub fn hash_of(bytes: &[u8]) -> String {
    short_hash(Sha256::new_with_prefix(bytes))
}

fn open(path: &Path) -> std::result::Result<(std::fs::File, std::fs::Metadata), (Status, String)> {
    let failed = |error: std::io::Error| {
        let detail = format!("cannot be opened: {}", error.kind());
        (Status::Unreadable, detail)
    };
    let metadata = std::fs::metadata(path).map_err(failed)?;
    if !metadata.is_file() {
        return Err((Status::Unsupported, "not a regular file".to_owned()));
    }
    // What became a pipe since, or only looks like a file (of /proc), may not make the scan wait.
    let mut options = std::fs::OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        let flags = rustix::fs::OFlags::NONBLOCK | rustix::fs::OFlags::NOCTTY;
        options.custom_flags(flags.bits().cast_signed());
    }
    let file = options.open(path).map_err(failed)?;
    Ok((file, metadata))
}

/// Hashes what passes.
struct Hashing {
    inner: std::fs::File,
    hash: Sha256,
}

impl std::io::Read for Hashing {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.hash.update(buffer.get(..count).unwrap_or_default());
        Ok(count)
    }
}

/// Reads a document that is in a store again, from the file that it was read from.
///
/// # Errors
/// When the file is gone or has changed, or the document is not read from it with these settings.
pub fn reread(origin: &Origin, settings: &Settings) -> Result<Document> {
    let mut found = None;
    again(origin, settings, &mut |document| {
        if found.is_none() && document.path == origin.path && document.id == origin.id {
            found = Some(document);
        }
    })?;
    let mut document = found.ok_or_else(|| failed(origin, "with these options the document does not come out of it; give those of the scan (columns, passwords, --ocr)"))?;
    document.dossier.clone_from(&origin.dossier);
    Ok(document)
}

/// Reads documents that are in a store again, each file once, as [`reread`] does: by their ids. Of copies any will do; what does not come
/// out as it was is left out.
#[must_use]
pub fn reread_all(origins: &[Origin], settings: &Settings) -> BTreeMap<String, Document> {
    let mut files: BTreeMap<&str, Vec<&Origin>> = BTreeMap::new();
    for origin in origins {
        files.entry(&origin.location).or_default().push(origin);
    }
    let mut found: BTreeMap<String, Document> = BTreeMap::new();
    for of in files.values() {
        let wanted: BTreeMap<(&str, &str), &Origin> = of
            .iter()
            .filter(|o| !found.contains_key(&o.id))
            .map(|o| ((o.path.as_str(), o.id.as_str()), *o))
            .collect();
        let Some(first) = wanted.values().next() else {
            continue;
        };
        // What is wrong with one file is no reason not to read the others.
        let _ = again(first, settings, &mut |mut document| {
            if let Some(origin) = wanted.get(&(document.path.as_str(), document.id.as_str())) {
                document.dossier.clone_from(&origin.dossier);
                found.entry(origin.id.clone()).or_insert(document);
            }
        });
    }
    found
}

/// What stands before the location of rows that were taken into a store: there are no files of their documents here.
pub const IMPORTED: &str = "import ";

/// Hands over what is read from the file of a document, if that is as it was.
fn again(origin: &Origin, settings: &Settings, out: &mut dyn FnMut(Document)) -> Result<()> {
    if origin.location.starts_with(IMPORTED) {
        return Err(failed(
            origin,
            "the document was read elsewhere; here are only its findings and the text around them",
        ));
    }
    let path = Path::new(&origin.location);
    let now = hash(path).ok_or_else(|| {
        failed(
            origin,
            "the file is not there any more, or cannot be opened; scan its input again",
        )
    })?;
    if origin.hash != now.hash {
        return Err(failed(
            origin,
            "the file has changed since it was read; scan its input again",
        ));
    }
    let input = Input {
        path: path.to_owned(),
        shown: origin.file.clone(),
        dossier: origin.dossier.clone(),
        stat: Stat::default(),
        problem: None,
    };
    let _ = read(&input, settings, out);
    Ok(())
}

fn failed(origin: &Origin, why: &str) -> Error {
    Error::Usage(format!("{}: {why}", origin.location))
}

/// Reads a document again from the first of its places where it still is: of copies any will do.
///
/// # Errors
/// What is wrong with the first place.
pub fn reread_any(origins: &[Origin], settings: &Settings) -> Result<Document> {
    let mut read = origins.iter().map(|o| reread(o, settings));
    match read.next() {
        Some(Ok(document)) => Ok(document),
        Some(Err(error)) => read.find_map(Result::ok).ok_or(error),
        None => Err(Error::Usage("the document is not in the store".to_owned())),
    }
}
