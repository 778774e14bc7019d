//! Rows into a store: what was read elsewhere is reviewed, exported and evaluated here.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;
use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::row::{Engine, Row};
use super::shard::{Hashed, Shard};
use super::sorter::Sorter;
use crate::analyze::Analyzer;
use crate::document::short_hash;
use crate::error::{Error, Result};
use crate::lexicon::Lexicon;
use crate::private;
use crate::source::IMPORTED;
use crate::store::{Changes, Comparison, Made, RunInfo, Seen, Stat, Store, What};

/// Documents that are written at a time.
const WINDOW: usize = 512;

/// What the Spark driver says of a job that passed its checks.
#[derive(Deserialize)]
struct Job {
    rows: u64,
    #[serde(flatten)]
    made_with: Engine,
}

/// Rows that are complete and were made with one program and lexicon, by id.
#[derive(Debug)]
pub struct Rows {
    input: PathBuf,
    source: Source,
    sorter: Sorter,
    count: u64,
}

impl Rows {
    /// Reads rows: those of a file that [`merge`](super::merge()) or [`Shard::make`] left, or of the output folder of the Spark driver.
    /// They are sorted in a file of `directory`. `check` is asked now and then whether to go on.
    ///
    /// # Errors
    /// When rows are missing, or were made by another program or lexicon: dossiers are scored here, and reports explained.
    pub fn read(
        input: &Path,
        lexicon: &Lexicon,
        directory: &Path,
        check: &dyn Fn() -> Result<()>,
    ) -> Result<Self> {
        let source = Source::find(input)?;
        let here = Engine::new(lexicon, BTreeMap::new());
        let there = &source.made_with;
        if (&there.program, &there.lexicon) != (&here.program, &here.lexicon) {
            return Err(Error::Usage(format!(
                "the rows were made by {} with lexicon {}, this is {} with lexicon {}; use that program, and its --lexicon and --overlay",
                there.program, there.lexicon, here.program, here.lexicon
            )));
        }
        private::make_directory(directory)?;
        let sorter = Sorter::new(directory)?;
        let count = source.take(&sorter, check)?;
        if sorter.twice()?.is_some() {
            return Err(Error::Usage(
                "two rows have the same id, so a line was answered twice or ids are not unique; nothing was taken in"
                    .to_owned(),
            ));
        }
        Ok(Self {
            input: input.to_owned(),
            source,
            sorter,
            count,
        })
    }

    /// How many.
    #[must_use]
    pub const fn count(&self) -> u64 {
        self.count
    }

    /// What they were made with.
    #[must_use]
    pub const fn made_with(&self) -> &Engine {
        &self.source.made_with
    }

    /// Takes them into a store, as one file there: the rows that an import of the same name brought before are replaced.
    ///
    /// # Errors
    /// When they are none of documents, when the store cannot be written, and what `check` answers; what was written stays
    /// unseen then.
    pub fn import(
        &self,
        analyzer: &Analyzer,
        store: &mut Store,
        name: &str,
        check: &dyn Fn() -> Result<()>,
    ) -> Result<Changes> {
        let made_with = self.made_with().engine.clone();
        let settings = [("rows".to_owned(), made_with.into())];
        let mut scan = store.begin(&RunInfo::new(analyzer.lexicon(), settings.into()))?;
        let place = format!("{IMPORTED}{name}");
        let seen = Seen {
            location: place.clone(),
            path: name.to_owned(),
            dossier: String::new(),
            stat: Stat::default(),
            is_barred: false,
        };
        let comparison = Comparison {
            verify: true,
            passwords: true,
            covers: &|other| other == place,
        };
        store.plan(&mut scan, std::iter::once(seen), &comparison)?;
        let mut window = Vec::new();
        let mut hash = Sha256::new();
        self.sorter.each(&mut |line| {
            let row: Row = serde_json::from_str(line).map_err(|_| self.source.no_row())?;
            let analysis = row.into_analysis().ok_or_else(|| {
                Error::Usage(format!(
                    "{}: rows of dossiers; give those of documents, dossiers are scored here",
                    self.input.display()
                ))
            })?;
            hash.update(line);
            window.push(Made::Document {
                input: 0,
                key: key(line),
                what: What::Analysis(Box::new(analysis)),
            });
            if window.len() >= WINDOW {
                check()?;
                store.write(&mut scan, std::mem::take(&mut window))?;
            }
            Ok(())
        })?;
        window.push(Made::End {
            input: 0,
            hash: short_hash(hash),
            stat: None,
            same: false,
        });
        check()?;
        store.write(&mut scan, window)?;
        store.settle(&mut scan)?;
        store.score_dossiers(analyzer)?;
        store.finish(&scan)
    }
}

/// By what it is seen whether a row is as it was.
fn key(line: &str) -> i64 {
    let hash = Sha256::digest(line);
    let head = hash
        .iter()
        .take(8)
        .fold(0_u64, |n, b| n << 8 | u64::from(*b));
    head.cast_signed()
}

/// Files of rows that are complete, by what is said of them.
#[derive(Debug)]
struct Source {
    files: Vec<PathBuf>,
    rows: u64,
    /// Hash of the rows, where there is one file.
    hash: Option<String>,
    made_with: Engine,
}

impl Source {
    fn find(input: &Path) -> Result<Self> {
        if input.is_dir() {
            return Self::of_job(input);
        }
        let shard = Shard::read(&Shard::place(input)).map_err(|error| {
            let why = "rows are complete only with the file that `stream --out` and `merge` write beside them";
            Error::Usage(format!("{error}; {why}"))
        })?;
        Ok(Self {
            files: vec![input.to_owned()],
            rows: shard.rows,
            hash: Some(shard.rows_sha256),
            made_with: shard.made_with,
        })
    }

    /// The output folder of the Spark driver.
    fn of_job(folder: &Path) -> Result<Self> {
        let lacks = |what: &str| {
            Error::Usage(format!(
                "{}: no {what}; give the output folder of a job of the Spark driver that ended well, or a file of `merge`",
                folder.display()
            ))
        };
        let rows = folder.join("rows");
        if !rows.join("_SUCCESS").is_file() {
            return Err(lacks("rows/_SUCCESS"));
        }
        let said = parts(&folder.join("run")).map_err(|_| lacks("folder run"))?;
        let mut job = String::new();
        for part in &said {
            let mut reader = open(part)?;
            let read = reader.read_to_string(&mut job);
            read.map_err(Error::io("read", part))?;
        }
        let job: Job = serde_json::from_str(job.trim()).map_err(|_| lacks("word on it in run"))?;
        Ok(Self {
            files: parts(&rows)?,
            rows: job.rows,
            hash: None,
            made_with: job.made_with,
        })
    }

    /// Gives all rows to the sorter; answers how many.
    fn take(&self, sorter: &Sorter, check: &dyn Fn() -> Result<()>) -> Result<u64> {
        let mut count = 0;
        for file in &self.files {
            let mut reader = BufReader::new(Hashed::new(open(file)?));
            let mut line = String::new();
            loop {
                line.clear();
                let read = reader.read_line(&mut line);
                if read.map_err(Error::io("read", file))? == 0 {
                    break;
                }
                let made_with = sorter.take(line.trim_end_matches('\n'), 0)?;
                if made_with.as_ref() != Some(&self.made_with) {
                    return Err(self.no_row());
                }
                count += 1;
                if count % 4096 == 0 {
                    check()?;
                }
            }
            let hash = reader.into_inner().finish();
            if self.hash.as_ref().is_some_and(|said| *said != hash) {
                let file = file.display();
                return Err(Error::Usage(format!(
                    "{file}: not as it was written; make it anew"
                )));
            }
        }
        if count == self.rows {
            return Ok(count);
        }
        Err(Error::Usage(format!(
            "{count} rows, but there should be {}; nothing was taken in",
            self.rows
        )))
    }

    fn no_row(&self) -> Error {
        let Engine { program, .. } = &self.made_with;
        Error::Usage(format!(
            "a line is no row of {program}, or was made with other settings than the rest; nothing was taken in"
        ))
    }
}

/// The parts that Spark left in a folder, by name.
fn parts(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut parts = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(Error::io("read", folder))? {
        let path = entry.map_err(Error::io("read", folder))?.path();
        let name = super::shard::name(&path);
        if name.starts_with("part-") && !name.ends_with(".crc") {
            parts.push(path);
        }
    }
    parts.sort();
    Ok(parts)
}

/// A file, unpacked where it is packed.
fn open(path: &Path) -> Result<Box<dyn Read>> {
    let file = File::open(path).map_err(Error::io("read", path))?;
    Ok(match path.extension() {
        Some(extension) if extension == "gz" => Box::new(MultiGzDecoder::new(file)),
        _ => Box::new(file),
    })
}
