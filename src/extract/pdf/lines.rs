//! From lines to the text of the page: line ends, paragraphs, hyphens, normal form.

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

use super::line::Line;

/// A gap of more than this many times the usual distance of lines parts two paragraphs.
const PARAGRAPH: f64 = 1.6;
/// A step up of more than this many em leads to the next column, a smaller one to the next cell.
const COLUMN: f64 = 10.0;
/// Distance of lines in em when the page does not tell.
const USUAL_PITCH: f64 = 1.2;

/// The text of a page.
pub(super) fn page_text(mut lines: Vec<Line>) -> String {
    let texts: Vec<String> = lines.iter_mut().map(line_text).collect();
    let mut rows: Vec<(&Line, &str)> = lines.iter().zip(texts.iter().map(String::as_str)).collect();
    rows.retain(|(_, text)| !text.is_empty());
    let pitch = usual_pitch(&rows);
    let mut out = String::with_capacity(rows.iter().map(|(_, t)| t.len() + 2).sum());
    let mut before: Option<(&Line, &str)> = None;
    for (line, text) in rows {
        if let Some((line_before, text_before)) = before {
            out.push('\n');
            if parts_paragraphs(line_before, text_before, line, text, pitch) {
                out.push('\n');
            }
        }
        out.push_str(text);
        before = Some((line, text));
    }
    match is_nfc_quick(out.chars()) {
        IsNormalized::Yes => out,
        _ => out.nfc().collect(),
    }
}

/// The text of a line: soft hyphens only at its end, as `-`.
fn line_text(line: &mut Line) -> String {
    let text = line.text();
    let text = text.trim();
    if !text.contains('\u{AD}') {
        return text.to_owned();
    }
    let broken = text.ends_with('\u{AD}');
    let mut out = text.replace('\u{AD}', "");
    if broken && !out.ends_with('-') {
        out.push('-');
    }
    out
}

/// The median distance of lines that follow each other, in em.
fn usual_pitch(rows: &[(&Line, &str)]) -> f64 {
    let mut pitches: Vec<f64> = rows
        .windows(2)
        .filter_map(|pair| match pair {
            [(a, _), (b, _)] if a.same_direction(b) => Some((a.v - b.v) / a.size().max(b.size())),
            _ => None,
        })
        .filter(|pitch| (0.8..2.2).contains(pitch))
        .collect();
    pitches.sort_by(f64::total_cmp);
    let lower = pitches.len() / 3;
    if pitches.len() < 3 {
        USUAL_PITCH
    } else {
        pitches.get(lower).copied().unwrap_or(USUAL_PITCH)
    }
}

fn parts_paragraphs(a: &Line, text_a: &str, b: &Line, text_b: &str, pitch: f64) -> bool {
    if !a.same_direction(b) {
        return true;
    }
    let step = (a.v - b.v) / a.size().max(b.size());
    if step > PARAGRAPH * pitch {
        return true;
    }
    // Up a little: the next cell of a table. Up a lot: the next column, where a sentence may go on.
    let goes_on = !text_a.ends_with(['.', ':', ';', '!', '?'])
        && text_b.chars().next().is_some_and(|c| !c.is_uppercase());
    step < -0.5 && !(goes_on && step < -COLUMN)
}
