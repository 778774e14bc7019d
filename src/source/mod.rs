//! What to read, in a stable order, and reading it within limits.

mod read;
mod roots;
mod rule;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, Read as _};
use std::path::{Component, Path, PathBuf};

pub use read::{IMPORTED, Read, hash, hash_of, read, reread, reread_all, reread_any};
pub use roots::Roots;
pub use rule::DossierRule;
use walkdir::{DirEntry, WalkDir};

use crate::document::Status;
use crate::error::{Error, Result};
use crate::extract::{self, is_clutter};
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
/// Sorted by recorded path, each file once. Hidden files, the lock files of office programs and folders that hold a store are skipped.
///
/// # Errors
/// An input that does not exist (in a list it is one that cannot be read), a pattern that is none, or a list that cannot be read.
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
                let line = line.trim_start_matches('\u{FEFF}').trim_end_matches('\r');
                let path = Path::new(line);
                if path.symlink_metadata().is_ok() {
                    one(path, options, &mut found)?;
                } else if !line.trim().is_empty() {
                    // One that is gone since the list was made does not stop the others.
                    let input = file(path.to_path_buf(), name(path));
                    found.entry(input.shown.clone()).or_insert(input);
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
    let mut found: Vec<Input> = found.into_values().collect();
    apart(&mut found);
    Ok(found)
}

/// Loose files of one name in different folders are no dossier together: they take the name of their folder with them, or the whole path.
fn apart(inputs: &mut [Input]) {
    fn with_folder(input: &Input) -> String {
        let folder = input.path.parent().and_then(Path::file_name);
        let folder = folder.map_or_else(String::new, |f| format!("{}/", f.to_string_lossy()));
        folder + &name(&input.path)
    }
    let names: [fn(&Input) -> String; 3] = [|i| name(&i.path), with_folder, |i| i.shown.clone()];
    let is_loose = |n: &usize| (inputs.get(*n)).is_some_and(|i| i.dossier == name(&i.path));
    let mut left: Vec<usize> = (0..inputs.len()).filter(is_loose).collect();
    for of in names {
        let mut folders: BTreeMap<String, BTreeSet<PathBuf>> = BTreeMap::new();
        for input in left.iter().filter_map(|n| inputs.get(*n)) {
            let folder = input.path.parent().map(Path::to_owned);
            folders.entry(of(input)).or_default().extend(folder);
        }
        left.retain(|n| {
            let Some(input) = inputs.get_mut(*n) else {
                return false;
            };
            input.dossier = of(input);
            folders.get(&input.dossier).is_some_and(|f| f.len() > 1)
        });
    }
}

impl Input {
    /// Where the file lies, whatever folder the program was started in; written as [`shown`](Self::shown).
    #[must_use]
    pub fn location(&self) -> String {
        location(&self.path)
    }
}

fn location(path: &Path) -> String {
    let parts: Vec<Component<'_>> = path.components().collect();
    let up = parts.iter().rposition(|c| *c == Component::ParentDir);
    let (above, below) = parts.split_at(up.map_or(0, |n| n + 1));
    let above: PathBuf = above.iter().collect();
    // Through a link `..` leads elsewhere than the path says.
    let path = match std::fs::canonicalize(&above) {
        Ok(above) if up.is_some() => above.join(below.iter().collect::<PathBuf>()),
        _ => path.to_owned(),
    };
    std::path::absolute(&path).map_or_else(|_| shown(&path), |p| shown(&p))
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
    if path.join(crate::store::FILE).is_file() {
        return Err(Error::Usage(format!(
            "{} holds the results of a scan; give the folder of the case files",
            path.display()
        )));
    }
    // What an earlier run left is no input.
    let is_output = |entry: &DirEntry| {
        entry.file_type().is_dir() && entry.path().join(crate::store::FILE).is_file()
    };
    let hidden = |entry: &DirEntry| {
        let clutter = is_clutter(&entry.file_name().to_string_lossy());
        entry.depth() > 0 && (clutter || is_output(entry))
    };
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
            // A link to what is gone is found out when it is read.
            Err(error) if is_gone(&error) => {
                let at = error.path().unwrap_or(path);
                file(at.to_path_buf(), dossier(path, at))
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

fn is_gone(error: &walkdir::Error) -> bool {
    let kind = error.io_error().map(std::io::Error::kind);
    kind == Some(std::io::ErrorKind::NotFound)
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
        // Of one name and two young people.
        for name in ["c/2.txt", "d/b/2.txt"] {
            std::fs::create_dir_all(root.join(name).parent().unwrap()).unwrap();
            std::fs::write(root.join(name), "x").unwrap();
        }
        let loose =
            ["b/2.txt", "c/2.txt", "d/b/2.txt", "los.txt"].map(|n| format!("{root_text}/{n}"));
        let dossiers: Vec<String> = collect(&loose, "")
            .unwrap()
            .into_iter()
            .map(|i| i.dossier.replace(&root_text, ""))
            .collect();
        assert_eq!(dossiers, ["/b/2.txt", "c/2.txt", "/d/b/2.txt", "los.txt"]);
        std::fs::write(root.join("b").join(crate::store::FILE), "").unwrap();
        assert!(collect(&[format!("{root_text}/b")], "").is_err());
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
