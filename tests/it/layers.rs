use std::collections::BTreeMap;
use std::path::Path;

/// From bottom to top; modules with the same number are siblings and do not import each other.
const LAYERS: &[(&str, usize)] = &[
    ("span", 0),
    ("error", 0),
    ("escape", 0),
    ("private", 1),
    ("text", 1),
    ("document", 1),
    ("lexicon", 2),
    ("extract", 2),
    ("matcher", 3),
    ("context", 4),
    ("finding", 5),
    ("copies", 6),
    ("decision", 6),
    ("passage", 6),
    ("score", 6),
    ("reason", 7),
    ("analyze", 8),
    ("dossier", 9),
    ("html", 10),
    ("pseudonym", 10),
    ("store", 10),
    ("source", 11),
    ("pipeline", 12),
    ("screening", 13),
    ("cluster", 13),
    ("report", 11),
    ("review", 13),
    ("export", 11),
    ("evaluate", 11),
];

fn sources(folder: &Path, out: &mut Vec<std::path::PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, out);
        } else if path.extension().is_some_and(|e| e == "rs") {
            out.push(path);
        }
    }
}

#[test]
fn imports_run_downwards() {
    let layers: BTreeMap<&str, usize> = LAYERS.iter().copied().collect();
    let src = super::root().join("src");
    let mut files = Vec::new();
    sources(&src, &mut files);
    let mut wrong = Vec::new();
    let mut seen = 0;
    for file in files {
        let relative = file.strip_prefix(&src).unwrap();
        let module = relative
            .components()
            .next()
            .unwrap()
            .as_os_str()
            .to_str()
            .unwrap()
            .trim_end_matches(".rs")
            .to_owned();
        let Some(own) = layers.get(module.as_str()) else {
            continue;
        };
        let text = std::fs::read_to_string(&file).unwrap();
        for place in text.match_indices("crate::").map(|(i, _)| i) {
            let rest = &text[place + "crate::".len()..];
            let name: String = rest
                .chars()
                .take_while(|c| c.is_alphanumeric() || *c == '_')
                .collect();
            let Some(other) = layers.get(name.as_str()) else {
                continue;
            };
            seen += 1;
            if name != module && other >= own {
                wrong.push(format!("{}: {module} imports {name}", relative.display()));
            }
        }
    }
    assert!(
        seen > 50,
        "only {seen} imports seen: has the notation changed?"
    );
    // `document` may use `span`, `text` and `document` are siblings at the bottom.
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_module_has_a_layer() {
    let facade = std::fs::read_to_string(super::root().join("src/lib.rs")).unwrap();
    for line in facade.lines().filter_map(|l| l.strip_prefix("pub mod ")) {
        let name = line.trim_end_matches(';');
        assert!(
            LAYERS.iter().any(|(n, _)| *n == name),
            "{name} has no layer in tests/it/layers.rs"
        );
    }
}

#[test]
fn no_category_id_in_source() {
    let mut files = Vec::new();
    sources(&super::root().join("src"), &mut files);
    let ids: Vec<String> = super::analyzer()
        .lexicon()
        .categories
        .iter()
        .map(|c| c.id.clone())
        .collect();
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        // Comments and the doc example may name categories.
        for line in text.lines().filter(|l| !l.trim_start().starts_with("//")) {
            for id in ids.iter().filter(|id| id.contains('_')) {
                assert!(
                    !line.contains(&format!("\"{id}\"")),
                    "{}: {line}",
                    file.display()
                );
            }
        }
    }
}
