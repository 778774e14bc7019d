//! RTF, and HTML that Outlook wrapped in it: what is text to read, and in which order.

use std::collections::HashMap;

use time::{Date, Month};

use super::token::{Token, Tokens};
use crate::extract::flow::{Aside, Flow};
use crate::extract::reading::Reading;
use crate::extract::{Settings, codepage, html, symbols};

/// Reads RTF; HTML inside it as HTML.
pub(in crate::extract) fn read(bytes: &[u8], settings: &Settings) -> Reading {
    let mut walk = Walk::new(settings.limits.max_text_bytes);
    let mut tokens = Tokens::new(bytes);
    while let Some(token) = tokens.next() {
        walk.token(&token, &mut tokens);
        if walk.partial == Some(TOO_DEEP) || walk.flow.is_full() {
            break;
        }
        // What comes after the last brace is nothing, unless a brace too many came before it.
        if walk.groups.is_empty() && walk.partial.is_none() {
            if !tokens.rest().windows(4).any(|w| w == b"\\par") {
                break;
            }
            walk.partial = Some("RTF with a brace too many");
        }
    }
    walk.flush();
    if !walk.groups.is_empty() && walk.partial.is_none() {
        walk.partial = Some("RTF that ends too early");
    }
    walk.finish(settings)
}

const TOO_DEEP: &str = "RTF groups nested deeper than the limit";
/// Deepest nesting of groups.
const MAX_DEPTH: usize = 10_000;

/// What the text of a group is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Text,
    Fonts,
    Info,
    /// The instruction of a field, whose form is read.
    Instruction,
    Form,
    Entry,
    /// The mark of a list item.
    Mark,
    /// Old form of what follows in Unicode.
    Old,
    /// A tag of wrapped HTML.
    Tag,
}

#[derive(Clone, Copy)]
struct Group {
    place: Place,
    font: i32,
    /// Characters after `\u` that stand for it in old programs.
    fallback: usize,
    is_hidden: bool,
    is_deleted: bool,
    is_heading: bool,
    in_table: bool,
    /// Whether it began something beside the text.
    is_aside: bool,
}

#[derive(Default)]
struct Font {
    charset: Option<i32>,
    name: String,
}

/// How far the row under way is.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Row {
    #[default]
    None,
    InCell,
    BetweenCells,
}

/// A form field under way.
#[derive(Default)]
struct Form {
    kind: i32,
    result: Option<i32>,
    default: i32,
    entries: Vec<String>,
}

struct Walk {
    flow: Flow,
    groups: Vec<Group>,
    group: Group,
    page: u32,
    default_font: i32,
    fonts: HashMap<i32, Font>,
    /// Bytes not decoded yet.
    bytes: Vec<u8>,
    /// Characters still to pass over after `\u`.
    passed: usize,
    high: Option<u16>,
    is_starred: bool,
    row: Row,
    rows: Vec<Row>,
    form: Form,
    saved: bool,
    date: [Option<i32>; 3],
    dates: [Option<Date>; 2],
    /// The HTML that is wrapped in the file.
    html: Option<String>,
    html_off: bool,
    notes: Vec<&'static str>,
    partial: Option<&'static str>,
}

impl Walk {
    fn new(limit: usize) -> Self {
        Self {
            flow: Flow::new(limit),
            groups: Vec::new(),
            group: Group {
                place: Place::Text,
                font: -1,
                fallback: 1,
                is_hidden: false,
                is_deleted: false,
                is_heading: false,
                in_table: false,
                is_aside: false,
            },
            page: 1252,
            default_font: -1,
            fonts: HashMap::new(),
            bytes: Vec::new(),
            passed: 0,
            high: None,
            is_starred: false,
            row: Row::None,
            rows: Vec::new(),
            form: Form::default(),
            saved: false,
            date: [None; 3],
            dates: [None; 2],
            html: None,
            html_off: false,
            notes: Vec::new(),
            partial: None,
        }
    }

    fn finish(self, settings: &Settings) -> Reading {
        let mut reading = match self.html {
            Some(html) => html::read_text(&html, settings),
            None => Reading::new(self.flow.finish().0),
        };
        reading.date = self.dates[1].or(self.dates[0]);
        reading
            .quality
            .extend(self.notes.iter().map(|n| (*n).to_owned()));
        reading.partial = self.partial.map(str::to_owned);
        reading
    }

    fn token(&mut self, token: &Token<'_>, tokens: &mut Tokens<'_>) {
        let starred = std::mem::take(&mut self.is_starred);
        match token {
            Token::Open => {
                self.flush();
                self.passed = 0;
                self.groups.push(self.group);
                self.group.is_aside = false;
                if self.groups.len() > MAX_DEPTH {
                    self.partial = Some(TOO_DEEP);
                }
            }
            Token::Close => {
                self.flush();
                self.passed = 0;
                self.close();
            }
            Token::Text(text) => {
                let passed = self.passed.min(text.len());
                self.passed -= passed;
                self.bytes
                    .extend_from_slice(text.get(passed..).unwrap_or_default());
            }
            Token::Hex(byte) => {
                if self.passed > 0 {
                    self.passed -= 1;
                } else {
                    self.bytes.push(*byte);
                }
            }
            Token::Symbol(b'*') => self.is_starred = true,
            _ if self.passed > 0 && !matches!(token, Token::Word("u" | "uc", _)) => {
                self.passed -= 1;
            }
            Token::Symbol(symbol) => match symbol {
                b'\\' | b'{' | b'}' => self.bytes.push(*symbol),
                b'~' => {
                    self.flush();
                    self.push("\u{A0}");
                }
                b'_' => self.bytes.push(b'-'),
                b'\n' | b'\r' => {
                    self.flush();
                    self.word("par", None);
                }
                b'\t' => self.bytes.push(b'\t'),
                _ => {}
            },
            Token::Word("u", number) => self.unicode(number.unwrap_or(0)),
            Token::Word(word, number) => {
                self.flush();
                if self.is_passed_over(word, starred) {
                    tokens.skip_group();
                } else {
                    self.word(word, *number);
                }
            }
        }
    }

    /// Whether the group that `word` opens is no text.
    fn is_passed_over(&self, word: &str, starred: bool) -> bool {
        match word {
            "colortbl" | "stylesheet" | "pict" | "objdata" | "sp" | "nonshppict" | "shprslt"
            | "listtable" | "listoverridetable" | "themedata" | "datastore" | "filetbl"
            | "nonesttables" | "ftnsep" | "ftnsepc" | "ftncn" | "aftnsep" | "aftnsepc"
            | "aftncn" | "atnid" | "atnauthor" | "atrfstart" | "atrfend" | "atnicn" | "atndate"
            | "atnref" | "atnparent" | "template" | "mhtmltag" | "xe" | "tc" | "rxe" => true,
            _ => {
                starred
                    && !matches!(
                        word,
                        "fldinst"
                            | "formfield"
                            | "ffl"
                            | "shpinst"
                            | "shptxt"
                            | "do"
                            | "annotation"
                            | "footnote"
                            | "upr"
                            | "ud"
                            | "htmltag"
                            | "nesttableprops"
                            | "listtext"
                            | "pntext"
                            | "revtim"
                            | "creatim"
                            | "fonttbl"
                            // Some programs put the star before these, too.
                            | "info"
                            | "field"
                            | "fldrslt"
                            | "shp"
                            | "dptxbxtext"
                            | "object"
                            | "result"
                            | "header"
                            | "headerl"
                            | "headerr"
                            | "headerf"
                            | "footer"
                            | "footerl"
                            | "footerr"
                            | "footerf"
                    )
            }
        }
    }

    fn word(&mut self, word: &str, number: Option<i32>) {
        let on = number != Some(0);
        match word {
            // What a group is.
            "fonttbl" => self.group.place = Place::Fonts,
            "info" => self.group.place = Place::Info,
            "fldinst" => self.group.place = Place::Instruction,
            "formfield" => {
                self.group.place = Place::Form;
                self.form = Form::default();
            }
            "ffl" => {
                self.group.place = Place::Entry;
                self.form.entries.push(String::new());
            }
            "ffname" | "ffdeftext" | "ffformat" | "ffhelptext" | "ffstattext" | "ffentrymcr"
            | "ffexitmcr" => self.group.place = Place::Instruction,
            "upr" => self.group.place = Place::Old,
            "ud" => self.group.place = Place::Text,
            "listtext" | "pntext" => {
                self.group.place = Place::Mark;
            }
            "footnote" => self.start_aside(Aside::Note),
            "annotation" => self.start_aside(Aside::Comment),
            "shptxt" | "dptxbxtext" => self.start_aside(Aside::Box),
            "header" | "headerl" | "headerr" | "headerf" => self.start_aside(Aside::Header),
            "footer" | "footerl" | "footerr" | "footerf" => self.start_aside(Aside::Footer),
            "object" => self.notes.push("embedded_files"),
            // Wrapped HTML.
            "fromhtml" => self.html = Some(String::new()),
            "htmltag" => self.group.place = Place::Tag,
            "htmlrtf" => self.html_off = on,
            // Characters.
            "ansicpg" => self.page = number.and_then(|n| u32::try_from(n).ok()).unwrap_or(1252),
            "mac" => self.page = 10000,
            "pc" | "pca" => self.page = 850,
            "deff" => {
                self.default_font = number.unwrap_or(0);
                self.group.font = self.default_font;
            }
            "f" => self.group.font = number.unwrap_or(0),
            "fcharset" if self.group.place == Place::Fonts => {
                self.fonts.entry(self.group.font).or_default().charset = number;
            }
            "uc" => self.group.fallback = usize::try_from(number.unwrap_or(1)).unwrap_or(1).min(16),
            "v" => self.group.is_hidden = on,
            "deleted" => self.group.is_deleted = on,
            "plain" => {
                self.group.font = self.default_font;
                self.group.is_hidden = false;
                self.group.is_deleted = false;
            }
            "tab" => self.push("\t"),
            "line" | "lbr" | "softline" => self.line(),
            "emdash" => self.push("—"),
            "endash" => self.push("–"),
            "bullet" => self.push("•"),
            "lquote" => self.push("‘"),
            "rquote" => self.push("’"),
            "ldblquote" => self.push("“"),
            "rdblquote" => self.push("”"),
            "emspace" | "enspace" | "qmspace" => self.push(" "),
            // Paragraphs and tables.
            "pard" => {
                self.group.in_table = false;
                self.group.is_heading = false;
            }
            "outlinelevel" => {
                self.group.is_heading = true;
                self.flow.no_item();
                self.flow.gap();
            }
            "intbl" => self.group.in_table = true,
            "par" | "sect" | "page" | "column" => self.end_paragraph(),
            "cell" if self.is_text() => {
                self.group.in_table = true;
                self.open_cell();
                self.row = Row::BetweenCells;
            }
            "row" if self.is_text() => self.end_row(),
            "nestcell" => self.push("\t"),
            "nestrow" => self.line(),
            _ => self.number(word, number),
        }
    }

    /// Words that carry a number for a form or a date.
    fn number(&mut self, word: &str, number: Option<i32>) {
        match (self.group.place, word) {
            (Place::Form, "fftype") => self.form.kind = number.unwrap_or(0),
            (Place::Form, "ffres") => self.form.result = number.filter(|n| *n != 25),
            (Place::Form, "ffdefres") => self.form.default = number.unwrap_or(0),
            (Place::Info, "creatim" | "revtim") => {
                self.saved = word == "revtim";
                self.date = [None; 3];
            }
            (Place::Info, "yr") => self.date[0] = number,
            (Place::Info, "mo") => self.date[1] = number,
            (Place::Info, "dy") => {
                self.date[2] = number;
                self.dates[usize::from(self.saved)] = date(self.date);
            }
            _ => {}
        }
    }

    fn close(&mut self) {
        let Some(outer) = self.groups.pop() else {
            return;
        };
        let inner = std::mem::replace(&mut self.group, outer);
        if inner.is_aside {
            self.end_row();
            self.flow.end_aside();
            self.row = self.rows.pop().unwrap_or_default();
        }
        if inner.place == Place::Form && outer.place != Place::Form {
            let form = std::mem::take(&mut self.form);
            let chosen = form.result.unwrap_or(form.default);
            if form.kind == 1 {
                self.open_cell();
                self.flow.push(symbols::tick(chosen == 1));
            } else if form.kind == 2
                && let Some(entry) = usize::try_from(chosen)
                    .ok()
                    .and_then(|n| form.entries.get(n))
            {
                self.open_cell();
                self.flow.push(entry.trim());
            }
        }
    }

    fn is_text(&self) -> bool {
        self.group.place == Place::Text
    }

    fn start_aside(&mut self, aside: Aside) {
        // A text box of a group that already is one is that one.
        if self.group.is_aside {
            return;
        }
        self.open_cell();
        self.group.place = Place::Text;
        self.group.is_aside = true;
        self.group.in_table = false;
        self.rows.push(std::mem::take(&mut self.row));
        self.flow.start_aside(aside);
    }

    /// Opens the row and cell that the next text stands in, or ends the row when it stands in none.
    fn open_cell(&mut self) {
        if !self.group.in_table {
            return self.end_row();
        }
        match self.row {
            Row::None => {
                self.flow.start_row();
                self.flow.start_cell();
            }
            Row::BetweenCells => self.flow.start_cell(),
            Row::InCell => {}
        }
        self.row = Row::InCell;
    }

    fn end_row(&mut self) {
        if std::mem::take(&mut self.row) != Row::None {
            self.flow.end_row();
        }
    }

    fn end_paragraph(&mut self) {
        if self.html.is_some() {
            return self.push("\n");
        }
        if self.is_text() && !self.group.is_deleted {
            if self.row != Row::BetweenCells && (self.row == Row::None || self.group.in_table) {
                self.flow.end_paragraph();
                if self.group.is_heading {
                    self.flow.gap();
                }
            } else if !self.group.in_table {
                self.end_row();
            }
        }
    }

    fn line(&mut self) {
        if self.html.is_some() {
            self.push("\n");
        } else if self.is_text() && !self.group.is_deleted {
            self.flow.line();
        }
    }

    fn unicode(&mut self, number: i32) {
        self.flush();
        self.passed = self.group.fallback;
        // Numbers are 16 bits with a sign; some programs write them without.
        let code = if number < 0 {
            number + 0x1_0000
        } else {
            number
        };
        let unit = u16::try_from(code).ok();
        let c = match (self.high.take(), unit) {
            (Some(high), Some(low)) => char::decode_utf16([high, low]).next().and_then(Result::ok),
            _ => u32::try_from(code).ok().and_then(char::from_u32),
        };
        match (c, unit) {
            (Some(c), _) => self.push(c.encode_utf8(&mut [0; 4])),
            (None, Some(high @ 0xD800..0xDC00)) => self.high = Some(high),
            _ => self.push("\u{FFFD}"),
        }
    }

    /// Decodes the bytes met so far.
    fn flush(&mut self) {
        if self.bytes.is_empty() {
            return;
        }
        let bytes = std::mem::take(&mut self.bytes);
        let font = self.fonts.get(&self.group.font);
        let charset = font.and_then(|f| f.charset);
        if charset == Some(2) && self.is_text() {
            // A font of symbols has its own meaning for every byte.
            let name = font.map_or("", |f| &f.name);
            let text: String = (bytes.iter())
                .map(|b| symbols::symbol(name, u32::from(*b)).unwrap_or(char::from(*b)))
                .collect();
            return self.push(&text);
        }
        let page = charset.and_then(codepage::of_charset).unwrap_or(self.page);
        let text = codepage::decode(page, &bytes);
        self.push(&text);
    }

    /// Takes text to where the group puts it.
    fn push(&mut self, text: &str) {
        if let Some(html) = &mut self.html {
            let shown = match self.group.place {
                Place::Tag => true,
                Place::Text => !self.html_off,
                _ => false,
            };
            if shown {
                html.push_str(text);
                return;
            }
        }
        match self.group.place {
            Place::Text if self.html.is_none() && !self.group.is_deleted => {
                if self.group.is_hidden {
                    self.notes.push("hidden_text");
                    self.notes.dedup();
                    return;
                }
                self.open_cell();
                let font = self.fonts.get(&self.group.font).map_or("", |f| &f.name);
                match symbols::text(font, text).filter(|_| !text.is_ascii()) {
                    Some(text) => self.flow.push(&text),
                    None => self.flow.push(text),
                }
            }
            // Programs also write the empty marks of headings.
            Place::Mark if !self.group.is_heading && !text.trim().is_empty() => {
                self.open_cell();
                let mark = text.trim();
                let counts = mark.chars().any(char::is_alphanumeric);
                self.flow.item(if counts { mark } else { "-" });
            }
            Place::Fonts => {
                let name = &mut self.fonts.entry(self.group.font).or_default().name;
                if name.is_empty() || !name.ends_with(';') {
                    name.push_str(text);
                    if let Some(end) = name.find(';') {
                        name.truncate(end);
                    }
                }
            }
            Place::Entry => {
                if let Some(entry) = self.form.entries.last_mut() {
                    entry.push_str(text);
                }
            }
            _ => {}
        }
    }
}

fn date([year, month, day]: [Option<i32>; 3]) -> Option<Date> {
    let month = Month::try_from(u8::try_from(month?).ok()?).ok()?;
    let date = Date::from_calendar_date(year?, month, u8::try_from(day?).ok()?).ok()?;
    (1990..2100).contains(&date.year()).then_some(date)
}
