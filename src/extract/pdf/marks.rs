//! Single characters: accents, ligatures, blanks and whatever must not reach the text.

use std::borrow::Cow;

/// The combining mark for a spacing accent.
pub(super) fn combining(accent: char) -> Option<char> {
    Some(match accent {
        '`' | '\u{2CB}' => '\u{300}',
        '´' | '\u{2CA}' => '\u{301}',
        '^' | '\u{2C6}' => '\u{302}',
        '~' | '\u{2DC}' => '\u{303}',
        '¯' | '\u{2C9}' => '\u{304}',
        '\u{2D8}' => '\u{306}',
        '\u{2D9}' => '\u{307}',
        '¨' => '\u{308}',
        '\u{2DA}' | '°' => '\u{30A}',
        '\u{2DD}' => '\u{30B}',
        '\u{2C7}' => '\u{30C}',
        '¸' => '\u{327}',
        '\u{2DB}' => '\u{328}',
        _ => return None,
    })
}

/// Whether a character is put over the one before it.
pub(super) fn is_combining(c: char) -> bool {
    ('\u{300}'..='\u{36F}').contains(&c)
}

/// The text of a glyph with ligatures expanded, special blanks and hyphens made plain, and control
/// characters gone. The soft hyphen stays: only the end of the line tells what it is.
pub(super) fn clean(text: &str) -> Cow<'_, str> {
    let plain = |c: char| matches!(c, ' '..='~' | '¡'..='¬' | '®'..='\u{2FF}');
    if text.chars().all(plain) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\t'
            | '\n'
            | '\r'
            | '\u{A0}'
            | '\u{2000}'..='\u{200A}'
            | '\u{202F}'
            | '\u{205F}'
            | '\u{3000}' => {
                out.push(' ');
            }
            '\u{2028}' | '\u{2029}' => out.push(' '),
            '\u{200B}'..='\u{200F}'
            | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{2069}'
            | '\u{FEFF}' => {}
            '\u{2010}' | '\u{2011}' => out.push('-'),
            '\u{FB00}' => out.push_str("ff"),
            '\u{FB01}' => out.push_str("fi"),
            '\u{FB02}' => out.push_str("fl"),
            '\u{FB03}' => out.push_str("ffi"),
            '\u{FB04}' => out.push_str("ffl"),
            '\u{FB05}' | '\u{FB06}' => out.push_str("st"),
            '\u{AD}' => out.push(c),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cleaning() {
        assert_eq!(
            clean("e\u{301}\u{FB03}\u{A0}\u{0}\u{2010}\u{200B}x"),
            "e\u{301}ffi -x"
        );
        assert!(matches!(clean("één"), Cow::Borrowed(_)));
        assert_eq!(clean("\u{AD}"), "\u{AD}");
    }
}
