//! `serve`.

use std::net::SocketAddr;
use std::sync::Arc;

use clap::Args;
use tokio::signal::unix::{SignalKind, signal};
use tracing::Instrument as _;

use super::{CommandError, systemd};
use crate::app::App;
use crate::backup::schedule::Schedule;
use crate::config::raw::Raw;
use crate::config::{self, Config, Installation, Listen, Name, Security, Served};
use crate::districts::{District, Districts};
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
}

impl Serve {
    pub(super) async fn carry_out(self, file: Raw) -> Result<(), CommandError> {
        let Self { raw, demo } = self;
        let config = Config::of(raw.or(file))?;
        // Whoever runs it says by this signal that a certificate has changed; where there is none it ends nothing.
        let _hangup = signal(SignalKind::hangup())?;
        // Each line is an open file, and what a shell allows by itself is fewer than a district has tablets.
        if let Err(error) = rlimit::increase_nofile_limit(u64::MAX) {
            tracing::warn!(%error, "files.limited");
        }
        let limits = Limits::new(config.bounds);
        let proxies = Arc::new(config.proxies);
        let alike = |app: App, limits| App {
            limits,
            proxies: proxies.clone(),
            second_asked_of: config.second_asked_of,
            ..app
        };
        let districts = match config.served {
            Served::Alone(installation) => {
                let app = open(None, &installation, demo).await?;
                Districts::from(alike(app, limits))
            }
            Served::ByHost(several) => {
                let mut opened = Vec::new();
                for district in several {
                    let config::District {
                        name,
                        hosts,
                        installation,
                    } = district;
                    let app = open(Some(&name), &installation, demo).await;
                    let app = app.map_err(|error| CommandError::District(name.clone(), Box::new(error)))?;
                    let app = alike(app, limits.of_another());
                    opened.push(District { name, hosts, app });
                }
                Districts::by_host(opened, limits, proxies)?
            }
        };
        serve(districts, config.listen, config.metrics).await
    }
}

/// Opens a district and has its backups made.
async fn open(
    district: Option<&Name>,
    installation: &Installation,
    is_demo: bool,
) -> Result<App, CommandError> {
    // What is wrong with it is said before anything is served.
    let backup = installation.backup.as_ref();
    let schedule = backup.map(|backup| Schedule::of(backup, installation.store.data()));
    let schedule = schedule.transpose()?;
    let app = installation.store.app(installation.files.open()?).await?;
    projection::renew(&*app.store).await?;
    demo::lay_ground(&app).await?;
    if is_demo && demo::fill(&app).await? {
        println!("Demonstration accounts, password {}:", demo::PASSWORD);
        for (user, name) in demo::people() {
            println!("  {user:<12} {name}");
        }
    }
    let span = tracing::info_span!("district", name = district.map(Name::as_str));
    let sweeping = files::sweep::keep_sweeping(app.files.clone(), app.store.clone());
    tokio::spawn(sweeping.instrument(span.clone()));
    if let Some(schedule) = schedule {
        let keeping = schedule.keep_to(app.store.clone(), app.files.clone(), app.erased.clone());
        tokio::spawn(keeping.instrument(span));
    }
    Ok(app)
}

async fn serve(
    districts: Districts,
    listen: Listen,
    numbers: Option<SocketAddr>,
) -> Result<(), CommandError> {
    let listener = listen::bind(listen.address).await?;
    let address = listener.local_addr()?;
    let scheme = match listen.security {
        Security::Plain => "http",
        Security::Tls { .. } => "https",
    };
    println!("Lianxin 连心: {scheme}://{address}");
    if !assets::has_client() {
        println!("This binary carries no client; build it with `cargo xtask build`.");
    }
    if let Some(address) = numbers {
        let numbers = listen::bind(address).await?;
        println!("metrics: http://{}/metrics", numbers.local_addr()?);
        tokio::spawn(metrics::serve(&districts, numbers));
    }
    match listen.security {
        Security::Plain => {
            systemd::ready();
            run(districts, listener, stop_signal()).await?;
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
                served = run_secure(districts, listener, secure, stop_signal()) => served?,
                Some(ended) = async { Some(redirecting?.await) } => ended?,
            }
        }
    }
    Ok(())
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
