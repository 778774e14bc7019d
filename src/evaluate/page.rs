//! The evaluation as one self-contained HTML page: tables, plots, misses. No script, no outside resource.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::bootstrap::Figure;
use super::naming::Outcome;
use super::plot::{self, Bar};
use super::{Evaluation, Miss, Row, Triage, View};
use crate::escape::markup;
use crate::score::Label;

const STYLE: &str = "
:root { color-scheme: light; }
body { font: 15px/1.5 system-ui, sans-serif; color: #202a3a; margin: 0 auto; max-width: 1180px; padding: 1.5rem; background: #fff; }
h1 { font-size: 1.6rem; margin: 0 0 .3rem; } h2 { margin: 2.2rem 0 .6rem; border-bottom: 2px solid #d5dce6; font-size: 1.25rem; } h3 { font-size: 1rem; margin: 1.2rem 0 .3rem; }
p.note { color: #4b5768; max-width: 75ch; }
table { border-collapse: collapse; margin: .4rem 0 1rem; font-variant-numeric: tabular-nums; }
caption { text-align: left; font-weight: 600; padding: .3rem 0; }
th, td { padding: .18rem .6rem; text-align: right; border-bottom: 1px solid #e3e8ef; } th:first-child, td:first-child { text-align: left; }
thead th { background: #f2f5f9; border-bottom: 2px solid #c9d2de; } tr.sum td { font-weight: 600; border-top: 2px solid #c9d2de; }
td.ci { color: #5a6677; font-size: .88em; } td.text { text-align: left; }
.plots { display: flex; flex-wrap: wrap; gap: 1rem 2rem; align-items: flex-start; } figure { margin: 0; } figcaption { font-weight: 600; }
svg { max-width: 100%; height: auto; }
td.diagonal { outline: 2px solid #0b5794; outline-offset: -2px; }
details { margin: .3rem 0; } summary { cursor: pointer; font-weight: 600; } summary:focus-visible { outline: 3px solid #0b5794; }
mark { background: #ffe8a3; color: inherit; padding: 0 .1em; }
nav a { margin-right: 1rem; } a { color: #0b5794; }
.wide { overflow-x: auto; }
@media print { details { break-inside: avoid; } nav { display: none; } }
";

/// Passages shown per cause; the JSON holds them all.
const SHOWN: usize = 200;

/// Writes the page.
#[must_use]
pub fn page(evaluation: &Evaluation) -> String {
    let mut out = String::new();
    let _ = write!(
        out,
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <title>signaalbril: evaluation</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<h1>How well are signals picked up?</h1>\n"
    );
    let _ = writeln!(
        out,
        "<p class=\"note\">{} documents; lexicon {} ({}), program {}. Intervals hold 95 % of {} draws of documents with replacement (seed {}). \
         A figure that would divide by nothing is shown as -. This page holds case text: it inherits the retention of its source.</p>",
        evaluation.documents,
        markup(&evaluation.lexicon),
        markup(&evaluation.lexicon_hash),
        evaluation.program,
        evaluation.resampling.draws,
        evaluation.resampling.seed
    );
    out.push_str("<nav aria-label=\"Parts\"><a href=\"#triage\">Triage</a><a href=\"#spans\">Signals</a><a href=\"#context\">Context</a><a href=\"#groups\">Groups</a><a href=\"#misses\">Misses</a></nav>\n<main>\n");
    out.push_str("<h2 id=\"triage\">Are the right documents read first?</h2>\n");
    triage(&mut out, "documents", &evaluation.triage);
    if !evaluation.dossiers.judged.is_empty() {
        out.push_str("<h2 id=\"dossiers\">Dossiers</h2>\n");
        triage(&mut out, "dossiers", &evaluation.dossiers);
        naming(&mut out, evaluation);
    }
    spans(&mut out, evaluation);
    context(&mut out, evaluation);
    groups(&mut out, evaluation);
    misses(&mut out, evaluation);
    out.push_str("</main>\n</body>\n</html>\n");
    out
}

fn number(value: Option<f64>) -> String {
    value.map_or_else(|| "-".to_owned(), |v| format!("{v:.3}"))
}

fn interval(figure: Figure) -> String {
    match (figure.low, figure.high) {
        (Some(low), Some(high)) => format!("{low:.2}&ndash;{high:.2}"),
        _ => String::new(),
    }
}

fn cells(figure: Figure) -> String {
    format!(
        "<td>{}</td><td class=\"ci\">{}</td>",
        number(figure.value),
        interval(figure)
    )
}

fn figure_row(out: &mut String, name: &str, figure: Figure) {
    let _ = writeln!(out, "<tr><td>{}</td>{}</tr>", markup(name), cells(figure));
}

fn plot_figure(out: &mut String, title: &str, svg: &str) {
    if !svg.is_empty() {
        let named = svg.replacen(
            "<svg ",
            &format!("<svg role=\"img\" aria-label=\"{}\" ", markup(title)),
            1,
        );
        let _ = writeln!(
            out,
            "<figure><figcaption>{}</figcaption>{named}</figure>",
            markup(title)
        );
    }
}

fn triage(out: &mut String, what: &str, triage: &Triage) {
    if triage.judged.is_empty() {
        out.push_str("<p class=\"note\">None of these has a gold label.</p>\n");
        return;
    }
    let _ = writeln!(
        out,
        "<p class=\"note\">{} {what} with a gold label; relevant is hoog or midden ({}). With equal scores they stand in no order: figures are the expectation over all orders.</p>",
        triage.judged.len(),
        triage.curve.relevant
    );
    let _ = writeln!(
        out,
        "<div class=\"plots\"><table><caption>Labels: rows gold, columns found</caption><thead><tr><th></th>{}</tr></thead><tbody>",
        Label::ALL
            .map(|l| format!("<th>{}</th>", l.as_str()))
            .concat()
    );
    for (n, (label, row)) in Label::ALL.iter().zip(&triage.labels).enumerate() {
        let sum: usize = row.iter().sum();
        let mut line = String::new();
        for (m, cell) in row.iter().enumerate() {
            let share = (cell * 100).checked_div(sum).unwrap_or(0);
            let class = if n == m { " class=\"diagonal\"" } else { "" };
            // A light tint, so that the text keeps its contrast.
            let _ = write!(
                line,
                "<td{class} style=\"background: hsl(207 60% {}%)\">{cell}</td>",
                97 - share / 3
            );
        }
        let _ = writeln!(out, "<tr><th>{}</th>{line}</tr>", label.as_str());
    }
    out.push_str("</tbody></table>\n<table><caption>Figures</caption><thead><tr><th></th><th>value</th><th>95 %</th></tr></thead><tbody>\n");
    figure_row(out, "annotators' label", triage.accuracy);
    figure_row(out, "kappa, linear weights", triage.kappa);
    figure_row(out, "AUC", triage.auc);
    for at in &triage.recall_at {
        figure_row(
            out,
            &format!("recall in the first {:.0} %", at.at * 100.0),
            at.figure,
        );
    }
    figure_row(out, "recall of hoog in the first 20 %", triage.hoog_at_20);
    figure_row(out, "WSS@95", triage.wss95);
    figure_row(
        out,
        "average time to discovery (share)",
        triage.time_to_discovery,
    );
    out.push_str("</tbody></table>\n<table><caption>Reading load</caption><thead><tr><th>to find</th><th>read</th><th>95 %</th></tr></thead><tbody>\n");
    for at in &triage.reading {
        let range = match (at.figure.low, at.figure.high) {
            (Some(l), Some(h)) => format!("{l:.0}&ndash;{h:.0}"),
            _ => String::new(),
        };
        let _ = writeln!(
            out,
            "<tr><td>{:.0} %</td><td>{}</td><td class=\"ci\">{range}</td></tr>",
            at.at * 100.0,
            at.figure
                .value
                .map_or_else(|| "-".to_owned(), |v| format!("{v:.1}"))
        );
    }
    out.push_str("</tbody></table>\n<table><caption>Reading from a label on</caption><thead><tr><th>from</th><th>read</th><th>recall</th><th>precision</th></tr></thead><tbody>\n");
    for t in &triage.thresholds {
        let _ = writeln!(
            out,
            "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
            t.label.as_str(),
            t.documents,
            number(t.recall),
            number(t.precision)
        );
    }
    out.push_str("</tbody></table></div>\n<div class=\"plots\">\n");
    plot_figure(out, "Recall curve", &plot::recall_curve(&triage.curve));
    plot_figure(
        out,
        "Precision and recall by score",
        &plot::precision_recall(&triage.precision_recall),
    );
    let points: Vec<(f64, f64)> = triage
        .calibration
        .iter()
        .filter_map(|bin| {
            let all: usize = bin.gold.iter().sum();
            let relevant = bin.gold[Label::Midden as usize] + bin.gold[Label::Hoog as usize];
            (all > 0).then(|| {
                (
                    f64::from(bin.from + bin.to) / 2.0,
                    relevant as f64 / all as f64,
                )
            })
        })
        .collect();
    plot_figure(
        out,
        "Calibration of the score against the label",
        &plot::calibration(&points),
    );
    out.push_str("<table><caption>Score against label</caption><thead><tr><th>score</th><th>geen</th><th>laag</th><th>midden</th><th>hoog</th></tr></thead><tbody>\n");
    for bin in &triage.calibration {
        let [geen, laag, midden, hoog] = bin.gold;
        let _ = writeln!(
            out,
            "<tr><td>{}&ndash;{}</td><td>{geen}</td><td>{laag}</td><td>{midden}</td><td>{hoog}</td></tr>",
            bin.from, bin.to
        );
    }
    out.push_str("</tbody></table></div>\n");
    if !triage.hoog_below_midden.is_empty() {
        let _ = writeln!(
            out,
            "<p><strong>Gold hoog that came out below midden:</strong> {}</p>",
            markup(&triage.hoog_below_midden.join(", "))
        );
    }
}

fn naming(out: &mut String, evaluation: &Evaluation) {
    out.push_str("<h3>When was it named?</h3>\n<p class=\"note\">From the first present firm or hard finding to the first active finding in a category that names exploitation.");
    for outcome in Outcome::ALL {
        let count = evaluation
            .naming
            .iter()
            .filter(|n| n.outcome == outcome)
            .count();
        let _ = write!(out, " {}: {count}.", outcome.as_str());
    }
    out.push_str("</p>\n<table><thead><tr><th>dossier</th><th>first firm signal</th><th>named</th><th>days</th><th></th></tr></thead><tbody>\n");
    for n in &evaluation.naming {
        let _ = writeln!(
            out,
            "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
            markup(&n.dossier),
            n.first_firm,
            n.first_named,
            n.days.map_or_else(String::new, |d| d.to_string()),
            n.outcome.as_str()
        );
    }
    out.push_str("</tbody></table>\n");
}

fn spans(out: &mut String, evaluation: &Evaluation) {
    out.push_str("<h2 id=\"spans\">Are the signals found?</h2>\n<div class=\"plots\">\n");
    if let Some(table) = evaluation.table(View::Overlap) {
        let bars = |pick: fn(&Row) -> Figure| -> Vec<Bar> {
            table
                .rows
                .iter()
                .chain(&table.micro)
                .filter_map(|r| {
                    let f = pick(r);
                    Some(Bar {
                        name: r.name.clone(),
                        value: f.value?,
                        low: f.low.or(f.value)?,
                        high: f.high.or(f.value)?,
                    })
                })
                .collect()
        };
        plot_figure(
            out,
            "Recall per category",
            &plot::bars("recall, by overlap, all contexts", &bars(|r| r.recall)),
        );
        plot_figure(
            out,
            "Precision per category",
            &plot::bars(
                "precision, by overlap, all contexts",
                &bars(|r| r.precision),
            ),
        );
    }
    out.push_str("</div>\n");
    for view in View::ALL.into_iter().filter(|v| v.is_spans()) {
        table(out, evaluation, view);
    }
}

fn context(out: &mut String, evaluation: &Evaluation) {
    out.push_str("<h2 id=\"context\">Is it about this young person, now, and really so?</h2>\n");
    for view in [
        View::ContextGiven,
        View::ContextDefault,
        View::ContextFound,
        View::Rules,
    ] {
        table(out, evaluation, view);
    }
}

fn table(out: &mut String, evaluation: &Evaluation, view: View) {
    let Some(table) = evaluation.table(view).filter(|t| !t.rows.is_empty()) else {
        return;
    };
    let open = if matches!(view, View::Overlap | View::ContextGiven) {
        " open"
    } else {
        ""
    };
    let _ = writeln!(
        out,
        "<details{open}><summary>{}</summary><div class=\"wide\"><table><thead><tr><th></th><th>gold</th><th>found</th><th>precision</th><th>95 %</th><th>recall</th><th>95 %</th><th>F1</th><th>95 %</th></tr></thead><tbody>",
        view.title()
    );
    let mut line = |row: &Row, class: &str| {
        let counts = if row.name == "macro" {
            "<td></td><td></td>".to_owned()
        } else {
            format!("<td>{}</td><td>{}</td>", row.counts.gold, row.counts.found)
        };
        let _ = writeln!(
            out,
            "<tr{class}><td>{}</td>{counts}{}{}{}</tr>",
            markup(&row.name),
            cells(row.precision),
            cells(row.recall),
            cells(row.f1)
        );
    };
    for row in &table.rows {
        line(row, "");
    }
    for row in table.micro.iter().chain(&table.r#macro) {
        line(row, " class=\"sum\"");
    }
    out.push_str("</tbody></table></div></details>\n");
}

fn groups(out: &mut String, evaluation: &Evaluation) {
    out.push_str("<h2 id=\"groups\">For all kinds of notes and young people?</h2>\n<div class=\"wide\"><table><thead><tr><th>field</th><th>value</th><th>documents</th>");
    for name in [
        "span precision",
        "span recall",
        "active F1",
        "context right",
        "AUC",
        "label right",
    ] {
        let _ = write!(out, "<th>{name}</th><th>95 %</th>");
    }
    out.push_str("</tr></thead><tbody>\n");
    for g in &evaluation.subgroups {
        let _ = writeln!(
            out,
            "<tr><td>{}</td><td class=\"text\">{}</td><td>{}</td>{}{}{}{}{}{}</tr>",
            markup(&g.field),
            markup(&g.value),
            g.documents,
            cells(g.spans[0]),
            cells(g.spans[1]),
            cells(g.active[2]),
            cells(g.context),
            cells(g.auc),
            cells(g.label)
        );
    }
    out.push_str("</tbody></table></div>\n");
}

fn misses(out: &mut String, evaluation: &Evaluation) {
    out.push_str("<h2 id=\"misses\">What went wrong, and why</h2>\n");
    for (title, list) in [
        ("Missed signals", &evaluation.misses.missed),
        ("False alarms", &evaluation.misses.false_alarms),
        ("Context, gold spans given", &evaluation.misses.context),
    ] {
        let _ = writeln!(out, "<h3>{title}: {}</h3>", list.len());
        let mut causes: BTreeMap<&str, Vec<&Miss>> = BTreeMap::new();
        for miss in list {
            causes.entry(miss.cause).or_default().push(miss);
        }
        let mut causes: Vec<_> = causes.into_iter().collect();
        causes.sort_by_key(|(_, list)| std::cmp::Reverse(list.len()));
        for (cause, list) in causes {
            let _ = writeln!(
                out,
                "<details><summary>{} ({})</summary><div class=\"wide\"><table><thead><tr><th>category</th><th>document</th><th>passage</th><th>behind it</th></tr></thead><tbody>",
                markup(cause),
                list.len()
            );
            for miss in list.iter().take(SHOWN) {
                let passage = markup(&miss.around)
                    .replace("[[", "<mark>")
                    .replace("]]", "</mark>");
                let _ = writeln!(
                    out,
                    "<tr><td>{}</td><td class=\"text\">{}</td><td class=\"text\">{passage}</td><td class=\"text\">{}</td></tr>",
                    markup(&miss.category),
                    markup(&miss.document),
                    markup(&miss.detail)
                );
            }
            out.push_str("</tbody></table></div>");
            if list.len() > SHOWN {
                let _ = write!(
                    out,
                    "<p>{} more in evaluation.json.</p>",
                    list.len() - SHOWN
                );
            }
            out.push_str("</details>\n");
        }
    }
}
