//! How are the interview's questions asked line by line, and what would each answer change in words?

use std::io::{BufRead, Write};

use jiff::civil::Date;

use crate::chart::interview::Question;
use crate::chart::interview::answer::{Reply, accepts, asks_for};
use crate::engine::desk::{Desk, Look};
use crate::engine::preview::{Canceller, FieldChange, Preview};
use crate::error::{Context as _, Error, ErrorKind, Result};
use crate::progress::{CancelToken, Progress};
use crate::tui::{text, words};

/// Who asks, and with what.
pub struct Asking<'a> {
    /// The workspace's questions.
    pub desk: &'a Desk,
    /// Who answers.
    pub reviewer: String,
    /// Is given what stops the running statement of a preview.
    pub on_connect: &'a dyn Fn(Canceller),
    /// Told how far a preview is.
    pub progress: &'a dyn Progress,
    /// Stops a preview.
    pub cancel: &'a CancelToken,
}

/// What came of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct InterviewReport {
    /// Answers saved and not taken back.
    pub answered: u64,
    /// Questions still open.
    pub left: u64,
}

/// Changed values listed by name.
const SAMPLE: usize = 5;

/// The option behind what was typed: its number, or its words in any case.
#[must_use]
pub fn option(question: &Question, typed: &str) -> Option<String> {
    let typed = typed.trim();
    let by_number = typed.parse::<usize>().ok().and_then(|number| question.options.get(number.checked_sub(1)?));
    let by_words = || question.options.iter().find(|option| option.eq_ignore_ascii_case(typed));
    by_number.or_else(by_words).cloned()
}

/// An amount with its currency.
#[must_use]
pub fn money(sum: f64, currency: &str) -> String {
    words::money(sum, Some(currency).filter(|currency| !currency.is_empty()))
}

fn sums(sums: &[(String, f64)]) -> String {
    let parts: Vec<String> = sums.iter().map(|(currency, sum)| money(*sum, currency)).collect();
    parts.join(" + ")
}

/// A question with its answers.
#[must_use]
pub fn question_lines(question: &Question) -> Vec<String> {
    let stake = if question.money.is_empty() { String::new() } else { format!(", {} a year", sums(&question.money)) };
    let hangs = match &question.place {
        crate::chart::interview::Place::Conflicts { .. } => words::counted(question.weight, "conflict", "conflicts"),
        _ => words::counted(question.weight, "row", "rows"),
    };
    let mut lines = vec![
        format!("{}  {}", question.id, text::clean(&question.text)),
        format!("  decides {} ({hangs}{stake})", question.effect.words()),
    ];
    lines.extend(
        question
            .options
            .iter()
            .enumerate()
            .map(|(number, option)| format!("  {}  {}", number + 1, text::clean(option))),
    );
    lines
}

/// What an answer would do at once.
#[must_use]
pub fn look_lines(question: &Question, look: &Look) -> Vec<String> {
    let mut lines = Vec::new();
    if look.closes > 0 {
        let stake = if look.money.is_empty() { String::new() } else { format!(", {} at stake", sums(&look.money)) };
        lines.push(format!("At once: {} closed{stake}.", words::counted(look.closes, "conflict is", "conflicts are")));
    }
    if !look.examples.is_empty() {
        let examples: Vec<String> = look.examples.iter().map(|label| text::clean(label)).collect();
        lines.push(format!("Among them: {}.", examples.join(", ")));
    }
    if look.at_next_run {
        lines.push(format!("At the next run it changes {}.", question.effect.words()));
    }
    if look.lines.is_empty() {
        lines.push("fourfold.toml stays as it is.".to_owned());
    } else {
        lines.push("In fourfold.toml:".to_owned());
        lines.extend(look.lines.iter().map(|line| format!("  {}", text::clean(line))));
    }
    lines
}

/// What other rules would change in the joined model and its conflicts.
#[must_use]
pub fn preview_lines(preview: &Preview) -> Vec<String> {
    let mut lines = vec![format!("Compared with {}:", preview.against)];
    if preview.is_empty() {
        lines.push("nothing would change".to_owned());
        return lines;
    }
    for (what, (before, after)) in [("accounts", preview.accounts), ("people", preview.people)] {
        if before != after {
            lines.push(format!("{what}: {} instead of {}", words::count(after), words::count(before)));
        }
    }
    if let Some((before, after)) = preview.to_review.filter(|(before, after)| before != after) {
        lines.push(format!("pairs to review: {} instead of {}", words::count(after), words::count(before)));
    }
    for change in &preview.conflicts {
        let mut said = Vec::new();
        if change.closed > 0 {
            let stake = if change.money.is_empty() { String::new() } else { format!(" ({})", sums(&change.money)) };
            said.push(format!("{} close{stake}", words::count(change.closed)));
        }
        if change.opened > 0 {
            said.push(format!("{} open", words::count(change.opened)));
        }
        lines.push(format!("{}: {}", text::clean(&change.kind), said.join(", ")));
    }
    for change in &preview.fields {
        lines.push(field_line(change));
        for flip in change.sample.iter().take(SAMPLE) {
            let side = |value: &Option<String>, source: &str| {
                let value = value.as_deref().map_or_else(|| "nothing".to_owned(), text::clean);
                if source.is_empty() { value } else { format!("{value} ({})", text::clean(source)) }
            };
            let personal = change.field.starts_with("people.") || change.field == "accounts.owner_email";
            let line = if personal {
                format!("  {}: a value of {} instead of one of {}", flip.entity, flip.to, flip.from)
            } else {
                format!(
                    "  {}: {} instead of {}",
                    text::clean(&flip.label),
                    side(&flip.after, &flip.to),
                    side(&flip.before, &flip.from)
                )
            };
            lines.push(line);
        }
        let shown = change.sample.len().min(SAMPLE) as u64;
        let all = change.changed + change.filled + change.emptied;
        if all > shown {
            lines.push(format!("  and {} more", words::count(all - shown)));
        }
    }
    lines
}

fn field_line(change: &FieldChange) -> String {
    let mut said = Vec::new();
    for (count, word) in [(change.changed, "change"), (change.filled, "are new"), (change.emptied, "are gone")] {
        if count > 0 {
            said.push(format!("{} {word}", words::count(count)));
        }
    }
    for (currency, before, after) in &change.money {
        said.push(format!("{} instead of {}", money(*after, currency), money(*before, currency)));
    }
    format!("{}: {}", text::clean(&change.field), said.join(", "))
}

/// Asks the open questions one after the other until the input ends or the person quits.
///
/// # Errors
/// `NotFound` before the first run; `Config` when the file is wrong; `Io` when nothing can be printed.
pub fn interview(asking: &Asking<'_>, input: &mut dyn BufRead, out: &mut dyn Write) -> Result<InterviewReport> {
    let mut sitting = Sitting { asking, input, out, saved: Vec::new() };
    sitting.all()
}

struct Sitting<'a, 'b> {
    asking: &'a Asking<'b>,
    input: &'a mut dyn BufRead,
    out: &'a mut dyn Write,
    /// Questions answered in this sitting, the latest last.
    saved: Vec<String>,
}

/// What to do after a question.
enum Next {
    Question,
    Again,
    End,
}

const KEYS: &str = "a number answers, p and a number previews, s passes over, z takes the last answer back, q quits";

impl Sitting<'_, '_> {
    fn all(&mut self) -> Result<InterviewReport> {
        let mut passed: Vec<String> = Vec::new();
        loop {
            let open = self.asking.desk.asked()?.open;
            let Some(question) = open.iter().find(|question| !passed.contains(&question.id)) else { break };
            self.say("")?;
            self.say(&format!("{} open.", words::counted(open.len() as u64, "question is", "questions are")))?;
            for line in question_lines(question) {
                self.say(&line)?;
            }
            match self.ask(question)? {
                Next::Question => passed.push(question.id.clone()),
                Next::Again => {}
                Next::End => break,
            }
        }
        let left = self.asking.desk.asked()?.open.len() as u64;
        let answered = self.saved.len() as u64;
        let next = if answered > 0 { " `fourfold run` follows them." } else { "" };
        self.say(&format!(
            "{} saved, {} left.{next}",
            words::counted(answered, "answer", "answers"),
            words::count(left)
        ))?;
        Ok(InterviewReport { answered, left })
    }

    fn ask(&mut self, question: &Question) -> Result<Next> {
        loop {
            let Some(typed) = self.read(&format!("Your answer ({KEYS}):"))? else { return Ok(Next::End) };
            let (preview, rest) = match typed.split_once(char::is_whitespace) {
                Some(("p" | "preview", rest)) => (true, rest.trim()),
                _ => (false, typed.as_str()),
            };
            match rest {
                "" => continue,
                "s" | "skip" => return Ok(Next::Question),
                "q" | "quit" => return Ok(Next::End),
                "z" | "undo" => return self.take_back(),
                _ => {}
            }
            let Some(option) = option(question, rest) else {
                self.say(&format!("`{}` is no answer.", text::clean_upto(rest, 40)))?;
                continue;
            };
            let Some(reply) = self.reply(question, option)? else { return Ok(Next::End) };
            let done = if preview { self.preview(&reply).map(|()| false) } else { self.save(question, reply) };
            match done {
                Ok(true) => return Ok(Next::Again),
                Ok(false) => {}
                // A mistake of the answer is said, and the question asked again; nothing was written.
                Err(error) if matches!(error.kind, ErrorKind::Config | ErrorKind::Data | ErrorKind::Locked) => {
                    self.complain(&error)?;
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// Asks what an answer needs besides; None when the input ended.
    fn reply(&mut self, question: &Question, option: String) -> Result<Option<Reply>> {
        let mut reply = Reply {
            question: question.id.clone(),
            who: self.asking.reviewer.clone(),
            answer: option,
            ..Reply::default()
        };
        if let Some(wanted) = asks_for(question, &reply.answer) {
            let Some(text) = self.read(&format!("Which is it? ({wanted}):"))? else { return Ok(None) };
            reply.text = text;
        }
        if accepts(&reply.answer) {
            loop {
                let Some(day) = self.read("Until which day? (such as 2026-12-31; empty as the answer says):")? else {
                    return Ok(None);
                };
                match day.parse::<Date>() {
                    _ if day.is_empty() => break,
                    Ok(until) => {
                        reply.until = Some(until);
                        break;
                    }
                    Err(_) => self.say(&format!("`{}` is no day.", text::clean_upto(&day, 40)))?,
                }
            }
        }
        Ok(Some(reply))
    }

    fn preview(&mut self, reply: &Reply) -> Result<()> {
        let asking = self.asking;
        let preview = asking.desk.preview(reply, asking.on_connect, asking.progress, asking.cancel)?;
        for line in preview_lines(&preview) {
            self.say(&line)?;
        }
        Ok(())
    }

    /// Shows what would change and saves on yes; says whether it was saved.
    fn save(&mut self, question: &Question, mut reply: Reply) -> Result<bool> {
        let Some(why) = self.read("Why? (kept beside the rule; may be empty):")? else { return Ok(false) };
        reply.why = why;
        let look = self.asking.desk.look_at(&reply)?;
        for line in look_lines(question, &look) {
            self.say(&line)?;
        }
        loop {
            match self.read("Save it? (y yes, n no, p preview of every value that changes):")?.as_deref() {
                Some("y" | "yes") => {
                    self.asking.desk.answer(&reply)?;
                    self.saved.push(reply.question);
                    self.say("Saved.")?;
                    return Ok(true);
                }
                Some("p" | "preview") => self.preview(&reply)?,
                Some("n" | "no") | None => {
                    self.say("Not saved.")?;
                    return Ok(false);
                }
                Some(_) => {}
            }
        }
    }

    fn take_back(&mut self) -> Result<Next> {
        match self.saved.pop() {
            Some(question) => {
                self.asking.desk.withdraw(&question)?;
                self.say(&format!("Taken back: the answer to {question}."))?;
            }
            None => {
                self.say("Nothing was saved in this sitting; `fourfold interview withdraw ID` takes others back.")?;
            }
        }
        Ok(Next::Again)
    }

    fn complain(&mut self, error: &Error) -> Result<()> {
        self.say(&text::clean(&error.message))?;
        for hint in &error.hints {
            self.say(&format!("hint: {}", text::clean(hint)))?;
        }
        Ok(())
    }

    fn read(&mut self, question: &str) -> Result<Option<String>> {
        self.say(question)?;
        let mut line = String::new();
        let read = self.input.read_line(&mut line).context(ErrorKind::Io, || "cannot read your answer".to_owned())?;
        Ok((read > 0).then(|| line.trim().to_owned()))
    }

    fn say(&mut self, line: &str) -> Result<()> {
        let said = writeln!(self.out, "{line}").and_then(|()| self.out.flush());
        said.context(ErrorKind::Io, || "cannot print".to_owned())
    }
}
