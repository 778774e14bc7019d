//! The small files of `samples/hostile/`: each ends with a status of its manifest and a reason, and nothing of it reaches anything else.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

/// What may not stand as it is where people read it: what writes on a terminal or turns text around.
fn is_harmful(c: char) -> bool {
    (c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
        || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Fails when a text that is shown has such a character.
pub(super) fn is_clean(what: &str, bytes: &[u8]) {
    let text = std::str::from_utf8(bytes).unwrap();
    let found = text.chars().find(|c| is_harmful(*c));
    assert_eq!(found, None, "{what}");
}

/// Files of a folder, with their size.
fn listing(folder: &Path) -> BTreeMap<String, u64> {
    walkdir::WalkDir::new(folder)
        .into_iter()
        .flatten()
        .filter(|e| e.file_type().is_file())
        .map(|e| (e.path().display().to_string(), e.metadata().unwrap().len()))
        .collect()
}

#[test]
fn each_ends_with_its_status_and_a_reason() {
    let samples = super::super::root().join("samples/hostile");
    let manifest = std::fs::read(samples.join("manifest.json")).unwrap();
    let manifest: Vec<Value> = serde_json::from_slice(&manifest).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("uit");
    let before = listing(&samples);
    let done = super::super::program(&[
        "scan",
        "samples/hostile",
        "--dossiers",
        "file",
        "--out",
        out.to_str().unwrap(),
    ]);
    assert_eq!(done.status.code(), Some(1));
    is_clean("stderr", &done.stderr);
    is_clean("stdout", &done.stdout);
    let mut rows: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for row in super::documents(&out) {
        let path = row["path"].as_str().unwrap();
        let path = path.strip_prefix("samples/hostile/").unwrap();
        let file = path.split(['/', '#']).next().unwrap().to_owned();
        rows.entry(file).or_default().push(row);
    }
    for file in &manifest {
        let name = file["path"].as_str().unwrap();
        let own = rows.remove(name).unwrap_or_default();
        let first = own.first().map_or("", |r| r["status"].as_str().unwrap());
        assert_eq!(first, file["status"], "{name}");
        for row in &own {
            let detail = row["status_detail"].as_str().unwrap();
            assert_ne!(row["status"], "panic", "{name}");
            assert!(row["status"] == "ok" || !detail.is_empty(), "{name}");
            assert_eq!(row["score"].is_null(), row["label"].is_null());
        }
        // Where text comes out it is the note, and nothing of this machine.
        let read = own.iter().any(|r| !r["score"].is_null());
        let noted = own.iter().any(|r| r["label"] == "midden");
        let without = [
            "far-cell.xlsx",
            "letters.pdf",
            "deep.json",
            "deep.eml",
            "overlap.zip",
            "nested.zip",
        ];
        assert!(noted || !read || without.contains(&name), "{name}");
    }
    let rest: Vec<&String> = rows.keys().collect();
    assert_eq!(rest, ["make.py", "manifest.json"]);
    for name in super::NAMES {
        let bytes = std::fs::read(out.join(name)).unwrap();
        // The others are for programs and hold what a file holds.
        if name == "report.html" {
            is_clean(name, &bytes);
        }
        let text = String::from_utf8(bytes).unwrap();
        assert!(
            !text.contains("root:x:") && !text.contains("<script>alert"),
            "{name}"
        );
    }
    // Every reason comes with what a reader can do.
    let html = std::fs::read_to_string(out.join("report.html")).unwrap();
    for advice in [
        "vraag het bestand opnieuw op",
        "een hogere grens",
        "zet het om naar PDF",
    ] {
        assert!(html.contains(advice), "{advice}");
    }
    let csv = std::fs::read_to_string(out.join("triage.csv")).unwrap();
    for formula in [
        ";=", ";+", ";-2", ";@", ";\"=", ";\"+", ";\"@", "\n=", "\n\"=",
    ] {
        assert!(!csv.contains(formula), "{formula:?}");
    }
    assert_eq!(listing(&samples), before);
    for place in [folder.path(), Path::new("/tmp"), Path::new("/")] {
        assert!(!place.join("signaalbril-uit.txt").exists());
        assert!(!place.join("signaalbril-uit.zip").exists());
    }
}
