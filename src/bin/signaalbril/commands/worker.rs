//! `worker`: reads PDFs for another process of the program, within limits that only a process can have.

use std::path::Path;

use signaalbril::extract::isolate::{Worker, serve};
use signaalbril::{Error, Result};

use crate::args;
use crate::exit::Code;

/// Stack for reading; nested objects need more than the default.
const STACK: usize = 8 << 20;

/// How to start this program as a worker; none when it does not know where it is, or is not to.
pub(super) fn this_program(memory_mb: u64) -> Option<Worker> {
    let program = std::env::current_exe().ok().filter(|_| memory_mb > 0)?;
    Some(Worker {
        program,
        arguments: ["worker", "--memory-mb", &memory_mb.to_string()]
            .map(str::to_owned)
            .to_vec(),
    })
}

pub(crate) fn run(args: &args::Worker) -> Result<Code> {
    let bytes = args.memory_mb.saturating_mul(1 << 20);
    // Where the system has no such limit, the budgets of the reader remain.
    let _ = rlimit::setrlimit(rlimit::Resource::AS, bytes, bytes);
    // Nobody reads along; a panic is told as an answer.
    std::panic::set_hook(Box::new(|_| {}));
    let faults = args.faults;
    let answer = move || {
        serve(
            &mut std::io::stdin().lock(),
            &mut std::io::stdout().lock(),
            |file| {
                if faults {
                    fault(file);
                }
            },
        )
    };
    let thread = std::thread::Builder::new().stack_size(STACK).spawn(answer);
    let served = thread.and_then(|t| t.join().unwrap_or(Ok(())));
    served.map_err(Error::io("read for", Path::new("another process")))?;
    Ok(Code::Done)
}

/// Fails as a file asks for.
fn fault(file: &[u8]) {
    let asks = |what: &str| {
        let mark = format!("%fault:{what}");
        file.windows(mark.len()).any(|w| w == mark.as_bytes())
    };
    if asks("panic") {
        std::panic::panic_any("a fault that the file asks for");
    }
    if asks("stack") {
        std::hint::black_box(deeper(0, &[0; 1024]));
    }
    if asks("memory") {
        let mut hoard: Vec<Vec<u8>> = Vec::new();
        loop {
            hoard.push(vec![1; 64 << 20]);
        }
    }
    if asks("hang") {
        loop {
            std::thread::sleep(std::time::Duration::from_secs(1));
        }
    }
}

fn deeper(depth: u64, before: &[u8; 1024]) -> u64 {
    let mut here = *before;
    here[0] = here[0].wrapping_add(1);
    if depth == u64::MAX {
        return depth;
    }
    let rest = std::hint::black_box(deeper(depth + 1, std::hint::black_box(&here)));
    rest.wrapping_add(u64::from(here[0]))
}
