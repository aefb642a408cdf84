//! How do the conflicts become a table of fields by pairs of surfaces?

use crate::ident::Surface;
use crate::snapshot::SurfaceCount;

/// Fields by pairs of surfaces.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Facing {
    /// The pairs of surfaces between which something stands: two different ones, then one against itself, then one alone.
    pub columns: Vec<(Surface, Option<Surface>)>,
    /// The fields.
    pub rows: Vec<FacingRow>,
    /// The row under the cursor.
    pub row: usize,
    /// The column under the cursor.
    pub column: usize,
}

/// A field between every pair of surfaces.
#[derive(Debug, Clone, PartialEq)]
pub struct FacingRow {
    /// The field, as the map names it.
    pub field: String,
    /// One cell for each pair; None where nothing disagrees.
    pub cells: Vec<Option<SurfaceCount>>,
}

impl Facing {
    /// Lays the counts out.
    #[must_use]
    pub fn of(counts: Vec<SurfaceCount>) -> Self {
        let mut columns: Vec<(Surface, Option<Surface>)> =
            counts.iter().map(|count| (count.one, count.other)).collect();
        columns.sort_by_key(|(one, other)| (other.is_none(), Some(*one) == *other, *one, *other));
        columns.dedup();
        let mut rows: Vec<FacingRow> = Vec::new();
        for count in counts {
            if rows.last().is_none_or(|row| row.field != count.field) {
                rows.push(FacingRow { field: count.field.clone(), cells: vec![None; columns.len()] });
            }
            let at = columns.iter().position(|column| *column == (count.one, count.other));
            if let (Some(row), Some(at)) = (rows.last_mut(), at) {
                row.cells[at] = Some(count);
            }
        }
        Self { columns, rows, row: 0, column: 0 }
    }

    /// The cell under the cursor.
    #[must_use]
    pub fn here(&self) -> Option<&SurfaceCount> {
        self.rows.get(self.row)?.cells.get(self.column)?.as_ref()
    }
}

/// `crm ↔ billing`, or one surface alone.
#[must_use]
pub fn title((one, other): (Surface, Option<Surface>)) -> String {
    other.map_or_else(|| format!("{one} alone"), |other| format!("{one} ↔ {other}"))
}
