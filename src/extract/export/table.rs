//! Rows of an export to documents, one a row, whatever file they come from. Rows come one by one; only the first are kept.

use super::columns::Columns;
use super::ragged::Rows;
use super::row;
use crate::document::{Document, Status};
use crate::extract::date;
use crate::extract::reading::{self, Reading};
use crate::extract::{Mapping, Settings, Source};

/// So many rows, or bytes, are looked at to find the header and the columns.
const HEAD_ROWS: usize = 40;
const HEAD_BYTES: usize = 1 << 20;
/// The header is one of the first rows: titles may stand above it.
const HEADER_WITHIN: usize = 15;
/// A table without text columns of at most so many rows is read as one document.
const SMALL_TABLE: usize = 2_000;

/// Columns that are kept apart. The last one takes what stands further to the right, and remarks on the row.
pub(in crate::extract) const COLUMNS: usize = 512;

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
                let detail = no_text_column(&self.settings.mapping, &names);
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
            let source = Source {
                shown: &shown,
                ..self.source
            };
            let mut reading = Reading::new(text);
            reading.quality.clone_from(&self.quality);
            reading.quality.push("no_text_column".to_owned());
            let document = reading::document(Ok(reading), self.format, source, self.settings);
            out(document);
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
        // Of the rows that tell, the one that tells most: titles may do so by chance.
        let telling = (0..rows.len().min(HEADER_WITHIN))
            .map(|n| (columns(n), n))
            .filter(|(c, _)| c.are_telling())
            .max_by_key(|(c, n)| (c.found(), std::cmp::Reverse(*n)))
            .map(|(_, n)| n);
        let header = telling.or(first).unwrap_or(0);
        let mut found = columns(header);
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
        // An export without a header begins with a note; words of it may be those of a name.
        let is_named = !asked.text.is_empty() || !found.mapping.is_empty();
        let is_bare = !is_named
            && rows.get(header).is_some_and(|row| {
                let is_note = |n: &usize| row.get(*n).is_some_and(|c| is_told(c));
                let has_date = || row.iter().any(|c| date::cell(c.trim()).is_some());
                found.text.iter().any(|(n, _)| is_note(n)) || found.guessed && has_date()
            });
        if is_bare {
            let nameless = vec![String::new(); rows.get(header).map_or(0, Vec::len)];
            let all = rows.get(header..).unwrap_or_default();
            found = Columns::new(&nameless, all, asked, &self.settings.mappings);
            self.note("no_header".to_owned());
        }
        if !found.mapping.is_empty() {
            self.note(format!("mapping:{}", found.mapping));
        }
        for name in &found.missing {
            self.note(format!("column_not_found:{name}"));
        }
        if found.guessed {
            self.note("text_column_guessed".to_owned());
        }
        if found.dossier.is_empty() {
            self.note("no_client_column".to_owned());
        }
        let has_text = |r: &Vec<String>| r.iter().any(|c| !c.trim().is_empty());
        if rows.iter().take(header).any(has_text) {
            self.note("title_left_out".to_owned());
        }
        let mut names = rows.get(header).cloned().unwrap_or_default();
        let width = names.len();
        if is_bare {
            names.clear();
        }
        self.state = State::Rows(Box::new(Rows {
            columns: found,
            names,
            width,
            pending: None,
            client: String::new(),
        }));
        for cells in rows.drain(header + usize::from(!is_bare)..) {
            self.below(cells, out);
        }
    }

    /// A row below the header.
    fn below(&mut self, cells: Vec<String>, out: &mut dyn FnMut(Document)) {
        let State::Rows(rows) = &mut self.state else {
            return;
        };
        let Some(delimiter) = self.delimiter else {
            let before = rows.pending.replace(cells);
            return self.document(before, out);
        };
        for cells in rows.records(cells, delimiter) {
            let State::Rows(rows) = &mut self.state else {
                return;
            };
            if !rows.goes_on(&cells, delimiter) {
                let whole = rows.whole(cells, delimiter);
                let before = rows.pending.replace(whole);
                self.document(before, out);
            }
        }
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
        if cells.iter().all(|c| c.trim().is_empty()) || cells == rows.names {
            return;
        }
        if self.rows > self.settings.limits.max_rows {
            rows.pending = None;
            let why = format!("more than {} rows", self.settings.limits.max_rows);
            return self.rest(Status::TooLarge, why, out);
        }
        let place = format!("#{}", self.prefix);
        let mut document = row::document(
            &cells,
            &rows.columns,
            &self.rows.to_string(),
            (self.source, &place, self.format),
            self.settings,
        );
        let named = rows.columns.client(&cells);
        if !named.is_empty() {
            rows.client = named;
        } else if rows.columns.is_grouped && !rows.client.is_empty() {
            rows.client.clone_into(&mut document.dossier);
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

/// Whether a cell tells something, as no name of a column does; a name may be a long question.
fn is_told(cell: &str) -> bool {
    let cell = cell.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, ')' | '"' | '”'));
    let words = cell.split_whitespace().count();
    !cell.ends_with(['?', ':']) && (words > 12 || words > 5 && cell.ends_with(['.', '!']))
}

/// So many empty cells in a row are as good as fewer.
const FAR: usize = 8;

fn add_line(text: &mut String, cells: &[String]) {
    let mut line: Vec<&str> = cells.iter().map(|c| c.trim()).collect();
    while line.last().is_some_and(|c| c.is_empty()) {
        line.pop();
    }
    let mut empty = 0;
    for (n, cell) in line.iter().enumerate() {
        empty = if cell.is_empty() { empty + 1 } else { 0 };
        // Far to the right is as good as beside it.
        if n > 0 && empty < FAR {
            text.push('\t');
        }
        text.push_str(cell);
    }
    text.push('\n');
}

/// Whether lines of cells parted by tabs are an export of notes of several clients: one of the first is a header that tells, and most of those
/// below have as many cells.
pub(in crate::extract) fn is_export(text: &str) -> bool {
    let cells = |line: &str| line.matches('\t').count() + 1;
    let lines = || text.lines().filter(|l| !l.trim().is_empty());
    lines().take(HEADER_WITHIN).enumerate().any(|(n, line)| {
        if !line.contains('\t') {
            return false;
        }
        let names: Vec<String> = line.split('\t').map(str::to_owned).collect();
        let below = lines()
            .skip(n + 1)
            .filter(|l| cells(l) == names.len())
            .count();
        names.len() > 2
            && below > 0
            && below * 2 >= lines().count() - n
            && names.iter().all(|name| name.chars().count() <= 40)
            && {
                let columns = Columns::new(&names, &[], &super::Mapping::default(), &[]);
                columns.are_telling() && !columns.dossier.is_empty()
            }
    })
}

/// Why an export gives no notes.
pub(super) fn no_text_column(asked: &Mapping, names: &[String]) -> String {
    let names = names.join(", ");
    match asked.text.as_slice() {
        [] => format!("no column with text among: {names}; name it with --text-column"),
        named => format!(
            "no column {} (--text-column); the columns are: {names}",
            named.join(", ")
        ),
    }
}
