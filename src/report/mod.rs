//! Reports: one file an output behind one trait and one table.

mod csv;
mod html;
mod jsonl;
mod manifest;

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

pub use manifest::Manifest;

use crate::analyze::Analysis;
use crate::dossier::Dossier;
use crate::error::{Error, Result};
use crate::lexicon::Lexicon;

/// Everything a report may show of one run.
#[derive(Clone, Copy, Debug)]
pub struct Run<'a> {
    /// The lexicon that was used.
    pub lexicon: &'a Lexicon,
    /// All documents, in input order.
    pub analyses: &'a [Analysis],
    /// All dossiers, by name.
    pub dossiers: &'a [Dossier],
    /// The manifest.
    pub manifest: &'a Manifest,
}

/// An output format.
pub trait Report: Sync {
    /// Name.
    fn name(&self) -> &'static str;
    /// File it is written to.
    fn file_name(&self) -> &'static str;
    /// One line on what it is.
    fn about(&self) -> &'static str;
    /// Whether it shows the text of documents, so that a run must keep it.
    fn shows_text(&self) -> bool {
        false
    }
    /// Writes it.
    ///
    /// # Errors
    /// What the writer answers.
    fn write(&self, run: &Run<'_>, out: &mut dyn Write) -> io::Result<()>;
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
/// `names` says which; empty means all. The manifest is always written. Reports that are not asked for are removed, for what an
/// earlier run left there would speak of other documents.
///
/// # Errors
/// The file or folder that could not be written.
pub fn write(run: &Run<'_>, directory: &Path, names: &[String]) -> Result<Vec<PathBuf>> {
    make_private(directory)?;
    let mut written = Vec::new();
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
        write_file(&path, |out| report.write(run, out))?;
        written.push(path);
    }
    Ok(written)
}

/// Whether the report is one of `names`; all are when there are none, and `run.json` is in any case.
fn is_wanted(report: &dyn Report, names: &[String]) -> bool {
    names.is_empty()
        || names.iter().any(|n| n == report.name())
        || report.name() == manifest::RunJson.name()
}

/// Whether one of the reports shows the text of documents.
#[must_use]
pub fn show_text(names: &[String]) -> bool {
    (REPORTS.iter()).any(|r| r.shows_text() && is_wanted(*r, names))
}

/// Writes one file of a report into `directory`: readable by the owner only, under a temporary name first, synced and renamed.
///
/// # Errors
/// The file or folder that could not be written.
pub fn write_private(directory: &Path, name: &str, content: &[u8]) -> Result<PathBuf> {
    make_private(directory)?;
    let path = directory.join(name);
    write_file(&path, |out| out.write_all(content))?;
    Ok(path)
}

fn write_file(path: &Path, content: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<()> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let temporary = path.with_file_name(format!(".{name}.tmp"));
    let error = |e| Error::Io {
        action: "write",
        path: path.to_owned(),
        source: e,
    };
    let mut out = BufWriter::new(create(&temporary).map_err(error)?);
    content(&mut out)
        .and_then(|()| out.flush())
        .map_err(error)?;
    let file = out.into_inner().map_err(|e| error(e.into_error()))?;
    file.sync_all().map_err(error)?;
    fs::rename(&temporary, path).map_err(error)
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

fn make_private(directory: &Path) -> Result<()> {
    if directory.is_dir() {
        return Ok(());
    }
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
        .create(directory)
        .map_err(Error::io("write", directory))
}

fn create(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Documents in the order to read them: what was not read first, then by label and score.
#[must_use]
pub fn reading_order<'a>(analyses: impl Iterator<Item = &'a Analysis>) -> Vec<&'a Analysis> {
    let mut list: Vec<&Analysis> = analyses.collect();
    list.sort_by(|a, b| {
        let key = |x: &Analysis| {
            (
                x.document.score.is_some(),
                std::cmp::Reverse((x.document.label, x.document.score)),
            )
        };
        key(a)
            .cmp(&key(b))
            .then_with(|| a.document.path.cmp(&b.document.path))
    });
    list
}

/// Dossiers in the order to read them.
#[must_use]
pub fn dossier_order(dossiers: &[Dossier]) -> Vec<&Dossier> {
    let mut list: Vec<&Dossier> = dossiers.iter().collect();
    list.sort_by(|a, b| {
        let key = |x: &Dossier| {
            (
                x.record.score.is_some(),
                std::cmp::Reverse((x.record.label, x.record.score)),
            )
        };
        key(a)
            .cmp(&key(b))
            .then_with(|| a.record.dossier.cmp(&b.record.dossier))
    });
    list
}

/// Whether a document was not read, or not in full.
#[must_use]
pub fn is_unread(analysis: &Analysis) -> bool {
    analysis.document.score.is_none()
        || !analysis.document.pages_unread.is_empty()
        || analysis.document.status == crate::document::Status::Partial
}
