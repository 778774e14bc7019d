//! `export`: the records of a store as tables, and what was reviewed as gold data.

use std::io::Write;
use std::path::{Path, PathBuf};

use signaalbril::evaluate::formats;
use signaalbril::evaluate::gold::GoldDocument;
use signaalbril::evaluate::reviewed::gold::{self, ReviewedGold};
use signaalbril::export::{self as tables, Format, Table, dictionary};
use signaalbril::pseudonym::{Key, Pseudonymiser};
use signaalbril::report::write_private;
use signaalbril::store::outputs::Kind;
use signaalbril::{Error, Result, Store, private, source};

use super::{load, print, settings_in};
use crate::args::{Export, ExportFormat};
use crate::exit::Code;
use crate::progress::say;

pub(crate) fn run(args: &Export) -> Result<Code> {
    export(args).map_err(|error| super::at(&args.dir, error))
}

fn export(args: &Export) -> Result<Code> {
    if args.dictionary {
        print(dictionary::markdown().trim_start())?;
        return Ok(Code::Done);
    }
    let format = match args.format {
        ExportFormat::Jsonl => Format::Jsonl,
        ExportFormat::Csv => Format::Csv,
        ExportFormat::Gold => return gold(args),
    };
    if args.reviewer.is_some() {
        return Err(Error::Usage(
            "--reviewer goes with --format gold; tables hold the decisions of all".to_owned(),
        ));
    }
    let wanted: Vec<Table> = Table::ALL
        .into_iter()
        .filter(|t| args.tables.is_empty() || args.tables.iter().any(|n| n == t.name()))
        .collect();
    let store = Store::read(&args.dir)?;
    let pseudonymiser = match (args.pseudonymise, &args.key_file) {
        (false, _) => None,
        (true, file) => {
            let key = match file {
                Some(file) => Key::load_or_create(file)?,
                None => Key::random()?,
            };
            Some(Pseudonymiser::new(&key, &load(&args.lexicon)?)?)
        }
    };
    let to = args.to.clone().unwrap_or_else(|| {
        args.dir.join(if args.pseudonymise {
            // Apart from what says who it is.
            "export-pseudonymised"
        } else {
            "export"
        })
    });
    if to == Path::new("-") {
        let [table] = wanted[..] else {
            return Err(Error::Usage(
                "standard output takes one table: name it with --tables".to_owned(),
            ));
        };
        let mut out = Quiet(std::io::stdout().lock());
        tables::write(&store, table, format, pseudonymiser.as_ref(), &mut out)?;
        return Ok(Code::Done);
    }
    private::make_directory(&to)?;
    let mut files = Vec::new();
    for table in wanted {
        let file = to.join(format!("{}.{}", table.name(), format.extension()));
        let mut rows = 0;
        private::write(&file, |out| {
            rows = tables::write(&store, table, format, pseudonymiser.as_ref(), out)?;
            Ok(())
        })?;
        say(&format!("{}: {rows} rows", file.display()));
        files.push(file);
    }
    let changes = store.changes()?;
    // With a rollback journal its reading would keep its own note from being written.
    drop(store);
    note(args, changes, &files)?;
    if args.pseudonymise {
        say(
            "pseudonymised, not anonymous: names without a clue, rare facts and places may remain; read a sample before you share it",
        );
    }
    Ok(Code::Done)
}

/// Writes what reviewers decided on as annotated documents.
fn gold(args: &Export) -> Result<Code> {
    if args.pseudonymise {
        return Err(Error::Usage(
            "--format gold holds whole texts with places in them, which masks would move: it cannot be pseudonymised".to_owned(),
        ));
    }
    if !args.tables.is_empty() {
        return Err(Error::Usage(
            "--tables does not go with --format gold, which is no table".to_owned(),
        ));
    }
    let settings = settings_in(&args.dir, &args.reading)?;
    let store = Store::read(&args.dir)?;
    let reviewed = gold::collect(&store, args.reviewer.as_deref(), &mut |origins| {
        source::reread_all(origins, &settings)
    })?;
    let changes = store.changes()?;
    drop(store);
    let content = stored_form(&reviewed.documents);
    if args.to.as_deref() == Some(Path::new("-")) {
        print(&content)?;
    } else {
        let folder = args.to.clone().unwrap_or_else(|| args.dir.join("export"));
        let file = write_private(&folder, "gold.jsonl", content.as_bytes())?;
        let signals: usize = reviewed.documents.iter().map(|d| d.signals.len()).sum();
        say(&format!(
            "{}: {} documents, {signals} signals",
            file.display(),
            reviewed.documents.len()
        ));
        note(args, changes, &[file])?;
    }
    Ok(left_out(&reviewed))
}

fn stored_form(documents: &[GoldDocument]) -> String {
    let files = formats::named("gold").map(|format| format.write(documents, "gold"));
    let contents = files.into_iter().flatten().map(|(_, content)| content);
    contents.collect()
}

/// Tells what is not in the gold.
fn left_out(reviewed: &ReviewedGold) -> Code {
    for (count, why) in [
        (
            reviewed.older,
            "document(s) decided on are left out: their text has changed since, or is no longer in the store",
        ),
        (
            reviewed.unread,
            "document(s) decided on are left out: the scan could not read them",
        ),
        (
            reviewed.outside,
            "missed signal(s) are left out: they lie outside their text",
        ),
    ] {
        if count > 0 {
            say(&format!("{count} {why}"));
        }
    }
    if reviewed.gone.is_empty() {
        return Code::Done;
    }
    say(&format!(
        "{} document(s) decided on are left out: their files are gone or have changed, so scan the input again; or they were read with other options, so give those of the scan (columns, passwords, --ocr):",
        reviewed.gone.len()
    ));
    for path in &reviewed.gone {
        say(&format!("  {path}"));
    }
    Code::Unread
}

/// Notes in the store what was exported, so that `forget` finds it.
fn note(args: &Export, changes: i64, files: &[PathBuf]) -> Result<()> {
    let mut store = Store::review(&args.dir)?;
    for file in files {
        store.made(file, Kind::Export, "", changes)?;
    }
    store.audit(
        "export",
        &serde_json::json!({"files": files.len(), "pseudonymised": args.pseudonymise}),
    )
}

/// A closed pipe ends quietly.
struct Quiet<W>(W);

impl<W: Write> Write for Quiet<W> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        match self.0.write(bytes) {
            Err(e) if e.kind() == std::io::ErrorKind::BrokenPipe => Ok(bytes.len()),
            result => result,
        }
    }
    fn flush(&mut self) -> std::io::Result<()> {
        match self.0.flush() {
            Err(e) if e.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
            result => result,
        }
    }
}
