//! A message, from whatever format: one document for its text, and one for each file that came with it.

use std::collections::HashSet;

use time::PrimitiveDateTime;

use super::quoting;
use crate::document::{Document, Status};
use crate::extract::inside;
use crate::extract::reading::{self, Reading, Unread};
use crate::extract::{Room, Settings, Source, html, plain};
use crate::span::Span;

/// A body, as it was sent.
pub(in crate::extract) enum Body {
    Plain(String),
    Html(String),
    /// Read by another format.
    Read(Reading),
}

/// A file that came with a message.
pub(in crate::extract) struct Attachment {
    pub(in crate::extract) name: String,
    pub(in crate::extract) bytes: Vec<u8>,
    /// The name by which the text shows it, if it does.
    pub(in crate::extract) shown_as: Option<String>,
    pub(in crate::extract) is_image: bool,
}

/// A message without its senders and receivers.
#[derive(Default)]
pub(in crate::extract) struct Letter {
    pub(in crate::extract) subject: String,
    pub(in crate::extract) date: Option<PrimitiveDateTime>,
    /// Whether that is when it was sent, and not when a page was saved.
    pub(in crate::extract) is_sent: bool,
    pub(in crate::extract) bodies: Vec<Body>,
    pub(in crate::extract) attachments: Vec<Attachment>,
    pub(in crate::extract) is_encrypted: bool,
    /// Whether its text, or some of it, is packed in a signature.
    pub(in crate::extract) is_packed: bool,
    pub(in crate::extract) is_repaired: bool,
    pub(in crate::extract) partial: Option<&'static str>,
}

const PACKED: &str = "a signed message whose text is packed; save it unsigned";

/// Whether S/MIME bytes are signed data, which nobody needs a key for: the object identifier at their start says so.
pub(in crate::extract) fn is_signed_data(bytes: &[u8]) -> bool {
    const SIGNED: &[u8] = b"\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07\x02";
    let start = bytes.get(..32).unwrap_or(bytes);
    start.windows(SIGNED.len()).any(|w| w == SIGNED)
}

/// Larger images that a text shows may be photos of letters; smaller ones are signs and logos.
const LOGO: usize = 50_000;

/// Which of two forms of a message are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::extract) enum Forms {
    Plain,
    Rich,
    Both,
}

/// Chooses by words, so that none are lost: one form when it holds nearly all that the other says, else both.
pub(in crate::extract) fn choose(plain: &[Body], rich: &[Body], settings: &Settings) -> Forms {
    let (plain, rich) = (joined(plain, settings), joined(rich, settings));
    if is_hint(&plain, &rich) {
        return Forms::Rich;
    }
    let (plain, rich) = (words(&plain), words(&rich));
    let plain_lacks = rich.difference(&plain).count();
    let rich_lacks = plain.difference(&rich).count();
    // A share, or so many that it may be a paragraph.
    let is_much = |lacks: usize, of: usize| lacks * 5 > of || lacks > PARAGRAPH;
    if is_much(plain_lacks, rich.len()) && is_much(rich_lacks, plain.len()) {
        Forms::Both
    } else if plain_lacks > rich_lacks {
        Forms::Rich
    } else {
        Forms::Plain
    }
}

/// Different words of a small paragraph.
const PARAGRAPH: usize = 25;
/// What a body that only points to the other form speaks of.
const HINTS: &[&str] = &["html", "browser", "mailprogramma", "webversie", "online"];

/// Whether a plain body is no more than a hint to open the other one.
fn is_hint(plain: &str, rich: &str) -> bool {
    let count = |text: &str| text.chars().filter(|c| !c.is_whitespace()).count();
    let length = count(plain);
    let lower = plain.to_lowercase();
    length < 150 && count(rich) > 2 * length + 100 && HINTS.iter().any(|h| lower.contains(h))
}

fn joined(bodies: &[Body], settings: &Settings) -> String {
    let texts = bodies.iter().map(|body| match body {
        Body::Plain(text) => text.clone(),
        Body::Html(html) => html::read_text(html, settings).text,
        Body::Read(reading) => reading.text.clone(),
    });
    texts.collect::<Vec<_>>().join("\n")
}

/// Different words; links are written out in one form only, and say nothing.
fn words(text: &str) -> HashSet<String> {
    let text = text.to_lowercase();
    let tokens = text
        .split(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '[' | ']' | '(' | ')'))
        .filter(|t| !t.contains("://") && !t.starts_with("mailto:") && !t.starts_with("cid:"));
    let words = tokens.flat_map(|t| t.split(|c: char| !c.is_alphanumeric()));
    words.filter(|w| !w.is_empty()).map(str::to_owned).collect()
}

impl Letter {
    /// Hands over the message, then what came with it.
    pub(in crate::extract) fn documents(
        self,
        format: &str,
        source: Source<'_>,
        settings: &Settings,
        out: &mut dyn FnMut(Document),
    ) {
        let own = Room::new(settings);
        let source = Source {
            room: Some(source.room.unwrap_or(&own)),
            ..source
        };
        let shown: Vec<bool> = self.attachments.iter().map(|a| self.is_logo(a)).collect();
        let attachments = {
            let (letter, attachments) = self.split();
            out(reading::document(
                letter.reading(settings),
                format,
                source,
                settings,
            ));
            attachments
        };
        for (attachment, _) in attachments.iter().zip(shown).filter(|(_, logo)| !logo) {
            inside::read(&attachment.name, &attachment.bytes, source, settings, out);
        }
    }

    fn split(mut self) -> (Self, Vec<Attachment>) {
        let attachments = std::mem::take(&mut self.attachments);
        (self, attachments)
    }

    /// Whether an attachment is only an image that decorates the text.
    fn is_logo(&self, attachment: &Attachment) -> bool {
        attachment.is_image
            && attachment.bytes.len() < LOGO
            && attachment.shown_as.as_ref().is_some_and(|id| {
                let link = format!("cid:{id}");
                let shows = |body: &Body| matches!(body, Body::Html(html) if html.contains(&link));
                self.bodies.iter().any(shows) || self.bodies.is_empty()
            })
    }

    fn reading(self, settings: &Settings) -> Result<Reading, Unread> {
        let mut all = Reading {
            date: self.date.map(PrimitiveDateTime::date),
            is_dated: self.is_sent,
            partial: self.partial.map(str::to_owned),
            ..Reading::default()
        };
        if self.is_repaired {
            all.quality.push("repaired".to_owned());
        }
        let subject = plain::clean(self.subject);
        let subject = subject.trim();
        if !subject.is_empty() {
            all.text.push_str("Onderwerp: ");
            all.text.push_str(&subject.replace('\n', " "));
            all.text.push('\n');
        }
        let mut is_empty = true;
        for body in self.bodies {
            let part = match body {
                Body::Plain(text) => {
                    let (text, quoted) = quoting::unquote(&plain::clean(text));
                    Reading {
                        text,
                        quoted,
                        ..Reading::default()
                    }
                }
                Body::Html(html) => html::read_text(&html, settings),
                Body::Read(reading) => reading,
            };
            is_empty &= part.text.trim().is_empty();
            append(&mut all, part);
        }
        if self.is_encrypted && is_empty {
            return Err(Unread::encrypted("an encrypted message"));
        }
        if self.is_packed {
            if is_empty {
                return Err(Unread::new(Status::Unsupported, PACKED));
            }
            all.partial.get_or_insert_with(|| PACKED.to_owned());
        }
        all.quoted = quoting::merged(all.quoted);
        Ok(all)
    }
}

fn append(all: &mut Reading, mut part: Reading) {
    if let Some(start) = quoting::history(&part.text) {
        let end = part.text.trim_end().len();
        part.quoted.push(Span::new(start, end.max(start)));
    }
    let blank = part.text.len() - part.text.trim_start_matches('\n').len();
    if !all.text.is_empty() {
        all.text.push('\n');
    }
    let base = all.text.len();
    all.text
        .push_str(part.text.get(blank..).unwrap_or_default().trim_end());
    let moved = |at: usize| (base + at.saturating_sub(blank)).min(all.text.len());
    (all.quoted).extend(
        part.quoted
            .iter()
            .map(|s| Span::new(moved(s.start), moved(s.end))),
    );
    all.text.push('\n');
    all.quality.append(&mut part.quality);
    all.partial = all.partial.take().or(part.partial);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_chosen_by_their_words() {
        let long = "Noor vertelde dat zij thuis niet veilig is en hulp wil.";
        for (plain, html, expected) in [
            (long, format!("<p>{long}</p>"), Forms::Plain),
            ("Kort.", format!("<p>Kort. {long}</p>"), Forms::Rich),
            (long, "<p>Kort</p>".to_owned(), Forms::Both),
            (long, "<p>Noor vertelde</p>".to_owned(), Forms::Plain),
            (long, String::new(), Forms::Plain),
            ("", format!("<p>{long}</p>"), Forms::Rich),
            (
                "Zie de site <https://voorbeeld.nl/een/lange/link>",
                "<p>Zie de <a href=x>site</a></p>".to_owned(),
                Forms::Plain,
            ),
            (
                "Uw mailprogramma ondersteunt geen HTML.",
                format!("<p>{}</p>", format!("{long} ").repeat(5)),
                Forms::Rich,
            ),
            (
                "Zij is bang voor haar vader.",
                format!("<p>{}</p>", format!("{long} ").repeat(5)),
                Forms::Both,
            ),
        ] {
            let forms = choose(
                &[Body::Plain(plain.to_owned())],
                &[Body::Html(html.clone())],
                &Settings::default(),
            );
            assert_eq!(forms, expected, "{plain} {html}");
        }
    }
}
