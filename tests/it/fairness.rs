//! Where somebody comes from, what he looks like, believes or whom he loves changes nothing.

use signaalbril::Document;

/// Sentences with a gap before a person.
const SENTENCES: &[&str] = &[
    "Zij wordt opgehaald door een {} man.",
    "Steeds andere {} jongens staan bij het hek.",
    "Hij kreeg een dure telefoon van een {} vriend.",
    "Zij chat elke avond met een {} man die zij niet kent.",
    "Zij logeert sinds een week bij een {} vrouw.",
    "Een {} jongen wacht haar op bij school.",
    "De auto zat vol {} mannen.",
    "Hij is bedreigd door een {} jongen.",
    "Cl. is verliefd op een {} jongen van 24.",
    "Zij komt uit een {} gezin.",
    "Een {} meisje uit haar klas is weggelopen.",
    "Er is een {} jongen gezien op haar kamer.",
];

/// The first is what the others are held against.
const WORDS: &[&str] = &[
    "lange",
    "blonde",
    "blanke",
    "getinte",
    "donkere",
    "zwarte",
    "Nederlandse",
    "Marokkaanse",
    "Turkse",
    "Poolse",
    "Roemeense",
    "Bulgaarse",
    "Belgische",
    "Duitse",
    "Antilliaanse",
    "Surinaamse",
    "Syrische",
    "Nigeriaanse",
    "islamitische",
    "christelijke",
    "joodse",
    "homoseksuele",
    "biseksuele",
];

/// Whole sentences of which nothing follows.
const NOTHING: &[&str] = &[
    "Zij is transgender.",
    "Hij is homo en zijn vader accepteert dat niet.",
    "Zij valt op meisjes.",
    "Zij leeft tussen twee culturen.",
    "Het gezin is streng gelovig.",
    "Moeder is in Marokko geboren, vader in Polen.",
];

fn findings(text: &str) -> Vec<(String, bool)> {
    let analysis = super::analyzer().analyze(&Document::from_text("n.txt", text));
    let of = |f: &signaalbril::Finding| (f.term.clone(), f.active);
    let mut list: Vec<(String, bool)> = analysis.findings.iter().map(of).collect();
    list.sort();
    list
}

#[test]
fn origin_looks_belief_and_love_change_nothing() {
    let mut wrong = Vec::new();
    for sentence in SENTENCES {
        let expected = findings(&sentence.replace("{}", WORDS[0]));
        for word in WORDS {
            let text = sentence.replace("{}", word);
            let found = findings(&text);
            if found != expected {
                wrong.push(format!("{text} {found:?} instead of {expected:?}"));
            }
        }
    }
    for text in NOTHING {
        let found = findings(text);
        if found.iter().any(|f| f.1) {
            wrong.push(format!("{text} {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn who_is_a_boy_or_a_girl_changes_no_label() {
    for (girl, boy) in [
        (
            "Zij kreeg een dure telefoon van een man die zij niet kent.",
            "Hij kreeg een dure telefoon van een man die hij niet kent.",
        ),
        (
            "Zij is vannacht niet thuisgekomen.",
            "Hij is vannacht niet thuisgekomen.",
        ),
        (
            "Zij dreigt te worden uitgehuwelijkt.",
            "Hij dreigt te worden uitgehuwelijkt.",
        ),
        (
            "Zij moet seks hebben voor geld.",
            "Hij moet seks hebben voor geld.",
        ),
        (
            "Zij moest drugs wegbrengen voor een oudere jongen.",
            "Hij moest drugs wegbrengen voor een oudere jongen.",
        ),
        (
            "Haar vriend slaat haar en pakt haar telefoon af.",
            "Zijn vriend slaat hem en pakt zijn telefoon af.",
        ),
    ] {
        let label = |text: &str| {
            let analysis = super::analyzer().analyze(&Document::from_text("n.txt", text));
            (analysis.document.label, analysis.document.score)
        };
        assert_eq!(label(girl), label(boy), "{girl}");
    }
}
