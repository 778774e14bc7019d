//! The text around findings: all that reports and the store keep of a document.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::finding::Finding;
use crate::span::CodePoints;

/// How much of the text around a finding is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Snippets {
    /// So many bytes before and after, moved inwards to a word border.
    Around(usize),
    /// Nothing, and not the words of the finding either: only where it stands and what it is.
    None,
}

impl Snippets {
    /// Reads a number of bytes, or `none`.
    ///
    /// # Errors
    /// When it is neither.
    pub fn parse(text: &str) -> Result<Self> {
        match text {
            "none" => Ok(Self::None),
            _ => text.parse().map(Self::Around).map_err(|_| {
                Error::Usage(format!("--snippets {text}: a number of bytes, or none"))
            }),
        }
    }
}

impl std::fmt::Display for Snippets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Around(bytes) => write!(f, "{bytes}"),
            Self::None => f.write_str("none"),
        }
    }
}

impl Default for Snippets {
    fn default() -> Self {
        Self::Around(160)
    }
}

/// A stretch of a document with its findings in it. `Debug` shows no text.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passage {
    /// First byte in the document.
    pub byte_start: usize,
    /// First code point in the document.
    pub start: usize,
    /// Its text.
    pub text: String,
    /// Whether the document ends where it ends.
    pub at_end: bool,
}

impl Passage {
    /// One past its last byte in the document.
    #[must_use]
    pub fn byte_end(&self) -> usize {
        self.byte_start + self.text.len()
    }
}

impl std::fmt::Debug for Passage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Passage")
            .field("bytes", &(self.byte_start..self.byte_end()))
            .finish_non_exhaustive()
    }
}

/// The passages of a text, with so many bytes around findings that the lexicon does not suppress, in order; those that meet are one.
#[must_use]
pub fn passages(text: &str, findings: &[Finding], around: usize) -> Vec<Passage> {
    let mut windows: Vec<(usize, usize)> = Vec::new();
    for f in findings.iter().filter(|f| f.suppressed_by.is_empty()) {
        let (start, end) = (
            border_before(text, f.byte_start, around),
            border_after(text, f.byte_end, around),
        );
        match windows.last_mut() {
            Some(last) if start <= last.1 => last.1 = last.1.max(end),
            _ => windows.push((start, end)),
        }
    }
    if windows.is_empty() {
        return Vec::new();
    }
    let index = CodePoints::new(text);
    windows
        .into_iter()
        .map(|(start, end)| Passage {
            byte_start: start,
            start: index.at_byte(text, start),
            text: text.get(start..end).unwrap_or_default().to_owned(),
            at_end: end == text.len(),
        })
        .collect()
}

/// The part of a passage that is around a finding in it, where passages of several findings met.
#[must_use]
pub fn around<'a>(passage: &'a Passage, finding: &Finding) -> &'a str {
    const WIDEST: usize = 160;
    let from = |byte: usize| {
        byte.saturating_sub(passage.byte_start)
            .min(passage.text.len())
    };
    let start = border_before(&passage.text, from(finding.byte_start), WIDEST);
    let end = border_after(&passage.text, from(finding.byte_end), WIDEST);
    passage.text.get(start..end).unwrap_or_default()
}

/// The sentence of a passage that a finding stands in, or as much of it as fits so many bytes on both sides: what is before the finding, its
/// words, and what is after; `…` where something was cut off within the sentence.
#[must_use]
pub fn sentence(passage: &Passage, finding: &Finding, most: usize) -> [String; 3] {
    let text = passage.text.as_str();
    let at = |byte: usize| {
        let byte = byte.saturating_sub(passage.byte_start).min(text.len());
        crate::span::floor(text, byte)
    };
    let (from, to) = (at(finding.byte_start), at(finding.byte_end));
    let before = text.get(..from).unwrap_or_default();
    let after = text.get(to..).unwrap_or_default();
    let ends = |(i, c): (usize, char), text: &str| {
        let next = text.get(i + c.len_utf8()..).unwrap_or_default();
        match c {
            '.' | '!' | '?' => next.starts_with(char::is_whitespace),
            // A blank line, or a new item of a list.
            '\n' => next.starts_with(['\n', '\r', '-', '•', '*']),
            _ => false,
        }
    };
    let start = before
        .char_indices()
        .rfind(|c| ends(*c, before))
        .map_or(0, |(i, c)| i + c.len_utf8());
    let end = (after.char_indices().find(|c| ends(*c, after))).map_or(after.len(), |(i, c)| {
        i + if c == '\n' { 0 } else { c.len_utf8() }
    });
    let nearest = border_before(text, from, most);
    let farthest = border_after(text, to, most) - to;
    let left = if start >= nearest {
        one_line(before.get(start..).unwrap_or_default())
    } else {
        format!("… {}", one_line(before.get(nearest..).unwrap_or_default()))
    };
    let right = if end <= farthest {
        one_line(after.get(..end).unwrap_or_default())
    } else {
        format!("{} …", one_line(after.get(..farthest).unwrap_or_default()))
    };
    let blank = |is: bool| if is { " " } else { "" };
    let words = one_line(text.get(from..to).unwrap_or_default());
    [
        format!(
            "{left}{}",
            blank(before.ends_with(char::is_whitespace) && !left.is_empty())
        ),
        words,
        format!(
            "{}{right}",
            blank(after.starts_with(char::is_whitespace) && !right.is_empty())
        ),
    ]
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn border_before(text: &str, at: usize, around: usize) -> usize {
    let mut start = at.saturating_sub(around);
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    if start == 0 {
        return 0;
    }
    let window = text.get(start..at).unwrap_or_default();
    window
        .char_indices()
        .find(|(_, c)| c.is_whitespace())
        .map_or(start, |(i, c)| start + i + c.len_utf8())
        .min(at)
}

fn border_after(text: &str, at: usize, around: usize) -> usize {
    let mut end = at.saturating_add(around).min(text.len());
    while !text.is_char_boundary(end) {
        end += 1;
    }
    if end == text.len() {
        return end;
    }
    text.get(at..end)
        .and_then(|w| w.rfind(char::is_whitespace))
        .map_or(end, |i| at + i)
        .max(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding(byte_start: usize, byte_end: usize) -> Finding {
        Finding {
            byte_start,
            byte_end,
            ..Finding::default()
        }
    }

    #[test]
    fn a_sentence_ends_where_it_ends() {
        let text = "Eerst dit. Moeder zegt\ndat zij bang is voor hem. En nog iets.\n\n- Weg. ";
        let at = |words: &str| {
            let start = text.find(words).unwrap();
            let f = finding(start, start + words.len());
            let passage = &passages(text, std::slice::from_ref(&f), 160)[0];
            sentence(passage, &f, 100).concat()
        };
        assert_eq!(at("bang"), "Moeder zegt dat zij bang is voor hem.");
        assert_eq!(at("Eerst"), "Eerst dit.");
        assert_eq!(at("nog"), "En nog iets.");
        assert_eq!(at("Weg"), "- Weg.");
        let long = "woord ".repeat(100);
        let f = finding(300, 305);
        let passage = &passages(&long, std::slice::from_ref(&f), 160)[0];
        let [before, words, after] = sentence(passage, &f, 20);
        assert_eq!(before, "… woord woord woord ");
        assert_eq!(
            (words.as_str(), after.as_str()),
            ("woord", " woord woord woord …")
        );
    }

    #[test]
    fn passages_meet_and_end_at_words() {
        let text = "één woord ".repeat(200);
        let near = passages(&text, &[finding(500, 505), finding(600, 605)], 160);
        assert_eq!(near.len(), 1);
        let far = passages(&text, &[finding(500, 505), finding(1500, 1505)], 160);
        assert_eq!(far.len(), 2);
        for passage in &far {
            assert_eq!(
                text.get(passage.byte_start..passage.byte_end()),
                Some(passage.text.as_str())
            );
            assert_eq!(
                passage.start,
                text.get(..passage.byte_start).unwrap().chars().count()
            );
            assert!(passage.text.starts_with("één") || passage.text.starts_with("woord"));
            assert!(!passage.at_end);
        }
        assert!(passages("kort", &[finding(0, 4)], 160)[0].at_end);
        assert!(passages(&text, &[], 160).is_empty());
        assert!(!format!("{far:?}").contains("woord"));
        let bare = passages("kort woord erna", &[finding(5, 10)], 0);
        assert_eq!(bare[0].text, "woord");
    }
}
