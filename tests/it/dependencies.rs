use std::collections::BTreeSet;
use std::process::Command;

/// Crates that open connections. The review server, once there, may use std's `TcpListener` on loopback only.
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

fn metadata() -> serde_json::Value {
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

#[test]
fn no_network_crate_and_only_listed_licences() {
    let metadata = metadata();
    let packages = metadata["packages"].as_array().unwrap();
    assert!(packages.len() > 20);
    let names: BTreeSet<&str> = packages.iter().filter_map(|p| p["name"].as_str()).collect();
    let network: Vec<&&str> = NETWORK.iter().filter(|n| names.contains(**n)).collect();
    assert!(
        network.is_empty(),
        "network crates in the tree: {network:?}"
    );
    for package in packages {
        let licence = package["license"].as_str().unwrap_or("");
        // One alternative of the expression, all of whose parts are listed.
        let expression = licence.replace('/', " OR ").replace(['(', ')'], "");
        let fits = expression.split(" OR ").any(|choice| {
            choice
                .split(" AND ")
                .all(|part| LICENCES.contains(&part.trim()))
        });
        assert!(
            fits,
            "{}: licence `{licence}` is not listed",
            package["name"]
        );
    }
}

#[test]
fn no_network_code_in_the_library() {
    let mut stack = vec![super::root().join("src")];
    while let Some(path) = stack.pop() {
        if path.is_dir() {
            stack.extend(std::fs::read_dir(path).unwrap().map(|e| e.unwrap().path()));
        } else if path.extension().is_some_and(|e| e == "rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            assert!(!text.contains("std::net"), "{}", path.display());
        }
    }
}
