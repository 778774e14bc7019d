//! Text out of the sample PDFs, in pages; the words that come out are asserted.
#![allow(missing_docs, reason = "criterion's macros make undocumented items")]

use std::hint::black_box;
use std::path::Path;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use signaalbril::extract::pdf::{Limits, PdfText, read};

/// The sample PDFs from which text can be read.
fn samples() -> Vec<Vec<u8>> {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    let mut paths: Vec<_> = walkdir::WalkDir::new(samples)
        .into_iter()
        .filter_map(Result::ok)
        .map(walkdir::DirEntry::into_path)
        .filter(|p| p.extension().is_some_and(|e| e == "pdf"))
        .collect();
    paths.sort();
    let files = paths.iter().map(|p| std::fs::read(p).expect("a sample"));
    files
        .filter(|bytes| text(bytes).is_some_and(|t| words(&t) > 0))
        .collect()
}

fn text(bytes: &[u8]) -> Option<PdfText> {
    read(bytes, None, &Limits::default()).ok()
}

fn words(text: &PdfText) -> usize {
    let pages = text.pages.iter();
    pages.map(|p| p.text.split_whitespace().count()).sum()
}

fn pdf(c: &mut Criterion) {
    let files = samples();
    let texts: Vec<PdfText> = files.iter().filter_map(|f| text(f)).collect();
    let pages: usize = texts.iter().map(|t| t.pages.len()).sum();
    let expected: usize = texts.iter().map(words).sum();
    assert!(
        pages > 20 && expected > 100 * pages,
        "{expected} words on {pages} pages"
    );
    let mut group = c.benchmark_group("pdf");
    group.throughput(Throughput::Elements(pages as u64));
    group.sample_size(10);
    group.bench_function("samples", |b| {
        b.iter(|| {
            let texts = files.iter().filter_map(|f| text(black_box(f)));
            let found: usize = texts.map(|t| words(&t)).sum();
            assert_eq!(found, expected);
        });
    });
    group.finish();
}

criterion_group!(benches, pdf);
criterion_main!(benches);
