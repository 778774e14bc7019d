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
    /// For those who decide on its use: purpose, measured quality, limits, what to arrange
    Verantwoording,
}

pub(crate) fn run(guide: Guide) -> Result<Code> {
    let text = match guide {
        Guide::Lezers => include_str!("../handleiding/lezers.md"),
        Guide::Lexicon => include_str!("../handleiding/lexicon.md"),
        Guide::Verantwoording => include_str!("../handleiding/verantwoording.md"),
    };
    print(text)?;
    Ok(Code::Done)
}
