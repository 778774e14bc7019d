use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

/// What the review server stands on: it listens on 127.0.0.1, and nothing of it connects to anywhere.
const SERVER: &[&str] = &["hyper", "mio", "socket2", "tokio"];

/// Crates that open connections.
const NETWORK: &[&str] = &[
    "reqwest",
    "hyper",
    "ureq",
    "curl",
    "isahc",
    "tokio",
    "async-std",
    "mio",
    "socket2",
    "native-tls",
    "rustls",
    "openssl",
    "surf",
    "attohttpc",
    "quinn",
    "h2",
    "tonic",
    "trust-dns-resolver",
    "hickory-resolver",
    "minreq",
    "tungstenite",
];

/// Licences that dependencies may have (parts of SPDX expressions).
const LICENCES: &[&str] = &[
    "MIT",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "Zlib",
    "Unlicense",
    "Unicode-3.0",
    "0BSD",
    "CC0-1.0",
    "MIT-0",
    "ISC",
    "BSL-1.0",
    "Apache-2.0 WITH LLVM-exception",
    "LGPL-2.1-or-later",
    "NCSA",
];

fn metadata(features: &[&str]) -> serde_json::Value {
    // Only what is built for this machine: the others need not be downloaded.
    let host = Command::new("rustc").arg("-vV").output().unwrap().stdout;
    let host = String::from_utf8(host).unwrap();
    let host = host
        .lines()
        .find_map(|l| l.strip_prefix("host: "))
        .unwrap()
        .to_owned();
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked"])
        .args(["--filter-platform", &host])
        .args(features)
        .current_dir(super::root())
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The names of the crates that the program is built from; what only tests need is left out.
fn built_from(metadata: &serde_json::Value) -> BTreeSet<String> {
    let list = |value: &serde_json::Value| value.as_array().cloned().unwrap_or_default();
    let nodes: BTreeMap<String, serde_json::Value> = list(&metadata["resolve"]["nodes"])
        .into_iter()
        .map(|n| (n["id"].as_str().unwrap().to_owned(), n))
        .collect();
    let mut due = vec![metadata["resolve"]["root"].as_str().unwrap().to_owned()];
    let mut seen = BTreeSet::new();
    while let Some(id) = due.pop() {
        if !seen.insert(id.clone()) {
            continue;
        }
        for dep in list(&nodes[&id]["deps"]) {
            if list(&dep["dep_kinds"]).iter().any(|k| k["kind"] != "dev") {
                due.push(dep["pkg"].as_str().unwrap().to_owned());
            }
        }
    }
    let packages = list(&metadata["packages"]);
    let known = packages
        .iter()
        .filter(|p| seen.contains(p["id"].as_str().unwrap()));
    known
        .map(|p| p["name"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn no_network_crate_but_for_the_review_server() {
    let network = |features: &[&str]| -> Vec<String> {
        let names = built_from(&metadata(features));
        assert!(names.len() > 20);
        let is_network = |n: &&&str| names.contains(**n);
        NETWORK
            .iter()
            .filter(is_network)
            .map(|n| (*n).to_owned())
            .collect()
    };
    assert_eq!(network(&["--no-default-features"]), Vec::<String>::new());
    let mut with_server = network(&[]);
    with_server.sort();
    assert_eq!(with_server, SERVER);
}

/// Licences that only tests may bring along.
const LICENCES_OF_TESTS: &[&str] = &["MPL-2.0"];

#[test]
fn only_listed_licences() {
    let metadata = metadata(&[]);
    let built = built_from(&metadata);
    for package in metadata["packages"].as_array().unwrap() {
        let is_for_tests = !built.contains(package["name"].as_str().unwrap());
        let listed = |part: &str| {
            LICENCES.contains(&part) || is_for_tests && LICENCES_OF_TESTS.contains(&part)
        };
        let licence = package["license"].as_str().unwrap_or("");
        // One alternative of the expression, all of whose parts are listed.
        let expression = licence.replace('/', " OR ").replace(['(', ')'], "");
        let fits = expression
            .split(" OR ")
            .any(|choice| choice.split(" AND ").all(|part| listed(part.trim())));
        assert!(
            fits,
            "{}: licence `{licence}` is not listed",
            package["name"]
        );
    }
}

#[test]
fn no_network_code_but_for_the_review_server() {
    let mut stack = vec![super::root().join("src")];
    while let Some(path) = stack.pop() {
        if path.is_dir() {
            stack.extend(std::fs::read_dir(path).unwrap().map(|e| e.unwrap().path()));
        } else if path.extension().is_some_and(|e| e == "rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            // The one place is the review server, which binds to 127.0.0.1.
            if path.ends_with("review/server.rs") {
                assert!(text.contains("bind((Ipv4Addr::LOCALHOST, port))"));
                assert_eq!(text.matches("bind((").count(), 1);
            } else {
                assert!(!text.contains("std::net"), "{}", path.display());
                assert!(!text.contains("tokio::net"), "{}", path.display());
            }
        }
    }
}
