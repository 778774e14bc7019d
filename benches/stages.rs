//! One group a corpus, one function a stage; bytes counted, results asserted: a wrong answer cannot be fast.
//!
//! `cargo bench` for figures, `cargo bench -- --test` runs each once. Compare ratios within one run: machines are noisy.
//! `automaton` is no stage but a yardstick: the bare overlapping scan of a contiguous aho-corasick automaton over the rarest word of each
//! pattern, with a check of word boundaries, over the same folded bytes. `ungated` is `analyze` with every pattern tried in every sentence.
#![allow(missing_docs, reason = "criterion's macros make undocumented items")]

mod corpus;

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use rustc_hash::FxHashSet;
use signaalbril::extract::Settings;
use signaalbril::matcher::{Clock, Machine, Matcher, TextWords};
use signaalbril::pipeline::Silent;
use signaalbril::report::{Manifest, REPORTS, Run};
use signaalbril::text::{Folded, View};
use signaalbril::{Analyzer, Document, Lexicon, Pipeline, Store, source};

const BYTES: usize = 1_000_000;
/// Trying every pattern takes long.
const UNGATED: usize = 16_000;

fn documents(texts: &[String]) -> Vec<Document> {
    let document = |n: &String| Document::from_text("note.txt", n.clone());
    texts.iter().map(document).collect()
}

fn findings(analyzer: &Analyzer, documents: &[Document]) -> usize {
    let found = |d: &Document| analyzer.analyze(black_box(d)).findings.len();
    documents.iter().map(found).sum()
}

fn stages(c: &mut Criterion) {
    let analyzer = Analyzer::builtin().expect("the built-in lexicon is valid");
    let without_gate = corpus::without_gate();
    for (name, texts, least) in [
        ("general", corpus::general(BYTES, &analyzer), 0),
        ("running", corpus::running(BYTES, &analyzer), 4000),
        ("notes", corpus::notes(BYTES), 2000),
    ] {
        let bytes: usize = texts.iter().map(String::len).sum();
        let documents = documents(&texts);
        let expected = findings(&analyzer, &documents);
        assert!(
            least == 0 || expected > bytes / least,
            "{expected} findings in {bytes} bytes"
        );
        let mut group = c.benchmark_group(format!("{name}-1MB"));
        group.throughput(Throughput::Bytes(bytes as u64));
        group.sample_size(10);
        text_stages(&mut group, &analyzer, &texts);
        match_stages(&mut group, &analyzer, &texts);
        let analyses: Vec<_> = documents.iter().map(|d| analyzer.analyze(d)).collect();
        let points: usize = (analyses.iter()).map(|a| a.contributions.len()).sum();
        group.bench_function("score", |b| {
            b.iter(|| {
                let scored = (analyses.iter()).map(|a| analyzer.score(&a.findings, &a.copy_keys));
                assert_eq!(scored.map(|s| s.contributions.len()).sum::<usize>(), points);
            });
        });
        group.bench_function("analyze", |b| {
            b.iter(|| assert_eq!(findings(&analyzer, &documents), expected));
        });
        let size: usize = (documents.iter())
            .scan(0, |size, d| {
                *size += d.text.len();
                (*size <= UNGATED.max(d.text.len())).then_some(1)
            })
            .sum();
        let few = &documents[..size];
        let expected = findings(&analyzer, few);
        let bytes: usize = few.iter().map(|d| d.text.len()).sum();
        group.throughput(Throughput::Bytes(bytes as u64));
        group.bench_function("ungated", |b| {
            b.iter(|| assert_eq!(findings(&without_gate, few), expected));
        });
        group.finish();
    }
}

type Group<'a> = criterion::BenchmarkGroup<'a, criterion::measurement::WallTime>;

/// What is done to any text, and the yardstick.
fn text_stages(group: &mut Group<'_>, analyzer: &Analyzer, texts: &[String]) {
    let lexicon = analyzer.lexicon();
    let folded: Vec<String> = texts.iter().map(|n| Folded::new(n).text).collect();
    let automaton = corpus::automaton(&corpus::literals(lexicon));
    let hits: usize = folded.iter().map(|t| corpus::scan(&automaton, t)).sum();
    group.bench_function("automaton", |b| {
        b.iter(|| {
            let found = (folded.iter()).map(|t| corpus::scan(&automaton, black_box(t)));
            assert_eq!(found.sum::<usize>(), hits);
        });
    });
    let letters: usize = folded.iter().map(String::len).sum();
    group.bench_function("fold", |b| {
        b.iter(|| {
            let folded = texts.iter().map(|n| Folded::new(black_box(n)).text.len());
            assert_eq!(folded.sum::<usize>(), letters);
        });
    });
    let view = |n: &String| View::new(black_box(n), &lexicon.boundaries).tokens.len();
    let tokens: usize = texts.iter().map(view).sum();
    group.bench_function("segment", |b| {
        b.iter(|| assert_eq!(texts.iter().map(view).sum::<usize>(), tokens));
    });
}

/// The matching core and context. `gate` finds the patterns that may match, `match` is gate and verification, `context` adds the verdicts.
fn match_stages(group: &mut Group<'_>, analyzer: &Analyzer, texts: &[String]) {
    let lexicon = analyzer.lexicon();
    let set = &lexicon.set;
    let views: Vec<View> = texts
        .iter()
        .map(|n| View::new(n, &lexicon.boundaries))
        .collect();
    let gate = |view: &View| {
        let words = TextWords::new(view, set);
        analyzer
            .matcher()
            .candidates(&Machine::new(&words, Clock::default()))
    };
    let candidates: usize = views.iter().map(gate).sum();
    group.bench_function("gate", |b| {
        b.iter(|| assert_eq!(views.iter().map(gate).sum::<usize>(), candidates));
    });
    let scan =
        |words: &mut TextWords<'_>| (analyzer.matcher()).scan(lexicon, words, Clock::default());
    let matches = |view: &View| scan(&mut TextWords::new(view, set)).matches.len();
    let expected: usize = views.iter().map(matches).sum();
    group.bench_function("match", |b| {
        b.iter(|| assert_eq!(views.iter().map(matches).sum::<usize>(), expected));
    });
    group.bench_function("match+context", |b| {
        b.iter(|| {
            let mut sum = 0;
            for view in &views {
                let mut words = TextWords::new(view, set);
                let scan = scan(&mut words);
                let protected = FxHashSet::default();
                let context = analyzer.context();
                let context = context.document(
                    lexicon,
                    Machine::new(&words, Clock::default()),
                    &scan,
                    protected,
                );
                for found in &scan.matches {
                    black_box(context.qualify(found.tokens.clone(), &found.spelled, None));
                    sum += 1;
                }
            }
            assert_eq!(sum, expected);
        });
    });
}

/// The same text with lexicons of different sizes.
fn sizes(c: &mut Criterion) {
    let builtin = Analyzer::builtin().expect("the built-in lexicon is valid");
    let texts = corpus::general(BYTES, &builtin);
    let bytes: usize = texts.iter().map(String::len).sum();
    let documents = documents(&texts);
    let mut group = c.benchmark_group("lexicon");
    group.throughput(Throughput::Bytes(bytes as u64));
    group.sample_size(10);
    for patterns in [500, 30_000] {
        let analyzer = Analyzer::new(corpus::generated(patterns)).expect("valid");
        let expected = findings(&analyzer, &documents);
        group.bench_function(format!("analyze-{patterns}"), |b| {
            b.iter(|| assert_eq!(findings(&analyzer, &documents), expected));
        });
    }
    group.finish();
}

fn start(c: &mut Criterion) {
    let mut group = c.benchmark_group("start");
    group.sample_size(10);
    group.bench_function("built-in", |b| {
        b.iter(|| assert!(Analyzer::builtin().is_ok()))
    });
    let files = signaalbril::lexicon::Files::builtin();
    group.bench_function("from-files", |b| {
        b.iter(|| assert!(Lexicon::from_files(black_box(&files)).is_ok()))
    });
    let lexicon = Lexicon::builtin().expect("valid");
    group.bench_function("index", |b| {
        b.iter(|| assert!(Matcher::new(black_box(&lexicon)).size().0 > 100))
    });
    group.finish();
}

fn reports(c: &mut Criterion) {
    let analyzer = Analyzer::builtin().expect("valid");
    let lexicon = analyzer.lexicon();
    let notes = corpus::notes(BYTES);
    let bytes: usize = notes.iter().map(String::len).sum();
    let analyses = documents(&notes)
        .iter()
        .map(|d| analyzer.analyze(d))
        .collect();
    let mut store = Store::in_memory().expect("memory");
    store.add(analyses).expect("memory");
    store.score_dossiers(&analyzer).expect("memory");
    let manifest =
        Manifest::new(lexicon, &store, std::collections::BTreeMap::new()).expect("memory");
    let mut group = c.benchmark_group("notes-1MB");
    group.throughput(Throughput::Bytes(bytes as u64));
    group.sample_size(10);
    group.bench_function("reports", |b| {
        b.iter(|| {
            let run = Run {
                lexicon,
                store: &store,
                manifest: &manifest,
                since: None,
            };
            let mut out = Vec::new();
            for report in REPORTS.iter().filter(|r| r.file_name().ends_with(".jsonl")) {
                report
                    .write(&run, &mut out)
                    .expect("a vector takes everything");
            }
            assert!(out.len() > bytes / 4);
        });
    });
    group.finish();
}

fn pipeline(c: &mut Criterion) {
    let analyzer = Analyzer::builtin().expect("valid");
    let settings = Settings::default();
    for (name, notes) in [
        ("pipeline-running-1MB", corpus::running(BYTES, &analyzer)),
        ("pipeline-tiny-1MB", corpus::notes(BYTES)),
    ] {
        let folder = tempfile::tempdir().expect("a temporary folder");
        for (n, note) in notes.iter().enumerate() {
            std::fs::write(folder.path().join(format!("{n:05}.txt")), note)
                .expect("the folder takes files");
        }
        let bytes: usize = notes.iter().map(String::len).sum();
        let inputs = source::collect(
            &[folder.path().display().to_string()],
            &source::Options::default(),
            &mut std::io::empty(),
        )
        .expect("the folder is there");
        let mut group = c.benchmark_group(name);
        group.throughput(Throughput::Bytes(bytes as u64));
        group.sample_size(10);
        for jobs in [1, 2] {
            let pipeline = Pipeline::new(&analyzer, &settings, jobs).expect("threads start");
            let run = || {
                let outcome = pipeline.collect(black_box(&inputs), &Silent);
                assert_eq!(outcome.analyses.len(), notes.len());
                (outcome.analyses.iter())
                    .map(|a| a.findings.len())
                    .sum::<usize>()
            };
            let expected = run();
            group.bench_function(format!("{jobs}-threads"), |b| {
                b.iter(|| assert_eq!(run(), expected));
            });
        }
        group.finish();
    }
}

criterion_group!(benches, stages, sizes, start, reports, pipeline);
criterion_main!(benches);
