//! One file of lines, the file of their rows, and beside that a word on both: what Slurm arrays and GNU parallel make many of.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::row::Engine;
use super::stream::{Counts, Failure, Stream};
use crate::error::{Error, Result};
use crate::private;

/// What is said of a file of rows, in the file of the same name with [`SUFFIX`](Self::SUFFIX).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shard {
    /// Name of the file of lines, without its folder.
    pub input: String,
    /// SHA-256 of it.
    pub input_sha256: String,
    /// Number of lines, and so of rows.
    pub rows: u64,
    /// Rows with an error, by code.
    pub errors: BTreeMap<String, u64>,
    /// SHA-256 of the rows.
    pub rows_sha256: String,
    /// What they were made with.
    pub made_with: Engine,
}

impl Shard {
    /// What stands behind the name of the file of rows.
    pub const SUFFIX: &'static str = ".shard.json";

    /// Answers the lines of a file. The rows are written under a temporary name, synced and renamed, and so is the word on them.
    ///
    /// # Errors
    /// When a file cannot be read or written.
    pub fn make(stream: &Stream<'_>, input: &Path, rows: &Path) -> Result<Self> {
        apart(input, rows)?;
        let file = File::open(input).map_err(Error::io("read", input))?;
        if let Some(folder) = rows.parent().filter(|f| !f.as_os_str().is_empty()) {
            private::make_directory(folder)?;
        }
        let mut lines = Hashed::new(file);
        let mut done = None;
        let mut hash = String::new();
        private::write(rows, |out| {
            let mut out = Hashed::new(out);
            let counts = stream
                .run(&mut lines, &mut out)
                .map_err(|failure| match failure {
                    Failure::Error(error) => error,
                    Failure::ReaderGone => Error::Output("nobody takes the rows".to_owned()),
                })?;
            done = Some(counts);
            hash = out.finish();
            Ok(())
        })?;
        let Counts {
            rows: count,
            errors,
        } = done.unwrap_or_default();
        let shard = Self {
            input: name(input),
            input_sha256: lines.finish(),
            rows: count,
            errors,
            rows_sha256: hash,
            made_with: stream.engine.clone(),
        };
        shard.write(rows)?;
        Ok(shard)
    }

    /// Writes it beside a file of rows.
    pub(super) fn write(&self, rows: &Path) -> Result<()> {
        private::write(&Self::place(rows), |out| {
            serde_json::to_writer_pretty(&mut *out, self)
                .map_err(|e| Error::Output(e.to_string()))?;
            writeln!(out).map_err(|e| Error::Output(e.to_string()))
        })
    }

    /// Where it stands.
    #[must_use]
    pub fn place(rows: &Path) -> PathBuf {
        let mut place = rows.as_os_str().to_owned();
        place.push(Self::SUFFIX);
        place.into()
    }

    /// Reads it from such a place.
    ///
    /// # Errors
    /// When it is not there or is something else.
    pub fn read(place: &Path) -> Result<Self> {
        let bytes = std::fs::read(place).map_err(Error::io("read", place))?;
        serde_json::from_slice(&bytes).map_err(|_| {
            Error::Usage(format!(
                "{}: not written by `stream --out` or `merge` of this version",
                place.display()
            ))
        })
    }
}

/// What is written must not take the place of what is read.
pub(super) fn apart(input: &Path, out: &Path) -> Result<()> {
    let (a, b) = (std::fs::canonicalize(input), std::fs::canonicalize(out));
    if matches!((a, b), (Ok(a), Ok(b)) if a == b) {
        let input = input.display();
        return Err(Error::Usage(format!(
            "{input} would be written over; choose another --out"
        )));
    }
    Ok(())
}

/// Name of a file without its folder.
pub(super) fn name(path: &Path) -> String {
    let name = path.file_name().unwrap_or(path.as_os_str());
    name.to_string_lossy().into_owned()
}

/// Hashes what passes.
pub(super) struct Hashed<T> {
    inner: T,
    hash: Sha256,
}

impl<T> Hashed<T> {
    pub(super) fn new(inner: T) -> Self {
        Self {
            inner,
            hash: Sha256::new(),
        }
    }

    /// The hash as `sha256sum` writes it.
    pub(super) fn finish(self) -> String {
        let bytes = self.hash.finalize();
        bytes.iter().map(|b| format!("{b:02x}")).collect()
    }
}

impl<T: Read> Read for Hashed<T> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.hash.update(buffer.get(..count).unwrap_or_default());
        Ok(count)
    }
}

impl<T: Write> Write for Hashed<T> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.inner.write(bytes)?;
        self.hash.update(bytes.get(..count).unwrap_or_default());
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}
