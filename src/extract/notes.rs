//! Exports of notes, CSV and JSONL: one row is one document.

use std::collections::BTreeMap;

use super::date;
use super::plain::{clean, decode};
use super::{Extractor, Mapping, Settings, Source, finish};
use crate::document::{DateCertainty, Document, Status};
use crate::text::fold;

/// CSV exports.
pub(super) struct Csv;
/// One JSON object a line.
pub(super) struct Jsonl;

/// Header names that are guessed, most telling first.
const ID: &[&str] = &[
    "id",
    "notitieid",
    "notitienr",
    "nr",
    "nummer",
    "volgnummer",
    "rapportageid",
];
const DATE: &[&str] = &[
    "datum",
    "notitiedatum",
    "datumnotitie",
    "rapportagedatum",
    "date",
    "aangemaakt",
    "datumtijd",
    "tijdstip",
];
const DOSSIER: &[&str] = &[
    "dossier",
    "client",
    "clientnummer",
    "clientnr",
    "clientid",
    "jeugdige",
    "dossiernummer",
    "dossiernr",
    "clientcode",
    "bewoner",
    "pupil",
];
const BIRTH: &[&str] = &["geboortejaar", "geboortedatum", "gebdatum", "geb"];
const TEXT: &[&str] = &[
    "notitie",
    "tekst",
    "text",
    "rapportage",
    "inhoud",
    "verslag",
    "omschrijving",
    "toelichting",
    "bericht",
];

#[derive(Clone, Copy, Default)]
struct Columns {
    id: Option<usize>,
    date: Option<usize>,
    dossier: Option<usize>,
    birth: Option<usize>,
    text: Option<usize>,
}

fn plain_name(name: &str) -> String {
    fold(name).chars().filter(|c| c.is_alphanumeric()).collect()
}

impl Columns {
    fn new(header: &[String], mapping: &Mapping) -> Self {
        let names: Vec<String> = header.iter().map(|h| plain_name(h)).collect();
        let pick = |given: &Option<String>, guesses: &[&str]| match given {
            Some(name) => names.iter().position(|n| *n == plain_name(name)),
            None => guesses
                .iter()
                .find_map(|g| names.iter().position(|n| n == g)),
        };
        Self {
            id: pick(&mapping.id, ID),
            date: pick(&mapping.date, DATE),
            dossier: pick(&mapping.dossier, DOSSIER),
            birth: pick(&mapping.birth_year, BIRTH),
            text: pick(&mapping.text, TEXT),
        }
    }
}

/// One row to one document.
fn row(
    cells: &[String],
    columns: Columns,
    number: usize,
    source: Source<'_>,
    format: &str,
    settings: &Settings,
    encoding: &str,
) -> Document {
    let cell = |n: Option<usize>| {
        n.and_then(|n| cells.get(n))
            .map(|c| c.trim())
            .filter(|c| !c.is_empty())
    };
    let id = cell(columns.id).map_or_else(|| number.to_string(), str::to_owned);
    let mut document = Document::from_text(
        &format!("{}#{id}", source.shown),
        clean(cell(columns.text).unwrap_or_default().to_owned()),
    );
    document.dossier =
        cell(columns.dossier).map_or_else(|| source.dossier.to_owned(), str::to_owned);
    format.clone_into(&mut document.format);
    document.language.clear();
    document.date = cell(columns.date).and_then(date::any);
    document.date_certainty = document.date.map(|_| DateCertainty::Column);
    document.birth_year = cell(columns.birth).and_then(|b| match b.parse::<i32>() {
        Ok(year) if (1900..2100).contains(&year) => Some(year),
        _ => date::any(b).map(time::Date::year),
    });
    if encoding != "utf-8" {
        document.quality.push(format!("encoding:{encoding}"));
    }
    // The id tells rows with the same text apart.
    let text = document.text.clone();
    let mut document = finish(document, settings);
    document.id =
        crate::document::content_id(format!("{}\0{}\0{text}", document.dossier, id).as_bytes());
    document
}

fn no_text_column(names: &[String], source: Source<'_>, format: &str) -> Document {
    let detail = format!(
        "no column with text among: {}; name it with --text-column",
        names.join(", ")
    );
    Document::unread(
        source.shown,
        source.dossier,
        format,
        Status::Unsupported,
        detail,
    )
}

impl Extractor for Csv {
    fn name(&self) -> &'static str {
        "csv"
    }
    fn version(&self) -> u32 {
        1
    }
    fn extensions(&self) -> &'static [&'static str] {
        &["csv", "tsv"]
    }
    fn recognises(&self, bytes: &[u8]) -> bool {
        bytes.starts_with(b"sep=")
    }
    fn extract(
        &self,
        bytes: &[u8],
        source: Source<'_>,
        settings: &Settings,
        out: &mut dyn FnMut(Document),
    ) {
        let (text, encoding) = decode(bytes);
        let (declared, body) = match text.strip_prefix("sep=") {
            Some(rest) => (
                rest.chars().next(),
                rest.split_once('\n').map_or("", |r| r.1),
            ),
            None => (None, text.as_str()),
        };
        let first = body.lines().next().unwrap_or_default();
        let guessed = [';', '\t', '|', ',']
            .into_iter()
            .max_by_key(|d| (first.matches(*d).count(), *d == ';'));
        let delimiter = settings
            .mapping
            .delimiter
            .or(declared)
            .or(guessed)
            .unwrap_or(';');
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(u8::try_from(delimiter).unwrap_or(b';'))
            .flexible(true)
            .has_headers(true)
            .from_reader(body.as_bytes());
        let header: Vec<String> = reader
            .headers()
            .map(|h| h.iter().map(str::to_owned).collect())
            .unwrap_or_default();
        let columns = Columns::new(&header, &settings.mapping);
        if columns.text.is_none() {
            return out(no_text_column(&header, source, self.name()));
        }
        let mut count = 0;
        for (n, record) in reader.records().enumerate() {
            if n >= settings.limits.max_rows {
                return out(Document::unread(
                    &format!("{}#rest", source.shown),
                    source.dossier,
                    self.name(),
                    Status::TooLarge,
                    format!("more than {} rows", settings.limits.max_rows),
                ));
            }
            count += 1;
            match record {
                Ok(record) => {
                    let cells: Vec<String> = record.iter().map(str::to_owned).collect();
                    out(row(
                        &cells,
                        columns,
                        n + 1,
                        source,
                        self.name(),
                        settings,
                        encoding,
                    ));
                }
                Err(_) => out(Document::unread(
                    &format!("{}#{}", source.shown, n + 1),
                    source.dossier,
                    self.name(),
                    Status::Damaged,
                    format!("row {} cannot be read", n + 1),
                )),
            }
        }
        if count == 0 {
            out(Document::unread(
                source.shown,
                source.dossier,
                self.name(),
                Status::Empty,
                "a header without rows",
            ));
        }
    }
}

impl Extractor for Jsonl {
    fn name(&self) -> &'static str {
        "jsonl"
    }
    fn version(&self) -> u32 {
        1
    }
    fn extensions(&self) -> &'static [&'static str] {
        &["jsonl", "ndjson"]
    }
    fn recognises(&self, _bytes: &[u8]) -> bool {
        false
    }
    fn extract(
        &self,
        bytes: &[u8],
        source: Source<'_>,
        settings: &Settings,
        out: &mut dyn FnMut(Document),
    ) {
        let (text, encoding) = decode(bytes);
        let mut count = 0;
        for (n, line) in text
            .lines()
            .enumerate()
            .filter(|(_, l)| !l.trim().is_empty())
        {
            count += 1;
            let Ok(object) = serde_json::from_str::<BTreeMap<String, serde_json::Value>>(line)
            else {
                out(Document::unread(
                    &format!("{}#{}", source.shown, n + 1),
                    source.dossier,
                    self.name(),
                    Status::Damaged,
                    format!("line {} is not a JSON object", n + 1),
                ));
                continue;
            };
            let names: Vec<String> = object.keys().cloned().collect();
            let columns = Columns::new(&names, &settings.mapping);
            if columns.text.is_none() {
                out(Document {
                    path: format!("{}#{}", source.shown, n + 1),
                    ..no_text_column(&names, source, self.name())
                });
                continue;
            }
            let cells: Vec<String> = object
                .values()
                .map(|v| v.as_str().map_or_else(|| v.to_string(), str::to_owned))
                .collect();
            out(row(
                &cells,
                columns,
                n + 1,
                source,
                self.name(),
                settings,
                encoding,
            ));
        }
        if count == 0 {
            out(Document::unread(
                source.shown,
                source.dossier,
                self.name(),
                Status::Empty,
                "no lines",
            ));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(extractor: &dyn Extractor, text: &str) -> Vec<Document> {
        let mut list = Vec::new();
        let source = Source::new("export.csv", "export.csv");
        extractor.extract(text.as_bytes(), source, &Settings::default(), &mut |d| {
            list.push(d)
        });
        list
    }

    #[test]
    fn csv_rows_become_documents() {
        let text = "sep=;\nClient;Datum;Geboortejaar;Notitie\nK-1;12-03-2024;2008;\"Cl. kwam niet\nthuis; belde laat\"\nK-2;;;\n";
        let documents = read(&Csv, text);
        let seen: Vec<(&str, &str, Status)> = documents
            .iter()
            .map(|d| (d.path.as_str(), d.dossier.as_str(), d.status))
            .collect();
        assert_eq!(
            seen,
            [
                ("export.csv#1", "K-1", Status::Ok),
                ("export.csv#2", "K-2", Status::Empty)
            ]
        );
        assert_eq!(documents[0].text, "Cl. kwam niet\nthuis; belde laat");
        assert_eq!(
            (
                documents[0].birth_year,
                documents[0].date.map(|d| d.to_string())
            ),
            (Some(2008), Some("2024-03-12".to_owned()))
        );
    }

    #[test]
    fn an_export_without_text_says_which_columns_it_has() {
        let documents = read(&Csv, "a;b\n1;2\n");
        assert_eq!(documents[0].status, Status::Unsupported);
        assert!(
            documents[0].status_detail.contains("a, b")
                && documents[0].status_detail.contains("--text-column")
        );
    }

    #[test]
    fn jsonl_lines_become_documents() {
        let documents = read(
            &Jsonl,
            "{\"id\": \"n1\", \"client\": \"K\", \"tekst\": \"Cl. kwam niet thuis.\"}\nkapot\n",
        );
        assert_eq!(
            (documents[0].path.as_str(), documents[0].status),
            ("export.csv#n1", Status::Ok)
        );
        assert_eq!(documents[1].status, Status::Damaged);
    }
}
