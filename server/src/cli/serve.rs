//! `serve`.

use std::net::{IpAddr, SocketAddr};

use clap::Args;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

use super::CommandError;
use super::backup::Backups;
use super::place::Place;
use crate::{assets, demo, files, projection, run};

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
    /// Fills an empty database with demonstration data.
    #[arg(long)]
    demo: bool,
    #[command(flatten)]
    backups: Backups,
}

impl Serve {
    pub(super) async fn carry_out(&self) -> Result<(), CommandError> {
        let schedule = self.backups.schedule(self.place.data())?;
        let app = self.place.app().await?;
        if let Some(proxy) = self.proxy {
            app.public.trust(proxy);
        }
        projection::renew(&*app.store).await?;
        demo::lay_ground(&app).await?;
        let is_demo = self.demo && demo::fill(&app).await?;
        tokio::spawn(files::sweep::keep_sweeping(app.files.clone(), app.store.clone()));
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
        if let Some(schedule) = schedule {
            tokio::spawn(schedule.keep_to(app.store.clone(), app.files.clone(), app.erased.clone()));
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
