//! Arguments as typed.

mod cluster;
mod store;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::commands::handleiding::Guide;
pub(crate) use cluster::{Import, Merge, Stream};
#[cfg(feature = "review")]
pub(crate) use store::Review;
pub(crate) use store::{Export, ExportFormat, Forget, StatusOf};

/// Results follow from program and lexicon.
const VERSION: &str = concat!(
    env!("CARGO_PKG_VERSION"),
    " (lexicon ",
    env!("SIGNAALBRIL_LEXICON"),
    ")"
);

const EXIT_CODES: &str = "Exit codes: 0 done; 1 done, but some documents could not be read (they are listed first in every report); \
2 usage, lexicon or settings; 3 store, disk or output; 130 interrupted.";

const STREAM_CODES: &str = "Exit codes: 0 every line was answered; 1 the same, with --strict, but rows have errors; 2 usage, lexicon or settings, or --pin not met; \
3 rows cannot be written, or nobody reads them any more.";

/// Screen Dutch case notes and reports for signals that a young person may be a victim of exploitation.
/// It ranks for reading and never decides. Everything runs offline.
#[derive(Parser, Debug)]
#[command(name = "signaalbril", version = VERSION, about, after_help = EXIT_CODES, max_term_width = 100)]
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
    /// Measure how well signals are picked up: annotated documents, trap suites, what reviewers decided, elusion samples
    Evaluate(Evaluate),
    /// Compare two lexicons or two runs on the same documents: what changed, by which term
    Compare(Compare),
    /// Check and convert annotated documents, and compare two annotators
    #[command(subcommand)]
    Gold(GoldCommand),
    /// Check, show and try the lexicon
    #[command(subcommand)]
    Lexicon(LexiconCommand),
    /// Open the reviewer's screen: the triage list and documents in a browser of this machine, and decisions
    #[cfg(feature = "review")]
    Review(Review),
    /// Write documents, findings, dossiers or decisions of a store as tables, or what was reviewed as annotated documents
    Export(Export),
    /// Tell what is in a store: runs, counts, size, what could not be read
    Status(StatusOf),
    /// Remove every trace of a dossier or document from a store and what was made of it
    Forget(Forget),
    /// Answer lines of JSON, one a note or file, with one row each: what Apache Spark and Slurm run
    #[command(after_help = STREAM_CODES, args_override_self = true)]
    Stream(Stream),
    /// Join the rows of shards, if none is missing, cut short or made with something else
    Merge(Merge),
    /// Take rows that were made elsewhere into a store, for review, export and evaluation
    Import(Import),
    /// Print the PySpark program that runs `stream` on a cluster
    ClusterDriver,
    /// Print a guide in Dutch: for those who read the triage list, keep the lexicon, or decide on its use
    Handleiding {
        /// Which guide
        #[arg(value_enum, default_value_t = Guide::Lezers)]
        guide: Guide,
    },
    /// Print the completions of a shell
    Completions {
        /// Which shell
        shell: clap_complete::Shell,
    },
    /// Write manual pages, one a command
    Manual {
        /// Folder to write to
        #[arg(value_name = "DIR")]
        dir: PathBuf,
    },
    /// Reads the PDFs that another process of the program hands over
    #[command(hide = true)]
    Worker(Worker),
}

/// The process that reads PDFs.
#[derive(Args, Debug)]
pub(crate) struct Worker {
    /// Most memory, in megabytes
    #[arg(long, value_name = "MB")]
    pub(crate) memory_mb: u64,
    /// For tests: fail as files say that hold `%fault:` and `panic`, `stack`, `memory` or `hang`
    #[arg(long)]
    pub(crate) faults: bool,
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
    /// Most pages read of one PDF
    #[arg(long, value_name = "N", default_value_t = 5000)]
    pub(crate) max_pages: usize,
    /// Longest time for reading one PDF, in seconds
    #[arg(long, value_name = "N", default_value_t = 60)]
    pub(crate) max_seconds: u64,
    /// Largest decompressed stream of a PDF, in megabytes
    #[arg(long, value_name = "MB", default_value_t = 30)]
    pub(crate) max_stream_mb: usize,
    /// Most memory for reading one PDF, in megabytes; each is read by a process of its own (0: by this one)
    #[arg(long, value_name = "MB", default_value_t = 2048)]
    pub(crate) max_memory_mb: u64,
    /// Recognise the text of scanned pages and images, with the program `tesseract` and its Dutch data; `scan` keeps it in the folder
    /// `ocr` of its output
    #[arg(long)]
    pub(crate) ocr: bool,
    /// Longest time for recognising one page, in seconds
    #[arg(long, value_name = "N", default_value_t = 60)]
    pub(crate) ocr_seconds: u64,
    /// File with passwords for encrypted PDFs, one a line
    #[arg(long, value_name = "FILE")]
    pub(crate) password_file: Option<PathBuf>,
    /// Exports: file that names the columns of a system's exports; may be given more than once, the first that fits an export counts
    #[arg(long, value_name = "FILE")]
    pub(crate) mapping: Vec<PathBuf>,
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
    /// Exports: column with text; may be given more than once
    #[arg(long, value_name = "NAME")]
    pub(crate) text_column: Vec<String>,
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
    /// Folder for the store and the reports; a scan into the same folder reads only what is new or changed
    #[arg(long, value_name = "DIR", default_value = "results")]
    pub(crate) out: PathBuf,
    /// Compare the content of all files with what was read before, not only of those whose size or times have changed
    #[arg(long)]
    pub(crate) verify: bool,
    /// Which documents make a dossier: `folder` (first-level subfolder of an input, or client column of an export), `file`, or
    /// `path=REGEX` (what its group `dossier`, or first group, matches in the path)
    #[arg(long, value_name = "RULE", default_value = "folder")]
    pub(crate) dossiers: String,
    /// Bytes of text kept around each finding, or `none`: then not even the words of the finding are kept
    #[arg(long, value_name = "N", default_value = "160")]
    pub(crate) snippets: String,
    /// How the store is written: `wal` on a disk of this machine, `rollback` on a network share; found out when left out
    #[arg(long, value_enum)]
    pub(crate) journal: Option<JournalChoice>,
    /// For tests: write without transactions
    #[arg(long, hide = true)]
    pub(crate) faults: bool,
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

/// How the store is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum JournalChoice {
    /// Log beside the file
    Wal,
    /// Old content beside the file
    Rollback,
}

#[derive(Args, Debug)]
pub(crate) struct Explain {
    /// The file; `-` reads text from standard input
    #[arg(value_name = "FILE")]
    pub(crate) file: String,
    /// FILE is a document of this scan, by its id or its path as recorded: it is read again from where it was read, if that has not
    /// changed
    #[arg(long, value_name = "DIR")]
    pub(crate) store: Option<PathBuf>,
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
    /// FILE is a document of this scan, by its id or its path as recorded: it is read again from where it was read, if that has not
    /// changed
    #[arg(long, value_name = "DIR")]
    pub(crate) store: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) reading: Reading,
}

/// How intervals are drawn.
#[derive(Args, Debug, Clone, Copy)]
pub(crate) struct Drawing {
    /// Draws of documents for the intervals; 0 for none
    #[arg(long, value_name = "N", default_value_t = 1000)]
    pub(crate) draws: u32,
    /// Seed of all random draws
    #[arg(long, value_name = "S", default_value_t = 1)]
    pub(crate) seed: u64,
}

#[derive(Args, Debug)]
#[command(group(clap::ArgGroup::new("what").required(true).multiple(true).args(["gold", "traps", "elusion", "decisions"])))]
pub(crate) struct Evaluate {
    /// Annotated documents: the stored form, doccano, Label Studio, brat or inline markup; may be given more than once
    #[arg(long, value_name = "FILE", conflicts_with_all = ["traps", "elusion", "decisions"])]
    pub(crate) gold: Vec<PathBuf>,
    /// Gold labels of dossiers (JSONL), whose notes are in the gold files
    #[arg(long, value_name = "FILE", requires = "gold")]
    pub(crate) dossiers: Option<PathBuf>,
    /// Only one half of the documents, chosen by their ids: work on 1, report 2
    #[arg(long, value_name = "1|2", value_parser = clap::value_parser!(u8).range(1..=2), requires = "gold")]
    pub(crate) half: Option<u8>,
    /// Also by this field of the gold documents; may be given more than once
    #[arg(long, value_name = "FIELD", requires = "gold")]
    pub(crate) by: Vec<String>,
    /// List missed signals, false alarms and context errors with their passages, grouped by cause
    #[arg(long, requires = "gold")]
    pub(crate) misses: bool,
    /// Trap suite (JSONL: id, group, pair, text in inline markup); may be given more than once
    #[arg(long, value_name = "FILE", conflicts_with_all = ["elusion", "decisions"])]
    pub(crate) traps: Vec<PathBuf>,
    /// Known failures of the trap suite, `id: reason` a line; a known failure that passes is told too
    #[arg(long, value_name = "FILE", requires = "traps")]
    pub(crate) known: Option<PathBuf>,
    /// Folder of a scan: draw a random sample of documents below the threshold, as a worklist on standard output
    #[arg(long, value_name = "DIR")]
    pub(crate) elusion: Option<PathBuf>,
    /// Elusion: size of the sample; without it, advice on the size
    #[arg(long, value_name = "N", requires = "elusion")]
    pub(crate) size: Option<usize>,
    /// Elusion: wished half width of the interval, for the advice
    #[arg(
        long,
        value_name = "SHARE",
        default_value_t = 0.02,
        requires = "elusion"
    )]
    pub(crate) half_width: f64,
    /// Elusion: expected share of relevant documents below the threshold, for the advice
    #[arg(
        long,
        value_name = "SHARE",
        default_value_t = 0.05,
        requires = "elusion"
    )]
    pub(crate) expected: f64,
    /// Elusion and decisions: the lowest label that is read
    #[arg(
        long,
        value_name = "LABEL",
        default_value = "midden",
        conflicts_with_all = ["gold", "traps"]
    )]
    pub(crate) threshold: String,
    /// What reviewers decided, in the folder of a scan or in a file (JSONL, as `export` writes it): how far they agree, what they say of
    /// findings, what the drawn documents tell. With --elusion: what was decided on its documents; gives recall with its interval
    #[arg(long, value_name = "PATH")]
    pub(crate) decisions: Option<PathBuf>,
    /// Write evaluation.json (and with --html evaluation.html) into this folder
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// Also write one self-contained page with plots; into --out, or the current folder
    #[arg(long)]
    pub(crate) html: bool,
    /// Print all figures as JSON
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) drawing: Drawing,
    #[command(flatten)]
    pub(crate) lexicon: LexiconChoice,
}

#[derive(Args, Debug)]
pub(crate) struct Compare {
    /// `builtin`, or the folder of a lexicon, of an overlay (on the built-in lexicon) or of a scan
    #[arg(value_name = "A")]
    pub(crate) a: String,
    /// The same
    #[arg(value_name = "B")]
    pub(crate) b: String,
    /// Documents to run lexicons over; with two scans, all that both have read when left out
    #[arg(value_name = "INPUT")]
    pub(crate) inputs: Vec<String>,
    /// Annotated documents: adds figures with the interval of their difference
    #[arg(long, value_name = "FILE", conflicts_with = "inputs")]
    pub(crate) gold: Vec<PathBuf>,
    /// Print everything as JSON
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) drawing: Drawing,
    #[command(flatten)]
    pub(crate) reading: Reading,
}

fn format_names() -> clap::builder::PossibleValuesParser {
    clap::builder::PossibleValuesParser::new(
        signaalbril::evaluate::formats::FORMATS
            .iter()
            .map(|f| clap::builder::PossibleValue::new(f.name()).help(f.about())),
    )
}

#[derive(Subcommand, Debug)]
pub(crate) enum GoldCommand {
    /// Check annotated documents: offsets, quotes, hashes, categories, ids
    Check {
        /// Files, or folders of brat
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
        #[command(flatten)]
        lexicon: LexiconChoice,
    },
    /// Convert annotated documents to another format
    Convert {
        /// Files, or folders of brat
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
        /// The format to write
        #[arg(long, value_name = "NAME", value_parser = format_names())]
        format: String,
        /// Name to write, without extension; for brat a folder
        #[arg(long, value_name = "NAME", default_value = "gold")]
        out: PathBuf,
        #[command(flatten)]
        lexicon: LexiconChoice,
    },
    /// Compare two annotators of the same documents: kappa, F1 of spans, and a worklist of disagreements
    Agree {
        /// The first annotator's file
        first: PathBuf,
        /// The second annotator's file
        second: PathBuf,
        /// Print everything as JSON
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        drawing: Drawing,
        #[command(flatten)]
        lexicon: LexiconChoice,
    },
}

#[derive(Subcommand, Debug)]
pub(crate) enum LexiconCommand {
    /// Check all files, run every term's and rule's own examples, and warn of what could be better
    Check {
        /// Texts in which next to nothing should be found; may be given more than once
        #[arg(long, value_name = "INPUT")]
        background: Vec<String>,
        #[command(flatten)]
        lexicon: LexiconChoice,
        #[command(flatten)]
        reading: Reading,
    },
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
    /// Propose terms from misses, for a person to judge; and list terms that never fire or are mostly wrong
    Suggest(Box<Suggest>),
    /// Pack a word list (one word a line) into the known-words filter of a lexicon
    KnownWords {
        /// The word list, UTF-8
        words: PathBuf,
        /// The file to write
        out: PathBuf,
    },
}

#[derive(Args, Debug)]
#[command(group(clap::ArgGroup::new("from").required(true).multiple(true).args(["gold", "decisions"])))]
pub(crate) struct Suggest {
    /// Annotated documents; may be given more than once
    #[arg(long, value_name = "FILE")]
    pub(crate) gold: Vec<PathBuf>,
    /// Decisions of reviewers, in the folder of a scan or in a file (JSONL) on the documents of --scan
    #[arg(long, value_name = "PATH")]
    pub(crate) decisions: Option<PathBuf>,
    /// Folder of the scan that was reviewed, where --decisions is a file; its sources are read again
    #[arg(long, value_name = "DIR")]
    pub(crate) scan: Option<PathBuf>,
    /// Texts of the same kind to compare with; may be given more than once
    #[arg(long, value_name = "INPUT")]
    pub(crate) background: Vec<String>,
    /// Only one half of the gold documents, chosen by their ids
    #[arg(long, value_name = "1|2", value_parser = clap::value_parser!(u8).range(1..=2))]
    pub(crate) half: Option<u8>,
    /// Candidates for each category
    #[arg(long, value_name = "N", default_value_t = 15)]
    pub(crate) most: usize,
    /// Print everything as JSON
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) lexicon: LexiconChoice,
    #[command(flatten)]
    pub(crate) reading: Reading,
}
