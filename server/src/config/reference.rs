//! The reference of keys, out of their declarations.

use std::fmt::Write as _;

use clap::{Arg, Args as _, Command};

use super::raw::{District, Raw};

const HEAD: &str = "# Configuration

Made from the declarations in `server/src/config/raw.rs` by `lianxin configuration`; a test compares them.

Every key can stand in the file, `/etc/lianxin/lianxin.toml` or the one that `--config` (`LIANXIN_CONFIG`) names; a variable in the
environment is stronger than the file, and a flag of the command stronger than both. A key that does not exist is an error that
names its line. `lianxin check` says whether all of it holds. `LIANXIN_LOG` sets how much is logged (`info`).

One installation serves one district, or several: each that a `[[district]]` of the file describes, under its own names and over
its own database.
";

/// The reference of all keys, in Markdown: what `docs/configuration.md` says.
pub fn reference() -> String {
    let mut text = HEAD.to_owned();
    let mut table = "";
    let command = District::augment_args(Raw::augment_args(Command::new("lianxin")));
    for arg in command.get_arguments() {
        let heading = arg.get_help_heading().unwrap_or_default();
        if heading != table {
            // Writing into a string does not fail.
            let _ = write!(text, "\n## `[{heading}]`\n");
            table = heading;
        }
        let _ = write!(text, "\n{}", entry(arg));
    }
    text
}

fn entry(arg: &Arg) -> String {
    let variable = arg.get_env().unwrap_or_default().to_string_lossy();
    let value = arg
        .get_value_names()
        .and_then(|names| names.first())
        .map_or("VALUE", |name| name.as_str());
    let words = arg.get_long_help().or(arg.get_help());
    let words = words.map(ToString::to_string).unwrap_or_default();
    // clap takes the last full stop away.
    let words = words.trim_end_matches('.');
    let given = match arg.get_long() {
        Some(flag) => format!("`--{flag} {value}`, `{variable}`"),
        None => format!("`{value}`; in the file alone"),
    };
    format!("### `{}`\n\n{given}\n\n{words}.\n", arg.get_id())
}
