//! XML as a flat row of events within limits: local names, no document type, no entities but the five of XML and numbers.

use std::borrow::Cow;

use encoding_rs::Encoding;
use quick_xml::events::{BytesStart, Event as Quick};
use quick_xml::name::QName;

use crate::extract::plain;

/// Deepest nesting of elements.
const MAX_DEPTH: usize = 2_000;
/// Most events of one part.
const MAX_EVENTS: usize = 20_000_000;

/// A start of an element.
pub(super) struct Tag<'a>(BytesStart<'a>);

impl Tag<'_> {
    /// Name without prefix.
    pub(super) fn name(&self) -> &str {
        local(self.0.name())
    }

    /// Value of the attribute with this local name.
    pub(super) fn attribute(&self, name: &str) -> Option<String> {
        let mut attributes = self.0.attributes();
        let mut attributes = attributes.with_checks(false).flatten();
        let found = attributes.find(|a| local(a.key) == name)?;
        let raw: &str = found.value.as_ref();
        Some(match quick_xml::escape::unescape(raw) {
            Ok(value) => value.into_owned(),
            Err(_) => raw.to_owned(),
        })
    }
}

/// What comes next.
pub(super) enum Event<'a> {
    /// An element begins; an empty one ends right after.
    Open(Tag<'a>),
    /// The element with this local name ends.
    Close(String),
    /// Text between tags, white space included.
    Text(Cow<'a, str>),
}

/// Reads one part. After the last event, [`Self::trouble`] tells whether the part was read in full.
pub(super) struct Xml<'a> {
    reader: quick_xml::Reader<&'a [u8]>,
    depth: usize,
    events: usize,
    trouble: Option<&'static str>,
}

impl<'a> Xml<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let mut reader = quick_xml::Reader::from_str(text);
        let config = reader.config_mut();
        config.expand_empty_elements = true;
        config.allow_dangling_amp = true;
        Self {
            reader,
            depth: 0,
            events: 0,
            trouble: None,
        }
    }

    /// Why the reading ended before the end of the part.
    pub(super) const fn trouble(&self) -> Option<&'static str> {
        self.trouble
    }

    /// Bytes read so far.
    pub(super) fn position(&self) -> usize {
        usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX)
    }

    fn stop(&mut self, trouble: &'static str) -> Option<Event<'a>> {
        self.trouble = Some(trouble);
        None
    }
}

impl<'a> Iterator for Xml<'a> {
    type Item = Event<'a>;

    fn next(&mut self) -> Option<Event<'a>> {
        loop {
            if self.trouble.is_some() {
                return None;
            }
            self.events += 1;
            if self.events > MAX_EVENTS {
                return self.stop("more XML elements than the limit");
            }
            return match self.reader.read_event() {
                Ok(Quick::Start(tag) | Quick::Empty(tag)) => {
                    self.depth += 1;
                    if self.depth > MAX_DEPTH {
                        return self.stop("XML elements nested deeper than the limit");
                    }
                    Some(Event::Open(Tag(tag)))
                }
                Ok(Quick::End(tag)) => {
                    self.depth = self.depth.saturating_sub(1);
                    Some(Event::Close(local(tag.name()).to_owned()))
                }
                Ok(Quick::Text(text)) => Some(Event::Text(text.xml10_content())),
                Ok(Quick::CData(text)) => Some(Event::Text(text.xml10_content())),
                Ok(Quick::GeneralRef(entity)) => match resolve(&entity) {
                    Some(c) => Some(Event::Text(c.to_string().into())),
                    None => self.stop("XML with an unknown entity"),
                },
                Ok(Quick::Eof) if self.depth > 0 => self.stop("XML that ends too early"),
                Ok(Quick::Eof) => None,
                Ok(_) => continue,
                Err(_) => self.stop("broken XML"),
            };
        }
    }
}

fn local<'a>(name: QName<'a>) -> &'a str {
    name.0.rsplit_once(':').map_or(name.0, |(_, local)| local)
}

fn resolve(entity: &quick_xml::events::BytesRef<'_>) -> Option<char> {
    if entity.is_char_ref() {
        // A number that is no character stands for one that cannot be told.
        return Some(
            entity
                .resolve_char_ref()
                .ok()
                .flatten()
                .unwrap_or('\u{FFFD}'),
        );
    }
    match &**entity {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => None,
    }
}

/// The characters of an XML file: by its mark, by its declaration, or UTF-8.
pub(super) fn decode(bytes: &[u8]) -> String {
    let head = bytes.get(..200).unwrap_or(bytes);
    let declared = head
        .windows(9)
        .position(|w| w == b"encoding=")
        .and_then(|at| head.get(at + 10..))
        .filter(|_| head.starts_with(b"<?xml"))
        .and_then(|rest| rest.split(|b| matches!(b, b'"' | b'\'')).next())
        .and_then(Encoding::for_label);
    match declared {
        // One that says UTF-16 in single bytes is none.
        Some(encoding) if encoding.is_ascii_compatible() => {
            encoding.decode_without_bom_handling(bytes).0.into_owned()
        }
        Some(_) => String::from_utf8_lossy(bytes).into_owned(),
        None => match plain::decode(bytes) {
            (text, encoding) if encoding.starts_with("utf") => text
                .strip_prefix('\u{FEFF}')
                .map(str::to_owned)
                .unwrap_or(text),
            _ => String::from_utf8_lossy(bytes).into_owned(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(xml: &str) -> (String, Option<&'static str>) {
        let mut reader = Xml::new(xml);
        let mut text = String::new();
        for event in reader.by_ref() {
            match event {
                Event::Open(tag) => {
                    text.push('<');
                    text.push_str(tag.name());
                    if let Some(value) = tag.attribute("val") {
                        text.push('=');
                        text.push_str(&value);
                    }
                }
                Event::Close(_) => text.push('>'),
                Event::Text(part) => text.push_str(&part),
            }
        }
        (text, reader.trouble())
    }

    #[test]
    fn events_rows() {
        for (xml, expected, trouble) in [
            ("<w:a><b w:val='x&amp;y'/> t </w:a>", "<a<b=x&y> t >", None),
            ("<a>&lt;&#235;&#xEB;&quot;</a>", "<a<ëë\">", None),
            ("<a><![CDATA[<x>]]><!-- weg --></a>", "<a<x>>", None),
            (
                "<a>x &nbsp; y</a>",
                "<ax ",
                Some("XML with an unknown entity"),
            ),
            ("<a>x", "<ax", Some("XML that ends too early")),
            ("<a>x</b>", "<ax", Some("broken XML")),
            ("<a>R&D</a>", "<aR&D>", None),
            ("<a>&#xFFFFFFFF;</a>", "<a\u{FFFD}>", None),
        ] {
            assert_eq!(text(xml), (expected.to_owned(), trouble), "{xml}");
        }
    }

    #[test]
    fn hostile_xml_ends_soon() {
        let nested = "<a>".repeat(100_000);
        assert_eq!(
            text(&nested).1,
            Some("XML elements nested deeper than the limit")
        );
        let laughs = r#"<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><l>&b;</l>"#;
        assert_eq!(text(laughs).1, Some("XML with an unknown entity"));
        let attributes = format!("<a {}/>", "x='1' ".repeat(100_000));
        assert_eq!(text(&attributes).1, None);
    }

    #[test]
    fn decode_rows() {
        let xml = "<?xml version=\"1.0\"?><a>cliënte</a>";
        let utf16: Vec<u8> = std::iter::once(0xFEFF)
            .chain(xml.encode_utf16())
            .flat_map(u16::to_le_bytes)
            .collect();
        assert_eq!(decode(&utf16), xml);
        assert_eq!(decode(xml.as_bytes()), xml);
        let latin = b"<?xml version='1.0' encoding='iso-8859-1'?><a>cli\xEBnte</a>";
        assert!(decode(latin).contains("cliënte"));
        let wrong = b"<?xml version='1.0' encoding='UTF-16'?><a>cli\xC3\xABnte</a>";
        assert!(decode(wrong).contains("cliënte"));
    }
}
