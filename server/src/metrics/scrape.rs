//! Giving the numbers, with those that are looked up when they are asked for.

use std::io;
use std::path::Path;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use prometheus_client::encoding::{EncodeLabelSet, text};
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::{Registry, Unit};
use tokio::net::TcpListener;

use crate::app::App;
use crate::backup;
use crate::clock::now;
use crate::districts::Districts;
use crate::store::StoreError;

const TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Since {
    last_contact: &'static str,
}

/// Gives the numbers at `/metrics` of a listener until it fails; where there are several districts, those of each at
/// `/metrics/NAME`: what is counted in one is another's as little as its records.
pub fn serve(
    districts: &Districts,
    listener: TcpListener,
) -> impl Future<Output = io::Result<()>> + Send + use<> {
    let router = router(districts);
    async move { axum::serve(listener, router).await }
}

fn router(districts: &Districts) -> Router {
    let all = districts.all().into_iter();
    all.fold(Router::new(), |router, (name, app)| {
        let path = name.map_or("/metrics".to_owned(), |name| format!("/metrics/{name}"));
        router.route(&path, get(scrape).with_state(app.clone()))
    })
}

async fn scrape(State(app): State<App>) -> Response {
    match written(&app).await {
        Ok(numbers) => ([(CONTENT_TYPE, TYPE)], numbers).into_response(),
        Err(error) => {
            tracing::warn!(%error, "metrics.failed");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}

async fn written(app: &App) -> Result<String, StoreError> {
    let mut registry = Registry::with_prefix("lianxin");
    app.metrics.register(&mut registry);
    look_up(app, &mut registry).await?;
    let mut numbers = String::new();
    text::encode(&mut numbers, &registry).map_err(|e| StoreError::Unavailable(e.to_string()))?;
    Ok(numbers)
}

async fn look_up(app: &App, registry: &mut Registry) -> Result<(), StoreError> {
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let mut gauge = |name: &str, help: &str, value: i64| {
        let gauge: Gauge = Gauge::default();
        gauge.set(value);
        registry.register(name, help, gauge);
    };
    gauge(
        "store_waiting",
        "Who waits for the database: for its writer, or for a connection",
        count(app.store.waiting()),
    );
    gauge(
        "exchanges",
        "Exchanges with devices that are worked on",
        count(app.limits.exchanges()),
    );
    gauge("connections", "Open connections", count(app.limits.connections()));
    let bytes = [
        (
            "database",
            "What the database takes",
            Some(app.store.size().await?),
        ),
        (
            "disk_free",
            "What is left where the data is",
            app.data.as_deref().and_then(free),
        ),
    ];
    for (name, help, value) in bytes {
        if let Some(value) = value {
            let gauge: Gauge = Gauge::default();
            gauge.set(i64::try_from(value).unwrap_or(i64::MAX));
            registry.register_with_unit(name, help, Unit::Bytes, gauge);
        }
    }
    if let Some(at) = backup::last(&*app.store, app.data.as_deref()).await? {
        let gauge: Gauge = Gauge::default();
        gauge.set(at.0 / 1_000);
        let help = "When the last backup was made, since 1970; not there where none is known of";
        registry.register_with_unit("last_backup_timestamp", help, Unit::Seconds, gauge);
    }
    let help = "Sessions by when they were last used";
    registry.register("sessions", help, sessions(app).await?);
    Ok(())
}

async fn sessions(app: &App) -> Result<Family<Since, Gauge>, StoreError> {
    let sessions = Family::<Since, Gauge>::default();
    let at = now();
    let spans = [
        (1, "day"),
        (7, "week"),
        (30, "month"),
        (i64::MAX / DAY_MS, "longer"),
    ];
    for (_, last_contact) in spans {
        sessions.get_or_create(&Since { last_contact }).set(0);
    }
    for session in app.store.sessions(None, at).await? {
        let away = at.0.saturating_sub(session.contact.at.0);
        if let Some((_, last_contact)) = spans.iter().find(|(days, _)| away <= days * DAY_MS) {
            sessions.get_or_create(&Since { last_contact }).inc();
        }
    }
    Ok(sessions)
}

/// How many bytes are left where a folder is.
pub(crate) fn free(folder: &Path) -> Option<u64> {
    fs4::available_space(folder).ok()
}
