//! The values that lexicon and findings share: tiers and the context properties.

use serde::{Deserialize, Serialize};

macro_rules! names {
    ($type:ident: $($variant:ident = $name:literal),+) => {
        impl $type {
            /// All values in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The name in data and records.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }

            /// By name.
            #[must_use]
            pub fn named(name: &str) -> Option<Self> {
                match name { $($name => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

/// How grave a signal is: vulnerability, risk (soft, firm), actual harm.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Tier {
    /// Vulnerability.
    Background,
    /// Risk; common outside exploitation too.
    #[default]
    Soft,
    /// Risk; seldom innocent.
    Firm,
    /// Actual harm.
    Hard,
}
names!(Tier: Background = "background", Soft = "soft", Firm = "firm", Hard = "hard");

/// Whether it is so.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    /// Stated as a fact.
    #[default]
    Present,
    /// Suspected, hearsay, possible.
    Uncertain,
    /// Denied, refuted, not seen.
    Absent,
}
names!(Presence: Present = "present", Uncertain = "uncertain", Absent = "absent");

/// When it is so, relative to the document's own date.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Temporality {
    /// Now or recently.
    #[default]
    Current,
    /// Past and closed.
    Historical,
    /// Risk, plan, goal, condition.
    Future,
}
names!(Temporality: Current = "current", Historical = "historical", Future = "future");

/// Whom it is about.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Experiencer {
    /// The young person.
    #[default]
    Client,
    /// Somebody else.
    Other,
}
names!(Experiencer: Client = "client", Other = "other");

/// The four context properties.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Property {
    /// [`Presence`].
    Presence,
    /// [`Temporality`].
    Temporality,
    /// [`Experiencer`].
    Experiencer,
    /// Information, policy, a question in general.
    Generic,
}
names!(Property: Presence = "presence", Temporality = "temporality", Experiencer = "experiencer", Generic = "generic");

impl Property {
    /// The values that a rule may give.
    #[must_use]
    pub fn values(self) -> &'static [&'static str] {
        match self {
            Self::Presence => &["present", "uncertain", "absent"],
            Self::Temporality => &["current", "historical", "future"],
            Self::Experiencer => &["client", "other"],
            Self::Generic => &["yes", "no"],
        }
    }
}

/// The verdict on the four properties.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Qualifiers {
    /// Whether it is so.
    pub presence: Presence,
    /// When.
    pub temporality: Temporality,
    /// Whom it is about.
    pub experiencer: Experiencer,
    /// Information in general.
    pub generic: bool,
}

impl Qualifiers {
    /// Present or uncertain, not future, about the young person, not generic.
    #[must_use]
    pub fn is_active(self) -> bool {
        self.presence != Presence::Absent
            && self.temporality != Temporality::Future
            && self.experiencer == Experiencer::Client
            && !self.generic
    }

    /// Sets one property to a value by name; unknown names change nothing.
    pub fn set(&mut self, property: Property, value: &str) {
        match property {
            Property::Presence => self.presence = Presence::named(value).unwrap_or(self.presence),
            Property::Temporality => {
                self.temporality = Temporality::named(value).unwrap_or(self.temporality)
            }
            Property::Experiencer => {
                self.experiencer = Experiencer::named(value).unwrap_or(self.experiencer)
            }
            Property::Generic => self.generic = value == "yes",
        }
    }

    /// The value of one property by name.
    #[must_use]
    pub fn get(self, property: Property) -> &'static str {
        match property {
            Property::Presence => self.presence.as_str(),
            Property::Temporality => self.temporality.as_str(),
            Property::Experiencer => self.experiencer.as_str(),
            Property::Generic => {
                if self.generic {
                    "yes"
                } else {
                    "no"
                }
            }
        }
    }
}
