//! Messages as Outlook saves them: an OLE file with a stream for each property (MS-OXMSG).

use std::collections::BTreeSet;
use std::io::{Cursor, Write};

use time::PrimitiveDateTime;

use super::letter::{self, Attachment, Body, Forms, Letter};
use super::lzfu;
use crate::document::Document;
use crate::extract::ole::{self, File, Kind};
use crate::extract::reading::Unread;
use crate::extract::{Extractor, Room, Settings, Source, codepage, html, plain, rtf};

/// Outlook messages.
pub(in crate::extract) struct Msg;

impl Extractor for Msg {
    fn name(&self) -> &'static str {
        "msg"
    }
    fn version(&self) -> u32 {
        1
    }
    fn extensions(&self) -> &'static [&'static str] {
        &["msg"]
    }
    fn recognises(&self, bytes: &[u8]) -> bool {
        ole::kind(bytes) == Some(Kind::Message)
    }
    fn extract(
        &self,
        bytes: &[u8],
        source: Source<'_>,
        settings: &Settings,
        out: &mut dyn FnMut(Document),
    ) {
        if ole::kind(bytes).is_none() {
            // Named so, yet a text.
            return plain::Text.extract(bytes, source, settings, out);
        }
        match ole::open(bytes) {
            Some((file, is_repaired)) => {
                let room = settings.limits.max_inside_bytes;
                let room = source.room.map_or(room, Room::bytes);
                let mut letter = Message::new(file, room, settings).letter();
                letter.is_repaired = is_repaired;
                letter.documents(self.name(), source, settings, out);
            }
            None => {
                let unread = Unread::damaged("a broken OLE file");
                out(unread.into_document(self.name(), source));
            }
        }
    }
}

// Numbers of properties.
const CLASS: u16 = 0x001A;
const SUBJECT: u16 = 0x0037;
const SENT: u16 = 0x0039;
const DELIVERED: u16 = 0x0E06;
const BODY: u16 = 0x1000;
const RTF: u16 = 0x1009;
const HTML: u16 = 0x1013;
const FILE: u16 = 0x3701;
const SHORT_NAME: u16 = 0x3704;
const LONG_NAME: u16 = 0x3707;
const MIME: u16 = 0x370E;
const CONTENT_ID: u16 = 0x3712;
const DISPLAY_NAME: u16 = 0x3001;
const INTERNET_CODEPAGE: u16 = 0x3FDE;
const MESSAGE_CODEPAGE: u16 = 0x3FFD;

struct Message<'a, 's> {
    file: File<'a>,
    settings: &'s Settings,
    /// Bytes that its streams may still give.
    left: u64,
    page: u32,
    html_page: Option<u32>,
    when: Option<PrimitiveDateTime>,
}

impl<'a, 's> Message<'a, 's> {
    fn new(file: File<'a>, left: u64, settings: &'s Settings) -> Self {
        let mut message = Self {
            file,
            settings,
            left,
            page: 1252,
            html_page: None,
            when: None,
        };
        message.numbers();
        message
    }

    /// Reads the properties that are numbers.
    fn numbers(&mut self) {
        let bytes = self.stream("/__properties_version1.0").unwrap_or_default();
        // The head of a message inside another is shorter; rows have 16 bytes.
        let head = if bytes.len() % 16 == 8 { 24 } else { 32 };
        let (mut sent, mut delivered) = (None, None);
        for row in bytes.get(head..).unwrap_or_default().chunks_exact(16) {
            let part = |from: usize, to: usize| {
                let field = row.get(from..to).unwrap_or_default();
                field
                    .iter()
                    .rev()
                    .fold(0_u64, |n, b| n << 8 | u64::from(*b))
            };
            let value = part(8, 16);
            match u16::try_from(part(2, 4)).unwrap_or(0) {
                SENT => sent = when(value),
                DELIVERED => delivered = when(value),
                MESSAGE_CODEPAGE => self.page = part(8, 12) as u32,
                INTERNET_CODEPAGE => self.html_page = Some(part(8, 12) as u32),
                _ => {}
            }
        }
        self.when = sent.or(delivered);
    }

    fn stream(&mut self, path: &str) -> Option<Vec<u8>> {
        let limit = self.left.min(self.settings.limits.max_file_bytes);
        let bytes = ole::stream(&mut self.file, path, limit)?;
        self.left -= bytes.len() as u64;
        Some(bytes)
    }

    fn bytes(&mut self, folder: &str, number: u16) -> Option<Vec<u8>> {
        self.stream(&format!("{folder}/__substg1.0_{number:04X}0102"))
    }

    fn text(&mut self, folder: &str, number: u16) -> Option<String> {
        let path = format!("{folder}/__substg1.0_{number:04X}");
        let text = match self.stream(&format!("{path}001F")) {
            Some(bytes) => encoding_rs::UTF_16LE
                .decode_without_bom_handling(&bytes)
                .0
                .into_owned(),
            None => codepage::decode(self.page, &self.stream(&format!("{path}001E"))?),
        };
        Some(text.trim_end_matches('\0').to_owned())
    }

    fn letter(mut self) -> Letter {
        let class = self.text("", CLASS).unwrap_or_default().to_lowercase();
        let is_sealed = class.starts_with("ipm.note.smime");
        let mut letter = Letter {
            subject: self.text("", SUBJECT).unwrap_or_default(),
            date: self.when,
            is_sent: true,
            // One that is signed in the clear holds its text in a file.
            is_encrypted: is_sealed && !class.contains("multipartsigned"),
            ..Letter::default()
        };
        letter.bodies = self.bodies();
        let folders: BTreeSet<String> = (self.file.read_root_storage())
            .map(|e| e.name().to_owned())
            .filter(|name| name.starts_with("__attach_version1.0_"))
            .collect();
        for folder in folders {
            match self.attachment(&format!("/{folder}"), is_sealed) {
                Some(file) if file.name.eq_ignore_ascii_case("message.rpmsg") => {
                    letter.is_encrypted = true;
                }
                Some(file)
                    if letter.is_encrypted && is_sealed && letter::is_signed_data(&file.bytes) =>
                {
                    letter.is_encrypted = false;
                    letter.is_packed = true;
                }
                Some(_) if letter.is_encrypted && is_sealed => {}
                // The signature that the text is packed in.
                Some(_) if letter.is_packed && is_sealed => {}
                Some(file) => letter.attachments.push(file),
                None => {}
            }
        }
        letter
    }

    /// The plain body, the one with looks, or both when each says what the other does not.
    fn bodies(&mut self) -> Vec<Body> {
        let plain = self.text("", BODY).unwrap_or_default();
        let plain = (!plain.trim().is_empty()).then_some(Body::Plain(plain));
        let rich = self.rich_body();
        let forms = match (&plain, &rich) {
            (Some(plain), Some(rich)) => letter::choose(
                std::slice::from_ref(plain),
                std::slice::from_ref(rich),
                self.settings,
            ),
            _ => Forms::Both,
        };
        let plain = plain.filter(|_| forms != Forms::Rich);
        let rich = rich.filter(|_| forms != Forms::Plain);
        plain.into_iter().chain(rich).collect()
    }

    /// The body as HTML, else as RTF.
    fn rich_body(&mut self) -> Option<Body> {
        let html = match self.bytes("", HTML) {
            Some(bytes) => Some(match self.html_page {
                // Outlook often says 1252 and writes UTF-8, or the other way round.
                Some(page) if std::str::from_utf8(&bytes).is_err() => {
                    codepage::decode(page, &bytes)
                }
                _ => html::decode(&bytes).0,
            }),
            None => self.text("", HTML),
        };
        if let Some(html) = html.filter(|h| !h.trim().is_empty()) {
            return Some(Body::Html(html));
        }
        let limit = usize::try_from(self.settings.limits.max_part_bytes).unwrap_or(usize::MAX);
        let packed = self.bytes("", RTF)?;
        let unpacked = lzfu::unpack(&packed, limit)?;
        Some(Body::Read(rtf::read(&unpacked, self.settings)))
    }

    fn attachment(&mut self, folder: &str, is_sealed: bool) -> Option<Attachment> {
        let name = [LONG_NAME, SHORT_NAME, DISPLAY_NAME]
            .into_iter()
            .find_map(|n| self.text(folder, n).filter(|t| !t.trim().is_empty()));
        let name = name.unwrap_or_else(|| "bijlage".to_owned());
        let inner = format!("{folder}/__substg1.0_{FILE:04X}000D");
        if self.file.is_storage(&inner) {
            let name = if name.to_lowercase().ends_with(".msg") {
                name
            } else {
                format!("{name}.msg")
            };
            let bytes = self.lifted(&inner)?;
            return Some(Attachment {
                name,
                bytes,
                shown_as: None,
                is_image: false,
            });
        }
        let kind = self.text(folder, MIME).unwrap_or_default().to_lowercase();
        let lower = name.to_lowercase();
        let is_image = kind.starts_with("image/")
            || [".png", ".jpg", ".jpeg", ".gif", ".bmp"]
                .iter()
                .any(|e| lower.ends_with(e));
        Some(Attachment {
            // The file of a signed message is a message.
            name: if is_sealed {
                "bericht.eml".to_owned()
            } else {
                name
            },
            bytes: self.bytes(folder, FILE)?,
            shown_as: self.text(folder, CONTENT_ID),
            is_image,
        })
    }

    /// A message inside this one, as a file of its own.
    fn lifted(&mut self, folder: &str) -> Option<Vec<u8>> {
        let entries: Vec<(String, bool)> = self
            .file
            .walk_storage(folder)
            .ok()?
            .filter_map(|e| Some((e.path().to_str()?.to_owned(), e.is_stream())))
            .collect();
        let mut lifted = cfb::CompoundFile::create(Cursor::new(Vec::new())).ok()?;
        for (path, is_stream) in entries {
            let Some(inner) = path.strip_prefix(folder).filter(|p| !p.is_empty()) else {
                continue;
            };
            if is_stream {
                let bytes = self.stream(&path)?;
                let mut stream = lifted.create_stream(inner).ok()?;
                stream.write_all(&bytes).ok()?;
                stream.flush().ok()?;
            } else {
                lifted.create_storage(inner).ok()?;
            }
        }
        lifted.flush().ok()?;
        Some(lifted.into_inner().into_inner())
    }
}

/// A moment in tenths of microseconds since 1601, as Windows counts.
fn when(ticks: u64) -> Option<PrimitiveDateTime> {
    let seconds = i64::try_from(ticks / 10_000_000).ok()? - 11_644_473_600;
    let moment = time::OffsetDateTime::from_unix_timestamp(seconds).ok()?;
    (1980..2100)
        .contains(&moment.year())
        .then(|| PrimitiveDateTime::new(moment.date(), moment.time()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Status;

    fn utf16(text: &str) -> Vec<u8> {
        text.encode_utf16().flat_map(u16::to_le_bytes).collect()
    }

    /// Properties with a time of sending and a code page.
    fn properties(head: usize) -> Vec<u8> {
        let mut bytes = vec![0; head];
        // 12 March 2024, 14:30.
        let ticks: u64 = (1_710_253_800 + 11_644_473_600) * 10_000_000;
        bytes.extend([0x40, 0, 0x39, 0, 6, 0, 0, 0]);
        bytes.extend(ticks.to_le_bytes());
        bytes.extend([3, 0, 0xFD, 0x3F, 6, 0, 0, 0, 0xE4, 4, 0, 0, 0, 0, 0, 0]);
        bytes
    }

    fn read(streams: &[(&str, &[u8])]) -> Vec<Document> {
        let properties = properties(32);
        let mut all = vec![("/__properties_version1.0", properties.as_slice())];
        all.extend_from_slice(streams);
        documents(&ole::made(&all))
    }

    fn documents(bytes: &[u8]) -> Vec<Document> {
        let mut list = Vec::new();
        let source = Source::new("a.msg", "a");
        crate::extract::from_bytes(bytes, source, &Settings::default(), &mut |d| list.push(d));
        list
    }

    const TOP: &str = "Onderwerp: Zorgen\n\n";

    #[test]
    fn bodies_of_all_forms() {
        let subject = utf16("Zorgen");
        let packed = b"\x2d\x00\x00\x00\x2b\x00\x00\x00LZFu\xf1\xc5\xc7\xa7\x03\x00\x0a\x00rcpg125\x42\x32\x0a\xf3\x20hel\x09\x00\x20bw\x05\xb0ld}\x0a\x80\x0f\xa0";
        for (stream, bytes, expected) in [
            (
                "/__substg1.0_1000001F",
                utf16("cliënte\r\nmoe"),
                "cliënte\nmoe",
            ),
            ("/__substg1.0_1000001E", b"cli\xEBnte".to_vec(), "cliënte"),
            (
                "/__substg1.0_10130102",
                b"<html><p>cli\xEBnte".to_vec(),
                "cliënte",
            ),
            ("/__substg1.0_10090102", packed.to_vec(), "hello world"),
        ] {
            let list = read(&[("/__substg1.0_0037001F", &subject), (stream, &bytes)]);
            assert_eq!(list[0].text, format!("{TOP}{expected}\n"), "{stream}");
            assert_eq!(
                list[0].date.map(|d| d.to_string()).as_deref(),
                Some("2024-03-12")
            );
            assert_eq!(list[0].format, "msg");
        }
    }

    #[test]
    fn a_longer_html_body_is_read() {
        let plain = utf16("Kort.");
        let html = b"<p>Kort. Noor is thuis niet veilig.</p>";
        let list = read(&[
            ("/__substg1.0_1000001F", &plain),
            ("/__substg1.0_10130102", html),
        ]);
        assert_eq!(list[0].text, "Kort. Noor is thuis niet veilig.\n");
        let list = read(&[
            ("/__substg1.0_1000001F", &utf16("Moeder belde.")),
            ("/__substg1.0_10130102", html),
        ]);
        let both = "Moeder belde.\n\nKort. Noor is thuis niet veilig.\n";
        assert_eq!(list[0].text, both);
    }

    #[test]
    fn attachments_and_messages_inside() {
        let (subject, body) = (utf16("Zorgen"), utf16("zie bijlage"));
        let (name, inner) = (utf16("notitie.txt"), properties(24));
        let (display, text) = (utf16("Binnenin"), utf16("oud bericht"));
        let list = read(&[
            ("/__substg1.0_0037001F", &subject),
            ("/__substg1.0_1000001F", &body),
            ("/__attach_version1.0_#00000000/__substg1.0_3707001F", &name),
            (
                "/__attach_version1.0_#00000000/__substg1.0_37010102",
                b"Cl. was moe.",
            ),
            (
                "/__attach_version1.0_#00000001/__substg1.0_3001001F",
                &display,
            ),
            (
                "/__attach_version1.0_#00000001/__substg1.0_3701000D/__properties_version1.0",
                &inner,
            ),
            (
                "/__attach_version1.0_#00000001/__substg1.0_3701000D/__substg1.0_1000001F",
                &text,
            ),
        ]);
        let rows: Vec<(&str, &str)> = list
            .iter()
            .map(|d| (d.path.as_str(), d.text.as_str()))
            .collect();
        assert_eq!(
            rows,
            [
                ("a.msg", &*format!("{TOP}zie bijlage\n")),
                ("a.msg/notitie.txt", "Cl. was moe."),
                ("a.msg/Binnenin.msg", "oud bericht\n"),
            ]
        );
    }

    #[test]
    fn sealed_and_broken_messages() {
        let class = utf16("IPM.Note.SMIME");
        let sealed = read(&[("/__substg1.0_001A001F", &class)]);
        assert_eq!(sealed[0].status, Status::Encrypted);
        let packed = read(&[
            ("/__substg1.0_001A001F", &class),
            (
                "/__attach_version1.0_#00000000/__substg1.0_37010102",
                b"\x30\x82\x01\x00\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07\x02",
            ),
        ]);
        assert_eq!(packed[0].status, Status::Unsupported);
        assert_eq!(packed.len(), 1);
        let body = utf16(&"Cl. was moe. ".repeat(500));
        let properties = properties(32);
        let bytes = ole::made(&[
            ("/__properties_version1.0", &properties),
            ("/__substg1.0_1000001F", &body),
            ("/__attach_version1.0_#00000000/__substg1.0_37010102", b"x"),
        ]);
        for n in 0..50 {
            documents(&bytes[..(bytes.len() * n / 50).max(8)]);
        }
        for n in 0..500_usize {
            let mut flipped = bytes.clone();
            let at = 8 + n * 7919 % (flipped.len() - 8);
            flipped[at] ^= 1 << (n % 8);
            documents(&flipped);
        }
    }
}
