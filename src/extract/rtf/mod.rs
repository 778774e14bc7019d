//! RTF files.

mod body;
mod token;

pub(in crate::extract) use body::read;

use crate::document::Document;
use crate::extract::reading;
use crate::extract::{Extractor, Settings, Source, plain};

/// RTF.
pub(in crate::extract) struct Rtf;

impl Extractor for Rtf {
    fn name(&self) -> &'static str {
        "rtf"
    }
    fn version(&self) -> u32 {
        1
    }
    fn extensions(&self) -> &'static [&'static str] {
        &["rtf"]
    }
    fn recognises(&self, bytes: &[u8]) -> bool {
        let start = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        start.trim_ascii_start().starts_with(b"{\\rtf")
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
        let reading = Ok(read(bytes, settings));
        out(reading::document(reading, self.name(), source, settings));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Status;

    fn documents(bytes: &[u8]) -> Document {
        let mut list = Vec::new();
        let source = Source::new("a.rtf", "a");
        crate::extract::from_bytes(bytes, source, &Settings::default(), &mut |d| list.push(d));
        assert_eq!(list.len(), 1);
        list.remove(0)
    }

    const FONTS: &str = "{\\fonttbl{\\f0\\fnil\\fcharset0 Arial;}{\\f1\\fcharset162 Arial TUR;}{\\f2\\fcharset2 Wingdings;}}";

    #[test]
    fn body_rows() {
        for (rtf, expected) in [
            (
                "een {\\b lover}boy\\par twee\\line drie\\tab x",
                "een loverboy\ntwee\ndrie\tx",
            ),
            ("cli\\'ebnt \\f1\\'fe\\f0  \\'80", "cliënt ş €"),
            (
                "\\u235?\\uc0\\u8364 x\\uc2\\u-10179 ??\\u-8704 ??y{\\uc1\\u233\\'e9}z",
                "ë€x😀yéz",
            ),
            (
                "\\lquote a\\rquote\\~b\\_c\\-d \\endash  \\bullet",
                "‘a’\u{A0}b-cd – •",
            ),
            (
                "{\\f2\\'fe} ja {\\f2 o} nee {\\f2\\u-3842 ?}",
                "☑ ja ☐ nee ☑",
            ),
            (
                "a{\\*\\onbekend weg}{\\pict\\wmetafile8 0102{\\*\\x}}{\\*\\bkmkstart b}b\\bin3 }}}c",
                "abc",
            ),
            ("a{\\deleted weg}{\\revised  erbij}{\\v  stil}", "a erbij"),
            (
                "een{\\super\\chftn}{\\footnote\\pard\\plain noot} zin{\\*\\atnid J}{\\*\\atnauthor Jan}{\\*\\annotation{\\*\\atndate 1}klopt dit?}.",
                "een zin.\nnoot\n[klopt dit?]",
            ),
            (
                "{\\header kop\\par}{\\headerf kop\\par}{\\footer voet\\par}tekst",
                "kop\ntekst\nvoet",
            ),
            (
                "voor\\par\\trowd\\pard\\intbl a\\cell\\cell X\\cell\\row\\trowd\\pard\\intbl {b.\\par D\\cell }{e\\cell}\\row\\pard na",
                "voor\na\t\tX\nb.\nD\te\nna",
            ),
            (
                "{\\listtext\\f2\\'b7\\tab}een\\par{\\*\\pn\\pnlvlblt}{\\pntext\\'b7\\tab}twee\\par{\\listtext 1.\\tab}\\pard\\outlinelevel0 Kop\\par\\pard drie",
                "- een\n- twee\n\nKop\n\ndrie",
            ),
            (
                "{\\field{\\*\\fldinst DATE}{\\fldrslt morgen}} {\\field{\\*\\fldinst FORMCHECKBOX {\\*\\formfield{\\fftype1\\ffres25\\ffdefres1{\\*\\ffname a}}}}{\\fldrslt}} ja {\\field{\\*\\fldinst{\\*\\formfield{\\fftype1\\ffres0\\ffdefres1}}}{\\fldrslt}} nee {\\field{\\*\\fldinst{\\*\\formfield{\\fftype2\\ffres1{\\*\\ffl laag}{\\*\\ffl hoog}}}}{\\fldrslt}}",
                "morgen ☒ ja ☐ nee hoog",
            ),
            (
                "zie {\\field{\\*\\fldinst HYPERLINK}{\\*\\fldrslt {\\ul de site}}}{\\*\\footer voet} eens",
                "zie de site eens\nvoet",
            ),
            (
                "een {\\shp{\\*\\shpinst{\\sp{\\sn a}{\\sv b}}{\\shptxt kader\\par}}{\\shprslt{\\*\\do{\\dptxbxtext kader}}}}zin\\par slot",
                "een zin\nkader\nslot",
            ),
            (
                "{\\upr{oud}{\\*\\ud{nieuw}}}{\\object{\\*\\objdata 0102}{\\result beeld}}",
                "nieuwbeeld",
            ),
        ] {
            let text = format!("{{\\rtf1\\ansi\\ansicpg1252\\deff0{FONTS}\n{rtf}}}");
            let document = documents(text.as_bytes());
            assert_eq!(
                (document.text.as_str(), document.status),
                (expected, Status::Ok),
                "{rtf}"
            );
        }
    }

    #[test]
    fn dates_and_wrapped_html() {
        let dated =
            documents(b"{\\rtf1{\\info{\\author Jan}{\\creatim\\yr2024\\mo3\\dy12\\hr1}}tekst}");
        assert_eq!(dated.text, "tekst");
        assert_eq!(
            dated.date.map(|d| d.to_string()).as_deref(),
            Some("2024-03-12")
        );
        let html = documents(b"{\\rtf1\\ansi\\fromhtml1 {\\*\\htmltag64 <p>}\\htmlrtf {\\htmlrtf0 cli\\'ebnt {\\*\\htmltag84 &lt;}\\htmlrtf <\\htmlrtf0 5{\\*\\htmltag72 </p>}\\htmlrtf\\par}\\htmlrtf0 {\\*\\htmltag64 <p>}na}");
        assert_eq!(html.text, "cliënt <5\nna");
    }

    #[test]
    fn hostile_files_end_with_a_status() {
        let deep = documents(format!("{{\\rtf1 tekst{}", "{".repeat(100_000)).as_bytes());
        assert_eq!(
            (deep.status, deep.text.as_str()),
            (Status::Partial, "tekst")
        );
        let many = documents(format!("{{\\rtf1 een{}\\par twee}}", "}".repeat(9)).as_bytes());
        assert_eq!(
            (many.status, many.text.as_str()),
            (Status::Partial, "een\ntwee")
        );
        let notes = documents(
            format!(
                "{{\\rtf1 a{}",
                "{\\footnote x{\\shp{\\*\\shpinst{\\shptxt y".repeat(3_000)
            )
            .as_bytes(),
        );
        assert_ne!(notes.status, Status::Ok);
        let text = format!(
            "{{\\rtf1\\ansi{FONTS} {}}}",
            "Cl. was {\\b moe}\\'eb\\u235?.\\par\\trowd\\intbl a\\cell\\row\\pard{\\pict 00}"
                .repeat(50)
        );
        for n in 0..50 {
            documents(&text.as_bytes()[..(text.len() * n / 50).max(1)]);
        }
        for n in 0..500_usize {
            let mut flipped = text.clone().into_bytes();
            let at = n * 7919 % flipped.len();
            flipped[at] ^= 1 << (n % 8);
            documents(&flipped);
        }
    }
}
