//! How is YAML written in somebody's own style, and changed without touching what is not meant?

use std::ops::Range;

/// A piece of YAML.
#[derive(Debug, Clone, PartialEq)]
pub enum Yaml {
    /// A mapping, in order.
    Map(Vec<(String, Yaml)>),
    /// A list.
    List(Vec<Yaml>),
    /// A text, quoted where it must be.
    Text(String),
    /// A number or truth, as it is.
    Plain(String),
    /// A mapping on one line.
    Flow(Vec<(String, Yaml)>),
}

/// The habits of a repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// Blanks to a level.
    pub step: usize,
    /// Whether lists stand one level in from their key.
    pub lists_indented: bool,
    /// Whether a blank line stands between the items of long lists.
    pub spaced: bool,
}

impl Default for Style {
    fn default() -> Self {
        Self { step: 2, lists_indented: true, spaced: true }
    }
}

impl Style {
    /// The habits that most lines of some texts follow.
    #[must_use]
    pub fn of<'a>(texts: impl Iterator<Item = &'a str>) -> Self {
        let (mut two, mut four, mut inside, mut flush, mut spaced, mut tight) = (0, 0, 0, 0, 0, 0);
        for text in texts {
            let lines: Vec<&str> = text.lines().filter(|line| !line.trim_start().starts_with('#')).collect();
            let mut before: Option<&str> = None;
            for (place, line) in lines.iter().enumerate() {
                if line.trim().is_empty() {
                    continue;
                }
                if let Some(above) = before.filter(|above| above.trim_end().ends_with(':')) {
                    let key = depth(above) + if above.trim_start().starts_with("- ") { 2 } else { 0 };
                    let deeper = depth(line).saturating_sub(key);
                    if line.trim_start().starts_with("- ") {
                        if deeper == 0 { flush += 1 } else { inside += 1 }
                    }
                    match deeper {
                        2 => two += 1,
                        4 => four += 1,
                        _ => {}
                    }
                }
                if line.trim_start().starts_with("- name:")
                    && before.is_some_and(|above| !above.trim_end().ends_with(':'))
                {
                    if place > 0 && lines[place - 1].trim().is_empty() { spaced += 1 } else { tight += 1 }
                }
                before = Some(line);
            }
        }
        let usual = Self::default();
        Self {
            step: if four > two { 4 } else { usual.step },
            lists_indented: if flush > inside { false } else { usual.lists_indented },
            spaced: if tight > spaced { false } else { usual.spaced },
        }
    }

    fn list_at(self, key: usize) -> usize {
        if self.lists_indented { key + self.step } else { key }
    }
}

fn depth(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

/// A text as a YAML scalar.
fn scalar(text: &str) -> String {
    let plain = !text.is_empty()
        && text.chars().all(|letter| letter.is_alphanumeric() || " _-./()%,'".contains(letter))
        && text.starts_with(|first: char| first.is_alphabetic() || first == '_')
        && !text.ends_with(' ')
        && !["true", "false", "null", "yes", "no", "on", "off", "y", "n", "nan", "inf"]
            .contains(&text.to_lowercase().as_str());
    if plain { text.to_owned() } else { serde_json::Value::from(text).to_string() }
}

fn inline(value: &Yaml) -> String {
    match value {
        Yaml::Text(text) if text.contains([',', '(', ')', '\'']) => serde_json::Value::from(text.as_str()).to_string(),
        Yaml::Text(text) => scalar(text),
        Yaml::Plain(text) => text.clone(),
        Yaml::Map(entries) | Yaml::Flow(entries) => {
            let entries: Vec<String> = entries.iter().map(|(key, value)| format!("{key}: {}", inline(value))).collect();
            format!("{{{}}}", entries.join(", "))
        }
        Yaml::List(items) => format!("[{}]", items.iter().map(inline).collect::<Vec<_>>().join(", ")),
    }
}

/// The lines of an item of a list, at a depth.
#[must_use]
pub fn item_lines(item: &Yaml, at: usize, style: Style) -> Vec<String> {
    let blank = " ".repeat(at);
    match item {
        Yaml::Map(entries) => {
            let mut lines = Vec::new();
            for (key, value) in entries {
                lines.extend(entry_lines(key, value, at + 2, style));
            }
            if let Some(first) = lines.first_mut() {
                *first = format!("{blank}- {}", first.trim_start());
            }
            lines
        }
        other => vec![format!("{blank}- {}", inline(other))],
    }
}

/// The lines of a key with its value, at a depth. Long texts are folded.
#[must_use]
pub fn entry_lines(key: &str, value: &Yaml, at: usize, style: Style) -> Vec<String> {
    let blank = " ".repeat(at);
    match value {
        Yaml::Text(text) if text.len() + key.len() + at > 100 || text.contains('\n') => {
            let mut lines = vec![format!("{blank}{key}: >-")];
            let deeper = " ".repeat(at + style.step);
            let mut line = String::new();
            for word in text.split_whitespace() {
                if !line.is_empty() && line.len() + word.len() + deeper.len() + 1 > 100 {
                    lines.push(format!("{deeper}{line}"));
                    line.clear();
                }
                if !line.is_empty() {
                    line.push(' ');
                }
                line.push_str(word);
            }
            lines.push(format!("{deeper}{line}"));
            lines
        }
        Yaml::Map(entries) if !entries.is_empty() => {
            let mut lines = vec![format!("{blank}{key}:")];
            for (key, value) in entries {
                lines.extend(entry_lines(key, value, at + style.step, style));
            }
            lines
        }
        Yaml::List(items) if !items.is_empty() => {
            let mut lines = vec![format!("{blank}{key}:")];
            for item in items {
                lines.extend(item_lines(item, style.list_at(at), style));
            }
            lines
        }
        Yaml::Text(text) => vec![format!("{blank}{key}: {}", scalar(text))],
        other => vec![format!("{blank}{key}: {}", inline(other))],
    }
}

/// A text as lines with their ends, so that what is not changed keeps its bytes.
struct Lines {
    lines: Vec<String>,
    end: &'static str,
}

impl Lines {
    fn new(text: &str) -> Self {
        let mut lines: Vec<String> = text.split_inclusive('\n').map(str::to_owned).collect();
        let windows = lines.iter().filter(|line| line.ends_with("\r\n")).count();
        let end = if windows * 2 > lines.len() { "\r\n" } else { "\n" };
        if let Some(last) = lines.last_mut().filter(|last| !last.ends_with('\n')) {
            last.push_str(end);
        }
        Self { lines, end }
    }

    fn bare(&self, place: usize) -> &str {
        self.lines[place].trim_end()
    }

    fn is_empty(&self, place: usize) -> bool {
        let bare = self.bare(place).trim_start();
        bare.is_empty() || bare.starts_with('#')
    }

    fn put(&mut self, range: Range<usize>, new: Vec<String>) {
        let end = self.end;
        self.lines.splice(range, new.into_iter().map(|line| format!("{line}{end}")));
    }

    /// The lines of a key's value: from the line after `key:` at a depth to the next line that is no deeper.
    fn section(&self, within: Range<usize>, at: usize, key: &str) -> Option<(usize, Range<usize>)> {
        let wanted = format!("{key}:");
        let head = within.clone().find(|place| {
            let bare = self.bare(*place);
            let own = bare.trim_start();
            let first = own.strip_prefix("- ").unwrap_or(own);
            let depth = depth(bare) + (own.len() - first.len());
            depth == at && (first == wanted || first.starts_with(&format!("{wanted} #")))
        })?;
        let mut end = head + 1;
        for place in head + 1..within.end {
            if self.is_empty(place) {
                continue;
            }
            let bare = self.bare(place);
            let deeper =
                depth(bare) > at || (depth(bare) == at && bare.trim_start().starts_with("- ") && at + 2 > depth(bare));
            if !deeper {
                break;
            }
            end = place + 1;
        }
        Some((head, head + 1..end))
    }

    /// The items of a list: each from its dash to its last line.
    fn items(&self, section: &Range<usize>) -> (Option<usize>, Vec<Range<usize>>) {
        let Some(first) = section.clone().find(|place| !self.is_empty(*place)) else { return (None, Vec::new()) };
        let at = depth(self.bare(first));
        let starts: Vec<usize> = section
            .clone()
            .filter(|place| !self.is_empty(*place) && depth(self.bare(*place)) == at)
            .filter(|place| self.bare(*place).trim_start().starts_with('-'))
            .collect();
        let items = starts
            .iter()
            .enumerate()
            .map(|(index, start)| {
                let next = starts.get(index + 1).copied().unwrap_or(section.end);
                let last = (*start..next).rev().find(|place| !self.is_empty(*place)).unwrap_or(*start);
                *start..last + 1
            })
            .collect();
        (Some(at), items)
    }

    /// The name of an item.
    fn name(&self, item: &Range<usize>) -> Option<String> {
        let at = depth(self.bare(item.start)) + 2;
        item.clone().find_map(|place| {
            let bare = self.bare(place);
            let own = bare.trim_start();
            let key = own.strip_prefix("- ").map_or(own, str::trim_start);
            let depth = depth(bare) + if own.starts_with("- ") { 2 } else { 0 };
            let value = key.strip_prefix("name:")?.split(" #").next()?.trim();
            (depth == at).then(|| value.trim_matches(['"', '\'']).to_owned())
        })
    }
}

/// Puts an item into the list under a key at the top of a text: in the place of the item of that name, or at the end of the list.
/// Nothing else changes, and nothing at all when the item says the same already.
#[must_use]
pub fn upsert(text: &str, key: &str, name: &str, item: &Yaml, style: Style) -> String {
    let mut lines = Lines::new(text);
    if text.trim().is_empty() {
        lines.put(0..lines.lines.len(), vec!["version: 2".to_owned(), String::new()]);
    }
    let whole = 0..lines.lines.len();
    let Some((head, section)) = lines.section(whole, 0, key) else {
        let end = lines.lines.len();
        let mut new = if end > 0 && !lines.bare(end - 1).is_empty() { vec![String::new()] } else { Vec::new() };
        new.push(format!("{key}:"));
        new.extend(item_lines(item, style.list_at(0), style));
        lines.put(end..end, new);
        return lines.lines.concat();
    };
    put_item(&mut lines, head, &section, style.list_at(0), name, item, style);
    lines.lines.concat()
}

fn put_item(
    lines: &mut Lines,
    head: usize,
    section: &Range<usize>,
    usual: usize,
    name: &str,
    item: &Yaml,
    style: Style,
) {
    let (at, items) = lines.items(section);
    let new = item_lines(item, at.unwrap_or(usual), style);
    if let Some(old) = items.iter().find(|range| lines.name(range).as_deref() == Some(name)) {
        let before: String = lines.lines[old.clone()].concat();
        let after = new.join("\n");
        let same = |text: &str| serde_norway::from_str::<serde_json::Value>(text).ok();
        if same(&before).is_none() || same(&before) != same(&after) {
            lines.put(old.clone(), new);
        }
        return;
    }
    let end = items.last().map_or(head + 1, |last| last.end);
    let long = items.last().map_or(new.len() > 3, |last| last.len() > 3 || new.len() > 3);
    let mut added = if style.spaced && long && !items.is_empty() { vec![String::new()] } else { Vec::new() };
    added.extend(new);
    lines.put(end..end, added);
}

/// Adds items to a list within an item: tables to a source. Items of the same name stay as they are.
#[must_use]
pub fn add_within(text: &str, key: &str, name: &str, inner: &str, items: &[(String, Yaml)], style: Style) -> String {
    let mut text = text.to_owned();
    for (inner_name, item) in items {
        let mut lines = Lines::new(&text);
        let Some((_, section)) = lines.section(0..lines.lines.len(), 0, key) else { return text };
        let (_, outer) = lines.items(&section);
        let Some(own) = outer.into_iter().find(|range| lines.name(range).as_deref() == Some(name)) else { return text };
        let at = depth(lines.bare(own.start)) + 2;
        match lines.section(own.clone(), at, inner) {
            Some((head, section)) => {
                let (_, known) = lines.items(&section);
                if !known.iter().any(|range| lines.name(range).as_deref() == Some(inner_name)) {
                    put_item(&mut lines, head, &section, style.list_at(at), inner_name, item, style);
                }
            }
            None => {
                let mut new = vec![format!("{}{inner}:", " ".repeat(at))];
                new.extend(item_lines(item, style.list_at(at), style));
                lines.put(own.end..own.end, new);
            }
        }
        text = lines.lines.concat();
    }
    text
}
