//! `review`: the reviewer's screen.

use std::path::{Path, PathBuf};

use signaalbril::pseudonym::Key;
use signaalbril::review::server::Server;
use signaalbril::review::{Desk, Options};
use signaalbril::{Error, Result, report};

use super::{analyzer, print, settings_in};
use crate::args::Review;
use crate::exit::Code;
use crate::interrupt::Interrupt;
use crate::progress::say;

pub(crate) fn run(args: &Review) -> Result<Code> {
    review(args).map_err(|error| super::at(&args.dir, error))
}

fn review(args: &Review) -> Result<Code> {
    let settings = settings_in(&args.dir, &args.reading)?;
    let reviewer = args.reviewer.clone().unwrap_or_else(user);
    if !(0.0..=1.0).contains(&args.mix) {
        return Err(Error::Usage(format!(
            "--mix {}: a share from 0 to 1",
            args.mix
        )));
    }
    let options = Options {
        directory: args.dir.clone(),
        reviewer,
        mix: args.mix,
        settings,
        key: args
            .key_file
            .as_deref()
            .map(Key::load_or_create)
            .transpose()?,
    };
    let desk = Desk::open(options, analyzer(&args.lexicon)?)?;
    let server = Server::bind(desk, args.port)?;
    let address = server.address();
    print(&format!("{address}\n"))?;
    say("open this address in a browser on this machine; Ctrl-C ends");
    let interrupt = Interrupt::listen();
    let page = if !args.no_browser && has_screen() {
        open(&args.dir, &address)
    } else {
        None
    };
    let done = server.run(move || interrupt.check().is_err());
    if let Some(page) = page {
        let _ = std::fs::remove_file(page);
    }
    done.map(|()| Code::Done)
}

/// Who is logged in.
fn user() -> String {
    ["USER", "USERNAME", "LOGNAME"]
        .iter()
        .find_map(|name| std::env::var(name).ok())
        .filter(|name| !name.is_empty())
        .unwrap_or_else(|| "lezer".to_owned())
}

/// Whether there is a screen for a browser.
fn has_screen() -> bool {
    if cfg!(any(windows, target_os = "macos")) {
        return true;
    }
    ["DISPLAY", "WAYLAND_DISPLAY"]
        .iter()
        .any(|name| std::env::var_os(name).is_some_and(|v| !v.is_empty()))
}

/// Opens the address by a private file, which it answers: on a command line all users of the machine could read it.
fn open(directory: &Path, address: &str) -> Option<PathBuf> {
    let page = format!(
        "<!DOCTYPE html><meta charset=\"utf-8\"><meta http-equiv=\"refresh\" content=\"0;url={address}\"><a href=\"{address}\">signaalbril</a>\n"
    );
    let path = report::write_private(directory, ".review.html", page.as_bytes()).ok();
    if (path.as_ref()).is_none_or(|path| open::that_detached(path).is_err()) {
        say("no browser could be opened");
    }
    path
}
