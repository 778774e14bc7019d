//! Lists for reviewers: documents and dossiers in reading order, filtered, a page at a time.

use std::collections::BTreeMap;

use rusqlite::types::Value;
use rusqlite::{OptionalExtension, params, params_from_iter};

use super::conditions::{Conditions, anywhere, in_passages};
use super::documents::WHOLE;
use super::{Store, failed, rows};
use crate::analyze::{Analysis, DocumentRecord};
use crate::decision::{Action, Drawn};
use crate::dossier::DossierRecord;
use crate::error::Result;
use crate::score::Label;

/// What is to be listed. Empty lists leave nothing out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// These labels; none stands for what was not read. Covered documents are listed whatever their label and signals.
    pub labels: Vec<Option<Label>>,
    /// An active finding of one of these stages.
    pub stages: Vec<String>,
    /// An active finding of one of these categories.
    pub categories: Vec<String>,
    /// One of these formats.
    pub formats: Vec<String>,
    /// Only what came in since its dossier was last decided on.
    pub new: bool,
    /// Only what this reviewer has not decided on.
    pub undecided: bool,
    /// Only what another reviewer asks a second reading for.
    pub asked: bool,
    /// Only what holds a sign of suicide risk.
    pub urgent: bool,
    /// All of these words are in path, dossier, reason, or the text around findings; letters of either case, with or without accents.
    pub words: Vec<String>,
}

/// What lists of a store can be about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Range {
    /// The formats of its documents, by name.
    pub formats: Vec<String>,
    /// Documents that were not read, or not in full, and are still there.
    pub unread: usize,
    /// Dossiers that hold a sign of suicide risk.
    pub urgent: usize,
}

/// A page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed<Row> {
    /// The rows of the page.
    pub rows: Vec<Row>,
    /// How many rows all pages have.
    pub total: usize,
    /// By label, none for what was not read: how many rows there would be with all other filters.
    pub by_label: BTreeMap<Option<Label>, usize>,
}

/// What a reviewer made of a row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Opinion {
    /// What is to be done.
    pub verdict: Option<Action>,
    /// It was said of an older text, or of fewer documents.
    pub older: bool,
    /// Another reviewer asks for a second reading.
    pub asked: bool,
}

/// A document in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentRow {
    /// Its number in the store: as long as its file is not scanned anew.
    pub seq: i64,
    /// Its record.
    pub record: DocumentRecord,
    /// Number of active findings by stage.
    pub stages: BTreeMap<String, usize>,
    /// What the reviewer made of it.
    pub opinion: Opinion,
    /// It was drawn into the list.
    pub drawn: Option<Drawn>,
    /// It came in since its dossier was last decided on; not where it never was.
    pub is_new: bool,
}

impl DocumentRow {
    /// Whether label, score and reason are not to be shown yet.
    #[must_use]
    pub const fn is_covered(&self) -> bool {
        self.drawn.is_some() && self.opinion.verdict.is_none()
    }
}

/// A dossier in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DossierRow {
    /// Its record.
    pub record: DossierRecord,
    /// Number of active findings by stage, without those that a later document clears.
    pub stages: BTreeMap<String, usize>,
    /// What the reviewer made of it.
    pub opinion: Opinion,
    /// How many of its documents the reviewer has decided on.
    pub decided: usize,
}

/// The last thing the reviewer said on each document, as a table of the query; `?1` is the reviewer.
const OWN: &str = "own AS (SELECT document, dossier, verdict, max(id) FROM decisions WHERE reviewer = ?1 GROUP BY document, iif(document = '', dossier, ''))";
/// Documents (or dossiers, where `document` is empty) that another reviewer is in doubt about.
const ASKED: &str = "asked AS (SELECT document, dossier, verdict, max(id) FROM decisions WHERE reviewer <> ?1 GROUP BY document, iif(document = '', dossier, ''), reviewer HAVING verdict = 'twijfel')";
/// Milliseconds since 1970 at which something of the dossier was last decided.
const REVIEWED: &str = "coalesce((SELECT 1000 * unixepoch(max(at)) FROM decisions WHERE decisions.dossier = {dossier}), 0)";

/// A hash of the ids of a dossier's documents.
fn hash_of(dossier: &DossierRecord) -> String {
    crate::document::content_id(dossier.document_ids.join("\n").as_bytes())
}

impl Store {
    /// Documents in reading order, with those that were drawn among them; `size` rows from `from` on.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn list_documents(
        &self,
        filter: &Filter,
        reviewer: &str,
        from: usize,
        size: usize,
    ) -> Result<Listed<DocumentRow>> {
        let is_drawn: bool = self
            .connection
            .query_row("SELECT EXISTS (SELECT 1 FROM sample)", [], |r| r.get(0))
            .map_err(failed)?;
        let (join, rank, covered) = if is_drawn {
            (
                " LEFT JOIN sample ON sample.document = documents.id",
                "coalesce(sample.rank, documents.rank)",
                "sample.document IS NOT NULL AND documents.id NOT IN (SELECT document FROM own WHERE verdict <> '')",
            )
        } else {
            ("", "documents.rank", "false")
        };
        let mut c = Conditions::new(WHOLE, reviewer);
        c.signals("stages", &filter.stages, covered);
        c.signals("categories", &filter.categories, covered);
        c.one_of(&filter.formats, |c, name| {
            format!("format = ?{}", c.value(name))
        });
        if filter.new {
            let reviewed = REVIEWED.replace("{dossier}", "documents.dossier");
            c.and(&format!("added > {reviewed}"));
        }
        if filter.undecided {
            c.and("documents.id NOT IN (SELECT document FROM own WHERE verdict <> '')");
        }
        if filter.asked {
            c.and("documents.id IN (SELECT document FROM asked)");
            c.and("documents.id NOT IN (SELECT document FROM own WHERE verdict <> '')");
        }
        if filter.urgent {
            c.and(&format!("(urgent OR {covered})"));
        }
        for word in &filter.words {
            let n = c.value(&anywhere(word));
            c.and(&format!(
                "(fold(documents.path) LIKE ?{n} ESCAPE '\\' OR fold(documents.dossier) LIKE ?{n} ESCAPE '\\' OR NOT ({covered}) AND (fold(documents.record ->> 'reason') LIKE ?{n} ESCAPE '\\' OR {}))",
                in_passages(n)
            ));
        }
        let labels = c.labels(&filter.labels, covered);
        let from_where = |labels: &str| {
            format!(
                "FROM documents INDEXED BY documents_list CROSS JOIN files ON files.id = documents.file{join} WHERE {}{labels}",
                c.sql
            )
        };
        let by_label = self.by_label(&from_where(""), &c.values)?;
        let total = if filter.labels.is_empty() {
            by_label.values().sum()
        } else {
            self.by_label(&from_where(&labels), &c.values)?
                .values()
                .sum()
        };
        let query = format!(
            "WITH {OWN}, {ASKED} SELECT documents.seq {} ORDER BY {rank}, documents.path, documents.seq LIMIT {size} OFFSET {from}",
            from_where(&labels)
        );
        let mut rows = Vec::new();
        for seq in self.column::<i64>(&query, &c.values)? {
            rows.extend(self.document_row(seq, reviewer)?);
        }
        Ok(Listed {
            rows,
            total,
            by_label,
        })
    }

    /// Dossiers in reading order; `size` rows from `from` on.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn list_dossiers(
        &self,
        filter: &Filter,
        reviewer: &str,
        from: usize,
        size: usize,
    ) -> Result<Listed<DossierRow>> {
        let mut c = Conditions::new("?1 = ?1", reviewer);
        c.signals("stages", &filter.stages, "false");
        c.signals("categories", &filter.categories, "false");
        let of = "FROM documents WHERE documents.dossier = dossiers.name AND";
        c.one_of(&filter.formats, |c, name| {
            let n = c.value(name);
            format!("EXISTS (SELECT 1 {of} documents.record ->> 'format' = ?{n})")
        });
        if filter.new {
            let reviewed = REVIEWED.replace("{dossier}", "dossiers.name");
            c.and(&format!("EXISTS (SELECT 1 {of} added > {reviewed})"));
        }
        let decided = "name NOT IN (SELECT dossier FROM own WHERE document = '' AND verdict <> '')";
        if filter.undecided {
            c.and(decided);
        }
        if filter.asked {
            c.and("name IN (SELECT dossier FROM asked WHERE document = '')");
            c.and(decided);
        }
        if filter.urgent {
            c.and("dossiers.record ->> 'urgent'");
        }
        for word in &filter.words {
            let n = c.value(&anywhere(word));
            c.and(&format!(
                "(fold(name) LIKE ?{n} ESCAPE '\\' OR fold(dossiers.record ->> 'reason') LIKE ?{n} ESCAPE '\\' OR EXISTS (SELECT 1 {of} (fold(documents.path) LIKE ?{n} ESCAPE '\\' OR {})))",
                in_passages(n)
            ));
        }
        let labels = c.labels(&filter.labels, "false");
        let from_where = |labels: &str| {
            format!(
                "FROM dossiers INDEXED BY dossiers_list WHERE {}{labels}",
                c.sql
            )
        };
        let by_label = self.by_label(&from_where(""), &c.values)?;
        let total = if filter.labels.is_empty() {
            by_label.values().sum()
        } else {
            filter.labels.iter().filter_map(|l| by_label.get(l)).sum()
        };
        let query = format!(
            "WITH {OWN}, {ASKED} SELECT name {} ORDER BY rank, name LIMIT {size} OFFSET {from}",
            from_where(&labels)
        );
        let mut rows = Vec::new();
        for name in self.column::<String>(&query, &c.values)? {
            rows.extend(self.dossier_row(&name, reviewer)?);
        }
        Ok(Listed {
            rows,
            total,
            by_label,
        })
    }

    fn by_label(
        &self,
        from_where: &str,
        values: &[Value],
    ) -> Result<BTreeMap<Option<Label>, usize>> {
        let query =
            format!("WITH {OWN}, {ASKED} SELECT label, count(*) {from_where} GROUP BY label");
        let mut statement = self.connection.prepare_cached(&query).map_err(failed)?;
        let mut found = statement.query(params_from_iter(values)).map_err(failed)?;
        let mut counts = BTreeMap::new();
        while let Some(row) = found.next().map_err(failed)? {
            let label: Option<String> = row.get(0).map_err(failed)?;
            let label = label.as_deref().and_then(Label::named);
            counts.insert(label, row.get(1).map_err(failed)?);
        }
        Ok(counts)
    }

    fn column<T: rusqlite::types::FromSql>(&self, query: &str, values: &[Value]) -> Result<Vec<T>> {
        let mut statement = self.connection.prepare_cached(query).map_err(failed)?;
        let found = statement
            .query_map(params_from_iter(values), |row| row.get(0))
            .map_err(failed)?;
        found.map(|value| value.map_err(failed)).collect()
    }

    /// A document by its number, as a list shows it; none when it is gone.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn document_row(&self, seq: i64, reviewer: &str) -> Result<Option<DocumentRow>> {
        let reviewed = REVIEWED.replace("{dossier}", "documents.dossier");
        let query = format!(
            "SELECT record, stages, added > {reviewed} AND {reviewed} > 0, sample.drawn FROM documents LEFT JOIN sample ON sample.document = documents.id WHERE seq = ?1"
        );
        let mut statement = self.connection.prepare_cached(&query).map_err(failed)?;
        let mut found = statement.query([seq]).map_err(failed)?;
        let Some(row) = found.next().map_err(failed)? else {
            return Ok(None);
        };
        let record: DocumentRecord = rows::parse(rows::text(row, 0)?)?;
        let drawn: Option<String> = row.get(3).map_err(failed)?;
        Ok(Some(DocumentRow {
            seq,
            stages: rows::parse(rows::text(row, 1)?)?,
            is_new: row.get(2).map_err(failed)?,
            opinion: self.opinion(reviewer, &record.id, &record.path, &record.dossier)?,
            drawn: drawn.and_then(|d| Drawn::named(&d)),
            record,
        }))
    }

    /// A dossier by its name, as a list shows it; none when it is gone.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn dossier_row(&self, name: &str, reviewer: &str) -> Result<Option<DossierRow>> {
        let Some(record) = self.dossier(name)? else {
            return Ok(None);
        };
        let (stages, decided): (String, usize) = self
            .connection
            .prepare_cached(
                "SELECT stages, (SELECT count(*) FROM documents d WHERE d.dossier = name AND
                    '' <> coalesce((SELECT verdict FROM decisions WHERE document = d.id AND reviewer = ?2 ORDER BY id DESC LIMIT 1), ''))
                 FROM dossiers WHERE name = ?1",
            )
            .and_then(|mut s| {
                s.query_row(params![name, reviewer], |row| Ok((row.get(0)?, row.get(1)?)))
            })
            .map_err(failed)?;
        let mut opinion = self.opinion(reviewer, "", "", name)?;
        if opinion.verdict.is_some() {
            let said: Option<String> = self
                .connection
                .prepare_cached(
                    "SELECT record ->> 'text_hash' FROM decisions WHERE document = '' AND dossier = ?1 AND reviewer = ?2 ORDER BY id DESC LIMIT 1",
                )
                .and_then(|mut s| s.query_row([name, reviewer], |row| row.get(0)).optional())
                .map_err(failed)?;
            opinion.older = said.as_deref() != Some(hash_of(&record).as_str());
        }
        Ok(Some(DossierRow {
            stages: rows::parse(&stages)?,
            opinion,
            decided,
            record,
        }))
    }

    /// What a reviewer made of a document, or of a dossier when its id is empty.
    fn opinion(
        &self,
        reviewer: &str,
        document: &str,
        path: &str,
        dossier: &str,
    ) -> Result<Opinion> {
        let last = |condition: &str, value: &str| -> Result<Option<Action>> {
            let query = format!(
                "SELECT verdict FROM decisions WHERE {condition} AND reviewer = ?2 ORDER BY id DESC LIMIT 1"
            );
            let verdict: Option<String> = self
                .connection
                .prepare_cached(&query)
                .and_then(|mut s| s.query_row([value, reviewer], |row| row.get(0)).optional())
                .map_err(failed)?;
            Ok(verdict.as_deref().and_then(Action::named))
        };
        let (of, value) = if document.is_empty() {
            ("document = '' AND dossier = ?1", dossier)
        } else {
            ("document = ?1", document)
        };
        let own = last(of, value)?;
        let older = match own {
            None if !path.is_empty() => last("path = ?1", path)?,
            _ => None,
        };
        let asked = format!(
            "SELECT EXISTS (SELECT 1 FROM (SELECT verdict, max(id) FROM decisions WHERE {of} AND reviewer <> ?2 GROUP BY reviewer) WHERE verdict = 'twijfel')"
        );
        let asked: bool = self
            .connection
            .prepare_cached(&asked)
            .and_then(|mut s| s.query_row([value, reviewer], |row| row.get(0)))
            .map_err(failed)?;
        Ok(Opinion {
            verdict: own.or(older),
            older: own.is_none() && older.is_some(),
            asked: asked && own.is_none(),
        })
    }

    /// All that is kept of a document by its number; none when it is gone.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn document(&self, seq: i64) -> Result<Option<Analysis>> {
        let mut found = None;
        self.each_of(
            super::documents::FROM,
            &format!("{WHOLE} AND seq = {seq}"),
            &mut |analysis| {
                found = Some(analysis);
                Ok(())
            },
        )?;
        Ok(found)
    }

    /// The number of a document in the store, by its id and its path as recorded; the path decides between copies, the id where the path is
    /// not known (any more).
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn find(&self, id: &str, path: &str) -> Result<Option<i64>> {
        let query = format!(
            "SELECT seq {} WHERE {WHOLE} AND (documents.id = ?1 OR documents.path = ?2) ORDER BY documents.path <> ?2, documents.id <> ?1, files.state, seq LIMIT 1",
            super::documents::FROM
        );
        self.connection
            .prepare_cached(&query)
            .and_then(|mut s| s.query_row([id, path], |row| row.get(0)).optional())
            .map_err(failed)
    }

    /// The numbers of the documents of a dossier, by date and path, undated ones last.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn documents_of(&self, dossier: &str) -> Result<Vec<i64>> {
        self.column(
            &format!(
                "SELECT seq {} WHERE {WHOLE} AND documents.dossier = ?1 ORDER BY day, documents.path, files.location, position",
                super::documents::FROM
            ),
            &[Value::Text(dossier.to_owned())],
        )
    }

    /// A hash of the ids of a dossier's documents: it changes when one comes, goes or changes.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn dossier_hash(&self, dossier: &str) -> Result<String> {
        Ok(hash_of(&self.dossier(dossier)?.unwrap_or_default()))
    }

    /// What lists of this store can be about.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn range(&self) -> Result<Range> {
        let formats = self.column(
            "SELECT DISTINCT format FROM documents INDEXED BY documents_list WHERE format <> '' ORDER BY 1",
            &[],
        )?;
        let unread = self
            .connection
            .query_row(
                "SELECT count(*) FROM documents INDEXED BY documents_list CROSS JOIN files ON files.id = file WHERE unread AND files.state = 'present'",
                [],
                |row| row.get(0),
            )
            .map_err(failed)?;
        Ok(Range {
            formats,
            unread,
            urgent: self.urgents()?,
        })
    }

    /// A number that changes when another program has written to the store.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn written_by_others(&self) -> Result<i64> {
        self.connection
            .pragma_query_value(None, "data_version", |row| row.get(0))
            .map_err(failed)
    }
}
