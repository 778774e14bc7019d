//! `status`: what is in a store.

use indicatif::HumanBytes;
use signaalbril::{Label, Result, Store};

use super::{json, print};
use crate::args::StatusOf;
use crate::exit::Code;
use crate::progress::{printable, say};

pub(crate) fn run(args: &StatusOf) -> Result<Code> {
    if args.dossiers || args.new {
        let store = Store::read(&args.dir).map_err(|error| super::at(&args.dir, error))?;
        let list = super::dossiers(&store, usize::MAX, args.new)?;
        if list.is_empty() {
            say(if args.new {
                "the last scan brought nothing new; `--dossiers` lists all"
            } else {
                "no dossiers"
            });
        }
        print(&list)?;
        return Ok(Code::Done);
    }
    let status = Store::read(&args.dir)
        .and_then(|store| store.status(args.unread))
        .map_err(|error| super::at(&args.dir, error))?;
    if args.json {
        print(&json(&status)?)?;
        return Ok(Code::Done);
    }
    let mut text = format!(
        "store:     {}, {}\n",
        args.dir.join(signaalbril::store::FILE).display(),
        HumanBytes(status.bytes)
    );
    for run in status.runs.iter().take(10) {
        let count = |name: &str| run.counts.get(name).copied().unwrap_or(0);
        let done = match run.state.as_str() {
            "done" => format!(
                "{} new, {} changed, {} moved, {} unchanged, {} vanished; {} documents scanned",
                count("files_new"),
                count("files_changed"),
                count("files_moved"),
                count("files_unchanged"),
                count("files_vanished"),
                count("documents_scanned")
            ),
            state => state.to_owned(),
        };
        text.push_str(&format!(
            "run {:>5}: {}  signaalbril {}, {} ({})  {done}\n",
            run.id, run.started, run.version, run.lexicon, run.lexicon_hash
        ));
    }
    if status.runs.len() > 10 {
        text.push_str(&format!(
            "           and {} before\n",
            status.runs.len() - 10
        ));
    }
    let counts = &status.counts;
    let by_status: Vec<String> = counts
        .by_status
        .iter()
        .map(|(status, n)| format!("{n} {}", status.as_str()))
        .collect();
    text.push_str(&format!(
        "documents: {} ({}); {} vanished; {} findings, {} of them active\n",
        counts.documents,
        by_status.join(", "),
        counts.vanished,
        counts.findings,
        counts.active
    ));
    let labels: Vec<String> = Label::ALL
        .iter()
        .rev()
        .map(|label| format!("{} {}", counts.dossiers(*label), label.as_str()))
        .collect();
    text.push_str(&format!(
        "dossiers:  {} ({})\n",
        counts.dossiers,
        labels.join(", ")
    ));
    text.push_str(&format!(
        "decisions: {}; forgotten: {}\n",
        status.decisions, status.forgotten
    ));
    if status.unfinished {
        text.push_str(
            "warning:   a `forget` was cut short; run it, or a scan, again to finish it\n",
        );
    }
    if status.read_otherwise > 0 {
        text.push_str(&format!(
            "warning:   {} documents were read with another lexicon, other settings or another version than in the last run; scan their inputs again\n",
            status.read_otherwise
        ));
    }
    let unread = counts.unread;
    if unread > 0 {
        text.push_str(&format!("not read, or not in full: {unread}\n"));
        for (path, status, detail) in &status.unread {
            text.push_str(&format!(
                "  {}  {}{}\n",
                printable(path),
                status.as_str(),
                if detail.is_empty() {
                    String::new()
                } else {
                    format!(": {}", printable(detail))
                }
            ));
        }
        let more = unread.saturating_sub(status.unread.len());
        if more > 0 {
            text.push_str(&format!("  and {more} more (--unread {unread})\n"));
        }
    }
    print(&text)?;
    Ok(Code::Done)
}
