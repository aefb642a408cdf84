//! How does one field walk back to its rows?
