use proptest::prelude::*;
use signaalbril::text::{Boundaries, Folded, View};
use signaalbril::{Document, Finding};

/// Pieces that make texts with signals, accents, odd characters and broken lines.
pub(super) fn text() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "Cl. kwam vannacht niet thuis",
        "dure merkkleding",
        "een vriend van 27",
        "weg-\nloopgedrag",
        "cliënte",
        "cli\u{65}\u{308}nte",
        "“werken”",
        "’s nachts",
        "geen",
        "mogelijk",
        "haar zusje",
        "in 2014",
        ". ",
        ", ",
        "\n",
        "\n\n",
        "\r\n",
        "- ",
        "☐ ",
        "☒ ",
        "👧",
        "\t",
        "  ",
        "€ 300,-",
        "naaktfoto’s",
        "maar",
        "Zorgen:\n",
        "ﬁ",
        "\u{AD}",
        "{",
        "[[",
        "<b>",
        "\u{0}",
        "İ",
        "mensenhandel",
        "loverboy",
        "?",
        "!",
        "…",
    ]);
    prop::collection::vec(prop_oneof![4 => piece.prop_map(str::to_owned), 1 => "\\PC{0,6}", 1 => Just(" ".to_owned())], 0..40).prop_map(|v| v.join(" "))
}

fn slices_back(finding: &Finding, text: &str) -> bool {
    let by_code_points: String = text
        .chars()
        .skip(finding.start)
        .take(finding.end - finding.start)
        .collect();
    text.get(finding.byte_start..finding.byte_end) == Some(finding.text.as_str())
        && by_code_points == finding.text
        && !finding.text.is_empty()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn spans_slice_back_to_the_shown_text(text in text()) {
        let analysis = super::analyzer().analyze(&Document::from_text("p.txt", text.clone()));
        for finding in &analysis.findings {
            prop_assert!(slices_back(finding, &text));
            for cue in &finding.cues {
                let shown: String = text.chars().skip(cue.start).take(cue.end - cue.start).collect();
                prop_assert_eq!(&shown, &cue.text);
            }
        }
        let counted: u32 = analysis.findings.iter().map(|f| f.points).sum();
        prop_assert_eq!(counted, analysis.contributions.iter().map(|c| c.points).sum::<u32>());
        // Every point names an active finding.
        prop_assert!(analysis.findings.iter().all(|f| f.points == 0 || f.active));
    }

    #[test]
    fn folding_keeps_offsets(text in "\\PC{0,60}") {
        let folded = Folded::new(&text);
        let mut last = 0;
        for (i, _) in folded.text.char_indices() {
            let at = folded.source(i);
            prop_assert!(at >= last && text.is_char_boundary(at));
            last = at;
        }
        let view = View::new(&text, &Boundaries::default());
        for token in &view.tokens {
            let source = text.get(token.source_start as usize..token.source_end as usize);
            prop_assert!(source.is_some_and(|s| !s.is_empty()));
        }
    }

    #[test]
    fn an_added_active_finding_never_lowers_the_score(a in text(), b in text()) {
        let analyzer = super::analyzer();
        let one = analyzer.analyze(&Document::from_text("a.txt", a));
        let two = analyzer.analyze(&Document::from_text("b.txt", b));
        let before = analyzer.score(&one.findings, &one.copy_keys);
        let mut findings = one.findings.clone();
        let mut keys = one.copy_keys.clone();
        for (finding, key) in two.findings.iter().zip(&two.copy_keys) {
            findings.push(finding.clone());
            keys.push(key.clone());
            let after = analyzer.score(&findings, &keys);
            prop_assert!(after.score >= before.score && after.label >= before.label);
        }
        // The order of findings does not matter.
        let straight = analyzer.score(&findings, &keys);
        findings.reverse();
        keys.reverse();
        let reversed = analyzer.score(&findings, &keys);
        prop_assert_eq!((straight.score, straight.label, straight.points), (reversed.score, reversed.label, reversed.points));
    }

    #[test]
    fn the_same_document_gives_the_same_analysis(text in text()) {
        let document = Document::from_text("p.txt", text);
        prop_assert_eq!(super::analyzer().analyze(&document), super::analyzer().analyze(&document));
    }
}

#[test]
fn public_types_cross_threads() {
    fn check<T: Send + Sync>() {}
    check::<signaalbril::Analyzer>();
    check::<signaalbril::Lexicon>();
    check::<signaalbril::Analysis>();
    check::<signaalbril::Error>();
    check::<signaalbril::Pipeline<'static>>();
}

#[test]
fn debug_shows_no_case_text() {
    let note = "Haar vriend van 26 haalt haar op bij het hotel, moeder vertelt dat ze liep weg.";
    let mut document = signaalbril::Document::from_text("notitie.txt", note);
    document.dossier = "Noor".to_owned();
    let analyzer = super::analyzer();
    let mut analysis = analyzer.analyze(&document);
    assert!(analysis.findings.len() > 2);
    let whole = format!("{document:?} {analysis:?}");
    analysis.cut(
        analyzer.lexicon(),
        signaalbril::passage::Snippets::default(),
    );
    assert!(!analysis.passages.is_empty());
    let dossier = signaalbril::dossier::dossier(analyzer, "Noor", vec![analysis.clone()]);
    let mut gathered = signaalbril::dossier::Gathered::new("Noor");
    gathered.add(analysis.clone());
    let shown = format!("{whole} {analysis:?} {dossier:?} {gathered:?}");
    for word in [
        "vriend van",
        "haalt haar",
        "het hotel",
        "moeder",
        "weg.",
        "Noor",
        "Fasen",
    ] {
        assert!(!shown.contains(word), "{word}");
    }
}
