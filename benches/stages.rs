//! One group a stage, bytes counted, results asserted: a wrong answer cannot be fast.
//!
//! `cargo bench` for figures, `cargo bench -- --test` runs each once. Compare ratios within one run: machines are noisy.
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

fn stages(c: &mut Criterion) {
    let notes = corpus::notes(BYTES);
    let bytes: usize = notes.iter().map(String::len).sum();
    let analyzer = Analyzer::builtin().expect("the built-in lexicon is valid");
    let lexicon = analyzer.lexicon();
    let documents: Vec<Document> = notes
        .iter()
        .map(|n| Document::from_text("note.txt", n.clone()))
        .collect();
    let analyses: Vec<_> = documents.iter().map(|d| analyzer.analyze(d)).collect();
    let expected: usize = analyses.iter().map(|a| a.findings.len()).sum();
    assert!(
        expected > bytes / 2000,
        "{expected} findings in {bytes} bytes"
    );

    let mut group = c.benchmark_group("notes-1MB");
    group.throughput(Throughput::Bytes(bytes as u64));
    group.sample_size(10);
    let letters: usize = notes.iter().map(|n| Folded::new(n).text.len()).sum();
    group.bench_function("fold", |b| {
        b.iter(|| {
            let sum: usize = notes
                .iter()
                .map(|n| Folded::new(black_box(n)).text.len())
                .sum();
            assert_eq!(sum, letters);
        });
    });
    let tokens: usize = notes
        .iter()
        .map(|n| View::new(n, &lexicon.boundaries).tokens.len())
        .sum();
    group.bench_function("segment", |b| {
        b.iter(|| {
            let sum: usize = notes
                .iter()
                .map(|n| View::new(black_box(n), &lexicon.boundaries).tokens.len())
                .sum();
            assert_eq!(sum, tokens);
        });
    });
    group.bench_function("analyze", |b| {
        b.iter(|| {
            let sum: usize = documents
                .iter()
                .map(|d| analyzer.analyze(black_box(d)).findings.len())
                .sum();
            assert_eq!(sum, expected);
        });
    });
    let mut store = Store::in_memory().expect("memory");
    store.add(analyses).expect("memory");
    store.score_dossiers(&analyzer).expect("memory");
    let manifest =
        Manifest::new(lexicon, &store, std::collections::BTreeMap::new()).expect("memory");
    group.bench_function("reports", |b| {
        b.iter(|| {
            let run = Run {
                since: None,
                lexicon,
                store: &store,
                manifest: &manifest,
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

/// The matching core, and what context adds to it: on notes full of signals, and on running text with a finding every 2 kB.
fn matching(c: &mut Criterion) {
    let analyzer = Analyzer::builtin().expect("the built-in lexicon is valid");
    for (name, texts) in [
        ("notes-1MB", corpus::notes(BYTES)),
        ("running-1MB", corpus::running(BYTES, &analyzer)),
    ] {
        let lexicon = analyzer.lexicon();
        let views: Vec<View> = texts
            .iter()
            .map(|n| View::new(n, &lexicon.boundaries))
            .collect();
        let bytes: usize = texts.iter().map(String::len).sum();
        let scan =
            |words: &mut TextWords<'_>| (analyzer.matcher()).scan(lexicon, words, Clock::default());
        let expected: usize = views
            .iter()
            .map(|v| scan(&mut TextWords::new(v, &lexicon.set)).matches.len())
            .sum();
        assert!(expected > bytes / 4000, "{expected} findings in {bytes}");
        let mut group = c.benchmark_group(name);
        group.throughput(Throughput::Bytes(bytes as u64));
        group.sample_size(10);
        group.bench_function("match", |b| {
            b.iter(|| {
                let sum: usize = views
                    .iter()
                    .map(|v| scan(&mut TextWords::new(v, &lexicon.set)).matches.len())
                    .sum();
                assert_eq!(sum, expected);
            });
        });
        group.bench_function("match+context", |b| {
            b.iter(|| {
                let mut sum = 0;
                for view in &views {
                    let mut words = TextWords::new(view, &lexicon.set);
                    let scan = scan(&mut words);
                    let machine = Machine {
                        set: &lexicon.set,
                        words: &words,
                        clock: Clock::default(),
                        relaxed: false,
                    };
                    let protected = FxHashSet::default();
                    let context = (analyzer.context()).document(lexicon, machine, &scan, protected);
                    for found in &scan.matches {
                        black_box(context.qualify(found.tokens.clone(), &found.spelled, None));
                        sum += 1;
                    }
                }
                assert_eq!(sum, expected);
            });
        });
        group.finish();
    }
}

fn build(c: &mut Criterion) {
    let mut group = c.benchmark_group("start");
    group.sample_size(10);
    group.bench_function("lexicon", |b| {
        b.iter(|| assert!(Lexicon::builtin().is_ok()))
    });
    let lexicon = Lexicon::builtin().expect("valid");
    group.bench_function("index", |b| {
        b.iter(|| assert!(Matcher::new(black_box(&lexicon)).size().0 > 100))
    });
    group.finish();
}

fn pipeline(c: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let notes = corpus::notes(BYTES);
    for (n, note) in notes.iter().enumerate() {
        std::fs::write(folder.path().join(format!("{n:05}.txt")), note)
            .expect("the folder takes files");
    }
    let bytes: usize = notes.iter().map(String::len).sum();
    let analyzer = Analyzer::builtin().expect("valid");
    let settings = Settings::default();
    let inputs = source::collect(
        &[folder.path().display().to_string()],
        &source::Options::default(),
        &mut std::io::empty(),
    )
    .expect("the folder is there");
    let mut group = c.benchmark_group("pipeline-1MB");
    group.throughput(Throughput::Bytes(bytes as u64));
    group.sample_size(10);
    for jobs in [1, 2] {
        let pipeline = Pipeline::new(&analyzer, &settings, jobs).expect("threads start");
        let expected = pipeline
            .collect(&inputs, &Silent)
            .analyses
            .iter()
            .map(|a| a.findings.len())
            .sum::<usize>();
        group.bench_function(format!("{jobs}-threads"), |b| {
            b.iter(|| {
                let outcome = pipeline.collect(black_box(&inputs), &Silent);
                assert_eq!(outcome.analyses.len(), notes.len());
                assert_eq!(
                    outcome
                        .analyses
                        .iter()
                        .map(|a| a.findings.len())
                        .sum::<usize>(),
                    expected
                );
            });
        });
    }
    group.finish();
}

criterion_group!(benches, stages, matching, build, pipeline);
criterion_main!(benches);
