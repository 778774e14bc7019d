//! What the program tells of itself, and what systems keep beside it.

use std::collections::BTreeSet;

fn printed(arguments: &[&str]) -> String {
    let output = super::program(arguments);
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn the_version_names_program_and_lexicon() {
    let lexicon = super::analyzer().lexicon();
    let (manifest, hash) = (&lexicon.manifest, &lexicon.hash);
    let version = env!("CARGO_PKG_VERSION");
    let expected = format!(
        "signaalbril {version} (lexicon {} {} {hash})\n",
        manifest.id, manifest.version
    );
    assert_eq!(printed(&["--version"]), expected);
}

/// The commands that `--help` lists.
fn commands() -> BTreeSet<String> {
    let help = printed(&["--help"]);
    let list = help
        .split("Commands:\n")
        .nth(1)
        .unwrap()
        .split("\n\n")
        .next()
        .unwrap();
    let named = |line: &str| {
        let indented = line.strip_prefix("  ")?;
        let is_name = indented.starts_with(|c: char| c.is_ascii_lowercase());
        is_name.then(|| indented.split(' ').next().unwrap().to_owned())
    };
    list.lines()
        .filter_map(named)
        .filter(|n| n != "help")
        .collect()
}

#[test]
fn every_command_has_a_manual_page() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("man");
    assert_eq!(printed(&["manual", path.to_str().unwrap()]), "");
    let pages = path
        .read_dir()
        .unwrap()
        .map(|e| e.unwrap().file_name().into_string().unwrap());
    // Of commands within commands, too: `signaalbril-lexicon-check.1`.
    let pages: BTreeSet<String> = pages.collect();
    for command in commands() {
        assert!(
            pages.contains(&format!("signaalbril-{command}.1")),
            "{command}"
        );
    }
    assert!(pages.contains("signaalbril.1") && pages.contains("signaalbril-lexicon-check.1"));
    assert!(!pages.contains("signaalbril-worker.1"));
    let page = std::fs::read_to_string(path.join("signaalbril-scan.1")).unwrap();
    assert!(page.contains("Exit codes") && !page.contains("faults"));
}

#[test]
fn shells_complete_every_command() {
    let commands = commands();
    assert!(commands.len() > 15);
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let text = printed(&["completions", shell]);
        for command in &commands {
            assert!(text.contains(command.as_str()), "{shell}: {command}");
        }
    }
}

/// The examples of the guide for lexicon keepers are a lexicon without problems, and its patterns find what it says.
#[test]
fn the_guides_are_true() {
    let readers = printed(&["handleiding"]);
    assert!(readers.starts_with("# Handleiding voor lezers") && readers.contains("suïciderisico"));
    let guide = printed(&["handleiding", "lexicon"]);
    let folder = tempfile::tempdir().unwrap();
    let examples: Vec<&str> = guide
        .split("```toml\n")
        .skip(1)
        .map(|e| e.split("```").next().unwrap())
        .collect();
    let places = ["signals/weglopen.toml", "context/presence.toml"];
    assert_eq!(examples.len(), places.len());
    for (place, example) in places.iter().zip(&examples) {
        let file = folder.path().join(place);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, example).unwrap();
    }
    // Problems would be another exit code.
    printed(&[
        "lexicon",
        "check",
        "--overlay",
        folder.path().to_str().unwrap(),
    ]);
    // Rows of the table: a pattern, and what it finds.
    let mut tried = 0;
    for row in guide.lines().filter(|l| l.starts_with("| `")) {
        let cells: Vec<&str> = row.trim_matches('|').split(" | ").map(str::trim).collect();
        let [patterns, _, found] = cells.as_slice() else {
            continue;
        };
        let found = found.split(", niet ").next().unwrap();
        for pattern in patterns.split("`, `").map(|p| p.trim_matches('`')) {
            let text = format!("Daar stond: {found}.");
            let text = if pattern.starts_with('"') {
                text.replace('\'', "\"")
            } else {
                text
            };
            tried += usize::from(!printed(&["lexicon", "try", pattern, &text]).is_empty());
        }
    }
    assert!(
        tried > 10,
        "only {tried} patterns of the table find their example"
    );
}
