//! Label, score and reason line: integers and rules from `scoring.toml`, every point with its finding.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::lexicon::raw::{Band, Scoring, Stage};
use crate::lexicon::{Category, Lexicon, Presence, Qualifiers, Temporality, Tier};

/// Triage label.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Label {
    /// Nothing active.
    #[default]
    Geen,
    /// One category, or only vulnerability.
    Laag,
    /// Several categories, no exploitation itself.
    Midden,
    /// Read today.
    Hoog,
}

impl Label {
    /// All labels, lowest first.
    pub const ALL: [Self; 4] = [Self::Geen, Self::Laag, Self::Midden, Self::Hoog];

    /// The name in records.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Geen => "geen",
            Self::Laag => "laag",
            Self::Midden => "midden",
            Self::Hoog => "hoog",
        }
    }

    /// By its name in records.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|l| l.as_str() == name)
    }
}

/// What the score needs to know of one finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signal<'a> {
    /// Number of its category in [`Lexicon::categories`].
    pub category: usize,
    /// Tier after lifting.
    pub tier: Tier,
    /// Context.
    pub qualifiers: Qualifiers,
    /// Counts at all: active, not suppressed, not cleared, not protective.
    pub active: bool,
    /// By what it is known in a copy of its text: a copy counts once. Empty where nothing tells.
    pub copy_key: &'a str,
    /// Whose signal it is; empty for the one client.
    pub person: &'a str,
}

/// Points that one finding brings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contribution {
    /// Number of the finding in the list that was scored.
    pub finding: usize,
    /// Points before the cap of its category.
    pub points: u32,
    /// The rule in words: `firm 16`, `repeat 1/2`, `uncertain 1/2`, ...
    pub rule: String,
}

/// Result of scoring a list of findings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Score {
    /// Label.
    pub label: Label,
    /// 0 to 100.
    pub score: u32,
    /// Sum of points, bonus included.
    pub points: u32,
    /// Bonus for stages beyond the first.
    pub stage_bonus: u32,
    /// Points per category id, after caps.
    pub per_category: BTreeMap<String, u32>,
    /// Every point with its finding.
    pub contributions: Vec<Contribution>,
    /// The person the score is about, where there are several.
    pub person: String,
}

/// Scores findings: per person, and the highest counts. Findings without a person count for everybody: the notes of a dossier are
/// about its young person, whether or not a group's report names him.
#[must_use]
pub fn score(lexicon: &Lexicon, signals: &[Signal<'_>]) -> Score {
    let persons: BTreeSet<&str> = signals
        .iter()
        .filter(|s| s.active)
        .map(|s| s.person)
        .collect();
    persons
        .into_iter()
        .map(|person| {
            let mut result = of_person(lexicon, signals, person);
            result.person = person.to_owned();
            result
        })
        .max_by(|a, b| {
            (a.label, a.score, a.points)
                .cmp(&(b.label, b.score, b.points))
                .then_with(|| b.person.cmp(&a.person))
        })
        .unwrap_or_default()
}

fn of_person(lexicon: &Lexicon, signals: &[Signal<'_>], person: &str) -> Score {
    let active: Vec<(usize, &Signal<'_>)> = signals
        .iter()
        .enumerate()
        .filter(|(_, s)| s.active && (s.person == person || s.person.is_empty()))
        .collect();
    let label = label(
        &lexicon.scoring,
        &lexicon.categories,
        &lexicon.stages,
        active.iter().map(|(_, s)| *s),
    );
    let scoring = &lexicon.scoring;
    let mut contributions = Vec::new();
    let mut per_category = BTreeMap::new();
    let mut total = 0;
    let categories: BTreeSet<usize> = active.iter().map(|(_, s)| s.category).collect();
    for category in &categories {
        let Some(of) = lexicon.categories.get(*category) else {
            continue;
        };
        // The strongest first; equal ones in the order of the text, which changes no sum.
        let mut list: Vec<(u32, usize, &Signal<'_>)> = active
            .iter()
            .filter(|(_, s)| s.category == *category)
            .map(|(n, s)| (base_points(scoring, s), *n, *s))
            .collect();
        list.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
        let mut copies: BTreeSet<&str> = BTreeSet::new();
        let mut rank = 0_u32;
        let mut sum = 0_u32;
        for (points, n, signal) in list {
            if !copies.insert(signal.copy_key) && !signal.copy_key.is_empty() {
                contributions.push(Contribution {
                    finding: n,
                    points: 0,
                    rule: "copied paragraph".to_owned(),
                });
                continue;
            }
            let counted = points >> rank.min(16);
            let mut rule = format!(
                "{} {}",
                signal.tier.as_str(),
                tier_points(scoring, signal.tier)
            );
            if signal.qualifiers.presence == Presence::Uncertain {
                rule.push_str(", uncertain 1/2");
            }
            if signal.qualifiers.temporality == Temporality::Historical {
                rule.push_str(", historical 1/2");
            }
            if rank > 0 {
                rule.push_str(&format!(", repeat 1/{}", 1_u32 << rank.min(16)));
            }
            contributions.push(Contribution {
                finding: n,
                points: counted,
                rule,
            });
            sum += counted;
            rank += 1;
        }
        if let Some(cap) = scoring.caps.get(&of.id) {
            sum = sum.min(*cap);
        }
        per_category.insert(of.id.clone(), sum);
        total += sum;
    }
    let stages: BTreeSet<usize> = categories
        .iter()
        .filter_map(|c| lexicon.categories.get(*c))
        .map(|c| c.stage)
        .filter(|s| {
            lexicon
                .stages
                .get(*s)
                .is_some_and(|s| !scoring.stages_without_bonus.contains(&s.id))
        })
        .collect();
    let stage_bonus = (stages.len().saturating_sub(1)) as u32 * scoring.stage_bonus;
    contributions.sort_by_key(|c| c.finding);
    let points = total + stage_bonus;
    Score {
        label,
        score: in_band(scoring, label, points),
        points,
        stage_bonus,
        per_category,
        contributions,
        person: String::new(),
    }
}

/// The label rules.
pub fn label<'a>(
    scoring: &Scoring,
    categories: &[Category],
    stages: &[Stage],
    signals: impl Iterator<Item = &'a Signal<'a>>,
) -> Label {
    let mut any = false;
    let mut counted: BTreeSet<usize> = BTreeSet::new();
    let (mut firm, mut soft, mut hard) = (0, 0, 0);
    let mut firm_stages: BTreeSet<&str> = BTreeSet::new();
    for signal in signals.filter(|s| s.active) {
        any = true;
        let Some(category) = categories.get(signal.category) else {
            continue;
        };
        let present = signal.qualifiers.presence == Presence::Present;
        if signal.tier == Tier::Hard
            && present
            && signal.qualifiers.temporality == Temporality::Current
        {
            return Label::Hoog;
        }
        hard += usize::from(
            signal.tier == Tier::Hard && signal.qualifiers.temporality == Temporality::Current,
        );
        if signal.tier >= Tier::Firm
            && present
            && let Some(stage) = stages.get(category.stage)
        {
            firm_stages.insert(&stage.id);
        }
        if !scoring.midden.not_counted.contains(&category.id) {
            counted.insert(signal.category);
            firm += usize::from(signal.tier >= Tier::Firm);
            soft += usize::from(signal.tier >= Tier::Soft);
        }
    }
    if !scoring.hoog_stages.is_empty()
        && scoring
            .hoog_stages
            .iter()
            .all(|s| firm_stages.contains(s.as_str()))
    {
        Label::Hoog
    } else if scoring.midden.holds(counted.len(), firm, soft, hard) {
        Label::Midden
    } else if any {
        Label::Laag
    } else {
        Label::Geen
    }
}

const fn tier_points(scoring: &Scoring, tier: Tier) -> u32 {
    match tier {
        Tier::Background => scoring.points.background,
        Tier::Soft => scoring.points.soft,
        Tier::Firm => scoring.points.firm,
        Tier::Hard => scoring.points.hard,
    }
}

fn base_points(scoring: &Scoring, signal: &Signal<'_>) -> u32 {
    let mut points = tier_points(scoring, signal.tier);
    if signal.qualifiers.presence == Presence::Uncertain {
        points /= 2;
    }
    if signal.qualifiers.temporality == Temporality::Historical {
        points /= 2;
    }
    points
}

fn in_band(scoring: &Scoring, label: Label, points: u32) -> u32 {
    let band = |band: Band| {
        band.base
            + (u64::from(band.width) * u64::from(points) / u64::from(points + band.half).max(1))
                as u32
    };
    match label {
        Label::Geen => 0,
        Label::Laag => band(scoring.bands.laag),
        Label::Midden => band(scoring.bands.midden),
        Label::Hoog => band(scoring.bands.hoog),
    }
}
