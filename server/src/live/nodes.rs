//! Waking devices across nodes: what moved here is announced to the others, what moved there wakes devices here.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::sleep;

use super::Live;
use crate::store::Store;

/// The time between two announcements, in which moves are gathered.
const GATHER: Duration = Duration::from_millis(50);

/// How long to wait after a failure to hear.
const PAUSE: Duration = Duration::from_secs(1);

/// Carries word both ways, for as long as it is polled. Word that is lost is made up for by the devices' next sync.
pub async fn across_nodes(store: Arc<dyn Store>, live: Live) {
    tokio::join!(announce(&*store, &live), hear(&*store, &live));
}

async fn announce(store: &dyn Store, live: &Live) {
    loop {
        if let Err(error) = store.announce(live.own.take().await).await {
            tracing::warn!(%error, "live.announce.failed");
        }
        sleep(GATHER).await;
    }
}

async fn hear(store: &dyn Store, live: &Live) {
    loop {
        match store.announced().await {
            Ok(channels) => live.moved_elsewhere(channels),
            Err(error) => {
                tracing::warn!(%error, "live.hear.failed");
                sleep(PAUSE).await;
            }
        }
    }
}
