//! The program's own part of the comparison with other programs: `compare.py` beside it runs this and the others.
//!
//! Writes the text and the words that all of them search to a folder, and prints how long the parts of this program take, best of five.
#![allow(
    clippy::print_stdout,
    missing_docs,
    reason = "a program that prints figures"
)]

#[path = "../corpus.rs"]
mod corpus;

use std::error::Error;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::Instant;

use signaalbril::extract::pdf::{Limits, read};
use signaalbril::text::Folded;
use signaalbril::{Analyzer, Document};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Seconds of the best of five runs, which must all give the same.
fn best(mut run: impl FnMut() -> usize) -> (f64, usize) {
    let expected = run();
    let time = |_| {
        let start = Instant::now();
        assert_eq!(run(), expected);
        start.elapsed().as_secs_f64()
    };
    ((0..5).map(time).fold(f64::MAX, f64::min), expected)
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args_os().skip(1);
    let folder = arguments.next().map(PathBuf::from);
    let folder = folder.ok_or("usage: peers FOLDER [PDF ...]")?;
    let analyzer = Analyzer::builtin()?;
    let words = corpus::literals(analyzer.lexicon());
    let automaton = corpus::automaton(&words);
    std::fs::write(folder.join("words.txt"), words.join("\n") + "\n")?;
    for (name, texts) in [
        ("general", corpus::general(4_000_000, &analyzer)),
        ("running", corpus::running(4_000_000, &analyzer)),
    ] {
        let bytes: usize = texts.iter().map(String::len).sum();
        let folded: Vec<String> = texts.iter().map(|t| Folded::new(t).text).collect();
        std::fs::write(folder.join(format!("{name}.txt")), folded.concat())?;
        let documents: Vec<Document> = texts
            .iter()
            .map(|t| Document::from_text("note.txt", t.clone()))
            .collect();
        let (scan, hits) = best(|| folded.iter().map(|t| corpus::scan(&automaton, t)).sum());
        println!("{name}\tcontiguous NFA\t{bytes}\t{scan}\t{hits}");
        let (analyze, findings) = best(|| {
            let analyses = documents.iter().map(|d| analyzer.analyze(black_box(d)));
            analyses.map(|a| a.findings.len()).sum()
        });
        println!("{name}\tanalyze\t{bytes}\t{analyze}\t{findings}");
    }
    let files: Vec<Vec<u8>> = arguments
        .map(|path| std::fs::read(Path::new(&path)))
        .collect::<Result<_, _>>()?;
    let (time, pages) = best(|| {
        let texts = files
            .iter()
            .filter_map(|f| read(f, None, &Limits::default()).ok());
        texts.map(|t| t.pages.len()).sum()
    });
    println!("pdf\tsignaalbril\t{pages}\t{time}\t{pages}");
    Ok(())
}
