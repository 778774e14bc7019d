//! Text for the benches: the sample notes, repeated in a fixed order until a size is reached, as they are or thinned out, and words drawn
//! by how often they occur in Dutch; and lexicons of a given size.
#![allow(dead_code, reason = "each bench uses some of it")]

use std::path::Path;

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use signaalbril::lexicon::pattern::{Anchor, NONE};
use signaalbril::lexicon::{Files, PatternId};
use signaalbril::text::{View, fold};
use signaalbril::{Analyzer, Document, Lexicon};

/// The notes of `samples/gold`.
fn unique() -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/gold/notes.jsonl");
    let text = std::fs::read_to_string(path).expect("samples are part of the repository");
    text.lines()
        .map(|l| serde_json::from_str::<serde_json::Value>(l).expect("gold is JSON"))
        .map(|v| v["text"].as_str().expect("gold has text").to_owned())
        .collect()
}

/// These notes, together at least `bytes` long.
pub(crate) fn notes(bytes: usize) -> Vec<String> {
    let mut notes = Vec::new();
    let mut size = 0;
    for note in unique().iter().cycle() {
        if size >= bytes {
            break;
        }
        size += note.len();
        notes.push(note.clone());
    }
    notes
}

/// Bytes of ordinary text for each passage with a finding in [`running`].
const ORDINARY: usize = 2_000;
/// Size of a note of [`running`] and [`general`].
const NOTE: usize = 8_000;

/// The sentences of the notes: those without a finding, and those with one.
fn sentences(analyzer: &Analyzer) -> (Vec<String>, Vec<String>) {
    let (mut ordinary, mut telling) = (Vec::new(), Vec::new());
    for note in unique() {
        let analysis = analyzer.analyze(&Document::from_text("note.txt", note.clone()));
        let view = View::new(&note, &analyzer.lexicon().boundaries);
        for sentence in &view.sentences {
            let span = view.span(sentence.tokens.clone());
            let found = (analysis.findings.iter())
                .filter(|f| f.byte_start < span.end && span.start < f.byte_end)
                .count();
            let text = span.slice(&note).to_owned();
            if found == 0 {
                ordinary.push(text);
            } else if found == 1 {
                telling.push(text);
            }
        }
    }
    (ordinary, telling)
}

/// The same sentences as running text, as dossiers have it: about 2 kB without a finding before each sentence with one.
pub(crate) fn running(bytes: usize, analyzer: &Analyzer) -> Vec<String> {
    let (ordinary, telling) = sentences(analyzer);
    let (mut ordinary, mut telling) = (ordinary.iter().cycle(), telling.iter().cycle());
    let (mut texts, mut size) = (Vec::new(), 0);
    while size < bytes {
        let mut note = String::new();
        while note.len() < NOTE {
            let end = note.len() + ORDINARY;
            while note.len() < end {
                note.extend(ordinary.next().map(String::as_str));
                note.push_str(".\n");
            }
            note.extend(telling.next().map(String::as_str));
            note.push_str(".\n");
        }
        size += note.len();
        texts.push(note);
    }
    texts
}

/// The words of `frequent.txt` with how often they occur.
fn frequent() -> Vec<(String, u64)> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("lexicons/loverboy-nl/frequent.txt");
    let text = std::fs::read_to_string(path).expect("the lexicon is part of the repository");
    text.lines()
        .filter_map(|l| l.split_once(' '))
        .filter_map(|(word, often)| Some((word.to_owned(), often.parse().ok()?)))
        .collect()
}

/// The next number of a row that is the same each time (Knuth's MMIX generator).
fn next(state: &mut u64) -> u64 {
    *state = state
        .wrapping_mul(6_364_136_223_846_793_005)
        .wrapping_add(1_442_695_040_888_963_407);
    *state >> 33
}

/// General Dutch without findings: real text from the file that `SIGNAALBRIL_TEXT` names, repeated; without it words drawn by how often they
/// occur, in sentences of twelve, those that happen to tell something left out.
pub(crate) fn general(bytes: usize, analyzer: &Analyzer) -> Vec<String> {
    if let Some(path) = std::env::var_os("SIGNAALBRIL_TEXT") {
        let text = std::fs::read_to_string(path).expect("SIGNAALBRIL_TEXT names a text file");
        return cut(text.split_inclusive('\n').cycle(), bytes);
    }
    let words = frequent();
    let total: u64 = words.iter().map(|w| w.1).sum();
    let mut state = 1;
    let mut sentence = || {
        let mut text = String::new();
        for n in 0..12 {
            let mut at = next(&mut state) % total;
            let word = words.iter().find(|(_, often)| {
                let found = at < *often;
                at = at.saturating_sub(*often);
                found
            });
            let word = word.map_or("de", |w| w.0.as_str());
            if n == 0 {
                text.extend(word.chars().next().map(|c| c.to_ascii_uppercase()));
                text.push_str(word.get(1..).unwrap_or_default());
            } else {
                text.push(' ');
                text.push_str(word);
            }
        }
        text.push_str(".\n");
        text
    };
    let silent = |text: &String| {
        let document = Document::from_text("note.txt", text.clone());
        analyzer.analyze(&document).findings.is_empty()
    };
    // As many different ones as a fifth of a megabyte holds, again and again.
    let mut list = Vec::new();
    while list.iter().map(String::len).sum::<usize>() < bytes.min(200_000) {
        list.extend(Some(sentence()).filter(silent));
    }
    cut(list.iter().map(String::as_str).cycle(), bytes)
}

/// Lines as texts of some size.
fn cut<'a>(lines: impl Iterator<Item = &'a str>, bytes: usize) -> Vec<String> {
    let (mut texts, mut size) = (vec![String::new()], 0);
    for line in lines {
        if size >= bytes {
            break;
        }
        size += line.len();
        if texts.last().is_some_and(|t| t.len() >= NOTE) {
            texts.push(String::new());
        }
        if let Some(text) = texts.last_mut() {
            text.push_str(line);
        }
    }
    texts
}

/// The analyzer without its gate: every pattern of every term is tried in every sentence.
pub(crate) fn without_gate() -> Analyzer {
    let mut lexicon = Lexicon::builtin().expect("the built-in lexicon is valid");
    for pattern in &mut lexicon.set.patterns {
        pattern.found_by = None;
        pattern.also = [NONE; 3];
    }
    Analyzer::new(lexicon).expect("valid")
}

/// The rarest words and compound parts of the patterns of all terms: what an automaton in front of them would look for.
pub(crate) fn literals(lexicon: &Lexicon) -> Vec<String> {
    let set = &lexicon.set;
    let ids = lexicon.terms.iter().flat_map(|t| &t.patterns);
    let patterns = ids.filter_map(|id: &PatternId| set.patterns.get(*id as usize));
    let mut words: Vec<String> = patterns
        .flat_map(|p| set.anchors_of(p))
        .filter_map(|anchor| match anchor {
            Anchor::Word(id) => set.names.get(*id as usize).cloned(),
            Anchor::Part(n) => set.parts.get(*n as usize).map(|p| p.stem.clone()),
        })
        .collect();
    words.sort_unstable();
    words.dedup();
    words
}

/// The contiguous automaton of these words.
pub(crate) fn automaton(words: &[String]) -> AhoCorasick {
    AhoCorasick::builder()
        .kind(Some(AhoCorasickKind::ContiguousNFA))
        .build(words)
        .expect("an automaton")
}

/// What the automaton finds on word boundaries of a folded text: overlapping, no more.
pub(crate) fn scan(automaton: &AhoCorasick, text: &str) -> usize {
    let bytes = text.as_bytes();
    let outside = |at: usize| !bytes.get(at).is_some_and(u8::is_ascii_alphanumeric);
    automaton
        .find_overlapping_iter(text)
        .filter(|m| m.start().checked_sub(1).is_none_or(outside) && outside(m.end()))
        .count()
}

/// A lexicon of so many patterns of one to three words, each word from the rarer half of `frequent.txt` or made of two of them; rules and
/// classes are those of the built-in one.
pub(crate) fn generated(patterns: usize) -> Lexicon {
    let words: Vec<String> = (frequent().into_iter().skip(500))
        .map(|w| fold(&w.0))
        .filter(|w| w.len() > 3 && w.bytes().all(|b| b.is_ascii_lowercase()))
        .collect();
    let mut state = 7;
    let mut pick = || words[next(&mut state) as usize % words.len()].as_str();
    let mut made = std::collections::BTreeSet::new();
    while made.len() < patterns {
        let length = made.len() % 4;
        made.insert(match length {
            0 => format!("{}{}", pick(), pick()),
            3 => format!("{} {} {}", pick(), pick(), pick()),
            _ => format!("{} {}", pick(), pick()),
        });
    }
    let mut files = Files::builtin();
    let made: Vec<String> = made.into_iter().collect();
    let categories = || {
        let names = files.layers.iter().flat_map(|l| l.keys());
        names.filter(|name| name.starts_with("signals/")).cloned()
    };
    let names: Vec<String> = categories().collect();
    for (name, list) in names
        .iter()
        .zip(made.chunks(patterns.div_ceil(names.len())))
    {
        let Some(file) = files.layers.iter_mut().find_map(|l| l.get_mut(name)) else {
            continue;
        };
        let text = String::from_utf8_lossy(file).into_owned();
        let mut head = text
            .split("[[terms]]")
            .next()
            .unwrap_or_default()
            .to_owned();
        for (n, pattern) in list.iter().enumerate() {
            head.push_str(&format!(
                "[[terms]]\nid = \"t{n}\"\npatterns = [\"{pattern}\"]\nmatches = [\"[[{pattern}]]\"]\nignores = [\"niets\"]\n"
            ));
        }
        *file = head.into_bytes();
    }
    Lexicon::from_files(&files).expect("the generated lexicon is valid")
}

/// Texts of about `bytes` bytes that are hard for one part or another, by name.
pub(crate) fn worst(bytes: usize) -> Vec<(&'static str, String)> {
    let notes = notes(20_000).join(" ");
    let one_line = |text: &str| text.replace(['\n', '.', '!', '?', ';', ':'], " ");
    [
        ("one line", one_line(&notes)),
        (
            "only hits",
            "Zij is weggelopen. Haar loverboy slaat haar. ".to_owned(),
        ),
        (
            "only hits in one sentence",
            "zij is weggelopen en ".to_owned(),
        ),
        (
            "only triggers",
            "niet geen nooit misschien vroeger volgens als indien ".to_owned(),
        ),
        (
            "near misses",
            "loverbo wegloo weg lope mishande gedwonge oudere vrien ".to_owned(),
        ),
        (
            "beginnings",
            "zij heeft een zij krijgt van hem een hij dreigt met ".to_owned(),
        ),
        (
            "dates and ages",
            "15 jaar 21-03-2024 om 21.30 u (16) 3 keer 50 euro ".to_owned(),
        ),
        (
            "questions",
            "Is zij weggelopen? Slaat hij haar? Nee. ".to_owned(),
        ),
        (
            "headings",
            "Zorgen:\n- weggelopen\n\nDoelen: school\n".to_owned(),
        ),
        ("one word", "weglopen".to_owned()),
    ]
    .into_iter()
    .map(|(name, part)| (name, part.repeat(bytes / part.len() + 1)))
    .collect()
}
