//! What to read, in a stable order, and reading it within limits.

use std::collections::BTreeMap;
use std::io::{BufRead, Read as _};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use walkdir::{DirEntry, WalkDir};

use crate::document::{Document, Status, short_hash};
use crate::error::{Error, Result};
use crate::extract::{self, Room, Settings, Source, is_clutter};
use crate::store::Stat;

/// One thing to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// The file.
    pub path: PathBuf,
    /// The path as recorded.
    pub shown: String,
    /// The young person's dossier.
    pub dossier: String,
    /// Size and times; zero when unknown.
    pub stat: Stat,
    /// Why it cannot be read, known before reading.
    pub problem: Option<(Status, String)>,
}

/// How inputs are collected.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Follow symbolic links; loops are found and reported.
    pub follow_links: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { follow_links: true }
    }
}

/// Collects files from folders, files, globs and, for `-`, a list of paths (one a line) on `list`.
///
/// The dossier rule: each first-level subfolder of a folder given is a dossier; a file directly in it, or given by itself, is its own dossier.
/// Sorted by recorded path, each file once. Hidden files and the lock files of office programs are skipped.
///
/// # Errors
/// An input that does not exist, a pattern that is none, or a list that cannot be read.
pub fn collect(
    inputs: &[String],
    options: &Options,
    list: &mut impl BufRead,
) -> Result<Vec<Input>> {
    let mut found: BTreeMap<String, Input> = BTreeMap::new();
    for input in inputs {
        if input == "-" {
            for line in list.lines() {
                let line = line.map_err(Error::io("read", "standard input"))?;
                let line = line.trim_end_matches('\r');
                if !line.is_empty() {
                    one(Path::new(line), options, &mut found)?;
                }
            }
            continue;
        }
        let path = Path::new(input);
        if path.symlink_metadata().is_ok() {
            one(path, options, &mut found)?;
            continue;
        }
        if !input.contains(['*', '?', '[']) {
            return Err(Error::Usage(format!("{input} does not exist")));
        }
        let paths = glob::glob(input).map_err(|e| Error::Usage(format!("{input}: {e}")))?;
        let mut any = false;
        for path in paths.flatten() {
            any = true;
            one(&path, options, &mut found)?;
        }
        if !any {
            return Err(Error::Usage(format!("nothing matches {input}")));
        }
    }
    Ok(found.into_values().collect())
}

impl Input {
    /// Where the file lies, whatever folder the program was started in; written as [`shown`](Self::shown).
    #[must_use]
    pub fn location(&self) -> String {
        location(&self.path)
    }
}

fn location(path: &Path) -> String {
    std::path::absolute(path).map_or_else(|_| shown(path), |p| shown(&p))
}

/// Which documents make a dossier.
#[derive(Clone, Debug, Default)]
pub enum DossierRule {
    /// Those of a first-level subfolder of an input, or of the client column of an export; a loose file is its own.
    #[default]
    Folder,
    /// Those of a file.
    File,
    /// Those in whose path, as recorded, the expression matches with the same group `dossier`, or first group, or match. Where it does
    /// not match, as by [`Folder`](Self::Folder).
    Path(regex::Regex),
}

impl DossierRule {
    /// Reads `folder`, `file` or `path=REGEX`.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self> {
        match text.split_once('=') {
            None if text == "folder" => Ok(Self::Folder),
            None if text == "file" => Ok(Self::File),
            Some(("path", pattern)) => match regex::Regex::new(pattern) {
                Ok(regex) => Ok(Self::Path(regex)),
                Err(error) => Err(Error::Usage(format!("path={pattern}: {error}"))),
            },
            _ => Err(Error::Usage(format!(
                "{text} is no rule for dossiers: folder, file or path=REGEX"
            ))),
        }
    }

    /// In a few words.
    #[must_use]
    pub const fn about(&self) -> &'static str {
        match self {
            Self::Folder => {
                "each subfolder is a dossier; a loose file is its own; exports by client column"
            }
            Self::File => "each file is a dossier",
            Self::Path(_) => {
                "by what the expression matches in the path; else each subfolder is a dossier, a loose file its own, exports by client column"
            }
        }
    }

    /// Puts a document of an input into its dossier.
    pub fn apply(&self, input: &Input, document: &mut Document) {
        match self {
            Self::Folder => {}
            Self::File => input.shown.clone_into(&mut document.dossier),
            Self::Path(regex) => {
                let found = regex.captures(&document.path).and_then(|c| {
                    let named = c.name("dossier").or_else(|| c.get(1));
                    named.or_else(|| c.get(0)).map(|m| m.as_str().to_owned())
                });
                if let Some(name) = found.filter(|name| !name.is_empty()) {
                    document.dossier = name;
                }
            }
        }
    }
}

impl std::fmt::Display for DossierRule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Folder => f.write_str("folder"),
            Self::File => f.write_str("file"),
            Self::Path(regex) => write!(f, "path={regex}"),
        }
    }
}

/// The places that inputs were sought in: a file of an earlier run that lay there and is not found any more has vanished.
#[derive(Clone, Debug, Default)]
pub struct Roots {
    folders: Vec<String>,
    patterns: Vec<glob::Pattern>,
}

impl Roots {
    /// Those of the inputs as given; a list on standard input has none.
    #[must_use]
    pub fn of(inputs: &[String]) -> Self {
        let mut roots = Self::default();
        for input in inputs.iter().filter(|i| *i != "-") {
            let path = Path::new(input);
            if path.is_dir() {
                roots.folders.push(format!("{}/", location(path)));
            } else if path.symlink_metadata().is_err()
                && let Ok(pattern) = glob::Pattern::new(&location(path))
            {
                roots.patterns.push(pattern);
            }
        }
        roots
    }

    /// Whether a file at `location` would have been found if it were there.
    #[must_use]
    pub fn cover(&self, location: &str) -> bool {
        let mut above = Path::new(location).ancestors();
        self.folders.iter().any(|f| location.starts_with(f))
            || above.any(|a| self.patterns.iter().any(|p| p.matches_path(a)))
    }
}

/// A path as recorded: `/` between its parts; bytes that are no UTF-8 as `\xff`, so that no two files share a name.
fn shown(path: &Path) -> String {
    let mut text = String::new();
    for chunk in path.as_os_str().as_encoded_bytes().utf8_chunks() {
        text.push_str(&chunk.valid().replace('\\', "/"));
        for byte in chunk.invalid() {
            text.push_str(&format!("\\x{byte:02x}"));
        }
    }
    text.strip_prefix("./").map_or(text.clone(), str::to_owned)
}

/// The dossier of a loose file: its name; an archive is the folder it was made of.
fn name(path: &Path) -> String {
    let name = path
        .file_name()
        .map_or_else(|| shown(path), |n| n.to_string_lossy().into_owned());
    match name.rsplit_once('.') {
        Some((stem, extension)) if extension.eq_ignore_ascii_case("zip") && !stem.is_empty() => {
            stem.to_owned()
        }
        _ => name,
    }
}

fn one(path: &Path, options: &Options, found: &mut BTreeMap<String, Input>) -> Result<()> {
    if !path.is_dir() {
        if path.symlink_metadata().is_err() {
            return Err(Error::Usage(format!("{} does not exist", path.display())));
        }
        let input = file(path.to_path_buf(), name(path));
        found.entry(input.shown.clone()).or_insert(input);
        return Ok(());
    }
    let hidden =
        |entry: &DirEntry| entry.depth() > 0 && is_clutter(&entry.file_name().to_string_lossy());
    let walk = WalkDir::new(path)
        .follow_links(options.follow_links)
        .sort_by_file_name();
    for entry in walk.into_iter().filter_entry(|e| !hidden(e)) {
        let input = match entry {
            Ok(entry) if entry.file_type().is_dir() => continue,
            Ok(entry) => {
                let dossier = dossier(path, entry.path());
                file(entry.into_path(), dossier)
            }
            Err(error) => {
                let at = error.path().unwrap_or(path);
                let detail = if error.loop_ancestor().is_some() {
                    "a link that leads back to a folder above it"
                } else {
                    "the folder or file cannot be opened"
                };
                Input {
                    problem: Some((Status::Unreadable, detail.to_owned())),
                    ..file(at.to_path_buf(), dossier(path, at))
                }
            }
        };
        found.entry(input.shown.clone()).or_insert(input);
    }
    Ok(())
}

fn file(path: PathBuf, dossier: String) -> Input {
    let stat = path.metadata().map(|m| Stat::of(&m)).unwrap_or_default();
    Input {
        shown: shown(&path),
        path,
        dossier,
        stat,
        problem: None,
    }
}

/// The first-level subfolder below `root`, or the file's own name.
fn dossier(root: &Path, path: &Path) -> String {
    let below = path.strip_prefix(root).unwrap_or(path);
    let first = below
        .components()
        .next()
        .map(|c| c.as_os_str().to_string_lossy().into_owned());
    if below.components().count() > 1 {
        first.unwrap_or_else(|| name(path))
    } else {
        name(path)
    }
}

/// From this size on a file may hold more documents than should be in memory at once; one that is packed from a smaller one on, and an
/// archive may at any.
const LARGE: u64 = 8 << 20;
const LARGE_PACKED: u64 = 512 << 10;

/// Whether a file is to be read on its own, window by window: a large one, unless it is a PDF, or an archive.
#[must_use]
pub fn is_large(input: &Input) -> bool {
    let extension = extract::extension(&input.shown);
    let large = match extension.as_str() {
        "zip" => 0,
        "xlsx" | "xlsm" | "ods" | "xls" => LARGE_PACKED,
        _ => LARGE,
    };
    if input.stat.size < large {
        return false;
    }
    let mut head = [0; 4];
    let read = std::fs::File::open(&input.path).and_then(|mut f| f.read_exact(&mut head));
    read.is_ok() && &head != b"%PDF"
}

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
        hash: complete.then(|| short_hash(file.hash)).unwrap_or_default(),
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

fn open(path: &Path) -> std::result::Result<(std::fs::File, std::fs::Metadata), (Status, String)> {
    let failed = |error: std::io::Error| {
        let detail = format!("cannot be opened: {}", error.kind());
        (Status::Unreadable, detail)
    };
    let metadata = std::fs::metadata(path).map_err(failed)?;
    if !metadata.is_file() {
        return Err((Status::Unsupported, "not a regular file".to_owned()));
    }
    let file = std::fs::File::open(path).map_err(failed)?;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn collect_gives_dossiers_in_a_stable_order() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        std::fs::create_dir_all(root.join("b/diep")).unwrap();
        for name in [
            "b/2.txt",
            "b/1.txt",
            "b/diep/3.txt",
            "los.txt",
            ".verborgen",
            "~$slot.docx",
        ] {
            std::fs::write(root.join(name), "x").unwrap();
        }
        let collect = |inputs: &[String], list: &str| {
            collect(inputs, &Options::default(), &mut list.as_bytes())
        };
        let root_text = root.display().to_string();
        let inputs = collect(std::slice::from_ref(&root_text), "").unwrap();
        let seen: Vec<(String, &str)> = inputs
            .iter()
            .map(|i| (i.shown.replace(&root_text, ""), i.dossier.as_str()))
            .collect();
        assert_eq!(
            seen,
            [
                ("/b/1.txt".to_owned(), "b"),
                ("/b/2.txt".to_owned(), "b"),
                ("/b/diep/3.txt".to_owned(), "b"),
                ("/los.txt".to_owned(), "los.txt")
            ]
        );
        assert_eq!(
            collect(&[root_text.clone(), root_text.clone()], "")
                .unwrap()
                .len(),
            4
        );
        assert_eq!(
            collect(&[format!("{root_text}/b/*.txt")], "")
                .unwrap()
                .len(),
            2
        );
        assert_eq!(
            collect(&["-".to_owned()], &format!("{root_text}/los.txt\n"))
                .unwrap()
                .len(),
            1
        );
        assert!(collect(&[format!("{root_text}/weg")], "").is_err());
    }

    #[cfg(unix)]
    #[test]
    fn a_link_in_a_circle_is_one_unreadable_input() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("a")).unwrap();
        std::fs::write(folder.path().join("a/x.txt"), "x").unwrap();
        std::os::unix::fs::symlink(folder.path(), folder.path().join("a/lus")).unwrap();
        let inputs = collect(
            &[folder.path().display().to_string()],
            &Options::default(),
            &mut std::io::empty(),
        )
        .unwrap();
        let problems = inputs.iter().filter(|i| i.problem.is_some()).count();
        assert_eq!((inputs.len(), problems), (2, 1));
    }
}
