//! One row of an export to its document.

use std::borrow::Cow;

use super::columns::Columns;
use super::table::COLUMNS;
use crate::document::{DateCertainty, Document};
use crate::extract::plain::clean;
use crate::extract::{Settings, Source, date, finish, html, rtf};

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
    let mut document = Document::from_text(&format!("{}{place}{id}", source.shown), clean(text));
    document.dossier = columns.client(cells);
    if document.dossier.is_empty() {
        source.dossier.clone_into(&mut document.dossier);
    }
    format.clone_into(&mut document.format);
    document.language.clear();
    document.date = cell(columns.date).and_then(date::cell);
    document.date_certainty = document.date.map(|_| DateCertainty::Column);
    document.birth_year = cell(columns.birth).and_then(|b| match b.parse::<i32>() {
        Ok(year) if (1900..2100).contains(&year) => Some(year),
        _ => date::cell(b).map(time::Date::year),
    });
    // The id tells rows with the same text apart.
    let key = format!("{}\0{id}\0{}", document.dossier, document.text);
    let mut document = finish(document, settings);
    document.id = crate::document::content_id(key.as_bytes());
    document
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

/// What a cell shows: systems also export notes as the HTML or RTF that they keep them in.
fn shown<'t>(text: &'t str, settings: &Settings) -> Cow<'t, str> {
    if text.starts_with("{\\rtf") {
        return rtf::read(text.as_bytes(), settings).text.into();
    }
    let is_markup = text.starts_with('<') || text.contains("<br") || text.contains("&nbsp;");
    let ends = ["</", "<br", "/>", "&nbsp;"];
    if is_markup && ends.iter().any(|e| text.contains(e)) {
        return html::read_text(text, settings)
            .text
            .trim()
            .to_owned()
            .into();
    }
    text.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_of_markup_are_shown_as_their_text() {
        let settings = Settings::default();
        for (cell, expected) in [
            (
                "<p>Cl. is <b>weg</b>gelopen.</p><p>Politie gebeld.</p>",
                "Cl. is weggelopen.\nPolitie gebeld.",
            ),
            ("Cl. is weg.<br/>Moeder belt.", "Cl. is weg.\nMoeder belt."),
            ("Cl.&nbsp;is weg", "Cl. is weg"),
            ("{\\rtf1\\ansi Cl. is {\\b weg}.}", "Cl. is weg."),
            ("Scoort < 5 en > 2", "Scoort < 5 en > 2"),
            ("<Naam> belde", "<Naam> belde"),
        ] {
            let seen = shown(cell, &settings);
            assert_eq!(seen.trim().replace("\n\n", "\n"), expected);
        }
    }
}
