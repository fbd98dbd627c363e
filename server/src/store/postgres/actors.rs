//! Whose actors are.

use std::collections::HashMap;

use lianxin_shared::id::Moment;
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

use super::codec;
use crate::store::{Binding, StoreError};

/// The bindings of actors.
pub(super) const GET: &str = "SELECT actor, \"user\", device FROM actors WHERE actor = ANY($1)";

/// Binds [`Actors`]; answers those that were not bound.
pub(super) const INSERT: &str = "
    INSERT INTO actors (actor, \"user\", device, bound_at)
    SELECT * FROM unnest($1::bytea[], $2::text[], $3::bytea[], $4::bigint[]) AS new (actor) ORDER BY actor
    ON CONFLICT (actor) DO NOTHING RETURNING actor";

/// Actors to bind, as columns.
#[derive(Default)]
pub(super) struct Actors<'a> {
    actors: Vec<&'a [u8]>,
    users: Vec<&'a str>,
    devices: Vec<&'a [u8]>,
    since: Vec<i64>,
}

impl<'a> Actors<'a> {
    pub(super) fn push(&mut self, actor: &'a [u8], by: &'a Binding, since: Moment) {
        self.actors.push(actor);
        self.users.push(by.user.as_str());
        self.devices.push(&by.device.0);
        self.since.push(since.0);
    }

    pub(super) fn len(&self) -> usize {
        self.actors.len()
    }

    pub(super) fn values(&self) -> [&(dyn ToSql + Sync); 4] {
        [&self.actors, &self.users, &self.devices, &self.since]
    }
}

/// The rows of [`GET`].
pub(super) fn bindings(rows: &[Row]) -> Result<HashMap<Vec<u8>, Binding>, StoreError> {
    rows.iter()
        .map(|row| Ok((codec::get(row, "actor")?, codec::binding(row)?)))
        .collect()
}
