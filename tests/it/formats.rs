//! The text of every format against the text that the samples were made of; containers, exports, wrong names, hostile files.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rand::{Rng, SeedableRng};
use rand_pcg::Pcg64;
use serde_json::Value;
use signaalbril::extract::{Mapping, Settings, Source, from_bytes};
use signaalbril::{Document, Status};

use super::words::scores;

fn folder() -> PathBuf {
    super::root().join("samples/formats")
}

fn samples() -> Vec<Value> {
    let text = std::fs::read_to_string(folder().join("manifest.json")).unwrap();
    let value: Value = serde_json::from_str(&text).unwrap();
    value["files"].as_array().unwrap().clone()
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_default()
}

fn expected(name: &str) -> String {
    std::fs::read_to_string(folder().join(name)).unwrap()
}

/// Settings as a user would have them: one sample needs a mapping.
fn settings() -> Settings {
    let mapping =
        "name = \"pijp\"\n[columns]\ndate = \"dd\"\ndossier = \"ref\"\ntext = \"wat_er_speelde\"\n";
    Settings {
        mappings: vec![Mapping::parse(mapping, "pijp.toml").unwrap()],
        ..Settings::default()
    }
}

fn read(name: &str, bytes: &[u8], settings: &Settings) -> Vec<Document> {
    let mut documents = Vec::new();
    from_bytes(bytes, Source::new(name, "dossier"), settings, &mut |d| {
        documents.push(d)
    });
    documents
}

fn read_sample(sample: &Value) -> Vec<Document> {
    let name = text(sample, "path");
    let bytes = std::fs::read(folder().join(name)).unwrap();
    read(name, &bytes, &settings())
}

/// The documents of a file itself: without those inside it, and of an export those with notes.
fn own<'d>(sample: &Value, documents: &'d [Document]) -> Vec<&'d Document> {
    let name = text(sample, "path");
    let rows = format!("{name}#");
    let of_sheet = |d: &Document| d.quality.iter().any(|q| q == "no_text_column");
    let is_export = !sample["rows"].is_null();
    documents
        .iter()
        .filter(|d| d.path == name || d.path.starts_with(&rows))
        .filter(|d| !(is_export && of_sheet(d)))
        .collect()
}

fn joined(documents: &[&Document]) -> String {
    let texts: Vec<&str> = documents.iter().map(|d| d.text.as_str()).collect();
    texts.join("\n\n")
}

#[test]
fn the_manifest_lists_every_file() {
    let listed: BTreeSet<String> = samples()
        .iter()
        .flat_map(|s| [text(s, "path").to_owned(), text(s, "text").to_owned()])
        .chain(samples().iter().flat_map(|s| {
            let inside = s["documents"].as_array().cloned().unwrap_or_default();
            inside
                .iter()
                .map(|d| text(d, "text").to_owned())
                .collect::<Vec<_>>()
        }))
        .collect();
    let about = ["README.md", "make.py", "manifest.json"];
    for entry in std::fs::read_dir(folder()).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        let is_listed = listed.contains(&name) || about.contains(&name.as_str());
        assert!(is_listed || entry.path().is_dir(), "{name}");
    }
}

#[test]
fn samples_come_out_as_they_were_written() {
    let mut by_format: BTreeMap<String, Vec<[f64; 3]>> = BTreeMap::new();
    let mut low = Vec::new();
    for sample in samples() {
        let documents = read_sample(&sample);
        let format = text(&sample, "format").to_owned();
        let own = own(&sample, &documents);
        if text(&sample, "status") != "ok" || matches!(format.as_str(), "zip" | "mbox") {
            continue;
        }
        assert!(
            own.iter()
                .all(|d| d.status == Status::Ok && d.format == format),
            "{sample} {own:?}"
        );
        let scores = scores(&expected(text(&sample, "text")), &joined(&own));
        if scores[0] < 0.98 || scores[1] < 0.98 {
            low.push((text(&sample, "path").to_owned(), scores));
        }
        by_format.entry(format).or_default().push(scores);
    }
    for (format, list) in &by_format {
        let mean = |n: usize| list.iter().map(|s| s[n]).sum::<f64>() / list.len() as f64;
        let [recall, precision, order] = [mean(0), mean(1), mean(2)];
        println!(
            "{format:5} {:2} files: recall {recall:.4}, precision {precision:.4}, order {order:.4}",
            list.len()
        );
        if recall < 0.995 || precision < 0.99 {
            low.push((format.clone(), [recall, precision, order]));
        }
    }
    assert!(low.is_empty(), "{low:#?}");
    let most = [
        "docx", "odt", "rtf", "html", "eml", "msg", "csv", "xlsx", "xls", "ods",
    ];
    assert!(
        most.iter()
            .all(|f| by_format.get(*f).is_some_and(|l| l.len() >= 3))
    );
}

#[test]
fn what_lies_inside_comes_out_too() {
    let mut seen = 0;
    for sample in samples() {
        let name = text(&sample, "path");
        let documents = read_sample(&sample);
        for inside in sample["documents"].as_array().into_iter().flatten() {
            let separator = if text(&sample, "format") == "mbox" {
                "#"
            } else {
                "/"
            };
            let path = format!("{name}{separator}{}", text(inside, "path"));
            let rows = format!("{path}#");
            let found: Vec<&Document> = documents
                .iter()
                .filter(|d| d.path == path || d.path.starts_with(&rows))
                .collect();
            assert!(!found.is_empty(), "{path} is not in {documents:?}");
            let expected = expected(text(inside, "text"));
            if expected.trim().is_empty() {
                continue;
            }
            let scores = scores(&expected, &joined(&found));
            assert!(scores[0] >= 0.99 && scores[1] >= 0.98, "{path} {scores:?}");
            seen += 1;
        }
    }
    assert!(seen > 15, "{seen}");
}

#[test]
fn what_is_not_read_has_its_reason() {
    for sample in samples() {
        let status = text(&sample, "status");
        if status == "ok" {
            continue;
        }
        let documents = read_sample(&sample);
        let with = |wanted: &str| {
            documents
                .iter()
                .filter(|d| d.status.as_str() == wanted)
                .count()
        };
        assert!(with(status) > 0, "{sample} {documents:?}");
        assert!(
            documents
                .iter()
                .all(|d| d.status.is_scored() || !d.status_detail.is_empty())
        );
        // With its password it opens.
        if let Some(password) = sample["password"].as_str() {
            let mut settings = settings();
            settings.passwords = vec![password.as_bytes().to_vec()];
            let name = text(&sample, "path");
            let bytes = std::fs::read(folder().join(name)).unwrap();
            assert!(
                read(name, &bytes, &settings)
                    .iter()
                    .all(|d| d.status == Status::Ok)
            );
        }
    }
}

#[test]
fn rows_of_exports_have_their_dossier_and_date() {
    let mut seen = 0;
    for sample in samples() {
        let Some(rows) = sample["rows"].as_array() else {
            continue;
        };
        let documents = read_sample(&sample);
        let own = own(&sample, &documents);
        let found: Vec<(String, String, String)> = own
            .iter()
            .map(|d| {
                let date = d.date.map(|d| d.to_string()).unwrap_or_default();
                (d.dossier.clone(), date, d.text.chars().take(15).collect())
            })
            .collect();
        let expected: Vec<(String, String, String)> = rows
            .iter()
            .map(|r| {
                let start = text(r, "text").chars().take(15).collect();
                (
                    text(r, "dossier").to_owned(),
                    text(r, "date").to_owned(),
                    start,
                )
            })
            .collect();
        assert_eq!(found, expected, "{}", text(&sample, "path"));
        seen += rows.len();
    }
    assert!(seen > 50, "{seen}");
}

/// Every sample cut off at many places and with bytes turned over: documents with a status, no failure, in time.
#[test]
fn broken_files_end_with_a_status() {
    let mut random = Pcg64::seed_from_u64(7);
    let settings = settings();
    let (mut tried, mut slowest) = (0, Duration::ZERO);
    for sample in samples() {
        let name = text(&sample, "path");
        let bytes = std::fs::read(folder().join(name)).unwrap();
        let mut broken: Vec<Vec<u8>> = (0..12)
            .map(|n| bytes[..bytes.len() * n / 12].to_vec())
            .collect();
        for _ in 0..24 {
            let mut copy = bytes.clone();
            for _ in 0..random.random_range(1..20) {
                let at = random.random_range(0..copy.len());
                copy[at] = random.random();
            }
            broken.push(copy);
        }
        for copy in broken {
            let start = Instant::now();
            let documents = read(name, &copy, &settings);
            slowest = slowest.max(start.elapsed());
            assert!(!documents.is_empty(), "{name}");
            let failed = documents
                .iter()
                .filter(|d| d.status == Status::Panic)
                .count();
            assert_eq!(failed, 0, "{name}");
            tried += 1;
        }
    }
    println!("{tried} broken files, slowest {slowest:?}");
    assert!(tried > 1500 && slowest < Duration::from_secs(20));
}

pub(super) fn zipped(parts: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        writer
            .start_file(*name, zip::write::SimpleFileOptions::default())
            .unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn workbook(sheet: &str, strings: Vec<u8>) -> Vec<u8> {
    let part = |text: &str| text.as_bytes().to_vec();
    zipped(&[
        (
            "[Content_Types].xml",
            part(
                "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Override PartName=\"/xl/workbook.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml\"/></Types>",
            ),
        ),
        (
            "_rels/.rels",
            part(
                "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"r1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>",
            ),
        ),
        (
            "xl/workbook.xml",
            part(
                "<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets><sheet name=\"Blad1\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>",
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            part(
                "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"r1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"r2\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings\" Target=\"sharedStrings.xml\"/></Relationships>",
            ),
        ),
        ("xl/sharedStrings.xml", strings),
        (
            "xl/worksheets/sheet1.xml",
            part(&format!(
                "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>{sheet}</sheetData></worksheet>"
            )),
        ),
    ])
}

/// Files made to fill the memory or to take forever end with a status, soon.
#[test]
fn hostile_files_end_with_a_status_in_time() {
    let cell =
        |at: &str, text: &str| format!("<c r=\"{at}\" t=\"inlineStr\"><is><t>{text}</t></is></c>");
    let far = format!(
        "<row r=\"1\">{}{}</row><row r=\"2\">{}</row><row r=\"1048576\">{}</row>",
        cell("A1", "cliënt"),
        cell("B1", "notitie"),
        cell("B2", "Cl. kwam niet thuis."),
        cell("XFD1048576", "ver weg en toch gelezen")
    );
    let strings =
        b"<sst xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"/>".to_vec();
    let bomb: Vec<u8> = [
        b"<sst xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><si><t>"
            .to_vec(),
        vec![b'a'; 300 << 20],
        b"</t></si></sst>".to_vec(),
    ]
    .concat();
    let lol = "<!DOCTYPE a [<!ENTITY a \"lol\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;\">]>";
    let word = |body: &str| {
        zipped(&[
            ("[Content_Types].xml", b"<Types/>".to_vec()),
            (
                "word/document.xml",
                format!("{lol}<w:document xmlns:w=\"w\"><w:body>{body}</w:body></w:document>")
                    .into_bytes(),
            ),
        ])
    };
    let odt = |body: &str| {
        zipped(&[
            ("mimetype", b"application/vnd.oasis.opendocument.text".to_vec()),
            ("content.xml", format!("{lol}<office:document-content><office:body><office:text>{body}</office:text></office:body></office:document-content>").into_bytes()),
        ])
    };
    let ods = |body: &str| {
        zipped(&[
            ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet".to_vec()),
            ("content.xml", format!("<office:document-content><office:body><office:spreadsheet><table:table table:name=\"a\">{body}</table:table></office:spreadsheet></office:body></office:document-content>").into_bytes()),
        ])
    };
    let nested = |open: &str| open.repeat(100_000);
    let many = "<table:table-row table:number-rows-repeated=\"1000000\"><table:table-cell table:number-columns-repeated=\"16384\"><text:p>x</text:p></table:table-cell></table:table-row>".repeat(50);
    let mut inner = zipped(&[("a.txt", vec![b'0'; 5 << 20])]);
    for depth in 0..12 {
        inner = zipped(&[(format!("{depth}.zip").as_str(), inner)]);
    }
    let files: Vec<(&str, Vec<u8>)> = vec![
        ("ver.xlsx", workbook(&far, strings.clone())),
        ("bom.xlsx", workbook("", bomb)),
        (
            "breed.xlsx",
            workbook(
                &format!("<row r=\"1\">{}</row>", cell("XFD1", "x")).repeat(20_000),
                strings,
            ),
        ),
        ("diep.docx", word(&nested("<w:p>"))),
        ("lol.docx", word("<w:p><w:r><w:t>&c;</w:t></w:r></w:p>")),
        ("diep.odt", odt(&nested("<text:p>"))),
        ("lol.odt", odt("<text:p>&c;</text:p>")),
        ("herhaald.ods", ods(&many)),
        ("diep.ods", ods(&nested("<table:table-row>"))),
        (
            "diep.html",
            format!("<html><body>{}", nested("<div>")).into_bytes(),
        ),
        ("diep.rtf", format!("{{\\rtf1 {}", nested("{")).into_bytes()),
        (
            "diep.eml",
            format!(
                "From: a\r\nSubject: b\r\nMIME-Version: 1.0\r\n{}",
                "Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\n".repeat(20_000)
            )
            .into_bytes(),
        ),
        ("diep.zip", inner),
        ("niets.csv", b"\"".to_vec()),
        (
            "breed.csv",
            format!("notitie{}\n", ";".repeat(1_000_000)).into_bytes(),
        ),
    ];
    for (name, bytes) in files {
        let start = Instant::now();
        let documents = read(name, &bytes, &settings());
        let time = start.elapsed();
        println!(
            "{name}: {time:?}, {} documents, {:?}",
            documents.len(),
            documents[0].status
        );
        assert!(
            documents.iter().all(|d| d.status != Status::Panic),
            "{name}"
        );
        assert!(time < Duration::from_secs(60), "{name} {time:?}");
        match name {
            "ver.xlsx" => assert_eq!(documents[0].text, "Cl. kwam niet thuis."),
            "bom.xlsx" | "diep.zip" => assert_eq!(documents[0].status, Status::TooLarge, "{name}"),
            _ => {}
        }
    }
}

fn scan(inputs: &[&str], out: &Path) -> Vec<Value> {
    let mut arguments = vec!["scan", "--quiet", "--out", out.to_str().unwrap()];
    arguments.extend(inputs);
    let output = super::program(&arguments);
    assert!(matches!(output.status.code(), Some(0 | 1)), "{output:?}");
    super::records_in(&out.join("findings.jsonl"))
}

/// All formats in one folder, some under wrong names: each file is read or has a reason.
#[test]
fn every_file_of_a_mixed_folder_is_told_of() {
    let out = tempfile::tempdir().unwrap();
    let folder = folder();
    let findings = scan(&[folder.to_str().unwrap()], out.path());
    let documents = super::records_in(&out.path().join("documents.jsonl"));
    let told: BTreeSet<String> = documents
        .iter()
        .map(|d| {
            text(d, "path")
                .rsplit("samples/formats/")
                .next()
                .unwrap()
                .split(['#', '/'])
                .next()
                .unwrap()
                .to_owned()
        })
        .collect();
    for sample in samples() {
        let path = text(&sample, "path");
        assert!(told.contains(path), "{path}");
        if text(&sample, "status") == "ok" && text(&sample, "features").is_empty() {
            let read = documents
                .iter()
                .any(|d| text(d, "path").contains(path) && !d["score"].is_null());
            assert!(read, "{path}");
        }
    }
    assert!(
        documents
            .iter()
            .all(|d| !d["score"].is_null() || !text(d, "status_detail").is_empty())
    );
    assert!(findings.len() > 100, "{}", findings.len());
}

/// A zip of a dossier gives what its folder gives.
#[test]
fn a_zip_of_a_dossier_gives_the_findings_of_its_folder() {
    let zips = tempfile::tempdir().unwrap();
    let dossiers = super::root().join("samples/dossiers");
    let mut total = 0;
    for dossier in ["d01-noor", "d05-fleur", "d13-wendy-2004"] {
        let parts: Vec<(String, Vec<u8>)> = walkdir::WalkDir::new(dossiers.join(dossier))
            .into_iter()
            .map(|e| e.unwrap())
            .filter(|e| e.file_type().is_file())
            .map(|e| {
                let name = e.path().strip_prefix(&dossiers).unwrap();
                (
                    name.to_str().unwrap().to_owned(),
                    std::fs::read(e.path()).unwrap(),
                )
            })
            .collect();
        let parts: Vec<(&str, Vec<u8>)> =
            parts.iter().map(|(n, b)| (n.as_str(), b.clone())).collect();
        let zip = zips.path().join(format!("{dossier}.zip"));
        std::fs::write(&zip, zipped(&parts)).unwrap();
        // The folder inside a folder, so that it is a dossier.
        let root = tempfile::tempdir().unwrap();
        let link = root.path().join(dossier);
        std::os::unix::fs::symlink(dossiers.join(dossier), link).unwrap();
        let key = |f: &Value| {
            [
                text(f, "dossier"),
                text(f, "document"),
                text(f, "term"),
                text(f, "text"),
                text(f, "presence"),
                text(f, "date"),
                &f["start"].to_string(),
                &f["active"].to_string(),
            ]
            .join("|")
        };
        let of = |findings: Vec<Value>| {
            let mut keys: Vec<String> = findings.iter().map(key).collect();
            keys.sort();
            keys
        };
        let (out, out_of_zip) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let from_folder = of(scan(&[root.path().to_str().unwrap()], out.path()));
        let from_zip = of(scan(&[zip.to_str().unwrap()], out_of_zip.path()));
        assert_eq!(from_folder, from_zip, "{dossier}");
        total += from_zip.len();
    }
    assert!(total > 100, "{total}");
}

/// What a reply quotes counts once in a dossier that has the message itself, and counts where it is the only copy.
#[test]
fn what_a_mail_quotes_counts_once() {
    let mail = |subject: &str, day: u8, body: &str| {
        format!(
            "From: a <a@voorbeeld.nl>\nTo: b <b@voorbeeld.nl>\nSubject: {subject}\nDate: Tue, {day} Mar 2024 10:00:00 +0100\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n{body}"
        )
    };
    let first = mail(
        "Merel",
        12,
        "Hoi,\n\nMerel is vannacht weggelopen.\nZe heeft een vriend van 26.\n",
    );
    let reply = mail(
        "RE: Merel",
        13,
        "Dank je, ik bel haar moeder.\n\nOp 12 maart 2024 schreef a:\n> Hoi,\n>\n> Merel is vannacht weggelopen.\n> Ze heeft een vriend van 26.\n",
    );
    let dossier = |mails: &[&str]| {
        let (folder, out) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let inside = folder.path().join("d");
        std::fs::create_dir(&inside).unwrap();
        for (n, mail) in mails.iter().enumerate() {
            std::fs::write(inside.join(format!("{n}.eml")), mail).unwrap();
        }
        let findings = scan(&[folder.path().to_str().unwrap()], out.path());
        let line = std::fs::read_to_string(out.path().join("dossiers.jsonl")).unwrap();
        let record: Value = serde_json::from_str(&line).unwrap();
        (record["points"].clone(), findings)
    };
    let (alone, _) = dossier(&[&first]);
    let (both, findings) = dossier(&[&first, &reply]);
    let (quoted, _) = dossier(&[&reply]);
    assert!(alone.as_object().is_some_and(|p| p.len() >= 2), "{alone}");
    assert_eq!(alone, both);
    assert_eq!(alone, quoted);
    let marks: Vec<bool> = findings.iter().map(|f| f["quoted"] == true).collect();
    assert!(marks.contains(&true) && marks.contains(&false));
    // Said twice by themselves, they count twice.
    let (twice, _) = dossier(&[&first, &mail("Merel", 14, "Merel is weer weggelopen.\n")]);
    assert_ne!(alone, twice);
}

/// The largest memory of a program that runs, in kB, looked at until it ends.
#[cfg(target_os = "linux")]
fn peak(child: &mut std::process::Child) -> u64 {
    let path = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    while child.try_wait().unwrap().is_none() {
        let status = std::fs::read_to_string(&path).unwrap_or_default();
        let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:"));
        let kb = line.and_then(|l| l.trim().trim_end_matches(" kB").parse().ok());
        peak = peak.max(kb.unwrap_or(0));
        std::thread::sleep(Duration::from_millis(20));
    }
    peak
}

/// An export of a million notes takes no more than 300 MB, and its rows end up under their clients.
#[cfg(target_os = "linux")]
#[test]
fn a_million_notes_are_read_in_bounded_memory() {
    const NOTES: usize = 1_000_000;
    const CLIENTS: usize = 5_000;
    let folder = tempfile::tempdir().unwrap();
    let (export, out) = (folder.path().join("export.csv"), folder.path().join("out"));
    let mut file = std::io::BufWriter::new(std::fs::File::create(&export).unwrap());
    file.write_all(b"Notitienr;Clientnummer;Datum;Notitie\r\n")
        .unwrap();
    for n in 0..NOTES {
        let text = if n % 50 == 7 {
            "Cl. is vannacht weggelopen.\nZij was met een vriend van 26."
        } else {
            "Rustige dienst, samen gegeten en een spel gedaan."
        };
        write!(
            file,
            "{n};K-{:04};{:02}-03-2024;\"{text}\"\r\n",
            n % CLIENTS,
            n % 28 + 1
        )
        .unwrap();
    }
    drop(file);
    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_signaalbril"))
        .arg("scan")
        .arg(&export)
        .args(["--quiet", "--reports", "dossiers,triage", "--out"])
        .arg(&out)
        .spawn()
        .unwrap();
    let peak = peak(&mut child);
    assert_eq!(child.wait().unwrap().code(), Some(0));
    println!("{NOTES} notes: peak {peak} kB");
    assert!(peak > 10_000 && peak < 300_000, "{peak} kB");
    let dossiers = super::records_in(&out.join("dossiers.jsonl"));
    assert_eq!(dossiers.len(), CLIENTS);
    let each = NOTES / CLIENTS;
    assert!(dossiers.iter().all(|d| d["documents"] == each));
    // Every fiftieth client has the signals, in all its notes.
    let with = dossiers.iter().filter(|d| d["label"] != "geen").count();
    assert_eq!(with, CLIENTS / 50);
    assert!(text(&dossiers[0], "dossier").starts_with("K-"));
}

#[test]
fn what_is_neither_text_nor_what_its_name_says_is_damaged() {
    let folder = tempfile::tempdir().unwrap();
    let mut random = Pcg64::seed_from_u64(11);
    let names = ["a.docx", "a.odt", "a.rtf", "a.msg"];
    for name in names {
        let bytes: Vec<u8> = (0..500).map(|_| random.random()).collect();
        std::fs::write(folder.path().join(name), bytes).unwrap();
    }
    std::fs::write(folder.path().join("brief.docx"), "Zij is weggelopen.").unwrap();
    let out = tempfile::tempdir().unwrap();
    scan(&[folder.path().to_str().unwrap()], out.path());
    for record in super::records_in(&out.path().join("documents.jsonl")) {
        let is_letter = text(&record, "path").ends_with("brief.docx");
        let expected = if is_letter { "ok" } else { "damaged" };
        assert_eq!(text(&record, "status"), expected, "{record}");
    }
}
