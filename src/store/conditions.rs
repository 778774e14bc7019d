//! Conditions of the queries that make lists.

use rusqlite::Connection;
use rusqlite::functions::FunctionFlags;
use rusqlite::types::Value;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::score::Label;

/// Conditions with their values, in the order of the query.
pub(super) struct Conditions {
    pub(super) sql: String,
    pub(super) values: Vec<Value>,
}

impl Conditions {
    pub(super) fn new(first: &str, reviewer: &str) -> Self {
        Self {
            sql: first.to_owned(),
            values: vec![Value::Text(reviewer.to_owned())],
        }
    }

    pub(super) fn value(&mut self, value: &str) -> usize {
        self.values.push(Value::Text(value.to_owned()));
        self.values.len()
    }

    pub(super) fn and(&mut self, condition: &str) {
        self.sql.push_str(" AND ");
        self.sql.push_str(condition);
    }

    /// One of `list`, each as `condition` makes of the number of its value.
    pub(super) fn one_of<T>(
        &mut self,
        list: &[T],
        mut condition: impl FnMut(&mut Self, &T) -> String,
    ) {
        if list.is_empty() {
            return;
        }
        let any: Vec<String> = list.iter().map(|item| condition(self, item)).collect();
        self.and(&format!("({})", any.join(" OR ")));
    }

    /// Signals of one of these names; of what is covered nothing is told.
    pub(super) fn signals(&mut self, column: &str, names: &[String], covered: &str) {
        self.one_of(names, |conditions, name| {
            let n = conditions.value(&format!("%\"{}\"%", like(name)));
            format!("{column} LIKE ?{n} ESCAPE '\\' OR {covered}")
        });
    }

    /// The condition on labels, which `by_label` leaves out.
    pub(super) fn labels(&self, labels: &[Option<Label>], covered: &str) -> String {
        if labels.is_empty() {
            return String::new();
        }
        let any: Vec<String> = labels
            .iter()
            .map(|l| match l {
                None => "label IS NULL".to_owned(),
                Some(l) => format!("label = '{}'", l.as_str()),
            })
            .collect();
        format!(" AND ({} OR {covered})", any.join(" OR "))
    }
}

/// Text as a pattern of `LIKE` that matches itself.
pub(super) fn like(text: &str) -> String {
    text.replace('\\', "\\\\")
        .replace('%', "\\%")
        .replace('_', "\\_")
}

/// A word as a pattern that finds it anywhere, whatever its case and accents; for what went through `fold`.
pub(super) fn anywhere(word: &str) -> String {
    format!("%{}%", like(&fold(word)))
}

/// Text without accents.
pub(super) fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_owned();
    }
    text.nfd().filter(|c| !is_combining_mark(*c)).collect()
}

/// Makes `fold` known to queries.
///
/// # Errors
/// When there is no memory for it.
pub(super) fn register(connection: &Connection) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    connection.create_scalar_function("fold", 1, flags, |context| {
        Ok(context.get_raw(0).as_str_or_null()?.map(fold))
    })
}

/// Whether `?n` is in the text around findings: first a quick look at all that is stored of it.
pub(super) fn in_passages(n: usize) -> String {
    format!(
        "(fold(passages) LIKE ?{n} ESCAPE '\\' AND EXISTS (SELECT 1 FROM json_each(passages) p WHERE fold(p.value ->> 'text') LIKE ?{n} ESCAPE '\\'))"
    )
}
