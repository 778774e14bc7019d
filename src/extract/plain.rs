//! Plain text and Markdown in the encodings of Dutch offices.

use encoding_rs::{ISO_8859_15, UTF_16BE, UTF_16LE, WINDOWS_1252};

use crate::document::{Document, Page, Status};
use crate::extract::reading::Reading;
use crate::extract::{Extractor, Settings, Source, finish};
use crate::span::Span;

/// Plain text.
pub(super) struct Text;
/// Markdown.
pub(super) struct Markdown;

impl Extractor for Text {
    fn is_text(&self) -> bool {
        true
    }
    fn name(&self) -> &'static str {
        "txt"
    }
    fn version(&self) -> u32 {
        1
    }
    fn extensions(&self) -> &'static [&'static str] {
        &["txt", "text", "log"]
    }
    fn recognises(&self, _bytes: &[u8]) -> bool {
        false
    }
    fn extract(
        &self,
        bytes: &[u8],
        source: Source<'_>,
        settings: &Settings,
        out: &mut dyn FnMut(Document),
    ) {
        out(document(bytes, source, self.name(), settings));
    }
}

impl Extractor for Markdown {
    fn is_text(&self) -> bool {
        true
    }
    fn name(&self) -> &'static str {
        "md"
    }
    fn version(&self) -> u32 {
        1
    }
    fn extensions(&self) -> &'static [&'static str] {
        &["md", "markdown"]
    }
    fn recognises(&self, _bytes: &[u8]) -> bool {
        false
    }
    fn extract(
        &self,
        bytes: &[u8],
        source: Source<'_>,
        settings: &Settings,
        out: &mut dyn FnMut(Document),
    ) {
        out(document(bytes, source, self.name(), settings));
    }
}

fn document(bytes: &[u8], source: Source<'_>, format: &str, settings: &Settings) -> Document {
    // A file that is not what its name says comes here as well, as text it may be.
    if is_binary(super::head(bytes)) {
        let detail = "neither text nor what its name says";
        return Document::unread(
            source.shown,
            source.dossier,
            format,
            Status::Damaged,
            detail,
        );
    }
    let (text, encoding) = decode(bytes);
    let mut reading = Reading::new(text);
    if encoding != "utf-8" {
        reading.quality.push(format!("encoding:{encoding}"));
    }
    let mut document = reading.into_document(format, source);
    if document.text.contains('\u{c}') {
        let mut start = 0;
        for (n, part) in document.text.split('\u{c}').enumerate() {
            let end = start + part.len();
            document.pages.push(Page {
                number: n as u32 + 1,
                span: Span::new(start, end),
                status: Status::Ok,
                ocr: false,
            });
            start = end + 1;
        }
    }
    finish(document, settings)
}

/// Control characters from this part of the bytes on are no text: random bytes have twelve in a hundred.
const CONTROL_PART: usize = 25;
/// What encrypted files begin with: OpenSSL, OpenPGP (RFC 4880, packets of session keys) and age.
const ENCRYPTED: [&[u8]; 5] = [
    b"Salted__",
    b"\x85\x01\x0C\x03",
    b"\x85\x02\x0C\x03",
    b"\x8C\x0D\x04",
    b"age-encryption.org",
];

/// Whether bytes are no text: control characters, NULs outside UTF-16, or an encrypted file.
pub(super) fn is_binary(head: &[u8]) -> bool {
    if utf16(head).is_some() {
        return false;
    }
    let control = |b: &&u8| matches!(b, 0..=8 | 14..=26 | 28..=31 | 127);
    let controls = head.iter().filter(control).count();
    controls * CONTROL_PART > head.len() || ENCRYPTED.iter().any(|e| head.starts_with(e))
}

/// UTF-16 by its mark, or by NULs in every second byte.
pub(super) fn utf16(bytes: &[u8]) -> Option<&'static encoding_rs::Encoding> {
    if bytes.starts_with(&[0xFF, 0xFE]) {
        return Some(UTF_16LE);
    }
    if bytes.starts_with(&[0xFE, 0xFF]) {
        return Some(UTF_16BE);
    }
    let head = bytes.get(..1024).unwrap_or(bytes);
    let nuls = |odd: usize| {
        head.iter()
            .skip(odd)
            .step_by(2)
            .filter(|b| **b == 0)
            .count()
    };
    let half = head.len() / 2;
    if half >= 4 && nuls(1) * 10 > half * 7 && nuls(0) * 10 < half {
        Some(UTF_16LE)
    } else if half >= 4 && nuls(0) * 10 > half * 7 && nuls(1) * 10 < half {
        Some(UTF_16BE)
    } else {
        None
    }
}

/// Decodes; gives the text and the name of the encoding that was taken.
pub(super) fn decode(bytes: &[u8]) -> (String, &'static str) {
    if let Some(rest) = bytes.strip_prefix(b"\xEF\xBB\xBF") {
        return (String::from_utf8_lossy(rest).into_owned(), "utf-8-bom");
    }
    if let Some(encoding) = utf16(bytes) {
        let name = if encoding == UTF_16LE {
            "utf-16le"
        } else {
            "utf-16be"
        };
        return (encoding.decode(bytes).0.into_owned(), name);
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => (text.to_owned(), "utf-8"),
        Err(_) => mixed(bytes).unwrap_or_else(|| eight_bit(bytes)),
    }
}

/// Text of which some lines are UTF-8 and others are not, as when notes of several systems are put together.
fn mixed(bytes: &[u8]) -> Option<(String, &'static str)> {
    let lines = || bytes.split_inclusive(|b| *b == b'\n');
    let is_utf8 = |line: &[u8]| !line.is_ascii() && std::str::from_utf8(line).is_ok();
    if !lines().any(is_utf8) {
        return None;
    }
    let others: Vec<u8> = lines()
        .filter(|line| std::str::from_utf8(line).is_err())
        .flatten()
        .copied()
        .collect();
    let (_, encoding) = eight_bit(&others);
    let mut text = String::with_capacity(bytes.len());
    for line in lines() {
        match std::str::from_utf8(line) {
            Ok(line) => text.push_str(line),
            Err(_) => text.push_str(&eight_bit_as(line, encoding)),
        }
    }
    Some((text, "utf-8-mixed"))
}

/// Upper half of code page 850 (IBM 850, as published by Unicode in `CP850.TXT`).
const CP850: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u{AD}±‗¾¶§÷¸°¨·¹³²■\u{A0}";

/// Decodes code page 850.
pub(super) fn cp850(bytes: &[u8]) -> String {
    let table: Vec<char> = CP850.chars().collect();
    let upper = |b: u8| table.get(usize::from(b) - 0x80).copied();
    bytes
        .iter()
        .map(|b| {
            if *b < 0x80 {
                char::from(*b)
            } else {
                upper(*b).unwrap_or('\u{FFFD}')
            }
        })
        .collect()
}

/// The eight-bit encodings of Dutch offices, the likeliest first.
const EIGHT_BIT: [&str; 3] = ["windows-1252", "iso-8859-15", "cp850"];

/// Decodes as one of [`EIGHT_BIT`], by its name.
pub(super) fn eight_bit_as(bytes: &[u8], encoding: &str) -> String {
    match encoding {
        "iso-8859-15" => ISO_8859_15
            .decode_without_bom_handling(bytes)
            .0
            .into_owned(),
        "cp850" => cp850(bytes),
        _ => WINDOWS_1252
            .decode_without_bom_handling(bytes)
            .0
            .into_owned(),
    }
}

/// Windows-1252, ISO-8859-15 or CP850, by which of them gives plausible Dutch.
pub(super) fn eight_bit(bytes: &[u8]) -> (String, &'static str) {
    let mut best: Option<(i64, (String, &'static str))> = None;
    for encoding in EIGHT_BIT {
        let text = eight_bit_as(bytes, encoding);
        let score = plausible(&text);
        if best.as_ref().is_none_or(|b| score > b.0) {
            best = Some((score, (text, encoding)));
        }
    }
    best.map(|b| b.1).unwrap_or_default()
}

/// Points for characters where Dutch has them, minus those where it has not.
fn plausible(text: &str) -> i64 {
    let mut score = 0;
    let mut before = ' ';
    for (c, next) in text.chars().zip(text.chars().skip(1).chain([' '])) {
        let inside = before.is_ascii_alphabetic() && next.is_ascii_alphabetic();
        let edge = before.is_ascii_alphabetic() || next.is_ascii_alphabetic();
        score += match c {
            'ë' | 'é' | 'ï' | 'è' | 'ö' | 'ü' | 'ê' | 'á' | 'ó' | 'à' | 'ç' | 'ä' | 'ô' | 'û'
            | 'î' | 'â' | 'í' | 'ú'
                if edge =>
            {
                4
            }
            '€' => {
                if edge {
                    -2
                } else {
                    3
                }
            }
            '‘' | '’' | '“' | '”' | '–' | '—' | '…' | '•' | '„' if !inside || c == '’' => {
                2
            }
            'É' | 'Ë' | 'Ö' | 'Ü' | 'Ï' if before == ' ' || before.is_ascii_uppercase() => 2,
            '°' | '½' | '§' | '©' | '®' | '£' | '´' | '\u{A0}' if !inside => 1,
            c if c.is_control() && c != '\n' && c != '\r' && c != '\t' && c != '\u{c}' => -4,
            c if c as u32 >= 0x80 => -3,
            _ => 0,
        };
        before = c;
    }
    score
}

/// One line feed a line; control characters become blanks.
pub(super) fn clean(text: String) -> String {
    if !text
        .bytes()
        .any(|b| b < 0x20 && b != b'\n' && b != b'\t' && b != 0xC || b == 0x7F)
    {
        return text;
    }
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    text.chars()
        .map(|c| {
            if c.is_control() && !matches!(c, '\n' | '\t' | '\u{c}') {
                ' '
            } else {
                c
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decode_rows() {
        let text = "De cliënte was geïrriteerd, zei één keer ‘nee’ – en kreeg € 50.";
        let (bytes, _, _) = WINDOWS_1252.encode(text);
        assert_eq!(decode(&bytes), (text.to_owned(), "windows-1252"));
        let text = "De cliënte kreeg ¤ 50; coördinator België".replace('¤', "€");
        let bytes: Vec<u8> = text
            .chars()
            .map(|c| {
                if c == '€' {
                    0xA4
                } else {
                    u8::try_from(c as u32).unwrap()
                }
            })
            .collect();
        assert_eq!(decode(&bytes), (text, "iso-8859-15"));
        let table: Vec<char> = CP850.chars().collect();
        assert_eq!(table.len(), 128);
        let text = "De cliënte was geïrriteerd over één coördinator";
        let bytes: Vec<u8> = text
            .chars()
            .map(|c| {
                if c.is_ascii() {
                    c as u8
                } else {
                    0x80 + u8::try_from(table.iter().position(|t| *t == c).unwrap()).unwrap()
                }
            })
            .collect();
        assert_eq!(decode(&bytes), (text.to_owned(), "cp850"));
        let utf16: Vec<u8> = "cliënte thuis"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        assert_eq!(decode(&utf16), ("cliënte thuis".to_owned(), "utf-16le"));
        assert_eq!(decode("cliënte".as_bytes()).1, "utf-8");
        assert_eq!(decode(b"\xEF\xBB\xBFja"), ("ja".to_owned(), "utf-8-bom"));
    }

    #[test]
    fn lines_in_two_encodings() {
        let bytes = ["één keer\n".as_bytes(), b"cli\xEBnte\n"].concat();
        assert_eq!(
            decode(&bytes),
            ("één keer\ncliënte\n".to_owned(), "utf-8-mixed")
        );
    }

    #[test]
    fn what_is_no_text() {
        let random: Vec<u8> = (0..4000_u32)
            .map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8)
            .collect();
        assert!(is_binary(&random));
        assert!(is_binary(b"Salted__abcdefgh"));
        assert!(is_binary(b"\0\0\0\0abc"));
        assert!(!is_binary(
            &"Cl. kwam thuis.\r\n\u{c}".repeat(9).into_bytes()
        ));
        let few = ["Cl. kwam thuis.".repeat(20).into_bytes(), vec![0; 2]].concat();
        assert!(!is_binary(&few));
    }

    #[test]
    fn clean_makes_one_line_feed_a_line() {
        assert_eq!(clean("a\r\nb\rc\u{0}d".to_owned()), "a\nb\nc d");
    }
}
