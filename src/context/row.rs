//! Rows of forms and tables: boxes, crosses and the answers beside or above them.

use std::ops::Range;

use super::form::Answer;
use super::{DocumentContext, Verdict};
use crate::lexicon::Property;
use crate::text::fold::{BOX_EMPTY, BOX_TICKED};
use crate::text::{DIGIT, View};

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
pub(super) fn is_cell(view: &View, token: usize) -> bool {
    let gap = view.gap(token);
    gap.contains("  ") || gap.contains(['\t', '|'])
}

impl<'a> DocumentContext<'a> {
    /// Boxes and crosses behind the item: "Loverboy ☐ ja ☒ nee", "Loverboy ja ☐ nee ☒", "Loverboy 0 ja x nee", a row of a table.
    pub(super) fn boxes(
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
}
