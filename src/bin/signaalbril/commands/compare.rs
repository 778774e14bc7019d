//! `compare`: two lexicons or two runs on the same documents.

use std::fmt::Write;
use std::path::Path;

use signaalbril::evaluate::compare::{Comparison, Side, compare};
use signaalbril::evaluate::gold::GoldDocument;
use signaalbril::evaluate::run::StoredRun;
use signaalbril::evaluate::{Prediction, predict};
use signaalbril::{Analyzer, Error, Label, Lexicon, Result};

use super::{analyses, gold_documents, json, print};
use crate::args::Compare;
use crate::exit::Code;
use crate::progress::printable;

/// What a side is made of.
enum What {
    Lexicon(Box<Analyzer>),
    Run(StoredRun),
}

impl What {
    fn new(name: &str) -> Result<Self> {
        let path = Path::new(name);
        if name == "builtin" {
            Ok(Self::Lexicon(Box::new(Analyzer::builtin()?)))
        } else if path.join("lexicon.toml").is_file() {
            let none: [&Path; 0] = [];
            Ok(Self::Lexicon(Box::new(Analyzer::new(Lexicon::load(
                Some(path),
                &none,
            )?)?)))
        } else if path.join("documents.jsonl").is_file() {
            Ok(Self::Run(StoredRun::read(path)?))
        } else if path.join("signals").is_dir() || path.join("context").is_dir() {
            Ok(Self::Lexicon(Box::new(Analyzer::new(Lexicon::load(
                None,
                &[path],
            )?)?)))
        } else {
            Err(Error::Usage(format!(
                "{name} is neither a lexicon (lexicon.toml) nor an overlay (signals or context) nor a scan (documents.jsonl, findings.jsonl) nor `builtin`"
            )))
        }
    }

    /// What it is, in a line.
    fn about(&self, name: &str) -> String {
        match self {
            Self::Lexicon(analyzer) => {
                let lexicon = analyzer.lexicon();
                format!(
                    "{name}: lexicon {} {} ({}), {} terms",
                    lexicon.manifest.id,
                    lexicon.manifest.version,
                    lexicon.hash,
                    lexicon.terms.len()
                )
            }
            Self::Run(_) => format!("{name}: a scan"),
        }
    }

    fn side(&self, args: &Compare, gold: &[GoldDocument]) -> Result<Side> {
        match self {
            Self::Run(run) if gold.is_empty() => Ok(run.by_path()),
            Self::Run(run) => Ok(run.by_gold(gold)),
            Self::Lexicon(analyzer) if gold.is_empty() => {
                if args.inputs.is_empty() {
                    return Err(Error::Usage(
                        "a lexicon needs documents: give INPUT or --gold".to_owned(),
                    ));
                }
                Ok(analyses(analyzer, &args.inputs, &args.reading)?
                    .into_iter()
                    .map(|a| {
                        let prediction = Prediction {
                            label: a.document.label,
                            score: a.document.score,
                            findings: a.findings,
                            given: Vec::new(),
                        };
                        (a.document.path, prediction)
                    })
                    .collect())
            }
            Self::Lexicon(analyzer) => Ok(gold
                .iter()
                .zip(predict(analyzer, gold, &[]))
                .map(|(g, (prediction, _))| (g.id.clone(), prediction))
                .collect()),
        }
    }
}

pub(crate) fn run(args: &Compare) -> Result<Code> {
    let (a, b) = (What::new(&args.a)?, What::new(&args.b)?);
    let gold = match (&a, &b) {
        (What::Lexicon(analyzer), _) | (_, What::Lexicon(analyzer)) => {
            gold_documents(analyzer.lexicon(), &args.gold, None)?
        }
        _ => gold_documents(&Lexicon::builtin()?, &args.gold, None)?,
    };
    let result = compare(
        &a.side(args, &gold)?,
        &b.side(args, &gold)?,
        &gold,
        args.drawing.into(),
    )?;
    if args.json {
        print(&json(&result)?)?;
    } else {
        print(&format!(
            "A  {}\nB  {}\n{}",
            printable(&a.about(&args.a)),
            printable(&b.about(&args.b)),
            table(&result)
        ))?;
    }
    Ok(Code::Done)
}

fn table(result: &Comparison) -> String {
    let mut out = format!(
        "documents: {}; with other findings: {}; with another label: {}\n",
        result.documents,
        result.changed,
        result.labels.len()
    );
    if !result.terms.is_empty() {
        let _ = writeln!(
            out,
            "\n{:<48} {:>5} {:>5} {:>8} {:>5} {:>5}",
            "term", "only A", "only B", "switched", "tier", "docs"
        );
    }
    for (term, c) in &result.terms {
        let _ = writeln!(
            out,
            "{term:<48} {:>6} {:>6} {:>8} {:>5} {:>5}",
            c.disappeared,
            c.appeared,
            c.switched,
            c.tier,
            c.documents.len()
        );
        for example in &c.examples {
            let _ = writeln!(out, "    {}", printable(example));
        }
        let documents: Vec<&str> = c.documents.iter().take(10).map(String::as_str).collect();
        let more = c.documents.len().saturating_sub(10);
        let more = if more > 0 {
            format!(", {more} more")
        } else {
            String::new()
        };
        let _ = writeln!(out, "    in {}{more}", printable(&documents.join(", ")));
    }
    if !result.labels.is_empty() {
        out.push_str("\nlabels\n");
    }
    let name = |l: Option<Label>| l.map_or("-", Label::as_str);
    for c in &result.labels {
        let gold = c
            .gold
            .map_or_else(String::new, |g| format!(" (gold {})", g.as_str()));
        let score = |s: Option<u32>| s.map_or_else(|| "-".to_owned(), |s| s.to_string());
        let _ = writeln!(
            out,
            "{}: {} {} -> {} {}{gold}; by {}",
            printable(&c.document),
            name(c.from),
            score(c.score_from),
            name(c.to),
            score(c.score_to),
            c.terms.join(", ")
        );
    }
    if !result.figures.is_empty() {
        let _ = writeln!(
            out,
            "\n{:<40} {:>7} {:>7} {:>8}  95 % interval of the difference",
            "against gold", "A", "B", "B - A"
        );
    }
    let number = |v: Option<f64>| v.map_or_else(|| "-".to_owned(), |v| format!("{v:.3}"));
    for d in &result.figures {
        let interval = match (d.difference.low, d.difference.high) {
            (Some(l), Some(h)) => format!("[{l:+.3}, {h:+.3}]"),
            _ => String::new(),
        };
        let star = if d.difference.differs_from_zero() {
            " *"
        } else {
            ""
        };
        let difference = d
            .difference
            .value
            .map_or_else(|| "-".to_owned(), |v| format!("{v:+.3}"));
        let _ = writeln!(
            out,
            "{:<40} {:>7} {:>7} {difference:>8}  {interval}{star}",
            d.name,
            number(d.a.value),
            number(d.b.value)
        );
    }
    out
}
