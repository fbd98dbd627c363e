//! Plain HTTP, sent on to HTTPS.

use std::net::SocketAddr;

use axum::Router;
use axum::http::header::{HOST, LOCATION};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};

use super::{TlsError, bind};

/// Answers every request on an address with the same address by HTTPS, on the port that the server speaks it on. It runs until
/// it is dropped.
pub async fn redirect(
    address: SocketAddr,
    port: u16,
) -> Result<impl Future<Output = std::io::Result<()>> + Send, TlsError> {
    let listener = bind(address).await?;
    tracing::info!(%address, "redirect.listening");
    let router: Router =
        Router::new().fallback(async move |uri: Uri, headers: HeaderMap| answer(port, &uri, &headers));
    Ok(async move { axum::serve(listener, router).await })
}

fn answer(port: u16, uri: &Uri, headers: &HeaderMap) -> Response {
    let host = headers.get(HOST).and_then(|host| host.to_str().ok());
    match host.and_then(|host| secure(host, port, uri)) {
        Some(address) => (StatusCode::PERMANENT_REDIRECT, [(LOCATION, address)]).into_response(),
        None => StatusCode::BAD_REQUEST.into_response(),
    }
}

/// The address by HTTPS; nothing if the host is none.
fn secure(host: &str, port: u16, uri: &Uri) -> Option<String> {
    let authority: Authority = host.parse().ok()?;
    let host = authority.host();
    let place = uri.path_and_query().map_or("/", |place| place.as_str());
    let port = if port == 443 {
        String::new()
    } else {
        format!(":{port}")
    };
    (!host.is_empty()).then(|| format!("https://{host}{port}{place}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_stays_itself_but_for_the_scheme() {
        for (host, port, place, expected) in [
            (
                "district.example",
                443,
                "/public?lang=en",
                Some("https://district.example/public?lang=en"),
            ),
            (
                "district.example:80",
                8443,
                "/",
                Some("https://district.example:8443/"),
            ),
            ("[2001:db8::1]:80", 443, "/a", Some("https://[2001:db8::1]/a")),
            ("", 443, "/", None),
            ("a b", 443, "/", None),
            ("x@evil.example", 443, "/", Some("https://evil.example/")),
        ] {
            let found = secure(host, port, &place.parse().unwrap());
            assert_eq!(found.as_deref(), expected, "{host}");
        }
    }
}
