use signaalbril::Document;

fn active(text: &str) -> Vec<(String, String)> {
    let analysis = super::analyzer().analyze(&Document::from_text("note.txt", text));
    analysis
        .findings
        .iter()
        .filter(|f| f.active)
        .map(|f| (f.category.clone(), f.text.clone()))
        .collect()
}

#[test]
fn gifts_and_older_partner_count_but_not_the_loverboy() {
    let output = {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("note.txt");
        std::fs::write(
            &path,
            "Geen aanwijzingen voor een loverboy, wel dure spullen en een vriend van 26.",
        )
        .unwrap();
        super::program(&["explain", path.to_str().unwrap()])
    };
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("label midden"), "{text}");
    assert!(
        text.contains("presence = absent: “Geen aanwijzingen voor”")
            || text.contains("presence = absent: “Geen”"),
        "{text}"
    );
    assert_eq!(
        active("Geen aanwijzingen voor een loverboy, wel dure spullen en een vriend van 26."),
        [
            ("geschenken_geld".to_owned(), "dure spullen".to_owned()),
            ("oudere_partner".to_owned(), "vriend van 26".to_owned())
        ]
    );
}

#[test]
fn words_the_pattern_spells_are_no_cue() {
    let categories = |text| active(text).into_iter().map(|a| a.0).collect::<Vec<_>>();
    assert_eq!(categories("Cl. kwam vannacht niet thuis."), ["weglopen"]);
    assert!(categories("Cl. is vannacht niet weggelopen.").is_empty());
}

#[test]
fn denial_by_the_young_person_is_shown_as_such() {
    let analysis = super::analyzer().analyze(&Document::from_text(
        "note.txt",
        "Jgd ontkent dat zij seks heeft tegen betaling.",
    ));
    let finding = analysis
        .findings
        .iter()
        .find(|f| f.category == "seksuele_uitbuiting")
        .unwrap();
    assert!(!finding.active && finding.cues.iter().any(|c| c.kind == "denied"));
    assert!(
        analysis.document.reason.contains("ontkend door jongere"),
        "{}",
        analysis.document.reason
    );
}

#[test]
fn a_document_inside_a_file_is_explained_by_its_name() {
    let output = super::program(&["explain", "samples/dossiers/notities-export.csv#2"]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(
        text.starts_with("samples/dossiers/notities-export.csv#2\n"),
        "{text}"
    );
    assert_eq!(text.matches("\nlabel ").count(), 1, "one row alone");
    let output = super::program(&["explain", "samples/dossiers/notities-export.csv#999"]);
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        said.contains("holds no document of that name; it holds 22"),
        "{said}"
    );
}
