//! `check`.

use std::process::ExitCode;

use clap::Args;
use lianxin_shared::texts::{Lang, Texts};

use crate::check::{Finding, Grade, check};
use crate::config::raw::Raw;
use crate::config::{Config, FileError};

/// What to look at: the same as `serve` is told.
#[derive(Args)]
pub(super) struct Check {
    #[command(flatten)]
    raw: Raw,
    /// The language, `zh` or `en`; that of the environment (`LANG`) unless given.
    #[arg(long)]
    language: Option<Lang>,
}

impl Check {
    /// Says what was found; succeeds if nothing is to be mended.
    pub(super) async fn carry_out(self, file: Result<Raw, FileError>) -> ExitCode {
        let texts = Texts::of(self.language.unwrap_or_else(of_environment));
        let config = file
            .map_err(Finding::from)
            .and_then(|file| Config::of(self.raw.or(file)).map_err(Finding::from));
        let findings = match config {
            Ok(config) => check(&config).await,
            // Nothing else can be looked at.
            Err(finding) => vec![finding],
        };
        report(&findings, &texts)
    }
}

fn report(findings: &[Finding], texts: &Texts) -> ExitCode {
    for finding in findings {
        println!("{}", finding.words(texts));
    }
    let wrong = findings.iter().filter(|finding| finding.grade == Grade::Wrong);
    match wrong.count() {
        0 => {
            println!("{}", texts.get("check-sound"));
            ExitCode::SUCCESS
        }
        n => {
            println!("{}", texts.with("check-unsound", &[("n", n.into())]));
            ExitCode::FAILURE
        }
    }
}

/// The language of messages in the environment, as POSIX orders the variables.
fn of_environment() -> Lang {
    let named = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(|name| {
        let value = std::env::var(name).ok()?;
        (!value.is_empty()).then_some(value)
    });
    named.map_or(Lang::default(), |name| Lang::from_accept(&name))
}
