//! The line to one client: who is at it, its turns, what moves on the server, and its end.

use lianxin_shared::hex;
use std::collections::{BTreeMap, HashMap};
use std::pin::pin;
use std::time::{Duration, Instant};

use axum::extract::ws::{Message, WebSocket};
use futures_util::StreamExt;
use lianxin_shared::id::{DeviceId, DocId, UserId};
use lianxin_shared::rules::Refusal;
use lianxin_shared::texts::{Lang, Texts};
use sha2::{Digest, Sha256};

use super::allowance::Allowance;
use super::messages::{Heard, Join, Notice, Said};
use super::open::{Caller, Open, Turn};
use crate::app::App;
use crate::auth::Signed;
use crate::problem::Problem;
use crate::store::StoreError;

/// The most documents that a client has open at once.
const MAX_OPEN: usize = 10_000;

/// The most bytes that are kept of them all.
const MAX_KEPT: usize = 64 * 1024 * 1024;

/// How often a silent line is tried; silent for twice as long, it is dead.
const BREATH: Duration = Duration::from_secs(20);

/// How long a message may take to leave. The client is not heard meanwhile.
const PATIENCE: Duration = Duration::from_secs(30);

/// How many moves of a channel are looked at together.
const PAGE: u32 = 256;

/// Why the line ends.
#[derive(Debug)]
enum End {
    /// The client is gone.
    Gone,
    /// The server hangs up and says why, in the words of the protocol's error message: for those who write clients.
    HangUp(&'static str),
}

impl From<StoreError> for End {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "repo.store");
        Self::HangUp("the server cannot go on now; come again")
    }
}

/// A document of the client's.
enum Kept {
    Open(Open),
    /// What the client has of it can never be taken. Nothing more is heard or told of it on this line.
    GivenUp,
}

/// The line.
struct Connection {
    app: App,
    socket: WebSocket,
    token: String,
    lang: Lang,
    /// The server's name among peers.
    me: String,
    /// Who the client says it is; nobody until it joins.
    joined: Option<Join>,
    documents: HashMap<DocId, Kept>,
    /// The bytes that the open documents take.
    kept: usize,
    /// How far the channels of open documents have been looked at.
    watched: BTreeMap<String, u64>,
    allowance: Allowance,
    /// When the client last gave a sign.
    heard_at: Instant,
    /// The name of this connection, and how many notices it has sent.
    session: String,
    notices: u64,
}

/// Serves one client until either hangs up.
pub(super) async fn serve(app: App, token: String, lang: Lang, socket: WebSocket) {
    let mut session = [0; 8];
    if let Err(error) = getrandom::fill(&mut session) {
        tracing::error!(%error, "repo.session");
        return;
    }
    let now = Instant::now();
    let mut connection = Connection {
        me: format!("lianxin-{}", hex::written(&app.life.epoch.0)),
        app,
        socket,
        token,
        lang,
        joined: None,
        documents: HashMap::new(),
        kept: 0,
        watched: BTreeMap::new(),
        allowance: Allowance::full(now),
        heard_at: now,
        session: hex::written(&session),
        notices: 0,
    };
    if let Err(End::HangUp(why)) = connection.run().await {
        tracing::info!(why, "repo.hang_up");
        drop(connection.say(&Said::Error(why)).await);
        drop(connection.send(Message::Close(None)).await);
    }
}

impl Connection {
    async fn run(&mut self) -> Result<(), End> {
        let mut moves = pin!(self.app.live.listen(|_| true));
        let mut breath = tokio::time::interval(BREATH);
        loop {
            tokio::select! {
                heard = self.socket.recv() => {
                    self.heard_at = Instant::now();
                    match heard {
                        None | Some(Err(_) | Ok(Message::Close(_))) => return Err(End::Gone),
                        Some(Ok(Message::Binary(bytes))) => self.hear(&bytes).await?,
                        Some(Ok(Message::Text(_))) => return Err(End::HangUp("text where CBOR was expected")),
                        Some(Ok(Message::Ping(_) | Message::Pong(_))) => self.allow()?,
                    }
                }
                Some(channels) = moves.next() => self.look(channels).await?,
                _ = breath.tick() => {
                    if self.heard_at.elapsed() > BREATH * 2 {
                        return Err(End::Gone);
                    }
                    self.send(Message::Ping(Default::default())).await?;
                }
            }
        }
    }

    fn allow(&mut self) -> Result<(), End> {
        if self.allowance.take(Instant::now()) {
            Ok(())
        } else {
            Err(End::HangUp("too many messages"))
        }
    }

    async fn hear(&mut self, bytes: &[u8]) -> Result<(), End> {
        self.allow()?;
        match Heard::decode(bytes).map_err(|_| End::HangUp("a message that cannot be read"))? {
            Heard::Join(join) if !join.fits => Err(End::HangUp("unsupported protocol version")),
            Heard::Join(join) => {
                // Whoever joins anew starts anew.
                self.documents.clear();
                self.kept = 0;
                self.joined = Some(join);
                self.say(&Said::Peer).await
            }
            Heard::Sync(sync) => match &self.joined {
                None => Err(End::HangUp("nobody has joined")),
                // Only what the client says itself: it speaks for nobody else.
                Some(joined) if joined.peer != sync.peer => Ok(()),
                Some(_) => match sync.doc {
                    Some(doc) => self.talk(doc, Some(sync.data)).await,
                    None => Ok(()),
                },
            },
            Heard::Leave => Err(End::Gone),
            Heard::Other => Ok(()),
        }
    }

    /// Looks which of the open documents have moved with these channels, and tells what is new in them.
    async fn look(&mut self, channels: Vec<String>) -> Result<(), End> {
        for channel in channels {
            while let Some(above) = self.watched.get(&channel).copied() {
                let store = &self.app.store;
                let moved = store.moved(channel.clone(), above, PAGE, Vec::new()).await?;
                for entry in &moved {
                    if matches!(self.documents.get(&entry.doc), Some(Kept::Open(_))) {
                        self.talk(entry.doc, None).await?;
                    }
                }
                let Some(last) = moved.last() else { break };
                self.watched.insert(channel.clone(), last.seq);
            }
        }
        Ok(())
    }

    /// One turn about a document, with what the client said of it or for what is new.
    async fn talk(&mut self, doc: DocId, mut message: Option<Vec<u8>>) -> Result<(), End> {
        let caller = self.caller().await?;
        loop {
            let open = match self.documents.remove(&doc) {
                Some(Kept::Open(open)) => open,
                Some(Kept::GivenUp) => {
                    self.documents.insert(doc, Kept::GivenUp);
                    return Ok(());
                }
                None if self.documents.len() < MAX_OPEN => Open::default(),
                None => return Err(End::HangUp("too many open documents")),
            };
            self.kept = self.kept.saturating_sub(open.size());
            match open.turn(&self.app, &caller, doc, message.take()).await? {
                Turn::Goes {
                    open,
                    reply,
                    refusal,
                    channels,
                } => {
                    self.kept += open.size();
                    self.documents.insert(doc, Kept::Open(open));
                    if self.kept > MAX_KEPT {
                        return Err(End::HangUp("too much is kept for this client"));
                    }
                    if let Some(reply) = reply {
                        self.say(&Said::Sync(doc, &reply)).await?;
                    }
                    if let Some(refusal) = refusal {
                        self.refuse(doc, &refusal).await?;
                    }
                    // What came between reading the document and watching its channel is read now.
                    if !self.watch(channels).await? {
                        return Ok(());
                    }
                }
                Turn::Unavailable => return self.say(&Said::Unavailable(doc)).await,
                Turn::GivenUp(refusal) => {
                    self.documents.insert(doc, Kept::GivenUp);
                    self.refuse(doc, &refusal).await?;
                    return self.say(&Said::Unavailable(doc)).await;
                }
            }
        }
    }

    /// Who it is, read anew each time as with any request: sessions end, roles and stations change.
    async fn caller(&mut self) -> Result<Caller, End> {
        let signed = match Signed::by_token(&self.app, &self.token, None).await {
            Ok(signed) => signed,
            Err(Problem::SignInNeeded) => return Err(End::HangUp("the session has ended")),
            Err(_) => return Err(End::HangUp("the server cannot go on now; come again")),
        };
        if let Some(Ok(lang)) = signed.account.language.as_deref().map(str::parse) {
            self.lang = lang;
        }
        let name = self
            .joined
            .as_ref()
            .map_or("", |join| join.storage.as_deref().unwrap_or(join.peer.as_str()));
        Ok(Caller {
            device: device(&signed.principal.user, name),
            principal: signed.principal,
        })
    }

    /// Watches channels from now on; answers whether any of them was not watched before.
    async fn watch(&mut self, mut channels: Vec<String>) -> Result<bool, End> {
        channels.retain(|channel| !self.watched.contains_key(channel));
        if channels.is_empty() {
            return Ok(false);
        }
        let sequences = self.app.store.sequences(channels.clone()).await?;
        for channel in channels {
            let at = sequences.get(&channel).copied().unwrap_or_default();
            self.watched.insert(channel, at);
        }
        Ok(true)
    }

    async fn refuse(&mut self, doc: DocId, refusal: &Refusal) -> Result<(), End> {
        self.notices += 1;
        let words = Texts::of(self.lang).get(&format!("refusal-{}", refusal.code.as_str()));
        let session = self.session.clone();
        let notice = Notice {
            refusal,
            words: &words,
            session: &session,
            count: self.notices,
        };
        self.say(&Said::Refused(doc, notice)).await
    }

    async fn say(&mut self, said: &Said<'_>) -> Result<(), End> {
        let you = self.joined.as_ref().map_or("", |join| join.peer.as_str());
        let bytes = said.encode(&self.me, you);
        self.send(Message::Binary(bytes.into())).await
    }

    async fn send(&mut self, message: Message) -> Result<(), End> {
        match tokio::time::timeout(PATIENCE, self.socket.send(message)).await {
            Ok(Ok(())) => Ok(()),
            _ => Err(End::Gone),
        }
    }
}

/// The device that a client counts as: the first half of a SHA-256 over the user and the name of the client's storage, or its
/// own name if it keeps nothing. So it is one device as long as it can go on writing with an actor, and never another
/// user's.
fn device(user: &UserId, name: &str) -> DeviceId {
    let digest = Sha256::new()
        .chain_update(b"automerge-repo")
        .chain_update([0])
        .chain_update(user.as_str())
        .chain_update([0])
        .chain_update(name)
        .finalize();
    let mut device = [0; 16];
    device.copy_from_slice(&digest[..16]);
    DeviceId(device)
}
