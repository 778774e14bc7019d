//! Messages as mail programs keep them: eml, and pages saved as mht.

use mail_parser::MessageParser;

use super::headers::{begins_with_headers, from_text};
use super::letter::{self, Attachment, Body, Forms, Letter};
use super::mime::Entity;
use crate::document::Document;
use crate::extract::{Extractor, Settings, Source, plain};

/// One message.
pub(in crate::extract) struct Eml;

impl Extractor for Eml {
    fn is_text(&self) -> bool {
        true
    }
    fn name(&self) -> &'static str {
        "eml"
    }
    fn version(&self) -> u32 {
        1
    }
    fn extensions(&self) -> &'static [&'static str] {
        &["eml", "mht", "mhtml"]
    }
    fn recognises(&self, bytes: &[u8]) -> bool {
        begins_with_headers(bytes)
    }
    fn extract(
        &self,
        bytes: &[u8],
        source: Source<'_>,
        settings: &Settings,
        out: &mut dyn FnMut(Document),
    ) {
        letter(bytes, settings).documents(self.name(), source, settings, out);
    }
}

/// Words after the last part that are nothing yet.
const FEW_WORDS: usize = 3;
/// Deepest nesting of parts in parts.
const MAX_DEPTH: usize = 30;

/// Takes a message apart.
pub(super) fn letter(bytes: &[u8], settings: &Settings) -> Letter {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    // An empty line ends the headers, but not before there are any.
    let bytes = if begins_with_headers(bytes) {
        from_text(bytes)
    } else {
        bytes
    };
    let parser = MessageParser::default();
    let entity = Entity::new(&parser, bytes);
    let mut letter = Letter {
        subject: entity.subject().to_owned(),
        date: entity.date(),
        is_sent: entity.has_sender(),
        ..Letter::default()
    };
    let mut reader = Reader { parser, settings };
    reader.add(&entity, Parent::None, 0, &mut letter);
    letter
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Parent {
    None,
    Mixed,
    Digest,
    /// Of a page: what it shows.
    Related,
}

struct Reader<'s> {
    parser: MessageParser,
    settings: &'s Settings,
}

impl Reader<'_> {
    fn add(&mut self, entity: &Entity<'_>, parent: Parent, depth: usize, letter: &mut Letter) {
        if depth > MAX_DEPTH {
            letter.partial = Some("parts nested deeper than the limit");
            return;
        }
        let fallback = if parent == Parent::Digest {
            "message/rfc822"
        } else {
            "text/plain"
        };
        let kind = entity.kind(fallback);
        match kind.as_str() {
            "multipart/encrypted" | "application/x-microsoft-rpmsg-message" => {
                letter.is_encrypted = true;
            }
            _ if kind.starts_with("multipart/") => {
                let parts = entity.parameter("boundary").map(|b| entity.parts(b));
                match parts.filter(|(parts, _)| !parts.is_empty()) {
                    Some((parts, rest)) => {
                        self.add_parts(entity, &kind, &parts, depth, letter);
                        let rest = plain::decode(rest).0;
                        if rest.split_whitespace().nth(FEW_WORDS).is_some() {
                            letter.bodies.push(Body::Plain(rest));
                        }
                    }
                    // Without parts, what there is is text.
                    None => letter.bodies.push(Body::Plain(entity.text())),
                }
            }
            "application/pkcs7-mime" | "application/x-pkcs7-mime" => {
                // One that says no kind is mostly an encrypted message.
                let kind = entity.parameter("smime-type").unwrap_or_default();
                let is_signed = match kind.to_lowercase().as_str() {
                    "" => letter::is_signed_data(&entity.bytes()),
                    kind => !kind.ends_with("enveloped-data"),
                };
                letter.is_packed |= is_signed;
                letter.is_encrypted |= !is_signed;
            }
            "application/pkcs7-signature"
            | "application/x-pkcs7-signature"
            | "application/pgp-signature"
            | "application/pgp-keys"
            | "application/applefile"
            | "message/delivery-status"
            | "text/rfc822-headers"
            | "message/external-body"
            | "message/partial"
            | "message/disposition-notification" => {}
            "text/plain" | "text/html" if !entity.is_attached() && entity.name().is_none() => {
                let text = entity.text();
                if kind == "text/html" {
                    letter.bodies.push(Body::Html(text));
                } else if text.trim_start().starts_with("-----BEGIN PGP MESSAGE-----") {
                    letter.is_encrypted = true;
                } else {
                    letter.bodies.push(Body::Plain(text));
                }
            }
            _ => self.attach(entity, &kind, parent, letter),
        }
    }

    fn add_parts(
        &mut self,
        entity: &Entity<'_>,
        kind: &str,
        parts: &[&[u8]],
        depth: usize,
        letter: &mut Letter,
    ) {
        let entities: Vec<Entity<'_>> =
            parts.iter().map(|p| Entity::new(&self.parser, p)).collect();
        match kind {
            "multipart/alternative" => self.choose(&entities, depth, letter),
            "multipart/related" => {
                let start = entity
                    .parameter("start")
                    .map(|s| s.trim_matches(['<', '>', ' ']));
                let root = entities
                    .iter()
                    .position(|e| start.is_some() && e.content_id() == start);
                let root = root.unwrap_or(0);
                for (n, part) in entities.iter().enumerate() {
                    let parent = if n == root {
                        Parent::Mixed
                    } else {
                        Parent::Related
                    };
                    self.add(part, parent, depth + 1, letter);
                }
            }
            _ => {
                let parent = if kind == "multipart/digest" {
                    Parent::Digest
                } else {
                    Parent::Mixed
                };
                for part in &entities {
                    self.add(part, parent, depth + 1, letter);
                }
            }
        }
    }

    /// Takes one of several forms of the same text, or two that each say what the other does not.
    fn choose(&mut self, entities: &[Entity<'_>], depth: usize, letter: &mut Letter) {
        let mut forms: Vec<Letter> = Vec::new();
        for entity in entities {
            if entity.kind("text/plain") == "text/calendar" {
                continue;
            }
            let mut form = Letter::default();
            self.add(entity, Parent::Mixed, depth + 1, &mut form);
            letter.attachments.append(&mut form.attachments);
            letter.is_encrypted |= form.is_encrypted;
            letter.is_packed |= form.is_packed;
            letter.partial = letter.partial.or(form.partial);
            forms.push(form);
        }
        let plain = forms
            .iter()
            .position(|f| matches!(f.bodies.first(), Some(Body::Plain(_))));
        let html = forms
            .iter()
            .rposition(|f| f.bodies.iter().any(|b| matches!(b, Body::Html(_))));
        let chosen = match (plain, html) {
            (Some(plain), Some(html)) if plain != html => {
                let bodies = |n: usize| forms.get(n).map_or(&[][..], |f| &f.bodies);
                match letter::choose(bodies(plain), bodies(html), self.settings) {
                    Forms::Plain => vec![plain],
                    Forms::Rich => vec![html],
                    Forms::Both => vec![plain, html],
                }
            }
            (plain, html) => vec![plain.or(html).unwrap_or(0)],
        };
        for n in chosen {
            if let Some(form) = forms.get_mut(n) {
                letter.bodies.append(&mut form.bodies);
            }
        }
    }

    fn attach(&mut self, entity: &Entity<'_>, kind: &str, parent: Parent, letter: &mut Letter) {
        // What a page is made of, and no file that someone sent.
        let is_of_page = matches!(
            kind,
            "text/css"
                | "text/javascript"
                | "application/javascript"
                | "application/x-javascript"
                | "text/xml"
                | "application/xml"
        ) || kind.starts_with("font/");
        let is_image = kind.starts_with("image/");
        let is_named = entity.name().is_some() || entity.is_attached();
        if parent == Parent::Related && (is_of_page || !is_named && !is_image) {
            return;
        }
        let n = letter.attachments.len();
        let name = match entity.name() {
            Some(name) => name.to_owned(),
            None if matches!(kind, "message/rfc822" | "message/global") => {
                numbered("bericht", "eml", n)
            }
            None => numbered("bijlage", extension(kind), n),
        };
        if name.eq_ignore_ascii_case("message.rpmsg") {
            letter.is_encrypted = true;
            return;
        }
        // A message keeps its kind whatever its name.
        let name = if kind == "message/rfc822" && !name.to_lowercase().ends_with(".eml") {
            format!("{name}.eml")
        } else {
            name
        };
        let shown_as = if entity.is_attached() && parent != Parent::Related {
            None
        } else {
            entity.content_id().map(str::to_owned)
        };
        letter.attachments.push(Attachment {
            name,
            bytes: entity.bytes(),
            shown_as,
            is_image,
        });
    }
}

fn numbered(name: &str, extension: &str, n: usize) -> String {
    if n == 0 {
        format!("{name}.{extension}")
    } else {
        format!("{name}-{}.{extension}", n + 1)
    }
}

fn extension(kind: &str) -> &str {
    match kind {
        "text/plain" => "txt",
        "image/jpeg" => "jpg",
        "application/msword" => "doc",
        _ => {
            let end = kind.rsplit('/').next().unwrap_or_default();
            let is_plain = |e: &&str| e.len() <= 5 && e.bytes().all(|b| b.is_ascii_alphanumeric());
            Some(end).filter(is_plain).unwrap_or("bin")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{DateCertainty, Status};

    fn named(bytes: &[u8], name: &str) -> Vec<Document> {
        let mut list = Vec::new();
        let source = Source::new(name, "a");
        crate::extract::from_bytes(bytes, source, &Settings::default(), &mut |d| list.push(d));
        list
    }

    fn read(message: &str) -> Vec<Document> {
        named(message.as_bytes(), "map/a.eml")
    }

    const HEAD: &str = "Return-Path: <j@x.nl>\nFrom: Jan Jansen <j@x.nl>\nTo: Piet <p@x.nl>\nSubject: Zorgen om M.\nDate: Tue, 12 Mar 2024 14:30:00 +0100\nMIME-Version: 1.0\n";
    const TOP: &str = "Onderwerp: Zorgen om M.\n\n";

    fn text_of(rest: &str) -> String {
        let list = read(&format!("{HEAD}{rest}"));
        assert_eq!(list[0].format, "eml");
        let text = list[0].text.strip_prefix(TOP);
        text.unwrap_or_else(|| panic!("{:?}", list[0].status_detail))
            .trim_end()
            .to_owned()
    }

    #[test]
    fn body_rows() {
        for (rest, expected) in [
            ("Content-Type: text/plain\n\nCl. was moe.\n", "Cl. was moe."),
            (
                "Content-Type: text/html\n\n<p>Cl. was <b>moe</b>.</p>",
                "Cl. was moe.",
            ),
            (
                "Content-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain\n\nplat\n--b\nContent-Type: text/html\n\n<p>rijk\n--b--\n",
                "plat\n\nrijk",
            ),
            (
                "Content-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain\n\n \n--b\nContent-Type: text/html\n\n<p>rijk\n--b--\n",
                "rijk",
            ),
            (
                "Content-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain\n\nplat\n--b\nContent-Type: multipart/related; boundary=c\n\n--c\nContent-Type: text/html\n\n<p>plat\n--c--\n--b--\n",
                "plat",
            ),
            (
                "Content-Type: multipart/mixed; boundary=b\n\n--b\n\neen\n--b\nContent-Type: text/plain\n\ntwee\n",
                "een\n\ntwee",
            ),
            (
                "Content-Type: multipart/signed; boundary=b\n\n--b\n\neen\n--b\nContent-Type: application/pgp-signature\n\nx\n--b--\n",
                "een",
            ),
            ("Content-Type: multipart/mixed\n\neen", "een"),
            // Text after the last part, and a line that is none.
            (
                "Content-Type: multipart/mixed; boundary=b\n\n--b\n\neen\n--b--\n\nZij is daar niet veilig.\n--b\n\nx\n",
                "een\n\nZij is daar niet veilig.",
            ),
            (
                "Content-Type: multipart/mixed; boundary=b\n\n--b\n\neen\n--b--\nna deze tijd\n",
                "een",
            ),
        ] {
            assert_eq!(text_of(rest), expected, "{rest}");
        }
        let stub = format!(
            "Content-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain\n\nBekijk deze e-mail in uw browser.\n--b\nContent-Type: text/html\n\n<p>{}\n--b--\n",
            "lang verhaal ".repeat(40)
        );
        assert!(text_of(&stub).starts_with("lang verhaal"));
    }

    #[test]
    fn senders_stay_out_and_the_date_is_that_of_sending() {
        let document = read(&format!("{HEAD}\nGesprek van 1-2-2020 besproken.")).remove(0);
        assert!(!document.text.contains("Jan") && !document.text.contains('@'));
        assert_eq!(
            document.date.map(|d| d.to_string()).as_deref(),
            Some("2024-03-12")
        );
        assert_eq!(document.date_certainty, Some(DateCertainty::Metadata));
    }

    #[test]
    fn quotes_are_told() {
        for (rest, quoted) in [
            (
                "\nnieuw\n\nOp ma 4 mrt 2024 schreef Jan:\n> oud\n> ouder\n\nslot\n",
                "Op ma 4 mrt 2024 schreef Jan:\noud\nouder",
            ),
            (
                "\nnieuw\n\n-----Oorspronkelijk bericht-----\nVan: Jan\n\noud\n",
                "-----Oorspronkelijk bericht-----\nVan: Jan\n\noud",
            ),
            (
                "\nnieuw\n\nVan: Jan\nVerzonden: ma\nAan: Piet\nOnderwerp: x\n\noud\n",
                "Van: Jan\nVerzonden: ma\nAan: Piet\nOnderwerp: x\n\noud",
            ),
            (
                "Content-Type: text/html\n\n<p>nieuw</p><blockquote type=cite><p>oud</p></blockquote>",
                "oud",
            ),
        ] {
            let document = read(&format!("{HEAD}{rest}")).remove(0);
            let found: String = document
                .quoted
                .iter()
                .map(|s| s.slice(&document.text))
                .collect();
            assert_eq!(found.trim(), quoted, "{rest}");
            let at = document.text.find("nieuw").unwrap();
            assert!(!document.is_quoted(at));
        }
    }

    #[test]
    fn attachments_are_documents() {
        let logo = "iVBORw0KGgo=";
        let message = format!(
            "{HEAD}Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: multipart/related; boundary=r\n\n--r\nContent-Type: text/html\n\n<p>zie bijlage<img src='cid:logo@x'>\n--r\nContent-Type: image/png; name=logo.png\nContent-ID: <logo@x>\nContent-Transfer-Encoding: base64\n\n{logo}\n--r--\n--b\nContent-Type: text/plain; name=notitie.txt\nContent-Disposition: attachment; filename=notitie.txt\n\nCl. was moe.\n--b\nContent-Type: image/png\nContent-Disposition: attachment; filename=foto.png\nContent-Transfer-Encoding: base64\n\n{logo}\n--b\nContent-Type: message/rfc822\n\nFrom: K <k@x.nl>\nSubject: Binnenin\nMIME-Version: 1.0\n\nHet oude bericht.\n--b--\n"
        );
        let list = read(&message);
        let paths: Vec<&str> = list.iter().map(|d| d.path.as_str()).collect();
        assert_eq!(
            paths,
            [
                "map/a.eml",
                "map/a.eml/notitie.txt",
                "map/a.eml/foto.png",
                "map/a.eml/bericht-4.eml"
            ]
        );
        assert_eq!(list[1].text.trim(), "Cl. was moe.");
        assert_eq!(list[2].status, Status::NeedsOcr);
        assert_eq!(list[3].text, "Onderwerp: Binnenin\n\nHet oude bericht.\n");
    }

    #[test]
    fn boxes_and_pages() {
        let mbox = format!(
            "From j@x.nl Tue Mar 12 14:30:00 2024\n{HEAD}\neen\n>From hier\n\nFrom mij een groet\n\nFrom j@x.nl Tue Mar 12 14:31:00 2024\n{HEAD}\ntwee\n"
        );
        let list = named(mbox.as_bytes(), "post");
        let rows: Vec<(&str, &str)> = list
            .iter()
            .map(|d| (d.path.as_str(), d.text.as_str()))
            .collect();
        assert_eq!(
            rows,
            [
                (
                    "post#1",
                    &*format!("{TOP}een\nFrom hier\n\nFrom mij een groet\n")
                ),
                ("post#2", &*format!("{TOP}twee\n")),
            ]
        );
        let page = "From: <Saved by Blink>\nSubject: Overzicht\nDate: Tue, 12 Mar 2024 14:30:00 -0000\nMIME-Version: 1.0\nContent-Type: multipart/related; type=\"text/html\"; boundary=b\n\n--b\nContent-Type: text/html\nContent-ID: <f@m>\nContent-Location: https://x/\n\n<p>Cl. was moe.\n--b\nContent-Type: text/css\nContent-Location: cid:c@m\n\np{}\n--b--\n";
        let list = named(page.as_bytes(), "a.mht");
        assert_eq!(list.len(), 1);
        assert_eq!(list[0].text, "Onderwerp: Overzicht\n\nCl. was moe.\n");
    }

    #[test]
    fn encrypted_messages_are_told() {
        for rest in [
            "Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m\nContent-Transfer-Encoding: base64\n\nMIIB\n",
            "Content-Type: multipart/encrypted; protocol=\"application/pgp-encrypted\"; boundary=b\n\n--b\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n--b--\n",
            "\n-----BEGIN PGP MESSAGE-----\n\nabc\n-----END PGP MESSAGE-----\n",
        ] {
            assert_eq!(
                read(&format!("{HEAD}{rest}"))[0].status,
                Status::Encrypted,
                "{rest}"
            );
        }
    }

    #[test]
    fn empty_lines_before_the_headers_are_passed_over() {
        let document = read(&format!("\r\n\n{HEAD}\nCl. was moe.\n")).remove(0);
        assert_eq!(document.text, format!("{TOP}Cl. was moe.\n"));
        assert!(document.date.is_some());
        // Without headers it is all text.
        let document = read("\n\nCl. was moe.\n").remove(0);
        assert_eq!(document.text.trim(), "Cl. was moe.");
    }

    #[test]
    fn packed_messages_are_no_encrypted_ones() {
        for head in [
            "Content-Type: application/pkcs7-mime; smime-type=signed-data; name=smime.p7m\nContent-Transfer-Encoding: base64\n\nMIIB\n",
            "Content-Type: application/x-pkcs7-mime; name=smime.p7m\nContent-Transfer-Encoding: base64\n\nMIIBAAYJKoZIhvcNAQcC\n",
        ] {
            let document = read(&format!("{HEAD}{head}")).remove(0);
            assert_eq!(document.status, Status::Unsupported, "{head}");
            assert!(document.status_detail.contains("save it unsigned"));
        }
    }

    #[test]
    fn hostile_messages_end_with_a_status() {
        let nested: String = (0..20_000)
            .map(|n| format!("Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n"))
            .collect();
        assert!(!read(&format!("{HEAD}{nested}")).is_empty());
        let messages = "Content-Type: message/rfc822\nMIME-Version: 1.0\n\n".repeat(20_000);
        let list = read(&format!("{HEAD}{messages}"));
        assert!(list.iter().any(|d| d.status == Status::TooLarge));
        let parts = "--b\nContent-Disposition: attachment; filename=a.txt\n\nx\n".repeat(30_000);
        let list = read(&format!(
            "{HEAD}Content-Type: multipart/mixed; boundary=b\n\n{parts}"
        ));
        assert!(list.len() <= 10_001);
        let text = format!(
            "{HEAD}Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n<p>Cl. was =\nmoe\n--b\nContent-Type: text/plain; name=a.txt\nContent-Transfer-Encoding: base64\n\nQ2wuIHdhcyBtb2Uu\n--b--\n"
        );
        for n in 0..50 {
            read(&text[..text.len() * n / 50]);
        }
        for n in 0..500_usize {
            let mut flipped = text.clone().into_bytes();
            let at = n * 7919 % flipped.len();
            flipped[at] ^= 1 << (n % 8);
            named(&flipped, "a.eml");
        }
    }
}
