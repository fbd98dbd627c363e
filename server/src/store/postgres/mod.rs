//! A store in a PostgreSQL database, for one node or several.

mod accounts;
mod actors;
mod audit;
mod backups;
mod channels;
mod codec;
mod commit;
mod contents;
mod devices;
mod documents;
mod dump;
mod erasure;
mod examine;
mod fill;
mod migrations;
mod nodes;
mod plan;
mod pool;
mod quarantine;
mod records;
mod related;
mod second;
mod sql;
mod waits;
mod watch;

use std::collections::BTreeSet;
use std::time::Duration;

use async_trait::async_trait;
use deadpool_postgres::GenericClient;
use lianxin_shared::handover::DeviceKey;
use lianxin_shared::id::{DocId, Epoch, FileHash, Heads, Moment, UserId};
use lianxin_shared::rules::Principal;
use tokio_postgres::Config;

use self::nodes::Node;
use self::pool::{Pool, reading, writing};
use super::{
    Account, Act, Acts, Chain, Contact, Content, Counts, Erasure, Figure, Filter, Life, Links, Listed, Mark,
    Material, Migrated, Moved, Page, Pages, Pending, Proof, Quarantined, Refused, Registered, Row, Second,
    Session, Store, StoreError, Tips, TokenHash, Wait, Waiting, Watched, Withdrawal, Write, Written,
};

/// A store in a PostgreSQL database. Several nodes may have one open.
pub struct PostgresStore {
    pool: Pool,
    node: Node,
    migrated: Migrated,
}

impl PostgresStore {
    /// Opens a database by its address (`postgres://…`) and brings it to the newest schema. No error names the address,
    /// which can hold a password.
    pub async fn open(address: &str) -> Result<Self, StoreError> {
        let config = config(address)?;
        let pool = Pool::new(&config)?;
        let mut client = pool.get().await?;
        let migrated = migrations::migrate(&mut client).await?;
        begin_life(&client).await?;
        let node = Node::start(&config, &pool).await?;
        Ok(Self { pool, node, migrated })
    }

    /// What [`PostgresStore::open`] would do to the schema. Changes nothing.
    pub async fn pending(address: &str) -> Result<Pending, StoreError> {
        let pool = Pool::new(&config(address)?)?;
        migrations::pending(&mut pool.get().await?).await
    }

    /// What opening it did to its schema.
    pub fn migrated(&self) -> Migrated {
        self.migrated
    }
}

/// How to reach the database at an address.
fn config(address: &str) -> Result<Config, StoreError> {
    let mut config: Config = address
        .parse()
        .map_err(|_| StoreError::Unavailable("the address of the database makes no sense".to_owned()))?;
    // A line that is dead without a word is noticed within a minute.
    config
        .keepalives_idle(Duration::from_secs(20))
        .keepalives_interval(Duration::from_secs(10))
        .keepalives_retries(3);
    // To compile a query, or to spread it over several processes, takes longer than any of ours. And a plan that is made once for
    // all values takes a third of all records for overdue: what little there is was then looked for in every one.
    const PLANS: &str =
        "-c jit=off -c max_parallel_workers_per_gather=0 -c plan_cache_mode=force_custom_plan";
    let options = format!("{} {PLANS}", config.get_options().unwrap_or_default());
    config.options(options.trim_start());
    if config.get_connect_timeout().is_none() {
        config.connect_timeout(Duration::from_secs(10));
    }
    Ok(config)
}

/// A new database gets its epoch and its key.
async fn begin_life(client: &impl GenericClient) -> Result<(), StoreError> {
    let mut random = [0; 48];
    getrandom::fill(&mut random).map_err(|e| StoreError::Unavailable(e.to_string()))?;
    let (epoch, key) = random.split_at(16);
    for (name, value) in [("epoch", epoch), ("receipt-key", key)] {
        let sql = "INSERT INTO meta (key, value) VALUES ($1, $2) ON CONFLICT (key) DO NOTHING";
        client.execute(sql, &[&name, &value]).await?;
    }
    Ok(())
}

async fn life(client: &impl GenericClient) -> Result<Life, StoreError> {
    let (mut epoch, mut receipt_key) = (None, None);
    for row in client.query("SELECT key, value FROM meta", &[]).await? {
        match codec::get(&row, "key")? {
            "epoch" => epoch = Some(Epoch(codec::bytes(&row, "value")?)),
            "receipt-key" => receipt_key = Some(codec::bytes(&row, "value")?),
            _ => {}
        }
    }
    Ok(Life {
        epoch: epoch.ok_or_else(|| codec::damaged("epoch"))?,
        receipt_key: receipt_key.ok_or_else(|| codec::damaged("receipt-key"))?,
    })
}

#[async_trait]
impl Store for PostgresStore {
    async fn life(&self) -> Result<Life, StoreError> {
        life(&self.pool.get().await?).await
    }

    async fn begin_new_life(&self) -> Result<Life, StoreError> {
        let mut epoch = [0; 16];
        getrandom::fill(&mut epoch).map_err(|e| StoreError::Unavailable(e.to_string()))?;
        let client = self.pool.get().await?;
        let sql = "UPDATE meta SET value = $1 WHERE key = 'epoch'";
        client.execute(sql, &[&&epoch[..]]).await?;
        life(&client).await
    }

    async fn materials(&self, wants: Vec<(DocId, Vec<Vec<u8>>)>) -> Result<Vec<Material>, StoreError> {
        contents::materials(&mut self.pool.get().await?, &wants).await
    }

    async fn commit(&self, writes: Vec<Write>) -> Result<Vec<Written>, StoreError> {
        commit::commit(&self.pool, &writes).await
    }

    async fn quarantine(&self, refused: Vec<Quarantined>) -> Result<(), StoreError> {
        let mut client = self.pool.get().await?;
        let tx = writing(&mut client).await?;
        quarantine::put(&tx, &refused).await?;
        Ok(tx.commit().await?)
    }

    async fn contents(
        &self,
        wants: Vec<(DocId, u64)>,
        budget: usize,
    ) -> Result<Vec<Option<Content>>, StoreError> {
        contents::contents(&mut self.pool.get().await?, &wants, budget).await
    }

    /// The tables hold nothing of the documents once this answers; the module says what the database's files may.
    async fn erase(&self, erasure: Erasure) -> Result<Vec<String>, StoreError> {
        erasure::erase(&self.pool, &erasure).await
    }

    async fn erased(&self, docs: Vec<DocId>) -> Result<BTreeSet<DocId>, StoreError> {
        erasure::of(&self.pool.get().await?, &docs).await
    }

    async fn chain(&self, above: u64, limit: u32) -> Result<Chain, StoreError> {
        let mut client = self.pool.get().await?;
        let tx = reading(&mut client).await?;
        audit::chain(&tx, above, limit).await
    }

    async fn acts(&self, before: Option<u64>, limit: u32) -> Result<Acts, StoreError> {
        audit::page(&self.pool.get().await?, before, limit).await
    }

    async fn tips(&self, channels: Vec<String>) -> Result<Tips, StoreError> {
        channels::tips(&self.pool.get().await?, &channels).await
    }

    async fn moved(
        &self,
        channel: String,
        above: u64,
        limit: u32,
        channels: Vec<String>,
    ) -> Result<Vec<Moved>, StoreError> {
        channels::moved(&self.pool.get().await?, &channel, above, limit, &channels).await
    }

    async fn states(&self, channels: Vec<String>) -> Result<Vec<(DocId, Heads)>, StoreError> {
        channels::states(&self.pool.get().await?, &channels).await
    }

    async fn announce(&self, channels: Vec<String>) -> Result<(), StoreError> {
        self.node.announce(&channels).await
    }

    async fn announced(&self) -> Result<Vec<String>, StoreError> {
        Ok(self.node.announced().await)
    }

    async fn moves(&self) -> Result<u64, StoreError> {
        channels::moves(&self.pool.get().await?).await
    }

    async fn records(&self, filter: Filter, after: Option<Mark>, limit: u32) -> Result<Page, StoreError> {
        records::page(&self.pool.get().await?, &filter, after, limit).await
    }

    async fn counts(&self, filter: Filter) -> Result<Counts, StoreError> {
        records::counts(&self.pool.get().await?, &filter).await
    }

    async fn watch(
        &self,
        kinds: Vec<String>,
        overdue: Moment,
        stalled: Moment,
    ) -> Result<Vec<Watched>, StoreError> {
        watch::watch(&self.pool.get().await?, &kinds, overdue, stalled).await
    }

    async fn waits(&self, kind: &'static str, from: Moment, before: Moment) -> Result<Vec<Wait>, StoreError> {
        waits::waits(&self.pool.get().await?, kind, from, before).await
    }

    async fn listed(&self, docs: Vec<DocId>) -> Result<Vec<Listed>, StoreError> {
        records::listed_of(&self.pool.get().await?, &docs).await
    }

    async fn sketches(&self, since: Moment) -> Result<Vec<(DocId, Vec<u8>)>, StoreError> {
        related::sketches(&self.pool.get().await?, since).await
    }

    async fn links(&self, doc: DocId) -> Result<Links, StoreError> {
        related::links(&self.pool.get().await?, doc).await
    }

    async fn named(&self, files: Vec<FileHash>) -> Result<BTreeSet<FileHash>, StoreError> {
        related::named(&self.pool.get().await?, &files).await
    }

    async fn figures(&self, from: Moment, before: Moment) -> Result<Vec<Figure>, StoreError> {
        related::figures(&self.pool.get().await?, from, before).await
    }

    async fn by_receipt(&self, code: String) -> Result<Option<DocId>, StoreError> {
        related::by_receipt(&self.pool.get().await?, &code).await
    }

    async fn number(&self, series: String, doc: DocId) -> Result<u64, StoreError> {
        related::number(&self.pool.get().await?, &series, doc).await
    }

    async fn projection(&self) -> Result<u32, StoreError> {
        related::projection(&self.pool.get().await?).await
    }

    async fn set_projection(&self, version: u32) -> Result<(), StoreError> {
        related::set_projection(&self.pool.get().await?, version).await
    }

    async fn put_rows(&self, rows: Vec<(DocId, Row)>) -> Result<(), StoreError> {
        related::renew(&mut self.pool.get().await?, &rows).await
    }

    async fn add_account(&self, account: Account) -> Result<(), StoreError> {
        accounts::add(&self.pool.get().await?, &account).await
    }

    async fn account(&self, user: UserId) -> Result<Option<Account>, StoreError> {
        accounts::get(&self.pool.get().await?, &user).await
    }

    async fn accounts(&self) -> Result<Vec<Account>, StoreError> {
        accounts::all(&self.pool.get().await?).await
    }

    async fn set_principal(&self, principal: Principal) -> Result<(), StoreError> {
        accounts::set_principal(&self.pool.get().await?, &principal).await
    }

    async fn amend_principal(&self, from: Principal, to: Principal) -> Result<(), StoreError> {
        accounts::amend_principal(&mut self.pool.get().await?, &from, &to).await
    }

    async fn note_account(&self, account: Account, act: Act) -> Result<(), StoreError> {
        accounts::note(&mut self.pool.get().await?, &account, &act).await
    }

    async fn set_language(&self, user: UserId, language: String) -> Result<(), StoreError> {
        accounts::set_language(&self.pool.get().await?, &user, &language).await
    }

    async fn open_session(&self, session: Session) -> Result<(), StoreError> {
        accounts::open_session(&self.pool.get().await?, &session).await
    }

    async fn session(&self, token: TokenHash, now: Moment) -> Result<Option<(Session, Account)>, StoreError> {
        accounts::session(&self.pool.get().await?, token, now).await
    }

    async fn sessions(&self, user: Option<UserId>, now: Moment) -> Result<Vec<Session>, StoreError> {
        accounts::sessions(&self.pool.get().await?, user.as_ref(), now).await
    }

    async fn extend_session(
        &self,
        token: TokenHash,
        expires_at: Moment,
        contact: Contact,
    ) -> Result<(), StoreError> {
        accounts::extend_session(&self.pool.get().await?, token, expires_at, &contact).await
    }

    async fn end_session(&self, token: TokenHash, act: Option<Act>) -> Result<(), StoreError> {
        accounts::end_session(&mut self.pool.get().await?, token, act.as_ref()).await
    }

    async fn withdraw_session(&self, token: TokenHash, act: Act) -> Result<bool, StoreError> {
        accounts::withdraw_session(&mut self.pool.get().await?, token, &act).await
    }

    async fn withdrawn(&self, token: TokenHash, now: Moment) -> Result<bool, StoreError> {
        accounts::withdrawn(&self.pool.get().await?, token, now).await
    }

    async fn put_code(&self, code: TokenHash, user: UserId, expires_at: Moment) -> Result<(), StoreError> {
        accounts::put_code(&self.pool.get().await?, code, &user, expires_at).await
    }

    async fn take_code(&self, code: TokenHash, now: Moment) -> Result<Option<UserId>, StoreError> {
        accounts::take_code(&self.pool.get().await?, code, now).await
    }

    async fn withdrawals(&self, user: UserId) -> Result<Vec<Withdrawal>, StoreError> {
        accounts::withdrawals(&self.pool.get().await?, &user).await
    }

    async fn register(&self, device: Registered) -> Result<bool, StoreError> {
        devices::register(&self.pool.get().await?, &device).await
    }

    async fn registered(&self, keys: Vec<DeviceKey>) -> Result<Vec<Registered>, StoreError> {
        devices::registered(&self.pool.get().await?, &keys).await
    }

    async fn close_session(&self, token: TokenHash, now: Moment) -> Result<(), StoreError> {
        accounts::close_session(&self.pool.get().await?, token, now).await
    }

    async fn refused(&self, limit: u32) -> Result<Vec<Waiting>, StoreError> {
        quarantine::waiting(&self.pool.get().await?, limit).await
    }

    async fn quarantined(&self, which: Refused) -> Result<Option<Quarantined>, StoreError> {
        quarantine::get(&self.pool.get().await?, &which).await
    }

    async fn settle(&self, which: Refused, act: Act) -> Result<bool, StoreError> {
        quarantine::settle(&mut self.pool.get().await?, &which, &act).await
    }

    async fn second(&self, user: UserId) -> Result<Option<Second>, StoreError> {
        second::get(&self.pool.get().await?, &user).await
    }

    async fn note_second(&self, user: UserId, second: Option<Second>, act: Act) -> Result<(), StoreError> {
        second::note(&mut self.pool.get().await?, &user, second.as_ref(), &act).await
    }

    async fn spend(&self, user: UserId, proof: Proof) -> Result<bool, StoreError> {
        second::spend(&self.pool.get().await?, &user, proof).await
    }

    async fn size(&self) -> Result<u64, StoreError> {
        let sql = "SELECT pg_database_size(current_database()) AS bytes";
        codec::count(&self.pool.get().await?.query_one(sql, &[]).await?, "bytes")
    }

    fn waiting(&self) -> usize {
        self.pool.waiting()
    }

    async fn note_backup(&self, at: Moment) -> Result<(), StoreError> {
        backups::note(&self.pool.get().await?, at).await
    }

    async fn last_backup(&self) -> Result<Option<Moment>, StoreError> {
        backups::last(&self.pool.get().await?).await
    }

    fn dump(&self) -> Pages {
        dump::start(self.pool.clone())
    }

    async fn fill(&self, pages: Pages) -> Result<(), StoreError> {
        fill::fill(&self.pool, pages).await
    }
}
