//! Addresses of pages, and what they carry.

use form_urlencoded::{Serializer, parse};

/// What stands after the `?` of an address, or in a form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Query(Vec<(String, String)>);

impl Query {
    pub(super) fn parse(text: &str) -> Self {
        Self(parse(text.as_bytes()).into_owned().collect())
    }

    /// The first value of a name; empty when there is none.
    pub(super) fn get(&self, name: &str) -> &str {
        self.all(name).next().unwrap_or_default()
    }

    /// All values of a name, without empty ones.
    pub(super) fn all<'a, 'n>(
        &'a self,
        name: &'n str,
    ) -> impl Iterator<Item = &'a str> + use<'a, 'n> {
        self.0
            .iter()
            .filter(move |(n, v)| n == name && !v.is_empty())
            .map(|(_, v)| v.as_str())
    }

    /// A number; none when there is none.
    pub(super) fn number(&self, name: &str) -> Option<usize> {
        self.get(name).parse().ok()
    }

    /// Whether a name has a value.
    pub(super) fn has(&self, name: &str) -> bool {
        !self.get(name).is_empty()
    }

    /// The same with another value for a name; without it when that is empty.
    pub(super) fn with(&self, name: &str, value: &str) -> String {
        let mut out = Serializer::new(String::new());
        out.extend_pairs(self.0.iter().filter(|(n, v)| n != name && !v.is_empty()));
        if !value.is_empty() {
            out.append_pair(name, value);
        }
        out.finish()
    }
}

fn address(page: &str, pairs: &[(&str, &str)]) -> String {
    let mut out = Serializer::for_suffix(format!("{page}?"), page.len() + 1);
    out.extend_pairs(pairs.iter().filter(|(_, v)| !v.is_empty()));
    out.finish()
}

/// The page of a document.
pub(super) fn document(id: &str, path: &str) -> String {
    address("/document", &[("id", id), ("pad", path)])
}

/// A part of a document's page.
pub(super) fn part(id: &str, path: &str, part: usize) -> String {
    address(
        "/document",
        &[("id", id), ("pad", path), ("deel", &part.to_string())],
    )
}

/// The page of a dossier.
pub(super) fn dossier(name: &str) -> String {
    address("/dossier", &[("naam", name)])
}

/// The sheet of a dossier.
pub(super) fn sheet(name: &str, pseudonymised: bool) -> String {
    let pseudonymised = if pseudonymised { "1" } else { "" };
    address(
        "/signalenoverzicht",
        &[("naam", name), ("pseudoniem", pseudonymised)],
    )
}

/// The file that a document was read from.
pub(super) fn original(id: &str, path: &str) -> String {
    address("/origineel", &[("id", id), ("pad", path)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_back_as_they_were() {
        let evil = "a/b&c=d?e#f \"<é>'\u{202E}\n.txt";
        let link = document("00ff", evil);
        assert!(
            link.bytes()
                .all(|b| b.is_ascii_graphic() && !b"<>\"'".contains(&b))
        );
        let query = Query::parse(link.split_once('?').unwrap().1);
        assert_eq!((query.get("id"), query.get("pad")), ("00ff", evil));
    }

    #[test]
    fn a_page_number_changes_and_filters_stay() {
        let query = Query::parse("label=hoog&label=midden&blz=2&zoek=");
        assert_eq!(query.all("label").collect::<Vec<_>>(), ["hoog", "midden"]);
        assert_eq!(query.with("blz", "3"), "label=hoog&label=midden&blz=3");
        assert_eq!(query.with("blz", ""), "label=hoog&label=midden");
    }
}
