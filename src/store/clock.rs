//! Times as they are stored.

use std::time::{SystemTime, UNIX_EPOCH};

use time::OffsetDateTime;

/// Now, in UTC, as `2026-03-02T07:30:00Z`.
#[must_use]
pub fn now() -> String {
    iso(OffsetDateTime::now_utc())
}

/// Milliseconds since 1970.
pub(super) fn milliseconds() -> i64 {
    i64::try_from(since_1970().as_millis()).unwrap_or(i64::MAX)
}

/// Nanoseconds since 1970.
pub(super) fn nanoseconds() -> i64 {
    i64::try_from(since_1970().as_nanos()).unwrap_or(i64::MAX)
}

fn since_1970() -> std::time::Duration {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default()
}

fn iso(at: OffsetDateTime) -> String {
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z",
        at.year(),
        u8::from(at.month()),
        at.day(),
        at.hour(),
        at.minute(),
        at.second()
    )
}

/// A time of a decision or run in milliseconds since 1970; 0 where it cannot be read.
pub(super) fn parse(text: &str) -> i64 {
    let digits =
        |range: std::ops::Range<usize>| text.get(range).and_then(|t| t.parse::<u16>().ok());
    let part = |range| digits(range).and_then(|n| u8::try_from(n).ok());
    let date = || {
        let month = time::Month::try_from(part(5..7)?).ok()?;
        time::Date::from_calendar_date(i32::from(digits(0..4)?), month, part(8..10)?).ok()
    };
    // Dates alone are the begin of the day.
    let time =
        || time::Time::from_hms(part(11..13)?, part(14..16)?, part(17..19).unwrap_or(0)).ok();
    let at = date().map(|d| {
        d.with_time(time().unwrap_or(time::Time::MIDNIGHT))
            .assume_utc()
    });
    at.map_or(0, |at| at.unix_timestamp() * 1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_come_back() {
        assert_eq!(parse("1970-01-01T00:00:01Z"), 1000);
        assert_eq!(parse("1970-01-02"), 86_400_000);
        assert_eq!(parse("gisteren"), 0);
        let now = now();
        assert!((milliseconds() - parse(&now)).abs() < 5000, "{now}");
    }
}
