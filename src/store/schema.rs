//! The tables of the store, and how an older store becomes a newer one.

use rusqlite::{Connection, Transaction};

use super::failed;
use crate::error::{Error, Result};

/// What tells a store from other SQLite files: "Sbrl".
const APPLICATION: i32 = 0x5362_726C;

/// From each version of the tables to the next; the first makes them. Stores in the field went through some of them: they are only ever
/// added to.
const MIGRATIONS: &[&str] = &[
    include_str!("schema.sql"),
    include_str!("schema-2-review.sql"),
];

/// Brings the tables of a store up to date.
///
/// # Errors
/// When the file is no store, or one of a newer program.
pub(super) fn migrate(connection: &mut Connection) -> Result<()> {
    migrate_by(connection, MIGRATIONS)
}

/// Whether the tables are those of this program.
///
/// # Errors
/// When the file is no store, or one of another version.
pub(super) fn check(connection: &Connection) -> Result<()> {
    let version = version(connection, MIGRATIONS.len())?;
    if version == 0 {
        return Err(Error::Store(
            "nothing has been written into it yet: the scan that made it ended before; run `scan` again"
                .to_owned(),
        ));
    }
    if version < MIGRATIONS.len() {
        return Err(Error::Store(
            "it was made by an older version of the program; run `scan` once to bring it up to date"
                .to_owned(),
        ));
    }
    Ok(())
}

fn version(connection: &Connection, newest: usize) -> Result<usize> {
    let pragma = |name: &str| -> Result<i32> {
        connection
            .pragma_query_value(None, name, |row| row.get(0))
            .map_err(failed)
    };
    let version = usize::try_from(pragma("user_version")?).unwrap_or(0);
    let tables: i64 = connection
        .query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))
        .map_err(failed)?;
    match pragma("application_id")? {
        APPLICATION if version <= newest => Ok(version),
        APPLICATION => Err(Error::Store(format!(
            "it has version {version} and this program knows {newest}; use the newer program, or another --out"
        ))),
        0 if tables == 0 => Ok(0),
        _ => Err(Error::Store(
            "the file is not a store of this program; move it away, or use another --out"
                .to_owned(),
        )),
    }
}

fn migrate_by(connection: &mut Connection, migrations: &[&str]) -> Result<()> {
    let version = version(connection, migrations.len())?;
    if version == migrations.len() {
        return Ok(());
    }
    // All at once: no program meets a store that is half way.
    let transaction = connection.transaction().map_err(failed)?;
    for (from, migration) in migrations.iter().enumerate().skip(version) {
        step(&transaction, migration, from + 1).map_err(failed)?;
    }
    transaction.commit().map_err(failed)
}

fn step(transaction: &Transaction<'_>, migration: &str, to: usize) -> rusqlite::Result<()> {
    transaction.execute_batch(migration)?;
    transaction.pragma_update(None, "application_id", APPLICATION)?;
    transaction.pragma_update(None, "user_version", i32::try_from(to).unwrap_or(i32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_older_store_is_brought_up_to_date_and_keeps_its_rows() {
        let mut connection = Connection::open_in_memory().unwrap();
        let steps = [
            "CREATE TABLE a (x); INSERT INTO a VALUES (1)",
            "ALTER TABLE a ADD COLUMN y DEFAULT 2",
        ];
        migrate_by(&mut connection, &steps[..1]).unwrap();
        migrate_by(&mut connection, &steps).unwrap();
        migrate_by(&mut connection, &steps).unwrap();
        let row: (i32, i32) = connection
            .query_row("SELECT x, y FROM a", [], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .unwrap();
        assert_eq!(row, (1, 2));
        let newer = migrate_by(&mut connection, &steps[..1]).unwrap_err();
        assert!(newer.to_string().contains("newer program"));
    }

    #[test]
    fn what_lists_need_is_made_of_what_an_older_store_has() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate_by(&mut connection, &MIGRATIONS[..1]).unwrap();
        let finding = |stage: &str, category: &str, active: bool| {
            format!(r#"{{"stage":"{stage}","category":"{category}","active":{active}}}"#)
        };
        let findings = [
            finding("losweken", "weglopen", true),
            finding("losweken", "isolatie", true),
            finding("werven", "contact", false),
        ];
        connection
            .execute_batch("INSERT INTO files (id, location, path, dossier, state, engine) VALUES (1, 'l', 'p', 'd', 'present', 'e')")
            .unwrap();
        connection
            .execute(
                "INSERT INTO documents VALUES (1, 1, 0, 'i', 'p', 'd', '~', 'ok', 'midden', 40, 100, 0, 0, 3, 2, 0, 0, '', '{\"format\":\"txt\"}', ?1, '', '', '')",
                [findings.join("\n") + "\n"],
            )
            .unwrap();
        migrate(&mut connection).unwrap();
        let row: (String, String, String) = connection
            .query_row(
                "SELECT format, stages, categories FROM documents",
                [],
                |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
            )
            .unwrap();
        assert_eq!(row.0, "txt");
        assert_eq!(row.1, r#"{"losweken":2}"#);
        assert_eq!(row.2, r#"{"isolatie":1,"weglopen":1}"#);
    }

    #[test]
    fn a_step_that_fails_changes_nothing() {
        let mut connection = Connection::open_in_memory().unwrap();
        let steps = ["CREATE TABLE a (x)", "CREATE TABLE b (x); SELECT nothing"];
        migrate_by(&mut connection, &steps[..1]).unwrap();
        assert!(migrate_by(&mut connection, &steps).is_err());
        assert_eq!(version(&connection, 2).unwrap(), 1);
        let tables: i64 = connection
            .query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))
            .unwrap();
        assert_eq!(tables, 1);
        let mut fresh = Connection::open_in_memory().unwrap();
        assert!(migrate_by(&mut fresh, &steps).is_err());
        assert_eq!(version(&fresh, 2).unwrap(), 0, "none of the steps");
    }

    #[test]
    fn a_file_of_another_program_is_left_alone() {
        let mut connection = Connection::open_in_memory().unwrap();
        connection.execute_batch("CREATE TABLE theirs (x)").unwrap();
        let error = migrate(&mut connection).unwrap_err();
        assert!(error.to_string().contains("not a store"));
    }
}
