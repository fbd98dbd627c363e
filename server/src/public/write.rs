//! What the public pages write: entries of the server's own, through the one door like everything else.

use lianxin_shared::hex;
use lianxin_shared::id::DocId;
use lianxin_shared::records::{Event, Record};
use sha2::{Digest, Sha256};

use super::form::Draft;
use super::trouble::Trouble;
use crate::app::App;
use crate::own::{New, OwnError};

impl From<OwnError> for Trouble {
    fn from(error: OwnError) -> Self {
        match error {
            OwnError::Store(error) => error.into(),
            OwnError::Busy => Self::Unavailable,
            error => {
                tracing::error!(%error, "public.not-written");
                Self::Internal
            }
        }
    }
}

/// 128 random bits.
pub(super) fn fresh() -> Result<String, Trouble> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|error| {
        tracing::error!(%error, "public.no-randomness");
        Trouble::Internal
    })?;
    Ok(hex::written(&bytes))
}

/// The id of what a form makes. The same form with the same words makes the same record, so sending it twice sends it once;
/// nobody can work it out from the form.
pub(super) fn id_of(app: &App, about: &str, draft: &Draft) -> DocId {
    let mut hash = Sha256::new()
        .chain_update(b"public form")
        .chain_update(app.life.receipt_key)
        .chain_update(about);
    for part in draft.all().flat_map(|(name, text)| [name, text]) {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    let mut id = [0; 16];
    id.copy_from_slice(&hash.finalize()[..16]);
    DocId(id)
}

/// Starts records, all or none; answers whether they are new. Where the first is there already, so are the others.
pub(super) async fn create(app: &App, records: &[New]) -> Result<bool, Trouble> {
    let _writing = app.public.0.writing.lock().await;
    if let Some(first) = records.first()
        && app.store.content(first.id).await?.is_some()
    {
        return Ok(false);
    }
    app.own.create(records).await?;
    app.public.0.board.stale();
    Ok(true)
}

/// Takes a step on a record, if there is one to take as it stands.
pub(super) async fn step(
    app: &App,
    id: DocId,
    step: impl Fn(&Record) -> Option<Event> + Send + Sync,
) -> Result<(), Trouble> {
    let _writing = app.public.0.writing.lock().await;
    if app.own.append(id, step).await? {
        app.public.0.board.stale();
    }
    Ok(())
}
