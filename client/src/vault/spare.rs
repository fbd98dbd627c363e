//! The second place for what waits to be sent. A browser that finds its databases damaged, or runs short of room, throws them away
//! with all that is in them; what it keeps beside them, in the local storage, stays. So a copy of each envelope of an outbox lies
//! there: sealed to the server, so nobody else reads it. Where the databases are gone, the tablet carries those copies as it would
//! another device's, and the server gets them without anybody's signing in.

use std::collections::BTreeSet;

use super::database::{Batch, VaultError, decode};
use super::enrolment::Enrolment;
use super::outbox::{Outbox, Posted};
use super::store::Store;
use super::{Vault, lock};
use crate::remembered;
use crate::slice::Slices;

const SPARE: &str = "lianxin-spare-";
/// The database of what is carried.
const CARRIED: &str = "lianxin";

/// Follows what was just written to a database. Where there is no room for a copy, there is none.
pub(super) fn follow(database: &str, batch: &Batch) {
    for (_, key, plain) in batch.entries().filter(|(store, ..)| *store == Store::Outbox) {
        let name = name(database, key);
        match plain {
            Some(plain) if matches!(decode(plain), Ok(Posted::Waiting(_))) => {
                remembered::put(&name, &remembered::text_of(plain));
            }
            _ => remembered::remove(&name),
        }
    }
}

/// Forgets the copies of a database that is removed on purpose.
pub(super) fn forget(database: &str) {
    for name in remembered::names(&name(database, "")) {
        remembered::remove(&name);
    }
}

/// Makes the copies of somebody's outbox anew: a browser that was ended hard has not written the last minute of its local storage.
pub async fn mend(known: &Enrolment) -> Result<(), VaultError> {
    let database = Vault::database_name(known.id);
    let _guard = lock::acquire(&Vault::lock_name(&known.user)).await?;
    let waiting = Outbox::of(known).await?.waiting().await?;
    let stale: BTreeSet<_> = remembered::names(&name(&database, "")).into_iter().collect();
    let mut kept = BTreeSet::new();
    let mut slices = Slices::begin();
    for (key, envelope) in waiting {
        let mut copy = Batch::default();
        copy.put(Store::Outbox, &key, &Posted::Waiting(envelope))?;
        follow(&database, &copy);
        kept.insert(name(&database, &key));
        slices.rest().await;
    }
    for name in stale.difference(&kept) {
        remembered::remove(name);
    }
    Ok(())
}

/// The databases are gone: takes their copies to be carried, and answers how many there were.
pub async fn take_up() -> Result<u32, VaultError> {
    let names = remembered::names(SPARE);
    let kept = names.iter().filter_map(|name| remembered::get(name));
    let envelopes = kept.filter_map(|text| match decode(&remembered::bytes_of(&text)) {
        Ok(Posted::Waiting(envelope)) => Some(envelope),
        _ => None,
    });
    let envelopes: Vec<_> = envelopes.collect();
    let spared = u32::try_from(envelopes.len()).unwrap_or(u32::MAX);
    if spared > 0 {
        Outbox::carried().await?.carry(envelopes).await?;
    }
    // Those of what is carried have just been written anew.
    for name in names
        .iter()
        .filter(|other| !other.starts_with(&name(CARRIED, "")))
    {
        remembered::remove(name);
    }
    Ok(spared)
}

fn name(database: &str, key: &str) -> String {
    // No database has such a stroke in its name, so no name of one begins like another's.
    format!("{SPARE}{database}/{key}")
}
