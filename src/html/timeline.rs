//! When which stage showed: a row a stage, time from left to right.

use std::collections::BTreeSet;

use maud::{Markup, html};

use super::{Text, date};
use crate::dossier::StageDates;
use crate::lexicon::Lexicon;
use crate::lexicon::raw::Stage;

/// Where the rows begin, and how wide they are.
const LEFT: f64 = 150.0;
const WIDE: f64 = 570.0;
const ROW: usize = 30;

/// A picture of a dossier's signals by month and stage, with the same as a table. The date (ISO, or empty) of the document that is
/// `open` is marked. Without a picture where no signal has a date.
#[must_use]
pub fn timeline(lexicon: &Lexicon, stages: &[StageDates], open: &str) -> Markup {
    let months: BTreeSet<&str> = (stages.iter().flat_map(|s| s.months.keys()))
        .map(String::as_str)
        .collect();
    let (Some(first), Some(last)) = (
        months.first().and_then(|m| number(m)),
        months.last().and_then(|m| number(m)),
    ) else {
        return undated(lexicon, stages);
    };
    // Half a month of room on both sides.
    let (from, to) = (first - 0.5, last + 1.5);
    let x = |month: f64| LEFT + WIDE * (month - from) / (to - from);
    let rows: Vec<(usize, &StageDates, &Stage)> = lexicon
        .stages
        .iter()
        .filter_map(|stage| Some((stages.iter().find(|s| s.stage == stage.id)?, stage)))
        .enumerate()
        .map(|(n, (dates, stage))| (n * ROW + 8, dates, stage))
        .collect();
    let height = rows.len() * ROW + 34;
    let marked = open.get(..7).and_then(number).map(|m| {
        let day: f64 = open.get(8..10).and_then(|d| d.parse().ok()).unwrap_or(15.0);
        m + day / 31.0
    });
    html! {
        figure.timeline {
            div.scroll tabindex="0" role="region" aria-label="Tijdlijn in beeld" {
            svg viewBox={"0 0 740 " (height)} role="img" aria-label="Tijdlijn van signalen per fase; dezelfde gegevens staan in de tabel eronder" {
                @for (at, label) in ticks(from, to) {
                    line.tick x1=(round(x(at))) x2=(round(x(at))) y1="4" y2=(height - 26) {}
                    text.small x=(round(x(at))) y=(height - 10) text-anchor="middle" { (label) }
                }
                @if let Some(at) = marked.filter(|m| *m >= from && *m <= to) {
                    line.open x1=(round(x(at))) x2=(round(x(at))) y1="2" y2=(height - 26) { title { "dit document" } }
                }
                @for (y, dates, stage) in &rows {
                    g.{"s-" (stage.id)} {
                        text.row x="0" y=(y + 14) { (stage.name) }
                        line.axis x1=(LEFT) x2=(LEFT + WIDE) y1=(y + 10) y2=(y + 10) {}
                        @for (month, n) in &dates.months {
                            @if let Some(at) = number(month) {
                                circle.dot cx=(round(x(at + 0.5))) cy=(y + 10) r=(radius(*n)) {
                                    title { (month_name(month)) ": " (n) }
                                }
                            }
                        }
                    }
                }
            }
            }
            details {
                summary { "Tijdlijn als tabel" }
                div.scroll tabindex="0" role="region" aria-label="Signalen per maand en fase" {
                    table {
                        thead { tr { th scope="col" { "maand" } @for (_, _, stage) in &rows { th.n scope="col" { (stage.name) } } } }
                        tbody {
                            @for month in &months {
                                tr {
                                    th scope="row" { (month_name(month)) }
                                    @for (_, dates, _) in &rows { td.n { (dates.months.get(*month).copied().unwrap_or(0)) } }
                                }
                            }
                        }
                    }
                }
            }
            (undated(lexicon, stages))
        }
    }
}

/// First and last date of each stage, and what has none.
fn undated(lexicon: &Lexicon, stages: &[StageDates]) -> Markup {
    let name = |id: &str| {
        lexicon
            .stage(id)
            .map_or_else(String::new, |s| s.name.clone())
    };
    let rest: Vec<(String, usize)> = stages
        .iter()
        .map(|s| {
            let dated: usize = s.months.values().sum();
            (
                name(&s.stage).to_lowercase(),
                s.findings.saturating_sub(dated),
            )
        })
        .filter(|(_, n)| *n > 0)
        .collect();
    html! {
        @if !rest.is_empty() {
            p.soft { "Zonder datum: "
                @for (n, (stage, count)) in rest.iter().enumerate() {
                    @if n > 0 { ", " }
                    (Text(stage)) " " (count)
                }
                "."
            }
        }
    }
}

/// First and last date of a stage in words.
#[must_use]
pub fn period(dates: &StageDates) -> String {
    match (dates.first.as_str(), dates.last.as_str()) {
        ("", _) => "zonder datum".to_owned(),
        (first, last) if first == last => date(first),
        (first, last) => format!("{} t/m {}", date(first), date(last)),
    }
}

/// Months since the year 0.
fn number(month: &str) -> Option<f64> {
    let (year, month) = month.split_once('-')?;
    let (year, month): (u16, u8) = (year.parse().ok()?, month.parse().ok()?);
    (1..=12)
        .contains(&month)
        .then(|| f64::from(year) * 12.0 + f64::from(month) - 1.0)
}

fn month_name(month: &str) -> String {
    let written = date(&format!("{month}-01"));
    written.trim_start_matches("1 ").to_owned()
}

/// Years, or quarters where there are few years: place and label.
fn ticks(from: f64, to: f64) -> Vec<(f64, String)> {
    let years = (to - from) / 12.0;
    let step = if years <= 1.0 {
        1.0
    } else if years <= 3.0 {
        3.0
    } else if years <= 12.0 {
        12.0
    } else {
        60.0
    };
    let mut list = Vec::new();
    let mut at = (from / step).ceil() * step;
    while at < to && list.len() < 40 {
        let (year, month) = ((at / 12.0).floor(), at.rem_euclid(12.0) + 1.0);
        list.push((
            at,
            if step >= 12.0 {
                format!("{year:.0}")
            } else {
                format!("{month:.0}-{year:.0}")
            },
        ));
        at += step;
    }
    list
}

/// The area grows with the number, up to a point.
fn radius(n: usize) -> f64 {
    round((3.0 + 2.0 * (n as f64).sqrt()).min(11.0))
}

fn round(x: f64) -> f64 {
    (x * 10.0).round() / 10.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_stand_in_order_and_undated_signals_are_told() {
        let lexicon = Lexicon::builtin().unwrap();
        let stage = &lexicon.stages[1];
        let dates = StageDates {
            stage: stage.id.clone(),
            first: "2023-11-02".to_owned(),
            last: "2024-02-10".to_owned(),
            findings: 5,
            months: [("2023-11".to_owned(), 1), ("2024-02".to_owned(), 3)].into(),
        };
        let page = timeline(&lexicon, &[dates], "2024-01-15").into_string();
        assert_eq!(page.matches("<circle").count(), 2);
        let at = |month: &str| page.find(month).unwrap();
        assert!(at("november 2023: 1") < at("februari 2024: 3"));
        assert!(page.contains("dit document") && page.contains("werven 1"));
        let bare = StageDates {
            stage: stage.id.clone(),
            findings: 2,
            ..StageDates::default()
        };
        let page = timeline(&lexicon, &[bare], "").into_string();
        assert!(!page.contains("<svg") && page.contains("werven 2"));
    }
}
