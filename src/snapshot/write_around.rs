//! How is what stands around entities written?

use super::around::{Stratum, Surroundings};
use super::write::{SnapshotWriter, cut, json};
use crate::error::Result;

impl SnapshotWriter {
    /// Writes records, neighbours, edges and play outputs; those of entities that were not written are left out. To be
    /// called after the entities.
    ///
    /// # Errors
    /// As [`Snapshot::write`](super::Snapshot::write).
    pub fn around(&mut self, around: &Surroundings) -> Result<()> {
        let place = |entity: &str| self.entities.get(entity).map(|(position, _)| i64::from(*position));
        let members: Vec<_> =
            around.members.iter().filter_map(|member| Some((place(&member.entity.0)?, member))).collect();
        let mut neighbours = Vec::with_capacity(around.neighbours.len());
        for row in &around.neighbours {
            if let Some(entity) = place(&row.entity.0) {
                neighbours.push((entity, row, json(&row.items)?));
            }
        }
        neighbours.sort_by(|one, other| (one.0, &one.1.relation).cmp(&(other.0, &other.1.relation)));
        let mut plays: Vec<_> = around.plays.iter().filter_map(|row| Some((place(&row.entity.0)?, row))).collect();
        plays.sort_by(|one, other| (one.0, &one.1.play, &one.1.output).cmp(&(other.0, &other.1.play, &other.1.output)));
        plays.dedup_by(|one, other| one.0 == other.0 && one.1.play == other.1.play && one.1.output == other.1.output);
        self.insert("INSERT INTO members VALUES", 5, &members, |query, (entity, member)| {
            query
                .bind(*entity)
                .bind(member.record.source.0.clone())
                .bind(member.record.table.clone())
                .bind(member.record.pk.clone())
                .bind(member.rule.clone())
        })?;
        self.insert("INSERT OR REPLACE INTO neighbours VALUES", 4, &neighbours, |query, (entity, row, items)| {
            query.bind(*entity).bind(row.relation.clone()).bind(row.total as i64).bind(items.clone())
        })?;
        self.insert("INSERT INTO edges VALUES", 4, &around.edges, |query, edge| {
            query
                .bind(edge.child.0.clone())
                .bind(edge.parent.0.clone())
                .bind(edge.relation.clone())
                .bind(edge.basis.clone())
        })?;
        self.insert("INSERT INTO play_outputs VALUES", 4, &plays, |query, (entity, row)| {
            query.bind(*entity).bind(row.play.clone()).bind(row.output.clone()).bind(cut(&row.value))
        })
    }

    /// Writes the strata of the random draw.
    ///
    /// # Errors
    /// As [`Snapshot::write`](super::Snapshot::write).
    pub fn strata(&mut self, strata: &[Stratum]) -> Result<()> {
        self.meta("strata", &json(&strata)?)
    }
}
