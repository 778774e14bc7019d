//! What was made elsewhere, in a store.

use std::io::Write;
use std::path::{Path, PathBuf};

use flate2::write::GzEncoder;
use serde_json::{Value, json};

use super::{files, joined, notes, overlay, records, run, stream};

struct Place(tempfile::TempDir);

impl Place {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Lines to a file of rows.
    fn rows(&self, name: &str, lines: &[String]) -> PathBuf {
        let (input, out) = (self.path("lines"), self.path(name));
        std::fs::write(&input, joined(lines)).unwrap();
        let output = run(&[
            "stream".as_ref(),
            "--in".as_ref(),
            &input,
            "--out".as_ref(),
            &out,
        ]);
        assert!(output.status.success());
        out
    }

    fn import(&self, rows: &Path) -> (Option<i32>, String) {
        let output = run(&["import".as_ref(), rows, &self.path("store")]);
        (
            output.status.code(),
            String::from_utf8(output.stderr).unwrap(),
        )
    }

    fn refused(&self, rows: &Path) -> String {
        let (code, said) = self.import(rows);
        assert_eq!(code, Some(2), "{said}");
        said
    }

    /// The folder that the Spark driver leaves, in two parts.
    fn job(&self, lines: &[String]) -> PathBuf {
        let job = self.path("job");
        for name in ["rows", "run"] {
            std::fs::create_dir_all(job.join(name)).unwrap();
        }
        let rows = String::from_utf8(stream(joined(lines).as_bytes(), &[]).stdout).unwrap();
        let rows: Vec<&str> = rows.lines().collect();
        let (first, second) = rows.split_at(rows.len() / 3);
        std::fs::write(job.join("rows/part-00001-x.txt"), first.join("\n") + "\n").unwrap();
        let packed = std::fs::File::create(job.join("rows/part-00000-x.txt.gz")).unwrap();
        let mut packed = GzEncoder::new(packed, flate2::Compression::fast());
        packed
            .write_all((second.join("\n") + "\n").as_bytes())
            .unwrap();
        packed.finish().unwrap();
        let about = stream(b"", &["--describe"]).stdout;
        let mut about: Value = serde_json::from_slice(&about).unwrap();
        about["rows"] = json!(rows.len());
        std::fs::write(job.join("run/part-00000.txt"), about.to_string()).unwrap();
        for name in ["rows", "run"] {
            std::fs::write(job.join(name).join("_SUCCESS"), "").unwrap();
        }
        job
    }
}

#[test]
fn an_import_is_a_scan_made_elsewhere() {
    let place = Place::new();
    let mut lines = notes(90);
    lines.extend(files("pdf"));
    let rows = place.rows("rows.jsonl", &lines);
    let (code, said) = place.import(&rows);
    // Some of the samples cannot be read.
    assert_eq!(code, Some(1), "{said}");
    let store = place.path("store");
    let dossiers = records(&store.join("dossiers.jsonl"));
    let input = place.path("n.jsonl");
    std::fs::write(&input, joined(&notes(90))).unwrap();
    let samples = super::super::root().join("samples/dossiers");
    let scanned = place.path("scanned");
    let out = "--out".as_ref();
    run(&["scan".as_ref(), &input, out, &scanned]);
    let expected = records(&scanned.join("dossiers.jsonl"));
    assert_eq!(expected.len(), 15);
    for dossier in &expected {
        assert!(dossiers.contains(dossier), "{}", dossier["dossier"]);
    }
    for file in ["report.html", "triage.csv", "run.json"] {
        assert!(store.join(file).is_file());
    }
    let unread = records(&store.join("documents.jsonl"));
    let unread: Vec<&Value> = unread
        .iter()
        .filter(|d| d["score"].is_null() && d["format"] == "pdf")
        .collect();
    let of_samples = run(&["scan".as_ref(), &samples, out, &place.path("samples")]);
    assert_eq!(of_samples.status.code(), Some(1));
    let same = records(&place.path("samples/documents.jsonl"));
    let pdfs = same
        .iter()
        .filter(|d| d["format"] == "pdf" && d["score"].is_null());
    assert_eq!(unread.len(), pdfs.count());

    // What a store is for works on it.
    let told = run(&[
        "evaluate".as_ref(),
        "--elusion".as_ref(),
        &store,
        "--size".as_ref(),
        "3".as_ref(),
    ]);
    assert!(
        told.status.success(),
        "{}",
        String::from_utf8_lossy(&told.stderr)
    );
    assert_eq!(String::from_utf8(told.stdout).unwrap().lines().count(), 4);
    let told = run(&[
        "text".as_ref(),
        "n000001".as_ref(),
        "--store".as_ref(),
        &store,
    ]);
    assert_eq!(told.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&told.stderr).contains("was read elsewhere"));
    // A scan into the same folder leaves it alone.
    run(&["scan".as_ref(), &samples, out, &store]);
    let both = records(&store.join("dossiers.jsonl"));
    assert!(expected.iter().all(|d| both.contains(d)));
    run(&[
        "forget".as_ref(),
        &store,
        "--dossier".as_ref(),
        "c00003".as_ref(),
    ]);
    let left = records(&store.join("dossiers.jsonl"));
    assert_eq!(both.len() - 1, left.len());
}

#[test]
fn a_second_import_replaces_the_first() {
    let place = Place::new();
    let lines = notes(40);
    let rows = place.rows("rows.jsonl", &lines);
    assert_eq!(place.import(&rows).0, Some(0));
    let documents = || records(&place.path("store/documents.jsonl"));
    let first = documents();
    assert_eq!(first.len(), 40);
    place.import(&rows);
    assert_eq!(documents(), first);
    let mut others = lines[5..].to_vec();
    others.push(
        json!({"id": "nieuw", "dossier": "c00000", "text": "Ze is gisteren weggelopen."})
            .to_string(),
    );
    place.rows("rows.jsonl", &others);
    place.import(&rows);
    let paths: Vec<Value> = documents().iter().map(|d| d["path"].clone()).collect();
    assert_eq!(paths.len(), 36);
    assert!(paths.contains(&json!("nieuw")) && !paths.contains(&json!("n000004")));
    let all = place.rows("all.jsonl", &others);
    // From another path, too.
    place.import(&all);
    assert_eq!(documents().len(), 36);
    let fresh = Place::new();
    fresh.import(&all);
    let dossiers = |place: &Place| {
        let mut list = records(&place.path("store/dossiers.jsonl"));
        list.sort_by_key(|d| d["dossier"].to_string());
        list
    };
    assert_eq!(dossiers(&place), dossiers(&fresh));
    // Under another name it stands beside it.
    let others = place.rows(
        "others.jsonl",
        &[json!({"id": "anders", "text": "Rustig."}).to_string()],
    );
    let store = place.path("store");
    run(&[
        "import".as_ref(),
        &others,
        &store,
        "--as".as_ref(),
        "anders".as_ref(),
    ]);
    assert_eq!(documents().len(), 37);
    place.import(&all);
    assert_eq!(documents().len(), 37);
    let left = store.read_dir().unwrap().flatten();
    assert!(
        left.into_iter()
            .all(|e| !e.file_name().to_string_lossy().starts_with('.') || e.file_name() == ".lock")
    );
}

#[test]
fn a_job_of_spark_is_taken_in_whole_or_not_at_all() {
    let place = Place::new();
    let lines = notes(60);
    let job = place.job(&lines);
    assert_eq!(place.import(&job).0, Some(0));
    let from_job = records(&place.path("store/documents.jsonl"));
    let other = Place::new();
    other.import(&other.rows("rows.jsonl", &lines));
    assert_eq!(records(&other.path("store/documents.jsonl")), from_job);

    let place = Place::new();
    let job = place.job(&lines);
    let part = job.join("rows/part-00001-x.txt");
    let kept = std::fs::read_to_string(&part).unwrap();
    std::fs::write(&part, kept.split_once('\n').unwrap().1).unwrap();
    assert!(
        place
            .refused(&job)
            .contains("59 rows, but there should be 60")
    );
    let twice = format!(
        "{}\n{}",
        kept.lines().next().unwrap(),
        kept.split_once('\n').unwrap().1
    );
    let second = twice.lines().nth(1).unwrap();
    std::fs::write(
        &part,
        format!("{second}\n{}", kept.split_once('\n').unwrap().1),
    )
    .unwrap();
    assert!(place.refused(&job).contains("two rows have the same id"));
    std::fs::write(&part, kept.replacen("\"engine\":\"", "\"engine\":\"0", 1)).unwrap();
    assert!(place.refused(&job).contains("made with other settings"));
    std::fs::write(&part, kept.replacen('{', "", 1)).unwrap();
    assert!(place.refused(&job).contains("no row of signaalbril"));
    std::fs::write(&part, &kept).unwrap();
    std::fs::rename(job.join("run"), job.join("runx")).unwrap();
    assert!(place.refused(&job).contains("no folder run"));
    std::fs::rename(job.join("runx"), job.join("run")).unwrap();
    std::fs::remove_file(job.join("rows/_SUCCESS")).unwrap();
    assert!(place.refused(&job).contains("no rows/_SUCCESS"));
    assert!(!place.path("store/documents.jsonl").exists());
}

#[test]
fn rows_that_are_not_complete_or_of_another_lexicon_are_refused() {
    let place = Place::new();
    let lines = notes(12);
    let bare = place.path("bare.jsonl");
    std::fs::write(&bare, stream(joined(&lines).as_bytes(), &[]).stdout).unwrap();
    assert!(place.refused(&bare).contains("complete only with the file"));
    assert!(place.refused(&place.path("weg")).contains("does not exist"));
    let folder = tempfile::tempdir().unwrap();
    overlay(folder.path());
    let (input, out) = (place.path("lines"), place.path("other.jsonl"));
    std::fs::write(&input, joined(&lines)).unwrap();
    let arguments = ["stream", "--overlay"].map(Path::new);
    let [command, option] = arguments;
    run(&[
        command,
        option,
        folder.path(),
        "--in".as_ref(),
        &input,
        "--out".as_ref(),
        &out,
    ]);
    assert!(
        place
            .refused(&out)
            .contains("use that program, and its --lexicon and --overlay")
    );
    let store = place.path("store");
    let output = run(&["import".as_ref(), &out, &store, option, folder.path()]);
    assert_eq!(output.status.code(), Some(0));
    // Rows of dossiers are none of documents.
    let rows = stream(joined(&lines).as_bytes(), &[]).stdout;
    let documents: Vec<Value> = super::parsed(&rows);
    let line = json!({"id": "c", "documents": documents}).to_string();
    let dossiers = place.rows("dossiers.jsonl", &[line]);
    assert!(place.refused(&dossiers).contains("rows of dossiers"));
}
