//! What a line asks for.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde::de::{Deserializer, Visitor};
use serde_json::value::RawValue;

use super::row::{Code, Row};

/// Why a line cannot be answered; the words hold nothing of the line.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) id: Option<String>,
    /// The dossier, as far as the line tells it.
    pub(super) dossier: Option<String>,
    pub(super) code: Code,
    pub(super) detail: String,
}

/// A line that asks for something.
pub(super) struct Task {
    /// The name of the row.
    pub(super) id: String,
    /// The dossier of a note or file.
    pub(super) dossier: String,
    /// Its date, as exports write it.
    pub(super) date: Option<String>,
    /// Year or date of birth of the young person.
    pub(super) birth: Option<String>,
    pub(super) what: What,
}

pub(super) enum What {
    /// A note.
    Note(String),
    /// A file of any format that is one document.
    File(Vec<u8>),
    /// The rows of the documents of one dossier.
    Dossier(Vec<Row>),
}

/// The fields of a line, as written. Others are passed over without a look at what is in them.
#[derive(Deserialize)]
struct Fields<'a> {
    #[serde(borrow)]
    id: Option<&'a RawValue>,
    #[serde(borrow)]
    dossier: Option<&'a RawValue>,
    #[serde(borrow)]
    date: Option<&'a RawValue>,
    #[serde(borrow)]
    birth_year: Option<&'a RawValue>,
    #[serde(borrow)]
    file_bytes: Option<&'a RawValue>,
    #[serde(borrow)]
    text: Option<&'a RawValue>,
    #[serde(borrow)]
    pdf_b64: Option<&'a RawValue>,
    #[serde(borrow)]
    file_b64: Option<&'a RawValue>,
    #[serde(borrow)]
    documents: Option<&'a RawValue>,
}

type Faulty<T> = Result<T, (Code, String)>;

impl Task {
    /// Reads a line.
    pub(super) fn parse(line: &[u8]) -> Result<Self, Fault> {
        let fault = |code, detail: &str| Fault {
            id: None,
            dossier: None,
            code,
            detail: detail.to_owned(),
        };
        let line = line.strip_prefix("\u{FEFF}".as_bytes()).unwrap_or(line);
        let text = std::str::from_utf8(line)
            .map_err(|_| fault(Code::NotUtf8, "the line is not in UTF-8"))?;
        if text.trim().is_empty() {
            return Err(fault(Code::BadJson, "the line is blank"));
        }
        let fields: Fields<'_> = (text.trim_start().starts_with('{'))
            .then(|| serde_json::from_str(text).ok())
            .flatten()
            .ok_or_else(|| fault(Code::BadJson, "the line is not one JSON object"))?;
        let id = fields.id.and_then(string).filter(|id| !id.is_empty());
        let id = id.ok_or_else(|| fault(Code::NoId, "no `id` that is a string"))?;
        let dossier = label(fields.dossier, "dossier");
        let given = dossier.clone().ok().flatten().filter(|d| !d.is_empty());
        let read = || {
            dossier?;
            Ok((
                label(fields.date, "date")?,
                label(fields.birth_year, "birth_year")?,
                fields.content()?,
            ))
        };
        match read() {
            Ok((date, birth, what)) => Ok(Self {
                dossier: given.unwrap_or_else(|| of_path(&id).to_owned()),
                id,
                date,
                birth,
                what,
            }),
            Err((code, detail)) => Err(Fault {
                id: Some(id),
                dossier: given,
                code,
                detail,
            }),
        }
    }
}

impl Fields<'_> {
    fn content(&self) -> Faulty<What> {
        let all = [
            ("text", self.text),
            ("pdf_b64", self.pdf_b64),
            ("file_b64", self.file_b64),
            ("documents", self.documents),
        ];
        let mut given = all.iter().filter_map(|(name, raw)| Some((*name, (*raw)?)));
        match (given.next(), given.next(), self.file_bytes) {
            (Some((name, raw)), None, _) => content(name, raw),
            (None, _, Some(size)) => match size.get().parse::<u64>() {
                Ok(size) => {
                    let why = format!("the file of {size} bytes was left out");
                    Err((Code::TooLong, why))
                }
                Err(_) => Err(bad("file_bytes", "a whole number")),
            },
            _ => {
                let names = all.map(|(name, _)| name).join(", ");
                Err((Code::NoText, format!("not exactly one of {names}")))
            }
        }
    }
}

fn bad(name: &str, wanted: &str) -> (Code, String) {
    (Code::BadField, format!("`{name}` is not {wanted}"))
}

/// The dossier that a path names: its first folder, or all of it.
pub(super) fn of_path(id: &str) -> &str {
    let inside = id.trim_start_matches("./").trim_start_matches('/');
    match inside.split_once('/') {
        Some((folder, _)) if !folder.is_empty() => folder,
        _ => id,
    }
}

fn content(name: &str, raw: &RawValue) -> Faulty<What> {
    match name {
        "documents" => serde_json::from_str(raw.get())
            .map(What::Dossier)
            .map_err(|_| bad(name, "a list of rows of this program")),
        "text" => string(raw).map(What::Note).ok_or_else(|| bad(name, "text")),
        _ => {
            let mut encoded = string(raw).ok_or_else(|| bad(name, "text"))?;
            // Some encoders break their lines.
            encoded.retain(|c| !c.is_ascii_whitespace());
            STANDARD.decode(encoded).map(What::File).map_err(|_| {
                let why = format!("`{name}` is not in base 64");
                (Code::BadBase64, why)
            })
        }
    }
}

/// A field that is text; numbers are taken as written.
fn label(raw: Option<&RawValue>, name: &str) -> Faulty<Option<String>> {
    let Some(raw) = raw else { return Ok(None) };
    let is_number = |c: char| c.is_ascii_digit() || c == '-';
    match string(raw) {
        Some(text) => Ok(Some(text.trim().to_owned())),
        None if raw.get().starts_with(is_number) => Ok(Some(raw.get().to_owned())),
        None => Err(bad(name, "text")),
    }
}

/// The text of a value that is one. Half a surrogate pair, as of an emoji that was cut in two, is a replacement character.
fn string(raw: &RawValue) -> Option<String> {
    struct Lossy;
    impl Visitor<'_> for Lossy {
        type Value = String;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("text")
        }
        fn visit_str<E>(self, text: &str) -> Result<String, E> {
            Ok(text.to_owned())
        }
        fn visit_bytes<E>(self, bytes: &[u8]) -> Result<String, E> {
            Ok(String::from_utf8_lossy(bytes).into_owned())
        }
    }
    if !raw.get().starts_with('"') {
        return None;
    }
    // Only bytes may hold such a half.
    serde_json::Deserializer::from_str(raw.get())
        .deserialize_bytes(Lossy)
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(line: &str) -> (Option<String>, &'static str) {
        let fault = Task::parse(line.as_bytes()).map(|_| ()).unwrap_err();
        assert!(!fault.detail.contains("geheim"), "{}", fault.detail);
        (fault.id, fault.code.as_str())
    }

    #[test]
    fn what_cannot_be_answered_says_why() {
        let of_a = |code| (Some("a".to_owned()), code);
        for (line, expected) in [
            ("", (None, "bad_json")),
            (" \r", (None, "bad_json")),
            ("geheim", (None, "bad_json")),
            ("[1]", (None, "bad_json")),
            (r#"{"id":"a","text":"x"} geheim"#, (None, "bad_json")),
            (r#"{"text":"geheim"}"#, (None, "no_id")),
            (r#"{"id":"","text":"geheim"}"#, (None, "no_id")),
            (r#"{"id":7,"text":"geheim"}"#, (None, "no_id")),
            (r#"{"id":"a"}"#, of_a("no_text")),
            (r#"{"id":"a","text":null}"#, of_a("no_text")),
            (
                r#"{"id":"a","text":"geheim","pdf_b64":""}"#,
                of_a("no_text"),
            ),
            (r#"{"id":"a","text":["geheim"]}"#, of_a("bad_field")),
            (r#"{"id":"a","text":"x","dossier":{}}"#, of_a("bad_field")),
            (r#"{"id":"a","documents":["geheim"]}"#, of_a("bad_field")),
            (r#"{"id":"a","file_bytes":"geheim"}"#, of_a("bad_field")),
            (r#"{"id":"a","file_b64":"geheim!"}"#, of_a("bad_base64")),
            (r#"{"id":"a","file_bytes":3000000000}"#, of_a("too_long")),
        ] {
            assert_eq!(code(line), expected, "{line}");
        }
        let fault = Task::parse(b"{\"id\":\"\xff\"}").map(|_| ()).unwrap_err();
        assert_eq!(fault.code, Code::NotUtf8);
    }

    #[test]
    fn dossiers_come_from_the_line_or_the_path() {
        let dossier = |line: &str| Task::parse(line.as_bytes()).ok().unwrap().dossier;
        assert_eq!(dossier(r#"{"id":"a/b/c.txt","text":""}"#), "a");
        assert_eq!(dossier(r#"{"id":"./a/c.txt","text":""}"#), "a");
        assert_eq!(dossier(r#"{"id":"c.txt","text":""}"#), "c.txt");
        assert_eq!(dossier(r#"{"id":"a/c","text":"","dossier":""}"#), "a");
        assert_eq!(dossier(r#"{"id":"a/c","text":"","dossier":12}"#), "12");
    }

    #[test]
    fn a_line_that_fails_keeps_its_dossier() {
        for line in [
            r#"{"id":"a","dossier":"K7","text":null}"#,
            r#"{"id":"a","dossier":"K7","file_bytes":9}"#,
            r#"{"id":"a","dossier":"K7","text":"x","date":{}}"#,
            r#"{"id":"a","dossier":"K7","file_b64":"?"}"#,
        ] {
            let fault = Task::parse(line.as_bytes()).map(|_| ()).unwrap_err();
            assert_eq!(fault.dossier.as_deref(), Some("K7"), "{line}");
        }
    }

    #[test]
    fn what_no_field_asks_for_may_be_anything() {
        let deep = "[".repeat(1000) + &"]".repeat(1000);
        let digits = "9".repeat(5000);
        for other in [deep.as_str(), &digits, "1e400", r#""\ud83d""#, "null"] {
            let line = format!(r#"{{"id":"a","x":{other},"text":"Rustig.","y":{other}}}"#);
            assert!(Task::parse(line.as_bytes()).is_ok(), "{other:.20}");
        }
        let line = r#"{"id":"a","text":"Blij \ud83d met \ud83d\ude00."}"#;
        let task = Task::parse(line.as_bytes()).ok().unwrap();
        assert!(
            matches!(task.what, What::Note(text) if text.starts_with("Blij \u{FFFD}") && text.ends_with("met \u{1F600}."))
        );
    }

    #[test]
    fn base64_may_have_line_ends() {
        let task = Task::parse(br#"{"id":"a","pdf_b64":"JVBE\r\nRi0="}"#)
            .ok()
            .unwrap();
        assert!(matches!(task.what, What::File(bytes) if bytes == b"%PDF-"));
    }
}
