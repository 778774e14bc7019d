//! Forms: tick boxes, answered and unanswered questions, headings without content.

use std::borrow::Cow;
use std::ops::Range;

use super::{Claim, DocumentContext, FORM_PRIORITY, Verdict, in_label};
use crate::lexicon::Property;
use crate::text::fold::{BOX_EMPTY, BOX_TICKED};
use crate::text::{DIGIT, HARD, LINE, TICKED, UNTICKED, View};

/// Whether `answer` answers the label or question that holds the signal.
pub(super) fn is_answer(view: &View, signal: &Range<usize>, answer: &Range<usize>) -> bool {
    in_label(view, signal) && !in_label(view, answer) && answer.start >= signal.end
}

/// Most words of a fragment.
const FRAGMENT: usize = 6;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// It is so.
    Yes,
    /// It is not.
    No,
    /// Nobody knows.
    Unsure,
}

/// A piece of a row.
struct Item {
    what: What,
    /// Its words; none for a box.
    at: Range<usize>,
    /// Where it begins in the folded text.
    offset: usize,
}

enum What {
    Answer(Answer),
    /// A box or cross; whether it is ticked.
    Mark(bool),
}

/// Most sentences between a row of a table and its header.
const HEADER: usize = 60;

/// What a letter stands for in "J/N".
fn letter(word: &str) -> Option<Answer> {
    match word {
        "j" => Some(Answer::Yes),
        "n" => Some(Answer::No),
        _ => None,
    }
}

/// Whether a word is a cross in a form: alone, and no "3 x".
fn is_cross(view: &View, token: usize) -> bool {
    let apart = |t: usize| {
        let gap = view.gap(t);
        t >= view.tokens.len() || gap.contains(|c: char| c.is_whitespace() || c == '|')
    };
    let number = |t: usize| view.tokens.get(t).is_some_and(|t| t.has(DIGIT));
    matches!(view.word(token), "x" | "xx")
        && apart(token)
        && apart(token + 1)
        && token.checked_sub(1).is_none_or(|before| !number(before))
}

/// Whether a cell begins at the word.
fn is_cell(view: &View, token: usize) -> bool {
    let gap = view.gap(token);
    gap.contains("  ") || gap.contains(['\t', '|'])
}

impl<'a> DocumentContext<'a> {
    /// What boxes and answers say about the signal.
    pub(super) fn form(&self, target: &Range<usize>, verdict: &mut Verdict<'a>) {
        let view = self.machine.words.view;
        let Some(token) = view.tokens.get(target.start) else {
            return;
        };
        let sentence = view.sentence(target.start);
        // The item's own box stands before its clause.
        let item = view.clause(target.start);
        let own = view.tokens.get(item.start).map_or(0, |t| t.flags);
        if own & UNTICKED != 0 {
            self.say(
                verdict,
                Property::Temporality,
                "current",
                "box",
                "form.unticked",
                item.start..item.start + 1,
            );
            return self.say(
                verdict,
                Property::Presence,
                "absent",
                "box",
                "form.unticked",
                item.start..item.start + 1,
            );
        }
        if own & TICKED != 0 {
            // A ticked risk is one that was seen.
            self.say(
                verdict,
                Property::Temporality,
                "current",
                "box",
                "form.ticked",
                item.start..item.start + 1,
            );
            return self.say(
                verdict,
                Property::Presence,
                "present",
                "box",
                "form.ticked",
                item.start..item.start + 1,
            );
        }
        if self.boxes(target, &sentence, verdict) {
            return;
        }
        // A row: the item, a wide gap or colon, the answer up to the end of the line.
        let wide = |t: usize| is_cell(view, t) || view.gap(t).contains(':');
        // "Weglopen    ?"
        let cell = view.gap(target.end).strip_prefix("  ");
        let cell = cell.or_else(|| view.gap(target.end).strip_prefix(['\t', '|']));
        if cell.is_some_and(|c| c.trim_start().starts_with('?')) {
            return self.answered(verdict, &Answer::Unsure, "form.mark", target.clone());
        }
        // A minus right behind the item: "schulden (-)", "alcohol -, drugs -".
        let behind = view.gap(target.end).trim_start();
        if behind.starts_with("(-)") || behind.starts_with("-,") || behind.starts_with("-;") {
            return self.say(
                verdict,
                Property::Presence,
                "absent",
                "minus",
                "form.minus",
                target.clone(),
            );
        }
        // Several fields in a row: the answer right behind the item is its own.
        if target.end < sentence.end && (wide(target.end) || view.gap(target.end) == " - ") {
            let field = target.end..view.clause(target.end).end.min(sentence.end);
            let comma = |t: &usize| view.tokens.get(*t).is_some_and(|t| t.has(HARD));
            let end = (field.start + 1..field.end)
                .find(comma)
                .unwrap_or(field.end);
            if self.printed(field.start..field.end, verdict) {
                return;
            }
            if end - field.start <= 4
                && let Some(answer) = self.answer(field.start..end)
            {
                return self.answered(verdict, &answer, "form.row", field.start..field.start + 1);
            }
        }
        // "Oma: suïcidepoging; opa: nvt": what follows a semicolon is another row.
        let row_end = (target.end..sentence.end)
            .find(|t| view.gap(*t).contains(';'))
            .unwrap_or(sentence.end);
        if let Some(at) = (target.end..row_end).rev().find(|t| wide(*t))
            && row_end == sentence.end
            && sentence.end - at <= 4
            && let Some(answer) = self.answer(at..sentence.end)
        {
            return self.answered(verdict, &answer, "form.row", at..at + 1);
        }
        let tail = view
            .gap(sentence.end)
            .split('\n')
            .next()
            .unwrap_or_default()
            .trim_end();
        if tail.ends_with(": -") || tail.ends_with(":-") || tail.trim() == "-" {
            return self.say(
                verdict,
                Property::Presence,
                "absent",
                "minus",
                "form.minus",
                target.clone(),
            );
        }
        let next = self.after_label(sentence.end..view.sentence(sentence.end).end);
        let printed = self.choice(&next);
        let reply = || {
            let start = printed.as_ref().map_or(next.start, |p| p.end);
            self.answer(start..(start + 4).min(next.end))
        };
        let question = view
            .sentences
            .get(token.sentence as usize)
            .is_some_and(|s| s.question);
        // What is asked stands in the last clause: "Ik heb geen oudere vriend, waar halen jullie dat vandaan?" is no question about it.
        if question && view.clause(target.end.max(1) - 1).end >= sentence.end {
            let doubted = verdict.value(Property::Presence) == Some("uncertain");
            // A question with its answer behind it, a doubt, one that will be looked into, or a question in general.
            match reply() {
                Some(answer) => {
                    self.answered(verdict, &answer, "form.answer", next.start..next.start + 1)
                }
                None if view.gap(sentence.end).starts_with("  ")
                    || self.is_doubt(target, &sentence) =>
                {
                    self.answered(verdict, &Answer::Unsure, "form.mark", target.clone())
                }
                None if self.begins(&self.lexicon.answers.follow_up, &next) => self.answered(
                    verdict,
                    &Answer::Unsure,
                    "form.follow_up",
                    next.start..next.start + 1,
                ),
                None if printed.is_some() => self.unanswered(verdict, printed.unwrap_or_default()),
                None if doubted => {}
                None => self.say(
                    verdict,
                    Property::Generic,
                    "yes",
                    "question",
                    "form.question",
                    target.clone(),
                ),
            }
            return;
        }
        // "Ik vroeg of iemand haar iets belooft. Nee, schudde ze."
        if verdict.kind(Property::Generic) == Some("question")
            && let Some(answer) = reply()
        {
            return self.answered(verdict, &answer, "form.answer", next.start..next.start + 1);
        }
        if let Some(heading) = view
            .headings
            .iter()
            .find(|h| h.label.start <= target.start && target.end <= h.label.end)
        {
            let body = heading.label.end;
            if heading.inline {
                let printed = self.choice(&(body..heading.paragraph_end));
                let from = printed.as_ref().map_or(body, |p| p.end);
                if let Some(answer) = self.answer(from..(from + 4).min(heading.paragraph_end)) {
                    self.answered(verdict, &answer, "form.field", from..from + 1);
                } else if let Some(printed) = printed {
                    self.unanswered(verdict, printed);
                } else if view.gap(body).contains(": -") || view.gap(body).trim_end().ends_with('-')
                {
                    self.say(
                        verdict,
                        Property::Presence,
                        "absent",
                        "minus",
                        "form.minus",
                        target.clone(),
                    );
                }
            }
        }
    }

    /// An answer without its label: "A: nee", "Antw.: ja".
    fn after_label(&self, range: Range<usize>) -> Range<usize> {
        let view = self.machine.words.view;
        let labelled = range.len() > 1
            && view
                .gap(range.start + 1)
                .trim_start_matches('.')
                .starts_with(':');
        range.start + usize::from(labelled)..range.end
    }

    /// A printed choice at the start of `range`: "(ja/nee/onbekend)", "ja / nee". It is no answer by itself.
    fn choice(&self, range: &Range<usize>) -> Option<Range<usize>> {
        let view = self.machine.words.view;
        let end = (range.start + 1..range.end)
            .find(|t| view.gap(*t).trim() != "/")
            .unwrap_or(range.end);
        let kinds = (range.start..end)
            .filter_map(|t| self.answer(t..t + 1).or_else(|| letter(view.word(t))))
            .map(|a| std::mem::discriminant(&a));
        let kinds: Vec<_> = kinds.collect();
        (kinds.len() > 1 && kinds.first() != kinds.get(1)).then_some(range.start..end)
    }

    /// Whether a printed choice begins the range; says what is answered behind it, if anything.
    fn printed(&self, range: Range<usize>, verdict: &mut Verdict<'a>) -> bool {
        let Some(printed) = self.choice(&range) else {
            return false;
        };
        match self.answer(printed.end..range.end) {
            Some(answer) => {
                let at = printed.end..printed.end + 1;
                self.answered(verdict, &answer, "form.row", at);
            }
            None => self.unanswered(verdict, printed),
        }
        true
    }

    /// A printed choice that nobody filled in.
    fn unanswered(&self, verdict: &mut Verdict<'a>, at: Range<usize>) {
        self.say(
            verdict,
            Property::Generic,
            "yes",
            "unanswered",
            "form.unanswered",
            at,
        );
    }

    /// A fragment with a question mark is a doubt: "Soa?? uitslag vrijdag", "Indruk: uitbuiting?"; a sentence with a verb in front, or one
    /// that speaks to somebody, asks.
    fn is_doubt(&self, target: &Range<usize>, sentence: &Range<usize>) -> bool {
        let view = self.machine.words.view;
        let start = view.clause(target.start).start.max(sentence.start);
        let asks = self.begins(&self.lexicon.answers.asks, &(start..sentence.end));
        let next = view.sentence(sentence.end);
        let listed = view
            .tokens
            .get(next.start)
            .and_then(|t| view.sentences.get(t.sentence as usize))
            .is_some_and(|s| s.question);
        sentence.end - start <= FRAGMENT && target.end == sentence.end && !asks && !listed
    }

    /// Boxes and crosses behind the item: "Loverboy ☐ ja ☒ nee", "Loverboy ja ☐ nee ☒", "Loverboy 0 ja x nee", a row of a table.
    fn boxes(
        &self,
        target: &Range<usize>,
        sentence: &Range<usize>,
        verdict: &mut Verdict<'a>,
    ) -> bool {
        let view = self.machine.words.view;
        // A stretch may hold its own boxes.
        let boxed = |t: &usize| view.gap(*t).contains([BOX_EMPTY, BOX_TICKED]);
        let start = (target.start + 1..target.end)
            .find(boxed)
            .unwrap_or(target.end);
        let row = self.row(start..sentence.end);
        let marks = || row.iter().filter(|i| matches!(i.what, What::Mark(_)));
        let answers = || row.iter().filter(|i| matches!(i.what, What::Answer(_)));
        if marks().count() == 0 {
            return false;
        }
        let ticked = row.iter().position(|i| matches!(i.what, What::Mark(true)));
        let Some(ticked) = ticked else {
            if marks().count() == 1 && answers().count() == 0 {
                self.say(
                    verdict,
                    Property::Presence,
                    "absent",
                    "box",
                    "form.row_box",
                    target.clone(),
                );
            } else {
                self.unanswered(verdict, target.clone());
            }
            return true;
        };
        // Whether marks stand before their answers tells the first of them.
        let before = row.first().is_some_and(|i| matches!(i.what, What::Mark(_)));
        let beside = if before {
            row.get(ticked + 1)
        } else {
            ticked.checked_sub(1).and_then(|n| row.get(n))
        };
        if let Some(Item {
            what: What::Answer(answer),
            at,
            ..
        }) = beside
        {
            self.answered(verdict, answer, "form.box", at.clone());
        } else if answers().count() == 0 {
            let answer = match self.header(target.start) {
                // A list with crosses only: what is crossed is so.
                None if marks().count() == 1 => Answer::Yes,
                // Forms put "ja" first.
                None if ticked == 0 => Answer::Yes,
                None => Answer::No,
                Some(header) => self.column(&header, &row, ticked),
            };
            self.answered(verdict, &answer, "form.row_box", target.clone());
        } else {
            return false;
        }
        true
    }

    /// The boxes, crosses and answers in a row of a form, in order.
    fn row(&self, range: Range<usize>) -> Vec<Item> {
        let view = self.machine.words.view;
        let crossed = range.clone().any(|t| is_cross(view, t));
        let mut row: Vec<Item> = Vec::new();
        let mut t = range.start;
        while t <= range.end {
            // What stands behind the last word counts up to the end of its line.
            let gap = view.gap(t);
            let line = gap.split('\n').next().unwrap_or_default();
            let start = view
                .tokens
                .get(t)
                .map_or(view.folded.text.len(), |t| t.start as usize)
                - gap.len();
            for (n, c) in line.char_indices() {
                if matches!(c, BOX_EMPTY | BOX_TICKED) {
                    row.push(Item {
                        what: What::Mark(c == BOX_TICKED),
                        at: t..t,
                        offset: start + n,
                    });
                }
            }
            if t == range.end {
                break;
            }
            let offset = view.tokens.get(t).map_or(0, |t| t.start as usize);
            let cell = t..view.clause(t).end.min(range.end);
            if is_cross(view, t) || crossed && matches!(view.word(t), "0" | "o") {
                row.push(Item {
                    what: What::Mark(is_cross(view, t)),
                    at: t..t + 1,
                    offset,
                });
            } else if let Some(answer) = self.answer(cell.clone()) {
                row.push(Item {
                    what: What::Answer(answer),
                    at: cell.clone(),
                    offset,
                });
                // An answer of several words is one.
                let mark = |t: &usize| is_cross(view, *t) || view.gap(*t) != " ";
                t = (t + 1..cell.end).find(mark).unwrap_or(cell.end) - 1;
            }
            t += 1;
        }
        // An x in a sentence is a kiss.
        let answers = row.iter().any(|i| matches!(i.what, What::Answer(_)));
        row.retain(|i| answers || i.at.is_empty() || is_cell(view, i.at.start));
        row
    }

    /// The answers in the nearest row above that names at least two.
    fn header(&self, token: usize) -> Option<Vec<Item>> {
        let view = self.machine.words.view;
        let sentence = view.tokens.get(token)?.sentence as usize;
        let above = view.sentences.get(..sentence).unwrap_or_default();
        (above.iter().rev().take(HEADER)).find_map(|s| {
            let row = self.row(s.tokens.clone());
            let answers: Vec<Item> = (row.into_iter())
                .filter(|i| matches!(i.what, What::Answer(_)))
                .collect();
            (answers.len() >= 2).then_some(answers)
        })
    }

    /// What the column of the ticked mark of a row stands for: by its place among as many boxes as there are columns, by tabs or
    /// bars, or by where it stands in its line.
    fn column(&self, header: &[Item], row: &[Item], ticked: usize) -> Answer {
        let Some(mark) = row.get(ticked) else {
            return Answer::Unsure;
        };
        let text = &self.machine.words.view.folded.text;
        let line = |offset: usize| {
            let before = text.get(..offset).unwrap_or_default();
            before.rsplit('\n').next().unwrap_or_default()
        };
        let tabs = |i: &Item| line(i.offset).matches(['\t', '|']).count();
        let found = if row.len() == header.len() {
            header.get(ticked)
        } else if tabs(mark) > 0 {
            header.iter().find(|h| tabs(h) == tabs(mark))
        } else {
            let place = |i: &Item| line(i.offset).chars().count();
            header.iter().min_by_key(|h| place(h).abs_diff(place(mark)))
        };
        match found.map(|i| &i.what) {
            Some(What::Answer(answer)) => *answer,
            _ => Answer::Unsure,
        }
    }

    /// The answer that the range begins with: in words, or a letter or number at the end of a line ("Schulden J/N: N").
    fn answer(&self, range: Range<usize>) -> Option<Answer> {
        let view = self.machine.words.view;
        let word = view.word(range.start);
        let last = || view.tokens.get(range.start + 1).is_none_or(|t| t.has(LINE));
        self.said(range.clone()).or_else(|| {
            (!range.is_empty() && last())
                .then(|| letter(word).or_else(|| self.scale(word)))
                .flatten()
        })
    }

    /// The answer in words that the range begins with.
    fn said(&self, range: Range<usize>) -> Option<Answer> {
        let range = range.start..range.end.min(self.machine.words.view.tokens.len());
        let answers = &self.lexicon.answers;
        if range.is_empty() {
            None
        } else if self.begins(&answers.unsure, &range) {
            Some(Answer::Unsure)
        } else if self.begins(&answers.no, &range) {
            Some(Answer::No)
        } else if self.begins(&answers.yes, &range) {
            Some(Answer::Yes)
        } else {
            None
        }
    }

    /// What a number stands for by the legend of the form: "0 = afwezig, 1 = mogelijk, 2 = aanwezig".
    fn scale(&self, number: &str) -> Option<Answer> {
        let view = self.machine.words.view;
        let legend = self.legend.get_or_init(|| {
            let digit = |t: &usize| view.tokens.get(*t).is_some_and(|t| t.has(DIGIT));
            let numbers = (0..view.tokens.len()).filter(digit);
            let explained = numbers.filter(|t| view.gap(t + 1).trim() == "=");
            explained
                .filter_map(|t| Some((view.word(t), self.said(t + 1..t + 3)?)))
                .collect()
        });
        let known = legend.len() > 1;
        let found = legend.iter().find(|(n, _)| known && *n == number);
        found.map(|(_, answer)| *answer)
    }

    fn answered(
        &self,
        verdict: &mut Verdict<'a>,
        answer: &Answer,
        rule: &'a str,
        at: Range<usize>,
    ) {
        let value = match answer {
            Answer::Yes => "present",
            Answer::No => "absent",
            Answer::Unsure => "uncertain",
        };
        self.say(verdict, Property::Generic, "no", "answer", rule, at.clone());
        self.say(verdict, Property::Presence, value, "answer", rule, at);
    }

    fn say(
        &self,
        verdict: &mut Verdict<'a>,
        property: Property,
        value: &'a str,
        kind: &'a str,
        rule: &'a str,
        at: Range<usize>,
    ) {
        let claim = Claim {
            property,
            value,
            kind,
            rule: Cow::Borrowed(rule),
            at,
        };
        verdict.offer(FORM_PRIORITY, 0, claim);
    }
}
