//! `scan`: the main job.

use std::collections::BTreeMap;
use std::time::Instant;

use signaalbril::document::Status;
use signaalbril::dossier::dossiers;
use signaalbril::report::{self, Manifest, Run};
use signaalbril::{Error, Label, Pipeline, Result, source};

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
    let mut pipeline = Pipeline::new(&analyzer, &settings, args.jobs)?;
    if !report::show_text(&args.reports) {
        pipeline = pipeline.without_texts();
    }
    let outcome = pipeline.run(&inputs, &bar);
    bar.finish();
    let scanned = start.elapsed().as_secs_f64();
    let dossiers = dossiers(&analyzer, &outcome.analyses);
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
    let mut manifest = Manifest::new(analyzer.lexicon(), &outcome.analyses, shown_settings);
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
        ("extract_threads".to_owned(), outcome.seconds.extract),
        ("analyze_threads".to_owned(), outcome.seconds.analyze),
    ]);
    let writing = Instant::now();
    let run = Run {
        lexicon: analyzer.lexicon(),
        analyses: &outcome.analyses,
        dossiers: &dossiers,
        manifest: &manifest,
    };
    let written_files = report::write(&run, &args.out, &args.reports)?;
    let written = writing.elapsed().as_secs_f64();
    let count = |wanted: &dyn Fn(Status) -> bool| {
        outcome
            .analyses
            .iter()
            .filter(|a| wanted(a.document.status))
            .count()
    };
    let (read, partly) = (
        count(&|s| s == Status::Ok),
        count(&|s| s == Status::Partial),
    );
    let unread = outcome.analyses.len() - read - partly;
    if !args.quiet {
        let label = |l: Label| {
            dossiers
                .iter()
                .filter(|d| d.record.label == Some(l))
                .count()
        };
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
            ("extract", outcome.seconds.extract),
            ("analyze", outcome.seconds.analyze),
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
        for (n, dossier) in report::dossier_order(&dossiers)
            .iter()
            .take(args.top)
            .enumerate()
        {
            let record = &dossier.record;
            text.push_str(&format!(
                "{:>3}  {:>3}  {:<6}  {}  {}\n",
                n + 1,
                record
                    .score
                    .map_or_else(|| "-".to_owned(), |s| s.to_string()),
                record.label.map_or("-", Label::as_str),
                printable(&record.dossier),
                printable(&record.reason)
            ));
        }
        print(&text)?;
    }
    // The program ends here: the system takes the memory back faster than string by string.
    std::mem::forget((outcome, dossiers));
    Ok(if unread + partly > 0 {
        Code::Unread
    } else {
        Code::Done
    })
}
