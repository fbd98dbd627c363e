//! The file.

use std::io;
use std::path::{Path, PathBuf};

use super::Name;
use super::raw::Raw;

/// Where the file is looked for when none is named.
pub const DEFAULT: &str = "/etc/lianxin/lianxin.toml";

/// Why the file says nothing.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// It cannot be read.
    #[error("{}: {error}", file.display())]
    Io {
        /// The file.
        file: PathBuf,
        /// Why not.
        error: io::Error,
    },
    /// What stands there is not understood. The line is named but not shown: it can hold a password.
    #[error("{}, line {line}: {reason}", file.display())]
    Line {
        /// The file.
        file: PathBuf,
        /// The line, counted from 1.
        line: usize,
        /// What is wrong with it.
        reason: String,
    },
    /// It describes no such district.
    #[error("no district is called {0} in the file of settings")]
    NoDistrict(Name),
}

/// Reads the file of this name, which must then be there; else the default one, if there is one. Where a district is named, it is
/// the only one of those that the file describes.
pub fn read(file: Option<&Path>, district: Option<&Name>) -> Result<Raw, FileError> {
    let raw = whole(file)?;
    let Some(name) = district else {
        return Ok(raw);
    };
    let mut districts = raw.districts;
    districts.retain(|district| district.name == *name);
    if districts.is_empty() {
        return Err(FileError::NoDistrict(name.clone()));
    }
    Ok(Raw { districts, ..raw })
}

fn whole(file: Option<&Path>) -> Result<Raw, FileError> {
    let (file, must_be) = match file {
        Some(file) => (file, true),
        None => (Path::new(DEFAULT), false),
    };
    match std::fs::read_to_string(file) {
        Ok(text) => parse(&text).map_err(|(line, reason)| FileError::Line {
            file: file.to_owned(),
            line,
            reason,
        }),
        Err(error) if error.kind() == io::ErrorKind::NotFound && !must_be => Ok(Raw::default()),
        Err(error) => Err(FileError::Io {
            file: file.to_owned(),
            error,
        }),
    }
}

pub(super) fn parse(text: &str) -> Result<Raw, (usize, String)> {
    toml::from_str(text).map_err(|error: toml::de::Error| {
        let start = error.span().map_or(0, |span| span.start);
        let line = text.get(..start).unwrap_or_default().matches('\n').count() + 1;
        (line, without_value(error.message()))
    })
}

/// What is wrong, without the value that is: `invalid type: string "postgres://…", expected …` shows it.
fn without_value(message: &str) -> String {
    let shows_value = message.starts_with("invalid type") || message.starts_with("invalid value");
    match message.rsplit_once("expected ") {
        Some((_, expected)) if shows_value => format!("this is not {expected}"),
        None if shows_value => "this is not a value that is taken here".to_owned(),
        _ => message.to_owned(),
    }
}
