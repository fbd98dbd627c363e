//! `GET /api/records/{id}/twins`: what speaks of the same trouble.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use lianxin_shared::id::{DocId, Moment};
use lianxin_shared::twins::{Sketch, Twins};
use serde::Serialize;
use tokio::sync::{Mutex, RwLock};
use utoipa::ToSchema;

use crate::app::App;
use crate::clock::now;
use crate::problem::Problem;
use crate::store::{Store, StoreError};
use crate::sync::open;

/// How many twins are shown.
const MOST: usize = 10;

/// How far back is looked again, for what another node committed late by a clock of its own.
const OVERLAP_MS: i64 = 60_000;

/// The sketches of all suggestions, in memory (280 bytes each), brought up to date when somebody asks and something moved.
/// All clones are one.
#[derive(Debug, Clone, Default)]
pub struct Held {
    twins: Arc<RwLock<Twins>>,
    /// Up to where they are; whoever brings them further holds it.
    place: Arc<Mutex<Place>>,
}

/// How far sketches were read.
#[derive(Debug, Clone, Copy, Default)]
struct Place {
    /// See [`Store::moves`]; nothing before the first time.
    moves: Option<u64>,
    /// By this server's clock.
    until: Moment,
}

impl Held {
    async fn refresh(&self, store: &dyn Store) -> Result<(), StoreError> {
        let asked = store.moves().await?;
        let mut place = self.place.lock().await;
        if place.moves >= Some(asked) {
            return Ok(());
        }
        let further = Place {
            moves: Some(store.moves().await?),
            until: place.until.max(now()),
        };
        let sketches = store.sketches(Moment(place.until.0 - OVERLAP_MS)).await?;
        let mut twins = self.twins.write().await;
        for (doc, bytes) in sketches {
            // One of another version's making is made anew with its row.
            if let Ok(sketch) = Sketch::from_bytes(&bytes) {
                twins.put(doc, &sketch);
            }
        }
        *place = further;
        Ok(())
    }
}

/// The likely twins, the likest first.
#[derive(Serialize, ToSchema)]
#[schema(as = Twins)]
pub struct Found {
    twins: Vec<Shown>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = Twin)]
struct Shown {
    #[schema(value_type = String)]
    id: DocId,
    title: String,
    excerpt: String,
    state: String,
    #[schema(value_type = Option<String>)]
    station: Option<DocId>,
    #[schema(value_type = i64)]
    received_at: Moment,
    /// 0 to 100.
    score: u8,
    /// What both speak of.
    shared: Vec<String>,
}

/// What speaks of the same as a record.
pub async fn twins(State(app): State<App>, Path(id): Path<String>) -> Result<Json<Found>, Problem> {
    let id: DocId = id.parse().map_err(|_| Problem::DocumentUnknown)?;
    let content = app.store.content(id).await?.ok_or(Problem::DocumentUnknown)?;
    let record = open(&content).and_then(|document| document.record());
    let record = record.map_err(|error| {
        tracing::error!(%error, doc = %id, "document.unreadable");
        Problem::Internal
    })?;
    let Some(register) = record
        .register()
        .filter(|register| register.companion().is_some())
    else {
        return Ok(Json(Found { twins: Vec::new() }));
    };
    app.twins.refresh(&*app.store).await?;
    let text = record.text(register.title).to_owned();
    let held = app.twins.twins.clone();
    // A walk through all sketches takes some milliseconds: not on the threads that serve the lines.
    let likely = tokio::task::spawn_blocking(move || {
        let held = held.blocking_read();
        held.likely(&text, MOST, |other| other != id)
    });
    let likely = likely.await.map_err(|_| Problem::Internal)?;
    let listed = app
        .store
        .listed(likely.iter().map(|twin| twin.id).collect())
        .await?;
    for gone in likely
        .iter()
        .filter(|twin| listed.iter().all(|one| one.doc != twin.id))
    {
        // Removed for good, perhaps by another node.
        app.twins.twins.write().await.remove(gone.id);
    }
    let shown = likely.into_iter().filter_map(|twin| {
        let listed = listed.iter().find(|listed| listed.doc == twin.id)?;
        Some(Shown {
            id: twin.id,
            title: listed.row.title.clone(),
            excerpt: listed.row.excerpt.clone(),
            state: listed.row.state.clone(),
            station: listed.row.station,
            received_at: listed.received_at,
            score: twin.score,
            shared: twin.phrases,
        })
    });
    Ok(Json(Found {
        twins: shown.collect(),
    }))
}
