//! Shards: the same result for any number of them, and none that is missing, cut short or foreign.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use sha2::{Digest, Sha256};

use super::{joined, notes, overlay, run, stream};

/// Lines in a folder of shards, as a Slurm array has them.
struct Shards {
    folder: tempfile::TempDir,
    files: Vec<PathBuf>,
}

impl Shards {
    fn new(lines: &[String], count: usize) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("in")).unwrap();
        let files = lines
            .chunks(lines.len().div_ceil(count))
            .enumerate()
            .map(|(n, lines)| {
                let file = folder.path().join(format!("in/{n:03}.jsonl"));
                std::fs::write(&file, joined(lines)).unwrap();
                file
            })
            .collect();
        let shards = Self { folder, files };
        shards.write_manifest();
        shards
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// As `sha256sum in/*` does.
    fn write_manifest(&self) {
        let line = |file: &PathBuf| {
            let hash = Sha256::digest(std::fs::read(file).unwrap());
            let hash: String = hash.iter().map(|b| format!("{b:02x}")).collect();
            format!("{hash}  {}\n", file.display())
        };
        let text: String = self.files.iter().map(line).collect();
        std::fs::write(self.path("manifest"), text).unwrap();
    }

    fn rows(&self, file: &Path) -> PathBuf {
        self.path("rijen").join(file.file_name().unwrap())
    }

    fn start(&self, file: &Path, arguments: &[&str]) -> Child {
        Command::new(env!("CARGO_BIN_EXE_signaalbril"))
            .args(["stream", "--quiet", "--in"])
            .arg(file)
            .arg("--out")
            .arg(self.rows(file))
            .args(arguments)
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    }

    fn make(&self) {
        for file in &self.files {
            assert!(self.start(file, &[]).wait().unwrap().success());
        }
    }

    fn merge(&self) -> Result<Vec<u8>, String> {
        let (manifest, out) = (self.path("manifest"), self.path("alles.jsonl"));
        let _ = std::fs::remove_file(&out);
        let rows = self.path("rijen");
        let output = run(&["merge".as_ref(), &manifest, &rows, "--out".as_ref(), &out]);
        if output.status.success() {
            return Ok(std::fs::read(&out).unwrap());
        }
        assert_eq!(output.status.code(), Some(2));
        assert!(!out.exists());
        Err(String::from_utf8(output.stderr).unwrap())
    }

    /// Why the shards are refused.
    fn refused(&self) -> String {
        self.merge().unwrap_err()
    }
}

fn lines() -> Vec<String> {
    let mut lines = notes(240);
    lines.insert(100, "geen json".to_owned());
    lines.insert(200, String::new());
    lines
}

#[test]
fn any_number_of_shards_gives_the_same_bytes() {
    let lines = lines();
    let mut direct: Vec<String> = String::from_utf8(stream(joined(&lines).as_bytes(), &[]).stdout)
        .unwrap()
        .lines()
        .map(str::to_owned)
        .collect();
    // By id; rows without one are last, and their place in a stream is nothing to the whole.
    for row in &mut direct {
        if row.starts_with("{\"id\":null") {
            for place in ["\"line\":101,", "\"line\":201,"] {
                *row = row.replace(place, "\"line\":null,");
            }
        }
    }
    direct.sort_by_key(|row| (row.starts_with("{\"id\":null"), row.clone()));
    for count in [1, 3, 16] {
        let shards = Shards::new(&lines, count);
        // One is killed on its way; what it left is nothing, and it is made again.
        let file = &shards.files[shards.files.len() / 2];
        let mut child = shards.start(file, &["--pause-us", "20000"]);
        let is_there = || {
            shards
                .path("rijen")
                .read_dir()
                .is_ok_and(|mut d| d.next().is_some())
        };
        while !is_there() {
            std::thread::sleep(Duration::from_millis(5));
        }
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(!shards.rows(file).exists());
        let missing = shards.refused();
        assert_eq!(
            missing.matches("there are no rows of it").count(),
            shards.files.len()
        );
        let children: Vec<Child> = shards.files.iter().map(|f| shards.start(f, &[])).collect();
        for mut child in children {
            assert!(child.wait().unwrap().success());
        }
        let merged = String::from_utf8(shards.merge().unwrap()).unwrap();
        assert!(
            merged.lines().eq(direct.iter().map(String::as_str)),
            "{count}"
        );
        // A second time over what the first one left.
        assert_eq!(shards.merge().unwrap(), merged.as_bytes());
    }
}

#[test]
fn what_is_not_whole_is_refused_and_nothing_written() {
    let lines = lines();
    let shards = Shards::new(&lines, 4);
    shards.make();
    let whole = shards.merge().unwrap();
    let rows = shards.rows(&shards.files[1]);
    let beside = PathBuf::from(format!("{}.shard.json", rows.display()));
    let kept = (
        std::fs::read(&rows).unwrap(),
        std::fs::read(&beside).unwrap(),
    );
    let restore = || {
        std::fs::write(&rows, &kept.0).unwrap();
        std::fs::write(&beside, &kept.1).unwrap();
    };

    std::fs::remove_file(&beside).unwrap();
    assert!(
        shards
            .refused()
            .contains("001.jsonl: there are no rows of it")
    );
    restore();
    // Cut after a line, and with one letter changed.
    let end = kept.0[..kept.0.len() - 1]
        .iter()
        .rposition(|b| *b == b'\n')
        .unwrap();
    std::fs::write(&rows, &kept.0[..=end]).unwrap();
    // All that is wrong is said at once.
    let third = shards.rows(&shards.files[3]);
    let of_third = std::fs::read(&third).unwrap();
    std::fs::write(&third, &of_third[..of_third.len() - 5]).unwrap();
    let zeroth = PathBuf::from(format!(
        "{}.shard.json",
        shards.rows(&shards.files[0]).display()
    ));
    let of_zeroth = std::fs::read(&zeroth).unwrap();
    std::fs::remove_file(&zeroth).unwrap();
    let said = shards.refused();
    for wrong in [
        "001.jsonl: not as it was written",
        "003.jsonl: not as it was written",
        "000.jsonl: there are no rows of it",
    ] {
        assert!(said.contains(wrong), "{said}");
    }
    std::fs::write(&third, of_third).unwrap();
    std::fs::write(&zeroth, of_zeroth).unwrap();
    let changed =
        String::from_utf8(kept.0.clone())
            .unwrap()
            .replacen("\"score\":", "\"score\":1", 1);
    std::fs::write(&rows, changed).unwrap();
    assert!(shards.refused().contains("not as it was written"));
    std::fs::write(&beside, "{}").unwrap();
    assert!(
        shards
            .refused()
            .contains("001.jsonl.shard.json: not written by")
    );
    restore();

    // The lines have changed since.
    let file = &shards.files[2];
    let text = std::fs::read_to_string(file).unwrap();
    std::fs::write(
        file,
        format!("{text}{{\"id\":\"nieuw\",\"text\":\"Rustig.\"}}\n"),
    )
    .unwrap();
    shards.write_manifest();
    assert!(
        shards
            .refused()
            .contains("002.jsonl: the rows are of other lines")
    );
    std::fs::write(file, text).unwrap();
    shards.write_manifest();
    assert_eq!(shards.merge().unwrap(), whole);

    // Another lexicon, other settings.
    let folder = tempfile::tempdir().unwrap();
    overlay(folder.path());
    let other = folder.path().to_str().unwrap();
    for arguments in [["--overlay", other], ["--snippets", "80"]] {
        assert!(
            shards
                .start(&shards.files[1], &arguments)
                .wait()
                .unwrap()
                .success()
        );
        assert!(
            shards
                .refused()
                .contains("different programs, lexicons or settings")
        );
    }
    restore();

    // A shard too many.
    let extra = shards.path("in/extra.jsonl");
    std::fs::write(&extra, "{\"id\":\"x\",\"text\":\"Rustig.\"}\n").unwrap();
    assert!(shards.start(&extra, &[]).wait().unwrap().success());
    assert!(
        shards
            .refused()
            .contains("extra.jsonl: its lines, extra.jsonl, are not in the manifest")
    );
    std::fs::remove_file(shards.path("rijen/extra.jsonl.shard.json")).unwrap();
    assert_eq!(shards.merge().unwrap(), whole);

    for manifest in ["", "geen hash  000.jsonl\n", "0123  000.jsonl\n"] {
        std::fs::write(shards.path("manifest"), manifest).unwrap();
        assert!(shards.refused().contains("manifest"));
    }
}

#[test]
fn an_id_that_is_there_twice_is_refused() {
    let mut lines = notes(20);
    lines.push(lines[3].clone());
    let shards = Shards::new(&lines, 2);
    shards.make();
    assert!(
        shards
            .refused()
            .contains("000.jsonl, 001.jsonl: two rows have the same id")
    );
    let left = shards.folder.path().read_dir().unwrap();
    assert_eq!(
        left.filter(|e| e
            .as_ref()
            .unwrap()
            .file_name()
            .to_string_lossy()
            .starts_with('.'))
            .count(),
        0
    );
}

#[test]
fn what_is_read_is_not_written_over() {
    let shards = Shards::new(&notes(4), 1);
    let file = &shards.files[0];
    let lines = std::fs::read(file).unwrap();
    let output = run(&[
        "stream".as_ref(),
        "--in".as_ref(),
        file,
        "--out".as_ref(),
        file,
    ]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(std::fs::read(file).unwrap(), lines);
    shards.make();
    let manifest = shards.path("manifest");
    let kept = std::fs::read(&manifest).unwrap();
    let output = run(&[
        "merge".as_ref(),
        &manifest,
        &shards.path("rijen"),
        "--out".as_ref(),
        &manifest,
    ]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(std::fs::read(&manifest).unwrap(), kept);
    let output = run(&[
        "stream".as_ref(),
        "--in".as_ref(),
        file,
        "--out".as_ref(),
        "/dev/null".as_ref(),
    ]);
    assert_eq!(output.status.code(), Some(3));
}

#[cfg(unix)]
#[test]
fn asked_to_stop_it_leaves_nothing_half() {
    let shards = Shards::new(&notes(400), 1);
    let file = &shards.files[0];
    for signal in ["-INT", "-TERM"] {
        let mut child = shards.start(file, &["--pause-us", "20000"]);
        let is_there = || {
            shards
                .path("rijen")
                .read_dir()
                .is_ok_and(|mut d| d.next().is_some())
        };
        while !is_there() {
            std::thread::sleep(Duration::from_millis(5));
        }
        // Another one does not write it meanwhile.
        let mut second = shards.start(file, &[]);
        assert_eq!(second.wait().unwrap().code(), Some(3));
        Command::new("kill")
            .args([signal, &child.id().to_string()])
            .status()
            .unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(130));
        assert!(!is_there());
    }
}
