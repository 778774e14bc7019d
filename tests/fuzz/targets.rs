//! What is thrown bytes at, and what must hold whatever they are. Shared by the test `fuzz` and the guided fuzzing beside it.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use signaalbril::cluster::{Engine, Stream};
use signaalbril::evaluate::gold;
use signaalbril::extract::isolate::Worker;
use signaalbril::extract::{self, Room, Settings, Source};
use signaalbril::lexicon::{Files, notation};
use signaalbril::{Analyzer, Document, Lexicon, Pipeline, Span};

/// A target.
pub(crate) struct Target {
    /// Its name: that of its folder of inputs that once failed, and of the guided target.
    pub(crate) name: &'static str,
    /// Extensions of the samples that it begins with.
    pub(crate) seeds: &'static [&'static str],
    /// Throws bytes; panics when something does not hold.
    pub(crate) run: fn(&[u8]),
}

/// All targets.
pub(crate) const TARGETS: &[Target] = &[
    target("pdf", &["pdf"], |b| extracted(b, "pdf")),
    target("docx", &["docx"], |b| extracted(b, "docx")),
    target("odf", &["odt", "ods"], |b| extracted(b, "odt")),
    target("sheet", &["xlsx", "xls"], |b| extracted(b, "xlsx")),
    target("ole", &["msg", "xls", "doc"], |b| extracted(b, "msg")),
    target("rtf", &["rtf"], |b| extracted(b, "rtf")),
    target("html", &["html", "htm"], |b| extracted(b, "html")),
    target("mail", &["eml", "mbox"], |b| extracted(b, "eml")),
    target("zip", &["zip"], |b| extracted(b, "zip")),
    target("image", &["tif", "jpg", "png"], |b| extracted(b, "tif")),
    target("export", &["csv", "tsv", "jsonl", "json"], |b| {
        extracted(b, "csv");
        extracted(b, "jsonl");
    }),
    target("notation", &["toml"], |b| {
        let _ = notation::parse(&String::from_utf8_lossy(b));
    }),
    target("lexicon", &["toml"], lexicon),
    target("analyze", &["txt"], analyze),
    target("context", &["txt"], context),
    target("gate", &["txt"], gate),
    target("gold", &["jsonl", "json", "txt"], gold_files),
    target("stream", &["jsonl"], stream),
    #[cfg(feature = "review")]
    target("requests", &["js"], requests),
];

const fn target(name: &'static str, seeds: &'static [&'static str], run: fn(&[u8])) -> Target {
    Target { name, seeds, run }
}

fn analyzer() -> &'static Analyzer {
    static ANALYZER: OnceLock<Analyzer> = OnceLock::new();
    ANALYZER.get_or_init(|| Analyzer::builtin().unwrap())
}

/// Limits that a byte-sized bomb reaches soon.
fn settings() -> &'static Settings {
    static SETTINGS: OnceLock<Settings> = OnceLock::new();
    SETTINGS.get_or_init(|| {
        let mut settings = Settings::default();
        settings.limits.max_inside_bytes = 16 << 20;
        settings.limits.max_part_bytes = 4 << 20;
        settings.limits.max_text_bytes = 4 << 20;
        settings.limits.max_rows = 20_000;
        settings.limits.pdf.deadline = std::time::Duration::from_secs(5);
        settings.limits.pdf.max_stream_bytes = 4 << 20;
        settings.limits.pdf.max_pages = 200;
        settings
    })
}

/// The same with a process for what can take it down; guided fuzzing says in the environment which program it is.
fn isolated() -> &'static Settings {
    static SETTINGS: OnceLock<Settings> = OnceLock::new();
    SETTINGS.get_or_init(|| {
        let mut settings = settings().clone();
        let program = std::env::var("SIGNAALBRIL_FUZZ_PROGRAM").ok();
        let program =
            program.or_else(|| option_env!("CARGO_BIN_EXE_signaalbril").map(str::to_owned));
        settings.worker = program.map(|program| Worker {
            program: program.into(),
            arguments: ["worker", "--memory-mb", "1024"]
                .map(str::to_owned)
                .to_vec(),
        });
        settings
    })
}

fn is_within(span: Span, text: &str) -> bool {
    span.start <= span.end && text.get(span.start..span.end).is_some()
}

/// At least one document comes out, and its parts lie within its text.
fn extracted(bytes: &[u8], extension: &str) {
    let name = format!("x.{extension}");
    let settings = if extension == "pdf" {
        settings()
    } else {
        isolated()
    };
    let room = Room::new(settings);
    let source = Source {
        room: Some(&room),
        ..Source::new(&name, "x")
    };
    let mut count = 0;
    extract::from_bytes(bytes, source, settings, &mut |document| {
        count += 1;
        let text = &document.text;
        assert!(document.pages.iter().all(|p| is_within(p.span, text)));
        assert!(document.quoted.iter().all(|q| is_within(*q, text)));
        assert!(document.status.is_scored() || document.id.len() == 16);
        // A row or part of a file has a name of its own, and no page of it is nowhere.
        assert!(document.path.starts_with("x."));
        assert!(
            document
                .pages
                .windows(2)
                .all(|w| w[0].span.end <= w[1].span.start)
        );
    });
    assert!(count > 0);
}

/// A file of terms is compiled, or refused with a place.
fn lexicon(bytes: &[u8]) {
    static REST: OnceLock<Files> = OnceLock::new();
    let rest = REST.get_or_init(|| {
        let mut files = Files::builtin();
        for layer in &mut files.layers {
            layer
                .retain(|path, _| !path.starts_with("signals/") || path == "signals/isolatie.toml");
        }
        files
    });
    let mut files = rest.clone();
    if let Some(layer) = files.layers.first_mut() {
        layer.insert("signals/isolatie.toml".to_owned(), bytes.to_vec());
    }
    if let Err(error) = Lexicon::from_files(&files) {
        assert!(!error.to_string().is_empty());
    }
}

fn document(bytes: &[u8]) -> Document {
    Document::from_text("n.txt", String::from_utf8_lossy(bytes))
}

/// Every finding stands where it says, every point has its finding, and score and label fit.
fn analyze(bytes: &[u8]) {
    let document = document(bytes);
    let analysis = analyzer().analyze(&document);
    let record = &analysis.document;
    assert_eq!(record.score.is_some(), record.label.is_some());
    assert!(record.score.is_some_and(|s| s <= 100));
    for finding in &analysis.findings {
        let span = finding.byte_start..finding.byte_end;
        assert_eq!(document.text.get(span), Some(finding.text.as_str()));
        let letters = document.text.chars().skip(finding.start);
        assert!(
            letters
                .take(finding.end - finding.start)
                .eq(finding.text.chars())
        );
        assert!(!finding.active || finding.suppressed_by.is_empty());
    }
    let points: u32 = analysis.findings.iter().map(|f| f.points).sum();
    let told: u32 = analysis.contributions.iter().map(|c| c.points).sum();
    assert_eq!(points, told);
    assert!(
        analysis
            .contributions
            .iter()
            .all(|c| c.finding < analysis.findings.len())
    );
}

/// A verdict is given on any stretch: the first bytes say which.
fn context(bytes: &[u8]) {
    let Some((head, text)) = bytes.split_at_checked(4) else {
        return;
    };
    let document = document(text);
    let at = |n: usize| {
        let byte = usize::from(head[n]) * 256 + usize::from(head[n + 1]);
        let byte = byte.min(document.text.len());
        (0..=byte)
            .rev()
            .find(|b| document.text.is_char_boundary(*b))
            .unwrap_or(0)
    };
    let (start, end) = (at(0).min(at(2)), at(0).max(at(2)));
    let category = analyzer()
        .lexicon()
        .categories
        .first()
        .map_or("", |c| c.id.as_str());
    let verdicts = analyzer().qualify(&document, &[(Span { start, end }, category)]);
    assert_eq!(verdicts.len(), 1);
    for (_, cues) in verdicts {
        assert!(cues.iter().all(|c| is_within(c.span, &document.text)));
    }
}

/// What the gate leaves out is nothing: every pattern tried in every sentence finds the same.
fn gate(bytes: &[u8]) {
    static UNGATED: OnceLock<Analyzer> = OnceLock::new();
    let ungated = UNGATED.get_or_init(|| {
        let mut lexicon = Lexicon::builtin().unwrap();
        for pattern in &mut lexicon.set.patterns {
            pattern.found_by = None;
        }
        Analyzer::new(lexicon).unwrap()
    });
    // It takes a hundred times as long.
    let document = document(bytes.get(..600).unwrap_or(bytes));
    assert!(analyzer().analyze(&document) == ungated.analyze(&document));
}

/// A folder for files of this process.
fn folder() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let folder = std::env::temp_dir().join(format!("signaalbril-fuzz-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        folder
    })
}

/// Gold of any format is read, or refused with places; what was read can be written.
fn gold_files(bytes: &[u8]) {
    let extension = ["jsonl", "json", "txt"][bytes.len() % 3];
    let file = folder().join(format!("gold.{extension}"));
    std::fs::write(&file, bytes).unwrap();
    let known = |id: &str| analyzer().lexicon().category(id).is_some();
    match gold::read(&[&file], known) {
        Ok(documents) => {
            for format in signaalbril::evaluate::formats::FORMATS {
                let _ = format.write(&documents, "x");
            }
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

/// As many rows as lines.
fn stream(bytes: &[u8]) {
    static PIPELINE: OnceLock<Pipeline<'static>> = OnceLock::new();
    let pipeline = PIPELINE.get_or_init(|| Pipeline::new(analyzer(), settings(), 1).unwrap());
    let stream = Stream {
        pipeline,
        analyzer: analyzer(),
        settings: settings(),
        engine: Engine::default(),
        max_line: 100_000,
        check: &|| Ok(()),
        pause: std::time::Duration::ZERO,
        before: |_| {},
    };
    let mut rows = Vec::new();
    let counts = stream.run(bytes, &mut rows).unwrap();
    let whole = bytes.split(|b| *b == b'\n').count()
        - usize::from(bytes.is_empty() || bytes.ends_with(b"\n"));
    assert_eq!(counts.rows, whole as u64);
    let rows = String::from_utf8(rows).unwrap();
    assert_eq!(rows.lines().count(), whole);
    for row in rows.lines() {
        let row: serde_json::Value = serde_json::from_str(row).unwrap();
        assert_eq!(row["score"].is_null(), row["error"].is_string());
        // A panic was caught, and is a defect all the same.
        assert_ne!(row["error"], "panic");
    }
}

/// Every request has an answer: a path, `?` and a query; or a form, after `!`.
#[cfg(feature = "review")]
fn requests(bytes: &[u8]) {
    use signaalbril::review::{Answer, Desk, Options};
    static DESK: OnceLock<(Desk, String)> = OnceLock::new();
    let (desk, key) = DESK.get_or_init(|| {
        let mut store = signaalbril::Store::open(folder(), None).unwrap();
        let note = "Haar vriend van 26 haalt haar op bij het hotel.\n\nZe liep weg.";
        let analysis = analyzer().analyze(&Document::from_text("a/n.txt", note));
        store.add(vec![analysis]).unwrap();
        store.score_dossiers(analyzer()).unwrap();
        drop(store);
        let options = Options {
            directory: folder().to_owned(),
            reviewer: "lezer".to_owned(),
            mix: 0.0,
            settings: Settings::default(),
            key: None,
        };
        let desk = Desk::open(options, Analyzer::builtin().unwrap()).unwrap();
        let Answer::Page(page) = desk.get("/document", "id=&pad=a/n.txt") else {
            return (desk, String::new());
        };
        let page = page.into_string();
        let key = page
            .split("name=\"sleutel\" value=\"")
            .nth(1)
            .and_then(|k| k.split('"').next());
        let key = key.unwrap_or_default().to_owned();
        (desk, key)
    });
    let text = String::from_utf8_lossy(bytes);
    let path = [
        "/",
        "/document",
        "/dossier",
        "/signalenoverzicht",
        "/origineel",
        "/opvolgen.csv",
    ];
    let acts = ["/besluit", "/markering", "/gemist", "/terug"];
    let answer = match text.strip_prefix('!') {
        Some(form) => {
            let body = format!("sleutel={key}&{form}");
            desk.post(
                acts[bytes.len() % acts.len()],
                &body,
                bytes.len().is_multiple_of(2),
            )
        }
        None => desk.get(path[bytes.len() % path.len()], &text),
    };
    if let Answer::Refused(status, _) = answer {
        assert!(status < 500);
    }
}
