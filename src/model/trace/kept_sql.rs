//! Which one query reads all that the last run kept about a field?
//!
//! Many small questions as branches of one union, each with a tag and cells of text, so that they take one round trip together.

use super::TraceRequest;
use super::find::{Found, KINDS};
use crate::warehouse::{ColumnType, Dialect, TableName};

/// How many cells a branch has, its tag included.
const WIDTH: usize = 16;

/// How many losing values, links, pairs and conflicts are listed.
const LISTED: u64 = 200;

struct Query<'a> {
    dialect: Dialect,
    schema: &'a str,
    found: &'a Found,
    branches: Vec<String>,
}

/// The entity and the field are the two bound values.
const ID: &str = "CAST($1 AS VARCHAR(4000))";
const FIELD: &str = "CAST($2 AS VARCHAR(200))";

pub(super) fn query(dialect: Dialect, schema: &str, found: &Found, request: &TraceRequest) -> String {
    let mut query = Query { dialect, schema, found, branches: Vec::new() };
    query.value();
    if found.origin == "row" {
        query.row();
    } else {
        query.cells();
        query.parts(request);
        query.wanted();
    }
    if matches!(found.kind.as_str(), "account" | "person") {
        query.links();
    } else {
        query.relations();
    }
    query.conflicts();
    query.usage();
    query.branches.join(" UNION ALL ")
}

impl Query<'_> {
    fn table(&self, name: &str) -> String {
        self.dialect.table(&TableName::new(self.schema, name))
    }

    fn quote(&self, name: &str) -> String {
        self.dialect.quote(name)
    }

    fn text(&self, expression: &str) -> String {
        self.dialect.text(expression)
    }

    /// Text of a number, truth value or day of a table of our own, whose type is known: naming it spares the engine most of its
    /// planning.
    fn plain(&self, expression: &str) -> String {
        self.dialect.text_as(expression, ColumnType::Integer)
    }

    fn float(&self, expression: &str) -> String {
        self.dialect.text_as(expression, ColumnType::Float)
    }

    fn nothing(&self) -> String {
        format!("CAST(NULL AS {})", self.dialect.type_name(ColumnType::Text))
    }

    fn id_column(&self) -> &'static str {
        KINDS.iter().find(|(kind, _, _)| *kind == self.found.kind).map_or("entity_id", |(_, _, id)| *id)
    }

    fn mine(&self) -> String {
        format!("entity_id = {ID} AND field = {FIELD} AND entity_kind = '{}'", self.found.kind)
    }

    /// One branch: a tag and its cells, padded to one width.
    fn branch(&mut self, tag: &str, cells: &[String], rest: &str) {
        let mut items = vec![format!("'{tag}'")];
        items.extend(cells.iter().cloned());
        items.resize(WIDTH, self.nothing());
        self.branches.push(format!("(SELECT {} {rest})", items.join(", ")));
    }

    /// The value as it stands, and the run.
    fn value(&mut self) {
        let home = self.table(self.found.table);
        let has_currency = matches!(self.found.kind.as_str(), "account" | "subscription" | "invoice");
        let currency = if has_currency { "currency".to_owned() } else { self.nothing() };
        let cells = [self.text(&self.quote(&self.found.field)), currency];
        let rest = format!("FROM {home} WHERE {} = {ID} AND {FIELD} IS NOT NULL", self.id_column());
        self.branch("value", &cells, &rest);
        let rest = format!("FROM {0} WHERE started = (SELECT MAX(started) FROM {0})", self.table("runs"));
        self.branch("run", &["run_id".to_owned(), "as_of".to_owned()], &rest);
    }

    /// A cell whose origin stands on its row.
    fn row(&mut self) {
        let (table_word, column_word) = (self.quote("table"), self.quote("column"));
        let home = self.table(self.found.table);
        let mine = format!("t.{} = {ID}", self.id_column());
        let rest = format!(
            "FROM {home} t JOIN {} m ON m.model_table = '{}' AND m.field = {FIELD} AND m.source = t._source AND m.{table_word} = t._table WHERE {mine}",
            self.table("lineage_columns"),
            self.found.table
        );
        let value = format!("t.{}", self.quote(&self.found.field));
        let cells = [
            self.text(&value),
            "t._source".into(),
            "t._table".into(),
            "t._pk".into(),
            format!("m.{column_word}"),
            "t._sync_id".into(),
            "t._synced_at".into(),
            "m.rule".into(),
            "'true'".into(),
            "'0'".into(),
            "m.rule".into(),
            "'0'".into(),
        ];
        self.branch("cell", &cells, &rest);
        let rest = format!(
            "FROM {} s JOIN {home} t ON s.source = t._source AND s.{table_word} = t._table WHERE {mine}",
            self.table("source_map")
        );
        self.branch("table", &["s.source".to_owned(), "s.entry".to_owned()], &rest);
    }

    /// The surviving and the losing values.
    fn cells(&mut self) {
        let cells = [
            "value".to_owned(),
            "source".into(),
            self.quote("table"),
            "pk".into(),
            self.quote("column"),
            "sync_id".into(),
            "synced_at".into(),
            "rule".into(),
            self.plain("is_winner"),
            self.plain(&self.quote("rank")),
            "transform".into(),
            self.plain("parts"),
        ];
        let rest = format!(
            "FROM (SELECT * FROM {} WHERE {} ORDER BY {} LIMIT {LISTED}) cells",
            self.table("lineage_cells"),
            self.mine(),
            self.quote("rank")
        );
        self.branch("cell", &cells, &rest);
    }

    /// The rows on one page, those that contribute most first, and what those of subscriptions are made of.
    fn page(&self, request: &TraceRequest) -> String {
        let size = format!("abs({})", self.dialect.try_decimal("contribution"));
        let order = [
            "CASE WHEN contributes THEN 0 ELSE 1 END".to_owned(),
            format!("{size} DESC NULLS LAST"),
            self.dialect.ordered("source"),
            self.dialect.ordered(&self.quote("table")),
            self.dialect.ordered("pk"),
            self.dialect.ordered(&format!("coalesce({}, '')", self.quote("column"))),
        ];
        format!(
            "SELECT * FROM {} WHERE {} ORDER BY {} LIMIT {} OFFSET {}",
            self.table("lineage_parts"),
            self.mine(),
            order.join(", "),
            request.limit,
            request.offset
        )
    }

    fn parts(&mut self, request: &TraceRequest) {
        let table_word = self.quote("table");
        let of_part = |name: &str| format!("p.{name}");
        let mut cells: Vec<String> = vec![
            of_part("part"),
            of_part("source"),
            of_part(&table_word),
            of_part("pk"),
            of_part(&self.quote("column")),
            of_part("sync_id"),
            of_part("synced_at"),
            of_part("value"),
            of_part("contribution"),
            of_part("entity_id"),
        ];
        let page = self.page(request);
        let related = format!(
            "SELECT source, {table_word}, pk, MIN(relation || ' by ' || rule) AS related FROM {} WHERE entity_id = {ID} GROUP BY 1, 2, 3",
            self.table("relations")
        );
        cells.push("r.related".to_owned());
        let rest = format!(
            "FROM ({page}) p LEFT JOIN ({related}) r ON r.source = p.source AND r.{table_word} = p.{table_word} AND r.pk = p.pk"
        );
        self.branch("part", &cells, &rest);
        cells.pop();
        let total = [
            self.plain(&format!("SUM(CASE WHEN part = 'adds' THEN {} END)", self.dialect.try_decimal("contribution"))),
            self.plain("SUM(CASE WHEN part = 'counts' THEN 1 ELSE 0 END)"),
            self.plain("COUNT(*)"),
        ];
        let rest = format!("FROM {} WHERE {}", self.table("lineage_parts"), self.mine());
        self.branch("total", &total, &rest);
        if let Some(field) = self.below() {
            let rest = format!(
                "FROM {parts} p WHERE p.entity_kind = 'subscription' AND p.field = '{field}' AND p.entity_id IN \
                 (SELECT source || ':' || pk FROM ({page}) of_page) ORDER BY p.entity_id, p.part, p.source, p.{table_word}, p.pk LIMIT {LISTED}",
                parts = self.table("lineage_parts"),
            );
            self.branch("part", &cells, &rest);
        }
    }

    /// The field of subscriptions that an account's money adds up from.
    fn below(&self) -> Option<&'static str> {
        match (self.found.kind.as_str(), self.found.field.as_str()) {
            ("account", "arr") => Some("arr"),
            ("account", "mrr") => Some("mrr"),
            _ => None,
        }
    }

    /// The source tables behind the cells and parts. The entity's few lineage rows come first and are joined to the map: a condition on
    /// each table of the map would go through all lineage for every one of them.
    fn wanted(&mut self) {
        let table_word = self.quote("table");
        let (map, parts) = (self.table("source_map"), self.table("lineage_parts"));
        let places = |from: &str, rest: &str| format!("SELECT source, {table_word} FROM {from} WHERE {rest}");
        let mut behind = vec![places(&self.table("lineage_cells"), &self.mine()), places(&parts, &self.mine())];
        if let Some(field) = self.below() {
            let these = format!("SELECT source || ':' || pk FROM {parts} WHERE {}", self.mine());
            behind.push(places(
                &parts,
                &format!("entity_kind = 'subscription' AND field = '{field}' AND entity_id IN ({these})"),
            ));
        }
        if self.counts_use() {
            behind.push(places(&map, "role = 'event'"));
        }
        let rest = format!(
            "FROM (SELECT DISTINCT source, {table_word} FROM ({}) named) w JOIN {map} s ON s.source = w.source AND s.{table_word} = w.{table_word}",
            behind.join(" UNION ALL "),
        );
        self.branch("table", &["s.source".to_owned(), "s.entry".to_owned()], &rest);
    }

    fn counts_use(&self) -> bool {
        super::readd::window(&self.found.field).is_some()
    }

    /// The records of the entity, and the pairs of them that were compared.
    fn links(&mut self) {
        let table_word = self.quote("table");
        let cells = [
            "source".to_owned(),
            table_word.clone(),
            "pk".into(),
            "rule".into(),
            self.float("weight"),
            "decided_by".into(),
        ];
        let links = self.table("links");
        let rest = format!(
            "FROM (SELECT * FROM {links} WHERE entity_id = {ID} ORDER BY {}, {}, {} LIMIT {LISTED}) links_of",
            self.dialect.ordered("source"),
            self.dialect.ordered(&table_word),
            self.dialect.ordered("pk")
        );
        self.branch("link", &cells, &rest);
        let cells = [
            "p.pair_id".to_owned(),
            "p.left_source".into(),
            "p.left_table".into(),
            "p.left_pk".into(),
            "p.right_source".into(),
            "p.right_table".into(),
            "p.right_pk".into(),
            "p.status".into(),
            "p.rule".into(),
            self.float("p.weight"),
            self.float("p.probability"),
            "p.waterfall".into(),
        ];
        let side = |alias: &str, side: &str| {
            format!(
                "JOIN {links} {alias} ON {alias}.entity_id = {ID} AND {alias}.source = p.{side}_source AND {alias}.{table_word} = p.{side}_table AND {alias}.pk = p.{side}_pk"
            )
        };
        let rest = format!(
            "FROM {} p {} {} ORDER BY p.weight DESC, p.pair_id LIMIT {LISTED}",
            self.table("pairs"),
            side("a", "left"),
            side("b", "right")
        );
        self.branch("pair", &cells, &rest);
    }

    /// The entities that the row is related to, and why.
    fn relations(&mut self) {
        let table_word = self.quote("table");
        let cells = [
            "r.source".to_owned(),
            format!("r.{table_word}"),
            "r.pk".into(),
            "r.relation || ' ' || r.entity_id || ' by ' || r.rule".into(),
            self.float("r.weight"),
            "'engine'".into(),
        ];
        let rest = format!(
            "FROM {} t JOIN {} r ON r.source = t._source AND r.{table_word} = t._table AND r.pk = t._pk WHERE t.{} = {ID}",
            self.table(self.found.table),
            self.table("relations"),
            self.id_column()
        );
        self.branch("link", &cells, &rest);
    }

    /// Disagreements about the field of this entity.
    fn conflicts(&mut self) {
        let cells = [
            "conflict_id".to_owned(),
            "kind".into(),
            "severity".into(),
            self.float("money_at_stake"),
            "currency".into(),
            "status".into(),
            "detail".into(),
        ];
        let rest = format!(
            "FROM (SELECT * FROM {} WHERE entity_id = {ID} AND (field = {FIELD} OR field = '{}.' || {FIELD}) ORDER BY conflict_id LIMIT {LISTED}) conflicts_of",
            self.table("conflicts"),
            self.found.table
        );
        self.branch("conflict", &cells, &rest);
    }

    /// Days with events, and the users whose events they are.
    fn usage(&mut self) {
        if self.found.kind != "account" || !self.counts_use() {
            return;
        }
        let cells = [self.plain("day"), self.plain("SUM(events)"), self.plain("MAX(active_users)")];
        let rest = format!("FROM {} WHERE account_entity_id = {ID} GROUP BY day", self.table("account_usage_daily"));
        self.branch("day", &cells, &rest);
        let table_word = self.quote("table");
        let cells = ["r.source".to_owned(), "r.pk".into(), "l.entity_id".into()];
        let rest = format!(
            "FROM (SELECT * FROM {} WHERE entity_id = {ID} AND relation = 'user_of_account') r LEFT JOIN {} l \
             ON l.kind = 'person' AND l.source = r.source AND l.{table_word} = r.{table_word} AND l.pk = r.pk",
            self.table("relations"),
            self.table("links")
        );
        self.branch("user", &cells, &rest);
    }
}
