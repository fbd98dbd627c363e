//! `POST /api/handover`. Whoever delivers proves nothing: each envelope is signed. So it is bounded by where it comes from.

use std::collections::HashMap;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use lianxin_shared::handover::parcel::{self, MAX_ENVELOPES, MAX_PARCEL};
use lianxin_shared::handover::{Envelope, EnvelopeError, Opener};
use lianxin_shared::rules::{Refusal, RefusalCode};
use serde::Serialize;
use utoipa::ToSchema;

use super::key;
use crate::app::App;
use crate::limits::Address;
use crate::problem::{Problem, Refused};
use crate::store::{Registered, StoreError};
use crate::sync::{Answer, Submission};

/// The largest request, in bytes.
pub const MAX_BODY: usize = MAX_PARCEL;

/// What became of an envelope. Of what is in it only numbers are told: whoever carried it cannot read it.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct Delivered {
    /// Documents that are durable here now, or were before.
    accepted: usize,
    /// Documents that were not taken: they lie in quarantine, and with whoever wrote them.
    refused: usize,
    /// Documents that were not looked at, because there was too much to do: to be delivered again.
    busy: usize,
    /// Why nothing of it was looked at.
    fault: Option<Fault>,
}

/// Why nothing comes out of an envelope here.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Fault {
    /// Signed by a key that nobody has registered here.
    Unknown,
    /// Altered, sealed to another server, of another version, or with something other than work in it.
    Unreadable,
}

/// Takes envelopes, and answers what became of each, in the same order.
pub async fn deliver(
    State(app): State<App>,
    address: Address,
    body: Bytes,
) -> Result<Json<Vec<Delivered>>, Refused> {
    let _place = app.limits.deliver(address)?;
    let envelopes = parcel::read(&body).map_err(|_| Problem::ParcelInvalid)?;
    if envelopes.len() > MAX_ENVELOPES {
        return Err(Problem::BodyTooLarge.into());
    }
    let opener = key::opener(&app.life).ok_or(Problem::Internal)?;
    let keys = envelopes.iter().map(|envelope| envelope.device).collect();
    let known = app.store.registered(keys).await?;
    let known: HashMap<_, _> = known.into_iter().map(|device| (device.key, device)).collect();
    // The arithmetic takes a few tenths of a millisecond for each: not on the threads that serve the lines.
    let opened = tokio::task::spawn_blocking(move || {
        let open = |envelope: &Envelope| match known.get(&envelope.device) {
            None => Err(Fault::Unknown),
            Some(device) => submissions(envelope, &opener)
                .map(|submissions| (device.clone(), submissions))
                .map_err(|_| Fault::Unreadable),
        };
        envelopes.iter().map(open).collect::<Vec<_>>()
    });
    let opened = opened.await.map_err(|e| StoreError::Unavailable(e.to_string()))?;
    let mut delivered = Vec::new();
    let mut opened = opened.into_iter().peekable();
    while let Some(first) = opened.next() {
        match first {
            Err(fault) => delivered.push(Delivered {
                fault: Some(fault),
                ..Delivered::default()
            }),
            // What one device sealed comes together, an envelope for each document: it goes through the door together.
            Ok((device, submissions)) => {
                let mut together = vec![submissions];
                while let Some(Ok((_, more))) =
                    opened.next_if(|next| matches!(next, Ok((other, _)) if other.key == device.key))
                {
                    together.push(more);
                }
                delivered.extend(take(&app, &device, together).await?);
            }
        }
    }
    Ok(Json(delivered))
}

fn submissions(envelope: &Envelope, opener: &Opener) -> Result<Vec<Submission>, EnvelopeError> {
    let pushes = envelope.open(opener)?;
    Ok(pushes.into_iter().map(Submission::from).collect())
}

/// Through the one door, as whoever sealed them; where they may not write any more, into quarantine. Answers what became of each
/// envelope.
async fn take(
    app: &App,
    device: &Registered,
    envelopes: Vec<Vec<Submission>>,
) -> Result<Vec<Delivered>, StoreError> {
    let counts: Vec<_> = envelopes.iter().map(Vec::len).collect();
    let submissions = envelopes.into_iter().flatten().collect();
    let account = app.store.account(device.by.user.clone()).await?;
    let account = account.filter(|account| !account.disabled && !device.withdrawn);
    let Some(account) = account else {
        let refusal = Refusal::new(RefusalCode::Withdrawn);
        app.door.lay_by(&device.by, submissions, &refusal).await?;
        let put_by = |refused| Delivered {
            refused,
            ..Delivered::default()
        };
        return Ok(counts.into_iter().map(put_by).collect());
    };
    let answers = app.door.accept(&account.principal, device.by.device, submissions);
    let mut answers = answers.await?.into_iter();
    let delivered = counts.into_iter().map(|count| {
        let mut delivered = Delivered::default();
        for answer in answers.by_ref().take(count) {
            match answer {
                Answer::Accepted { .. } => delivered.accepted += 1,
                Answer::Refused(_) => delivered.refused += 1,
                Answer::Busy => delivered.busy += 1,
            }
        }
        delivered
    });
    let delivered: Vec<_> = delivered.collect();
    tracing::info!(
        accepted = delivered.iter().map(|one| one.accepted).sum::<usize>(),
        refused = delivered.iter().map(|one| one.refused).sum::<usize>(),
        "handover.delivered"
    );
    Ok(delivered)
}
