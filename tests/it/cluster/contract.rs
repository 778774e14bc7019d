//! One line in, one row out, whatever the line.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use super::{files, joined, notes, parsed, rows, start, stream};

fn codes(rows: &[Value]) -> Vec<&str> {
    rows.iter()
        .map(|r| r["error"].as_str().unwrap_or("-"))
        .collect()
}

#[test]
fn every_line_has_one_row_in_order() {
    let lines: [&[u8]; 12] = [
        "\u{FEFF}{\"id\":\"1\",\"text\":\"Cl. kwam niet thuis.\"}\r\n".as_bytes(),
        b"\n",
        b"geheim\n",
        b"{\"id\":\"4\",\"text\":\"geheim \xff\"}\n",
        "{\"id\":\"5\",\"text\":\"Eerste\u{2028}tweede dag, rustig.\"}\n".as_bytes(),
        b"{\"text\":\"geheim\"}\n",
        b"{\"id\":\"7\",\"text\":\"\"}\n",
        b"{\"id\":\"8\",\"pdf_b64\":\"JVBERi0xLjcgZ2VoZWlt\"}\n",
        b"{\"id\":\"9\",\"text\":\"geheim\",\"documents\":[]}\n",
        b"{\"id\":\"10\",\"text\":\"The girl was seen with him again and she did not come home that night, we are worried about her.\"}\n",
        b"{\"id\":\"11\",\"text\":\"Rustig.\",\"unknown\":[1]} \n",
        b"{\"id\":\"12\",\"text\":\"Zonder regeleinde.\"}",
    ];
    let output = stream(&lines.concat(), &[]);
    assert_eq!(output.status.code(), Some(0));
    let found = parsed(&output.stdout);
    let ids: Vec<Option<&str>> = found.iter().map(|r| r["id"].as_str()).collect();
    let expected = ["1", "", "", "", "5", "", "7", "8", "9", "10", "11", "12"];
    let expected = expected.map(|id| Some(id).filter(|id| !id.is_empty()));
    assert_eq!(ids, expected);
    assert_eq!(
        codes(&found),
        [
            "-",
            "bad_json",
            "bad_json",
            "not_utf8",
            "-",
            "no_id",
            "empty",
            "damaged",
            "no_text",
            "not_dutch",
            "-",
            "-"
        ]
    );
    for (number, row) in (1..).zip(&found) {
        let failed = row["error"].is_string();
        assert_eq!(row["score"].is_null(), failed, "{number}");
        assert_eq!(row["label"].is_null(), failed, "{number}");
        let numbered = row["id"].is_null();
        assert_eq!(row["line"].as_u64(), numbered.then_some(number));
    }
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(
        said,
        "12 row(s), 8 with an error: bad_json 2, damaged 1, empty 1, no_id 1, no_text 1, not_dutch 1, not_utf8 1\n"
    );
    assert!(!String::from_utf8(output.stdout).unwrap().contains("geheim"));
    let strict = stream(&lines.concat(), &["--strict", "--quiet"]);
    assert_eq!(strict.status.code(), Some(1));
    assert_eq!(parsed(&strict.stdout), found);
    assert!(strict.stderr.is_empty());
    assert_eq!(stream(lines[0], &["--strict"]).status.code(), Some(0));
}

#[test]
fn threads_change_nothing() {
    let mut lines = notes(300);
    lines.extend(files("pdf"));
    lines.insert(7, String::new());
    let input = joined(&lines);
    let one = stream(input.as_bytes(), &[]).stdout;
    assert_eq!(parsed(&one).len(), lines.len());
    for jobs in ["2", "8"] {
        assert!(stream(input.as_bytes(), &["--jobs", jobs]).stdout == one);
    }
}

#[test]
fn rows_are_those_of_a_scan() {
    let folder = tempfile::tempdir().unwrap();
    let lines = notes(120);
    let export = folder.path().join("n.jsonl");
    std::fs::write(&export, joined(&lines)).unwrap();
    let input = super::super::root().join("samples/dossiers");
    for (input, lines, before) in [
        (export.as_path(), lines, format!("{}#", export.display())),
        (&input, files("pdf"), format!("{}/", input.display())),
    ] {
        let out = folder.path().join(lines.len().to_string());
        let output = super::run(&["scan".as_ref(), input, "--out".as_ref(), &out]);
        assert!(output.status.code().is_some_and(|c| c < 2));
        let documents = super::records(&out.join("documents.jsonl"));
        let findings = super::records(&out.join("findings.jsonl"));
        for row in rows(&joined(&lines), &[]) {
            let id = row["id"].as_str().unwrap();
            let path = format!("{before}{id}");
            let mut document = documents
                .iter()
                .find(|d| d["path"] == path.as_str())
                .cloned();
            let document = document.as_mut().unwrap();
            assert_eq!(
                row["document"]["format"].as_str().map(str::len),
                Some(if before.ends_with('#') { 4 } else { 3 })
            );
            for (name, value) in document.as_object().unwrap() {
                // Of what was not read the id follows from the path.
                let apart = ["path", "format"].contains(&name.as_str())
                    || name == "id" && row["score"].is_null();
                assert!(apart || row["document"][name] == *value, "{id}: {name}");
            }
            // A file that is there twice has the same findings twice.
            let own: Vec<&Value> = findings
                .iter()
                .filter(|f| f["document"] == document["id"] && f["dossier"] == document["dossier"])
                .collect();
            let of_row = row["findings"].as_array().unwrap();
            assert!(of_row.is_empty() == own.is_empty());
            assert!(of_row.iter().all(|f| own.contains(&f)), "{id}");
        }
    }
}

#[test]
fn a_line_that_is_too_long_is_passed_over() {
    let mut child = start(&[]);
    let mut stdin = child.stdin.take().unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    let feeder = std::thread::spawn(move || {
        let block = vec![b'a'; 1 << 20];
        stdin
            .write_all(b"{\"id\":\"een\",\"text\":\"Rustig.\"}\n{\"id\":\"twee\",\"text\":\"")
            .unwrap();
        for _ in 0..65 {
            stdin.write_all(&block).unwrap();
        }
        stdin
            .write_all(b"\"}\n{\"id\":\"drie\",\"text\":\"Rustig.\"}\n")
            .unwrap();
        stdin
    });
    let mut row = || {
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        serde_json::from_str::<Value>(&line).unwrap()
    };
    let rows = [row(), row(), row()];
    assert_eq!(codes(&rows), ["-", "too_long", "-"]);
    assert_eq!(
        (&rows[1]["id"], &rows[1]["line"]),
        (&Value::Null, &json!(2))
    );
    assert_eq!(rows[2]["id"], "drie");
    // What is kept of a line is not much more than its limit.
    if let Ok(status) = std::fs::read_to_string(format!("/proc/{}/status", child.id())) {
        let peak = status
            .lines()
            .find_map(|l| l.strip_prefix("VmHWM:"))
            .unwrap();
        let kilobytes: u64 = peak.trim().trim_end_matches(" kB").parse().unwrap();
        assert!(kilobytes < 400 << 10, "{kilobytes} kB");
    }
    drop(feeder.join().unwrap());
    assert!(child.wait().unwrap().success());
}

#[test]
fn rows_do_not_wait_for_more_lines() {
    let mut child = start(&["--jobs", "2"]);
    let mut stdin = child.stdin.take().unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    for n in 0..3 {
        // Half of the next line is on its way, too.
        let line = format!("{{\"id\":\"{n}\",\"text\":\"Rustig.\"}}\n{{\"id\":");
        let from = if n == 0 { 0 } else { 6 };
        stdin.write_all(&line.as_bytes()[from..]).unwrap();
        let mut row = String::new();
        stdout.read_line(&mut row).unwrap();
        assert_eq!(
            serde_json::from_str::<Value>(&row).unwrap()["id"],
            n.to_string().as_str()
        );
    }
    drop(stdin);
    let mut rest = String::new();
    std::io::Read::read_to_string(&mut stdout, &mut rest).unwrap();
    // The half line is one, too.
    assert_eq!(codes(&parsed(rest.as_bytes())), ["bad_json"]);
    assert!(child.wait().unwrap().success());
}

#[test]
fn when_nobody_reads_it_ends_quietly_and_not_well() {
    let mut child = start(&[]);
    let mut stdin = child.stdin.take().unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    let line = b"{\"id\":\"a\",\"text\":\"Rustig.\"}\n";
    stdin.write_all(line).unwrap();
    stdout.read_line(&mut String::new()).unwrap();
    drop(stdout);
    while stdin.write_all(line).is_ok() {}
    let output = child.wait_with_output().unwrap();
    assert_eq!(
        (output.status.code(), output.stderr.as_slice()),
        (Some(3), &b""[..])
    );
}

#[test]
fn a_full_disk_is_told() {
    let Ok(full) = std::fs::OpenOptions::new().write(true).open("/dev/full") else {
        eprintln!("skipped: no /dev/full");
        return;
    };
    let mut child = Command::new(env!("CARGO_BIN_EXE_signaalbril"))
        .arg("stream")
        .stdin(Stdio::piped())
        .stdout(full)
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin
        .write_all(b"{\"id\":\"a\",\"text\":\"Rustig.\"}\n")
        .unwrap();
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(3));
    assert!(
        String::from_utf8(output.stderr)
            .unwrap()
            .contains("write the rows")
    );
}

#[test]
fn another_lexicon_than_the_pin_reads_no_line() {
    let about = stream(b"", &["--describe"]);
    let about: Value = serde_json::from_slice(&about.stdout).unwrap();
    let hash = about["lexicon"].as_str().unwrap();
    let line = b"{\"id\":\"a\",\"text\":\"Rustig.\"}\n";
    let output = stream(line, &["--pin", hash]);
    assert_eq!(output.status.code(), Some(0));
    let row = parsed(&output.stdout).remove(0);
    for name in ["program", "lexicon", "engine"] {
        assert_eq!(row[name], about[name]);
    }
    let folder = tempfile::tempdir().unwrap();
    super::overlay(folder.path());
    let overlay = folder.path().to_str().unwrap();
    for arguments in [
        vec!["--pin", "0123456789abcdef"],
        vec!["--pin", hash, "--overlay", overlay],
    ] {
        let output = stream(line, &arguments);
        assert_eq!(
            output.status.code(),
            Some(2),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        assert!(output.stdout.is_empty());
        assert!(String::from_utf8_lossy(&output.stderr).contains("no line was read"));
    }
}

#[test]
fn what_fails_costs_its_own_row() {
    let sample =
        super::super::root().join("samples/dossiers/d05-fleur/2023-12-05-overlegverslag.pdf");
    let sample = std::fs::read(sample).unwrap();
    let pdf = |fault: &str| {
        use base64::Engine as _;
        let bytes = [&sample[..], format!("\n%fault:{fault}\n").as_bytes()].concat();
        base64::engine::general_purpose::STANDARD.encode(bytes)
    };
    let mut lines = Vec::new();
    for fault in ["no", "panic", "stack", "memory", "hang"] {
        lines.push(json!({"id": format!("d/{fault}.pdf"), "pdf_b64": pdf(fault)}).to_string());
        lines.push(json!({"id": format!("na {fault}"), "text": "Rustige dag."}).to_string());
    }
    lines.push(json!({"id": "x", "text": "geheim %fault:panic"}).to_string());
    lines.push(json!({"id": "na x", "text": "Rustige dag."}).to_string());
    let output = stream(
        joined(&lines).as_bytes(),
        &["--faults", "--max-seconds", "1", "--max-memory-mb", "1024"],
    );
    assert_eq!(output.status.code(), Some(0));
    let rows = parsed(&output.stdout);
    assert_eq!(
        codes(&rows),
        [
            "-",
            "-",
            "panic",
            "-",
            "panic",
            "-",
            "too_large",
            "-",
            "timeout",
            "-",
            "panic",
            "-"
        ]
    );
    assert!(!String::from_utf8_lossy(&output.stderr).contains("geheim"));
    let reading = "d/no.pdf";
    assert_eq!(rows[0]["document"]["path"], reading);
    assert_eq!(rows[0]["document"]["dossier"], "d");
    assert!(!rows[0]["findings"].as_array().unwrap().is_empty());
}

#[test]
fn a_file_is_one_document_of_any_format() {
    let root = super::super::root().join("samples/formats");
    let mut seen = Vec::new();
    for extension in ["docx", "odt", "rtf", "html", "zip", "csv"] {
        let found = walkdir::WalkDir::new(&root)
            .sort_by_file_name()
            .into_iter()
            .find_map(|e| {
                let path = e.unwrap().into_path();
                path.extension()
                    .is_some_and(|e| e == extension)
                    .then_some(path)
            });
        let Some(path) = found else { continue };
        use base64::Engine as _;
        let bytes = base64::engine::general_purpose::STANDARD.encode(std::fs::read(&path).unwrap());
        let line = json!({"id": path.file_name().unwrap().to_str().unwrap(), "file_b64": bytes});
        let row = rows(&format!("{line}\n"), &[]).remove(0);
        seen.push((extension, row["error"].as_str().unwrap_or("-").to_owned()));
    }
    let expected = [
        ("docx", "-"),
        ("odt", "-"),
        ("rtf", "-"),
        ("html", "-"),
        ("zip", "unsupported"),
        ("csv", "unsupported"),
    ];
    let expected = expected.map(|(e, code)| (e, code.to_owned()));
    assert_eq!(seen, expected);
}

#[test]
fn a_file_is_under_the_name_and_dossier_of_its_line() {
    use base64::Engine as _;
    let encode = |bytes: &[u8]| base64::engine::general_purpose::STANDARD.encode(bytes);
    let csv = encode(b"clientnummer;datum;notitie\nA;02-03-2024;Zij is weggelopen van de groep.\n");
    let mail =
        std::fs::read(super::super::root().join("samples/formats/bijlagen-dossier.eml")).unwrap();
    let lines = [
        json!({"id": "K/een.csv", "dossier": "K9", "file_b64": csv}),
        json!({"id": "K/mail.eml", "date": "2024-03-05", "file_b64": encode(&mail)}),
    ];
    let found = rows(&format!("{}\n{}\n", lines[0], lines[1]), &[]);
    let document = |n: usize, name: &str| found[n]["document"][name].clone();
    assert_eq!(
        (document(0, "path"), document(0, "dossier")),
        (json!("K/een.csv"), json!("K9"))
    );
    assert!(
        found[0]["findings"]
            .as_array()
            .unwrap()
            .iter()
            .all(|f| f["dossier"] == "K9")
    );
    // The message is read, its attachments are said to be missing.
    assert_eq!(
        (document(1, "path"), document(1, "status")),
        (json!("K/mail.eml"), json!("partial"))
    );
    assert_eq!(
        (document(1, "dossier"), document(1, "date")),
        (json!("K"), json!("2024-03-05"))
    );
    assert!(
        found[1]["detail"]
            .as_str()
            .unwrap()
            .contains("inside were not read")
    );
}

#[test]
fn without_snippets_no_words_leave() {
    let line = json!({"id": "a", "text": "Haar vriend van 26 haalt haar op bij het hotel, moeder vertelt dat ze liep weg."});
    let with = stream(format!("{line}\n").as_bytes(), &[]).stdout;
    let without = stream(format!("{line}\n").as_bytes(), &["--snippets", "none"]).stdout;
    let count = |rows: &[u8]| parsed(rows)[0]["findings"].as_array().unwrap().len();
    assert_eq!(count(&with), count(&without));
    let (with, without) = (
        String::from_utf8(with).unwrap(),
        String::from_utf8(without).unwrap(),
    );
    assert!(with.contains("vriend van 26"));
    for word in ["vriend van 26", "haalt haar", "het hotel", "vertelt"] {
        assert!(!without.contains(word), "{word}");
    }
}

#[test]
fn rows_of_a_dossier_are_scored_together() {
    let lines = notes(60);
    let found = rows(&joined(&lines), &[]);
    let mut dossiers = Vec::new();
    for n in 0..10 {
        let name = format!("c{n:05}");
        // In any order.
        let of: Vec<&Value> = found
            .iter()
            .rev()
            .filter(|r| r["document"]["dossier"] == name.as_str())
            .collect();
        assert_eq!(of.len(), 6);
        dossiers.push(json!({"id": name, "documents": of}).to_string());
    }
    let scored = rows(&joined(&dossiers), &["--jobs", "2"]);
    let folder = tempfile::tempdir().unwrap();
    let (input, out) = (folder.path().join("n.jsonl"), folder.path().join("uit"));
    std::fs::write(&input, joined(&lines)).unwrap();
    super::run(&["scan".as_ref(), &input, "--out".as_ref(), &out]);
    let expected = super::records(&out.join("dossiers.jsonl"));
    assert_eq!(expected.len(), 10);
    for record in expected {
        let row = scored
            .iter()
            .find(|r| r["id"] == record["dossier"])
            .unwrap();
        assert_eq!(row["dossier"], record);
        assert_eq!(
            (&row["score"], &row["error"]),
            (&record["score"], &Value::Null)
        );
    }
    // Rows that were made with something else are no part of it.
    let mut row = found[0].clone();
    row["engine"] = json!("0123456789abcdef");
    let line = json!({"id": "c", "documents": [found[1], row]});
    let refused = rows(&format!("{line}\n"), &[]);
    assert_eq!(codes(&refused), ["other_engine"]);
    assert_eq!(refused[0]["score"], Value::Null);
    let unread = json!({"id": "d", "documents": rows("{\"id\":\"d/leeg\",\"text\":\"\"}\n", &[])});
    assert_eq!(codes(&rows(&format!("{unread}\n"), &[])), ["unread"]);
}

#[cfg(target_os = "linux")]
#[test]
fn a_killed_stream_leaves_no_process_behind() {
    let mut child = start(&[]);
    let mut stdin = child.stdin.take().unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    stdin
        .write_all(format!("{}\n", files("pdf")[0]).as_bytes())
        .unwrap();
    stdout.read_line(&mut String::new()).unwrap();
    let id = child.id();
    let tasks = std::fs::read_dir(format!("/proc/{id}/task")).unwrap();
    let workers: String = tasks
        .map(|t| std::fs::read_to_string(t.unwrap().path().join("children")).unwrap_or_default())
        .collect();
    let workers: Vec<&str> = workers.split_whitespace().collect();
    assert_eq!(workers.len(), 1, "a PDF is read by a process of its own");
    child.kill().unwrap();
    child.wait().unwrap();
    let is_there = || {
        let status = std::fs::read_to_string(format!("/proc/{}/status", workers[0]));
        status.is_ok_and(|s| !s.contains("State:\tZ"))
    };
    for _ in 0..200 {
        if !is_there() {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    panic!("the process that reads PDFs lives on");
}
