//! Rows of an export to documents, one a row, whatever file they come from. Rows come one by one; only the first are kept.

use std::borrow::Cow;

use super::columns::Columns;
use crate::document::{DateCertainty, Document, Status};
use crate::extract::plain::clean;
use crate::extract::{Settings, Source, date, finish, html, rtf};

/// So many rows, or bytes, are looked at to find the header and the columns.
const HEAD_ROWS: usize = 40;
const HEAD_BYTES: usize = 1 << 20;
/// The header is one of the first rows: titles may stand above it.
const HEADER_WITHIN: usize = 15;
/// A table without text columns of at most so many rows is read as one document.
const SMALL_TABLE: usize = 2_000;

/// Takes the rows of one sheet or file.
pub(in crate::extract) struct Table<'a> {
    source: Source<'a>,
    settings: &'a Settings,
    format: &'static str,
    /// Before the number or id of a row, where a file has several sheets: `Blad1/`.
    prefix: String,
    /// Quality notes for every document.
    quality: Vec<String>,
    /// Rows below the header so far, and those of them without text.
    rows: usize,
    silent: usize,
    /// What parts the cells of a row, where a cell may be cut in pieces by it or by a line end that nobody quoted.
    delimiter: Option<char>,
    state: State,
}

enum State {
    /// The header is not known yet.
    Head(Vec<Vec<String>>, usize),
    /// One document a row.
    Rows(Box<Rows>),
    /// No column with text: the text so far, the names, the rows.
    Whole(String, Vec<String>, usize),
    /// Nothing more is taken.
    Full,
}

/// What is known of the rows below the header.
struct Rows {
    columns: Columns,
    /// Columns of the header.
    width: usize,
    /// The row that was read last: the next one may go on with its text.
    pending: Option<Vec<String>>,
    /// The client that was named last.
    client: String,
}

impl<'a> Table<'a> {
    pub(in crate::extract) fn new(
        source: Source<'a>,
        settings: &'a Settings,
        format: &'static str,
    ) -> Self {
        Self {
            source,
            settings,
            format,
            prefix: String::new(),
            quality: Vec::new(),
            rows: 0,
            silent: 0,
            delimiter: None,
            state: State::Head(Vec::new(), 0),
        }
    }

    /// With the name of its sheet before the rows' numbers.
    pub(in crate::extract) fn of_sheet(mut self, name: &str) -> Self {
        let name: String = name
            .chars()
            .map(|c| if c.is_control() || c == '/' { '_' } else { c })
            .collect();
        self.prefix = format!("{name}/");
        self
    }

    /// With rows whose text may hold the delimiter, or line ends, that nobody quoted.
    pub(in crate::extract) fn parted_by(mut self, delimiter: char) -> Self {
        self.delimiter = Some(delimiter);
        self
    }

    /// Adds a quality note to the documents from here on.
    pub(in crate::extract) fn note(&mut self, note: String) {
        if !self.quality.contains(&note) {
            self.quality.push(note);
        }
    }

    /// Takes a row; false when no more rows are wanted.
    pub(in crate::extract) fn row(
        &mut self,
        cells: Vec<String>,
        out: &mut dyn FnMut(Document),
    ) -> bool {
        match &mut self.state {
            State::Head(rows, bytes) => {
                *bytes += cells.iter().map(String::len).sum::<usize>();
                rows.push(cells);
                if rows.len() >= HEAD_ROWS || *bytes >= HEAD_BYTES {
                    self.begin(out);
                }
            }
            State::Rows(_) => self.below(cells, out),
            State::Whole(text, _, count) => {
                *count += 1;
                if *count <= SMALL_TABLE {
                    add_line(text, &cells);
                } else {
                    return false;
                }
            }
            State::Full => return false,
        }
        !matches!(self.state, State::Full)
    }

    /// Says that a row cannot be read.
    pub(in crate::extract) fn damaged(&mut self, out: &mut dyn FnMut(Document)) {
        self.begin(out);
        self.flush(out);
        self.rows += 1;
        let detail = format!("row {} cannot be read", self.rows);
        let place = format!("#{}{}", self.prefix, self.rows);
        out(self.unread(&place, Status::Damaged, detail));
    }

    /// Says that the rest is not read, and why.
    pub(in crate::extract) fn rest(
        &mut self,
        status: Status,
        why: String,
        out: &mut dyn FnMut(Document),
    ) {
        self.begin(out);
        self.flush(out);
        out(self.unread(&format!("#{}rest", self.prefix), status, why));
        self.state = State::Full;
    }

    /// Hands over what is left; gives the number of documents' rows.
    pub(in crate::extract) fn end(mut self, out: &mut dyn FnMut(Document)) -> usize {
        self.begin(out);
        self.flush(out);
        if self.silent * 2 > self.rows {
            let detail = format!(
                "{} of {} rows have no text; is the column with text another one? Name it with --text-column",
                self.silent, self.rows
            );
            out(self.unread(&format!("#{}leeg", self.prefix), Status::Empty, detail));
        }
        if let State::Whole(text, names, count) = std::mem::replace(&mut self.state, State::Full) {
            if count > SMALL_TABLE {
                let detail = format!(
                    "no column with text among: {}; name it with --text-column",
                    names.join(", ")
                );
                out(self.unread("", Status::Unsupported, detail));
                return count;
            }
            if text.trim().is_empty() {
                return 0;
            }
            let shown = match self.prefix.strip_suffix('/') {
                Some(sheet) => format!("{}#{sheet}", self.source.shown),
                None => self.source.shown.to_owned(),
            };
            let mut document = Document::from_text(&shown, clean(text));
            self.source.dossier.clone_into(&mut document.dossier);
            self.format.clone_into(&mut document.format);
            document.language.clear();
            document.quality.clone_from(&self.quality);
            document.quality.push("no_text_column".to_owned());
            out(finish(document, self.settings));
            return count;
        }
        self.rows
    }

    /// Finds the header among the rows so far and takes those below it.
    fn begin(&mut self, out: &mut dyn FnMut(Document)) {
        let State::Head(rows, _) = &mut self.state else {
            return;
        };
        let mut rows = std::mem::take(rows);
        let asked = &self.settings.mapping;
        let columns = |n: usize| {
            let below = rows.get(n + 1..).unwrap_or_default();
            rows.get(n)
                .map(|header| Columns::new(header, below, asked, &self.settings.mappings))
                .unwrap_or_default()
        };
        let first = rows
            .iter()
            .position(|r| r.iter().filter(|c| !c.trim().is_empty()).count() > 1);
        let telling = (0..rows.len().min(HEADER_WITHIN)).find(|n| columns(*n).are_telling());
        let header = telling.or(first).unwrap_or(0);
        let found = columns(header);
        if found.text.is_empty() {
            let names = rows.get(header).cloned().unwrap_or_default();
            let mut text = String::new();
            for row in &rows {
                add_line(&mut text, row);
            }
            // Columns that were asked for and are not there: the user wants to know.
            let count = if asked.text.is_empty() {
                rows.len()
            } else {
                usize::MAX
            };
            self.state = State::Whole(text, names, count);
            return;
        }
        if !found.mapping.is_empty() {
            self.note(format!("mapping:{}", found.mapping));
        }
        if found.guessed {
            self.note("text_column_guessed".to_owned());
        }
        let width = rows.get(header).map_or(0, Vec::len);
        self.state = State::Rows(Box::new(Rows {
            columns: found,
            width,
            pending: None,
            client: String::new(),
        }));
        for cells in rows.drain(header + 1..) {
            self.below(cells, out);
        }
    }

    /// A row below the header.
    fn below(&mut self, mut cells: Vec<String>, out: &mut dyn FnMut(Document)) {
        let State::Rows(rows) = &mut self.state else {
            return;
        };
        if let Some(delimiter) = self.delimiter {
            if rows.goes_on(&cells)
                && let Some(last) = rows.pending.as_mut().and_then(|p| p.last_mut())
            {
                last.push('\n');
                last.push_str(&cells.join(&delimiter.to_string()));
                return;
            }
            // What is too much was cut from the last column.
            let last = rows.columns.text.last().map(|t| t.0 + 1);
            if cells.len() > rows.width && last == Some(rows.width) {
                let text = cells.split_off(rows.width - 1);
                cells.push(text.join(&delimiter.to_string()));
            }
        }
        let before = rows.pending.replace(cells);
        self.document(before, out);
    }

    /// Hands over the row that was read last.
    fn flush(&mut self, out: &mut dyn FnMut(Document)) {
        if let State::Rows(rows) = &mut self.state {
            let last = rows.pending.take();
            self.document(last, out);
        }
    }

    /// One row to one document; a row without text is none.
    fn document(&mut self, cells: Option<Vec<String>>, out: &mut dyn FnMut(Document)) {
        let (Some(cells), State::Rows(rows)) = (cells, &mut self.state) else {
            return;
        };
        self.rows += 1;
        if cells.iter().all(|c| c.trim().is_empty()) {
            return;
        }
        if self.rows > self.settings.limits.max_rows {
            rows.pending = None;
            let why = format!("more than {} rows", self.settings.limits.max_rows);
            return self.rest(Status::TooLarge, why, out);
        }
        let place = format!("#{}", self.prefix);
        let mut document = document(
            &cells,
            &rows.columns,
            &self.rows.to_string(),
            (self.source, &place, self.format),
            self.settings,
        );
        if let Some(named) = rows.columns.dossier.and_then(|n| cells.get(n)) {
            if !named.trim().is_empty() {
                named.trim().clone_into(&mut rows.client);
            } else if rows.columns.is_grouped && !rows.client.is_empty() {
                rows.client.clone_into(&mut document.dossier);
            }
        }
        if document.status == Status::Empty {
            self.silent += 1;
            return;
        }
        document.quality.extend(self.quality.iter().cloned());
        document.quality.sort();
        out(document);
    }

    fn unread(&self, place: &str, status: Status, detail: String) -> Document {
        let path = format!("{}{place}", self.source.shown);
        Document::unread(&path, self.source.dossier, self.format, status, detail)
    }
}

impl Rows {
    /// Whether a row is no row but the rest of a text with a line end in it: too short, and without a date where one should be.
    fn goes_on(&self, cells: &[String]) -> bool {
        let text_is_last = self
            .columns
            .text
            .last()
            .is_some_and(|t| t.0 + 1 == self.width);
        if !text_is_last || self.width < 3 || cells.len() >= self.width {
            return false;
        }
        let cell = |n: usize| cells.get(n).map_or("", |c| c.trim());
        match self.columns.date {
            Some(n) if cells.len() > 1 => date::cell(cell(n)).is_none(),
            _ => cells.len() == 1 && !cell(0).is_empty(),
        }
    }
}

fn add_line(text: &mut String, cells: &[String]) {
    let mut line: Vec<&str> = cells.iter().map(|c| c.trim()).collect();
    while line.last().is_some_and(|c| c.is_empty()) {
        line.pop();
    }
    text.push_str(&line.join("\t"));
    text.push('\n');
}

/// A cell of so many words is text, whatever its column.
const SOME_WORDS: usize = 4;

/// The text of a row that has none in its columns with text.
fn elsewhere(cells: &[String], columns: &Columns) -> String {
    let taken = [columns.id, columns.date, columns.dossier, columns.birth];
    let texts: Vec<&str> = cells
        .iter()
        .enumerate()
        .filter(|(n, _)| !taken.contains(&Some(*n)))
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
    let id = cell(columns.id).unwrap_or(number);
    let mut document = Document::from_text(&format!("{}{place}{id}", source.shown), clean(text));
    document.dossier =
        cell(columns.dossier).map_or_else(|| source.dossier.to_owned(), str::to_owned);
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
