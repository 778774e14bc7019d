//! Screening: inputs are held against the store, what is new or changed is read and analysed, and dossiers that changed are scored.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::analyze::Analyzer;
use crate::error::Result;
use crate::pipeline::{Observer, Pipeline, StageSeconds, Task};
use crate::source::{Input, Roots};
use crate::store::{Changes, Comparison, RunInfo, Seen, Store};

/// How inputs are held against the store.
#[derive(Clone, Debug, Default)]
pub struct Screening {
    /// Compares the content of all files, not only of those whose size or times have changed.
    pub verify: bool,
    /// Passwords are there: encrypted files are tried again.
    pub passwords: bool,
    /// Where inputs were sought: what was there before and is not found any more has vanished.
    pub roots: Roots,
    /// Settings that results depend on: what was read with others is read again.
    pub settings: BTreeMap<String, Value>,
}

impl Screening {
    /// Reads what is new or changed into the store.
    ///
    /// # Errors
    /// When the store cannot be written; what was written stays, and the next screening goes on from there. What `check` answers, which is
    /// asked between windows.
    pub fn run(
        &self,
        store: &mut Store,
        pipeline: &Pipeline<'_>,
        analyzer: &Analyzer,
        inputs: &[Input],
        observer: &dyn Observer,
        check: &dyn Fn() -> Result<()>,
    ) -> Result<(Changes, StageSeconds)> {
        let info = RunInfo::new(analyzer.lexicon(), self.settings.clone());
        let mut scan = store.begin(&info)?;
        let comparison = Comparison {
            verify: self.verify,
            passwords: self.passwords,
            covers: &|location| self.roots.cover(location),
        };
        let plan = store.plan(&mut scan, inputs.iter().map(seen), &comparison)?;
        let tasks: Vec<Task<'_>> = plan
            .reads
            .into_iter()
            .filter_map(|(number, known_hash)| {
                let input = inputs.get(number)?;
                Some(Task { input, known_hash })
            })
            .collect();
        let mut writing = Duration::ZERO;
        let mut seconds = pipeline.run(&tasks, &plan.known, observer, &mut |window| {
            check()?;
            let since = Instant::now();
            store.write(&mut scan, window)?;
            writing += since.elapsed();
            Ok(())
        })?;
        check()?;
        let since = Instant::now();
        store.settle(&mut scan)?;
        store.score_dossiers(analyzer)?;
        let changes = store.finish(&scan)?;
        seconds.store = writing.as_secs_f64();
        seconds.dossiers = since.elapsed().as_secs_f64();
        Ok((changes, seconds))
    }
}

fn seen(input: &Input) -> Seen {
    Seen {
        location: input.location(),
        path: input.shown.clone(),
        dossier: input.dossier.clone(),
        stat: input.stat,
        is_barred: input.problem.is_some(),
    }
}
