//! What a reviewer does: decide, mark a finding, point out a missed signal, take back.

use maud::Markup;

use super::decide::{Said, Subject, add, from_form, panel, reason_of};
use super::document::Opened;
use super::item::item;
use super::link::{self, Query};
use super::{Answer, Desk, LONGEST_NOTE};
use crate::decision::{Action, Correction, Decision, FindingMark, Mark, MissedSignal, finding_key};
use crate::document::Document;
use crate::error::Result;
use crate::html::finding::{category, one_line};
use crate::html::label::{mark, verdict};
use crate::span::CodePoints;

/// Takes what a form sends.
pub(super) fn act(desk: &Desk, path: &str, form: &Query, parts: bool) -> Result<Answer> {
    let id = form.get("id");
    let dossier = from_form(form.get("dossier"));
    if id.is_empty() {
        return on_dossier(desk, path, form, &dossier);
    }
    let Some(opened) = Opened::new(desk, id, &from_form(form.get("pad")))? else {
        return Ok(desk.missing(
            "Dit document is niet (meer) in het archief; het besluit is niet opgeslagen.",
        ));
    };
    // Another text now lies at this path: what was read is not what would be decided on.
    if opened.subject.document != id {
        let here = link::document(&opened.subject.document, &opened.subject.path);
        return Ok(desk.refused_at(
            409,
            "De tekst van dit document is intussen gewijzigd; het besluit is niet opgeslagen.",
            &here,
        ));
    }
    let done = match path {
        "/besluit" => decided(form, &opened.said),
        "/markering" => marked(&opened, form),
        "/gemist" => missed(desk, &opened, form),
        _ => taken_back(form, &opened.said),
    };
    let (decision, told) = match done {
        Ok(done) => done,
        Err(why) => {
            let here = link::document(id, &opened.subject.path);
            return Ok(desk.refused_at(422, why, &here));
        }
    };
    add(desk, &opened.subject, &opened.said, decision)?;
    let here = link::document(id, &opened.subject.path);
    let was_covered = opened.row.is_covered();
    if !parts || was_covered || matches!(path, "/gemist" | "/terug") {
        let place = match (path, number(form)) {
            ("/markering", Some(n)) => format!("{here}#b{}", n + 1),
            ("/gemist", _) => format!("{here}#gemist"),
            _ => here,
        };
        return Ok(Answer::See(place));
    }
    let said = Said::of(desk, &opened.subject)?;
    let now = said.now();
    let mut changed: Vec<(String, Markup)> = vec![(
        "oordeel".to_owned(),
        panel(desk, &opened.subject, &said, false),
    )];
    if let ("/markering", Some(n)) = (path, number(form))
        && let Some(finding) = opened.analysis.findings.get(n)
    {
        changed.push((
            format!("b{}", n + 1),
            item(desk, n, finding, &opened.analysis.contributions, &now),
        ));
    }
    Ok(Answer::Parts(changed, told))
}

fn on_dossier(desk: &Desk, path: &str, form: &Query, name: &str) -> Result<Answer> {
    let subject = Subject {
        document: String::new(),
        path: String::new(),
        dossier: name.to_owned(),
    };
    let found = desk.store().dossier(name)?;
    if found.is_none() {
        return Ok(desk.missing(
            "Dit dossier is niet (meer) in het archief; het besluit is niet opgeslagen.",
        ));
    }
    let said = Said::of(desk, &subject)?;
    let done = match path {
        "/besluit" => decided(form, &said),
        "/terug" => taken_back(form, &said),
        _ => Err("Dat kan alleen bij een document."),
    };
    match done {
        Ok((decision, _)) => {
            add(desk, &subject, &said, decision)?;
            Ok(Answer::See(link::dossier(name)))
        }
        Err(why) => Ok(desk.refused_at(422, why, &link::dossier(name))),
    }
}

/// What is said now, and what to tell of it; or why not.
type Done = std::result::Result<(Decision, String), &'static str>;

/// The number of a finding, from 0, in `juist:12` or `context:12:absent`.
fn number(form: &Query) -> Option<usize> {
    let number: usize = form.get("mark").split(':').nth(1)?.parse().ok()?;
    number.checked_sub(1)
}

/// Another window may have decided meanwhile.
fn up_to_date(form: &Query, said: &Said) -> std::result::Result<(), &'static str> {
    if form.has("stand") && form.number("stand") != Some(said.own.0.len()) {
        return Err(
            "Intussen is er iets anders opgeslagen, misschien in een ander venster. Open de pagina opnieuw en beslis dan.",
        );
    }
    Ok(())
}

fn decided(form: &Query, said: &Said) -> Done {
    up_to_date(form, said)?;
    let before = said.now();
    let action =
        Action::named(form.get("besluit")).ok_or("Kies opvolgen, geen actie of twijfel.")?;
    let note = form.get("notitie").replace("\r\n", "\n");
    let reason = form.get("reden");
    if note.chars().count() > LONGEST_NOTE {
        return Err("De notitie is te lang; houd het bij 2000 tekens.");
    }
    Ok((
        Decision {
            verdict: Some(action),
            reason: reason_of(action, reason),
            note: note.trim().to_owned(),
            undo: false,
            ..before
        },
        format!("Opgeslagen: {}.", verdict(action)),
    ))
}

fn marked(opened: &Opened, form: &Query) -> Done {
    let mut decision = opened.said.now();
    let finding = number(form)
        .and_then(|n| opened.analysis.findings.get(n))
        .filter(|_| !opened.row.is_covered())
        .ok_or("Deze bevinding is er niet (meer).")?;
    let mut words = form.get("mark").split(':');
    let kind = words.next().unwrap_or_default();
    let kind = [Mark::Juist, Mark::Onjuist, Mark::Context]
        .into_iter()
        .find(|m| m.as_str() == kind)
        .ok_or("Kies juist, onjuist of context.")?;
    let should_be = words
        .nth(1)
        .and_then(|name| Correction::ALL.into_iter().find(|c| c.as_str() == name));
    let key = finding_key(finding);
    let before = decision.mark(&key).cloned();
    decision.marks.retain(|m| m.finding != key);
    decision.undo = false;
    let given = FindingMark {
        finding: key,
        mark: kind,
        should_be,
    };
    // The same again takes the mark away.
    if before.as_ref() == Some(&given) {
        return Ok((decision, "Markering verwijderd.".to_owned()));
    }
    decision.marks.push(given);
    Ok((decision, format!("Opgeslagen: {}.", mark(kind))))
}

fn missed(desk: &Desk, opened: &Opened, form: &Query) -> Done {
    let mut decision = opened.said.now();
    decision.undo = false;
    if form.has("weg") {
        let n = form.number("weg").unwrap_or(usize::MAX);
        if n >= decision.missed.len() {
            return Err("Dit signaal is er niet (meer).");
        }
        decision.missed.remove(n);
        return Ok((decision, "Gemist signaal verwijderd.".to_owned()));
    }
    let lexicon = desk.analyzer.lexicon();
    let id = form.get("categorie");
    if lexicon.category(id).is_none() {
        return Err("Kies een categorie.");
    }
    let document = opened
        .text
        .as_ref()
        .map_err(|_| "De tekst kan niet gelezen worden, dus kan er niets in aangewezen worden.")?;
    let words = form.get("woorden");
    if words.len() > LONGEST_SIGNAL || !words.contains(char::is_alphanumeric) {
        return Err("Wijs een zin of een paar woorden aan, niet meer dan 400 tekens.");
    }
    let (start, end) = place(
        document,
        words,
        form.number("van").zip(form.number("tot")),
        |place| decision.missed.iter().any(|m| (m.start, m.end) == place),
    )
    .ok_or("Deze woorden staan zo niet in de tekst. Neem ze letterlijk over, of selecteer ze in de tekst.")?;
    let signal = MissedSignal {
        start,
        end,
        category: id.to_owned(),
    };
    if decision.missed.contains(&signal) {
        return Err("Dit signaal hebt u al aangewezen.");
    }
    decision.missed.push(signal);
    let name = category(lexicon, id).to_lowercase();
    Ok((decision, format!("Gemist signaal toegevoegd: {name}.")))
}

/// Longest missed signal, in bytes.
const LONGEST_SIGNAL: usize = 1600;

/// Where words stand in the text, in code points: where they were selected, else where they first stand without being `taken`. Case and kind
/// of blanks do not matter; blanks around are no part of it.
fn place(
    document: &Document,
    words: &str,
    selected: Option<(usize, usize)>,
    taken: impl Fn((usize, usize)) -> bool,
) -> Option<(usize, usize)> {
    let text = &document.text;
    let index = CodePoints::new(text);
    let wanted = one_line(words);
    if wanted.is_empty() {
        return None;
    }
    if let Some((start, end)) = selected
        && let (Some(from), Some(to)) = (index.to_byte(text, start), index.to_byte(text, end))
        && let Some(chosen) = text.get(from..to)
        && chosen.len() <= LONGEST_SIGNAL
        && shown(&one_line(chosen)) == shown(&wanted)
    {
        let from = from + (chosen.len() - chosen.trim_start().len());
        let to = from + chosen.trim().len();
        return Some((index.at_byte(text, from), index.at_byte(text, to)));
    }
    let pattern: Vec<String> = wanted.split(' ').map(regex::escape).collect();
    let pattern = regex::RegexBuilder::new(&pattern.join(r"\s+"))
        .case_insensitive(true)
        .build()
        .ok()?;
    let places: Vec<(usize, usize)> = pattern
        .find_iter(text)
        .take(1000)
        .map(|found| {
            (
                index.at_byte(text, found.start()),
                index.at_byte(text, found.end()),
            )
        })
        .collect();
    let free = places.iter().find(|p| !taken(**p));
    free.or(places.first()).copied()
}

/// Text as a page shows it: the browser sends that back.
fn shown(text: &str) -> String {
    one_line(&text.chars().map(crate::escape::shown).collect::<String>())
}

fn taken_back(form: &Query, said: &Said) -> Done {
    up_to_date(form, said)?;
    let before = said.own.before().ok_or("Er is niets om terug te nemen.")?;
    Ok((
        Decision {
            undo: true,
            ..before
        },
        "Teruggenomen.".to_owned(),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_where_they_were_selected_or_first() {
        let document = Document::from_text("a.txt", "Één keer. Zij kreeg\n geld. Zij kreeg geld.");
        let text: Vec<char> = document.text.chars().collect();
        let at = |(start, end): (usize, usize)| -> String { text[start..end].iter().collect() };
        let first = place(&document, "zij kreeg geld", None, |_| false).unwrap();
        assert_eq!(at(first), "Zij kreeg\n geld");
        let second = place(&document, " Zij kreeg geld", Some((26, 41)), |_| false).unwrap();
        assert_eq!((second, at(second).as_str()), ((27, 41), "Zij kreeg geld"));
        // What was selected is not what was sent: the words count.
        assert_eq!(
            place(&document, "Één", Some((5, 9)), |_| false),
            Some((0, 3))
        );
        assert_eq!(place(&document, "niet daar", None, |_| false), None);
        assert_eq!(place(&document, "  ", Some((0, 3)), |_| false), None);
        assert_eq!(
            place(&document, "Één", Some((0, 9999)), |_| false),
            Some((0, 3))
        );
        assert_eq!(place(&document, ".*", None, |_| false), None);
        // The second place, when the first was pointed out already.
        let next = place(&document, "zij kreeg geld", None, |p| p == first).unwrap();
        assert_eq!(at(next), "Zij kreeg geld");
    }
}
