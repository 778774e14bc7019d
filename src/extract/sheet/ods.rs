//! OpenDocument spreadsheets (ods, and fods in one XML file).

use super::rows::{Merged, Rows};
use crate::document::{Document, Status};
use crate::extract::export::table::Table;
use crate::extract::odf;
use crate::extract::package::{self, Kind, Package};
use crate::extract::reading::Unread;
use crate::extract::xml::{self, Event, Tag, Xml};
use crate::extract::{Extractor, Settings, Source, date};

/// OpenDocument spreadsheets.
pub(in crate::extract) struct Ods;

/// A cell or row with a value that stands for more of them than this counts so often.
const MAX_REPEAT: u32 = 1_000;
/// The same for the cells of a row.
const MAX_CELL_REPEAT: u32 = 100;

impl Extractor for Ods {
    fn name(&self) -> &'static str {
        "ods"
    }
    fn version(&self) -> u32 {
        1
    }
    fn extensions(&self) -> &'static [&'static str] {
        &["ods", "ots", "fods"]
    }
    fn recognises(&self, bytes: &[u8]) -> bool {
        package::kind(bytes) == Some(Kind::OdfSheet) || is_flat(bytes)
    }
    fn extract(
        &self,
        bytes: &[u8],
        source: Source<'_>,
        settings: &Settings,
        out: &mut dyn FnMut(Document),
    ) {
        let content = match content(bytes, settings) {
            Ok(content) => content,
            Err(unread) => return out(unread.into_document(self.name(), source)),
        };
        let names = content.matches("<table:table ").count();
        let mut walk = Walk::default();
        let mut count = 0;
        let mut rows: Option<Rows<'_>> = None;
        let mut xml = Xml::new(&content);
        for event in xml.by_ref() {
            match walk.step(event) {
                Step::Sheet(name) => {
                    count += rows.take().map_or(0, |r| r.end(out));
                    let table = Table::new(source, settings, self.name());
                    let table = if names > 1 {
                        table.of_sheet(&name)
                    } else {
                        table
                    };
                    rows = Some(Rows::new(table, Vec::new()));
                }
                Step::Row(cells, from, times) => {
                    let Some(rows) = &mut rows else { continue };
                    for row in from..from.saturating_add(times) {
                        for cell in &cells {
                            rows.cell(row, cell.column, &cell.text, out);
                        }
                    }
                    for cell in cells.iter().filter(|c| c.rows > 1) {
                        rows.merge(Merged {
                            first: from,
                            last: from.saturating_add(cell.rows - 1),
                            column: cell.column,
                        });
                    }
                }
                Step::Nothing => {}
            }
        }
        if let (Some(trouble), Some(rows)) = (xml.trouble(), &mut rows) {
            rows.table().rest(Status::Damaged, trouble.to_owned(), out);
            count += 1;
        }
        count += rows.take().map_or(0, |r| r.end(out));
        if count == 0 {
            let (status, detail) = match xml.trouble() {
                Some(trouble) => (Status::Damaged, trouble),
                None => (Status::Empty, "no cells with text"),
            };
            out(Unread::new(status, detail).into_document(self.name(), source));
        }
    }
}

fn is_flat(bytes: &[u8]) -> bool {
    odf::is_flat_of(bytes, &["opendocument.spreadsheet"])
}

/// Whether the content of a package is a spreadsheet.
pub(in crate::extract) fn is_sheet(bytes: &[u8], settings: &Settings) -> bool {
    content(bytes, settings).is_ok_and(|text| text.contains("<office:spreadsheet"))
}

fn content(bytes: &[u8], settings: &Settings) -> Result<String, Unread> {
    if is_flat(bytes) {
        return Ok(xml::decode(bytes));
    }
    let mut package = Package::open(bytes, settings);
    let manifest = package.part("META-INF/manifest.xml").ok().flatten();
    if manifest.is_some_and(|m| m.text.contains("encryption-data")) {
        return Err(Unread::encrypted("needs a password"));
    }
    let content = package.part("content.xml")?;
    content
        .map(|part| part.text)
        .ok_or_else(|| Unread::damaged("a spreadsheet without its cells"))
}

enum Step {
    /// A sheet begins.
    Sheet(String),
    /// A row has ended: its cells with their columns, its number from 0, and how many rows it stands for.
    Row(Vec<Cell>, u32, u32),
    Nothing,
}

/// A cell with text.
struct Cell {
    column: u32,
    text: String,
    /// Rows that it covers.
    rows: u32,
}

/// Where in the sheet the walk is.
#[derive(Default)]
struct Walk {
    row: u32,
    column: u32,
    repeated_rows: u32,
    repeated_cells: u32,
    cells: Vec<Cell>,
    covered_rows: u32,
    /// Inside a remark: it is no part of the cell's value.
    remarks: u32,
    is_remark: bool,
    /// The remarks of the row so far.
    remark: String,
    cell: String,
    /// Inside a cell, and in it inside a remark, inside a paragraph.
    in_cell: bool,
    paragraphs: u32,
    /// Paragraphs of the cell so far.
    written: bool,
    /// The day that the cell holds, whatever way it shows it.
    day: Option<String>,
}

fn repeat(tag: &Tag<'_>, name: &str) -> u32 {
    let times = tag.attribute(name).and_then(|n| n.parse().ok());
    times.unwrap_or(1).max(1)
}

/// A day, and a time unless it is midnight, from ISO form to the one of Dutch spreadsheets.
fn day(iso: &str) -> Option<String> {
    let date = date::iso(iso)?;
    let time = iso.get(11..16).filter(|t| *t != "00:00");
    let (day, month) = (date.day(), u8::from(date.month()));
    let time = time.map_or_else(String::new, |t| format!(" {t}"));
    Some(format!("{day:02}-{month:02}-{}{time}", date.year()))
}

impl Walk {
    fn step(&mut self, event: Event<'_>) -> Step {
        match event {
            Event::Open(tag) => match tag.name() {
                "table" => {
                    *self = Self::default();
                    return Step::Sheet(tag.attribute("name").unwrap_or_default());
                }
                "table-row" => {
                    self.column = 0;
                    self.cells.clear();
                    self.repeated_rows = repeat(&tag, "number-rows-repeated");
                }
                "table-cell" | "covered-table-cell" => {
                    self.in_cell = true;
                    self.written = false;
                    self.cell.clear();
                    self.repeated_cells = repeat(&tag, "number-columns-repeated");
                    self.covered_rows = repeat(&tag, "number-rows-spanned");
                    self.day = tag.attribute("date-value").and_then(|d| day(&d));
                }
                "annotation" => self.remarks += 1,
                name if self.remarks > 0 => self.is_remark = matches!(name, "p" | "span"),
                "p" | "h" if self.in_cell && self.remarks == 0 => {
                    if self.written && self.paragraphs == 0 {
                        self.cell.push('\n');
                    }
                    self.written = true;
                    self.paragraphs += 1;
                }
                "s" if self.paragraphs > 0 => {
                    let times = repeat(&tag, "c").min(64) as usize;
                    self.cell.push_str(&" ".repeat(times));
                }
                "tab" if self.paragraphs > 0 => self.cell.push(' '),
                "line-break" if self.paragraphs > 0 => self.cell.push('\n'),
                _ => {}
            },
            Event::Text(text) if self.paragraphs > 0 => self.cell.push_str(&text),
            Event::Text(text) if self.remarks > 0 && self.is_remark => self.remark.push_str(&text),
            Event::Text(_) => {}
            Event::Close(name) => match name.as_str() {
                "annotation" => {
                    self.remarks = self.remarks.saturating_sub(1);
                    self.remark.push('\n');
                }
                "p" | "h" => self.paragraphs = self.paragraphs.saturating_sub(1),
                "table-cell" | "covered-table-cell" => {
                    self.in_cell = false;
                    if let Some(day) = self.day.take() {
                        self.cell = day;
                    }
                    if !self.cell.trim().is_empty() {
                        for n in 0..self.repeated_cells.min(MAX_CELL_REPEAT) {
                            self.cells.push(Cell {
                                column: self.column.saturating_add(n),
                                text: self.cell.clone(),
                                rows: self.covered_rows,
                            });
                        }
                    }
                    self.column = self.column.saturating_add(self.repeated_cells);
                }
                "table-row" => {
                    let (row, times) = (self.row, self.repeated_rows.max(1));
                    self.row = row.saturating_add(times);
                    let remark = std::mem::take(&mut self.remark);
                    if !remark.trim().is_empty() {
                        self.cells.push(Cell {
                            column: u32::MAX,
                            text: remark.trim().to_owned(),
                            rows: 1,
                        });
                    }
                    if !self.cells.is_empty() {
                        let cells = std::mem::take(&mut self.cells);
                        return Step::Row(cells, row, times.min(MAX_REPEAT));
                    }
                }
                _ => {}
            },
        }
        Step::Nothing
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn merged_cells_and_remarks() {
        let cell = |text: &str, more: &str| {
            format!("<table:table-cell {more}><text:p>{text}</text:p></table:table-cell>")
        };
        let row =
            |cells: &[String]| format!("<table:table-row>{}</table:table-row>", cells.concat());
        let remark = "<table:table-cell><office:annotation><dc:creator>Jan</dc:creator><text:p>navragen</text:p></office:annotation><text:p>Cl. is weg.</text:p></table:table-cell>";
        let rows = [
            row(&[cell("Cliënt", ""), cell("Datum", ""), cell("Notitie", "")]),
            row(&[
                cell("K-1", "table:number-rows-spanned='2'"),
                cell(
                    "12 mrt",
                    "office:value-type='date' office:date-value='2024-03-12T10:15:00'",
                ),
                remark.to_owned(),
            ]),
            row(&[
                "<table:covered-table-cell/>".to_owned(),
                cell("13-03-2024", ""),
                cell("Cl. is terug.", ""),
            ]),
        ]
        .concat();
        let flat = format!(
            "<office:document office:mimetype='application/vnd.oasis.opendocument.spreadsheet'><office:body><office:spreadsheet><table:table table:name='a'>{rows}</table:table></office:spreadsheet></office:body></office:document>"
        );
        let mut list = Vec::new();
        let settings = Settings::default();
        Ods.extract(
            flat.as_bytes(),
            Source::new("a.fods", "a"),
            &settings,
            &mut |d| list.push(d),
        );
        let seen: Vec<(String, String, String)> = list
            .iter()
            .map(|d| {
                let date = d.date.map(|d| d.to_string()).unwrap_or_default();
                (d.dossier.clone(), date, d.text.clone())
            })
            .collect();
        let row = |date: &str, text: &str| ("K-1".to_owned(), date.to_owned(), text.to_owned());
        assert_eq!(
            seen,
            [
                row("2024-03-12", "Cl. is weg.\n\n[navragen]"),
                row("2024-03-13", "Cl. is terug.")
            ]
        );
    }
}
