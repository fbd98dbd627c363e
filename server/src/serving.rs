//! The lines on which the server is called: how many, how long they may be silent, and how they end.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use axum::middleware::AddExtension;
use axum::{Extension, Router};
use axum_server::accept::Accept;
use axum_server::{Handle, Server};
use futures_util::future::join_all;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::server::TlsStream;
use tower::Layer as _;

use crate::caller::Proxies;
use crate::districts::Districts;
use crate::limits::{Limits, Line};
use crate::listen::Secure;
use crate::{headers, live};

/// How long open lines may take to finish after the signal to stop.
const GRACE: Duration = Duration::from_secs(2);

/// Serves HTTP until `shutdown` is over, then lets requests in work finish for a moment. Live lines never finish by themselves,
/// so they are cut after two seconds; their devices come again.
pub async fn run(
    districts: impl Into<Districts>,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let districts = districts.into();
    let gate = Gate::of(&districts);
    let (server, ending) = prepare(&districts, listener, shutdown);
    let service = districts
        .router()
        .into_make_service_with_connect_info::<SocketAddr>();
    until_one_ends(&districts, server.acceptor(gate).serve(service), ending).await
}

/// The same over HTTPS, in either version of HTTP.
pub async fn run_secure(
    districts: impl Into<Districts>,
    listener: TcpListener,
    secure: Secure,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let districts = districts.into();
    let gate = SecureGate(Gate::of(&districts), secure);
    let (server, ending) = prepare(&districts, listener, shutdown);
    let router: Router = headers::only_https(districts.router());
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    until_one_ends(&districts, server.acceptor(gate).serve(service), ending).await
}

/// A server with its bounds, and what ends it.
fn prepare(
    districts: &Districts,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> (Server<SocketAddr>, impl Future<Output = ()> + Send + 'static) {
    let handle = Handle::new();
    let stop = handle.clone();
    let silence = districts.limits.silence();
    let mut server = Server::<SocketAddr>::from_listener(listener)
        .handle(handle)
        .first_request_timeout(silence);
    server.http_builder().http1().header_read_timeout(silence);
    // WebSockets over HTTP/2 (RFC 8441).
    server.http_builder().http2().enable_connect_protocol();
    let ending = async move {
        shutdown.await;
        stop.graceful_shutdown(Some(GRACE));
        std::future::pending::<()>().await;
    };
    (server, ending)
}

async fn until_one_ends(
    districts: &Districts,
    serving: impl Future<Output = io::Result<()>>,
    ending: impl Future<Output = ()>,
) -> io::Result<()> {
    let all = districts.all().into_iter();
    let word = all.map(|(_, app)| live::across_nodes(app.store.clone(), app.live.clone()));
    tokio::select! {
        served = serving => served,
        _ = join_all(word) => Ok(()),
        () = ending => Ok(()),
    }
}

/// Lets lines in, as many as there may be. Each counts for as long as it is served.
#[derive(Clone)]
struct Gate {
    limits: Limits,
    proxies: Arc<Proxies>,
}

impl Gate {
    fn of(districts: &Districts) -> Self {
        Self {
            limits: districts.limits.clone(),
            proxies: districts.proxies.clone(),
        }
    }

    /// The service of a line that is let in.
    fn let_in<S>(&self, stream: &TcpStream, service: S) -> io::Result<AddExtension<S, Arc<Line>>> {
        // An answer goes out when it is there, not when more of it is.
        stream.set_nodelay(true)?;
        let peer = stream.peer_addr()?.ip();
        let line = self.limits.lines().open(peer.into(), self.proxies.are(peer));
        let line = line.ok_or_else(|| io::Error::other("too many lines"))?;
        Ok(Extension(Arc::new(line)).layer(service))
    }
}

impl<S> Accept<TcpStream, S> for Gate {
    type Stream = TcpStream;
    type Service = AddExtension<S, Arc<Line>>;
    type Future = std::future::Ready<io::Result<(TcpStream, Self::Service)>>;

    fn accept(&self, stream: TcpStream, service: S) -> Self::Future {
        std::future::ready(self.let_in(&stream, service).map(|service| (stream, service)))
    }
}

/// The same, with TLS begun on each line that is let in.
#[derive(Clone)]
struct SecureGate(Gate, Secure);

impl<S: Send + 'static> Accept<TcpStream, S> for SecureGate {
    type Stream = TlsStream<TcpStream>;
    type Service = AddExtension<S, Arc<Line>>;
    type Future = Pin<Box<dyn Future<Output = io::Result<(Self::Stream, Self::Service)>> + Send>>;

    fn accept(&self, stream: TcpStream, service: S) -> Self::Future {
        let Self(gate, secure) = self.clone();
        Box::pin(async move {
            let service = gate.let_in(&stream, service)?;
            Ok((secure.begin(stream).await?, service))
        })
    }
}
