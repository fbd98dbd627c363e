//! A store in one SQLite file: WAL, one thread that writes in groups, a few connections that read.

mod accounts;
mod audit;
mod backups;
mod channels;
mod codec;
mod commit;
mod devices;
mod documents;
mod dump;
mod erasure;
mod examine;
mod figures;
mod fill;
mod migrations;
mod pulse;
mod quarantine;
mod readers;
mod records;
mod related;
mod second;
mod waits;
mod watch;
mod words;
mod writer;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use async_trait::async_trait;
use lianxin_shared::handover::DeviceKey;
use lianxin_shared::id::{DocId, Epoch, FileHash, Heads, Moment, UserId};
use lianxin_shared::rules::Principal;
use rusqlite::{Connection, OpenFlags, OptionalExtension as _, params};

use self::pulse::Pulse;
use self::readers::Readers;
use self::writer::Writer;
use super::{
    Account, Act, Acts, Chain, Contact, Content, Counts, Erasure, Figure, Filter, Life, Links, Listed, Mark,
    Material, Migrated, Moved, Page, Pages, Pending, Proof, Quarantined, Refused, Registered, Row, Second,
    Session, Store, StoreError, Tips, TokenHash, Wait, Waiting, Watched, Withdrawal, Write, Written,
};

/// The name of the database in its folder; that of the files that belong to it begins with it.
pub const FILE: &str = "lianxin.sqlite";

/// A store in one SQLite file.
pub struct SqliteStore {
    path: PathBuf,
    writer: Writer,
    readers: Readers,
    migrated: Migrated,
}

impl SqliteStore {
    /// Opens the database in a folder; both are made when missing.
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        std::fs::create_dir_all(folder).map_err(|e| StoreError::Unavailable(e.to_string()))?;
        let path = folder.join(FILE);
        let mut conn = Connection::open(&path)?;
        // A record's rows take some KiB each: in larger pages less is left over, and fewer are written. It is settled when a
        // file is made; to an older one this says nothing.
        conn.pragma_update(None, "page_size", 8_192)?;
        conn.pragma_update(None, "journal_mode", "WAL")?;
        tune(&conn)?;
        // In KiB, and in pages: what was written a moment ago is at hand, and goes into the database a good deal at a time.
        conn.pragma_update(None, "cache_size", -16_384)?;
        conn.pragma_update(None, "wal_autocheckpoint", 4_096)?;
        conn.pragma_update(None, "secure_delete", true)?;
        let migrated = migrations::migrate(&mut conn)?;
        if (1..migrations::OVERWRITING).contains(&migrated.from) {
            // Until then, what was deleted stayed in the file.
            conn.execute_batch("VACUUM")?;
        }
        begin_life(&conn)?;
        let pulse = Pulse::new();
        Ok(Self {
            writer: Writer::start(conn, pulse.clone())?,
            readers: Readers::new(&path, pulse),
            migrated,
            path,
        })
    }

    /// What [`SqliteStore::open`] would do to the schema of the database in a folder. Changes nothing.
    pub fn pending(folder: &Path) -> Result<Pending, StoreError> {
        if !Self::is_in(folder) {
            return Ok(migrations::pending_from(0));
        }
        let conn = Connection::open_with_flags(folder.join(FILE), OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        migrations::pending(&conn)
    }

    /// Whether there is a database in a folder.
    pub fn is_in(folder: &Path) -> bool {
        folder.join(FILE).is_file()
    }

    /// What opening it did to its schema.
    pub fn migrated(&self) -> Migrated {
        self.migrated
    }
}

/// What holds for every connection. `FULL` makes each commit wait for the disk: acknowledged means durable.
fn tune(conn: &Connection) -> Result<(), StoreError> {
    conn.pragma_update(None, "synchronous", "FULL")?;
    conn.pragma_update(None, "foreign_keys", true)?;
    conn.busy_timeout(std::time::Duration::from_secs(10))?;
    conn.set_prepared_statement_cache_capacity(64);
    Ok(())
}

/// A new database gets its epoch and its key.
fn begin_life(conn: &Connection) -> Result<(), StoreError> {
    let mut random = [0; 48];
    getrandom::fill(&mut random).map_err(|e| StoreError::Unavailable(e.to_string()))?;
    let (epoch, key) = random.split_at(16);
    for (name, value) in [("epoch", epoch), ("receipt-key", key)] {
        let sql = "INSERT INTO meta (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO NOTHING";
        conn.execute(sql, params![name, value])?;
    }
    Ok(())
}

fn life(conn: &Connection) -> Result<Life, StoreError> {
    let mut statement = conn.prepare_cached("SELECT value FROM meta WHERE key = ?1")?;
    let epoch = statement.query_row(["epoch"], |row| row.get(0)).optional()?;
    let key = statement
        .query_row(["receipt-key"], |row| row.get(0))
        .optional()?;
    Ok(Life {
        epoch: Epoch(epoch.ok_or_else(|| codec::damaged("epoch"))?),
        receipt_key: key.ok_or_else(|| codec::damaged("receipt-key"))?,
    })
}

/// Empties the log; answers whether that could be done.
async fn empty_log(path: PathBuf) -> bool {
    let emptied = tokio::task::spawn_blocking(move || erasure::empty_log(&path)).await;
    let is_empty = matches!(emptied, Ok(Ok(true)));
    if !is_empty {
        tracing::warn!("erasure.log_not_empty");
    }
    is_empty
}

#[async_trait]
impl Store for SqliteStore {
    async fn life(&self) -> Result<Life, StoreError> {
        self.readers.run(|tx| life(tx)).await
    }

    async fn begin_new_life(&self) -> Result<Life, StoreError> {
        self.writer
            .run(|tx| {
                let mut epoch = [0; 16];
                getrandom::fill(&mut epoch).map_err(|e| StoreError::Unavailable(e.to_string()))?;
                let sql = "UPDATE meta SET value = ?1 WHERE key = 'epoch'";
                tx.execute(sql, params![epoch])?;
                life(tx)
            })
            .await
    }

    async fn materials(&self, wants: Vec<(DocId, Vec<Vec<u8>>)>) -> Result<Vec<Material>, StoreError> {
        self.readers
            .run(move |tx| {
                let material = |(doc, actors): &(DocId, Vec<Vec<u8>>)| documents::material(tx, *doc, actors);
                wants.iter().map(material).collect()
            })
            .await
    }

    async fn commit(&self, writes: Vec<Write>) -> Result<Vec<Written>, StoreError> {
        self.writer.run(move |tx| commit::commit(tx, &writes)).await
    }

    async fn quarantine(&self, refused: Vec<Quarantined>) -> Result<(), StoreError> {
        self.writer.run(move |tx| quarantine::put(tx, &refused)).await
    }

    async fn contents(
        &self,
        wants: Vec<(DocId, u64)>,
        budget: usize,
    ) -> Result<Vec<Option<Content>>, StoreError> {
        self.readers
            .run(move |tx| documents::contents(tx, &wants, budget))
            .await
    }

    /// When this answers, nothing of the documents is in the files any more, unless somebody read on in the log for too long:
    /// then it is emptied later.
    async fn erase(&self, erasure: Erasure) -> Result<Vec<String>, StoreError> {
        let moved = self.writer.run(move |tx| erasure::erase(tx, &erasure)).await?;
        let path = self.path.clone();
        if !empty_log(path.clone()).await {
            tokio::spawn(async move {
                tokio::time::sleep(erasure::AGAIN).await;
                while !empty_log(path.clone()).await {
                    tokio::time::sleep(erasure::AGAIN).await;
                }
            });
        }
        Ok(moved)
    }

    async fn erased(&self, docs: Vec<DocId>) -> Result<BTreeSet<DocId>, StoreError> {
        self.readers.run(move |tx| erasure::of(tx, &docs)).await
    }

    async fn chain(&self, above: u64, limit: u32) -> Result<Chain, StoreError> {
        self.readers.run(move |tx| audit::chain(tx, above, limit)).await
    }

    async fn acts(&self, before: Option<u64>, limit: u32) -> Result<Acts, StoreError> {
        self.readers.run(move |tx| audit::page(tx, before, limit)).await
    }

    async fn tips(&self, channels: Vec<String>) -> Result<Tips, StoreError> {
        self.readers.run(move |tx| channels::tips(tx, &channels)).await
    }

    async fn moved(
        &self,
        channel: String,
        above: u64,
        limit: u32,
        channels: Vec<String>,
    ) -> Result<Vec<Moved>, StoreError> {
        self.readers
            .run(move |tx| channels::moved(tx, &channel, above, limit, &channels))
            .await
    }

    async fn states(&self, channels: Vec<String>) -> Result<Vec<(DocId, Heads)>, StoreError> {
        self.readers.run(move |tx| channels::states(tx, &channels)).await
    }

    /// One file, one node.
    async fn announce(&self, _channels: Vec<String>) -> Result<(), StoreError> {
        Ok(())
    }

    async fn announced(&self) -> Result<Vec<String>, StoreError> {
        std::future::pending().await
    }

    async fn moves(&self) -> Result<u64, StoreError> {
        self.readers.run(|tx| channels::moves(tx)).await
    }

    async fn records(&self, filter: Filter, after: Option<Mark>, limit: u32) -> Result<Page, StoreError> {
        self.readers
            .run(move |tx| records::page(tx, &filter, after, limit))
            .await
    }

    async fn counts(&self, filter: Filter) -> Result<Counts, StoreError> {
        self.readers.run(move |tx| records::counts(tx, &filter)).await
    }

    async fn watch(
        &self,
        kinds: Vec<String>,
        overdue: Moment,
        stalled: Moment,
    ) -> Result<Vec<Watched>, StoreError> {
        self.readers
            .run(move |tx| watch::watch(tx, &kinds, overdue, stalled))
            .await
    }

    async fn waits(&self, kind: &'static str, from: Moment, before: Moment) -> Result<Vec<Wait>, StoreError> {
        self.readers
            .run(move |tx| waits::waits(tx, kind, from, before))
            .await
    }

    async fn listed(&self, docs: Vec<DocId>) -> Result<Vec<Listed>, StoreError> {
        self.readers.run(move |tx| records::listed_of(tx, &docs)).await
    }

    async fn sketches(&self, since: Moment) -> Result<Vec<(DocId, Vec<u8>)>, StoreError> {
        self.readers.run(move |tx| related::sketches(tx, since)).await
    }

    async fn links(&self, doc: DocId) -> Result<Links, StoreError> {
        self.readers.run(move |tx| related::links(tx, doc)).await
    }

    async fn named(&self, files: Vec<FileHash>) -> Result<BTreeSet<FileHash>, StoreError> {
        self.readers.run(move |tx| related::named(tx, &files)).await
    }

    async fn figures(&self, from: Moment, before: Moment) -> Result<Vec<Figure>, StoreError> {
        self.readers
            .run(move |tx| figures::figures(tx, from, before))
            .await
    }

    async fn by_receipt(&self, code: String) -> Result<Option<DocId>, StoreError> {
        self.readers.run(move |tx| related::by_receipt(tx, &code)).await
    }

    async fn number(&self, series: String, doc: DocId) -> Result<u64, StoreError> {
        self.writer.run(move |tx| related::number(tx, &series, doc)).await
    }

    async fn projection(&self) -> Result<u32, StoreError> {
        self.readers.run(|tx| related::projection(tx)).await
    }

    async fn set_projection(&self, version: u32) -> Result<(), StoreError> {
        self.writer
            .run(move |tx| related::set_projection(tx, version))
            .await
    }

    async fn put_rows(&self, rows: Vec<(DocId, Row)>) -> Result<(), StoreError> {
        self.writer.run(move |tx| records::renew(tx, &rows)).await
    }

    async fn add_account(&self, account: Account) -> Result<(), StoreError> {
        self.writer.run(move |tx| accounts::add(tx, &account)).await
    }

    async fn account(&self, user: UserId) -> Result<Option<Account>, StoreError> {
        self.readers.run(move |tx| accounts::get(tx, &user)).await
    }

    async fn accounts(&self) -> Result<Vec<Account>, StoreError> {
        self.readers.run(|tx| accounts::all(tx)).await
    }

    async fn set_principal(&self, principal: Principal) -> Result<(), StoreError> {
        self.writer
            .run(move |tx| accounts::set_principal(tx, &principal))
            .await
    }

    async fn amend_principal(&self, from: Principal, to: Principal) -> Result<(), StoreError> {
        self.writer
            .run(move |tx| accounts::amend_principal(tx, &from, &to))
            .await
    }

    async fn note_account(&self, account: Account, act: Act) -> Result<(), StoreError> {
        self.writer
            .run(move |tx| accounts::note(tx, &account, &act))
            .await
    }

    async fn set_language(&self, user: UserId, language: String) -> Result<(), StoreError> {
        self.writer
            .run(move |tx| accounts::set_language(tx, &user, &language))
            .await
    }

    async fn open_session(&self, session: Session) -> Result<(), StoreError> {
        self.writer
            .run(move |tx| accounts::open_session(tx, &session))
            .await
    }

    async fn session(&self, token: TokenHash, now: Moment) -> Result<Option<(Session, Account)>, StoreError> {
        self.readers
            .run(move |tx| accounts::session(tx, token, now))
            .await
    }

    async fn sessions(&self, user: Option<UserId>, now: Moment) -> Result<Vec<Session>, StoreError> {
        self.readers
            .run(move |tx| accounts::sessions(tx, user.as_ref(), now))
            .await
    }

    async fn extend_session(
        &self,
        token: TokenHash,
        expires_at: Moment,
        contact: Contact,
    ) -> Result<(), StoreError> {
        self.writer
            .run(move |tx| accounts::extend_session(tx, token, expires_at, &contact))
            .await
    }

    async fn end_session(&self, token: TokenHash, act: Option<Act>) -> Result<(), StoreError> {
        self.writer
            .run(move |tx| accounts::end_session(tx, token, act.as_ref()))
            .await
    }

    async fn withdraw_session(&self, token: TokenHash, act: Act) -> Result<bool, StoreError> {
        self.writer
            .run(move |tx| accounts::withdraw_session(tx, token, &act))
            .await
    }

    async fn withdrawn(&self, token: TokenHash, now: Moment) -> Result<bool, StoreError> {
        // Any token can be asked about by anybody: the writer is only troubled with one that is known.
        let is_known = self.readers.run(move |tx| accounts::is_withdrawn(tx, token));
        if !is_known.await? {
            return Ok(false);
        }
        self.writer
            .run(move |tx| accounts::withdrawn(tx, token, now))
            .await
    }

    async fn put_code(&self, code: TokenHash, user: UserId, expires_at: Moment) -> Result<(), StoreError> {
        self.writer
            .run(move |tx| accounts::put_code(tx, code, &user, expires_at))
            .await
    }

    async fn take_code(&self, code: TokenHash, now: Moment) -> Result<Option<UserId>, StoreError> {
        self.writer
            .run(move |tx| accounts::take_code(tx, code, now))
            .await
    }

    async fn withdrawals(&self, user: UserId) -> Result<Vec<Withdrawal>, StoreError> {
        self.readers.run(move |tx| accounts::withdrawals(tx, &user)).await
    }

    async fn register(&self, device: Registered) -> Result<bool, StoreError> {
        self.writer.run(move |tx| devices::register(tx, &device)).await
    }

    async fn registered(&self, keys: Vec<DeviceKey>) -> Result<Vec<Registered>, StoreError> {
        self.readers.run(move |tx| devices::registered(tx, &keys)).await
    }

    async fn close_session(&self, token: TokenHash, now: Moment) -> Result<(), StoreError> {
        self.writer
            .run(move |tx| accounts::close_session(tx, token, now))
            .await
    }

    async fn refused(&self, limit: u32) -> Result<Vec<Waiting>, StoreError> {
        self.readers.run(move |tx| quarantine::waiting(tx, limit)).await
    }

    async fn quarantined(&self, which: Refused) -> Result<Option<Quarantined>, StoreError> {
        self.readers.run(move |tx| quarantine::get(tx, &which)).await
    }

    async fn settle(&self, which: Refused, act: Act) -> Result<bool, StoreError> {
        self.writer
            .run(move |tx| quarantine::settle(tx, &which, &act))
            .await
    }

    async fn second(&self, user: UserId) -> Result<Option<Second>, StoreError> {
        self.readers.run(move |tx| second::get(tx, &user)).await
    }

    async fn note_second(&self, user: UserId, second: Option<Second>, act: Act) -> Result<(), StoreError> {
        self.writer
            .run(move |tx| second::note(tx, &user, second.as_ref(), &act))
            .await
    }

    async fn spend(&self, user: UserId, proof: Proof) -> Result<bool, StoreError> {
        self.writer.run(move |tx| second::spend(tx, &user, proof)).await
    }

    async fn size(&self) -> Result<u64, StoreError> {
        let sql = "SELECT page_count * page_size AS bytes FROM pragma_page_count, pragma_page_size";
        let bytes = |tx: &rusqlite::Transaction<'_>| Ok(tx.query_row(sql, [], |row| row.get::<_, i64>(0))?);
        Ok(self.readers.run(bytes).await?.unsigned_abs())
    }

    fn waiting(&self) -> usize {
        self.writer.waiting()
    }

    async fn note_backup(&self, at: Moment) -> Result<(), StoreError> {
        self.writer.run(move |tx| backups::note(tx, at)).await
    }

    async fn last_backup(&self) -> Result<Option<Moment>, StoreError> {
        self.readers.run(|tx| backups::last(tx)).await
    }

    fn dump(&self) -> Pages {
        dump::start(self.readers.clone())
    }

    async fn fill(&self, pages: Pages) -> Result<(), StoreError> {
        self.writer.run(move |tx| fill::fill(tx, pages)).await
    }
}
