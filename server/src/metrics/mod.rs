//! How the server is, in numbers, for Prometheus (<https://prometheus.io/docs/instrumenting/exposition_formats/>). They are
//! given on a listener of their own ([`serve`]), which only those who look after the server should reach. No label says
//! anything of a person: routes are templates, and what is refused is its code.
//!
//! `deploy/grafana.json` is a dashboard over them.

mod scrape;

use std::sync::Arc;
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::{Registry, Unit};

use crate::app::App;
use crate::sync::Answer;

pub(crate) use scrape::free;
pub use scrape::serve;

/// The numbers that are counted as things happen. All clones are one.
#[derive(Clone, Default)]
pub struct Metrics(Arc<Counted>);

struct Counted {
    requests: Family<Asked, Counter>,
    took: Family<Route, Histogram>,
    pushes: Family<Outcome, Counter>,
    pending: Gauge,
    batches: Histogram,
    lines: Gauge,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Asked {
    method: String,
    route: String,
    status: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Route {
    route: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Outcome {
    outcome: &'static str,
}

impl Default for Counted {
    fn default() -> Self {
        Self {
            requests: Family::default(),
            // From a millisecond to half a minute.
            took: Family::new_with_constructor(|| Histogram::new(exponential_buckets(0.001, 2.0, 15))),
            pushes: Family::default(),
            pending: Gauge::default(),
            batches: Histogram::new(exponential_buckets(1.0, 2.0, 11)),
            lines: Gauge::default(),
        }
    }
}

/// Something that is counted for as long as it is there.
pub(crate) struct Here(Gauge, i64);

impl Here {
    fn count(gauge: &Gauge, n: usize) -> Self {
        let n = i64::try_from(n).unwrap_or_default();
        gauge.inc_by(n);
        Self(gauge.clone(), n)
    }
}

impl Drop for Here {
    fn drop(&mut self) {
        self.0.dec_by(self.1);
    }
}

impl Metrics {
    /// So many pushes wait at the door or are being judged.
    pub(crate) fn pending(&self, pushes: usize) -> Here {
        Here::count(&self.0.pending, pushes)
    }

    /// Somebody waits to be woken.
    pub(crate) fn listening(&self) -> Here {
        Here::count(&self.0.lines, 1)
    }

    /// What became of pushes.
    pub(crate) fn judged(&self, answers: &[Answer]) {
        for answer in answers {
            let outcome = match answer {
                Answer::Accepted { changes, .. } if changes.is_empty() => "known",
                Answer::Accepted { .. } => "accepted",
                Answer::Refused(refusal) => refusal.code.as_str(),
                Answer::Busy => "busy",
            };
            self.0.pushes.get_or_create(&Outcome { outcome }).inc();
        }
    }

    /// So many writes were given to the store together.
    pub(crate) fn batch(&self, writes: usize) {
        self.0.batches.observe(writes as f64);
    }

    fn register(&self, registry: &mut Registry) {
        let counted = &self.0;
        registry.register(
            "requests",
            "Requests by method, route and status",
            counted.requests.clone(),
        );
        let help = "Time from a request's head to its answer's head";
        registry.register_with_unit("request", help, Unit::Seconds, counted.took.clone());
        registry.register(
            "pushes",
            "Pushed documents by what became of them",
            counted.pushes.clone(),
        );
        registry.register(
            "door_pending",
            "Pushed documents that wait or are being judged",
            counted.pending.clone(),
        );
        registry.register(
            "commit_writes",
            "Documents that the door gave to the store together",
            counted.batches.clone(),
        );
        registry.register(
            "live_lines",
            "Devices that wait to be woken",
            counted.lines.clone(),
        );
    }
}

/// Counts a request.
pub(crate) async fn observe(State(app): State<App>, request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>();
    // What is no route is a file of the client, or an address that somebody made up.
    let route = route.map_or("other", MatchedPath::as_str).to_owned();
    let method = request.method().to_string();
    let begun = Instant::now();
    let response = next.run(request).await;
    let counted = &app.metrics.0;
    let label = Route { route: route.clone() };
    let took = counted.took.get_or_create(&label);
    took.observe(begun.elapsed().as_secs_f64());
    drop(took);
    let status = u32::from(response.status().as_u16());
    let asked = Asked {
        method,
        route,
        status,
    };
    counted.requests.get_or_create(&asked).inc();
    response
}
