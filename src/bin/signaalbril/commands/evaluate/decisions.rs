//! `evaluate --decisions`: how far reviewers agree, and what they say.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::Path;

use signaalbril::decision::{Action, Mark};
use signaalbril::evaluate::reviewed::opinions::{Marks, Opinions};
use signaalbril::evaluate::reviewed::pairs::{Accord, Pair};
use signaalbril::evaluate::reviewed::sample::{Covered, Sample, Scanned};
use signaalbril::evaluate::reviewed::{Reviewed, reviewed};
use signaalbril::evaluate::suggest::JUDGED;
use signaalbril::{Result, Store};

use super::{elusion, figure, threshold};
use crate::args::Evaluate;
use crate::commands::{at, decisions, json, print};
use crate::exit::Code;
use crate::progress::printable;

/// Terms listed; the JSON has all.
const TERMS: usize = 20;

pub(super) fn run(args: &Evaluate, path: &Path) -> Result<Code> {
    let scanned = if path.is_dir() {
        let store = Store::read(path).map_err(|error| at(path, error))?;
        Some(Scanned::of(&store).map_err(|error| at(path, error))?)
    } else {
        None
    };
    let result = reviewed(
        &decisions(path)?,
        scanned.as_ref(),
        threshold(args)?,
        args.drawing.into(),
    )?;
    print(&if args.json {
        json(&result)?
    } else {
        text(&result, &args.threshold)
    })?;
    Ok(Code::Done)
}

fn text(result: &Reviewed, threshold: &str) -> String {
    let mut out = format!(
        "{} document(s) and {} dossier(s) with a verdict, by {} reviewer(s); {} verdict(s) after seeing another's\n\
         [..] = 95 % interval; of agreement by {} draws of documents, seed {}\n",
        result.documents,
        result.dossiers,
        result.reviewers.len(),
        result.informed,
        result.resampling.draws,
        result.resampling.seed
    );
    if result.pairs.is_empty() {
        out.push_str("\nno two reviewers judged the same before seeing what the other decided\n");
    }
    for pair in &result.pairs {
        agreement(&mut out, pair);
    }
    findings(&mut out, &result.findings);
    drawn(&mut out, &result.sample, threshold);
    out
}

fn agreement(out: &mut String, pair: &Pair) {
    let (first, second) = (printable(&pair.first), printable(&pair.second));
    let _ = writeln!(
        out,
        "\n{first} and {second}, each before seeing what the other decided: rows {first}, columns {second}"
    );
    let verdicts = Action::ALL.map(Action::as_str);
    accord(out, "documents", &pair.documents, verdicts);
    accord(out, "dossiers", &pair.dossiers, verdicts);
    accord(out, "findings", &pair.marks, Mark::ALL.map(Mark::as_str));
    if !pair.differences.is_empty() {
        let _ = writeln!(out, "to talk about: {}", pair.differences.len());
    }
    for d in &pair.differences {
        let what = if d.document.is_empty() {
            "dossier"
        } else {
            &d.document
        };
        let settled = d
            .settled
            .map_or_else(String::new, |v| format!("; now both {}", v.as_str()));
        let _ = writeln!(
            out,
            "  {what:<16} {}: {} / {}{settled}",
            printable(&d.dossier),
            d.first.as_str(),
            d.second.as_str()
        );
    }
}

fn accord(out: &mut String, what: &str, accord: &Accord, names: [&str; 3]) {
    if accord.number == 0 {
        return;
    }
    let _ = writeln!(
        out,
        "{what} {:>4}  equal {}  kappa {}",
        accord.number,
        figure(accord.equal),
        figure(accord.kappa).trim_end()
    );
    let _ = writeln!(
        out,
        "{:>14} {:>10} {:>10} {:>10}",
        "", names[0], names[1], names[2]
    );
    for (name, row) in names.iter().zip(&accord.table) {
        let _ = write!(out, "{name:>14}");
        for cell in row {
            let _ = write!(out, " {cell:>10}");
        }
        out.push('\n');
    }
}

fn findings(out: &mut String, findings: &Opinions) {
    let missed: usize = findings.missed.values().sum();
    if findings.all.number() + missed == 0 {
        out.push_str("\nno findings are marked\n");
        return;
    }
    let _ = writeln!(
        out,
        "\n{:<44} {:>6} {:>7} {:>7} {:>7}  {:<20} {:>6}",
        "findings", "marks", "juist", "onjuist", "context", "share right", "missed"
    );
    let names: BTreeSet<&String> = findings
        .categories
        .keys()
        .chain(findings.missed.keys())
        .collect();
    for name in names {
        let marks = findings.categories.get(name).copied().unwrap_or_default();
        let missed = findings.missed.get(name).copied().unwrap_or(0);
        marked(out, &printable(name), &marks, &missed.to_string());
    }
    marked(out, "all", &findings.all, &missed.to_string());
    let worst: Vec<&(String, Marks)> = findings
        .terms
        .iter()
        .filter(|(_, marks)| marks.juist < marks.number())
        .take(TERMS)
        .collect();
    if !worst.is_empty() {
        let _ = writeln!(out, "terms least often right, of {JUDGED} marks or more");
    }
    for (term, marks) in worst {
        marked(out, &printable(term), marks, "");
    }
}

fn marked(out: &mut String, name: &str, marks: &Marks, missed: &str) {
    let line = format!(
        "{name:<44} {:>6} {:>7} {:>7} {:>7}  {} {missed:>6}",
        marks.number(),
        marks.juist,
        marks.onjuist,
        marks.context,
        figure(marks.right)
    );
    let _ = writeln!(out, "{}", line.trim_end());
}

fn drawn(out: &mut String, sample: &Sample, threshold: &str) {
    let is_empty = |c: &Covered| c.drawn.unwrap_or(0) + c.decided == 0;
    if is_empty(&sample.laag) && is_empty(&sample.controle) {
        out.push_str("\nno documents were drawn\n");
        return;
    }
    out.push_str("\ndocuments drawn, read with their label covered\n");
    for (name, c) in [
        ("ranked low", sample.laag),
        ("ranked high", sample.controle),
    ] {
        let of = c.drawn.map_or_else(String::new, |n| format!("{n}, "));
        let _ = writeln!(
            out,
            "{name:<22} {of}{} decided, {} to follow up, {} in doubt; share to follow up {}",
            c.decided,
            c.relevant,
            c.doubt,
            figure(c.share).trim_end()
        );
    }
    if let Some(result) = &sample.elusion {
        let _ = write!(
            out,
            "\nwhat that tells of all documents, threshold {threshold}\n{}",
            elusion::estimated(result)
        );
    }
}
