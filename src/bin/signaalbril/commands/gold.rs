//! `gold`: check, convert, compare annotators.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use signaalbril::evaluate::agreement::{Agreement, agreement};
use signaalbril::evaluate::bootstrap::Figure;
use signaalbril::evaluate::formats;
use signaalbril::{Error, Result, report};

use super::{gold_documents, json, load, print};
use crate::args::GoldCommand;
use crate::exit::Code;
use crate::progress::{printable, say};

pub(crate) fn run(command: &GoldCommand) -> Result<Code> {
    match command {
        GoldCommand::Check { files, lexicon } => {
            let documents = gold_documents(&load(lexicon)?, files, None)?;
            let signals: usize = documents.iter().map(|d| d.signals.len()).sum();
            say(&format!(
                "{} documents, {signals} signals: no problem",
                documents.len()
            ));
            let mut others: BTreeMap<&str, usize> = BTreeMap::new();
            for name in documents.iter().flat_map(|d| d.meta.keys()) {
                *others.entry(name).or_default() += 1;
            }
            if !others.is_empty() {
                let list: Vec<String> = (others.iter())
                    .map(|(name, n)| format!("{} ({n})", printable(name)))
                    .collect();
                say(&format!(
                    "other fields, kept for subgroups; is one of them misspelt? {}",
                    list.join(", ")
                ));
            }
            Ok(Code::Done)
        }
        GoldCommand::Convert {
            files,
            format,
            out,
            lexicon,
        } => {
            let documents = gold_documents(&load(lexicon)?, files, None)?;
            let format = formats::named(format)
                .ok_or_else(|| Error::Usage(format!("no format `{format}`")))?;
            let stem = out
                .file_name()
                .map_or_else(|| "gold".to_owned(), |s| s.to_string_lossy().into_owned());
            let folder = out
                .parent()
                .filter(|p| !p.as_os_str().is_empty())
                .unwrap_or_else(|| Path::new("."));
            let files = format.write(&documents, &stem);
            if let Some((name, _)) = files.iter().find(|(name, _)| folder.join(name).exists()) {
                return Err(Error::Usage(format!(
                    "{} is there already; choose another --out, or remove it",
                    folder.join(name).display()
                )));
            }
            for (name, content) in &files {
                let path = folder.join(name);
                let parent = path.parent().unwrap_or(folder);
                let name = name.file_name().unwrap_or_default().to_string_lossy();
                report::write_private(parent, &name, content.as_bytes())?;
            }
            if let Some((first, _)) = files.first() {
                say(&format!(
                    "{} documents in {} file(s), {} first",
                    documents.len(),
                    files.len(),
                    folder.join(first).display()
                ));
            }
            Ok(Code::Done)
        }
        GoldCommand::Agree {
            first,
            second,
            json: as_json,
            drawing,
            lexicon,
        } => {
            let lexicon = load(lexicon)?;
            let read = |path: &Path| gold_documents(&lexicon, &[path.to_owned()], None);
            let result = agreement(&read(first)?, &read(second)?, (*drawing).into())?;
            print(&if *as_json {
                json(&result)?
            } else {
                table(&result)
            })?;
            Ok(Code::Done)
        }
    }
}

fn table(result: &Agreement) -> String {
    let mut out = format!("documents: {}\n", result.documents);
    let mut line = |name: &str, f: Figure| {
        let value = f
            .value
            .map_or_else(|| "-".to_owned(), |v| format!("{v:.3}"));
        let interval = match (f.low, f.high) {
            (Some(l), Some(h)) => format!("[{l:.2}, {h:.2}]"),
            _ => String::new(),
        };
        let _ = writeln!(out, "{name:<44} {value:>6} {interval}");
    };
    line(
        "F1 of spans with category, by overlap",
        result.spans_overlap,
    );
    line("F1 of spans with category, exactly", result.spans_exact);
    for (property, figure) in &result.properties {
        line(&format!("kappa of {property}"), *figure);
    }
    line("all four properties equal", result.all_equal);
    line("kappa of labels", result.label_kappa);
    line(
        "kappa of labels, linear weights",
        result.label_weighted_kappa,
    );
    let _ = writeln!(out, "\nto talk about: {}", result.disagreements.len());
    for d in &result.disagreements {
        let side = |s: &str| {
            if s.is_empty() {
                "-".to_owned()
            } else {
                s.to_owned()
            }
        };
        let _ = writeln!(
            out,
            "{} {}: {} / {} | {}",
            printable(&d.document),
            d.about,
            side(&d.first),
            side(&d.second),
            printable(&d.passage)
        );
    }
    out
}
