//! What did the last published run read from a place? For columns that are gone, renamed or empty now, only the old lineage
//! knows.

use super::{EXAMPLES, EntityImpact, Impact};
use crate::error::Result;
use crate::warehouse::{ColumnType, Dialect, Rows, TableName, Value, Warehouse};

/// Tables of the model whose rows are source rows, with the column that names the account.
const ROW_TABLES: [&str; 4] = ["subscriptions", "invoices", "tickets", "account_usage_daily"];

/// The lineage that is published.
pub struct PublishedLineage<'a> {
    warehouse: &'a dyn Warehouse,
    schema: String,
}

impl<'a> PublishedLineage<'a> {
    /// The published lineage; None before the first run.
    ///
    /// # Errors
    /// `Warehouse` when the schema cannot be read.
    pub fn open(warehouse: &'a dyn Warehouse, schema: &str) -> Result<Option<Self>> {
        let tables = warehouse.tables(schema)?;
        let has = |name: &str| tables.iter().any(|table| table.name.table == name);
        let whole = ["lineage_cells", "lineage_parts", "lineage_columns", "accounts"].into_iter().all(has)
            && ROW_TABLES.into_iter().all(has);
        Ok(whole.then(|| Self { warehouse, schema: schema.to_owned() }))
    }

    fn dialect(&self) -> Dialect {
        self.warehouse.dialect()
    }

    fn table(&self, name: &str) -> String {
        self.dialect().table(&TableName::new(&self.schema, name))
    }

    /// Fields, entities and money that were read from a column, or from a whole table when `column` is empty.
    ///
    /// # Errors
    /// `Warehouse` when the lineage cannot be read.
    pub fn touched(&self, source: &str, table: &str, column: &str) -> Result<Impact> {
        let dialect = self.dialect();
        let mut values = vec![Value::from(source), Value::from(table)];
        let mut place = format!("source = $1 AND {} = $2", dialect.quote("table"));
        if !column.is_empty() {
            values.push(Value::from(column));
            place.push_str(&format!(" AND {} = $3", dialect.quote("column")));
        }
        let cells = format!(
            "SELECT entity_kind, field, entity_id FROM {} WHERE is_winner AND {place} \
             UNION SELECT entity_kind, field, entity_id FROM {} WHERE {place}",
            self.table("lineage_cells"),
            self.table("lineage_parts")
        );
        let fields = self.warehouse.query(
            &format!(
                "SELECT DISTINCT {}, {} FROM ({cells}) AS found",
                dialect.text("entity_kind"),
                dialect.text("field")
            ),
            &values,
        )?;
        let mut impact = Impact::default();
        for row in 0..fields.len() {
            let plural = match fields.text(row, 0).unwrap_or_default() {
                "person" => "people".to_owned(),
                kind => format!("{kind}s"),
            };
            impact.fields.push(format!("{plural}.{}", fields.text(row, 1).unwrap_or_default()));
        }
        let mut accounts = vec![format!("SELECT entity_id FROM ({cells}) AS found WHERE entity_kind = 'account'")];
        accounts.push(format!(
            "SELECT s.account_entity_id FROM ({cells}) AS found JOIN {} AS s ON s.subscription_id = found.entity_id \
             WHERE found.entity_kind = 'subscription'",
            self.table("subscriptions")
        ));
        let columns = self.warehouse.query(
            &format!(
                "SELECT DISTINCT {}, {} FROM {} WHERE {place}",
                dialect.text("model_table"),
                dialect.text("field"),
                self.table("lineage_columns")
            ),
            &values,
        )?;
        for row in 0..columns.len() {
            let Some(model) = columns.text(row, 0).filter(|model| ROW_TABLES.contains(model)) else { continue };
            impact.fields.push(format!("{model}.{}", columns.text(row, 1).unwrap_or_default()));
            accounts.push(format!(
                "SELECT account_entity_id FROM {} WHERE _source = $1 AND _table = $2",
                self.table(model)
            ));
        }
        impact.fields.sort();
        impact.fields.dedup();
        accounts.dedup();
        self.people(&cells, &values, &mut impact)?;
        self.money(&accounts.join(" UNION "), &values, &mut impact)?;
        Ok(impact)
    }

    fn people(&self, cells: &str, values: &[Value], impact: &mut Impact) -> Result<()> {
        let sql = format!("SELECT count(DISTINCT entity_id) FROM ({cells}) AS found WHERE entity_kind = 'person'");
        impact.entities += count(&self.warehouse.query(&sql, values)?, 0, 0);
        Ok(())
    }

    fn money(&self, accounts: &str, values: &[Value], impact: &mut Impact) -> Result<()> {
        let dialect = self.dialect();
        let float = dialect.type_name(ColumnType::Float);
        let among = format!("FROM {} AS a WHERE a.entity_id IN ({accounts})", self.table("accounts"));
        let sums = self.warehouse.query(
            &format!(
                "SELECT {}, CAST(sum(a.arr) AS {float}), count(*) {among} GROUP BY 1 ORDER BY 1",
                dialect.text("a.currency")
            ),
            values,
        )?;
        for row in 0..sums.len() {
            impact.entities += count(&sums, row, 2);
            if let (Some(code), Some(sum)) = (sums.text(row, 0), sums.float(row, 1)) {
                impact.money.push((code.to_owned(), sum));
            }
        }
        let top = self.warehouse.query(
            &format!(
                "SELECT {}, {}, {}, CAST(a.arr AS {float}) {among} ORDER BY a.arr DESC NULLS LAST, {} LIMIT {EXAMPLES}",
                dialect.text("a.entity_id"),
                dialect.text("a.name"),
                dialect.text("a.currency"),
                dialect.ordered("a.entity_id")
            ),
            values,
        )?;
        for row in 0..top.len() {
            let id = top.text(row, 0).unwrap_or_default().to_owned();
            impact.examples.push(EntityImpact {
                label: top.text(row, 1).unwrap_or(&id).to_owned(),
                id,
                arr: top.float(row, 3),
                currency: top.text(row, 2).map(str::to_owned),
            });
        }
        Ok(())
    }
}

fn count(rows: &Rows, row: usize, column: usize) -> u64 {
    rows.integer(row, column).and_then(|number| u64::try_from(number).ok()).unwrap_or(0)
}
