//! A message, from whatever format: one document for its text, and one for each file that came with it.

use time::PrimitiveDateTime;

use super::quoting;
use crate::document::Document;
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
    pub(in crate::extract) is_repaired: bool,
    pub(in crate::extract) partial: Option<&'static str>,
}

/// Larger images that a text shows may be photos of letters; smaller ones are signs and logos.
const LOGO: usize = 50_000;

/// How much a plain body may lack of the HTML beside it before it is a mere hint to open that.
pub(in crate::extract) fn is_stub(plain: &str, html: &str, settings: &Settings) -> bool {
    let count = |text: &str| text.chars().filter(|c| !c.is_whitespace()).count();
    let plain = count(plain);
    plain == 0 || plain < 200 && count(&html::read_text(html, settings).text) > 2 * plain + 100
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
