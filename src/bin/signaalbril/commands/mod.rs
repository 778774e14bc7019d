//! One file a command.

mod evaluate;
mod explain;
mod lexicon;
mod scan;
mod text;

use std::path::Path;

use signaalbril::extract::{Limits, Mapping, Settings};
use signaalbril::{Analyzer, Error, Lexicon, Result};

use crate::args::{Command, LexiconChoice, Reading};
use crate::exit::Code;
use crate::progress::say;

/// Runs a command; errors are told here.
pub(crate) fn run(command: Command) -> Code {
    let result = match command {
        Command::Scan(args) => scan::run(&args),
        Command::Explain(args) => explain::run(&args),
        Command::Text(args) => text::run(&args),
        Command::Evaluate(args) => evaluate::run(&args),
        Command::Lexicon(command) => lexicon::run(&command),
    };
    result.unwrap_or_else(|error| {
        say(&format!("error: {error}"));
        Code::from(&error)
    })
}

fn load(choice: &LexiconChoice) -> Result<Lexicon> {
    Lexicon::load(choice.lexicon.as_deref(), &choice.overlay)
}

fn analyzer(choice: &LexiconChoice) -> Result<Analyzer> {
    Analyzer::new(load(choice)?)
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
    Ok(Settings {
        limits: Limits {
            max_file_bytes: reading.max_file_mb.saturating_mul(1024 * 1024),
            ..Limits::default()
        },
        mapping: Mapping {
            id: reading.id_column.clone(),
            date: reading.date_column.clone(),
            dossier: reading.dossier_column.clone(),
            birth_year: reading.birth_column.clone(),
            text: reading.text_column.clone(),
            delimiter: reading.delimiter,
        },
        passwords,
    })
}

fn print(text: &str) -> Result<()> {
    crate::progress::data(text).map_err(Error::io("write", Path::new("standard output")))
}
