//! Where does a deep link lead?

use clap::Args;

use super::Session;
use super::ui::{self, Opening};
use crate::error::{Error, Result};
use crate::tui::Screen;

/// `fourfold open`.
#[derive(Debug, Args)]
pub(crate) struct OpenArgs {
    /// The link: `fourfold://map`, `fourfold://review/<pair>`, `fourfold://trace`, `fourfold://plays`, `fourfold://drift`,
    /// `fourfold://log`.
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
    let pair = (screen == Screen::Review && !rest.is_empty()).then(|| rest.trim_end_matches('/').to_owned());
    Ok(Opening { screen: Some(screen), pair, ..Opening::default() })
}
