//! What every request has at hand.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use lianxin_shared::id::Moment;
use tokio::sync::Notify;

use crate::accounts::Members;
use crate::auth::Spent;
use crate::auth::second::AskedOf;
use crate::caller::Proxies;
use crate::files::{Files, FilesError};
use crate::limits::Limits;
use crate::live::Live;
use crate::metrics::Metrics;
use crate::office;
use crate::own::{Duties, Own};
use crate::public::Public;
use crate::store::{Counts, Figure, Filter, Life, SqliteStore, Store, StoreError, Watched};
use crate::sync::Door;

/// The folder of the files, within the one of the database.
pub const FILES: &str = "files";

/// Why a server does not open.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// The database.
    #[error("the database: {0}")]
    Store(#[from] StoreError),
    /// The files.
    #[error(transparent)]
    Files(#[from] FilesError),
}

/// The server's state. Cheap to clone; all clones are one.
#[derive(Clone)]
pub struct App {
    /// Everything that is kept.
    pub store: Arc<dyn Store>,
    /// The files that hang on records.
    pub files: Files,
    /// Who this database is.
    pub life: Arc<Life>,
    /// Through which every change enters.
    pub door: Door,
    /// Who is told that a channel moved.
    pub live: Live,
    /// The server as one who writes.
    pub own: Own,
    /// What keeps accounts in step with the records of people, stations and groups.
    pub members: Members,
    /// What suggestions' twins are found by.
    pub twins: office::Held,
    /// How fast, how much at once.
    pub limits: Limits,
    /// How it is, in numbers.
    pub metrics: Metrics,
    /// The folder of its data, if it has one.
    pub data: Option<PathBuf>,
    /// How many records there are, by the filter.
    pub counts: office::Answers<Filter, Counts>,
    /// What there is to watch over, by the minute.
    pub watched: office::Answers<Moment, Vec<Watched>>,
    /// How long answers were waited for, by year.
    pub waits: office::Answers<i16, office::Waits>,
    /// The figures of years.
    pub figures: office::Answers<i16, Vec<Figure>>,
    /// What the pages without an account keep in memory.
    pub public: Public,
    /// Which tickets are spent.
    pub spent: Spent,
    /// Whose word on the caller's address is taken.
    pub proxies: Arc<Proxies>,
    /// Who has to prove who they are by a code besides the password.
    pub second_asked_of: AskedOf,
    /// Told when something was removed for good, so that the next backup, which says so, is made at once.
    pub erased: Arc<Notify>,
}

impl App {
    /// Opens the database in a folder, which is made when missing. Its files are in a folder within.
    pub async fn open(data: &Path) -> Result<Self, AppError> {
        let store = Arc::new(SqliteStore::open(data)?);
        let app = Self::over(store, Files::in_folder(&data.join(FILES))?).await?;
        Ok(Self {
            data: Some(data.to_owned()),
            ..app
        })
    }

    /// A server over a store and the files beside it.
    pub async fn over(store: Arc<dyn Store>, files: Files) -> Result<Self, StoreError> {
        let life = Arc::new(store.life().await?);
        let live = Live::default();
        let metrics = Metrics::default();
        let door = Door::new(store.clone(), life.clone(), live.clone()).with_metrics(metrics.clone());
        // The server's own entries are looked at too: what it answers may be owed to others.
        let own = Own::new(store.clone(), door.clone())?;
        let (duties, owed) = Duties::new();
        tokio::spawn(owed.work(own.clone()));
        let members = Members::new(store.clone());
        tokio::spawn(members.clone().work());
        let door = door.with_duties(duties).with_members(members.clone());
        Ok(Self {
            store,
            files,
            life,
            door,
            live,
            own,
            members,
            twins: office::Held::default(),
            limits: Limits::default(),
            metrics,
            data: None,
            counts: office::Answers::default(),
            watched: office::Answers::default(),
            waits: office::Answers::default(),
            figures: office::Answers::default(),
            public: Public::default(),
            spent: Spent::default(),
            proxies: Arc::default(),
            second_asked_of: AskedOf::default(),
            erased: Arc::default(),
        })
    }
}
