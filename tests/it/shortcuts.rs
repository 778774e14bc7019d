//! What lets the matcher pass over words must not make it lose any: the same findings come out without every shortcut.

use std::sync::OnceLock;

use proptest::prelude::*;
use signaalbril::evaluate::gold;
use signaalbril::lexicon::pattern::{ALSO, NONE};
use signaalbril::lexicon::starts::Switch;
use signaalbril::matcher::{Clock, TextWords, selftest::matches_of};
use signaalbril::text::View;
use signaalbril::{Analyzer, Document, Lexicon};

/// An analyzer that tries every pattern at every word of a sentence that holds one of its anchors.
fn without_shortcuts() -> &'static Analyzer {
    static ANALYZER: OnceLock<Analyzer> = OnceLock::new();
    ANALYZER.get_or_init(|| {
        let mut lexicon = Lexicon::builtin().unwrap();
        for pattern in &mut lexicon.set.patterns {
            pattern.also = [NONE; ALSO];
            for part in &mut pattern.parts {
                part.chain.clear();
                part.starts.any = true;
            }
        }
        for sub in &mut lexicon.set.subs {
            sub.starts.any = true;
        }
        lexicon.set.switches.iter_mut().for_each(Switch::try_all);
        Analyzer::new(lexicon).unwrap()
    })
}

/// An analyzer without a gate: every pattern is tried in every sentence.
fn without_gate() -> &'static Analyzer {
    static ANALYZER: OnceLock<Analyzer> = OnceLock::new();
    ANALYZER.get_or_init(|| {
        let mut lexicon = Lexicon::builtin().unwrap();
        for pattern in &mut lexicon.set.patterns {
            pattern.found_by = None;
        }
        Analyzer::new(lexicon).unwrap()
    })
}

fn gold_texts() -> Vec<String> {
    let lexicon = super::analyzer().lexicon();
    let known = |id: &str| lexicon.categories.iter().any(|c| c.id == id);
    let path = super::root().join("samples/gold/notes.jsonl");
    let documents = gold::read(&[path], known).unwrap();
    documents.into_iter().map(|d| d.text).collect()
}

#[test]
fn the_gold_notes_give_the_same_findings_without_shortcuts() {
    for text in gold_texts() {
        let document = Document::from_text("n.txt", text);
        let fast = super::analyzer().analyze(&document);
        assert!(fast == without_shortcuts().analyze(&document));
    }
}

#[test]
fn the_gold_notes_give_the_same_findings_without_a_gate() {
    for text in gold_texts().into_iter().step_by(3) {
        let document = Document::from_text("n.txt", text);
        let fast = super::analyzer().analyze(&document);
        assert!(fast == without_gate().analyze(&document));
    }
}

#[test]
fn anchors_lead_to_every_match_of_a_term() {
    let analyzer = super::analyzer();
    let lexicon = analyzer.lexicon();
    let mut seen = 0;
    for text in gold_texts() {
        let view = View::new(&text, &lexicon.boundaries);
        let mut words = TextWords::new(&view, &lexicon.set);
        let scan = analyzer
            .matcher()
            .scan(lexicon, &mut words, Clock::default());
        for term in 0..lexicon.terms.len() {
            for found in matches_of(lexicon, &view, term) {
                seen += 1;
                assert!(
                    scan.matches.iter().any(|m| m.term == term
                        && m.tokens.start < found.tokens.end
                        && found.tokens.start < m.tokens.end),
                    "{}: {}",
                    lexicon.terms[term].id,
                    view.span(found.tokens.clone()).slice(&text)
                );
            }
        }
    }
    assert!(seen > 500, "{seen}");
}

/// Every term reads misspelt words for itself: what one made of a word is nothing to the next.
#[test]
fn misspelt_words_are_read_anew_for_every_term() {
    let lexicon = super::analyzer().lexicon();
    let fuzzy = || (0..lexicon.terms.len()).filter(|t| lexicon.terms[*t].fuzzy);
    let text = |term: usize| {
        let pattern = lexicon.terms[term].patterns.first().unwrap();
        let pattern = &lexicon.set.patterns[*pattern as usize];
        let words = lexicon.set.anchors_of(pattern).iter();
        let words = words.filter_map(|a| Some(&lexicon.set.names[a.word()? as usize]));
        let long = words.filter(|w| w.len() > 7 && w.is_ascii());
        // The last but one letter twice.
        long.map(|w| format!("{}{} ", &w[..w.len() - 1], &w[w.len() - 2..]))
            .collect::<String>()
    };
    let text: String = fuzzy().map(text).collect::<Vec<_>>().join(". ");
    let view = View::new(&text, &lexicon.boundaries);
    let alone = |term| {
        let found = || matches_of(lexicon, &view, term);
        std::thread::scope(|scope| scope.spawn(found).join().unwrap())
    };
    let mut seen = 0;
    for term in fuzzy() {
        let found = matches_of(lexicon, &view, term);
        seen += usize::from(found.iter().any(|m| m.approximate));
        assert!(found == alone(term), "{}", lexicon.terms[term].id);
    }
    assert!(seen > 3, "{seen}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_gives_the_same_findings_without_shortcuts_or_gate(text in super::properties::text()) {
        let document = Document::from_text("p.txt", text);
        let fast = super::analyzer().analyze(&document);
        prop_assert!(fast == without_shortcuts().analyze(&document));
        prop_assert!(fast == without_gate().analyze(&document));
    }
}
