//! HTML files: what they are recognised by, and in which encoding.

mod body;

pub(in crate::extract) use body::read_text;

use encoding_rs::Encoding;

use crate::document::Document;
use crate::extract::export::table::{self, Table};
use crate::extract::reading;
use crate::extract::{Extractor, Settings, Source, plain};

/// HTML.
pub(in crate::extract) struct Html;

impl Extractor for Html {
    fn is_text(&self) -> bool {
        true
    }
    fn name(&self) -> &'static str {
        "html"
    }
    fn version(&self) -> u32 {
        1
    }
    fn extensions(&self) -> &'static [&'static str] {
        &["html", "htm", "xhtml"]
    }
    fn recognises(&self, bytes: &[u8]) -> bool {
        is_html(crate::extract::head(bytes))
    }
    fn extract(
        &self,
        bytes: &[u8],
        source: Source<'_>,
        settings: &Settings,
        out: &mut dyn FnMut(Document),
    ) {
        let (text, encoding) = decode(bytes);
        let mut reading = read_text(&text, settings);
        // Systems also call a page with a table of notes an Excel file.
        if table::is_export(&reading.text) {
            let mut rows = Table::new(source, settings, self.name()).parted_by('\t');
            for line in reading.text.lines() {
                rows.row(line.split('\t').map(str::to_owned).collect(), out);
            }
            rows.end(out);
            return;
        }
        // Only in a message are they quotes of one.
        reading.quoted.clear();
        if encoding != "utf-8" {
            reading.quality.push(format!("encoding:{encoding}"));
        }
        out(reading::document(
            Ok(reading),
            self.name(),
            source,
            settings,
        ));
    }
}

/// Tags that whole files begin with, and those that pieces begin with.
const FILE: &[&str] = &["<!doctype html", "<html", "<head", "<body", "<meta"];
const PIECE: &[&str] = &[
    "<div", "<p", "<table", "<span", "<font", "<h1", "<h2", "<ul", "<style",
];

fn is_html(head: &[u8]) -> bool {
    if !head
        .iter()
        .take(8)
        .any(|b| *b == b'<' || b.is_ascii_whitespace())
    {
        return false;
    }
    let (head, _) = plain::decode(head);
    let head = head.to_lowercase();
    let mut rest = head.trim_start_matches('\u{FEFF}').trim_start();
    loop {
        let end = if rest.starts_with("<!--") {
            "-->"
        } else if rest.starts_with("<?xml") {
            "?>"
        } else {
            break;
        };
        let Some((_, after)) = rest.split_once(end) else {
            return false;
        };
        rest = after.trim_start();
    }
    let begins = |names: &[&str]| {
        names.iter().any(|name| {
            let after = rest.strip_prefix(name).and_then(|r| r.chars().next());
            after.is_some_and(|c| c.is_whitespace() || c == '>')
        })
    };
    begins(FILE) || begins(PIECE) && rest.matches("</").count() >= 2
}

/// Decodes by mark, by validity, by the declared encoding, or by what gives Dutch.
pub(in crate::extract) fn decode(bytes: &[u8]) -> (String, &'static str) {
    let guess = plain::decode(bytes);
    if guess.1.starts_with("utf") {
        return guess;
    }
    let head = String::from_utf8_lossy(bytes.get(..4096).unwrap_or(bytes)).to_lowercase();
    let declared = head.split_once("charset=").map(|(_, rest)| {
        let rest = rest.trim_start_matches(['"', '\'']);
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && !"-_:".contains(c));
        rest.get(..end.unwrap_or(rest.len())).unwrap_or_default()
    });
    match declared.and_then(|label| Encoding::for_label(label.as_bytes())) {
        Some(encoding) if encoding != encoding_rs::UTF_8 && encoding.is_ascii_compatible() => {
            let (text, _) = encoding.decode_without_bom_handling(bytes);
            let name = match encoding.name() {
                "windows-1252" => "windows-1252",
                "ISO-8859-15" => "iso-8859-15",
                _ => "declared",
            };
            (text.into_owned(), name)
        }
        _ => guess,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Status;

    #[test]
    fn is_html_rows() {
        for (text, expected) in [
            ("<!DOCTYPE html><p>", true),
            ("\u{FEFF}\n <!-- a --> <HTML lang=nl>", true),
            ("<?xml version='1.0'?><!DOCTYPE html PUBLIC>", true),
            ("<div><p>a</p></div>", true),
            ("<p>", false),
            ("Zie <html> in de tekst", false),
            ("<?xml version='1.0'?><a/>", false),
            ("- lijst <p>a</p><p>b</p>", false),
        ] {
            assert_eq!(is_html(text.as_bytes()), expected, "{text}");
        }
    }

    #[test]
    fn encodings_and_hostile_files() {
        let document = |bytes: &[u8]| {
            let mut list = Vec::new();
            let source = Source::new("a.html", "a");
            crate::extract::from_bytes(bytes, source, &Settings::default(), &mut |d| list.push(d));
            list.remove(0)
        };
        let latin = b"<html><meta charset=\"iso-8859-15\"><p>cli\xEBnte \xA4 5</p>";
        assert_eq!(document(latin).text, "cliënte € 5");
        let utf8 = "<html><meta charset='windows-1252'><p>cliënte</p>";
        assert_eq!(document(utf8.as_bytes()).text, "cliënte");
        let utf16: Vec<u8> = std::iter::once(0xFEFF)
            .chain("<html><p>cliënte".encode_utf16())
            .flat_map(u16::to_le_bytes)
            .collect();
        assert_eq!(document(&utf16).text, "cliënte");
        for tag in [
            "<div>",
            "<table><tr><td>",
            "<ul><li>",
            "<blockquote type=cite>",
            "<b>",
            "<del>",
        ] {
            let text = format!("<html>Cl. was moe.{}x", tag.repeat(100_000));
            let document = document(text.as_bytes());
            assert_eq!(document.status, Status::Ok, "{tag}");
            assert!(document.text.starts_with("Cl. was moe."));
        }
        let attributes: String = (0..100_000).map(|n| format!("a{n} ")).collect();
        document(format!("<html><p {attributes}>x").as_bytes());
        let text = "<html><p>Cl. was <b>moe</b>.</p><table><tr><td>a</td></tr></table>".repeat(20);
        for n in 0..50 {
            document(&text.as_bytes()[..text.len() * n / 50]);
        }
        for n in 0..200_usize {
            let mut flipped = text.clone().into_bytes();
            let at = n * 7919 % flipped.len();
            flipped[at] ^= 1 << (n % 8);
            document(&flipped);
        }
    }
}
