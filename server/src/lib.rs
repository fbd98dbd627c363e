//! The server of Lianxin: axum over a [`store::Store`].
//!
//! - [`routes`]: every address and who may call it.
//! - [`sync`]: the one door through which changes enter, and what a device lacks. [`live`] wakes the devices.
//! - [`repo`]: the same for clients of automerge-repo, through the same door.
//! - [`own`]: what the server writes itself.
//! - [`projection`] flattens accepted records into rows; [`office`] lists them.
//! - [`accounts`] follow the records of people, stations and groups. [`admin`]: managing accounts, removing documents for good, and the list of what was done.
//! - [`public`]: the pages that need no account.
//! - [`reading`]: records as people read them; [`export`]: lists to take along; [`mod@print`]: pages for paper.
//! - [`import`]: people, stations and the ledger from a workbook. [`openapi`] describes the interface.
//! - [`config`]: what an installation is told. [`caller`]: from where a request really comes.
//! - [`check`]: what is wrong with an installation. [`listen`]: lines with TLS.
//! - [`auth`]: sessions. [`problem`]: what a refused request is answered.
//! - [`demo`]: what a new database starts with. [`copy`]: all of a database into another.
//! - [`backup`]: everything, encrypted and kept elsewhere, and back.
//! - [`assets`]: the client, carried in the binary. [`cli`]: the binary's commands.
//!
//! Nothing is acknowledged before it is durable, and no change enters but through [`sync::Door`].

pub mod accounts;
pub mod admin;
pub mod app;
pub mod assets;
pub mod auth;
pub mod backup;
pub mod caller;
pub mod check;
pub mod cli;
pub mod clock;
pub mod config;
pub mod copy;
pub mod demo;
pub mod export;
pub mod gathered;
mod headers;
pub mod import;
pub mod listen;
pub mod live;
pub mod office;
pub mod openapi;
pub mod own;
pub mod print;
pub mod problem;
pub mod projection;
pub mod public;
pub mod reading;
pub mod repo;
pub mod routes;
pub mod store;
pub mod sync;

use std::future::Future;
use std::net::SocketAddr;
use std::time::Duration;

use app::App;
use axum::Router;
use axum::serve::{Listener, ListenerExt as _};
use tokio::net::TcpListener;

/// How long open lines may take to finish after the signal to stop.
const GRACE: Duration = Duration::from_secs(2);

/// Serves HTTP until `shutdown` is over, then lets requests in work finish for a moment. Live lines never finish by themselves,
/// so they are cut after two seconds; their devices come again.
pub async fn run(
    app: App,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    serve(routes::router(app.clone()), app, listener, shutdown).await
}

/// The same over HTTPS, in either version of HTTP.
pub async fn run_secure(
    app: App,
    listener: listen::Secure,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let router = headers::only_https(routes::router(app.clone()));
    serve(router, app, listener, shutdown).await
}

async fn serve(
    router: Router,
    app: App,
    listener: impl Listener<Addr = SocketAddr>,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let (stop, stopped) = tokio::sync::oneshot::channel();
    let across_nodes = live::across_nodes(app.store, app.live);
    // Whoever has no account is counted by address, which axum asks of any listener that it has put its hand on.
    let listener = listener.tap_io(|_| {});
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let serving = axum::serve(listener, service).with_graceful_shutdown(async move {
        shutdown.await;
        let _ = stop.send(());
    });
    tokio::select! {
        served = async { serving.await } => served,
        () = across_nodes => Ok(()),
        () = async {
            // A sender that is gone means that serving has ended by itself.
            if stopped.await.is_err() {
                std::future::pending::<()>().await;
            }
            tokio::time::sleep(GRACE).await;
        } => Ok(()),
    }
}
