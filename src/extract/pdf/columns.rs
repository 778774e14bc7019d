//! Columns drawn line by line across the page: they are read one after the other, as nearly every producer draws them.
//!
//! A table is drawn so, too. Columns are told from it by their prose: many of their lines go on in the middle of a sentence.

use super::line::{Line, TAB};

/// Fewest rows with a line in both columns.
const ROWS: usize = 5;
/// At least this part of the lines of prose begins with a small letter.
const GOES_ON: f64 = 0.35;
/// Fewest words of a line of prose, on average.
const WORDS: f64 = 3.0;
/// Lines of a column begin at the same place, give or take this part of an em.
const ALIGNED: f64 = 0.5;
/// Lines stand in one row when their baselines differ less than this part of an em.
const SAME_ROW: f64 = 0.35;

/// The lines in reading order.
pub(super) fn unweave(lines: Vec<Line>) -> Vec<Line> {
    let pieces: Vec<Line> = lines.iter().flat_map(pieces).collect();
    let Some(gutter) = gutter(&pieces) else {
        return lines;
    };
    let (mut out, mut left, mut right) = (Vec::new(), Vec::new(), Vec::new());
    for piece in pieces {
        if piece.start() >= gutter {
            right.push(piece);
        } else if piece.end() <= gutter {
            left.push(piece);
        } else {
            // What runs across both ends them.
            out.append(&mut left);
            out.append(&mut right);
            out.push(piece);
        }
    }
    out.append(&mut left);
    out.append(&mut right);
    out
}

/// The parts of a line between wide gaps.
fn pieces(line: &Line) -> Vec<Line> {
    let mut spans = line.spans.clone();
    spans.sort_by(|a, b| a.u0.total_cmp(&b.u0));
    let mut pieces: Vec<Line> = Vec::new();
    for span in spans {
        match pieces.last_mut() {
            Some(piece) if span.u0 - piece.end() <= TAB * line.run.em => piece.spans.push(span),
            _ => pieces.push(Line {
                spans: vec![span],
                ..line.clone()
            }),
        }
    }
    pieces
}

/// Where the right one of two woven columns of prose begins.
fn gutter(pieces: &[Line]) -> Option<f64> {
    let woven: Vec<(&Line, &Line)> = (pieces.windows(2))
        .filter_map(|pair| match pair {
            [a, b] if in_row(a, b) && a.end() < b.start() => Some((a, b)),
            _ => None,
        })
        .collect();
    let beside = |x: f64, line: &Line| (line.start() - x).abs() <= ALIGNED * line.run.em;
    let pairs = |x: f64| {
        woven
            .iter()
            .filter(move |(a, b)| beside(x, b) && a.end() < x)
    };
    let start = (woven.iter().map(|(_, b)| b.start()))
        .max_by_key(|x| pairs(*x).count())
        .filter(|x| pairs(*x).count() >= ROWS)?;
    let prose = |side: &dyn Fn(&(&Line, &Line)) -> Line| {
        let texts: Vec<String> = pairs(start).map(|p| side(p).text()).collect();
        let count = texts.len() as f64;
        let small = |t: &&String| t.starts_with(char::is_lowercase);
        let words: usize = texts.iter().map(|t| t.split_whitespace().count()).sum();
        texts.iter().filter(small).count() as f64 >= GOES_ON * count
            && words as f64 >= WORDS * count
    };
    let both = prose(&|p| p.0.clone()) && prose(&|p| p.1.clone());
    both.then_some(start - 0.1)
}

fn in_row(a: &Line, b: &Line) -> bool {
    a.same_direction(b) && (a.v - b.v).abs() <= SAME_ROW * a.size().min(b.size())
}

#[cfg(test)]
mod tests {
    use super::super::line::{Run, Span};
    use super::*;

    fn lines(rows: &[(&str, &str)]) -> Vec<Line> {
        let mut v = 800.0;
        let mut lines = Vec::new();
        for (a, b) in rows {
            v -= 12.0;
            let piece = |u: f64, text: &str| Line {
                run: Run::new(10.0, 0.0, 10.0),
                v,
                spans: vec![Span::new(u, u + 150.0, text, false)],
            };
            lines.extend([piece(50.0, a), piece(300.0, b)]);
        }
        lines
    }

    fn order(rows: &[(&str, &str)]) -> String {
        let texts: Vec<String> = unweave(lines(rows)).iter_mut().map(Line::text).collect();
        texts.join("|")
    }

    #[test]
    fn columns_of_prose_are_read_one_after_the_other() {
        let rows = [
            ("Zij woont bij haar", "Wij weten niet of er"),
            ("stiefmoeder. Sinds de", "foto's zijn gemaakt die"),
            ("zomer heeft zij een", "zij niet wilde. Vader"),
            ("mentor die zij via een", "is al twee jaar uit beeld."),
            ("app kent. Hij regelt", "moeder weet van niets"),
            ("vervoer naar haar toe", "en wil graag hulp bij"),
        ];
        let read = order(&rows);
        assert!(
            read.starts_with("Zij woont bij haar|stiefmoeder. Sinds de|zomer"),
            "{read}"
        );
        assert!(
            read.ends_with("moeder weet van niets|en wil graag hulp bij"),
            "{read}"
        );
    }

    #[test]
    fn rows_of_a_table_stay_together() {
        let rows = [
            ("Maandag 3 juni", "Afwezig zonder bericht van thuis"),
            ("Dinsdag 4 juni", "Te laat in het eerste uur"),
            ("Woensdag 5 juni", "Aanwezig de hele dag"),
            ("Donderdag 6 juni", "afwezig, moeder belde af"),
            ("Vrijdag 7 juni", "Afwezig zonder bericht van thuis"),
            ("Maandag 10 juni", "Aanwezig de hele dag"),
        ];
        assert!(order(&rows).starts_with("Maandag 3 juni|Afwezig zonder"));
    }
}
