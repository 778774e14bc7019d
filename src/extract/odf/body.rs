//! OpenDocument XML: what is text to read, and in which order.

use std::collections::{HashMap, HashSet};

use super::numbering::Numbering;
use crate::extract::flow::{Aside, Flow};
use crate::extract::reading::Found;
use crate::extract::symbols;
use crate::extract::xml::{Event, Tag, Xml};

/// Most empty cells or blanks that one number may stand for.
const MAX_REPEAT: usize = 64;

struct Walk<'a> {
    flow: &'a mut Flow,
    found: &'a mut Found,
    depth: usize,
    /// Depth of the element that is passed over.
    skipped: Option<usize>,
    /// Open paragraphs, of the text and of each that stands beside it.
    paragraphs: Vec<usize>,
    /// Whether each open frame stands beside a paragraph.
    frames: Vec<bool>,
    /// How lists are counted, and those that are open.
    numbering: &'a Numbering,
    lists: Vec<List>,
    /// The next paragraph begins a list item with this mark.
    item: Option<String>,
    /// White space was met that is not yet written.
    is_spaced: bool,
    /// Fonts by the names of styles, and those of the open spans.
    fonts: HashMap<String, String>,
    style: String,
    spans: Vec<String>,
    /// Texts of form controls by id.
    controls: HashMap<String, String>,
    list: Option<String>,
    /// An open tick box of a form of old.
    tick: Option<bool>,
    /// Deletions whose text stands in the document itself, and those under way.
    deletions: HashSet<String>,
    open_deletions: HashSet<String>,
}

/// Ids of changes that took text out and left it where it stood: their deletion holds no paragraph. One that has no
/// end there is none, or the rest of the text would go with it.
fn inline_deletions(text: &str) -> HashSet<String> {
    let mut found = HashSet::new();
    if !text.contains("tracked-changes") {
        return found;
    }
    let (mut empty, mut started) = (HashSet::new(), HashSet::new());
    let (mut id, mut is_empty) = (None, true);
    for event in Xml::new(text) {
        match event {
            Event::Open(tag) => match tag.name() {
                "changed-region" => id = tag.attribute("id"),
                "deletion" => is_empty = true,
                "p" | "h" | "list" | "table" => is_empty = false,
                "change-start" => started.extend(tag.attribute("change-id")),
                "change-end" => {
                    let id = tag.attribute("change-id");
                    found.extend(id.filter(|id| empty.contains(id) && started.contains(id)));
                }
                _ => {}
            },
            Event::Close(name) if name == "deletion" => {
                empty.extend(id.take().filter(|_| is_empty));
            }
            Event::Close(name) if name == "tracked-changes" && empty.is_empty() => break,
            _ => {}
        }
    }
    found
}

/// A list that is open.
struct List {
    /// Name of its style.
    name: String,
    /// Items so far.
    counted: u32,
}

/// Adds the text of a part to `flow`.
pub(in crate::extract) fn walk(
    text: &str,
    numbering: &Numbering,
    flow: &mut Flow,
    found: &mut Found,
) {
    let mut walk = Walk {
        flow,
        found,
        depth: 0,
        skipped: None,
        paragraphs: vec![0],
        frames: Vec::new(),
        numbering,
        lists: Vec::new(),
        item: None,
        is_spaced: false,
        fonts: HashMap::new(),
        style: String::new(),
        spans: Vec::new(),
        controls: HashMap::new(),
        list: None,
        tick: None,
        deletions: inline_deletions(text),
        open_deletions: HashSet::new(),
    };
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
            Event::Text(text)
                if walk.skipped.is_none()
                    && walk.open_deletions.is_empty()
                    && walk.in_paragraph() =>
            {
                walk.text(&text);
            }
            Event::Text(_) => {}
        }
        if walk.flow.is_full() {
            break;
        }
    }
    while walk.paragraphs.len() > 1 {
        walk.end_aside();
    }
    if let Some(trouble) = xml.trouble() {
        found.trouble.get_or_insert(trouble);
    }
}

impl Walk<'_> {
    /// What stands before the next item: a number, or a dash.
    fn mark(&mut self, start: Option<u32>) -> String {
        let depth = self.lists.len();
        let Some(list) = self.lists.last_mut() else {
            return "-".to_owned();
        };
        let first = self.numbering.start(&list.name, depth);
        list.counted = match (start, list.counted) {
            (Some(start), _) => start,
            (None, 0) => first,
            (None, counted) => counted.saturating_add(1),
        };
        let counts: Vec<u32> = self.lists.iter().map(|l| l.counted).collect();
        let name = self.lists.last().map_or("", |l| l.name.as_str());
        self.numbering.mark(name, &counts)
    }

    fn in_paragraph(&self) -> bool {
        self.paragraphs.last().is_some_and(|n| *n > 0)
    }

    fn open(&mut self, tag: &Tag<'_>) {
        let name = tag.name();
        let is_true = |name: &str| tag.attribute(name).as_deref() == Some("true");
        match name {
            "tracked-changes" | "note-citation" | "ruby-text" | "binary-data" => self.skip(),
            "change-start" => {
                let id = tag.attribute("change-id").unwrap_or_default();
                if self.deletions.contains(&id) {
                    self.open_deletions.insert(id);
                }
            }
            "change-end" => {
                let id = tag.attribute("change-id").unwrap_or_default();
                self.open_deletions.remove(&id);
            }
            // What a deletion holds beside characters.
            "s" | "tab" | "line-break" | "note" | "annotation" | "control" | "fieldmark"
            | "frame"
                if !self.open_deletions.is_empty() =>
            {
                self.skip();
            }
            "p" | "h" => {
                if let Some(open) = self.paragraphs.last_mut() {
                    *open += 1;
                }
                if !self.open_deletions.is_empty() {
                    return;
                }
                self.is_spaced = false;
                if name == "h" {
                    self.flow.gap();
                }
                if let Some(mark) = self.item.take().filter(|_| name == "p") {
                    self.flow.item(&mark);
                }
            }
            "list" => {
                let named = tag.attribute("style-name");
                let outer = self.lists.last().map(|l| l.name.clone());
                self.lists.push(List {
                    name: named.or(outer).unwrap_or_default(),
                    counted: 0,
                });
            }
            "list-item" => {
                let start = tag.attribute("start-value").and_then(|n| n.parse().ok());
                self.item = Some(self.mark(start));
            }
            "list-header" => self.item = None,
            "s" => {
                let count = tag.attribute("c").and_then(|c| c.parse().ok());
                self.space();
                let count: usize = count.unwrap_or(1);
                self.flow.push(&" ".repeat(count.min(MAX_REPEAT)));
            }
            "tab" if self.in_paragraph() => {
                self.is_spaced = false;
                self.flow.push("\t");
            }
            "line-break" => {
                self.is_spaced = false;
                self.flow.line();
            }
            "span" => self
                .spans
                .push(tag.attribute("style-name").unwrap_or_default()),
            "style" => self.style = tag.attribute("name").unwrap_or_default(),
            "text-properties" => {
                if let Some(font) = tag.attribute("font-name").or(tag.attribute("font-family")) {
                    self.fonts.insert(self.style.clone(), font);
                }
            }
            "table-row" => self.flow.start_row(),
            "table-cell" => {
                self.flow.start_cell();
                let repeated = tag.attribute("number-columns-repeated");
                let repeated: usize = repeated.and_then(|n| n.parse().ok()).unwrap_or(1);
                for _ in 1..repeated.min(MAX_REPEAT) {
                    self.flow.start_cell();
                }
            }
            "note-body" => self.start_aside(Aside::Note),
            "annotation" => self.start_aside(Aside::Comment),
            "master-page" => self.start_aside(Aside::Nothing),
            "header" | "header-left" | "header-first" => self.start_aside(Aside::Header),
            "footer" | "footer-left" | "footer-first" => self.start_aside(Aside::Footer),
            "frame" | "custom-shape" | "rect" | "ellipse" | "caption" | "polygon" | "path" => {
                let beside = self.in_paragraph();
                self.frames.push(beside);
                if beside {
                    self.start_aside(Aside::Box);
                }
            }
            "object" | "object-ole" => {
                self.found.notes.insert("embedded_files");
            }
            "hidden-text" if is_true("is-hidden") => {
                self.found.notes.insert("hidden_text");
                self.skip();
            }
            "fieldmark" => {
                let kind = tag.attribute("type").unwrap_or_default();
                self.tick = kind.ends_with("FORMCHECKBOX").then_some(false);
            }
            "param" if tag.attribute("name").as_deref() == Some("Checkbox_Checked") => {
                self.tick = self.tick.map(|_| is_true("value"));
            }
            "control" => {
                let id = tag.attribute("control").unwrap_or_default();
                if let Some(text) = self.controls.get(&id).cloned() {
                    self.text(&text);
                }
            }
            _ => self.form(tag),
        }
    }

    /// What form controls show; they are set out before the text that they stand in.
    fn form(&mut self, tag: &Tag<'_>) {
        let get = |name: &str| tag.attribute(name).unwrap_or_default();
        let text = match tag.name() {
            "checkbox" => {
                let state = tag.attribute("current-state").unwrap_or(get("state"));
                format!("{} {}", symbols::tick(state == "checked"), get("label"))
            }
            "radio" => {
                let chosen = tag.attribute("current-selected").unwrap_or(get("selected"));
                let mark = if chosen == "true" { '●' } else { '○' };
                format!("{mark} {}", get("label"))
            }
            "text" | "textarea" | "formatted-text" | "combobox" => {
                tag.attribute("current-value").unwrap_or(get("value"))
            }
            "listbox" => {
                self.list = Some(get("id"));
                return;
            }
            "option" if get("current-selected") == "true" => {
                if let Some(id) = &self.list {
                    self.controls.insert(id.clone(), get("label"));
                }
                return;
            }
            _ => return,
        };
        let id = get("id");
        if !id.is_empty() {
            self.controls.insert(id, text.trim_end().to_owned());
        }
    }

    fn close(&mut self, name: &str) {
        match name {
            "p" | "h" => {
                if let Some(open) = self.paragraphs.last_mut() {
                    *open = open.saturating_sub(1);
                }
                // A paragraph whose end was deleted goes on in the next one.
                if !self.open_deletions.is_empty() {
                    return;
                }
                self.is_spaced = false;
                self.flow.end_paragraph();
                if name == "h" {
                    self.flow.gap();
                }
            }
            "list-item" => self.item = None,
            "list" => {
                self.lists.pop();
            }
            "span" => {
                self.spans.pop();
            }
            "table-row" => self.flow.end_row(),
            "note-body" | "annotation" | "master-page" | "header" | "header-left"
            | "header-first" | "footer" | "footer-left" | "footer-first" => self.end_aside(),
            "frame" | "custom-shape" | "rect" | "ellipse" | "caption" | "polygon" | "path" => {
                let beside = self.frames.pop();
                if beside == Some(true) {
                    self.end_aside();
                }
            }
            "listbox" => self.list = None,
            "fieldmark" | "fieldmark-end" => {
                if let Some(tick) = self.tick.take() {
                    self.text(symbols::tick(tick));
                }
            }
            _ => {}
        }
    }

    /// Text of a paragraph, in which white space is one blank, and none at its start.
    fn text(&mut self, text: &str) {
        for (n, part) in text.split([' ', '\n', '\t', '\r']).enumerate() {
            self.is_spaced |= n > 0;
            if part.is_empty() {
                continue;
            }
            self.space();
            let font = self.spans.last().and_then(|s| self.fonts.get(s));
            match font.and_then(|font| symbols::text(font, part)) {
                Some(part) => self.flow.push(&part),
                None => self.flow.push(part),
            }
        }
    }

    /// Writes the white space that was met.
    fn space(&mut self) {
        if std::mem::take(&mut self.is_spaced) && !self.flow.line_so_far().is_empty() {
            self.flow.push(" ");
        }
    }

    fn skip(&mut self) {
        self.skipped = Some(self.depth);
    }

    fn start_aside(&mut self, aside: Aside) {
        self.space();
        self.paragraphs.push(0);
        self.flow.start_aside(aside);
    }

    fn end_aside(&mut self) {
        if self.paragraphs.len() > 1 {
            self.paragraphs.pop();
            self.flow.end_aside();
            self.is_spaced = false;
        }
    }
}
