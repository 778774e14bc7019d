use std::fs;

use serde_json::Value;

fn scan(input: &str, jobs: &str) -> tempfile::TempDir {
    let out = tempfile::tempdir().unwrap();
    let output = super::program(&[
        "scan",
        input,
        "--out",
        out.path().to_str().unwrap(),
        "--jobs",
        jobs,
        "--quiet",
    ]);
    assert!(
        output.status.code().is_some_and(|c| c < 2),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    out
}

#[test]
fn one_two_and_eight_threads_give_the_same_bytes() {
    let runs: Vec<tempfile::TempDir> = ["1", "2", "8"]
        .iter()
        .map(|j| scan("samples/dossiers", j))
        .collect();
    for name in [
        "documents.jsonl",
        "findings.jsonl",
        "dossiers.jsonl",
        "triage.csv",
        "report.html",
    ] {
        let bytes: Vec<Vec<u8>> = runs
            .iter()
            .map(|r| fs::read(r.path().join(name)).unwrap())
            .collect();
        assert!(
            !bytes[0].is_empty() && bytes[0] == bytes[1] && bytes[1] == bytes[2],
            "{name}"
        );
    }
    let manifests: Vec<Value> = runs
        .iter()
        .map(|r| {
            let mut value: Value =
                serde_json::from_slice(&fs::read(r.path().join("run.json")).unwrap()).unwrap();
            let object = value.as_object_mut().unwrap();
            for key in ["durations", "started", "jobs"] {
                object.remove(key);
            }
            value
        })
        .collect();
    assert_eq!(manifests[0], manifests[2]);
}

#[test]
fn report_and_notes_of_a_dossier_share_one_timeline() {
    let out = scan("samples/dossiers", "2");
    let documents = super::records_in(&out.path().join("documents.jsonl"));
    let dossiers = super::records_in(&out.path().join("dossiers.jsonl"));
    let noor = dossiers
        .iter()
        .find(|d| d["dossier"] == "d01-noor")
        .unwrap();
    let formats: std::collections::BTreeSet<&str> = documents
        .iter()
        .filter(|d| d["dossier"] == "d01-noor")
        .map(|d| d["format"].as_str().unwrap())
        .collect();
    assert!(
        formats.contains("pdf") && formats.contains("txt"),
        "{formats:?}"
    );
    let timeline = noor["timeline"].as_array().unwrap();
    assert!(timeline.len() >= 3, "{timeline:?}");
    assert!(
        timeline.iter().any(|s| s["first"] != s["last"]),
        "{timeline:?}"
    );
}

#[test]
fn a_loose_file_is_its_own_dossier_and_exports_go_by_client() {
    let out = scan("samples/dossiers", "2");
    let documents = super::records_in(&out.path().join("documents.jsonl"));
    let loose: Vec<&Value> = documents
        .iter()
        .filter(|d| {
            d["path"].as_str().unwrap().matches('/').count() == 2
                && d["format"] != "csv"
                && d["format"] != "jsonl"
        })
        .collect();
    assert!(loose.len() >= 3);
    for document in loose {
        let shared = documents
            .iter()
            .filter(|d| d["dossier"] == document["dossier"])
            .count();
        assert_eq!(shared, 1, "{}", document["path"]);
    }
    let clients: std::collections::BTreeSet<&str> = documents
        .iter()
        .filter(|d| d["format"] == "csv")
        .map(|d| d["dossier"].as_str().unwrap())
        .collect();
    assert_eq!(clients.len(), 3, "{clients:?}");
}

#[test]
fn findings_carry_the_fields_of_the_design() {
    let out = scan("samples/dossiers", "2");
    let findings = super::records_in(&out.path().join("findings.jsonl"));
    assert!(findings.len() > 100);
    let fields = [
        "document",
        "dossier",
        "person",
        "page",
        "line",
        "start",
        "end",
        "byte_start",
        "byte_end",
        "text",
        "category",
        "stage",
        "term",
        "tier",
        "presence",
        "temporality",
        "experiencer",
        "generic",
        "cues",
        "source",
        "date",
        "date_certainty",
        "approximate",
        "ocr",
        "suppressed_by",
        "cleared_by",
        "active",
        "points",
    ];
    for field in fields {
        assert!(findings.iter().all(|f| f.get(field).is_some()), "{field}");
    }
    assert!(findings.iter().any(|f| f["page"].is_u64()));
}

#[test]
fn a_list_of_paths_comes_from_standard_input() {
    use std::io::Write;
    use std::process::{Command, Stdio};
    let out = tempfile::tempdir().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a b.txt");
    fs::write(&file, "Cl. kwam vannacht niet thuis.").unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_signaalbril"))
        .args([
            "scan",
            "-",
            "--out",
            out.path().to_str().unwrap(),
            "--quiet",
            "--top",
            "1",
        ])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    writeln!(child.stdin.take().unwrap(), "{}", file.display()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    let top = String::from_utf8(output.stdout).unwrap();
    assert!(top.contains("laag") && top.contains("a b.txt"), "{top}");
}

#[test]
fn the_csv_opens_in_spreadsheets() {
    let out = scan("samples/dossiers", "2");
    let bytes = fs::read(out.path().join("triage.csv")).unwrap();
    assert!(
        bytes.starts_with(b"\xEF\xBB\xBF"),
        "Excel needs the mark to read UTF-8"
    );
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(b';')
        .from_reader(&bytes[3..]);
    let width = reader.headers().unwrap().len();
    assert!(width > 20);
    assert!(reader.records().all(|r| r.unwrap().len() == width));
}

#[cfg(unix)]
#[test]
fn reports_are_readable_by_the_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let out = scan("samples/dossiers/d10-eva", "1");
    for entry in fs::read_dir(out.path()).unwrap() {
        let mode = entry.unwrap().metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0);
    }
}

#[test]
fn the_html_report_needs_nothing_from_outside() {
    let out = scan("samples/dossiers", "2");
    let html = fs::read_to_string(out.path().join("report.html")).unwrap();
    for outside in ["http://", "https://", "src=\"", "@import", "<link", "url("] {
        assert!(!html.contains(outside), "{outside}");
    }
    assert!(html.contains("Content-Security-Policy"));
}

/// Of a scan nothing is read: two of them are not one document, or decisions and `forget` would reach both.
#[test]
fn documents_without_text_are_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let scanned = super::root().join("samples/dossiers/d05-fleur/gescand.pdf");
    for name in ["a/1.pdf", "a/2.pdf", "b/1.pdf"] {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::copy(&scanned, path).unwrap();
    }
    let out = scan(folder.path().to_str().unwrap(), "1");
    let rows = super::records_in(&out.path().join("documents.jsonl"));
    assert!(rows.iter().all(|r| r["status"] == "needs_ocr"));
    let ids: std::collections::BTreeSet<&str> =
        rows.iter().map(|r| r["id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), 3);
}

/// The next scan is told what the one before was made with; results are no input.
#[test]
fn another_lexicon_and_results_as_input_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).display().to_string();
    fs::create_dir_all(folder.path().join("eigen/signals")).unwrap();
    let term = "id = \"weglopen\"\n[[terms]]\nid = \"eigen\"\npatterns = ['naar de kade']\nmatches = ['Zij ging [[naar de kade]].']\nignores = ['Zij bleef.']\n";
    fs::write(folder.path().join("eigen/signals/weglopen.toml"), term).unwrap();
    fs::write(
        folder.path().join("n.txt"),
        "Zij zegt: ik wil niet meer leven. Cl. kwam niet thuis.",
    )
    .unwrap();
    let run = |arguments: &[&str]| {
        let output = super::program(arguments);
        (
            output.status.code(),
            String::from_utf8(output.stderr).unwrap(),
        )
    };
    let (note, out, overlay) = (at("n.txt"), at("uit"), at("eigen"));
    let (code, told) = run(&["scan", &note, "--out", &out, "--overlay", &overlay]);
    assert_eq!(code, Some(0), "{told}");
    assert!(
        told.contains("LET OP:    signs of suicide risk in: n.txt")
            && !told.contains("another lexicon"),
        "{told}"
    );
    let (_, told) = run(&["scan", &note, "--out", &out]);
    assert!(
        told.contains("another lexicon") && told.contains("overlays now: none"),
        "{told}"
    );
    let (code, told) = run(&["scan", &out, "--out", &at("anders")]);
    assert!(
        code == Some(2) && told.contains("results of a scan"),
        "{told}"
    );
    // One level too deep: its terms would be passed over.
    let (code, told) = run(&["lexicon", "check", "--overlay", &at("eigen/signals")]);
    assert!(
        code == Some(2) && told.contains("no file of a lexicon"),
        "{told}"
    );
}
