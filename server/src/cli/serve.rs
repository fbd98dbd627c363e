//! `serve`.

use clap::Args;
use tokio::signal::unix::{SignalKind, signal};

use super::backup::Backups;
use super::{CommandError, systemd};
use crate::config::raw::Raw;
use crate::config::{Config, Security};
use crate::limits::Limits;
use crate::{assets, demo, files, listen, metrics, projection, run, run_secure};

/// How to serve.
#[derive(Args)]
pub(super) struct Serve {
    #[command(flatten)]
    raw: Raw,
    /// Fills an empty database with demonstration data.
    #[arg(long)]
    demo: bool,
    #[command(flatten)]
    backups: Backups,
}

impl Serve {
    pub(super) async fn carry_out(self, file: Raw) -> Result<(), CommandError> {
        let config = Config::of(self.raw.or(file))?;
        // Whoever runs it says by this signal that a certificate has changed; where there is none it ends nothing.
        let _hangup = signal(SignalKind::hangup())?;
        // Each line is an open file, and what a shell allows by itself is fewer than a district has tablets.
        if let Err(error) = rlimit::increase_nofile_limit(u64::MAX) {
            tracing::warn!(%error, "files.limited");
        }
        let schedule = self.backups.schedule(config.store.data())?;
        let mut app = config
            .store
            .app(config.files.open()?)
            .await?
            .behind(config.proxies);
        app.limits = Limits::new(config.bounds);
        projection::renew(&*app.store).await?;
        demo::lay_ground(&app).await?;
        let is_demo = self.demo && demo::fill(&app).await?;
        tokio::spawn(files::sweep::keep_sweeping(app.files.clone(), app.store.clone()));
        let listener = listen::bind(config.listen.address).await?;
        let address = listener.local_addr()?;
        let scheme = match config.listen.security {
            Security::Plain => "http",
            Security::Tls { .. } => "https",
        };
        println!("Lianxin 连心: {scheme}://{address}");
        if !assets::has_client() {
            println!("This binary carries no client; build it with `cargo xtask build`.");
        }
        if is_demo {
            println!("Demonstration accounts, password {}:", demo::PASSWORD);
            for (user, name) in demo::people() {
                println!("  {user:<12} {name}");
            }
        }
        if let Some(address) = config.metrics {
            let numbers = listen::bind(address).await?;
            println!("metrics: http://{}/metrics", numbers.local_addr()?);
            tokio::spawn(metrics::serve(app.clone(), numbers));
        }
        if let Some(schedule) = schedule {
            tokio::spawn(schedule.keep_to(app.store.clone(), app.files.clone(), app.erased.clone()));
        }
        match config.listen.security {
            Security::Plain => {
                systemd::ready();
                run(app, listener, stop_signal()).await?;
            }
            Security::Tls {
                certificate,
                redirect,
            } => {
                let secure = listen::secure(&certificate)?;
                let redirecting = match redirect {
                    Some(from) => Some(listen::redirect(from, address.port()).await?),
                    None => None,
                };
                systemd::ready();
                tokio::select! {
                    served = run_secure(app, listener, secure, stop_signal()) => served?,
                    Some(ended) = async { Some(redirecting?.await) } => ended?,
                }
            }
        }
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
    systemd::stopping();
}
