//! One stage over one text, once: what `count.sh` beside it counts the instructions of.
#![allow(
    clippy::print_stdout,
    missing_docs,
    reason = "a program that prints figures"
)]

#[path = "../corpus.rs"]
mod corpus;

use std::error::Error;
use std::hint::black_box;

use signaalbril::matcher::{Clock, Machine, TextWords};
use signaalbril::text::{Folded, View};
use signaalbril::{Analyzer, Document};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const BYTES: usize = 200_000;

/// The only function in which instructions are counted; by its name, so it must stay a function.
#[inline(never)]
fn only_stage(run: &dyn Fn() -> usize) -> usize {
    black_box(run())
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(stage), Some(name)) = (arguments.next(), arguments.next()) else {
        return Err(
            "usage: instructions automaton|gate|match|analyze general|running|notes".into(),
        );
    };
    let analyzer = Analyzer::builtin()?;
    let texts = match name.as_str() {
        "general" => corpus::general(BYTES, &analyzer),
        "running" => corpus::running(BYTES, &analyzer),
        _ => corpus::notes(BYTES),
    };
    let bytes: usize = texts.iter().map(String::len).sum();
    let lexicon = analyzer.lexicon();
    let set = &lexicon.set;
    let views: Vec<View> = texts
        .iter()
        .map(|t| View::new(t, &lexicon.boundaries))
        .collect();
    let found = match stage.as_str() {
        "automaton" => {
            let automaton = corpus::automaton(&corpus::literals(lexicon));
            let folded: Vec<String> = texts.iter().map(|t| Folded::new(t).text).collect();
            only_stage(&|| folded.iter().map(|t| corpus::scan(&automaton, t)).sum())
        }
        "gate" => only_stage(&|| {
            let candidates = views.iter().map(|view| {
                let words = TextWords::new(view, set);
                analyzer
                    .matcher()
                    .candidates(&Machine::new(&words, Clock::default()))
            });
            candidates.sum()
        }),
        "match" => only_stage(&|| {
            let matches = views.iter().map(|view| {
                let mut words = TextWords::new(view, set);
                let scan = (analyzer.matcher()).scan(lexicon, &mut words, Clock::default());
                scan.matches.len()
            });
            matches.sum()
        }),
        _ => {
            let document = |t: &String| Document::from_text("note.txt", t.clone());
            let documents: Vec<Document> = texts.iter().map(document).collect();
            only_stage(&|| {
                let analyses = documents.iter().map(|d| analyzer.analyze(d));
                analyses.map(|a| a.findings.len()).sum()
            })
        }
    };
    println!("{stage} {name} {bytes} {found}");
    Ok(())
}
