//! The one integration binary.
#![allow(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test that cannot go on should stop, and says what it skipped"
)]

/// Past one machine: streams, shards, import, Apache Spark.
mod cluster;
/// What the engine does beside the rules: forms, names, several young people.
mod context;
/// Dependencies: no network crates, only listed licences.
mod dependencies;
/// Dossiers: entries of journals, timelines, gaps, copies.
mod dossier;
/// Evaluation: figures by hand and by scikit-learn, comparison, formats, traps.
mod evaluate;
/// The three examples of the README and design: what counts, what does not, and why.
mod explain;
/// Who somebody is changes nothing.
mod fairness;
/// Kills, full disks, read-only folders, two at once: the store stays whole.
mod faults;
/// Text of all other formats: samples, containers, exports, hostile files.
mod formats;
/// Gold data: the label rule, articles that stay silent.
mod gold;
/// Broken, huge and strange inputs: nothing is lost, nothing crashes.
mod hostile;
/// A file that takes its reader down costs one document.
mod isolate;
/// Imports run downwards only.
mod layers;
/// The lexicon's own examples and invalid lexicons.
mod lexicon;
/// Recognition of text in scans and images.
mod ocr;
/// Text of PDFs, whole, cut, mutated and hostile.
mod pdf;
/// What the program tells of itself.
mod program;
/// Properties: spans slice back, offsets after folding, thread invariance.
mod properties;
/// The README's console blocks and help texts.
mod readme;
/// The reviewer's screen, in a browser and by hand-made requests.
#[cfg(feature = "review")]
mod review;
/// What reviewers decided, put to use: gold data, agreement, what is said of findings.
mod reviewed;
/// The samples are what their manifest says.
mod samples;
/// The main job: reports, dossiers, thread invariance, snapshots.
mod scan;
/// What the matcher passes over, it may pass over.
mod shortcuts;
/// The store over time: incremental scans, dossiers, exports, forgetting.
mod store;
/// The words of a text held against those it should have.
mod words;
mod worst;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Root of the package.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Runs the program in the package's root.
fn program(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_signaalbril"))
        .args(arguments)
        .current_dir(root())
        .output()
        .unwrap()
}

/// Lines of JSON.
fn records(text: &str) -> Vec<serde_json::Value> {
    (text.lines())
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// The lines of JSON of a file.
fn records_in(path: &Path) -> Vec<serde_json::Value> {
    records(&std::fs::read_to_string(path).unwrap())
}

/// A file of the shared data; `None`, with a word on stderr, where that is absent.
fn shared(name: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("SIGNAALBRIL_SHARED")
        .map_or_else(|| root().join("../shared"), PathBuf::from);
    let path = folder.join(name);
    if path.exists() {
        return Some(path);
    }
    eprintln!("skipped: {name} of the shared data is absent (SIGNAALBRIL_SHARED)");
    None
}

/// The analyzer with the built-in lexicon, built once.
fn analyzer() -> &'static signaalbril::Analyzer {
    static ANALYZER: std::sync::OnceLock<signaalbril::Analyzer> = std::sync::OnceLock::new();
    ANALYZER.get_or_init(|| signaalbril::Analyzer::builtin().unwrap())
}
