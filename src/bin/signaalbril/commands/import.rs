//! `import`: rows that were made elsewhere into a store.

use signaalbril::cluster::Rows;
use signaalbril::report::{self, Manifest, Run};
use signaalbril::{Error, Result, Store};

use super::{analyzer, scan};
use crate::args;
use crate::exit::Code;
use crate::interrupt::Interrupt;
use crate::progress::say;

pub(crate) fn run(args: &args::Import) -> Result<Code> {
    import(args).map_err(|error| super::at(&args.dir, error))
}

fn import(args: &args::Import) -> Result<Code> {
    let interrupt = Interrupt::listen();
    if !args.rows.exists() {
        let rows = args.rows.display();
        return Err(Error::Usage(format!("{rows} does not exist")));
    }
    let analyzer = analyzer(&args.lexicon)?;
    let check = || interrupt.check();
    let rows = Rows::read(&args.rows, analyzer.lexicon(), &args.dir, &check)?;
    let mut store = Store::open(&args.dir, args.journal.map(Into::into))?;
    super::forget::finish(&mut store, &args.dir)?;
    let changes = rows.import(&analyzer, &mut store, &args.name, &check)?;
    let inputs = vec![args.rows.display().to_string()];
    let made_with = rows.made_with().engine.clone();
    let settings = [
        ("inputs".to_owned(), inputs.into()),
        ("rows_made_with".to_owned(), made_with.into()),
    ];
    let mut manifest = Manifest::new(analyzer.lexicon(), &store, settings.into())?;
    manifest.counts.extend(changes.named());
    let run = Run {
        lexicon: analyzer.lexicon(),
        store: &store,
        manifest: &manifest,
        since: None,
    };
    let written = report::write(&run, &args.dir, &args.reports)?;
    report::note(&written, &manifest, &mut store)?;
    let counts = store.counts()?;
    if !args.quiet {
        say(&format!("rows:      {}", rows.count()));
        scan::totals(&changes, &counts, "as the rows say");
    }
    Ok(match counts.unread {
        0 => Code::Done,
        _ => Code::Unread,
    })
}
