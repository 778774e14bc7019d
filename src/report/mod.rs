//! Reports: one file an output behind one trait and one table.

mod csv;
mod html;
mod jsonl;
mod manifest;

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

pub use manifest::Manifest;

use crate::error::{Error, Result};
use crate::lexicon::Lexicon;
use crate::private::{self, make_directory};
use crate::store::Store;
use crate::store::outputs::Kind;

/// Everything a report may show of one run.
#[derive(Clone, Copy, Debug)]
pub struct Run<'a> {
    /// The lexicon that was used.
    pub lexicon: &'a Lexicon,
    /// All documents and dossiers.
    pub store: &'a Store,
    /// The manifest.
    pub manifest: &'a Manifest,
    /// When the first report was begun, where that is to be told.
    pub since: Option<std::time::Instant>,
}

/// An output format.
pub trait Report: Sync {
    /// Name.
    fn name(&self) -> &'static str;
    /// File it is written to.
    fn file_name(&self) -> &'static str;
    /// One line on what it is.
    fn about(&self) -> &'static str;
    /// Writes it.
    ///
    /// # Errors
    /// What the writer answers, or when the store cannot be read.
    fn write(&self, run: &Run<'_>, out: &mut dyn Write) -> Result<()>;
}

/// All reports, in the order in which they are written.
pub static REPORTS: &[&dyn Report] = &[
    &jsonl::Documents,
    &jsonl::Findings,
    &jsonl::Dossiers,
    &csv::Triage,
    &html::Page,
    &manifest::RunJson,
];

/// Writes reports into `directory`: made when absent, readable by the owner only, each file under a temporary name, synced and renamed.
///
/// `names` says which; empty means all. The manifest is always written, the others unless they are as the store is. Reports that are not
/// asked for are removed, for what an earlier run left there would speak of other documents. Answers the files that are there.
///
/// # Errors
/// The file or folder that could not be written.
pub fn write(run: &Run<'_>, directory: &Path, names: &[String]) -> Result<Vec<Written>> {
    make_directory(directory)?;
    let mut written = Vec::new();
    let settings = run.manifest.origin();
    for report in REPORTS {
        let path = directory.join(report.file_name());
        if !is_wanted(*report, names) {
            match fs::remove_file(&path) {
                Err(e) if e.kind() != io::ErrorKind::NotFound => {
                    return Err(Error::io("remove", &path)(e));
                }
                _ => continue,
            }
        }
        let changes = run.store.changes()?;
        let is_new =
            report.name() == manifest::RunJson.name() || !run.store.is_current(&path, &settings)?;
        if is_new {
            private::write(&path, |out| report.write(run, out))?;
        }
        written.push(Written {
            path,
            changes,
            is_new,
        });
    }
    Ok(written)
}

/// A report that is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Its file.
    pub path: PathBuf,
    /// The [`changes`](Store::changes) of the store that it shows.
    pub changes: i64,
    /// Whether it was written now.
    pub is_new: bool,
}

/// Notes in the store which reports were written of it.
///
/// # Errors
/// When the store cannot be written.
pub fn note(written: &[Written], manifest: &Manifest, store: &mut Store) -> Result<()> {
    let settings = manifest.origin();
    for report in written.iter().filter(|w| w.is_new) {
        store.made(&report.path, Kind::Report, &settings, report.changes)?;
    }
    Ok(())
}

/// Whether the report is one of `names`; all are when there are none, and `run.json` is in any case.
fn is_wanted(report: &dyn Report, names: &[String]) -> bool {
    names.is_empty()
        || names.iter().any(|n| n == report.name())
        || report.name() == manifest::RunJson.name()
}

/// Writes one file of a report into `directory`: readable by the owner only, under a temporary name first, synced and renamed.
///
/// # Errors
/// The file or folder that could not be written.
pub fn write_private(directory: &Path, name: &str, content: &[u8]) -> Result<PathBuf> {
    make_directory(directory)?;
    let path = directory.join(name);
    private::write(&path, |out| out.write_all(content).map_err(writing))?;
    Ok(path)
}

/// What a writer answers; [`private::write`] knows no more of the file than the report does.
fn writing(error: io::Error) -> Error {
    Error::Output(error.to_string())
}

/// A table of names and paths as CSV, harmless in spreadsheets.
///
/// # Errors
/// What the CSV writer answers.
pub fn worklist(header: &[&str], rows: &[Vec<String>]) -> Result<String> {
    let mut out = ::csv::WriterBuilder::new()
        .delimiter(b';')
        .from_writer(Vec::new());
    let error = |e: ::csv::Error| Error::Output(e.to_string());
    out.write_record(header).map_err(error)?;
    for row in rows {
        out.write_record(row.iter().map(|c| crate::escape::cell(c)))
            .map_err(error)?;
    }
    let bytes = out.into_inner().map_err(|e| Error::Output(e.to_string()))?;
    String::from_utf8(bytes).map_err(|e| Error::Output(e.to_string()))
}
