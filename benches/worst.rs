//! Texts and files that are hard for one part or another, in two sizes: throughput must not fall with size.
//!
//! What is asserted is the work, not the time; `tests/it/worst.rs` asserts it for more sizes.
#![allow(missing_docs, reason = "criterion's macros make undocumented items")]

mod corpus;

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use lopdf::content::{Content, Operation};
use lopdf::{Document as Pdf, Object, Stream, dictionary};
use signaalbril::extract::Settings;
use signaalbril::extract::pdf::{Limits, read};
use signaalbril::pipeline::Silent;
use signaalbril::{Analyzer, Document, Pipeline, source};

const BYTES: usize = 100_000;

fn texts(c: &mut Criterion) {
    let analyzer = Analyzer::builtin().expect("the built-in lexicon is valid");
    let (small, large) = (corpus::worst(BYTES), corpus::worst(4 * BYTES));
    for ((name, small), (_, large)) in small.into_iter().zip(large) {
        let mut group = c.benchmark_group(format!("worst/{name}"));
        group.sample_size(10);
        let mut work = Vec::new();
        for text in [small, large] {
            let bytes = text.len();
            let document = Document::from_text("note.txt", text);
            work.push(analyzer.analyze_counted(&document).1.total());
            let found = analyzer.analyze(&document).findings.len();
            group.throughput(Throughput::Bytes(bytes as u64));
            group.bench_function(format!("{}kB", bytes / 1000), |b| {
                b.iter(|| {
                    let analysis = analyzer.analyze(black_box(&document));
                    assert_eq!(analysis.findings.len(), found);
                });
            });
        }
        assert!(work[1] < 5 * work[0], "{name}: {work:?}");
        group.finish();
    }
}

/// A PDF of so many pages of text.
fn pdf(pages: usize) -> Vec<u8> {
    let mut pdf = Pdf::with_version("1.5");
    let tree = pdf.new_object_id();
    let font = pdf.add_object(dictionary! {
        "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Helvetica", "Encoding" => "WinAnsiEncoding",
    });
    let resources = pdf.add_object(dictionary! { "Font" => dictionary! { "F1" => font } });
    let kids: Vec<Object> = (0..pages)
        .map(|page| {
            let mut operations = vec![
                Operation::new("BT", vec![]),
                Operation::new("Tf", vec!["F1".into(), 11.into()]),
                Operation::new("TL", vec![14.into()]),
                Operation::new("Td", vec![72.into(), 720.into()]),
            ];
            for line in 0..40 {
                let text = format!(
                    "Regel {line} van bladzijde {page}: zij ging naar school en kwam thuis."
                );
                operations.push(Operation::new("Tj", vec![Object::string_literal(text)]));
                operations.push(Operation::new("T*", vec![]));
            }
            operations.push(Operation::new("ET", vec![]));
            let content = Content { operations }.encode().expect("operations");
            let content = pdf.add_object(Stream::new(dictionary! {}, content));
            let page = dictionary! {
                "Type" => "Page", "Parent" => tree, "Contents" => content, "Resources" => resources,
                "MediaBox" => vec![0.into(), 0.into(), 595.into(), 842.into()],
            };
            pdf.add_object(page).into()
        })
        .collect();
    let count = kids.len() as i64;
    let root = dictionary! { "Type" => "Pages", "Kids" => kids, "Count" => count };
    pdf.objects.insert(tree, root.into());
    let catalog = pdf.add_object(dictionary! { "Type" => "Catalog", "Pages" => tree });
    pdf.trailer.set("Root", catalog);
    let mut bytes = Vec::new();
    pdf.save_to(&mut bytes).expect("a vector takes everything");
    bytes
}

fn long_pdf(c: &mut Criterion) {
    let mut group = c.benchmark_group("worst/pdf");
    group.sample_size(10);
    for pages in [200, 2000] {
        let file = pdf(pages);
        group.throughput(Throughput::Elements(pages as u64));
        group.bench_function(format!("{pages}-pages"), |b| {
            b.iter(|| {
                let text = read(black_box(&file), None, &Limits::default()).expect("a PDF");
                assert_eq!(text.pages.len(), pages);
            });
        });
    }
    group.finish();
}

fn tiny_files(c: &mut Criterion) {
    let analyzer = Analyzer::builtin().expect("valid");
    let settings = Settings::default();
    let mut group = c.benchmark_group("worst/tiny-files");
    group.sample_size(10);
    for files in [1_000, 10_000] {
        let folder = tempfile::tempdir().expect("a temporary folder");
        for n in 0..files {
            let path = folder.path().join(format!("{n:05}.txt"));
            std::fs::write(path, format!("Notitie {n}. Zij kwam op tijd thuis."))
                .expect("the folder takes files");
        }
        let inputs = source::collect(
            &[folder.path().display().to_string()],
            &source::Options::default(),
            &mut std::io::empty(),
        )
        .expect("the folder is there");
        let pipeline = Pipeline::new(&analyzer, &settings, 1).expect("threads start");
        group.throughput(Throughput::Elements(files as u64));
        group.bench_function(files.to_string(), |b| {
            b.iter(|| {
                let outcome = pipeline.collect(black_box(&inputs), &Silent);
                assert_eq!(outcome.analyses.len(), files);
            });
        });
    }
    group.finish();
}

criterion_group!(benches, texts, long_pdf, tiny_files);
criterion_main!(benches);
