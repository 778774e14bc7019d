//! What the engine does beside the rules: answers of forms, people with a name, several young people in one document.

use signaalbril::lexicon::{Experiencer, Presence, Temporality};
use signaalbril::score::Label;
use signaalbril::{Analysis, Analyzer, Document};

fn analyze(text: &str) -> Analysis {
    let analyzer = Analyzer::builtin().unwrap();
    analyzer.analyze(&Document::from_text("note.txt", text.to_owned()))
}

/// Presence, experiencer and generic of the findings of a category.
fn verdicts(text: &str, category: &str) -> Vec<(Presence, Experiencer, bool)> {
    let analysis = analyze(text);
    let of = analysis.findings.iter().filter(|f| f.category == category);
    let list: Vec<_> = of.map(|f| (f.presence, f.experiencer, f.generic)).collect();
    assert!(!list.is_empty(), "no {category} in {text}");
    list
}

#[test]
fn answers_stand_behind_their_label() {
    for (text, presence) in [
        ("V: Gebruik je drugs? A: Nee.", Presence::Absent),
        ("V: Gebruik je drugs? A: Ja.", Presence::Present),
        ("Is er sprake van weglopen? ja/nee: nee", Presence::Absent),
    ] {
        let category = if text.contains("drugs") {
            "middelen"
        } else {
            "weglopen"
        };
        for verdict in verdicts(text, category) {
            assert_eq!(verdict, (presence, Experiencer::Client, false), "{text}");
        }
    }
}

#[test]
fn a_printed_choice_is_no_answer() {
    for verdict in verdicts(
        "Is er sprake van weglopen? (ja/nee/onbekend) ......",
        "weglopen",
    ) {
        assert!(verdict.2, "asked in general");
    }
}

/// Presence of each finding whose text begins with `item`.
fn presence(text: &str, item: &str) -> Presence {
    let analysis = analyze(text);
    let found = analysis.findings.iter().find(|f| f.text.starts_with(item));
    found
        .unwrap_or_else(|| panic!("no {item} in {text}"))
        .presence
}

#[test]
fn forms_of_all_kinds_are_read() {
    let boxes = "Signalenlijst\nDure spullen          ☐ ja   ☒ nee   ☐ onbekend\n\
                 Oudere vriend         ☒ ja   ☐ nee   ☐ onbekend\n\
                 Loopt weg van huis    ☐ ja   ☐ nee   ☒ onbekend\n";
    let crosses = "Signaal                  Ja     Nee    Onbekend\n\
                   Oudere vriend            x\n\
                   Dure spullen                    x\n\
                   Loopt weg van huis                     x\n";
    let tabs = "Signaal\tJa\tNee\tOnbekend\nOudere vriend\tx\nDure spullen\t\tx\nLoopt weg van huis\t\t\tx\n";
    let bare = "Oudere vriend  X ja  0 nee\nDure spullen: ( ) ja (x) nee\nLoopt weg van huis ○ ja ○ nee ● onbekend\n";
    let bars = "| Signaal | Ja | Nee | Onbekend |\n|---|---|---|---|\n| Oudere vriend | x | | |\n| Dure spullen | | x | |\n\
                | Loopt weg van huis | | | x |\n";
    let scale = "0 = afwezig, 1 = mogelijk, 2 = aanwezig, 3 = heel vaak\nOudere vriend: 2\nDure spullen: 0\nLoopt weg van huis: 1\n";
    for form in [boxes, crosses, tabs, bare, bars, scale] {
        assert_eq!(presence(form, "Oudere vriend"), Presence::Present, "{form}");
        assert_eq!(presence(form, "Dure spullen"), Presence::Absent, "{form}");
        assert_eq!(presence(form, "Loopt weg"), Presence::Uncertain, "{form}");
    }
    let letters = "Schulden J/N: N\nWeglopen? J\n";
    assert_eq!(presence(letters, "Schulden"), Presence::Absent);
    assert_eq!(presence(letters, "Weglopen"), Presence::Present);
    // A kiss and a count are no crosses.
    for text in ["Zij blowt 3 x per week, nee.", "Zij blowt, groetjes x"] {
        assert_eq!(presence(text, "blowt"), Presence::Present, "{text}");
    }
}

#[test]
fn a_line_of_ages_is_past_up_to_the_young_persons_own() {
    let text = "Levensloop van meisje van 15 jaar\n12 jaar: loopt weg van huis\n15 jaar: heeft een oudere vriend van 24";
    let analysis = analyze(text);
    let when = |category: &str| {
        let found = analysis.findings.iter().find(|f| f.category == category);
        found.map(|f| f.temporality)
    };
    assert_eq!(when("weglopen"), Some(Temporality::Historical));
    assert_eq!(when("oudere_partner"), Some(Temporality::Current));
}

#[test]
fn the_other_children_of_a_household_are_others() {
    let text = "Betreft: Kim (15)\nKinderen: Kevin (17), Kim (15)\nKevin blowt dagelijks. Kim is gisteren weggelopen.";
    assert_eq!(verdicts(text, "middelen")[0].1, Experiencer::Other);
    assert_eq!(verdicts(text, "weglopen")[0].1, Experiencer::Client);
}

#[test]
fn somebody_elses_name_stays_somebody_elses() {
    let text = "Gesprek met Ymke over school en de vakantie, zij vertelt veel en is vrolijk, ook over de sport en haar nieuwe \
                klas en over groepsgenoot Kim. Kim is gisteren weggelopen. Ymke is niet weggelopen.";
    let list = verdicts(text, "weglopen");
    assert_eq!(list.first().map(|v| v.1), Some(Experiencer::Other));
    assert_eq!(list.last().map(|v| v.1), Some(Experiencer::Client));
}

#[test]
fn what_somebody_else_tells_of_the_young_person_counts() {
    let head = "Gesprek met Ymke over school en de vakantie, zij vertelt veel en is vrolijk, ook over de sport en haar nieuwe \
                klas en over groepsgenoot Kim.";
    for told in [
        "Kim vertelt dat Ymke is weggelopen.",
        "Kim belde gisteren. Ze maakt zich zorgen omdat Ymke nachten wegblijft.",
    ] {
        let list = verdicts(&format!("{head} {told}"), "weglopen");
        assert_eq!(
            list.last().map(|v| v.1),
            Some(Experiencer::Client),
            "{told}"
        );
    }
}

#[test]
fn several_young_people_are_scored_apart() {
    let apart = "Weekbericht\n\nDonny (14): spijbelt sinds maandag.\nYara (16): blowt elke dag met haar zus.\n";
    let together = "Weekbericht\n\nDonny (14): spijbelt sinds maandag.\nHij blowt elke dag.\n";
    let analysis = analyze(apart);
    let persons: Vec<&str> = analysis
        .findings
        .iter()
        .filter(|f| f.active)
        .map(|f| f.person.as_str())
        .collect();
    assert!(
        persons.contains(&"donny") && persons.contains(&"yara"),
        "{persons:?}"
    );
    assert_eq!(analysis.document.label, Some(Label::Laag));
    assert_eq!(analyze(together).document.label, Some(Label::Midden));
}

#[test]
fn who_tells_is_the_source() {
    let analysis = analyze("Moeder vertelt dat Sanne steeds vaker nachten wegblijft.");
    let source = analysis
        .findings
        .iter()
        .map(|f| f.source.as_str())
        .find(|s| !s.is_empty());
    assert_eq!(source, Some("Moeder vertelt dat"));
}

#[test]
fn a_negation_in_own_words_is_a_denial() {
    let kinds = |text: &str| -> Vec<String> {
        let findings = analyze(text).findings;
        assert!(!findings.is_empty(), "nothing in {text}");
        assert!(
            findings.iter().all(|f| f.presence == Presence::Absent),
            "{text}"
        );
        (findings.into_iter().flat_map(|f| f.cues))
            .map(|c| c.kind)
            .collect()
    };
    for denied in [
        "Ze heeft geen oudere vriend, zegt ze.",
        "Zij is niet weggelopen, vertelt zij.",
        "Volgens haar is hij geen loverboy.",
    ] {
        assert!(kinds(denied).iter().all(|k| k == "denied"), "{denied}");
    }
    for told_by_others in [
        "Zij heeft geen oudere vriend.",
        "Volgens haar moeder heeft zij geen oudere vriend.",
        "De moeder van Lotte vertelt dat zij niet blowt.",
    ] {
        assert!(
            kinds(told_by_others).iter().all(|k| k == "negation"),
            "{told_by_others}"
        );
    }
}

#[test]
fn a_negated_list_goes_on_behind_its_conjunction() {
    let labels = |text: &str| analyze(text).document.label.unwrap();
    for text in [
        "Er is geen sprake van weglopen, drugsgebruik of contact met oudere jongens.",
        "Geen weglopen, schoolverzuim, blowen of contact met onbekende mannen.",
        "Ze heeft nooit gespijbeld, gedronken of geblowd.",
    ] {
        assert_eq!(labels(text), Label::Geen, "{text}");
    }
    // Behind "en" a sentence goes on more often than a list.
    assert_eq!(
        presence(
            "Destijds vermoedens van een loverboy, een abortus op haar vijftiende en een verhuizing.",
            "abortus"
        ),
        Presence::Present
    );
}

#[test]
fn a_main_clause_is_about_the_client_again() {
    for (text, category, who) in [
        (
            "Sinds haar zus het huis uit is blowt zij elke dag.",
            "middelen",
            Experiencer::Client,
        ),
        (
            "Nadat haar broer was opgepakt is ze weggelopen.",
            "weglopen",
            Experiencer::Client,
        ),
        (
            "Omdat haar zus altijd wegloopt mag zij niet naar buiten.",
            "weglopen",
            Experiencer::Other,
        ),
        ("Haar zus blowt en drinkt.", "middelen", Experiencer::Other),
    ] {
        for verdict in verdicts(text, category) {
            assert_eq!(verdict.1, who, "{text}");
        }
    }
}

#[test]
fn signals_that_share_words_at_their_borders_both_count() {
    let text =
        "Zij kwam terug met een nieuwe telefoon van haar vriend van 25 en wil niet meer leven.";
    let analysis = analyze(text);
    let active: Vec<(&str, &str)> = (analysis.findings.iter().filter(|f| f.active))
        .map(|f| (f.category.as_str(), f.text.as_str()))
        .collect();
    assert!(
        active.contains(&("oudere_partner", "vriend van 25")),
        "{active:?}"
    );
    assert!(
        active.contains(&(
            "geschenken_geld",
            "kwam terug met een nieuwe telefoon van haar"
        )),
        "{active:?}"
    );
    // A telephone in the sentence takes nothing from a sign of suicide risk.
    assert!(analysis.document.urgent);
}

#[test]
fn what_somebody_has_seen_is_not_undone_by_a_denial() {
    let label = |text: &str| analyze(text).document.label.unwrap();
    for text in [
        "PM vond naaktfoto's van Zoë op haar telefoon. Zoë ontkent alles.",
        "De politie zag haar instappen bij een man van 30. Zij ontkent dit.",
    ] {
        assert!(label(text) > Label::Geen, "{text}");
    }
    // What is only asked or told is denied.
    assert_eq!(
        label("Wij spraken over het blowen. Zij ontkent alles."),
        Label::Geen
    );
    // A denial of one thing is none of another.
    assert_eq!(
        label("Kim is slachtoffer van mensenhandel. Geen sprake van middelengebruik."),
        Label::Hoog
    );
}

#[test]
fn a_field_in_the_middle_of_a_line_ends_the_one_before() {
    let text = "Niet gezien: dure spullen, twee telefoons. Wel gezien: blauwe plekken en een oudere vriend.";
    assert_eq!(presence(text, "dure spullen"), Presence::Absent);
    assert_eq!(presence(text, "blauwe plekken"), Presence::Present);
    assert_eq!(presence(text, "oudere vriend"), Presence::Present);
}

#[test]
fn names_of_others_hold_behind_commas_and_in_what_is_told() {
    let text = "Groepsgenoot Daan is vannacht weggelopen, Daan had twee telefoons bij zich. Ruben vertelt dat Daan drugs rondbrengt.";
    let analysis = analyze(text);
    assert!(!analysis.findings.is_empty());
    for finding in analysis
        .findings
        .iter()
        .filter(|f| f.suppressed_by.is_empty())
    {
        assert_eq!(finding.experiencer, Experiencer::Other, "{}", finding.text);
    }
}

#[test]
fn a_wish_to_die_that_is_over_is_not_urgent() {
    let urgent = |text: &str| analyze(text).document.urgent;
    assert!(urgent("Hij heeft suïcidale gedachten."));
    assert!(!urgent(
        "Hij heeft vroeger suïcidale gedachten gehad, nu niet meer."
    ));
    assert!(urgent(
        "Zij ligt op bed met haar telefoon en zegt dat ze dood wil."
    ));
}
