use super::*;
use crate::analyze::{Analysis, Analyzer};
use crate::decision::{Action, Decision, Drawn};
use crate::document::{Document, Status};
use crate::dossier::DossierRecord;
use crate::passage::Snippets;
use crate::score::Label;

fn documents() -> Vec<Document> {
    let note = |path: &str, dossier: &str, text: &str| Document {
        dossier: dossier.to_owned(),
        ..Document::from_text(path, text)
    };
    vec![
        Document {
            date: crate::extract::date::iso("2024-03-02"),
            ..note(
                "b/2.txt",
                "b",
                "Cl. kwam thuis met dure kleding van haar vriend van 26.",
            )
        },
        note(
            "b/1.txt",
            "b",
            "Cl. is weggelopen en wordt bedreigd door haar vriend van 26.",
        ),
        Document::unread("b/x.pdf", "b", "pdf", Status::Encrypted, "needs a password"),
        note(
            "a/1.txt",
            "a",
            "Cl. at rustig mee en ging op tijd naar bed.",
        ),
    ]
}

fn filled(analyzer: &Analyzer) -> (Store, Vec<Analysis>) {
    let analyses: Vec<Analysis> = documents().iter().map(|d| analyzer.analyze(d)).collect();
    let mut store = Store::in_memory().unwrap();
    store.add(analyses.clone()).unwrap();
    store.score_dossiers(analyzer).unwrap();
    (store, analyses)
}

#[test]
fn what_goes_in_comes_out_without_its_text() {
    let analyzer = Analyzer::builtin().unwrap();
    let (store, analyses) = filled(&analyzer);
    let mut seen = Vec::new();
    store
        .each(Order::Input, &mut |a| {
            seen.push(a);
            Ok(())
        })
        .unwrap();
    let cut: Vec<Analysis> = analyses
        .into_iter()
        .map(|mut a| {
            a.cut(analyzer.lexicon(), Snippets::default());
            a
        })
        .collect();
    assert!(seen == cut);
    assert!(seen.iter().all(|a| a.text.is_empty()));
    assert_eq!(store.counts().unwrap().documents, 4);
    assert_eq!(store.counts().unwrap().status(Status::Encrypted), 1);
}

#[test]
fn orders_are_those_of_reading() {
    let analyzer = Analyzer::builtin().unwrap();
    let (store, _) = filled(&analyzer);
    let paths = |order| {
        let mut paths = Vec::new();
        store
            .each(order, &mut |a| {
                paths.push(a.document.path);
                Ok(())
            })
            .unwrap();
        paths
    };
    assert_eq!(
        paths(Order::Input),
        ["b/2.txt", "b/1.txt", "b/x.pdf", "a/1.txt"]
    );
    assert_eq!(paths(Order::Unread), ["b/x.pdf"]);
    assert_eq!(
        paths(Order::Dossier),
        ["a/1.txt", "b/2.txt", "b/1.txt", "b/x.pdf"]
    );
    let parts = |within| {
        let mut parts = Vec::new();
        store
            .each_part(within, &mut |part| {
                parts.push(match part {
                    Part::Dossier(record) => record.dossier,
                    Part::Document(analysis) => analysis.document.path,
                });
                Ok(())
            })
            .unwrap();
        parts
    };
    assert_eq!(
        parts(Within::Day),
        ["b", "b/2.txt", "b/1.txt", "b/x.pdf", "a", "a/1.txt"]
    );
    assert_eq!(
        parts(Within::Rank),
        ["b", "b/1.txt", "b/2.txt", "a", "a/1.txt"]
    );
    assert_eq!(rows::rank(None, None), 0);
    let ranks: Vec<i64> = [(3, 100), (3, 70), (2, 69), (0, 0)]
        .iter()
        .map(|(l, s)| rows::rank(Some(crate::score::Label::ALL[*l]), Some(*s)))
        .collect();
    assert!(ranks.is_sorted() && ranks[0] > 0);
}

#[test]
fn dossiers_are_those_scored_in_memory() {
    let analyzer = Analyzer::builtin().unwrap();
    let (store, analyses) = filled(&analyzer);
    let mut seen = Vec::new();
    store
        .each_dossier(&mut |record| {
            seen.push(record);
            Ok(())
        })
        .unwrap();
    let mut expected: Vec<DossierRecord> = crate::dossier::dossiers(&analyzer, &analyses)
        .into_iter()
        .map(|d| d.record)
        .collect();
    expected.reverse();
    assert_eq!(seen, expected);
    assert_eq!(seen[0].dossier, "b");
    assert_eq!(store.counts().unwrap().dossiers, 2);
}

#[test]
fn the_files_are_private() {
    let folder = tempfile::tempdir().unwrap();
    let analyzer = Analyzer::builtin().unwrap();
    let mut store = Store::open(folder.path(), None).unwrap();
    store
        .add(documents().iter().map(|d| analyzer.analyze(d)).collect())
        .unwrap();
    let mut seen = 0;
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        let entry = entry.unwrap();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = entry.metadata().unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{:?}", entry.file_name());
        }
        seen += 1;
    }
    assert!(seen >= 3, "the file, its log, the lock");
}

fn paths_of(store: &Store, filter: &Filter) -> Vec<String> {
    let listed = store.list_documents(filter, "lezer", 0, 50).unwrap();
    assert_eq!(listed.total, listed.rows.len());
    listed.rows.into_iter().map(|r| r.record.path).collect()
}

fn decide(store: &mut Store, id: &str, path: &str, reviewer: &str, verdict: Option<Action>) {
    let decision = Decision {
        document: id.to_owned(),
        path: path.to_owned(),
        dossier: "b".to_owned(),
        reviewer: reviewer.to_owned(),
        at: clock::now(),
        verdict,
        ..Decision::default()
    };
    store.decide(&decision).unwrap();
}

#[test]
fn lists_are_in_reading_order_and_filtered() {
    let analyzer = Analyzer::builtin().unwrap();
    let (mut store, analyses) = filled(&analyzer);
    let gifts = analyses[0].findings[0].category.clone();
    let all = ["b/x.pdf", "b/1.txt", "b/2.txt", "a/1.txt"];
    assert_eq!(paths_of(&store, &Filter::default()), all);
    let by = |change: &dyn Fn(&mut Filter)| {
        let mut filter = Filter::default();
        change(&mut filter);
        filter
    };
    let cases: [(Filter, &[&str]); 8] = [
        (by(&|f| f.labels = vec![None]), &["b/x.pdf"]),
        (
            by(&|f| f.labels = vec![None, Some(Label::Geen)]),
            &["b/x.pdf", "a/1.txt"],
        ),
        (
            by(&|f| f.categories = vec!["weglopen".to_owned()]),
            &["b/1.txt"],
        ),
        (
            by(&|f| f.categories = vec!["weglopen".to_owned(), gifts.clone()]),
            &["b/1.txt", "b/2.txt"],
        ),
        (by(&|f| f.formats = vec!["pdf".to_owned()]), &["b/x.pdf"]),
        (by(&|f| f.words = vec!["BEDRÉIGD".to_owned()]), &["b/1.txt"]),
        // Words of the stored form are not the text's.
        (by(&|f| f.words = vec!["byte_start".to_owned()]), &[]),
        (by(&|f| f.words = vec!["%".to_owned()]), &[]),
    ];
    for (filter, expected) in cases {
        assert_eq!(paths_of(&store, &filter), expected, "{filter:?}");
    }
    let second = store
        .list_documents(&Filter::default(), "lezer", 1, 2)
        .unwrap();
    assert_eq!((second.rows.len(), second.total), (2, 4));
    assert_eq!(second.by_label.get(&None), Some(&1));
    let first = second.rows.first().unwrap();
    assert!(first.stages.values().sum::<usize>() > 0);

    let (id, path) = (first.record.id.clone(), first.record.path.clone());
    decide(&mut store, &id, &path, "lezer", Some(Action::Opvolgen));
    let open = by(&|f| f.undecided = true);
    assert_eq!(paths_of(&store, &open), ["b/x.pdf", "b/2.txt", "a/1.txt"]);
    // Taken back: the last one counts.
    decide(&mut store, &id, &path, "lezer", None);
    assert_eq!(paths_of(&store, &open), all);
    decide(&mut store, &id, &path, "ander", Some(Action::Twijfel));
    let asked = by(&|f| f.asked = true);
    assert_eq!(paths_of(&store, &asked), ["b/1.txt"]);
    decide(&mut store, &id, &path, "lezer", Some(Action::GeenActie));
    assert_eq!(paths_of(&store, &asked), Vec::<String>::new());
    // Another text at the same path.
    decide(
        &mut store,
        "gone",
        "b/2.txt",
        "lezer",
        Some(Action::Opvolgen),
    );
    let seq = store.find("", "b/2.txt").unwrap().unwrap();
    let row = store.document_row(seq, "lezer").unwrap().unwrap();
    assert!(row.opinion.older && row.opinion.verdict == Some(Action::Opvolgen));
    assert!(paths_of(&store, &open).contains(&"b/2.txt".to_owned()));
}

#[test]
fn dossiers_are_listed_as_documents_are() {
    let analyzer = Analyzer::builtin().unwrap();
    let (mut store, _) = filled(&analyzer);
    let names = |store: &Store, filter: &Filter| -> Vec<String> {
        let listed = store.list_dossiers(filter, "lezer", 0, 50).unwrap();
        assert_eq!(listed.total, listed.rows.len());
        listed.rows.into_iter().map(|r| r.record.dossier).collect()
    };
    assert_eq!(names(&store, &Filter::default()), ["b", "a"]);
    let weglopen = Filter {
        categories: vec!["weglopen".to_owned()],
        formats: vec!["pdf".to_owned()],
        words: vec!["bedreigd".to_owned()],
        ..Filter::default()
    };
    assert_eq!(names(&store, &weglopen), ["b"]);
    let open = Filter {
        undecided: true,
        ..Filter::default()
    };
    // A decision on a document is none on its dossier.
    let seq = store.find("", "b/1.txt").unwrap().unwrap();
    let id = store
        .document_row(seq, "")
        .unwrap()
        .unwrap()
        .record
        .id
        .clone();
    decide(&mut store, &id, "b/1.txt", "lezer", Some(Action::Twijfel));
    assert_eq!(names(&store, &open), ["b", "a"]);
    let row = store.dossier_row("b", "lezer").unwrap().unwrap();
    assert_eq!((row.decided, row.opinion.verdict), (1, None));
    decide(&mut store, "", "", "lezer", Some(Action::Opvolgen));
    assert_eq!(names(&store, &open), ["a"]);
    assert_eq!(
        store
            .dossier_row("b", "ander")
            .unwrap()
            .unwrap()
            .opinion
            .verdict,
        None
    );
}

#[test]
fn low_documents_are_drawn_among_the_high_ones() {
    let analyzer = Analyzer::builtin().unwrap();
    let mut store = Store::in_memory().unwrap();
    let note = |n: usize| {
        let text = if n < 40 {
            format!("Cl. is weggelopen. Zij heeft een vriend van 26. Nummer {n}.")
        } else {
            format!("Cl. at rustig mee. Nummer {n}.")
        };
        analyzer.analyze(&Document::from_text(&format!("{n:03}.txt"), text))
    };
    store.add((0..200).map(note).collect()).unwrap();
    assert_eq!(store.draw(0.0).unwrap(), 0);
    assert_eq!(store.draw(0.1).unwrap(), 4);
    assert_eq!(store.draw(0.1).unwrap(), 4);
    let listed = store
        .list_documents(&Filter::default(), "lezer", 0, 44)
        .unwrap();
    let drawn = |kind| listed.rows.iter().filter(move |r| r.drawn == Some(kind));
    assert_eq!(drawn(Drawn::Laag).count(), 4, "among the high ones");
    assert_eq!(drawn(Drawn::Controle).count(), 4);
    assert!(drawn(Drawn::Laag).all(|r| r.record.label == Some(Label::Geen) && r.is_covered()));
    let ids: Vec<String> = drawn(Drawn::Laag).map(|r| r.record.id.clone()).collect();
    // A filter on labels gives nothing away.
    let high = Filter {
        labels: vec![Some(Label::Midden), Some(Label::Hoog)],
        ..Filter::default()
    };
    assert_eq!(store.list_documents(&high, "", 0, 1).unwrap().total, 44);
    decide(&mut store, &ids[0], "", "lezer", Some(Action::GeenActie));
    assert_eq!(
        store.list_documents(&high, "lezer", 0, 1).unwrap().total,
        43
    );
    store.add((200..210).map(note).collect()).unwrap();
    assert_eq!(store.draw(0.2).unwrap(), 8);
    let listed = store
        .list_documents(&Filter::default(), "", 0, 300)
        .unwrap();
    let still = |id: &String| {
        listed
            .rows
            .iter()
            .any(|r| r.record.id == *id && r.drawn == Some(Drawn::Laag))
    };
    assert!(ids.iter().all(still), "who is drawn stays drawn");
}
