/// The help in the README is what the program prints, and every command of it is described.
#[test]
fn readme_shows_the_help_of_the_program() {
    let readme = std::fs::read_to_string(super::root().join("README.md")).unwrap();
    let help = String::from_utf8(super::program(&["--help"]).stdout).unwrap();
    assert!(
        readme.contains(help.trim_end()),
        "the README's help block is not what `signaalbril --help` prints:\n{help}"
    );
}

/// Console blocks of the README: `$ command` with the output below it, run as they stand.
#[test]
fn readme_console_blocks_give_the_shown_output() {
    let readme = std::fs::read_to_string(super::root().join("README.md")).unwrap();
    let mut run = 0;
    for block in readme
        .split("```console\n")
        .skip(1)
        .filter_map(|b| b.split("```").next())
    {
        let mut lines = block.lines().peekable();
        while let Some(line) = lines.next() {
            let Some(command) = line.strip_prefix("$ signaalbril ") else {
                continue;
            };
            let mut expected = Vec::new();
            while let Some(next) = lines.next_if(|l| !l.starts_with("$ ")) {
                expected.push(next);
            }
            let arguments = shell_words(command);
            let output = super::program(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
            let text = String::from_utf8(output.stdout).unwrap();
            // `...` stands for lines left out.
            let mut rest = text.as_str();
            for wanted in expected
                .into_iter()
                .filter(|l| *l != "..." && !l.trim().is_empty())
            {
                let at = rest
                    .find(wanted)
                    .unwrap_or_else(|| panic!("`{command}` does not print `{wanted}`:\n{text}"));
                rest = &rest[at + wanted.len()..];
            }
            run += 1;
        }
    }
    assert!(run >= 3, "only {run} console blocks were run");
}

/// Splits at blanks; single quotes hold together.
fn shell_words(command: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quoted = false;
    for c in command.chars() {
        match c {
            '\'' => quoted = !quoted,
            ' ' if !quoted => words.push(String::new()),
            c => words.last_mut().unwrap().push(c),
        }
    }
    words.retain(|w| !w.is_empty());
    words
}

/// The data dictionary in the README is the program's, and its queries run on a store.
#[test]
fn readme_explains_the_columns_and_its_queries_run() {
    let readme = std::fs::read_to_string(super::root().join("README.md")).unwrap();
    assert!(readme.contains(signaalbril::export::dictionary::markdown().trim()));
    let out = tempfile::tempdir().unwrap();
    let path = out.path().to_str().unwrap();
    let scan = super::program(&["scan", "samples/dossiers", "--out", path, "--quiet"]);
    assert_eq!(scan.status.code(), Some(1));
    let store = rusqlite::Connection::open(out.path().join("signaalbril.sqlite")).unwrap();
    let block = readme
        .split("```sql\n")
        .nth(1)
        .unwrap()
        .split("```")
        .next()
        .unwrap();
    let queries: Vec<&str> = block
        .split_inclusive(';')
        .filter(|q| q.contains("SELECT"))
        .collect();
    assert_eq!(queries.len(), 5);
    for query in queries {
        let mut statement = store.prepare(query).unwrap();
        let mut rows = statement.query([]).unwrap();
        assert!(rows.next().unwrap().is_some(), "{query}");
    }
}
