//! `PUT /api/handover/key`, and the server's own key.

use axum::Json;
use axum::extract::State;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use lianxin_shared::handover::{DeviceKey, Opener};
use lianxin_shared::id::DeviceId;
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use utoipa::ToSchema;

use crate::app::App;
use crate::auth::Signed;
use crate::problem::Problem;
use crate::store::{Binding, Life, Registered};

/// A device with its key.
#[derive(Deserialize, ToSchema)]
#[schema(as = HandoverKeys)]
pub struct Keys {
    /// The device's id, as in the hello of an exchange: 16 bytes in base64.
    device: String,
    /// Its Ed25519 public key: 32 bytes in base64.
    key: String,
}

/// What the device is to know.
#[derive(Serialize, ToSchema)]
#[schema(as = HandoverKnown)]
pub struct Known {
    /// The server's X25519 public key: 32 bytes in base64. It lives as long as the database.
    server: String,
}

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
    Json(keys): Json<Keys>,
) -> Result<Json<Known>, Problem> {
    let device: [u8; 16] = bytes(&keys.device)?;
    let device = Registered {
        key: DeviceKey(bytes(&keys.key)?),
        by: Binding {
            user: signed.principal.user,
            device: DeviceId(device),
        },
        session: signed.session.token,
        withdrawn: false,
    };
    if !app.store.register(device).await? {
        return Err(Problem::Forbidden);
    }
    let opener = opener(&app.life).ok_or(Problem::Internal)?;
    let server = STANDARD.encode(opener.key().0);
    Ok(Json(Known { server }))
}

fn bytes<const N: usize>(text: &str) -> Result<[u8; N], Problem> {
    let bytes = STANDARD.decode(text).ok();
    bytes
        .and_then(|bytes| bytes.try_into().ok())
        .ok_or(Problem::RequestInvalid)
}
