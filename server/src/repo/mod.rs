//! `GET /repo?token=…`: a websocket that speaks automerge-repo's protocol, so that a stock client of it finds, opens, edits and
//! creates the documents that its user may.
//!
//! - `messages`: the protocol's messages in CBOR.
//! - `open`: one document that a client has open, and one turn of talk about it. What the client writes goes through the
//!   one door ([`crate::sync::Door`]), as from anywhere.
//! - `connection`: the line: who is at it, its turns, what moves on the server, and its end.
//! - `allowance`: how much a client may say.
//!
//! What is refused stays in the client's own replica, and a peer that is told of a state without it would send it again for
//! ever. So each client is synced against a *shadow*: the document, and over it this client's refused changes. It lives for
//! one turn; between turns only the refused changes are kept. With each change that follows, all of them are judged
//! again, as one push. So a record may be written in steps until it is whole, and a mistake be mended.
//!
//! A document that the user may not read is, here too, one that is not there.

mod allowance;
mod connection;
mod messages;
mod open;

use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::{State, WebSocketUpgrade};
use axum::http::header::{HOST, ORIGIN};
use axum::http::{HeaderMap, Uri};
use axum::response::{IntoResponse, Response};

use crate::app::App;
use crate::auth::TokenInQuery;
use crate::problem::{Problem, language};

/// The largest message, in bytes.
const MAX_MESSAGE: usize = 4 * 1024 * 1024;

/// Upgrades to a websocket. The caller has been checked; a browser may come only from a page of this very server, since any
/// page could name an address.
pub async fn connect(
    State(app): State<App>,
    TokenInQuery { token }: TokenInQuery,
    uri: Uri,
    headers: HeaderMap,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, Problem> {
    if !is_from_here(&uri, &headers) {
        return Err(Problem::Forbidden);
    }
    let lang = language(&headers);
    Ok(match upgrade {
        Err(rejection) => rejection.into_response(),
        Ok(upgrade) => upgrade
            .max_message_size(MAX_MESSAGE)
            .max_frame_size(MAX_MESSAGE)
            .on_upgrade(move |socket| connection::serve(app, token, lang, socket)),
    })
}

/// Whether the page that asks is this server's, or there is none: programs have no origin. HTTP/2 says in the address whom it asks.
fn is_from_here(uri: &Uri, headers: &HeaderMap) -> bool {
    let Some(origin) = headers.get(ORIGIN) else {
        return true;
    };
    let host = origin
        .to_str()
        .ok()
        .and_then(|origin| origin.split_once("://"))
        .map(|(_, host)| host.as_bytes());
    let asked = uri.authority().map(|authority| authority.as_str().as_bytes());
    host.is_some() && host == asked.or_else(|| headers.get(HOST).map(|host| host.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_page_of_this_host_comes_in() {
        for (origin, expected) in [
            (None, true),
            (Some("http://lianxin.example"), true),
            (Some("https://lianxin.example"), true),
            (Some("https://lianxin.example:8443"), false),
            (Some("https://other.example"), false),
            (Some("https://lianxin.example.other.example"), false),
            (Some("null"), false),
            (Some(""), false),
        ] {
            let mut headers = HeaderMap::new();
            if let Some(origin) = origin {
                headers.insert(ORIGIN, origin.parse().unwrap());
            }
            let whole = Uri::from_static("https://lianxin.example/repo");
            assert_eq!(is_from_here(&whole, &headers), expected, "{origin:?}");
            headers.insert(HOST, "lianxin.example".parse().unwrap());
            let path = Uri::from_static("/repo");
            assert_eq!(is_from_here(&path, &headers), expected, "{origin:?}");
        }
    }
}
