//! Text of paragraphs, lists, tables, text boxes and notes, as it flows out of a document: one line a paragraph or row,
//! a tab between cells, `- ` before list items; what stands beside the text comes after the paragraph, or at the end.

use crate::span::Span;

/// Something that stands beside the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Aside {
    /// A text box; comes after the paragraph that it hangs on.
    Box,
    /// Above every page; comes once, first.
    Header,
    /// Below every page; comes once, after the text.
    Footer,
    /// A footnote or endnote; comes after the text.
    Note,
    /// A remark by a reader; comes last.
    Comment,
    /// Nothing to read.
    Nothing,
}

/// A row of an open table.
struct Row {
    start: usize,
    cell: usize,
    cells: usize,
}

/// Text under way: the body, or something beside it.
#[derive(Default)]
struct Layer {
    text: String,
    /// Line feeds due before the next text.
    breaks: u8,
    /// What stands before the next text, which is a list item.
    item: Option<String>,
    rows: Vec<Row>,
    boxes: Vec<String>,
    quoted: Vec<Span>,
    quotes: Vec<usize>,
}

/// Builds the text of one document.
pub(super) struct Flow {
    layer: Layer,
    outer: Vec<(Aside, Layer)>,
    done: Vec<(Aside, String)>,
    limit: usize,
    bytes: usize,
}

impl Flow {
    /// Takes little more than `limit` bytes of text; [`crate::extract::finish`] then tells that it is too much.
    pub(super) fn new(limit: usize) -> Self {
        Self {
            layer: Layer::default(),
            outer: Vec::new(),
            done: Vec::new(),
            limit,
            bytes: 0,
        }
    }

    /// Whether no more text is taken.
    pub(super) const fn is_full(&self) -> bool {
        self.bytes > self.limit
    }

    /// Bytes taken so far.
    pub(super) const fn taken(&self) -> usize {
        self.bytes
    }

    /// Adds text inside a paragraph.
    pub(super) fn push(&mut self, text: &str) {
        if text.is_empty() || self.is_full() {
            return;
        }
        self.bytes += text.len();
        self.layer.flush(text);
        self.layer.text.push_str(text);
    }

    /// A line break inside a paragraph.
    pub(super) fn line(&mut self) {
        self.layer.end_line(2);
    }

    /// What the line under way holds.
    pub(super) fn line_so_far(&self) -> &str {
        let layer = &self.layer;
        if layer.breaks > 0 {
            return "";
        }
        let cell = layer.rows.last().map_or(0, |r| r.cell);
        let line = layer.text.rfind('\n').map_or(0, |n| n + 1);
        layer.text.get(line.max(cell)..).unwrap_or_default()
    }

    /// The next text is a list item with this mark: a dash or a number.
    pub(super) fn item(&mut self, mark: &str) {
        self.layer.item = Some(mark.to_owned());
    }

    /// The paragraph is no list item after all.
    pub(super) fn no_item(&mut self) {
        self.layer.item = None;
    }

    /// The end of a paragraph; an empty one leaves an empty line.
    pub(super) fn end_paragraph(&mut self) {
        self.layer.item = None;
        self.layer.end_line(2);
        for text in std::mem::take(&mut self.layer.boxes) {
            self.layer.flush("");
            self.layer.text.push_str(&text);
            self.layer.end_line(1);
        }
    }

    /// A heading begins or ended here: an empty line sets it apart.
    pub(super) fn gap(&mut self) {
        if self.layer.breaks > 0 {
            self.layer.breaks = 2;
        }
    }

    /// A block boundary: whatever comes next begins a line.
    pub(super) fn end_block(&mut self) {
        if self.layer.breaks == 0 {
            self.layer.end_line(1);
        }
    }

    pub(super) fn start_row(&mut self) {
        self.layer.flush("");
        let start = self.layer.text.len();
        self.layer.rows.push(Row {
            start,
            cell: start,
            cells: 0,
        });
    }

    /// The next cell of the row; the ones before it need no end.
    pub(super) fn start_cell(&mut self) {
        let layer = &mut self.layer;
        if let Some(row) = layer.rows.last_mut() {
            layer.item = None;
            layer.breaks = 0;
            row.cells += 1;
            if row.cells > 1 {
                layer.text.push('\t');
                self.bytes += 1;
            }
            row.cell = layer.text.len();
        }
    }

    pub(super) fn end_row(&mut self) {
        let layer = &mut self.layer;
        let Some(row) = layer.rows.pop() else {
            return;
        };
        let kept = layer.text.trim_end_matches(['\t', '\n', ' ']).len();
        layer.text.truncate(kept.max(row.start));
        layer.item = None;
        layer.breaks = 0;
        // A row without text leaves no line; the one before it is not that of a cell around this row.
        if layer.text.len() == row.start {
            let is_ended =
                layer.text.ends_with('\n') && layer.rows.last().is_none_or(|r| r.cell < row.start);
            if is_ended {
                layer.text.pop();
            }
            layer.breaks = u8::from(is_ended);
        } else {
            layer.end_line(1);
        }
    }

    /// From here on the text is one beside the text.
    pub(super) fn start_aside(&mut self, aside: Aside) {
        let outer = std::mem::take(&mut self.layer);
        self.outer.push((aside, outer));
    }

    /// Ends what [`Self::start_aside`] began.
    pub(super) fn end_aside(&mut self) {
        let Some((aside, outer)) = self.outer.pop() else {
            return;
        };
        let inner = std::mem::replace(&mut self.layer, outer);
        let text = inner.whole();
        let is_margin = matches!(aside, Aside::Header | Aside::Footer);
        // What stands above and below pages is mostly their number.
        let is_bare = is_margin && !text.contains(char::is_alphabetic);
        if text.is_empty() || is_bare || aside == Aside::Nothing {
            return;
        }
        if aside == Aside::Box {
            self.layer.boxes.push(text);
        } else if !(is_margin && self.done.contains(&(aside, text.clone()))) {
            self.done.push((aside, text));
        }
    }

    /// From here on the text quotes another message.
    pub(super) fn start_quote(&mut self) {
        self.layer.quotes.push(self.layer.text.len());
    }

    /// Ends what [`Self::start_quote`] began.
    pub(super) fn end_quote(&mut self) {
        if let Some(start) = self.layer.quotes.pop()
            && self.layer.quotes.is_empty()
            && start < self.layer.text.len()
        {
            let span = Span::new(start, self.layer.text.len());
            self.layer.quoted.push(span);
        }
    }

    /// The whole text in order, and where its body quotes.
    pub(super) fn finish(mut self) -> (String, Vec<Span>) {
        while !self.outer.is_empty() {
            self.end_aside();
        }
        while !self.layer.quotes.is_empty() {
            self.end_quote();
        }
        let mut quoted = std::mem::take(&mut self.layer.quoted);
        let body = std::mem::take(&mut self.layer).whole();
        let mut text = String::with_capacity(body.len());
        let add = |text: &mut String, part: &str| {
            if !text.is_empty() && !part.is_empty() {
                text.push('\n');
            }
            text.push_str(part);
        };
        let of = |aside: Aside| {
            let all = self.done.iter().filter(move |(a, _)| *a == aside);
            all.map(|(_, text)| text.as_str())
        };
        of(Aside::Header).for_each(|t| add(&mut text, t));
        let body_start = text.len() + usize::from(!text.is_empty() && !body.is_empty());
        add(&mut text, &body);
        for aside in [Aside::Footer, Aside::Note] {
            of(aside).for_each(|t| add(&mut text, t));
        }
        // A remark in brackets is known from what the document says itself.
        of(Aside::Comment).for_each(|t| add(&mut text, &format!("[{}]", t.trim())));
        for span in &mut quoted {
            let end = span.end.min(body.len());
            *span = Span::new(body_start + span.start.min(end), body_start + end);
        }
        quoted.retain(|s| !s.is_empty());
        (text, quoted)
    }
}

/// Bytes of a cell that the next paragraph may go on.
const SHORT: usize = 80;

impl Layer {
    /// Writes the line feeds that are due before the text that comes `next`.
    fn flush(&mut self, next: &str) {
        if self.text.is_empty() {
            self.breaks = 0;
        }
        let cell = self.rows.last().map(|r| self.text.len() - r.cell);
        if self.breaks > 0 {
            // In a cell, a paragraph that goes on the short one before it stays on the row's line.
            let goes_on = cell.is_some_and(|bytes| bytes < SHORT)
                && self.item.is_none()
                && (next.trim_start_matches('(')).starts_with(char::is_lowercase);
            if goes_on {
                self.text.push(' ');
            } else {
                let most = if cell.is_some() { 1 } else { 2 };
                (0..self.breaks.min(most)).for_each(|_| self.text.push('\n'));
            }
            self.breaks = 0;
        }
        if !next.trim_start().is_empty()
            && let Some(mark) = self.item.take()
            // A mark that was typed, too, is enough.
            && !(mark == "-" && next.starts_with(['-', '•', '–', '·', '*', '☐', '☒', '☑']))
        {
            self.text.push_str(&mark);
            self.text.push(' ');
        }
    }

    /// One more line feed is due, up to `most`.
    fn end_line(&mut self, most: u8) {
        // The first paragraph of a cell begins on the row's line, whatever is empty before it.
        if self.rows.last().is_none_or(|r| r.cell < self.text.len()) {
            self.breaks = (self.breaks + 1).min(most.max(self.breaks));
        }
    }

    fn whole(mut self) -> String {
        for text in std::mem::take(&mut self.boxes) {
            if !self.text.is_empty() {
                self.text.push('\n');
            }
            self.text.push_str(&text);
        }
        let end = self.text.trim_end().len();
        self.text.truncate(end);
        let start = self.text.len() - self.text.trim_start_matches('\n').len();
        self.text.drain(..start);
        self.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn built(build: impl FnOnce(&mut Flow)) -> String {
        let mut flow = Flow::new(1 << 20);
        build(&mut flow);
        flow.finish().0
    }

    #[test]
    fn paragraphs_lists_and_empty_lines() {
        let text = built(|f| {
            f.end_paragraph();
            f.push("een");
            f.line();
            f.push("twee");
            f.end_paragraph();
            for _ in 0..3 {
                f.end_paragraph();
            }
            f.item("-");
            f.push("drie");
            f.end_paragraph();
            f.item("-");
            f.push("• vier");
            f.end_paragraph();
        });
        assert_eq!(text, "een\ntwee\n\n- drie\n• vier");
    }

    #[test]
    fn tables_keep_their_columns() {
        let text = built(|f| {
            f.push("voor");
            f.end_paragraph();
            for row in [
                &["a", "", "X"][..],
                &["", "b", ""],
                &["", "", ""],
                &["c\nc2", "d\n(e)\nF\n(G)"],
            ] {
                f.start_row();
                for cell in row {
                    f.start_cell();
                    for line in cell.split('\n') {
                        f.push(line);
                        f.end_paragraph();
                    }
                }
                f.end_row();
            }
            f.push("na");
        });
        assert_eq!(text, "voor\na\t\tX\n\tb\nc c2\td (e)\nF\n(G)\nna");
        let nested = built(|f| {
            f.start_row();
            f.start_cell();
            f.push("a");
            f.end_paragraph();
            f.start_cell();
            for row in [["b", "c"], ["d", "e"]] {
                f.start_row();
                for cell in row {
                    f.start_cell();
                    f.push(cell);
                    f.end_paragraph();
                }
                f.end_row();
            }
            f.end_paragraph();
            f.end_row();
        });
        assert_eq!(nested, "a\tb\tc\nd\te");
        let empty = built(|f| {
            f.push("a");
            f.end_paragraph();
            f.start_row();
            f.start_cell();
            f.start_row();
            f.end_row();
            f.push("b");
            f.end_paragraph();
            f.push("c");
            f.end_row();
        });
        assert_eq!(empty, "a\nb c");
    }

    #[test]
    fn what_stands_beside_the_text_comes_once_and_in_order() {
        let text = built(|f| {
            for (aside, t) in [
                (Aside::Comment, "opm"),
                (Aside::Footer, "voet"),
                (Aside::Header, "kop"),
                (Aside::Header, "kop"),
                (Aside::Note, "noot"),
                (Aside::Nothing, "weg"),
            ] {
                f.start_aside(aside);
                f.push(t);
                f.end_paragraph();
                f.end_aside();
            }
            f.push("een ");
            f.start_aside(Aside::Box);
            f.push("kader");
            f.end_paragraph();
            f.end_aside();
            f.push("zin");
            f.end_paragraph();
            f.push("slot");
        });
        assert_eq!(text, "kop\neen zin\nkader\nslot\nvoet\nnoot\n[opm]");
    }
}
