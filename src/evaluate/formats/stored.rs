//! The stored form of the annotation guide: one JSON object a line.

use std::path::{Path, PathBuf};

use super::{Format, HASH, Problems, check_hash, text_hash};
use crate::evaluate::gold::GoldDocument;

/// JSONL of [`GoldDocument`].
#[derive(Debug)]
pub(super) struct Stored;

impl Format for Stored {
    fn name(&self) -> &'static str {
        "gold"
    }

    fn about(&self) -> &'static str {
        "the stored form of the annotation guide (JSONL)"
    }

    fn fits(&self, path: &Path, _: &str) -> bool {
        path.extension()
            .is_some_and(|e| e == "jsonl" || e == "ndjson")
    }

    fn read(
        &self,
        _: &Path,
        text: &str,
        problems: &mut Problems<'_>,
    ) -> Vec<(usize, GoldDocument)> {
        let mut documents = Vec::new();
        for (n, line) in text
            .lines()
            .enumerate()
            .filter(|(_, l)| !l.trim().is_empty())
        {
            match serde_json::from_str::<GoldDocument>(line) {
                Ok(mut document) => {
                    check_hash(&mut document, n + 1, problems);
                    documents.push((n + 1, document));
                }
                // serde's own message may quote a value; only its kind and place are told.
                Err(error) => problems.add(
                    n + 1,
                    format!("not a gold document: {:?} error at column {}", error.classify(), error.column()),
                    "one JSON object a line: id, text, label, signals; see the README, section Evaluation",
                ),
            }
        }
        documents
    }

    fn write(&self, documents: &[GoldDocument], stem: &str) -> Vec<(PathBuf, String)> {
        let mut out = String::new();
        for document in documents {
            let mut document = document.clone();
            document
                .meta
                .insert(HASH.to_owned(), text_hash(&document.text).into());
            out.push_str(&serde_json::to_string(&document).unwrap_or_default());
            out.push('\n');
        }
        vec![(format!("{stem}.jsonl").into(), out)]
    }
}
