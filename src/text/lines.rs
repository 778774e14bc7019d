//! What the lines of a text tell: headings, labels of fields, numbered lines, rows of forms.

use super::fold::{BOX_EMPTY, BOX_TICKED, BULLET};
use super::{CAPITAL, DIGIT, Heading, View};

/// A heading has at most this many words.
const HEADING_WORDS: usize = 8;

/// The label of a field in the middle of a line has at most this many words.
const FIELD_WORDS: usize = 4;

/// Whether a line is a row of a form or table: boxes stand inside it, or bars, tabs or wide blanks before a short last cell. A long one
/// may go on in the next line.
fn is_row(line: &str) -> bool {
    let inside = line.trim_start_matches(|c: char| !c.is_alphanumeric());
    if inside.contains([BOX_EMPTY, BOX_TICKED]) {
        return true;
    }
    let cell = (inside.rsplit_once(['|', '\t']))
        .or_else(|| inside.rsplit_once(WIDE))
        .filter(|(before, _)| before.trim_end().ends_with(char::is_alphanumeric));
    cell.is_some_and(|(_, last)| last.split_whitespace().count() <= CELL)
}

/// Most words of a cell that does not go on in the next line.
const CELL: usize = 4;

/// So many blanks part the cells of a row.
pub(super) const WIDE: &str = "   ";

/// What the line breaks tell: headings, fields, the widest line.
pub(super) struct Layout {
    pub(super) headings: Vec<Heading>,
    /// First words of numbered lines ("3. Voorgeschiedenis").
    numbered: Vec<usize>,
    /// First and last words of lines that are rows of a form or table: cells stand apart in them.
    rows: Vec<usize>,
    /// Folded offsets of line starts.
    line_starts: Vec<usize>,
    pub(super) widest: usize,
}

impl Layout {
    pub(super) fn new(view: &View) -> Self {
        let text = &view.folded.text;
        let mut layout = Self {
            headings: Vec::new(),
            numbered: Vec::new(),
            rows: Vec::new(),
            line_starts: vec![0],
            widest: 0,
        };
        let mut token = 0;
        let mut at = 0;
        let mut blank_before = true;
        let mut lines = text.split_inclusive('\n').peekable();
        while let Some(line) = lines.next() {
            let end = at + line.len();
            let first = token;
            while view
                .tokens
                .get(token)
                .is_some_and(|t| (t.start as usize) < end)
            {
                token += 1;
            }
            let trimmed = line.trim();
            layout.widest = layout.widest.max(line.trim_end().len());
            let blank_after = lines.peek().is_none_or(|next| {
                let next = next.trim();
                next.is_empty() || next.starts_with(['-', '*', BULLET, BOX_EMPTY, BOX_TICKED])
            });
            if token > first && is_row(trimmed) {
                layout.rows.extend([first, token - 1]);
            }
            if token > first {
                layout.line(view, first..token, trimmed, at, blank_before, blank_after);
            }
            blank_before = trimmed.is_empty();
            at = end;
            layout.line_starts.push(at);
        }
        layout
    }

    fn line(
        &mut self,
        view: &View,
        words: std::ops::Range<usize>,
        trimmed: &str,
        at: usize,
        blank_before: bool,
        blank_after: bool,
    ) {
        let (first, end) = (words.start, words.end);
        let mut label = first;
        let digits = view.tokens[first].has(DIGIT);
        let after_digits = view.folded.text.as_bytes()[view.tokens[first].end as usize..]
            .first()
            .copied();
        if digits
            && matches!(after_digits, Some(b'.' | b')'))
            && end > first + 1
            && view.gap(first + 1).ends_with(' ')
        {
            self.numbered.push(first);
            label = first + 1;
        }
        let count = end - label;
        let marked =
            trimmed.starts_with('#') || trimmed.starts_with("**") && trimmed.ends_with("**");
        let closes = trimmed.ends_with(':') || trimmed.ends_with(":**");
        let bare = !trimmed.ends_with(['.', ',', ';', '!', '?', ')'])
            && !trimmed.starts_with(['-', '*', BULLET, BOX_EMPTY, BOX_TICKED, '"', '[', '>']);
        let capital = view.tokens[label].has(CAPITAL);
        let caps = bare && count <= 4 && view.all_caps(label..end);
        let alone = bare && count <= 5 && capital && blank_before && blank_after;
        let numbered = label > first && bare && count <= 6 && capital;
        if count <= HEADING_WORDS
            && (marked || closes || caps || alone || numbered)
            && !(label..end).all(|t| view.tokens[t].has(DIGIT))
        {
            self.headings.push(Heading {
                label: label..end,
                inline: false,
                paragraph_end: 0,
            });
            return;
        }
        // A field: at most six words, then a colon and text on the same line.
        let rest = &view.folded.text[view.tokens[label].start as usize
            ..at + view.folded.text[at..]
                .find('\n')
                .unwrap_or(view.folded.text.len() - at)];
        if let Some(colon) = rest.find(':') {
            let border = view.tokens[label].start as usize + colon;
            let label_end = (label..end)
                .find(|t| view.tokens[*t].start as usize > border)
                .unwrap_or(end);
            let timelike = view.tokens[label_end - 1].has(DIGIT)
                && view.folded.text[border + 1..].starts_with(|c: char| c.is_ascii_digit());
            if label_end > label
                && label_end - label <= 6
                && label_end < end
                && !timelike
                && !rest[..colon].contains(['.', ',', ';', '?'])
            {
                self.field(label..label_end);
                self.more_fields(view, label_end..end);
            }
        }
    }

    fn field(&mut self, label: std::ops::Range<usize>) {
        self.headings.push(Heading {
            label,
            inline: true,
            paragraph_end: 0,
        });
    }

    /// Fields behind the first one of a line, each after a full stop: "Niet gezien: drugs. Wel gezien: blauwe plekken."
    fn more_fields(&mut self, view: &View, words: std::ops::Range<usize>) {
        let mut at = words.start + 1;
        while at + 1 < words.end {
            let gap = view.gap(at);
            if view.tokens[at].has(CAPITAL) && gap.starts_with(['.', ';']) {
                // The words of the label, up to its colon.
                let label = (at + 1..words.end.min(at + FIELD_WORDS + 1))
                    .take_while(|t| view.gap(*t) == " " || view.gap(*t).starts_with(':'))
                    .find(|t| view.gap(*t).starts_with(": "));
                if let Some(end) = label {
                    self.field(at..end);
                    at = end;
                }
            }
            at += 1;
        }
    }

    pub(super) fn starts_heading(&self, token: usize) -> bool {
        let i = self.headings.partition_point(|h| h.label.start < token);
        // A numbered heading's label starts one word later.
        self.headings.get(i).is_some_and(|h| {
            h.label.start == token || (h.label.start == token + 1 && self.numbered(token))
        })
    }

    pub(super) fn ends_heading(&self, token: usize) -> bool {
        let i = self.headings.partition_point(|h| h.label.end <= token);
        self.headings
            .get(i)
            .is_some_and(|h| !h.inline && h.label.end == token + 1)
    }

    /// Whether a line that begins or ends with this word is a row of its own.
    pub(super) fn borders_row(&self, token: usize) -> bool {
        self.rows.binary_search(&token).is_ok()
    }

    pub(super) fn numbered(&self, token: usize) -> bool {
        self.numbered.binary_search(&token).is_ok()
    }

    /// Width of the line that holds the folded offset, in bytes.
    pub(super) fn width_before(&self, offset: u32) -> usize {
        let i = self.line_starts.partition_point(|s| *s <= offset as usize);
        let start = i
            .checked_sub(1)
            .and_then(|i| self.line_starts.get(i))
            .copied()
            .unwrap_or(0);
        offset as usize - start
    }
}
