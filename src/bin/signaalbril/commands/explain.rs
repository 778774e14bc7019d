//! `explain`: one document in the terminal.

use std::fmt::Write;
use std::io::{IsTerminal, Read};

use signaalbril::finding::CueRecord;
use signaalbril::{Analysis, Analyzer, Document, Error, Finding, Label, Result};

use super::{analyzer, print};
use crate::args::{Colour, Explain};
use crate::exit::Code;
use crate::progress::printable;

pub(crate) fn run(args: &Explain) -> Result<Code> {
    let analyzer = analyzer(&args.lexicon)?;
    let colour = match args.colour {
        Colour::Auto => std::io::stdout().is_terminal(),
        Colour::Always => true,
        Colour::Never => false,
    };
    let documents = if args.file == "-" {
        let mut text = String::new();
        std::io::stdin()
            .lock()
            .take(64 * 1024 * 1024)
            .read_to_string(&mut text)
            .map_err(Error::io("read", "standard input"))?;
        let mut document = Document::from_text("-", text);
        let own = signaalbril::extract::date::own_date(&document.text, "");
        document.date = own.map(|d| d.0);
        document.date_certainty = own.map(|d| d.1);
        vec![document]
    } else {
        super::text::read(&args.file, args.store.as_deref(), &args.reading)?
    };
    let mut code = Code::Done;
    for document in &documents {
        let analysis = analyzer.analyze(document);
        if analysis.document.score.is_none() {
            code = Code::Unread;
        }
        print(&explain(&analyzer, &analysis, colour))?;
    }
    Ok(code)
}

fn explain(analyzer: &Analyzer, analysis: &Analysis, colour: bool) -> String {
    let record = &analysis.document;
    let mut out = String::new();
    let label = record.label.map_or("-", Label::as_str);
    let score = record
        .score
        .map_or_else(|| "-".to_owned(), |s| s.to_string());
    let _ = writeln!(
        out,
        "{}\nlabel {label}, score {score}, genre {}, date {}",
        printable(&record.path),
        record.genre,
        if record.date.is_empty() {
            "unknown"
        } else {
            &record.date
        }
    );
    let _ = writeln!(out, "{}\n", printable(&record.reason));
    let _ = writeln!(out, "{}\n", highlighted(analysis, colour));
    for (n, finding) in analysis.findings.iter().enumerate() {
        let place = finding.page.map_or_else(
            || format!("line {}", finding.line),
            |p| format!("page {p}, line {}", finding.line),
        );
        let verdict = if finding.active {
            "counts"
        } else if finding.protective {
            "protective"
        } else {
            "does not count"
        };
        let _ = writeln!(
            out,
            "[{}] “{}”  {}  {verdict}",
            n + 1,
            one_line(&finding.text),
            finding.category
        );
        let _ = writeln!(
            out,
            "     {}, {}, {}{}; tier {}; term {}; {place}{}",
            finding.presence.as_str(),
            finding.temporality.as_str(),
            finding.experiencer.as_str(),
            if finding.generic { ", generic" } else { "" },
            finding.tier.as_str(),
            finding.term,
            if finding.approximate {
                "; approximately"
            } else {
                ""
            }
        );
        for cue in &finding.cues {
            let _ = writeln!(out, "     {}", cue_line(cue));
        }
        if !finding.suppressed_by.is_empty() {
            let _ = writeln!(out, "     suppressed by {}", finding.suppressed_by);
        }
        for contribution in analysis.contributions.iter().filter(|c| c.finding == n) {
            let _ = writeln!(
                out,
                "     {} points ({})",
                contribution.points, contribution.rule
            );
        }
    }
    if !record.points.is_empty() {
        let _ = writeln!(out, "\npoints per category, caps applied:");
        for (category, points) in &record.points {
            let name = analyzer
                .lexicon()
                .category(category)
                .map_or(category.as_str(), |c| c.name.as_str());
            let _ = writeln!(out, "  {points:>4}  {category} ({name})");
        }
        let _ = writeln!(out, "  {:>4}  stages beyond the first", record.stage_bonus);
    }
    out
}

fn cue_line(cue: &CueRecord) -> String {
    let kind = if cue.kind.is_empty() {
        String::new()
    } else {
        format!(", {}", cue.kind)
    };
    format!(
        "{} = {}: “{}” at {}..{} ({}{kind})",
        cue.property.as_str(),
        cue.value,
        one_line(&cue.text),
        cue.start,
        cue.end,
        cue.rule
    )
}

fn one_line(text: &str) -> String {
    printable(&text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// The text with `[n: ...]` around findings; colours on a terminal.
fn highlighted(analysis: &Analysis, colour: bool) -> String {
    let mut out = String::new();
    let mut at = 0;
    for (n, finding) in analysis
        .findings
        .iter()
        .enumerate()
        .filter(|(_, f)| f.suppressed_by.is_empty())
    {
        if finding.byte_start < at {
            continue;
        }
        out.push_str(&printable(
            analysis
                .text
                .get(at..finding.byte_start)
                .unwrap_or_default(),
        ));
        let (open, close) = marks(finding, colour);
        let _ = write!(
            out,
            "{open}[{}: {}]{close}",
            n + 1,
            printable(
                analysis
                    .text
                    .get(finding.byte_start..finding.byte_end)
                    .unwrap_or_default()
            )
        );
        at = finding.byte_end;
    }
    out.push_str(&printable(analysis.text.get(at..).unwrap_or_default()));
    out
}

fn marks(finding: &Finding, colour: bool) -> (&'static str, &'static str) {
    match (colour, finding.active) {
        (false, _) => ("", ""),
        (true, true) => ("\u{1b}[1;31m", "\u{1b}[0m"),
        (true, false) => ("\u{1b}[2m", "\u{1b}[0m"),
    }
}
