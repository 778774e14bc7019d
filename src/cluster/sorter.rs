//! Rows by id, as many as there are room for on the disk.

use std::path::Path;

use rusqlite::{Connection, OptionalExtension, params};

use super::row::{Engine, Head, Row};
use crate::error::{Error, Result};

/// Takes rows in any order and hands them over by id; those without one last, by what they say.
///
/// They lie in a file without a name, so nothing of them stays whatever happens to the program.
#[derive(Debug)]
pub(super) struct Sorter {
    connection: Connection,
}

impl Sorter {
    /// Sorts in a folder.
    pub(super) fn new(directory: &Path) -> Result<Self> {
        // SQLite takes the name away as soon as the file is open.
        let connection = Connection::open("").map_err(failed)?;
        let set = |name: &str, value: &dyn rusqlite::ToSql| {
            (connection.pragma_update(None, name, value)).map_err(failed)
        };
        set("temp_store_directory", &directory.to_string_lossy())?;
        set("synchronous", &"OFF")?;
        set("cache_size", &-65536)?;
        connection
            .execute_batch(
                "CREATE TABLE rows (id TEXT, line TEXT NOT NULL, source INTEGER NOT NULL); BEGIN",
            )
            .map_err(failed)?;
        Ok(Self { connection })
    }

    /// Takes a row as written; answers what it was made with, or none when it is no row. The number of a line says where it stood in
    /// its stream, which is nothing to the whole, and is left out.
    pub(super) fn take(&self, line: &str, source: usize) -> Result<Option<Engine>> {
        let Ok(head) = serde_json::from_str::<Head<'_>>(line) else {
            return Ok(None);
        };
        let made_with = head.made_with();
        if head.line.is_none() {
            self.add(head.id.as_deref(), line, source)?;
            return Ok(Some(made_with));
        }
        let Ok(row) = serde_json::from_str::<Row>(line) else {
            return Ok(None);
        };
        let row = Row { line: None, ..row };
        let line = serde_json::to_string(&row).map_err(|e| Error::Output(e.to_string()))?;
        self.add(row.id.as_deref(), &line, source)?;
        Ok(Some(made_with))
    }

    fn add(&self, id: Option<&str>, line: &str, source: usize) -> Result<()> {
        self.connection
            .prepare_cached("INSERT INTO rows VALUES (?1, ?2, ?3)")
            .and_then(|mut s| s.execute(params![id, line, source]))
            .map(drop)
            .map_err(failed)
    }

    /// Two sources that have rows with the same id; none when all ids are different.
    pub(super) fn twice(&self) -> Result<Option<(usize, usize)>> {
        let found = self.connection.query_row(
            "SELECT min(source), max(source) FROM rows WHERE id IS NOT NULL GROUP BY id HAVING count(*) > 1 LIMIT 1",
            [],
            |row| Ok((row.get(0)?, row.get(1)?)),
        );
        found.optional().map_err(failed)
    }

    /// Hands over all rows.
    ///
    /// # Errors
    /// What `each` answers.
    pub(super) fn each(&self, each: &mut dyn FnMut(&str) -> Result<()>) -> Result<()> {
        let mut statement = self
            .connection
            .prepare("SELECT line FROM rows ORDER BY id IS NULL, id, line")
            .map_err(failed)?;
        let mut found = statement.query([]).map_err(failed)?;
        while let Some(row) = found.next().map_err(failed)? {
            let line = row.get_ref(0).map_err(failed)?;
            let line = line.as_str();
            each(line.map_err(|_| Error::Output("a row cannot be read".to_owned()))?)?;
        }
        Ok(())
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
            sorter.add(id, line, 1).unwrap();
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
        assert_eq!(sorter.twice().unwrap(), None);
        sorter.add(Some("b"), "4", 7).unwrap();
        assert_eq!(sorter.twice().unwrap(), Some((1, 7)));
        // Much more than is kept in memory, and yet nothing has a name.
        let long = "x".repeat(1 << 20);
        for n in 0..100 {
            sorter.add(Some(&n.to_string()), &long, 1).unwrap();
        }
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
