//! A listener whose lines have been through the TLS handshake.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::serve::Listener;
use rustls::ServerConfig;
use rustls::server::{Acceptor, ClientHello, ResolvesServerCert};
use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio_rustls::LazyConfigAcceptor;
use tokio_rustls::server::TlsStream;

use super::{TlsError, provider};

/// How long a handshake may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// The most handshakes at once; beyond, who comes waits to be accepted.
const MOST: usize = 2_048;
/// How an authority says in its handshake that it only looks whether the name is ours (RFC 8737).
const CHALLENGE: &[u8] = b"acme-tls/1";

/// What handshakes are made with, and the task that keeps it up to date, which ends with it.
pub(super) struct Source {
    serving: Arc<ServerConfig>,
    /// What an authority's handshakes are answered with.
    challenge: Option<Arc<ServerConfig>>,
    _upkeep: JoinSet<()>,
}

impl Source {
    /// Serves with what `resolver` finds, kept up to date by `upkeep`.
    pub(super) fn new(
        resolver: Arc<dyn ResolvesServerCert>,
        upkeep: impl Future<Output = ()> + Send + 'static,
    ) -> Result<Self, TlsError> {
        let builder =
            ServerConfig::builder_with_provider(provider()).with_safe_default_protocol_versions()?;
        let mut serving = builder.with_no_client_auth().with_cert_resolver(resolver);
        serving.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        let mut tasks = JoinSet::new();
        tasks.spawn(upkeep);
        Ok(Self {
            serving: Arc::new(serving),
            challenge: None,
            _upkeep: tasks,
        })
    }

    /// The same, answering an authority's handshakes too.
    pub(super) fn with_challenge(self, challenge: Arc<ServerConfig>) -> Self {
        Self {
            challenge: Some(challenge),
            ..self
        }
    }
}

/// A listener that yields lines on which TLS has begun. A line whose handshake fails or takes too long is dropped without a
/// word, and holds up no other.
pub struct Secure {
    listener: TcpListener,
    source: Source,
    handshakes: JoinSet<Option<(TlsStream<TcpStream>, SocketAddr)>>,
}

impl Secure {
    pub(super) fn new(listener: TcpListener, source: Source) -> Self {
        Self {
            listener,
            source,
            handshakes: JoinSet::new(),
        }
    }

    fn begin(&mut self, stream: TcpStream, peer: SocketAddr) {
        let (serving, challenge) = (self.source.serving.clone(), self.source.challenge.clone());
        self.handshakes.spawn(async move {
            let shaken = tokio::time::timeout(PATIENCE, shake(stream, serving, challenge)).await;
            match shaken {
                Ok(Ok(stream)) => stream.map(|stream| (stream, peer)),
                // Scanners and cut lines: no news to anybody.
                Ok(Err(error)) => {
                    tracing::debug!(%error, "tls.handshake_failed");
                    None
                }
                Err(_) => None,
            }
        });
    }
}

impl Listener for Secure {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        loop {
            tokio::select! {
                (stream, peer) = Listener::accept(&mut self.listener), if self.handshakes.len() < MOST => {
                    self.begin(stream, peer);
                }
                Some(shaken) = self.handshakes.join_next() => {
                    if let Ok(Some(line)) = shaken {
                        return line;
                    }
                }
            }
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// A handshake; nothing where it was an authority's look.
async fn shake(
    stream: TcpStream,
    serving: Arc<ServerConfig>,
    challenge: Option<Arc<ServerConfig>>,
) -> io::Result<Option<TlsStream<TcpStream>>> {
    let hello = LazyConfigAcceptor::new(Acceptor::default(), stream).await?;
    match challenge {
        Some(challenge) if is_challenge(&hello.client_hello()) => {
            hello.into_stream(challenge).await?.shutdown().await?;
            Ok(None)
        }
        _ => hello.into_stream(serving).await.map(Some),
    }
}

fn is_challenge(hello: &ClientHello<'_>) -> bool {
    let mut protocols = hello.alpn().into_iter().flatten();
    protocols.next() == Some(CHALLENGE) && protocols.next().is_none()
}
