//! One file a command.

mod compare;
mod evaluate;
mod explain;
mod export;
mod forget;
mod gold;
pub(crate) mod handleiding;
mod import;
mod lexicon;
mod manual;
mod merge;
#[cfg(feature = "review")]
mod review;
mod scan;
mod status;
mod stream;
mod suggest;
mod text;
mod worker;

use std::path::{Path, PathBuf};
use std::time::Duration;

use signaalbril::decision::{self, Decision};
use signaalbril::evaluate::bootstrap::Resampling;
use signaalbril::evaluate::gold::{GoldDocument, read as read_gold};
use signaalbril::extract::ocr::Ocr;
use signaalbril::extract::{Limits, Mapping, Settings, pdf};
use signaalbril::pipeline::Silent;
use signaalbril::{Analysis, Analyzer, Error, Label, Lexicon, Pipeline, Result, Store, source};

use crate::args::{Command, Drawing, LexiconChoice, Reading};
use crate::exit::Code;
use crate::progress::{printable, say};

/// Runs a command; errors are told here.
pub(crate) fn run(command: Command) -> Code {
    let result = match command {
        Command::Scan(args) => scan::run(&args),
        Command::Explain(args) => explain::run(&args),
        Command::Text(args) => text::run(&args),
        Command::Evaluate(args) => evaluate::run(&args),
        Command::Compare(args) => compare::run(&args),
        Command::Gold(command) => gold::run(&command),
        Command::Lexicon(command) => lexicon::run(&command),
        #[cfg(feature = "review")]
        Command::Review(args) => review::run(&args),
        Command::Export(args) => export::run(&args),
        Command::Status(args) => status::run(&args),
        Command::Forget(args) => forget::run(&args),
        Command::Stream(args) => stream::run(&args),
        Command::Merge(args) => merge::run(&args),
        Command::Import(args) => import::run(&args),
        Command::ClusterDriver => print(signaalbril::cluster::SPARK_DRIVER).map(|()| Code::Done),
        Command::Handleiding { guide } => handleiding::run(guide),
        Command::Completions { shell } => manual::completions(shell),
        Command::Manual { dir } => manual::run(&dir),
        Command::Worker(args) => worker::run(&args),
    };
    result.unwrap_or_else(|error| {
        say(&format!("error: {error}"));
        Code::from(&error)
    })
}

/// Analyses the documents of inputs with an analyzer, without a progress bar.
fn analyses(analyzer: &Analyzer, inputs: &[String], reading: &Reading) -> Result<Vec<Analysis>> {
    let settings = settings(reading)?;
    let inputs = source::collect(
        inputs,
        &source::Options::default(),
        &mut std::io::stdin().lock(),
    )?;
    let pipeline = Pipeline::new(analyzer, &settings, 0)?;
    Ok(pipeline.collect(&inputs, &Silent).analyses)
}

/// Annotated documents of files, checked; one half of them where asked.
fn gold_documents(
    lexicon: &Lexicon,
    files: &[PathBuf],
    half: Option<u8>,
) -> Result<Vec<GoldDocument>> {
    let mut documents = read_gold(files, |c| lexicon.category(c).is_some())?;
    documents.retain(|d| half.is_none_or(|h| d.half() == h));
    Ok(documents)
}

/// Decisions of the store in a folder, or of a file, in the order in which they were made.
fn decisions(path: &Path) -> Result<Vec<Decision>> {
    if !path.is_dir() {
        return decision::read(path);
    }
    let mut list = Vec::new();
    Store::read(path)
        .and_then(|store| {
            store.each_decision(&mut |decision| {
                list.push(decision);
                Ok(())
            })
        })
        .map_err(|error| at(path, error))?;
    Ok(list)
}

fn json(value: &impl serde::Serialize) -> Result<String> {
    serde_json::to_string_pretty(value)
        .map(|t| t + "\n")
        .map_err(|e| Error::Output(e.to_string()))
}

fn load(choice: &LexiconChoice) -> Result<Lexicon> {
    Lexicon::load(choice.lexicon.as_deref(), &choice.overlay)
}

fn analyzer(choice: &LexiconChoice) -> Result<Analyzer> {
    Analyzer::new(load(choice)?)
}

impl From<Drawing> for Resampling {
    fn from(drawing: Drawing) -> Self {
        Self {
            draws: drawing.draws,
            seed: drawing.seed,
        }
    }
}

/// Names the folder of a store in its errors.
fn at(directory: &Path, error: Error) -> Error {
    match error {
        Error::Store(why) => Error::Store(format!("{}: {why}", directory.display())),
        other => other,
    }
}

/// Settings from arguments.
fn settings(reading: &Reading) -> Result<Settings> {
    let passwords = match &reading.password_file {
        Some(path) => {
            let bytes = std::fs::read(path).map_err(Error::io("read", path))?;
            bytes
                .split(|b| *b == b'\n')
                .map(|l| l.strip_suffix(b"\r").unwrap_or(l).to_vec())
                .filter(|l| !l.is_empty())
                .collect()
        }
        None => Vec::new(),
    };
    let mut mappings = Vec::new();
    for path in &reading.mapping {
        let text = std::fs::read_to_string(path).map_err(Error::io("read", path))?;
        mappings.push(Mapping::parse(&text, &path.display().to_string())?);
    }
    Ok(Settings {
        limits: Limits {
            max_file_bytes: reading.max_file_mb.saturating_mul(1024 * 1024),
            pdf: pdf::Limits {
                max_pages: reading.max_pages,
                max_stream_bytes: reading.max_stream_mb.saturating_mul(1024 * 1024),
                deadline: Duration::from_secs(reading.max_seconds),
                ..pdf::Limits::default()
            },
            ..Limits::default()
        },
        mapping: Mapping {
            id: reading.id_column.clone(),
            date: reading.date_column.clone(),
            dossier: reading.dossier_column.clone(),
            birth_year: reading.birth_column.clone(),
            text: reading.text_column.clone(),
            name: String::new(),
            delimiter: reading.delimiter,
        },
        mappings,
        passwords,
        worker: worker::this_program(reading.max_memory_mb),
        ocr: match reading.ocr {
            true => Some(Ocr::find(Duration::from_secs(reading.ocr_seconds))?),
            false => None,
        },
    })
}

/// Settings from arguments, for reading again what a scan into a folder has read.
fn settings_in(directory: &Path, reading: &Reading) -> Result<Settings> {
    let mut settings = settings(reading)?;
    if let Some(ocr) = &mut settings.ocr {
        ocr.cache = Some(directory.join("ocr"));
    }
    Ok(settings)
}

fn print(text: &str) -> Result<()> {
    crate::progress::data(text).map_err(Error::io("write", Path::new("standard output")))
}

/// The first `most` dossiers in reading order, one a line; with `new` only those that the last scan brought something new for.
fn dossiers(store: &Store, most: usize, new: bool) -> Result<String> {
    let fresh = store.fresh()?;
    let is_first = store.runs()?.len() < 2;
    let mut text = String::new();
    let mut n = 0;
    store.each_dossier(&mut |record| {
        n += 1;
        let documents = fresh.get(&record.dossier).copied().unwrap_or(0);
        if n <= most && (!new || documents > 0) {
            // After the first scan all is new.
            let note = match documents {
                1.. if !is_first => format!("[{documents} new] "),
                _ => String::new(),
            };
            text.push_str(&format!(
                "{n:>3}  {:>3}  {:<6}  {}  {note}{}\n",
                (record.score).map_or_else(|| "-".to_owned(), |s| s.to_string()),
                record.label.map_or("-", Label::as_str),
                printable(&record.dossier),
                printable(&record.reason)
            ));
        }
        Ok(())
    })?;
    Ok(text)
}
