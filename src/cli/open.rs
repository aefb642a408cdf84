//! Where does a deep link lead?

use clap::Args;

use super::Session;
use super::ui::{self, Opening};
use crate::error::{Error, Result};
use crate::tui::Screen;

/// `fourfold open`.
#[derive(Debug, Args)]
pub(crate) struct OpenArgs {
    /// The link: `fourfold://map`, `fourfold://review/<pair>`, `fourfold://trace/<entity>/<field>`, `fourfold://plays`,
    /// `fourfold://drift`, `fourfold://log`.
    link: String,
}

/// Opens the UI where the link leads.
pub(crate) fn run(session: &Session, arguments: &OpenArgs) -> Result<u8> {
    ui::run(session, parse(&arguments.link)?)
}

fn parse(link: &str) -> Result<Opening> {
    let wrong = || {
        Error::config(format!("{link:?} is no link of fourfold"))
            .hint("links look like fourfold://review/p0123456789abcdef; `y` in the UI copies one")
    };
    let path = link.strip_prefix("fourfold://").ok_or_else(wrong)?;
    let (screen, rest) = path.split_once('/').unwrap_or((path, ""));
    let screen = match screen {
        "map" => Screen::Map,
        "review" => Screen::Review,
        "trace" => Screen::Trace,
        "plays" => Screen::Plays,
        "drift" => Screen::Drift,
        "log" => Screen::Log,
        _ => return Err(wrong()),
    };
    let cell = (screen == Screen::Trace && !rest.is_empty()).then(|| {
        let (entity, field) = rest.trim_end_matches('/').split_once('/').unwrap_or((rest.trim_end_matches('/'), ""));
        let entity = entity.strip_prefix("account:").or(entity.strip_prefix("person:")).unwrap_or(entity);
        (entity.to_owned(), (!field.is_empty()).then(|| field.to_owned()))
    });
    if let Some((entity, _)) = &cell
        && !entity.starts_with("acc_")
        && !entity.starts_with("per_")
    {
        return Err(Error::config(format!("{link:?} names no account and no person by its id"))
            .hint("ids begin with acc_ or per_; `fourfold trace NAME FIELD` looks names up and walks rows too"));
    }
    let pair = (screen == Screen::Review && !rest.is_empty()).then(|| rest.trim_end_matches('/').to_owned());
    Ok(Opening { screen: Some(screen), pair, cell, ..Opening::default() })
}
