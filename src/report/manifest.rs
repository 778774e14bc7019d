//! `run.json`: what was run on what, with which settings. Durations are the only part that differs between equal runs.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::{Deserialize, Serialize};

use super::{Report, Run};
use crate::analyze::Analysis;
use crate::lexicon::Lexicon;

/// An input with its hash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InputHash {
    /// Path as recorded.
    pub path: String,
    /// Content hash.
    pub id: String,
}

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
    /// Inputs with their hashes.
    pub inputs: Vec<InputHash>,
    /// Number of threads.
    pub jobs: usize,
    /// Seconds per part of the run.
    pub durations: BTreeMap<String, f64>,
}

impl Manifest {
    /// Counts a run; `jobs`, `overlays` and `durations` are filled in by the caller.
    #[must_use]
    pub fn new(
        lexicon: &Lexicon,
        analyses: &[Analysis],
        settings: BTreeMap<String, serde_json::Value>,
    ) -> Self {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        let mut add = |name: String, n: usize| *counts.entry(name).or_default() += n;
        add("documents".to_owned(), analyses.len());
        for analysis in analyses {
            add(format!("status_{}", analysis.document.status.as_str()), 1);
            if let Some(label) = analysis.document.label {
                add(format!("label_{}", label.as_str()), 1);
            }
            add("findings".to_owned(), analysis.findings.len());
            add(
                "active".to_owned(),
                analysis.findings.iter().filter(|f| f.active).count(),
            );
        }
        Self {
            program: env!("CARGO_PKG_NAME").to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            lexicon: lexicon.manifest.id.clone(),
            lexicon_version: lexicon.manifest.version.clone(),
            lexicon_hash: lexicon.hash.clone(),
            overlays: Vec::new(),
            settings,
            counts,
            inputs: analyses
                .iter()
                .map(|a| InputHash {
                    path: a.document.path.clone(),
                    id: a.document.id.clone(),
                })
                .collect(),
            jobs: 0,
            durations: BTreeMap::new(),
        }
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
    fn write(&self, run: &Run<'_>, out: &mut dyn Write) -> io::Result<()> {
        serde_json::to_writer_pretty(&mut *out, run.manifest)?;
        out.write_all(b"\n")
    }
}
