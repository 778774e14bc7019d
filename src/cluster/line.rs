//! Lines of a stream, each within a limit.

use std::io::{self, BufRead, BufReader, Read};

use crate::document::content_id;

/// A buffer that grew beyond this for one line is not kept for the next.
const USUAL: usize = 1 << 20;

/// A line without its end.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// Its bytes.
    Whole(Vec<u8>),
    /// It has more bytes than the limit; a hash of their beginning and number is left of it.
    TooLong(String),
}

/// Reads lines. Only LF ends one; CR before it belongs to the end.
#[derive(Debug)]
pub(super) struct Lines<R> {
    reader: BufReader<R>,
    limit: usize,
}

impl<R: Read> Lines<R> {
    pub(super) fn new(input: R, limit: usize) -> Self {
        Self {
            reader: BufReader::with_capacity(64 << 10, input),
            limit,
        }
    }

    /// Whether the next line is here already: reading it waits for nobody.
    pub(super) fn is_ready(&self) -> bool {
        memchr::memchr(b'\n', self.reader.buffer()).is_some()
    }

    /// The next line; none at the end.
    pub(super) fn next(&mut self) -> io::Result<Option<Line>> {
        let mut bytes = Vec::new();
        let most = self.limit as u64 + 1;
        let read = (&mut self.reader)
            .take(most)
            .read_until(b'\n', &mut bytes)?;
        if read == 0 {
            return Ok(None);
        }
        if bytes.ends_with(b"\n") {
            bytes.pop();
        } else if bytes.len() > self.limit {
            let beginning = content_id(&bytes);
            drop(bytes);
            let rest = self.reader.skip_until(b'\n')?;
            return Ok(Some(Line::TooLong(format!("{beginning}-{rest}"))));
        }
        if bytes.ends_with(b"\r") {
            bytes.pop();
        }
        if bytes.capacity() > USUAL {
            bytes.shrink_to_fit();
        }
        Ok(Some(Line::Whole(bytes)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, limit: usize) -> Vec<Line> {
        let mut lines = Lines::new(text.as_bytes(), limit);
        std::iter::from_fn(|| lines.next().unwrap()).collect()
    }

    #[test]
    fn every_line_is_there_once() {
        let whole = |text: &str| Line::Whole(text.as_bytes().to_vec());
        assert_eq!(read("", 9), []);
        assert_eq!(read("een", 9), [whole("een")]);
        assert_eq!(
            read("een\r\n\ntwee\u{2028}\n", 9),
            [whole("een"), whole(""), whole("twee\u{2028}")]
        );
        // The limit is for the line without its end.
        let lines = read("1234\n12345\n1\n1234567", 4);
        assert_eq!(lines.len(), 4);
        assert_eq!([&lines[0], &lines[2]], [&whole("1234"), &whole("1")]);
        assert!(matches!(&lines[1], Line::TooLong(_)) && matches!(&lines[3], Line::TooLong(_)));
        assert_ne!(lines[1], lines[3]);
    }
}
