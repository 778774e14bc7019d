//! `scan`: the main job.

use std::collections::BTreeMap;
use std::time::Instant;

use signaalbril::document::Status;
use signaalbril::report::{self, Manifest, Run};
use signaalbril::{Error, Label, Pipeline, Result, Store, private, source};

use super::{load, print, settings};
use crate::args::Scan;
use crate::exit::Code;
use crate::progress::{Bar, printable, say};

pub(crate) fn run(args: &Scan) -> Result<Code> {
    let start = Instant::now();
    let mut settings = settings(&args.reading)?;
    if let Some(ocr) = &mut settings.ocr {
        ocr.cache = Some(args.out.join("ocr"));
    }
    let lexicon = load(&args.lexicon)?;
    let analyzer = signaalbril::Analyzer::new(lexicon)?;
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
    let loaded = start.elapsed().as_secs_f64();
    let bar = Bar::new(inputs.len() as u64, args.quiet);
    let pipeline = Pipeline::new(&analyzer, &settings, args.jobs)?.without_texts();
    private::make_directory(&args.out)?;
    let mut store = Store::create(&args.out)?;
    let seconds = pipeline.run(&inputs, &bar, &mut |analyses| store.add(analyses))?;
    bar.finish();
    let scanned = start.elapsed().as_secs_f64();
    store.score_dossiers(&analyzer)?;
    let mut shown_settings: BTreeMap<String, serde_json::Value> = BTreeMap::new();
    shown_settings.insert("inputs".to_owned(), args.inputs.clone().into());
    shown_settings.insert(
        "max_file_bytes".to_owned(),
        settings.limits.max_file_bytes.into(),
    );
    if let Some(ocr) = &settings.ocr {
        shown_settings.insert("ocr".to_owned(), ocr.version.as_str().into());
    }
    shown_settings.insert(
        "dossiers".to_owned(),
        "each subfolder of an input; a loose file is its own; exports by client column".into(),
    );
    let mut manifest = Manifest::new(analyzer.lexicon(), &store, shown_settings);
    manifest.overlays = args
        .lexicon
        .overlay
        .iter()
        .map(|o| o.display().to_string())
        .collect();
    manifest.jobs = pipeline.jobs();
    manifest.durations = BTreeMap::from([
        ("load".to_owned(), loaded),
        ("scan".to_owned(), scanned - loaded),
        ("extract_threads".to_owned(), seconds.extract),
        ("analyze_threads".to_owned(), seconds.analyze),
    ]);
    let writing = Instant::now();
    let run = Run {
        lexicon: analyzer.lexicon(),
        store: &store,
        manifest: &manifest,
    };
    let written_files = report::write(&run, &args.out, &args.reports)?;
    let written = writing.elapsed().as_secs_f64();
    let counts = store.counts();
    let (read, partly) = (counts.status(Status::Ok), counts.status(Status::Partial));
    let unread = counts.documents - read - partly;
    if !args.quiet {
        let label = |l: Label| counts.dossiers(l);
        say(&format!(
            "documents: {read} read, {partly} partly read, {unread} not read (listed first in every report)"
        ));
        say(&format!(
            "dossiers:  {} hoog, {} midden, {} laag, {} geen (each subfolder is a dossier; a loose file is its own; exports by client column)",
            label(Label::Hoog),
            label(Label::Midden),
            label(Label::Laag),
            label(Label::Geen)
        ));
        let stages = [
            ("extract", seconds.extract),
            ("analyze", seconds.analyze),
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
        let look = written_files.iter().find(|p| p.ends_with("report.html"));
        say(&format!(
            "look at:   {}",
            look.unwrap_or(&args.out).display()
        ));
    }
    if args.top > 0 {
        let mut text = String::new();
        let mut n = 0;
        store.each_dossier(&mut |record| {
            n += 1;
            if n <= args.top {
                text.push_str(&format!(
                    "{n:>3}  {:>3}  {:<6}  {}  {}\n",
                    record
                        .score
                        .map_or_else(|| "-".to_owned(), |s| s.to_string()),
                    record.label.map_or("-", Label::as_str),
                    printable(&record.dossier),
                    printable(&record.reason)
                ));
            }
            Ok(())
        })?;
        print(&text)?;
    }
    Ok(if unread + partly > 0 {
        Code::Unread
    } else {
        Code::Done
    })
}
