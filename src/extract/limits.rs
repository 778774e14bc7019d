//! All limits and settings of reading, in one place.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::extract::export::Mapping;
use crate::extract::isolate::Worker;
use crate::extract::ocr::Ocr;
use crate::extract::pdf;

/// Limits; each is reported when hit.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Largest file, in bytes.
    pub max_file_bytes: u64,
    /// Largest text of one document, in bytes.
    pub max_text_bytes: usize,
    /// Most rows of one export.
    pub max_rows: usize,
    /// Most files inside one file (entries of archives, attachments), whatever the nesting.
    pub max_inside_files: usize,
    /// Most bytes of these files together.
    pub max_inside_bytes: u64,
    /// Deepest nesting of files in files.
    pub max_inside_depth: u32,
    /// Most bytes that a compressed file may unpack to for each of its own bytes.
    pub max_ratio: u64,
    /// Largest unpacked part of a packed document (docx, odt, xlsx), in bytes.
    pub max_part_bytes: u64,
    /// Limits of one PDF.
    pub pdf: pdf::Limits,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_file_bytes: 100 << 20,
            max_text_bytes: 64 << 20,
            max_rows: 5_000_000,
            max_inside_files: 10_000,
            max_inside_bytes: 1 << 30,
            max_inside_depth: 4,
            max_ratio: 200,
            max_part_bytes: 64 << 20,
            pdf: pdf::Limits::default(),
        }
    }
}

/// How files are read.
#[derive(Clone, Default)]
pub struct Settings {
    /// Limits.
    pub limits: Limits,
    /// Columns of exports, as asked for; goes before `mappings`.
    pub mapping: Mapping,
    /// Columns of known exports: of these the first counts whose columns an export has.
    pub mappings: Vec<Mapping>,
    /// Passwords to try on encrypted files.
    pub passwords: Vec<Vec<u8>>,
    /// The process that reads PDFs; none reads them here.
    pub worker: Option<Worker>,
    /// How text in images is recognised; none leaves them unread.
    pub ocr: Option<Ocr>,
}

impl Settings {
    /// What the text of documents depends on, by name; without passwords.
    #[must_use]
    pub fn named(&self) -> BTreeMap<String, Value> {
        let Self {
            limits,
            mapping,
            mappings,
            passwords: _,
            worker,
            ocr,
        } = self;
        let Limits {
            max_file_bytes,
            max_text_bytes,
            max_rows,
            max_inside_files,
            max_inside_bytes,
            max_inside_depth,
            max_ratio,
            max_part_bytes,
            pdf,
        } = limits;
        let mut named = BTreeMap::new();
        let mut put = |name: &str, value: Value| named.insert(name.to_owned(), value);
        put("max_file_bytes", (*max_file_bytes).into());
        put("max_text_bytes", (*max_text_bytes).into());
        put("max_rows", (*max_rows).into());
        put("max_inside_files", (*max_inside_files).into());
        put("max_inside_bytes", (*max_inside_bytes).into());
        put("max_inside_depth", (*max_inside_depth).into());
        put("max_ratio", (*max_ratio).into());
        put("max_part_bytes", (*max_part_bytes).into());
        put("pdf", format!("{pdf:?}").into());
        put("columns", format!("{mapping:?}").into());
        put("mappings", format!("{mappings:?}").into());
        let reader = worker.as_ref().map(|w| w.arguments.join(" "));
        put("pdf_reader", reader.into());
        if let Some(ocr) = ocr {
            let deadline = ocr.deadline.as_secs();
            let renderer = ocr.renderer.is_some();
            put(
                "ocr",
                format!("{}, {deadline} s, renderer {renderer}", ocr.version).into(),
            );
        }
        named
    }
}

impl std::fmt::Debug for Settings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Settings")
            .field("limits", &self.limits)
            .field("mapping", &self.mapping)
            .field("mappings", &self.mappings)
            .field("passwords", &self.passwords.len())
            .field("worker", &self.worker)
            .field("ocr", &self.ocr)
            .finish()
    }
}
