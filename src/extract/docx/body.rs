//! WordprocessingML: what of a part is text to read, and in which order.

use std::collections::HashSet;

use super::numbering::Numbering;
use super::styles::{Styles, is_on, value};
use crate::extract::flow::{Aside, Flow};
use crate::extract::reading::Found;
use crate::extract::symbols;
use crate::extract::xml::{Event, Tag, Xml};

/// What a part holds.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::extract) enum Root {
    Body,
    Header,
    Footer,
    Notes,
    Comments,
}

/// An open paragraph.
#[derive(Default)]
struct Paragraph {
    /// Id of the list that it is an item of, as the paragraph or else its style says; `0` for none.
    list: Option<String>,
    level: Option<usize>,
    is_heading: bool,
    /// Its end was deleted: the next one goes on.
    goes_on: bool,
}

/// A set of alternatives, of which the first that gives text is taken.
#[derive(Default)]
struct Alternatives {
    is_taken: bool,
    /// Bytes of text before the one under way.
    before: usize,
}

/// An open content control.
#[derive(Default)]
struct Control {
    tick: Option<bool>,
    is_told: bool,
    is_open: bool,
}

/// A form field of old.
#[derive(Default)]
struct Field {
    checked: Option<bool>,
    default: bool,
    entries: Vec<String>,
    chosen: usize,
}

struct Walk<'a> {
    root: Root,
    styles: &'a Styles,
    numbering: &'a mut Numbering,
    flow: &'a mut Flow,
    found: &'a mut Found,
    depth: usize,
    /// Depth of the element that is passed over.
    skipped: Option<usize>,
    /// Open elements of properties.
    properties: usize,
    paragraphs: Vec<Paragraph>,
    /// Whether each open row of a table was deleted.
    rows: Vec<bool>,
    in_row_properties: bool,
    controls: Vec<Control>,
    /// Open sets of alternatives.
    alternatives: Vec<Alternatives>,
    /// Whether each open field is still in its instruction.
    fields: Vec<bool>,
    field: Field,
    asides: usize,
    is_text: bool,
    keeps_space: bool,
    /// Text of the open run: entities part it.
    piece: String,
    is_hidden: bool,
    font: String,
}

/// Adds the text of a part to `flow`.
pub(in crate::extract) fn walk(
    text: &str,
    root: Root,
    (styles, numbering): (&Styles, &mut Numbering),
    flow: &mut Flow,
    found: &mut Found,
) {
    let mut walk = Walk {
        root,
        styles,
        numbering,
        flow,
        found,
        depth: 0,
        skipped: None,
        properties: 0,
        paragraphs: Vec::new(),
        rows: Vec::new(),
        in_row_properties: false,
        controls: Vec::new(),
        alternatives: Vec::new(),
        fields: Vec::new(),
        field: Field::default(),
        asides: 0,
        is_text: false,
        keeps_space: false,
        piece: String::new(),
        is_hidden: false,
        font: String::new(),
    };
    match root {
        Root::Header => walk.start_aside(Aside::Header),
        Root::Footer => walk.start_aside(Aside::Footer),
        _ => {}
    }
    let mut xml = Xml::new(text);
    for event in xml.by_ref() {
        match event {
            Event::Open(tag) => {
                walk.depth += 1;
                if walk.skipped.is_none() {
                    walk.open(&tag);
                }
            }
            Event::Close(name) => {
                if walk.skipped.is_none() {
                    walk.close(&name);
                } else if walk.skipped == Some(walk.depth) {
                    walk.skipped = None;
                }
                walk.depth = walk.depth.saturating_sub(1);
            }
            Event::Text(text) if walk.is_text && walk.skipped.is_none() => {
                walk.piece.push_str(&text);
            }
            Event::Text(_) => {}
        }
        if walk.flow.is_full() {
            break;
        }
    }
    let trouble = xml.trouble();
    walk.end_text();
    while walk.asides > 0 {
        walk.end_aside();
    }
    if let Some(trouble) = trouble {
        found.trouble.get_or_insert(trouble);
    }
}

/// Adds the texts of a chart or a drawing of Office, each once.
pub(in crate::extract) fn drawn(text: &str, flow: &mut Flow) {
    let (mut seen, mut piece) = (HashSet::new(), String::new());
    let (mut in_paragraph, mut in_cache, mut is_text) = (false, false, false);
    for event in Xml::new(text) {
        match event {
            Event::Open(tag) => match tag.name() {
                "p" => in_paragraph = true,
                "strCache" => in_cache = true,
                // Only within a paragraph: drawings have a text body of the same name.
                "t" => is_text = in_paragraph,
                "v" => is_text = in_cache,
                "br" => piece.push(' '),
                _ => {}
            },
            Event::Text(text) if is_text => piece.push_str(&text),
            Event::Text(_) => {}
            Event::Close(name) => {
                is_text = false;
                let is_end = match name.as_str() {
                    "p" => std::mem::take(&mut in_paragraph),
                    "v" => in_cache,
                    "strCache" => std::mem::take(&mut in_cache),
                    _ => false,
                };
                if is_end {
                    let text = std::mem::take(&mut piece);
                    let text = text.trim();
                    if !text.is_empty() && seen.insert(text.to_owned()) {
                        flow.end_block();
                        flow.push(text);
                        flow.end_block();
                    }
                }
            }
        }
        if flow.is_full() {
            break;
        }
    }
}

impl Walk<'_> {
    fn open(&mut self, tag: &Tag<'_>) {
        match tag.name() {
            // Taken out by a reviser, or no text at all.
            "del" if self.in_row_properties => {
                if let Some(deleted) = self.rows.last_mut() {
                    *deleted = true;
                }
            }
            "del" | "moveFrom" => {
                if self.properties > 1
                    && let Some(paragraph) = self.paragraphs.last_mut()
                {
                    paragraph.goes_on = true;
                }
                self.skip();
            }
            "instrText" | "delInstrText" | "delText" | "rPrChange" | "pPrChange"
            | "sectPrChange" | "tblPrChange" | "tcPrChange" | "trPrChange" | "binData" | "rt"
            | "docPart" => self.skip(),
            "AlternateContent" => self.alternatives.push(Alternatives::default()),
            "Choice" | "Fallback" => match self.alternatives.last_mut() {
                Some(set) if set.is_taken => self.skip(),
                Some(set) => set.before = self.flow.taken(),
                None => {}
            },
            // Their text is in a part of its own; what stands in for them only says that they cannot be shown.
            "chart" | "relIds" => {
                if let Some(set) = self.alternatives.last_mut() {
                    set.is_taken = true;
                }
            }
            "altChunk" => {
                self.found.notes.insert("alt_chunk");
            }
            "footnote" | "endnote" if self.root == Root::Notes => {
                if tag.attribute("type").is_some_and(|t| t != "normal") {
                    self.skip();
                } else {
                    self.start_aside(Aside::Note);
                }
            }
            "comment" if self.root == Root::Comments => self.start_aside(Aside::Comment),
            "txbxContent" => self.start_aside(Aside::Box),
            "p" => self.paragraphs.push(Paragraph::default()),
            "pPr" | "rPr" | "sdtPr" | "tblPr" | "tcPr" | "sectPr" => self.properties += 1,
            "trPr" => {
                self.properties += 1;
                self.in_row_properties = true;
            }
            "tr" => {
                self.rows.push(false);
                self.flow.start_row();
            }
            // Of a row that was deleted; what its runs say of themselves does not matter.
            "tc" if self.rows.last() == Some(&true) => self.skip(),
            "tc" => self.flow.start_cell(),
            "r" => {
                self.is_hidden = false;
                self.font.clear();
            }
            "t" => {
                self.is_text = true;
                self.keeps_space = tag.attribute("space").as_deref() == Some("preserve");
            }
            "tab" | "ptab" if self.properties == 0 => self.text("\t"),
            "br" | "cr" if self.is_shown() => self.flow.line(),
            "noBreakHyphen" => self.text("-"),
            "sym" => {
                let code = tag.attribute("char");
                let code = code.and_then(|c| u32::from_str_radix(&c, 16).ok());
                let font = tag.attribute("font").unwrap_or_default();
                let c = code.and_then(|c| symbols::symbol(&font, c).or(char::from_u32(c)));
                self.text(c.unwrap_or('▪').encode_utf8(&mut [0; 4]));
            }
            "fldChar" => match tag.attribute("fldCharType").as_deref() {
                Some("begin") => self.fields.push(true),
                Some("separate") => {
                    if let Some(field) = self.fields.last_mut() {
                        *field = false;
                    }
                }
                _ => {
                    self.fields.pop();
                }
            },
            "sdt" => self.controls.push(Control::default()),
            "sdtContent" => {
                if let Some(control) = self.controls.last_mut() {
                    control.is_open = true;
                }
            }
            _ => self.property(tag),
        }
    }

    /// Elements that say something of a paragraph, run, control or field.
    fn property(&mut self, tag: &Tag<'_>) {
        let in_control = self.controls.last_mut().filter(|c| !c.is_open);
        match tag.name() {
            "pStyle" => {
                if let Some(paragraph) = self.paragraphs.last_mut() {
                    let (list, level, heading) = self.styles.of(&value(tag));
                    paragraph.list = paragraph.list.take().or(list.cloned());
                    paragraph.level = paragraph.level.or(level);
                    paragraph.is_heading |= heading;
                }
            }
            "numId" => {
                if let Some(paragraph) = self.paragraphs.last_mut() {
                    paragraph.list = Some(value(tag));
                }
            }
            "ilvl" => {
                if let Some(paragraph) = self.paragraphs.last_mut() {
                    paragraph.level = value(tag).parse().ok();
                }
            }
            "outlineLvl" => {
                if let Some(paragraph) = self.paragraphs.last_mut() {
                    paragraph.is_heading = true;
                }
            }
            // Of the run itself; that of a paragraph's mark lies one deeper.
            "vanish" if self.properties == 1 => self.is_hidden = is_on(tag),
            "rFonts" if self.properties == 1 => {
                self.font = tag.attribute("ascii").unwrap_or_default();
            }
            "checkbox" => {
                if let Some(control) = in_control {
                    control.tick = Some(false);
                }
            }
            "checked" => match in_control {
                Some(Control {
                    tick: Some(tick), ..
                }) => *tick = is_on(tag),
                _ => self.field.checked = Some(is_on(tag)),
            },
            "checkBox" | "ddList" => self.field = Field::default(),
            "default" => {
                self.field.default = is_on(tag);
                self.field.chosen = value(tag).parse().unwrap_or(0);
            }
            "result" => self.field.chosen = value(tag).parse().unwrap_or(0),
            "listEntry" => self.field.entries.push(value(tag)),
            _ => {}
        }
    }

    fn close(&mut self, name: &str) {
        match name {
            "AlternateContent" => {
                self.alternatives.pop();
            }
            "Choice" | "Fallback" => {
                if let Some(set) = self.alternatives.last_mut() {
                    set.is_taken |= self.flow.taken() > set.before;
                }
            }
            "footnote" | "endnote" if self.root == Root::Notes => self.end_aside(),
            "comment" if self.root == Root::Comments => self.end_aside(),
            "txbxContent" => self.end_aside(),
            "pPr" => {
                self.properties = self.properties.saturating_sub(1);
                let Some(paragraph) = self.paragraphs.last() else {
                    return;
                };
                if paragraph.is_heading {
                    self.flow.gap();
                }
                if let Some(list) = paragraph.list.as_ref().filter(|l| *l != "0") {
                    let mark = self.numbering.next(list, paragraph.level.unwrap_or(0));
                    // A heading has a number or nothing.
                    if !(paragraph.is_heading && mark == "-") {
                        self.flow.item(&mark);
                    }
                }
            }
            "rPr" | "sdtPr" | "tblPr" | "trPr" | "tcPr" | "sectPr" => {
                self.in_row_properties &= name != "trPr";
                self.properties = self.properties.saturating_sub(1);
            }
            "p" => {
                let ended = self.paragraphs.pop().unwrap_or_default();
                if !ended.goes_on {
                    self.flow.end_paragraph();
                }
                if ended.is_heading {
                    self.flow.gap();
                }
            }
            "tr" => {
                self.rows.pop();
                self.flow.end_row();
            }
            "t" => self.end_text(),
            "checkBox" => {
                let tick = self.field.checked.unwrap_or(self.field.default);
                self.flow.push(symbols::tick(tick));
            }
            "ddList" => {
                if let Some(entry) = self.field.entries.get(self.field.chosen) {
                    self.flow.push(entry);
                }
            }
            "sdt" => {
                self.controls.pop();
            }
            _ => {}
        }
    }

    fn end_text(&mut self) {
        self.is_text = false;
        let text = std::mem::take(&mut self.piece);
        if self.keeps_space {
            self.text(&text);
        } else {
            self.text(text.trim());
        }
    }

    fn text(&mut self, text: &str) {
        // Results of fields inside the instruction of another are for that field only.
        let outer = self.fields.split_last().map_or(&[][..], |(_, outer)| outer);
        if text.is_empty() || outer.contains(&true) {
            return;
        }
        for control in self.controls.iter_mut().filter(|c| c.is_open) {
            if let Some(tick) = control.tick {
                if !std::mem::replace(&mut control.is_told, true) {
                    self.flow.push(symbols::tick(tick));
                }
                return;
            }
        }
        // What Word hides, no reader would find back.
        if self.is_hidden {
            self.found.notes.insert("hidden_text");
            return;
        }
        match symbols::text(&self.font, text) {
            Some(text) => self.flow.push(&text),
            None => self.flow.push(text),
        }
    }

    fn is_shown(&self) -> bool {
        self.properties == 0
    }

    fn skip(&mut self) {
        self.skipped = Some(self.depth);
    }

    fn start_aside(&mut self, aside: Aside) {
        self.asides += 1;
        self.flow.start_aside(aside);
    }

    fn end_aside(&mut self) {
        if self.asides > 0 {
            self.asides -= 1;
            self.flow.end_aside();
        }
    }
}
