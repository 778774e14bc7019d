//! `evaluate`: how well are signals picked up.

use std::fmt::Write;

use signaalbril::evaluate::metrics::Counts;
use signaalbril::evaluate::{Evaluation, Miss, evaluate, gold};
use signaalbril::{Error, Label, Result};

use super::{analyzer, print};
use crate::args::Evaluate;
use crate::exit::Code;
use crate::progress::printable;

pub(crate) fn run(args: &Evaluate) -> Result<Code> {
    let analyzer = analyzer(&args.lexicon)?;
    let documents = gold::read(&args.gold, |c| analyzer.lexicon().category(c).is_some())?;
    let dossiers = match &args.dossiers {
        Some(path) => gold::read_dossiers(path)?,
        None => Vec::new(),
    };
    let result = evaluate(&analyzer, &documents, &dossiers);
    if args.json {
        let text =
            serde_json::to_string_pretty(&result).map_err(|e| Error::Output(e.to_string()))?;
        print(&format!("{text}\n"))?;
    } else {
        print(&table(&result, args.misses))?;
    }
    Ok(Code::Done)
}

fn figure(value: Option<f64>) -> String {
    value.map_or_else(|| "    -".to_owned(), |v| format!("{v:.3}"))
}

fn row(out: &mut String, name: &str, counts: &Counts) {
    let _ = writeln!(
        out,
        "{name:<28} {:>6} {:>6}  {} {} {}",
        counts.gold,
        counts.found,
        figure(counts.precision()),
        figure(counts.recall()),
        figure(counts.f1())
    );
}

fn table(result: &Evaluation, with_misses: bool) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "documents: {}", result.documents);
    let head = format!(
        "{:<28} {:>6} {:>6}  {:>5} {:>5} {:>5}",
        "", "gold", "found", "prec", "rec", "F1"
    );
    for (title, counts) in [
        ("spans by overlap, all contexts", &result.spans),
        ("spans by overlap, active only", &result.active_spans),
    ] {
        let _ = writeln!(out, "\n{title}\n{head}");
        for (category, c) in counts {
            row(&mut out, category, c);
        }
        row(&mut out, "all", &Evaluation::micro(counts));
    }
    for (title, counts) in [
        ("context, gold spans given", &result.context),
        (
            "context, end to end (found signals)",
            &result.context_end_to_end,
        ),
    ] {
        let _ = writeln!(out, "\n{title}\n{head}");
        for (value, c) in counts {
            row(&mut out, value, c);
        }
    }
    let (right, default, all) = result.context_all_right;
    let share = |n: usize| if all == 0 { 0.0 } else { n as f64 / all as f64 };
    let _ = writeln!(
        out,
        "all properties right: {right} of {all} ({:.3}); always the default values: {default} ({:.3})",
        share(right),
        share(default)
    );
    if result.label_rule.1 > 0 {
        let _ = writeln!(
            out,
            "\nlabels: rows gold, columns found\n{:>10} {:>7} {:>7} {:>7} {:>7}",
            "", "geen", "laag", "midden", "hoog"
        );
        for (label, cells) in Label::ALL.iter().zip(&result.labels) {
            let _ = write!(out, "{:>10}", label.as_str());
            for cell in cells {
                let _ = write!(out, " {cell:>7}");
            }
            out.push('\n');
        }
        let _ = writeln!(
            out,
            "weighted kappa {}; AUC of hoog+midden {}",
            figure(result.kappa()),
            figure(result.auc)
        );
        let _ = writeln!(
            out,
            "label rule on gold spans, gold context, default tiers: {} of {}",
            result.label_rule.0, result.label_rule.1
        );
    }
    for (name, wanted, got) in &result.dossiers {
        let _ = writeln!(
            out,
            "dossier {name}: gold {}, found {}",
            wanted.as_str(),
            got.as_str()
        );
    }
    if with_misses {
        for (title, list) in [
            ("missed", &result.misses),
            ("false alarms", &result.false_alarms),
            ("context errors, gold spans given", &result.context_errors),
        ] {
            let _ = writeln!(out, "\n{title}: {}", list.len());
            let mut sorted: Vec<&Miss> = list.iter().collect();
            sorted.sort_by(|a, b| (&a.category, &a.cause).cmp(&(&b.category, &b.cause)));
            for m in sorted {
                let _ = writeln!(
                    out,
                    "{} {} | {} | {}",
                    m.category,
                    m.document,
                    printable(&m.around),
                    printable(&m.cause)
                );
            }
        }
    }
    out
}
