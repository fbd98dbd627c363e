//! Tickets: how an address that a browser opens by itself is let in.
//!
//! A session's token travels in a header, which neither a download nor a new tab sends; and a token in an address stays in
//! the browser's history. So whoever has a session asks for a ticket to one path (`POST /api/ticket`), and puts it into the
//! address. It is good for one request within a minute, and dies with the session.
//!
//! A ticket is a MAC (RFC 2104) over the session, the path, a nonce and its end, with the key that all nodes on a database
//! share: any of them lets it in. Which ones are spent is remembered in memory, so that a node takes each once; who
//! copies one within its minute could spend it a second time on another node, and would read what its owner may.

use lianxin_shared::hex;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Json;
use axum::extract::{Query, State};
use axum::http::request::Parts;
use hmac::{Hmac, KeyInit, Mac};
use lianxin_shared::id::Moment;
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use utoipa::ToSchema;

use super::Signed;
use crate::app::App;
use crate::clock::now;
use crate::problem::Problem;
use crate::store::{Life, TokenHash};

/// How long a ticket is good.
const LIFE_MS: i64 = 60_000;
/// The longest address that is given a ticket, in bytes.
const MAX_ADDRESS: usize = 4_000;
/// Bytes of a nonce.
const NONCE: usize = 16;
/// Bytes of a MAC.
const MAC: usize = 32;
/// Session, end, nonce, MAC.
const TICKET: usize = 32 + 8 + NONCE + MAC;

/// What a ticket is asked for.
#[derive(Deserialize, ToSchema)]
pub struct Wanted {
    /// An address of this server: path and query.
    address: String,
}

/// An address with a ticket in it.
#[derive(Serialize, ToSchema)]
pub struct Ticketed {
    /// The same address, to be opened once and soon.
    address: String,
    /// Until when, in milliseconds since 1970 UTC.
    #[schema(value_type = i64)]
    expires_at: Moment,
}

/// The tickets that are spent, until they would have ended by themselves. All clones are one.
#[derive(Debug, Clone, Default)]
pub struct Spent(Arc<Mutex<HashMap<[u8; NONCE], Moment>>>);

/// What a ticket says.
struct Ticket {
    session: TokenHash,
    expires_at: Moment,
    nonce: [u8; NONCE],
    mac: [u8; MAC],
}

/// The query of an address with a ticket.
#[derive(Deserialize)]
struct InQuery {
    ticket: Option<String>,
}

/// `POST /api/ticket`: an address that a browser can open by itself.
pub async fn issue(
    State(app): State<App>,
    signed: Signed,
    Json(wanted): Json<Wanted>,
) -> Result<Json<Ticketed>, Problem> {
    let Wanted { address } = wanted;
    let is_ours = address.starts_with('/') && !address.starts_with("//") && !address.contains(['#', '\\']);
    if !is_ours || address.len() > MAX_ADDRESS || address.chars().any(char::is_control) {
        return Err(Problem::RequestInvalid);
    }
    let (path, query) = address.split_once('?').unwrap_or((&address, ""));
    let mut nonce = [0; NONCE];
    getrandom::fill(&mut nonce).map_err(|error| {
        tracing::error!(%error, "ticket.failed");
        Problem::Internal
    })?;
    let expires_at = Moment(now().0 + LIFE_MS);
    let session = signed.session.token;
    let mac = keyed(&app.life, &session, path, expires_at, &nonce).ok_or(Problem::Internal)?;
    let ticket = Ticket {
        session,
        expires_at,
        nonce,
        mac: mac.finalize().into_bytes().into(),
    };
    let separator = if query.is_empty() { "" } else { "&" };
    let address = format!("{path}?{query}{separator}ticket={}", ticket.written());
    Ok(Json(Ticketed { address, expires_at }))
}

/// Who comes with a ticket for this path; nothing for who comes without any. The ticket is spent by it.
pub(crate) async fn redeem(parts: &Parts, app: &App) -> Result<Option<Signed>, Problem> {
    let query = Query::<InQuery>::try_from_uri(&parts.uri).map_err(|_| Problem::TicketInvalid)?;
    let Some(ticket) = query.0.ticket else {
        return Ok(None);
    };
    let ticket = Ticket::read(&ticket).ok_or(Problem::TicketInvalid)?;
    let at = now();
    let Ticket {
        session,
        expires_at,
        nonce,
        mac,
    } = ticket;
    let expected = keyed(&app.life, &session, parts.uri.path(), expires_at, &nonce);
    // Compared in constant time.
    let is_ours = expected.is_some_and(|expected| expected.verify_slice(&mac).is_ok());
    if !is_ours || expires_at < at || !app.spent.spend(nonce, expires_at, at) {
        return Err(Problem::TicketInvalid);
    }
    let (session, account) = app
        .store
        .session(session, at)
        .await?
        .ok_or(Problem::SignInNeeded)?;
    Ok(Some(Signed {
        principal: account.principal.clone(),
        account,
        session,
    }))
}

impl Spent {
    /// Spends a ticket; false if it was spent before.
    fn spend(&self, nonce: [u8; NONCE], expires_at: Moment, at: Moment) -> bool {
        let mut spent = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // Those that ended are refused by their end. What is left was asked for within a minute by who is signed in.
        spent.retain(|_, end| *end >= at);
        spent.insert(nonce, expires_at).is_none()
    }
}

impl Ticket {
    fn written(&self) -> String {
        let end = self.expires_at.0.to_be_bytes();
        let pieces = [&self.session.0[..], &end, &self.nonce, &self.mac];
        hex::written(&pieces.concat())
    }

    fn read(text: &str) -> Option<Self> {
        let bytes: [u8; TICKET] = hex::read(text)?;
        let (session, rest) = bytes.split_first_chunk()?;
        let (end, rest) = rest.split_first_chunk()?;
        let (nonce, mac) = rest.split_first_chunk()?;
        Some(Self {
            session: TokenHash(*session),
            expires_at: Moment(i64::from_be_bytes(*end)),
            nonce: *nonce,
            mac: mac.try_into().ok()?,
        })
    }
}

fn keyed(
    life: &Life,
    session: &TokenHash,
    path: &str,
    expires_at: Moment,
    nonce: &[u8],
) -> Option<Hmac<Sha256>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(&life.receipt_key).ok()?;
    // Receipts are made with the same key, over 16 bytes and then hashes: this beginning keeps the two apart.
    mac.update(b"lianxin download ticket\0");
    mac.update(&session.0);
    mac.update(&expires_at.0.to_be_bytes());
    mac.update(nonce);
    mac.update(path.as_bytes());
    Some(mac)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_is_spent_once_and_forgotten_when_it_would_have_ended() {
        let spent = Spent::default();
        assert!(spent.spend([1; NONCE], Moment(60), Moment(0)));
        assert!(!spent.spend([1; NONCE], Moment(60), Moment(60)));
        assert!(spent.spend([2; NONCE], Moment(100), Moment(61)));
        assert_eq!(spent.0.lock().unwrap().len(), 1);
    }

    #[test]
    fn a_ticket_reads_back_and_nothing_else_is_one() {
        let ticket = Ticket {
            session: TokenHash([1; 32]),
            expires_at: Moment(7),
            nonce: [2; NONCE],
            mac: [3; MAC],
        };
        let text = ticket.written();
        assert_eq!(Ticket::read(&text).unwrap().written(), text);
        for wrong in ["", "00", "zz", &text[2..], &text.replace('0', "é")] {
            assert!(Ticket::read(wrong).is_none(), "{wrong}");
        }
    }
}
