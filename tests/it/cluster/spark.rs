//! The driver on real Apache Spark: a master and two workers on this machine, processes killed on the way.
#![cfg(target_os = "linux")]

use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::{files, joined, notes, overlay, records, run, stream};

/// Tasks of the runs in which processes are killed.
const TASKS: usize = 16;
/// Longest time for one run of the driver.
const PATIENCE: Duration = Duration::from_secs(600);

/// PySpark's folder and its Python, as `tests/run` has put them there.
struct Spark {
    python: PathBuf,
    home: PathBuf,
}

impl Spark {
    /// None, with a word, where it is not there; on the machine that decides about changes that is a failure.
    fn find() -> Option<Self> {
        let found = || {
            let python = PathBuf::from(std::env::var_os("SIGNAALBRIL_SPARK")?);
            let java = Command::new("java").arg("-version").output().ok()?;
            let asked = Command::new(&python)
                .args(["-c", "import pyarrow, pyspark; print(pyspark.__path__[0])"])
                .output()
                .ok()?;
            let home = String::from_utf8(asked.stdout).ok()?.trim().into();
            (java.status.success() && asked.status.success()).then_some(Self { python, home })
        };
        let found = found();
        if found.is_none() {
            assert!(
                std::env::var_os("SIGNAALBRIL_CI").is_none(),
                "no Apache Spark: Java and PySpark must be there (see tests/run)"
            );
            eprintln!("SKIPPED, NOT PASSED: no Apache Spark here (SIGNAALBRIL_SPARK, java)");
        }
        found
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(self.home.join("bin").join(program));
        command
            .env("SPARK_HOME", &self.home)
            .env("SPARK_LOCAL_IP", "127.0.0.1")
            .env("SPARK_DAEMON_MEMORY", "256m")
            .env("PYSPARK_PYTHON", &self.python)
            .env("PYSPARK_DRIVER_PYTHON", &self.python);
        command
    }
}

/// A standalone master with two workers of one core.
struct Cluster {
    spark: Spark,
    address: String,
    folder: tempfile::TempDir,
    daemons: Vec<Child>,
}

impl Cluster {
    fn start(spark: Spark) -> Self {
        let folder = tempfile::tempdir().unwrap();
        // One that is free now.
        let port = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let mut cluster = Self {
            spark,
            address: format!("spark://127.0.0.1:{port}"),
            folder,
            daemons: Vec::new(),
        };
        let port = port.to_string();
        let common = ["--host", "127.0.0.1", "--webui-port", "0"];
        cluster.daemon("master.Master", &[&common[..], &["--port", &port]].concat());
        wait("the master", || {
            TcpStream::connect(format!("127.0.0.1:{port}")).is_ok()
        });
        for n in 0..2 {
            let work = cluster.folder.path().join(format!("werk{n}"));
            let address = cluster.address.clone();
            let own = [
                "--cores",
                "1",
                "--memory",
                "1200m",
                "--work-dir",
                work.to_str().unwrap(),
                &address,
            ];
            cluster.daemon("worker.Worker", &[&common[..], &own].concat());
        }
        wait("two workers", || {
            let log = |n: usize| std::fs::read_to_string(cluster.log(n)).unwrap_or_default();
            (1..3).all(|n| log(n).contains("Successfully registered with master"))
        });
        cluster
    }

    fn log(&self, daemon: usize) -> PathBuf {
        self.folder.path().join(format!("log{daemon}"))
    }

    fn daemon(&mut self, class: &str, arguments: &[&str]) {
        let log = std::fs::File::create(self.log(self.daemons.len())).unwrap();
        let child = self
            .spark
            .command("spark-class")
            .arg(format!("org.apache.spark.deploy.{class}"))
            .args(arguments)
            .stdout(Stdio::null())
            .stderr(log)
            .spawn();
        self.daemons.push(child.unwrap());
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Begins a run of a driver; the program is a copy under a name of its own, by which its processes are known.
    fn submit(&self, driver: &str, name: &str, input: &Path, arguments: &[&str]) -> Run {
        let program = self.path(&format!("signaalbril-{name}-{}", std::process::id()));
        std::fs::copy(env!("CARGO_BIN_EXE_signaalbril"), &program).unwrap();
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
        let file = self.path(&format!("{name}.py"));
        std::fs::write(&file, driver).unwrap();
        let out = self.path(&format!("out-{name}"));
        let child = self
            .spark
            .command("spark-submit")
            .args([
                "--master",
                &self.address,
                "--driver-memory",
                "800m",
                "--executor-memory",
                "800m",
            ])
            .args(["--conf", "spark.ui.enabled=false"])
            .arg(file)
            .arg(input)
            .arg(&out)
            .arg("--program")
            .arg(&program)
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(std::fs::File::create(self.path(&format!("{name}.log"))).unwrap())
            .spawn()
            .unwrap();
        Run {
            child,
            out,
            program: program.file_name().unwrap().to_str().unwrap().to_owned(),
            log: self.path(&format!("{name}.log")),
        }
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        for daemon in self.daemons.iter_mut().rev() {
            let _ = daemon.kill();
            let _ = daemon.wait();
        }
    }
}

/// A run of the driver.
struct Run {
    child: Child,
    out: PathBuf,
    program: String,
    log: PathBuf,
}

impl Run {
    /// Tasks whose rows are committed.
    fn committed(&self) -> usize {
        let tasks = std::fs::read_dir(self.out.join("rows/_temporary/0"));
        let is_task = |e: &std::fs::DirEntry| e.file_name().to_string_lossy().starts_with("task_");
        tasks.map_or(0, |t| t.flatten().filter(is_task).count())
    }

    /// Kills a process with these words in its command once so many tasks are committed.
    fn kill(&self, words: &[&str], committed: usize) {
        wait(&words.join(" "), || {
            self.committed() >= committed && {
                let mut found = processes(words);
                // Not one of another cluster here.
                let own = self.out.parent().unwrap();
                found.retain(|id| {
                    let place = std::fs::read_link(format!("/proc/{id}/cwd"));
                    place.is_ok_and(|p| p.starts_with(own))
                });
                found.first().is_some_and(|id| {
                    let killed = Command::new("kill").args(["-9", id]).status();
                    killed.is_ok_and(|s| s.success())
                })
            }
        });
        let now = self.committed();
        assert!(
            now < TASKS,
            "it was to be killed on the way: {now} of {TASKS}"
        );
    }

    fn end(mut self) -> (Option<i32>, Value) {
        let start = Instant::now();
        while self.child.try_wait().unwrap().is_none() {
            if start.elapsed() > PATIENCE {
                self.child.kill().unwrap();
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        let Output { status, stdout, .. } = self.child.wait_with_output().unwrap();
        let said = String::from_utf8(stdout).unwrap();
        let said = said.lines().find_map(|l| serde_json::from_str(l).ok());
        if said.is_none() {
            eprintln!("{}", std::fs::read_to_string(&self.log).unwrap());
        }
        // None goes on without its task.
        wait("the end of all processes", || {
            processes(&[&self.program]).is_empty()
        });
        (status.code(), said.unwrap_or_default())
    }
}

/// Ids of processes with all of these words in their command.
fn processes(words: &[&str]) -> Vec<String> {
    let own = std::process::id().to_string();
    let mut found = Vec::new();
    for entry in std::fs::read_dir("/proc").unwrap().flatten() {
        let id = entry.file_name().to_string_lossy().into_owned();
        let command = std::fs::read(entry.path().join("cmdline")).unwrap_or_default();
        let command = String::from_utf8_lossy(&command).replace('\0', " ");
        // The driver names the program, too.
        if id != own && words.iter().all(|w| command.contains(w)) && !command.contains("--program")
        {
            found.push(id);
        }
    }
    found
}

fn wait(what: &str, mut is_so: impl FnMut() -> bool) {
    let start = Instant::now();
    while !is_so() {
        assert!(start.elapsed() < PATIENCE, "waited in vain for {what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// Holds what a run left against the rows of one process, whatever their order.
fn verify(out: &Path, expected: &[u8]) -> Result<(), String> {
    for name in ["rows/_SUCCESS", "run/_SUCCESS"] {
        if !out.join(name).is_file() {
            return Err(format!("no {name}"));
        }
    }
    let mut rows = Vec::new();
    for entry in std::fs::read_dir(out.join("rows")).unwrap().flatten() {
        if entry.file_name().to_string_lossy().starts_with("part-") {
            let text = std::fs::read_to_string(entry.path()).unwrap();
            rows.extend(text.lines().map(str::to_owned));
        }
    }
    // Where a line without an id stood is another place in each task.
    let place = regex::Regex::new(r#"(?m)^\{"id":null,"line":\d+"#).unwrap();
    for row in &mut rows {
        *row = place
            .replace(row, "{\"id\":null,\"line\":null")
            .into_owned();
    }
    let expected = std::str::from_utf8(expected).unwrap();
    let expected = place.replace_all(expected, "{\"id\":null,\"line\":null");
    let mut expected: Vec<&str> = expected.lines().collect();
    rows.sort_unstable();
    expected.sort_unstable();
    if rows != expected {
        let other = rows.iter().zip(&expected).find(|(a, b)| a != b);
        let other = other.map(|(a, b)| format!("{a:.300} instead of {b:.300}"));
        return Err(format!(
            "{} rows, {} expected; {other:?}",
            rows.len(),
            expected.len()
        ));
    }
    Ok(())
}

/// Lines in files of a folder, with what one process makes of them.
fn input(folder: &Path, lines: &[String], files: usize) -> Vec<u8> {
    std::fs::create_dir_all(folder).unwrap();
    for (n, lines) in lines.chunks(lines.len().div_ceil(files)).enumerate() {
        std::fs::write(folder.join(format!("{n:02}.jsonl")), joined(lines)).unwrap();
    }
    stream(joined(lines).as_bytes(), &["--jobs", "0"]).stdout
}

#[test]
fn on_a_cluster_that_loses_processes_every_line_has_its_row() {
    let Some(spark) = Spark::find() else { return };
    let cluster = Cluster::start(spark);
    let driver = String::from_utf8(super::super::program(&["cluster-driver"]).stdout).unwrap();

    // 20,000 notes and the sample PDFs; a child and an executor are killed.
    let mut lines = notes(20_000);
    lines.extend(files("pdf"));
    let folder = cluster.path("lines");
    let mut expected = input(&folder, &lines, 4);
    // One line that is not UTF-8 is a row, not the end of the job.
    let bad = b"{\"id\":\"caf\xe9\",\"text\":\"x\"}\n";
    std::fs::write(folder.join("bad.jsonl"), bad).unwrap();
    expected.extend(stream(bad, &[]).stdout);
    let tasks = TASKS.to_string();
    let slowly = [
        "--partitions",
        &tasks,
        "--option=--pause-us",
        "--option=500",
        "--tables",
        "json",
    ];
    let run_killed = cluster.submit(&driver, "killed", &folder, &slowly);
    run_killed.kill(&[&run_killed.program, " stream "], 2);
    run_killed.kill(&["CoarseGrainedExecutorBackend"], 6);
    let (out, log) = (run_killed.out.clone(), run_killed.log.clone());
    let (code, said) = run_killed.end();
    assert_eq!((code, &said["problems"]), (Some(0), &json!([])));
    assert_eq!(verify(&out, &expected), Ok(()));
    assert_eq!(said["rows"], lines.len() + 1);
    let log = std::fs::read_to_string(log).unwrap();
    for lost in ["Lost task", "Lost executor"] {
        assert!(log.contains(lost), "{lost}");
    }
    for word in ["vriend", "loverboy", "Notitie"] {
        assert!(!log.contains(word), "the log tells of a text: {word}");
    }

    // Its dossiers are those of a scan of the same documents, and so are those of an import.
    let store = cluster.path("store");
    let imported = run(&["import".as_ref(), &out, &store, "--quiet".as_ref()]);
    assert_eq!(imported.status.code(), Some(1));
    let expected_dossiers = by_name(records(&store.join("dossiers.jsonl")));
    let mut dossiers = Vec::new();
    for entry in std::fs::read_dir(out.join("dossiers")).unwrap().flatten() {
        if entry.file_name().to_string_lossy().starts_with("part-") {
            dossiers.extend(records(&entry.path()));
        }
    }
    let dossiers = by_name(dossiers);
    assert_eq!(dossiers.len(), expected_dossiers.len());
    for (written, expected) in dossiers.iter().zip(&expected_dossiers) {
        // Spark leaves out what is null.
        for (name, value) in expected.as_object().unwrap() {
            assert_eq!(written.get(name).unwrap_or(&Value::Null), value, "{name}");
        }
    }
    let scanned = cluster.path("scanned");
    let export = cluster.path("alle.jsonl");
    std::fs::write(&export, joined(&notes(20_000))).unwrap();
    run(&[
        "scan".as_ref(),
        &export,
        "--out".as_ref(),
        &scanned,
        "--quiet".as_ref(),
    ]);
    for dossier in records(&scanned.join("dossiers.jsonl")) {
        assert!(
            expected_dossiers
                .binary_search_by(|d| name(d).cmp(name(&dossier)))
                .is_ok_and(|n| expected_dossiers[n] == dossier)
        );
    }

    // Without its checks the driver loses rows, and this test sees it.
    let mutant = driver
        .replace(
            "if status != 0 or failed or received != sent[0]:",
            "if False:",
        )
        .replace("problems.append(", "str(");
    assert_eq!(
        mutant.matches("if False:").count() + mutant.matches("str(f\"").count(),
        5
    );
    let folder = cluster.path("few");
    let expected = input(&folder, &notes(4_000), 1);
    let slowly = [
        "--partitions",
        &tasks,
        "--option=--pause-us",
        "--option=4000",
    ];
    // A process may be killed in the moment after its last row; not three times in a row.
    let is_caught = (0..3).any(|n| {
        let name = format!("mutant{n}");
        let mutated = cluster.submit(&mutant, &name, &folder, &slowly);
        mutated.kill(&[&mutated.program, " stream "], 2);
        let out = mutated.out.clone();
        assert_eq!(mutated.end().0, Some(0));
        verify(&out, &expected).is_err()
    });
    assert!(is_caught);
    // As it is, it sees that ids are there twice.
    std::fs::write(folder.join("extra.jsonl"), joined(&notes(1))).unwrap();
    let twice = cluster.submit(&driver, "twice", &folder, &[]);
    let out = twice.out.clone();
    assert_eq!(twice.end().0, Some(1));
    assert!(!out.join("run").exists());
}

#[test]
fn the_driver_reads_files_and_tables() {
    let Some(spark) = Spark::find() else { return };
    let cluster = Cluster {
        spark,
        address: "local[2]".to_owned(),
        folder: tempfile::tempdir().unwrap(),
        daemons: Vec::new(),
    };
    let driver = String::from_utf8(super::super::program(&["cluster-driver"]).stdout).unwrap();

    // Files, in folders with names that paths are troubled by; one is larger than the limit.
    let folder = cluster.path("map met é #1");
    let mut lines = Vec::new();
    for (n, line) in files("pdf").iter().enumerate() {
        let line: Value = serde_json::from_str(line).unwrap();
        use base64::Engine as _;
        let bytes =
            base64::engine::general_purpose::STANDARD.decode(line["file_b64"].as_str().unwrap());
        let id = format!("d {n}/één 50%.pdf");
        std::fs::create_dir_all(folder.join(format!("d {n}"))).unwrap();
        std::fs::write(folder.join(&id), bytes.unwrap()).unwrap();
        lines.push(json!({"id": id, "file_b64": line["file_b64"]}).to_string());
    }
    std::fs::create_dir(folder.join("groot")).unwrap();
    std::fs::write(folder.join("groot/groot.pdf"), vec![b' '; (1 << 20) + 1]).unwrap();
    lines.push(json!({"id": "groot/groot.pdf", "file_bytes": (1 << 20) + 1}).to_string());
    std::fs::write(folder.join("notitie.txt"), "Rustig.").unwrap();
    // What Spark's own reader passes over without a word.
    std::fs::create_dir(folder.join("_map")).unwrap();
    let under = files("pdf")[0].clone();
    let under: Value = serde_json::from_str(&under).unwrap();
    for id in ["_map/een.pdf", "groot/_twee.pdf"] {
        use base64::Engine as _;
        let bytes =
            base64::engine::general_purpose::STANDARD.decode(under["file_b64"].as_str().unwrap());
        std::fs::write(folder.join(id), bytes.unwrap()).unwrap();
        lines.push(json!({"id": id, "file_b64": under["file_b64"]}).to_string());
    }
    std::fs::write(folder.join("groot/leeg.pdf"), "").unwrap();
    lines.push(json!({"id": "groot/leeg.pdf", "file_b64": ""}).to_string());
    std::fs::write(folder.join("groot/.verborgen.pdf"), "x").unwrap();
    let of_files = cluster.submit(
        &driver,
        "files",
        &folder,
        &["--format", "files", "--glob", "*.pdf", "--max-file-mb", "1"],
    );
    let out = of_files.out.clone();
    let (code, said) = of_files.end();
    assert_eq!(
        (code, &said["errors"]["too_long"]),
        (Some(0), &json!(1)),
        "{said}"
    );
    assert_eq!(
        verify(&out, &stream(joined(&lines).as_bytes(), &[]).stdout),
        Ok(())
    );

    // What it wrote is typed, and is a table that it can read.
    let documents = out.join("documents");
    let types = "import sys, pyarrow.dataset as d; t = d.dataset(sys.argv[1], format='parquet'); print(t.count_rows(), *[f'{f.name}:{f.type}' for f in t.schema], sep='|')";
    let asked = Command::new(&cluster.spark.python)
        .args(["-c", types])
        .arg(&documents)
        .output();
    let types = String::from_utf8(asked.unwrap().stdout).unwrap();
    assert!(types.starts_with(&format!("{}|", lines.len())), "{types}");
    for column in [
        "id:string",
        "score:int64",
        "urgent:bool",
        "pages_unread:list<element: int64>",
        "points:map<string, int64",
    ] {
        assert!(types.contains(&format!("|{column}")), "{column}: {types}");
    }
    let columns = [
        "--id-col",
        "path",
        "--text-col",
        "reason",
        "--dossier-col",
        "dossier",
    ];
    let of_parquet = cluster.submit(
        &driver,
        "parquet",
        &documents,
        &[&["--format", "parquet"], &columns[..]].concat(),
    );
    let (code, said) = of_parquet.end();
    assert_eq!(
        (code, &said["rows"]),
        (Some(0), &json!(lines.len())),
        "{said}"
    );

    // A table with other names of columns, and terms of an organisation's own; packed rows.
    let own = cluster.path("eigen");
    overlay(&own);
    let lines = notes(200);
    let table: Vec<String> = (lines.iter())
        .map(|line| {
            let line: Value = serde_json::from_str(line).unwrap();
            let text = format!("{} Ze ging naar de kade.", line["text"].as_str().unwrap());
            let client: f64 = line["dossier"].as_str().unwrap()[1..].parse().unwrap();
            // As other programs write numbers where some are missing.
            let client = if line["id"] == "n000007" { Value::Null } else { json!(client) };
            json!({"nr": line["id"], "client": client, "datum": line["date"], "tekst": text, "x": 1}).to_string()
        })
        .collect();
    let file = cluster.path("tabel.json");
    std::fs::write(&file, joined(&table)).unwrap();
    let columns = [
        "--id-col",
        "nr",
        "--text-col",
        "tekst",
        "--dossier-col",
        "client",
        "--date-col",
        "datum",
    ];
    let options = [
        "--format",
        "json",
        "--compress",
        "gzip",
        "--overlay",
        own.to_str().unwrap(),
    ];
    let of_table = cluster.submit(&driver, "table", &file, &[&columns[..], &options].concat());
    let out = of_table.out.clone();
    assert_eq!(of_table.end().0, Some(0));
    let store = cluster.path("store");
    let imported = run(&["import".as_ref(), &out, &store, "--overlay".as_ref(), &own]);
    assert!(
        imported.status.success(),
        "{}",
        String::from_utf8_lossy(&imported.stderr)
    );
    let findings = records(&store.join("findings.jsonl"));
    let own_word = findings
        .iter()
        .filter(|f| f["term"] == "weglopen.ons_woord");
    assert_eq!(own_word.count(), 200);
    for document in records(&store.join("documents.jsonl")) {
        let dossier = document["dossier"].as_str().unwrap();
        match document["path"] == "n000007" {
            true => assert_eq!(dossier, "note n000007"),
            false => assert!(dossier.parse::<u32>().is_ok(), "{dossier}"),
        }
        assert_ne!(document["date"], "");
    }
}

fn name(dossier: &Value) -> &str {
    dossier["dossier"].as_str().unwrap()
}

fn by_name(mut dossiers: Vec<Value>) -> Vec<Value> {
    dossiers.sort_by(|a, b| name(a).cmp(name(b)));
    dossiers
}
