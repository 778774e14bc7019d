//! What reviewers decided, put to use: as annotated documents ([`gold`]).

pub mod gold;
