//! Text for the benches: the sample notes, repeated in a fixed order until a size is reached.

use std::path::Path;

/// Notes of `samples/gold` and the text samples, together at least `bytes` long.
pub(crate) fn notes(bytes: usize) -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/gold/notes.jsonl");
    let text = std::fs::read_to_string(path).expect("samples are part of the repository");
    let unique: Vec<String> = text
        .lines()
        .map(|l| serde_json::from_str::<serde_json::Value>(l).expect("gold is JSON"))
        .map(|v| v["text"].as_str().expect("gold has text").to_owned())
        .collect();
    let mut notes = Vec::new();
    let mut size = 0;
    for note in unique.iter().cycle() {
        if size >= bytes {
            break;
        }
        size += note.len();
        notes.push(note.clone());
    }
    notes
}
