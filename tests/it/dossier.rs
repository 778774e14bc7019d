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

#[test]
fn a_timeline_has_months_and_the_gap_until_exploitation_was_named() {
    let journal = "12-03-2024 Tel. moeder. Noor heeft een vriend van 27.\n\n\
        20-03-2024 Tel. school. Zij heeft een vriend van 27.\n\n20-06-2024 Huisbezoek. Zij heeft een vriend van 27.";
    let named = "Wij vermoeden dat Noor slachtoffer is van een loverboy.";
    let record = dossier(&[("2024-07-01", journal), ("2024-07-10", named)]).record;
    let months: Vec<(&str, usize)> = (record.timeline.iter().flat_map(|t| &t.months))
        .map(|(m, n)| (m.as_str(), *n))
        .collect();
    assert!(
        months.contains(&("2024-03", 2)) && months.contains(&("2024-06", 1)),
        "{months:?}"
    );
    assert_eq!(record.gap_days, Some(120));
    let record = dossier(&[("2024-07-01", journal), ("2024-01-10", named)]).record;
    assert_eq!(
        (record.first_named.as_str(), record.gap_days),
        ("2024-01-10", Some(0))
    );
    let record = dossier(&[("2024-07-01", journal)]).record;
    assert_eq!(record.gap_days, None);
    // Records of older runs have neither.
    let mut old = serde_json::to_value(&record).unwrap();
    old.as_object_mut().unwrap().remove("gap_days");
    for part in old["timeline"].as_array_mut().unwrap() {
        part.as_object_mut().unwrap().remove("months");
    }
    let read: signaalbril::DossierRecord = serde_json::from_value(old).unwrap();
    assert!(read.timeline.iter().all(|t| t.months.is_empty()));
}

#[test]
fn a_pasted_paragraph_counts_once() {
    let first = "Moeder belde op 12-03-2024. Zij vertelt dat Noor na het avondeten zonder iets te zeggen is weggelopen en dat zij \
        daarna door een onbekende man met de auto is teruggebracht.";
    let second = "Op school gaat het volgens haar mentor de laatste weken juist een stuk beter dan in het najaar van vorig jaar.";
    let note = format!("{first}\n\n{second}");
    let alone = dossier(&[("2024-03-12", &note)]).record;
    assert!(alone.score > Some(0));
    for copy in [
        note.clone(),
        format!("Overdracht aan de nieuwe mentor.\n\n{first}\n\nVerder geen vragen."),
        note.replace("Moeder belde", "Mevrouw belde"),
        note.replace("12-03-2024", "3 april"),
        note.replace("zonder iets te zeggen", "zonder\niets te\nzeggen"),
        note.replace("\n\n", " "),
    ] {
        let both = dossier(&[("2024-03-12", &note), ("2024-05-01", &copy)]);
        assert_eq!(
            (both.record.score, both.record.label),
            (alone.score, alone.label),
            "{copy}"
        );
    }
}

#[test]
fn the_same_few_words_in_another_note_count_again() {
    let one = "Rustige avond op de groep, samen gekookt en een film gekeken.\n\nZij is weer weggelopen.\n\nPolitie gebeld.";
    let other = "Gesprek met de mentor over de stage, zij wil graag bakker worden.\n\nZij is weer weggelopen.\n\nMoeder gebeld.";
    let alone = dossier(&[("2024-03-12", one)]).record;
    assert!(
        dossier(&[("2024-03-12", one), ("2024-05-01", other)])
            .record
            .score
            > alone.score
    );
    let short = "Zij is weer weggelopen.";
    let alone = dossier(&[("2024-03-12", short)]).record;
    let twice = dossier(&[
        ("2024-03-12", short),
        ("2024-05-01", "Zij is weer weggelopen. Rust."),
    ])
    .record;
    assert!(twice.score > alone.score);
}
