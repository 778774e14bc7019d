//! The program: arguments, progress, exit codes; the work is in the library.

mod args;
mod commands;
mod exit;
mod interrupt;
mod progress;

use clap::Parser;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    // A panic message may quote the text it failed on; only its place is told.
    std::panic::set_hook(Box::new(|info| {
        let place = info
            .location()
            .map_or_else(String::new, |l| format!(" at {}:{}", l.file(), l.line()));
        progress::say(&format!(
            "internal error{place}; the document is marked `panic`"
        ));
    }));
    let code = match args::Arguments::try_parse() {
        Ok(arguments) => commands::run(arguments.command),
        Err(error) => {
            let _ = error.print();
            if error.use_stderr() {
                exit::Code::Usage
            } else {
                exit::Code::Done
            }
        }
    };
    code.into()
}
