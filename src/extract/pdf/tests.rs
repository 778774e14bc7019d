//! Whole files through [`read`].

use std::time::Duration;

use super::{Limits, PageStatus, PdfError, PdfText, read};

/// A file with these objects, numbered from 1; the first is the catalog.
fn file(objects: &[&str]) -> Vec<u8> {
    let mut out = b"%PDF-1.4\n".to_vec();
    let mut offsets = Vec::new();
    for (at, object) in objects.iter().enumerate() {
        offsets.push(out.len());
        out.extend_from_slice(format!("{} 0 obj\n{object}\nendobj\n", at + 1).as_bytes());
    }
    let start = out.len();
    let size = objects.len() + 1;
    out.extend_from_slice(format!("xref\n0 {size}\n0000000000 65535 f \n").as_bytes());
    for offset in offsets {
        out.extend_from_slice(format!("{offset:010} 00000 n \n").as_bytes());
    }
    let trailer = format!(
        "trailer\n<</Root 1 0 R/Info {size} 0 R/Size {size}>>\nstartxref\n{start}\n%%EOF\n"
    );
    out.extend_from_slice(
        trailer
            .replace(&format!("/Info {size} 0 R"), "/Info 6 0 R")
            .as_bytes(),
    );
    out
}

fn stream(entries: &str, data: &str) -> String {
    format!(
        "<<{entries}/Length {}>>stream\n{data}\nendstream",
        data.len()
    )
}

/// A file with one page: object 4 is its content, 5 its font, 6 the information.
fn one_page(content: &str, page_entries: &str, more: &[&str]) -> Vec<u8> {
    let page = format!(
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R\
         /Resources<</Font<</F 5 0 R>>/XObject<</X 7 0 R>>>>{page_entries}>>"
    );
    let content = stream("", content);
    let mut objects = vec![
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        &page,
        &content,
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
        "<</CreationDate(D:20250314120000Z)>>",
    ];
    objects.extend_from_slice(more);
    file(&objects)
}

fn text_of(bytes: &[u8]) -> PdfText {
    read(bytes, None, &Limits::default()).expect("a test file")
}

const HELLO: &str = "BT /F 12 Tf 50 700 Td (E\\351n regel over) Tj 0 -14 Td (Zo\\353) Tj ET";

#[test]
fn a_plain_page() {
    let pdf = text_of(&one_page(HELLO, "", &[]));
    assert_eq!(pdf.pages[0].text, "Eén regel over\nZoë");
    assert_eq!(pdf.pages[0].status, PageStatus::Ok);
    assert_eq!(pdf.created.as_deref(), Some("2025-03-14"));
    assert!(!pdf.repaired && pdf.limits_hit.is_empty());
}

#[test]
fn debug_and_errors_show_no_text() {
    let pdf = text_of(&one_page(HELLO, "", &[]));
    assert!(!format!("{pdf:?}").contains("regel"));
    for error in [
        PdfError::Encrypted,
        PdfError::Damaged("x".into()),
        PdfError::TooLarge("x".into()),
        PdfError::Timeout,
    ] {
        assert!(error.to_string().starts_with(char::is_lowercase));
    }
}

#[test]
fn columns_tables_and_text_drawn_by_forms() {
    let form = stream(
        "/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Matrix[1 0 0 1 0 -20]",
        "BT /F 12 Tf 50 700 Td (vorm) Tj ET",
    );
    let content = "BT /F 12 Tf 50 700 Td (Naam) Tj 200 0 Td (Leeftijd) Tj ET /X Do";
    let pdf = text_of(&one_page(content, "", &[&form]));
    assert_eq!(pdf.pages[0].text, "Naam\tLeeftijd\nvorm");
}

#[test]
fn the_text_that_stands_for_glyphs() {
    let content = "/Span<</ActualText(loverboy)>>BDC BT /F 12 Tf 50 700 Td (l0v3r) Tj ET EMC BT /F 12 Tf 120 700 Td (af) Tj ET";
    assert_eq!(
        text_of(&one_page(content, "", &[])).pages[0].text,
        "loverboy\taf"
    );
}

#[test]
fn form_fields_stand_beside_their_labels() {
    let content = "BT /F 12 Tf 50 700 Td (Weg) Tj 0 -30 Td (Naam:) Tj 0 -30 Td (einde) Tj ET";
    let annots = "/Annots[<</Subtype/Widget/FT/Btn/AS/On/Rect[30 698 42 710]>>\
                  <</Subtype/Widget/FT/Btn/AS/Off/Rect[100 698 112 710]>>\
                  <</Subtype/Widget/FT/Tx/V(Zo\\353)/Rect[100 666 200 682]>>\
                  <</Subtype/Widget/FT/Tx/F 2/V(verborgen)/Rect[100 666 200 682]>>]";
    let pdf = text_of(&one_page(content, annots, &[]));
    let lines: Vec<&str> = pdf.pages[0]
        .text
        .lines()
        .filter(|l| !l.is_empty())
        .collect();
    assert_eq!(lines, ["☒ Weg\t☐", "Naam: Zoë", "einde"]);
}

#[test]
fn an_image_page_needs_recognition() {
    let image = stream("/Type/XObject/Subtype/Image/Width 1000/Height 1400", "");
    let pdf = text_of(&one_page("q 600 0 0 800 0 0 cm /X Do Q", "", &[&image]));
    assert_eq!(pdf.pages[0].status, PageStatus::NeedsOcr);
    let layer = "q 600 0 0 800 0 0 cm /X Do Q BT 3 Tr /F 12 Tf 50 700 Td (een laag met tekst van herkenning) Tj ET";
    let pdf = text_of(&one_page(layer, "", &[&image]));
    assert_eq!(
        (pdf.pages[0].status, pdf.pages[0].ocr_layer),
        (PageStatus::Ok, true)
    );
}

#[test]
fn a_page_without_text_is_empty_and_one_without_map_garbled() {
    assert_eq!(
        text_of(&one_page("", "", &[])).pages[0].status,
        PageStatus::Empty
    );
    let font = "<</Type/Font/Subtype/Type0/BaseFont/X/Encoding/Identity-H/DescendantFonts[<</Subtype/CIDFontType2>>]>>";
    let content = "BT /X 12 Tf 50 700 Td <00410042004300440045> Tj ET";
    let pdf = text_of(&one_page(
        content,
        "/Resources<</Font<</X 7 0 R>>>>",
        &[font],
    ));
    assert_eq!(pdf.pages[0].status, PageStatus::Garbled);
}

#[test]
fn a_missing_content_is_never_an_empty_page() {
    let bytes = one_page(HELLO, "", &[]);
    let gone = String::from_utf8(bytes)
        .expect("a test file")
        .replace("/Contents 4 0 R", "/Contents 9 0 R");
    let pdf = text_of(gone.as_bytes());
    assert_eq!(pdf.pages[0].status, PageStatus::Unread);
    assert!(pdf.repaired);
}

#[test]
fn content_cut_off_is_told() {
    let pdf = text_of(&one_page("BT /F 12 Tf 50 700 Td (begin) Tj (ein", "", &[]));
    assert_eq!(pdf.pages[0].status, PageStatus::Unread);
    assert_eq!(pdf.pages[0].text, "begin");
}

#[test]
fn a_half_copy_is_read_as_far_as_it_goes() {
    let whole = one_page(HELLO, "", &[]);
    let whole = String::from_utf8(whole).expect("a test file");
    // Pages before their catalog, and then the end is gone.
    let (catalog, rest) = whole.split_at(whole.find("2 0 obj").expect("a test file"));
    let rest = &rest[..rest.find("xref").expect("a test file")];
    assert!(catalog.contains("/Catalog"));
    let half = format!("%PDF-1.4\n{rest}");
    let pdf = text_of(half.as_bytes());
    assert!(pdf.repaired);
    assert_eq!(pdf.pages[0].text, "Eén regel over\nZoë");
    // The page is gone too: only its content is left.
    let content = &rest[rest.find("4 0 obj").expect("a test file")..];
    let pdf = text_of(format!("%PDF-1.4\n{content}").as_bytes());
    assert_eq!(pdf.pages[0].status, PageStatus::Unread);
    assert_eq!(pdf.pages[0].text, "Eén regel over\nZoë");
}

#[test]
fn a_file_without_header_or_table_is_read() {
    let whole = String::from_utf8(one_page(HELLO, "", &[])).expect("a test file");
    let wrong = whole.replace("startxref\n", "startxref\n9");
    assert!(text_of(wrong.as_bytes()).pages[0].text.contains("Zoë"));
    let headless = whole.replace("%PDF-1.4\n", "");
    assert!(text_of(headless.as_bytes()).pages[0].text.contains("Zoë"));
    assert!(matches!(
        read(b"", None, &Limits::default()),
        Err(PdfError::Damaged(_))
    ));
    assert!(matches!(
        read(b"geen pdf", None, &Limits::default()),
        Err(PdfError::Damaged(_))
    ));
}

#[test]
fn limits_are_told() {
    let bytes = one_page(HELLO, "", &[]);
    let few = Limits {
        max_operators: 8,
        ..Limits::default()
    };
    let pdf = read(&bytes, None, &few).expect("a test file");
    assert_eq!(
        (pdf.pages[0].status, pdf.limits_hit.len()),
        (PageStatus::Unread, 1)
    );
    let small = Limits {
        max_stream_bytes: 10,
        ..Limits::default()
    };
    let pdf = read(&bytes, None, &small).expect("a test file");
    assert_eq!(
        (pdf.pages[0].status, pdf.limits_hit.len()),
        (PageStatus::Unread, 1)
    );
    let none = Limits {
        max_pages: 0,
        ..Limits::default()
    };
    assert!(read(&bytes, None, &none).is_err());
    let no_time = Limits {
        deadline: Duration::ZERO,
        ..Limits::default()
    };
    assert!(
        read(&bytes, None, &no_time).is_ok_and(|pdf| pdf.pages[0].status == PageStatus::Unread)
    );
}

#[test]
fn form_cycles_end() {
    let form = stream(
        "/Type/XObject/Subtype/Form/Resources<</XObject<</X 7 0 R>>>>",
        "/X Do /X Do /X Do",
    );
    let pdf = text_of(&one_page(
        "/X Do BT /F 12 Tf 50 700 Td (na) Tj ET",
        "",
        &[&form],
    ));
    assert_eq!(pdf.pages[0].text, "na");
    assert!(!pdf.limits_hit.is_empty());
}

#[test]
fn damaged_bytes_do_no_harm() {
    let bytes = one_page(
        HELLO,
        "/Annots[<</Subtype/Widget/FT/Tx/V(a)/Rect[0 0 9 9]>>]",
        &[],
    );
    for at in 0..bytes.len() {
        let mut damaged = bytes.clone();
        damaged[at] ^= 1 << (at % 8);
        let _ = read(&damaged, None, &Limits::default());
        let _ = read(&bytes[..at], None, &Limits::default());
    }
}
