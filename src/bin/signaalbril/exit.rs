//! Exit codes.

use signaalbril::Error;

/// How the program ended; listed in `--help`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Code {
    /// Done.
    Done = 0,
    /// Done, but some documents could not be read (for `lexicon check`: problems were found).
    Unread = 1,
    /// Usage, lexicon or settings.
    Usage = 2,
    /// Store, disk or output.
    Output = 3,
    /// Asked to stop.
    Interrupted = 130,
}

impl From<Code> for std::process::ExitCode {
    fn from(code: Code) -> Self {
        Self::from(code as u8)
    }
}

impl From<&Error> for Code {
    fn from(error: &Error) -> Self {
        match error {
            Error::Io {
                action: "write" | "remove",
                ..
            }
            | Error::Output(_)
            | Error::Store(_) => Self::Output,
            Error::Interrupted => Self::Interrupted,
            _ => Self::Usage,
        }
    }
}
