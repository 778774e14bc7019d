//! Which of a message's text quotes an older message, and that text without its `>`.

use std::sync::LazyLock;

use regex::Regex;

use crate::span::Span;

/// Takes the `>` off quoted lines. The stretches they make are told, each with the line that introduces it.
pub(in crate::extract) fn unquote(text: &str) -> (String, Vec<Span>) {
    let lines: Vec<&str> = text.split('\n').collect();
    let is_quoted = |n: usize| lines.get(n).is_some_and(|l| l.starts_with('>'));
    let (mut out, mut spans) = (String::with_capacity(text.len()), Vec::new());
    // Where each line of the output begins, for what introduces a quote.
    let mut starts = Vec::with_capacity(lines.len());
    let mut n = 0;
    while let Some(line) = lines.get(n) {
        if !is_quoted(n) {
            starts.push(out.len());
            out.push_str(line);
            out.push('\n');
            n += 1;
            continue;
        }
        // Empty lines between quoted ones are of the quote.
        let mut end = n + 1;
        while is_quoted(end) || lines.get(end).is_some_and(|l| l.is_empty()) && is_quoted(end + 1) {
            end += 1;
        }
        let before = lines.get(..n).unwrap_or_default();
        let intro = introduction(before);
        // "> 18 jaar" on a line of its own compares.
        let compares = end == n + 1
            && intro.is_none()
            && (line.trim_start_matches('>').trim_start())
                .starts_with(|c: char| c.is_ascii_digit());
        let start = intro.and_then(|i| starts.get(i).copied());
        let start = start.unwrap_or(out.len());
        for line in lines.get(n..end).unwrap_or_default() {
            starts.push(out.len());
            out.push_str(if compares { line } else { bare(line) });
            out.push('\n');
        }
        if !compares {
            spans.push(Span::new(start, out.len() - 1));
        }
        n = end;
    }
    out.pop();
    (out, spans)
}

/// A quoted line without its marks.
fn bare(line: &str) -> &str {
    let mut rest = line;
    while let Some(inner) = rest.strip_prefix('>') {
        rest = inner;
        // Marks may have a blank between them.
        if rest.trim_start().starts_with('>') {
            rest = rest.trim_start();
        }
    }
    rest.strip_prefix(' ').unwrap_or(rest)
}

/// The line, of these before a quote, that begins its introduction: "Op 3 mei schreef Jan:", over at most three lines.
fn introduction(before: &[&str]) -> Option<usize> {
    let last = before.iter().rposition(|l| !l.trim().is_empty())?;
    if last + 2 < before.len() || !before.get(last)?.trim_end().ends_with(':') {
        return None;
    }
    let first = last.saturating_sub(2);
    (first..=last).rev().find(|n| {
        let lines = before.get(*n..=last).unwrap_or_default().join(" ");
        WROTE.is_match(&lines)
    })
}

/// "Op ... schreef ...:" in the languages of mail programs.
static WROTE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^(?:op|on|am|le|el)\s.{4,200}\b(?:schreef|heeft|wrote|schrieb|écrit|escribió)\b.{0,200}:\s*$")
        .expect("constant")
});

/// The start of an older message that reaches to the end of the text, as Outlook and forwarding programs put it.
static HISTORY: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?mi)^[ \t]*(?:",
        r"-{2,}[ \t]*(?:oorspronkelijk(?:e)? (?:bericht|afspraak)|doorgestuurd bericht|original (?:message|appointment)|forwarded (?:message|by)|ursprüngliche nachricht)\b",
        r"|(?:begin doorgestuurd bericht|begin forwarded message):[ \t]*$",
        // "Van:" with two more lines of a head below it, at most four lines on.
        r"|(?:_{10,}\s*)?\*?(?:van|from|von):\*?[ \t][^\n]*\n(?:[^\n]*\n){0,2}?[ \t]*\*?(?:verzonden|sent|gesendet|datum|date|aan|to|an)[ \t]*:\*?[^\n]*\n(?:[^\n]*\n){0,3}?[ \t]*\*?(?:aan|to|an|cc|onderwerp|subject|betreff)[ \t]*:",
        // "Op ... schreef ...:" with a time or an address, without marks on what follows.
        r"|(?:op|on)[ \t][^\n]{4,120}(?:\d:\d\d|@)[^\n]{0,80}\b(?:schreef|wrote)\b[^\n]{0,100}:[ \t]*$",
        r"|(?:op|on)[ \t][^\n]{4,120}\b(?:schreef|wrote)\b[^\n]{0,60}@[^\n]{0,60}:[ \t]*$",
        ")"
    ))
    .expect("constant")
});

/// Where the first older message begins that reaches to the end of `text`.
pub(in crate::extract) fn history(text: &str) -> Option<usize> {
    HISTORY.find(text).map(|m| {
        let found = m.as_str();
        m.start() + found.len() - found.trim_start().len()
    })
}

/// Stretches in order, with those that touch or overlap made one.
pub(in crate::extract) fn merged(mut spans: Vec<Span>) -> Vec<Span> {
    spans.retain(|s| !s.is_empty());
    spans.sort_unstable();
    let mut out: Vec<Span> = Vec::with_capacity(spans.len());
    for span in spans {
        match out.last_mut() {
            Some(last) if span.start <= last.end => last.end = last.end.max(span.end),
            _ => out.push(span),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unquote_rows() {
        for (text, expected, quoted) in [
            (
                "nieuw\n> oud\n>> ouder\n> > ook\nslot",
                "nieuw\noud\nouder\nook\nslot",
                "oud\nouder\nook",
            ),
            (
                "nieuw\n\nOp ma 4 mrt. 2024 om 10:00 schreef Jan\n<jan@x.nl>:\n\n> oud\n\n> twee\nslot",
                "nieuw\n\nOp ma 4 mrt. 2024 om 10:00 schreef Jan\n<jan@x.nl>:\n\noud\n\ntwee\nslot",
                "Op ma 4 mrt. 2024 om 10:00 schreef Jan\n<jan@x.nl>:\n\noud\n\ntwee",
            ),
            ("Zij is\n> 18 jaar\noud", "Zij is\n> 18 jaar\noud", ""),
            ("Vragen:\n> oud", "Vragen:\noud", "oud"),
            ("gewoon", "gewoon", ""),
        ] {
            let (out, spans) = unquote(text);
            assert_eq!(out, expected);
            let found: Vec<&str> = spans.iter().map(|s| s.slice(&out)).collect();
            assert_eq!(found.join("|"), quoted);
        }
    }

    #[test]
    fn history_rows() {
        for (text, expected) in [
            (
                "nieuw\n\n-----Oorspronkelijk bericht-----\nVan: Jan",
                Some("-----Oor"),
            ),
            (
                "nieuw\n-------- Doorgestuurd bericht --------\nx",
                Some("-------- D"),
            ),
            (
                "nieuw\n\nVan: Jan <j@x.nl>\nVerzonden: maandag 4 maart\nAan: Piet\nOnderwerp: RE: x\n\noud",
                Some("Van: Jan"),
            ),
            (
                "nieuw\n________________________________\nFrom: Jan\nSent: Monday\nTo: Piet\nSubject: x\n",
                Some("____"),
            ),
            (
                "nieuw\nVan: Jan\nDatum: 4 maart\nOnderwerp: x\nAan: y\n",
                Some("Van: Jan"),
            ),
            (
                "nieuw\nOp 4 maart 2024 10:00 schreef Jan:\noud",
                Some("Op 4 maart"),
            ),
            ("Op 4 maart schreef zij een brief:\ngewoon", None),
            ("Van: school\ngewoon\nverslag van die dag", None),
        ] {
            let found = history(text).map(|at| &text[at..]);
            assert_eq!(
                found.map(|f| f.starts_with(expected.unwrap_or("?"))),
                expected.map(|_| true),
                "{text}"
            );
        }
        let long = "Van: x\n".repeat(200_000);
        assert_eq!(history(&long), None);
    }

    #[test]
    fn merged_joins_what_touches() {
        let spans = [(5, 9), (0, 2), (2, 4), (6, 7), (3, 3)].map(|(a, b)| Span::new(a, b));
        assert_eq!(merged(spans.to_vec()), [Span::new(0, 4), Span::new(5, 9)]);
    }
}
