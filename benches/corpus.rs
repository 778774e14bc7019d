//! Text for the benches: the sample notes, repeated in a fixed order until a size is reached, as they are or thinned out.

use std::path::Path;

use signaalbril::text::View;
use signaalbril::{Analyzer, Document};

/// The notes of `samples/gold`.
fn unique() -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/gold/notes.jsonl");
    let text = std::fs::read_to_string(path).expect("samples are part of the repository");
    text.lines()
        .map(|l| serde_json::from_str::<serde_json::Value>(l).expect("gold is JSON"))
        .map(|v| v["text"].as_str().expect("gold has text").to_owned())
        .collect()
}

/// These notes, together at least `bytes` long.
pub(crate) fn notes(bytes: usize) -> Vec<String> {
    let mut notes = Vec::new();
    let mut size = 0;
    for note in unique().iter().cycle() {
        if size >= bytes {
            break;
        }
        size += note.len();
        notes.push(note.clone());
    }
    notes
}

/// Bytes of ordinary text for each passage with a finding in [`running`].
const ORDINARY: usize = 2_000;
/// Size of a note of [`running`].
const NOTE: usize = 8_000;

/// The same sentences as running text, as dossiers have it: about 2 kB without a finding before each sentence with one.
pub(crate) fn running(bytes: usize, analyzer: &Analyzer) -> Vec<String> {
    let (mut ordinary, mut telling) = (Vec::new(), Vec::new());
    for note in unique() {
        let analysis = analyzer.analyze(&Document::from_text("note.txt", note.clone()));
        let view = View::new(&note, &analyzer.lexicon().boundaries);
        for sentence in &view.sentences {
            let span = view.span(sentence.tokens.clone());
            let found = (analysis.findings.iter())
                .filter(|f| f.byte_start < span.end && span.start < f.byte_end)
                .count();
            let text = span.slice(&note).to_owned();
            if found == 0 {
                ordinary.push(text);
            } else if found == 1 {
                telling.push(text);
            }
        }
    }
    let (mut ordinary, mut telling) = (ordinary.iter().cycle(), telling.iter().cycle());
    let (mut texts, mut size) = (Vec::new(), 0);
    while size < bytes {
        let mut note = String::new();
        while note.len() < NOTE {
            let end = note.len() + ORDINARY;
            while note.len() < end {
                note.extend(ordinary.next().map(String::as_str));
                note.push_str(".\n");
            }
            note.extend(telling.next().map(String::as_str));
            note.push_str(".\n");
        }
        size += note.len();
        texts.push(note);
    }
    texts
}
