//! Which columns of an export hold what: as asked for, as kept in a file, or guessed.

use serde::Deserialize;

use crate::error::{Error, Result};
use crate::text::fold;

/// Columns of an export by their names; what is not named is guessed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mapping {
    /// What it is called; documents read by it say so in their quality notes.
    pub name: String,
    /// Column with the note's id.
    pub id: Option<String>,
    /// Column with the date.
    pub date: Option<String>,
    /// Column with the client or dossier.
    pub dossier: Option<String>,
    /// Column with the year or date of birth.
    pub birth_year: Option<String>,
    /// Columns with text; several become paragraphs of one document.
    pub text: Vec<String>,
    /// Delimiter of CSV files.
    pub delimiter: Option<char>,
}

/// The file as written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    name: String,
    delimiter: Option<char>,
    columns: Columns,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Columns {
    id: Option<String>,
    date: Option<String>,
    dossier: Option<String>,
    birth_year: Option<String>,
    text: Names,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Names {
    One(String),
    Several(Vec<String>),
}

impl Mapping {
    /// Reads a mapping file: TOML with `name`, optionally `delimiter`, and a table `[columns]` with `text` (one name or a list) and
    /// optionally `id`, `date`, `dossier` and `birth_year`. `file` is named in errors.
    ///
    /// # Errors
    /// What is wrong with it, and where.
    pub fn parse(text: &str, file: &str) -> Result<Self> {
        let written: Written = toml::from_str(text).map_err(|e| {
            let line = e.span().map(|s| {
                text.get(..s.start)
                    .unwrap_or_default()
                    .lines()
                    .count()
                    .max(1)
            });
            let place = line.map_or_else(|| file.to_owned(), |l| format!("{file}:{l}"));
            Error::Usage(format!("{place}: {}", e.message()))
        })?;
        let columns = written.columns;
        let text = match columns.text {
            Names::One(name) => vec![name],
            Names::Several(names) => names,
        };
        if written.name.trim().is_empty() || text.is_empty() {
            return Err(Error::Usage(format!(
                "{file}: a mapping needs a name and at least one text column"
            )));
        }
        Ok(Self {
            name: written.name,
            id: columns.id,
            date: columns.date,
            dossier: columns.dossier,
            birth_year: columns.birth_year,
            text,
            delimiter: written.delimiter,
        })
    }

    /// Whether a header has all the columns that it names.
    pub(in crate::extract) fn fits(&self, header: &[String]) -> bool {
        let header: Vec<String> = header.iter().map(|h| plain_name(h)).collect();
        [&self.id, &self.date, &self.dossier, &self.birth_year]
            .into_iter()
            .flatten()
            .chain(&self.text)
            .all(|name| header.contains(&plain_name(name)))
    }

    /// This one, with the other for what it does not name.
    pub(in crate::extract) fn over(&self, other: &Self) -> Self {
        let or = |own: &Option<String>, other: &Option<String>| own.clone().or(other.clone());
        Self {
            name: other.name.clone(),
            id: or(&self.id, &other.id),
            date: or(&self.date, &other.date),
            dossier: or(&self.dossier, &other.dossier),
            birth_year: or(&self.birth_year, &other.birth_year),
            text: if self.text.is_empty() {
                other.text.clone()
            } else {
                self.text.clone()
            },
            delimiter: self.delimiter.or(other.delimiter),
        }
    }
}

/// A column's name without blanks, marks and capitals.
pub(in crate::extract) fn plain_name(name: &str) -> String {
    fold(name).chars().filter(|c| c.is_alphanumeric()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parse_says_what_is_wrong_and_where() {
        let good = "name = \"zorgsysteem\"\n[columns]\ntext = [\"Verslag\", \"Vervolg\"]\ndossier = \"Kind\"\n";
        let mapping = Mapping::parse(good, "m.toml").unwrap();
        assert_eq!(mapping.text, ["Verslag", "Vervolg"]);
        assert_eq!(mapping.dossier.as_deref(), Some("Kind"));
        for (text, part) in [
            ("name = \"a\"\n[columns]\ntekst = \"b\"\n", "m.toml:"),
            ("name = \"\"\n[columns]\ntext = \"b\"\n", "needs a name"),
            ("name = \"a\"\n", "columns"),
        ] {
            let error = Mapping::parse(text, "m.toml").unwrap_err().to_string();
            assert!(error.contains(part), "{error}");
        }
    }

    #[test]
    fn over_keeps_what_is_asked_for() {
        let asked = Mapping {
            text: vec!["A".to_owned()],
            ..Mapping::default()
        };
        let kept = Mapping {
            name: "x".to_owned(),
            text: vec!["B".to_owned()],
            date: Some("D".to_owned()),
            ..Mapping::default()
        };
        let both = asked.over(&kept);
        assert_eq!((both.text, both.date), (asked.text, kept.date));
    }
}
