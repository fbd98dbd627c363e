//! Storing accepted changes with all that follows from them, in one transaction of five round trips.
//!
//! Every transaction takes its locks in one order: documents by id, new documents by id, actors, channels by name. So no two
//! writers wait for each other. What another node put in meanwhile where there was nothing (a new document, an actor) shows
//! as a row that was not inserted: the transaction is given up and begun anew, and sees it.

use deadpool_postgres::Object;
use tokio_postgres::error::SqlState;

use super::actors::{self, Actors};
use super::channels::{self, Entries, Taken};
use super::documents::{self, Changes, Documents, Snapshots};
use super::plan::{Plan, Stored};
use super::pool::{Pool, writing};
use super::records::{self, Rows};
use super::related::{self, Related};
use super::sql::pipeline;
use crate::store::{StoreError, Write, Written};

/// How often a transaction is begun anew because another one was in its way.
const TRIES: usize = 8;

pub(super) async fn commit(pool: &Pool, writes: &[Write]) -> Result<Vec<Written>, StoreError> {
    if writes.is_empty() {
        return Ok(Vec::new());
    }
    let mut client = pool.get().await?;
    for _ in 0..TRIES {
        match attempt(&mut client, writes).await {
            Ok(written) => return Ok(written),
            Err(Failure::InTheWay) => {}
            Err(Failure::Store(error)) => return Err(error),
        }
    }
    Err(StoreError::Unavailable(
        "others were quicker each time".to_owned(),
    ))
}

/// Why a transaction was not carried out.
enum Failure {
    /// Another one was in its way: it may be begun anew at once.
    InTheWay,
    /// Something else.
    Store(StoreError),
}

async fn attempt(client: &mut Object, writes: &[Write]) -> Result<Vec<Written>, Failure> {
    let tx = writing(client).await?;

    let docs: Vec<_> = writes.iter().map(|write| &write.doc.0[..]).collect();
    let actors: Vec<_> = writes.iter().flat_map(|write| &write.actors).collect();
    let [known, entries, bindings] = pipeline(
        &tx,
        [
            (documents::LOCK, &[&docs]),
            (channels::OF_DOCUMENTS, &[&docs]),
            (actors::GET, &[&actors]),
        ],
    )
    .await?;
    let stored = Stored {
        documents: documents::known(&known)?,
        bindings: actors::bindings(&bindings)?,
        entries: channels::by_document(&entries)?,
    };
    let plan = Plan::of(&stored, writes);
    if plan.accepted.is_empty() {
        return Ok(plan.written);
    }

    let (mut new, mut grown, mut snapshots) =
        (Documents::default(), Documents::default(), Snapshots::default());
    for (id, growth) in &plan.documents {
        let columns = if growth.is_new { &mut new } else { &mut grown };
        columns.push(id, growth)?;
        if let Some(compaction) = growth.compaction {
            snapshots.push(id, compaction.version, &compaction.snapshot);
        }
    }
    let mut unbound = Actors::default();
    for (actor, (by, since)) in &plan.actors {
        unbound.push(actor, by, *since);
    }
    let taken = Taken::of(plan.taken());
    let [inserted, bound, sequences] = pipeline(
        &tx,
        [
            (documents::INSERT, &new.values()),
            (actors::INSERT, &unbound.values()),
            (channels::TAKE, &taken.values()),
        ],
    )
    .await?;
    if inserted.len() < new.len() || bound.len() < unbound.len() {
        return Err(Failure::InTheWay);
    }

    let entries = plan.entries(&stored, channels::sequences_of(&sequences)?);
    let entries = Entries::of(&entries)?;
    let rows = Rows::of(&plan.rows)?;
    let related = Related::of(&plan.rows);
    let mut changes = Changes::default();
    for (write, _) in &plan.accepted {
        changes.push(&write.doc, write.first(), &write.changes);
    }
    pipeline(
        &tx,
        [
            (documents::GROW, &grown.values()),
            (documents::ADD_CHANGES, &changes.values()),
            (documents::COMPACT, &snapshots.values()),
            (documents::DROP_CHANGES, &snapshots.kept()),
            (channels::PUT, &entries.values()),
            (records::PUT, &rows.values()),
            (related::FORGET_LINKS, &[rows.docs()]),
            (related::FORGET_FILES, &[rows.docs()]),
            (related::FORGET_CREDITS, &[rows.docs()]),
            (related::PUT_LINKS, &related.links()),
            (related::PUT_FILES, &related.files()),
            (related::PUT_CREDITS, &related.credits()),
            (related::PUT_PEOPLE, &related.people()),
            (related::PUT_SKETCHES, &related.sketches()),
        ],
    )
    .await?;
    tx.commit().await?;
    Ok(plan.written)
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<tokio_postgres::Error> for Failure {
    fn from(error: tokio_postgres::Error) -> Self {
        let in_the_way = [
            SqlState::T_R_SERIALIZATION_FAILURE,
            SqlState::T_R_DEADLOCK_DETECTED,
        ];
        if error.code().is_some_and(|code| in_the_way.contains(code)) {
            Self::InTheWay
        } else {
            Self::Store(error.into())
        }
    }
}
