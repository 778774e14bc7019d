//! When was it seen, and when was it named? The gap between the first firm signal in a dossier and the first time a professional
//! names exploitation or reports it.

use serde::{Deserialize, Serialize};

use super::gold::parse_date;
use crate::dossier::DossierRecord;

/// Days after which naming is called late: a month.
pub const LATE: i64 = 30;

/// How a dossier's signals were named.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// No dated firm signal: nothing to name.
    NoFirmSignal,
    /// Named before the first firm signal or within [`LATE`] days.
    InTime,
    /// Named later.
    Late,
    /// Never named.
    Never,
}

impl Outcome {
    /// All outcomes.
    pub const ALL: [Self; 4] = [Self::InTime, Self::Late, Self::Never, Self::NoFirmSignal];

    /// In words.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NoFirmSignal => "no firm signal",
            Self::InTime => "in time",
            Self::Late => "late",
            Self::Never => "never",
        }
    }
}

/// Dates of one dossier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Naming {
    /// Name of the dossier.
    pub dossier: String,
    /// Date of the first present firm or hard finding (ISO), empty when there is none with a date.
    pub first_firm: String,
    /// Date of the first active finding in a category that names exploitation (ISO).
    pub first_named: String,
    /// Days between; negative when it was named first.
    pub days: Option<i64>,
    /// What that means.
    pub outcome: Outcome,
}

impl Naming {
    /// From the record of a dossier.
    #[must_use]
    pub fn of(record: &DossierRecord) -> Self {
        let days = parse_date(&record.first_firm)
            .zip(parse_date(&record.first_named))
            .map(|(firm, named)| (named - firm).whole_days());
        let outcome = match days {
            _ if record.first_firm.is_empty() => Outcome::NoFirmSignal,
            None => Outcome::Never,
            Some(d) if d <= LATE => Outcome::InTime,
            Some(_) => Outcome::Late,
        };
        Self {
            dossier: record.dossier.clone(),
            first_firm: record.first_firm.clone(),
            first_named: record.first_named.clone(),
            days,
            outcome,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outcome_rows() {
        let check = |firm: &str, named: &str, days: Option<i64>, outcome: Outcome| {
            let naming = Naming::of(&DossierRecord {
                first_firm: firm.to_owned(),
                first_named: named.to_owned(),
                ..DossierRecord::default()
            });
            assert_eq!(
                (naming.days, naming.outcome),
                (days, outcome),
                "{firm} {named}"
            );
        };
        check("2024-01-10", "2024-02-09", Some(30), Outcome::InTime);
        check("2024-01-10", "2024-02-10", Some(31), Outcome::Late);
        check("2024-01-10", "2023-12-31", Some(-10), Outcome::InTime);
        check("2024-01-10", "", None, Outcome::Never);
        check("", "2024-01-10", None, Outcome::NoFirmSignal);
    }
}
