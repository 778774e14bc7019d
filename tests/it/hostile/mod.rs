#[cfg(unix)]
mod disk;
mod made;

use std::fs;
use std::path::Path;

const NAMES: [&str; 6] = [
    "documents.jsonl",
    "findings.jsonl",
    "dossiers.jsonl",
    "triage.csv",
    "report.html",
    "run.json",
];

fn documents(out: &Path) -> Vec<serde_json::Value> {
    crate::records_in(&out.join("documents.jsonl"))
}

/// Each bad file is a row with its reason, no other is lost.
#[test]
fn a_folder_of_bad_files_finishes_and_lists_each() {
    let folder = tempfile::tempdir().unwrap();
    let input = folder.path().join("in");
    fs::create_dir_all(input.join("dossier/sub")).unwrap();
    let samples = super::root().join("samples/dossiers");
    let mut copied = 0;
    for entry in walkdir::WalkDir::new(&samples) {
        let path = entry.unwrap().into_path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if ["beschadigd.pdf", "versleuteld.pdf", "gescand.pdf"].contains(&name.as_str()) {
            fs::copy(&path, input.join("dossier").join(&name)).unwrap();
            copied += 1;
        }
    }
    assert_eq!(copied, 3);
    fs::write(input.join("leeg.txt"), "").unwrap();
    fs::write(
        input.join("dossier/goed.txt"),
        "Cl. kwam vannacht niet thuis en draagt ineens dure merkkleding.",
    )
    .unwrap();
    // One line of 50 MB with a signal at its end.
    let mut long = "gewoon een dag op de groep ".repeat(50 * 1024 * 1024 / 27);
    long.push_str("Cl. kwam vannacht niet thuis");
    fs::write(input.join("lang.txt"), long).unwrap();
    fs::write(input.join("dossier/geheim.txt"), "dicht").unwrap();
    fs::write(input.join("dossier/.verborgen.txt"), "verborgen").unwrap();
    #[cfg(unix)]
    let denied = {
        use std::os::unix::fs::PermissionsExt;
        std::os::unix::fs::symlink(input.join("dossier"), input.join("dossier/sub/lus")).unwrap();
        fs::set_permissions(
            input.join("dossier/geheim.txt"),
            fs::Permissions::from_mode(0o000),
        )
        .unwrap();
        // Root reads everything; then the file counts as read.
        fs::read(input.join("dossier/geheim.txt")).is_err()
    };
    #[cfg(not(unix))]
    let denied = false;
    let out = folder.path().join("out");
    let output = super::program(&[
        "scan",
        input.to_str().unwrap(),
        "--out",
        out.to_str().unwrap(),
        "--jobs",
        "2",
    ]);
    assert_eq!(
        output.status.code(),
        Some(1),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    for name in NAMES {
        assert!(out.join(name).exists(), "{name}");
    }
    let rows = documents(&out);
    let status = |name: &str| {
        rows.iter()
            .find(|r| r["path"].as_str().unwrap().ends_with(name))
            .map(|r| r["status"].as_str().unwrap().to_owned())
            .unwrap_or_default()
    };
    assert_eq!(status("beschadigd.pdf"), "damaged");
    assert_eq!(status("versleuteld.pdf"), "encrypted");
    assert_eq!(status("gescand.pdf"), "needs_ocr");
    assert_eq!(status("leeg.txt"), "empty");
    assert_eq!(status("goed.txt"), "ok");
    assert_eq!(status("lang.txt"), "ok");
    assert_eq!(
        status("geheim.txt"),
        if denied { "unreadable" } else { "ok" }
    );
    assert!(
        rows.iter()
            .all(|r| !r["path"].as_str().unwrap().contains("verborgen"))
    );
    assert!(
        rows.iter()
            .filter(|r| r["status"] != "ok")
            .all(|r| r["score"].is_null()
                && r["label"].is_null()
                && !r["reason"].as_str().unwrap().is_empty())
    );
    let long = rows
        .iter()
        .find(|r| r["path"].as_str().unwrap().ends_with("lang.txt"))
        .unwrap();
    assert_eq!(long["label"], "laag");
    // Listed first in the reports that are read from the top.
    let csv = fs::read_to_string(out.join("triage.csv")).unwrap();
    let first_ok = csv.lines().position(|l| l.contains("goed.txt")).unwrap();
    for name in [
        "beschadigd.pdf",
        "versleuteld.pdf",
        "gescand.pdf",
        "leeg.txt",
    ] {
        assert!(
            csv.lines().position(|l| l.contains(name)).unwrap() < first_ok,
            "{name}"
        );
    }
    let html = fs::read_to_string(out.join("report.html")).unwrap();
    let triage = html.find("goed.txt").unwrap();
    for name in [
        "beschadigd.pdf",
        "versleuteld.pdf",
        "gescand.pdf",
        "leeg.txt",
    ] {
        assert!(html.find(name).unwrap() < triage, "{name}");
    }
}

#[test]
fn missing_input_and_bad_flags_are_usage_errors() {
    for arguments in [
        &["scan", "/bestaat/niet"][..],
        &["scan"],
        &["onzin"],
        &["lexicon", "show", "onzin"],
        &["scan", "samples", "--lexicon", "/bestaat/niet"],
    ] {
        let output = super::program(arguments);
        assert_eq!(
            output.status.code(),
            Some(2),
            "{arguments:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        assert!(!output.stderr.is_empty());
    }
}

#[test]
fn an_output_folder_that_cannot_be_made_is_exit_code_3() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("bestand");
    fs::write(&file, "x").unwrap();
    let input = folder.path().join("a.txt");
    fs::write(
        &input,
        "Cl. kwam vannacht niet thuis en draagt ineens dure merkkleding.",
    )
    .unwrap();
    let output = super::program(&[
        "scan",
        input.to_str().unwrap(),
        "--out",
        file.join("out").to_str().unwrap(),
    ]);
    assert_eq!(
        output.status.code(),
        Some(3),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn no_case_text_on_stderr() {
    let folder = tempfile::tempdir().unwrap();
    let input = folder.path().join("a.txt");
    fs::write(
        &input,
        "Cl. heeft een vriend van 27 en draagt dure merkkleding.",
    )
    .unwrap();
    let out = folder.path().join("out");
    let output = super::program(&[
        "scan",
        input.to_str().unwrap(),
        "--out",
        out.to_str().unwrap(),
    ]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(
        !said.contains("merkkleding") && said.contains("documents:"),
        "{said}"
    );
}

#[test]
fn formulas_and_markup_from_documents_stay_harmless() {
    let folder = tempfile::tempdir().unwrap();
    let dossier = folder.path().join("in/=HYPERLINK(1)");
    fs::create_dir_all(&dossier).unwrap();
    fs::write(
        dossier.join("a.txt"),
        "<script>alert(1)</script> Cl. draagt ineens dure <b>merkkleding</b> en kwam niet thuis.",
    )
    .unwrap();
    let out = folder.path().join("out");
    super::program(&[
        "scan",
        folder.path().join("in").to_str().unwrap(),
        "--out",
        out.to_str().unwrap(),
    ]);
    let csv = fs::read_to_string(out.join("triage.csv")).unwrap();
    assert!(
        !csv.contains(";=HYPERLINK") && csv.contains("'=HYPERLINK"),
        "{csv}"
    );
    let html = fs::read_to_string(out.join("report.html")).unwrap();
    assert!(!html.contains("<script>alert(1)") && html.contains("&lt;script&gt;"));
}
