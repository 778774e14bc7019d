//! Documents drawn into the reading list with their label covered: reading them measures what the ranking misses.
//!
//! Of the documents that it puts low some are drawn at random and listed among the high ones; of the high ones as many have their label
//! covered too, so that a covered label says nothing. Who is drawn follows from a seed that the store keeps: the draw is the same for all
//! reviewers and stays when documents come in, of which more are drawn.

use std::collections::BTreeMap;

use rusqlite::{OptionalExtension, params};
use sha2::{Digest, Sha256};

use super::documents::{FROM, WHOLE};
use super::{Store, clock, failed, rows, touch};
use crate::decision::Drawn;
use crate::error::Result;
use crate::score::Label;

/// The labels of documents that are listed high.
const HIGH: &str = "label IN ('hoog', 'midden')";
/// Those of the pile that is drawn from.
const LOW: &str = "label IN ('geen', 'laag')";

impl Store {
    /// Draws so many documents for each document that the ranking puts high (0.05: one of twenty), at least one; those that were drawn
    /// before count. Answers how many low ones are drawn in all.
    ///
    /// # Errors
    /// When the disk is full or fails.
    pub fn draw(&mut self, share: f64) -> Result<usize> {
        self.atomically(|connection| {
            let count = |sql: &str| -> Result<usize> {
                connection
                    .query_row(sql, [], |row| row.get(0))
                    .map_err(failed)
            };
            let drawn = |kind: Drawn| {
                count(&format!(
                    "SELECT count(*) FROM sample WHERE drawn = '{}'",
                    kind.as_str()
                ))
            };
            let high = count(&format!(
                "SELECT count(DISTINCT documents.id) {FROM} WHERE {WHOLE} AND {HIGH}"
            ))?;
            #[allow(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a share of a count"
            )]
            let wanted = (high as f64 * share.clamp(0.0, 1.0)).ceil() as usize;
            if wanted == 0 || drawn(Drawn::Laag)? >= wanted {
                return drawn(Drawn::Laag);
            }
            let seed = seed(connection)?;
            for (kind, labels) in [(Drawn::Laag, LOW), (Drawn::Controle, HIGH)] {
                let missing = wanted.saturating_sub(drawn(kind)?);
                let mut pile = pile(connection, labels)?;
                let size = pile.len();
                pile.sort_by_cached_key(|(id, _)| Sha256::digest(format!("{seed}{id}")));
                pile.truncate(missing);
                for (id, rank) in pile {
                    // Low ones take the place of some high one.
                    let rank = match kind {
                        Drawn::Controle => rank,
                        Drawn::Laag => some_high(connection, &seed, &id)?.unwrap_or(rank),
                    };
                    connection
                        .execute(
                            "INSERT INTO sample VALUES (?1, ?2, ?3, ?4, ?5)",
                            params![id, kind.as_str(), rank, size, clock::now()],
                        )
                        .map_err(failed)?;
                }
            }
            touch(connection)?;
            drawn(Drawn::Laag)
        })
    }
}

impl Store {
    /// For what a document was drawn.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn drawn_as(&self, document: &str) -> Result<Option<Drawn>> {
        let name: Option<String> = self
            .connection
            .prepare_cached("SELECT drawn FROM sample WHERE document = ?1")
            .and_then(|mut s| s.query_row([document], |row| row.get(0)).optional())
            .map_err(failed)?;
        Ok(name.and_then(|name| Drawn::named(&name)))
    }

    /// What was drawn, of the documents that are still there: by id.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn drawn(&self) -> Result<BTreeMap<String, Drawn>> {
        self.by_id(
            &format!("SELECT DISTINCT documents.id, drawn {FROM} JOIN sample ON sample.document = documents.id WHERE {WHOLE}"),
            &Drawn::named,
        )
    }

    /// The labels of documents that have one, by id.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn labels(&self) -> Result<BTreeMap<String, Label>> {
        self.by_id(
            &format!(
                "SELECT DISTINCT documents.id, label {FROM} WHERE {WHOLE} AND label IS NOT NULL"
            ),
            &Label::named,
        )
    }

    fn by_id<T>(
        &self,
        query: &str,
        named: &dyn Fn(&str) -> Option<T>,
    ) -> Result<BTreeMap<String, T>> {
        let mut statement = self.connection.prepare_cached(query).map_err(failed)?;
        let mut found = statement.query([]).map_err(failed)?;
        let mut values = BTreeMap::new();
        while let Some(row) = found.next().map_err(failed)? {
            if let Some(value) = named(rows::text(row, 1)?) {
                values.insert(rows::text(row, 0)?.to_owned(), value);
            }
        }
        Ok(values)
    }
}

/// Documents that can be drawn, with their rank: none that somebody decided on, for he or she has seen its label.
fn pile(connection: &rusqlite::Connection, labels: &str) -> Result<Vec<(String, i64)>> {
    let mut statement = connection
        .prepare(&format!(
            "SELECT documents.id, min(rank) {FROM} WHERE {WHOLE} AND {labels} AND NOT unread AND NOT urgent
             AND documents.id NOT IN (SELECT document FROM sample) AND documents.id NOT IN (SELECT document FROM decisions) GROUP BY documents.id"
        ))
        .map_err(failed)?;
    let found = statement
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .map_err(failed)?;
    found.map(|row| row.map_err(failed)).collect()
}

/// The rank of a high document that follows from seed and id.
fn some_high(connection: &rusqlite::Connection, seed: &str, id: &str) -> Result<Option<i64>> {
    let hash = Sha256::digest(format!("{seed} place {id}"));
    let number = hash
        .iter()
        .take(6)
        .fold(0_i64, |n, b| n << 8 | i64::from(*b));
    connection
        .prepare_cached(&format!(
            "SELECT rank FROM documents WHERE {HIGH} ORDER BY rank, path, seq LIMIT 1 OFFSET ?1 % max(1, (SELECT count(*) FROM documents WHERE {HIGH}))"
        ))
        .and_then(|mut s| s.query_row([number], |row| row.get(0)).optional())
        .map_err(failed)
}

/// The seed of all draws in this store.
fn seed(connection: &rusqlite::Connection) -> Result<String> {
    connection
        .execute_batch("INSERT OR IGNORE INTO state VALUES ('seed', lower(hex(randomblob(16))))")
        .map_err(failed)?;
    connection
        .query_row("SELECT value FROM state WHERE key = 'seed'", [], |row| {
            row.get(0)
        })
        .map_err(failed)
}
