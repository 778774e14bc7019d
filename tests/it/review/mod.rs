//! The reviewer's screen: as a reviewer uses it in a browser, as a stranger tries to get in, and whether everybody can read it.

/// Pages for everybody: axe-core, narrow windows, pages without scripts.
mod access;
/// A browser, driven.
mod browser;
/// Text, names and files that want to break out, and requests of strangers.
mod hostile;
/// A reviewer's morning.
mod morning;
/// The program, serving.
mod screen;
