//! The text of PDFs against the text they were made of; damaged, cut, mutated and hostile files.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::words::scores;
use rand::{Rng, SeedableRng};
use rand_pcg::Pcg64;
use signaalbril::extract::isolate::Worker;
use signaalbril::extract::pdf::{Limits, PageStatus, PdfError, PdfText, read};

/// A sample and the text that it was made of.
struct Sample {
    path: PathBuf,
    expected: String,
    status: String,
    /// Headers and footers are part of the expected text.
    whole: bool,
    producer: String,
}

fn samples() -> Vec<Sample> {
    let root = super::root().join("samples");
    let json = |path: &Path| -> serde_json::Value {
        serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
    };
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let sample = |folder: &Path, d: &serde_json::Value, expected: &str, whole| Sample {
        path: folder.join(text(&d["path"])),
        expected: std::fs::read_to_string(folder.join(text(&d[expected]))).unwrap(),
        status: text(&d["status"]),
        whole,
        producer: text(&d["producer"]),
    };
    let dossiers = json(&root.join("manifest.json"));
    let is_pdf = |d: &&serde_json::Value| d["format"] == "pdf" && d["expected_text"].is_string();
    let documents = dossiers["documents"].as_array().unwrap().iter();
    let mut list: Vec<Sample> = documents
        .filter(is_pdf)
        .map(|d| sample(&root, d, "expected_text", false))
        .collect();
    let folder = root.join("pdf");
    let files = json(&folder.join("manifest.json"));
    let files = files["files"].as_array().unwrap().iter();
    list.extend(files.map(|d| sample(&folder, d, "text", true)));
    list
}

fn text(read: &PdfText) -> String {
    let pages: Vec<&str> = read.pages.iter().map(|p| p.text.as_str()).collect();
    pages.join("\n")
}

/// Without the first and last lines of each page, where headers and footers stand.
fn body(read: &PdfText) -> String {
    let page = |text: &str| {
        let lines: Vec<&str> = text.lines().filter(|l| !l.trim().is_empty()).collect();
        let inner = lines
            .get(2..lines.len().saturating_sub(2))
            .unwrap_or_default();
        inner.join("\n")
    };
    let pages: Vec<String> = read.pages.iter().map(|p| page(&p.text)).collect();
    pages.join("\n")
}

#[test]
fn samples_come_out_as_they_were_written() {
    let (mut sums, mut files, mut low) = ([0.0; 3], 0.0, Vec::new());
    let samples = samples();
    let producers: std::collections::BTreeSet<&str> =
        samples.iter().map(|s| s.producer.as_str()).collect();
    assert!(
        samples.len() >= 40 && producers.len() >= 12,
        "{} of {producers:?}",
        samples.len()
    );
    for sample in samples.iter().filter(|s| s.status == "ok") {
        let bytes = std::fs::read(&sample.path).unwrap();
        let read = read(&bytes, None, &Limits::default()).unwrap();
        let mut scores = scores(&sample.expected, &text(&read));
        if !sample.whole {
            scores[1] = super::words::scores(&sample.expected, &body(&read))[1];
        }
        if scores.iter().any(|s| *s < 0.95) {
            low.push((sample.path.clone(), scores));
        }
        files += 1.0;
        for (sum, score) in sums.iter_mut().zip(scores) {
            *sum += score;
        }
    }
    let [recall, precision, order] = sums.map(|s| s / files);
    println!("{files} PDFs: recall {recall:.4}, precision {precision:.4}, order {order:.4}");
    assert!(low.is_empty(), "{low:#?}");
    assert!(
        recall >= 0.995 && precision >= 0.99 && order >= 0.98,
        "recall {recall:.4}, precision {precision:.4}, order {order:.4}"
    );
}

#[test]
fn samples_have_the_status_that_is_theirs() {
    let mut seen = std::collections::BTreeSet::new();
    for sample in samples() {
        let bytes = std::fs::read(&sample.path).unwrap();
        let mut documents = Vec::new();
        let source = signaalbril::extract::Source::new("x.pdf", "x");
        let settings = signaalbril::extract::Settings::default();
        signaalbril::extract::from_bytes(&bytes, source, &settings, &mut |d| documents.push(d));
        let [document] = documents.as_slice() else {
            panic!("{}", documents.len())
        };
        let status = document.status.as_str();
        // A file that is cut may still be read in part.
        let right = match sample.status.as_str() {
            "partly" => status == "partial",
            "damaged" => status == "damaged" || document.quality.iter().any(|q| q == "repaired"),
            other => status == other,
        };
        assert!(
            right,
            "{}: {status}, not {}",
            sample.path.display(),
            sample.status
        );
        seen.insert(sample.status);
    }
    assert!(seen.len() >= 5, "{seen:?}");
}

/// The password stands in the manifest; an owner's password alone needs none.
#[test]
fn passwords_open_what_they_lock() {
    let path = super::root().join("samples/pdf/qpdf-wachtwoord.pdf");
    let bytes = std::fs::read(&path).unwrap();
    let limits = Limits::default();
    for wrong in [None, Some(b"fout".as_slice())] {
        assert_eq!(
            read(&bytes, wrong, &limits).err(),
            Some(PdfError::Encrypted)
        );
    }
    let opened = read(&bytes, Some(b"zonnebloem-2024"), &limits).unwrap();
    let expected = std::fs::read_to_string(path.with_extension("txt")).unwrap();
    assert!(scores(&expected, &text(&opened))[0] > 0.99);
    let list = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(list.path(), "fout\nzonnebloem-2024\n").unwrap();
    let arguments = ["text", "samples/pdf/qpdf-wachtwoord.pdf", "--password-file"];
    let shown = super::program(&[&arguments[..], &[&list.path().display().to_string()]].concat());
    assert!(String::from_utf8_lossy(&shown.stdout).len() > 100);
}

#[test]
fn real_files_hold_the_words_that_pdftotext_finds() {
    let Some(folder) = super::shared("pdf-real") else {
        return;
    };
    let mut files = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|e| e != "pdf") {
            continue;
        }
        let theirs = std::process::Command::new("pdftotext")
            .arg(&path)
            .arg("-")
            .output();
        let Ok(theirs) = theirs else {
            println!("skipped: no pdftotext here");
            return;
        };
        let read = read(&std::fs::read(&path).unwrap(), None, &Limits::default()).unwrap();
        let [recall, ..] = scores(&String::from_utf8_lossy(&theirs.stdout), &text(&read));
        println!("{recall:.4} {}", path.display());
        assert!(recall >= 0.99, "{recall:.4} of {}", path.display());
        files += 1;
    }
    assert!(files >= 5, "{files}");
}

#[test]
fn of_a_file_cut_off_what_is_there_is_read() {
    let samples: Vec<Sample> = samples().into_iter().filter(|s| s.status == "ok").collect();
    let mut random = Pcg64::seed_from_u64(7);
    let mut sum = 0.0;
    for n in 0..100 {
        let sample = &samples[n % samples.len()];
        let bytes = std::fs::read(&sample.path).unwrap();
        let cut = &bytes[..random.random_range(1..bytes.len())];
        if let Ok(read) = read(cut, None, &Limits::default()) {
            sum += scores(&sample.expected, &text(&read))[0];
        }
    }
    println!("mean word recall of 100 cuts: {:.3}", sum / 100.0);
    assert!(sum / 100.0 >= 0.12, "{:.3}", sum / 100.0);
}

/// Ten thousand damaged files: bytes changed, pieces cut out, doubled, moved. None may panic, none may take long.
#[test]
fn mutations_do_no_harm() {
    let files: Vec<Vec<u8>> = (samples().iter())
        .map(|s| std::fs::read(&s.path).unwrap())
        .collect();
    let limits = Limits {
        deadline: Duration::from_secs(5),
        ..Limits::default()
    };
    let next = std::sync::atomic::AtomicU64::new(0);
    let work = || {
        loop {
            let n = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            if n >= 10_000 {
                break;
            }
            let mut random = Pcg64::seed_from_u64(n);
            let mut bytes = files[random.random_range(0..files.len())].clone();
            for _ in 0..random.random_range(1..6) {
                mutate(&mut bytes, &mut random);
            }
            let start = Instant::now();
            let _ = read(&bytes, None, &limits);
            assert!(
                start.elapsed() < Duration::from_secs(20),
                "mutation {n} hangs"
            );
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..2 {
            let thread = std::thread::Builder::new().stack_size(8 << 20);
            thread.spawn_scoped(scope, work).unwrap();
        }
    });
}

fn mutate(bytes: &mut Vec<u8>, random: &mut Pcg64) {
    if bytes.len() < 16 {
        return;
    }
    let a = random.random_range(0..bytes.len());
    let b = (a + random.random_range(1..200)).min(bytes.len());
    match random.random_range(0..6) {
        0 => bytes[a] = random.random(),
        1 => bytes[a..b].iter_mut().for_each(|x| *x = random.random()),
        2 => drop(bytes.drain(a..b)),
        3 => {
            let piece = bytes[a..b].to_vec();
            bytes.splice(a..a, piece);
        }
        4 => {
            // A number becomes another: offsets, lengths, object numbers.
            if let Some(at) = (a..bytes.len()).find(|n| bytes[*n].is_ascii_digit()) {
                bytes[at] = b'0' + random.random_range(0..10);
            }
        }
        _ => bytes.truncate(b),
    }
}

/// A PDF of numbered objects with a cross-reference table.
fn file(objects: &[Vec<u8>]) -> Vec<u8> {
    let mut out = b"%PDF-1.7\n".to_vec();
    let mut offsets = Vec::new();
    for (n, object) in objects.iter().enumerate() {
        offsets.push(out.len());
        out.extend(format!("{} 0 obj\n", n + 1).into_bytes());
        out.extend_from_slice(object);
        out.extend_from_slice(b"\nendobj\n");
    }
    let xref = out.len();
    out.extend(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).into_bytes());
    for offset in offsets {
        out.extend(format!("{offset:010} 00000 n \n").into_bytes());
    }
    let end = format!(
        "trailer\n<</Size {}/Root 1 0 R>>\nstartxref\n{xref}\n%%EOF\n",
        objects.len() + 1
    );
    out.extend(end.into_bytes());
    out
}

fn stream(entries: &str, data: &[u8]) -> Vec<u8> {
    let mut out = format!("<<{entries}/Length {}>>\nstream\n", data.len()).into_bytes();
    out.extend_from_slice(data);
    out.extend_from_slice(b"\nendstream");
    out
}

/// Catalog, page tree and one page whose content is object 4.
fn one_page(page_entries: &str, more: Vec<Vec<u8>>) -> Vec<u8> {
    let mut objects: Vec<Vec<u8>> = [
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        "<</Type/Pages/Kids[3 0 R]/Count 1>>".to_owned(),
        format!("<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R {page_entries}>>"),
    ]
    .map(String::into_bytes)
    .to_vec();
    objects.extend(more);
    file(&objects)
}

/// `data` deflated.
fn deflated(data: Vec<u8>) -> Vec<u8> {
    let mut stream = lopdf::Stream::new(lopdf::Dictionary::new(), data);
    stream.compress().unwrap();
    stream.content
}

fn bombs() -> Vec<(&'static str, Vec<u8>)> {
    let once = deflated(vec![b' '; 200 << 20]);
    let twice = deflated(once.clone());
    let fonts: String = (5..100_005).map(|n| format!("/F{n} 4 0 R ")).collect();
    let forms = |levels: usize| -> Vec<Vec<u8>> {
        let mut list = vec![stream("/Resources<</XObject<</X 5 0 R>>>>", b"/X Do")];
        for level in 0..levels {
            let next = 6 + level;
            let entries =
                format!("/Type/XObject/Subtype/Form/Resources<</XObject<</X {next} 0 R>>>>");
            list.push(stream(&entries, "/X Do ".repeat(10).as_bytes()));
        }
        list.push(stream("/Type/XObject/Subtype/Form", b"BT (x) Tj ET"));
        list
    };
    let deep = |open: &str, close: &str, n: usize| {
        format!("[{}{}]", open.repeat(n), close.repeat(n)).into_bytes()
    };
    vec![
        (
            "flate",
            one_page("", vec![stream("/Filter/FlateDecode", &once)]),
        ),
        (
            "flate of flate",
            one_page(
                "",
                vec![stream("/Filter[/FlateDecode/FlateDecode]", &twice)],
            ),
        ),
        (
            "page tree in a circle",
            file(
                &[
                    "<</Type/Catalog/Pages 2 0 R>>",
                    "<</Type/Pages/Kids[3 0 R 2 0 R]/Count 9>>",
                    "<</Type/Pages/Kids[2 0 R 3 0 R]/Count 9>>",
                ]
                .map(|o| o.as_bytes().to_vec()),
            ),
        ),
        (
            "form in a circle",
            one_page(
                "/Resources<</XObject<</X 5 0 R>>>>",
                vec![
                    stream("", b"/X Do"),
                    stream(
                        "/Type/XObject/Subtype/Form/Resources<</XObject<</X 5 0 R>>>>",
                        b"/X Do /X Do",
                    ),
                ],
            ),
        ),
        (
            "ten to the power of eight forms",
            one_page("/Resources<</XObject<</X 5 0 R>>>>", forms(8)),
        ),
        (
            "deep arrays",
            one_page("", vec![stream("", b""), deep("[", "]", 200_000)]),
        ),
        (
            "deep dictionaries",
            one_page("", vec![stream("", b""), deep("<</A ", ">>", 100_000)]),
        ),
        (
            "a length that is itself",
            one_page(
                "",
                vec![b"<</Length 4 0 R>>\nstream\nBT (x) Tj ET\nendstream".to_vec()],
            ),
        ),
        (
            "a hundred thousand fonts",
            one_page(
                &format!("/Resources<</Font<<{fonts}>>>>"),
                vec![stream("", b"BT /F5 9 Tf (x) Tj ET")],
            ),
        ),
        (
            "ten million operators",
            one_page(
                "",
                vec![stream(
                    "/Filter/FlateDecode",
                    &deflated(b"q Q ".repeat(5_000_000)),
                )],
            ),
        ),
        (
            "a huge page",
            one_page(
                "/UserUnit 99999 /MediaBox[-1e38 -1e38 1e38 1e38]",
                vec![stream("", b"BT 1e38 0 0 1e38 1e38 -1e38 Tm (x) Tj ET")],
            ),
        ),
    ]
}

/// Each stays within its budgets: seconds, and megabytes of the process that reads it.
#[test]
fn bombs_stay_small() {
    let limits = Limits::default();
    for (n, (name, bytes)) in bombs().into_iter().enumerate() {
        // Each has a process of its own, found by this number.
        let memory = format!("{}", 3021 + n);
        let worker = Worker {
            program: env!("CARGO_BIN_EXE_signaalbril").into(),
            arguments: ["worker", "--memory-mb", &memory]
                .map(str::to_owned)
                .to_vec(),
        };
        let start = Instant::now();
        let result = worker.read(&bytes, None, &limits);
        let took = start.elapsed();
        let read = match &result {
            Ok(text) => {
                let unread = text
                    .pages
                    .iter()
                    .filter(|p| p.status == PageStatus::Unread)
                    .count();
                format!(
                    "{} pages, {unread} unread, limits {:?}",
                    text.pages.len(),
                    text.limits_hit
                )
            }
            Err(error) => error.to_string(),
        };
        let megabytes = peak(&memory).map(|kb| kb / 1024);
        println!(
            "{name}: {} bytes, {took:.1?}, {megabytes:?} MB, {read}",
            bytes.len()
        );
        assert!(
            !matches!(result, Err(PdfError::Died(_) | PdfError::Timeout)),
            "{name}: {read}"
        );
        assert!(took < Duration::from_secs(20), "{name} took {took:?}");
        assert!(
            megabytes.is_none_or(|mb| mb < 150),
            "{name}: {megabytes:?} MB"
        );
    }
}

/// Most memory that the worker with this argument ever had, in kB; only Linux tells.
fn peak(argument: &str) -> Option<u64> {
    std::fs::read_dir("/proc")
        .ok()?
        .flatten()
        .find_map(|entry| {
            let command = std::fs::read(entry.path().join("cmdline")).ok()?;
            let mine = command.split(|b| *b == 0).any(|a| a == argument.as_bytes());
            let status = std::fs::read_to_string(entry.path().join("status"))
                .ok()
                .filter(|_| mine)?;
            let line = status.lines().find(|l| l.starts_with("VmHWM:"))?;
            line.split_whitespace().nth(1)?.parse().ok()
        })
}
