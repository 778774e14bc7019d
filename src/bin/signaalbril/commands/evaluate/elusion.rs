//! `evaluate --elusion`: what does the ranking miss.

use std::fmt::Write;
use std::path::Path;

use signaalbril::evaluate::elusion::{self, Elusion};
use signaalbril::evaluate::run::StoredRun;
use signaalbril::{Result, decision, report};

use super::{figure, threshold};
use crate::args::Evaluate;
use crate::commands::{decisions, json, print};
use crate::exit::Code;
use crate::progress::say;

pub(super) fn run(args: &Evaluate, directory: &Path) -> Result<Code> {
    let run = StoredRun::read(directory)?;
    let threshold = threshold(args)?;
    let pile = elusion::pile(&run.documents, threshold);
    let unread = run.documents.iter().filter(|d| d.label.is_none()).count();
    if unread > 0 {
        say(&format!(
            "{unread} document(s) have no label because they could not be read: they are in neither stratum"
        ));
    }
    if let Some(path) = &args.decisions {
        let mut decisions = decisions(path)?;
        if let Some(size) = args.size {
            let drawn = elusion::draw(&pile, size, args.drawing.seed);
            let is_below = |id: &str| pile.iter().any(|d| d.id == id);
            let is_drawn = |id: &str| drawn.iter().any(|d| d.id == id);
            let before = decisions.len();
            decisions.retain(|d| !is_below(&d.document) || is_drawn(&d.document));
            // The sample is the one that was drawn here, not that of the review screen.
            decisions.iter_mut().for_each(|d| d.drawn = None);
            let left = before - decisions.len();
            if left > 0 {
                say(&format!(
                    "{left} decision(s) on documents below the threshold that this --size and --seed do not draw are left out"
                ));
            }
        }
        let holding = decision::last(&decisions);
        let labels = (run.documents.iter()).filter_map(|d| Some((d.id.as_str(), d.label?)));
        let result = elusion::estimate(labels, &holding, threshold)?;
        print(&if args.json {
            json(&result)?
        } else {
            estimated(&result)
        })?;
        return Ok(Code::Done);
    }
    let advice = |half: f64| elusion::size_for(pile.len(), args.expected, half);
    say(&format!(
        "{} documents below {}; to know their share of relevant ones (expected {:.2}) to plus or minus {:.3}, read {}; to plus or minus {:.3}, read {}",
        pile.len(),
        threshold.as_str(),
        args.expected,
        args.half_width,
        advice(args.half_width),
        args.half_width / 2.0,
        advice(args.half_width / 2.0)
    ));
    let Some(size) = args.size else {
        say("give --size N to draw the sample");
        return Ok(Code::Done);
    };
    // Neither score nor label: the reader should not know.
    let sample = elusion::draw(&pile, size, args.drawing.seed);
    let rows: Vec<Vec<String>> = sample
        .iter()
        .enumerate()
        .map(|(n, d)| {
            vec![
                (n + 1).to_string(),
                d.id.clone(),
                d.dossier.clone(),
                d.path.clone(),
            ]
        })
        .collect();
    print(&report::worklist(
        &["nr", "document", "dossier", "path"],
        &rows,
    )?)?;
    say(&format!(
        "{} drawn with seed {}; after reading, give the decisions with --decisions",
        sample.len(),
        args.drawing.seed
    ));
    Ok(Code::Done)
}

/// Both strata and what follows from them.
pub(super) fn estimated(result: &Elusion) -> String {
    let mut out = String::new();
    for (name, s) in [
        ("from the threshold on", result.read),
        ("below it", result.unread),
    ] {
        let _ = writeln!(
            out,
            "{name:<22} {} documents, {} decided, {} to follow up, {} in doubt",
            s.documents, s.decided, s.relevant, s.doubt
        );
    }
    if result.drawn_only {
        out.push_str("below it only documents count that were drawn with their label covered; others may have been picked by hand\n");
    }
    for (name, f) in [
        ("share missed (elusion)", result.elusion),
        ("recall", result.recall),
    ] {
        let _ = writeln!(out, "{name:<22} {}", figure(f).trim_end());
    }
    let whole = |v: Option<f64>| v.map_or_else(|| "-".to_owned(), |v| format!("{v:.1}"));
    let _ = writeln!(
        out,
        "{:<22} {} [{}, {}]",
        "documents missed",
        whole(result.missed.value),
        whole(result.missed.low),
        whole(result.missed.high)
    );
    out
}
