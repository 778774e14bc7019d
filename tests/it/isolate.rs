//! A file that takes its reader down takes down nothing else: panic, stack, memory and hang, injected into the process that reads PDFs.

use std::time::Duration;

use signaalbril::document::Status;
use signaalbril::extract::isolate::Worker;
use signaalbril::extract::{Limits, Settings, pdf};
use signaalbril::pipeline::Silent;
use signaalbril::{Pipeline, source};

fn worker(arguments: &[&str]) -> Worker {
    Worker {
        program: env!("CARGO_BIN_EXE_signaalbril").into(),
        arguments: arguments.iter().map(|a| (*a).to_owned()).collect(),
    }
}

fn sample() -> Vec<u8> {
    let path = "samples/dossiers/d05-fleur/2023-12-05-overlegverslag.pdf";
    std::fs::read(super::root().join(path)).unwrap()
}

#[test]
fn each_fault_costs_one_document() {
    let folder = tempfile::tempdir().unwrap();
    let files = [
        ("1-heel.pdf", ""),
        ("2-panic.pdf", "panic"),
        ("3-heel.pdf", ""),
        ("4-stack.pdf", "stack"),
        ("5-heel.pdf", ""),
        ("6-memory.pdf", "memory"),
        ("7-heel.pdf", ""),
        ("8-hang.pdf", "hang"),
        ("9-heel.pdf", ""),
    ];
    for (name, fault) in files {
        let mut bytes = sample();
        if !fault.is_empty() {
            bytes.extend_from_slice(format!("\n%fault:{fault}\n").as_bytes());
        }
        std::fs::write(folder.path().join(name), bytes).unwrap();
    }
    let settings = Settings {
        limits: Limits {
            pdf: pdf::Limits {
                deadline: Duration::from_secs(2),
                ..pdf::Limits::default()
            },
            ..Limits::default()
        },
        worker: Some(worker(&["worker", "--memory-mb", "1024", "--faults"])),
        ..Settings::default()
    };
    let inputs = source::collect(
        &[folder.path().display().to_string()],
        &source::Options::default(),
        &mut std::io::empty(),
    )
    .unwrap();
    for jobs in [1, 3] {
        let pipeline = Pipeline::new(super::analyzer(), &settings, jobs).unwrap();
        let outcome = pipeline.collect(&inputs, &Silent);
        let seen: Vec<(Status, bool)> = (outcome.analyses.iter())
            .map(|a| (a.document.status, a.findings.is_empty()))
            .collect();
        let whole = seen.first().copied().unwrap();
        assert_eq!(whole.0, Status::Ok);
        let dead = |status| (status, true);
        let expected = [
            whole,
            dead(Status::Panic),
            whole,
            dead(Status::Panic),
            whole,
            dead(Status::TooLarge),
            whole,
            dead(Status::Timeout),
            whole,
        ];
        assert_eq!(seen, expected, "{jobs} threads");
        let stack = outcome
            .analyses
            .get(3)
            .map(|a| a.document.status_detail.as_str());
        assert!(
            stack.is_some_and(|d| d.contains("nested too deeply")),
            "{stack:?}"
        );
    }
}

#[test]
fn a_process_of_its_own_reads_the_same() {
    let (bytes, limits) = (sample(), pdf::Limits::default());
    let here = pdf::read(&bytes, None, &limits).unwrap();
    let there = worker(&["worker", "--memory-mb", "1024"])
        .read(&bytes, None, &limits)
        .unwrap();
    let texts = |read: &pdf::PdfText| {
        read.pages
            .iter()
            .map(|p| p.text.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(texts(&here), texts(&there));
    // A program that cannot be started leaves the reading to this one.
    let mut missing = worker(&[]);
    missing.program = "/nonexistent/signaalbril".into();
    let read = missing.read(&bytes, None, &limits).unwrap();
    assert_eq!(texts(&here), texts(&read));
    // One that is no worker gives no answer.
    let stranger = worker(&["--version"]).read(&bytes, None, &limits);
    assert!(
        matches!(stranger, Err(pdf::PdfError::Died(_))),
        "{:?}",
        stranger.map(|_| ())
    );
}
