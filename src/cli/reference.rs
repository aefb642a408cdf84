//! What does the page of all commands say?
//!
//! `assets/reference/commands.md` is made from the same definitions that parse the command line; a test fails when the
//! page is stale.

use std::fmt::Write;

use clap::CommandFactory;

use super::Arguments;

/// The reference of every command, as Markdown.
#[must_use]
pub fn reference() -> String {
    let mut page = String::from(
        "# Commands\n\nMade from the program's own definitions; `fourfold help COMMAND` prints the same.\n",
    );
    let mut root = Arguments::command().term_width(100);
    root.build();
    section(&mut page, &mut root, 2);
    page
}

fn section(page: &mut String, command: &mut clap::Command, depth: usize) {
    let name = command.get_bin_name().unwrap_or(command.get_name()).to_owned();
    let help = command.render_long_help().to_string();
    let help: Vec<&str> = help.lines().map(str::trim_end).collect();
    // Writing to a string cannot fail.
    let _ = write!(page, "\n{} `{name}`\n\n```text\n{}\n```\n", "#".repeat(depth), help.join("\n").trim_end());
    let names: Vec<String> = command
        .get_subcommands()
        .filter(|sub| sub.get_name() != "help" && !sub.is_hide_set())
        .map(|sub| sub.get_name().to_owned())
        .collect();
    for name in names {
        if let Some(sub) = command.find_subcommand_mut(&name) {
            let mut sub = sub.clone().term_width(100);
            section(page, &mut sub, depth + 1);
        }
    }
}
