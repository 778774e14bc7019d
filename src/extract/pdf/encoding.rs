//! Base encodings of simple fonts and the codes of symbol fonts.

use super::tables::{MAC_ROMAN, STANDARD, STANDARD_WIDTHS, SYMBOL, WIN_ANSI, ZAPF_DINGBATS};

/// The base encoding of a simple font.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BaseEncoding {
    Standard,
    WinAnsi,
    MacRoman,
    Symbol,
    ZapfDingbats,
    Wingdings,
    Wingdings2,
}

impl BaseEncoding {
    /// The encoding that a name in a font dictionary stands for.
    pub(super) fn from_name(name: &[u8]) -> Option<Self> {
        match name {
            b"WinAnsiEncoding" => Some(Self::WinAnsi),
            b"MacRomanEncoding" => Some(Self::MacRoman),
            b"StandardEncoding" => Some(Self::Standard),
            _ => None,
        }
    }

    /// The built-in encoding of a font known by its name.
    pub(super) fn of_symbol_font(font: &str) -> Option<Self> {
        let plain: String = font.chars().filter(char::is_ascii_alphanumeric).collect();
        let plain = plain.to_ascii_lowercase();
        if plain.contains("wingdings2") {
            Some(Self::Wingdings2)
        } else if plain.contains("wingdings") {
            Some(Self::Wingdings)
        } else if plain.contains("zapfdingbats")
            || plain.contains("itczapfd")
            || plain.contains("d050000l")
        {
            Some(Self::ZapfDingbats)
        } else if plain.ends_with("symbol")
            || plain.ends_with("symbolmt")
            || plain.contains("symbolps")
        {
            Some(Self::Symbol)
        } else {
            None
        }
    }

    /// The character of a code.
    pub(super) fn char(self, code: u8) -> Option<char> {
        let table = match self {
            Self::Standard => &STANDARD,
            Self::WinAnsi => &WIN_ANSI,
            Self::MacRoman => &MAC_ROMAN,
            Self::Symbol => &SYMBOL,
            Self::ZapfDingbats => &ZAPF_DINGBATS,
            Self::Wingdings => return Some(wingdings(code)),
            Self::Wingdings2 => return Some(wingdings2(code)),
        };
        table
            .get(usize::from(code))
            .copied()
            .filter(|&c| c != '\0')
            .map(plain_mark)
    }
}

/// Tick boxes and ticks in their many shapes, as the few that the matcher knows.
pub(super) fn plain_mark(c: char) -> char {
    match c {
        '\u{274F}' | '\u{2750}' | '\u{2751}' | '\u{2752}' => '☐',
        '\u{2714}' => '✓',
        '\u{2715}' | '\u{2716}' | '\u{2718}' => '✗',
        other => other,
    }
}

fn wingdings(code: u8) -> char {
    match code {
        0x20 => ' ',
        0x6F | 0x70 | 0x71 | 0x72 | 0xA8 => '☐',
        0x78 | 0xFD => '☒',
        0xFE => '☑',
        0xFC => '✓',
        0xFB => '✗',
        0x6C | 0x9F | 0x9E => '•',
        0x6E | 0xA7 => '▪',
        0x4A => '☺',
        0x4B => '😐',
        0x4C => '☹',
        0x28 => '☎',
        0x2A => '✉',
        0xD8 => '➢',
        0xE0 | 0xE8 | 0xF0 => '→',
        0xDF | 0xEF => '←',
        // Another picture: a mark that is no letter.
        _ => '•',
    }
}

fn wingdings2(code: u8) -> char {
    match code {
        0x20 => ' ',
        0x4F | 0xCE | 0xD0 => '✗',
        0x50 => '✓',
        0x51 | 0x53 | 0x54 => '☒',
        0x52 => '☑',
        0x2A | 0x30 | 0xA3 => '☐',
        _ => '•',
    }
}

/// Replaces a character of the private use area that symbol fonts are mapped to.
pub(super) fn private_use(c: char, font: Option<BaseEncoding>) -> char {
    let code = match u32::from(c) {
        code @ 0xF020..=0xF0FF => (code & 0xFF) as u8,
        _ => return c,
    };
    let base = match font {
        Some(
            base
            @ (BaseEncoding::Wingdings | BaseEncoding::Wingdings2 | BaseEncoding::ZapfDingbats),
        ) => base,
        _ => BaseEncoding::Symbol,
    };
    base.char(code).unwrap_or(c)
}

/// The standard width of a character in 1/1000 em, for a font that gives none.
pub(super) fn standard_width(font: &str, c: char) -> f64 {
    let name = font.to_ascii_lowercase();
    if name.contains("courier") || name.contains("mono") {
        return 600.0;
    }
    let bold = name.contains("bold");
    let italic = name.contains("italic") || name.contains("oblique");
    let column = match (
        name.contains("times") || name.contains("serif") || name.contains("roman"),
        bold,
        italic,
    ) {
        (false, false, _) => 0,
        (false, true, _) => 1,
        (true, false, false) => 2,
        (true, true, false) => 3,
        (true, false, true) => 4,
        (true, true, true) => 5,
    };
    let row = STANDARD_WIDTHS
        .binary_search_by_key(&c, |row| row.0)
        .ok()
        .and_then(|at| STANDARD_WIDTHS.get(at));
    match row.and_then(|row| row.1.get(column)) {
        Some(&width) if width > 0 => f64::from(width),
        _ => 556.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base_encodings() {
        assert_eq!(BaseEncoding::WinAnsi.char(0xEB), Some('ë'));
        assert_eq!(BaseEncoding::WinAnsi.char(0x80), Some('€'));
        assert_eq!(BaseEncoding::MacRoman.char(0x91), Some('ë'));
        assert_eq!(BaseEncoding::Standard.char(0x27), Some('’'));
        assert_eq!(BaseEncoding::Standard.char(0xAE), Some('\u{FB01}'));
    }

    #[test]
    fn tick_boxes() {
        let zapf = BaseEncoding::of_symbol_font("ABCDEF+ZapfDingbats");
        assert_eq!(zapf.and_then(|z| z.char(0x33)), Some('✓'));
        assert_eq!(zapf.and_then(|z| z.char(0x34)), Some('✓'));
        assert_eq!(zapf.and_then(|z| z.char(0x38)), Some('✗'));
        assert_eq!(zapf.and_then(|z| z.char(0x6F)), Some('☐'));
        assert_eq!(zapf.and_then(|z| z.char(0x71)), Some('☐'));
        let wing = BaseEncoding::of_symbol_font("Wingdings-Regular");
        for (code, want) in [
            (0xA8, '☐'),
            (0x6F, '☐'),
            (0xFE, '☑'),
            (0xFD, '☒'),
            (0xFC, '✓'),
        ] {
            assert_eq!(wing.and_then(|w| w.char(code)), Some(want));
        }
        assert_eq!(private_use('\u{F0FE}', wing), '☑');
        assert_eq!(private_use('\u{F0B7}', None), '•');
        assert_eq!(BaseEncoding::of_symbol_font("Arial"), None);
    }

    #[test]
    fn widths_of_the_standard_fonts() {
        assert!((standard_width("Helvetica", 'a') - 556.0).abs() < 0.1);
        assert!((standard_width("Times-Roman", 'a') - 444.0).abs() < 0.1);
        assert!((standard_width("Courier", 'i') - 600.0).abs() < 0.1);
        assert!((standard_width("Helvetica-Bold", 'ë') - 556.0).abs() < 0.1);
    }
}
