//! `CMap` files: the `ToUnicode` map of a font, and the code map of a composite font.

use std::collections::HashMap;

use super::content::{Token, Tokenizer};

/// Most entries kept of one map; a font has no more than 65,536 glyphs.
const MAX_ENTRIES: usize = 200_000;
/// Most characters one code can stand for.
const MAX_TARGET: usize = 64;

/// A range of codes of one length.
#[derive(Debug, Clone, Copy)]
struct Codespace {
    len: usize,
    low: u32,
    high: u32,
}

#[derive(Debug, Clone, Copy)]
struct CidRange {
    low: u32,
    high: u32,
    cid: u32,
}

#[derive(Debug, Clone)]
struct TextRange {
    low: u32,
    high: u32,
    /// The text of the first code; the last character counts up.
    first: String,
}

/// A parsed `CMap`.
#[derive(Debug, Clone, Default)]
pub(super) struct CMap {
    codespaces: Vec<Codespace>,
    texts: HashMap<u32, String>,
    text_ranges: Vec<TextRange>,
    cids: HashMap<u32, u32>,
    cid_ranges: Vec<CidRange>,
}

/// The section of the file that is being read.
#[derive(Clone, Copy, PartialEq)]
enum Section {
    None,
    Codespace,
    BfChar,
    BfRange,
    CidChar,
    CidRange,
}

impl CMap {
    /// Reads a `CMap`; whatever is not understood is left out.
    pub(super) fn parse(bytes: &[u8]) -> Self {
        let mut map = Self::default();
        let mut tokenizer = Tokenizer::new(bytes);
        let mut section = Section::None;
        let mut row: Vec<Token<'_>> = Vec::new();
        let mut in_array = false;
        while let Some(token) = tokenizer.next_token() {
            if let Token::Operator(op) = &token {
                section = match *op {
                    b"begincodespacerange" => Section::Codespace,
                    b"beginbfchar" => Section::BfChar,
                    b"beginbfrange" => Section::BfRange,
                    b"begincidchar" => Section::CidChar,
                    b"begincidrange" => Section::CidRange,
                    _ => Section::None,
                };
                row.clear();
                in_array = false;
                continue;
            }
            if section == Section::None {
                continue;
            }
            match token {
                Token::ArrayStart => in_array = true,
                Token::ArrayEnd => in_array = false,
                _ => {}
            }
            row.push(token);
            let want = match section {
                Section::Codespace | Section::BfChar | Section::CidChar => 2,
                _ => 3,
            };
            if row.len() >= want && !in_array {
                map.add(section, &row);
                row.clear();
                if map.entries() > MAX_ENTRIES {
                    break;
                }
            } else if row.len() > MAX_ENTRIES {
                break;
            }
        }
        map.text_ranges.sort_by_key(|r| r.low);
        map.cid_ranges.sort_by_key(|r| r.low);
        map
    }

    fn entries(&self) -> usize {
        self.codespaces.len()
            + self.texts.len()
            + self.text_ranges.len()
            + self.cids.len()
            + self.cid_ranges.len()
    }

    fn add(&mut self, section: Section, row: &[Token<'_>]) {
        let Some(low_bytes) = row.first().and_then(Token::string) else {
            return;
        };
        let low = code(low_bytes);
        let second = row.get(1);
        match section {
            Section::Codespace => {
                if let Some(high) = second.and_then(Token::string) {
                    self.codespaces.push(Codespace {
                        len: low_bytes.len(),
                        low,
                        high: code(high),
                    });
                }
            }
            Section::BfChar => {
                if let Some(text) = second.and_then(target) {
                    self.texts.insert(low, text);
                }
            }
            Section::BfRange => {
                let Some(high) = second.and_then(Token::string).map(code) else {
                    return;
                };
                match row.get(2) {
                    Some(Token::ArrayStart) => {
                        let items = row.iter().skip(3).take_while(|t| **t != Token::ArrayEnd);
                        for (at, item) in (low..=high).zip(items) {
                            if let Some(text) = target(item) {
                                self.texts.insert(at, text);
                            }
                        }
                    }
                    Some(item) if high >= low => {
                        if let Some(first) = target(item) {
                            self.text_ranges.push(TextRange { low, high, first });
                        }
                    }
                    _ => {}
                }
            }
            Section::CidChar => {
                if let Some(cid) = second.and_then(number) {
                    self.cids.insert(low, cid);
                }
            }
            Section::CidRange => {
                let high = second.and_then(Token::string).map(code);
                if let (Some(high), Some(cid)) = (high, row.get(2).and_then(number)) {
                    self.cid_ranges.push(CidRange { low, high, cid });
                }
            }
            Section::None => {}
        }
    }

    /// Whether the map names any character.
    pub(super) fn has_text(&self) -> bool {
        !self.texts.is_empty() || !self.text_ranges.is_empty()
    }

    /// Whether the map gives glyph numbers.
    pub(super) fn has_cids(&self) -> bool {
        !self.cids.is_empty() || !self.cid_ranges.is_empty()
    }

    /// The text of a code.
    pub(super) fn text(&self, code: u32) -> Option<String> {
        if let Some(text) = self.texts.get(&code) {
            return Some(text.clone());
        }
        let range = last_range(&self.text_ranges, code, |r| r.low).filter(|r| code <= r.high)?;
        let step = code.saturating_sub(range.low);
        let mut text = range.first.clone();
        let last = text.pop()?;
        text.push(char::from_u32(u32::from(last).saturating_add(step))?);
        Some(text)
    }

    /// The glyph number of a code.
    pub(super) fn cid(&self, code: u32) -> Option<u32> {
        if let Some(&cid) = self.cids.get(&code) {
            return Some(cid);
        }
        let range = last_range(&self.cid_ranges, code, |r| r.low).filter(|r| code <= r.high)?;
        Some(range.cid.saturating_add(code.saturating_sub(range.low)))
    }

    /// Takes the next code from `bytes`: its value and its length in bytes, at least one.
    pub(super) fn next_code(&self, bytes: &[u8]) -> Option<(u32, usize)> {
        for len in 1..=4 {
            let Some(head) = bytes.get(..len) else { break };
            let value = code(head);
            let fits = |c: &Codespace| c.len == len && in_codespace(value, c);
            if self.codespaces.iter().any(fits) {
                return Some((value, len));
            }
        }
        // Not in any code space: take the shortest length that the map knows.
        let len = self
            .codespaces
            .iter()
            .map(|c| c.len)
            .min()
            .unwrap_or(2)
            .clamp(1, 4);
        let len = len.min(bytes.len());
        (len > 0).then(|| (code(bytes.get(..len).unwrap_or_default()), len))
    }

    /// Whether the map says how long its codes are.
    pub(super) fn has_codespaces(&self) -> bool {
        !self.codespaces.is_empty()
    }
}

/// Every byte of the code has to lie in the range of that byte.
fn in_codespace(value: u32, space: &Codespace) -> bool {
    value
        .to_be_bytes()
        .iter()
        .zip(space.low.to_be_bytes())
        .zip(space.high.to_be_bytes())
        .all(|((v, low), high)| (low..=high).contains(v))
}

/// The last range of a sorted list that begins at or before `code`.
fn last_range<T>(ranges: &[T], code: u32, low: impl Fn(&T) -> u32) -> Option<&T> {
    let after = ranges.partition_point(|r| low(r) <= code);
    ranges.get(after.checked_sub(1)?)
}

/// The value of a code: its last four bytes, big end first.
fn code(bytes: &[u8]) -> u32 {
    bytes
        .iter()
        .fold(0, |value, &b| (value << 8) | u32::from(b))
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "checked just before"
)]
fn number(token: &Token<'_>) -> Option<u32> {
    token
        .number()
        .filter(|n| (0.0..1e9).contains(n))
        .map(|n| n as u32)
}

/// The characters of a target: UTF-16, big end first, in a hex string.
fn target(token: &Token<'_>) -> Option<String> {
    let bytes = token.string()?;
    if let [byte] = bytes {
        return Some(char::from(*byte).to_string());
    }
    let units: Vec<u16> = bytes
        .chunks_exact(2)
        .take(MAX_TARGET)
        .map(|pair| pair.iter().fold(0, |value, &b| (value << 8) | u16::from(b)))
        .collect();
    let text: String = char::decode_utf16(units)
        .map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect();
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_ranges_and_arrays() {
        let map = CMap::parse(
            b"1 begincodespacerange <0000> <FFFF> endcodespacerange\n\
              2 beginbfchar <0003> <0020> <0005> <00660066> endbfchar\n\
              2 beginbfrange <0010> <0012> <0041> <0020> <0021> [<0062> <00660069>] endbfrange",
        );
        assert_eq!(map.text(3).as_deref(), Some(" "));
        assert_eq!(map.text(5).as_deref(), Some("ff"));
        assert_eq!(map.text(0x12).as_deref(), Some("C"));
        assert_eq!(map.text(0x13), None);
        assert_eq!(map.text(0x21).as_deref(), Some("fi"));
        assert_eq!(map.next_code(&[0, 3, 0]), Some((3, 2)));
        assert!(map.has_text() && !map.has_cids());
    }

    #[test]
    fn codes_of_mixed_length() {
        let map = CMap::parse(
            b"begincodespacerange <00> <7F> <8140> <9FFC> endcodespacerange \
              begincidrange <20> <7e> 1 <8140> <817e> 633 endcidrange",
        );
        assert_eq!(map.next_code(&[0x41, 0x81]), Some((0x41, 1)));
        assert_eq!(map.next_code(&[0x81, 0x40]), Some((0x8140, 2)));
        assert_eq!(map.cid(0x41), Some(34));
        assert_eq!(map.cid(0x8141), Some(634));
        assert_eq!(map.next_code(&[]), None);
    }

    #[test]
    fn hostile_ranges_cost_nothing() {
        let map = CMap::parse(b"beginbfrange <00000000> <FFFFFFFF> <0041> endbfrange");
        assert_eq!(map.text(1).as_deref(), Some("B"));
        assert_eq!(map.text(u32::MAX), None);
        assert!(!CMap::parse(b"beginbfrange <00> <FF> [ <41>").has_text());
    }
}
