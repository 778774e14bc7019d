//! What lies on a disk: names that write on the screen, things that only look like files, files that change while they are read, clocks.

use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{Duration, Instant, SystemTime};

use super::made::is_clean;

const NOTE: &str = "Cl. kwam vannacht niet thuis en draagt ineens dure merkkleding.";

/// A folder to read and one to write.
struct Place(tempfile::TempDir);

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("in")).unwrap();
        Self(folder)
    }

    fn input(&self) -> PathBuf {
        self.0.path().join("in")
    }

    fn out(&self) -> PathBuf {
        self.0.path().join("uit")
    }

    /// Scans; a scan that does not end is killed and fails.
    fn scan(&self) -> Output {
        let mut child = Command::new(env!("CARGO_BIN_EXE_signaalbril"))
            .arg("scan")
            .arg(self.input())
            .arg("--out")
            .arg(self.out())
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        let start = Instant::now();
        while child.try_wait().unwrap().is_none() {
            if start.elapsed() > Duration::from_secs(120) {
                child.kill().unwrap();
                panic!("the scan does not end");
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        child.wait_with_output().unwrap()
    }

    /// Status and label by what the path ends with.
    fn statuses(&self) -> Vec<(String, String)> {
        super::documents(&self.out())
            .iter()
            .map(|r| {
                let path = r["path"].as_str().unwrap();
                let name = path.rsplit("/in/").next().unwrap().to_owned();
                (name, r["status"].as_str().unwrap().to_owned())
            })
            .collect()
    }

    fn status(&self, name: &str) -> String {
        let all = self.statuses();
        let found = all.iter().find(|(n, _)| n == name);
        found.map(|(_, s)| s.clone()).unwrap_or_default()
    }
}

#[test]
fn names_write_nowhere_but_in_their_place() {
    let place = Place::new();
    let names: &[&[u8]] = &[
        b"regel\neinde.txt",
        b"scherm\x1b[2J\x1b]0;titel\x07.txt",
        b"geen\xff\xfeutf8.txt",
        "om\u{202E}gekeerd.txt".as_bytes(),
        "c1\u{9b}31m.txt".as_bytes(),
        b"-rf.txt",
        b"=1+1.txt",
        b"\"aanhaling\";x.txt",
        b"`date`$(date).txt",
        b" spatie .txt",
        b"%2e%2e%2f.txt",
        b"a*b?[c].txt",
        b"\xef\xbb\xbf.txt",
        b"tab\tje.txt",
        b"<img src=x onerror=alert(1)>.txt",
        b"a#1.txt",
        &[b'a'; 255],
    ];
    for name in names {
        fs::write(place.input().join(std::ffi::OsStr::from_bytes(name)), NOTE).unwrap();
    }
    let done = place.scan();
    assert_eq!(done.status.code(), Some(0));
    is_clean("stderr", &done.stderr);
    is_clean("stdout", &done.stdout);
    let read = place.statuses();
    assert_eq!(read.len(), names.len());
    assert!(read.iter().all(|(_, status)| status == "ok"), "{read:?}");
    let out = place.out();
    let out = out.to_str().unwrap();
    for arguments in [
        &["status", out][..],
        &["export", out, "--format", "csv"],
        &["evaluate", "--gold", "samples/gold/notes.jsonl"],
    ] {
        let told = super::super::program(arguments);
        assert_eq!(told.status.code(), Some(0), "{arguments:?}");
        is_clean("stdout", &told.stdout);
        is_clean("stderr", &told.stderr);
    }
    for file in ["triage.csv", "export/documents.csv"] {
        let bytes = fs::read(place.out().join(file)).unwrap();
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(b';')
            .from_reader(&bytes[3..]);
        let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        assert!(rows.len() >= names.len(), "{file}");
        for cell in rows.iter().flatten() {
            assert!(
                !cell.starts_with(['=', '+', '-', '@', '\t', '\r']),
                "{cell:?}"
            );
        }
    }
    // What is shown is found again.
    for path in super::documents(&place.out()) {
        let id = path["id"].as_str().unwrap();
        let told = super::super::program(&["explain", id, "--store", out]);
        is_clean("explain", &told.stdout);
    }
    let again = String::from_utf8(place.scan().stderr).unwrap();
    assert!(
        again.contains(&format!("{} unchanged", names.len())),
        "{again}"
    );
}

#[test]
fn what_only_looks_like_a_file_is_told() {
    let place = Place::new();
    let at = |name: &str| place.input().join(name);
    let made = Command::new("mkfifo").arg(at("pijp.txt")).status().unwrap();
    assert!(made.success());
    let _socket = std::os::unix::net::UnixListener::bind(at("stopcontact.txt")).unwrap();
    fs::create_dir(at("map")).unwrap();
    for (target, name) in [
        ("/dev/zero", "nullen.txt"),
        ("/dev/full", "vol.txt"),
        ("/dev/random", "toeval.txt"),
        ("/dev/tty", "scherm.txt"),
        ("/proc/kmsg", "kern.txt"),
        ("/proc/self/mem", "geheugen.txt"),
        ("/bestaat/niet.txt", "weg.txt"),
        ("zelf.txt", "zelf.txt"),
        ("..", "map/omhoog"),
        (".", "hier"),
    ] {
        symlink(target, at(name)).unwrap();
    }
    fs::write(at("goed.txt"), NOTE).unwrap();
    assert_eq!(place.scan().status.code(), Some(1));
    assert_eq!(place.status("goed.txt"), "ok");
    for name in [
        "pijp.txt",
        "stopcontact.txt",
        "nullen.txt",
        "vol.txt",
        "toeval.txt",
        "scherm.txt",
    ] {
        assert_eq!(place.status(name), "unsupported", "{name}");
    }
    for name in [
        "kern.txt",
        "geheugen.txt",
        "weg.txt",
        "zelf.txt",
        "hier",
        "map/omhoog",
    ] {
        assert_eq!(place.status(name), "unreadable", "{name}");
    }
    // Links that go round bring nothing twice.
    assert_eq!(place.statuses().len(), 13, "{:?}", place.statuses());
}

#[test]
fn folders_deeper_than_a_path_can_name_are_told() {
    let place = Place::new();
    let mut shell = String::from("set -e; cd \"$1\"; ");
    shell.push_str("for n in $(seq 600); do mkdir mapje-$n; cd -P mapje-$n; ");
    shell.push_str("case $n in 100|300|600) echo \"$2\" > notitie.txt;; esac; done");
    let made = Command::new("bash")
        .args(["-c", &shell, "diep"])
        .arg(place.input())
        .arg(NOTE)
        .status()
        .unwrap();
    assert!(made.success());
    assert_eq!(place.scan().status.code(), Some(1));
    let mut statuses: Vec<String> = place.statuses().into_iter().map(|(_, s)| s).collect();
    statuses.sort();
    assert_eq!(statuses, ["ok", "ok", "unreadable"]);
    // The walk of the test's own clean-up gives up on such paths.
    let _ = Command::new("rm").arg("-rf").arg(place.input()).status();
}

/// Ten gigabytes of nothing, after a beginning of each kind.
#[test]
fn files_with_holes_are_too_large() {
    let place = Place::new();
    let rows = format!("client;notitie\n{}", format!("K-1;{NOTE}\n").repeat(5_000));
    let kinds = [
        ("hol.txt", ""),
        ("hol.pdf", "%PDF-1.7\n"),
        ("hol.zip", "PK\u{3}\u{4}"),
        ("hol.docx", "PK\u{3}\u{4}"),
        ("hol.eml", "From: a\nSubject: b\n\nc\n"),
        ("hol.html", "<html>"),
        ("kort.csv", "client;notitie\nK-1;x\n"),
        ("lang.csv", rows.as_str()),
        ("hol.mbox", "From a\nSubject: b\n\nc\n"),
        (
            "hol.jsonl",
            "{\"client\":\"K-1\",\"notitie\":\"Cl. kwam niet thuis.\"}\n",
        ),
    ];
    for (name, begin) in kinds {
        let path = place.input().join(name);
        fs::write(&path, begin).unwrap();
        let file = fs::File::options().write(true).open(&path).unwrap();
        file.set_len(10 << 30).unwrap();
    }
    assert_eq!(place.scan().status.code(), Some(1));
    let all = place.statuses();
    for (name, _) in kinds {
        let own = |status: &str| all.iter().any(|(n, s)| n.starts_with(name) && s == status);
        assert!(
            own("too_large") || own("damaged") || own("partial"),
            "{name}: {all:?}"
        );
    }
}

/// Writers that append, cut, replace and remove while scans go on.
#[test]
fn files_that_change_while_they_are_read_do_no_harm() {
    let place = Place::new();
    let file = |n: usize| place.input().join(format!("{n:03}.txt"));
    for n in 0..200 {
        fs::write(file(n), format!("{NOTE} Nummer {n}. ").repeat(200)).unwrap();
    }
    let stop = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut n = 0_usize;
            while !stop.load(std::sync::atomic::Ordering::Relaxed) {
                n += 1;
                let path = file(n * 7 % 200);
                let _ = match n % 4 {
                    0 => fs::remove_file(&path),
                    1 => fs::write(&path, NOTE.repeat(n % 90)),
                    2 => fs::File::options()
                        .write(true)
                        .open(&path)
                        .and_then(|f| f.set_len((n % 5_000) as u64)),
                    _ => fs::write(place.input().join("nieuw"), NOTE)
                        .and_then(|()| fs::rename(place.input().join("nieuw"), &path)),
                };
            }
        });
        for _ in 0..4 {
            let done = place.scan();
            let code = done.status.code();
            assert!(code == Some(0) || code == Some(1), "{code:?}");
        }
        stop.store(true, std::sync::atomic::Ordering::Relaxed);
    });
    // When it is quiet again, all is as a scan from nothing finds it.
    let _ = fs::remove_file(place.input().join("nieuw"));
    place.scan();
    let listed = || -> Vec<(String, String)> {
        let rows = super::documents(&place.out());
        let pair = |r: &serde_json::Value| {
            let word = |key: &str| r[key].as_str().unwrap().to_owned();
            (word("path"), word("id"))
        };
        let mut rows: Vec<_> = rows.iter().map(pair).collect();
        rows.retain(|(path, _)| Path::new(path).exists());
        rows.sort();
        rows
    };
    let kept = listed();
    fs::remove_dir_all(place.out()).unwrap();
    place.scan();
    let fresh = listed();
    assert!(kept.len() > 50);
    assert_eq!(kept, fresh);
}

fn touch(path: &Path, time: SystemTime) {
    let file = fs::File::options().write(true).open(path).unwrap();
    file.set_modified(time).unwrap();
}

/// Files from before 1970 and of the next century, and a clock that was ahead when the store was made.
#[test]
fn clocks_that_jump_hide_no_change() {
    let place = Place::new();
    let century = Duration::from_secs(100 * 365 * 86_400);
    let (past, future) = (
        SystemTime::UNIX_EPOCH - Duration::from_secs(86_400 * 365 * 60),
        SystemTime::now() + century,
    );
    for (name, time) in [
        ("oud.txt", past),
        ("later.txt", future),
        ("nu.txt", SystemTime::now()),
    ] {
        let path = place.input().join(name);
        fs::write(&path, NOTE).unwrap();
        touch(&path, time);
    }
    assert_eq!(place.scan().status.code(), Some(0));
    // As if the clock was a hundred years ahead at that scan.
    let store = rusqlite::Connection::open(place.out().join("signaalbril.sqlite")).unwrap();
    let moved =
        "UPDATE runs SET started = '2126-01-01T00:00:00Z', finished = '2126-01-01T00:00:01Z';
        UPDATE documents SET added = added + 3155760000000;";
    store.execute_batch(moved).unwrap();
    drop(store);
    for (name, time) in [
        ("oud.txt", past),
        ("later.txt", future),
        ("nu.txt", SystemTime::now()),
    ] {
        let path = place.input().join(name);
        fs::write(&path, format!("{NOTE} Zij liep weg.")).unwrap();
        touch(&path, time);
    }
    let told = String::from_utf8(place.scan().stderr).unwrap();
    assert!(told.contains("3 changed"), "{told}");
    let told = String::from_utf8(place.scan().stderr).unwrap();
    assert!(told.contains("3 unchanged"), "{told}");
    let out = place.out();
    let out = out.to_str().unwrap();
    for arguments in [
        &["status", out][..],
        &["forget", out, "--dossier", "nu.txt"],
    ] {
        assert_eq!(
            super::super::program(arguments).status.code(),
            Some(0),
            "{arguments:?}"
        );
    }
}
