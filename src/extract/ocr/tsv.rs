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

/// One word as told.
struct Word<'t> {
    /// Block, paragraph and line.
    line: [u32; 3],
    left: f64,
    right: f64,
    height: f64,
    confidence: f64,
    text: &'t str,
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
    let left = number(6)?;
    Some(Word {
        line: [count(2)?, count(3)?, count(4)?],
        left,
        right: left + number(8)?,
        height: number(9)?,
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
    let (mut letters, mut sum) = (0.0, 0.0);
    let mut before: Option<Word<'_>> = None;
    for word in rows.lines().filter_map(word).filter(|w| !is_junk(w)) {
        if let Some(before) = &before {
            let gap = word.left - before.right;
            let unit = word.height.min(before.height);
            out.text.push_str(if before.line[..2] != word.line[..2] {
                "\n\n"
            } else if before.line != word.line {
                "\n"
            } else if gap > CELL * unit {
                "\t"
            } else {
                " "
            });
        }
        out.text.extend(word.text.chars().map(plain));
        out.words += 1;
        let weight = word.text.chars().count() as f64;
        letters += weight;
        sum += weight * word.confidence.max(0.0);
        before = Some(word);
    }
    if letters > 0.0 {
        out.confidence = sum / letters;
    }
    out
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
5\t1\t2\t1\t1\t1\t10\t80\t40\t20\t96\tEinde
";

    #[test]
    fn words_become_lines_cells_and_paragraphs() {
        let read = read(ROWS);
        assert_eq!(read.text, "Naam\tF.,\nLeeftijd onzeker\n\nEinde");
        assert_eq!(read.words, 5);
        assert!(
            (60.0..80.0).contains(&read.confidence),
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
