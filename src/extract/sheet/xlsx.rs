//! Excel workbooks (xlsx, xlsm): each sheet is a table, read cell by cell.

use std::io::{Cursor, Read};

use calamine::{Data, DataRef, ExcelDateTime, Reader, SheetType, Xlsx as Workbook};
use zip::ZipArchive;

use super::rows::{Merged, Rows, number, truth};
use crate::document::{Document, Status};
use crate::extract::export::table::Table;
use crate::extract::package::{Kind, kind};
use crate::extract::xml::{self, Event, Xml};
use crate::extract::{Extractor, Settings, Source};

/// Excel since 2007.
pub(in crate::extract) struct Xlsx;

/// Parts that are read as a whole may unpack to so many bytes at first.
const FLOOR: u64 = 4 << 20;
/// The count of the texts of a workbook stands within so many bytes.
const HEAD: usize = 64 << 10;
/// Merged cells are looked for in sheets that unpack to at most so many bytes: it means reading them twice.
const MERGED_WITHIN: u64 = 64 << 20;

impl Extractor for Xlsx {
    fn name(&self) -> &'static str {
        "xlsx"
    }
    fn version(&self) -> u32 {
        1
    }
    fn extensions(&self) -> &'static [&'static str] {
        &["xlsx", "xlsm"]
    }
    fn recognises(&self, bytes: &[u8]) -> bool {
        kind(bytes) == Some(Kind::Xlsx)
    }
    fn extract(
        &self,
        bytes: &[u8],
        source: Source<'_>,
        settings: &Settings,
        out: &mut dyn FnMut(Document),
    ) {
        let unread = |status, detail: &str| {
            Document::unread(source.shown, source.dossier, "xlsx", status, detail)
        };
        let loose = match check(bytes, settings) {
            Ok(loose) => loose,
            Err((status, detail)) => return out(unread(status, detail)),
        };
        let Ok(mut book) = Workbook::new(Cursor::new(bytes)) else {
            return out(unread(Status::Damaged, "a workbook that cannot be opened"));
        };
        let sheets: Vec<String> = book
            .sheets_metadata()
            .iter()
            .filter(|s| s.typ == SheetType::WorkSheet)
            .map(|s| s.name.clone())
            .collect();
        let mut rows = 0;
        for name in &sheets {
            let merged = if loose.sheet_bytes <= MERGED_WITHIN {
                merged(&mut book, name)
            } else {
                Vec::new()
            };
            let mut table = Table::new(source, settings, "xlsx");
            if sheets.len() > 1 {
                table = table.of_sheet(name);
            }
            rows += sheet(&mut book, name, Rows::new(table, merged), out);
        }
        rows += usize::from(!loose.text.is_empty());
        if !loose.text.is_empty() {
            // Remarks and text boxes belong to no row.
            let shown = format!("{}#opmerkingen", source.shown);
            let place = Source {
                shown: &shown,
                ..source
            };
            let reading = crate::extract::reading::Reading::new(loose.text);
            out(crate::extract::reading::document(
                Ok(reading),
                "xlsx",
                place,
                settings,
            ));
        }
        if rows == 0 {
            out(unread(Status::Empty, "no cells with text"));
        }
    }
}

/// Reads one sheet; gives the number of its rows.
fn sheet(
    book: &mut Workbook<Cursor<&[u8]>>,
    name: &str,
    mut rows: Rows<'_>,
    out: &mut dyn FnMut(Document),
) -> usize {
    let broken = "the sheet cannot be read further";
    let Ok(mut cells) = book.worksheet_cells_reader(name) else {
        rows.table().rest(Status::Damaged, broken.to_owned(), out);
        return 1;
    };
    loop {
        match cells.next_cell() {
            Ok(Some(cell)) => {
                let (row, column) = cell.get_position();
                if !rows.cell(row, column, &text(cell.get_value()), out) {
                    break;
                }
            }
            Ok(None) => break,
            Err(_) => {
                rows.table().rest(Status::Damaged, broken.to_owned(), out);
                return 1 + rows.end(out);
            }
        }
    }
    rows.end(out)
}

fn merged(book: &mut Workbook<Cursor<&[u8]>>, name: &str) -> Vec<Merged> {
    let found = book.merge_cells_by_sheet_name(name).unwrap_or_default();
    found.iter().filter_map(Merged::of).collect()
}

/// What a cell shows.
fn text(value: &DataRef<'_>) -> String {
    match value {
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            text.clone()
        }
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Int(n) => n.to_string(),
        DataRef::Float(n) => number(*n),
        DataRef::Bool(b) => truth(*b).to_owned(),
        DataRef::DateTime(moment) => date_time(moment),
        DataRef::Error(_) | DataRef::Empty => String::new(),
    }
}

/// The same for a cell that is kept.
pub(in crate::extract) fn kept_text(value: &Data) -> String {
    match value {
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => text.clone(),
        Data::Int(n) => n.to_string(),
        Data::Float(n) => number(*n),
        Data::Bool(b) => truth(*b).to_owned(),
        Data::DateTime(moment) => date_time(moment),
        Data::Error(_) | Data::Empty => String::new(),
    }
}

/// Day and time as Dutch spreadsheets show them; a time alone has no day.
fn date_time(moment: &ExcelDateTime) -> String {
    let (year, month, day, hour, minute, _, _) = moment.to_ymd_hms_milli();
    let value = moment.as_f64();
    let time = format!("{hour:02}:{minute:02}");
    if moment.is_duration() || (0.0..1.0).contains(&value) {
        return time;
    }
    let date = format!("{day:02}-{month:02}-{year}");
    if value.fract() == 0.0 {
        date
    } else {
        format!("{date} {time}")
    }
}

/// What is known of a workbook before it is opened.
struct Loose {
    /// Text outside the cells: remarks, text boxes.
    text: String,
    /// Bytes that the largest sheet unpacks to.
    sheet_bytes: u64,
}

/// Unpacks every part once, to see that it stays within the limits: the library that reads the cells has none.
fn check(bytes: &[u8], settings: &Settings) -> Result<Loose, (Status, &'static str)> {
    let mut archive = ZipArchive::new(Cursor::new(bytes))
        .map_err(|_| (Status::Damaged, "a workbook whose list of parts is lost"))?;
    let limits = &settings.limits;
    let mut loose = Loose {
        text: String::new(),
        sheet_bytes: 0,
    };
    let mut left = (bytes.len() as u64)
        .saturating_mul(limits.max_ratio)
        .saturating_add(FLOOR)
        .min(limits.max_inside_bytes);
    for n in 0..archive.len() {
        let mut part = archive.by_index(n).map_err(|error| match error {
            zip::result::ZipError::InvalidPassword => (Status::Encrypted, "needs a password"),
            _ => (Status::Damaged, "a part that cannot be unpacked"),
        })?;
        let name = part.name().map(|n| n.to_lowercase()).unwrap_or_default();
        if name == "xl/workbook.bin" {
            let advice = "a binary workbook (xlsb) is not read; save it as xlsx";
            return Err((Status::Unsupported, advice));
        }
        if !name.ends_with(".xml") {
            continue;
        }
        let has_text = name.starts_with("xl/comments")
            || name.starts_with("xl/threadedcomments")
            || name.starts_with("xl/drawings/drawing");
        let is_texts = name.ends_with("sharedstrings.xml");
        let most = if has_text {
            usize::try_from(limits.max_part_bytes).unwrap_or(0)
        } else if is_texts {
            HEAD
        } else {
            0
        };
        let mut kept = Vec::new();
        let size = unpack(&mut part, left, limits.max_text_bytes, |chunk| {
            let fits = chunk.len().min(most - kept.len());
            kept.extend_from_slice(chunk.get(..fits).unwrap_or_default());
        })?;
        left -= size;
        if is_texts && promises_too_much(&String::from_utf8_lossy(&kept), size) {
            let detail = "a workbook that says it has more texts than it can hold";
            return Err((Status::Damaged, detail));
        }
        if name.starts_with("xl/worksheets/") {
            loose.sheet_bytes = loose.sheet_bytes.max(size);
        }
        if has_text {
            add_loose(&xml::decode(&kept), &mut loose.text);
        }
    }
    Ok(loose)
}

/// Whether the texts of a workbook, which begin with `head` and unpack to `size` bytes, are said to be more than that: the library makes room
/// for as many as are said.
fn promises_too_much(head: &str, size: u64) -> bool {
    let counts = head.split("uniqueCount").skip(1).map(|rest| {
        let from =
            rest.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '=' | '"' | '\''));
        let end = from
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(from.len());
        let digits = from.get(..end).unwrap_or_default();
        // No number at all is none for the library, either.
        if digits.is_empty() {
            0
        } else {
            digits.parse().unwrap_or(u64::MAX)
        }
    });
    let is_seen = head.contains("sst") || size <= head.len() as u64;
    !is_seen || counts.max().is_some_and(|count| count > size)
}

/// Unpacks a part; gives its size. One stretch of text without a tag must stay below `longest`, since it is held in memory.
fn unpack(
    part: &mut dyn Read,
    limit: u64,
    longest: usize,
    mut each: impl FnMut(&[u8]),
) -> Result<u64, (Status, &'static str)> {
    let too_large = Err((
        Status::TooLarge,
        "a part unpacks to more bytes than the limit",
    ));
    let mut buffer = vec![0; 64 << 10];
    let (mut size, mut run) = (0, 0);
    loop {
        // What breaks off is told when the cells are read.
        let Ok(read) = part.read(&mut buffer) else {
            return Ok(size);
        };
        let chunk = buffer.get(..read).unwrap_or_default();
        if chunk.is_empty() {
            return Ok(size);
        }
        size += read as u64;
        run = match chunk.iter().rposition(|b| *b == b'<') {
            Some(at) => read - at,
            None => run + read,
        };
        if size > limit || run > longest {
            return too_large;
        }
        each(chunk);
    }
}

/// The text of remarks and text boxes: one line for each paragraph.
fn add_loose(text: &str, out: &mut String) {
    let mut inside = false;
    for event in Xml::new(text) {
        match event {
            Event::Open(tag) => inside = matches!(tag.name(), "t" | "text"),
            Event::Text(text) if inside => out.push_str(&text),
            Event::Close(name) => {
                inside = false;
                let ends = matches!(name.as_str(), "comment" | "threadedComment" | "p");
                if ends && !out.is_empty() && !out.ends_with('\n') {
                    out.push('\n');
                }
            }
            Event::Text(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::package::zipped;

    fn read(parts: &[(&str, &str)]) -> Document {
        let mut list = Vec::new();
        let (bytes, settings) = (zipped(parts), Settings::default());
        crate::extract::from_bytes(&bytes, Source::new("a.xlsx", "a"), &settings, &mut |d| {
            list.push(d)
        });
        assert_eq!(list.len(), 1);
        list.remove(0)
    }

    #[test]
    fn workbooks_that_are_not_read_have_a_reason() {
        const TYPES: (&str, &str) = ("[Content_Types].xml", "<Types/>");
        let binary = read(&[TYPES, ("xl/workbook.bin", "x")]);
        assert_eq!(binary.status, Status::Unsupported);
        assert!(binary.status_detail.contains("xlsx"));
        assert_eq!(read(&[TYPES, ("xl/x.xml", "<a/>")]).status, Status::Damaged);
    }

    #[test]
    fn remarks_and_text_boxes_are_lines() {
        let mut text = String::new();
        add_loose(
            "<comments><comment ref='A1'><text><r><t>na</t></r><r><t>vragen</t></r></text></comment><comment><text><t>bellen</t></text></comment></comments>",
            &mut text,
        );
        assert_eq!(text, "navragen\nbellen\n");
    }

    #[test]
    fn moments_are_as_shown() {
        let of = |value, kind| date_time(&ExcelDateTime::new(value, kind, false));
        use calamine::ExcelDateTimeType::{DateTime, TimeDelta};
        assert_eq!(of(45_363.0, DateTime), "12-03-2024");
        assert_eq!(of(45_363.75, DateTime), "12-03-2024 18:00");
        assert_eq!(of(0.75, DateTime), "18:00");
        assert_eq!(of(0.5, TimeDelta), "12:00");
    }
}
