//! What a line asks for.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

use super::row::{Code, Row};

/// Why a line cannot be answered; the words hold nothing of the line.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) id: Option<String>,
    pub(super) code: Code,
    pub(super) detail: String,
}

/// A line that asks for something.
pub(super) struct Task {
    /// The name of the row.
    pub(super) id: String,
    /// The dossier of a note or file.
    pub(super) dossier: String,
    pub(super) what: What,
}

pub(super) enum What {
    /// A note.
    Note {
        text: String,
        date: Option<String>,
        birth: Option<String>,
    },
    /// A file of any format that is one document.
    File(Vec<u8>),
    /// The rows of the documents of one dossier.
    Dossier(Vec<Row>),
}

const CONTENT: [&str; 4] = ["text", "pdf_b64", "file_b64", "documents"];

impl Task {
    /// Reads a line.
    pub(super) fn parse(line: &[u8]) -> Result<Self, Fault> {
        let fault = |code, detail: &str| Fault {
            id: None,
            code,
            detail: detail.to_owned(),
        };
        let line = line.strip_prefix("\u{FEFF}".as_bytes()).unwrap_or(line);
        let text = std::str::from_utf8(line)
            .map_err(|_| fault(Code::NotUtf8, "the line is not in UTF-8"))?;
        if text.trim().is_empty() {
            return Err(fault(Code::BadJson, "the line is blank"));
        }
        let mut fields: Map<String, Value> = serde_json::from_str(text)
            .map_err(|_| fault(Code::BadJson, "the line is not one JSON object"))?;
        let id = match fields.remove("id") {
            Some(Value::String(id)) if !id.is_empty() => id,
            _ => return Err(fault(Code::NoId, "no `id` that is a string")),
        };
        let task = Self::of(&id, fields);
        task.map_err(|(code, detail)| Fault {
            id: Some(id),
            code,
            detail,
        })
    }

    fn of(id: &str, mut fields: Map<String, Value>) -> Result<Self, (Code, String)> {
        fields.retain(|_, value| !value.is_null());
        let size = number(&mut fields, "file_bytes")?;
        let mut given = CONTENT.iter().filter(|name| fields.contains_key(**name));
        let what = match (given.next(), given.next(), size) {
            (Some(name), None, _) => content(&mut fields, name)?,
            (None, _, Some(size)) => {
                let why = format!("the file of {size} bytes was left out");
                return Err((Code::TooLong, why));
            }
            _ => {
                let why = format!("not exactly one of {}", CONTENT.join(", "));
                return Err((Code::NoText, why));
            }
        };
        let dossier = text(&mut fields, "dossier")?.filter(|d| !d.is_empty());
        Ok(Self {
            id: id.to_owned(),
            dossier: dossier.unwrap_or_else(|| of_path(id).to_owned()),
            what,
        })
    }
}

/// The dossier that a path names: its first folder, or all of it.
pub(super) fn of_path(id: &str) -> &str {
    let inside = id.trim_start_matches("./").trim_start_matches('/');
    match inside.split_once('/') {
        Some((folder, _)) if !folder.is_empty() => folder,
        _ => id,
    }
}

fn content(fields: &mut Map<String, Value>, name: &str) -> Result<What, (Code, String)> {
    let value = fields.remove(name).unwrap_or_default();
    match (name, value) {
        ("text", Value::String(note)) => Ok(What::Note {
            text: note,
            date: text(fields, "date")?,
            birth: text(fields, "birth_year")?,
        }),
        ("documents", value @ Value::Array(_)) => serde_json::from_value(value)
            .map(What::Dossier)
            .map_err(|_| {
                let why = "`documents` is not a list of rows of this program".to_owned();
                (Code::BadField, why)
            }),
        ("pdf_b64" | "file_b64", Value::String(mut encoded)) => {
            // Some encoders break their lines.
            encoded.retain(|c| !c.is_ascii_whitespace());
            STANDARD.decode(encoded).map(What::File).map_err(|_| {
                let why = format!("`{name}` is not in base 64");
                (Code::BadBase64, why)
            })
        }
        _ => Err((Code::BadField, format!("`{name}` has another type"))),
    }
}

/// A field that is text; numbers are taken as written.
fn text(fields: &mut Map<String, Value>, name: &str) -> Result<Option<String>, (Code, String)> {
    match fields.remove(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.trim().to_owned())),
        Some(Value::Number(number)) => Ok(Some(number.to_string())),
        Some(_) => Err((Code::BadField, format!("`{name}` is not text"))),
    }
}

fn number(fields: &mut Map<String, Value>, name: &str) -> Result<Option<u64>, (Code, String)> {
    match fields.remove(name) {
        None => Ok(None),
        Some(value) => match value.as_u64() {
            Some(number) => Ok(Some(number)),
            None => Err((Code::BadField, format!("`{name}` is not a whole number"))),
        },
    }
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
    fn base64_may_have_line_ends() {
        let task = Task::parse(br#"{"id":"a","pdf_b64":"JVBE\r\nRi0="}"#)
            .ok()
            .unwrap();
        assert!(matches!(task.what, What::File(bytes) if bytes == b"%PDF-"));
    }
}
