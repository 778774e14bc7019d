//! Arguments of the commands for work past one machine.

use std::path::PathBuf;

use clap::Args;

use super::{JournalChoice, LexiconChoice, Reading};

#[derive(Args, Debug)]
pub(crate) struct Stream {
    /// Read lines from this file, and write a word on the rows beside them; for shards
    #[arg(long = "in", value_name = "FILE", requires = "out")]
    pub(crate) input: Option<PathBuf>,
    /// Write rows to this file, all or nothing
    #[arg(long, value_name = "FILE", requires = "input")]
    pub(crate) out: Option<PathBuf>,
    /// Refuse to begin with a lexicon of another hash
    #[arg(long, value_name = "HASH")]
    pub(crate) pin: Option<String>,
    /// Exit code 1 when a row has an error
    #[arg(long)]
    pub(crate) strict: bool,
    /// Number of threads; 0 means one a core
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) jobs: usize,
    /// Longest line in megabytes
    #[arg(long, value_name = "MB", default_value_t = 64, value_parser = clap::value_parser!(u32).range(1..1_000_000))]
    pub(crate) max_line_mb: u32,
    /// Bytes of text kept around each finding, or `none`: then not even the words of the finding are kept
    #[arg(long, value_name = "N", default_value = "160")]
    pub(crate) snippets: String,
    /// Print what rows are made with, and their types, as one JSON object; read no line
    #[arg(long)]
    pub(crate) describe: bool,
    /// No summary
    #[arg(long)]
    pub(crate) quiet: bool,
    /// For tests: fail as texts and files say that hold `%fault:` and `panic`, and files also with `stack`, `memory` or `hang`
    #[arg(long, hide = true)]
    pub(crate) faults: bool,
    /// For tests: wait before each answer
    #[arg(long, value_name = "N", default_value_t = 0, hide = true)]
    pub(crate) pause_us: u64,
    #[command(flatten)]
    pub(crate) lexicon: LexiconChoice,
    #[command(flatten)]
    pub(crate) reading: Reading,
}

#[derive(Args, Debug)]
pub(crate) struct Merge {
    /// What `sha256sum` said of all files of lines
    #[arg(value_name = "MANIFEST")]
    pub(crate) manifest: PathBuf,
    /// Folder with the rows of each, written by `stream --in FILE --out FILE`
    #[arg(value_name = "DIR")]
    pub(crate) shards: PathBuf,
    /// File for all rows
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
    /// No summary
    #[arg(long)]
    pub(crate) quiet: bool,
}

#[derive(Args, Debug)]
pub(crate) struct Import {
    /// Output folder of the Spark driver, or a file that `merge` or `stream --out` has written
    #[arg(value_name = "ROWS")]
    pub(crate) rows: PathBuf,
    /// Folder for the store and the reports
    #[arg(value_name = "DIR")]
    pub(crate) dir: PathBuf,
    /// Name of the import: what one of the same name brought before is replaced, and what others brought stays
    #[arg(long = "as", value_name = "NAME", default_value = "rows")]
    pub(crate) name: String,
    /// How the store is written: `wal` on a disk of this machine, `rollback` on a network share; found out when left out
    #[arg(long, value_enum)]
    pub(crate) journal: Option<JournalChoice>,
    /// Which reports to write, separated by commas; all when left out
    #[arg(long, value_name = "NAMES", value_delimiter = ',', value_parser = super::report_names())]
    pub(crate) reports: Vec<String>,
    /// No summary
    #[arg(long)]
    pub(crate) quiet: bool,
    #[command(flatten)]
    pub(crate) lexicon: LexiconChoice,
}
