//! Whose signal it is where one document tells of several young people: a group's daily report, the list of a care team.
//!
//! A young person is introduced at the start of a line, by name or initial with an age ("Donny (14): ..."), or as an item of a
//! numbered list ("2. Femke: ..."). What follows is about that person until the next one or the next heading. Speakers in minutes
//! ("Petra: L. kwam langs") have no age and no number, and are none.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::text::{CAPITAL, DIGIT, Heading, PARAGRAPH, View};

/// Ages of young people in a group.
const AGES: Range<u32> = 6..24;

/// The stretches of words that tell of one of several young people, with the name; empty when there are fewer than two.
#[must_use]
pub fn persons(view: &View) -> Vec<(Range<usize>, String)> {
    let mut list: Vec<(Range<usize>, String)> = Vec::new();
    let mut open = false;
    for heading in &view.headings {
        let start = heading.label.start;
        let name = introduced(view, heading);
        let new_block = !heading.inline || view.tokens.get(start).is_some_and(|t| t.has(PARAGRAPH));
        if (name.is_some() || new_block)
            && open
            && let Some((range, _)) = list.last_mut()
        {
            range.end = start;
            open = false;
        }
        if let Some(name) = name {
            list.push((start..view.tokens.len(), name));
            open = true;
        }
    }
    let names: BTreeSet<&str> = list.iter().map(|(_, name)| name.as_str()).collect();
    if names.len() < 2 {
        list.clear();
    }
    list
}

/// The name that a label introduces a young person by, folded.
fn introduced(view: &View, heading: &Heading) -> Option<String> {
    let first = heading.label.start;
    let token = view.tokens.get(first)?;
    if !token.has(CAPITAL) || token.has(DIGIT) {
        return None;
    }
    let age = (first + 1..heading.label.end).find(|t| {
        let digits = view.tokens.get(*t).is_some_and(|t| t.has(DIGIT));
        digits && view.word(*t).parse().is_ok_and(|n| AGES.contains(&n))
    });
    let names = first..age.unwrap_or(heading.label.end);
    // "Donny", "Fenna de B.": the last name may be short.
    if names.len() > 3 {
        return None;
    }
    match age {
        Some(age) if view.gap(age).contains(['(', ',']) || view.gap(age) == " " => {}
        None if heading.inline && numbered(view, first) && names.len() == 1 => {}
        _ => return None,
    }
    Some(view.word(first).to_owned())
}

/// Whether a number with a stop or bracket stands before the word, at the start of the line.
fn numbered(view: &View, token: usize) -> bool {
    token.checked_sub(1).is_some_and(|before| {
        view.tokens.get(before).is_some_and(|t| t.has(DIGIT))
            && view.gap(token).starts_with(['.', ')'])
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Boundaries;

    #[track_caller]
    fn check(text: &str, expected: &[(&str, &str)]) {
        let view = View::new(text, &Boundaries::default());
        let found: Vec<(String, String)> = persons(&view)
            .into_iter()
            .map(|(range, name)| (name, view.span(range).slice(text).to_owned()))
            .collect();
        let expected: Vec<(String, String)> = (expected.iter())
            .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn people_with_an_age_each_have_their_lines() {
        check(
            "Weekbericht\n\nDonny (14): mooie week.\nNaar zwemmen geweest.\nYara (16): te laat terug.\n\nAlgemeen: rustig.",
            &[
                ("donny", "Donny (14): mooie week.\nNaar zwemmen geweest"),
                ("yara", "Yara (16): te laat terug"),
            ],
        );
    }

    #[test]
    fn numbered_items_are_people_when_they_begin_with_a_name() {
        check(
            "Besproken:\n1. Tygo: logopedie gestart.\n2. Femke: oorpijn.",
            &[
                ("tygo", "Tygo: logopedie gestart.\n2"),
                ("femke", "Femke: oorpijn"),
            ],
        );
    }

    #[test]
    fn speakers_and_single_clients_are_none() {
        check("Petra: L. kwam langs.\nHans: de regio vraagt cijfers.", &[]);
        check("Leerling: Dewi (16), vmbo\nVerzuim: geen", &[]);
        check("Dewi (16): gaat goed.\nSchool: geen verzuim.", &[]);
    }
}
