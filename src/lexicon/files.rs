//! The files of a lexicon: embedded, or read from a folder, with overlays on top.

use std::collections::BTreeMap;
use std::path::Path;

use include_dir::{Dir, include_dir};
use sha2::{Digest, Sha256};

use crate::error::{Error, Result};

static BUILTIN: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/lexicons/loverboy-nl");

/// Largest file that a lexicon may hold.
const LARGEST: u64 = 16 * 1024 * 1024;

/// The files beside the folders of terms and rules.
const SINGLE: &[&str] = &[
    "abbreviations.txt",
    "boundaries.toml",
    "classes.toml",
    "compounds.toml",
    "forms.toml",
    "frequent.txt",
    "known-words.bloom",
    "lexicon.toml",
    "scoring.toml",
    "sections.toml",
    "sources.toml",
    "stages.toml",
    "words.toml",
];

/// Whether a file of this name is read: terms in another folder would be passed over without a word.
fn is_known(name: &str) -> bool {
    SINGLE.contains(&name) || name.starts_with("signals/") || name.starts_with("context/")
}

/// The files of a lexicon by path relative to it (`signals/weglopen.toml`).
#[derive(Clone, Debug, Default)]
pub struct Files {
    /// Layers: the lexicon itself, then overlays. Each maps path to bytes.
    pub layers: Vec<BTreeMap<String, Vec<u8>>>,
}

impl Files {
    /// The files that are part of the program.
    #[must_use]
    pub fn builtin() -> Self {
        fn walk(dir: &Dir<'_>, files: &mut BTreeMap<String, Vec<u8>>) {
            for file in dir.files() {
                files.insert(
                    file.path().to_string_lossy().replace('\\', "/"),
                    file.contents().to_vec(),
                );
            }
            dir.dirs().for_each(|d| walk(d, files));
        }
        let mut files = BTreeMap::new();
        walk(&BUILTIN, &mut files);
        Self {
            layers: vec![files],
        }
    }

    /// Reads a folder: `*.toml`, `*.txt` and `*.bloom`, one level of folders deep.
    ///
    /// # Errors
    /// The file that could not be read or is no file of a lexicon, or that there is none.
    pub fn read(directory: &Path) -> Result<Self> {
        let mut files = BTreeMap::new();
        for entry in walkdir::WalkDir::new(directory)
            .max_depth(2)
            .sort_by_file_name()
        {
            let entry = entry.map_err(|e| {
                Error::Usage(format!("lexicon folder {}: {e}", directory.display()))
            })?;
            let path = entry.path();
            let kind = path
                .extension()
                .and_then(|e| e.to_str())
                .unwrap_or_default();
            if !entry.file_type().is_file() || !matches!(kind, "toml" | "txt" | "bloom") {
                continue;
            }
            let size = entry.metadata().map_or(0, |m| m.len());
            if size > LARGEST {
                return Err(Error::Usage(format!(
                    "{} has {size} bytes; a lexicon file may have {LARGEST}",
                    path.display()
                )));
            }
            let name = path
                .strip_prefix(directory)
                .unwrap_or(path)
                .to_string_lossy()
                .replace('\\', "/");
            let is_single = name.contains('/') && kind != "toml";
            if !is_known(&name) || is_single {
                return Err(Error::Usage(format!(
                    "{} is no file of a lexicon: terms lie in signals/*.toml, context rules in context/*.toml, the others beside these folders",
                    path.display()
                )));
            }
            files.insert(name, std::fs::read(path).map_err(Error::io("read", path))?);
        }
        if files.is_empty() {
            return Err(Error::Usage(format!(
                "{} holds no lexicon files",
                directory.display()
            )));
        }
        Ok(Self {
            layers: vec![files],
        })
    }

    /// Adds an overlay on top.
    pub fn overlay(&mut self, overlay: Self) {
        self.layers.extend(overlay.layers);
    }

    /// SHA-256 over names and bytes of all layers, first 16 hex digits.
    #[must_use]
    pub fn hash(&self) -> String {
        let mut hash = Sha256::new();
        for layer in &self.layers {
            for (name, bytes) in layer {
                hash.update((name.len() as u64).to_le_bytes());
                hash.update(name.as_bytes());
                hash.update((bytes.len() as u64).to_le_bytes());
                hash.update(bytes);
            }
        }
        hash.finalize()
            .iter()
            .take(8)
            .map(|b| format!("{b:02x}"))
            .collect()
    }
}
