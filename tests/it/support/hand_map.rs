//! A source map written by hand, so that resolution is tested on its own.

use fourfold::catalog::Role;
use fourfold::chart::source_map::{ColumnEntry, ColumnProfile, Origin, SourceEntry, SourceMap, TableEntry};
use fourfold::ident::{SourceId, Surface};
use fourfold::warehouse::Warehouse;

/// A table: name, role, key, version column, and `column = concept` parts; `>system` behind a concept is a reference.
pub struct Sheet(pub &'static str, pub Role, pub &'static str, pub &'static str, pub &'static str);

/// A source: schema, surface, system, tables.
pub struct Source(pub &'static str, pub Surface, pub &'static str, pub Vec<Sheet>);

/// The map of what the warehouse holds of these sources.
pub fn map(warehouse: &dyn Warehouse, sources: &[Source]) -> SourceMap {
    let mut entries: Vec<SourceEntry> = sources
        .iter()
        .map(|Source(schema, surface, system, sheets)| SourceEntry {
            id: SourceId::new(*schema),
            surface: *surface,
            schema: (*schema).to_owned(),
            system: Some((*system).to_owned()),
            confidence: 1.0,
            loader: Some("fivetran".to_owned()),
            tables: tables(warehouse, schema, sheets),
        })
        .collect();
    entries.sort_by(|one, other| one.id.cmp(&other.id));
    SourceMap { sources: entries }
}

fn tables(warehouse: &dyn Warehouse, schema: &str, sheets: &[Sheet]) -> Vec<TableEntry> {
    let shapes = warehouse.tables(schema).unwrap();
    let mut found: Vec<TableEntry> = sheets
        .iter()
        .filter_map(|Sheet(name, role, key, version, concepts)| {
            let shape = shapes.iter().find(|shape| shape.name.table == *name)?;
            let columns = shape
                .columns
                .iter()
                .map(|column| {
                    let meaning = concepts
                        .split_whitespace()
                        .find_map(|part| part.strip_prefix(&format!("{}=", column.name)))
                        .unwrap_or("");
                    let (concept, refers_to) = meaning.split_once('>').unwrap_or((meaning, ""));
                    let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
                    ColumnEntry {
                        name: column.name.clone(),
                        kind: column.kind,
                        concept: some(concept).map(|property| format!("{role}.{property}")),
                        origin: some(meaning).map(|_| Origin::CatalogName),
                        confidence: 1.0,
                        refers_to: some(refers_to),
                        units_per_currency_unit: None,
                        profile: ColumnProfile::default(),
                    }
                })
                .collect();
            let has = |name: &str| shape.columns.iter().any(|column| column.name == name);
            let flags = |names: &[&str]| names.iter().filter(|n| has(n)).map(|n| (*n).to_owned()).collect();
            Some(TableEntry {
                name: shape.name.clone(),
                role: *role,
                system_table: Some((*name).to_owned()),
                origin: Origin::CatalogName,
                confidence: 1.0,
                primary_key: key.split(',').filter(|part| !part.is_empty()).map(str::to_owned).collect(),
                version_column: Some((*version).to_owned()).filter(|version| !version.is_empty()),
                synced_column: None,
                sync_id_column: None,
                deleted_columns: flags(&["is_deleted", "_fivetran_deleted"]),
                active_columns: flags(&["_fivetran_active"]),
                rows: 0,
                newest_sync: None,
                columns,
            })
        })
        .collect();
    found.sort_by(|one, other| one.name.cmp(&other.name));
    found
}

/// The demo company's sources.
pub fn demo() -> Vec<Source> {
    let stripe = |schema| {
        Source(
            schema,
            Surface::Billing,
            "stripe",
            vec![
                Sheet(
                    "customer",
                    Role::Account,
                    "id",
                    "",
                    "id=id email=email name=name phone=phone address_line_1=street address_city=city \
                     address_state=region address_postal_code=postal_code address_country=country \
                     livemode=live_mode metadata=metadata created=created_at description=description",
                ),
                Sheet("subscription", Role::Subscription, "id", "", "customer_id=account_id metadata=metadata"),
                Sheet(
                    "invoice",
                    Role::Invoice,
                    "id",
                    "",
                    "customer_id=account_id subscription_id=subscription_id metadata=metadata",
                ),
            ],
        )
    };
    vec![
        Source(
            "salesforce",
            Surface::Crm,
            "salesforce",
            vec![
                Sheet(
                    "account",
                    Role::Account,
                    "id",
                    "",
                    "id=id name=name website=website phone=phone billing_street=street billing_city=city \
                     billing_state=region billing_postal_code=postal_code billing_country=country parent_id=parent_id \
                     master_record_id=merged_into owner_id=owner_id type=status industry=industry \
                     created_date=created_at last_modified_date=updated_at stripe_customer_id_c=external_id>stripe",
                ),
                Sheet(
                    "contact",
                    Role::Person,
                    "id",
                    "",
                    "id=id account_id=account_id name=name first_name=given_name last_name=family_name email=email \
                     phone=phone mobile_phone=phone title=title master_record_id=merged_into created_date=created_at \
                     last_modified_date=updated_at",
                ),
                Sheet(
                    "lead",
                    Role::Person,
                    "id",
                    "",
                    "id=id name=name first_name=given_name last_name=family_name email=email phone=phone title=title \
                     company=company_name converted_account_id=converted_account_id \
                     converted_contact_id=converted_person_id created_date=created_at last_modified_date=updated_at",
                ),
                Sheet("opportunity", Role::Opportunity, "id", "", "account_id=account_id"),
                Sheet("user", Role::Owner, "id", "", "id=id name=name email=email"),
            ],
        ),
        stripe("stripe_eu"),
        stripe("stripe_us"),
        Source(
            "zendesk",
            Surface::Support,
            "zendesk",
            vec![
                Sheet(
                    "organization",
                    Role::Account,
                    "id",
                    "",
                    "id=id name=name external_id=external_id created_at=created_at updated_at=updated_at",
                ),
                Sheet(
                    "domain_name",
                    Role::AccountDomain,
                    "organization_id,index",
                    "",
                    "organization_id=account_id domain_name=domain",
                ),
                Sheet(
                    "user",
                    Role::Person,
                    "id",
                    "",
                    "id=id name=name email=email phone=phone organization_id=account_id role=role \
                     created_at=created_at updated_at=updated_at",
                ),
                Sheet("ticket", Role::Ticket, "id", "", "organization_id=account_id requester_id=person_id"),
            ],
        ),
        Source(
            "product",
            Surface::Product,
            "segment",
            vec![
                Sheet(
                    "groups",
                    Role::Account,
                    "id",
                    "",
                    "id=id name=name domain=domain country=country plan=plan created_at=created_at \
                     salesforce_account_id=external_id>salesforce",
                ),
                Sheet(
                    "users",
                    Role::Person,
                    "id",
                    "",
                    "id=id email=email name=name group_id=account_id role=role created_at=created_at",
                ),
            ],
        ),
    ]
}
