//! Accounts follow the records of people, stations and groups: whoever is named there hosts, belongs and convenes, from the
//! moment at which the record is accepted. See [`lianxin_shared::rules::member`].

use std::collections::BTreeSet;
use std::sync::Arc;

use lianxin_shared::id::DocId;
use lianxin_shared::rules::{MEMBERSHIP, Named, Principal, member};
use tokio::sync::Notify;

use crate::store::{Filter, Store, StoreError};

/// How many records are read at once.
const PAGE: u32 = 500;

/// Keeps accounts in step with the records. All clones are one.
#[derive(Clone)]
pub struct Members {
    store: Arc<dyn Store>,
    moved: Arc<Notify>,
}

impl Members {
    /// Over a store. Nothing happens until [`Members::work`].
    pub fn new(store: Arc<dyn Store>) -> Self {
        Self {
            store,
            moved: Arc::default(),
        }
    }

    /// A record of this kind was accepted: the accounts are looked at if they may follow from it.
    pub fn accepted(&self, kind: &str) {
        if MEMBERSHIP.contains(&kind) {
            self.moved();
        }
    }

    /// Something that accounts follow from has changed.
    pub fn moved(&self) {
        self.moved.notify_one();
    }

    /// Brings the accounts in step, now and whenever something moved.
    pub async fn work(self) {
        loop {
            if let Err(error) = self.renew().await {
                tracing::error!(%error, "members.failed");
            }
            self.moved.notified().await;
        }
    }

    /// Brings every account in step with the records as they are. Another node may do the same with what it read a moment
    /// ago, so this ends only when there is nothing left to do.
    pub async fn renew(&self) -> Result<(), StoreError> {
        while self.step().await? {}
        Ok(())
    }

    /// Answers whether there was anything to do.
    async fn step(&self) -> Result<bool, StoreError> {
        let records = self.records().await?;
        let accounts = self.store.accounts().await?;
        let places = accounts.iter().flat_map(|account| places(&account.principal));
        let places: BTreeSet<_> = places.collect();
        let gone = self.store.erased(places.into_iter().collect()).await?;
        let mut has_changed = false;
        for account in accounts {
            let now = member(&account.principal, &records, &gone);
            if now != account.principal {
                // Where the account was changed meanwhile, the next step sees it.
                self.store.amend_principal(account.principal, now).await?;
                has_changed = true;
            }
        }
        Ok(has_changed)
    }

    async fn records(&self) -> Result<Vec<Named>, StoreError> {
        let filter = Filter {
            kinds: MEMBERSHIP.iter().map(|&kind| kind.to_owned()).collect(),
            ..Filter::default()
        };
        let (mut records, mut after) = (Vec::new(), None);
        loop {
            let page = self.store.records(filter.clone(), after, PAGE).await?;
            records.extend(page.records.into_iter().map(|listed| Named {
                id: listed.doc,
                kind: listed.row.kind,
                state: listed.row.state,
                values: listed.row.values,
            }));
            after = page.next;
            if after.is_none() {
                return Ok(records);
            }
        }
    }
}

fn places(principal: &Principal) -> impl Iterator<Item = DocId> + '_ {
    principal.stations().chain(principal.groups())
}
