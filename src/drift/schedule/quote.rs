//! How does a path stay one word, whatever it holds?

/// For a POSIX shell.
pub(super) fn shell(text: &str) -> String {
    let plain = |character: char| character.is_ascii_alphanumeric() || "/._-+:@,".contains(character);
    if !text.is_empty() && text.chars().all(plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', "'\\''"))
    }
}

/// For a line of a crontab, where a percent sign would end the command.
pub(super) fn crontab(command: &str) -> String {
    command.replace('%', "\\%")
}

/// For a word of `ExecStart=`.
pub(super) fn systemd(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('"', "\\\"").replace('%', "%%").replace('$', "$$");
    format!("\"{escaped}\"")
}

/// For YAML and Python: a JSON string is a string in both.
pub(super) fn literal(text: &str) -> String {
    serde_json::Value::String(text.to_owned()).to_string()
}
