//! The connections of a node.
//!
//! deadpool rather than bb8: it keeps the prepared statements of each connection, which is most of what is needed here.

use std::time::Duration;

use deadpool_postgres::{Hook, HookError, Manager, ManagerConfig, Object, RecyclingMethod, Runtime};
use tokio_postgres::{Config, IsolationLevel, NoTls};

use crate::store::StoreError;

/// The most connections of a node.
const CONNECTIONS: usize = 16;

/// How long a request waits for one.
const PATIENCE: Duration = Duration::from_secs(10);

/// What holds for every connection. Acknowledged means durable, whatever the server's default is; and a node that is cut
/// off while it holds locks does not hold them for long.
const SETTINGS: &str = "
    SET idle_in_transaction_session_timeout = '30s';
    SET lock_timeout = '20s';
    SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off';
";

/// The connections of a node.
#[derive(Clone)]
pub(super) struct Pool(deadpool_postgres::Pool);

impl Pool {
    /// Connections to a database, opened as they are needed.
    pub(super) fn new(config: &Config) -> Result<Self, StoreError> {
        let recycling_method = RecyclingMethod::Fast;
        let manager = Manager::from_config(config.clone(), NoTls, ManagerConfig { recycling_method });
        let settle = Hook::async_fn(|client: &mut deadpool_postgres::ClientWrapper, _| {
            Box::pin(async move { client.batch_execute(SETTINGS).await.map_err(HookError::Backend) })
        });
        deadpool_postgres::Pool::builder(manager)
            .max_size(CONNECTIONS)
            .wait_timeout(Some(PATIENCE))
            .create_timeout(Some(PATIENCE))
            .post_create(settle)
            .runtime(Runtime::Tokio1)
            .build()
            .map(Self)
            .map_err(|_| StoreError::Unavailable("no connections".to_owned()))
    }

    /// How many wait for one.
    pub(super) fn waiting(&self) -> usize {
        self.0.status().waiting
    }

    /// A connection.
    pub(super) async fn get(&self) -> Result<Object, StoreError> {
        Ok(self.0.get().await?)
    }
}

/// Begins a transaction that sees one moment.
pub(super) async fn reading(client: &mut Object) -> Result<deadpool_postgres::Transaction<'_>, StoreError> {
    let transaction = client
        .build_transaction()
        .isolation_level(IsolationLevel::RepeatableRead)
        .read_only(true);
    Ok(transaction.start().await?)
}

/// Begins a transaction that writes. Each of its statements sees what was committed before it, so what is read after a lock
/// was waited for is what the other one left.
pub(super) async fn writing(
    client: &mut Object,
) -> Result<deadpool_postgres::Transaction<'_>, tokio_postgres::Error> {
    let transaction = client
        .build_transaction()
        .isolation_level(IsolationLevel::ReadCommitted);
    transaction.start().await
}
