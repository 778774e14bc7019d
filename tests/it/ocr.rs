//! Recognition of text with the real program: what it finds, what it costs, what it says when something is missing.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use serde_json::Value;
use signaalbril::document::{Document, Status};
use signaalbril::extract::isolate::Worker;
use signaalbril::extract::ocr::Ocr;
use signaalbril::extract::{Settings, Source, from_bytes};

/// The program, if it is here.
fn ocr() -> Option<Ocr> {
    let found = Ocr::find(Duration::from_secs(120));
    if let Err(why) = &found {
        eprintln!("skipped: {why}");
    }
    found.ok()
}

fn scans() -> PathBuf {
    super::root().join("samples/scans")
}

fn manifest() -> Vec<Value> {
    let text = std::fs::read_to_string(scans().join("manifest.json")).unwrap();
    let value: Value = serde_json::from_str(&text).unwrap();
    value["files"].as_array().unwrap().clone()
}

fn settings(ocr: Option<Ocr>) -> Settings {
    Settings {
        passwords: vec![b"zomer-2024".to_vec()],
        worker: Some(Worker {
            program: env!("CARGO_BIN_EXE_signaalbril").into(),
            arguments: ["worker", "--memory-mb", "1024"]
                .map(str::to_owned)
                .to_vec(),
        }),
        ocr,
        ..Settings::default()
    }
}

fn document(bytes: &[u8], name: &str, settings: &Settings) -> Document {
    let mut documents = Vec::new();
    let source = Source::new(name, "d");
    from_bytes(bytes, source, settings, &mut |d| documents.push(d));
    assert_eq!(documents.len(), 1, "{name}");
    documents.remove(0)
}

fn counts(items: impl Iterator<Item = String>) -> BTreeMap<String, usize> {
    let mut map = BTreeMap::new();
    for item in items {
        *map.entry(item).or_insert(0) += 1;
    }
    map
}

fn common(a: &BTreeMap<String, usize>, b: &BTreeMap<String, usize>) -> usize {
    (a.iter())
        .map(|(k, n)| b.get(k).map_or(0, |m| *n.min(m)))
        .sum()
}

fn words(text: &str) -> BTreeMap<String, usize> {
    let text = signaalbril::text::fold(&text.replace("-\n", ""));
    let words = text.split(|c: char| !c.is_alphanumeric());
    counts(words.filter(|w| !w.is_empty()).map(str::to_owned))
}

/// Category and words of each finding, the words without what line ends do to them.
fn findings(document: &Document) -> BTreeMap<String, usize> {
    let analysis = super::analyzer().analyze(document);
    let plain = |text: &str| {
        let text = signaalbril::text::fold(&text.replace("-\n", ""));
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let findings = analysis.findings.iter();
    counts(findings.map(|f| format!("{} {}", f.category, plain(&f.text))))
}

/// Nine of ten findings of the text are found in its scan, and nearly all words.
#[test]
fn scans_give_the_findings_of_their_texts() {
    let Some(ocr) = ocr() else { return };
    let settings = settings(Some(ocr));
    let (mut wanted, mut found, mut more, mut pages, mut seconds) = (0, 0, 0, 0, 0.0);
    let (mut words_wanted, mut words_found) = (0, 0);
    for file in manifest() {
        let name = file["path"].as_str().unwrap();
        let text = std::fs::read_to_string(scans().join(file["text"].as_str().unwrap())).unwrap();
        let bytes = std::fs::read(scans().join(name)).unwrap();
        let start = Instant::now();
        let read = document(&bytes, name, &settings);
        let took = start.elapsed().as_secs_f64();
        assert_eq!(
            read.status.as_str(),
            file["with_ocr"],
            "{name}: {}",
            read.status_detail
        );
        assert_eq!(
            read.pages.len() as u64,
            file["pages"].as_u64().unwrap(),
            "{name}"
        );
        assert!(
            read.quality.iter().any(|q| q == "ocr"),
            "{name}: {:?}",
            read.quality
        );
        let (expected, seen) = (words(&text), words(&read.text));
        let all: usize = expected.values().sum();
        let recall = common(&expected, &seen) as f64 / all as f64;
        let (before, now) = (
            findings(&Document::from_text("a.txt", &*text)),
            findings(&read),
        );
        let (sum, both) = (before.values().sum::<usize>(), common(&before, &now));
        println!("{name:14} words {recall:.3}, findings {both} of {sum}, {took:.2} s");
        assert!(recall >= 0.9, "{name}: word recall {recall:.3}");
        wanted += sum;
        found += both;
        more += now.values().sum::<usize>() - both;
        words_wanted += all;
        words_found += common(&expected, &seen);
        pages += read.pages.iter().filter(|p| p.ocr).count();
        seconds += took;
    }
    let part = found as f64 / f64::from(u32::try_from(wanted).unwrap());
    println!(
        "{found} of {wanted} findings ({part:.3}), {more} more; {words_found} of {words_wanted} words; {:.2} s a page",
        seconds / pages as f64
    );
    assert!(wanted >= 150 && part >= 0.9, "{found} of {wanted}");
}

/// The pages that are recognised are those that need it without recognition, and no other is touched.
#[test]
fn the_pages_that_need_it_are_recognised() {
    let Some(ocr) = ocr() else { return };
    let (without, with) = (settings(None), settings(Some(ocr)));
    let mut names: Vec<PathBuf> = (manifest().iter())
        .map(|f| scans().join(f["path"].as_str().unwrap()))
        .filter(|p| p.extension().is_some_and(|e| e == "pdf"))
        .collect();
    let others = [
        "dossiers/d05-fleur/gescand.pdf",
        "pdf/pillow-fax.pdf",
        "pdf/paps-dagrapportage.pdf",
        "pdf/eigen-scan-met-tekstlaag.pdf",
    ];
    names.extend(others.map(|name| super::root().join("samples").join(name)));
    for path in names {
        let name = path.display().to_string();
        let bytes = std::fs::read(&path).unwrap();
        let (before, after) = (
            document(&bytes, &name, &without),
            document(&bytes, &name, &with),
        );
        let recognised: Vec<u32> = (after.pages.iter())
            .filter(|p| p.ocr)
            .map(|p| p.number)
            .collect();
        // Outlines need another program to draw them.
        if with.ocr.as_ref().is_some_and(|o| o.renderer.is_some()) || !name.contains("paps") {
            assert_eq!(before.pages_unread(), recognised, "{name}");
            assert_eq!(after.status, Status::Ok, "{name}: {}", after.status_detail);
        }
        for (old, new) in before
            .pages
            .iter()
            .zip(&after.pages)
            .filter(|(_, n)| !n.ocr)
        {
            assert_eq!(
                old.span.slice(&before.text),
                new.span.slice(&after.text),
                "{name}"
            );
        }
    }
}

#[test]
fn findings_in_recognised_text_say_so() {
    let Some(ocr) = ocr() else { return };
    let bytes = std::fs::read(scans().join("gemengd.pdf")).unwrap();
    let analysis = super::analyzer().analyze(&document(&bytes, "a.pdf", &settings(Some(ocr))));
    assert!(analysis.findings.len() > 10);
    for finding in &analysis.findings {
        assert_eq!(finding.ocr, finding.page == Some(2), "{}", finding.category);
    }
}

/// What the manifest says of the samples without recognition; images say what to do.
#[test]
fn without_recognition_scans_are_listed_as_such() {
    let plain = Settings::default();
    for file in manifest() {
        let name = file["path"].as_str().unwrap();
        let bytes = std::fs::read(scans().join(name)).unwrap();
        let read = document(&bytes, name, &plain);
        assert_eq!(read.status.as_str(), file["status"], "{name}");
        if !name.contains(".pdf") {
            assert_eq!(read.status_detail, "an image; read it with --ocr");
        }
    }
}

fn run(arguments: &[&str], path: &str) -> Output {
    Command::new(env!("CARGO_BIN_EXE_signaalbril"))
        .args(arguments)
        .env("PATH", path)
        .current_dir(super::root())
        .output()
        .unwrap()
}

#[test]
fn a_missing_program_is_a_usage_error_that_helps() {
    let empty = tempfile::tempdir().unwrap();
    let out = empty.path().join("uit").display().to_string();
    let path = empty.path().display().to_string();
    for arguments in [
        vec!["scan", "samples/scans", "--out", &out, "--ocr"],
        vec!["text", "samples/scans/fax.pdf", "--ocr"],
    ] {
        let output = run(&arguments, &path);
        let told = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{told}");
        assert!(
            told.contains("apt-get install tesseract-ocr tesseract-ocr-nld"),
            "{told}"
        );
        assert!(!Path::new(&out).exists());
    }
}

/// A folder with a program `tesseract` of a few lines.
#[cfg(unix)]
fn stand_in(script: &str) -> tempfile::TempDir {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tesseract");
    std::fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    folder
}

#[cfg(unix)]
const SAYS: &str =
    "case \"$1\" in --version) echo tesseract 9; exit;; --list-langs) echo nld; exit;; esac";

/// The folder first, then where programs are.
#[cfg(unix)]
fn path_with(folder: &tempfile::TempDir) -> String {
    let path = std::env::var("PATH").unwrap_or_default();
    format!("{}:{path}", folder.path().display())
}

#[cfg(unix)]
#[test]
fn a_program_without_dutch_is_a_usage_error() {
    let folder = stand_in("echo eng");
    let output = run(
        &["text", "samples/scans/fax.pdf", "--ocr"],
        &path_with(&folder),
    );
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{told}");
    assert!(
        told.contains("Dutch data") && told.contains("tesseract-ocr-nld"),
        "{told}"
    );
}

/// Too slow, broken, chatty: the page stays unread with a reason, and nothing that the program said is shown.
#[cfg(unix)]
#[test]
fn a_program_that_fails_leaves_the_page_unread() {
    let cases = [
        ("sleep 60", "longer than 1 seconds; see --ocr-seconds"),
        (
            "echo geheim >&2; exit 1",
            "tesseract could not read its image",
        ),
        ("cat >/dev/null; echo geheim", "no text is recognised on it"),
    ];
    for (script, reason) in cases {
        let folder = stand_in(&format!("{SAYS}\n{script}"));
        let start = Instant::now();
        for file in ["samples/scans/fax.pdf", "samples/scans/foto.jpg"] {
            let arguments = ["text", file, "--ocr", "--ocr-seconds", "1"];
            let output = run(&arguments, &path_with(&folder));
            let told = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.code(), Some(1), "{told}");
            assert!(told.contains(reason) && !told.contains("geheim"), "{told}");
        }
        let output = run(
            &[
                "text",
                "samples/scans/gemengd.pdf",
                "--ocr",
                "--ocr-seconds",
                "1",
            ],
            &path_with(&folder),
        );
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(
            told.contains("partial 1 of 2 pages not read") && told.contains(reason),
            "{told}"
        );
        assert!(start.elapsed() < Duration::from_secs(40));
    }
}

/// A second run starts the program for no page, and says the same.
#[cfg(unix)]
#[test]
fn what_was_recognised_is_kept() {
    use std::os::unix::fs::PermissionsExt;
    if ocr().is_none() {
        return;
    }
    let root = tempfile::tempdir().unwrap();
    let (input, out, log) = (
        root.path().join("in"),
        root.path().join("uit"),
        root.path().join("log"),
    );
    std::fs::create_dir(&input).unwrap();
    for name in ["jbig2.pdf", "gemengd.pdf", "meerdere.tif"] {
        std::fs::copy(scans().join(name), input.join(name)).unwrap();
    }
    let real = std::env::var("PATH").unwrap();
    let script = format!(
        "case \"$1\" in stdin) echo x >>'{}';; esac\nPATH='{real}' exec tesseract \"$@\"",
        log.display()
    );
    let folder = stand_in(&script);
    let calls = || {
        std::fs::read_to_string(&log)
            .unwrap_or_default()
            .lines()
            .count()
    };
    let scan = || {
        let (input, out) = (input.display().to_string(), out.display().to_string());
        let arguments = ["scan", &input, "--out", &out, "--quiet", "--ocr"];
        let output = run(&arguments, &path_with(&folder));
        let told = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{told}");
        std::fs::read(Path::new(&out).join("findings.jsonl")).unwrap()
    };
    let first = scan();
    let after_first = calls();
    assert!(after_first >= 4, "{after_first}");
    assert_eq!(scan(), first);
    assert_eq!(calls(), after_first);
    let cache = out.join("ocr");
    let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o077;
    assert_eq!(mode(&cache), 0);
    let files: Vec<_> = std::fs::read_dir(&cache)
        .unwrap()
        .map(|f| f.unwrap().path())
        .collect();
    assert_eq!(files.len(), 4, "{files:?}");
    assert!(
        files
            .iter()
            .all(|f| mode(f) == 0 && f.extension().is_some_and(|e| e == "txt"))
    );
}

/// A PDF of one page with that content and one image, `/I`.
fn page_of(content: &str, entries: &str, data: &[u8]) -> Vec<u8> {
    let mut out = format!(
        "%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n\
         2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n\
         3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</XObject<</I 5 0 R>>>>>>\nendobj\n\
         4 0 obj\n<</Length {}>>\nstream\n{content}\nendstream\nendobj\n\
         5 0 obj\n<</Subtype/Image{entries}/Length {}>>\nstream\n",
        content.len(),
        data.len()
    )
    .into_bytes();
    out.extend(data);
    out.extend(b"\nendstream\nendobj\ntrailer\n<</Root 1 0 R/Size 6>>\n");
    out
}

/// A PDF of one page that draws one image over all of it.
fn image_page(entries: &str, data: &[u8]) -> Vec<u8> {
    page_of("q 595 0 0 842 0 0 cm /I Do Q", entries, data)
}

/// A picture is the page as its images make it; what stands in the content is left to other programs.
#[test]
fn pages_give_pictures() {
    use signaalbril::extract::pdf::{Limits, NoPicture, Way, pictures};
    let picture = |pdf: &[u8]| {
        let limits = Limits::default();
        let mut list = pictures(pdf, None, &limits, Way::AsWritten, &[0, 7], 1 << 20).unwrap();
        assert_eq!(list.pop().unwrap(), Err(NoPicture::Damaged));
        list.pop().unwrap()
    };
    let entries = "/Width 500/Height 700/BitsPerComponent 8/ColorSpace/DeviceGray";
    let page = image_page(entries, &[200; 350_000]);
    let found = picture(&page).unwrap();
    // Coarse as it is, it is made finer as far as the limit allows.
    assert!(found.width >= 800 && found.pixels.iter().all(|p| *p == 200));
    let content = "q 595 0 0 842 0 0 cm BI /W 9 /H 9 /IM true ID xxxxxxxxx EI Q";
    let inline = page_of(content, entries, b"");
    assert_eq!(picture(&inline), Err(NoPicture::NoImage));
}

/// Images that are far larger than they look, or are none at all, cost their page and little time.
#[test]
fn hostile_images_cost_their_page() {
    let Some(ocr) = ocr() else { return };
    // No other program is to draw what the limits refuse.
    let ocr = Ocr {
        renderer: None,
        max_pixels: 10_000_000,
        ..ocr
    };
    let mut settings = settings(Some(ocr));
    settings.limits.pdf.deadline = Duration::from_secs(5);
    let mut zeros = lopdf::Stream::new(lopdf::Dictionary::new(), vec![0; 100 << 20]);
    zeros.compress().unwrap();
    let jbig2 = [
        [0, 0, 0, 0, 48, 0, 1, 0, 0, 0, 19].as_slice(),
        &[
            0xFF, 0xFF, 0, 0, 0xFF, 0xFF, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        ],
    ]
    .concat();
    let sof =
        b"\xFF\xD8\xFF\xC0\0\x0B\x08\xFF\xFF\xFF\xFF\x01\x01\x11\0\xFF\xDA\0\x08\x01\x01\0\0\x3F\0";
    let cases: &[(&str, &[u8])] = &[
        (
            "/Width 60000/Height 60000/BitsPerComponent 1/ColorSpace/DeviceGray",
            b"",
        ),
        (
            "/Width 2000/Height 2000/BitsPerComponent 8/ColorSpace/DeviceGray/Filter/FlateDecode",
            &zeros.content,
        ),
        (
            "/Width 1000/Height 1000/BitsPerComponent 8/ColorSpace/DeviceGray",
            b"cut off",
        ),
        ("/Width 1000/Height 1000/Filter/DCTDecode", sof),
        ("/Width 1000/Height 1000/Filter/JBIG2Decode", &jbig2),
        (
            "/Width 1000/Height 1000/Filter/JPXDecode",
            b"\xFF\x4F\xFF\x51\0\x29",
        ),
        (
            "/Width 1000/Height 1000/Filter/CCITTFaxDecode/DecodeParms<</K -1/Columns 2000000000>>",
            b"\0\0",
        ),
        (
            "/Width 1000/Height 1000/Filter/CCITTFaxDecode/DecodeParms<</K -1/Columns 1000>>",
            &[0x55; 500],
        ),
    ];
    for (entries, data) in cases {
        let start = Instant::now();
        let read = document(&image_page(entries, data), "a.pdf", &settings);
        // Fax data says something whatever it is.
        let wanted = match entries.contains("Columns 1000>") {
            true => Status::Garbled,
            false => Status::NeedsOcr,
        };
        let seen = (read.status, read.status_detail.contains("image"));
        assert_eq!(seen, (wanted, true), "{entries}: {}", read.status_detail);
        assert!(start.elapsed() < Duration::from_secs(20), "{entries}");
    }
    for (name, bytes, status) in [
        ("a.jpg", sof.to_vec(), Status::TooLarge),
        (
            "a.png",
            b"\x89PNG\r\n\x1A\n\0\0\0\x0DIHDR\0\xFF\0\0\0\xFF\0\0\x08".to_vec(),
            Status::TooLarge,
        ),
        ("a.png", b"\x89PNG\r\n\x1A\n".to_vec(), Status::Damaged),
        ("a.tif", b"II*\0\xFF\xFF\0\0".to_vec(), Status::Damaged),
        ("a.gif", b"geen beeld, maar tekst".to_vec(), Status::Ok),
    ] {
        let read = document(&bytes, name, &settings);
        assert_eq!(read.status, status, "{name}: {}", read.status_detail);
    }
}

/// Scans with bytes changed: a decoder may fail, as its process is there for, but none hangs or gives more than there may be.
#[test]
fn damaged_scans_do_no_harm() {
    use rand::{Rng, SeedableRng};
    use signaalbril::extract::pdf::{Limits, Way, pictures};
    let names = [
        "jpeg",
        "fax",
        "grijs",
        "jbig2",
        "jpeg2000",
        "stroken",
        "grove-fax",
        "lagen",
    ];
    let files = names.map(|n| std::fs::read(scans().join(format!("{n}.pdf"))).unwrap());
    let most = 8_000_000;
    let (mut given, mut failed) = (0, 0);
    for n in 0..160_u64 {
        let mut random = rand_pcg::Pcg64::seed_from_u64(n);
        let mut bytes = files[n as usize % files.len()].clone();
        for _ in 0..random.random_range(1..12) {
            let at = random.random_range(0..bytes.len());
            bytes[at] = random.random();
        }
        let start = Instant::now();
        let result = std::panic::catch_unwind(|| {
            pictures(&bytes, None, &Limits::default(), Way::AsWritten, &[0], most)
        });
        match result {
            Ok(Ok(list)) => {
                for picture in list.into_iter().flatten() {
                    assert!(picture.pixels.len() <= most + picture.width);
                    given += 1;
                }
            }
            Ok(Err(_)) => {}
            Err(_) => failed += 1,
        }
        assert!(
            start.elapsed() < Duration::from_secs(30),
            "mutation {n} hangs"
        );
    }
    println!(
        "{given} of 160 damaged scans give a picture; the decoders failed inside {failed} times"
    );
    assert!(given >= 40 && failed <= 20, "{given} {failed}");
}
