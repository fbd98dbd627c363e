//! Names that are gathered until somebody takes them.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use tokio::sync::Notify;

/// Names that many add and one takes: each once, however often it was added, so they never grow beyond what there is to
/// name.
#[derive(Debug, Default)]
pub struct Gathered {
    names: Mutex<BTreeSet<String>>,
    news: Notify,
}

impl Gathered {
    /// Adds names.
    pub fn add(&self, names: impl IntoIterator<Item = String>) {
        let mut gathered = self.names.lock().unwrap_or_else(PoisonError::into_inner);
        gathered.extend(names);
        if !gathered.is_empty() {
            self.news.notify_one();
        }
    }

    /// Takes what has been gathered, as soon as there is anything.
    pub async fn take(&self) -> Vec<String> {
        loop {
            let gathered = std::mem::take(&mut *self.names.lock().unwrap_or_else(PoisonError::into_inner));
            if !gathered.is_empty() {
                return gathered.into_iter().collect();
            }
            self.news.notified().await;
        }
    }
}
