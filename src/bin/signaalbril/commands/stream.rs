//! `stream`: lines in, rows out.

use std::fmt::Write as _;
use std::time::Duration;

use serde_json::json;
use signaalbril::cluster::{Counts, Engine, Failure, Shard, SparkSchema, Stream};
use signaalbril::passage::Snippets;
use signaalbril::{Error, Pipeline, Result};

use super::{analyzer, print, settings};
use crate::args;
use crate::exit::Code;
use crate::interrupt::Interrupt;
use crate::progress::say;

pub(crate) fn run(args: &args::Stream) -> Result<Code> {
    let mut settings = settings(&args.reading)?;
    if let Some(worker) = settings.worker.as_mut().filter(|_| args.faults) {
        worker.arguments.push("--faults".to_owned());
    }
    let snippets = Snippets::parse(&args.snippets)?;
    let max_line = (args.max_line_mb as usize).saturating_mul(1 << 20);
    let analyzer = analyzer(&args.lexicon)?;
    let hash = &analyzer.lexicon().hash;
    if let Some(pin) = args.pin.as_ref().filter(|pin| *pin != hash) {
        return Err(Error::Usage(format!(
            "--pin {pin}: the lexicon here is {hash}; no line was read"
        )));
    }
    let mut named = settings.named();
    named.insert("snippets".to_owned(), snippets.to_string().into());
    let engine = Engine::new(analyzer.lexicon(), named);
    if args.describe {
        let Engine {
            program,
            lexicon,
            engine,
        } = engine;
        let schema = SparkSchema::new();
        let about =
            json!({"program": program, "lexicon": lexicon, "engine": engine, "schema": schema});
        print(&format!("{about}\n"))?;
        return Ok(Code::Done);
    }
    let pipeline = Pipeline::new(&analyzer, &settings, args.jobs)?.with_snippets(snippets);
    // Between pipes the signal itself ends it, as those expect.
    let interrupt = args.out.is_some().then(Interrupt::listen);
    let check = || interrupt.as_ref().map_or(Ok(()), Interrupt::check);
    let stream = Stream {
        check: &check,
        pipeline: &pipeline,
        analyzer: &analyzer,
        settings: &settings,
        engine,
        max_line,
        pause: Duration::from_micros(args.pause_us),
        before: if args.faults { fault } else { |_| {} },
    };
    let counts = match (&args.input, &args.out) {
        (Some(input), Some(out)) => {
            let Shard { rows, errors, .. } = Shard::make(&stream, input, out)?;
            Counts { rows, errors }
        }
        _ => match stream.run(std::io::stdin(), std::io::stdout()) {
            Ok(counts) => counts,
            // Whoever wanted the rows knows why.
            Err(Failure::ReaderGone) => return Ok(Code::Output),
            Err(Failure::Error(error)) => return Err(error),
        },
    };
    if !args.quiet {
        say(&summary(&counts));
    }
    Ok(match args.strict && counts.failed() > 0 {
        true => Code::Unread,
        false => Code::Done,
    })
}

/// Rows and errors in one line.
pub(super) fn summary(counts: &Counts) -> String {
    let mut text = format!("{} row(s), {} with an error", counts.rows, counts.failed());
    for (n, (code, count)) in counts.errors.iter().enumerate() {
        let _ = write!(text, "{} {code} {count}", if n == 0 { ":" } else { "," });
    }
    text
}

fn fault(text: &str) {
    if text.contains("%fault:panic") {
        std::panic::panic_any("a fault that the text asks for");
    }
}
