//! The words that tesseract tells, as text: lines, paragraphs and cells where it saw them.

use std::fmt;

/// What was recognised on one picture. `Debug` shows no text.
#[derive(Clone, Default, PartialEq)]
pub struct Recognised {
    /// The text: lines parted by `\n`, paragraphs by a blank line, cells by a tab.
    pub text: String,
    /// Number of words.
    pub words: usize,
    /// Mean confidence of its letters, from 0 to 100.
    pub confidence: f64,
    /// Its name in the cache.
    pub key: String,
}

impl fmt::Debug for Recognised {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recognised")
            .field("words", &self.words)
            .field("confidence", &self.confidence)
            .finish_non_exhaustive()
    }
}

/// A word below this confidence is dropped when it hardly holds letters: specks, lines, stamps.
const JUNK: f64 = 20.0;
const JUNK_LETTERS: usize = 2;
/// A blank of so many times the height of the line parts cells.
const CELL: f64 = 2.5;

/// A paragraph begins where the space above a line is so many times the usual one, and the height of a line.
const APART: f64 = 1.6;
const APART_HEIGHT: f64 = 0.8;

/// One word as told.
struct Word<'t> {
    /// Block, paragraph and line.
    line: [u32; 3],
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
    confidence: f64,
    text: &'t str,
}

impl Word<'_> {
    fn height(&self) -> f64 {
        self.bottom - self.top
    }
}

/// The fields of one row: level, page, block, paragraph, line, word, left, top, width, height, confidence, text.
fn word(row: &str) -> Option<Word<'_>> {
    let fields: Vec<&str> = row.splitn(12, '\t').collect();
    let number = |n: usize| fields.get(n)?.parse::<f64>().ok();
    let count = |n: usize| fields.get(n)?.parse::<u32>().ok();
    let text = fields.get(11)?.trim();
    if *fields.first()? != "5" || text.is_empty() {
        return None;
    }
    let (left, top) = (number(6)?, number(7)?);
    Some(Word {
        line: [count(2)?, count(3)?, count(4)?],
        left,
        right: left + number(8)?,
        top,
        bottom: top + number(9)?,
        confidence: number(10)?,
        text,
    })
}

fn is_junk(word: &Word<'_>) -> bool {
    let letters = word.text.chars().filter(|c| c.is_alphanumeric()).count();
    word.confidence < JUNK && letters <= JUNK_LETTERS
}

/// Reads rows of tab-separated values.
pub(super) fn read(rows: &str) -> Recognised {
    let mut out = Recognised::default();
    let words: Vec<Word<'_>> = (rows.lines().filter_map(word))
        .filter(|w| !is_junk(w))
        .collect();
    let lines: Vec<&[Word<'_>]> = words.chunk_by(|a, b| a.line == b.line).collect();
    let usual = usual_space(&lines);
    for (n, line) in lines.iter().enumerate() {
        let before = n.checked_sub(1).and_then(|n| lines.get(n));
        out.text.push_str(match before {
            None => "",
            Some(before) if begins_paragraph(before, line, usual) => "\n\n",
            Some(_) => "\n",
        });
        for (n, word) in line.iter().enumerate() {
            if let Some(before) = n.checked_sub(1).and_then(|n| line.get(n)) {
                let cell = word.left - before.right > CELL * word.height().min(before.height());
                out.text.push(if cell { '\t' } else { ' ' });
            }
            out.text.extend(word.text.chars().map(plain));
        }
    }
    out.words = words.len();
    let weight = |w: &Word<'_>| w.text.chars().count() as f64;
    let letters: f64 = words.iter().map(weight).sum();
    if letters > 0.0 {
        let sum: f64 = words
            .iter()
            .map(|w| weight(w) * w.confidence.max(0.0))
            .sum();
        out.confidence = sum / letters;
    }
    out
}

fn top(line: &[Word<'_>]) -> f64 {
    line.iter().map(|w| w.top).fold(f64::INFINITY, f64::min)
}

fn bottom(line: &[Word<'_>]) -> f64 {
    line.iter().map(|w| w.bottom).fold(0.0, f64::max)
}

/// The space between most lines.
fn usual_space(lines: &[&[Word<'_>]]) -> f64 {
    let pairs = lines.windows(2).filter_map(|w| match w {
        [a, b] => Some(top(b) - bottom(a)),
        _ => None,
    });
    let mut spaces: Vec<f64> = pairs.filter(|space| *space > 0.0).collect();
    spaces.sort_by(f64::total_cmp);
    spaces.get(spaces.len() / 2).copied().unwrap_or(0.0)
}

/// Whether a paragraph begins. Tesseract begins one after every short line too, and so cuts sentences: there must be space above it, or
/// the line stands elsewhere, as in the next column.
fn begins_paragraph(before: &[Word<'_>], line: &[Word<'_>], usual: f64) -> bool {
    let paragraph = |line: &[Word<'_>]| line.first().map(|w| [w.line[0], w.line[1]]);
    let space = top(line) - bottom(before);
    let height = bottom(line) - top(line);
    let follows = -height < space && space <= (APART * usual).max(APART_HEIGHT * height);
    paragraph(before) != paragraph(line) && !follows
}

/// A low quotation mark is mostly a comma that stands a little apart.
fn plain(c: char) -> char {
    if c == '\u{201A}' { ',' } else { c }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROWS: &str = "\
level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext
1\t1\t0\t0\t0\t0\t0\t0\t900\t900\t-1\t
5\t1\t1\t1\t1\t1\t10\t10\t40\t20\t96\tNaam
5\t1\t1\t1\t1\t2\t150\t10\t20\t20\t90\tF.\u{201A}
5\t1\t1\t1\t2\t1\t10\t40\t40\t20\t96\tLeeftijd
5\t1\t1\t1\t2\t2\t55\t40\t10\t20\t8\t|
5\t1\t1\t1\t2\t3\t70\t40\t10\t20\t8\tonzeker
5\t1\t1\t2\t1\t1\t10\t70\t40\t20\t96\tdaarna
5\t1\t2\t1\t1\t1\t10\t130\t40\t20\t96\tEinde
5\t1\t3\t1\t1\t1\t300\t10\t40\t20\t96\tKolom
";

    #[test]
    fn words_become_lines_cells_and_paragraphs() {
        let read = read(ROWS);
        assert_eq!(
            read.text,
            "Naam\tF.,\nLeeftijd onzeker\ndaarna\n\nEinde\n\nKolom"
        );
        assert_eq!(read.words, 7);
        assert!(
            (70.0..85.0).contains(&read.confidence),
            "{}",
            read.confidence
        );
        assert!(!format!("{read:?}").contains("Naam"));
    }

    #[test]
    fn what_is_no_table_holds_no_words() {
        for rows in ["", "5\t1", "een twee drie\n5\tx\ty\n"] {
            assert_eq!(read(rows), Recognised::default());
        }
    }
}
