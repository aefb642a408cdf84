//! What does `fourfold interview` ask, and how is it answered?

mod print;

use std::io::{BufReader, BufWriter, IsTerminal, Write};

use clap::{Args, Subcommand};
use jiff::civil::Date;

use super::narrate::{Narrator, line as say};
use super::signals::Interrupts;
use super::ui::{self, Opening};
use super::{Session, output, reviewer};
use crate::chart::interview::answer::Reply;
use crate::engine::desk::Desk;
use crate::error::{Context, Error, ErrorKind, Result};
use crate::tui::Screen;
use crate::tui::plain::interview as plain;

pub(crate) use print::{money, preview as print_preview};

/// `fourfold interview`.
#[derive(Debug, Args)]
pub(crate) struct InterviewArgs {
    #[command(subcommand)]
    what: Option<What>,
    /// Ask line by line instead of opening the UI: for screen readers, pipes and slow links.
    #[arg(long)]
    plain: bool,
    /// Print JSON.
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Show the open questions with their ids and answers.
    List {
        /// Answered questions too.
        #[arg(long)]
        all: bool,
    },
    /// Answer a question; the answer becomes a rule in fourfold.toml.
    Answer(AnswerArgs),
    /// Take an answer and its rules out of fourfold.toml again.
    Withdraw {
        /// The question's id; its first characters are enough.
        id: String,
        /// Show what it would change, with the steps of a run, and write nothing.
        #[arg(long)]
        preview: bool,
    },
}

#[derive(Debug, Args)]
struct AnswerArgs {
    /// The question's id; its first characters are enough.
    id: String,
    /// One of its answers, or the answer's number.
    answer: String,
    /// What an answer such as `something else` asks for: a role, a concept, the columns of a key.
    #[arg(long, value_name = "WORDS", default_value = "", hide_default_value = true)]
    text: String,
    /// The last day on which a difference is accepted, such as 2026-12-31.
    #[arg(long, value_name = "DAY")]
    until: Option<Date>,
    /// Why, in your words; it stands beside the rule.
    #[arg(long, value_name = "WORDS", default_value = "", hide_default_value = true)]
    why: String,
    /// Show what it would change, with the steps of a run, and write nothing.
    #[arg(long)]
    preview: bool,
}

/// Asks, lists, answers or withdraws.
pub(crate) fn run(session: &Session, arguments: &InterviewArgs) -> Result<u8> {
    let workspace = session.workspace()?;
    let desk = Desk::new(&workspace.root, session.threads(), session.patience);
    match &arguments.what {
        Some(What::List { all }) => print::list(&desk.asked()?, *all, arguments.json),
        Some(What::Answer(answer)) => self::answer(session, &desk, answer, arguments.json),
        Some(What::Withdraw { id, preview: true }) => {
            let preview = with_progress(session, |on_connect, narrator, cancel| {
                desk.preview_withdrawal(id, on_connect, narrator, cancel)
            })?;
            print::preview(&preview, arguments.json)
        }
        Some(What::Withdraw { id, preview: false }) => {
            let written = desk.withdraw(id)?;
            print::written(&written, arguments.json)
        }
        None if arguments.json => print::list(&desk.asked()?, true, true),
        None if arguments.plain => ask(session, &desk),
        None if !std::io::stdin().is_terminal() || !std::io::stdout().is_terminal() => {
            Err(Error::config("the terminal UI needs a terminal")
                .hint("`fourfold interview --plain` asks line by line")
                .hint("`fourfold interview list` shows the questions, `fourfold interview answer` takes an answer"))
        }
        None => ui::run(session, Opening { screen: Some(Screen::Map), interview: true, ..Opening::default() }),
    }
}

fn ask(session: &Session, desk: &Desk) -> Result<u8> {
    let mut out = BufWriter::new(std::io::stdout().lock());
    let mut input = BufReader::new(std::io::stdin().lock());
    let interrupts = Interrupts::watch()?;
    let narrator = Narrator::new(session.quiet);
    let on_connect = |canceller| interrupts.stop_statements(canceller);
    let token = interrupts.token();
    let asking =
        plain::Asking { desk, reviewer: reviewer(), on_connect: &on_connect, progress: &narrator, cancel: &token };
    plain::interview(&asking, &mut input, &mut out)?;
    out.flush().context(ErrorKind::Io, || "cannot write to standard output".to_owned())?;
    Ok(0)
}

fn answer(session: &Session, desk: &Desk, arguments: &AnswerArgs, json: bool) -> Result<u8> {
    let question = desk.question(&arguments.id)?;
    let reply = Reply {
        question: question.id.clone(),
        answer: plain::option(&question, &arguments.answer).unwrap_or_else(|| arguments.answer.clone()),
        text: arguments.text.clone(),
        until: arguments.until,
        who: reviewer(),
        when: String::new(),
        why: arguments.why.clone(),
    };
    let look = desk.look_at(&reply)?;
    if arguments.preview {
        if !json {
            print::look(&question, &look)?;
        }
        let preview =
            with_progress(session, |on_connect, narrator, cancel| desk.preview(&reply, on_connect, narrator, cancel))?;
        return print::preview(&preview, json);
    }
    let written = desk.answer(&reply)?;
    if look.at_next_run && !json {
        say("the next run follows it; `fourfold run`");
    }
    print::written(&written, json)
}

/// Runs what takes its time with progress and Ctrl-C.
pub(crate) fn with_progress<T>(
    session: &Session,
    work: impl FnOnce(&dyn Fn(crate::warehouse::Canceller), &Narrator, &crate::progress::CancelToken) -> Result<T>,
) -> Result<T> {
    let narrator = Narrator::new(session.quiet);
    let interrupts = Interrupts::watch()?;
    let token = interrupts.token();
    let outcome = work(&|canceller| interrupts.stop_statements(canceller), &narrator, &token);
    if outcome.is_ok() {
        narrator.finish();
    }
    // A statement stopped by Ctrl-C reports itself as the engine's failure; say what it was.
    outcome.map_err(|error| if token.is_cancelled() { Error::cancelled() } else { error })
}

/// JSON of anything, with exit code 0.
pub(crate) fn json_done(value: &impl serde::Serialize) -> Result<u8> {
    output::json(value).map(|()| 0)
}
