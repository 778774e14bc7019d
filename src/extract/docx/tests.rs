use super::*;
use crate::document::{DateCertainty, Status};

const TYPES: (&str, &str) = ("[Content_Types].xml", "<Types/>");

fn body(xml: &str) -> String {
    format!("<?xml version=\"1.0\"?><w:document xmlns:w=\"x\"><w:body>{xml}</w:body></w:document>")
}

fn documents(bytes: &[u8]) -> Document {
    let mut list = Vec::new();
    let source = Source::new("a.docx", "a");
    crate::extract::from_bytes(bytes, source, &Settings::default(), &mut |d| list.push(d));
    assert_eq!(list.len(), 1);
    list.remove(0)
}

fn read(xml: &str) -> Document {
    documents(&package::zipped(&[
        TYPES,
        ("word/document.xml", &body(xml)),
    ]))
}

#[test]
fn body_rows() {
    let p = |runs: &str| format!("<w:p>{runs}</w:p>");
    let r = |text: &str| format!("<w:r><w:t xml:space=\"preserve\">{text}</w:t></w:r>");
    let cell = |text: &str| format!("<w:tc>{}</w:tc>", p(&r(text)));
    for (xml, expected) in [
        // Runs that split a word; white space; breaks and hyphens.
        (p(&(r("lover") + &r("boy"))), "loverboy"),
        (p("<w:r><w:t>a &amp; b &lt;c</w:t></w:r>"), "a & b <c"),
        (p("<w:r><w:t> a </w:t></w:r><w:r><w:t>b</w:t></w:r>"), "ab"),
        (
            p("<w:pPr><w:tabs><w:tab w:val='left'/></w:tabs></w:pPr><w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t><w:noBreakHyphen/><w:t>d</w:t><w:softHyphen/><w:t>e</w:t></w:r>"),
            "a\tb\nc-de",
        ),
        // Revisions.
        (
            p(&format!(
                "{}<w:del><w:r><w:delText>weg</w:delText></w:r></w:del><w:ins>{}</w:ins><w:moveFrom>{}</w:moveFrom><w:moveTo>{}</w:moveTo>",
                r("a "), r("erbij "), r("van"), r("naar")
            )),
            "a erbij naar",
        ),
        (
            p(&("<w:pPr><w:rPr><w:del/></w:rPr></w:pPr>".to_owned() + &r("een ")))
                + &p(&r("zin")),
            "een zin",
        ),
        // Fields.
        (
            p(&format!(
                "<w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:instrText>DATE</w:instrText></w:r><w:r><w:fldChar w:fldCharType='separate'/></w:r>{}<w:r><w:fldChar w:fldCharType='end'/></w:r><w:fldSimple w:instr='PAGE'>{}</w:fldSimple>",
                r("morgen"), r(" 3")
            )),
            "morgen 3",
        ),
        (
            p(&format!("<w:r><w:fldChar w:fldCharType='begin'><w:ffData><w:checkBox><w:default w:val='0'/><w:checked/></w:checkBox></w:ffData></w:fldChar></w:r><w:r><w:instrText>FORMCHECKBOX</w:instrText></w:r><w:r><w:fldChar w:fldCharType='end'/></w:r>{}<w:r><w:fldChar w:fldCharType='begin'><w:ffData><w:checkBox><w:default w:val='0'/></w:checkBox></w:ffData></w:fldChar></w:r><w:r><w:fldChar w:fldCharType='end'/></w:r>{}", r(" ja "), r(" nee"))),
            "☒ ja ☐ nee",
        ),
        (
            p("<w:r><w:fldChar w:fldCharType='begin'><w:ffData><w:ddList><w:result w:val='1'/><w:listEntry w:val='laag'/><w:listEntry w:val='hoog'/></w:ddList></w:ffData></w:fldChar></w:r>"),
            "hoog",
        ),
        // Content controls.
        (
            p(&format!("<w:sdt><w:sdtPr><w14:checkbox><w14:checked w14:val='1'/></w14:checkbox></w:sdtPr><w:sdtContent><w:r><w:sym w:font='Wingdings' w:char='F0FE'/></w:r></w:sdtContent></w:sdt>{}<w:sdt><w:sdtPr><w14:checkbox><w14:checked w14:val='0'/></w14:checkbox></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>", r(" ja "), r("☐"))),
            "☒ ja ☐",
        ),
        (
            p(&format!("<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt><w:sdt><w:sdtPr/><w:sdtContent>{}</w:sdtContent></w:sdt>", r("Klik hier "), r("ingevuld"))),
            "Klik hier ingevuld",
        ),
        (p("<w:r><w:sym w:font='Wingdings' w:char='F0A8'/></w:r><w:r><w:rPr><w:rFonts w:ascii='Wingdings'/></w:rPr><w:t>þ</w:t></w:r>"), "☐☑"),
        // Lists and headings.
        (
            p(&("<w:pPr><w:numPr><w:numId w:val='3'/></w:numPr></w:pPr>".to_owned() + &r("punt")))
                + &p(&("<w:pPr><w:pStyle w:val='Kop1'/><w:numPr><w:numId w:val='3'/></w:numPr></w:pPr>".to_owned() + &r("Kop")))
                + &p(&("<w:pPr><w:numPr><w:numId w:val='0'/></w:numPr></w:pPr>".to_owned() + &r("gewoon"))),
            "- punt\n\nKop\n\ngewoon",
        ),
        // Tables.
        (
            p(&r("voor")) + &format!("<w:tbl><w:tr>{}{}{}</w:tr><w:tr><w:tc>{}{}</w:tc>{}</w:tr></w:tbl>", cell("a"), cell(""), cell("X"), p(&r("c.")), p(&r("D.")), cell("e")),
            "voor\na\t\tX\nc.\nD.\te",
        ),
        // A row that was deleted, and one whose cells were reviewed.
        (
            format!("<w:tbl><w:tr><w:trPr><w:del w:id='1'/></w:trPr>{}</w:tr><w:tr><w:trPr><w:ins/></w:trPr>{}</w:tr></w:tbl>", cell("weg"), cell("blijft")) + &p(&r("na")),
            "blijft\nna",
        ),
        // Text boxes: one of two alternatives, or the old form alone.
        (
            p(&format!("{}<w:r><mc:AlternateContent><mc:Choice><wps:txbx><w:txbxContent>{}</w:txbxContent></wps:txbx></mc:Choice><mc:Fallback><w:pict><w:txbxContent>{}</w:txbxContent></w:pict></mc:Fallback></mc:AlternateContent></w:r>{}", r("een "), p(&r("kader")), p(&r("kader")), r("zin")))
                + &p(&r("slot")),
            "een zin\nkader\nslot",
        ),
        // A choice that gives no text; one whose text is a part of its own.
        (
            p(&format!("<w:r><mc:AlternateContent><mc:Choice Requires='xyz'><xyz:a/></mc:Choice><mc:Fallback>{}</mc:Fallback></mc:AlternateContent><mc:AlternateContent><mc:Choice Requires='cx1'><cx:chart r:id='r1'/></mc:Choice><mc:Fallback>{}</mc:Fallback></mc:AlternateContent></w:r>", r("oude vorm"), r("grafiek kan niet worden getoond"))),
            "oude vorm",
        ),
        (
            p(&format!("<w:r><w:pict><v:textbox><w:txbxContent>{}</w:txbxContent></v:textbox></w:pict></w:r>{}", p(&r("oud")), r("zin"))),
            "zin\noud",
        ),
    ] {
        let document = read(&xml);
        assert_eq!((document.text.as_str(), document.status), (expected, Status::Ok), "{xml}");
    }
}

#[test]
fn other_parts_come_in_order_without_names() {
    let part = |name: &str, inner: &str| format!("<w:{name}>{inner}</w:{name}>");
    let p = |text: &str| format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>");
    let rels = [
        ("header", "header1.xml"),
        ("header", "header2.xml"),
        ("footer", "/word/footer1.xml"),
        ("footnotes", "footnotes.xml"),
        ("comments", "comments.xml"),
        ("styles", "styles.xml"),
        ("package", "../embeddings/a.xlsx"),
    ]
    .map(|(kind, target)| format!("<Relationship Type='http://x/{kind}' Target='{target}'/>"))
    .concat();
    let list = "<w:p><w:pPr><w:pStyle w:val='Opsomming'/></w:pPr><w:r><w:t>opgesomd</w:t></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:t>verborgen</w:t></w:r></w:p><w:altChunk/>";
    let bytes = package::zipped(&[
        TYPES,
        (
            "_rels/.rels",
            "<Relationships><Relationship Type='http://x/officeDocument' Target='word/document2.xml'/></Relationships>",
        ),
        (
            "word/_rels/document2.xml.rels",
            &format!("<Relationships>{rels}</Relationships>"),
        ),
        ("word/document2.xml", &body(&(p("tekst") + list))),
        ("word/header1.xml", &part("hdr", &p("kop"))),
        ("word/header2.xml", &part("hdr", &p("kop"))),
        ("word/footer1.xml", &part("ftr", &p("voet"))),
        (
            "word/footnotes.xml",
            &part(
                "footnotes",
                &format!(
                    "<w:footnote w:type='separator'>{}</w:footnote><w:footnote>{}</w:footnote>",
                    p("-"),
                    p("noot")
                ),
            ),
        ),
        (
            "word/comments.xml",
            &part(
                "comments",
                &format!("<w:comment w:author='Jan'>{}</w:comment>", p("klopt dit?")),
            ),
        ),
        (
            "word/styles.xml",
            "<w:styles><w:style w:styleId='Basis'><w:pPr><w:numPr><w:numId w:val='2'/></w:numPr></w:pPr></w:style><w:style w:styleId='Opsomming'><w:basedOn w:val='Basis'/></w:style></w:styles>",
        ),
        (
            "docProps/core.xml",
            "<c><dc:creator>Jan</dc:creator><dcterms:created>2020-01-01T00:00:00Z</dcterms:created><dcterms:modified>2024-03-12T10:00:00Z</dcterms:modified></c>",
        ),
    ]);
    let document = documents(&bytes);
    assert_eq!(
        document.text,
        "kop\ntekst\n- opgesomd\nvoet\nnoot\n[klopt dit?]"
    );
    assert_eq!(
        document.quality,
        ["alt_chunk", "embedded_files", "hidden_text"]
    );
    assert_eq!(
        document.date.map(|d| d.to_string()).as_deref(),
        Some("2024-03-12")
    );
    assert_eq!(document.date_certainty, Some(DateCertainty::Metadata));
    assert_eq!(document.format, "docx");
}

#[test]
fn texts_of_charts_and_drawings_come_after_the_body() {
    let p = |text: &str| format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>");
    let rels = [
        ("comments", "comments.xml"),
        ("chart", "charts/chart1.xml"),
        ("diagramData", "diagrams/data1.xml"),
        ("diagramData", "diagrams/data1.xml"),
    ]
    .map(|(kind, target)| format!("<Relationship Type='http://x/{kind}' Target='{target}'/>"))
    .concat();
    let bytes = package::zipped(&[
        TYPES,
        (
            "word/_rels/document.xml.rels",
            &format!("<Relationships>{rels}</Relationships>"),
        ),
        ("word/document.xml", &body(&p("tekst"))),
        (
            "word/charts/chart1.xml",
            "<c:chart><c:title><a:p><a:r><a:t>Mel</a:t></a:r><a:r><a:t>dingen</a:t></a:r></a:p></c:title><c:cat><c:strCache><c:pt><c:v>januari</c:v></c:pt></c:strCache></c:cat><c:val><c:numCache><c:pt><c:v>3</c:v></c:pt></c:numCache></c:val><c:cat><c:strCache><c:pt><c:v>januari</c:v></c:pt></c:strCache></c:cat></c:chart>",
        ),
        (
            "word/diagrams/data1.xml",
            "<dgm:dataModel><dgm:pt><dgm:t><a:bodyPr/> <a:p><a:r><a:t>vader</a:t></a:r></a:p></dgm:t></dgm:pt><dgm:pt><dgm:t><a:p><a:r><a:t>moeder</a:t></a:r></a:p></dgm:t></dgm:pt></dgm:dataModel>",
        ),
        (
            "word/comments.xml",
            &format!(
                "<w:comments><w:comment>{}</w:comment></w:comments>",
                p("klopt dit?")
            ),
        ),
    ]);
    assert_eq!(
        documents(&bytes).text,
        "tekst\nMeldingen\njanuari\nvader\nmoeder\n[klopt dit?]"
    );
}

#[test]
fn parts_in_other_formats_are_documents() {
    let p = |text: &str| body(&format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"));
    let rels = [
        ("aFChunk", "afchunk1.html"),
        ("aFChunk", "afchunk1.html"),
        ("aFChunk", "/word/afchunk2.docx"),
        ("package", "embeddings/notitie.docx"),
        ("package", "embeddings/dia.pptx"),
    ]
    .map(|(kind, target)| format!("<Relationship Type='http://x/{kind}' Target='{target}'/>"))
    .concat();
    // What a file is, its bytes say.
    let html = "<html><body><p>Cl. was moe.</p></body></html>";
    let bytes = package::zipped(&[
        TYPES,
        (
            "word/_rels/document.xml.rels",
            &format!("<Relationships>{rels}</Relationships>"),
        ),
        ("word/document.xml", &p("brief")),
        ("word/afchunk1.html", html),
        (
            "word/afchunk2.docx",
            "<html><body><p>Twee.</p></body></html>",
        ),
        ("word/embeddings/notitie.docx", "{\\rtf1 Drie.}"),
        ("word/embeddings/dia.pptx", "x"),
    ]);
    let mut list = Vec::new();
    let source = Source::new("brief.docx", "a");
    crate::extract::from_bytes(&bytes, source, &Settings::default(), &mut |d| list.push(d));
    let rows: Vec<(&str, &str)> = list
        .iter()
        .map(|d| (d.path.as_str(), d.text.trim()))
        .collect();
    assert_eq!(
        rows,
        [
            ("brief.docx", "brief"),
            ("brief.docx/afchunk1.html", "Cl. was moe."),
            ("brief.docx/afchunk2.docx", "Twee."),
            ("brief.docx/notitie.docx", "Drie."),
        ]
    );
}

#[test]
fn one_xml_file_holds_a_document() {
    let inner =
        body("<w:p><w:r><w:t>tekst</w:t></w:r></w:p>").replace("<?xml version=\"1.0\"?>", "");
    let flat = format!(
        "<?xml version='1.0'?><?mso-application progid='Word.Document'?><pkg:package><pkg:part pkg:name='/word/document.xml'><pkg:xmlData>{inner}</pkg:xmlData></pkg:part></pkg:package>"
    );
    assert_eq!(documents(flat.as_bytes()).text, "tekst");
    let old = "<?xml version='1.0'?><w:wordDocument><w:body><w:p><w:r><w:t>oud</w:t></w:r></w:p></w:body></w:wordDocument>";
    assert_eq!(documents(old.as_bytes()).text, "oud");
}

#[test]
fn hostile_files_end_with_a_status() {
    let nested = read(&"<w:p>".repeat(100_000));
    assert_eq!(nested.status, Status::Damaged);
    let text = "<w:p><w:r><w:t>Cl. was moe.</w:t></w:r></w:p>";
    let tables = read(&(text.to_owned() + &"<w:tbl><w:tr><w:tc>".repeat(100_000)));
    assert_eq!(
        (tables.status, tables.text.as_str()),
        (Status::Partial, "Cl. was moe.")
    );
    let entity = read(&format!("{text}<w:p><w:r><w:t>&lol;</w:t></w:r></w:p>"));
    assert_eq!(
        (entity.status, entity.text.as_str()),
        (Status::Partial, "Cl. was moe.")
    );
    let bytes = package::zipped(&[
        TYPES,
        ("word/document.xml", &body(&text.repeat(200))),
        ("x", "y"),
    ]);
    let mut partial = 0;
    for n in 0..50 {
        partial += usize::from(
            documents(&bytes[..(bytes.len() * n / 50).max(1)]).status == Status::Partial,
        );
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
    let bomb = " ".repeat(20 << 20);
    let bomb = package::zipped(&[TYPES, ("word/document.xml", &bomb)]);
    assert_eq!(documents(&bomb).status, Status::TooLarge);
    assert_eq!(
        documents(&package::zipped(&[TYPES, ("word/x.xml", "")])).status,
        Status::Damaged
    );
}
