//! The lines on which the server is called: how many, how long they may be silent, and how they end.

use std::future::{Future, Ready, ready};
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Extension;
use axum::middleware::AddExtension;
use axum_server::accept::Accept;
use axum_server::{Handle, Server};
use tokio::net::{TcpListener, TcpStream};
use tower::Layer as _;

use crate::app::App;
use crate::limits::{Limits, Line};
use crate::{live, routes};

/// How long open lines may take to finish after the signal to stop.
const GRACE: Duration = Duration::from_secs(2);

/// Serves until `shutdown` is over, then lets requests in work finish for a moment. Live lines never finish by themselves,
/// so they are cut after two seconds; their devices come again.
pub async fn run(
    app: App,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let across_nodes = live::across_nodes(app.store.clone(), app.live.clone());
    let handle = Handle::new();
    let stop = handle.clone();
    let silence = app.limits.silence();
    let mut server = Server::<SocketAddr>::from_listener(listener)
        .handle(handle)
        .first_request_timeout(silence)
        .acceptor(Gate(app.limits.clone()));
    server.http_builder().http1().header_read_timeout(silence);
    // Whoever has no account is counted by address.
    let service = routes::router(app).into_make_service_with_connect_info::<SocketAddr>();
    let ending = async move {
        shutdown.await;
        stop.graceful_shutdown(Some(GRACE));
        std::future::pending::<()>().await;
    };
    tokio::select! {
        served = server.serve(service) => served,
        () = across_nodes => Ok(()),
        () = ending => Ok(()),
    }
}

/// Lets lines in, as many as there may be. Each counts for as long as it is served.
#[derive(Clone)]
struct Gate(Limits);

impl<S> Accept<TcpStream, S> for Gate {
    type Stream = TcpStream;
    type Service = AddExtension<S, Arc<Line>>;
    type Future = Ready<io::Result<(TcpStream, Self::Service)>>;

    fn accept(&self, stream: TcpStream, service: S) -> Self::Future {
        ready(self.count(&stream).map(|line| {
            let counted = Extension(Arc::new(line)).layer(service);
            (stream, counted)
        }))
    }
}

impl Gate {
    fn count(&self, stream: &TcpStream) -> io::Result<Line> {
        // An answer goes out when it is there, not when more of it is.
        stream.set_nodelay(true)?;
        let peer = stream.peer_addr()?.ip();
        let line = self.0.lines().open(peer.into(), self.0.is_proxy(peer));
        line.ok_or_else(|| io::Error::other("too many lines"))
    }
}
