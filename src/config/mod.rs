//! What did the team decide about this workspace?
