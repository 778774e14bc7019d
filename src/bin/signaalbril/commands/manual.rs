//! `manual` and `completions`: what systems keep of a program beside it.

use std::path::Path;

use clap::CommandFactory;
use signaalbril::{Error, Result};

use super::print;
use crate::args::Arguments;
use crate::exit::Code;

pub(crate) fn completions(shell: clap_complete::Shell) -> Result<Code> {
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "signaalbril", &mut text);
    print(&String::from_utf8_lossy(&text))?;
    Ok(Code::Done)
}

/// Pages for everybody to read, so with the usual rights.
pub(crate) fn run(directory: &Path) -> Result<Code> {
    let write = |error| Error::io("write", directory)(error);
    std::fs::create_dir_all(directory).map_err(write)?;
    clap_mangen::generate_to(Arguments::command(), directory).map_err(write)?;
    Ok(Code::Done)
}
