//! Cells of a spreadsheet to rows of a table, whatever file they come from.

use crate::document::Document;
use crate::extract::export::table::{COLUMNS, Table};

/// Values of at most so many characters go down with a merged cell: the client of all rows beside it, not a text.
const CARRIED: usize = 60;

/// A merged cell of more than one row: first and last row, and its column, from 0.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
pub(in crate::extract) struct Merged {
    pub(in crate::extract) first: u32,
    pub(in crate::extract) last: u32,
    pub(in crate::extract) column: u32,
}

impl Merged {
    /// Of an area; none when it is one row.
    pub(in crate::extract) fn of(area: &calamine::Dimensions) -> Option<Self> {
        (area.end.0 > area.start.0).then_some(Self {
            first: area.start.0,
            last: area.end.0,
            column: area.start.1,
        })
    }
}

/// Puts cells into rows; they come row by row.
pub(in crate::extract) struct Rows<'a> {
    table: Table<'a>,
    row: u32,
    cells: Vec<String>,
    /// Merged cells that are still to come, the next one last.
    merged: Vec<Merged>,
    /// Merged cells that are open: last row, column, value.
    open: Vec<(u32, usize, String)>,
    is_full: bool,
}

impl<'a> Rows<'a> {
    pub(in crate::extract) fn new(table: Table<'a>, mut merged: Vec<Merged>) -> Self {
        merged.sort_unstable_by(|a, b| b.cmp(a));
        Self {
            table,
            row: 0,
            cells: Vec::new(),
            merged,
            open: Vec::new(),
            is_full: false,
        }
    }

    /// Takes a cell, row and column counted from 0; false when no more are wanted.
    pub(in crate::extract) fn cell(
        &mut self,
        row: u32,
        column: u32,
        text: &str,
        out: &mut dyn FnMut(Document),
    ) -> bool {
        if row != self.row {
            self.end_row(out);
            self.row = row;
        }
        if text.is_empty() {
            return !self.is_full;
        }
        let column = usize::try_from(column).unwrap_or(COLUMNS);
        let at = column.min(COLUMNS - 1);
        if self.cells.len() <= at {
            self.cells.resize(at + 1, String::new());
        }
        if let Some(cell) = self.cells.get_mut(at) {
            if !cell.is_empty() {
                cell.push(' ');
            }
            cell.push_str(text);
        }
        !self.is_full
    }

    /// A merged cell of the row under way.
    pub(in crate::extract) fn merge(&mut self, merged: Merged) {
        self.merged.push(merged);
    }

    /// Hands over what is left; gives the number of rows.
    pub(in crate::extract) fn end(mut self, out: &mut dyn FnMut(Document)) -> usize {
        self.end_row(out);
        self.table.end(out)
    }

    /// The table, to say that something is amiss.
    pub(in crate::extract) fn table(&mut self) -> &mut Table<'a> {
        &mut self.table
    }

    fn end_row(&mut self, out: &mut dyn FnMut(Document)) {
        let row = self.row;
        let mut cells = std::mem::take(&mut self.cells);
        if cells.iter().all(String::is_empty) {
            return;
        }
        self.open.retain(|(last, ..)| *last >= row);
        for (_, column, value) in &self.open {
            if let Some(cell) = cells.get_mut(*column).filter(|c| c.is_empty()) {
                cell.clone_from(value);
            }
        }
        while let Some(merged) = self.merged.pop_if(|m| m.first <= row) {
            let column = usize::try_from(merged.column).unwrap_or(COLUMNS);
            let value = cells
                .get(column)
                .filter(|v| !v.is_empty() && v.len() <= CARRIED);
            if let (true, Some(value)) = (merged.first == row, value) {
                self.open.push((merged.last, column, value.clone()));
            }
        }
        self.is_full = !self.table.row(cells, out);
    }
}

/// A number as a cell shows it: whole numbers without a point.
pub(in crate::extract) fn number(value: f64) -> String {
    if value.fract() == 0.0 && value.abs() < 1e15 {
        format!("{value:.0}")
    } else {
        value.to_string().replace('.', ",")
    }
}

/// A truth value as Dutch spreadsheets show it.
pub(in crate::extract) const fn truth(value: bool) -> &'static str {
    if value { "WAAR" } else { "ONWAAR" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::{Settings, Source};

    fn documents(cells: &[(u32, u32, &str)], merged: Vec<Merged>) -> Vec<Document> {
        let settings = Settings::default();
        let table = Table::new(Source::new("x.xlsx", "x"), &settings, "xlsx");
        let mut rows = Rows::new(table, merged);
        let mut list = Vec::new();
        for (row, column, text) in cells {
            rows.cell(*row, *column, text, &mut |d| list.push(d));
        }
        rows.end(&mut |d| list.push(d));
        list
    }

    #[test]
    fn a_merged_cell_counts_for_all_its_rows() {
        let cells = [
            (0, 0, "cliënt"),
            (0, 1, "notitie"),
            (1, 0, "K-1"),
            (1, 1, "Cl. kwam niet thuis."),
            (2, 1, "Cl. kwam laat thuis."),
            (3, 1, "Van wie deze is, staat er niet."),
        ];
        let merged = vec![Merged {
            first: 1,
            last: 2,
            column: 0,
        }];
        let documents = documents(&cells, merged);
        let dossiers: Vec<&str> = documents.iter().map(|d| d.dossier.as_str()).collect();
        assert_eq!(dossiers, ["K-1", "K-1", "x"]);
    }

    #[test]
    fn a_cell_far_away_takes_no_room() {
        let cells = [
            (0, 0, "notitie"),
            (0, 1, "datum"),
            (1, 0, "Cl. kwam niet thuis."),
            (1_048_575, 16_383, "ver weg en toch gelezen"),
        ];
        let documents = documents(&cells, Vec::new());
        assert_eq!(documents.len(), 2);
        assert_eq!(documents[0].text, "Cl. kwam niet thuis.");
    }

    #[test]
    fn numbers_are_as_shown() {
        assert_eq!(number(45363.0), "45363");
        assert_eq!(number(1.5), "1,5");
    }
}
