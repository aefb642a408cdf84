//! Which files does a play become where there is no dbt: a view, and a README?

use std::collections::BTreeMap;

use super::layout::{Tree, mark};
use super::{ShipInput, readme, sql};
use crate::error::Result;
use crate::plays::statement::Settings;
use crate::warehouse::TableName;

/// Every file as it shall be, by its path.
pub(super) fn files(input: &ShipInput<'_>, directory: &str, tree: &Tree) -> Result<BTreeMap<String, String>> {
    let mut files = BTreeMap::new();
    let named = |table: &str| input.dialect.table(&TableName::new(input.schema, table));
    let readme_file = format!("{directory}/README.md");
    let mut told = tree.texts.get(&readme_file).cloned().unwrap_or_default();
    for shipped in input.plays {
        let play = &shipped.play;
        let statement = sql::shipped(input, shipped, Settings::Together, &named)?;
        let text = format!(
            "-- {}\n{}\n\ncreate or replace view fourfold_{} as\n{statement};\n",
            mark(&play.name),
            sql::comment(&sql::about(play)),
            play.name
        );
        files.insert(format!("{directory}/{}.sql", play.name), text);
        told = readme::with(&told, play, &play.name, false);
    }
    files.insert(readme_file, told);
    Ok(files)
}
