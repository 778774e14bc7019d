//! OpenDocument texts, presentations and drawings (odt, odp, odg), in a package or in one XML file.

mod body;
mod numbering;

use time::Date;

use crate::document::Document;
use crate::extract::flow::Flow;
use crate::extract::package::{self, Kind, Package};
use crate::extract::reading::{self, Found, Reading, Unread};
use crate::extract::sheet::ods;
use crate::extract::xml;
use crate::extract::{Extractor, Settings, Source, plain};
use body::walk;
use numbering::Numbering;

/// OpenDocument texts.
pub(in crate::extract) struct Odf;

impl Extractor for Odf {
    fn name(&self) -> &'static str {
        "odt"
    }
    fn version(&self) -> u32 {
        1
    }
    fn extensions(&self) -> &'static [&'static str] {
        &["odt", "ott", "fodt", "odp", "fodp", "odg", "sxw"]
    }
    fn recognises(&self, bytes: &[u8]) -> bool {
        package::kind(bytes) == Some(Kind::OdfText) || is_flat(bytes)
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
        // Some programs put what the package is in the middle of it.
        if bytes.get(30..38) != Some(b"mimetype") && ods::is_sheet(bytes, settings) {
            return ods::Ods.extract(bytes, source, settings, out);
        }
        let reading = read(bytes, settings);
        out(reading::document(reading, self.name(), source, settings));
    }
}

/// Bytes that the first tag of a flat file, with all its namespaces, lies in.
const FIRST_TAG: usize = 8192;

/// Whether one XML file holds a whole document of one of these kinds.
pub(in crate::extract) fn is_flat_of(bytes: &[u8], kinds: &[&str]) -> bool {
    let head = bytes.get(..FIRST_TAG).unwrap_or(bytes);
    if !head.trim_ascii_start().starts_with(b"<") && !head.starts_with(b"\xEF\xBB\xBF<") {
        return false;
    }
    let head = String::from_utf8_lossy(head);
    let tag = head.split_once("<office:document").map(|(_, tag)| tag);
    let tag = tag.and_then(|tag| tag.split('>').next());
    tag.is_some_and(|tag| kinds.iter().any(|kind| tag.contains(kind)))
}

fn is_flat(bytes: &[u8]) -> bool {
    let kinds = [
        "opendocument.text",
        "opendocument.presentation",
        "opendocument.graphics",
    ];
    is_flat_of(bytes, &kinds)
}

fn read(bytes: &[u8], settings: &Settings) -> Result<Reading, Unread> {
    let mut flow = Flow::new(settings.limits.max_text_bytes);
    let mut found = Found::default();
    let mut numbering = Numbering::default();
    if is_flat(bytes) {
        let text = xml::decode(bytes);
        numbering.read(&text);
        walk(&text, &numbering, &mut flow, &mut found);
        return Ok(found.reading(flow.finish().0, meta_date(&text), false));
    }
    let mut package = Package::open(bytes, settings);
    let manifest = package.part("META-INF/manifest.xml").ok().flatten();
    if manifest.is_some_and(|m| m.text.contains("encryption-data")) {
        return Err(Unread::encrypted("needs a password"));
    }
    let content = package
        .part("content.xml")?
        .ok_or_else(|| Unread::damaged("an OpenDocument file without a text"))?;
    // The styles hold headers and footers, too.
    let styles = package.part("styles.xml").ok().flatten();
    for part in styles.iter().chain([&content]) {
        numbering.read(&part.text);
    }
    walk(&content.text, &numbering, &mut flow, &mut found);
    if !content.is_whole {
        found.trouble.get_or_insert("a part that is cut off");
    }
    if let Some(styles) = styles {
        walk(&styles.text, &numbering, &mut flow, &mut found);
    }
    let meta = package.part("meta.xml").ok().flatten();
    let date = meta.and_then(|m| meta_date(&m.text));
    Ok(found.reading(flow.finish().0, date, package.is_broken()))
}

/// When the document was last saved, else made; elements of the text have these names, too.
fn meta_date(text: &str) -> Option<Date> {
    reading::saved_or_made(text, Some("meta"), ["date", "creation-date"])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Status;

    fn documents(bytes: &[u8]) -> Document {
        let mut list = Vec::new();
        let source = Source::new("a.odt", "a");
        crate::extract::from_bytes(bytes, source, &Settings::default(), &mut |d| list.push(d));
        assert_eq!(list.len(), 1);
        list.remove(0)
    }

    const MIME: (&str, &str) = ("mimetype", "application/vnd.oasis.opendocument.text");

    fn content(xml: &str) -> String {
        format!(
            "<office:document-content><office:automatic-styles><style:style style:name='T1'><style:text-properties style:font-name='Wingdings'/></style:style></office:automatic-styles><office:body><office:text>{xml}</office:text></office:body></office:document-content>"
        )
    }

    fn read(xml: &str) -> Document {
        documents(&package::zipped(&[MIME, ("content.xml", &content(xml))]))
    }

    #[test]
    fn body_rows() {
        for (xml, expected) in [
            (
                "<text:h>Kop</text:h>\n <text:p>een <text:span>lover</text:span>boy\n  hier<text:s text:c='3'/>a<text:tab/>b<text:line-break/>c</text:p>",
                "Kop\n\neen loverboy hier   a\tb\nc",
            ),
            (
                "<text:tracked-changes><text:changed-region><text:deletion><office:change-info><dc:creator>Jan</dc:creator></office:change-info><text:p>weg</text:p></text:deletion></text:changed-region></text:tracked-changes><text:p>a<text:change text:change-id='1'/><text:change-start/> erbij<text:change-end/></text:p>",
                "a erbij",
            ),
            (
                "<text:tracked-changes><text:changed-region xml:id='c1'><text:deletion><office:change-info/></text:deletion></text:changed-region><text:changed-region xml:id='c2'><text:insertion/></text:changed-region><text:changed-region xml:id='c3'><text:deletion/></text:changed-region></text:tracked-changes><text:p>a <text:change-start text:change-id='c1'/>weg<text:tab/></text:p><text:p>weg <text:change-end text:change-id='c1'/>b<text:change-start text:change-id='c2'/> erbij<text:change-end text:change-id='c2'/></text:p><text:p><text:change-start text:change-id='c3'/>zonder einde</text:p>",
                "a b erbij\nzonder einde",
            ),
            (
                "<text:p>een<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>noot</text:p></text:note-body></text:note> zin<office:annotation><dc:creator>Jan</dc:creator><dc:date>2024</dc:date><text:p>klopt dit?</text:p></office:annotation>.</text:p>",
                "een zin.\nnoot\n[klopt dit?]",
            ),
            (
                "<table:table><table:table-row><table:table-cell><text:p>a</text:p></table:table-cell><table:table-cell table:number-columns-repeated='2'/><table:table-cell><text:p>X</text:p></table:table-cell></table:table-row><table:table-row><table:table-cell><text:p>b.</text:p><text:p>C</text:p></table:table-cell><table:covered-table-cell/><table:table-cell table:number-columns-repeated='1000000000'/></table:table-row></table:table><text:p>na</text:p>",
                "a\t\t\tX\nb.\nC\nna",
            ),
            (
                "<text:list><text:list-header><text:p>kop</text:p></text:list-header><text:list-item><text:p>een</text:p><text:p>vervolg</text:p><text:list><text:list-item><text:p>twee</text:p></text:list-item></text:list></text:list-item><text:list-item><text:h>Kop</text:h></text:list-item></text:list>",
                "kop\n- een\nvervolg\n- twee\n\nKop",
            ),
            (
                "<text:p>een <draw:frame><draw:text-box><text:p>kader</text:p></draw:text-box><svg:title>beeld</svg:title></draw:frame>zin</text:p><text:p>slot</text:p>",
                "een zin\nkader\nslot",
            ),
            (
                "<office:forms><form:form><form:checkbox form:id='c1' form:label='ja' form:current-state='checked'/><form:checkbox xml:id='c2' form:label='nee'/><form:text form:id='c3' form:current-value='ingevuld'/></form:form></office:forms><text:p><draw:control draw:control='c1'/> <draw:control draw:control='c2'/> <draw:control draw:control='c3'/></text:p>",
                "☒ ja ☐ nee ingevuld",
            ),
            (
                "<text:p><field:fieldmark field:type='vnd.oasis.opendocument.field.FORMCHECKBOX'><field:param field:name='Checkbox_Checked' field:value='true'/></field:fieldmark> ja <text:span text:style-name='T1'>\u{F0A8}</text:span> nee</text:p>",
                "☒ ja ☐ nee",
            ),
            (
                "<text:p><loext:content-control loext:showing-place-holder='true'>Kies</loext:content-control><loext:content-control>hoog</loext:content-control> <text:ruby><text:ruby-base>a</text:ruby-base><text:ruby-text>b</text:ruby-text></text:ruby> <text:hidden-text text:string-value='stil' text:is-hidden='true'/></text:p>",
                "Kieshoog a",
            ),
        ] {
            let document = read(xml);
            assert_eq!(
                (document.text.as_str(), document.status),
                (expected, Status::Ok),
                "{xml}"
            );
        }
    }

    #[test]
    fn headers_dates_and_passwords() {
        let styles = "<office:document-styles><office:master-styles><style:master-page><style:header><text:p>kop</text:p></style:header><style:header-first><text:p>kop</text:p></style:header-first><style:footer><text:p>voet</text:p></style:footer><draw:frame><text:p>Klik</text:p></draw:frame></style:master-page></office:master-styles></office:document-styles>";
        let meta = "<office:document-meta><office:meta><meta:creation-date>2020-01-01T00:00:00</meta:creation-date><dc:date>2024-03-12T10:00:00</dc:date></office:meta></office:document-meta>";
        let text = content("<text:p>tekst</text:p>");
        let parts = [
            MIME,
            ("content.xml", &text),
            ("styles.xml", styles),
            ("meta.xml", meta),
        ];
        let document = documents(&package::zipped(&parts));
        assert_eq!(document.text, "kop\ntekst\nvoet");
        assert_eq!(
            document.date.map(|d| d.to_string()).as_deref(),
            Some("2024-03-12")
        );
        let manifest = "<manifest:manifest><manifest:file-entry><manifest:encryption-data/></manifest:file-entry></manifest:manifest>";
        let locked = [
            MIME,
            ("content.xml", "x"),
            ("META-INF/manifest.xml", manifest),
        ];
        assert_eq!(
            documents(&package::zipped(&locked)).status,
            Status::Encrypted
        );
        let flat = format!(
            "<?xml version='1.0'?><office:document office:mimetype='application/vnd.oasis.opendocument.text'>{meta}{styles}{text}</office:document>"
        );
        let document = documents(flat.as_bytes());
        assert_eq!(document.text, "kop\ntekst\nvoet");
        assert!(document.date.is_some());
    }

    #[test]
    fn hostile_files_end_with_a_status() {
        assert_eq!(read(&"<text:p>".repeat(100_000)).status, Status::Damaged);
        let spaces = read(&format!(
            "<text:p>a{}</text:p>",
            "<text:s text:c='999999999'/>".repeat(1000)
        ));
        assert_eq!(spaces.status, Status::Ok);
        let text = "<text:p>Cl. was moe.</text:p>".repeat(200);
        let bytes = package::zipped(&[MIME, ("content.xml", &content(&text)), ("x", "y")]);
        let mut partial = 0;
        for n in 0..50 {
            let cut = &bytes[..(bytes.len() * n / 50).max(1)];
            partial += usize::from(documents(cut).status == Status::Partial);
        }
        assert!(partial > 5, "{partial}");
        for n in 0..200_usize {
            let mut flipped = bytes.clone();
            let at = n * 7919 % flipped.len();
            flipped[at] ^= 1 << (n % 8);
            // With its names broken it is a zip of files.
            let mut count = 0;
            let source = Source::new("a.x", "a");
            crate::extract::from_bytes(&flipped, source, &Settings::default(), &mut |_| count += 1);
            assert!(count > 0);
        }
    }
}
