//! `PUT /api/handover/key`, and the server's own key.

use axum::Json;
use axum::extract::State;
use hmac::{Hmac, KeyInit, Mac};
use lianxin_shared::handover::{Introduced, Introduction, Opener};
use sha2::Sha256;

use crate::app::App;
use crate::auth::Signed;
use crate::problem::Problem;
use crate::store::{Binding, Life, Registered};

/// What the server opens with. It follows from the database's key, so that copies, backups and all nodes have it.
pub(super) fn opener(life: &Life) -> Option<Opener> {
    let mut mac = Hmac::<Sha256>::new_from_slice(&life.receipt_key).ok()?;
    // Receipts, tickets and keys of recovery are made with the same key: this beginning keeps them apart.
    mac.update(b"lianxin handover key\0");
    Some(Opener::of(&mac.finalize().into_bytes().into()))
}

/// Takes down whose key it is. What it signs is taken as long as nobody withdraws the session or the account.
pub async fn register(
    State(app): State<App>,
    signed: Signed,
    Json(device): Json<Introduction>,
) -> Result<Json<Introduced>, Problem> {
    let registered = Registered {
        key: device.key(),
        by: Binding {
            user: signed.principal.user,
            device: device.device(),
        },
        session: signed.session.token,
        withdrawn: false,
    };
    if !app.store.register(registered).await? {
        return Err(Problem::Forbidden);
    }
    let opener = opener(&app.life).ok_or(Problem::Internal)?;
    Ok(Json(Introduced::of(opener.key())))
}
