//! Comparing what a device holds with what is here, and giving it whole documents: what heals both sides after a restore.

use lianxin_shared::id::DocId;
use lianxin_shared::protocol::{Cursor, Down, FaultCode, Pull};
use lianxin_shared::rules::{Principal, channels_of, channels_read_by};
use lianxin_shared::sync::answer;

use super::{open, receipt};
use crate::app::App;
use crate::store::StoreError;

/// The answer to a question about the documents in the user's channels.
pub(super) async fn compared(app: &App, channels: &[String], question: Vec<u8>) -> Result<Down, StoreError> {
    // The sequences first: what moves between is told again later, never left out.
    let sequences = app.store.sequences(channels.to_vec()).await?;
    let states = app.store.states(channels.to_vec()).await?;
    let answered = tokio::task::spawn_blocking(move || answer(&states, &question));
    let answered = answered
        .await
        .map_err(|e| StoreError::Unavailable(e.to_string()))?;
    let at = |seq| Cursor { have: seq, seen: seq };
    Ok(match answered {
        Ok(answer) => Down::Compared {
            answer: answer.into(),
            cursors: sequences
                .into_iter()
                .map(|(channel, seq)| (channel, at(seq)))
                .collect(),
        },
        Err(_) => Down::Fault(FaultCode::MessageUnexpected),
    })
}

/// A whole document for a user's device; where it is in none of the user's channels, a farewell.
pub(super) async fn whole(app: &App, principal: &Principal, doc: DocId) -> Result<Down, StoreError> {
    let Some(content) = app.store.content(doc).await? else {
        let erased = app.store.erased(vec![doc]).await?.contains(&doc);
        return Ok(Down::Left { doc, erased });
    };
    let (life, principal) = (app.life.clone(), principal.clone());
    let work = move || {
        let mut document = open(&content).ok()?;
        let record = document.record().ok()?;
        let reads = !channels_of(&record).is_disjoint(&channels_read_by(&principal));
        reads.then(|| {
            Down::Pull(Pull {
                doc,
                snapshot: Some(document.save().into()),
                changes: Vec::new().into(),
                heads: None,
                mac: receipt(&life, doc, content.heads).mac,
            })
        })
    };
    let pull = tokio::task::spawn_blocking(work).await;
    let pull = pull.map_err(|e| StoreError::Unavailable(e.to_string()))?;
    Ok(pull.unwrap_or(Down::Left { doc, erased: false }))
}
