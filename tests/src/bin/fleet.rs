//! Measures what sync costs, on a real server with simulated devices; one line of JSON a phase. `LIANXIN_BIN` names the server.

use std::path::PathBuf;

use anyhow::Result;
use clap::{Parser, Subcommand};
use lianxin_tests::fleet::desk::desk;
use lianxin_tests::fleet::floor;
use lianxin_tests::fleet::live::live;
use lianxin_tests::fleet::reconnect::{Others, reconnect};
use lianxin_tests::fleet::scenario::{self, Settings};
use lianxin_tests::fleet::storm::storm;

#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    scenario: Scenario,
    /// From which the records follow.
    #[arg(long, global = true, default_value_t = 1)]
    seed: u64,
    /// Bodies from a file of real messages instead of drawn ones.
    #[arg(long, global = true)]
    texts: Option<PathBuf>,
}

#[derive(Subcommand)]
enum Scenario {
    /// One device's new records; then all of them to a fresh device.
    Upload {
        #[arg(long, default_value_t = 1_000)]
        docs: u64,
    },
    /// A device that was away, with edits on both sides.
    Reconnect {
        #[arg(long, default_value_t = 1_000)]
        docs: u64,
        #[arg(long, default_value_t = 50)]
        local: u64,
        #[arg(long, default_value_t = 200)]
        remote: u64,
    },
    /// Many devices at once.
    Fleet {
        #[arg(long, default_value_t = 100)]
        devices: usize,
        #[arg(long, default_value_t = 50)]
        docs: u64,
    },
    /// A device with nothing new.
    Idle {
        #[arg(long, default_value_t = 10_000)]
        docs: u64,
    },
    /// The office's pages, with many records on the server and many users at once.
    Desk {
        #[arg(long, default_value_t = 100_000)]
        docs: u64,
        #[arg(long, default_value_t = 20)]
        users: usize,
        #[arg(long, default_value_t = 20)]
        rounds: usize,
        /// On a database of the server that `LIANXIN_POSTGRES` names.
        #[arg(long)]
        postgres: bool,
    },
    /// Many devices that wait to be woken.
    Live {
        #[arg(long, default_value_t = 5_000)]
        devices: usize,
    },
    /// Many devices that come back at once, all with something to send.
    Storm {
        #[arg(long, default_value_t = 1_000)]
        devices: usize,
    },
    /// What nothing can be faster than: automerge and the database alone.
    Floor {
        #[arg(long, default_value_t = 10_000)]
        docs: u64,
        #[arg(long, default_value_t = 50)]
        local: u64,
        #[arg(long, default_value_t = 200)]
        remote: u64,
    },
    /// The same reconnect with more and more on the device and on the server.
    Grow {
        /// Records on the device.
        #[arg(long, value_delimiter = ',', default_value = "1000,10000,50000")]
        docs: Vec<u64>,
        /// Records on the server that are not the device's.
        #[arg(long, value_delimiter = ',', default_value = "0")]
        others: Vec<u64>,
        /// Where the server's data is kept once the others are there, and taken from if it is there already: it takes long to
        /// bring very many. One number of others.
        #[arg(long)]
        kept: Option<PathBuf>,
    },
}

#[tokio::main]
async fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let settings = Settings {
        seed: arguments.seed,
        texts: arguments.texts,
    };
    match arguments.scenario {
        Scenario::Upload { docs } => scenario::upload(&settings, docs).await,
        Scenario::Reconnect { docs, local, remote } => {
            reconnect(&settings, "reconnect", docs, local, remote, &Others::default()).await
        }
        Scenario::Fleet { devices, docs } => scenario::fleet(&settings, devices, docs).await,
        Scenario::Idle { docs } => scenario::idle(&settings, docs).await,
        Scenario::Desk {
            docs,
            users,
            rounds,
            postgres,
        } => desk(&settings, docs, users, rounds, postgres).await,
        Scenario::Live { devices } => live(devices).await,
        Scenario::Storm { devices } => storm(&settings, devices).await,
        Scenario::Floor { docs, local, remote } => floor::floor(&settings, docs, local, remote),
        Scenario::Grow { docs, others, kept } => {
            for docs in docs {
                for count in &others {
                    let kept = kept.as_deref().filter(|_| *count > 0);
                    let others = Others { count: *count, kept };
                    reconnect(&settings, "grow", docs, 50, 200, &others).await?;
                }
            }
            Ok(())
        }
    }
}
