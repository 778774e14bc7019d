//! `handleiding`: the Dutch guides.

use clap::ValueEnum;
use signaalbril::Result;

use super::print;
use crate::exit::Code;

/// Which guide.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Guide {
    /// For those who read the triage list
    Lezers,
    /// For those who keep the lexicon
    Lexicon,
}

pub(crate) fn run(guide: Guide) -> Result<Code> {
    let text = match guide {
        Guide::Lezers => include_str!("../handleiding/lezers.md"),
        Guide::Lexicon => include_str!("../handleiding/lexicon.md"),
    };
    print(text)?;
    Ok(Code::Done)
}
