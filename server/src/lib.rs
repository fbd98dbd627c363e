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
//! - [`files`]: pictures and papers that hang on records.
//! - [`import`]: people, stations and the ledger from a workbook. [`openapi`] describes the interface.
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
pub mod cli;
pub mod clock;
pub mod copy;
pub mod demo;
pub mod export;
pub mod files;
pub mod gathered;
pub mod import;
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
use tokio::net::TcpListener;

/// How long open lines may take to finish after the signal to stop.
const GRACE: Duration = Duration::from_secs(2);

/// Serves until `shutdown` is over, then lets requests in work finish for a moment. Live lines never finish by themselves,
/// so they are cut after two seconds; their devices come again.
pub async fn run(
    app: App,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let (stop, stopped) = tokio::sync::oneshot::channel();
    let across_nodes = live::across_nodes(app.store.clone(), app.live.clone());
    // Whoever has no account is counted by address.
    let service = routes::router(app).into_make_service_with_connect_info::<SocketAddr>();
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
