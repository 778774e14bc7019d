//! Text from documents made harmless for HTML and spreadsheets. Every page and table goes through here.

/// For HTML text and attributes; control characters become blanks.
#[must_use]
pub fn markup(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\n' | '\t' => out.push(c),
            c if c.is_control() => out.push(' '),
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
        .map(|c| if c.is_control() { ' ' } else { c })
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
        assert_eq!(cell("=1+1"), "'=1+1");
        assert_eq!(cell("-5"), "'-5");
        assert_eq!(cell("a\nb\r"), "a b ");
    }
}
