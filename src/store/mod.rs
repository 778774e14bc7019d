//! What scans have found and reviewers decided, in one SQLite file of the output folder: the source of every report.
//!
//! Documents go in in windows, each in one transaction: whatever happens to the program or the machine, what a window held is in the store
//! in full or not at all, and the next scan goes on from there. Of the text only what stands around findings is kept. One program at a time
//! changes a store ([`Store::open`]); others may read it meanwhile ([`Store::read`]), and see it as it was when they began.
//!
//! The file can be looked at with the program `sqlite3`; what its tables mean stands in `schema.sql`.

pub mod clock;
mod conditions;
mod counts;
mod decisions;
mod documents;
mod dossiers;
mod files;
mod forget;
pub mod journal;
mod listing;
mod lock;
mod made;
pub mod outputs;
mod rows;
mod runs;
mod sample;
mod schema;
mod status;
mod window;

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};

pub use counts::Counts;
pub use documents::{Order, Origin, Part, Within};
pub use files::{Changes, Comparison, Known, Plan, Seen, Stat};
pub use forget::{Forgotten, Unfinished, What as Forget};
pub use journal::Journal;
pub use listing::{DocumentRow, DossierRow, Filter, Listed, Opinion, Range};
pub use made::{Made, Named, What, content_key};
pub use runs::{RunInfo, RunRow};
pub use status::StoreStatus;
pub use window::Scan;

use crate::error::{Error, Result};
use lock::Lock;

/// The file in the output folder.
pub const FILE: &str = "signaalbril.sqlite";

/// How long a program waits for another one's transaction.
const PATIENCE: Duration = Duration::from_secs(30);

/// Documents, findings, dossiers, decisions and runs.
#[derive(Debug)]
pub struct Store {
    connection: Connection,
    /// The folder; none in memory.
    directory: Option<PathBuf>,
    journal: Journal,
    /// Whether what belongs together is written together.
    transactions: bool,
    /// Which file it is, whatever lies at its path later; none in memory.
    identity: Option<(u64, u64)>,
    _lock: Option<Lock>,
}

impl Store {
    /// Opens the store of a folder for changes, or makes it; `journal` as fits the folder when none.
    ///
    /// # Errors
    /// When another program is changing it, when the file is no store of this program, or cannot be made or read.
    pub fn open(directory: &Path, journal: Option<Journal>) -> Result<Self> {
        let lock = Lock::take(directory)?;
        let file = directory.join(FILE);
        // SQLite would make it readable by all; its other files take the rights of this one.
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(&file).map_err(Error::io("write", &file))?;
        let connection = Connection::open(&file).map_err(failed)?;
        let journal = journal.unwrap_or_else(|| Journal::for_directory(directory));
        let mut store = Self {
            connection,
            directory: Some(directory.to_owned()),
            journal,
            transactions: true,
            identity: identity(&file),
            _lock: Some(lock),
        };
        store.set_up()?;
        let set: String = store
            .connection
            .pragma_update_and_check(None, "journal_mode", journal.pragma(), |row| row.get(0))
            .map_err(failed)?;
        if !set.eq_ignore_ascii_case(journal.pragma()) {
            return Err(Error::Store(format!(
                "the file system of {} does not allow the journal {}; use --journal rollback, or an --out on a disk of this machine",
                directory.display(),
                journal.pragma()
            )));
        }
        schema::migrate(&mut store.connection)?;
        Ok(store)
    }

    /// Opens the store of a folder for reading: all that is read from it is as it was at this moment.
    ///
    /// # Errors
    /// When there is none, or it cannot be read.
    pub fn read(directory: &Path) -> Result<Self> {
        let store = Self::existing(directory)?;
        store
            .connection
            .pragma_update(None, "query_only", true)
            .map_err(failed)?;
        // The first query fixes what all others see.
        store
            .connection
            .execute_batch("BEGIN; SELECT count(*) FROM state")
            .map_err(failed)?;
        Ok(store)
    }

    /// Opens the store of a folder for adding decisions, also while a scan is writing to it.
    ///
    /// # Errors
    /// When there is none, or it cannot be read.
    pub fn review(directory: &Path) -> Result<Self> {
        let store = Self::existing(directory)?;
        // A decision is somebody's work: it must be on the disk, not on its way there.
        store
            .connection
            .pragma_update(None, "synchronous", "FULL")
            .map_err(failed)?;
        Ok(store)
    }

    fn existing(directory: &Path) -> Result<Self> {
        let file = directory.join(FILE);
        let seen = std::fs::metadata(&file);
        if let Err(error) = &seen
            && error.kind() == std::io::ErrorKind::PermissionDenied
        {
            return Err(Error::Usage(format!(
                "{} may only be opened by its owner: results hold case text; ask who made the scan, or scan yourself",
                directory.display()
            )));
        }
        if !seen.is_ok_and(|m| m.is_file()) {
            return Err(Error::Usage(format!(
                "{} holds no store ({FILE}); give the folder that a scan wrote into (`scan INPUT --out FOLDER`, apart from the case files)",
                directory.display()
            )));
        }
        let usual = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let works = |connection: &Connection| {
            connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))
        };
        let connection = match Connection::open_with_flags(&file, usual) {
            Ok(connection) if works(&connection).is_ok() => connection,
            // In a folder that is read-only nobody else can be writing.
            _ => {
                let uri = format!("file:{}?immutable=1", percent(&file.to_string_lossy()));
                let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI;
                Connection::open_with_flags(uri, flags).map_err(failed)?
            }
        };
        let store = Self {
            connection,
            directory: Some(directory.to_owned()),
            journal: Journal::Wal,
            transactions: true,
            identity: identity(&file),
            _lock: None,
        };
        store.set_up()?;
        schema::check(&store.connection)?;
        Ok(store)
    }

    /// An empty store in memory.
    ///
    /// # Errors
    /// When there is no memory for it.
    pub fn in_memory() -> Result<Self> {
        let mut store = Self {
            connection: Connection::open_in_memory().map_err(failed)?,
            directory: None,
            journal: Journal::Wal,
            transactions: true,
            identity: None,
            _lock: None,
        };
        conditions::register(&store.connection).map_err(failed)?;
        schema::migrate(&mut store.connection)?;
        Ok(store)
    }

    /// For tests of the tests: writes as if nothing could come in between.
    ///
    /// # Errors
    /// When the file fails.
    #[doc(hidden)]
    pub fn without_transactions(mut self) -> Result<Self> {
        self.connection
            .pragma_update_and_check(None, "journal_mode", "OFF", |_| Ok(()))
            .and_then(|()| self.connection.pragma_update(None, "synchronous", "OFF"))
            .map_err(failed)?;
        self.transactions = false;
        Ok(self)
    }

    /// Whether its file is still where it was opened: what is written to one that was removed or replaced is lost.
    ///
    /// # Errors
    /// When it is not.
    pub fn check_in_place(&self) -> Result<()> {
        let Some(directory) = &self.directory else {
            return Ok(());
        };
        if identity(&directory.join(FILE)) == self.identity {
            return Ok(());
        }
        Err(Error::Store(
            "its file was moved, removed or replaced since it was opened; end the program and start it again"
                .to_owned(),
        ))
    }

    /// How changes are written.
    #[must_use]
    pub const fn journal(&self) -> Journal {
        self.journal
    }

    fn set_up(&self) -> Result<()> {
        let set = |name: &str, value: &dyn rusqlite::ToSql| {
            self.connection.pragma_update(None, name, value)
        };
        conditions::register(&self.connection).map_err(failed)?;
        self.connection.busy_timeout(PATIENCE).map_err(failed)?;
        self.connection.set_prepared_statement_cache_capacity(64);
        set("page_size", &16384).map_err(failed)?;
        set("cache_size", &-16384).map_err(failed)?;
        set("synchronous", &"NORMAL").map_err(failed)?;
        // What is replaced leaves nothing behind.
        set("secure_delete", &true).map_err(failed)?;
        // The log may be as large as a reader keeps it; then it shrinks.
        set("journal_size_limit", &(64 << 20)).map_err(failed)?;
        // What is sorted holds case text, too: it stays in the folder, or where that is read-only in memory.
        if let Some(directory) = &self.directory
            && set("temp_store_directory", &directory.to_string_lossy()).is_err()
        {
            set("temp_store", &"MEMORY").map_err(failed)?;
        }
        Ok(())
    }

    /// Does all of it or nothing.
    fn atomically<T>(&mut self, work: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        if !self.transactions {
            return work(&self.connection);
        }
        let transaction = Transaction::new(&mut self.connection, TransactionBehavior::Immediate)
            .map_err(failed)?;
        let done = work(&transaction)?;
        transaction.commit().map_err(failed)?;
        Ok(done)
    }

    /// The number of changes to documents, dossiers and decisions so far.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn changes(&self) -> Result<i64> {
        self.connection
            .query_row("SELECT value FROM state WHERE key = 'changes'", [], |row| {
                row.get::<_, String>(0)
            })
            .map(|text| text.parse().unwrap_or(0))
            .map_err(failed)
    }
}

impl Store {
    /// Notes that something was done to the store; `detail` holds no content.
    ///
    /// # Errors
    /// When the disk is full or fails.
    pub fn audit(&mut self, action: &str, detail: &serde_json::Value) -> Result<()> {
        self.atomically(|connection| audit(connection, action, detail))
    }
}

fn audit(connection: &Connection, action: &str, detail: &serde_json::Value) -> Result<()> {
    connection
        .execute(
            "INSERT INTO audit (at, action, detail) VALUES (?1, ?2, ?3)",
            rusqlite::params![clock::now(), action, detail.to_string()],
        )
        .map(drop)
        .map_err(failed)
}

/// Counts a change: what was made of the store before it is out of date.
fn touch(connection: &Connection) -> Result<()> {
    connection
        .prepare_cached("UPDATE state SET value = CAST(value + 1 AS TEXT) WHERE key = 'changes'")
        .and_then(|mut s| s.execute([]))
        .map(drop)
        .map_err(failed)
}

/// Device and number of a file, where the system tells them.
fn identity(path: &Path) -> Option<(u64, u64)> {
    let metadata = std::fs::metadata(path).ok()?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        Some((metadata.dev(), metadata.ino()))
    }
    #[cfg(not(unix))]
    Some((0, u64::from(metadata.is_file())))
}

/// A path within a URI.
fn percent(path: &str) -> String {
    let mut out = String::new();
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' => {
                out.push(char::from(byte));
            }
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

/// An error of the store, without anything that is in it.
fn failed(error: rusqlite::Error) -> Error {
    use rusqlite::ErrorCode as Code;
    let why = match error.sqlite_error_code() {
        Some(Code::DiskFull) => {
            "the disk is full; make room and run the same command again, it goes on from here".to_owned()
        }
        Some(Code::SystemIoFailure) => {
            "it cannot be written or read: the disk is full, a limit of file sizes is reached, or the disk fails; once that is mended, run the same command again"
                .to_owned()
        }
        Some(Code::ReadOnly | Code::CannotOpen | Code::PermissionDenied) => {
            "it cannot be opened: no right to read or write it, or to write in its folder".to_owned()
        }
        Some(Code::DatabaseBusy | Code::DatabaseLocked) => {
            "another program is busy with it; try again when that is done".to_owned()
        }
        Some(Code::DatabaseCorrupt | Code::NotADatabase) => {
            "the file is damaged or no store; move it away and scan again (decisions may be saved with `sqlite3 FILE .recover`)"
                .to_owned()
        }
        Some(code) => format!("{code:?}"),
        None => "a row cannot be read".to_owned(),
    };
    Error::Store(why)
}

#[cfg(test)]
mod tests;
