//! One row of an export to its document.

use super::columns::Columns;
use super::table::COLUMNS;
use crate::document::Document;
use crate::extract::note::{Note, shown};
use crate::extract::{Settings, Source};

/// The document of one row: `number` names it where it has no id, `place` stands between the file's path and that.
pub(in crate::extract) fn document(
    cells: &[String],
    columns: &Columns,
    number: &str,
    (source, place, format): (Source<'_>, &str, &str),
    settings: &Settings,
) -> Document {
    let cell = |n: Option<usize>| {
        n.and_then(|n| cells.get(n))
            .map(|c| c.trim())
            .filter(|c| !c.is_empty())
    };
    let mut text = String::new();
    for (n, name) in &columns.text {
        let Some(part) = cell(Some(*n)) else { continue };
        if !text.is_empty() {
            text.push_str("\n\n");
        }
        // What each part is helps to read it, where there are several.
        if columns.text.len() > 1 && !name.is_empty() {
            text.push_str(&format!("{name}: "));
        }
        text.push_str(&shown(part, settings));
    }
    if text.is_empty() {
        text = elsewhere(cells, columns);
    }
    if let Some(remark) = cell(Some(COLUMNS - 1)).filter(|r| !text.contains(r)) {
        text.push_str(&format!("\n\n[{remark}]"));
    }
    let id = cell(columns.id).unwrap_or(number);
    let client = columns.client(cells);
    let note = Note {
        path: &format!("{}{place}{id}", source.shown),
        format,
        id,
        dossier: if client.is_empty() {
            source.dossier
        } else {
            &client
        },
        date: cell(columns.date),
        birth: cell(columns.birth),
    };
    note.document(text, settings)
}

/// A cell of so many words is text, whatever its column.
const SOME_WORDS: usize = 4;

/// The text of a row that has none in its columns with text.
fn elsewhere(cells: &[String], columns: &Columns) -> String {
    let taken = columns.taken();
    let texts: Vec<&str> = cells
        .iter()
        .enumerate()
        .filter(|(n, _)| !taken.contains(n))
        .map(|(_, cell)| cell.trim())
        .filter(|cell| cell.split_whitespace().count() >= SOME_WORDS)
        .collect();
    texts.join("\n\n")
}
