//! The types of rows, as Apache Spark writes them (DDL).

use serde::Serialize;

use crate::export::Table;
use crate::export::dictionary::{Column, Kind, columns};

/// Columns that are lists or objects; all others follow from their kind in the data dictionary.
const NESTED: &[(&str, &str)] = &[
    ("pages_unread", "array<bigint>"),
    ("quality", "array<string>"),
    ("document_ids", "array<string>"),
    ("points", "map<string,bigint>"),
    (
        "cues",
        "array<struct<property:string,value:string,kind:string,rule:string,text:string,start:bigint,end:bigint>>",
    ),
    (
        "timeline",
        "array<struct<stage:string,first:string,last:string,findings:bigint,months:map<string,bigint>>>",
    ),
];

/// Columns of findings in exports that are not in rows: they follow from the document.
const NOT_IN_ROWS: &[&str] = &["path", "snippet"];

/// Types of the parts of a [`Row`](super::Row) that become tables.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SparkSchema {
    /// Of `document`.
    pub document: String,
    /// Of `dossier`.
    pub dossier: String,
    /// Of `findings`.
    pub findings: String,
}

impl SparkSchema {
    /// From the data dictionary.
    #[must_use]
    pub fn new() -> Self {
        Self {
            document: format!("struct<{}>", fields(Table::Documents)),
            dossier: format!("struct<{}>", fields(Table::Dossiers)),
            findings: format!("array<struct<{}>>", fields(Table::Findings)),
        }
    }
}

impl Default for SparkSchema {
    fn default() -> Self {
        Self::new()
    }
}

fn fields(table: Table) -> String {
    let of_rows = |c: &&Column| !(table == Table::Findings && NOT_IN_ROWS.contains(&c.name));
    let fields: Vec<String> = (columns(table).iter().filter(of_rows))
        .map(|c| format!("{}:{}", c.name, kind(c)))
        .collect();
    fields.join(",")
}

fn kind(column: &Column) -> &'static str {
    match column.kind {
        Kind::Text | Kind::Word | Kind::Date => "string",
        Kind::Flag => "boolean",
        Kind::Number => "bigint",
        Kind::List | Kind::Json => (NESTED.iter().find(|(name, _)| *name == column.name))
            // The test below finds one that is missing.
            .map_or("string", |(_, kind)| kind),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::cluster::Row;
    use crate::dossier::{DossierRecord, StageDates};
    use crate::finding::CueRecord;
    use crate::lexicon::Property;
    use crate::{DocumentRecord, Finding};

    /// Parts of a list that are not inside brackets.
    fn parts(text: &str) -> Vec<&str> {
        let (mut depth, mut start, mut parts) = (0, 0, Vec::new());
        for (n, c) in text.char_indices() {
            match c {
                '<' => depth += 1,
                '>' => depth -= 1,
                ',' if depth == 0 => {
                    parts.push(text[start..n].trim());
                    start = n + 1;
                }
                _ => {}
            }
        }
        parts.push(text[start..].trim());
        parts
    }

    /// Whether a value has this type, and every field of an object is named in it.
    fn fits(value: &Value, kind: &str) -> bool {
        let inside = |kind: &'_ str, name: &str| {
            kind.strip_prefix(name)
                .and_then(|k| k.strip_prefix('<'))
                .and_then(|k| k.strip_suffix('>'))
                .map(str::to_owned)
        };
        if let Some(item) = inside(kind, "array") {
            let list = value.as_array().unwrap();
            return !list.is_empty() && list.iter().all(|v| fits(v, &item));
        }
        if let Some(pair) = inside(kind, "map") {
            let item = parts(&pair)[1].to_owned();
            let map = value.as_object().unwrap();
            return !map.is_empty() && map.values().all(|v| fits(v, &item));
        }
        if let Some(fields) = inside(kind, "struct") {
            let (fields, object) = (parts(&fields), value.as_object().unwrap());
            let has = |field: &&str| {
                let (name, kind) = field.split_once(':').unwrap();
                object.get(name).is_some_and(|v| fits(v, kind))
            };
            let lacking: Vec<&&str> = fields.iter().filter(|f| !has(f)).collect();
            assert!(lacking.is_empty(), "{lacking:?}");
            return fields.len() == object.len();
        }
        match kind {
            "string" => value.is_string(),
            "bigint" => value.is_i64() || value.is_u64(),
            "boolean" => value.is_boolean(),
            other => panic!("{other}"),
        }
    }

    #[test]
    fn the_schema_has_every_field_of_a_full_row() {
        let cue = CueRecord {
            property: Property::Presence,
            value: String::new(),
            kind: String::new(),
            rule: String::new(),
            text: String::new(),
            start: 0,
            end: 0,
        };
        let some = || [("x".to_owned(), 1)].into();
        let stage = StageDates {
            months: [("2024-01".to_owned(), 1)].into(),
            ..StageDates::default()
        };
        let document = DocumentRecord {
            pages_unread: vec![1],
            quality: vec![String::new()],
            score: Some(1),
            label: Some(crate::Label::Geen),
            points: some(),
            ..DocumentRecord::default()
        };
        let dossier = DossierRecord {
            score: Some(1),
            label: Some(crate::Label::Geen),
            points: some(),
            timeline: vec![stage],
            gap_days: Some(1),
            document_ids: vec![String::new()],
            ..DossierRecord::default()
        };
        let finding = Finding {
            page: Some(1),
            cues: vec![cue],
            ..Finding::default()
        };
        let row = Row {
            document: Some(document),
            dossier: Some(dossier),
            findings: vec![finding],
            ..Row::default()
        };
        let value = serde_json::to_value(row).unwrap();
        let schema = SparkSchema::new();
        assert!(fits(&value["document"], &schema.document));
        assert!(fits(&value["dossier"], &schema.dossier));
        assert!(fits(&value["findings"], &schema.findings));
    }
}
