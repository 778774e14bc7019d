//! Spreadsheets: one file a format; their cells become `rows` of an export's table.

pub(in crate::extract) mod ods;
mod rows;
pub(in crate::extract) mod xls;
pub(in crate::extract) mod xlsx;
