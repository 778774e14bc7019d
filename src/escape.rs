//! Text from documents made harmless for HTML and spreadsheets. Every page and table goes through here.

/// A character as it may be shown: control characters become blanks, but for line breaks and tabs; those that turn the direction of
/// what follows become visible. One character stays one.
#[must_use]
pub const fn shown(c: char) -> char {
    match c {
        '\n' | '\t' => c,
        '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => {
            '\u{FFFD}'
        }
        '\0'..='\u{1F}' | '\u{7F}'..='\u{9F}' => ' ',
        _ => c,
    }
}

/// For HTML text and attributes, of characters as they may be [`shown`].
#[must_use]
pub fn markup(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars().map(shown) {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// For a cell of a spreadsheet: one line, no control characters, and nothing that starts a formula.
#[must_use]
pub fn cell(text: &str) -> String {
    let line: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { shown(c) })
        .collect();
    if line.starts_with(['=', '+', '-', '@']) {
        format!("'{line}")
    } else {
        line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escape_rows() {
        assert_eq!(
            markup("<b a='x'>\u{1b}&\"</b>\n"),
            "&lt;b a=&#39;x&#39;&gt; &amp;&quot;&lt;/b&gt;\n"
        );
        assert_eq!(markup("a\u{202E}b\0\r"), "a\u{FFFD}b  ");
        assert_eq!(cell("=1+1"), "'=1+1");
        assert_eq!(cell("-5"), "'-5");
        assert_eq!(cell("a\nb\r"), "a b ");
    }
}
