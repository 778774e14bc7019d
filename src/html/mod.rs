//! What pages for reviewers are made of, on the screen and in `report.html`: one set of templates, one style.
//!
//! All is made by [`maud`], which escapes what it is given; text of documents goes through [`Text`], which also makes control characters
//! and characters that turn the direction of text harmless. No page has styles or scripts of its own in attributes.

pub mod explanation;
pub mod finding;
pub mod label;
pub mod marked;
pub mod points;
pub mod timeline;
pub mod why;

use std::fmt::Write as _;

use maud::{DOCTYPE, Markup, Render, html};

use crate::extract::date::MONTH_NAMES;
use crate::lexicon::Lexicon;

/// Text of a document, or a name: harmless, and one code point for one.
#[derive(Clone, Copy, Debug)]
pub struct Text<'a>(pub &'a str);

impl Render for Text<'_> {
    fn render_to(&self, out: &mut String) {
        out.push_str(&crate::escape::markup(self.0));
    }
}

/// The style of all pages, with the colours of the stages.
#[must_use]
pub fn style(lexicon: &Lexicon) -> String {
    let mut css = include_str!("style.css").to_owned();
    for (stage, line) in lexicon.stages.iter().zip(LINES.iter().cycle()) {
        let _ = writeln!(
            css,
            ".s-{}{{--stage:{};--under:{line}}}",
            stage.id, stage.colour
        );
    }
    css
}

/// Kinds of underlining: stages differ in more than colour.
const LINES: [&str; 3] = ["solid", "double", "dashed"];

/// A page: its head, and what is in its body.
#[must_use]
pub fn page(title: &str, head: &Markup, body: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="nl" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="referrer" content="same-origin";
                title { (Text(title)) }
                (head)
            }
            (body)
        }
    }
}

/// A count with its word: `1 document`, `2 documenten`.
#[must_use]
pub fn count(n: usize, one: &str, more: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { more })
}

/// A date as people write it, `5 maart 2024`; as it is when it is none.
#[must_use]
pub fn date(iso: &str) -> String {
    let mut parts = iso.get(..10).unwrap_or(iso).splitn(3, '-');
    let mut number = || parts.next()?.parse::<usize>().ok();
    match (number(), number(), number()) {
        (Some(year), Some(month), Some(day)) => match MONTH_NAMES.get(month.wrapping_sub(1)) {
            Some(name) => format!("{day} {name} {year}"),
            None => iso.to_owned(),
        },
        _ => iso.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_written_out() {
        assert_eq!(date("2024-03-05"), "5 maart 2024");
        assert_eq!(date("2024-03-05T10:00:00Z"), "5 maart 2024");
        for odd in ["", "2024", "2024-13-05", "~"] {
            assert_eq!(date(odd), odd);
        }
    }

    #[test]
    fn text_is_harmless_in_elements_and_attributes() {
        let evil = "\"><script>alert(1)</script>\u{202E}";
        let page = html! { p title=(Text(evil)) { (Text(evil)) } }.into_string();
        assert!(!page.contains("<script") && !page.contains('\u{202E}'));
        assert_eq!(page.matches("&quot;&gt;&lt;script").count(), 2);
    }
}
