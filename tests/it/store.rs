//! The store over time: what is scanned again, what is known, what is forgotten.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Output;

use rusqlite::Connection;
use serde_json::Value;
use signaalbril::Store;
use signaalbril::decision::{Action, Decision};

/// A folder with inputs and one with the store.
struct Desk {
    input: tempfile::TempDir,
    out: tempfile::TempDir,
}

/// What a scan says of files and documents, by name: `new`, `changed`, `scanned`, ...
type Told = BTreeMap<String, usize>;

impl Desk {
    fn new() -> Self {
        Self {
            input: tempfile::tempdir().unwrap(),
            out: tempfile::tempdir().unwrap(),
        }
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.input.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn out(&self) -> &str {
        self.out.path().to_str().unwrap()
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let input = self.input.path().to_str().unwrap();
        let mut all = vec!["scan", input, "--out", self.out()];
        all.extend(arguments);
        super::program(&all)
    }

    fn scan(&self, arguments: &[&str]) -> Told {
        let output = self.run(arguments);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.code().is_some_and(|c| c < 2), "{said}");
        let words: Vec<&str> = said.split_whitespace().collect();
        let mut told = Told::new();
        for pair in words.windows(2) {
            if let Ok(n) = pair[0].parse() {
                let name = pair[1].trim_end_matches([',', ';']).to_owned();
                told.entry(name).or_insert(n);
            }
        }
        told
    }

    fn lines(&self, name: &str) -> Vec<Value> {
        super::records_in(&self.out.path().join(name))
    }

    fn documents(&self) -> BTreeMap<String, Value> {
        let prefix = format!("{}/", self.input.path().display());
        self.lines("documents.jsonl")
            .into_iter()
            .map(|d| (d["path"].as_str().unwrap().replace(&prefix, ""), d))
            .collect()
    }

    fn dossiers(&self) -> BTreeMap<String, Value> {
        self.lines("dossiers.jsonl")
            .into_iter()
            .map(|d| (d["dossier"].as_str().unwrap().to_owned(), d))
            .collect()
    }

    fn sql(&self, query: &str) -> i64 {
        Connection::open(self.out.path().join("signaalbril.sqlite"))
            .unwrap()
            .query_row(query, [], |row| row.get(0))
            .unwrap()
    }

    /// Files of the output folder that hold a word.
    fn holders(&self, word: &str) -> Vec<String> {
        let mut holders = Vec::new();
        for entry in walkdir::WalkDir::new(self.out.path()) {
            let entry = entry.unwrap();
            let holds = |bytes: Vec<u8>| {
                bytes
                    .windows(word.len())
                    .any(|w| w.eq_ignore_ascii_case(word.as_bytes()))
            };
            if entry.file_type().is_file() && holds(fs::read(entry.path()).unwrap()) {
                holders.push(entry.path().display().to_string());
            }
        }
        holders
    }
}

fn n(told: &Told, name: &str) -> usize {
    *told.get(name).unwrap_or(&0)
}

/// Makes times of files old enough to be relied on.
fn age(folder: &Path) {
    // The times that cannot be set are those of the last change: they have to pass.
    std::thread::sleep(std::time::Duration::from_millis(2100));
    assert!(folder.is_dir());
}

const SIGNAL: &str = "Datum: 02-03-2024\nCl. kwam thuis met dure kleding van haar vriend van 26.\n";
const QUIET: &str = "Datum: 03-03-2024\nCl. at rustig mee en ging op tijd naar bed.\n";

#[test]
fn only_what_is_new_or_changed_is_scanned() {
    let desk = Desk::new();
    for k in 0..300 {
        desk.write(
            &format!("d{}/{k}.txt", k / 10),
            &format!("{QUIET}Notitie {k}."),
        );
    }
    age(desk.input.path());
    let first = desk.scan(&[]);
    assert_eq!(
        (n(&first, "new"), n(&first, "scanned")),
        (300, 300),
        "{first:?}"
    );
    let second = desk.scan(&[]);
    assert_eq!(
        (n(&second, "unchanged"), n(&second, "scanned")),
        (300, 0),
        "{second:?}"
    );

    for k in 0..10 {
        desk.write(
            &format!("d{k}/{}.txt", k * 10),
            &format!("{SIGNAL}Notitie {k}."),
        );
    }
    desk.write("d1/erbij.txt", SIGNAL);
    fs::rename(desk.path("d2/21.txt"), desk.path("d2/hernoemd.txt")).unwrap();
    fs::rename(desk.path("d3/31.txt"), desk.path("d4/31.txt")).unwrap();
    fs::remove_file(desk.path("d5/51.txt")).unwrap();
    let third = desk.scan(&[]);
    let of = |name| n(&third, name);
    assert_eq!(
        (
            of("new"),
            of("changed"),
            of("moved"),
            of("unchanged"),
            of("vanished")
        ),
        (1, 10, 2, 287, 1),
        "{third:?}"
    );
    assert_eq!((of("scanned"), of("known")), (11, 2));
    let documents = desk.documents();
    assert_eq!(documents.len(), 301);
    assert!(documents["d0/0.txt"]["label"] != "geen");
    assert!(documents.contains_key("d2/hernoemd.txt") && !documents.contains_key("d2/21.txt"));
    assert_eq!(documents["d4/31.txt"]["dossier"], "d4");
    assert_ne!(documents["d5/51.txt"]["vanished"], "");
    assert_eq!(desk.dossiers()["d5"]["vanished"], 1);

    // What comes back is there again.
    desk.write("d5/51.txt", &format!("{QUIET}Notitie 51."));
    let fourth = desk.scan(&[]);
    assert_eq!(
        (n(&fourth, "unchanged"), n(&fourth, "scanned")),
        (301, 0),
        "{fourth:?}"
    );
    assert_eq!(desk.documents()["d5/51.txt"]["vanished"], "");
    assert_eq!(desk.dossiers()["d5"]["vanished"], 0);
    assert_eq!(desk.sql("SELECT count(*) FROM runs"), 4);
    assert_eq!(desk.sql("SELECT count(*) FROM files"), 301);
}

#[test]
fn the_result_is_that_of_a_scan_from_nothing() {
    let (desk, fresh) = (Desk::new(), Desk::new());
    desk.write("a/1.txt", SIGNAL);
    desk.write("a/2.txt", QUIET);
    desk.write("export.csv", "client;datum;notitie\nK1;02-03-2024;Cl. is weggelopen met haar vriend van 26.\nK2;03-03-2024;Rustige dag, goed gegeten.\n");
    desk.scan(&[]);
    desk.write("a/2.txt", SIGNAL);
    desk.write("b/3.txt", QUIET);
    fs::rename(desk.path("a/1.txt"), desk.path("b/1.txt")).unwrap();
    desk.write("export.csv", "client;datum;notitie\nK3;01-03-2024;Cl. heeft schulden bij een jongen van 24.\nK1;02-03-2024;Cl. is weggelopen met haar vriend van 26.\nK2;03-03-2024;Rustige dag, goed gegeten.\n");
    let told = desk.scan(&[]);
    assert_eq!((n(&told, "scanned"), n(&told, "known")), (3, 3), "{told:?}");
    let output = super::program(&[
        "scan",
        desk.input.path().to_str().unwrap(),
        "--out",
        fresh.out(),
        "--quiet",
    ]);
    assert!(output.status.success());
    for name in [
        "documents.jsonl",
        "findings.jsonl",
        "dossiers.jsonl",
        "triage.csv",
        "report.html",
    ] {
        let read = |desk: &Desk| fs::read_to_string(desk.out.path().join(name)).unwrap();
        assert_eq!(read(&desk), read(&fresh), "{name}");
    }
}

#[test]
fn a_change_that_keeps_size_and_time_is_found_and_a_touch_is_none() {
    let desk = Desk::new();
    desk.write("a/1.txt", SIGNAL);
    desk.write("a/2.txt", QUIET);
    age(desk.input.path());
    desk.scan(&[]);
    let time = fs::metadata(desk.path("a/1.txt"))
        .unwrap()
        .modified()
        .unwrap();
    let other = SIGNAL.replace("vriend van 26", "vriend van 27");
    desk.write("a/1.txt", &other);
    let set = |name: &str, time| {
        let file = fs::File::options()
            .write(true)
            .open(desk.path(name))
            .unwrap();
        file.set_modified(time).unwrap();
    };
    set("a/1.txt", time);
    set("a/2.txt", std::time::SystemTime::now());
    let told = desk.scan(&[]);
    assert_eq!(
        (
            n(&told, "changed"),
            n(&told, "unchanged"),
            n(&told, "scanned")
        ),
        (1, 1, 1),
        "{told:?}"
    );
    assert_eq!(n(&desk.scan(&["--verify"]), "unchanged"), 2);
}

#[test]
fn another_lexicon_or_setting_reads_again_and_keeps_when_documents_came() {
    let desk = Desk::new();
    desk.write("a/1.txt", SIGNAL);
    desk.scan(&[]);
    let added = desk.sql("SELECT added FROM documents");
    let overlay = tempfile::tempdir().unwrap();
    fs::create_dir(overlay.path().join("signals")).unwrap();
    fs::write(
        overlay.path().join("signals/weglopen.toml"),
        "id = \"weglopen\"\n[[terms]]\nid = \"ons_woord\"\npatterns = ['naar de kade']\nmatches = ['Ging [[naar de kade]].']\nignores = ['Naar school.']\n",
    )
    .unwrap();
    let overlay = overlay.path().to_str().unwrap();
    let told = desk.scan(&["--overlay", overlay]);
    assert_eq!((n(&told, "read"), n(&told, "scanned")), (1, 1), "{told:?}");
    assert_eq!(desk.sql("SELECT added FROM documents"), added);
    desk.scan(&[]);
    for arguments in [&["--snippets", "20"][..], &["--max-pages", "7"]] {
        let told = desk.scan(arguments);
        assert_eq!(
            (n(&told, "scanned"), n(&told, "unchanged")),
            (1, 0),
            "{told:?}"
        );
        assert_eq!(n(&desk.scan(arguments), "unchanged"), 1);
    }
}

#[test]
fn a_dossier_is_more_than_its_notes_and_a_copy_adds_nothing() {
    let desk = Desk::new();
    let sanne = super::root().join("samples/dossiers/d14-sanne");
    for entry in fs::read_dir(&sanne).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        desk.write(
            &format!("sanne/{name}"),
            &fs::read_to_string(&path).unwrap(),
        );
    }
    desk.scan(&[]);
    let labels: Vec<Value> = desk
        .documents()
        .values()
        .map(|d| d["label"].clone())
        .collect();
    assert!(
        labels.iter().all(|l| l == "laag" || l == "geen"),
        "{labels:?}"
    );
    let before = desk.dossiers()["sanne"].clone();
    assert_eq!(before["label"], "hoog");
    let reason = before["reason"].as_str().unwrap();
    assert!(
        reason.contains("hoog door het geheel: de documenten apart zijn hoogstens laag"),
        "{reason}"
    );
    // The later note of the mentor has a pasted paragraph: without it the score is the same.
    let pasted = desk.path("sanne/2024-10-17-mentorgesprek.txt");
    let without: String = fs::read_to_string(&pasted)
        .unwrap()
        .split("\n\n")
        .filter(|p| !p.contains("verkering"))
        .collect::<Vec<_>>()
        .join("\n\n");
    fs::write(&pasted, without).unwrap();
    desk.scan(&[]);
    let after = &desk.dossiers()["sanne"];
    assert_eq!(
        (&before["score"], &before["points"]),
        (&after["score"], &after["points"])
    );
}

#[test]
fn documents_make_dossiers_by_folder_file_or_path() {
    let names = |rule: &str| {
        let desk = Desk::new();
        desk.write("team/k-101_maart/1.txt", QUIET);
        desk.write("team/k-102_april/1.txt", SIGNAL);
        desk.write("team/k-101_mei/1.txt", QUIET);
        desk.write("ander/x.txt", QUIET);
        desk.scan(&["--dossiers", rule]);
        let root = format!("{}/", desk.input.path().display());
        let names: Vec<String> = desk
            .dossiers()
            .keys()
            .map(|n| n.replace(&root, ""))
            .collect();
        names
    };
    assert_eq!(names("folder"), ["ander", "team"]);
    assert_eq!(
        names("path=/(?<dossier>k-[0-9]+)_"),
        ["ander", "k-101", "k-102"]
    );
    assert_eq!(names("file").len(), 4);
    let desk = Desk::new();
    desk.write("a.txt", QUIET);
    for wrong in ["map", "path=("] {
        let output = desk.run(&["--dossiers", wrong]);
        assert_eq!(output.status.code(), Some(2));
    }
}

#[test]
fn without_snippets_no_case_text_is_kept() {
    let desk = Desk::new();
    desk.write("a/1.txt", "Datum: 02-03-2024\nVolgens Karin kwam cl. thuis met dure Kwintbroeken van haar vriend van 26. Geen schulden.\n");
    desk.scan(&["--snippets", "none"]);
    let findings = desk.lines("findings.jsonl");
    assert!(findings.len() > 1 && findings.iter().all(|f| f["text"] == ""));
    assert!(
        desk.dossiers()["a"]["reason"]
            .as_str()
            .unwrap()
            .contains("schulden"),
        "the category is named"
    );
    for word in ["Kwintbroeken", "Karin", "vriend van 26"] {
        assert_eq!(desk.holders(word), Vec::<String>::new(), "{word}");
    }
    desk.scan(&["--snippets", "0"]);
    assert!(!desk.holders("vriend van 26").is_empty());
    assert_eq!(desk.holders("Volgens Karin"), Vec::<String>::new());
}

fn decision(document: &Value, at: &str) -> Decision {
    let text = |name: &str| document[name].as_str().unwrap().to_owned();
    Decision {
        document: text("id"),
        dossier: text("dossier"),
        text_hash: text("id"),
        reviewer: "lezer 1".to_owned(),
        at: at.to_owned(),
        verdict: Some(Action::Opvolgen),
        reason: "signalen".to_owned(),
        note: "besproken met Zwartgoudsma".to_owned(),
        ..Decision::default()
    }
}

#[test]
fn decisions_stay_when_documents_are_scanned_again() {
    let desk = Desk::new();
    desk.write("a/1.txt", SIGNAL);
    desk.scan(&[]);
    assert_eq!(
        (
            &desk.dossiers()["a"]["new_documents"],
            &desk.dossiers()["a"]["reviewed"]
        ),
        (&1.into(), &"".into())
    );
    std::thread::sleep(std::time::Duration::from_millis(1100));
    let at = signaalbril::store::clock::now();
    let mut store = Store::review(desk.out.path()).unwrap();
    store
        .decide(&decision(&desk.documents()["a/1.txt"], &at))
        .unwrap();
    let connection = Connection::open(desk.out.path().join("signaalbril.sqlite")).unwrap();
    for change in [
        "UPDATE decisions SET verdict = 'geen_actie'",
        "DELETE FROM decisions",
    ] {
        assert!(connection.execute(change, []).is_err(), "{change}");
    }
    std::thread::sleep(std::time::Duration::from_millis(1100));
    desk.write("a/1.txt", &format!("{SIGNAL}Aanvulling."));
    desk.write("a/2.txt", QUIET);
    desk.scan(&[]);
    let dossier = desk.dossiers()["a"].clone();
    assert_eq!(
        (&dossier["new_documents"], &dossier["reviewed"]),
        (&2.into(), &at.into())
    );
    let kept = Store::read(desk.out.path()).unwrap();
    let mut seen = Vec::new();
    kept.each_decision(&mut |d| {
        seen.push(d.note);
        Ok(())
    })
    .unwrap();
    assert_eq!(seen, ["besproken met Zwartgoudsma"]);
}

#[test]
fn a_reader_sees_the_store_as_it_was_when_it_began() {
    let desk = Desk::new();
    desk.write("a/1.txt", SIGNAL);
    desk.scan(&[]);
    let reader = Store::read(desk.out.path()).unwrap();
    desk.write("a/2.txt", SIGNAL);
    desk.scan(&[]);
    assert_eq!(reader.counts().unwrap().documents, 1);
    assert_eq!(
        Store::read(desk.out.path())
            .unwrap()
            .counts()
            .unwrap()
            .documents,
        2
    );
}

#[test]
fn nothing_of_a_forgotten_dossier_is_left() {
    let desk = Desk::new();
    desk.write("weg-zilverreiger/1.txt", "Datum: 02-03-2024\nCl. Quirijnia kwam thuis met dure kleding van haar vriend van 26. Blauwe plekken bij het Kwakelveld.\n");
    desk.write(
        "weg-zilverreiger/2.txt",
        "Datum: 04-03-2024\nVolgens Vosmaerling is Quirijnia weggelopen.\n",
    );
    desk.write("blijft/1.txt", SIGNAL);
    desk.scan(&[]);
    let id = desk.documents()["weg-zilverreiger/1.txt"].clone();
    Store::review(desk.out.path())
        .unwrap()
        .decide(&decision(&id, "2024-03-05T10:00:00Z"))
        .unwrap();
    for format in ["jsonl", "csv"] {
        let output = super::program(&["export", desk.out(), "--format", format]);
        assert!(output.status.success());
    }
    let words = [
        "zilverreiger",
        "Quirijnia",
        "Kwakelveld",
        "Vosmaerling",
        "Zwartgoudsma",
    ];
    assert!(words.iter().all(|w| !desk.holders(w).is_empty()));
    let output = super::program(&["forget", desk.out(), "--dossier", "weg-zilverreiger"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{said}");
    assert!(said.contains("2 source file(s) are still there"), "{said}");
    for word in words {
        assert_eq!(desk.holders(word), Vec::<String>::new(), "{word}");
    }
    assert_eq!(desk.dossiers().keys().collect::<Vec<_>>(), ["blijft"]);
    assert!(!desk.holders("vriend van 26").is_empty());
    assert_eq!(
        desk.sql("SELECT count(*) FROM audit WHERE action = 'forget'"),
        1
    );
    let status = super::program(&["status", desk.out(), "--json"]);
    let status: Value = serde_json::from_slice(&status.stdout).unwrap();
    assert_eq!(
        (&status["forgotten"], &status["counts"]["documents"]),
        (&1.into(), &1.into())
    );
    let near = super::program(&["forget", desk.out(), "--dossier", "Blijf"]);
    assert!(String::from_utf8_lossy(&near.stderr).contains("is it blijft?"));
    assert_eq!(
        super::program(&["forget", desk.out(), "--dossier", "onbekend"])
            .status
            .code(),
        Some(2)
    );

    // One document of several, by its id.
    desk.write(
        "blijft/2.txt",
        "Datum: 05-03-2024\nQuirijnia heeft schulden bij een jongen van 24.\n",
    );
    fs::remove_dir_all(desk.path("weg-zilverreiger")).unwrap();
    desk.scan(&[]);
    let before = desk.dossiers()["blijft"]["score"].clone();
    let id = desk.documents()["blijft/2.txt"]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(
        super::program(&["forget", desk.out(), "--document", &id])
            .status
            .success()
    );
    assert_eq!(desk.holders("Quirijnia"), Vec::<String>::new());
    assert_ne!(desk.dossiers()["blijft"]["score"], before);
}

#[test]
fn status_tells_of_runs_and_of_what_was_not_read() {
    let desk = Desk::new();
    desk.write("a/1.txt", SIGNAL);
    desk.write("a/stuk.pdf", "%PDF-1.4 kapot");
    desk.scan(&[]);
    let output = super::program(&["status", desk.out()]);
    let said = String::from_utf8(output.stdout).unwrap();
    for part in ["1 damaged", "a/stuk.pdf  damaged", "2 new", "dossiers:  1"] {
        assert!(said.contains(part), "{part}: {said}");
    }
    let nowhere = super::program(&["status", desk.input.path().to_str().unwrap()]);
    assert_eq!(nowhere.status.code(), Some(2));
}

#[test]
fn exports_have_the_columns_of_the_dictionary() {
    let desk = Desk::new();
    desk.write("a/1.txt", SIGNAL);
    desk.scan(&[]);
    for table in signaalbril::export::Table::ALL {
        let name = table.name();
        let of = |format: &str| {
            let output = super::program(&[
                "export",
                desk.out(),
                "--tables",
                name,
                "--format",
                format,
                "--to",
                "-",
            ]);
            assert!(output.status.success());
            String::from_utf8(output.stdout).unwrap()
        };
        let columns: Vec<&str> = signaalbril::export::columns(table)
            .iter()
            .map(|c| c.name)
            .collect();
        let csv = of("csv");
        let header = csv
            .trim_start_matches('\u{FEFF}')
            .lines()
            .next()
            .unwrap()
            .to_owned();
        assert_eq!(header.split(';').collect::<Vec<_>>(), columns, "{name}");
        assert_eq!(csv.lines().count() - 1, of("jsonl").lines().count());
    }
    let output = super::program(&["export", desk.out(), "--tables", "findings", "--to", "-"]);
    let findings = super::records(&String::from_utf8(output.stdout).unwrap());
    let active: Vec<&Value> = findings.iter().filter(|f| f["active"] == true).collect();
    assert!(!active.is_empty());
    for finding in active {
        assert!(
            finding["snippet"]
                .as_str()
                .unwrap()
                .contains(finding["text"].as_str().unwrap())
        );
    }
}

#[test]
fn a_pseudonymised_export_joins_and_names_nobody() {
    let desk = Desk::new();
    desk.write("noor-verhoeven/1.txt", "Datum: 02-03-2024\nNoor kwam thuis met dure kleding van haar vriend Rachid (26). Bel moeder Anja de Wit op 06-12345678, BSN 111222333.\n");
    // In another note he has no word beside him that tells a name.
    desk.write("noor-verhoeven/2.txt", "Datum: 09-03-2024\nRachid dreigt haar foto's te verspreiden. Daarna bracht Rachid haar naar een hotel.\n");
    desk.scan(&[]);
    Store::review(desk.out.path())
        .unwrap()
        .decide(&decision(
            &desk.documents()["noor-verhoeven/1.txt"],
            "2024-03-05T10:00:00Z",
        ))
        .unwrap();
    let key = desk.path("sleutel.txt");
    let export = |to: &Path| {
        let output = super::program(&[
            "export",
            desk.out(),
            "--to",
            to.to_str().unwrap(),
            "--pseudonymise",
            "--key-file",
            key.to_str().unwrap(),
        ]);
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
    };
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    export(one.path());
    export(two.path());
    let read = |name: &str| fs::read_to_string(one.path().join(name)).unwrap();
    for name in [
        "documents.jsonl",
        "findings.jsonl",
        "dossiers.jsonl",
        "decisions.jsonl",
    ] {
        let text = read(name);
        assert_eq!(
            text,
            fs::read_to_string(two.path().join(name)).unwrap(),
            "the same key, the same names"
        );
        for word in [
            "Noor",
            "noor",
            "Verhoeven",
            "Rachid",
            "Anja",
            "Wit",
            "12345678",
            "111222333",
            "lezer 1",
        ] {
            assert!(!text.contains(word), "{name}: {word}");
        }
    }
    let first =
        |name: &str| serde_json::from_str::<Value>(read(name).lines().next().unwrap()).unwrap();
    let id = &first("documents.jsonl")["id"];
    assert_eq!(&first("findings.jsonl")["document"], id);
    assert_eq!(&first("dossiers.jsonl")["document_ids"][0], id);
    assert_eq!(&first("decisions.jsonl")["document"], id);
}

#[test]
fn a_document_is_read_again_only_from_the_file_that_it_was_read_from() {
    let desk = Desk::new();
    desk.write("export.csv", "client;datum;notitie\nK1;02-03-2024;Cl. is weggelopen met haar vriend van 26.\nK2;03-03-2024;Rustige dag, goed gegeten.\n");
    desk.scan(&[]);
    let id = desk.documents()["export.csv#1"]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let text = || super::program(&["text", &id, "--store", desk.out()]);
    let output = text();
    assert!(output.status.success());
    assert_eq!(
        String::from_utf8_lossy(&output.stdout).trim(),
        "Cl. is weggelopen met haar vriend van 26."
    );
    desk.write(
        "export.csv",
        "client;datum;notitie\nK1;02-03-2024;Anders.\n",
    );
    let changed = text();
    assert_eq!(changed.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&changed.stderr).contains("has changed"));
    fs::remove_file(desk.path("export.csv")).unwrap();
    assert!(String::from_utf8_lossy(&text().stderr).contains("not there"));
}

#[test]
fn what_was_recognised_in_images_is_forgotten_too() {
    if let Err(why) = signaalbril::extract::ocr::Ocr::find(std::time::Duration::from_secs(60)) {
        eprintln!("skipped: {why}");
        return;
    }
    let desk = Desk::new();
    for (dossier, name) in [("weg", "jpeg.pdf"), ("blijft", "foto.jpg")] {
        let scan = fs::read(super::root().join("samples/scans").join(name)).unwrap();
        fs::create_dir_all(desk.path(dossier)).unwrap();
        fs::write(desk.path(&format!("{dossier}/{name}")), scan).unwrap();
    }
    desk.scan(&["--ocr"]);
    let kept = || fs::read_dir(desk.out.path().join("ocr")).unwrap().count();
    let before = kept();
    assert!(before >= 2);
    assert!(
        super::program(&["forget", desk.out(), "--dossier", "weg"])
            .status
            .success()
    );
    let left = kept();
    assert!(left >= 1 && left < before, "{left} of {before}");
    let output = super::program(&["forget", desk.out(), "--dossier", "blijft"]);
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert_eq!(kept(), 0);
}

#[test]
fn a_forgetting_that_was_cut_short_is_finished() {
    let desk = Desk::new();
    desk.write(
        "weg/1.txt",
        "Haar vriend van 26 genaamd Quispelaar dreigt haar.\n",
    );
    desk.write("blijft/1.txt", SIGNAL);
    desk.scan(&[]);
    // A reader keeps the log from being emptied.
    let reader = Connection::open(desk.out.path().join("signaalbril.sqlite")).unwrap();
    reader
        .execute_batch("BEGIN; SELECT count(*) FROM documents")
        .unwrap();
    let mut store = Store::open(desk.out.path(), None).unwrap();
    store
        .forget(&signaalbril::store::Forget::Dossier("weg".to_owned()))
        .unwrap();
    drop(store);
    assert!(!desk.holders("Quispelaar").is_empty());
    let status = super::program(&["status", desk.out()]);
    assert!(String::from_utf8_lossy(&status.stdout).contains("cut short"));
    drop(reader);
    let again = super::program(&["forget", desk.out(), "--dossier", "weg"]);
    assert!(
        again.status.success(),
        "{}",
        String::from_utf8_lossy(&again.stderr)
    );
    assert_eq!(desk.holders("Quispelaar"), Vec::<String>::new());
    assert_eq!(desk.dossiers().keys().collect::<Vec<_>>(), ["blijft"]);
    assert_eq!(
        super::program(&["forget", desk.out(), "--dossier", "weg"])
            .status
            .code(),
        Some(2)
    );
}

#[test]
fn output_in_the_input_is_not_read() {
    let share = tempfile::tempdir().unwrap();
    fs::create_dir(share.path().join("a")).unwrap();
    fs::write(share.path().join("a/1.txt"), SIGNAL).unwrap();
    let out = share.path().join("results");
    let scan = || {
        super::program(&[
            "scan",
            share.path().to_str().unwrap(),
            "--out",
            out.to_str().unwrap(),
        ])
    };
    for _ in 0..3 {
        assert_eq!(scan().status.code(), Some(0));
    }
    assert_eq!(
        fs::read_to_string(out.join("documents.jsonl"))
            .unwrap()
            .lines()
            .count(),
        1
    );
    let same = super::program(&[
        "scan",
        share.path().to_str().unwrap(),
        "--out",
        share.path().to_str().unwrap(),
    ]);
    assert_eq!(same.status.code(), Some(2));
}

#[test]
fn what_is_replaced_leaves_no_text_behind() {
    let desk = Desk::new();
    for k in 0..30 {
        desk.write(
            &format!("a/{k}.txt"),
            &format!(
                "Haar vriend van 26 genaamd Quispelaar{k} dreigt haar. {}",
                "Rustige avond. ".repeat(20)
            ),
        );
    }
    desk.scan(&[]);
    for k in 0..15 {
        desk.write(&format!("a/{k}.txt"), QUIET);
    }
    desk.scan(&[]);
    assert!(desk.holders("Quispelaar3 ").is_empty() && !desk.holders("Quispelaar20").is_empty());
    desk.scan(&["--snippets", "none"]);
    assert_eq!(desk.holders("Quispelaar"), Vec::<String>::new());
}

#[test]
fn one_input_has_one_place() {
    let desk = Desk::new();
    desk.write("map/a/1.txt", SIGNAL);
    desk.write("map/ander/leeg.txt", QUIET);
    let scan = |input: std::path::PathBuf| {
        let output = super::program(&["scan", input.to_str().unwrap(), "--out", desk.out()]);
        assert!(output.status.success());
    };
    scan(desk.path("map"));
    scan(desk.path("map/ander/../../map"));
    assert_eq!(desk.sql("SELECT count(*) FROM documents"), 2);
}

#[cfg(unix)]
#[test]
fn a_link_to_what_is_gone_is_found_out() {
    let desk = Desk::new();
    let elsewhere = tempfile::tempdir().unwrap();
    fs::create_dir(elsewhere.path().join("map")).unwrap();
    fs::write(elsewhere.path().join("los.txt"), SIGNAL).unwrap();
    fs::write(elsewhere.path().join("map/x.txt"), SIGNAL).unwrap();
    desk.write("a/1.txt", QUIET);
    std::os::unix::fs::symlink(elsewhere.path().join("los.txt"), desk.path("a/los.txt")).unwrap();
    std::os::unix::fs::symlink(elsewhere.path().join("map"), desk.path("b")).unwrap();
    desk.scan(&[]);
    fs::remove_file(elsewhere.path().join("los.txt")).unwrap();
    fs::remove_dir_all(elsewhere.path().join("map")).unwrap();
    let told = desk.scan(&[]);
    assert_eq!(n(&told, "vanished"), 1, "{told:?}");
    assert_eq!(desk.documents()["a/los.txt"]["status"], "unreadable");
    // When the links go, so does what could not be opened.
    fs::remove_file(desk.path("a/los.txt")).unwrap();
    fs::remove_file(desk.path("b")).unwrap();
    assert_eq!(desk.run(&[]).status.code(), Some(0));
    assert!(!desk.documents().contains_key("a/los.txt"));
}

#[test]
fn a_column_that_is_not_there_is_told_and_the_usual_one_taken() {
    let desk = Desk::new();
    desk.write("e.csv", "client;datum;notitie\nA;2024-01-01;Zij stuurt naaktfoto's.\nB;2024-01-02;Haar vriend van 26 dreigt haar.\n");
    let output = desk.run(&["--dossier-column", "clientt"]);
    assert!(String::from_utf8_lossy(&output.stderr).contains("column_not_found"));
    assert_eq!(desk.dossiers().len(), 2);
}

#[test]
fn what_the_last_scan_brought_is_listed() {
    let desk = Desk::new();
    desk.write("anna/1.txt", SIGNAL);
    desk.write("bo/1.txt", QUIET);
    let list = |arguments: &[&str]| {
        let mut all = vec!["status", desk.out()];
        all.extend(arguments);
        String::from_utf8(super::program(&all).stdout).unwrap()
    };
    desk.scan(&[]);
    // After the first scan nothing stands out as new.
    let all = list(&["--dossiers"]);
    assert_eq!(all.lines().count(), 2, "{all}");
    assert!(
        all.lines().next().unwrap().contains("anna") && !all.contains("new]"),
        "{all}"
    );
    // Within the same second, too.
    desk.write(
        "bo/2.txt",
        "Datum: 04-03-2024\nZij zegt dat zij niet meer wil leven.\n",
    );
    let output = desk.run(&[]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("new text:  in 1 dossier(s): bo"), "{said}");
    assert!(
        said.contains("LET OP:    signs of suicide risk in: bo"),
        "{said}"
    );
    let new = list(&["--new"]);
    assert_eq!(new.lines().count(), 1, "{new}");
    assert!(new.contains("bo  [1 new] LET OP"), "{new}");
    assert_eq!(list(&["--dossiers"]).lines().count(), 2);
    age(desk.input.path());
    desk.scan(&[]);
    assert_eq!(list(&["--new"]), "");
    // The report leads to it, wherever it stands in the order.
    let report = fs::read_to_string(desk.out.path().join("report.html")).unwrap();
    let (_, block) = report
        .split_once("Let op: teken van suïciderisico (1)")
        .unwrap();
    assert!(block.contains("niet meer wil leven"));
    let (_, link) = block.split_once("href=\"#").unwrap();
    let id = link.split('"').next().unwrap();
    let (_, dossier) = report.split_once(&format!("id=\"{id}\"")).unwrap();
    assert!(
        dossier
            .split_once("class=\"name\">")
            .unwrap()
            .1
            .starts_with("bo<")
    );
}
