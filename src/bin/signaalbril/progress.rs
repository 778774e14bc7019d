//! What goes to stderr: the progress bar and messages. Data goes to stdout through [`data`].

use std::io::{IsTerminal, Write};

use indicatif::{HumanBytes, ProgressBar, ProgressStyle};
use signaalbril::pipeline::Observer;

/// One line on stderr.
pub(crate) fn say(message: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{message}");
}

/// Data on stdout; a closed pipe ends quietly.
pub(crate) fn data(text: &str) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        result => result,
    }
}

/// Control characters made visible, so that a document cannot steer the terminal.
pub(crate) fn printable(text: &str) -> String {
    text.chars()
        .map(|c| {
            if c.is_control() && c != '\n' && c != '\t' {
                '\u{FFFD}'
            } else {
                c
            }
        })
        .collect()
}

/// A bar over inputs, only on a terminal.
pub(crate) struct Bar {
    bar: ProgressBar,
}

impl Bar {
    pub(crate) fn new(inputs: u64, quiet: bool) -> Self {
        let bar = if quiet || !std::io::stderr().is_terminal() {
            ProgressBar::hidden()
        } else {
            ProgressBar::new(inputs)
        };
        if let Ok(style) =
            ProgressStyle::with_template("{bar:30} {pos}/{len} files  {msg}  {eta} left")
        {
            bar.set_style(style);
        }
        Self { bar }
    }

    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

impl Observer for Bar {
    fn input_done(&self, bytes: u64, documents: usize) {
        self.bar.inc(1);
        self.bar.set_message(format!(
            "last: {} {documents} document(s)",
            HumanBytes(bytes)
        ));
    }
}
