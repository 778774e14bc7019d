use std::collections::BTreeMap;

use proptest::prelude::*;
use signaalbril::evaluate::agreement::agreement;
use signaalbril::evaluate::bootstrap::Resampling;
use signaalbril::evaluate::compare::{Side, compare};
use signaalbril::evaluate::gold::{self, GoldDocument, GoldSignal};
use signaalbril::evaluate::metrics::{Counts, kappa, weighted_kappa};
use signaalbril::evaluate::ranking::{Curve, precision_recall};
use signaalbril::evaluate::suggest::{from_gold, suggest};
use signaalbril::evaluate::{
    ALL_RIGHT, Evaluation, Table, View, evaluate, formats, page, predict, traps,
};
use signaalbril::lexicon::{Experiencer, Files, Presence, Temporality};
use signaalbril::{Analyzer, Label, Lexicon};

const NONE: Resampling = Resampling { draws: 0, seed: 1 };

/// A lexicon of two categories with one-word terms, so that every figure can be worked out by hand. Context rules are the built-in ones.
fn small(weglopen: &str, geschenken: &str) -> Analyzer {
    let mut files = Files::builtin();
    let layer = files.layers.first_mut().unwrap();
    layer.retain(|name, _| !name.starts_with("signals/"));
    let category = |id: &str, stage: &str, tier: &str, terms: &str| {
        format!(
            "id = \"{id}\"\nstage = \"{stage}\"\ntier = \"{tier}\"\nname = \"{id}\"\nabout = \"proef\"\n{terms}"
        )
    };
    layer.insert(
        "signals/weglopen.toml".to_owned(),
        category("weglopen", "losweken", "firm", weglopen).into_bytes(),
    );
    layer.insert(
        "signals/geschenken_geld.toml".to_owned(),
        category("geschenken_geld", "werven", "soft", geschenken).into_bytes(),
    );
    // Rules for some categories name others than these two.
    for (name, bytes) in files.layers[0]
        .iter_mut()
        .filter(|(n, _)| n.starts_with("context/"))
    {
        let text = String::from_utf8(bytes.clone()).unwrap_or_else(|_| panic!("{name}"));
        let kept: Vec<&str> = text
            .lines()
            .filter(|l| !l.starts_with("categories = ") && !l.starts_with("not_categories = "))
            .collect();
        *bytes = kept.join("\n").into_bytes();
    }
    let scoring = String::from_utf8(files.layers[0]["scoring.toml"].clone()).unwrap();
    let scoring: String = scoring
        .lines()
        .map(|l| match l.split_once(" = ").map_or("", |p| p.0) {
            "kwetsbaarheid" | "gedrag_psychisch" => String::new(),
            "not_counted" => "not_counted = []\n".to_owned(),
            _ => format!("{l}\n"),
        })
        .collect();
    files.layers[0].insert("scoring.toml".to_owned(), scoring.into_bytes());
    Analyzer::new(Lexicon::from_files(&files).unwrap()).unwrap()
}

fn term(id: &str, pattern: &str) -> String {
    format!(
        "[[terms]]\nid = \"{id}\"\npatterns = ['{pattern}']\nmatches = ['[[{pattern}]]']\nignores = ['niets']\n"
    )
}

fn base() -> Analyzer {
    small(
        &(term("rent", "weggerend") + &term("bal", "blauwe bal")),
        &term("jas", "dure jas"),
    )
}

fn fixture() -> Vec<GoldDocument> {
    let path = super::root().join("tests/data/evaluate/gold.jsonl");
    let documents = gold::read(&[path], |c| matches!(c, "weglopen" | "geschenken_geld")).unwrap();
    assert_eq!(documents.len(), 4);
    documents
}

fn counts(result: &Evaluation, view: View, row: &str) -> [usize; 4] {
    let table: &Table = result.table(view).unwrap();
    let c = table.row(row).unwrap().counts;
    [c.gold_hit, c.gold, c.found_hit, c.found]
}

/// The whole table worked out by hand.
///
/// Findings: n1 weggerend, dure jas, blauwe bal (absent: "Geen"); n2 blauwe bal; n3 weggerend (uncertain: "Mogelijk");
/// n4 dure jas (other: "Haar zusje"), dure jas, dure jas. "paarse fiets" is no term.
#[test]
fn the_fixture_gives_the_table_made_by_hand() {
    let analyzer = base();
    let documents = fixture();
    let result = evaluate(&analyzer, &documents, &[], &["soort".to_owned()], NONE);
    // [gold found, gold, findings right, findings]
    assert_eq!(counts(&result, View::Overlap, "weglopen"), [3, 3, 3, 4]);
    assert_eq!(
        counts(&result, View::Overlap, "geschenken_geld"),
        [3, 4, 3, 4]
    );
    // Active: of weglopen n1 and n3; found n1, n2 (wrong), n3. Of gifts n1, n3 (missed), n4 second; found n1, n4 second and third (wrong).
    assert_eq!(
        counts(&result, View::OverlapActive, "weglopen"),
        [2, 2, 2, 3]
    );
    assert_eq!(
        counts(&result, View::OverlapActive, "geschenken_geld"),
        [2, 3, 2, 3]
    );
    // Exactly: "weggerend" of n1 only; the two jackets of n4 and the one of n1.
    assert_eq!(counts(&result, View::Exact, "weglopen"), [1, 3, 1, 4]);
    assert_eq!(
        counts(&result, View::Exact, "geschenken_geld"),
        [3, 4, 3, 4]
    );
    let overlap = result.table(View::Overlap).unwrap();
    let (micro, mean) = (
        overlap.micro.as_ref().unwrap(),
        overlap.r#macro.as_ref().unwrap(),
    );
    assert_eq!(
        [micro.precision.value, micro.recall.value, micro.f1.value],
        [
            Some(6.0 / 8.0),
            Some(6.0 / 7.0),
            Some(2.0 * 0.75 * (6.0 / 7.0) / (0.75 + 6.0 / 7.0))
        ]
    );
    assert_eq!(
        [mean.precision.value, mean.recall.value],
        [Some(0.75), Some((1.0 + 0.75) / 2.0)]
    );
    // Context with gold spans given: all seven right; always the default: absent, uncertain and other are wrong.
    assert_eq!(counts(&result, View::ContextGiven, ALL_RIGHT), [7, 7, 7, 7]);
    assert_eq!(
        counts(&result, View::ContextDefault, ALL_RIGHT),
        [4, 7, 4, 7]
    );
    assert_eq!(
        counts(&result, View::ContextDefault, "presence=absent"),
        [0, 1, 0, 0]
    );
    assert_eq!(
        counts(&result, View::ContextGiven, "active=yes"),
        [5, 5, 5, 5]
    );
    // End to end: the six that were found.
    assert_eq!(counts(&result, View::ContextFound, ALL_RIGHT), [6, 6, 6, 6]);
    // Labels: n1 midden = midden; n2 geen, found laag; n3 laag = laag (one category); n4 laag = laag.
    assert_eq!(
        result.triage.labels,
        [
            vec![0, 1, 0, 0],
            vec![0, 2, 0, 0],
            vec![0, 0, 1, 0],
            vec![0; 4]
        ]
    );
    assert_eq!(result.triage.accuracy.value, Some(0.75));
    // Linear weights: one step off in one of four; by chance, rows 1,2,1 against columns 0,3,1: (1*3*1 + 1*1*2 + 2*1*1 + 1*3*1) / 4 = 2.5.
    assert_eq!(result.triage.kappa.value, Some(1.0 - 1.0 / 2.5));
    assert_eq!(result.triage.auc.value, Some(1.0));
    assert_eq!(result.triage.reading[0].figure.value, Some(0.8));
    let girls = result
        .subgroups
        .iter()
        .find(|g| g.field == "soort" && g.value == "meisje")
        .unwrap();
    assert_eq!(
        (girls.documents, girls.spans[0].value, girls.spans[1].value),
        (2, Some(1.0), Some(4.0 / 5.0))
    );
    // Misses and false alarms with their causes.
    let missed = &result.misses.missed;
    assert_eq!(
        (missed.len(), missed[0].text.as_str(), missed[0].cause),
        (1, "paarse fiets", "none of its words is known")
    );
    let wrong: Vec<(&str, &str, &str)> = (result.misses.false_alarms.iter())
        .map(|m| (m.document.as_str(), m.detail.as_str(), m.cause))
        .collect();
    assert_eq!(
        wrong,
        [
            ("n2", "weglopen.bal", "no signal here, and it counts"),
            ("n4", "geschenken_geld.jas", "no signal here, and it counts")
        ]
    );
    assert!(result.misses.context.is_empty());
}

#[test]
fn a_gap_that_is_too_long_is_named_as_the_cause() {
    let analyzer = small(
        "[[terms]]\nid = \"gat\"\npatterns = ['rende ..2 weg']\nmatches = ['[[rende snel weg]]']\nignores = ['niets']\n",
        &term("jas", "dure jas"),
    );
    let text = "Zij rende gisteren na het eten weg.";
    let gold = GoldDocument {
        id: "g".to_owned(),
        text: text.to_owned(),
        signals: vec![GoldSignal {
            start: 4,
            end: 34,
            category: "weglopen".to_owned(),
            text: text[4..34].to_owned(),
            ..GoldSignal::default()
        }],
        ..GoldDocument::default()
    };
    let result = evaluate(&analyzer, &[gold], &[], &[], NONE);
    let miss = &result.misses.missed[0];
    assert_eq!(miss.cause, "a gap is too long or crosses a clause border");
    assert_eq!(miss.detail, "weglopen.gat: rende ..2 weg");
}

/// Figures recorded by `tests/data/sklearn/figures.py`.
#[test]
fn figures_agree_with_scikit_learn() {
    let path = super::root().join("tests/data/sklearn/figures.json");
    let recorded: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let list = |name: &str| -> Vec<usize> {
        recorded[name]
            .as_array()
            .unwrap()
            .iter()
            .map(|v| v.as_u64().unwrap() as usize)
            .collect()
    };
    let close = |ours: Option<f64>, theirs: &serde_json::Value, what: &str| {
        assert!(
            (ours.unwrap() - theirs.as_f64().unwrap()).abs() < 1e-12,
            "{what}: {ours:?} {theirs}"
        );
    };
    let (gold, found, scores) = (list("gold"), list("found"), list("scores"));
    assert_eq!(gold.len(), 600);
    let k = 1 + *gold.iter().max().unwrap();
    let mut table = vec![vec![0; k]; k];
    let mut per = vec![Counts::default(); k];
    for (g, f) in gold.iter().zip(&found) {
        table[*g][*f] += 1;
        let right = usize::from(g == f);
        per[*g] += Counts {
            gold: 1,
            gold_hit: right,
            ..Counts::default()
        };
        per[*f] += Counts {
            found: 1,
            found_hit: right,
            ..Counts::default()
        };
    }
    close(kappa(&table), &recorded["kappa"], "kappa");
    close(
        weighted_kappa(&table),
        &recorded["kappa_linear"],
        "weighted kappa",
    );
    let mut micro = Counts::default();
    for (n, c) in per.iter().enumerate() {
        close(c.precision(), &recorded["precision"][n], "precision");
        close(c.recall(), &recorded["recall"][n], "recall");
        close(c.f1(), &recorded["f1"][n], "F1");
        micro += *c;
    }
    close(micro.precision(), &recorded["micro"][0], "micro precision");
    close(micro.f1(), &recorded["micro"][2], "micro F1");
    let mean = |f: fn(&Counts) -> Option<f64>| {
        Some(per.iter().map(|c| f(c).unwrap()).sum::<f64>() / k as f64)
    };
    close(
        mean(Counts::precision),
        &recorded["macro"][0],
        "macro precision",
    );
    close(mean(Counts::f1), &recorded["macro"][2], "macro F1");
    let ranked: Vec<(u32, bool)> = scores
        .iter()
        .zip(&gold)
        .map(|(s, g)| (*s as u32, *g >= 2))
        .collect();
    let curve = Curve::new(&ranked);
    close(curve.auc(), &recorded["auc"], "AUC");
    // Average precision is the area under the steps of the precision-recall points.
    let mut before = 0.0;
    let mut area = 0.0;
    for (recall, precision) in precision_recall(&curve) {
        area += (recall - before) * precision;
        before = recall;
    }
    close(
        Some(area),
        &recorded["average_precision"],
        "average precision",
    );
}

#[test]
fn intervals_are_the_same_for_any_number_of_threads() {
    let analyzer = base();
    let documents = fixture();
    let run = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        let result = pool.install(|| {
            evaluate(
                &analyzer,
                &documents,
                &[],
                &[],
                Resampling {
                    draws: 200,
                    seed: 5,
                },
            )
        });
        serde_json::to_string(&result).unwrap()
    };
    assert_eq!(run(1), run(2));
    let other = evaluate(
        &analyzer,
        &documents,
        &[],
        &[],
        Resampling {
            draws: 200,
            seed: 6,
        },
    );
    assert_ne!(run(1), serde_json::to_string(&other).unwrap());
}

#[test]
fn compare_names_the_terms_and_documents_that_changed() {
    let documents = fixture();
    let side = |analyzer: &Analyzer| -> Side {
        (documents.iter().zip(predict(analyzer, &documents, &[])))
            .map(|(g, (p, _))| (g.id.clone(), p))
            .collect()
    };
    let before = base();
    // Three terms differ: `bal` is gone, `fiets` is new, `jas` is of another tier.
    let after = small(
        &term("rent", "weggerend"),
        &(term("jas", "dure jas").replace("patterns", "tier = \"firm\"\npatterns")
            + &term("fiets", "paarse fiets")),
    );
    let result = compare(
        &side(&before),
        &side(&after),
        &documents,
        Resampling::default(),
    )
    .unwrap();
    let seen: Vec<(&str, [usize; 4], Vec<&str>)> = (result.terms.iter())
        .map(|(t, c)| {
            let documents = c.documents.iter().map(String::as_str).collect();
            (
                t.as_str(),
                [c.disappeared, c.appeared, c.switched, c.tier],
                documents,
            )
        })
        .collect();
    assert_eq!(
        seen,
        [
            ("geschenken_geld.fiets", [0, 1, 0, 0], vec!["n3"]),
            ("geschenken_geld.jas", [0, 0, 0, 4], vec!["n1", "n4"]),
            ("weglopen.bal", [2, 0, 0, 0], vec!["n1", "n2"]),
        ]
    );
    type Change<'a> = (&'a str, Option<Label>, Option<Label>, &'a [String]);
    let labels: Vec<Change<'_>> = (result.labels.iter())
        .map(|c| (c.document.as_str(), c.from, c.to, c.terms.as_slice()))
        .collect();
    assert_eq!(
        labels,
        [
            (
                "n2",
                Some(Label::Laag),
                Some(Label::Geen),
                ["weglopen.bal".to_owned()].as_slice()
            ),
            (
                "n3",
                Some(Label::Laag),
                Some(Label::Midden),
                ["geschenken_geld.fiets".to_owned()].as_slice()
            ),
        ]
    );
    assert_eq!((result.documents, result.changed), (4, 4));
    let recall = result
        .figures
        .iter()
        .find(|f| f.name == "spans, all: recall")
        .unwrap();
    // A finds 6 of 7; B finds the bicycle too, but no longer the ball that is marked as absent.
    assert_eq!(
        (recall.a.value, recall.b.value, recall.difference.value),
        (Some(6.0 / 7.0), Some(6.0 / 7.0), Some(0.0))
    );
    let same = compare(&side(&before), &side(&before), &documents, NONE).unwrap();
    assert!(same.terms.is_empty() && same.labels.is_empty());
    let mut fewer = side(&after);
    fewer.remove("n2");
    let error = compare(&side(&before), &fewer, &documents, NONE)
        .unwrap_err()
        .to_string();
    assert!(error.contains("n2: only side A"), "{error}");
}

#[test]
fn suggestions_show_missed_words_with_their_contexts() {
    let analyzer = small(
        &(term("rent", "weggerend") + &term("kast", "rode kast")),
        &term("jas", "dure jas"),
    );
    let mut documents: Vec<GoldDocument> = (0..6)
        .map(|n| {
            let text = format!("Gisteren nummer {n}: een pimpelpaarse fiets kreeg zij van hem, verder een rode kast en een gewone dag.");
            let start = text.chars().take_while(|c| *c != 'p').count();
            GoldDocument {
                id: format!("d{n}"),
                signals: vec![GoldSignal {
                    start,
                    end: start + 18,
                    category: "geschenken_geld".to_owned(),
                    text: text.chars().skip(start).take(18).collect(),
                    ..GoldSignal::default()
                }],
                text,
                ..GoldDocument::default()
            }
        })
        .collect();
    documents.push(GoldDocument {
        id: "rest".to_owned(),
        text: "Een gewone dag met school en sport, verder een gewone dag met eten. ".repeat(20),
        ..GoldDocument::default()
    });
    let predictions: Vec<_> = predict(&analyzer, &documents, &[])
        .into_iter()
        .map(|p| p.0)
        .collect();
    let sources: Vec<_> = documents
        .iter()
        .zip(&predictions)
        .map(|(g, p)| from_gold(g, p))
        .collect();
    let result = suggest(&analyzer, &sources, &[], 5);
    let first = &result.candidates[0];
    assert_eq!(
        (first.target.as_str(), first.count, first.background),
        ("geschenken_geld", 6, 0)
    );
    assert!(first.z > 1.96 && first.contexts.len() == 3, "{first:?}");
    assert!(
        result
            .candidates
            .iter()
            .any(|c| c.words == "pimpelpaarse fiets")
    );
    assert!(first.contexts[0].starts_with("d0: ") && first.contexts[0].contains("[["));
    assert!(!result.candidates.iter().any(|c| c.words == "gewone dag"));
    assert_eq!(result.silent, ["geschenken_geld.jas", "weglopen.rent"]);
    let overturned: Vec<(&str, usize, usize)> = result
        .overturned
        .iter()
        .map(|o| (o.term.as_str(), o.judged, o.wrong))
        .collect();
    assert_eq!(overturned, [("weglopen.kast", 6, 6)]);
}

#[test]
fn agreement_by_hand() {
    let first = fixture();
    let mut second = first.clone();
    // n1: the jacket is somebody else's; n3: one signal less; n2: another label; n4: one stretch is shorter.
    second[0].signals[1].experiencer = Experiencer::Other;
    second[2].signals.pop();
    second[1].label = Some(Label::Laag);
    second[3].signals[1].end = second[3].signals[1].start + 4;
    second[3].signals[1].text = "dure".to_owned();
    let result = agreement(&first, &second, NONE).unwrap();
    // 6 of 7 and 6 of 6; exactly 5 of 7 and 5 of 6.
    let close = |f: Option<f64>, wanted: f64| {
        assert!((f.unwrap() - wanted).abs() < 1e-12, "{f:?} {wanted}")
    };
    close(result.spans_overlap.value, 12.0 / 13.0);
    close(result.spans_exact.value, 10.0 / 13.0);
    assert_eq!(result.all_equal.value, Some(5.0 / 6.0));
    // experiencer: 4 client/client, 1 client/other, 1 other/other; chance (5*4 + 1*2)/36.
    let experiencer = result
        .properties
        .iter()
        .find(|p| p.0 == "experiencer")
        .unwrap()
        .1
        .value
        .unwrap();
    let chance = 22.0 / 36.0;
    assert!((experiencer - (5.0 / 6.0 - chance) / (1.0 - chance)).abs() < 1e-12);
    let about: Vec<(&str, &str)> = result
        .disagreements
        .iter()
        .map(|d| (d.document.as_str(), d.about.as_str()))
        .collect();
    assert_eq!(
        about,
        [("n1", "experiencer"), ("n2", "label"), ("n3", "span")]
    );
    second.pop();
    assert!(agreement(&first, &second, NONE).is_err());
}

#[test]
fn the_page_is_whole_and_asks_for_nothing() {
    let documents = fixture();
    let result = evaluate(&base(), &documents, &[], &[], Resampling::default());
    let page = page::page(&result);
    assert_eq!(
        page.matches("<svg ").count(),
        5,
        "recall, precision-recall, calibration, and bars for recall and precision"
    );
    for wanted in [
        "Recall curve",
        "Calibration",
        "rows gold, columns found",
        "paarse fiets",
        "weglopen",
    ] {
        assert!(page.contains(wanted), "{wanted}");
    }
    let outside: Vec<&str> = [
        "http://", "https://", "src=", "url(", "@import", "<script", "<link",
    ]
    .into_iter()
    .filter(|o| page.replace("http://www.w3.org/2000/svg", "").contains(o))
    .collect();
    assert!(outside.is_empty(), "{outside:?}");
}

/// Cases that are known to fail are listed by id; the test also fails when one of them starts to pass.
#[test]
fn the_trap_suites_fail_only_where_it_is_known() {
    let folder = super::root().join("tests/traps");
    let read = |name: &str| {
        traps::read(&[folder.join(name)], |c| {
            super::analyzer().lexicon().category(c).is_some()
        })
        .unwrap()
    };
    let (independent, adversarial) = (read("independent.jsonl"), read("adversarial.jsonl"));
    let cases: Vec<traps::Case> = independent.iter().chain(&adversarial).cloned().collect();
    let result = traps::run(super::analyzer(), &cases);
    assert!(result.groups.len() >= 30, "{} groups", result.groups.len());
    for (name, group) in &result.groups {
        assert!(group.pairs >= 8, "{name}: {} pairs", group.pairs);
        let own = independent.iter().filter(|c| c.group == *name).count();
        assert!(
            own * 2 >= group.cases,
            "{name}: {own} of {} are independent",
            group.cases
        );
    }
    let known = traps::read_known(&folder.join("known-failures.txt")).unwrap();
    let failed: BTreeMap<&str, &str> = result
        .failures
        .iter()
        .map(|f| (f.id.as_str(), f.why.as_str()))
        .collect();
    let new: Vec<(&&str, &&str)> = failed
        .iter()
        .filter(|(id, _)| !known.contains_key(**id))
        .collect();
    let mended: Vec<&String> = known
        .keys()
        .filter(|id| !failed.contains_key(id.as_str()))
        .collect();
    assert!(new.is_empty(), "these fail and are not listed: {new:#?}");
    assert!(
        mended.is_empty(),
        "these pass: take them off the list of known failures: {mended:#?}"
    );
}

/// Text with all that editors get wrong: emoji, CRLF, tabs, double blanks, decomposed accents, brackets of the markup, header lines.
fn gold_document() -> impl Strategy<Value = GoldDocument> {
    let piece = prop::sample::select(vec![
        "zij", " ", "  ", "\t", "\r\n", "\n", "👧🏽", "e\u{301}", "café", "[[", "]]", "|", "\\",
        "=== ", "\"", "liep weg", ";", "€ 50", "\u{a0}", ":",
    ]);
    let property = (0..3_usize, 0..3_usize, any::<bool>(), any::<bool>());
    (
        prop::collection::vec(piece, 1..40),
        prop::collection::vec((any::<prop::sample::Index>(), 1..12_usize, property), 0..4),
        prop::option::of(prop::sample::select(Label::ALL.to_vec())),
        "[a-z0-9 é]{0,8}",
    )
        .prop_map(|(pieces, marks, label, genre)| {
            let text = pieces.concat();
            let chars: Vec<char> = text.chars().collect();
            let mut signals: Vec<GoldSignal> = Vec::new();
            for (at, length, (presence, temporality, other, generic)) in marks {
                let (mut start, mut end) = (at.index(chars.len()), 0);
                end += (start + length).min(chars.len());
                while start < end && chars[start].is_whitespace() {
                    start += 1;
                }
                while end > start && chars[end - 1].is_whitespace() {
                    end -= 1;
                }
                if start == end || signals.iter().any(|s| s.start < end && start < s.end) {
                    continue;
                }
                signals.push(GoldSignal {
                    start,
                    end,
                    category: "weglopen".to_owned(),
                    presence: Presence::ALL[presence],
                    temporality: Temporality::ALL[temporality],
                    experiencer: if other {
                        Experiencer::Other
                    } else {
                        Experiencer::Client
                    },
                    generic,
                    text: chars[start..end].iter().collect(),
                });
            }
            signals.sort_by_key(|s| s.start);
            GoldDocument {
                id: format!("n {}", chars.len()),
                genre,
                text,
                label,
                signals,
                date: Some("2024-02-29".to_owned()),
                meta: BTreeMap::from([
                    ("soort".to_owned(), "jongen & co".into()),
                    ("jaar".to_owned(), 2024.into()),
                ]),
            }
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn gold_survives_every_format(first in gold_document(), mut second in gold_document()) {
        second.id.push('b');
        let documents = vec![first, second];
        for format in formats::FORMATS {
            let folder = tempfile::tempdir().unwrap();
            let mut read_from = None;
            for (name, content) in format.write(&documents, "gold") {
                let path = folder.path().join(&name);
                std::fs::create_dir_all(path.parent().unwrap()).unwrap();
                std::fs::write(&path, content).unwrap();
                // A folder of brat is read whole.
                let whole = if path.parent() == Some(folder.path()) { path } else { path.parent().unwrap().to_owned() };
                read_from.get_or_insert(whole);
            }
            let back = gold::read(&[read_from.unwrap()], |c| c == "weglopen");
            prop_assert_eq!(back.unwrap(), documents.clone(), "{}", format.name());
        }
    }
}

#[test]
fn an_import_whose_quote_or_text_differs_is_refused_with_its_place() {
    let documents = fixture();
    for format in formats::FORMATS {
        let folder = tempfile::tempdir().unwrap();
        let mut path = folder.path().to_owned();
        for (name, content) in format.write(&documents, "gold") {
            let file = folder.path().join(&name);
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            // One letter more in front of the first text, annotations as they were.
            let changed = match format.name() {
                "brat" if name.extension().is_some_and(|e| e == "txt") => format!("x{content}"),
                "markup" => content.replacen("Zij is gisteren", "xZij is gisteren", 1),
                "brat" => content,
                _ => content.replacen("Zij is gisteren", "xZij is gisteren", 1),
            };
            std::fs::write(&file, changed).unwrap();
            path = if format.name() == "brat" {
                file.parent().unwrap().to_owned()
            } else {
                file
            };
        }
        let message = gold::read(&[path], |_| true).unwrap_err().to_string();
        assert!(
            message.contains("n1") || message.contains("T1"),
            "{}: {message}",
            format.name()
        );
        assert!(
            !message.contains("weggerend"),
            "case text in an error of {}: {message}",
            format.name()
        );
    }
}

/// Editors in a browser count UTF-16 units: with an emoji before the signal the offsets are one too high, and the quote tells.
#[test]
fn browser_offsets_are_recognised_by_their_quote() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tasks.json");
    let task = serde_json::json!([{ "data": {"id": "a", "text": "👧 liep weg"}, "annotations": [{"result": [
        {"id": "r", "type": "labels", "value": {"start": 3, "end": 11, "text": "liep weg", "labels": ["weglopen"]}},
        {"id": "r", "type": "choices", "value": {"start": 3, "end": 11, "choices": ["presence=absent"]}}
    ]}]}]);
    std::fs::write(&path, task.to_string()).unwrap();
    let documents = gold::read(&[path], |_| true).unwrap();
    let signal = &documents[0].signals[0];
    assert_eq!(
        (signal.start, signal.end, signal.presence),
        (2, 10, Presence::Absent)
    );
}

#[test]
fn the_program_evaluates_compares_converts_and_draws() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    let gold = "tests/data/evaluate/gold.jsonl";
    let run = |arguments: &[&str]| {
        let output = super::program(arguments);
        assert_eq!(
            output.status.code(),
            Some(0),
            "{arguments:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout).unwrap()
    };
    let text = run(&[
        "evaluate",
        "--gold",
        gold,
        "--out",
        &at("ev"),
        "--html",
        "--misses",
        "--by",
        "soort",
    ]);
    assert!(
        text.contains("labels of 4 documents") && text.contains("soort: meisje"),
        "{text}"
    );
    assert!(
        folder.path().join("ev/evaluation.html").is_file()
            && folder.path().join("ev/evaluation.json").is_file()
    );
    run(&["gold", "check", gold]);
    run(&[
        "gold",
        "convert",
        gold,
        "--format",
        "brat",
        "--out",
        &at("br"),
    ]);
    run(&[
        "gold",
        "convert",
        &at("br"),
        "--format",
        "markup",
        "--out",
        &at("terug"),
    ]);
    assert!(
        std::fs::read_to_string(at("terug.txt"))
            .unwrap()
            .contains("[[weglopen;neg|Geen blauwe bal ]]")
    );
    let text = run(&["gold", "agree", gold, &at("terug.txt")]);
    assert!(
        text.contains("F1 of spans with category, exactly            1.000"),
        "{text}"
    );
    assert!(
        run(&["compare", "builtin", "lexicons/loverboy-nl", "--gold", gold])
            .contains("with other findings: 0")
    );
    super::program(&["scan", "samples/dossiers", "--out", &at("a"), "--quiet"]);
    super::program(&["scan", "samples/dossiers", "--out", &at("b"), "--quiet"]);
    assert!(
        run(&["compare", &at("a"), &at("b")])
            .contains("with other findings: 0; with another label: 0")
    );
    let draw = |seed: &str| {
        run(&[
            "evaluate",
            "--elusion",
            &at("a"),
            "--size",
            "5",
            "--seed",
            seed,
        ])
    };
    assert_eq!(draw("3"), draw("3"));
    assert_ne!(draw("3"), draw("4"));
    assert_eq!(draw("3").lines().count(), 6);
    // A reader goes through the sample and everything above the threshold.
    let documents = super::records_in(std::path::Path::new(&at("a/documents.jsonl")));
    let sample = draw("3");
    let decisions: String = (documents.iter())
        .filter(|d| {
            let id = d["id"].as_str().unwrap();
            matches!(d["label"].as_str(), Some("midden" | "hoog")) || sample.contains(id)
        })
        .map(|d| format!("{{\"document\":{},\"verdict\":\"opvolgen\",\"missed\":[{{\"start\":0,\"end\":12,\"category\":\"isolatie\"}}]}}\n", d["id"]))
        .collect();
    std::fs::write(at("decisions.jsonl"), decisions).unwrap();
    let text = run(&[
        "evaluate",
        "--elusion",
        &at("a"),
        "--decisions",
        &at("decisions.jsonl"),
    ]);
    assert!(text.contains("5 decided, 5 to follow up"), "{text}");
    let text = run(&[
        "lexicon",
        "suggest",
        "--decisions",
        &at("decisions.jsonl"),
        "--scan",
        &at("a"),
    ]);
    assert!(
        text.contains("rated higher") && text.contains("isolatie"),
        "{text}"
    );
    let text = run(&[
        "evaluate",
        "--traps",
        "tests/traps/independent.jsonl",
        "--known",
        "tests/traps/known-failures.txt",
    ]);
    assert!(
        text.contains("siblings") && !text.contains("\nfailed "),
        "{text}"
    );
}

/// What reviewers are told of the lexicon's quality is what it has on the half that it was not worked on.
#[test]
fn the_quality_that_is_told_is_the_measured_one() {
    let quality = super::analyzer()
        .lexicon()
        .manifest
        .quality
        .clone()
        .unwrap();
    let output = super::program(&[
        "evaluate",
        "--half",
        "2",
        "--gold",
        "samples/gold/notes.jsonl",
        "--gold",
        "samples/gold/snippets.jsonl",
        "--json",
    ]);
    let measured: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(quality.figures.len() >= 4);
    for figure in quality.figures {
        let now = measured.pointer(&figure.id).unwrap();
        for (name, told) in [
            ("value", figure.value),
            ("low", figure.low),
            ("high", figure.high),
        ] {
            let now = now[name].as_f64().unwrap();
            assert!(
                (now - told).abs() < 0.0006,
                "{} {name}: told {told}, measured {now:.3}; mend [quality] in lexicon.toml",
                figure.id
            );
        }
    }
    // The tables of the statement hold the same figures, as whole percentages.
    let statement = super::program(&["handleiding", "verantwoording"]).stdout;
    let statement = String::from_utf8(statement).unwrap();
    let told = |figure: &serde_json::Value| {
        let percent = |key: &str| (figure[key].as_f64().unwrap() * 100.0).round();
        let (value, low, high) = (percent("value"), percent("low"), percent("high"));
        format!("{value} % [{low}-{high}]")
    };
    let categories = measured["tables"][0]["rows"].as_array().unwrap();
    assert_eq!(categories.len(), 18);
    let mut rows: Vec<[String; 4]> = Vec::new();
    for row in categories {
        let name = row["name"].as_str().unwrap().to_owned();
        let gold = row["counts"]["gold"].to_string();
        rows.push([name, gold, told(&row["recall"]), told(&row["precision"])]);
    }
    let genres = measured["subgroups"].as_array().unwrap();
    for row in genres.iter().filter(|g| g["field"] == "genre") {
        let documents = row["documents"].as_u64().unwrap();
        if documents >= 30 {
            let name = row["value"].as_str().unwrap().to_owned();
            let (precision, recall) = (told(&row["spans"][0]), told(&row["spans"][1]));
            rows.push([name, documents.to_string(), recall, precision]);
        }
    }
    for [name, number, recall, precision] in rows {
        let row = statement
            .lines()
            .find(|l| l.starts_with(&format!("| `{name}` |")))
            .unwrap_or_else(|| panic!("no row of {name} in the statement"));
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        let last = cells.get(cells.len() - 3..).unwrap();
        assert_eq!(last, [number, recall, precision], "{name}");
    }
}
