use signaalbril::dossier::{Dossier, dossiers};
use signaalbril::{Analysis, Document, Finding};

fn analysis(path: &str, date: &str, text: &str) -> Analysis {
    let mut document = Document::from_text(path, text);
    document.dossier = "noor".to_owned();
    document.date = signaalbril::extract::date::iso(date);
    super::analyzer().analyze(&document)
}

fn dossier(documents: &[(&str, &str)]) -> Dossier {
    let analyses: Vec<Analysis> = documents
        .iter()
        .enumerate()
        .map(|(n, (date, text))| analysis(&format!("{n}.txt"), date, text))
        .collect();
    dossiers(super::analyzer(), &analyses).remove(0)
}

/// Date and certainty of the findings that count, by place.
fn dated(findings: &[Finding]) -> Vec<(&str, &str, &str)> {
    (findings.iter().filter(|f| f.active))
        .map(|f| {
            (
                f.category.as_str(),
                f.date.as_str(),
                f.date_certainty.as_str(),
            )
        })
        .collect()
}

#[test]
fn a_finding_has_the_date_of_its_entry() {
    let journal = "Contactjournaal Noor\nZij draagt dure merkkleding.\n\n\
        12-03-2024 Tel. moeder. Noor is weggelopen.\n\n20-06-2024 Huisbezoek.\nZij heeft een vriend van 27.";
    let found = analysis("j.txt", "2024-07-01", journal);
    assert_eq!(
        dated(&found.findings),
        [
            ("geschenken_geld", "2024-07-01", ""),
            ("weglopen", "2024-03-12", "entry"),
            ("oudere_partner", "2024-06-20", "entry"),
        ]
    );
    assert_eq!(found.document.date, "2024-07-01");
}

#[test]
fn what_an_entry_says_is_cleared_by_later_documents_only() {
    let journal = "12-03-2024 Tel. moeder. Noor draagt dure merkkleding.\n\n\
        20-03-2024 Tel. moeder. Het gerucht over drugs bleek niet te kloppen.\n\n\
        20-06-2024 Tel. moeder. Noor draagt dure merkkleding.";
    let denied = "Het gerucht over de dure merkkleding bleek niet te kloppen.";
    let cleared = |documents: &[(&str, &str)]| -> Vec<(String, bool)> {
        (dossier(documents).findings.iter())
            .filter(|f| f.active && f.category == "geschenken_geld")
            .map(|f| (f.date.clone(), !f.cleared_by.is_empty()))
            .collect()
    };
    assert_eq!(
        cleared(&[("2024-07-01", journal), ("2024-04-10", denied)]),
        [
            ("2024-03-12".to_owned(), true),
            ("2024-06-20".to_owned(), false)
        ]
    );
    // Not by a later entry of the same document.
    let one = format!("{journal}\n\n21-06-2024 Tel. moeder. {denied}");
    assert!(cleared(&[("2024-07-01", &one)]).iter().all(|(_, c)| !c));
}
