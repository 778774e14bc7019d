//! One part of a MIME message: its headers, its bytes and its characters.

use encoding_rs::Encoding;
use mail_parser::{ContentType, DateTime, Message, MessageParser, MimeHeaders};
use time::{Month, PrimitiveDateTime, Time};

use crate::extract::plain;

/// Most parts of one multipart.
const MAX_PARTS: usize = 10_000;

/// A part: of a message, or the message itself.
pub(in crate::extract) struct Entity<'a> {
    /// None without a header.
    head: Option<Message<'static>>,
    body: &'a [u8],
}

impl<'a> Entity<'a> {
    pub(in crate::extract) fn new(parser: &MessageParser, bytes: &'a [u8]) -> Self {
        let (head, body) = cut(bytes);
        // Headers should be ASCII; those that are not, are in the encoding of an office.
        let (head, _) = plain::decode(head);
        let head = join_words(&head);
        let head = parser.parse_headers(head.as_bytes());
        Self {
            head: head
                .filter(|h| !h.parts.is_empty())
                .map(Message::into_owned),
            body,
        }
    }

    /// Subject, as written.
    pub(in crate::extract) fn subject(&self) -> &str {
        let head = self.head.as_ref();
        head.and_then(Message::subject).unwrap_or_default()
    }

    /// When it was sent, by the clock of the sender.
    pub(in crate::extract) fn date(&self) -> Option<PrimitiveDateTime> {
        let head = self.head.as_ref();
        head.and_then(Message::date).and_then(when)
    }

    /// Whether it names a sender with an address: a message, and not a saved page.
    pub(in crate::extract) fn has_sender(&self) -> bool {
        let from = self.head.as_ref().and_then(Message::from);
        let from = from.and_then(|f| f.first());
        from.and_then(|f| f.address())
            .is_some_and(|a| a.contains('@'))
    }

    /// Content type, lower case; `fallback` for a part that tells none.
    pub(in crate::extract) fn kind(&self, fallback: &str) -> String {
        let Some(kind) = self.content_type() else {
            return fallback.to_owned();
        };
        let subtype = kind.subtype().unwrap_or_default();
        format!("{}/{subtype}", kind.ctype()).to_lowercase()
    }

    fn content_type(&self) -> Option<&ContentType<'_>> {
        self.head.as_ref().and_then(MimeHeaders::content_type)
    }

    /// A parameter of the content type.
    pub(in crate::extract) fn parameter(&self, name: &str) -> Option<&str> {
        self.content_type().and_then(|k| k.attribute(name))
    }

    pub(in crate::extract) fn is_attached(&self) -> bool {
        let head = self.head.as_ref();
        let disposition = head.and_then(MimeHeaders::content_disposition);
        disposition.is_some_and(|d| d.ctype().eq_ignore_ascii_case("attachment"))
    }

    pub(in crate::extract) fn name(&self) -> Option<&str> {
        let name = self.head.as_ref().and_then(MimeHeaders::attachment_name);
        name.filter(|n| !n.trim().is_empty())
    }

    /// The name by which other parts refer to it.
    pub(in crate::extract) fn content_id(&self) -> Option<&str> {
        self.head
            .as_ref()
            .and_then(MimeHeaders::content_id)
            .map(|id| id.trim_matches(['<', '>', ' ']))
    }

    /// The parts between the lines with `boundary`, and what comes after the last one.
    pub(in crate::extract) fn parts(&self, boundary: &str) -> (Vec<&'a [u8]>, &'a [u8]) {
        let (mut parts, mut start, mut at) = (Vec::new(), None, 0);
        let mut end = None;
        for line in self.body.split_inclusive(|b| *b == b'\n') {
            let rest = line
                .strip_prefix(b"--")
                .and_then(|l| l.strip_prefix(boundary.as_bytes()));
            let rest = rest.map(|r| r.trim_ascii_end());
            if let Some(rest @ (b"" | b"--")) = rest {
                if let Some(end) = end {
                    return (parts, self.body.get(end..at).unwrap_or_default());
                }
                parts.extend(start.take().and_then(|start| self.body.get(start..at)));
                if parts.len() >= MAX_PARTS {
                    return (parts, &[]);
                }
                if rest == b"--" {
                    end = Some(at + line.len());
                } else {
                    start = Some(at + line.len());
                }
            }
            at += line.len();
        }
        // A message that was cut off.
        parts.extend(start.and_then(|start| self.body.get(start..)));
        let rest = end.and_then(|end| self.body.get(end..));
        (parts, rest.unwrap_or_default())
    }

    /// Its bytes, as sent.
    pub(in crate::extract) fn bytes(&self) -> Vec<u8> {
        let head = self.head.as_ref();
        let coding = head.and_then(MimeHeaders::content_transfer_encoding);
        let coding = coding.unwrap_or_default();
        match coding.trim().to_lowercase().as_str() {
            "base64" => base64(self.body),
            "quoted-printable" => quoted_printable(self.body),
            _ => self.body.to_vec(),
        }
    }

    /// Its characters.
    pub(in crate::extract) fn text(&self) -> String {
        let bytes = self.bytes();
        let label = self.parameter("charset").unwrap_or_default();
        let encoding = Encoding::for_label(label.trim().as_bytes());
        let text = match encoding {
            // What says UTF-8 or nothing, and is not, is in the encoding of an office.
            Some(encoding)
                if encoding != encoding_rs::UTF_8 && !label.eq_ignore_ascii_case("us-ascii") =>
            {
                encoding.decode(&bytes).0.into_owned()
            }
            _ => plain::decode(&bytes).0,
        };
        if self
            .parameter("format")
            .is_some_and(|f| f.eq_ignore_ascii_case("flowed"))
        {
            let joins = self
                .parameter("delsp")
                .is_some_and(|d| d.eq_ignore_ascii_case("yes"));
            return flowed(&text, joins);
        }
        text
    }
}

/// An encoded word: `=?charset?Q?text?=`.
struct Word<'a> {
    charset: &'a str,
    is_base64: bool,
    text: &'a str,
    /// What comes after it.
    rest: &'a str,
}

impl<'a> Word<'a> {
    /// The one that begins here.
    fn at(text: &'a str) -> Option<Self> {
        let (charset, rest) = text.strip_prefix("=?")?.split_once('?')?;
        let is_base64 = matches!(rest.get(..2)?, "B?" | "b?");
        if !is_base64 && !matches!(rest.get(..2)?, "Q?" | "q?") {
            return None;
        }
        let (text, rest) = rest.get(2..)?.split_once('?')?;
        let rest = rest.strip_prefix('=')?;
        Some(Self {
            charset,
            is_base64,
            text,
            rest,
        })
    }

    fn bytes(&self) -> Vec<u8> {
        if self.is_base64 {
            base64(self.text.as_bytes())
        } else {
            quoted_printable(self.text.replace('_', "=20").as_bytes())
        }
    }
}

/// Makes one word of encoded words in a row, since some programs cut them in the middle of a character.
fn join_words(head: &str) -> String {
    let (mut out, mut rest) = (String::with_capacity(head.len()), head);
    while let Some(start) = rest.find("=?") {
        let (before, here) = rest.split_at(start);
        out.push_str(before);
        let Some(word) = Word::at(here) else {
            out.push_str("=?");
            rest = here.get(2..).unwrap_or_default();
            continue;
        };
        let (mut bytes, mut end, mut count) = (word.bytes(), word.rest, 1);
        while let Some(next) = Word::at(end.trim_start_matches([' ', '\t', '\r', '\n']))
            && next.charset.eq_ignore_ascii_case(word.charset)
        {
            bytes.extend(next.bytes());
            end = next.rest;
            count += 1;
        }
        if count == 1 {
            out.push_str(here.strip_suffix(end).unwrap_or_default());
        } else {
            out.push_str("=?");
            out.push_str(word.charset);
            out.push_str("?Q?");
            for byte in bytes {
                out.push_str(&format!("={byte:02X}"));
            }
            out.push_str("?=");
        }
        rest = end;
    }
    out.push_str(rest);
    out
}

/// Headers and body, cut at the first empty line.
fn cut(bytes: &[u8]) -> (&[u8], &[u8]) {
    let mut at = 0;
    for line in bytes.split_inclusive(|b| *b == b'\n') {
        at += line.len();
        if line.trim_ascii().is_empty() {
            return bytes.split_at(at);
        }
    }
    (bytes, &[])
}

fn when(date: &DateTime) -> Option<PrimitiveDateTime> {
    let month = Month::try_from(date.month).ok()?;
    let day = time::Date::from_calendar_date(date.year.into(), month, date.day).ok()?;
    let time = Time::from_hms(date.hour.min(23), date.minute.min(59), 0).ok()?;
    (1980..2100)
        .contains(&day.year())
        .then(|| PrimitiveDateTime::new(day, time))
}

/// Lenient: what is no letter of the alphabet is passed over, and a cut-off end gives what it holds.
fn base64(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() / 4 * 3);
    let (mut bits, mut held) = (0_u32, 0);
    for byte in bytes {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            b'=' => {
                held = 0;
                continue;
            }
            _ => continue,
        };
        bits = bits << 6 | u32::from(value);
        held += 6;
        if held >= 8 {
            held -= 8;
            out.push((bits >> held & 0xFF) as u8);
        }
    }
    out
}

fn quoted_printable(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    for line in bytes.split_inclusive(|b| *b == b'\n') {
        let text = line.trim_ascii_end();
        let (text, goes_on) = match text.strip_suffix(b"=") {
            Some(text) => (text, true),
            None => (text, false),
        };
        let mut rest = text;
        while let Some((byte, after)) = rest.split_first() {
            let hex = (*byte == b'=').then(|| after.get(..2)).flatten();
            let hex = hex.and_then(|h| std::str::from_utf8(h).ok());
            match hex.and_then(|h| u8::from_str_radix(h, 16).ok()) {
                Some(value) => {
                    out.push(value);
                    rest = after.get(2..).unwrap_or_default();
                }
                None => {
                    out.push(*byte);
                    rest = after;
                }
            }
        }
        if !goes_on && line.ends_with(b"\n") {
            out.push(b'\n');
        }
    }
    out
}

/// Joins lines that end in a blank with the next one of the same depth of quoting.
fn flowed(text: &str, joins_words: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut open: Option<usize> = None;
    for line in text.lines() {
        let line = line.trim_end_matches('\r');
        let depth = line.bytes().take_while(|b| *b == b'>').count();
        let content = line.get(depth..).unwrap_or_default();
        let content = content.strip_prefix(' ').unwrap_or(content);
        if open != Some(depth) {
            if open.is_some() {
                out.push('\n');
            }
            out.push_str(line.get(..depth).unwrap_or_default());
            if depth > 0 {
                out.push(' ');
            }
        }
        let goes_on = content.ends_with(' ') && content != "-- ";
        let shown = if goes_on && joins_words {
            content.strip_suffix(' ').unwrap_or(content)
        } else {
            content
        };
        out.push_str(shown);
        if goes_on {
            open = Some(depth);
        } else {
            open = None;
            out.push('\n');
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(message: &[u8]) -> String {
        Entity::new(&MessageParser::default(), message).text()
    }

    #[test]
    fn text_rows() {
        for (head, body, expected) in [
            (
                "text/plain; charset=iso-8859-15",
                &b"cli\xEBnte \xA4"[..],
                "cliënte €",
            ),
            ("text/plain; charset=\"windows-1252\"", b"\x80", "€"),
            ("text/plain; charset=utf-8", b"cli\xEBnte", "cliënte"),
            ("text/plain", "cliënte".as_bytes(), "cliënte"),
            ("text/plain; charset=bestaat-niet", b"a", "a"),
            (
                "text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable",
                b"cli=C3=ABnte is=\n moe =ZZ =\n",
                "cliënte is moe =ZZ ",
            ),
            (
                "text/plain; charset=utf-8\nContent-Transfer-Encoding: BASE64",
                b"Y2xpw6tu\ndGU=\n",
                "cliënte",
            ),
            (
                "text/plain; charset=utf-8\nContent-Transfer-Encoding: base64",
                b"Y2xpw6tudG",
                "cliënt",
            ),
            (
                "text/plain; format=flowed",
                b"een lange \nregel\n> quote \n> gaat door\n>> dieper \nplat\n-- \nJan",
                "een lange regel\n> quote gaat door\n>> dieper \nplat\n-- \nJan\n",
            ),
            (
                "text/plain; format=flowed; delsp=yes",
                b"lover \nboy",
                "loverboy\n",
            ),
        ] {
            let message = [b"Content-Type: ", head.as_bytes(), b"\n\n", body].concat();
            assert_eq!(text(&message), expected, "{head}");
        }
    }

    #[test]
    fn headers_are_decoded() {
        let parser = MessageParser::default();
        let raw = b"Subject: =?iso-8859-1?Q?cli=EBnte?=\r\nDate: Tue, 12 Mar 2024 14:30:00 +0100\r\nFrom: J <j@x.nl>\r\nContent-Disposition: attachment; filename*=utf-8''b%C3%A9.txt\r\n\r\nx";
        let entity = Entity::new(&parser, raw);
        assert_eq!(entity.subject(), "cliënte");
        assert_eq!(
            entity.date().map(|d| d.to_string()).as_deref(),
            Some("2024-03-12 14:30:00.0")
        );
        assert!(entity.has_sender() && entity.is_attached());
        assert_eq!(entity.name(), Some("bé.txt"));
        for (subject, expected) in [
            (
                "=?utf-8?Q?cli=C3?= =?UTF-8?Q?=ABnte_Noor?= =?utf-8?Q?tje?=",
                "cliënte Noortje",
            ),
            ("=?utf-8?B?Y2xpww==?=\r\n =?utf-8?B?q250ZQ==?=", "cliënte"),
            ("=?utf-8?B?Y2xpww==?= =?utf-8?Q?=ABnte?= en", "cliënte en"),
            (
                "=?utf-8?Q?een?= =?iso-8859-1?Q?=EB?= =? x =?y",
                "eenë =? x =?y",
            ),
        ] {
            let raw = format!("Subject: {subject}\nFrom: J <j@x.nl>\n\nx");
            let entity = Entity::new(&parser, raw.as_bytes());
            assert_eq!(entity.subject(), expected, "{subject}");
        }
        let entity = Entity::new(&parser, b"Subject: cli\xEBnte\n\nx");
        assert_eq!(entity.subject(), "cliënte");
    }

    #[test]
    fn parts_are_cut_at_their_lines() {
        let parser = MessageParser::default();
        let parts = |body: &str| {
            let message = format!("Content-Type: multipart/mixed; boundary=b\n\n{body}");
            let entity = Entity::new(&parser, message.as_bytes());
            let (parts, _) = entity.parts("b");
            let texts = parts
                .iter()
                .map(|p| String::from_utf8_lossy(p).into_owned());
            texts.collect::<Vec<_>>()
        };
        assert_eq!(
            parts("x\n--b\r\neen\n--b \ntwee\n--b--\nna\n--b\n"),
            ["een\n", "twee\n"]
        );
        assert_eq!(parts("--b\neen\n--bc\ntwee"), ["een\n--bc\ntwee"]);
        assert!(parts("niets").is_empty());
    }
}
