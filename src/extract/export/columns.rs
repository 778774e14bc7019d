//! Finds the columns of an export: by the names that a mapping gives, by the usual names, or by what stands in them.

use super::mapping::{Mapping, plain_name};
use crate::extract::date;

/// Header names that are guessed, most telling first.
const ID: &[&str] = &[
    "id",
    "notitieid",
    "notitienr",
    "nr",
    "nummer",
    "volgnummer",
    "volgnr",
    "rapportageid",
    "regelnummer",
];
const DATE: &[&str] = &[
    "datum",
    "notitiedatum",
    "datumnotitie",
    "rapportagedatum",
    "datumrapportage",
    "contactdatum",
    "verslagdatum",
    "date",
    "aangemaakt",
    "datumtijd",
    "datumentijd",
    "tijdstip",
    "aangemaaktop",
    "geregistreerdop",
];
const DOSSIER: &[&str] = &[
    "dossier",
    "clientnummer",
    "clientnr",
    "clientid",
    "dossiernummer",
    "dossiernr",
    "clientcode",
    "bsn",
    "burgerservicenummer",
    "client",
    "jeugdigenummer",
    "jeugdige",
    "kindnummer",
    "kindnr",
    "zorgvrager",
    "bewoner",
    "pupil",
    "leerling",
    "leerlingnummer",
    "deelnemer",
    "patient",
    "patientnummer",
    "casusnummer",
    "zaaknummer",
    "casus",
    "casusnr",
    "klantnummer",
    "klantnr",
    "klant",
    "minderjarige",
    "persoon",
    "persoonsnummer",
    "gezin",
    "gezinsnummer",
    "clientnaam",
    "naamclient",
    "naamjeugdige",
    "kind",
    "naamkind",
    "bewonernaam",
    "naambewoner",
    // Of whom is not said; where nothing else tells clients apart, it is theirs.
    "naam",
];
const BIRTH: &[&str] = &[
    "geboortejaar",
    "geboortedatum",
    "gebdatum",
    "geb",
    "geboren",
];
/// Longer names with one of these in them say the same, unless one of the others is in them, too.
const DATE_STEMS: (&[&str], &[&str]) = (&["datum", "date"], &["geb", "birth", "eind", "tot"]);
const DOSSIER_STEMS: (&[&str], &[&str]) = (
    &[
        "dossier",
        "client",
        "jeugdige",
        "pleegkind",
        "kindn",
        "kindid",
        "kindcode",
        "leerling",
        "pupil",
        "bewoner",
        "zorgvrager",
        "patient",
        "deelnemer",
        "klantn",
        "minderjarige",
    ],
    &[
        "datum",
        "geb",
        "leeftijd",
        "soort",
        "type",
        "status",
        "begeleider",
        "contact",
        "houder",
        "aantal",
    ],
);
const BIRTH_STEMS: (&[&str], &[&str]) = (&["geboorte", "gebdat", "gebjaar"], &["plaats", "land"]);
/// Names of columns with text.
const TEXT: &[&str] = &[
    "notitie",
    "tekst",
    "text",
    "rapportage",
    "inhoud",
    "verslag",
    "omschrijving",
    "toelichting",
    "bericht",
    "notities",
    "observatie",
    "observaties",
    "opmerking",
    "opmerkingen",
    "beschrijving",
    "bevindingen",
    "memo",
    "journaal",
    "aantekening",
    "aantekeningen",
    "bijzonderheden",
    "vervolg",
    "vervolgactie",
    "actie",
    "doel",
    "doelen",
    "afspraak",
    "afspraken",
    "logboek",
    "samenvatting",
    "evaluatie",
    "body",
    "message",
    "note",
    "notes",
    "notetext",
    "subjectief",
    "objectief",
    "onderwerp",
    "titel",
];
/// A longer name with one of these in it is of a column with text, if there is text in it.
const TEXT_STEMS: &[&str] = &[
    "notitie",
    "tekst",
    "rapportage",
    "inhoud",
    "verslag",
    "omschrijving",
    "toelichting",
    "bericht",
    "observatie",
    "opmerking",
    "beschrijving",
    "bevinding",
    "aantekening",
    "journaal",
    "bijzonderheden",
];
/// Unless one of these is in it, too.
const NO_TEXT: &[&str] = &[
    "datum",
    "tijd",
    "nummer",
    "soort",
    "type",
    "categorie",
    "status",
    "auteur",
    "door",
    "code",
    "aantal",
];
/// Text without a telling name is so many characters and words long, on average.
const LONG: usize = 40;
const WORDS: usize = 6;
/// In a column with a telling name, less will do.
const SOME: usize = 12;
/// Part of the filled cells that are dates in a column of dates.
const DATES: usize = 4;

/// The numbers of the columns, from 0.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::extract) struct Columns {
    /// Columns that were asked for and are not there; the usual ones are taken instead.
    pub(super) missing: Vec<String>,
    pub(in crate::extract) id: Option<usize>,
    pub(in crate::extract) date: Option<usize>,
    /// The column that names the client; first and last name may be two.
    pub(in crate::extract) dossier: Vec<usize>,
    pub(in crate::extract) birth: Option<usize>,
    /// Columns with text and what to call each where there are several.
    pub(in crate::extract) text: Vec<(usize, String)>,
    /// Name of the mapping that gave them.
    pub(in crate::extract) mapping: String,
    /// The text was found by what stands in the columns.
    pub(in crate::extract) guessed: bool,
    /// A client is named in its first row only.
    pub(in crate::extract) is_grouped: bool,
}

impl Columns {
    /// The columns under a header. `rows` are some rows below it; without a telling name they say where the text is.
    pub(in crate::extract) fn new(
        header: &[String],
        rows: &[Vec<String>],
        asked: &Mapping,
        kept: &[Mapping],
    ) -> Self {
        let names: Vec<String> = header.iter().map(|h| plain_name(h)).collect();
        let fitting = kept.iter().find(|m| m.fits(header));
        let mapping = fitting.map_or_else(|| asked.clone(), |kept| asked.over(kept));
        let place = |name: &str| names.iter().position(|n| n == name);
        let pick = |given: &Option<String>, usual: &[&str], (with, without): (&[&str], &[&str])| {
            if let Some(found) = given.as_ref().and_then(|name| place(&plain_name(name))) {
                return Some(found);
            }
            let longer = || {
                names.iter().position(|name| {
                    with.iter().any(|w| name.contains(w))
                        && !without.iter().any(|w| name.contains(w))
                })
            };
            usual.iter().find_map(|name| place(name)).or_else(longer)
        };
        let asked_for = [&asked.id, &asked.date, &asked.dossier, &asked.birth_year];
        let missing = asked_for
            .into_iter()
            .flatten()
            .filter(|name| place(&plain_name(name)).is_none());
        let mut columns = Self {
            missing: missing.cloned().collect(),
            id: pick(&mapping.id, ID, (&[], &[])),
            date: pick(&mapping.date, DATE, DATE_STEMS),
            dossier: pick(&mapping.dossier, DOSSIER, DOSSIER_STEMS)
                .map_or_else(|| pick_names(&names), |n| vec![n]),
            birth: pick(&mapping.birth_year, BIRTH, BIRTH_STEMS),
            text: Vec::new(),
            mapping: mapping.name.clone(),
            guessed: false,
            is_grouped: false,
        };
        let named = |n: usize| (n, header.get(n).map_or("", |h| h.trim()).to_owned());
        if !mapping.text.is_empty() {
            let given = mapping
                .text
                .iter()
                .filter_map(|name| place(&plain_name(name)));
            columns.text = given.map(named).collect();
            return columns;
        }
        let taken = columns.taken();
        let text: Vec<usize> = (0..names.len())
            .filter(|n| !taken.contains(n))
            .filter(|n| {
                let name = names.get(*n).map_or("", String::as_str);
                let stem = TEXT_STEMS.iter().any(|s| name.contains(s))
                    && !NO_TEXT.iter().any(|s| name.contains(s));
                TEXT.contains(&name) || stem && mean_length(rows, *n) >= SOME
            })
            .collect();
        let text = if text.is_empty() { soep(&names) } else { text };
        columns.guessed = text.is_empty();
        // Long text is text, whatever its column is called.
        let mut text = [text, long(rows, &taken)].concat();
        text.sort_unstable();
        text.dedup();
        columns.guessed &= !text.is_empty();
        columns.text = text.into_iter().map(named).collect();
        if columns.date.is_none() && !columns.text.is_empty() && mapping.date.is_none() {
            columns.date = (0..names.len()).find(|n| {
                !columns.text.iter().any(|(t, _)| t == n)
                    && columns.birth != Some(*n)
                    && are_dates(rows, *n)
            });
        }
        columns.is_grouped =
            (columns.dossier.first()).is_some_and(|n| are_grouped(rows, *n, &columns.text));
        columns
    }

    /// The columns that are no text.
    pub(in crate::extract) fn taken(&self) -> Vec<usize> {
        let single = [self.id, self.date, self.birth];
        single
            .into_iter()
            .flatten()
            .chain(self.dossier.iter().copied())
            .collect()
    }

    /// The client of a row; empty where it names none.
    pub(in crate::extract) fn client(&self, cells: &[String]) -> String {
        let parts: Vec<&str> = (self.dossier.iter())
            .filter_map(|n| cells.get(*n))
            .map(|c| c.trim())
            .filter(|c| !c.is_empty())
            .collect();
        parts.join(" ")
    }

    /// How many columns were found.
    pub(in crate::extract) fn found(&self) -> usize {
        self.taken().len() + self.text.len()
    }

    /// Whether the header tells where text and something else are: hardly by chance.
    pub(in crate::extract) fn are_telling(&self) -> bool {
        !self.text.is_empty() && !self.guessed && !self.taken().is_empty()
    }
}

fn filled(rows: &[Vec<String>], n: usize) -> impl Iterator<Item = &str> {
    rows.iter()
        .filter_map(move |r| r.get(n))
        .map(|c| c.trim())
        .filter(|c| !c.is_empty())
}

fn mean_length(rows: &[Vec<String>], n: usize) -> usize {
    let (count, length) = filled(rows, n).fold((0, 0), |(c, l), cell| (c + 1, l + cell.len()));
    length / std::cmp::max(count, 1)
}

/// The columns with long text in them.
fn long(rows: &[Vec<String>], taken: &[usize]) -> Vec<usize> {
    let width = rows.iter().map(Vec::len).max().unwrap_or(0);
    (0..width)
        .filter(|n| !taken.contains(n) && mean_length(rows, *n) >= LONG)
        .filter(|n| {
            let (count, words) = filled(rows, *n).fold((0, 0), |(c, w), cell| {
                (c + 1, w + cell.split_whitespace().count())
            });
            words >= WORDS * std::cmp::max(count, 1)
        })
        .collect()
}

/// The columns of a SOEP or SOAP report, in which each has one letter.
fn soep(names: &[String]) -> Vec<usize> {
    let letters = ["s", "o", "e", "a", "p"];
    let found: Vec<usize> = (0..names.len())
        .filter(|n| {
            names
                .get(*n)
                .is_some_and(|name| letters.contains(&name.as_str()))
        })
        .collect();
    if found.len() > 2 { found } else { Vec::new() }
}

/// First and last name, where nothing else names the client.
fn pick_names(names: &[String]) -> Vec<usize> {
    let place = |name: &str| names.iter().position(|n| n == name);
    let first = place("voornaam").or(place("roepnaam"));
    let last = place("achternaam").or(place("familienaam"));
    match (first, last) {
        (Some(first), Some(last)) => vec![first, last],
        _ => Vec::new(),
    }
}

/// Whether many rows with text leave the cell empty that an earlier one fills.
fn are_grouped(rows: &[Vec<String>], n: usize, text: &[(usize, String)]) -> bool {
    let has = |row: &Vec<String>, n: usize| row.get(n).is_some_and(|c| !c.trim().is_empty());
    let notes = || rows.iter().filter(|r| text.iter().any(|(t, _)| has(r, *t)));
    let empty = notes().filter(|r| !has(r, n)).count();
    notes().next().is_some_and(|first| has(first, n))
        && empty * 5 >= notes().count() * 2
        && empty > 0
}

fn are_dates(rows: &[Vec<String>], n: usize) -> bool {
    let (count, dates) = filled(rows, n).fold((0, 0), |(c, d), cell| {
        let is = cell.len() <= 30 && date::any(cell).is_some();
        (c + 1, d + usize::from(is))
    });
    count > 0 && dates * (DATES + 1) > count * DATES
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strings(cells: &[&str]) -> Vec<String> {
        cells.iter().map(|c| (*c).to_owned()).collect()
    }

    const NOTE: &str = "Cl. kwam gisteravond pas om elf uur thuis en wilde niets zeggen.";

    #[test]
    fn usual_names() {
        let header = strings(&["Cliëntnummer", "Datum", "Geb. datum", "Auteur", "Notitie"]);
        let columns = Columns::new(&header, &[], &Mapping::default(), &[]);
        assert_eq!(
            (columns.dossier.clone(), columns.date, columns.birth),
            (vec![0], Some(1), Some(2))
        );
        assert_eq!(columns.text, [(4, "Notitie".to_owned())]);
        assert!(columns.are_telling());
    }

    #[test]
    fn longer_names_say_the_same() {
        let header = strings(&[
            "Code jeugdhulpcliënt",
            "Bezoekdatum",
            "Geboortedatum cliënt",
            "Cliëntbegeleider",
            "Verslag",
        ]);
        let columns = Columns::new(&header, &[], &Mapping::default(), &[]);
        assert_eq!(
            (columns.dossier.clone(), columns.date, columns.birth),
            (vec![0], Some(1), Some(2))
        );
    }

    #[test]
    fn letters_of_a_soep_report() {
        let header = strings(&["client", "datum", "S", "O", "E", "P"]);
        let columns = Columns::new(&header, &[], &Mapping::default(), &[]);
        let text: Vec<usize> = columns.text.iter().map(|t| t.0).collect();
        assert_eq!(text, [2, 3, 4, 5]);
        assert!(columns.are_telling());
    }

    #[test]
    fn longer_names_need_text_below_them() {
        let header = strings(&[
            "Inhoud rapportage",
            "Soort rapportage",
            "Rapportage akkoord",
        ]);
        let rows = [strings(&[NOTE, "dagrapportage", "ja"])];
        let columns = Columns::new(&header, &rows, &Mapping::default(), &[]);
        assert_eq!(columns.text, [(0, "Inhoud rapportage".to_owned())]);
    }

    #[test]
    fn without_a_telling_name_the_cells_tell() {
        let header = strings(&["kolom 1", "kolom 2", "kolom 3"]);
        let rows = [
            strings(&["12-03-2024", "K-1", NOTE]),
            strings(&["13-03-2024 10:15", "K-2", NOTE]),
        ];
        let columns = Columns::new(&header, &rows, &Mapping::default(), &[]);
        assert_eq!(columns.text, [(2, "kolom 3".to_owned())]);
        assert_eq!(columns.date, Some(0));
        assert!(columns.guessed && !columns.are_telling());
        let numbers = [strings(&["1", "2", "3"])];
        assert!(
            Columns::new(&header, &numbers, &Mapping::default(), &[])
                .text
                .is_empty()
        );
    }

    #[test]
    fn a_kept_mapping_counts_where_its_columns_are() {
        let kept = Mapping {
            name: "systeem".to_owned(),
            text: strings(&["Veld 7"]),
            dossier: Some("Kind".to_owned()),
            ..Mapping::default()
        };
        let header = strings(&["kind", "notitie", "veld-7"]);
        let columns = Columns::new(
            &header,
            &[],
            &Mapping::default(),
            std::slice::from_ref(&kept),
        );
        assert_eq!(columns.text, [(2, "veld-7".to_owned())]);
        assert_eq!(columns.mapping, "systeem");
        let header = strings(&["cliënt", "notitie"]);
        let columns = Columns::new(&header, &[], &Mapping::default(), &[kept]);
        assert_eq!(columns.text, [(1, "notitie".to_owned())]);
        let asked = Mapping {
            text: strings(&["weg"]),
            ..Mapping::default()
        };
        assert!(Columns::new(&header, &[], &asked, &[]).text.is_empty());
    }
}
