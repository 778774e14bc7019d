//! Formats of annotated documents: one file a format behind one trait and one table.
//!
//! Every format carries code-point offsets, the quoted words and a hash of the exact text; a quote or text that does not match is
//! refused with its place. To add a format: one file here and its row in [`FORMATS`].

mod brat;
mod doccano;
mod label_studio;
mod markup;
mod stored;

use std::path::{Path, PathBuf};

use super::gold::GoldDocument;
use crate::document::content_id;
use crate::error::{Diagnostic, Error, Result};

pub use markup::{parse as parse_markup, write as write_markup};

/// A format of gold data.
pub trait Format: Sync {
    /// Name on the command line.
    fn name(&self) -> &'static str;
    /// One line on what it is.
    fn about(&self) -> &'static str;
    /// Whether a file is in this format, by its name and its beginning.
    fn fits(&self, path: &Path, head: &str) -> bool;
    /// Reads documents, each with its line (from 1; 0 for the whole file).
    fn read(
        &self,
        path: &Path,
        text: &str,
        problems: &mut Problems<'_>,
    ) -> Vec<(usize, GoldDocument)>;
    /// Writes documents: names of files, relative, and their contents. `stem` is the wished name without extension.
    fn write(&self, documents: &[GoldDocument], stem: &str) -> Vec<(PathBuf, String)>;
}

/// All formats, in the order in which they are tried.
pub static FORMATS: &[&dyn Format] = &[
    &brat::Brat,
    &label_studio::LabelStudio,
    &doccano::Doccano,
    &stored::Stored,
    &markup::Markup,
];

/// A format by name.
#[must_use]
pub fn named(name: &str) -> Option<&'static dyn Format> {
    FORMATS.iter().copied().find(|f| f.name() == name)
}

/// Collects what is wrong with one file.
#[derive(Debug)]
pub struct Problems<'a> {
    file: String,
    list: &'a mut Vec<Diagnostic>,
}

impl Problems<'_> {
    /// Notes a problem at a line (from 1; 0 for the whole file). `message` must hold no case text.
    pub fn add(&mut self, line: usize, message: impl Into<String>, help: &str) {
        self.list.push(Diagnostic {
            file: self.file.clone(),
            line,
            column: 0,
            message: message.into(),
            help: help.to_owned(),
        });
    }
}

/// Reads one file, or a folder of brat files, in the format that fits.
pub(super) fn read(path: &Path, list: &mut Vec<Diagnostic>) -> Result<Vec<(usize, GoldDocument)>> {
    let mut documents = Vec::new();
    let files = if path.is_dir() {
        let mut files: Vec<PathBuf> = std::fs::read_dir(path)
            .map_err(Error::io("read", path))?
            .filter_map(|e| Some(e.ok()?.path()))
            .filter(|p| p.extension().is_some_and(|e| e == "ann"))
            .collect();
        files.sort();
        files
    } else {
        vec![path.to_owned()]
    };
    let mut problems = Problems {
        file: path.display().to_string(),
        list,
    };
    if files.is_empty() {
        problems.add(
            0,
            "no .ann file in this folder",
            "a folder is read as brat's: NAME.txt and NAME.ann",
        );
    }
    for file in files {
        let bytes = std::fs::read(&file).map_err(Error::io("read", &file))?;
        problems.file = file.display().to_string();
        let Ok(text) = String::from_utf8(bytes) else {
            problems.add(0, "not UTF-8", "save it as UTF-8");
            continue;
        };
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        let head = text
            .get(..crate::span::floor(text, 4000))
            .unwrap_or_default();
        match FORMATS.iter().find(|f| f.fits(&file, head)) {
            Some(format) => documents.extend(format.read(&file, text, &mut problems)),
            None => problems.add(
                0,
                "no known gold format",
                "the stored form or doccano (.jsonl), Label Studio (.json), brat (.ann beside .txt), inline markup (.txt, .md)",
            ),
        }
    }
    Ok(documents)
}

/// Hash of the exact text, as exports carry it.
pub(crate) fn text_hash(text: &str) -> String {
    content_id(text.as_bytes())
}

/// Field that carries [`text_hash`].
const HASH: &str = "text_hash";

/// Takes the hash out of the other fields and compares.
fn check_hash(document: &mut GoldDocument, line: usize, problems: &mut Problems<'_>) {
    if let Some(hash) = document.meta.remove(HASH)
        && hash.as_str() != Some(&text_hash(&document.text))
    {
        problems.add(
            line,
            format!(
                "the text of `{}` is not the one that was exported: its hash differs",
                document.id
            ),
            "annotations only fit the exact text; export it again",
        );
    }
}

/// A label such as `weglopen;neg,hist`: the category with the marks of the inline markup.
fn label_of(signal: &super::gold::GoldSignal) -> String {
    let marks = markup::marks(signal.qualifiers());
    if marks.is_empty() {
        signal.category.clone()
    } else {
        format!("{};{marks}", signal.category)
    }
}

/// Code-point offsets of a quoted stretch. Editors written in JavaScript count UTF-16 units: where the quote only fits so, it is
/// read so. `None` when it fits neither way.
fn place(text: &str, start: usize, end: usize, quote: Option<&str>) -> Option<(usize, usize)> {
    let slice = |from: usize, to: usize| -> Option<String> {
        (from <= to).then(|| text.chars().skip(from).take(to - from).collect::<String>())
    };
    let Some(quote) = quote else {
        return Some((start, end));
    };
    if slice(start, end).as_deref() == Some(quote) {
        return Some((start, end));
    }
    let code_points = |units: usize| {
        let mut seen = 0;
        text.chars()
            .position(|c| {
                let here = seen == units;
                seen += c.len_utf16();
                here
            })
            .or_else(|| (seen == units).then(|| text.chars().count()))
    };
    let (from, to) = (code_points(start)?, code_points(end)?);
    (slice(from, to).as_deref() == Some(quote)).then_some((from, to))
}
