//! `serve`.

use std::net::{IpAddr, SocketAddr};

use clap::Args;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

use super::CommandError;
use super::backup::Backups;
use super::place::Place;
use crate::limits::{Bounds, Limits};
use crate::{assets, demo, metrics, projection, run};

/// How to serve.
#[derive(Args)]
pub(super) struct Serve {
    #[command(flatten)]
    place: Place,
    /// The address to listen on.
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// The address of the proxy in front, whose `X-Forwarded-For` is believed. Without it all who come through one count as one
    /// where it is counted how fast somebody without an account asks.
    #[arg(long, env = "LIANXIN_PROXY")]
    proxy: Option<IpAddr>,
    /// How many exchanges with devices are worked on at once; more are told to come again in a moment.
    #[arg(long, env = "LIANXIN_EXCHANGES", default_value_t = Bounds::default().exchanges)]
    exchanges: usize,
    /// How many connections there may be; half of them from one address, unless it is the proxy's.
    #[arg(long, env = "LIANXIN_CONNECTIONS", default_value_t = Bounds::default().connections)]
    connections: usize,
    /// The address on which Prometheus finds how the server is, at /metrics. Nobody else should reach it.
    #[arg(long, env = "LIANXIN_METRICS")]
    metrics: Option<SocketAddr>,
    /// Fills an empty database with demonstration data.
    #[arg(long)]
    demo: bool,
    #[command(flatten)]
    backups: Backups,
}

impl Serve {
    pub(super) async fn carry_out(&self) -> Result<(), CommandError> {
        let schedule = self.backups.schedule(self.place.data())?;
        let mut app = self.place.app().await?;
        app.limits = Limits::new(Bounds {
            exchanges: self.exchanges,
            connections: self.connections,
            ..Bounds::default()
        });
        // Each line is an open file, and what a shell allows by itself is fewer than a district has tablets.
        if let Err(error) = rlimit::increase_nofile_limit(u64::MAX) {
            tracing::warn!(%error, "files.limited");
        }
        if let Some(proxy) = self.proxy {
            app.limits.trust(proxy);
        }
        projection::renew(&*app.store).await?;
        demo::lay_ground(&app).await?;
        let is_demo = self.demo && demo::fill(&app).await?;
        let listener = TcpListener::bind(self.listen).await?;
        println!("Lianxin 连心: http://{}", listener.local_addr()?);
        if !assets::has_client() {
            println!("This binary carries no client; build it with `cargo xtask build`.");
        }
        if is_demo {
            println!("Demonstration accounts, password {}:", demo::PASSWORD);
            for (user, name) in demo::people() {
                println!("  {user:<12} {name}");
            }
        }
        if let Some(address) = self.metrics {
            let numbers = TcpListener::bind(address).await?;
            println!("metrics: http://{}/metrics", numbers.local_addr()?);
            tokio::spawn(metrics::serve(app.clone(), numbers));
        }
        if let Some(schedule) = schedule {
            tokio::spawn(schedule.keep_to(app.store.clone(), app.erased.clone()));
        }
        run(app, listener, stop_signal()).await?;
        Ok(())
    }
}

async fn stop_signal() {
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}
