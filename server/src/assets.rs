//! The client's files, carried inside the binary and handed to browsers.
//!
//! The build leaves each file beside its brotli and gzip variant, so nothing is compressed here. A name
//! with a hash in it (`app-0123456789abcdef.js`) stands for one content for ever and is kept by browsers
//! without asking; all others are asked for again, and answered by their entity tag.
//!
//! Whatever is no file is a place inside the app, and gets the page that opens it.

use lianxin_shared::hex;
use std::borrow::Cow;

use axum::Router;
use axum::body::Body;
use axum::http::header::{
    ACCEPT_ENCODING, ALLOW, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY,
};
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use rust_embed::Embed;

/// The page that opens the app.
const PAGE: &str = "index.html";
/// Letters of the content's hash in a name that never changes its content.
const HASH_LETTERS: usize = 16;
/// Letters of the content's hash in an entity tag.
const TAG_LETTERS: usize = 32;

#[derive(Embed)]
#[folder = "$LIANXIN_WEB"]
#[allow_missing = true]
struct Web;

/// Answers every request that no other route takes: `GET` and `HEAD` with a file or the app's page.
///
/// Below `/api` nothing is the app's, so the answer there is 404.
pub fn router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new().fallback(async |method: Method, uri: Uri, headers: HeaderMap| {
        answer(embedded, &method, uri.path(), &headers)
    })
}

/// Whether this binary carries a client. One that was built before the client does not.
pub fn has_client() -> bool {
    Web::get(PAGE).is_some()
}

/// A file's bytes and their SHA-256.
struct File {
    bytes: Cow<'static, [u8]>,
    hash: [u8; 32],
}

/// A compressed variant that lies beside a file.
#[derive(Clone, Copy)]
struct Variant {
    encoding: &'static str,
    suffix: &'static str,
}

/// The best first.
const VARIANTS: [Variant; 2] = [
    Variant {
        encoding: "br",
        suffix: ".br",
    },
    Variant {
        encoding: "gzip",
        suffix: ".gz",
    },
];

fn embedded(name: &str) -> Option<File> {
    Web::get(name).map(|file| File {
        hash: file.metadata.sha256_hash(),
        bytes: file.data,
    })
}

fn answer(find: impl Fn(&str) -> Option<File>, method: &Method, path: &str, headers: &HeaderMap) -> Response {
    if path == "/api" || path.starts_with("/api/") {
        return StatusCode::NOT_FOUND.into_response();
    }
    if ![Method::GET, Method::HEAD].contains(method) {
        return (StatusCode::METHOD_NOT_ALLOWED, [(ALLOW, "GET, HEAD")]).into_response();
    }
    let name = file_name(path);
    let Some((file, variant)) = choose(find, name, headers) else {
        return StatusCode::NOT_FOUND.into_response();
    };

    let tag = entity_tag(&file.hash);
    let caching = if is_hashed(name) {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let common = [
        (ETAG, tag.clone()),
        (CACHE_CONTROL, caching.to_owned()),
        (VARY, ACCEPT_ENCODING.to_string()),
    ];
    if is_known(&tag, headers) {
        return (StatusCode::NOT_MODIFIED, common).into_response();
    }
    let body = Body::from(file.bytes);
    let mut response = (common, [(CONTENT_TYPE, content_type(name))], body).into_response();
    if let Some(Variant { encoding, .. }) = variant {
        let encoding = axum::http::HeaderValue::from_static(encoding);
        response.headers_mut().insert(CONTENT_ENCODING, encoding);
    }
    response
}

/// A path whose last part has a dot names a file; any other is a place inside the app.
fn file_name(path: &str) -> &str {
    let name = path.trim_start_matches('/');
    let last = name.rsplit('/').next().unwrap_or(name);
    if last.contains('.') { name } else { PAGE }
}

/// The smallest form of a file that the browser can read.
fn choose(
    find: impl Fn(&str) -> Option<File>,
    name: &str,
    headers: &HeaderMap,
) -> Option<(File, Option<Variant>)> {
    let accepted = headers
        .get_all(ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok());
    let accepted = accepted.collect::<Vec<_>>().join(",");
    let readable = VARIANTS
        .into_iter()
        .filter(|variant| accepts(&accepted, variant.encoding));
    let packed = readable
        .filter_map(|variant| find(&format!("{name}{}", variant.suffix)).map(|file| (file, Some(variant))))
        .next();
    packed.or_else(|| find(name).map(|file| (file, None)))
}

/// Whether a list like `gzip, br;q=0.9` names an encoding without forbidding it by `q=0`.
fn accepts(list: &str, encoding: &str) -> bool {
    list.split(',').any(|entry| {
        let mut parts = entry.split(';').map(str::trim);
        let is_named = parts
            .next()
            .is_some_and(|name| name.eq_ignore_ascii_case(encoding));
        let weight = parts
            .find_map(|part| part.strip_prefix("q="))
            .map_or(Ok(1.0), str::parse::<f32>);
        is_named && weight.is_ok_and(|weight| weight > 0.0)
    })
}

fn is_known(tag: &str, headers: &HeaderMap) -> bool {
    let lists = headers
        .get_all(IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok());
    lists
        .flat_map(|list| list.split(','))
        .any(|entry| entry.trim() == "*" || entry.trim().trim_start_matches("W/") == tag)
}

fn is_hashed(name: &str) -> bool {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let hash = stem.rsplit_once('-').map_or("", |(_, hash)| hash);
    hash.len() == HASH_LETTERS && hash.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn entity_tag(hash: &[u8; 32]) -> String {
    let hex = hex::written(hash);
    format!("\"{}\"", &hex[..TAG_LETTERS])
}

fn content_type(name: &str) -> String {
    let kind = mime_guess::from_path(name).first_or_octet_stream();
    let charset = if kind.type_() == "text" {
        "; charset=utf-8"
    } else {
        ""
    };
    format!("{kind}{charset}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const APP: &str = "app-0123456789abcdef.js";

    fn fixture(name: &str) -> Option<File> {
        let (bytes, mark): (&'static [u8], u8) = match name {
            "index.html" => (b"page", 1),
            "index.html.br" => (b"page in brotli", 2),
            "index.html.gz" => (b"page in gzip", 3),
            "app-0123456789abcdef.js" => (b"app", 4),
            "app_bg-0123456789abcdef.wasm" => (b"wasm", 5),
            "manifest.webmanifest" => (b"{}", 6),
            _ => return None,
        };
        Some(File {
            bytes: Cow::Borrowed(bytes),
            hash: [mark; 32],
        })
    }

    fn get(path: &str, headers: &[(axum::http::HeaderName, &str)]) -> Response {
        let headers = headers
            .iter()
            .map(|(name, value)| (name.clone(), value.parse().unwrap()))
            .collect();
        answer(fixture, &Method::GET, path, &headers)
    }

    fn header(response: &Response, name: impl axum::http::header::AsHeaderName) -> &str {
        response
            .headers()
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    #[test]
    fn a_place_inside_the_app_gets_the_page_and_a_missing_file_does_not() {
        let check = |path: &str, expected: StatusCode, kind: &str| {
            let response = get(path, &[]);
            assert_eq!(
                (response.status(), header(&response, CONTENT_TYPE)),
                (expected, kind),
                "{path}"
            );
        };
        let (ok, missing) = (StatusCode::OK, StatusCode::NOT_FOUND);
        check("/", ok, "text/html; charset=utf-8");
        check("/records/new", ok, "text/html; charset=utf-8");
        check("/index.html", ok, "text/html; charset=utf-8");
        check(&format!("/{APP}"), ok, "text/javascript; charset=utf-8");
        check("/app_bg-0123456789abcdef.wasm", ok, "application/wasm");
        check("/manifest.webmanifest", ok, "application/manifest+json");
        check("/app-ffffffffffffffff.js", missing, "");
        check("/../index.html", missing, "");
        check("/api", missing, "");
        check("/api/nothing", missing, "");
    }

    #[test]
    fn the_smallest_form_that_the_browser_reads_is_sent() {
        let check = |accepted: &str, expected: &str| {
            let response = get("/", &[(ACCEPT_ENCODING, accepted)]);
            assert_eq!(header(&response, CONTENT_ENCODING), expected, "{accepted}");
            assert_eq!(header(&response, VARY), "accept-encoding");
        };
        check("gzip, deflate, br, zstd", "br");
        check("gzip;q=1.0, br;q=0", "gzip");
        check("GZIP", "gzip");
        check("br;q=nonsense", "");
        check("identity", "");
        let without_variant = get(&format!("/{APP}"), &[(ACCEPT_ENCODING, "br")]);
        assert_eq!(header(&without_variant, CONTENT_ENCODING), "");
    }

    #[test]
    fn only_a_hashed_name_is_kept_without_asking() {
        assert!(header(&get(&format!("/{APP}"), &[]), CACHE_CONTROL).contains("immutable"));
        assert_eq!(header(&get("/", &[]), CACHE_CONTROL), "no-cache");
        assert_eq!(
            header(&get("/manifest.webmanifest", &[]), CACHE_CONTROL),
            "no-cache"
        );
    }

    #[test]
    fn a_known_entity_tag_gets_no_body_and_each_form_has_its_own() {
        let plain = header(&get("/", &[]), ETAG).to_owned();
        let brotli = header(&get("/", &[(ACCEPT_ENCODING, "br")]), ETAG).to_owned();
        assert_ne!(plain, brotli);
        let status = |known: &str| get("/", &[(IF_NONE_MATCH, known)]).status();
        assert_eq!(status(&plain), StatusCode::NOT_MODIFIED);
        assert_eq!(status(&format!("\"other\", W/{plain}")), StatusCode::NOT_MODIFIED);
        assert_eq!(status("*"), StatusCode::NOT_MODIFIED);
        assert_eq!(status(&brotli), StatusCode::OK);
    }

    #[test]
    fn a_file_is_only_read() {
        let response = answer(fixture, &Method::POST, "/", &HeaderMap::new());
        assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED);
        assert_eq!(header(&response, ALLOW), "GET, HEAD");
    }
}
