//! The parts of a Word package: which there are, and what they are for.

use crate::extract::package::Package;
use crate::extract::xml::{Event, Xml};

/// One part that another refers to.
pub(super) struct Relation {
    pub(super) kind: String,
    pub(super) target: String,
}

/// Parts as usually named, for files that lost their relations.
pub(super) const USUAL: &[(&str, &str)] = &[
    ("styles", "word/styles.xml"),
    ("numbering", "word/numbering.xml"),
    ("header", "word/header1.xml"),
    ("header", "word/header2.xml"),
    ("header", "word/header3.xml"),
    ("footer", "word/footer1.xml"),
    ("footer", "word/footer2.xml"),
    ("footer", "word/footer3.xml"),
    ("footnotes", "word/footnotes.xml"),
    ("endnotes", "word/endnotes.xml"),
    ("comments", "word/comments.xml"),
];

impl Relation {
    pub(super) fn new(kind: &str, target: &str) -> Self {
        Self {
            kind: kind.to_owned(),
            target: target.to_owned(),
        }
    }
}

/// What a part refers to inside the package; of the package itself for an empty name.
pub(super) fn relations(package: &mut Package<'_>, part: &str) -> Vec<Relation> {
    let (folder, file) = part.rsplit_once('/').unwrap_or(("", part));
    let place = format!("{folder}/_rels/{file}.rels");
    let Ok(Some(rels)) = package.part(&place) else {
        return Vec::new();
    };
    Xml::new(&rels.text)
        .filter_map(|event| match event {
            Event::Open(tag) if tag.name() == "Relationship" => {
                if tag.attribute("TargetMode").as_deref() == Some("External") {
                    return None;
                }
                let kind = tag.attribute("Type")?;
                let target = tag.attribute("Target")?;
                let kind = kind.rsplit('/').next().unwrap_or_default();
                Some(Relation::new(kind, &resolve(folder, &target)))
            }
            _ => None,
        })
        .collect()
}

fn resolve(folder: &str, target: &str) -> String {
    let mut parts: Vec<&str> = if target.starts_with('/') {
        Vec::new()
    } else {
        folder.split('/').filter(|p| !p.is_empty()).collect()
    };
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// Texts in other formats that the document shows as its own, and files that were put in it.
pub(super) fn files(parts: &[Relation]) -> Vec<String> {
    let mut files: Vec<String> = Vec::new();
    for relation in parts {
        let target = relation.target.to_lowercase();
        let is_file = match &*relation.kind {
            "aFChunk" => true,
            "package" => [".docx", ".docm", ".xlsx", ".xlsm", ".odt", ".ods"]
                .iter()
                .any(|e| target.ends_with(e)),
            _ => false,
        };
        if is_file && !files.contains(&relation.target) {
            files.push(relation.target.clone());
        }
    }
    files
}
