//! What is put down of how a session is used: enough for its owner to know it again, and for an administrator to see which
//! devices do not come any more.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::header::USER_AGENT;
use axum::http::request::Parts;

use crate::app::App;
use crate::clock::now;
use crate::limits::Address;
use crate::store::Contact;

/// The header by which the app tells its version.
const CLIENT: &str = "x-lianxin-client";

/// The longest version that is believed.
const MAX_VERSION: usize = 40;

/// By which words of a browser's own the systems and browsers are known, the more special ones first.
const SYSTEMS: &[(&str, &str)] = &[
    ("OpenHarmony", "HarmonyOS"),
    ("HarmonyOS", "HarmonyOS"),
    ("Android", "Android"),
    ("iPad", "iPad"),
    ("iPhone", "iPhone"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
];
const BROWSERS: &[(&str, &str)] = &[
    ("MicroMessenger", "WeChat"),
    ("Edg", "Edge"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
];

/// How a request's session is used.
pub struct Used(pub(super) Contact);

impl FromRequestParts<App> for Used {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        let address = Address::from_request_parts(parts, app).await?;
        let text = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok());
        Ok(Self(Contact {
            at: now(),
            device: device(text(USER_AGENT.as_str()).unwrap_or_default()),
            place: address.part(),
            client: version(&parts.headers).unwrap_or_default().to_owned(),
        }))
    }
}

/// The same.
pub(super) async fn of(parts: &mut Parts, app: &App) -> Contact {
    let Ok(Used(contact)) = Used::from_request_parts(parts, app).await;
    contact
}

fn version(headers: &HeaderMap) -> Option<&str> {
    let version = headers.get(CLIENT)?.to_str().ok()?;
    let is_plain = version
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b".-+".contains(&byte));
    (is_plain && version.len() <= MAX_VERSION).then_some(version)
}

/// The kind of a device, from what its browser says. Nothing of what it says is taken over: it could be anything.
fn device(agent: &str) -> String {
    let known = |names: &[(&str, &'static str)]| {
        let found = names.iter().find(|(word, _)| agent.contains(word));
        found.map(|(_, name)| *name)
    };
    let names: Vec<_> = [known(SYSTEMS), known(BROWSERS)].into_iter().flatten().collect();
    names.join(" · ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_is_known_by_its_kind_alone() {
        for (agent, kind) in [
            (
                "Mozilla/5.0 (Linux; Android 13; SM-X205) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36",
                "Android · Chrome",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36 Edg/120.0",
                "Windows · Edge",
            ),
            (
                "Mozilla/5.0 (iPad; CPU OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 Safari/604.1",
                "iPad · Safari",
            ),
            ("curl/8 <script>", ""),
        ] {
            assert_eq!(device(agent), kind);
        }
    }

    #[test]
    fn a_version_is_a_short_word_or_none() {
        for (said, expected) in [
            ("0.1.0", Some("0.1.0")),
            ("1.0-rc.1+5", Some("1.0-rc.1+5")),
            ("a b", None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(CLIENT, said.parse().unwrap());
            assert_eq!(version(&headers), expected);
        }
    }
}
