//! Compiles the built-in lexicon, so that the program need not do so each time it starts.
//!
//! The modules of the library that know how are part of this script, too.
#![allow(
    dead_code,
    missing_docs,
    unreachable_pub,
    unused_imports,
    reason = "the library uses more of its modules than this script does"
)]

mod error;
mod lexicon;
mod span;
mod text;

use std::error::Error;
use std::path::PathBuf;

use lexicon::{Files, Lexicon, compiled};

#[expect(
    clippy::print_stderr,
    reason = "what a build script says is shown by cargo"
)]
fn main() {
    for path in [
        "lexicons",
        "src/build.rs",
        "src/error.rs",
        "src/lexicon",
        "src/span.rs",
        "src/text",
    ] {
        println!("cargo:rerun-if-changed={path}");
    }
    if let Err(problems) = compile() {
        eprintln!("{problems}");
        std::process::exit(1);
    }
}

fn compile() -> Result<(), Box<dyn Error>> {
    let lexicon = Lexicon::from_files(&Files::builtin())?;
    let target = PathBuf::from(std::env::var("OUT_DIR")?).join("lexicon.bin");
    std::fs::write(target, compiled::write(&lexicon)?)?;
    let raw = &lexicon.manifest;
    // For `--version`: what a result follows from.
    println!(
        "cargo:rustc-env=SIGNAALBRIL_LEXICON={} {} {}",
        raw.id, raw.version, lexicon.hash
    );
    Ok(())
}
