//! What every answer tells the browser: whom to trust, and with what.

use axum::Router;
use axum::http::header::{
    CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue, Response};
use tower_http::set_header::SetResponseHeaderLayer;

/// What a browser lets an answer do.
struct Policy {
    /// From where it may load what.
    content: &'static str,
    /// Which of the tablet's parts it may use.
    parts: &'static str,
}

/// A page of ours may load itself, and nothing from elsewhere; no script and no style stands in it. It may use the camera for
/// photos and the microphone for dictation. Scripts have it too, as a worker goes by its script's policy.
const PAGE: Policy = Policy {
    content: "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data: blob:; \
        connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    parts: "accelerometer=(), camera=(self), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), \
        microphone=(self), midi=(), payment=(), usb=()",
};

/// All else is read by a page of ours. Should somebody be led to open it as a page, it may do nothing at all: a sandbox
/// sends no forms either, for which `default-src` does not speak. It is short because each exchange of each device pays for it.
const DATA: Policy = Policy {
    content: "default-src 'none'; frame-ancestors 'none'; sandbox",
    parts: "camera=(), microphone=(), geolocation=()",
};

/// On every answer, whatever a handler says.
const ALWAYS: [(HeaderName, &str); 4] = [
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (REFERRER_POLICY, "no-referrer"),
    // No other site's page shares a process or a window with ours.
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
];

/// The policy by what an answer says that it is, to which `nosniff` holds the browser.
///
/// An answer without a type may be a 304, whose policy takes the place of the one that came with the page (RFC 9111, 3.2).
fn policy(headers: &HeaderMap) -> Policy {
    let kind = headers.get(CONTENT_TYPE).map(HeaderValue::as_bytes);
    let runs = |kind: &[u8]| kind.starts_with(b"text/html") || kind.starts_with(b"text/javascript");
    if kind.is_none_or(runs) { PAGE } else { DATA }
}

/// For half a year a browser that was here by HTTPS comes by nothing else.
const ONLY_HTTPS: &str = "max-age=15552000";

/// Puts them on every answer.
pub(crate) fn on_every_answer<S: Clone + Send + Sync + 'static>(router: Router<S>) -> Router<S> {
    let content = |answer: &Response<_>| Some(HeaderValue::from_static(policy(answer.headers()).content));
    let parts = |answer: &Response<_>| Some(HeaderValue::from_static(policy(answer.headers()).parts));
    let permissions = HeaderName::from_static("permissions-policy");
    // Browsers hold to all policies that an answer has: a handler's own can only be stricter.
    let router = router
        .layer(SetResponseHeaderLayer::appending(
            CONTENT_SECURITY_POLICY,
            content,
        ))
        .layer(SetResponseHeaderLayer::overriding(permissions, parts));
    ALWAYS.into_iter().fold(router, |router, (name, value)| {
        router.layer(SetResponseHeaderLayer::overriding(
            name,
            HeaderValue::from_static(value),
        ))
    })
}

/// The same for a server that speaks HTTPS itself. Behind a proxy, that is the proxy's to say.
pub(crate) fn only_https(router: Router) -> Router {
    router.layer(SetResponseHeaderLayer::overriding(
        STRICT_TRANSPORT_SECURITY,
        HeaderValue::from_static(ONLY_HTTPS),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_and_scripts_may_run_and_nothing_else() {
        let content = |kind: Option<&'static str>| {
            let kind = kind.map(|kind| (CONTENT_TYPE, HeaderValue::from_static(kind)));
            policy(&kind.into_iter().collect()).content
        };
        for kind in [
            "text/html",
            "text/html; charset=utf-8",
            "text/javascript; charset=utf-8",
        ] {
            assert_eq!(content(Some(kind)), PAGE.content, "{kind}");
        }
        assert_eq!(
            content(None),
            PAGE.content,
            "it may stand for a page that is known already"
        );
        for kind in [
            "application/json",
            "application/problem+json",
            "application/atom+xml",
            "image/svg+xml",
            "text/plain",
        ] {
            assert_eq!(content(Some(kind)), DATA.content, "{kind}");
        }
    }
}
