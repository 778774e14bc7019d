//! Exports of notes: files of rows (`csv`, `json`, read by `stream`) whose `table` becomes one document a `row`, mended where it is `ragged`; `columns` finds which column is what,
//! with the help of a `mapping`.

mod columns;
pub(in crate::extract) mod csv;
pub(in crate::extract) mod json;
mod mapping;
mod ragged;
mod row;
mod stream;
pub(in crate::extract) mod table;

pub use mapping::Mapping;
