//! Rows that lost their shape: text with delimiters, line ends or quotation marks in it that nobody quoted.

use super::columns::Columns;
use crate::extract::date;

/// What is known of the rows below the header.
pub(super) struct Rows {
    pub(super) columns: Columns,
    /// The header: systems repeat it on every page.
    pub(super) names: Vec<String>,
    /// Columns of the header.
    pub(super) width: usize,
    /// The row that was read last: the next one may go on with its text.
    pub(super) pending: Option<Vec<String>>,
    /// The client that was named last.
    pub(super) client: String,
}

impl Rows {
    /// Whether a cell of the date's column holds none; never where there is no such column.
    fn lacks_date(&self, cells: &[String]) -> bool {
        let cell = |n: usize| cells.get(n).map_or("", |c| c.trim());
        self.columns
            .date
            .is_some_and(|n| date::cell(cell(n)).is_none())
    }

    /// The records in a record: a quotation mark that is never closed takes those that follow for text.
    pub(super) fn records(&self, mut cells: Vec<String>, delimiter: char) -> Vec<Vec<String>> {
        let mut rest = Vec::new();
        if let Some(last) = cells.last_mut().filter(|c| c.contains('\n')) {
            let parts = |line: &str| -> Vec<String> {
                line.split(delimiter)
                    .map(|c| c.trim_matches('"').to_owned())
                    .collect()
            };
            let is_record = |line: &str| {
                let cells = parts(line);
                self.columns.date.is_some() && cells.len() >= self.width && !self.lacks_date(&cells)
            };
            let mut at = 0;
            let starts: Vec<usize> = last
                .split_inclusive('\n')
                .map(|line| {
                    at += line.len();
                    (at - line.len(), line)
                })
                .filter(|(start, line)| *start > 0 && is_record(line.trim_end()))
                .map(|(start, _)| start)
                .collect();
            for (n, start) in starts.iter().enumerate() {
                let end = starts.get(n + 1).copied().unwrap_or(last.len());
                rest.push(parts(last.get(*start..end).unwrap_or_default().trim_end()));
            }
            if let Some(first) = starts.first() {
                last.truncate(*first);
            }
        }
        let mut records = vec![cells];
        records.append(&mut rest);
        records
    }

    /// Adds a row to the one before it when it is no row, but the rest of a text with a line end in it that nobody quoted: too short, and
    /// without a date where one should be.
    pub(super) fn goes_on(&mut self, cells: &[String], delimiter: char) -> bool {
        let text = self.columns.text.last().map_or(0, |t| t.0);
        let lacks = match self.columns.date {
            Some(_) => self.lacks_date(cells),
            None => cells.len() == 1,
        };
        let empty = cells.iter().all(|c| c.trim().is_empty());
        if self.width < 3 || cells.len() >= self.width || empty || !lacks {
            return false;
        }
        let Some(pending) = &mut self.pending else {
            return false;
        };
        if pending.len() > text + 1 && cells.len() > text {
            return false;
        }
        let Some((first, others)) = cells.split_first() else {
            return false;
        };
        if pending.len() < self.width && pending.len() == text + 1 {
            // The text was cut here; after it come the other cells of its row.
            if let Some(last) = pending.last_mut() {
                last.push('\n');
                last.push_str(first);
            }
            pending.extend(others.iter().cloned());
        } else if let Some(cell) = pending.get_mut(text) {
            cell.push('\n');
            cell.push_str(&cells.join(&delimiter.to_string()));
        } else {
            return false;
        }
        true
    }

    /// A row with too many cells has a text with the delimiter in it that nobody quoted.
    pub(super) fn whole(&self, mut cells: Vec<String>, delimiter: char) -> Vec<String> {
        while cells.len() > self.width && cells.last().is_some_and(|c| c.trim().is_empty()) {
            cells.pop();
        }
        let surplus = cells.len().saturating_sub(self.width);
        let Some(text) = self
            .columns
            .text
            .last()
            .map(|t| t.0)
            .filter(|t| surplus > 0 && *t < self.width)
        else {
            return cells;
        };
        let after = cells.split_off(text + surplus + 1);
        let parts = cells.split_off(text);
        cells.push(parts.join(&delimiter.to_string()));
        cells.extend(after);
        cells
    }
}
