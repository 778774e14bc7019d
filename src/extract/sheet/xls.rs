//! Excel workbooks of before 2007 (xls).

use std::io::Cursor;
use std::panic::catch_unwind;

use calamine::{Reader, Xls as Workbook};
use serde::{Deserialize, Serialize};

use super::rows::{Merged, Rows};
use super::xlsx::kept_text;
use crate::document::{Document, Status};
use crate::extract::export::table::Table;
use crate::extract::ole::{self, Kind};
use crate::extract::{Extractor, Settings, Source};

/// Excel of before 2007.
pub(in crate::extract) struct Xls;

/// Records of the workbook stream that are looked at (MS-XLS 2.3): where a sheet begins, cells, and the lock.
const BEGIN: [u16; 4] = [0x0809, 0x0409, 0x0209, 0x0009];
const LOCK: u16 = 0x002F;
const CELLS: [u16; 12] = [
    0x00FD, 0x0204, 0x0004, 0x0203, 0x0003, 0x027E, 0x00BD, 0x00D6, 0x0205, 0x0006, 0x0201, 0x00BE,
];
/// The library keeps the whole rectangle from the first to the last cell of a sheet: it may hold so many.
const MAX_AREA: u64 = 4_000_000;

impl Extractor for Xls {
    fn name(&self) -> &'static str {
        "xls"
    }
    fn version(&self) -> u32 {
        1
    }
    fn extensions(&self) -> &'static [&'static str] {
        &["xls"]
    }
    fn recognises(&self, bytes: &[u8]) -> bool {
        ole::kind(bytes) == Some(Kind::Excel)
    }
    fn extract(
        &self,
        bytes: &[u8],
        source: Source<'_>,
        settings: &Settings,
        out: &mut dyn FnMut(Document),
    ) {
        let unread = |status, detail: &str| {
            Document::unread(source.shown, source.dossier, "xls", status, detail)
        };
        if let Err((status, detail)) = check(bytes, settings) {
            return out(unread(status, detail));
        }
        let limits = &settings.limits.pdf;
        let book = match &settings.worker {
            Some(worker) => worker.sheets(bytes, limits),
            None => sheets(bytes),
        };
        let book = match book {
            Ok(book) => book,
            Err(NoSheets::Damaged) => {
                return out(unread(Status::Damaged, "a workbook that cannot be opened"));
            }
            Err(NoSheets::TooLarge) => {
                return out(unread(
                    Status::TooLarge,
                    "it needs more memory than the limit",
                ));
            }
            Err(NoSheets::Timeout) => {
                return out(unread(
                    Status::Timeout,
                    "opening the workbook takes too long",
                ));
            }
        };
        let several = book.len() > 1;
        let mut count = 0;
        for sheet in book {
            let mut table = Table::new(source, settings, "xls");
            if several {
                table = table.of_sheet(&sheet.name);
            }
            let mut rows = Rows::new(table, sheet.merged);
            let Some(cells) = sheet.cells else {
                let why = "the sheet cannot be read".to_owned();
                rows.table().rest(Status::Damaged, why, out);
                count += 1;
                continue;
            };
            for (row, column, text) in cells {
                if !rows.cell(row, column, &text, out) {
                    break;
                }
            }
            count += rows.end(out);
        }
        if count == 0 {
            out(unread(Status::Empty, "no cells with text"));
        }
    }
}

/// A sheet as it was read.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::extract) struct Sheet {
    name: String,
    merged: Vec<Merged>,
    /// Row, column and text of the cells that have one, row by row; none when the sheet cannot be read.
    cells: Option<Vec<(u32, u32, String)>>,
}

/// Why a workbook has no sheets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::extract) enum NoSheets {
    Damaged,
    TooLarge,
    Timeout,
}

/// The sheets of a workbook. The library that reads them trusts what a file says of itself: it may fail, or ask for more memory than there
/// is, so it is called in a process of its own where there is one.
pub(in crate::extract) fn sheets(bytes: &[u8]) -> Result<Vec<Sheet>, NoSheets> {
    catch_unwind(|| read(bytes)).unwrap_or(Err(NoSheets::Damaged))
}

fn read(bytes: &[u8]) -> Result<Vec<Sheet>, NoSheets> {
    let mut book = Workbook::new(Cursor::new(bytes)).map_err(|_| NoSheets::Damaged)?;
    let mut sheets = Vec::new();
    for name in book.sheet_names() {
        let areas = book.merge_cells_by_sheet_name(&name).unwrap_or_default();
        let range = book.worksheet_range(&name).ok();
        let cells = range.map(|range| {
            let (top, left) = range.start().unwrap_or_default();
            let at =
                |first: u32, n: usize| first.saturating_add(u32::try_from(n).unwrap_or(u32::MAX));
            let used = range.used_cells();
            used.map(|(row, column, value)| (at(top, row), at(left, column), kept_text(value)))
                .collect()
        });
        sheets.push(Sheet {
            name,
            merged: areas.iter().filter_map(Merged::of).collect(),
            cells,
        });
    }
    Ok(sheets)
}

/// Looks through the records before the workbook is opened: locked, or with cells so far apart that they would fill the memory.
fn check(bytes: &[u8], settings: &Settings) -> Result<(), (Status, &'static str)> {
    let (mut file, _) = ole::open(bytes).ok_or((Status::Damaged, "a broken OLE file"))?;
    let limit = settings.limits.max_file_bytes;
    let stream = ole::stream(&mut file, "Workbook", limit)
        .or_else(|| ole::stream(&mut file, "Book", limit))
        .ok_or((Status::Damaged, "a workbook without its stream"))?;
    let number = |at: usize| {
        let pair = stream.get(at..at + 2)?;
        Some(u16::from_le_bytes([*pair.first()?, *pair.get(1)?]))
    };
    let mut at = 0;
    let mut area: Option<[u64; 4]> = None;
    while let (Some(kind), Some(length)) = (number(at), number(at + 2)) {
        if kind == LOCK {
            return Err((Status::Encrypted, "needs a password"));
        }
        if BEGIN.contains(&kind) {
            area = None;
        } else if CELLS.contains(&kind)
            && let (Some(row), Some(column)) = (number(at + 4), number(at + 6))
        {
            let (row, column) = (u64::from(row), u64::from(column));
            let [top, left, bottom, right] = area.unwrap_or([row, column, row, column]);
            let wider = [
                top.min(row),
                left.min(column),
                bottom.max(row),
                right.max(column),
            ];
            if (wider[2] - wider[0] + 1) * (wider[3] - wider[1] + 1) > MAX_AREA {
                return Err((
                    Status::TooLarge,
                    "cells that lie further apart than the limit; save it as xlsx or csv",
                ));
            }
            area = Some(wider);
        }
        at += 4 + usize::from(length);
    }
    Ok(())
}
