use std::collections::BTreeSet;

use serde_json::Value;

fn manifest() -> Vec<Value> {
    let text = std::fs::read_to_string(super::root().join("samples/manifest.json")).unwrap();
    let value: Value = serde_json::from_str(&text).unwrap();
    value["documents"].as_array().unwrap().clone()
}

fn scan() -> (tempfile::TempDir, Vec<Value>) {
    let out = tempfile::tempdir().unwrap();
    let output = super::program(&[
        "scan",
        "samples/dossiers",
        "--out",
        out.path().to_str().unwrap(),
        "--quiet",
    ]);
    assert_eq!(output.status.code(), Some(1));
    let rows = super::records_in(&out.path().join("documents.jsonl"));
    (out, rows)
}

#[test]
fn the_manifest_lists_every_file() {
    let listed: BTreeSet<String> = manifest()
        .iter()
        .map(|d| d["path"].as_str().unwrap().to_owned())
        .collect();
    let samples = super::root().join("samples");
    let found: BTreeSet<String> = walkdir::WalkDir::new(samples.join("dossiers"))
        .into_iter()
        .map(|e| e.unwrap())
        .filter(|e| e.file_type().is_file())
        .map(|e| {
            e.path()
                .strip_prefix(&samples)
                .unwrap()
                .to_str()
                .unwrap()
                .to_owned()
        })
        .collect();
    assert_eq!(listed, found);
    let documents = manifest();
    let count = |format: &str| documents.iter().filter(|d| d["format"] == format).count();
    assert!(documents.len() >= 60 && count("pdf") >= 12 && count("csv") >= 1);
    let producers: BTreeSet<&str> = documents
        .iter()
        .filter_map(|d| d["producer"].as_str())
        .collect();
    assert!(producers.len() >= 4, "{producers:?}");
    let dossiers: BTreeSet<&str> = listed
        .iter()
        .filter_map(|p| p.split('/').nth(1).filter(|_| p.matches('/').count() > 1))
        .collect();
    assert!(dossiers.len() >= 12);
}

#[test]
fn every_sample_has_the_status_and_encoding_of_the_manifest() {
    let (_out, rows) = scan();
    for document in manifest() {
        let path = document["path"].as_str().unwrap();
        let shown = format!("samples/{path}");
        let mine: Vec<&Value> = rows
            .iter()
            .filter(|r| {
                r["path"] == *shown
                    || r["path"]
                        .as_str()
                        .unwrap()
                        .starts_with(&format!("{shown}#"))
            })
            .collect();
        assert!(!mine.is_empty(), "{path} is lost");
        for row in &mine {
            assert_eq!(
                row["status"], document["status"],
                "{path}: {}",
                row["status_detail"]
            );
        }
        if let Some(expected) = document["rows"].as_u64() {
            assert_eq!(mine.len() as u64, expected, "{path}");
        }
        if let Some(pages) = document["pages"]
            .as_u64()
            .filter(|_| document["status"] == "ok")
        {
            assert_eq!(mine[0]["pages"], pages, "{path}");
        }
    }
}

fn words(text: &str) -> Vec<String> {
    signaalbril::text::fold(text)
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Word recall of the text layer against the text that the PDF was made of.
#[test]
fn pdf_text_holds_the_expected_words() {
    let samples = super::root().join("samples");
    let mut checked = 0;
    for document in manifest()
        .iter()
        .filter(|d| d["format"] == "pdf" && d["status"] == "ok")
    {
        let expected =
            std::fs::read_to_string(samples.join(document["expected_text"].as_str().unwrap()))
                .unwrap();
        let shown = format!("samples/{}", document["path"].as_str().unwrap());
        let output = super::program(&["text", &shown]);
        let text = String::from_utf8(output.stdout).unwrap().replace("-\n", "");
        let mut have = std::collections::HashMap::<String, usize>::new();
        words(&text)
            .into_iter()
            .for_each(|w| *have.entry(w).or_default() += 1);
        let wanted = words(&expected);
        let found = wanted
            .iter()
            .filter(|w| {
                have.get_mut(*w).is_some_and(|n| {
                    if *n > 0 {
                        *n -= 1;
                        true
                    } else {
                        false
                    }
                })
            })
            .count();
        let recall = found as f64 / wanted.len() as f64;
        assert!(recall >= 0.95, "{shown}: word recall {recall:.3}");
        checked += 1;
    }
    assert!(checked >= 12);
}

#[test]
fn serious_and_innocent_dossiers_come_out_apart() {
    let (out, _) = scan();
    let dossiers = super::records_in(&out.path().join("dossiers.jsonl"));
    let label = |name: &str| {
        (dossiers.iter())
            .find(|d| d["dossier"] == name)
            .map(|d| d["label"].as_str().unwrap_or("-").to_owned())
    };
    for name in ["d01-noor", "d02-yara", "d03-milan"] {
        assert_eq!(label(name).as_deref(), Some("hoog"), "{name}");
    }
    for name in ["d10-eva", "d12-roos"] {
        assert!(
            matches!(label(name).as_deref(), Some("geen" | "laag")),
            "{name}: {:?}",
            label(name)
        );
    }
}
