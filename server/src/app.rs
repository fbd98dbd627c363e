//! What every request has at hand.

use std::path::Path;
use std::sync::Arc;

use tokio::sync::Notify;

use crate::accounts::Members;
use crate::auth::{Attempts, Spent};
use crate::files::{Files, FilesError};
use crate::live::Live;
use crate::office;
use crate::own::{Duties, Own};
use crate::public::Public;
use crate::store::{Life, SqliteStore, Store, StoreError};
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
    /// Who guesses passwords.
    pub attempts: Attempts,
    /// What the pages without an account keep in memory.
    pub public: Public,
    /// Which tickets are spent.
    pub spent: Spent,
    /// Told when something was removed for good, so that the next backup, which says so, is made at once.
    pub erased: Arc<Notify>,
}

impl App {
    /// Opens the database in a folder, which is made when missing. Its files are in a folder within.
    pub async fn open(data: &Path) -> Result<Self, AppError> {
        let store = Arc::new(SqliteStore::open(data)?);
        let files = Files::in_folder(&data.join(FILES))?;
        Ok(Self::over(store, files).await?)
    }

    /// A server over a store and the files beside it.
    pub async fn over(store: Arc<dyn Store>, files: Files) -> Result<Self, StoreError> {
        let life = Arc::new(store.life().await?);
        let live = Live::default();
        let door = Door::new(store.clone(), life.clone(), live.clone());
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
            attempts: Attempts::default(),
            public: Public::default(),
            spent: Spent::default(),
            erased: Arc::default(),
        })
    }
}
