//! `run.json`: what was run on what, with which settings. Durations are the only part that differs between equal runs.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

use serde::ser::{Error as _, SerializeSeq};
use serde::{Deserialize, Serialize, Serializer};
use sha2::{Digest, Sha256};

use super::{Report, Run, writing};
use crate::error::{Error, Result};
use crate::lexicon::Lexicon;
use crate::store::Store;

/// The manifest of a run.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Manifest {
    /// Name of the program.
    pub program: String,
    /// Its version.
    pub version: String,
    /// Id of the lexicon.
    pub lexicon: String,
    /// Its version.
    pub lexicon_version: String,
    /// Hash of all its files, overlays included.
    pub lexicon_hash: String,
    /// Overlays.
    pub overlays: Vec<String>,
    /// Settings.
    pub settings: BTreeMap<String, serde_json::Value>,
    /// Counts: documents, findings, active, and by status and label.
    pub counts: BTreeMap<String, usize>,
    /// Number of threads.
    pub jobs: usize,
    /// Seconds per part of the run: `load`, `scan` and `reports` one after the other; inside the scan, `extract_threads` and
    /// `analyze_threads` summed over threads, `store_thread` beside them, and `dossiers` at its end.
    pub durations: BTreeMap<String, f64>,
}

impl Manifest {
    /// That of the last run in a folder, from its `run.json`; none where there is none.
    #[must_use]
    pub fn read(directory: &Path) -> Option<Self> {
        let file = std::fs::read(directory.join(RunJson.file_name())).ok()?;
        serde_json::from_slice(&file).ok()
    }

    /// Counts what is in the store anew.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn count(&mut self, store: &Store) -> Result<()> {
        let of_run = |name: &str| name.starts_with("files_") || name.starts_with("documents_");
        self.counts.retain(|name, _| of_run(name));
        self.counts.extend(store.counts()?.named());
        Ok(())
    }

    /// Takes out of the lists of the settings what names something.
    pub fn forget(&mut self, names: impl Fn(&str) -> bool) {
        for value in self.settings.values_mut() {
            if let serde_json::Value::Array(list) = value {
                list.retain(|v| !v.as_str().is_some_and(&names));
            }
        }
    }

    /// What reports say of program and lexicon.
    pub(super) fn origin(&self) -> String {
        let Self {
            version,
            lexicon,
            lexicon_version,
            lexicon_hash,
            ..
        } = self;
        format!("{version} {lexicon} {lexicon_version} {lexicon_hash}")
    }

    /// Counts what is in the store; `jobs`, `overlays` and `durations` are filled in by the caller.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn new(
        lexicon: &Lexicon,
        store: &Store,
        settings: BTreeMap<String, serde_json::Value>,
    ) -> Result<Self> {
        Ok(Self {
            program: env!("CARGO_PKG_NAME").to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            lexicon: lexicon.manifest.id.clone(),
            lexicon_version: lexicon.manifest.version.clone(),
            lexicon_hash: lexicon.hash.clone(),
            overlays: Vec::new(),
            settings,
            counts: store.counts()?.named(),
            jobs: 0,
            durations: BTreeMap::new(),
        })
    }
}

/// `run.json`.
pub(super) struct RunJson;

impl Report for RunJson {
    fn name(&self) -> &'static str {
        "run"
    }
    fn file_name(&self) -> &'static str {
        "run.json"
    }
    fn about(&self) -> &'static str {
        "manifest of the run"
    }
    fn write(&self, run: &Run<'_>, out: &mut dyn Write) -> Result<()> {
        let mut manifest = run.manifest.clone();
        if let Some(since) = run.since {
            // It is the last of the reports.
            let seconds = since.elapsed().as_secs_f64();
            manifest.durations.insert("reports".to_owned(), seconds);
        }
        let whole = Whole {
            manifest: &manifest,
            inputs: Inputs(run.store),
        };
        serde_json::to_writer_pretty(&mut *out, &whole)
            .map_err(|e| Error::Output(e.to_string()))?;
        out.write_all(b"\n").map_err(writing)
    }
}

#[derive(Serialize)]
struct Whole<'a> {
    #[serde(flatten)]
    manifest: &'a Manifest,
    inputs: Inputs<'a>,
}

/// Inputs with their hashes; written one by one, since there may be millions.
struct Inputs<'a>(&'a Store);

/// An input with its hash: of its content, or of the ids of its rows.
#[derive(Serialize)]
struct InputHash<'a> {
    path: &'a str,
    id: &'a str,
}

impl Serialize for Inputs<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(None)?;
        let mut export: Option<(String, Sha256)> = None;
        let mut failed = None;
        self.0
            .each_path(&mut |path, id| {
                // The rows of an export are one input.
                let rows_of = path.rsplit_once('#').map(|(file, _)| file);
                if let (Some(file), Some((open, hash))) = (rows_of, &mut export)
                    && file == open
                {
                    hash.update(id);
                    return Ok(());
                }
                let mut write = |path: &str, id: &str| {
                    failed = list.serialize_element(&InputHash { path, id }).err();
                };
                if let Some((file, hash)) = export.take() {
                    write(&file, &crate::document::short_hash(hash));
                }
                match rows_of {
                    Some(file) => export = Some((file.to_owned(), Sha256::new_with_prefix(id))),
                    None => write(path, id),
                }
                Ok(())
            })
            .map_err(S::Error::custom)?;
        if let Some(error) = failed {
            return Err(error);
        }
        if let Some((file, hash)) = export {
            list.serialize_element(&InputHash {
                path: &file,
                id: &crate::document::short_hash(hash),
            })?;
        }
        list.end()
    }
}
