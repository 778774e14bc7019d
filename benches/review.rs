//! The reviewer's screen on a store of 50,000 documents: a page of the list, filtered, searched, far down, with drawn documents among it.
//!
//! One request is answered by one thread without waiting for anything, so its time is its CPU time.

#![allow(missing_docs, reason = "criterion's macros make public functions")]

use std::hint::black_box;
use std::path::Path;
use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use signaalbril::review::{Answer, Desk, Options};
use signaalbril::store::Store;
use signaalbril::{Analysis, Analyzer, Document, extract::Settings};

const DOCUMENTS: usize = 50_000;
const DOSSIERS: usize = 2_500;

const SENTENCES: [&str; 8] = [
    "Cl. at rustig mee en ging op tijd naar bed.",
    "Cl. is weggelopen.",
    "Zij heeft een vriend van 26.",
    "Zij kreeg een dure jas.",
    "Cl. is bang voor hem.",
    "Geen aanwijzingen voor een loverboy.",
    "Moeder belde over de vakantie.",
    "Zij wordt gedwongen tot seks met mannen.",
];

/// A store of notes in which each combination of sentences comes as often as any other.
fn fill(directory: &Path, analyzer: &Analyzer) {
    let kinds: Vec<Analysis> = (0..256_usize)
        .map(|kind| {
            let text: Vec<&str> = (0..8)
                .filter(|bit| kind >> bit & 1 == 1)
                .map(|bit| SENTENCES[bit])
                .collect();
            analyzer.analyze(&Document::from_text("notitie.txt", text.join(" ")))
        })
        .collect();
    let mut store = Store::open(directory, None).expect("a store");
    for window in 0..DOCUMENTS / 1000 {
        let analyses = (window * 1000..(window + 1) * 1000)
            .map(|n| {
                let mut analysis = kinds[n * 7 % 256].clone();
                let document = &mut analysis.document;
                document.id = format!("{n:016x}");
                document.dossier = format!("dossier-{:04}", n % DOSSIERS);
                document.path = format!("{}/{n:05}.txt", document.dossier);
                for finding in &mut analysis.findings {
                    finding.document = format!("{n:016x}");
                }
                analysis
            })
            .collect();
        store.add(analyses).expect("room");
    }
    store.score_dossiers(analyzer).expect("room");
}

fn list(c: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a folder");
    let analyzer = Analyzer::builtin().expect("the lexicon");
    fill(folder.path(), &analyzer);
    let desk = |mix: f64| {
        let options = Options {
            directory: folder.path().to_owned(),
            reviewer: "lezer".to_owned(),
            mix,
            settings: Settings::default(),
            key: None,
        };
        Desk::open(options, Analyzer::builtin().expect("the lexicon")).expect("a desk")
    };
    let mut group = c.benchmark_group("review/list/50000");
    group
        .sample_size(10)
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(2));
    let pages = [
        ("documents", "lijst=documenten", DOCUMENTS),
        ("documents-last", "lijst=documenten&blz=1000", DOCUMENTS),
        ("documents-hoog", "lijst=documenten&label=hoog", 0),
        (
            "documents-category",
            "lijst=documenten&categorie=isolatie&open=1",
            0,
        ),
        ("documents-search", "lijst=documenten&zoek=dossier-0042", 20),
        ("dossiers", "lijst=dossiers", DOSSIERS),
    ];
    for (kind, mix) in [("", 0.0), ("-drawn", 0.05)] {
        let desk = desk(mix);
        for (name, query, total) in pages {
            group.bench_function(format!("{name}{kind}"), |b| {
                b.iter(|| {
                    let Answer::Page(page) = desk.get("/", black_box(query)) else {
                        panic!("no page");
                    };
                    let told = format!("<b>{total} do");
                    assert!(
                        total == 0 || page.0.contains(&told),
                        "{name}{kind}: not {total}"
                    );
                    page.0.len()
                });
            });
        }
    }
    group.finish();
}

criterion_group!(benches, list);
criterion_main!(benches);
