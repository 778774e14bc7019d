//! The only place where offsets change their unit: bytes, code points and lines.
//!
//! Inside the library every offset is a byte offset into [`Document::text`](crate::Document::text).
//! Records that leave the library also carry code points, because annotation tools count those.

use serde::{Deserialize, Serialize};

/// A stretch of text in bytes; `end` is exclusive.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// Makes a span; `start` must not lie after `end`.
    #[must_use]
    pub const fn new(start: usize, end: usize) -> Self {
        debug_assert!(start <= end);
        Self { start, end }
    }

    /// Length in bytes.
    #[must_use]
    pub const fn len(self) -> usize {
        self.end.saturating_sub(self.start)
    }

    /// Whether the span covers nothing.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// Whether the two spans share at least one byte.
    #[must_use]
    pub const fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// Whether `other` lies inside this span.
    #[must_use]
    pub const fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// The text of the span, or an empty string when it is not on character borders of `text`.
    #[must_use]
    pub fn slice(self, text: &str) -> &str {
        text.get(self.start..self.end).unwrap_or_default()
    }
}

/// Converts byte offsets of one text to code points, and back.
///
/// Keeps one checkpoint per 256 bytes, so a look-up counts at most that many bytes.
#[derive(Clone, Debug)]
pub struct CodePoints {
    checkpoints: Vec<usize>,
    total: usize,
}

const STEP: usize = 256;

impl CodePoints {
    /// Reads `text` once.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let mut checkpoints = Vec::with_capacity(text.len() / STEP + 1);
        let mut total = 0;
        for block in text.as_bytes().chunks(STEP) {
            checkpoints.push(total);
            total += block.iter().filter(|b| is_boundary(**b)).count();
        }
        Self { checkpoints, total }
    }

    /// Number of code points before byte `offset` of the same `text`.
    #[must_use]
    pub fn at_byte(&self, text: &str, offset: usize) -> usize {
        let block = offset / STEP;
        let Some(&before) = self.checkpoints.get(block) else {
            return self.total;
        };
        let bytes = text.as_bytes();
        let end = offset.min(bytes.len());
        before
            + bytes[block * STEP..end]
                .iter()
                .filter(|b| is_boundary(**b))
                .count()
    }

    /// Byte offset of code point number `index` of the same `text`; `None` past the end.
    #[must_use]
    pub fn to_byte(&self, text: &str, index: usize) -> Option<usize> {
        if index == self.total {
            return Some(text.len());
        }
        if index > self.total {
            return None;
        }
        let block = self
            .checkpoints
            .partition_point(|&n| n <= index)
            .checked_sub(1)?;
        let mut count = *self.checkpoints.get(block)?;
        for (i, byte) in text.as_bytes().iter().enumerate().skip(block * STEP) {
            if is_boundary(*byte) {
                if count == index {
                    return Some(i);
                }
                count += 1;
            }
        }
        None
    }

    /// Number of code points in the text.
    #[must_use]
    pub const fn total(&self) -> usize {
        self.total
    }
}

const fn is_boundary(byte: u8) -> bool {
    byte & 0xC0 != 0x80
}

/// The last character boundary of `text` at or before byte `at`.
#[must_use]
pub fn floor(text: &str, at: usize) -> usize {
    (0..=at.min(text.len()))
        .rev()
        .find(|i| text.is_char_boundary(*i))
        .unwrap_or(0)
}

/// Finds the line of a byte offset. Lines count from 1 and end at `\n`.
#[derive(Clone, Debug)]
pub struct Lines {
    starts: Vec<usize>,
}

impl Lines {
    /// Reads `text` once.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let mut starts = vec![0];
        starts.extend(memchr::memchr_iter(b'\n', text.as_bytes()).map(|i| i + 1));
        Self { starts }
    }

    /// Line number (from 1) of the byte at `offset`.
    #[must_use]
    pub fn line(&self, offset: usize) -> usize {
        self.starts.partition_point(|&s| s <= offset)
    }

    /// First byte of line `number` (from 1); 0 when there is no such line.
    #[must_use]
    pub fn start(&self, number: usize) -> usize {
        let line = number.checked_sub(1);
        line.and_then(|n| self.starts.get(n)).copied().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_points_round_trip() {
        let text = "cliënte 👧 ".repeat(60);
        let index = CodePoints::new(&text);
        for (n, (byte, _)) in text.char_indices().enumerate() {
            assert_eq!(index.at_byte(&text, byte), n);
            assert_eq!(index.to_byte(&text, n), Some(byte));
        }
        assert_eq!(index.total(), text.chars().count());
        assert_eq!(index.to_byte(&text, index.total()), Some(text.len()));
        assert_eq!(index.to_byte(&text, index.total() + 1), None);
    }

    #[test]
    fn lines_count_from_one() {
        let lines = Lines::new("a\nbc\n");
        assert_eq!([0, 1, 2, 4, 5].map(|o| lines.line(o)), [1, 1, 2, 2, 3]);
    }
}
