//! A field walks back to its rows.
