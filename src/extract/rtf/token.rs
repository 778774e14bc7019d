//! RTF as tokens: groups, control words and runs of bytes.

/// What comes next.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::extract) enum Token<'a> {
    /// `{`
    Open,
    /// `}`
    Close,
    /// `\word` with its number.
    Word(&'a str, Option<i32>),
    /// `\` and a character that is no letter.
    Symbol(u8),
    /// `\'xx`
    Hex(u8),
    /// Bytes that stand for themselves.
    Text(&'a [u8]),
}

/// Cuts a file in tokens.
pub(in crate::extract) struct Tokens<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Tokens<'a> {
    pub(in crate::extract) const fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// What was not read yet.
    pub(in crate::extract) fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    /// Passes over what is left of the group, up to its end, at the pace of a search.
    pub(in crate::extract) fn skip_group(&mut self) {
        let mut depth = 0_usize;
        while let Some(step) = (self.rest().iter()).position(|b| matches!(b, b'{' | b'}' | b'\\')) {
            self.at += step;
            match self.bytes.get(self.at) {
                Some(b'{') => depth += 1,
                Some(b'}') if depth == 0 => return,
                Some(b'}') => depth -= 1,
                _ => {
                    // A control word; `\bin` carries bytes that mean nothing.
                    self.next();
                    continue;
                }
            }
            self.at += 1;
        }
        self.at = self.bytes.len();
    }

    fn control(&mut self) -> Option<Token<'a>> {
        let first = *self.rest().first()?;
        if !first.is_ascii_alphabetic() {
            self.at += 1;
            if first != b'\'' {
                return Some(Token::Symbol(first));
            }
            let digits = self
                .rest()
                .get(..2)
                .and_then(|d| std::str::from_utf8(d).ok());
            let byte = digits.and_then(|d| u8::from_str_radix(d, 16).ok());
            self.at += if byte.is_some() { 2 } else { 0 };
            return Some(Token::Hex(byte.unwrap_or(b'?')));
        }
        let rest = self.rest();
        let length = rest.iter().take(32).take_while(|b| b.is_ascii_alphabetic());
        let (word, rest) = rest.split_at(length.count());
        let sign = usize::from(rest.first() == Some(&b'-'));
        let digits = rest.iter().skip(sign).take(10);
        let digits = digits.take_while(|b| b.is_ascii_digit()).count();
        let sign = if digits == 0 { 0 } else { sign };
        let (number, rest) = rest.split_at(sign + digits);
        self.at += word.len() + number.len() + usize::from(rest.first() == Some(&b' '));
        let word = std::str::from_utf8(word).unwrap_or_default();
        let number = std::str::from_utf8(number).ok();
        let number = number.and_then(|n| n.parse::<i64>().ok());
        let number = number.map(|n| n.clamp(i32::MIN.into(), i32::MAX.into()));
        let number = number.and_then(|n| i32::try_from(n).ok());
        if word == "bin" {
            let length = usize::try_from(number.unwrap_or(0)).unwrap_or(0);
            self.at = self.at.saturating_add(length).min(self.bytes.len());
        }
        Some(Token::Word(word, number))
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        loop {
            let rest = self.rest();
            match rest.first()? {
                b'{' => {
                    self.at += 1;
                    return Some(Token::Open);
                }
                b'}' => {
                    self.at += 1;
                    return Some(Token::Close);
                }
                b'\\' => {
                    self.at += 1;
                    return self.control();
                }
                b'\r' | b'\n' | 0 => self.at += 1,
                _ => {
                    let end = rest
                        .iter()
                        .position(|b| matches!(b, b'{' | b'}' | b'\\' | b'\r' | b'\n' | 0));
                    let text = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
                    self.at += text.len();
                    return Some(Token::Text(text));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_rows() {
        let all = |text: &'static str| Tokens::new(text.as_bytes()).collect::<Vec<_>>();
        assert_eq!(
            all("{\\b a\\'eb\\u-5 ?\\~\\par\r\nb}"),
            [
                Token::Open,
                Token::Word("b", None),
                Token::Text(b"a"),
                Token::Hex(0xEB),
                Token::Word("u", Some(-5)),
                Token::Text(b"?"),
                Token::Symbol(b'~'),
                Token::Word("par", None),
                Token::Text(b"b"),
                Token::Close,
            ]
        );
        assert_eq!(
            all("\\bin3 {{{x"),
            [Token::Word("bin", Some(3)), Token::Text(b"x")]
        );
        let mut tokens = Tokens::new(b"{\\pict a{b\\}\\bin1 }}c}d");
        tokens.next();
        tokens.next();
        tokens.skip_group();
        assert_eq!(tokens.rest(), b"}d");
    }
}
