//! `station`.

use clap::Subcommand;

use super::CommandError;
use crate::config::Installation;
use crate::config::raw::{Raw, Store};
use crate::store::Filter;

#[derive(Subcommand)]
pub(super) enum Command {
    /// Lists the stations with their ids.
    List(Store),
}

impl Command {
    pub(super) async fn carry_out(self, file: Raw) -> Result<(), CommandError> {
        let Self::List(store) = self;
        let (store, _) = Installation::named(store, file)?.store.open().await?;
        let filter = Filter {
            kinds: vec!["station".to_owned()],
            ..Filter::default()
        };
        for station in store.records(filter, None, 500).await?.records {
            println!("{}\t{}", station.doc, station.row.title);
        }
        Ok(())
    }
}
