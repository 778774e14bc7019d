//! Folding: lower case, no accents, one spelling of quotes and dashes, with offsets that stay exact.
//!
//! The folded text is what everything else looks at. Letters are compared without case and accents; an apostrophe inside a
//! word, soft hyphens and zero-width characters are dropped; typographic quotes, dashes, blanks, bullets and tick boxes
//! get one spelling each. A sparse list of the places where the distance to the source changes gives every offset back.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// An unticked box in folded text.
pub const BOX_EMPTY: char = '☐';
/// A ticked box in folded text.
pub const BOX_TICKED: char = '☒';
/// A bullet in folded text.
pub const BULLET: char = '•';

/// Other radio buttons of a line are looked for in so many bytes.
const NEAR: usize = 200;

/// Folded text with the way back to the source.
#[derive(Clone, Default)]
pub struct Folded {
    /// The folded text.
    pub text: String,
    /// (folded offset, source offset): from here on the distance is constant until the next entry.
    shifts: Vec<(u32, u32)>,
    source_len: usize,
}

impl std::fmt::Debug for Folded {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Folded")
            .field("bytes", &self.text.len())
            .field("shifts", &self.shifts.len())
            .finish_non_exhaustive()
    }
}

impl Folded {
    /// Folds `source`. Texts over 4 GB are not supported; intake limits are far below.
    #[must_use]
    pub fn new(source: &str) -> Self {
        let mut folded = Self {
            text: String::with_capacity(source.len()),
            shifts: Vec::new(),
            source_len: source.len(),
        };
        let bytes = source.as_bytes();
        let mut run = 0;
        let mut i = 0;
        while i < bytes.len() {
            let byte = bytes[i];
            if byte < 0x80 && byte != b'\'' && byte != b'`' {
                if let Some(mark) = drawn_box(&bytes[i..]) {
                    folded.push_ascii(&source[run..i]);
                    folded.text.push(mark);
                    i += 3;
                    run = i;
                } else {
                    i += 1;
                }
                continue;
            }
            folded.push_ascii(&source[run..i]);
            let c = source[i..].chars().next().unwrap_or(' ');
            let next = i + c.len_utf8();
            folded.push_special(c, i, next, &source[next..]);
            i = next;
            run = next;
        }
        folded.push_ascii(&source[run..]);
        folded
    }

    fn push_ascii(&mut self, run: &str) {
        let from = self.text.len();
        self.text.push_str(run);
        self.text[from..].make_ascii_lowercase();
    }

    fn push_special(&mut self, c: char, at: usize, next: usize, rest: &str) {
        let from = self.text.len();
        match c {
            '\'' | '`' | '´' | '\u{2018}' | '\u{2019}' | '\u{201A}' | '\u{201B}' | '\u{2032}'
            | '\u{02BC}' => {
                let inside = self.text.ends_with(|p: char| p.is_alphanumeric())
                    && rest.starts_with(|n: char| n.is_alphanumeric());
                if !inside {
                    self.text.push('\'');
                }
            }
            // A soft hyphen at a line end is a hyphen; inside a line it is nothing.
            '\u{AD}' => {
                if rest.starts_with('\n') {
                    self.text.push('-');
                }
            }
            '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}' => {}
            '\u{201C}' | '\u{201D}' | '\u{201E}' | '\u{201F}' | '\u{2033}' | '«' | '»' => {
                self.text.push('"')
            }
            '\u{2010}'..='\u{2015}' | '\u{2212}' => self.text.push('-'),
            '€' => self.text.push_str("eur"),
            '…' => self.text.push_str("..."),
            '\u{A0}' | '\u{2000}'..='\u{200A}' | '\u{202F}' | '\u{3000}' => self.text.push(' '),
            // Radio buttons inside a line; at its begin they are bullets.
            '○' | '◯' if !self.at_line_start() => self.text.push(BOX_EMPTY),
            '●' | '◉' if !self.at_line_start() && self.beside_button(rest) => {
                self.text.push(BOX_TICKED)
            }
            '•' | '▪' | '◦' | '‣' | '●' | '◉' | '○' | '◯' | '∙' | '\u{F0B7}' | '►' | '➢' => {
                self.text.push(BULLET)
            }
            '☐' | '□' | '❏' | '❑' | '❒' | '◻' | '⬜' | '▢' | '❐' => {
                self.text.push(BOX_EMPTY)
            }
            '☒' | '☑' | '✓' | '✔' | '✗' | '✘' | '■' | '◼' | '✅' | '❎' => {
                self.text.push(BOX_TICKED)
            }
            'ß' => self.text.push_str("ss"),
            'æ' | 'Æ' => self.text.push_str("ae"),
            'œ' | 'Œ' => self.text.push_str("oe"),
            'ø' | 'Ø' => self.text.push('o'),
            'ı' => self.text.push('i'),
            'ĳ' | 'Ĳ' => self.text.push_str("ij"),
            c if is_combining_mark(c) => {}
            c if !c.is_alphabetic() => self.text.push(c),
            c => {
                for part in std::iter::once(c).nfkd().filter(|p| !is_combining_mark(*p)) {
                    self.text
                        .extend(part.to_lowercase().filter(|p| !is_combining_mark(*p)));
                }
            }
        }
        let added = self.text.len() - from;
        if added != next - at
            || self
                .text
                .get(from..)
                .is_some_and(|t| t.chars().nth(1).is_some())
        {
            for k in 1..added {
                self.shifts.push(((from + k) as u32, at as u32));
            }
            self.shifts.push((self.text.len() as u32, next as u32));
        }
    }

    /// What stands before in the line, as far as is worth looking at.
    fn line(&self) -> &str {
        let from = self.text.len().saturating_sub(NEAR);
        let near = self.text.get(crate::span::floor(&self.text, from)..);
        near.and_then(|t| t.rsplit('\n').next()).unwrap_or_default()
    }

    fn at_line_start(&self) -> bool {
        self.line().trim().is_empty()
    }

    /// Whether an empty radio button stands in the same line.
    fn beside_button(&self, rest: &str) -> bool {
        let near = rest.get(..crate::span::floor(rest, NEAR)).unwrap_or(rest);
        let behind = near.split('\n').next().unwrap_or_default();
        self.line().contains(BOX_EMPTY) || behind.contains(['○', '◯'])
    }

    /// Source offset of the folded byte at `offset`.
    #[must_use]
    pub fn source(&self, offset: usize) -> usize {
        if offset >= self.text.len() {
            return self.source_len;
        }
        self.at_entry(
            offset,
            self.shifts.partition_point(|s| s.0 as usize <= offset),
        )
    }

    fn at_entry(&self, offset: usize, after: usize) -> usize {
        after
            .checked_sub(1)
            .and_then(|i| self.shifts.get(i))
            .map_or(offset, |&(folded, source)| {
                source as usize + (offset - folded as usize)
            })
    }

    /// The same as [`source`](Self::source) for offsets that only grow: `cursor` starts at 0 and is kept by the caller.
    #[must_use]
    pub fn source_forward(&self, offset: usize, cursor: &mut usize) -> usize {
        if offset >= self.text.len() {
            return self.source_len;
        }
        while self
            .shifts
            .get(*cursor)
            .is_some_and(|s| s.0 as usize <= offset)
        {
            *cursor += 1;
        }
        self.at_entry(offset, *cursor)
    }
}

/// A tick box drawn in ASCII, `[x]`, `[ ]`, `(x)`, `( )`: three bytes, as many as its folded form.
fn drawn_box(bytes: &[u8]) -> Option<char> {
    match bytes {
        [b'[', b'x' | b'X' | b'v' | b'V', b']', ..]
        | [b'(', b'x' | b'X' | b'v' | b'V', b')', ..] => Some(BOX_TICKED),
        [b'[', b' ' | b'_', b']', ..] | [b'(', b' ', b')', ..] => Some(BOX_EMPTY),
        _ => None,
    }
}

/// Folds a word or phrase of the lexicon the same way as texts.
#[must_use]
pub fn fold(text: &str) -> String {
    Folded::new(text).text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fold_rows() {
        for (text, expected) in [
            ("Cliënte", "cliente"),
            ("cli\u{65}\u{308}nte", "cliente"),
            ("foto's", "fotos"),
            ("foto\u{2019}s", "fotos"),
            ("'s nachts", "'s nachts"),
            ("\u{201C}werken\u{201D}", "\"werken\""),
            ("weg\u{AD}loop", "wegloop"),
            ("weg\u{AD}\nloop", "weg-\nloop"),
            ("ﬁets", "fiets"),
            ("ĳs €50 – ja…", "ijs eur50 - ja..."),
            ("[x] ja [ ] nee (X)", "☒ ja ☐ nee ☒"),
            ("☑ ja □ nee", "☒ ja ☐ nee"),
            ("ÉÉN", "een"),
        ] {
            assert_eq!(fold(text), expected, "{text}");
        }
    }

    #[test]
    fn offsets_give_the_source_back() {
        let source = "Één cliënte’s foto…s ﬁets e\u{301}n 👧 'ok'";
        let folded = Folded::new(source);
        for needle in ["een", "clientes", "fiets", "en 👧", "ok"] {
            let at = folded.text.find(needle).unwrap();
            let (start, end) = (folded.source(at), folded.source(at + needle.len()));
            assert_eq!(fold(&source[start..end]), needle);
        }
        assert_eq!(folded.source(folded.text.len()), source.len());
        let mut cursor = 0;
        for (i, _) in folded.text.char_indices() {
            assert_eq!(folded.source_forward(i, &mut cursor), folded.source(i));
        }
    }
}
