//! Arguments of the commands on a store.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{LexiconChoice, Reading};

/// Of which store.
#[derive(Args, Debug)]
pub(crate) struct StatusOf {
    /// Folder of a scan
    #[arg(value_name = "DIR")]
    pub(crate) dir: PathBuf,
    /// Print everything as JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// Print the dossiers instead, in reading order, one a line: rank, score, label, name, how many documents the last scan brought, reason
    #[arg(long, conflicts_with = "json")]
    pub(crate) dossiers: bool,
    /// The same, only of dossiers that the last scan brought something new for
    #[arg(long, conflicts_with = "json")]
    pub(crate) new: bool,
    /// How many of the documents that were not read are listed
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub(crate) unread: usize,
}

#[derive(Args, Debug)]
pub(crate) struct Export {
    /// Folder of a scan
    #[arg(value_name = "DIR")]
    pub(crate) dir: PathBuf,
    /// What to export, separated by commas; all when left out
    #[arg(long, value_name = "TABLES", value_delimiter = ',', value_parser = table_names())]
    pub(crate) tables: Vec<String>,
    /// How rows are written; or `gold`: the documents that reviewers gave a verdict on, read again, as annotated documents
    #[arg(long, value_enum, default_value_t = ExportFormat::Jsonl)]
    pub(crate) format: ExportFormat,
    /// Gold: only what this reviewer decided; the last decision of anybody when left out
    #[arg(long, value_name = "NAME")]
    pub(crate) reviewer: Option<String>,
    /// Folder to write to, or `-` for standard output; the folder `export`, or `export-pseudonymised`, in DIR when left out
    #[arg(long, value_name = "FOLDER")]
    pub(crate) to: Option<PathBuf>,
    /// Replace ids, paths and dossiers by keyed hashes, and mask names, numbers and addresses in texts; see the README for what it does not
    /// promise
    #[arg(long)]
    pub(crate) pseudonymise: bool,
    /// File with the key of the hashes, made when it is not there; without it a key that nobody keeps
    #[arg(long, value_name = "FILE", requires = "pseudonymise")]
    pub(crate) key_file: Option<PathBuf>,
    /// Print what the columns mean, and export nothing
    #[arg(long)]
    pub(crate) dictionary: bool,
    #[command(flatten)]
    pub(crate) lexicon: LexiconChoice,
    #[command(flatten)]
    pub(crate) reading: Reading,
}

fn table_names() -> clap::builder::PossibleValuesParser {
    clap::builder::PossibleValuesParser::new(signaalbril::export::Table::ALL.map(|t| t.name()))
}

/// How rows are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExportFormat {
    /// One JSON object a line
    Jsonl,
    /// A table for spreadsheets
    Csv,
    /// Annotated documents with their whole text, for `gold` and `evaluate --gold`
    Gold,
}

#[derive(Args, Debug)]
#[command(group(clap::ArgGroup::new("what").required(true).args(["dossier", "document"])))]
pub(crate) struct Forget {
    /// Folder of a scan
    #[arg(value_name = "DIR")]
    pub(crate) dir: PathBuf,
    /// Name of the dossier
    #[arg(long, value_name = "NAME")]
    pub(crate) dossier: Option<String>,
    /// Id of the document, or its path as recorded
    #[arg(long, value_name = "ID")]
    pub(crate) document: Option<String>,
    #[command(flatten)]
    pub(crate) lexicon: LexiconChoice,
}

#[cfg(feature = "review")]
#[derive(Args, Debug)]
pub(crate) struct Review {
    /// Folder of a scan
    #[arg(value_name = "DIR")]
    pub(crate) dir: PathBuf,
    /// Who reads; the name of the user when left out
    #[arg(long, value_name = "NAME")]
    pub(crate) reviewer: Option<String>,
    /// Port of 127.0.0.1; any that is free when left out
    #[arg(
        long,
        value_name = "PORT",
        default_value_t = 0,
        hide_default_value = true
    )]
    pub(crate) port: u16,
    /// Share of documents drawn at random from the low-ranked ones into the list, their label covered until they are decided on, per
    /// document that the ranking puts high; as many high ones are covered too; 0 draws none, and leaves those that were drawn before
    #[arg(long, value_name = "SHARE", default_value_t = 0.05)]
    pub(crate) mix: f64,
    /// File with the key of pseudonyms on the signalenoverzicht, made when it is not there; without it they are others each time
    #[arg(long, value_name = "FILE")]
    pub(crate) key_file: Option<PathBuf>,
    /// Only print the address
    #[arg(long)]
    pub(crate) no_browser: bool,
    #[command(flatten)]
    pub(crate) reading: super::Reading,
    #[command(flatten)]
    pub(crate) lexicon: LexiconChoice,
}
