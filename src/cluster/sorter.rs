//! Rows by id, as many as there are room for on the disk.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, params};

use super::row::{Engine, Head, Row};
use crate::error::{Error, Result};
use crate::private;

/// Takes rows in any order and hands them over by id; those without one last, by what they say.
#[derive(Debug)]
pub(super) struct Sorter {
    connection: Connection,
    /// Removed at the end; it holds case text.
    file: PathBuf,
}

impl Sorter {
    /// Sorts in a file of `directory`, that only its owner can read.
    pub(super) fn new(directory: &Path) -> Result<Self> {
        let file = directory.join(format!(".sorting-{}.tmp", std::process::id()));
        private::create(&file).map_err(Error::io("write", &file))?;
        let sorter = Self {
            connection: Connection::open(&file).map_err(failed)?,
            file,
        };
        let set = |name: &str, value: &dyn rusqlite::ToSql| {
            (sorter.connection.pragma_update(None, name, value)).map_err(failed)
        };
        // Nothing of it outlives the program.
        set("synchronous", &"OFF")?;
        set("journal_mode", &"OFF").or_else(|_| set("journal_mode", &"MEMORY"))?;
        set("temp_store_directory", &directory.to_string_lossy())?;
        set("cache_size", &-65536)?;
        sorter
            .connection
            .execute_batch("CREATE TABLE rows (id TEXT, line TEXT NOT NULL); BEGIN")
            .map_err(failed)?;
        Ok(sorter)
    }

    /// Takes a row as written; answers what it was made with, or none when it is no row. The number of a line says where it stood in
    /// its stream, which is nothing to the whole, and is left out.
    pub(super) fn take(&self, line: &str) -> Result<Option<Engine>> {
        let Ok(head) = serde_json::from_str::<Head<'_>>(line) else {
            return Ok(None);
        };
        let made_with = head.made_with();
        if head.line.is_none() {
            self.add(head.id.as_deref(), line)?;
            return Ok(Some(made_with));
        }
        let Ok(row) = serde_json::from_str::<Row>(line) else {
            return Ok(None);
        };
        let row = Row { line: None, ..row };
        let line = serde_json::to_string(&row).map_err(|e| Error::Output(e.to_string()))?;
        self.add(row.id.as_deref(), &line)?;
        Ok(Some(made_with))
    }

    fn add(&self, id: Option<&str>, line: &str) -> Result<()> {
        self.connection
            .prepare_cached("INSERT INTO rows VALUES (?1, ?2)")
            .and_then(|mut s| s.execute(params![id, line]))
            .map(drop)
            .map_err(failed)
    }

    /// Hands over all rows.
    ///
    /// # Errors
    /// What `each` answers, or when two rows have one id.
    pub(super) fn each(&self, each: &mut dyn FnMut(&str) -> Result<()>) -> Result<()> {
        let mut statement = self
            .connection
            .prepare("SELECT id, line FROM rows ORDER BY id IS NULL, id, line")
            .map_err(failed)?;
        let mut found = statement.query([]).map_err(failed)?;
        let mut before: Option<String> = None;
        while let Some(row) = found.next().map_err(failed)? {
            let id: Option<String> = row.get(0).map_err(failed)?;
            if id.is_some() && id == before {
                return Err(Error::Usage(
                    "two rows have the same id, so a line was answered twice or ids are not unique; nothing was written"
                        .to_owned(),
                ));
            }
            before = id;
            let line = row.get_ref(1).map_err(failed)?;
            let line = line.as_str();
            each(line.map_err(|_| Error::Output("a row cannot be read".to_owned()))?)?;
        }
        Ok(())
    }
}

impl Drop for Sorter {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.file);
    }
}

fn failed(error: rusqlite::Error) -> Error {
    let why = error.sqlite_error_code().map_or_else(
        || "rows cannot be sorted".to_owned(),
        |code| format!("rows cannot be sorted: {code:?}; is there room on the disk?"),
    );
    Error::Output(why)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_come_by_id_and_none_comes_twice() {
        let folder = tempfile::tempdir().unwrap();
        let sorter = Sorter::new(folder.path()).unwrap();
        for (id, line) in [
            (None, "y"),
            (Some("b"), "2"),
            (Some("é"), "3"),
            (None, "x"),
            (Some("a"), "1"),
        ] {
            sorter.add(id, line).unwrap();
        }
        let all = |sorter: &Sorter| {
            let mut seen = String::new();
            sorter
                .each(&mut |line| {
                    seen.push_str(line);
                    Ok(())
                })
                .map(|()| seen)
        };
        assert_eq!(all(&sorter).unwrap(), "123xy");
        sorter.add(Some("b"), "4").unwrap();
        assert!(all(&sorter).is_err());
        drop(sorter);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
