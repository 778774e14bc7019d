//! A note that comes without a file: a row of an export, a line of a stream.

use std::borrow::Cow;

use super::plain::clean;
use super::{Settings, date, finish, html, rtf};
use crate::document::{DateCertainty, Document};

/// What is known of a note beside its text.
#[derive(Clone, Copy, Debug)]
pub struct Note<'a> {
    /// Path as recorded.
    pub path: &'a str,
    /// Name of the format.
    pub format: &'a str,
    /// Its id: tells notes with the same text apart.
    pub id: &'a str,
    /// Its dossier.
    pub dossier: &'a str,
    /// Its date, as exports write it.
    pub date: Option<&'a str>,
    /// Year or date of birth of the young person.
    pub birth: Option<&'a str>,
}

impl Note<'_> {
    /// The document of a note as systems keep it: plain, HTML or RTF.
    #[must_use]
    pub fn read(&self, text: &str, settings: &Settings) -> Document {
        self.document(shown(text.trim(), settings).into_owned(), settings)
    }

    /// A document that a file was read to, under the name, dossier and date that are known of it.
    #[must_use]
    pub fn named(&self, mut document: Document) -> Document {
        self.path.clone_into(&mut document.path);
        self.dossier.clone_into(&mut document.dossier);
        if let Some(date) = self.date.and_then(date::cell) {
            document.date = Some(date);
            document.date_certainty = Some(DateCertainty::Column);
        }
        document
    }

    /// The document of a note with this text.
    #[must_use]
    pub fn document(&self, text: String, settings: &Settings) -> Document {
        let mut document = Document::from_text(self.path, clean(text));
        self.dossier.clone_into(&mut document.dossier);
        self.format.clone_into(&mut document.format);
        document.language.clear();
        document.date = self.date.and_then(date::cell);
        document.date_certainty = document.date.map(|_| DateCertainty::Column);
        document.birth_year = self.birth.and_then(|b| match b.parse::<i32>() {
            Ok(year) if (1900..2100).contains(&year) => Some(year),
            _ => date::cell(b).map(time::Date::year),
        });
        let key = format!("{}\0{}\0{}", document.dossier, self.id, document.text);
        let mut document = finish(document, settings);
        document.id = crate::document::content_id(key.as_bytes());
        document
    }
}

/// What a cell shows: systems also export notes as the HTML or RTF that they keep them in.
pub(super) fn shown<'t>(text: &'t str, settings: &Settings) -> Cow<'t, str> {
    if text.starts_with("{\\rtf") {
        return rtf::read(text.as_bytes(), settings).text.into();
    }
    let is_markup = text.starts_with('<') || text.contains("<br") || text.contains("&nbsp;");
    let ends = ["</", "<br", "/>", "&nbsp;"];
    if is_markup && ends.iter().any(|e| text.contains(e)) {
        return html::read_text(text, settings)
            .text
            .trim()
            .to_owned()
            .into();
    }
    text.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_of_markup_are_shown_as_their_text() {
        let settings = Settings::default();
        for (cell, expected) in [
            (
                "<p>Cl. is <b>weg</b>gelopen.</p><p>Politie gebeld.</p>",
                "Cl. is weggelopen.\nPolitie gebeld.",
            ),
            ("Cl. is weg.<br/>Moeder belt.", "Cl. is weg.\nMoeder belt."),
            ("Cl.&nbsp;is weg", "Cl. is weg"),
            ("{\\rtf1\\ansi Cl. is {\\b weg}.}", "Cl. is weg."),
            ("Scoort < 5 en > 2", "Scoort < 5 en > 2"),
            ("<Naam> belde", "<Naam> belde"),
        ] {
            let seen = shown(cell, &settings);
            assert_eq!(seen.trim().replace("\n\n", "\n"), expected);
        }
    }
}
