//! Fuzzing on stable Rust: inputs that once failed are replayed, then samples are mutated for a while. Guided fuzzing is in `guided/`.
//!
//! `SIGNAALBRIL_FUZZ_SECONDS` is the time for each target; what fails is written to `target/fuzz/TARGET` and belongs, once it is mended, in
//! `tests/fuzz/found/TARGET`.
#![allow(
    clippy::unwrap_used,
    clippy::print_stderr,
    clippy::indexing_slicing,
    reason = "a test that cannot go on should stop, and says what it did"
)]

mod targets;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rand::{Rng, SeedableRng};
use rand_pcg::Pcg64Mcg;
use targets::{TARGETS, Target};

/// Largest seed: a mutation of a large file costs time and finds no more.
const LARGEST: u64 = 60_000;
/// Longest time that an input may take; a hang is a defect.
const SLOW: Duration = Duration::from_secs(20);

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Files of a folder with one of these extensions.
fn files(folder: &Path, extensions: &[&str]) -> Vec<Vec<u8>> {
    let all = walkdir::WalkDir::new(folder).sort_by_file_name();
    let mut files = Vec::new();
    for entry in all
        .into_iter()
        .flatten()
        .filter(|e| e.file_type().is_file())
    {
        let path = entry.path();
        let fits = path
            .extension()
            .and_then(|e| e.to_str())
            .is_some_and(|e| extensions.contains(&e));
        if (fits || extensions.is_empty()) && entry.metadata().is_ok_and(|m| m.len() <= LARGEST) {
            files.push(std::fs::read(path).unwrap());
        }
    }
    files
}

/// Numbers that programs are wrong about, and pieces that formats are made of.
const PIECES: &[&[u8]] = &[
    b"\0",
    b"\xff\xff\xff\xff",
    b"\x7f\xff\xff\xff",
    b"\x80\0\0\0",
    b"-1",
    b"0",
    b"4294967296",
    b"99999999999999999999",
    b"\n",
    b"\r\n",
    b"\"",
    b"<",
    b">",
    b"&#x10FFFF;",
    b"<<",
    b">>",
    b"endobj",
    b"stream",
    b"/Kids",
    b"/Length",
    b"/Filter/FlateDecode",
    b"{",
    b"}",
    b"\\u0000",
    b"[[",
    b"]]",
    b"..",
    b"...",
    b"|",
    b"(",
    b")",
    b"*",
    b"#leeftijd>=18",
    b"{lopen}",
    b"PK\x03\x04",
    b"PK\x01\x02",
    "\u{e9}".as_bytes(),
    "\u{1F600}".as_bytes(),
    "\u{202E}".as_bytes(),
    b"\xef\xbb\xbf",
    b"niet ",
    b" en ",
    b". ",
    b"%",
    b"=",
    b"&",
];

/// Changes an input in one to eight places.
fn mutate(random: &mut Pcg64Mcg, seeds: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = seeds[random.random_range(0..seeds.len())].clone();
    for _ in 0..random.random_range(1..=8) {
        let at = random.random_range(0..=bytes.len());
        let end = (at + random.random_range(0..64)).min(bytes.len());
        match random.random_range(0..8) {
            0 if at < bytes.len() => bytes[at] ^= 1 << random.random_range(0..8),
            1 if at < bytes.len() => bytes[at] = random.random(),
            2 => drop(bytes.drain(at..end)),
            3 => bytes.truncate(at),
            4 => {
                let again = bytes[at..end].to_vec();
                bytes.splice(at..at, again);
            }
            5 => {
                let other = &seeds[random.random_range(0..seeds.len())];
                let from = random.random_range(0..=other.len());
                let to = (from + random.random_range(0..512)).min(other.len());
                bytes.splice(at..end, other[from..to].iter().copied());
            }
            _ => {
                let piece = PIECES[random.random_range(0..PIECES.len())];
                let end = if random.random() {
                    at
                } else {
                    (at + piece.len()).min(bytes.len())
                };
                bytes.splice(at..end, piece.iter().copied());
            }
        }
    }
    bytes
}

/// Runs a target on an input; what fails is kept.
fn run(target: &Target, bytes: &[u8]) -> Result<(), PathBuf> {
    let folder = root().join("target/fuzz").join(target.name);
    std::fs::create_dir_all(&folder).unwrap();
    // What ends the whole process is found here.
    let running = folder.join("running");
    std::fs::write(&running, bytes).unwrap();
    let start = Instant::now();
    let failed = catch_unwind(AssertUnwindSafe(|| (target.run)(bytes))).is_err();
    if !failed && start.elapsed() < SLOW {
        return Ok(());
    }
    let file = folder.join(signaalbril::document::content_id(bytes));
    std::fs::rename(&running, &file).unwrap();
    Err(file)
}

fn fuzz(name: &str) {
    let target = TARGETS.iter().find(|t| t.name == name).unwrap();
    let seconds = std::env::var("SIGNAALBRIL_FUZZ_SECONDS")
        .ok()
        .and_then(|s| s.parse().ok());
    let time = Duration::from_secs(seconds.unwrap_or(2));
    let mut seeds = files(&root().join("samples"), target.seeds);
    seeds.extend(files(&root().join("lexicons"), target.seeds));
    seeds.push(Vec::new());
    let found = files(&root().join("tests/fuzz/found").join(name), &[]);
    let mut failed: Vec<PathBuf> = Vec::new();
    for input in found.iter().chain(&seeds) {
        failed.extend(run(target, input).err());
    }
    // Another way each day, and told, so that it can be gone again.
    let seed = std::env::var("SIGNAALBRIL_FUZZ_SEED")
        .ok()
        .and_then(|s| s.parse().ok());
    let seed = seed.unwrap_or_else(|| {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        now.map_or(0, |n| n.as_secs() / 86_400)
    });
    let mut random = Pcg64Mcg::seed_from_u64(seed);
    seeds.extend(found);
    let start = Instant::now();
    let mut runs = 0_u64;
    while start.elapsed() < time && failed.len() < 5 {
        failed.extend(run(target, &mutate(&mut random, &seeds)).err());
        runs += 1;
    }
    eprintln!(
        "{name}: {runs} mutations of {} inputs, seed {seed}",
        seeds.len()
    );
    assert!(failed.is_empty(), "{name}, seed {seed}: {failed:#?}");
}

macro_rules! tests {
    ($($(#[$gate:meta])? $name:ident)*) => {
        $(#[test] $(#[$gate])? fn $name() { fuzz(stringify!($name)); })*

        #[test]
        fn every_target_is_run() {
            let mut named = vec![$($(#[$gate])? stringify!($name)),*];
            let mut all: Vec<&str> = TARGETS.iter().map(|t| t.name).collect();
            named.sort_unstable();
            all.sort_unstable();
            assert_eq!(named, all);
        }
    };
}

tests!(pdf docx odf sheet ole rtf html mail zip image export notation lexicon analyze context gate gold stream #[cfg(feature = "review")] requests);
