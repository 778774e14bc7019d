//! HTML as the text that a reader sees, from tags in a row: no tree, so nesting costs nothing.

use html5gum::{DefaultEmitter, HtmlString, StartTag, Token, Tokenizer};

use crate::extract::flow::Flow;
use crate::extract::reading::Reading;
use crate::extract::{Settings, symbols};

/// The text that a reader sees, and which of it quotes another message.
pub(in crate::extract) fn read_text(html: &str, settings: &Settings) -> Reading {
    let mut emitter = DefaultEmitter::default();
    emitter.naively_switch_states(true);
    let mut walk = Walk::new(settings.limits.max_text_bytes);
    for token in Tokenizer::new_with_emitter(html, emitter) {
        let Ok(token) = token;
        match token {
            Token::StartTag(tag) => walk.open(&tag),
            Token::EndTag(tag) => walk.close(&String::from_utf8_lossy(&tag.name)),
            Token::String(text) => walk.text(&String::from_utf8_lossy(&text)),
            _ => {}
        }
        if walk.flow.is_full() {
            break;
        }
    }
    while walk.tables.pop().is_some_and(|row| row) {
        walk.flow.end_row();
    }
    let (text, quoted) = walk.flow.finish();
    let text: String = text
        .chars()
        .map(|c| {
            if c.is_control() && c != '\n' && c != '\t' {
                ' '
            } else {
                c
            }
        })
        .collect();
    let quality = walk.hides.then(|| "hidden_parts".to_owned());
    Reading {
        text,
        quoted,
        quality: quality.into_iter().collect(),
        ..Reading::default()
    }
}

struct Walk {
    flow: Flow,
    /// The element that is passed over, and how often it is open.
    skipped: Option<(String, usize)>,
    is_spaced: bool,
    pre: usize,
    /// Open drawings.
    svg: usize,
    /// Whether a row is open, of each open table.
    tables: Vec<bool>,
    /// The next number of each open list; none for one of dashes.
    lists: Vec<Option<u32>>,
    /// Whether each open block of these names quotes another message.
    divs: Vec<bool>,
    quotes: Vec<bool>,
    /// Font of symbols of each open span.
    fonts: Vec<Option<String>>,
    /// Whether the open choice shows the option under way.
    choice: Option<bool>,
    /// Everything from here on is an older message.
    is_history: bool,
    /// Something is in the file that no reader sees.
    hides: bool,
}

impl Walk {
    fn new(limit: usize) -> Self {
        Self {
            flow: Flow::new(limit),
            skipped: None,
            is_spaced: false,
            pre: 0,
            svg: 0,
            tables: Vec::new(),
            lists: Vec::new(),
            divs: Vec::new(),
            quotes: Vec::new(),
            fonts: Vec::new(),
            choice: None,
            is_history: false,
            hides: false,
        }
    }

    fn open(&mut self, tag: &StartTag<()>) {
        let name = String::from_utf8_lossy(&tag.name);
        if let Some((skipped, depth)) = &mut self.skipped {
            *depth += usize::from(*skipped == name && !tag.self_closing);
            return;
        }
        let get = |name: &[u8]| {
            let value: Option<&HtmlString> = tag.attributes.get(name).map(|v| &v.value);
            value.map(|v| String::from_utf8_lossy(v).to_lowercase())
        };
        let style = get(b"style").unwrap_or_default();
        if !VOID.contains(&&*name) && !tag.self_closing && is_hidden(&style, get(b"hidden")) {
            self.hides = true;
            self.skipped = Some((name.into_owned(), 1));
            return;
        }
        match &*name {
            "script" | "style" | "title" | "template" | "del" | "iframe" | "noframes"
            | "noembed" | "noscript" | "rt" | "rp"
                if !tag.self_closing =>
            {
                self.skipped = Some((name.into_owned(), 1));
            }
            // The mark of a footnote, and its way back.
            "a" if get(b"href").is_some_and(|h| is_note(&h)) => {
                self.skipped = Some((name.into_owned(), 1));
            }
            "svg" if !tag.self_closing => self.svg += 1,
            // Of a drawing, only its texts are for reading.
            "defs" | "symbol" | "desc" | "metadata" if self.svg > 0 && !tag.self_closing => {
                self.skipped = Some((name.into_owned(), 1));
            }
            "text" if self.svg > 0 => self.block(),
            // One that is put in a place of its own is a piece of its own; others split words.
            "tspan" if self.svg > 0 => {
                self.is_spaced |= [&b"x"[..], b"y", b"dy"].iter().any(|a| get(a).is_some());
            }
            "br" => {
                self.is_spaced = false;
                self.flow.line();
            }
            "table" => {
                self.block();
                self.tables.push(false);
            }
            "tr" => {
                self.end_row();
                self.start_row();
            }
            "td" | "th" => {
                self.start_row();
                self.is_spaced = false;
                self.flow.start_cell();
            }
            "ol" | "ul" => {
                self.block();
                let start = get(b"start").and_then(|n| n.parse().ok()).unwrap_or(1);
                self.lists.push((name == "ol").then_some(start));
            }
            "li" => {
                self.block();
                let value = get(b"value").and_then(|n| n.parse().ok());
                let mark = match self.lists.last_mut() {
                    Some(Some(next)) => {
                        let number: u32 = value.unwrap_or(*next);
                        *next = number.saturating_add(1);
                        format!("{number}.")
                    }
                    _ => "-".to_owned(),
                };
                self.flow.item(&mark);
            }
            "pre" => {
                self.block();
                self.pre += 1;
            }
            "textarea" => {
                self.is_spaced = true;
                self.pre += 1;
            }
            "input" => self.input(tag),
            "select" => {
                self.is_spaced = true;
                self.choice = Some(false);
            }
            "button" | "output" => self.is_spaced = true,
            "option" if self.choice.is_some() => {
                self.choice = Some(get(b"selected").is_some());
            }
            "span" | "font" => {
                let face = get(b"face").or_else(|| {
                    let (_, value) = style.split_once("font-family:")?;
                    let first = value.split([',', ';']).next()?;
                    Some(first.trim_matches(['"', '\'', ' ']).to_owned())
                });
                let face = face.filter(|f| symbols::symbol(f, 0x20).is_some());
                // What says nothing of its font has that of what it stands in.
                let outer = self.fonts.last().cloned().flatten();
                self.fonts.push(if style.contains("font") {
                    face
                } else {
                    face.or(outer)
                });
            }
            "div" | "blockquote" => {
                self.block();
                let class = get(b"class").unwrap_or_default();
                let id = get(b"id").unwrap_or_default();
                self.is_history |= is_history(&id, &style) && self.start_history();
                let cites = get(b"type").as_deref() == Some("cite")
                    || QUOTES.iter().any(|q| class.split(' ').any(|c| c == *q));
                if cites {
                    self.flow.start_quote();
                }
                self.open_of(&name).push(cites);
            }
            name if BLOCKS.contains(&name) => {
                self.block();
                self.gap(name);
            }
            _ => {}
        }
    }

    fn close(&mut self, name: &str) {
        if let Some((skipped, depth)) = &mut self.skipped {
            if skipped == name {
                *depth -= 1;
                if *depth == 0 {
                    self.skipped = None;
                }
            }
            return;
        }
        match name {
            "tr" => self.end_row(),
            "table" => {
                self.end_row();
                self.tables.pop();
                self.block();
            }
            "select" => {
                self.choice = None;
                self.is_spaced = true;
            }
            "option" => self.choice = self.choice.map(|_| false),
            "button" | "output" => self.is_spaced = true,
            "svg" => self.svg = self.svg.saturating_sub(1),
            "text" if self.svg > 0 => self.block(),
            "span" | "font" => {
                self.fonts.pop();
            }
            "ol" | "ul" => {
                self.lists.pop();
                self.block();
            }
            "pre" => {
                self.pre = self.pre.saturating_sub(1);
                self.block();
            }
            "textarea" => {
                self.pre = self.pre.saturating_sub(1);
                self.is_spaced = true;
            }
            "div" | "blockquote" => {
                self.block();
                if self.open_of(name).pop() == Some(true) {
                    self.flow.end_quote();
                }
            }
            "li" => {
                self.block();
                self.flow.no_item();
            }
            name if BLOCKS.contains(&name) => {
                self.block();
                self.gap(name);
            }
            _ => {}
        }
    }

    fn open_of(&mut self, name: &str) -> &mut Vec<bool> {
        if name == "div" {
            &mut self.divs
        } else {
            &mut self.quotes
        }
    }

    fn start_history(&mut self) -> bool {
        if !self.is_history {
            self.flow.start_quote();
        }
        true
    }

    /// What a field of a form shows.
    fn input(&mut self, tag: &StartTag<()>) {
        let get = |name: &[u8]| {
            let value: Option<&HtmlString> = tag.attributes.get(name).map(|v| &v.value);
            value.map(|v| String::from_utf8_lossy(v).into_owned())
        };
        let checked = get(b"checked").is_some();
        let kind = get(b"type").unwrap_or_default().to_lowercase();
        let shown = match kind.as_str() {
            "checkbox" => symbols::tick(checked).to_owned(),
            "radio" => (if checked { "●" } else { "○" }).to_owned(),
            "hidden" | "password" | "submit" | "button" | "image" | "reset" | "file" => return,
            _ => get(b"value").unwrap_or_default(),
        };
        self.is_spaced = true;
        self.text(&shown);
        self.is_spaced = true;
    }

    /// Whatever comes next begins a line.
    fn block(&mut self) {
        self.is_spaced = false;
        self.flow.end_block();
    }

    /// Sets a heading apart.
    fn gap(&mut self, name: &str) {
        if matches!(name, "h1" | "h2" | "h3" | "h4" | "h5" | "h6") {
            self.flow.gap();
        }
    }

    fn start_row(&mut self) {
        if self.tables.is_empty() {
            self.tables.push(false);
        }
        if let Some(open) = self.tables.last_mut()
            && !std::mem::replace(open, true)
        {
            self.is_spaced = false;
            self.flow.start_row();
        }
    }

    fn end_row(&mut self) {
        if let Some(open) = self.tables.last_mut()
            && std::mem::take(open)
        {
            self.is_spaced = false;
            self.flow.end_row();
        }
    }

    fn text(&mut self, text: &str) {
        if self.skipped.is_some() || self.choice == Some(false) {
            return;
        }
        if self.pre > 0 {
            self.space();
            for (n, line) in text.split('\n').enumerate() {
                if n > 0 {
                    self.flow.line();
                }
                self.write(line.trim_end_matches('\r'));
            }
            return;
        }
        for (n, word) in text
            .split(|c: char| c.is_ascii_whitespace() || c == '\u{A0}')
            .enumerate()
        {
            self.is_spaced |= n > 0;
            if word.is_empty() {
                continue;
            }
            self.space();
            self.write(word);
        }
    }

    /// Writes the white space that was met.
    fn space(&mut self) {
        if std::mem::take(&mut self.is_spaced) && !self.flow.line_so_far().is_empty() {
            self.flow.push(" ");
        }
    }

    fn write(&mut self, text: &str) {
        let font = self.fonts.last().and_then(Option::as_deref);
        match font.and_then(|font| symbols::text(font, text)) {
            Some(text) => self.flow.push(&text),
            None => self.flow.push(text),
        }
    }
}

/// Classes of blocks that quote another message, by mail program.
const QUOTES: &[&str] = &[
    "gmail_quote",
    "gmail_quote_container",
    "moz-cite-prefix",
    "yahoo_quoted",
    "protonmail_quote",
    "zmail_extra",
];

/// Whether a block is the head of an older message, as Outlook puts it; what follows is that message.
fn is_history(id: &str, style: &str) -> bool {
    let style: String = style.split_whitespace().collect();
    matches!(
        id,
        "divrplyfwdmsg" | "mail-editor-reference-message-container"
    ) || style.contains("border-top:solid#e1e1e1")
        || style.contains("border-top:solid#b5c4df")
}

/// Whether no reader sees an element: menus, templates, previews of mail programs.
fn is_hidden(style: &str, hidden: Option<String>) -> bool {
    let style: String = style.split_whitespace().collect();
    hidden.is_some()
        || ["display:none", "visibility:hidden", "mso-hide:all"]
            .iter()
            .any(|s| style.contains(s))
}

fn is_note(link: &str) -> bool {
    let link = link.trim_start_matches('#');
    link.len() < 40
        && ["sdfootnote", "sdendnote", "_ftn", "_edn", "fnref"]
            .iter()
            .any(|n| link.starts_with(n))
        || link
            .strip_prefix("fn")
            .is_some_and(|n| n.bytes().all(|b| b.is_ascii_digit()))
}

/// Elements that have no end.
const VOID: &[&str] = &[
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr",
];

const BLOCKS: &[&str] = &[
    "address",
    "article",
    "aside",
    "caption",
    "center",
    "dd",
    "details",
    "dialog",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "legend",
    "main",
    "nav",
    "p",
    "section",
    "summary",
    "tbody",
    "tfoot",
    "thead",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn read(html: &str) -> String {
        read_text(html, &Settings::default()).text
    }

    #[test]
    fn text_rows() {
        for (html, expected) in [
            (
                "<p>een  <b>lover</b>boy\n hier</p><p>twee<br>drie</p>",
                "een loverboy hier\ntwee\ndrie",
            ),
            (
                "<head><title>t</title><style>p{}</style><noscript>n</noscript></head><body>a<script>if (a<b) {}</script>b<!-- c --></body>",
                "ab",
            ),
            (
                "<p>&eacute;&euml;n&nbsp;&lt;p&gt; &#8364; &amp;amp;</p>",
                "éën <p> € &amp;",
            ),
            (
                "<ul><li>een<li>twee<ul><li>drie</ul></ul>na",
                "- een\n- twee\n- drie\nna",
            ),
            (
                "<table><tr><th>a<th>b<tr><td></td><td>X</td></tr></table>na",
                "a\tb\n\tX\nna",
            ),
            (
                "<table><tr><td><table><tr><td>a<td>b</table></td></tr></table>",
                "a\tb",
            ),
            (
                "<input type=checkbox checked>ja <input type=checkbox>nee <input type='radio' checked>x<input type=hidden value=h><input value='vrij veld'>",
                "☒ ja ☐ nee ● x vrij veld",
            ),
            (
                "<select><option>laag<option selected>hoog</select> <textarea>een\ntwee</textarea>",
                "hoog een\ntwee",
            ),
            (
                "<label>Verslag</label><textarea>Noor</textarea><label>Status</label><select><option selected>Open</select><label>Naam</label><input value=Jan><input type=checkbox>ja",
                "Verslag Noor Status Open Naam Jan ☐ ja",
            ),
            (
                "a<svg><title>t</title><desc>d</desc><path d='M0'/><text>een</text> <text><tspan>lover</tspan>boy<tspan dy='1em'>twee</tspan></text></svg>b",
                "a\neen\nloverboy twee\nb",
            ),
            ("a<span style='visibility: hidden'>b</span>c", "ac"),
            ("a<del>weg</del><ins> erbij</ins>", "a erbij"),
            (
                "<pre>een  twee\n  drie</pre>vier",
                "een  twee\n  drie\nvier",
            ),
            (
                "<span style='font-family:Wingdings'>þ</span> ja <font face=Wingdings>o</font> nee",
                "☑ ja ☐ nee",
            ),
            ("een<br><br>twee", "een\n\ntwee"),
            ("a<h2>Kop</h2><p>b", "a\n\nKop\n\nb"),
            ("<ul><li><p>een</p></li><li></li></ul>na", "- een\nna"),
            (
                "a<div style='display: none'>b<div>c</div></div><p hidden>d</p>e",
                "ae",
            ),
            (
                "lach.<a href='#sdfootnote1sym'><sup>1</sup></a> Om <a href='#fn2'>2</a><a href='#kop'>kop</a>",
                "lach. Om kop",
            ),
        ] {
            assert_eq!(read(html), expected, "{html}");
        }
    }

    #[test]
    fn quotes_are_told() {
        for (html, expected) in [
            (
                "<p>nieuw</p><div class=\"gmail_quote\"><div>Op ma schreef Jan:</div><blockquote><p>oud</p></blockquote></div><p>slot</p>",
                "Op ma schreef Jan:\noud",
            ),
            ("<p>nieuw</p><blockquote type=cite>oud</blockquote>", "oud"),
            (
                "<p>nieuw</p><div style='border:none;border-top:solid #E1E1E1 1.0pt'><p>Van: Jan</p></div><p>oud</p>",
                "Van: Jan\noud",
            ),
            (
                "<p>nieuw</p><hr><div id=divRplyFwdMsg>Van: Jan</div><div>oud</div>",
                "Van: Jan\noud",
            ),
        ] {
            let reading = read_text(html, &Settings::default());
            let quoted: String = reading
                .quoted
                .iter()
                .map(|s| s.slice(&reading.text))
                .collect();
            assert_eq!(quoted.trim(), expected, "{html}");
        }
    }
}
