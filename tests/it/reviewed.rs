//! What reviewers decided, put to use: gold data, agreement, what is said of findings.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use signaalbril::decision::{Action, Correction, Decision, FindingMark, Mark, MissedSignal};
use signaalbril::{DocumentRecord, Finding, Store};

/// A folder of a scan whose documents reviewers decide on.
struct Room {
    folder: tempfile::TempDir,
}

const NOTE: &str = "Datum: 02-03-2024\nCliënte 👧🏽 José is gisteren weggelopen. Zij kwam thuis met een dure jas. \
    Haar vriend van 26 bedreigt haar.\nGoed contact met vaste mentor. Zij loopt in een café rond met schulden.\n";
const QUIET: &str = "Cl. at rustig mee en ging op tijd naar bed.\n";
const EXPORT: &str = "client;datum;notitie\nK1;02-03-2024;Cl. is weggelopen met haar vriend van 26.\nK2;03-03-2024;Cl. is bedreigd door een jongen van 24.\n";

impl Room {
    fn new(files: &[(&str, &str)]) -> Self {
        let room = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        for (name, text) in files {
            room.write(name, text);
        }
        room.scan();
        room
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.input(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn input(&self, name: &str) -> PathBuf {
        self.folder.path().join("in").join(name)
    }

    fn out(&self) -> PathBuf {
        self.folder.path().join("out")
    }

    fn scan(&self) {
        let (input, out) = (self.input(""), self.out());
        let (input, out) = (input.to_str().unwrap(), out.to_str().unwrap());
        let output = super::program(&["scan", input, "--out", out, "--quiet"]);
        assert!(output.status.code().is_some_and(|c| c < 2));
    }

    fn document(&self, name: &str) -> DocumentRecord {
        let text = fs::read_to_string(self.out().join("documents.jsonl")).unwrap();
        let mut documents = text.lines().map(|l| serde_json::from_str(l).unwrap());
        documents
            .find(|d: &DocumentRecord| d.path.ends_with(name))
            .unwrap()
    }

    fn findings(&self, name: &str) -> BTreeMap<String, Finding> {
        let id = self.document(name).id;
        fs::read_to_string(self.out().join("findings.jsonl"))
            .unwrap()
            .lines()
            .map(|l| serde_json::from_str::<Finding>(l).unwrap())
            .filter(|f| f.document == id && f.suppressed_by.is_empty())
            .map(|f| (f.category.clone(), f))
            .collect()
    }

    /// A decision on a document, to be completed.
    fn on(&self, name: &str, reviewer: &str, verdict: Option<Action>) -> Decision {
        let document = self.document(name);
        Decision {
            text_hash: document.id.clone(),
            document: document.id,
            path: document.path,
            dossier: document.dossier,
            reviewer: reviewer.to_owned(),
            at: signaalbril::store::clock::now(),
            verdict,
            ..Decision::default()
        }
    }

    fn decide(&self, decision: &Decision) {
        let mut store = Store::review(&self.out()).unwrap();
        store.decide(decision).unwrap();
    }

    /// Runs a command on the store: exit code, standard output, messages.
    fn run(&self, command: &[&str]) -> (i32, String, String) {
        let out = self.out();
        let arguments: Vec<&str> = command
            .iter()
            .map(|a| {
                if *a == "DIR" {
                    out.to_str().unwrap()
                } else {
                    a
                }
            })
            .collect();
        let output = super::program(&arguments);
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        (
            output.status.code().unwrap(),
            text(&output.stdout),
            text(&output.stderr),
        )
    }
}

fn mark(finding: &Finding, mark: Mark, should_be: Option<Correction>) -> FindingMark {
    FindingMark {
        finding: signaalbril::decision::finding_key(finding),
        mark,
        should_be,
    }
}

fn gold_of(path: &Path) -> Vec<Value> {
    super::records_in(path)
}

#[test]
fn what_was_reviewed_becomes_gold() {
    let room = Room::new(&[("a/1.txt", NOTE), ("a/2.txt", QUIET), ("b/e.csv", EXPORT)]);
    let found = room.findings("a/1.txt");
    assert_eq!(found.len(), 5, "{found:?}");
    let at = NOTE.chars().position(|c| c == 'é').unwrap();
    let cafe = NOTE.chars().count() - "café rond met schulden.\n".chars().count();
    room.decide(&room.on("a/1.txt", "anna", Some(Action::Twijfel)));
    room.decide(&Decision {
        marks: vec![
            mark(&found["weglopen"], Mark::Juist, None),
            mark(&found["geschenken_geld"], Mark::Onjuist, None),
            mark(
                &found["oudere_partner"],
                Mark::Context,
                Some(Correction::Historical),
            ),
            mark(&found["geweld_dreiging"], Mark::Context, None),
        ],
        missed: vec![
            MissedSignal {
                start: cafe,
                end: cafe + 4,
                category: "isolatie".to_owned(),
            },
            MissedSignal {
                start: 9000,
                end: 9001,
                category: "isolatie".to_owned(),
            },
        ],
        ..room.on("a/1.txt", "anna", Some(Action::Opvolgen))
    });
    room.decide(&room.on("e.csv#2", "bram", Some(Action::GeenActie)));
    // Taken back, only marked, or on the dossier: no gold.
    room.decide(&room.on("a/2.txt", "bram", Some(Action::Opvolgen)));
    room.decide(&Decision {
        undo: true,
        ..room.on("a/2.txt", "bram", None)
    });
    room.decide(&Decision {
        note: "nog lezen".to_owned(),
        ..room.on("e.csv#1", "bram", None)
    });
    room.decide(&Decision {
        document: String::new(),
        ..room.on("a/2.txt", "bram", Some(Action::Opvolgen))
    });
    let (code, _, said) = room.run(&["export", "DIR", "--format", "gold"]);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("2 documents, 6 signals"), "{said}");
    assert!(
        said.contains("1 missed signal(s) are left out: they lie outside"),
        "{said}"
    );
    let file = room.out().join("export/gold.jsonl");
    let (code, _, said) = room.run(&["gold", "check", file.to_str().unwrap()]);
    assert!(
        code == 0 && said.contains("2 documents, 6 signals: no problem"),
        "{said}"
    );

    let gold = gold_of(&file);
    let first = &gold[0];
    assert_eq!(first["text"], NOTE);
    assert!(first["label"].is_null());
    assert_eq!(first["date"], "2024-03-02");
    let signals: Vec<(&str, &str, &str)> = first["signals"]
        .as_array()
        .unwrap()
        .iter()
        .map(|s| {
            let text = |name: &str| s[name].as_str().unwrap();
            (text("category"), text("text"), text("temporality"))
        })
        .collect();
    assert_eq!(
        signals,
        [
            ("weglopen", "weggelopen", "current"),
            ("oudere_partner", "vriend van 26", "historical"),
            ("isolatie", "café", "current"),
            ("schuld_financieel", "schulden", "current"),
        ]
    );
    assert!(found["weglopen"].start > at, "it stands after é and emoji");
    let field = |name: &str| first[name].clone();
    assert_eq!(field("verdict"), "opvolgen");
    assert_eq!(field("reviewer"), "anna");
    assert_eq!(field("dossier"), "a");
    assert_eq!(
        (field("marked"), field("unmarked"), field("open_context")),
        (4.into(), 1.into(), 1.into())
    );
    assert_eq!(first["text_hash"], first["id"]);
    assert_eq!(gold[1]["verdict"], "geen_actie");
    let (_, text, _) = room.run(&["evaluate", "--gold", file.to_str().unwrap(), "--draws", "0"]);
    assert!(text.starts_with("documents: 2;"), "{text}");

    // The last decision of anybody, or of one reviewer.
    room.decide(&room.on("a/1.txt", "bram", Some(Action::GeenActie)));
    let gold = |arguments: &[&str]| {
        let mut all = vec!["export", "DIR", "--format", "gold", "--to", "-"];
        all.extend(arguments);
        let (code, text, said) = room.run(&all);
        assert_eq!(code, 0, "{said}");
        let verdicts = text.lines().map(|l| {
            let document: Value = serde_json::from_str(l).unwrap();
            document["verdict"].as_str().unwrap().to_owned()
        });
        verdicts.collect::<Vec<_>>()
    };
    assert_eq!(gold(&[]), ["geen_actie", "geen_actie"]);
    assert_eq!(gold(&["--reviewer", "anna"]), ["opvolgen"]);
    let (code, _, said) = room.run(&["export", "DIR", "--format", "gold", "--reviewer", "karel"]);
    assert!(code == 2 && said.contains("some by anna, bram"), "{said}");
    for (more, why) in [
        (
            ["--pseudonymise", "--format=gold"],
            "cannot be pseudonymised",
        ),
        (["--tables=findings", "--format=gold"], "is no table"),
        (
            ["--reviewer=anna", "--format=csv"],
            "goes with --format gold",
        ),
    ] {
        let (code, _, said) = room.run(&["export", "DIR", more[0], more[1]]);
        assert!(code == 2 && said.contains(why), "{said}");
    }

    // It is forgotten with the rest.
    let (code, _, said) = room.run(&["forget", "DIR", "--dossier", "a"]);
    assert!(code == 0 && !file.exists(), "{said}");
}

#[test]
fn gold_is_only_made_of_texts_that_are_as_they_were() {
    let room = Room::new(&[
        ("a/1.txt", NOTE),
        ("a/2.txt", QUIET),
        ("b/copy.txt", QUIET),
        ("c/e.csv", EXPORT),
        ("d/x.pdf", "%PDF-1.4\nstuk"),
    ]);
    for name in ["a/1.txt", "a/2.txt", "e.csv#1", "e.csv#2", "d/x.pdf"] {
        room.decide(&room.on(name, "anna", Some(Action::Opvolgen)));
    }
    // A copy will do; a changed file will not; what was scanned again has another text.
    fs::remove_file(room.input("a/2.txt")).unwrap();
    room.write("c/e.csv", &EXPORT.replace("jongen", "man"));
    let (code, _, said) = room.run(&["export", "DIR", "--format", "gold"]);
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("2 documents, "), "{said}");
    assert!(
        said.contains("2 document(s) decided on are left out: their files are gone"),
        "{said}"
    );
    assert!(
        said.contains("e.csv#1\n") && !said.contains("weggelopen"),
        "{said}"
    );
    let unread = "1 document(s) decided on are left out: the scan could not read them";
    assert!(said.contains(unread), "{said}");
    room.scan();
    let (code, _, said) = room.run(&["export", "DIR", "--format", "gold"]);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("3 documents, "), "{said}");
    assert!(
        said.contains("1 document(s) decided on are left out: their text has changed"),
        "{said}"
    );
}

#[test]
fn two_reviewers_are_compared_and_drawn_documents_tell_of_the_rest() {
    let names: Vec<String> = (0..12).map(|n| format!("d{}/{n}.txt", n / 3)).collect();
    let texts: Vec<String> = (0..12)
        .map(|n| match n {
            0..4 => format!("Cl. is weggelopen. Zij heeft een vriend van 26. Nummer {n}."),
            _ => format!("Cl. at rustig mee. Nummer {n}."),
        })
        .collect();
    let files: Vec<(&str, &str)> = (names.iter().zip(&texts))
        .map(|(name, text)| (name.as_str(), text.as_str()))
        .collect();
    let room = Room::new(&files);
    let say =
        |n: usize, reviewer: &str, verdict: Action| room.on(&names[n], reviewer, Some(verdict));
    let found: Vec<BTreeMap<String, Finding>> = (0..4).map(|n| room.findings(&names[n])).collect();
    let marked = |n: usize, reviewer: &str, verdict: Action, said: Mark| Decision {
        marks: vec![mark(&found[n]["weglopen"], said, None)],
        ..say(n, reviewer, verdict)
    };
    // Half of the four high ones: two low ones are drawn and two controls.
    let drawn = {
        let mut store = Store::review(&room.out()).unwrap();
        assert_eq!(store.draw(0.5).unwrap(), 2);
        store.drawn().unwrap()
    };
    let low: Vec<usize> = (4..12)
        .filter(|n| drawn.contains_key(&room.document(&names[*n]).id))
        .collect();
    let [first, second] = low[..] else {
        panic!("{low:?}");
    };
    let picked = (4..12).find(|n| !low.contains(n)).unwrap();
    let covered = |decision: Decision| Decision {
        drawn: drawn.get(&decision.document).copied(),
        ..decision
    };
    use Action::{GeenActie, Opvolgen, Twijfel};
    for decision in [
        marked(0, "anna", Opvolgen, Mark::Juist),
        marked(1, "anna", GeenActie, Mark::Juist),
        marked(2, "anna", Opvolgen, Mark::Juist),
        say(3, "anna", Twijfel),
        marked(0, "bram", Opvolgen, Mark::Juist),
        marked(1, "bram", Opvolgen, Mark::Juist),
        marked(2, "bram", GeenActie, Mark::Onjuist),
        // A slip that is taken back.
        say(3, "bram", GeenActie),
        Decision {
            undo: true,
            ..room.on(&names[3], "bram", None)
        },
        say(3, "bram", Twijfel),
        say(picked, "anna", Opvolgen),
        Decision {
            missed: vec![MissedSignal {
                start: 0,
                end: 3,
                category: "isolatie".to_owned(),
            }],
            ..say(first, "anna", Opvolgen)
        },
        say(second, "anna", GeenActie),
    ] {
        room.decide(&covered(decision));
    }
    let on_dossier = |reviewer: &str, verdict| Decision {
        document: String::new(),
        path: String::new(),
        ..say(0, reviewer, verdict)
    };
    room.decide(&on_dossier("anna", Opvolgen));
    room.decide(&on_dossier("bram", GeenActie));
    // They talk: what comes of it is no agreement.
    room.decide(&covered(Decision {
        informed: true,
        ..marked(1, "anna", Opvolgen, Mark::Juist)
    }));

    let (code, text, said) = room.run(&["evaluate", "--decisions", "DIR", "--json"]);
    assert_eq!(code, 0, "{said}");
    let result: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(result["reviewers"], serde_json::json!(["anna", "bram"]));
    assert_eq!(
        (
            &result["documents"],
            &result["dossiers"],
            &result["informed"]
        ),
        (&7.into(), &1.into(), &1.into())
    );
    let pair = &result["pairs"][0];
    let documents = &pair["documents"];
    assert_eq!(documents["number"], 4);
    assert_eq!(documents["equal"]["value"], 0.5);
    assert_eq!(
        documents["table"],
        serde_json::json!([[1, 1, 0], [1, 0, 0], [0, 0, 1]])
    );
    // By chance: rows 2, 1, 1 and columns 2, 1, 1 of four: 6 / 16.
    let kappa = documents["kappa"]["value"].as_f64().unwrap();
    assert!((kappa - (0.5 - 0.375) / 0.625).abs() < 1e-12, "{kappa}");
    assert_eq!(pair["dossiers"]["number"], 1);
    assert_eq!(
        (&pair["marks"]["number"], &pair["marks"]["table"][0]),
        (&3.into(), &serde_json::json!([2, 1, 0]))
    );
    let differ = |n: usize, first: &str, second: &str, settled: Value| {
        let document = room.document(&names[n]);
        serde_json::json!({
            "document": document.id, "dossier": document.dossier, "first": first, "second": second, "settled": settled
        })
    };
    let differences = pair["differences"].as_array().unwrap();
    assert_eq!(differences.len(), 3);
    assert_eq!(differences[0]["document"], "");
    for wanted in [
        differ(1, "geen_actie", "opvolgen", "opvolgen".into()),
        differ(2, "opvolgen", "geen_actie", Value::Null),
    ] {
        assert!(differences.contains(&wanted), "{wanted}");
    }
    let marks = &result["findings"]["categories"]["weglopen"];
    assert_eq!((&marks["juist"], &marks["onjuist"]), (&5.into(), &1.into()));
    assert_eq!(result["findings"]["terms"][0][1], *marks);
    assert_eq!(result["findings"]["missed"]["isolatie"], 1);
    let sample = &result["sample"];
    assert_eq!(
        [
            &sample["laag"]["drawn"],
            &sample["laag"]["decided"],
            &sample["laag"]["relevant"]
        ],
        [2, 2, 1]
    );
    assert_eq!(
        [&sample["controle"]["drawn"], &sample["controle"]["decided"]],
        [2, 2]
    );
    // One of two drawn: about four of the eight low ones, whatever was picked.
    let elusion = &sample["elusion"];
    assert_eq!(elusion["missed"]["value"], 4.0);
    assert_eq!(
        [
            &elusion["unread"]["documents"],
            &elusion["unread"]["decided"]
        ],
        [8, 2]
    );

    let (_, text, _) = room.run(&["evaluate", "--decisions", "DIR", "--draws", "200"]);
    for part in [
        "7 document(s) and 1 dossier(s) with a verdict, by 2 reviewer(s); 1 verdict(s) after",
        "anna and bram, each before",
        "documents    4  equal 0.500",
        "to talk about: 3",
        ": geen_actie / opvolgen; now both opvolgen",
        "terms least often right",
        "ranked low             2, 2 decided, 1 to follow up",
        "others may have been picked by hand",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(!text.contains("Nummer"), "{text}");

    // The same from a file, which does not know what else was there.
    let (code, _, said) = room.run(&["export", "DIR", "--tables", "decisions"]);
    assert_eq!(code, 0, "{said}");
    let file = room.out().join("export/decisions.jsonl");
    let file = file.to_str().unwrap();
    let (_, text, _) = room.run(&["evaluate", "--decisions", file, "--json"]);
    let from_file: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(from_file["pairs"], result["pairs"]);
    assert_eq!(from_file["findings"], result["findings"]);
    assert_eq!(from_file["sample"]["laag"]["decided"], 2);
    assert!(from_file["sample"]["elusion"].is_null());
    for decisions in [file, "DIR"] {
        let elusion = ["evaluate", "--elusion", "DIR", "--decisions", decisions];
        let (_, text, _) = room.run(&elusion);
        assert!(
            text.contains("8 documents, 2 decided, 1 to follow up") && text.contains("by hand"),
            "{text}"
        );
    }
    let (_, from_store, _) = room.run(&["lexicon", "suggest", "--decisions", "DIR"]);
    let with_scan = ["lexicon", "suggest", "--decisions", file, "--scan", "DIR"];
    assert_eq!(from_store, room.run(&with_scan).1);
    assert!(from_store.starts_with("12 documents."), "{from_store}");
    let (code, _, said) = room.run(&["lexicon", "suggest", "--decisions", file]);
    assert!(code == 2 && said.contains("--scan DIR"), "{said}");
    let high = ["evaluate", "--decisions", "DIR", "--threshold", "hoog"];
    let (code, _, said) = room.run(&high);
    assert!(
        code == 2 && said.contains("take --threshold midden"),
        "{said}"
    );
    for wrong in [
        &["evaluate", "--decisions", "DIR", "--gold", "x"][..],
        &["evaluate"],
    ] {
        assert_eq!(room.run(wrong).0, 2, "{wrong:?}");
    }
}
