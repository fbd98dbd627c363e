//! What every answer tells the browser: whom to trust, and with what.

use axum::Router;
use axum::http::HeaderValue;
use axum::http::header::{
    CONTENT_SECURITY_POLICY, HeaderName, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS,
};
use tower_http::set_header::SetResponseHeaderLayer;

/// A page of ours may load itself, and nothing from elsewhere. No script and no style stands in a page.
const POLICY: &str = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data: blob:; \
    connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// On every answer, whatever a handler says.
const ALWAYS: [(HeaderName, &str); 5] = [
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (REFERRER_POLICY, "no-referrer"),
    // The camera for photos, the microphone for dictation; nothing else is ever asked for.
    (
        HeaderName::from_static("permissions-policy"),
        "accelerometer=(), camera=(self), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), \
         microphone=(self), midi=(), payment=(), usb=()",
    ),
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

/// For half a year a browser that was here by HTTPS comes by nothing else.
const ONLY_HTTPS: &str = "max-age=15552000";

/// Puts them on every answer.
pub(crate) fn on_every_answer<S: Clone + Send + Sync + 'static>(router: Router<S>) -> Router<S> {
    // Browsers hold to all policies that an answer has: a handler's own can only be stricter.
    let policy = HeaderValue::from_static(POLICY);
    let router = router.layer(SetResponseHeaderLayer::appending(CONTENT_SECURITY_POLICY, policy));
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
