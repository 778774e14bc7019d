//! `lexicon suggest`: candidate terms from misses, for a person to judge.

use std::collections::BTreeSet;
use std::fmt::Write;

use signaalbril::decision::{self, Decision};
use signaalbril::evaluate::run::StoredRun;
use signaalbril::evaluate::suggest::{Source, Suggestions, from_decisions, from_gold, suggest};
use signaalbril::evaluate::{Prediction, predict};
use signaalbril::{Analysis, Error, Result};

use super::{analyses, analyzer, decisions, gold_documents, json, print};
use crate::args::Suggest;
use crate::exit::Code;
use crate::progress::{printable, say};

pub(crate) fn run(args: &Suggest) -> Result<Code> {
    let analyzer = analyzer(&args.lexicon)?;
    let gold = gold_documents(analyzer.lexicon(), &args.gold, args.half)?;
    let predictions: Vec<Prediction> = predict(&analyzer, &gold, &[])
        .into_iter()
        .map(|p| p.0)
        .collect();
    let mut sources: Vec<Source<'_>> = gold
        .iter()
        .zip(&predictions)
        .map(|(g, p)| from_gold(g, p))
        .collect();
    // Reviewed documents: the run says what was found, the sources say what was read.
    let mut reviewed: Vec<(String, Analysis, Prediction, Vec<Decision>)> = Vec::new();
    if let Some(path) = &args.decisions {
        let directory = match &args.scan {
            Some(directory) => directory,
            None if path.is_dir() => path,
            None => {
                return Err(Error::Usage(
                    "give the folder of the scan that was reviewed, too: --scan DIR".to_owned(),
                ));
            }
        };
        let decisions = decisions(path)?;
        let holding = decision::last(&decisions);
        let run = StoredRun::read(directory)?;
        let files: BTreeSet<String> = run
            .documents
            .iter()
            .map(|d| match d.path.rsplit_once('#') {
                Some((file, _)) if std::path::Path::new(file).is_file() => file.to_owned(),
                _ => d.path.clone(),
            })
            .collect();
        let read = analyses(
            &analyzer,
            &files.into_iter().collect::<Vec<_>>(),
            &args.reading,
        )?;
        let mut gone = 0;
        for document in &run.documents {
            let of: Vec<Decision> = holding
                .iter()
                .filter(|d| d.document == document.id)
                .map(|d| (*d).clone())
                .collect();
            match read
                .iter()
                .find(|a| a.document.id == document.id && a.document.path == document.path)
            {
                Some(analysis) => reviewed.push((
                    document.path.clone(),
                    analysis.clone(),
                    run.prediction(document),
                    of,
                )),
                None => gone += 1,
            }
        }
        if gone > 0 {
            say(&format!(
                "{gone} document(s) of the scan are gone or changed; their decisions are left out"
            ));
        }
    }
    for (path, analysis, prediction, decisions) in &reviewed {
        let decisions: Vec<&Decision> = decisions.iter().collect();
        sources.push(from_decisions(path, &analysis.text, prediction, &decisions));
    }
    let background: Vec<String> = if args.background.is_empty() {
        Vec::new()
    } else {
        analyses(&analyzer, &args.background, &args.reading)?
            .into_iter()
            .map(|a| a.text)
            .collect()
    };
    let result = suggest(&analyzer, &sources, &background, args.most);
    print(&if args.json {
        json(&result)?
    } else {
        table(&result, sources.len())
    })?;
    Ok(Code::Done)
}

fn table(result: &Suggestions, documents: usize) -> String {
    let mut out = format!(
        "{documents} documents. Candidates are for a person to judge; z is the log-odds with a Dirichlet prior against all texts.\n"
    );
    let mut target = "";
    for c in &result.candidates {
        if c.target != target {
            target = &c.target;
            let _ = writeln!(out, "\n{target}");
        }
        let _ = writeln!(
            out,
            "  {:<34} z {:>5.2}  {:>3} here, {:>4} elsewhere",
            printable(&c.words),
            c.z,
            c.count,
            c.background
        );
        for context in &c.contexts {
            let _ = writeln!(out, "      {}", printable(context));
        }
    }
    let _ = writeln!(out, "\nmostly wrong: {}", result.overturned.len());
    for o in &result.overturned {
        let _ = writeln!(out, "  {:<48} {} of {} wrong", o.term, o.wrong, o.judged);
    }
    let _ = writeln!(out, "\nnever fired here: {}", result.silent.len());
    for id in &result.silent {
        let _ = writeln!(out, "  {id}");
    }
    out
}
