//! Several districts in one process, each an installation of its own: store, accounts, keys, files, backups, limits of what is
//! asked. They share the lines on which they are called, and nothing else; who is meant is told by the host that is asked for.
//!
//! Whatever proves something in one (tokens, tickets, codes, receipts) is looked up or made with a key in its own database, so
//! it proves nothing in another; [`Districts::by_host`] refuses two that are one database, or copies of one.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::header::HOST;
use axum::http::uri::Authority;
use axum::middleware::from_fn;
use axum::response::Response;
use axum::routing::get;
use tower::ServiceExt as _;
use tracing::Instrument as _;

use crate::app::App;
use crate::caller::Proxies;
use crate::config::{Host, Name};
use crate::limits::Limits;
use crate::problem::{self, Problem};
use crate::routes;

/// Whom a process serves: one district whatever name it is asked for, or several by their hosts.
pub struct Districts {
    pub(crate) limits: Limits,
    pub(crate) proxies: Arc<Proxies>,
    served: Served,
}

enum Served {
    Alone(Box<App>),
    ByHost(Vec<District>),
}

/// One of several.
pub struct District {
    /// What it is called on this installation.
    pub name: Name,
    /// Under which names it is asked for.
    pub hosts: Vec<Host>,
    /// The district itself. Its limits are to be [`Limits::of_another`] of those that the lines have.
    pub app: App,
}

/// Two districts are one database, or one is a copy of the other: what is proved in one would be proved in both.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "the districts {0} and {1} have one database, or one is a copy of the other; each needs a database that was made for it"
)]
pub struct SameDatabase(pub Name, pub Name);

impl From<App> for Districts {
    fn from(app: App) -> Self {
        Self {
            limits: app.limits.clone(),
            proxies: app.proxies.clone(),
            served: Served::Alone(Box::new(app)),
        }
    }
}

impl Districts {
    /// Several, on lines that hold these limits, behind these proxies.
    pub fn by_host(
        districts: Vec<District>,
        limits: Limits,
        proxies: Arc<Proxies>,
    ) -> Result<Self, SameDatabase> {
        let mut known = HashMap::new();
        for District { name, app, .. } in &districts {
            // A copy may have begun another life: the key stays.
            if let Some(other) = known.insert(app.life.receipt_key, name) {
                return Err(SameDatabase(other.clone(), name.clone()));
            }
        }
        Ok(Self {
            limits,
            proxies,
            served: Served::ByHost(districts),
        })
    }

    /// Each of them, with its name where there are several.
    pub(crate) fn all(&self) -> Vec<(Option<&Name>, &App)> {
        match &self.served {
            Served::Alone(app) => vec![(None, &**app)],
            Served::ByHost(districts) => {
                let named = districts
                    .iter()
                    .map(|district| (Some(&district.name), &district.app));
                named.collect()
            }
        }
    }

    /// All that they answer.
    pub(crate) fn router(&self) -> Router {
        match &self.served {
            Served::Alone(app) => routes::router((**app).clone()),
            Served::ByHost(districts) => by_host(districts),
        }
    }
}

/// A district as it is found by its hosts.
#[derive(Clone)]
struct Found {
    name: Name,
    router: Router,
}

fn by_host(districts: &[District]) -> Router {
    let mut found = HashMap::new();
    for District { name, hosts, app } in districts {
        let district = Found {
            name: name.clone(),
            router: routes::router(app.clone()),
        };
        found.extend(hosts.iter().map(|host| (host.clone(), district.clone())));
    }
    Router::new()
        .fallback(hand_on)
        .with_state((Arc::new(found), nobody()))
}

/// What is said under a name that is nobody's. Whoever balances over nodes asks by address whether one lives.
fn nobody() -> Router {
    let router = Router::new()
        .route("/health", get(routes::health))
        .fallback(async || Problem::HostUnknown)
        .layer(from_fn(problem::render));
    routes::outermost(router)
}

async fn hand_on(
    State((found, nobody)): State<(Arc<HashMap<Host, Found>>, Router)>,
    request: Request,
) -> Response {
    let district = host(&request).and_then(|host| found.get(&host));
    let answered = match district.cloned() {
        Some(Found { name, router }) => {
            let span = tracing::info_span!("district", %name);
            router.oneshot(request).instrument(span).await
        }
        None => nobody.oneshot(request).await,
    };
    answered.unwrap_or_else(|never: Infallible| match never {})
}

/// Who is asked for: the address itself says so (HTTP/2, or to a proxy), or else the one header that does (RFC 9112, 3.2.2). Where
/// several names are given and are not the same, nobody is meant.
fn host(request: &Request) -> Option<Host> {
    let headers = request.headers().get_all(HOST).into_iter();
    let headers = headers.map(|host| host.to_str().ok()?.parse::<Authority>().ok());
    let own = request.uri().authority().cloned().map(Some);
    let mut named = own.into_iter().chain(headers).map(|named| {
        let host = named?.host().parse();
        host.ok()
    });
    let first: Host = named.next()??;
    named.all(|other| other.as_ref() == Some(&first)).then_some(first)
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    #[test]
    fn who_is_meant_is_said_once_or_twice_the_same() {
        for (address, headers, expected) in [
            ("/", &["east.example"][..], Some("east.example")),
            ("/", &["East.Example:8443"], Some("east.example")),
            ("/", &["east.example."], Some("east.example")),
            ("/", &["[2001:db8::1]:80"], Some("[2001:db8::1]")),
            ("https://east.example/a", &[], Some("east.example")),
            (
                "https://east.example/a",
                &["east.example:443"],
                Some("east.example"),
            ),
            ("https://east.example/a", &["west.example"], None),
            ("/", &["east.example", "west.example"], None),
            ("/", &["east.example/west"], None),
            ("/", &["", "east.example"], None),
            ("/", &[], None),
        ] {
            let mut request = Request::builder().uri(address);
            for header in headers {
                request = request.header(HOST, *header);
            }
            let found = host(&request.body(Body::empty()).unwrap());
            assert_eq!(
                found.as_ref().map(Host::as_str),
                expected,
                "{address} {headers:?}"
            );
        }
    }
}
