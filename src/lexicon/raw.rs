//! The lexicon files as written, before anything is checked.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use toml::Spanned;

/// `lexicon.toml`.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Id of the lexicon.
    pub id: String,
    /// Version, as in `1.2.0`.
    pub version: String,
    /// Language (ISO 639-1).
    pub language: String,
    /// Licence of the data (SPDX).
    pub licence: String,
    /// One line on what it is.
    pub about: String,
    /// What changed, newest first.
    #[serde(default)]
    pub changelog: Vec<Change>,
    /// How well it was measured to do.
    #[serde(default)]
    pub quality: Option<Quality>,
}

/// How well a lexicon was measured to do, for reviewers.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Quality {
    /// When (ISO).
    pub date: String,
    /// On what, in Dutch.
    pub on: String,
    /// The figures.
    pub figures: Vec<Figure>,
}

/// A figure with its interval, each from 0 to 1.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Figure {
    /// The name of its figure in `evaluate --json`.
    pub id: String,
    /// What it says, in Dutch.
    pub name: String,
    /// Value.
    pub value: f64,
    /// Lower end of the 95 % interval.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// One entry of the changelog.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// Version.
    pub version: String,
    /// Date (ISO).
    pub date: String,
    /// What changed.
    pub changes: Vec<String>,
}

/// `stages.toml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StagesFile {
    /// The stages in order.
    pub stages: Vec<Stage>,
}

/// One stage.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Stage {
    /// Id used by categories.
    pub id: String,
    /// Dutch name for reviewers.
    pub name: String,
    /// Colour in reports (`#rrggbb`).
    pub colour: String,
}

/// `scoring.toml`: integers only.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Scoring {
    /// Points per tier.
    pub points: TierPoints,
    /// Most points a category may bring; categories not named have no cap.
    pub caps: BTreeMap<String, u32>,
    /// Points per stage beyond the first.
    pub stage_bonus: u32,
    /// Stages that bring no bonus.
    pub stages_without_bonus: Vec<String>,
    /// Whether a later document of a dossier clears what it refutes or explains.
    pub clearing: bool,
    /// The rule for `hoog` without a hard finding.
    pub hoog_stages: Vec<String>,
    /// The rule for `midden`.
    pub midden: Midden,
    /// Score bands.
    pub bands: Bands,
}

/// Points per tier.
#[derive(Debug, Clone, Copy, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct TierPoints {
    /// Vulnerability.
    pub background: u32,
    /// Soft signal.
    pub soft: u32,
    /// Firm signal.
    pub firm: u32,
    /// Concrete exploitation.
    pub hard: u32,
}

/// The rule for `midden`: any of three ways to get there; 0 closes one.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Midden {
    /// So many categories with an active finding.
    pub categories: usize,
    /// So many active firm or hard findings.
    #[serde(default)]
    pub firm: usize,
    /// So many active findings, soft or stronger.
    #[serde(default)]
    pub soft: usize,
    /// So many active hard findings that are current: those that are doubted, since a present one makes `hoog`.
    #[serde(default)]
    pub hard: usize,
    /// Categories that do not count for it.
    pub not_counted: Vec<String>,
}

impl Midden {
    /// Whether so many categories, firm findings, findings of any strength and hard ones make `midden`.
    #[must_use]
    pub const fn holds(&self, categories: usize, firm: usize, soft: usize, hard: usize) -> bool {
        self.hard > 0 && hard >= self.hard
            || self.categories > 0 && categories >= self.categories
            || self.firm > 0 && firm >= self.firm
            || self.soft > 0 && soft >= self.soft
    }
}

/// Score bands: `base + floor(width * p / (p + half))`.
#[derive(Debug, Clone, Copy, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Bands {
    /// Band of `laag`.
    pub laag: Band,
    /// Band of `midden`.
    pub midden: Band,
    /// Band of `hoog`.
    pub hoog: Band,
}

/// One band.
#[derive(Debug, Clone, Copy, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Band {
    /// Lowest score.
    pub base: u32,
    /// Width.
    pub width: u32,
    /// Points at which half the width is reached.
    pub half: u32,
}

/// `classes.toml`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClassesFile {
    /// Members by class name.
    #[serde(default)]
    pub classes: BTreeMap<String, Vec<Spanned<String>>>,
}

/// `signals/<category>.toml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CategoryFile {
    /// Id; equals the file name.
    pub id: Spanned<String>,
    /// Its stage.
    #[serde(default)]
    pub stage: Option<Spanned<String>>,
    /// Default tier of its terms.
    #[serde(default)]
    pub tier: Option<Spanned<String>>,
    /// Dutch name.
    #[serde(default)]
    pub name: Option<String>,
    /// What belongs to it, in Dutch.
    #[serde(default)]
    pub about: Option<String>,
    /// Its signals name exploitation or report it.
    #[serde(default)]
    pub naming: bool,
    /// Classes of this category alone.
    #[serde(default)]
    pub classes: BTreeMap<String, Vec<Spanned<String>>>,
    /// The terms.
    #[serde(default)]
    pub terms: Vec<TermEntry>,
}

/// A term as written.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TermEntry {
    /// Id within the category.
    pub id: Spanned<String>,
    /// Tier, where it differs from the category's.
    #[serde(default)]
    pub tier: Option<Spanned<String>>,
    /// Patterns.
    pub patterns: Vec<Spanned<String>>,
    /// Suppressors.
    #[serde(default)]
    pub unless: Vec<ConditionEntry>,
    /// Requirements.
    #[serde(default)]
    pub needs: Vec<ConditionEntry>,
    /// Tier raisers.
    #[serde(default)]
    pub lift: Vec<ConditionEntry>,
    /// One edit allowed in long words.
    #[serde(default)]
    pub fuzzy: bool,
    /// Suicide risk.
    #[serde(default)]
    pub urgent: bool,
    /// A protective fact.
    #[serde(default)]
    pub protective: bool,
    /// Slang and when it was last reviewed (ISO date).
    #[serde(default)]
    pub reviewed: Option<String>,
    /// Ids of sources.
    #[serde(default)]
    pub sources: Vec<Spanned<String>>,
    /// Texts that must match.
    #[serde(default)]
    pub matches: Vec<Spanned<String>>,
    /// Texts that must not.
    #[serde(default)]
    pub ignores: Vec<Spanned<String>>,
    /// A remark for keepers of the lexicon.
    #[serde(default)]
    pub note: Option<String>,
}

/// One entry of `unless`, `needs` or `lift`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConditionEntry {
    /// Scope.
    #[serde(rename = "in")]
    pub scope: Spanned<String>,
    /// Pattern.
    pub has: Spanned<String>,
    /// New tier (`lift` only).
    #[serde(default)]
    pub tier: Option<Spanned<String>>,
}

/// `context/<property>.toml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ContextFile {
    /// `presence`, `temporality`, `experiencer` or `generic`.
    pub property: Spanned<String>,
    /// Words and phrases that end a scope.
    #[serde(default)]
    pub terminators: Vec<Spanned<String>>,
    /// Patterns whose last two words end a scope: "sinds oma overleden is WIL ZIJ", where the main clause and its subject begin.
    #[serde(default)]
    pub turns: Vec<Spanned<String>>,
    /// Who tells it: "moeder vertelt dat", "volgens de mentor" (only in `experiencer.toml`).
    #[serde(default)]
    pub reporters: Vec<Spanned<String>>,
    /// What young people tell themselves: "zegt ze", "volgens haarzelf"; a negation in it is their denial (only in `presence.toml`).
    #[serde(default)]
    pub own_words: Vec<Spanned<String>>,
    /// Somebody has seen or found it: "begeleider zag", "trof haar aan" (only in `presence.toml`).
    #[serde(default)]
    pub witnessed: Vec<Spanned<String>>,
    /// How somebody else gets a name: "haar nicht Sanne", "groepsgenoot Kim" (only in `experiencer.toml`).
    #[serde(default)]
    pub others: Vec<Spanned<String>>,
    /// Classes of this property alone.
    #[serde(default)]
    pub classes: BTreeMap<String, Vec<Spanned<String>>>,
    /// The rules.
    #[serde(default)]
    pub rules: Vec<RuleEntry>,
    /// Document genre (only in `generic.toml`).
    #[serde(default)]
    pub genre: Option<GenreEntry>,
}

/// A context rule as written.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleEntry {
    /// Id within the property.
    pub id: Spanned<String>,
    /// Value it gives; empty for a pseudo-trigger, which only takes its words away from other rules.
    pub value: Spanned<String>,
    /// Kind of cue, shown to reviewers: `denied`, `hearsay`, ...
    #[serde(default)]
    pub kind: Option<String>,
    /// Where the cue stands as seen from the signal: any of `before`, `after`, `inside`.
    pub direction: Vec<Spanned<String>>,
    /// How far it reaches: `clause`, `sentence`, `next`, `field`.
    pub scope: Spanned<String>,
    /// Most words between cue and signal; 0 for no limit.
    #[serde(default)]
    pub max: usize,
    /// Higher wins; equal ones by nearness.
    #[serde(default)]
    pub priority: i32,
    /// Does not stop at terminators.
    #[serde(default)]
    pub through: bool,
    /// Crosses a comma only inside a list of short items.
    #[serde(default)]
    pub list: bool,
    /// Does not cross a comma at all.
    #[serde(default)]
    pub no_commas: bool,
    /// Its cue may be a word that the signal's own pattern spells ("vermoeden van uitbuiting").
    #[serde(default)]
    pub spelled: bool,
    /// Cue patterns.
    pub patterns: Vec<Spanned<String>>,
    /// Cues do not count when this stands in the same sentence.
    #[serde(default)]
    pub unless: Vec<Spanned<String>>,
    /// Its cues do not reach a signal in whose sentence somebody has seen it (`witnessed` of the file).
    #[serde(default)]
    pub not_witnessed: bool,
    /// More terminators, of this rule only.
    #[serde(default)]
    pub ends: Vec<Spanned<String>>,
    /// The sentence or clause of the signal must begin with one of these; then the cue reaches on through sentences that do.
    #[serde(default)]
    pub opens: Vec<Spanned<String>>,
    /// Only for signals of these categories.
    #[serde(default)]
    pub categories: Vec<Spanned<String>>,
    /// Not for signals of these categories.
    #[serde(default)]
    pub not_categories: Vec<Spanned<String>>,
    /// Texts with the signal in `[[...]]` where this rule decides.
    #[serde(default)]
    pub matches: Vec<Spanned<String>>,
    /// Texts with the signal in `[[...]]` where it must not decide.
    #[serde(default)]
    pub ignores: Vec<Spanned<String>>,
}

/// Document genre: cues of policy, training and news against cues of a record about one person.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GenreEntry {
    /// Cues of text about nobody in particular.
    pub policy: Vec<Spanned<String>>,
    /// Cues of a record.
    pub record: Vec<Spanned<String>>,
    /// Weight of one record cue, in policy cues.
    pub record_weight: usize,
    /// At least so many policy cues.
    pub least: usize,
    /// At least so many policy cues per 1,000 words.
    pub per_thousand: usize,
}

/// `sections.toml`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SectionsFile {
    /// Kinds of section.
    #[serde(default)]
    pub sections: Vec<SectionEntry>,
}

/// A kind of section as written.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SectionEntry {
    /// Id.
    pub id: Spanned<String>,
    /// Patterns of the heading; must cover most of it.
    pub headings: Vec<Spanned<String>>,
    /// What a heading of this kind means: `presence = "absent"` and the like.
    #[serde(default)]
    pub means: BTreeMap<String, String>,
}

/// `boundaries.toml`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BoundariesFile {
    /// Words that open a clause wherever they stand.
    pub openers: Vec<String>,
    /// Words that open a clause after a comma.
    pub comma_openers: Vec<String>,
    /// Words before which a separated particle may stand ("liep weg VAN de groep").
    pub after_particle: Vec<String>,
    /// Words after which a particle is none ("OP weg").
    pub not_before_particle: Vec<String>,
    /// Particles that are also prepositions.
    pub prepositions: Vec<String>,
    /// Conjunctions that close a list.
    #[serde(default)]
    pub list_ends: Vec<String>,
    /// Conjunctions between the last two items of a list.
    #[serde(default)]
    pub alternatives: Vec<String>,
}

/// `compounds.toml`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CompoundsFile {
    /// Words that no compound part may match.
    pub stop: Vec<String>,
}

/// `forms.toml`: how forms are answered.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FormsFile {
    /// Yes.
    pub yes: Vec<Spanned<String>>,
    /// No, and what stands for it.
    pub no: Vec<Spanned<String>>,
    /// Does not know.
    pub unsure: Vec<Spanned<String>>,
    /// After a question: somebody is going to find out.
    #[serde(default)]
    pub follow_up: Vec<Spanned<String>>,
    /// What a question begins with, unlike a fragment that doubts.
    #[serde(default)]
    pub asks: Vec<Spanned<String>>,
}
