//! `export`: the records of a store as tables.

use std::io::Write;
use std::path::{Path, PathBuf};

use signaalbril::export::{self as tables, Format, Table, dictionary};
use signaalbril::pseudonym::{Key, Pseudonymiser};
use signaalbril::store::outputs::Kind;
use signaalbril::{Error, Result, Store, private};

use super::{load, print};
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
    };
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
