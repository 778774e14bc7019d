//! The program is killed, the disk is full, the folder is read-only: the store stays whole, and the next scan goes on from there.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use rand::{Rng, SeedableRng};
use rusqlite::{Connection, OpenFlags};

/// Ways of writing a note, some with signals.
const NOTES: [&str; 8] = [
    "Cl. kwam op tijd thuis en at mee met de groep.",
    "Ze heeft een nieuwe dure telefoon en wil niet zeggen van wie.",
    "Moeder belt: cl. is vannacht niet thuisgekomen.",
    "Haar vriend van 24 haalt haar elke avond op met de auto.",
    "Gesprek over school, het gaat beter met wiskunde.",
    "Cl. zegt dat ze niet bedreigd wordt.",
    "Blauwe plekken op haar arm gezien, ze wil er niet over praten.",
    "Afspraak: volgende week huisbezoek.",
];

/// Writes so many documents: most in files of their own, the others as rows of an export and in an archive.
fn generate(root: &Path, documents: usize) {
    let mut random = rand_pcg::Pcg64Mcg::seed_from_u64(7);
    let mut note = |n: usize| {
        let mut text = format!("Datum: {:02}-{:02}-202{}\n", n % 28 + 1, n % 12 + 1, n % 5);
        for _ in 0..random.random_range(1..5) {
            text.push_str(NOTES[random.random_range(0..NOTES.len())]);
            text.push(' ');
        }
        let _ = write!(text, "Notitie {n}.");
        text
    };
    let (rows, packed) = (documents / 10, documents / 10);
    for n in 0..documents - rows - packed {
        let folder = root.join(format!("d{:04}", n / 20));
        if n % 20 == 0 {
            std::fs::create_dir_all(&folder).unwrap();
        }
        std::fs::write(folder.join(format!("{n:05}.txt")), note(n)).unwrap();
    }
    let mut csv = String::from("clientnummer;datum;notitie\n");
    for n in 0..rows {
        let text = note(n).replace(['\n', ';'], " ");
        let _ = writeln!(csv, "c{:03};{:02}-03-2024;{text}", n % 50, n % 28 + 1);
    }
    std::fs::write(root.join("export.csv"), csv).unwrap();
    let names: Vec<(String, Vec<u8>)> = (0..packed)
        .map(|n| (format!("z{:03}/{n:05}.txt", n / 20), note(n).into_bytes()))
        .collect();
    let parts: Vec<(&str, Vec<u8>)> = names.iter().map(|(n, b)| (n.as_str(), b.clone())).collect();
    std::fs::write(root.join("archief.zip"), super::formats::zipped(&parts)).unwrap();
}

/// What one program leaves behind that the next one finds.
struct Trial<'a> {
    input: &'a Path,
    arguments: &'a [&'a str],
    reference: BTreeMap<String, Vec<u8>>,
    /// From the begin of the run in the store to its end.
    time: Duration,
}

/// What many kills showed.
#[derive(Debug, Default)]
struct Shown {
    kills: usize,
    mid_scan: usize,
    wrong: Vec<String>,
}

fn start(input: &Path, out: &Path, arguments: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_signaalbril"))
        .arg("scan")
        .arg(input)
        .arg("--out")
        .arg(out)
        .args(["--quiet", "--reports", "documents"])
        .args(arguments)
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

fn look(out: &Path) -> Option<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    Connection::open_with_flags(out.join("signaalbril.sqlite"), flags).ok()
}

/// The state of the last run.
fn state(out: &Path) -> Option<String> {
    look(out)?
        .query_row(
            "SELECT state FROM runs ORDER BY id DESC LIMIT 1",
            [],
            |row| row.get(0),
        )
        .ok()
}

fn integrity(out: &Path) -> String {
    look(out).map_or_else(
        || "no store".to_owned(),
        |c| {
            c.query_row("PRAGMA integrity_check", [], |row| row.get(0))
                .unwrap_or_else(|e| e.to_string())
        },
    )
}

/// All tables as the program exports them.
fn exports(out: &Path) -> BTreeMap<String, Vec<u8>> {
    let to = tempfile::tempdir().unwrap();
    let done = super::program(&[
        "export",
        out.to_str().unwrap(),
        "--to",
        to.path().to_str().unwrap(),
    ]);
    if !done.status.success() {
        return BTreeMap::new();
    }
    std::fs::read_dir(to.path())
        .unwrap()
        .map(|entry| {
            let entry = entry.unwrap();
            let name = entry.file_name().to_string_lossy().into_owned();
            (name, std::fs::read(entry.path()).unwrap())
        })
        .collect()
}

/// Waits until a run is in the store.
fn begun(child: &mut Child, out: &Path) {
    while state(out).as_deref() != Some("running") {
        if child.try_wait().unwrap().is_some() {
            return;
        }
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// How many documents are in the store.
fn documents(out: &Path) -> usize {
    look(out)
        .and_then(|c| {
            let count = c.query_row("SELECT count(*) FROM documents", [], |row| row.get(0));
            count.ok()
        })
        .unwrap_or(0)
}

impl<'a> Trial<'a> {
    fn documents(&self) -> usize {
        let all = &self.reference["documents.jsonl"];
        all.iter().filter(|b| **b == b'\n').count()
    }

    fn new(input: &'a Path, arguments: &'a [&'a str]) -> Self {
        let out = tempfile::tempdir().unwrap();
        let mut child = start(input, out.path(), &[]);
        begun(&mut child, out.path());
        let since = Instant::now();
        while state(out.path()).as_deref() == Some("running") && child.try_wait().unwrap().is_none()
        {
            std::thread::sleep(Duration::from_millis(2));
        }
        let time = since.elapsed();
        child.wait().unwrap();
        let reference = exports(out.path());
        assert!(reference["documents.jsonl"].len() > 1000);
        Self {
            input,
            arguments,
            reference,
            time,
        }
    }

    /// Kills so many scans; every second one is resumed by a scan that is killed, too.
    fn run(&self, kills: usize, seed: u64) -> Shown {
        let mut random = rand_pcg::Pcg64Mcg::seed_from_u64(seed);
        let mut shown = Shown::default();
        while shown.kills < kills {
            let out = tempfile::tempdir().unwrap();
            let again = 1 + usize::from(shown.kills % 2 == 1 && shown.kills + 1 < kills);
            for _ in 0..again {
                let mut child = start(self.input, out.path(), self.arguments);
                begun(&mut child, out.path());
                // Somewhere in what is left to do, whatever else the machine is doing meanwhile; and at any moment between two windows.
                let (done, all) = (documents(out.path()), self.documents());
                let wanted = done + all.saturating_sub(done) * random.random_range(0..90) / 100;
                // One that died of what an earlier kill left stays `running` in the store for ever.
                while documents(out.path()) < wanted
                    && state(out.path()).as_deref() == Some("running")
                    && child.try_wait().unwrap().is_none()
                {
                    std::thread::sleep(Duration::from_millis(1));
                }
                std::thread::sleep(self.time.mul_f64(random.random_range(0.0..0.03)));
                child.kill().unwrap();
                child.wait().unwrap();
                shown.kills += 1;
                shown.mid_scan += usize::from(state(out.path()).as_deref() == Some("running"));
                let whole = integrity(out.path());
                if whole != "ok" {
                    shown.wrong.push(format!("kill {}: {whole}", shown.kills));
                }
            }
            let code = start(self.input, out.path(), self.arguments)
                .wait()
                .unwrap();
            if code.code().is_none_or(|c| c > 1) {
                shown.wrong.push(format!(
                    "kill {}: the next scan ends with {code}",
                    shown.kills
                ));
            }
            for (name, bytes) in exports(out.path()) {
                if self.reference.get(&name) != Some(&bytes) {
                    shown
                        .wrong
                        .push(format!("kill {}: {name} differs", shown.kills));
                }
            }
        }
        shown
    }
}

#[test]
fn a_killed_scan_goes_on_where_it_stopped() {
    let input = tempfile::tempdir().unwrap();
    generate(input.path(), 3000);
    for arguments in [&[][..], &["--journal", "rollback"]] {
        let shown = Trial::new(input.path(), arguments).run(6, 1);
        assert!(shown.wrong.is_empty(), "{shown:#?}");
        assert!(shown.mid_scan >= 3, "{shown:#?}");
    }
}

/// `cargo test --release --test it -- --ignored --nocapture a_hundred_kills` takes about ten minutes.
#[test]
#[ignore = "the long form of the test above"]
fn a_hundred_kills() {
    let input = tempfile::tempdir().unwrap();
    generate(input.path(), 20_000);
    let trial = Trial::new(input.path(), &[]);
    let shown = trial.run(100, 2);
    eprintln!("{:?} undisturbed; {shown:?}", trial.time);
    assert!(shown.wrong.is_empty(), "{shown:#?}");
    assert!(shown.kills >= 100 && shown.mid_scan >= 80, "{shown:#?}");
}

/// The test above finds a program that does not write together what belongs together.
#[test]
fn a_scan_without_transactions_is_found_out() {
    let input = tempfile::tempdir().unwrap();
    generate(input.path(), 3000);
    let trial = Trial::new(input.path(), &["--faults"]);
    let mut kills = 0;
    while kills < 60 {
        let shown = trial.run(4, 3 + kills as u64);
        kills += shown.kills;
        if !shown.wrong.is_empty() {
            eprintln!("found out after {kills} kills: {}", shown.wrong[0]);
            return;
        }
    }
    panic!("{kills} kills did no harm");
}

/// Runs a scan with a limit of file sizes, in blocks of 1,024 bytes.
fn limited(input: &Path, out: &Path, blocks: usize) -> Output {
    Command::new("bash")
        .arg("-c")
        .arg(format!("ulimit -f {blocks}; exec \"$@\""))
        .arg("bash")
        .arg(env!("CARGO_BIN_EXE_signaalbril"))
        .arg("scan")
        .arg(input)
        .arg("--out")
        .arg(out)
        .arg("--quiet")
        .output()
        .unwrap()
}

fn told(output: &Output, what: &str) {
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "{said}");
    assert!(said.contains(what), "{said}");
}

/// After a failure: the store opens, and the next scan ends as an undisturbed one.
fn goes_on(input: &Path, out: &Path, reference: &BTreeMap<String, Vec<u8>>) {
    assert_eq!(integrity(out), "ok");
    let status = super::program(&["status", out.to_str().unwrap()]);
    let said = String::from_utf8_lossy(&status.stderr).into_owned();
    // Where there was no room for the tables, it says so.
    let is_empty = said.contains("nothing has been written into it yet");
    assert!(status.status.success() || is_empty, "{said}");
    let code = start(input, out, &[]).wait().unwrap();
    assert!(code.code().is_some_and(|c| c < 2), "{code}");
    assert!(exports(out) == *reference);
}

#[test]
fn a_full_disk_ends_with_a_message_and_a_store_that_opens() {
    let input = tempfile::tempdir().unwrap();
    generate(input.path(), 2000);
    let reference = Trial::new(input.path(), &[]).reference;
    // Too little for the tables, for the documents, for the reports.
    for blocks in [300, 1500, 2500] {
        let out = tempfile::tempdir().unwrap();
        let output = limited(input.path(), out.path(), blocks);
        told(&output, "disk");
        goes_on(input.path(), out.path(), &reference);
    }
}

/// Mounts a file system in memory; without the right to do so the test is skipped.
struct Mount(tempfile::TempDir);

impl Mount {
    fn new(options: &str) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let mount = Command::new("mount")
            .args(["-t", "tmpfs", "-o", options, "tmpfs"])
            .arg(folder.path())
            .output();
        match mount {
            Ok(output) if output.status.success() => Some(Self(folder)),
            _ => {
                eprintln!("skipped: no right to mount a file system");
                None
            }
        }
    }

    fn again(&self, options: &str) {
        let done = Command::new("mount")
            .args(["-o", &format!("remount,{options}")])
            .arg(self.0.path())
            .status()
            .unwrap();
        assert!(done.success());
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.0.path()).status();
    }
}

#[test]
fn a_small_or_read_only_file_system_is_told() {
    let input = tempfile::tempdir().unwrap();
    generate(input.path(), 2000);
    let Some(mount) = Mount::new("size=2m") else {
        return;
    };
    let reference = Trial::new(input.path(), &[]).reference;
    let out = mount.0.path();
    let scan = || {
        let arguments = [
            "scan",
            input.path().to_str().unwrap(),
            "--out",
            out.to_str().unwrap(),
            "--quiet",
        ];
        super::program(&arguments)
    };
    told(&scan(), "disk");
    assert_eq!(integrity(out), "ok");
    mount.again("size=200m");
    goes_on(input.path(), out, &reference);
    mount.again("ro");
    told(&scan(), "ead-only");
    // Looking is still possible.
    assert!(
        super::program(&["status", out.to_str().unwrap()])
            .status
            .success()
    );
    assert!(exports(out).is_empty() || exports(out) == reference);
    mount.again("rw");
    goes_on(input.path(), out, &reference);
}

#[test]
fn the_second_scan_of_a_folder_is_told_and_the_first_goes_on() {
    let (input, out) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    generate(input.path(), 3000);
    let mut first = start(input.path(), out.path(), &[]);
    begun(&mut first, out.path());
    let path = out.path().to_str().unwrap();
    // Looking at it meanwhile works.
    assert!(super::program(&["status", path]).status.success());
    let second = super::program(&["scan", input.path().to_str().unwrap(), "--out", path]);
    if first.try_wait().unwrap().is_none() {
        told(&second, &format!("process {}", first.id()));
    }
    assert!(first.wait().unwrap().code().is_some_and(|c| c < 2));
    assert_eq!(integrity(out.path()), "ok");
}

#[cfg(unix)]
#[test]
fn asked_to_stop_it_keeps_what_is_done() {
    let (input, out) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    generate(input.path(), 6000);
    let reference = Trial::new(input.path(), &[]).reference;
    let mut child = start(input.path(), out.path(), &[]);
    begun(&mut child, out.path());
    let id = child.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-INT", &id])
            .status()
            .unwrap()
            .success()
    );
    let code = child.wait().unwrap();
    assert_eq!(code.code(), Some(130));
    goes_on(input.path(), out.path(), &reference);
}
