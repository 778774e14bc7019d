//! Exports of notes: files of rows (`notes`: CSV, JSONL) whose `table` becomes one document a row; `columns` finds which column is what,
//! with the help of a `mapping`.

mod columns;
mod mapping;
pub(in crate::extract) mod notes;
pub(in crate::extract) mod table;

pub use mapping::Mapping;
