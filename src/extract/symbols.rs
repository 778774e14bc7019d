//! Characters of fonts that draw symbols where letters would stand: mostly tick boxes of forms.

/// What the font draws for a code; `None` where its letters are letters.
pub(super) fn symbol(font: &str, code: u32) -> Option<char> {
    // Word keeps codes of these fonts in U+F000 to U+F0FF.
    let code = if code & 0xFF00 == 0xF000 {
        code & 0xFF
    } else {
        code
    };
    let table: &[(u32, char)] = match font.trim().to_lowercase().as_str() {
        "wingdings" => WINGDINGS,
        "wingdings 2" => WINGDINGS_2,
        "wingdings 3" | "webdings" => &[(0x61, '✓'), (0x63, '☐'), (0x67, '■')],
        "symbol" => SYMBOL,
        _ => return None,
    };
    if code <= 0x20 {
        return Some(' ');
    }
    let found = table.iter().find(|(c, _)| *c == code).map(|(_, c)| *c);
    // A sign without meaning for a reader is still a sign between words.
    Some(found.unwrap_or(match code {
        0x100.. => char::from_u32(code).unwrap_or('▪'),
        _ => '▪',
    }))
}

/// Text in that font.
pub(super) fn text(font: &str, text: &str) -> Option<String> {
    symbol(font, 0x20)?;
    let chars = text.chars();
    Some(chars.map(|c| symbol(font, c as u32).unwrap_or(c)).collect())
}

const WINGDINGS: &[(u32, char)] = &[
    (0x4A, '☺'),
    (0x4B, '😐'),
    (0x4C, '☹'),
    (0x6C, '●'),
    (0x6D, '○'),
    (0x6E, '■'),
    (0x6F, '☐'),
    (0x70, '☐'),
    (0x71, '☐'),
    (0x72, '☐'),
    (0x76, '❖'),
    (0x78, '☒'),
    (0x9F, '•'),
    (0xA1, '○'),
    (0xA2, '○'),
    (0xA4, '◉'),
    (0xA7, '▪'),
    (0xA8, '☐'),
    (0xD8, '➢'),
    (0xE0, '→'),
    (0xE8, '➔'),
    (0xF0, '⇨'),
    (0xFB, '✗'),
    (0xFC, '✓'),
    (0xFD, '☒'),
    (0xFE, '☑'),
];

const WINGDINGS_2: &[(u32, char)] = &[
    (0x2A, '☐'),
    (0x4F, '✗'),
    (0x50, '✓'),
    (0x51, '☒'),
    (0x52, '☑'),
    (0x53, '☒'),
    (0x54, '☒'),
    (0x97, '●'),
    (0x99, '○'),
    (0xA3, '☐'),
];

const SYMBOL: &[(u32, char)] = &[
    (0x2B, '+'),
    (0x2D, '−'),
    (0x3C, '<'),
    (0x3E, '>'),
    (0xA3, '≤'),
    (0xAE, '→'),
    (0xB1, '±'),
    (0xB3, '≥'),
    (0xB4, '×'),
    (0xB7, '•'),
    (0xBB, '≈'),
    (0xD6, '√'),
    (0xDE, '⇒'),
];

/// A tick box.
pub(super) const fn tick(tick: bool) -> &'static str {
    if tick { "☒" } else { "☐" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn symbol_rows() {
        for (font, code, expected) in [
            ("Wingdings", 0xF0FE, Some('☑')),
            ("wingdings", 0xA8, Some('☐')),
            ("Wingdings 2", 0xF052, Some('☑')),
            ("Symbol", 0xB7, Some('•')),
            ("Wingdings", 0x2612, Some('☒')),
            ("Arial", 0xFE, None),
        ] {
            assert_eq!(symbol(font, code), expected, "{font} {code:x}");
        }
        assert_eq!(text("Wingdings", "o þ").as_deref(), Some("☐ ☑"));
        assert_eq!(text("Calibri", "o"), None);
    }
}
