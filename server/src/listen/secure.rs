//! The TLS handshake.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use rustls::ServerConfig;
use rustls::server::{Acceptor, ClientHello, ResolvesServerCert};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio_rustls::LazyConfigAcceptor;
use tokio_rustls::server::TlsStream;

use super::{TlsError, provider};

/// How long a handshake may take.
const PATIENCE: Duration = Duration::from_secs(10);
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

/// Makes the handshake on each line. All clones are one.
#[derive(Clone)]
pub struct Secure(Arc<Source>);

impl Secure {
    pub(super) fn new(source: Source) -> Self {
        Self(Arc::new(source))
    }

    /// The line with TLS begun on it. An error is no news to anybody: scanners and cut lines, or an authority that only
    /// looked whether the name is ours.
    pub(crate) async fn begin(&self, stream: TcpStream) -> io::Result<TlsStream<TcpStream>> {
        let (serving, challenge) = (self.0.serving.clone(), self.0.challenge.clone());
        let shaken = tokio::time::timeout(PATIENCE, shake(stream, serving, challenge)).await??;
        shaken.ok_or_else(|| io::Error::other("an authority has looked"))
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
