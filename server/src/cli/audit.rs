//! `audit`.

use std::io::Write as _;

use clap::{Args, Subcommand};

use super::CommandError;
use crate::audit::{self, Form};
use crate::config::raw::{Raw, Store};
use crate::config::{Installation, Place};

#[derive(Subcommand)]
pub(super) enum Command {
    /// Writes all that those who administer did, with its hashes. Kept elsewhere, it shows whether anything was changed since.
    Export(Export),
    /// Looks whether anything of it was changed or taken out in the database, and names what. Fails if so.
    Verify(Store),
}

#[derive(Args)]
pub(super) struct Export {
    /// As JSON instead of CSV.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    store: Store,
}

impl Command {
    pub(super) async fn carry_out(self, file: Raw) -> Result<(), CommandError> {
        match self {
            Self::Export(export) => {
                let (store, _) = Installation::named(export.store, file)?.store.open().await?;
                let form = if export.json { Form::Json } else { Form::Csv };
                let acts = audit::take(&*store, form).await?;
                Ok(std::io::stdout().write_all(&acts)?)
            }
            Self::Verify(store) => verify(&Installation::named(store, file)?.store).await,
        }
    }
}

async fn verify(place: &Place) -> Result<(), CommandError> {
    let (store, _) = place.open().await?;
    let found = audit::verify(&*store).await?;
    if found.breaks.is_empty() {
        println!("{} acts, none changed, none missing", found.acts);
        return Ok(());
    }
    found.breaks.iter().for_each(|broken| println!("{broken}"));
    Err(CommandError::Broken)
}
