//! Exports of notes as JSON: one object a line, read as a stream, or one list of objects.

use std::io::{BufRead, Read};

use serde_json::{Map, Value};

use super::columns::Columns;
use super::table::no_text_column;
use super::{row, stream};
use crate::document::{Document, Status};
use crate::extract::{Extractor, Settings, Source, Stream, plain};

/// One JSON object a line.
pub(in crate::extract) struct Jsonl;

impl Extractor for Jsonl {
    fn is_text(&self) -> bool {
        true
    }
    fn name(&self) -> &'static str {
        "jsonl"
    }
    fn version(&self) -> u32 {
        2
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
        self.read(&mut &*bytes, source, settings, out);
    }
    fn stream(&self) -> Option<&dyn Stream> {
        Some(self)
    }
}

impl Stream for Jsonl {
    fn read(
        &self,
        input: &mut dyn Read,
        source: Source<'_>,
        settings: &Settings,
        out: &mut dyn FnMut(Document),
    ) {
        let unread = |place: &str, status, detail: String| {
            let path = format!("{}{place}", source.shown);
            Document::unread(&path, source.dossier, "jsonl", status, detail)
        };
        let mut opened = match stream::open(input) {
            Ok(opened) => opened,
            Err(error) => {
                let detail = format!("cannot be read: {}", error.kind());
                return out(unread("", Status::Unreadable, detail));
            }
        };
        let room = settings.limits.max_text_bytes as u64;
        let (mut number, mut count) = (0, 0);
        let mut line = Vec::new();
        loop {
            line.clear();
            let read = (&mut opened.reader).take(room).read_until(b'\n', &mut line);
            number += 1;
            match read {
                Ok(0) => break,
                Ok(_) if line.len() as u64 == room && !line.ends_with(b"\n") => {
                    let why = format!("line {number} has more than {room} bytes");
                    return out(unread("#rest", Status::TooLarge, why));
                }
                Ok(_) => {}
                Err(_) => {
                    let why = "the file cannot be read further".to_owned();
                    return out(unread("#rest", Status::Unreadable, why));
                }
            }
            let text = opened.decoder.text(&line);
            if text.trim().is_empty() {
                continue;
            }
            count += 1;
            if count > settings.limits.max_rows {
                let why = format!("more than {} rows", settings.limits.max_rows);
                return out(unread("#rest", Status::TooLarge, why));
            }
            let place = format!("#{number}");
            let Ok(object) = serde_json::from_str::<Map<String, Value>>(&text) else {
                let why = format!("line {number} is not a JSON object");
                out(unread(&place, Status::Damaged, why));
                continue;
            };
            let mut document = json_row(&object, number, source, settings);
            if let Some(encoding) = opened.encoding.or(opened.decoder.seen) {
                document.quality.push(format!("encoding:{encoding}"));
            }
            out(document);
        }
        if count == 0 {
            out(unread("", Status::Empty, "no lines".to_owned()));
        }
    }
}

/// The document of one JSON object.
fn json_row(
    object: &Map<String, Value>,
    number: usize,
    source: Source<'_>,
    settings: &Settings,
) -> Document {
    let (names, cells): (Vec<String>, Vec<String>) = object
        .iter()
        .map(|(name, value)| (name.clone(), shown(value)))
        .unzip();
    let rows = [cells];
    let columns = Columns::new(&names, &rows, &settings.mapping, &settings.mappings);
    if columns.text.is_empty() {
        let why = no_text_column(&settings.mapping, &names);
        let path = format!("{}#{number}", source.shown);
        return Document::unread(&path, source.dossier, "jsonl", Status::Unsupported, why);
    }
    let [cells] = rows;
    let place = (source, "#", "jsonl");
    row::document(&cells, &columns, &number.to_string(), place, settings)
}

/// A value as text: lists line by line, of an object its values.
fn shown(value: &Value) -> String {
    let join = |values: &mut dyn Iterator<Item = &Value>, by: &str| {
        values.map(shown).collect::<Vec<_>>().join(by)
    };
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(values) => join(&mut values.iter(), "\n"),
        Value::Object(values) => join(&mut values.values(), " "),
        value => value.to_string(),
    }
}

/// One JSON list of objects, or an object that holds one.
pub(in crate::extract) struct Json;

impl Extractor for Json {
    fn name(&self) -> &'static str {
        "json"
    }
    fn version(&self) -> u32 {
        1
    }
    fn extensions(&self) -> &'static [&'static str] {
        &["json"]
    }
    fn is_text(&self) -> bool {
        true
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
        let (text, _) = plain::decode(bytes);
        let rows = serde_json::from_str(text.trim_start_matches('\u{FEFF}')).map(objects);
        let rows: Vec<Map<String, Value>> = rows.unwrap_or_default();
        if rows.is_empty() {
            return plain::Text.extract(bytes, source, settings, out);
        }
        for (n, object) in rows.iter().enumerate() {
            let mut document = json_row(object, n + 1, source, settings);
            self.name().clone_into(&mut document.format);
            out(document);
        }
    }
}

/// The longest list of objects in a value.
fn objects(value: Value) -> Vec<Map<String, Value>> {
    match value {
        Value::Array(values) => values
            .into_iter()
            .filter_map(|v| match v {
                Value::Object(object) => Some(object),
                _ => None,
            })
            .collect(),
        Value::Object(values) => {
            let lists = values.into_iter().map(|(_, v)| objects(v));
            lists.max_by_key(Vec::len).unwrap_or_default()
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_with(extractor: &dyn Extractor, bytes: &[u8], settings: &Settings) -> Vec<Document> {
        let mut list = Vec::new();
        let source = Source::new("export.csv", "export.csv");
        extractor.extract(bytes, source, settings, &mut |d| list.push(d));
        list
    }

    fn read(extractor: &dyn Extractor, text: &str) -> Vec<Document> {
        read_with(extractor, text.as_bytes(), &Settings::default())
    }

    #[test]
    fn a_json_list_is_an_export() {
        let rows = "{\"clientnummer\": 7, \"notitie\": \"Cl. kwam niet thuis.\", \"auteur\": null}, {\"clientnummer\": 8, \"notitie\": [\"Cl. is weg.\", \"Politie gebeld.\"]}";
        for text in [
            format!("[{rows}]"),
            format!("{{\"versie\": 1, \"notities\": [{rows}]}}"),
        ] {
            let documents = read(&Json, &text);
            let seen: Vec<(&str, &str)> = documents
                .iter()
                .map(|d| (d.dossier.as_str(), d.text.as_str()))
                .collect();
            assert_eq!(
                seen,
                [
                    ("7", "Cl. kwam niet thuis."),
                    ("8", "Cl. is weg.\nPolitie gebeld.")
                ]
            );
        }
        assert_eq!(read(&Json, "geen json")[0].text, "geen json");
    }

    #[test]
    fn jsonl_lines_become_documents() {
        let documents = read(
            &Jsonl,
            "{\"id\": \"n1\", \"client\": \"K\", \"tekst\": \"Cl. kwam niet thuis.\"}\nkapot\n\n{\"a\": 1}\n",
        );
        assert_eq!(
            (documents[0].path.as_str(), documents[0].status),
            ("export.csv#n1", Status::Ok)
        );
        assert_eq!(documents[1].status, Status::Damaged);
        assert_eq!(
            (documents[2].path.as_str(), documents[2].status),
            ("export.csv#4", Status::Unsupported)
        );
    }
}
