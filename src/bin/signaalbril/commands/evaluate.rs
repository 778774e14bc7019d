//! `evaluate`: how well are signals picked up.

mod decisions;
mod elusion;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::PathBuf;

use signaalbril::evaluate::bootstrap::Figure;
use signaalbril::evaluate::{
    ALL_RIGHT, Evaluation, Miss, Row, Triage, View, evaluate, gold, naming, page, traps,
};
use signaalbril::{Error, Label, Result, report};

use super::{analyzer, gold_documents, json, print};
use crate::args::Evaluate;
use crate::exit::Code;
use crate::progress::{printable, say};

pub(crate) fn run(args: &Evaluate) -> Result<Code> {
    if !args.traps.is_empty() {
        return run_traps(args);
    }
    if let Some(directory) = &args.elusion {
        return elusion::run(args, directory);
    }
    if let Some(path) = &args.decisions {
        return decisions::run(args, path);
    }
    let analyzer = analyzer(&args.lexicon)?;
    let all = gold_documents(analyzer.lexicon(), &args.gold, None)?;
    let mut dossiers = match &args.dossiers {
        Some(path) => gold::read_dossiers(path, &all)?,
        None => Vec::new(),
    };
    let documents: Vec<_> = all
        .into_iter()
        .filter(|d| args.half.is_none_or(|h| d.half() == h))
        .collect();
    // A dossier belongs to a half only when all its notes do.
    dossiers.retain(|d| d.notes.iter().all(|n| documents.iter().any(|g| g.id == *n)));
    let has = |field: &String| documents.iter().any(|d| d.meta.contains_key(field));
    if let Some(field) = args.by.iter().find(|f| !has(f)) {
        return Err(signaalbril::Error::Usage(format!(
            "--by {field}: no document has this field (`gold check` lists them)"
        )));
    }
    let result = evaluate(
        &analyzer,
        &documents,
        &dossiers,
        &args.by,
        args.drawing.into(),
    );
    let mut written = Vec::new();
    if args.out.is_some() || args.html {
        let directory = args.out.clone().unwrap_or_else(|| PathBuf::from("."));
        written.push(report::write_private(
            &directory,
            "evaluation.json",
            json(&result)?.as_bytes(),
        )?);
        if args.html {
            let page = page::page(&result);
            written.push(report::write_private(
                &directory,
                "evaluation.html",
                page.as_bytes(),
            )?);
        }
    }
    if args.json {
        print(&json(&result)?)?;
    } else {
        print(&table(&result, args.misses))?;
    }
    for path in written {
        say(&format!("look at: {}", path.display()));
    }
    Ok(Code::Done)
}

/// The label that `--threshold` names.
fn threshold(args: &Evaluate) -> Result<Label> {
    Label::named(&args.threshold).ok_or_else(|| {
        Error::Usage(format!(
            "`{}` is no label; there are laag, midden, hoog",
            args.threshold
        ))
    })
}

/// Head of the tables, over the columns of [`row`].
const HEAD: &str =
    "                               gold  found  precision          recall             F1";

fn number(value: Option<f64>) -> String {
    value.map_or_else(|| "    -".to_owned(), |v| format!("{v:.3}"))
}

/// A figure with its interval, in 19 columns.
fn figure(figure: Figure) -> String {
    let interval = match (figure.low, figure.high) {
        (Some(l), Some(h)) => format!("[{l:.2}, {h:.2}]"),
        _ => String::new(),
    };
    format!("{} {interval:<13}", number(figure.value))
}

fn row(out: &mut String, row: &Row) {
    let line = format!(
        "{:<28} {:>6} {:>6}  {}{}{}",
        row.name,
        row.counts.gold,
        row.counts.found,
        figure(row.precision),
        figure(row.recall),
        figure(row.f1)
    );
    let _ = writeln!(out, "{}", line.trim_end());
}

fn table(result: &Evaluation, with_misses: bool) -> String {
    let mut out = format!(
        "documents: {}; lexicon {} ({}); [..] = 95 % interval, {} draws of documents, seed {}\n",
        result.documents,
        result.lexicon,
        result.lexicon_hash,
        result.resampling.draws,
        result.resampling.seed
    );
    for view in View::ALL {
        let Some(table) = result.table(view).filter(|t| !t.rows.is_empty()) else {
            continue;
        };
        let _ = writeln!(out, "\n{}\n{HEAD}", view.title(),);
        match view {
            // Whole tables of these stand in the JSON and on the page; the sums are enough here.
            View::Exact | View::ExactActive => {}
            View::Rules => {
                for r in &table.rows {
                    let _ = writeln!(
                        out,
                        "{:<36} {:>5}  right {}",
                        r.name,
                        r.counts.found,
                        figure(r.precision)
                    );
                }
            }
            View::ContextDefault => {
                if let Some(r) = table.row(ALL_RIGHT) {
                    row(&mut out, r);
                }
                if let Some(r) = table.row("active=yes") {
                    row(&mut out, r);
                }
            }
            _ => table.rows.iter().for_each(|r| row(&mut out, r)),
        }
        for r in table.micro.iter().chain(&table.r#macro) {
            row(&mut out, r);
        }
    }
    triage(&mut out, "documents", &result.triage);
    if !result.triage.judged.is_empty() {
        let _ = writeln!(
            out,
            "label rule on gold spans, gold context, default tiers: {} of {}",
            result.label_rule.0, result.label_rule.1
        );
    }
    triage(&mut out, "dossiers", &result.dossiers);
    for judged in &result.dossiers.judged {
        let _ = writeln!(
            out,
            "dossier {}: gold {}, found {} ({})",
            judged.id,
            judged.gold.as_str(),
            judged.found.as_str(),
            judged.score
        );
    }
    for n in &result.naming {
        let _ = writeln!(
            out,
            "dossier {}: first firm signal {}, named {}: {}",
            n.dossier,
            dash(&n.first_firm),
            dash(&n.first_named),
            n.outcome.as_str()
        );
    }
    if !result.naming.is_empty() {
        let count = |o: naming::Outcome| result.naming.iter().filter(|n| n.outcome == o).count();
        let _ = writeln!(
            out,
            "named late (over {} days): {}; never: {}",
            naming::LATE,
            count(naming::Outcome::Late),
            count(naming::Outcome::Never)
        );
    }
    subgroups(&mut out, result);
    if with_misses {
        misses(&mut out, result);
    }
    out
}

fn dash(text: &str) -> &str {
    if text.is_empty() { "-" } else { text }
}

fn triage(out: &mut String, what: &str, triage: &Triage) {
    if triage.judged.is_empty() {
        return;
    }
    let _ = writeln!(
        out,
        "\nlabels of {} {what}: rows gold, columns found\n{:>10} {:>7} {:>7} {:>7} {:>7}",
        triage.judged.len(),
        "",
        "geen",
        "laag",
        "midden",
        "hoog"
    );
    for (label, cells) in Label::ALL.iter().zip(&triage.labels) {
        let _ = write!(out, "{:>10}", label.as_str());
        for cell in cells {
            let _ = write!(out, " {cell:>7}");
        }
        out.push('\n');
    }
    let mut line = |name: &str, f: Figure| {
        let _ = writeln!(out, "{name:<34} {}", figure(f).trim_end());
    };
    line("annotators' label", triage.accuracy);
    line("weighted kappa", triage.kappa);
    line("AUC of hoog+midden", triage.auc);
    for at in &triage.recall_at {
        line(
            &format!("recall in the first {:.0} %", at.at * 100.0),
            at.figure,
        );
    }
    line("recall of hoog in the first 20 %", triage.hoog_at_20);
    line("WSS@95", triage.wss95);
    line("average time to discovery", triage.time_to_discovery);
    for at in &triage.reading {
        let load = at
            .figure
            .value
            .map_or_else(|| "-".to_owned(), |v| format!("{v:.1}"));
        let _ = writeln!(
            out,
            "to find {:>2.0} % of hoog+midden, read   {load} of {}",
            at.at * 100.0,
            triage.judged.len()
        );
    }
    for t in &triage.thresholds {
        let _ = writeln!(
            out,
            "reading all from {:<6} on: {} to read, recall {}, precision {}",
            t.label.as_str(),
            t.documents,
            number(t.recall),
            number(t.precision)
        );
    }
    if !triage.hoog_below_midden.is_empty() {
        let _ = writeln!(
            out,
            "gold hoog below midden: {}",
            triage.hoog_below_midden.join(", ")
        );
    }
}

fn subgroups(out: &mut String, result: &Evaluation) {
    let _ = writeln!(
        out,
        "\nby group\n{:<44} {:>5}  {:<19}{:<19}{:<19}AUC",
        "", "docs", "span precision", "span recall", "context right"
    );
    for g in &result.subgroups {
        let name: String = format!("{}: {}", g.field, printable(&g.value))
            .chars()
            .take(44)
            .collect();
        let line = format!(
            "{name:<44} {:>5}  {}{}{}{}",
            g.documents,
            figure(g.spans[0]),
            figure(g.spans[1]),
            figure(g.context),
            figure(g.auc)
        );
        let _ = writeln!(out, "{}", line.trim_end());
    }
}

fn misses(out: &mut String, result: &Evaluation) {
    for (title, list) in [
        ("missed", &result.misses.missed),
        ("false alarms", &result.misses.false_alarms),
        ("context errors, gold spans given", &result.misses.context),
    ] {
        let _ = writeln!(out, "\n{title}: {}", list.len());
        let mut causes: BTreeMap<&str, Vec<&Miss>> = BTreeMap::new();
        for miss in list {
            causes.entry(miss.cause).or_default().push(miss);
        }
        let mut causes: Vec<_> = causes.into_iter().collect();
        causes.sort_by_key(|(_, list)| std::cmp::Reverse(list.len()));
        for (cause, mut list) in causes {
            let _ = writeln!(out, "- {cause}: {}", list.len());
            list.sort_by(|a, b| (&a.category, &a.detail).cmp(&(&b.category, &b.detail)));
            for m in list {
                let _ = writeln!(
                    out,
                    "{} {} | {} | {}",
                    m.category,
                    m.document,
                    printable(&m.around),
                    printable(&m.detail)
                );
            }
        }
    }
}

fn run_traps(args: &Evaluate) -> Result<Code> {
    let analyzer = analyzer(&args.lexicon)?;
    let cases = traps::read(&args.traps, |c| analyzer.lexicon().category(c).is_some())?;
    let result = traps::run(&analyzer, &cases);
    let known = match &args.known {
        Some(path) => traps::read_known(path)?,
        None => BTreeMap::new(),
    };
    if args.json {
        print(&json(&result)?)?;
        return Ok(Code::Done);
    }
    let mut out = format!(
        "{:<28} {:>6} {:>7} {:>6} {:>6} {:>7}\n",
        "group", "cases", "passed", "", "pairs", "passed"
    );
    let mut line = |name: &str, g: &traps::Group| {
        let share = g.passed as f64 / g.cases.max(1) as f64;
        let _ = writeln!(
            out,
            "{name:<28} {:>6} {:>7} {share:>6.3} {:>6} {:>7}",
            g.cases, g.passed, g.pairs, g.pairs_passed
        );
    };
    for (name, group) in &result.groups {
        line(name, group);
    }
    line("all", &result.total());
    for failure in result
        .failures
        .iter()
        .filter(|f| !known.contains_key(&f.id))
    {
        let _ = writeln!(
            out,
            "failed {}: {} | {}",
            failure.id,
            printable(&failure.text.replace('\n', " / ")),
            printable(&failure.why)
        );
    }
    for id in known
        .keys()
        .filter(|id| !result.failures.iter().any(|f| f.id == **id))
    {
        let _ = writeln!(
            out,
            "{id} is listed as a known failure, but passes or is no case: take it off the list"
        );
    }
    print(&out)?;
    Ok(Code::Done)
}
