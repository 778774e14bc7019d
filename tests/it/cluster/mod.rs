//! Past one machine: streams, shards, import, and real Apache Spark.

mod contract;
mod imported;
mod shards;
mod spark;

use std::io::Write;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rand::{Rng, SeedableRng};
use serde_json::{Value, json};
use signaalbril::text::{Boundaries, View};

/// Sentences of the gold notes.
fn sentences() -> Vec<String> {
    let notes = std::fs::read_to_string(super::root().join("samples/gold/notes.jsonl")).unwrap();
    let mut sentences = Vec::new();
    for note in notes.lines() {
        let note: Value = serde_json::from_str(note).unwrap();
        let text = note["text"].as_str().unwrap();
        let view = View::new(text, &Boundaries::default());
        let spans = view.sentences.iter().map(|s| view.span(s.tokens.clone()));
        sentences.extend(spans.map(|span| span.slice(text).replace('\n', " ")));
    }
    sentences
}

/// So many notes as lines of a stream: sentences of the gold notes at random, five to eight of a dossier.
fn notes(count: usize) -> Vec<String> {
    let sentences = sentences();
    let mut random = rand_pcg::Pcg64Mcg::seed_from_u64(11);
    (0..count)
        .map(|n| {
            let mut text = format!("Notitie {n}.");
            for _ in 0..random.random_range(3..12) {
                text.push(' ');
                text.push_str(&sentences[random.random_range(0..sentences.len())]);
                text.push('.');
            }
            let dossier = format!("c{:05}", n / 6);
            let date = format!("20{}-{:02}-{:02}", 10 + n % 15, n % 12 + 1, n % 28 + 1);
            json!({"id": format!("n{n:06}"), "dossier": dossier, "date": date, "text": text})
                .to_string()
        })
        .collect()
}

/// The files of the sample dossiers that have this extension, as lines of a stream.
fn files(extension: &str) -> Vec<String> {
    let root = super::root().join("samples/dossiers");
    let paths = walkdir::WalkDir::new(&root).sort_by_file_name();
    let mut lines = Vec::new();
    for path in paths.into_iter().map(|e| e.unwrap().into_path()) {
        if path.extension().is_some_and(|e| e == extension) {
            let id = path
                .strip_prefix(&root)
                .unwrap()
                .to_str()
                .unwrap()
                .to_owned();
            let bytes = STANDARD.encode(std::fs::read(&path).unwrap());
            lines.push(json!({"id": id, "file_b64": bytes}).to_string());
        }
    }
    lines
}

fn joined(lines: &[String]) -> String {
    lines.iter().map(|l| format!("{l}\n")).collect()
}

fn start(arguments: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_signaalbril"))
        .arg("stream")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Gives bytes to a stream and waits for its end.
fn stream(input: &[u8], arguments: &[&str]) -> Output {
    let mut child = start(arguments);
    let mut stdin = child.stdin.take().unwrap();
    std::thread::scope(|scope| {
        // One that refuses to begin reads nothing.
        scope.spawn(move || drop(stdin.write_all(input)));
        child.wait_with_output().unwrap()
    })
}

/// The rows of a stream that must end well.
fn rows(input: &str, arguments: &[&str]) -> Vec<Value> {
    let output = stream(input.as_bytes(), arguments);
    assert!(output.status.success(), "{:?}", output.status);
    parsed(&output.stdout)
}

fn parsed(rows: &[u8]) -> Vec<Value> {
    let rows = std::str::from_utf8(rows).unwrap();
    assert!(rows.is_empty() || rows.ends_with('\n'));
    let parse = |line| serde_json::from_str(line).unwrap();
    rows.lines().map(parse).collect()
}

/// Runs the program on paths.
fn run(arguments: &[&Path]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_signaalbril"))
        .args(arguments)
        .output()
        .unwrap()
}

fn records(file: &Path) -> Vec<Value> {
    parsed(&std::fs::read(file).unwrap())
}

/// Writes an overlay with one term.
fn overlay(folder: &Path) {
    let signals = folder.join("signals");
    std::fs::create_dir_all(&signals).unwrap();
    let term = "id = \"weglopen\"\n[[terms]]\nid = \"ons_woord\"\npatterns = ['naar de kade']\nmatches = ['Ging [[naar de kade]].']\nignores = ['Naar school.']\n";
    std::fs::write(signals.join("weglopen.toml"), term).unwrap();
}
