use signaalbril::evaluate::bootstrap::Resampling;
use signaalbril::evaluate::{ALL_RIGHT, View, evaluate, gold, label_from_gold};
use signaalbril::{Document, Label};

fn known(category: &str) -> bool {
    super::analyzer().lexicon().category(category).is_some()
}

#[test]
fn label_rule_on_gold_gives_the_annotators_label() {
    let documents = gold::read(&[super::root().join("samples/gold/notes.jsonl")], known).unwrap();
    assert_eq!(documents.len(), 155);
    let wrong: Vec<&str> = documents
        .iter()
        .filter(|d| Some(label_from_gold(super::analyzer(), d)) != d.label)
        .map(|d| d.id.as_str())
        .collect();
    // One of them because a suspicion alone is `midden` here.
    assert!(wrong.len() <= 2, "{wrong:?}");
}

#[test]
fn evaluation_counts_add_up() {
    let documents =
        gold::read(&[super::root().join("samples/gold/snippets.jsonl")], known).unwrap();
    let result = evaluate(
        super::analyzer(),
        &documents,
        &[],
        &[],
        Resampling { draws: 0, seed: 1 },
    );
    let gold: usize = documents.iter().map(|d| d.signals.len()).sum();
    let table = result.table(View::Overlap).unwrap();
    let micro = table.micro.as_ref().unwrap().counts;
    assert_eq!(micro.gold, gold);
    let given = result.table(View::ContextGiven).unwrap();
    assert_eq!(given.row(ALL_RIGHT).unwrap().counts.gold, gold);
    assert_eq!(micro.gold - micro.gold_hit, result.misses.missed.len());
    assert_eq!(
        micro.found - micro.found_hit,
        result.misses.false_alarms.len()
    );
}

#[test]
fn broken_gold_is_refused_with_all_problems() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("gold.jsonl");
    std::fs::write(
        &path,
        "{\"id\":\"a\",\"text\":\"zij blowt\",\"signals\":[{\"start\":4,\"end\":9,\"category\":\"middelen\",\"text\":\"blowd\"}]}\n\
         {\"id\":\"a\",\"text\":\"x\",\"signals\":[{\"start\":4,\"end\":9,\"category\":\"onzin\",\"text\":\"blowd\"}]}\nkapot\n",
    )
    .unwrap();
    let message = gold::read(&[&path], known).unwrap_err().to_string();
    for part in [
        "5 problem(s)",
        ":1:",
        "quote",
        ":2:",
        "outside",
        "onzin",
        "used twice",
        ":3:",
    ] {
        assert!(message.contains(part), "{part} not in {message}");
    }
}

#[test]
fn articles_about_the_subject_come_out_silent() {
    let Some(folder) = super::shared("articles") else {
        return;
    };
    let mut read = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|e| e == "txt") {
            let text = std::fs::read_to_string(&path).unwrap();
            let analysis = super::analyzer().analyze(&Document::from_text("artikel.txt", text));
            assert_eq!(
                analysis.document.label,
                Some(Label::Geen),
                "{}: {}",
                path.display(),
                analysis.document.reason
            );
            assert!(
                !analysis.findings.is_empty(),
                "the words are there, only generic"
            );
            read += 1;
        }
    }
    assert_eq!(read, 3);
}

#[test]
fn pasted_policy_stays_generic_while_the_clients_signals_count() {
    let note = "Gespreksverslag 12-03-2024\n\nCl. kwam vannacht niet thuis. Mdr vond een dure jas op haar kamer.\n\n\
        Slachtoffers van loverboys zijn vaak meisjes met een licht verstandelijke beperking. Professionals herkennen signalen van mensenhandel \
        en seksuele uitbuiting. De aanpak van loverboyproblematiek vraagt om samenwerking tussen organisaties, gemeenten en ketenpartners.\n\n\
        Mentor spreekt cl. morgen.";
    let analysis = super::analyzer().analyze(&Document::from_text("note.txt", note));
    let active: Vec<&str> = analysis
        .findings
        .iter()
        .filter(|f| f.active)
        .map(|f| f.category.as_str())
        .collect();
    assert_eq!(active, ["weglopen", "geschenken_geld"]);
    let pasted: Vec<bool> = analysis
        .findings
        .iter()
        .filter(|f| f.category == "expliciet_vermoeden")
        .map(|f| f.generic)
        .collect();
    assert!(pasted.len() >= 2 && pasted.iter().all(|g| *g));
}

/// The sets written without knowledge of the lexicon are valid gold; ordinary notes among them stay quiet.
#[test]
fn first_try_sets_are_valid_and_ordinary_notes_stay_quiet() {
    let folder = super::root().join("tests/data/firsttry");
    let mut sets = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|e| e != "jsonl") {
            continue;
        }
        sets += 1;
        let documents = gold::read(&[&path], known).unwrap();
        assert!(documents.len() >= 48, "{}", path.display());
        if path.to_string_lossy().contains("innocent") {
            let active: Vec<String> = documents
                .iter()
                .flat_map(|d| super::analyzer().analyze(&d.document()).findings)
                .filter(|f| f.active)
                .map(|f| f.term)
                .collect();
            assert!(active.len() <= 2, "{}: {active:?}", path.display());
        }
    }
    assert_eq!(sets, 21);
}
