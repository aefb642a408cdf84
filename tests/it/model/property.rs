//! For every published cell: walking its lineage and applying its rule gives the value again.
