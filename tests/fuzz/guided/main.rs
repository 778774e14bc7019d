//! Guided fuzzing of what `tests/fuzz` throws bytes at: `./run` builds and runs it. Without a target it lists all.
#![no_main]

#[path = "../targets.rs"]
mod targets;

use std::panic;
use std::sync::{Mutex, OnceLock};

use libfuzzer_sys::fuzz_target;
use targets::{TARGETS, Target};

/// The target named in the environment; where none is, all are listed with the extensions of their seeds.
fn target() -> &'static Target {
    static TARGET: OnceLock<&Target> = OnceLock::new();
    TARGET.get_or_init(|| {
        let Ok(name) = std::env::var("SIGNAALBRIL_FUZZ_TARGET") else {
            for target in TARGETS {
                println!("{} {}", target.name, target.seeds.join(" "));
            }
            std::process::exit(0);
        };
        let target = TARGETS.iter().find(|t| t.name == name);
        target.unwrap_or_else(|| panic!("no target {name:?} in tests/fuzz/targets.rs"))
    })
}

/// The last panic, told when it leaves the target: what the program catches is no crash.
static PANIC: Mutex<String> = Mutex::new(String::new());

fuzz_target!(
    init: {
        target();
        panic::set_hook(Box::new(|info| *PANIC.lock().unwrap() = info.to_string()));
    },
    |bytes: &[u8]| {
        if let Err(cause) = panic::catch_unwind(|| (target().run)(bytes)) {
            eprintln!("{}", PANIC.lock().unwrap());
            panic::resume_unwind(cause);
        }
    }
);
