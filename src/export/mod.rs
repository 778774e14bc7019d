//! Exports: the records of a store as tables for other programs, with a dictionary of their columns.

pub mod dictionary;

use std::collections::BTreeMap;
use std::io::Write;

use serde::Serialize;
use serde_json::{Map, Value};

use crate::analyze::Analysis;
use crate::decision::Decision;
use crate::dossier::DossierRecord;
use crate::error::{Error, Result};
use crate::escape::cell;
use crate::finding::Finding;
use crate::passage::{Passage, around};
use crate::pseudonym::Pseudonymiser;
use crate::store::{Order, Store};
pub use dictionary::{Column, Kind, columns};

/// What is exported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Table {
    /// Documents, by path.
    Documents,
    /// Findings, by path of their document and place; suppressed and inactive ones too.
    Findings,
    /// Dossiers in reading order.
    Dossiers,
    /// Decisions, the earliest first.
    Decisions,
}

impl Table {
    /// All of them.
    pub const ALL: [Self; 4] = [
        Self::Documents,
        Self::Findings,
        Self::Dossiers,
        Self::Decisions,
    ];

    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Documents => "documents",
            Self::Findings => "findings",
            Self::Dossiers => "dossiers",
            Self::Decisions => "decisions",
        }
    }
}

/// How rows are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// One JSON object a line, UTF-8.
    Jsonl,
    /// A table with a header: `;` between cells, UTF-8 with a mark, CRLF, formulas made harmless. Lists have blanks between their items;
    /// lists of objects, and maps, are JSON.
    Csv,
}

impl Format {
    /// The ending of its files.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Jsonl => "jsonl",
            Self::Csv => "csv",
        }
    }
}

/// A finding with its document's path, which tells copies apart, and the text around it.
#[derive(Serialize)]
struct Row<'a> {
    #[serde(flatten)]
    finding: &'a Finding,
    path: &'a str,
    snippet: &'a str,
}

/// Writes a table of a store; under pseudonyms where there is one who gives them. Answers the number of rows.
///
/// # Errors
/// When the store cannot be read, or `out` not be written.
pub fn write(
    store: &Store,
    table: Table,
    format: Format,
    pseudonymiser: Option<&Pseudonymiser>,
    out: &mut dyn Write,
) -> Result<usize> {
    let mut rows = Rows::new(table, format, out)?;
    let known = match pseudonymiser {
        Some(p) => names(store, p)?,
        None => Names::new(),
    };
    let of = |dossier: &str| known.get(dossier).map_or(&[][..], Vec::as_slice);
    match table {
        Table::Documents => store.each(Order::Input, &mut |mut analysis| {
            if let Some(p) = pseudonymiser {
                let names = of(&analysis.document.dossier);
                p.document(&mut analysis.document, names);
            }
            rows.row(&analysis.document)
        }),
        Table::Findings => store.each(Order::Input, &mut |analysis| {
            let names = of(&analysis.document.dossier);
            findings(analysis, pseudonymiser, names, &mut rows)
        }),
        Table::Dossiers => store.each_dossier(&mut |mut record: DossierRecord| {
            if let Some(p) = pseudonymiser {
                let names = of(&record.dossier);
                p.dossier(&mut record, names);
            }
            rows.row(&record)
        }),
        Table::Decisions => store.each_decision(&mut |mut decision: Decision| {
            if let Some(p) = pseudonymiser {
                let names = of(&decision.dossier);
                p.decision(&mut decision, names);
            }
            rows.row(&decision)
        }),
    }?;
    rows.finish()
}

/// Names that the texts of each dossier give away.
type Names = BTreeMap<String, Vec<String>>;

/// A name that one note announces ("haar vriend Mo") stands bare in the next one.
fn names(store: &Store, pseudonymiser: &Pseudonymiser) -> Result<Names> {
    let mut known = Names::new();
    store.each(Order::Input, &mut |analysis| {
        let names = known.entry(analysis.document.dossier.clone()).or_default();
        for passage in &analysis.passages {
            names.extend(pseudonymiser.names_in(&passage.text));
        }
        names.sort();
        names.dedup();
        Ok(())
    })?;
    Ok(known)
}

fn findings(
    mut analysis: Analysis,
    pseudonymiser: Option<&Pseudonymiser>,
    known: &[String],
    rows: &mut Rows<'_>,
) -> Result<()> {
    let document = &analysis.document;
    let names = pseudonymiser.map(|p| {
        let mut names = p.own_names(&document.dossier);
        names.extend(p.own_names(&document.path));
        names
    });
    let path = match pseudonymiser {
        Some(p) => p.name("p", &document.path),
        None => document.path.clone(),
    };
    let names: Vec<&str> = (names.iter().flatten().chain(known))
        .map(String::as_str)
        .collect();
    for finding in &mut analysis.findings {
        let mut snippet = snippet(finding, &analysis.passages).to_owned();
        if let Some(p) = pseudonymiser {
            snippet = p.text(&snippet, &names);
            p.finding(finding, known);
        }
        let snippet = &snippet;
        rows.row(&Row {
            finding,
            path: &path,
            snippet,
        })?;
    }
    Ok(())
}

/// The text around a finding, as far as it is kept.
fn snippet<'a>(finding: &Finding, passages: &'a [Passage]) -> &'a str {
    let holds =
        |p: &&Passage| p.byte_start <= finding.byte_start && finding.byte_end <= p.byte_end();
    passages
        .iter()
        .find(holds)
        .map_or("", |p| around(p, finding))
}

/// Writes rows in a format.
struct Rows<'a> {
    table: Table,
    out: Sink<'a>,
    count: usize,
}

enum Sink<'a> {
    Jsonl(&'a mut dyn Write),
    Csv(Box<csv::Writer<&'a mut dyn Write>>),
}

impl<'a> Rows<'a> {
    fn new(table: Table, format: Format, out: &'a mut dyn Write) -> Result<Self> {
        let out = match format {
            Format::Jsonl => Sink::Jsonl(out),
            Format::Csv => {
                // Excel needs the mark to take the file for UTF-8.
                out.write_all("\u{FEFF}".as_bytes()).map_err(writing)?;
                let mut writer = csv::WriterBuilder::new()
                    .delimiter(b';')
                    .terminator(csv::Terminator::CRLF)
                    .from_writer(out);
                let header = columns(table).iter().map(|c| c.name);
                writer.write_record(header).map_err(failed)?;
                Sink::Csv(Box::new(writer))
            }
        };
        Ok(Self {
            table,
            out,
            count: 0,
        })
    }

    fn row(&mut self, record: &impl Serialize) -> Result<()> {
        self.count += 1;
        match &mut self.out {
            Sink::Jsonl(out) => {
                serde_json::to_writer(&mut **out, record)
                    .map_err(|e| Error::Output(e.to_string()))?;
                out.write_all(b"\n").map_err(writing)
            }
            Sink::Csv(writer) => {
                let value = serde_json::to_value(record);
                let Ok(Value::Object(map)) = value else {
                    return Err(Error::Output("a record that is none".to_owned()));
                };
                let cells = columns(self.table).iter().map(|c| text(&map, c.name));
                writer.write_record(cells).map_err(failed)
            }
        }
    }

    fn finish(self) -> Result<usize> {
        if let Sink::Csv(mut writer) = self.out {
            writer.flush().map_err(writing)?;
        }
        Ok(self.count)
    }
}

/// The text of a cell.
fn text(map: &Map<String, Value>, name: &str) -> String {
    let plain = |value: &Value| match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    match map.get(name) {
        None => String::new(),
        Some(Value::Array(list)) if list.iter().all(|v| !v.is_object()) => {
            let items: Vec<String> = list.iter().map(plain).collect();
            cell(&items.join(" "))
        }
        Some(Value::Array(list)) if list.is_empty() => String::new(),
        Some(Value::Object(map)) if map.is_empty() => String::new(),
        Some(value @ (Value::Array(_) | Value::Object(_))) => value.to_string(),
        Some(value) => cell(&plain(value)),
    }
}

fn writing(error: std::io::Error) -> Error {
    Error::Output(error.to_string())
}

fn failed(error: csv::Error) -> Error {
    Error::Output(error.to_string())
}
