//! Boxes of messages (mbox, as Thunderbird and mail servers keep them; RFC 4155).

use super::eml::letter;
use super::headers::begins_with_headers;
use crate::document::Document;
use crate::extract::{Extractor, Settings, Source, plain};

/// A box of messages.
pub(in crate::extract) struct Mbox;

impl Extractor for Mbox {
    fn is_text(&self) -> bool {
        true
    }
    fn name(&self) -> &'static str {
        "mbox"
    }
    fn version(&self) -> u32 {
        1
    }
    fn extensions(&self) -> &'static [&'static str] {
        &["mbox"]
    }
    fn recognises(&self, bytes: &[u8]) -> bool {
        from_line(bytes).is_some_and(begins_with_headers)
    }
    fn extract(
        &self,
        bytes: &[u8],
        source: Source<'_>,
        settings: &Settings,
        out: &mut dyn FnMut(Document),
    ) {
        if !self.recognises(bytes) {
            // Named so, yet a text.
            return plain::Text.extract(bytes, source, settings, out);
        }
        for (n, message) in messages(bytes).take(settings.limits.max_rows).enumerate() {
            let shown = format!("{}#{}", source.shown, n + 1);
            let source = Source {
                shown: &shown,
                ..source
            };
            letter(&message, settings).documents(self.name(), source, settings, out);
        }
    }
}

/// What follows the line that begins a message in a box.
fn from_line(bytes: &[u8]) -> Option<&[u8]> {
    let rest = bytes.strip_prefix(b"From ")?;
    let end = rest.iter().take(300).position(|b| *b == b'\n')?;
    let (line, after) = rest.split_at(end + 1);
    line.iter().any(u8::is_ascii_digit).then_some(after)
}

/// The messages of a box, without the lines before them and the marks of lines that look like those.
fn messages(bytes: &[u8]) -> impl Iterator<Item = Vec<u8>> + '_ {
    let mut rest = from_line(bytes).unwrap_or(bytes);
    let mut is_done = false;
    std::iter::from_fn(move || {
        if is_done {
            return None;
        }
        let (mut message, mut at, mut is_blank) = (Vec::new(), 0, false);
        for line in rest.split_inclusive(|b| *b == b'\n') {
            if is_blank
                && line.starts_with(b"From ")
                && let Some(next) = rest.get(at..).and_then(from_line)
            {
                rest = next;
                return Some(message);
            }
            let marks = line.iter().take_while(|b| **b == b'>').count();
            let is_marked = marks > 0 && line.get(marks..).is_some_and(|l| l.starts_with(b"From "));
            message.extend_from_slice(line.get(usize::from(is_marked)..).unwrap_or_default());
            is_blank = line.trim_ascii().is_empty();
            at += line.len();
        }
        is_done = true;
        Some(message)
    })
}
