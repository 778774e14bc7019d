//! `merge`: joins shards.

use signaalbril::{Result, cluster};

use super::stream::summary;
use crate::args;
use crate::exit::Code;
use crate::interrupt::Interrupt;
use crate::progress::say;

pub(crate) fn run(args: &args::Merge) -> Result<Code> {
    let interrupt = Interrupt::listen();
    let check = || interrupt.check();
    let merged = cluster::merge(&args.manifest, &args.shards, &args.out, &check)?;
    if !args.quiet {
        let counts = summary(&merged.counts);
        say(&format!("{} shard(s), {counts}", merged.shards));
    }
    Ok(Code::Done)
}
