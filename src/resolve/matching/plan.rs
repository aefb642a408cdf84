//! Which comparisons does a table's meaning call for?

use std::sync::Arc;

use rayon::prelude::*;

use super::compare::email::Emails;
use super::compare::given::NameParts;
use super::compare::levels;
use super::compare::name::{MOST_WORDS, NameKind, Names};
use super::compare::number::{Numbers, Places};
use super::compare::set::Sets;
use super::compare::simple::{Dates, Domains, Equality, Spelled, Spelling};
use super::compare::street::Streets;
use super::compare::text::Texts;
use super::compare::tokens::Tokens;
use super::compare::{Comparison, Level, Lists, Measure};
use super::concept::MatchConcept;
use super::intern::{Dictionary, hash_text};
use super::table::{MatchColumn, MatchTable, VALUE_SEPARATOR};
use super::words as extract;
use crate::resolve::normalise;

/// A field before its comparison exists: the number of each row's value over a dictionary of normal texts.
pub(crate) struct Field {
    pub(crate) dictionary: Arc<Dictionary>,
    values: Arc<Vec<u32>>,
    elements: Option<Lists>,
}

/// Most comparisons of one table; an agreement pattern packs four bits for each.
pub(crate) const MOST_COMPARISONS: usize = 16;

/// Words telling of a text that are compared at most.
const MOST_TEXT_WORDS: usize = 200;

/// Builds the comparisons for a table's columns, the most telling concepts first where there are too many.
pub(crate) fn comparisons(table: &MatchTable) -> Vec<Comparison> {
    let mut jobs: Vec<Job> = Vec::new();
    let find = |concept: MatchConcept| table.columns.iter().position(|column| column.concept == concept);
    let place = find(MatchConcept::Latitude).zip(find(MatchConcept::Longitude));
    for (at, column) in table.columns.iter().enumerate() {
        match column.concept {
            MatchConcept::Ignore | MatchConcept::Longitude | MatchConcept::GivenName | MatchConcept::FamilyName => {}
            MatchConcept::Latitude => {
                if let Some((latitude, longitude)) = place.filter(|(latitude, _)| *latitude == at) {
                    jobs.push(Job::Place(latitude, longitude));
                }
            }
            _ => jobs.push(Job::Column(at)),
        }
    }
    let name_parts: Vec<usize> = (0..table.columns.len())
        .filter(|at| matches!(table.columns[*at].concept, MatchConcept::GivenName | MatchConcept::FamilyName))
        .collect();
    if !name_parts.is_empty() {
        jobs.push(Job::NameParts(name_parts));
    }
    let coded: Vec<usize> = (0..table.columns.len())
        .filter(|at| {
            matches!(table.columns[*at].concept, MatchConcept::Title | MatchConcept::FreeText | MatchConcept::Code)
        })
        .collect();
    if !coded.is_empty() {
        jobs.push(Job::Codes(coded));
    }
    let mut built: Vec<Comparison> = jobs.par_iter().flat_map_iter(|job| job.run(table)).collect();
    built
        .sort_by_key(|comparison| (comparison.columns.first().copied().unwrap_or(usize::MAX), comparison.name.clone()));
    if built.len() > MOST_COMPARISONS {
        built.sort_by_key(|comparison| telling_rank(comparison.concept));
        built.truncate(MOST_COMPARISONS);
    }
    pair_name_parts(&mut built);
    built
}

fn telling_rank(concept: MatchConcept) -> u8 {
    match concept {
        MatchConcept::Email | MatchConcept::Phone | MatchConcept::Identifier | MatchConcept::Domain => 0,
        MatchConcept::PersonName | MatchConcept::CompanyName | MatchConcept::GivenName | MatchConcept::FamilyName => 1,
        MatchConcept::Title | MatchConcept::Date | MatchConcept::Street | MatchConcept::Code => 2,
        MatchConcept::PostalCode | MatchConcept::City | MatchConcept::HouseNumber => 3,
        MatchConcept::Category => 5,
        _ => 4,
    }
}

fn pair_name_parts(built: &mut [Comparison]) {
    let position = |concept: MatchConcept| built.iter().position(|comparison| comparison.concept == concept);
    if let (Some(given), Some(family)) = (position(MatchConcept::GivenName), position(MatchConcept::FamilyName)) {
        built[given].other_name = Some(family);
        built[family].other_name = Some(given);
    }
}

enum Job {
    Column(usize),
    Place(usize, usize),
    NameParts(Vec<usize>),
    Codes(Vec<usize>),
}

impl Job {
    fn run(&self, table: &MatchTable) -> Vec<Comparison> {
        match self {
            Job::Column(at) => column_comparison(table, *at).into_iter().collect(),
            Job::Place(latitude, longitude) => place_comparison(table, *latitude, *longitude).into_iter().collect(),
            Job::NameParts(columns) => name_part_comparisons(table, columns),
            Job::Codes(columns) => code_comparison(table, columns).into_iter().collect(),
        }
    }
}

fn column_comparison(table: &MatchTable, at: usize) -> Option<Comparison> {
    let column = &table.columns[at];
    let spelled = |field: Field, spelling| {
        let measure = Spelled { dictionary: Arc::clone(&field.dictionary), spelling };
        finish(column, at, field, levels::SPELLED, Box::new(measure))
    };
    Some(match column.concept {
        MatchConcept::CompanyName => name_comparison(column, at, NameKind::Company),
        MatchConcept::PersonName => name_comparison(column, at, NameKind::Person),
        MatchConcept::Email => {
            let field = field(column, extract::mailbox);
            let measure = Emails { dictionary: Arc::clone(&field.dictionary) };
            finish(column, at, field, levels::EMAIL, Box::new(measure))
        }
        MatchConcept::Domain => {
            let field = field(column, extract::domain);
            let measure = Domains { dictionary: Arc::clone(&field.dictionary) };
            finish(column, at, field, levels::DOMAIN, Box::new(measure))
        }
        MatchConcept::Phone => {
            let field = field(column, extract::phone);
            let measure = Spelled { dictionary: Arc::clone(&field.dictionary), spelling: Spelling::Phone };
            finish(column, at, field, levels::PHONE, Box::new(measure))
        }
        MatchConcept::Identifier | MatchConcept::Code | MatchConcept::HouseNumber => {
            spelled(field(column, extract::identifier), Spelling::Digits)
        }
        MatchConcept::PostalCode => spelled(field(column, extract::identifier), Spelling::PostalCode),
        MatchConcept::City | MatchConcept::Region => spelled(field(column, extract::plain_words), Spelling::Words),
        MatchConcept::Country => {
            let field = field(column, extract::country);
            finish(column, at, field, levels::CATEGORY, Box::new(Equality))
        }
        MatchConcept::Street => {
            let field = field(column, extract::street_key);
            let measure = Streets { dictionary: Arc::clone(&field.dictionary) };
            finish(column, at, field, levels::STREET, Box::new(measure))
        }
        MatchConcept::Date => {
            let field = field(column, extract::date_key);
            let measure = Dates { dictionary: Arc::clone(&field.dictionary) };
            finish(column, at, field, levels::DATE, Box::new(measure))
        }
        MatchConcept::Number | MatchConcept::Money | MatchConcept::Latitude | MatchConcept::Longitude => {
            let field = field(column, extract::number);
            let numbers = (0..field.dictionary.len() as u32)
                .map(|number| field.dictionary.text(number).parse().unwrap_or(0.0))
                .collect();
            finish(column, at, field, levels::NUMBER, Box::new(Numbers { numbers }))
        }
        MatchConcept::NameList => list_comparison(column, at, extract::list_name),
        MatchConcept::Category => {
            if extract::separator(column).is_some() {
                list_comparison(column, at, extract::plain_words)
            } else {
                finish(column, at, field(column, extract::plain_words), levels::CATEGORY, Box::new(Equality))
            }
        }
        MatchConcept::Title | MatchConcept::FreeText => text_comparison(column, at),
        MatchConcept::GivenName | MatchConcept::FamilyName | MatchConcept::Ignore => return None,
    })
}

/// Normalises the distinct cells of a column and numbers the results; `normal` adds the normal text of a value.
pub(crate) fn field(column: &MatchColumn, normal: impl Fn(&str, &mut String) + Sync) -> Field {
    let cells = column.distinct() as u32 + 1;
    let multiple = (1..cells).into_par_iter().any(|cell| column.cell_text(cell).contains(VALUE_SEPARATOR));
    if multiple {
        let texts: Vec<Vec<String>> = (0..cells)
            .into_par_iter()
            .map(|cell| normal_values(column.cell_text(cell).split(VALUE_SEPARATOR), &normal))
            .collect();
        return list_field(column, &texts);
    }
    match super::normal::normal_numbers(column, &normal) {
        None => Field { dictionary: column.shared_texts(), values: column.shared_cells(), elements: None },
        Some((dictionary, numbers)) => {
            let values = column.cells().iter().map(|cell| numbers[*cell as usize]).collect();
            Field { dictionary: Arc::new(dictionary), values: Arc::new(values), elements: None }
        }
    }
}

fn normal_values<'a>(values: impl Iterator<Item = &'a str>, normal: impl Fn(&str, &mut String)) -> Vec<String> {
    values
        .map(|value| {
            let mut text = String::new();
            normal(value, &mut text);
            text
        })
        .filter(|value| !value.is_empty())
        .collect()
}

/// A field whose rows hold several values; `texts` are the normal values of each distinct cell.
fn list_field(column: &MatchColumn, texts: &[Vec<String>]) -> Field {
    let mut dictionary = Dictionary::default();
    let mut sets = Dictionary::default();
    let mut elements = Lists::new();
    let numbers: Vec<u32> = texts
        .iter()
        .map(|list| {
            let mut normal: Vec<u32> =
                list.iter().map(|text| dictionary.intern(text)).filter(|number| *number != 0).collect();
            normal.sort_unstable();
            normal.dedup();
            let key = normal.iter().map(u32::to_string).collect::<Vec<String>>().join(",");
            let before = sets.len();
            let set = sets.intern(&key);
            if sets.len() > before {
                elements.push(&normal);
            }
            set
        })
        .collect();
    let values = column.cells().iter().map(|cell| numbers[*cell as usize]).collect();
    Field { dictionary: Arc::new(dictionary), values: Arc::new(values), elements: Some(elements) }
}

fn finish(
    column: &MatchColumn,
    at: usize,
    field: Field,
    levels: &'static [Level],
    measure: Box<dyn Measure>,
) -> Comparison {
    let keys = field.dictionary.hashes().to_vec();
    complete(column.name.clone(), column.concept, vec![at], field, levels, measure, keys)
}

fn complete(
    name: String,
    concept: MatchConcept,
    columns: Vec<usize>,
    field: Field,
    levels: &'static [Level],
    measure: Box<dyn Measure>,
    keys: Vec<u64>,
) -> Comparison {
    let mut counts = vec![0; keys.len()];
    let mut filled = 0;
    for value in field.values.iter().filter(|value| **value != 0) {
        filled += 1;
        match &field.elements {
            Some(lists) => lists.get(*value).iter().for_each(|element| counts[*element as usize] += 1),
            None => counts[*value as usize] += 1,
        }
    }
    Comparison {
        name,
        concept,
        columns,
        levels,
        values: field.values,
        elements: field.elements,
        counts,
        filled,
        measure,
        other_name: None,
        swapped_level: 4,
        keys,
    }
}

fn name_comparison(column: &MatchColumn, at: usize, kind: NameKind) -> Comparison {
    let field = field(
        column,
        match kind {
            NameKind::Company => normalise::company_key,
            NameKind::Person => extract::person_name,
        },
    );
    // The legal form stands behind a bar: same words with another form are nearly equal, not equal.
    let core = |value: u32| field.dictionary.text(value).split('|').next().unwrap_or_default();
    let values = field.dictionary.len() as u32;
    let tokens = Tokens::new(
        (1..values).map(|value| core(value).split(' ').filter(|word| !word.is_empty())),
        MOST_WORDS,
        |word, rare| match kind {
            NameKind::Company if normalise::company::is_common_word(word) => rare.min(3.0) * 0.5,
            _ => rare,
        },
    );
    let keys = (0..values).map(|value| hash_text(core(value).as_bytes())).collect();
    let levels = if kind == NameKind::Company { levels::COMPANY_NAME } else { levels::PERSON_NAME };
    let measure = Names { tokens, kind };
    complete(column.name.clone(), column.concept, vec![at], field, levels, Box::new(measure), keys)
}

fn text_comparison(column: &MatchColumn, at: usize) -> Comparison {
    let field = field(column, extract::text_key);
    let values = field.dictionary.len();
    let tokens = Tokens::new(
        (1..values as u32).map(|value| field.dictionary.text(value).split(' ')),
        MOST_TEXT_WORDS,
        |_, rare| rare,
    );
    let measure = Texts::new(&tokens, values);
    finish(column, at, field, levels::TEXT, Box::new(measure))
}

fn list_comparison(column: &MatchColumn, at: usize, normal: impl Fn(&str, &mut String) + Sync) -> Comparison {
    let separator = extract::separator(column).unwrap_or(";");
    let cells = column.distinct() as u32 + 1;
    let texts: Vec<Vec<String>> = (0..cells)
        .into_par_iter()
        .map(|cell| {
            let parts = column.cell_text(cell).split([VALUE_SEPARATOR]).flat_map(|part| part.split(separator));
            let mut values = normal_values(parts, &normal);
            values.retain(|value| value != "none");
            values
        })
        .collect();
    let field = list_field(column, &texts);
    let sets = field.elements.clone().unwrap_or_default();
    let mut comparison = finish(column, at, field, levels::SET, Box::new(Sets { sets }));
    if comparison.concept != MatchConcept::Category {
        comparison.concept = MatchConcept::NameList;
    }
    comparison
}

fn name_part_comparisons(table: &MatchTable, columns: &[usize]) -> Vec<Comparison> {
    let mut shared = Dictionary::default();
    let fields: Vec<Vec<u32>> = columns
        .iter()
        .map(|at| {
            let column = &table.columns[*at];
            let numbers = match super::normal::normal_numbers(column, extract::name_part) {
                None => shared.absorb(&column.shared_texts()),
                Some((own, numbers)) => {
                    let places = shared.absorb(&own);
                    numbers.iter().map(|number| places[*number as usize]).collect()
                }
            };
            column.cells().iter().map(|cell| numbers[*cell as usize]).collect()
        })
        .collect();
    shared.seal();
    let keys = shared.hashes().to_vec();
    let shared = Arc::new(shared);
    columns
        .iter()
        .zip(fields)
        .map(|(at, values)| {
            let column = &table.columns[*at];
            let field = Field { dictionary: Arc::clone(&shared), values: Arc::new(values), elements: None };
            let measure = NameParts { dictionary: Arc::clone(&shared) };
            complete(
                column.name.clone(),
                column.concept,
                vec![*at],
                field,
                levels::NAME_PART,
                Box::new(measure),
                keys.clone(),
            )
        })
        .collect()
}

fn place_comparison(table: &MatchTable, latitude: usize, longitude: usize) -> Option<Comparison> {
    let (first, second) = (&table.columns[latitude], &table.columns[longitude]);
    let mut dictionary = Dictionary::default();
    let mut places = vec![(0.0, 0.0)];
    let values = (0..first.rows())
        .map(|row| {
            let read = |text: &str| text.parse::<f64>().ok().filter(|degrees| degrees.is_finite());
            match (read(first.text(row)), read(second.text(row))) {
                // Nothing stands at latitude 0, longitude 0: exports write it for an unknown place.
                (Some(north), Some(east)) if (north, east) != (0.0, 0.0) => {
                    let number = dictionary.intern(&format!("{north} {east}"));
                    places.resize(dictionary.len(), (north, east));
                    number
                }
                _ => 0,
            }
        })
        .collect();
    if dictionary.len() < 3 {
        return None;
    }
    let keys = dictionary.hashes().to_vec();
    let field = Field { dictionary: Arc::new(dictionary), values: Arc::new(values), elements: None };
    Some(complete(
        "place".to_owned(),
        MatchConcept::Latitude,
        vec![latitude, longitude],
        field,
        levels::PLACE,
        Box::new(Places { places }),
        keys,
    ))
}

/// Model and part numbers from all texts of a row, if enough rows hold some.
fn code_comparison(table: &MatchTable, columns: &[usize]) -> Option<Comparison> {
    let rows = table.rows();
    let joined: Vec<String> = (0..rows)
        .into_par_iter()
        .map(|row| {
            let mut codes: Vec<String> = columns
                .iter()
                .flat_map(|at| extract::codes(table.columns[*at].text(row), table.columns[*at].concept))
                .collect();
            codes.sort_unstable();
            codes.dedup();
            codes.join("\u{1f}")
        })
        .collect();
    let column = MatchColumn::from_values("codes", MatchConcept::Code, joined.iter().map(String::as_str));
    let with_codes = column.cells().iter().filter(|cell| **cell != 0).count();
    if with_codes * 5 < rows {
        return None;
    }
    let texts: Vec<Vec<String>> = (0..=column.distinct() as u32)
        .map(|cell| {
            column.cell_text(cell).split(VALUE_SEPARATOR).map(str::to_owned).filter(|code| !code.is_empty()).collect()
        })
        .collect();
    let field = list_field(&column, &texts);
    let measure = super::compare::codes::Codes { dictionary: Arc::clone(&field.dictionary) };
    let keys = field.dictionary.hashes().to_vec();
    Some(complete(
        "codes".to_owned(),
        MatchConcept::Code,
        columns.to_vec(),
        field,
        levels::CODES,
        Box::new(measure),
        keys,
    ))
}
