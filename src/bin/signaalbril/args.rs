//! Arguments as typed.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

const EXIT_CODES: &str = "Exit codes: 0 done; 1 done, but some documents could not be read (they are listed first in every report); \
2 usage, lexicon or settings; 3 disk or output; 130 interrupted.";

/// Screen Dutch case notes and reports for signals that a young person may be a victim of exploitation.
/// It ranks for reading and never decides. Everything runs offline.
#[derive(Parser, Debug)]
#[command(name = "signaalbril", version, about, after_help = EXIT_CODES, max_term_width = 100)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Subcommand, Debug)]
pub(crate) enum Command {
    /// Read files and folders, and write a triage list with reasons
    #[command(after_help = EXIT_CODES)]
    Scan(Scan),
    /// Show one document in the terminal: highlights, cues, score with contributions
    Explain(Explain),
    /// Print the text of one file as the matcher sees it, form feed between pages
    Text(Text),
    /// Compare with annotated documents: spans, context, labels
    Evaluate(Evaluate),
    /// Check, show and try the lexicon
    #[command(subcommand)]
    Lexicon(LexiconCommand),
}

/// Which lexicon.
#[derive(Args, Debug, Clone, Default)]
pub(crate) struct LexiconChoice {
    /// Folder that replaces the built-in lexicon
    #[arg(long, value_name = "DIR")]
    pub(crate) lexicon: Option<PathBuf>,
    /// Folder with terms of your own, added on top; may be given more than once
    #[arg(long, value_name = "DIR")]
    pub(crate) overlay: Vec<PathBuf>,
}

/// How files are read.
#[derive(Args, Debug, Clone, Default)]
pub(crate) struct Reading {
    /// Largest file in megabytes
    #[arg(long, value_name = "MB", default_value_t = 100)]
    pub(crate) max_file_mb: u64,
    /// File with passwords for encrypted PDFs, one a line
    #[arg(long, value_name = "FILE")]
    pub(crate) password_file: Option<PathBuf>,
    /// Exports: column with the note's id
    #[arg(long, value_name = "NAME")]
    pub(crate) id_column: Option<String>,
    /// Exports: column with the date
    #[arg(long, value_name = "NAME")]
    pub(crate) date_column: Option<String>,
    /// Exports: column with the client or dossier
    #[arg(long, value_name = "NAME")]
    pub(crate) dossier_column: Option<String>,
    /// Exports: column with the year of birth
    #[arg(long, value_name = "NAME")]
    pub(crate) birth_column: Option<String>,
    /// Exports: column with the text
    #[arg(long, value_name = "NAME")]
    pub(crate) text_column: Option<String>,
    /// Exports: delimiter (one character)
    #[arg(long, value_name = "CHAR")]
    pub(crate) delimiter: Option<char>,
}

fn report_names() -> clap::builder::PossibleValuesParser {
    clap::builder::PossibleValuesParser::new(
        signaalbril::report::REPORTS
            .iter()
            .map(|r| clap::builder::PossibleValue::new(r.name()).help(r.about())),
    )
}

#[derive(Args, Debug)]
pub(crate) struct Scan {
    /// Files, folders or globs; `-` reads a list of paths from standard input
    #[arg(required = true, value_name = "INPUT")]
    pub(crate) inputs: Vec<String>,
    /// Folder for the reports
    #[arg(long, value_name = "DIR", default_value = "results")]
    pub(crate) out: PathBuf,
    /// Which reports to write, separated by commas; all when left out
    #[arg(long, value_name = "NAMES", value_delimiter = ',', value_parser = report_names())]
    pub(crate) reports: Vec<String>,
    /// Number of threads; 0 means one a core
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) jobs: usize,
    /// Print the first N of the triage list on standard output
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) top: usize,
    /// No progress bar and no summary
    #[arg(long)]
    pub(crate) quiet: bool,
    #[command(flatten)]
    pub(crate) lexicon: LexiconChoice,
    #[command(flatten)]
    pub(crate) reading: Reading,
}

#[derive(Args, Debug)]
pub(crate) struct Explain {
    /// The file; `-` reads text from standard input
    #[arg(value_name = "FILE")]
    pub(crate) file: String,
    /// Colours
    #[arg(long, value_enum, default_value_t = Colour::Auto)]
    pub(crate) colour: Colour,
    #[command(flatten)]
    pub(crate) lexicon: LexiconChoice,
    #[command(flatten)]
    pub(crate) reading: Reading,
}

/// When to colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Colour {
    /// On a terminal
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

#[derive(Args, Debug)]
pub(crate) struct Text {
    /// The file
    #[arg(value_name = "FILE")]
    pub(crate) file: String,
    #[command(flatten)]
    pub(crate) reading: Reading,
}

#[derive(Args, Debug)]
pub(crate) struct Evaluate {
    /// Gold documents (JSONL, stored form of the annotation guide); may be given more than once
    #[arg(long, value_name = "FILE", required = true)]
    pub(crate) gold: Vec<PathBuf>,
    /// Gold labels of dossiers (JSONL)
    #[arg(long, value_name = "FILE")]
    pub(crate) dossiers: Option<PathBuf>,
    /// List missed signals, false alarms and context errors with their passages
    #[arg(long)]
    pub(crate) misses: bool,
    /// Print all figures as JSON
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) lexicon: LexiconChoice,
}

#[derive(Subcommand, Debug)]
pub(crate) enum LexiconCommand {
    /// Check all files and run every term's and rule's own examples
    Check(LexiconChoice),
    /// Explain a category or term: tier, patterns, sources, examples
    Show {
        /// Id of a category (`weglopen`) or term (`weglopen.vermist`)
        id: String,
        #[command(flatten)]
        lexicon: LexiconChoice,
    },
    /// Count terms, patterns and words
    Stats(LexiconChoice),
    /// Try a pattern on text
    Try {
        /// The pattern
        pattern: String,
        /// The text; without it, standard input
        text: Option<String>,
        #[command(flatten)]
        lexicon: LexiconChoice,
    },
    /// Pack a word list (one word a line) into the known-words filter of a lexicon
    KnownWords {
        /// The word list, UTF-8
        words: PathBuf,
        /// The file to write
        out: PathBuf,
    },
}
