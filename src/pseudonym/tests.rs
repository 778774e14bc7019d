#![allow(
    clippy::unwrap_used,
    clippy::print_stderr,
    clippy::cast_precision_loss,
    reason = "a test that cannot go on should stop, and shows its figures"
)]

use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;
use crate::analyze::DocumentRecord;
use crate::decision::Decision;
use crate::dossier::DossierRecord;
use crate::finding::Finding;

/// Recall and wrong masks.
mod figures;

static MASKER: LazyLock<Pseudonymiser> = LazyLock::new(|| {
    Pseudonymiser::new(&Key::from_bytes([7; 32]), &Lexicon::builtin().unwrap()).unwrap()
});

#[track_caller]
fn check(rows: &[(&str, &str)]) {
    for (text, expected) in rows {
        assert_eq!(MASKER.text(text, &[]), *expected, "{text}");
    }
}

#[test]
fn names_next_to_who_they_are() {
    check(&[
        ("met haar moeder Anja de Wit", "met haar moeder [naam]"),
        (
            "mw. Jansen en dhr. A. de Vries",
            "mw. [naam] en dhr. [naam]",
        ),
        (
            "Zus Esra (14) en Kevin (vriend)",
            "Zus [naam] (14) en [naam] (vriend)",
        ),
        ("haar vriendje, Rachid, belt", "haar vriendje, [naam], belt"),
        ("mentor: K. Smit", "mentor: [naam]"),
        (
            "Zij zag haar moeder. Zij huilde.",
            "Zij zag haar moeder. Zij huilde.",
        ),
        (
            "terug bij mdr. Tweede gesprek volgt",
            "terug bij mdr. Tweede gesprek volgt",
        ),
        (
            "broer Youssef El-Amrani, oom D'Angelo",
            "broer [naam], oom [naam]",
        ),
        (
            "vriend Mo. Later zegt zij dat Mo's auto weg is",
            "vriend [naam]. Later zegt zij dat [naam] auto weg is",
        ),
        (
            "gesprek met Veilig Thuis en school",
            "gesprek met Veilig Thuis en school",
        ),
    ]);
}

#[test]
fn own_names_wherever_they_stand() {
    for (own, text, expected) in [
        (
            "d01-noor",
            "Noor lacht; noor's jas",
            "[naam] lacht; [naam] jas",
        ),
        (
            "Jansen, Fatima",
            "FATIMA en mevr Jansen",
            "[naam] en mevr [naam]",
        ),
        (
            "d12-roos",
            "Een roos van R. voor Roos",
            "Een roos van R. voor [naam]",
        ),
        (
            "d12-roos",
            "Roos is weg. Rozen zijn rood.",
            "[naam] is weg. Rozen zijn rood.",
        ),
        ("d12-roos", "Roos en tulp gekocht.", "Roos en tulp gekocht."),
        (
            "x/2024-01-08-groepsrapportage.txt",
            "Groepsrapportage van maandag",
            "Groepsrapportage van maandag",
        ),
    ] {
        assert_eq!(MASKER.text(text, &[own]), expected, "{text}");
    }
    assert_eq!(MASKER.own_names("d01-noor/2024-verslag.docx"), ["noor"]);
}

#[test]
fn numbers_that_identify_and_others() {
    check(&[
        ("BSN 123456789, nr 409210079", "BSN [bsn], nr [bsn]"),
        (
            "nummer 123456789 en 20240311",
            "nummer 123456789 en 20240311",
        ),
        (
            "geboren op 12 maart 2009 te Utrecht, gezien op 13 maart 2024",
            "geboren op [geboortedatum], gezien op 13 maart 2024",
        ),
        (
            "Geb. 12/3/09 en (geb 2009-03-12)",
            "Geb. [geboortedatum] en (geb [geboortedatum])",
        ),
        (
            "06-12345678, (030) 234 56 78, +31 (0)6 12345678.",
            "[telefoon], [telefoon], [telefoon].",
        ),
        (
            "06-12-2024 10.30 u, € 0612345678, 09.00-10.30 11.45",
            "06-12-2024 10.30 u, € 0612345678, 09.00-10.30 11.45",
        ),
        (
            "NL73 INGB 0035 1341 43 en NL74INGB0035134143",
            "[iban] en NL74INGB0035134143",
        ),
        ("rekening NL74INGB0035134143", "rekening [iban]"),
    ]);
}

#[test]
fn addresses_and_accounts() {
    check(&[
        (
            "woont Dorpsstraat 12, 1234 AB Utrecht. Zij",
            "woont [adres]. Zij",
        ),
        (
            "1234AB; in 2023 VT gemeld; 1500mg",
            "[postcode]; in 2023 VT gemeld; 1500mg",
        ),
        (
            "op het schoolplein 2 jongens, onderweg 3 uur",
            "op het schoolplein 2 jongens, onderweg 3 uur",
        ),
        (
            "mail a.b@voorbeeld.nl of www.voorbeeld.nl/x, zie voorbeeld.nl/y.",
            "mail [e-mail] of [url], zie [url].",
        ),
        (
            "snap: naam123, Instagram naam_x en @lief",
            "snap: [account], Instagram [account] en [account]",
        ),
        (
            "Snapchat: stuurt foto's via Instagram",
            "Snapchat: stuurt foto's via Instagram",
        ),
    ]);
}

#[test]
fn hashes_are_stable_and_apart() {
    let name = MASKER.name("d", "d01-noor");
    assert_eq!(name, MASKER.name("d", "d01-noor"));
    assert!(name.len() == 18 && name.starts_with("d-"));
    assert_ne!(name[2..], MASKER.name("n", "d01-noor")[2..]);
    assert_ne!(name, MASKER.name("d", "d01-noo"));
    assert_eq!(MASKER.name("d", ""), "");
    assert!(MASKER.name("p", "a/noor.DOCX").ends_with(".docx"));
    assert!(!MASKER.name("p", "a/x.noor jansen").contains('.'));
    let other = Pseudonymiser::new(&Key::from_bytes([8; 32]), &Lexicon::builtin().unwrap());
    assert_ne!(name, other.unwrap().name("d", "d01-noor"));
    assert!(!format!("{:?}", *MASKER).contains('7'));
}

#[test]
fn records_can_still_be_joined() {
    let mut finding = Finding {
        document: "a1".to_owned(),
        cleared_by: "b2".to_owned(),
        dossier: "d01-noor".to_owned(),
        person: "noor".to_owned(),
        text: "met Noor naar een hotel".to_owned(),
        source: "mentor Karin".to_owned(),
        ..Finding::default()
    };
    let mut record = DocumentRecord {
        id: "a1".to_owned(),
        path: "in/d01-noor/brief.docx".to_owned(),
        dossier: "d01-noor".to_owned(),
        reason: "Concreet: Noor".to_owned(),
        ..DocumentRecord::default()
    };
    let mut dossier = DossierRecord {
        dossier: "d01-noor".to_owned(),
        document_ids: vec!["a1".to_owned(), "b2".to_owned()],
        ..DossierRecord::default()
    };
    let mut decision: Decision = serde_json::from_str(
        r#"{"document": "a1", "dossier": "d01-noor", "text_hash": "ff", "reviewer": "piet", "verdict": "twijfel", "note": "Noor en piet"}"#,
    )
    .unwrap();
    MASKER.finding(&mut finding, &[]);
    MASKER.document(&mut record, &[]);
    MASKER.dossier(&mut dossier, &[]);
    MASKER.decision(&mut decision, &[]);
    assert_eq!(finding.text, "met [naam] naar een hotel");
    assert_eq!(finding.source, "mentor [naam]");
    assert_eq!(record.reason, "Concreet: [naam]");
    assert_eq!(decision.note, "[naam] en piet");
    assert!(
        [
            &finding.document,
            &dossier.document_ids[0],
            &decision.document
        ]
        .iter()
        .all(|id| **id == record.id)
    );
    assert_eq!(finding.cleared_by, dossier.document_ids[1]);
    assert!(
        [&finding.dossier, &dossier.dossier, &decision.dossier]
            .iter()
            .all(|d| **d == record.dossier)
    );
    assert!(record.path.starts_with("p-") && record.path.ends_with(".docx"));
    assert!(decision.reviewer.starts_with("r-") && decision.text_hash.starts_with("t-"));
}

#[test]
fn long_texts_take_their_length() {
    for piece in [
        "Mo ",
        "(",
        "06 ",
        "1",
        "a.",
        "@a",
        "vriend Mo, ",
        "Van ",
        "A. ",
        "http://",
        "12-",
        "[naam]",
        "geb. ",
        "é",
    ] {
        let text = piece.repeat(40_000);
        let start = std::time::Instant::now();
        let _ = MASKER.text(&text, &["noor"]);
        let took = start.elapsed();
        assert!(took.as_secs() < 10, "{piece:?} took {took:?}");
    }
}

/// Pieces that rules look for, in any order.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "vriend ",
        "Mo",
        "Anja",
        " de ",
        "Wit",
        "mw. ",
        "K. ",
        "BSN ",
        "409210079",
        "geb. ",
        "12-03-2009",
        " te ",
        "Utrecht",
        "06-12345678",
        "+31",
        " 6 ",
        "a@b.nl",
        "snap: ",
        "x_1",
        "1234 AB",
        "Dorpsstraat ",
        "12",
        ", ",
        "(",
        ")",
        ": ",
        ". ",
        "\n",
        "[naam]",
        "[bsn]",
        "[",
        "]",
        "NL73INGB0035134143",
        "www.",
        "x.nl/",
        "@",
        "'s ",
        "-",
        "é",
        "👧",
        "\u{1}",
        "en ",
        "Beste ",
        "groet ",
        "14",
        " jaar",
        "heet ",
        "€ ",
        "0",
        "is ",
    ]);
    prop::collection::vec(piece, 0..24).prop_map(|v| v.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn masking_twice_changes_nothing(text in prop_oneof![pieces(), "\\PC{0,60}", any::<String>()]) {
        let once = MASKER.text(&text, &["d01-noor"]);
        prop_assert_eq!(MASKER.text(&once, &["d01-noor"]), once.clone());
        // What stands between the tags stands in the text, in that order.
        let mut rest = text.as_str();
        let mut apart = once;
        for kind in Kind::ALL {
            apart = apart.replace(kind.tag(), "\u{2}");
        }
        let mut hidden = text.clone();
        for kind in Kind::ALL {
            hidden = hidden.replace(kind.tag(), "\u{2}");
        }
        if hidden == text {
            for part in apart.split('\u{2}') {
                let at = rest.find(part);
                prop_assert!(at.is_some());
                rest = &rest[at.unwrap() + part.len()..];
            }
        }
    }
}
