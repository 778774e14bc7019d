//! Rebuilds the crate when a lexicon file changes: the built-in lexicon is embedded.
fn main() {
    println!("cargo:rerun-if-changed=lexicons");
}
