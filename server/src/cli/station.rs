//! `station`.

use clap::Subcommand;

use super::CommandError;
use super::place::Place;
use crate::store::Filter;

#[derive(Subcommand)]
pub(super) enum Command {
    /// Lists the stations with their ids.
    List(Place),
}

impl Command {
    pub(super) async fn carry_out(self) -> Result<(), CommandError> {
        let Self::List(place) = self;
        let (store, _) = place.open().await?;
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
