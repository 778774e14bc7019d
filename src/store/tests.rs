use super::*;
use crate::analyze::{Analysis, Analyzer};
use crate::document::{Document, Status};
use crate::dossier::DossierRecord;
use crate::passage::Snippets;

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
