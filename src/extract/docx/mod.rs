//! Word documents: docx, docm, dotx, and the same in one XML file.

mod body;
mod numbering;
mod parts;
mod styles;
#[cfg(test)]
mod tests;

use crate::document::Document;
use crate::extract::flow::Flow;
use crate::extract::package::{self, Kind, Package};
use crate::extract::reading::{self, Found, Reading, Unread};
use crate::extract::xml::{self, Event, Xml};
use crate::extract::{Extractor, Room, Settings, Source, head, inside, plain};
use body::{Root, drawn, walk};
use numbering::Numbering;
use parts::{Relation, USUAL, files, relations};
use styles::Styles;

/// Word documents.
pub(in crate::extract) struct Docx;

impl Extractor for Docx {
    fn name(&self) -> &'static str {
        "docx"
    }
    fn version(&self) -> u32 {
        1
    }
    fn extensions(&self) -> &'static [&'static str] {
        &["docx", "docm", "dotx", "dotm"]
    }
    fn recognises(&self, bytes: &[u8]) -> bool {
        package::kind(bytes) == Some(Kind::Docx) || is_flat(bytes)
    }
    fn extract(
        &self,
        bytes: &[u8],
        source: Source<'_>,
        settings: &Settings,
        out: &mut dyn FnMut(Document),
    ) {
        if !self.recognises(bytes) {
            // Named so, yet a text.
            return plain::Text.extract(bytes, source, settings, out);
        }
        let mut package = open(bytes, settings);
        let (reading, files) = match from_package(&mut package, settings) {
            Ok((reading, files)) => (Ok(reading), files),
            Err(unread) => (Err(unread), Vec::new()),
        };
        out(reading::document(reading, self.name(), source, settings));
        let own = Room::new(settings);
        let source = Source {
            room: Some(source.room.unwrap_or(&own)),
            ..source
        };
        for file in files {
            let name = file.rsplit('/').next().unwrap_or_default();
            match package.bytes(&file) {
                Ok(Some((bytes, _))) => inside::read(name, &bytes, source, settings, out),
                Ok(None) => {}
                Err(unread) => {
                    let shown = inside::path_inside(source.shown, name);
                    let source = Source {
                        shown: &shown,
                        ..source
                    };
                    out(unread.into_document("", source));
                }
            }
        }
    }
}

/// Whether one XML file holds the whole document.
fn is_flat(bytes: &[u8]) -> bool {
    let head = String::from_utf8_lossy(head(bytes));
    head.trim_start_matches('\u{FEFF}').starts_with("<?xml")
        && (head.contains("<w:wordDocument")
            || head.contains("<pkg:package") && head.contains("Word.Document"))
}

fn open<'a>(bytes: &'a [u8], settings: &Settings) -> Package<'a> {
    if is_flat(bytes) {
        let text = xml::decode(bytes);
        let mut parts = flat_parts(&text);
        if parts.is_empty() {
            // Word 2003 has the body in the file itself.
            parts.push(("word/document.xml".to_owned(), text));
        }
        return Package::flat(parts.into_iter());
    }
    Package::open(bytes, settings)
}

/// Names and texts of the parts in a `pkg:package`.
fn flat_parts(text: &str) -> Vec<(String, String)> {
    let (mut parts, mut name, mut start) = (Vec::new(), None, None);
    let mut xml = Xml::new(text);
    let mut before = 0;
    while let Some(event) = xml.next() {
        match event {
            Event::Open(tag) if tag.name() == "part" => name = tag.attribute("name"),
            Event::Open(tag) if tag.name() == "xmlData" => start = Some(xml.position()),
            Event::Close(tag) if tag == "xmlData" => {
                let part = start.take().and_then(|start| text.get(start..before));
                if let (Some(name), Some(part)) = (name.take(), part) {
                    parts.push((name, part.to_owned()));
                }
            }
            _ => {}
        }
        before = xml.position();
    }
    // What a cut-off file has of its last part.
    if let (Some(name), Some(part)) = (name, start.and_then(|s| text.get(s..))) {
        parts.push((name, part.to_owned()));
    }
    parts
}

/// The text, and the names of parts that are documents of their own.
fn from_package(
    package: &mut Package<'_>,
    settings: &Settings,
) -> Result<(Reading, Vec<String>), Unread> {
    let office = relations(package, "");
    let main = office
        .iter()
        .find(|r| r.kind == "officeDocument")
        .map_or("word/document.xml", |r| r.target.as_str());
    let body = match package.part(main)? {
        Some(part) => part,
        None => package
            .part("word/document.xml")?
            .ok_or_else(|| Unread::damaged("a Word file without a text"))?,
    };
    let mut parts = relations(package, main);
    if parts.is_empty() {
        parts = USUAL
            .iter()
            .map(|(kind, target)| Relation::new(kind, target))
            .collect();
    }
    let mut found = Found::default();
    if parts
        .iter()
        .any(|r| matches!(&*r.kind, "oleObject" | "package"))
    {
        found.notes.insert("embedded_files");
    }
    let of = |kind: &str| {
        parts
            .iter()
            .find(|r| r.kind == kind)
            .map(|r| r.target.clone())
    };
    let mut other = |target: &str| package.part(target).ok().flatten();
    let styles = of("styles").and_then(|t| other(&t));
    let styles = styles.map_or_else(Styles::default, |p| Styles::read(&p.text));
    let numbering = of("numbering").and_then(|t| other(&t));
    let mut numbering = numbering.map_or_else(Numbering::default, |p| Numbering::read(&p.text));
    let mut flow = Flow::new(settings.limits.max_text_bytes);
    let looks = (&styles, &mut numbering);
    walk(&body.text, Root::Body, looks, &mut flow, &mut found);
    if !body.is_whole {
        found.trouble.get_or_insert("a part that is cut off");
    }
    let mut drawings: Vec<&str> = Vec::new();
    for relation in &parts {
        let is_drawing = matches!(&*relation.kind, "chart" | "chartEx" | "diagramData");
        if is_drawing && !drawings.contains(&&*relation.target) {
            drawings.push(&relation.target);
        }
    }
    for drawing in drawings {
        if let Some(part) = other(drawing) {
            drawn(&part.text, &mut flow);
        }
    }
    for relation in &parts {
        let root = match &*relation.kind {
            "header" => Root::Header,
            "footer" => Root::Footer,
            "footnotes" | "endnotes" => Root::Notes,
            "comments" => Root::Comments,
            _ => continue,
        };
        if let Some(part) = other(&relation.target) {
            let looks = (&styles, &mut numbering);
            walk(&part.text, root, looks, &mut flow, &mut found);
        }
    }
    // A template keeps its own day of making.
    let date = other("docProps/core.xml")
        .and_then(|part| reading::saved_or_made(&part.text, None, ["modified", "created"]));
    let reading = found.reading(flow.finish().0, date, package.is_broken());
    Ok((reading, files(&parts)))
}
