//! Exports of notes as CSV: one row is one document. They are read as a stream: one file may hold a million notes.

use std::io::{BufRead, ErrorKind, Read};

use super::columns::Columns;
use super::stream::{self, Decoder};
use super::table::Table;
use crate::document::{Document, Status};
use crate::extract::{Extractor, Settings, Source, Stream, head, plain};

/// CSV exports.
pub(in crate::extract) struct Csv;

/// Delimiters that are tried, the likeliest in Dutch exports first.
const DELIMITERS: [char; 4] = [';', '\t', '|', ','];
/// Records that the delimiter is judged by.
const TRIED: usize = 25;

/// Ends a record that takes too many bytes, as after a quotation mark that is never closed.
struct Bounded<R> {
    reader: R,
    left: usize,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.left == 0 {
            return Err(ErrorKind::FileTooLarge.into());
        }
        let room = buffer.len().min(self.left);
        let read = self
            .reader
            .read(buffer.get_mut(..room).unwrap_or_default())?;
        self.left -= read;
        Ok(read)
    }
}

/// Whether quotation marks in cells stand behind a backslash, as databases write them, and are not doubled.
fn is_escaped(look: &[u8], delimiter: char) -> bool {
    let delimiter = u8::try_from(delimiter).unwrap_or(b';');
    let mut marks = look.windows(3).filter(|w| w.starts_with(b"\\\""));
    // At the end of a cell the backslash may be its last character.
    marks.any(|w| !w.ends_with(&[delimiter]) && !matches!(w.last(), Some(b'\r' | b'\n')))
}

fn csv_reader<R: Read>(reader: R, delimiter: char, is_escaped: bool) -> csv::Reader<R> {
    csv::ReaderBuilder::new()
        .escape(is_escaped.then_some(b'\\'))
        .double_quote(!is_escaped)
        .delimiter(u8::try_from(delimiter).unwrap_or(b';'))
        .flexible(true)
        .has_headers(false)
        .from_reader(reader)
}

/// The delimiter that parts most of the first records in the same number of cells, the more the better.
fn delimiter(look: &[u8]) -> char {
    let score = |delimiter: char| {
        let mut reader = csv_reader(look, delimiter, is_escaped(look, delimiter));
        let widths: Vec<usize> = reader
            .byte_records()
            .take(TRIED)
            .map_while(Result::ok)
            .map(|r| r.len())
            .collect();
        let most = widths
            .iter()
            .max_by_key(|w| (widths.iter().filter(|x| x == w).count(), **w))
            .copied()
            .unwrap_or(0);
        let share = widths.iter().filter(|w| **w == most).count() * 100 / widths.len().max(1);
        if most > 1 { share * most.min(8) } else { 0 }
    };
    let mut best = (0, DELIMITERS[0]);
    for candidate in DELIMITERS {
        let score = score(candidate);
        if score > best.0 {
            best = (score, candidate);
        }
    }
    best.1
}

/// The delimiter of the first mapping whose columns stand in one of the first rows.
fn kept_delimiter(look: &[u8], settings: &Settings) -> Option<char> {
    settings.mappings.iter().find_map(|mapping| {
        let delimiter = mapping.delimiter?;
        let mut reader = csv_reader(look, delimiter, is_escaped(look, delimiter));
        let mut decoder = Decoder::new(look);
        let fits = reader
            .byte_records()
            .take(TRIED)
            .map_while(Result::ok)
            .any(|r| mapping.fits(&r.iter().map(|c| decoder.text(c)).collect::<Vec<_>>()));
        fits.then_some(delimiter)
    })
}

impl Extractor for Csv {
    fn is_text(&self) -> bool {
        true
    }
    fn name(&self) -> &'static str {
        "csv"
    }
    fn version(&self) -> u32 {
        2
    }
    fn extensions(&self) -> &'static [&'static str] {
        &["csv", "tsv"]
    }
    fn recognises(&self, bytes: &[u8]) -> bool {
        if bytes.starts_with(b"sep=") || bytes.starts_with(b"\xEF\xBB\xBFsep=") {
            return true;
        }
        if plain::is_binary(head(bytes)) {
            return false;
        }
        // Under another name: the first line must tell.
        let (text, _) = plain::decode(head(bytes));
        let Some((first, below)) = text.trim_start_matches('\u{FEFF}').split_once('\n') else {
            return false;
        };
        let lines = || below.lines().filter(|l| !l.trim().is_empty());
        DELIMITERS.iter().any(|d| {
            let names: Vec<String> = first
                .trim_end()
                .split(*d)
                .map(|n| n.trim_matches('"').to_owned())
                .collect();
            // Quoted cells may hold line ends.
            let whole = lines().filter(|l| l.matches(*d).count() + 1 >= names.len());
            names.len() > 1
                && whole.count() * 3 >= lines().count()
                && names.iter().all(|n| n.len() <= 40)
                && Columns::new(&names, &[], &crate::extract::Mapping::default(), &[]).are_telling()
        })
    }
    fn extract(
        &self,
        bytes: &[u8],
        source: Source<'_>,
        settings: &Settings,
        out: &mut dyn FnMut(Document),
    ) {
        self.read(&mut &*bytes, source, settings, out);
    }
    fn stream(&self) -> Option<&dyn Stream> {
        Some(self)
    }
}

impl Stream for Csv {
    fn read(
        &self,
        input: &mut dyn Read,
        source: Source<'_>,
        settings: &Settings,
        out: &mut dyn FnMut(Document),
    ) {
        let unread = |status, detail: String| {
            Document::unread(source.shown, source.dossier, "csv", status, detail)
        };
        let mut opened = match stream::open(input) {
            Ok(opened) => opened,
            Err(error) => {
                let detail = format!("cannot be read: {}", error.kind());
                return out(unread(Status::Unreadable, detail));
            }
        };
        // Excel's line that names the delimiter.
        let declared = opened.reader.buffer().strip_prefix(b"sep=").map(|rest| {
            let line = rest
                .iter()
                .position(|b| *b == b'\n')
                .map_or(rest.len(), |n| n + 1);
            (rest.first().copied().map(char::from), 4 + line)
        });
        if let Some((_, length)) = declared {
            opened.reader.consume(length);
        }
        let delimiter = settings
            .mapping
            .delimiter
            .or(declared.and_then(|d| d.0))
            .or_else(|| kept_delimiter(opened.reader.buffer(), settings))
            .unwrap_or_else(|| delimiter(opened.reader.buffer()));
        let escaped = is_escaped(opened.reader.buffer(), delimiter);
        let mut decoder = opened.decoder;
        let mut table = Table::new(source, settings, "csv").parted_by(delimiter);
        if let Some(encoding) = opened.encoding {
            table.note(format!("encoding:{encoding}"));
        }
        let room = settings.limits.max_text_bytes;
        let mut reader = csv_reader(
            Bounded {
                reader: opened.reader,
                left: room,
            },
            delimiter,
            escaped,
        );
        let mut record = csv::ByteRecord::new();
        loop {
            reader.get_mut().left = room;
            match reader.read_byte_record(&mut record) {
                Ok(false) => break,
                Ok(true) => {
                    let cells = record.iter().map(|c| decoder.text(c)).collect();
                    if let Some(encoding) = decoder.seen {
                        table.note(format!("encoding:{encoding}"));
                    }
                    if !table.row(cells, out) {
                        break;
                    }
                }
                Err(error) => {
                    let too_large = matches!(error.kind(), csv::ErrorKind::Io(e) if e.kind() == ErrorKind::FileTooLarge);
                    let (status, why) = if too_large {
                        let why = format!(
                            "a row of more than {room} bytes: a quotation mark that is not closed?"
                        );
                        (Status::TooLarge, why)
                    } else if error.is_io_error() {
                        (
                            Status::Unreadable,
                            "the file cannot be read further".to_owned(),
                        )
                    } else {
                        table.damaged(out);
                        continue;
                    };
                    table.rest(status, why, out);
                    break;
                }
            }
        }
        if table.end(out) == 0 {
            out(unread(Status::Empty, "no rows with text".to_owned()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_with(extractor: &dyn Extractor, bytes: &[u8], settings: &Settings) -> Vec<Document> {
        let mut list = Vec::new();
        let source = Source::new("export.csv", "export.csv");
        extractor.extract(bytes, source, settings, &mut |d| list.push(d));
        list
    }

    fn read(extractor: &dyn Extractor, text: &str) -> Vec<Document> {
        read_with(extractor, text.as_bytes(), &Settings::default())
    }

    #[test]
    fn csv_rows_become_documents() {
        let text = "sep=;\nClient;Datum;Geboortejaar;Notitie\nK-1;12-03-2024;2008;\"Cl. kwam niet\nthuis; belde laat\"\nK-2;;;\n";
        let documents = read(&Csv, text);
        let seen: Vec<(&str, &str, Status)> = documents
            .iter()
            .map(|d| (d.path.as_str(), d.dossier.as_str(), d.status))
            .collect();
        assert_eq!(seen, [("export.csv#1", "K-1", Status::Ok)]);
        assert_eq!(documents[0].text, "Cl. kwam niet\nthuis; belde laat");
        assert_eq!(
            (
                documents[0].birth_year,
                documents[0].date.map(|d| d.to_string())
            ),
            (Some(2008), Some("2024-03-12".to_owned()))
        );
    }

    #[test]
    fn titles_above_the_header_and_more_text_columns() {
        let text = "Export rapportages;;;\n;;;\nKind;Datum;Onderwerp;Rapportage\nK-1;12-03-2024;Vermist;Cl. kwam niet thuis.\n;;;\nK-1;13-03-2024;;Cl. is terug.\n";
        let documents = read(&Csv, &text.replace("Kind", "Cliëntnummer"));
        let texts: Vec<&str> = documents.iter().map(|d| d.text.as_str()).collect();
        assert_eq!(
            texts,
            [
                "Onderwerp: Vermist\n\nRapportage: Cl. kwam niet thuis.",
                "Rapportage: Cl. is terug."
            ]
        );
        assert_eq!(documents[1].path, "export.csv#3");
        assert_eq!(documents[1].dossier, "K-1");
    }

    #[test]
    fn a_text_that_nobody_quoted_stays_whole() {
        let text = "client;datum;notitie\nK-1;12-03-2024;Cl. kwam thuis; zei niets;\nging slapen.\nMoeder; gebeld\nK-2;13-03-2024;Cl. is weg.\n";
        let documents = read(&Csv, text);
        let texts: Vec<&str> = documents.iter().map(|d| d.text.as_str()).collect();
        assert_eq!(
            texts,
            [
                "Cl. kwam thuis; zei niets\nging slapen.\nMoeder; gebeld",
                "Cl. is weg."
            ]
        );
    }

    #[test]
    fn a_text_that_nobody_quoted_stays_whole_in_the_middle() {
        let text = "client;datum;rapportage;auteur\nJ1;12-03-2024;thuis; meisje is weggelopen; zorgen;Jan\nJ2;13-03-2024;regel een\nregel twee;Jan\nJ3;14-03-2024;rustig;Jan;;\n";
        let documents = read(&Csv, text);
        let texts: Vec<(&str, &str)> = documents
            .iter()
            .map(|d| (d.dossier.as_str(), d.text.as_str()))
            .collect();
        assert_eq!(
            texts,
            [
                ("J1", "thuis; meisje is weggelopen; zorgen"),
                ("J2", "regel een\nregel twee"),
                ("J3", "rustig")
            ]
        );
    }

    #[test]
    fn a_quotation_mark_that_is_not_closed_takes_no_rows() {
        let text = "client;datum;notitie\nJ1;12-03-2024;\"open tekst\nJ2;13-03-2024;Cl. is weg.\nJ3;14-03-2024;Cl. is terug.\n";
        let dossiers: Vec<(String, String)> = read(&Csv, text)
            .into_iter()
            .map(|d| (d.dossier, d.text))
            .collect();
        assert_eq!(dossiers.len(), 3, "{dossiers:?}");
        assert_eq!(dossiers[1], ("J2".to_owned(), "Cl. is weg.".to_owned()));
    }

    #[test]
    fn without_a_header_the_first_note_is_one_too() {
        let texts =
            |text: &str| -> Vec<String> { read(&Csv, text).into_iter().map(|d| d.text).collect() };
        let first = "Cl. kwam vannacht niet thuis en wilde niet zeggen waar zij was.";
        let second = "Moeder belde dat zij weer is weggelopen met haar vriend van 26.";
        let text = format!("K-1;12-03-2024;{first}\nK-2;13-03-2024;{second}\n");
        assert_eq!(texts(&text), [first, second]);
        assert_eq!(read(&Csv, &text)[1].date.unwrap().day(), 13);
        assert!(
            read(&Csv, &text)[0]
                .quality
                .contains(&"no_header".to_owned())
        );
        let same = format!("{first};{first}\n").repeat(3);
        assert_eq!(texts(&same).len(), 3);
        // A name of a column may be long and strange, and is none of the notes.
        let named = format!("nr;Wat er gezegd werd\n1;{first}\n2;{second}\n");
        assert_eq!(texts(&named), [first, second]);
    }

    #[test]
    fn quotation_marks_behind_a_backslash() {
        let text =
            "client,notitie,datum\nJ1,\"zij zei \\\"ga weg\\\", en was weggelopen\",12-03-2024\n";
        assert_eq!(
            read(&Csv, text)[0].text,
            "zij zei \"ga weg\", en was weggelopen"
        );
    }

    #[test]
    fn a_client_named_once_counts_for_the_rows_below() {
        let text = "client;datum;notitie\nK-1;12-03-2024;Cl. kwam thuis.\n;13-03-2024;Cl. is weg.\nK-2;13-03-2024;Cl. sliep.\n;14-03-2024;Cl. at mee.\n";
        let dossiers: Vec<String> = read(&Csv, text).into_iter().map(|d| d.dossier).collect();
        assert_eq!(dossiers, ["K-1", "K-1", "K-2", "K-2"]);
        // One that is missing here and there is just not known.
        let text = format!(
            "client;datum;notitie\n{};15-03-2024;Cl. is terug.\n",
            "K-1;12-03-2024;Cl. kwam thuis.\n".repeat(9)
        );
        assert_eq!(read(&Csv, &text).last().unwrap().dossier, "export.csv");
    }

    #[test]
    fn rows_without_text_are_told_when_they_are_most() {
        let text = format!("client;notitie;tijd\n{}", "K;;12:00\n".repeat(3));
        let documents = read(&Csv, &format!("{text}K;Cl. kwam thuis;1\n"));
        let seen: Vec<Status> = documents.iter().map(|d| d.status).collect();
        assert_eq!(seen, [Status::Ok, Status::Empty]);
        assert!(documents[1].status_detail.contains("3 of 4 rows"));
        // Text in a column that is not known for it is still text.
        let documents = read(
            &Csv,
            "client;notitie;actie\nK;Cl. kwam thuis;\nK;;Morgen moeder bellen over vannacht\n",
        );
        assert_eq!(
            documents[1].text,
            "actie: Morgen moeder bellen over vannacht"
        );
    }

    #[test]
    fn delimiters_and_encodings() {
        let row = |d: &str| {
            format!("client{d}datum{d}notitie\nK-1{d}12-03-2024{d}Cliënte kwam niet thuis\n")
        };
        for d in [";", ",", "\t", "|"] {
            let text = row(d);
            let windows: Vec<u8> = text
                .chars()
                .map(|c| u8::try_from(u32::from(c)).unwrap())
                .collect();
            let utf16: Vec<u8> = std::iter::once(0xFEFF)
                .chain(text.encode_utf16())
                .flat_map(u16::to_le_bytes)
                .collect();
            let marked = [b"\xEF\xBB\xBF", text.as_bytes()].concat();
            for (bytes, quality) in [
                (text.as_bytes(), None),
                (&windows, Some("encoding:windows-1252")),
                (&utf16, Some("encoding:utf-16le")),
                (&marked, Some("encoding:utf-8-bom")),
            ] {
                let documents = read_with(&Csv, bytes, &Settings::default());
                assert_eq!(documents.len(), 1, "{d:?} {quality:?}");
                assert_eq!(documents[0].text, "Cliënte kwam niet thuis");
                assert_eq!(documents[0].quality.first().map(String::as_str), quality);
                assert!(Csv.recognises(bytes), "{d:?} {quality:?}");
            }
        }
        let prose = b"client;datum;notitie\nDit is gewone tekst.\nNog een regel.\nEn nog een.\nEn nog een.\n";
        assert!(!Csv.recognises(prose));
        assert!(
            !Csv.recognises(
                "Datum: 12-03; notitie van de groep\nCl. kwam niet thuis.\n".as_bytes()
            )
        );
        // One row in another encoding does not spoil the others.
        let mixed = [row(";").as_bytes(), b"K-2;13-03-2024;Cli\xEBnte is terug\n"].concat();
        let documents = read_with(&Csv, &mixed, &Settings::default());
        assert_eq!(documents[1].text, "Cliënte is terug");
    }

    #[test]
    fn a_table_without_text_is_one_document() {
        let documents = read(&Csv, "week;verzuim\n12;4 uur\n13;geen\n");
        assert_eq!(documents.len(), 1);
        assert_eq!(documents[0].text, "week\tverzuim\n12\t4 uur\n13\tgeen\n");
        assert!(documents[0].quality.contains(&"no_text_column".to_owned()));
        let many = format!("a;b\n{}", "1;2\n".repeat(3000));
        let documents = read(&Csv, &many);
        assert_eq!(documents[0].status, Status::Unsupported);
        assert!(
            documents[0].status_detail.contains("a, b")
                && documents[0].status_detail.contains("--text-column")
        );
        let mut settings = Settings::default();
        settings.mapping.text = vec!["weg".to_owned()];
        let documents = read_with(&Csv, b"a;b\n1;2\n", &settings);
        assert_eq!(documents[0].status, Status::Unsupported);
    }

    #[test]
    fn a_kept_mapping_names_columns_and_delimiter() {
        let settings = Settings {
            mappings: vec![crate::extract::Mapping {
                name: "systeem".to_owned(),
                text: vec!["Veld 7".to_owned()],
                dossier: Some("Wie".to_owned()),
                delimiter: Some('^'),
                ..Default::default()
            }],
            ..Settings::default()
        };
        let documents = read_with(&Csv, b"wie^veld 7\nK-1^Ja; nee; dan\n", &settings);
        assert_eq!(documents[0].text, "Ja; nee; dan");
        assert_eq!(documents[0].dossier, "K-1");
        assert_eq!(documents[0].quality, ["mapping:systeem"]);
        let documents = read_with(
            &Csv,
            b"client;notitie\nK-1;Cl. kwam niet thuis\n",
            &settings,
        );
        assert_eq!(documents[0].text, "Cl. kwam niet thuis");
    }

    #[test]
    fn a_quotation_mark_that_is_never_closed_ends_at_the_limit() {
        let mut settings = Settings::default();
        settings.limits.max_text_bytes = 10_000;
        let text = format!(
            "client;notitie\nK;kort\nK;\"{}",
            "woord zonder eind\n".repeat(10_000)
        );
        let documents = read_with(&Csv, text.as_bytes(), &settings);
        assert_eq!(documents[0].text, "kort");
        let last = documents.last().unwrap();
        assert_eq!(
            (last.status, last.path.as_str()),
            (Status::TooLarge, "export.csv#rest")
        );
    }

    #[test]
    fn too_many_rows_are_told() {
        let mut settings = Settings::default();
        settings.limits.max_rows = 60;
        let text = format!("client;notitie\n{}", "K;Cl. kwam niet thuis\n".repeat(100));
        let documents = read_with(&Csv, text.as_bytes(), &settings);
        assert_eq!(documents.len(), 61);
        assert_eq!(documents[60].status, Status::TooLarge);
    }
}
