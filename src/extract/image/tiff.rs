//! The pages of a TIFF: a list of tables, each with the place of the next.

use std::collections::BTreeSet;

use super::header::{big, little};

/// One page.
#[derive(Debug)]
pub(super) struct Page<'a> {
    file: &'a [u8],
    big_endian: bool,
    /// Where its table begins.
    table: u32,
    /// Where the place of the next table stands.
    next: usize,
    /// Width and height in pixels.
    pub(super) size: (u64, u64),
}

/// Bytes of an entry of a table.
const ENTRY: usize = 12;

/// The pages of a file, at most `most`.
pub(super) fn pages(file: &[u8], most: usize) -> Vec<Page<'_>> {
    let big_endian = file.starts_with(b"MM");
    let number = |at, length| match big_endian {
        true => big(file, at, length),
        false => little(file, at, length),
    };
    let place = |at| number(at, 4).and_then(|n| u32::try_from(n).ok());
    let mut list = Vec::new();
    let mut seen = BTreeSet::new();
    let mut table = place(4).unwrap_or(0);
    // Tables may lead back to one another.
    while table != 0 && list.len() < most && seen.insert(table) {
        let begin = table as usize;
        let Some(count) = number(begin, 2).and_then(|n| usize::try_from(n).ok()) else {
            break;
        };
        let entry = |tag: u64| {
            let mut entries = (0..count).map(|n| begin + 2 + n * ENTRY);
            let at = entries.find(|at| number(*at, 2) == Some(tag))?;
            // A short number stands at the front of its four bytes.
            number(at + 8, if number(at + 2, 2)? == 3 { 2 } else { 4 })
        };
        let next = begin + 2 + count * ENTRY;
        let is_preview = entry(254).is_some_and(|flags| flags & 1 == 1);
        if !is_preview {
            list.push(Page {
                file,
                big_endian,
                table,
                next,
                size: (entry(256).unwrap_or(0), entry(257).unwrap_or(0)),
            });
        }
        table = place(next).unwrap_or(0);
    }
    list
}

impl Page<'_> {
    /// The file with this page as its only one.
    pub(super) fn file(&self) -> Vec<u8> {
        let mut file = self.file.to_vec();
        let mut write = |at: usize, number: u32| {
            let bytes = match self.big_endian {
                true => number.to_be_bytes(),
                false => number.to_le_bytes(),
            };
            if let Some(place) = file.get_mut(at..at + 4) {
                place.copy_from_slice(&bytes);
            }
        };
        write(4, self.table);
        write(self.next, 0);
        file
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two tables with a width each, the second linked from the first and back to it.
    fn two() -> Vec<u8> {
        let mut file = b"II*\0\x08\0\0\0".to_vec();
        for (width, next) in [(10u8, 38u8), (20, 8)] {
            file.extend([2, 0]);
            file.extend([0, 1, 3, 0, 1, 0, 0, 0, width, 0, 0, 0]);
            file.extend([1, 1, 4, 0, 1, 0, 0, 0, 7, 0, 0, 0]);
            file.extend([next, 0, 0, 0]);
        }
        file
    }

    #[test]
    fn each_page_becomes_the_only_one() {
        let file = two();
        let pages = pages(&file, 9);
        let sizes: Vec<(u64, u64)> = pages.iter().map(|p| p.size).collect();
        assert_eq!(sizes, [(10, 7), (20, 7)]);
        let second = pages[1].file();
        let alone = super::pages(&second, 9);
        assert_eq!(alone.len(), 1);
        assert_eq!(alone[0].size, (20, 7));
        assert_eq!(super::pages(&file, 1).len(), 1);
    }

    #[test]
    fn a_cut_file_has_the_pages_that_are_there() {
        assert_eq!(pages(&two()[..60], 9).len(), 2);
        assert!(pages(b"MM\0*\0\0\0\x08", 9).is_empty());
        assert!(pages(b"II*\0", 9).is_empty());
        assert!(pages(b"II*\0\xFF\xFF\xFF\xFF", 9).is_empty());
    }
}
