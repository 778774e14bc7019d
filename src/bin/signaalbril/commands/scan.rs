//! `scan`: the main job.

use std::collections::BTreeMap;
use std::time::Instant;

use signaalbril::document::Status;
use signaalbril::passage::Snippets;
use signaalbril::report::{self, Manifest, Run};
use signaalbril::source::{DossierRule, Roots};
use signaalbril::store::{Changes, Counts, Journal};
use signaalbril::{Error, Label, Pipeline, Result, Screening, Store, private, source};

use super::{load, print, settings};
use crate::args::{JournalChoice, Scan};
use crate::exit::Code;
use crate::interrupt::Interrupt;
use crate::progress::{Bar, printable, say};

pub(crate) fn run(args: &Scan) -> Result<Code> {
    scan(args).map_err(|error| super::at(&args.out, error))
}

fn scan(args: &Scan) -> Result<Code> {
    let start = Instant::now();
    let interrupt = Interrupt::listen();
    let mut settings = settings(&args.reading)?;
    if let Some(ocr) = &mut settings.ocr {
        ocr.cache = Some(args.out.join("ocr"));
    }
    let snippets = Snippets::parse(&args.snippets)?;
    let dossiers = DossierRule::parse(&args.dossiers)?;
    let overlays: Vec<String> = (args.lexicon.overlay.iter())
        .map(|o| o.display().to_string())
        .collect();
    let mut named = settings.named();
    named.insert("snippets".to_owned(), snippets.to_string().into());
    named.insert("dossiers".to_owned(), dossiers.to_string().into());
    let rule = dossiers.about();
    let inputs = source::collect(
        &args.inputs,
        &source::Options::default(),
        &mut std::io::stdin().lock(),
    )?;
    if inputs.is_empty() {
        return Err(Error::Usage(format!(
            "nothing to read in {}; hidden files are skipped",
            args.inputs.join(", ")
        )));
    }
    apart(args)?;
    private::make_directory(&args.out)?;
    let mut store = Store::open(&args.out, args.journal.map(Into::into))?;
    super::forget::finish(&mut store, &args.out)?;
    if args.faults {
        store = store.without_transactions()?;
    }
    if args.journal.is_none() && store.journal() == Journal::Rollback && !args.quiet {
        say(&format!(
            "{} is on a file system that other machines may write to: the store is written with a rollback journal (--journal wal if it is a disk of this machine)",
            args.out.display()
        ));
    }
    let analyzer = signaalbril::Analyzer::new(load(&args.lexicon)?)?;
    let loaded = start.elapsed().as_secs_f64();
    let before = store.runs()?.into_iter().find(|r| r.state == "done");
    if let Some(before) = before.filter(|r| r.lexicon_hash != analyzer.lexicon().hash)
        && !args.quiet
    {
        let with = match overlays.as_slice() {
            [] => "none".to_owned(),
            some => some.join(", "),
        };
        say(&format!(
            "warning:   the last scan into this folder was with another lexicon ({} {}), so all is read again; overlays now: {with}",
            before.lexicon, before.lexicon_hash
        ));
    }
    let bar = Bar::new(inputs.len() as u64, args.quiet);
    let pipeline = Pipeline::new(&analyzer, &settings, args.jobs)?
        .with_snippets(snippets)
        .with_dossiers(dossiers);
    let screening = Screening {
        verify: args.verify,
        passwords: !settings.passwords.is_empty(),
        roots: Roots::of(&args.inputs),
        settings: named.clone(),
    };
    let (changes, seconds) =
        screening.run(&mut store, &pipeline, &analyzer, &inputs, &bar, &|| {
            interrupt.check()
        })?;
    bar.finish();
    let scanned = start.elapsed().as_secs_f64();
    named.insert("inputs".to_owned(), args.inputs.clone().into());
    let mut manifest = Manifest::new(analyzer.lexicon(), &store, named)?;
    manifest.counts.extend(changes.named());
    manifest.overlays = overlays;
    manifest.jobs = pipeline.jobs();
    manifest.durations = BTreeMap::from([
        ("load".to_owned(), loaded),
        ("scan".to_owned(), scanned - loaded),
        ("extract_threads".to_owned(), seconds.extract),
        ("analyze_threads".to_owned(), seconds.analyze),
        ("store_thread".to_owned(), seconds.store),
        ("dossiers".to_owned(), seconds.dossiers),
    ]);
    let writing = Instant::now();
    let run = Run {
        lexicon: analyzer.lexicon(),
        store: &store,
        manifest: &manifest,
        since: Some(writing),
    };
    let written_files = report::write(&run, &args.out, &args.reports)?;
    report::note(&written_files, &manifest, &mut store)?;
    let written = writing.elapsed().as_secs_f64();
    let counts = store.counts()?;
    if !args.quiet {
        summary(&changes, &counts, rule);
        to_look_at(args, &store)?;
        missing_columns(args, &store)?;
        unknown_tables(&store)?;
        let stages = [
            ("extract", seconds.extract),
            ("analyze", seconds.analyze),
            ("store", seconds.store),
            ("dossiers", seconds.dossiers),
            ("load", loaded),
            ("reports", written),
        ];
        let slowest = stages
            .iter()
            .fold(("", 0.0_f64), |a, b| if b.1 > a.1 { *b } else { a });
        say(&format!(
            "time:      {:.2} s with {} thread(s); slowest stage: {} ({:.2} s of thread time)",
            start.elapsed().as_secs_f64(),
            pipeline.jobs(),
            slowest.0,
            slowest.1
        ));
        let look = written_files
            .iter()
            .map(|w| &w.path)
            .find(|p| p.ends_with("report.html"));
        say(&format!(
            "look at:   {}",
            look.unwrap_or(&args.out).display()
        ));
    }
    if args.top > 0 {
        print(&super::dossiers(&store, args.top, false)?)?;
    }
    Ok(if counts.unread > 0 {
        Code::Unread
    } else {
        Code::Done
    })
}

/// Output in an input is left alone; output that is the input cannot be told from it.
fn apart(args: &Scan) -> Result<()> {
    let Ok(out) = std::fs::canonicalize(&args.out) else {
        return Ok(());
    };
    if !out.is_dir() {
        return Err(Error::Output(format!(
            "{} is a file; --out needs a folder",
            args.out.display()
        )));
    }
    let is_out = |input: &&String| std::fs::canonicalize(input).is_ok_and(|path| path == out);
    match args.inputs.iter().find(is_out) {
        Some(input) => Err(Error::Usage(format!(
            "{input} is the output folder, too; choose another --out"
        ))),
        None => Ok(()),
    }
}

impl From<JournalChoice> for Journal {
    fn from(choice: JournalChoice) -> Self {
        match choice {
            JournalChoice::Wal => Self::Wal,
            JournalChoice::Rollback => Self::Rollback,
        }
    }
}

/// What was found, in a few lines.
fn summary(changes: &Changes, counts: &Counts, rule: &str) {
    let again = match changes.again {
        0 => String::new(),
        n => {
            format!("{n} read again (other lexicon, settings or version, or not readable before), ")
        }
    };
    say(&format!(
        "files:     {} new, {} changed, {again}{} moved, {} unchanged, {} vanished",
        changes.new, changes.changed, changes.moved, changes.unchanged, changes.vanished
    ));
    if changes.elsewhere > 0 {
        say(&format!(
            "           {} of other inputs are in the store, too, and were not looked for (another --out keeps them apart)",
            changes.elsewhere
        ));
    }
    if changes.barred > 0 {
        say(&format!(
            "           {} lie in folders that cannot be opened now; they stay as they were read",
            changes.barred
        ));
    }
    totals(changes, counts, rule);
}

/// What is in the store, in a few lines; `rule` says how dossiers came about.
pub(super) fn totals(changes: &Changes, counts: &Counts, rule: &str) {
    let (read, partly) = (counts.status(Status::Ok), counts.status(Status::Partial));
    let unread = counts.documents - read - partly;
    let known = match changes.known {
        0 => String::new(),
        n => format!(", {n} known by content"),
    };
    say(&format!(
        "documents: {} scanned{known}; in the store: {read} read, {partly} partly read, {unread} not read (listed first in every report)",
        changes.scanned
    ));
    if counts.vanished > 0 {
        say(&format!(
            "           {} of them are not where they were any more; they are marked and still count (`forget` removes)",
            counts.vanished
        ));
    }
    let label = |l: Label| counts.dossiers(l);
    let unread = match counts.dossiers - Label::ALL.iter().map(|l| label(*l)).sum::<usize>() {
        0 => String::new(),
        n => format!(", {n} not read"),
    };
    say(&format!(
        "dossiers:  {} hoog, {} midden, {} laag, {} geen{unread} ({rule})",
        label(Label::Hoog),
        label(Label::Midden),
        label(Label::Laag),
        label(Label::Geen)
    ));
}

/// Exports without the columns that were asked for: the usual ones were taken, which may be others.
fn missing_columns(args: &Scan, store: &Store) -> Result<()> {
    let r = &args.reading;
    let asked = [
        &r.id_column,
        &r.date_column,
        &r.dossier_column,
        &r.birth_column,
    ];
    if asked.iter().any(|c| c.is_some()) {
        let n = store.noted("column_not_found")?;
        if n > 0 {
            say(&format!(
                "warning:   {n} document(s) come from exports without a column that was asked for; their quality notes name it (column_not_found)"
            ));
        }
    }
    Ok(())
}

/// Exports that were read as one document, since no column looks like notes.
fn unknown_tables(store: &Store) -> Result<()> {
    let n = store.noted("no_text_column")?;
    if n > 0 {
        say(&format!(
            "warning:   {n} table(s) have no column that looks like notes and were read as one document each; if they hold notes, name the column with --text-column (and --dossier-column)"
        ));
    }
    Ok(())
}

/// So many files that were not read, or dossiers with new text, are named.
const NAMED: usize = 10;

/// What a reader looks at first: what was not read, what is new, and signs of suicide risk.
fn to_look_at(args: &Scan, store: &Store) -> Result<()> {
    let status = store.status(NAMED)?;
    for (path, status, _) in &status.unread {
        say(&format!(
            "not read:  {}  {}",
            printable(path),
            status.as_str()
        ));
    }
    if status.counts.unread > status.unread.len() {
        say(&format!(
            "           and {} more (`status {}` names them)",
            status.counts.unread - status.unread.len(),
            args.out.display()
        ));
    }
    if store.runs()?.len() > 1 {
        let fresh: Vec<String> = store.fresh()?.into_keys().collect();
        if !fresh.is_empty() {
            let named: Vec<String> = fresh.iter().take(NAMED).map(|d| printable(d)).collect();
            say(&format!(
                "new text:  in {} dossier(s): {}{} (`status {} --new` lists them in reading order)",
                fresh.len(),
                named.join(", "),
                if fresh.len() > NAMED { ", ..." } else { "" },
                args.out.display()
            ));
        }
    }
    let urgent = store.urgent(NAMED)?;
    if !urgent.is_empty() {
        let more = store.urgents()?.saturating_sub(urgent.len());
        let names: Vec<String> = urgent.iter().map(|d| printable(d)).collect();
        say(&format!(
            "LET OP:    signs of suicide risk in: {}{}",
            names.join(", "),
            if more > 0 {
                format!(" and {more} more dossier(s)")
            } else {
                String::new()
            }
        ));
    }
    Ok(())
}
