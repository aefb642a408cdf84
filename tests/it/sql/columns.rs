//! Columns are followed through everything that SQL can put between them and their table.

use fourfold::sql::{How, Resolved, SqlDialect, Tables, resolve};

pub fn tables() -> Tables {
    let mut tables = Tables::closed();
    tables.add("fourfold.accounts", ["entity_id", "name", "arr", "owner", "updated_at", "tags"]);
    tables.add("fourfold.tickets", ["ticket_id", "account_entity_id", "is_open", "priority", "created_at"]);
    tables.add("crm.contact", ["id", "email", "account_id"]);
    tables
}

fn resolved(sql: &str) -> Resolved {
    of(sql, SqlDialect::DuckDb)
}

fn of(sql: &str, dialect: SqlDialect) -> Resolved {
    resolve(sql, dialect, &tables()).unwrap_or_else(|faults| panic!("{sql}\n{faults:?}"))
}

/// `name <- table.column, …` of each column.
fn shown(resolved: &Resolved) -> Vec<String> {
    resolved
        .columns
        .iter()
        .map(|column| {
            let origins: Vec<String> = column.provenance.origins.iter().map(ToString::to_string).collect();
            let rows: Vec<String> = column.provenance.rows_of.iter().map(|table| format!("rows of {table}")).collect();
            format!("{} <- {}", column.name, [origins, rows].concat().join(", "))
        })
        .collect()
}

#[test]
fn plain_columns_aliases_and_expressions() {
    let found =
        resolved("select entity_id, a.arr * 12 as yearly, upper(coalesce(name, 'none')) from fourfold.accounts a");
    assert_eq!(
        shown(&found),
        [
            "entity_id <- fourfold.accounts.entity_id",
            "yearly <- fourfold.accounts.arr",
            "upper <- fourfold.accounts.name"
        ]
    );
    let how: Vec<How> = found.columns.iter().map(|column| column.provenance.how).collect();
    assert_eq!(how, [How::Copied, How::Derived, How::Derived]);
}

#[test]
fn common_table_expressions_stars_and_renaming() {
    let found = resolved(
        "with accounts as (select * from fourfold.accounts), open (who, n) as (
             select account_entity_id, count(*) from fourfold.tickets where is_open group by 1
         ), final as (select accounts.* exclude (tags, updated_at), open.n from accounts left join open on open.who = accounts.entity_id)
         select * replace (arr / 12 as arr) from final",
    );
    assert_eq!(
        shown(&found),
        [
            "entity_id <- fourfold.accounts.entity_id",
            "name <- fourfold.accounts.name",
            "arr <- fourfold.accounts.arr",
            "owner <- fourfold.accounts.owner",
            "n <- rows of fourfold.tickets"
        ]
    );
    assert!(found.conditions.iter().any(|origin| origin.to_string() == "fourfold.tickets.is_open"));
    assert!(found.conditions.iter().any(|origin| origin.to_string() == "fourfold.accounts.entity_id"));
}

#[test]
fn joins_that_merge_columns_show_them_once() {
    let found = resolved(
        "select * from (select entity_id as k, arr from fourfold.accounts) a join (select account_entity_id as k, priority from fourfold.tickets) t using (k)",
    );
    assert_eq!(
        shown(&found),
        ["k <- fourfold.accounts.entity_id", "arr <- fourfold.accounts.arr", "priority <- fourfold.tickets.priority"]
    );
    let both = resolved(
        "select k from (select entity_id as k from fourfold.accounts) a full join (select account_entity_id as k from fourfold.tickets) t using (k)",
    );
    assert_eq!(shown(&both), ["k <- fourfold.accounts.entity_id, fourfold.tickets.account_entity_id"]);
}

#[test]
fn unions_go_by_place_or_by_name() {
    let found = resolved(
        "select entity_id as id, name as label from fourfold.accounts union all select id, email from crm.contact",
    );
    assert_eq!(
        shown(&found),
        ["id <- crm.contact.id, fourfold.accounts.entity_id", "label <- crm.contact.email, fourfold.accounts.name"]
    );
    let by_name = resolved(
        "select entity_id as id, name as label from fourfold.accounts union all by name select email as label, id from crm.contact",
    );
    assert_eq!(shown(&found), shown(&by_name));
}

#[test]
fn windows_subqueries_laterals_and_functions_that_make_rows() {
    let found = resolved(
        "select a.entity_id,
                row_number() over (partition by owner order by arr desc) as place,
                sum(arr) over w as of_owner,
                (select max(created_at) from fourfold.tickets t where t.account_entity_id = a.entity_id) as last_ticket,
                exists (select 1 from fourfold.tickets t where t.account_entity_id = a.entity_id and t.is_open) as waits,
                l.n, tag, list_transform(a.tags, x -> lower(x)) as lowered
         from fourfold.accounts a
         cross join lateral (select count(*) as n from fourfold.tickets t where t.account_entity_id = a.entity_id) l
         cross join unnest(a.tags) as u(tag)
         window w as (partition by a.owner)
         qualify place = 1",
    );
    assert_eq!(
        shown(&found),
        [
            "entity_id <- fourfold.accounts.entity_id",
            "place <- fourfold.accounts.arr, fourfold.accounts.owner",
            "of_owner <- fourfold.accounts.arr, fourfold.accounts.owner",
            "last_ticket <- fourfold.tickets.created_at",
            "waits <- fourfold.accounts.entity_id, fourfold.tickets.account_entity_id, fourfold.tickets.is_open",
            "n <- rows of fourfold.tickets",
            "tag <- fourfold.accounts.tags",
            "lowered <- fourfold.accounts.tags"
        ]
    );
    assert_eq!(found.columns[1].provenance.how, How::Aggregated);
}

#[test]
fn the_fields_of_a_structure_are_made_of_its_column() {
    let found = of("select t.entity_id, tags.* from fourfold.accounts t", SqlDialect::BigQuery);
    assert_eq!(shown(&found), ["entity_id <- fourfold.accounts.entity_id", "tags.* <- fourfold.accounts.tags"]);
    let read = of("select label from (select t.tags.* from fourfold.accounts t) fields", SqlDialect::BigQuery);
    assert_eq!(shown(&read), ["label <- fourfold.accounts.tags.label"]);
    let columns = resolved("select columns('a.*'), columns('o.*') from fourfold.accounts");
    assert_eq!(columns.columns.len(), 2);
    let faults = resolve("select tgs.* from fourfold.accounts", SqlDialect::BigQuery, &tables()).unwrap_err();
    assert_eq!(faults.len(), 1);
}

#[test]
fn recursion_pivots_and_parts_of_dates() {
    let recursive = resolved(
        "with recursive up as (
             select entity_id, owner, 1 as depth from fourfold.accounts
             union all select a.entity_id, up.owner, up.depth + 1 from fourfold.accounts a join up on up.entity_id = a.owner
         ) select entity_id, owner from up",
    );
    assert_eq!(shown(&recursive), ["entity_id <- fourfold.accounts.entity_id", "owner <- fourfold.accounts.owner"]);
    let pivot = of(
        "select entity, urgent from (select account_entity_id as entity, priority, ticket_id from fourfold.tickets)
         pivot (count(ticket_id) for priority in ('urgent' as urgent, 'high' as high)) p",
        SqlDialect::Snowflake,
    );
    assert_eq!(
        shown(&pivot),
        [
            "entity <- fourfold.tickets.account_entity_id",
            "urgent <- fourfold.tickets.priority, fourfold.tickets.ticket_id"
        ]
    );
    let dates =
        of("select datediff(day, created_at, current_date) as age from fourfold.tickets", SqlDialect::Snowflake);
    assert_eq!(shown(&dates), ["age <- fourfold.tickets.created_at"]);
}

#[test]
fn every_dialect_reads_its_own_quotes() {
    for (dialect, sql) in [
        (SqlDialect::BigQuery, "select `arr` from `proj`.`fourfold`.`accounts`"),
        (SqlDialect::Snowflake, "select \"ARR\" from DB.FOURFOLD.ACCOUNTS"),
        (SqlDialect::Databricks, "select `arr` from fourfold.accounts"),
        (SqlDialect::Postgres, "select \"arr\"::numeric as arr from \"db\".\"fourfold\".\"accounts\""),
        (SqlDialect::Redshift, "select arr from fourfold.accounts"),
        (SqlDialect::MsSql, "select [arr] from [fourfold].[accounts]"),
    ] {
        assert_eq!(
            of(sql, dialect).reads().iter().map(ToString::to_string).collect::<Vec<_>>(),
            ["fourfold.accounts.arr"]
        );
    }
}

#[test]
fn a_table_of_which_nothing_is_known_is_believed() {
    let found = resolve(
        "with s as (select *, 1 as one from raw.thing) select s.colour, lower(size) as size from s",
        SqlDialect::Generic,
        &Tables::trusting(),
    )
    .unwrap();
    assert_eq!(shown(&found), ["colour <- raw.thing.colour", "size <- raw.thing.size"]);
    let mut tables = Tables::trusting();
    tables.add("fourfold.accounts", ["arr"]);
    tables.close_schema("fourfold");
    assert!(resolve("select x from raw.other", SqlDialect::Generic, &tables).is_ok());
    assert!(resolve("select x from fourfold.acounts", SqlDialect::Generic, &tables).is_err());
}
