//! Tokenizer for content streams and `CMap` files.
//!
//! It works on the decoded bytes and copies only strings and names that hold escapes. It never
//! fails: what it does not understand it skips. Arrays and dictionaries come as flat marks, so
//! nesting costs no stack.

use std::borrow::Cow;

/// One token of a content stream.
#[derive(Clone, PartialEq)]
pub(super) enum Token<'a> {
    Number(f64),
    Str(Cow<'a, [u8]>),
    Name(Cow<'a, [u8]>),
    ArrayStart,
    ArrayEnd,
    DictStart,
    DictEnd,
    /// An operator, `true`, `false` or `null`.
    Operator(&'a [u8]),
}

impl Token<'_> {
    pub(super) fn number(&self) -> Option<f64> {
        match self {
            Self::Number(n) => Some(*n),
            _ => None,
        }
    }

    pub(super) fn name(&self) -> Option<&[u8]> {
        match self {
            Self::Name(n) => Some(n),
            _ => None,
        }
    }

    pub(super) fn string(&self) -> Option<&[u8]> {
        match self {
            Self::Str(s) => Some(s),
            _ => None,
        }
    }
}

/// Whether `byte` is white space in a PDF.
pub(super) fn is_space(byte: u8) -> bool {
    matches!(byte, 0 | 9 | 10 | 12 | 13 | 32)
}

fn is_delimiter(byte: u8) -> bool {
    matches!(
        byte,
        b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%'
    )
}

fn is_regular(byte: u8) -> bool {
    !is_space(byte) && !is_delimiter(byte)
}

fn hex_digit(byte: u8) -> Option<u8> {
    char::from(byte)
        .to_digit(16)
        .and_then(|d| u8::try_from(d).ok())
}

/// Reads tokens from decoded bytes.
pub(super) struct Tokenizer<'a> {
    bytes: &'a [u8],
    pos: usize,
}

impl<'a> Tokenizer<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, pos: 0 }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.pos).copied()
    }

    fn peek_at(&self, ahead: usize) -> Option<u8> {
        self.bytes.get(self.pos.saturating_add(ahead)).copied()
    }

    fn slice(&self, from: usize, to: usize) -> &'a [u8] {
        self.bytes.get(from..to).unwrap_or_default()
    }

    /// Moves past bytes that satisfy `pred` and returns them.
    fn take_while(&mut self, pred: impl Fn(u8) -> bool) -> &'a [u8] {
        let start = self.pos;
        let rest = self.bytes.get(start..).unwrap_or_default();
        let len = rest.iter().position(|&b| !pred(b)).unwrap_or(rest.len());
        self.pos = start.saturating_add(len);
        self.slice(start, self.pos)
    }

    fn skip_blanks(&mut self) {
        loop {
            self.take_while(is_space);
            if self.peek() != Some(b'%') {
                return;
            }
            self.take_while(|b| b != b'\n' && b != b'\r');
        }
    }

    /// The next token, or `None` at the end.
    pub(super) fn next_token(&mut self) -> Option<Token<'a>> {
        loop {
            self.skip_blanks();
            let byte = self.peek()?;
            let next = self.peek_at(1);
            match byte {
                b'(' => return Some(Token::Str(self.literal())),
                b'<' if next == Some(b'<') => return Some(self.mark(2, Token::DictStart)),
                b'>' if next == Some(b'>') => return Some(self.mark(2, Token::DictEnd)),
                b'<' => return Some(Token::Str(self.hex())),
                b'/' => return Some(Token::Name(self.name())),
                b'[' => return Some(self.mark(1, Token::ArrayStart)),
                b']' => return Some(self.mark(1, Token::ArrayEnd)),
                b'0'..=b'9' | b'+' | b'-' | b'.' => return Some(self.number()),
                _ if is_regular(byte) => return Some(Token::Operator(self.take_while(is_regular))),
                _ => self.pos = self.pos.saturating_add(1),
            }
        }
    }

    fn mark(&mut self, len: usize, token: Token<'a>) -> Token<'a> {
        self.pos = self.pos.saturating_add(len);
        token
    }

    /// A number; real files hold `--5`, `1.2.3` and `5-3`, which are read as far as they make sense.
    fn number(&mut self) -> Token<'a> {
        let start = self.pos;
        let raw = self.take_while(|b| b.is_ascii_digit() || matches!(b, b'+' | b'-' | b'.'));
        if self.peek().is_some_and(is_regular) {
            // Not a number after all, such as an operator that begins with a digit.
            self.take_while(is_regular);
            return Token::Operator(self.slice(start, self.pos));
        }
        Token::Number(parse_number(raw))
    }

    fn name(&mut self) -> Cow<'a, [u8]> {
        self.pos = self.pos.saturating_add(1);
        let raw = self.take_while(is_regular);
        if !raw.contains(&b'#') {
            return Cow::Borrowed(raw);
        }
        let mut out = Vec::with_capacity(raw.len());
        let mut rest = raw;
        while let Some((&byte, tail)) = rest.split_first() {
            let hex = |i: usize| tail.get(i).and_then(|&b| hex_digit(b));
            match (byte, hex(0), hex(1)) {
                (b'#', Some(high), Some(low)) => {
                    out.push((high << 4) | low);
                    rest = tail.get(2..).unwrap_or_default();
                }
                _ => {
                    out.push(byte);
                    rest = tail;
                }
            }
        }
        Cow::Owned(out)
    }

    fn hex(&mut self) -> Cow<'a, [u8]> {
        self.pos = self.pos.saturating_add(1);
        let raw = self.take_while(|b| b != b'>');
        self.pos = self.pos.saturating_add(1);
        let mut out = Vec::with_capacity(raw.len() / 2 + 1);
        let mut high = None;
        for digit in raw.iter().filter_map(|&b| hex_digit(b)) {
            match high.take() {
                None => high = Some(digit),
                Some(h) => out.push((h << 4) | digit),
            }
        }
        if let Some(h) = high {
            out.push(h << 4);
        }
        Cow::Owned(out)
    }

    fn literal(&mut self) -> Cow<'a, [u8]> {
        self.pos = self.pos.saturating_add(1);
        let start = self.pos;
        let plain = self.take_while(|b| !matches!(b, b'(' | b')' | b'\\' | b'\r'));
        if self.peek() == Some(b')') {
            self.pos = self.pos.saturating_add(1);
            return Cow::Borrowed(plain);
        }
        self.pos = start;
        Cow::Owned(self.escaped_literal())
    }

    fn escaped_literal(&mut self) -> Vec<u8> {
        let mut out = Vec::new();
        let mut depth = 0usize;
        while let Some(byte) = self.peek() {
            self.pos = self.pos.saturating_add(1);
            match byte {
                b'(' => depth = depth.saturating_add(1),
                b')' if depth == 0 => break,
                b')' => depth = depth.saturating_sub(1),
                b'\r' => {
                    if self.peek() == Some(b'\n') {
                        self.pos = self.pos.saturating_add(1);
                    }
                    out.push(b'\n');
                    continue;
                }
                b'\\' => {
                    self.escape(&mut out);
                    continue;
                }
                _ => {}
            }
            out.push(byte);
        }
        out
    }

    fn escape(&mut self, out: &mut Vec<u8>) {
        let Some(byte) = self.peek() else { return };
        self.pos = self.pos.saturating_add(1);
        match byte {
            b'n' => out.push(b'\n'),
            b'r' => out.push(b'\r'),
            b't' => out.push(b'\t'),
            b'b' => out.push(8),
            b'f' => out.push(12),
            b'\n' => {}
            b'\r' => {
                if self.peek() == Some(b'\n') {
                    self.pos = self.pos.saturating_add(1);
                }
            }
            b'0'..=b'7' => {
                let mut value = u32::from(byte - b'0');
                for _ in 0..2 {
                    match self.peek() {
                        Some(d @ b'0'..=b'7') => {
                            value = value * 8 + u32::from(d - b'0');
                            self.pos = self.pos.saturating_add(1);
                        }
                        _ => break,
                    }
                }
                out.push((value & 0xFF) as u8);
            }
            other => out.push(other),
        }
    }

    /// Skips the data of an inline image; call it after the operator `ID`.
    ///
    /// The end is an `EI` between white space, after which the next bytes must look like content.
    pub(super) fn skip_inline_image(&mut self) {
        self.pos = self.pos.saturating_add(1);
        let mut from = self.pos;
        loop {
            let rest = self.bytes.get(from..).unwrap_or_default();
            let Some(at) = rest.windows(2).position(|w| w == b"EI") else {
                self.pos = self.bytes.len();
                return;
            };
            let before = at.checked_sub(1).and_then(|i| rest.get(i)).copied();
            let after = rest.get(at.saturating_add(2)..).unwrap_or_default();
            let delimited =
                before.is_none_or(is_space) && after.first().copied().is_none_or(is_space);
            let readable = after
                .iter()
                .take(12)
                .all(|&b| is_space(b) && b != 0 || (0x20..0x7F).contains(&b));
            from = from.saturating_add(at).saturating_add(2);
            if delimited && readable {
                self.pos = from;
                return;
            }
        }
    }
}

fn parse_number(raw: &[u8]) -> f64 {
    let negative = raw.first() == Some(&b'-');
    let mut value = 0f64;
    let mut scale = 0f64;
    let mut digits = false;
    for &byte in raw {
        match byte {
            b'0'..=b'9' => {
                digits = true;
                let digit = f64::from(byte - b'0');
                if scale == 0.0 {
                    value = (value * 10.0 + digit).min(1e12);
                } else {
                    value += digit * scale;
                    scale *= 0.1;
                }
            }
            b'.' if scale == 0.0 => scale = 0.1,
            b'.' => break,
            // A sign inside ends the number.
            _ if digits => break,
            _ => {}
        }
    }
    if negative { -value } else { value }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(input: &[u8]) -> Vec<Token<'_>> {
        let mut tokenizer = Tokenizer::new(input);
        std::iter::from_fn(|| tokenizer.next_token()).collect()
    }

    fn text(bytes: &[u8]) -> Token<'_> {
        Token::Str(Cow::Borrowed(bytes))
    }

    #[test]
    fn numbers_of_all_shapes() {
        let got: Vec<f64> = tokens(b"1 -2 +3 .5 -.25 4. --7 1.2.3 5-3 0.125")
            .iter()
            .filter_map(Token::number)
            .collect();
        let want = [1.0, -2.0, 3.0, 0.5, -0.25, 4.0, -7.0, 1.2, 5.0, 0.125];
        assert_eq!(got.len(), want.len());
        for (g, w) in got.iter().zip(want) {
            assert!((g - w).abs() < 1e-9, "{g} {w}");
        }
    }

    #[test]
    fn strings_with_escapes() {
        assert_eq!(tokens(b"(abc)"), [text(b"abc")]);
        assert_eq!(tokens(b"(a(b)c)"), [text(b"a(b)c")]);
        assert_eq!(tokens(b"(\\101\\n\\)\\7z\\\nq)"), [text(b"A\n)\x07zq")]);
        assert_eq!(tokens(b"<41 4>"), [text(b"A@")]);
        assert_eq!(tokens(b"(open"), [text(b"open")]);
    }

    #[test]
    fn names_arrays_and_operators() {
        assert_eq!(
            tokens(b"/F#31 12 Tf[(a)-3]TJ<</A/B>>"),
            [
                Token::Name(Cow::Borrowed(b"F1")),
                Token::Number(12.0),
                Token::Operator(b"Tf"),
                Token::ArrayStart,
                text(b"a"),
                Token::Number(-3.0),
                Token::ArrayEnd,
                Token::Operator(b"TJ"),
                Token::DictStart,
                Token::Name(Cow::Borrowed(b"A")),
                Token::Name(Cow::Borrowed(b"B")),
                Token::DictEnd,
            ]
        );
    }

    #[test]
    fn inline_image_data_is_skipped() {
        let mut tokenizer = Tokenizer::new(b"ID \x00\xFFEI\x01 EI\xFE EI Q (a) Tj");
        assert_eq!(tokenizer.next_token(), Some(Token::Operator(b"ID")));
        tokenizer.skip_inline_image();
        assert_eq!(tokenizer.next_token(), Some(Token::Operator(b"Q")));
    }

    #[test]
    fn comments_and_rubbish() {
        assert_eq!(tokens(b"% x\n } ) q"), [Token::Operator(b"q")]);
    }

    impl std::fmt::Debug for Token<'_> {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            match self {
                Self::Number(n) => write!(f, "{n}"),
                Self::Str(s) => write!(f, "({})", String::from_utf8_lossy(s)),
                Self::Name(s) => write!(f, "/{}", String::from_utf8_lossy(s)),
                Self::Operator(s) => write!(f, "{}", String::from_utf8_lossy(s)),
                Self::ArrayStart => f.write_str("["),
                Self::ArrayEnd => f.write_str("]"),
                Self::DictStart => f.write_str("<<"),
                Self::DictEnd => f.write_str(">>"),
            }
        }
    }
}
