//! Word between the nodes on one database, by LISTEN and NOTIFY.
//!
//! It is sent after the commit and never within the writing transaction, since a transaction that notifies takes a lock at
//! commit that all others wait for. It says which channels moved, and which node says so. Where word may have been missed,
//! all channels count as moved: devices then ask once in vain.

use lianxin_shared::hex;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinHandle;
use tokio::time::{MissedTickBehavior, interval, sleep, timeout};
use tokio_postgres::{AsyncMessage, Client, Config, Connection, NoTls, Socket};

use super::channels;
use super::pool::Pool;
use crate::gathered::Gathered;
use crate::store::StoreError;

/// How much a notification carries at most, in bytes. PostgreSQL takes less than 8000.
const PAYLOAD: usize = 7900;

/// How often the line is shown to be alive.
const BEAT: Duration = Duration::from_secs(20);

/// How long it may be silent then.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long to wait before another try.
const PAUSE: Duration = Duration::from_secs(1);

/// A node, as it speaks with the others. It listens until it is dropped.
pub(super) struct Node {
    name: String,
    pool: Pool,
    heard: Arc<Gathered>,
    listening: JoinHandle<()>,
}

impl Node {
    /// Listens from now on.
    pub(super) async fn start(config: &Config, pool: &Pool) -> Result<Self, StoreError> {
        let mut name = [0; 8];
        getrandom::fill(&mut name).map_err(|e| StoreError::Unavailable(e.to_string()))?;
        let name = hex::written(&name);
        let heard = Arc::new(Gathered::default());
        let mut config = config.clone();
        config.application_name("lianxin-listener");
        let ear = Ear {
            config,
            node: name.clone(),
            heard: heard.clone(),
        };
        let line = ear.connect().await?;
        Ok(Self {
            listening: tokio::spawn(ear.listen(line, pool.clone())),
            name,
            pool: pool.clone(),
            heard,
        })
    }

    /// Tells the others.
    pub(super) async fn announce(&self, channels: &[String]) -> Result<(), StoreError> {
        let client = self.pool.get().await?;
        let statement = client
            .prepare_cached("SELECT pg_notify('lianxin', payload) FROM unnest($1::text[]) AS payload")
            .await?;
        client
            .execute(&statement, &[&payloads(&self.name, channels)])
            .await?;
        Ok(())
    }

    /// What the others told.
    pub(super) async fn announced(&self) -> Vec<String> {
        self.heard.take().await
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

/// The node's name and those of channels, as often as it takes.
fn payloads(node: &str, channels: &[String]) -> Vec<String> {
    let mut payloads: Vec<String> = Vec::new();
    for channel in channels {
        match payloads.last_mut() {
            Some(last) if last.len() + 1 + channel.len() <= PAYLOAD => {
                last.push(' ');
                last.push_str(channel);
            }
            _ => payloads.push(format!("{node} {channel}")),
        }
    }
    payloads
}

/// What listens.
struct Ear {
    config: Config,
    node: String,
    heard: Arc<Gathered>,
}

/// A line on which one listens: it lasts as long as its client, and its work ends with it.
struct Line {
    client: Client,
    work: JoinHandle<()>,
}

impl Ear {
    async fn listen(self, mut line: Line, pool: Pool) {
        loop {
            line.last().await;
            drop(line);
            tracing::warn!("store.listener.lost");
            line = loop {
                match self.again(&pool).await {
                    Ok(line) => break line,
                    Err(error) => tracing::warn!(%error, "store.listener.failed"),
                }
                sleep(PAUSE).await;
            };
            tracing::info!("store.listener.back");
        }
    }

    /// Listens again, and counts all channels as moved.
    async fn again(&self, pool: &Pool) -> Result<Line, StoreError> {
        let line = timeout(PATIENCE, self.connect())
            .await
            .map_err(|_| StoreError::Unavailable("no connection in time".to_owned()))??;
        self.heard.add(channels::names(&pool.get().await?).await?);
        Ok(line)
    }

    async fn connect(&self) -> Result<Line, StoreError> {
        let (client, connection) = self.config.connect(NoTls).await?;
        let work = tokio::spawn(hear(connection, self.node.clone(), self.heard.clone()));
        client.batch_execute("LISTEN lianxin").await?;
        Ok(Line { client, work })
    }
}

impl Line {
    /// Until it is lost.
    async fn last(&mut self) {
        let mut beat = interval(BEAT);
        beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                _ = &mut self.work => return,
                _ = beat.tick() => {
                    if !matches!(timeout(PATIENCE, self.client.batch_execute("")).await, Ok(Ok(()))) {
                        return;
                    }
                }
            }
        }
    }
}

/// Carries a connection, and gathers what other nodes than `node` say on it.
async fn hear(
    mut connection: Connection<Socket, tokio_postgres::tls::NoTlsStream>,
    node: String,
    heard: Arc<Gathered>,
) {
    while let Some(Ok(message)) = std::future::poll_fn(|context| connection.poll_message(context)).await {
        if let AsyncMessage::Notification(notification) = message {
            let mut words = notification.payload().split(' ');
            if words.next() != Some(&node) {
                heard.add(words.map(str::to_owned));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn word_of_many_channels_goes_in_several_notifications() {
        let channels: Vec<_> = (0..1000).map(|n| format!("station:{n:032}")).collect();
        let payloads = payloads("node", &channels);
        assert!(payloads.len() > 1 && payloads.iter().all(|payload| payload.len() < 8000));
        let said = payloads.iter().flat_map(|payload| {
            let (node, channels) = payload.split_once(' ').unwrap();
            assert_eq!(node, "node");
            channels.split(' ')
        });
        assert!(said.eq(&channels));
        assert!(super::payloads("node", &[]).is_empty());
    }
}
