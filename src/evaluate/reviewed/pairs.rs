//! How far do two reviewers agree? Each by what he or she last said before seeing the other's decision; what came after that is consensus.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::decision::{self, Action, Decision, Mark};
use crate::evaluate::agreement::add;
use crate::evaluate::bootstrap::{Figure, Resampling, figures};
use crate::evaluate::metrics::{kappa, ratio};

/// Agreement of two reviewers.
#[derive(Clone, Debug, Serialize)]
pub struct Pair {
    /// The first by name.
    pub first: String,
    /// The other.
    pub second: String,
    /// Verdicts on documents.
    pub documents: Accord,
    /// Verdicts on dossiers.
    pub dossiers: Accord,
    /// Marks on findings that both marked; classes are those of [`Mark::ALL`].
    pub marks: Accord,
    /// Documents and dossiers on which their verdicts differ, by dossier.
    pub differences: Vec<Difference>,
}

/// How often two reviewers say the same.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Accord {
    /// Number of documents, dossiers or findings that both judged.
    pub number: usize,
    /// Share of those on which they say the same.
    pub equal: Figure,
    /// Cohen's kappa.
    pub kappa: Figure,
    /// Counts: rows what the first says, columns what the second says; verdicts in the order of [`Action::ALL`].
    pub table: Vec<Vec<usize>>,
}

/// A document or dossier on which two reviewers differ.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// Id of the document; empty for a dossier.
    pub document: String,
    /// The dossier.
    pub dossier: String,
    /// Verdict of the first.
    pub first: Action,
    /// Verdict of the second.
    pub second: Action,
    /// What both say since they saw each other's decision; none while they differ.
    pub settled: Option<Action>,
}

/// What one reviewer says of each document and dossier.
type Said<'a> = BTreeMap<(&'a str, &'a str), &'a Decision>;

/// Each two reviewers who judged the same document, dossier or finding. Intervals are by bootstrap over documents.
#[must_use]
pub fn pairs(decisions: &[Decision], resampling: Resampling) -> Vec<Pair> {
    let blind = by_reviewer(decisions.iter().filter(|d| !d.informed));
    let now = by_reviewer(decisions);
    let mut list = Vec::new();
    for (n, (first, a)) in blind.iter().enumerate() {
        for (second, b) in blind.iter().skip(n + 1) {
            let both: Vec<(&Decision, &Decision)> = a
                .iter()
                .filter_map(|(subject, d)| Some((*d, *b.get(subject)?)))
                .collect();
            let verdicts = |of_documents: bool| {
                let both = both
                    .iter()
                    .filter(|(d, _)| d.document.is_empty() != of_documents);
                let values: Vec<Vec<(usize, usize)>> = both
                    .filter_map(|(a, b)| Some(vec![(a.verdict? as usize, b.verdict? as usize)]))
                    .collect();
                accord(&values, Action::ALL.len(), resampling)
            };
            let marks: Vec<Vec<(usize, usize)>> = both.iter().map(|(a, b)| marks(a, b)).collect();
            let pair = Pair {
                first: (*first).to_owned(),
                second: (*second).to_owned(),
                documents: verdicts(true),
                dossiers: verdicts(false),
                marks: accord(&marks, Mark::ALL.len(), resampling),
                differences: differences(&both, now.get(first), now.get(second)),
            };
            if [&pair.documents, &pair.dossiers, &pair.marks]
                .iter()
                .any(|a| a.number > 0)
            {
                list.push(pair);
            }
        }
    }
    list
}

fn by_reviewer<'a>(
    decisions: impl IntoIterator<Item = &'a Decision>,
) -> BTreeMap<&'a str, Said<'a>> {
    let mut of: BTreeMap<&str, Said<'_>> = BTreeMap::new();
    for decision in decision::last(decisions) {
        of.entry(&decision.reviewer)
            .or_default()
            .insert(decision.subject(), decision);
    }
    of
}

/// The marks of both on the findings of a document that both marked.
fn marks(a: &Decision, b: &Decision) -> Vec<(usize, usize)> {
    let both =
        |m: &decision::FindingMark| Some((m.mark as usize, b.mark(&m.finding)?.mark as usize));
    a.marks.iter().filter_map(both).collect()
}

fn differences(
    both: &[(&Decision, &Decision)],
    now_first: Option<&Said<'_>>,
    now_second: Option<&Said<'_>>,
) -> Vec<Difference> {
    let now = |said: Option<&Said<'_>>, subject| said?.get(&subject)?.verdict;
    let mut list: Vec<Difference> = both
        .iter()
        .filter_map(|(a, b)| Some((a, a.verdict?, b.verdict?)))
        .filter(|(_, first, second)| first != second)
        .map(|(decision, first, second)| {
            let subject = decision.subject();
            let settled = now(now_first, subject);
            Difference {
                document: decision.document.clone(),
                dossier: decision.dossier.clone(),
                first,
                second,
                settled: settled.filter(|v| now(now_second, subject) == Some(*v)),
            }
        })
        .collect();
    list.sort_by(|a, b| (&a.dossier, &a.document).cmp(&(&b.dossier, &b.document)));
    list
}

/// Agreement on values in so many classes, by document: each what the first and what the second says.
fn accord(documents: &[Vec<(usize, usize)>], classes: usize, resampling: Resampling) -> Accord {
    let table = |drawn: &mut dyn Iterator<Item = usize>| {
        let mut table = vec![vec![0; classes]; classes];
        for (a, b) in drawn.filter_map(|n| documents.get(n)).flatten() {
            add(&mut table, *a, *b);
        }
        table
    };
    let whole = table(&mut (0..documents.len()));
    let mut values = figures(documents.len(), resampling, |drawn| {
        let table = table(&mut drawn.iter().copied());
        let equal = table.iter().enumerate().filter_map(|(n, row)| row.get(n));
        vec![
            ratio(equal.sum(), table.iter().flatten().sum()),
            kappa(&table),
        ]
    })
    .into_iter();
    let mut next = || values.next().unwrap_or_default();
    Accord {
        number: whole.iter().flatten().sum(),
        equal: next(),
        kappa: next(),
        table: whole,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decision::FindingMark;

    const NONE: Resampling = Resampling { draws: 0, seed: 1 };

    fn said(reviewer: &str, document: &str, verdict: Action, informed: bool) -> Decision {
        Decision {
            document: document.to_owned(),
            dossier: format!("d{document}"),
            reviewer: reviewer.to_owned(),
            verdict: Some(verdict),
            informed,
            ..Decision::default()
        }
    }

    #[test]
    fn kappa_of_verdicts_by_hand() {
        use Action::{GeenActie, Opvolgen, Twijfel};
        let rows = [
            (Opvolgen, Opvolgen),
            (Opvolgen, Opvolgen),
            (Opvolgen, Opvolgen),
            (Opvolgen, GeenActie),
            (GeenActie, GeenActie),
            (GeenActie, GeenActie),
            (GeenActie, GeenActie),
            (Twijfel, Opvolgen),
            (Twijfel, GeenActie),
            (Twijfel, Twijfel),
        ];
        let mut decisions: Vec<Decision> = Vec::new();
        for (n, (a, b)) in rows.iter().enumerate() {
            decisions.push(said("anna", &n.to_string(), *a, false));
            decisions.push(said("bram", &n.to_string(), *b, false));
        }
        decisions.push(said("anna", "alleen anna", Opvolgen, false));
        // They talk about 3 and 7, and agree on 3.
        decisions.push(said("bram", "3", Opvolgen, true));
        decisions.push(said("anna", "7", GeenActie, true));
        let pairs = pairs(&decisions, NONE);
        let [pair] = pairs.as_slice() else {
            panic!("{pairs:?}");
        };
        let documents = &pair.documents;
        assert_eq!((documents.number, documents.equal.value), (10, Some(0.7)));
        assert_eq!(
            documents.table,
            [vec![3, 1, 0], vec![0, 3, 0], vec![1, 1, 1]]
        );
        // By chance: rows 4, 3, 3 and columns 4, 5, 1 of ten: (16 + 15 + 3) / 100.
        let kappa = documents.kappa.value.unwrap();
        assert!(
            (kappa - (0.7 - 0.34) / (1.0 - 0.34)).abs() < 1e-12,
            "{kappa}"
        );
        let differ: Vec<(&str, Option<Action>)> = pair
            .differences
            .iter()
            .map(|d| (d.document.as_str(), d.settled))
            .collect();
        assert_eq!(differ, [("3", Some(Opvolgen)), ("7", None), ("8", None)]);
        assert_eq!((pair.dossiers.number, pair.marks.number), (0, 0));
    }

    #[test]
    fn dossiers_and_marks_have_figures_of_their_own() {
        let mark = |n: usize, mark| FindingMark {
            finding: format!("c.t@{n}-{}", n + 1),
            mark,
            should_be: None,
        };
        let marked = |reviewer: &str, marks: Vec<FindingMark>| Decision {
            verdict: None,
            marks,
            ..said(reviewer, "1", Action::Opvolgen, false)
        };
        let decisions = [
            said("anna", "", Action::Opvolgen, false),
            said("bram", "", Action::Twijfel, false),
            marked(
                "anna",
                vec![
                    mark(1, Mark::Juist),
                    mark(2, Mark::Juist),
                    mark(3, Mark::Onjuist),
                    mark(4, Mark::Context),
                    mark(9, Mark::Juist),
                ],
            ),
            marked(
                "bram",
                vec![
                    mark(1, Mark::Juist),
                    mark(2, Mark::Onjuist),
                    mark(3, Mark::Onjuist),
                    mark(4, Mark::Juist),
                ],
            ),
        ];
        let pairs = pairs(&decisions, NONE);
        let pair = pairs.first().unwrap();
        assert_eq!((pair.documents.number, pair.dossiers.number), (0, 1));
        assert_eq!((pair.marks.number, pair.marks.equal.value), (4, Some(0.5)));
        // By chance: rows 2, 1, 1 and columns 2, 2, 0 of four: (4 + 2) / 16.
        let kappa = pair.marks.kappa.value.unwrap();
        assert!((kappa - (0.5 - 0.375) / 0.625).abs() < 1e-12, "{kappa}");
        // All of one class: chance agreement is complete.
        assert_eq!(accord(&[vec![(0, 0)]], 3, NONE).kappa.value, None);
    }

    #[test]
    fn one_who_saw_the_other_first_is_not_compared() {
        let decisions = [
            said("anna", "1", Action::Opvolgen, false),
            said("bram", "1", Action::Opvolgen, true),
        ];
        assert!(pairs(&decisions, NONE).is_empty());
    }
}
