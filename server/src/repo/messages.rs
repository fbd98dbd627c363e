//! The messages of automerge-repo's protocol, version 1: CBOR maps with names as keys
//! (<https://github.com/automerge/automerge-repo/tree/main/packages/automerge-repo-network-websocket>).

use lianxin_shared::id::DocId;
use lianxin_shared::rules::Refusal;
use minicbor::data::Type;
use minicbor::{Decoder, Encoder};

/// The version that is spoken.
const VERSION: &str = "1";

/// The longest name that is kept of a peer, its storage or a document.
const MAX_NAME: usize = 200;

/// What a client says.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Heard {
    /// It introduces itself, or does so anew.
    Join(Join),
    /// A message about a document; it may be the first, which asks for it.
    Sync(Sync),
    /// It goes.
    Leave,
    /// Nothing that concerns a server of documents: messages among clients, and what later versions may say.
    Other,
}

/// How a client introduces itself.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Join {
    /// Its name, which it makes at each start.
    pub(super) peer: String,
    /// The name of its storage, if it keeps documents from start to start.
    pub(super) storage: Option<String>,
    /// Whether it speaks this version.
    pub(super) fits: bool,
}

/// A message about a document.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Sync {
    /// Who says it.
    pub(super) peer: String,
    /// The document; nothing for a name that is no document's here.
    pub(super) doc: Option<DocId>,
    /// automerge's own message.
    pub(super) data: Vec<u8>,
}

/// The parts of a message that are read.
#[derive(Default)]
struct Parts {
    kind: String,
    sender: String,
    doc: String,
    data: Option<Vec<u8>>,
    storage: Option<String>,
    is_ephemeral: bool,
    versions: Option<Vec<String>>,
}

impl Heard {
    /// Reads a message. What it does not know in one is passed over.
    pub(super) fn decode(bytes: &[u8]) -> Result<Self, minicbor::decode::Error> {
        let mut decoder = Decoder::new(bytes);
        let mut parts = Parts::default();
        each(&mut decoder, |key, d| {
            match key {
                "type" => parts.kind = name(d)?,
                "senderId" => parts.sender = name(d)?,
                "documentId" => parts.doc = name(d)?,
                "data" => parts.data = Some(data(d)?),
                "peerMetadata" if d.datatype()? == Type::Map => each(d, |key, d| {
                    match (key, d.datatype()?) {
                        ("storageId", Type::String) => parts.storage = Some(name(d)?),
                        ("isEphemeral", Type::Bool) => parts.is_ephemeral = d.bool()?,
                        _ => d.skip()?,
                    }
                    Ok(())
                })?,
                "supportedProtocolVersions" if d.datatype()? == Type::Array => {
                    parts.versions = Some(versions(d)?);
                }
                _ => d.skip()?,
            }
            Ok(())
        })?;
        if decoder.position() != bytes.len() {
            return Err(minicbor::decode::Error::message("bytes follow the message"));
        }
        parts.meaning()
    }
}

impl Parts {
    fn meaning(self) -> Result<Heard, minicbor::decode::Error> {
        let lacks = |what| Err(minicbor::decode::Error::message(what));
        match self.kind.as_str() {
            "" => lacks("no type"),
            "join" | "sync" | "request" if self.sender.is_empty() => lacks("no sender"),
            "join" => Ok(Heard::Join(Join {
                peer: self.sender,
                storage: self.storage.filter(|_| !self.is_ephemeral),
                // The first clients did not name it.
                fits: self
                    .versions
                    .is_none_or(|versions| versions.iter().any(|v| v == VERSION)),
            })),
            "sync" | "request" => match self.data {
                Some(data) => Ok(Heard::Sync(Sync {
                    peer: self.sender,
                    doc: self.doc.parse().ok(),
                    data,
                })),
                None => lacks("no data"),
            },
            "leave" => Ok(Heard::Leave),
            _ => Ok(Heard::Other),
        }
    }
}

/// Calls `read` with each key of a map; it must consume the value.
fn each<'b>(
    decoder: &mut Decoder<'b>,
    mut read: impl FnMut(&str, &mut Decoder<'b>) -> Result<(), minicbor::decode::Error>,
) -> Result<(), minicbor::decode::Error> {
    let mut left = decoder.map()?;
    while left != Some(0) {
        if left.is_none() && decoder.datatype()? == Type::Break {
            return decoder.skip();
        }
        let key = decoder.str()?;
        read(key, decoder)?;
        left = left.map(|left| left - 1);
    }
    Ok(())
}

fn name(decoder: &mut Decoder<'_>) -> Result<String, minicbor::decode::Error> {
    let name = decoder.str()?;
    if name.len() > MAX_NAME {
        return Err(minicbor::decode::Error::message("a name that is too long"));
    }
    Ok(name.to_owned())
}

/// Bytes, which some clients mark as a typed array (tag 64, RFC 8746).
fn data(decoder: &mut Decoder<'_>) -> Result<Vec<u8>, minicbor::decode::Error> {
    if decoder.datatype()? == Type::Tag {
        decoder.tag()?;
    }
    decoder.bytes().map(<[u8]>::to_vec)
}

fn versions(decoder: &mut Decoder<'_>) -> Result<Vec<String>, minicbor::decode::Error> {
    let count = decoder.array()?.unwrap_or(u64::MAX);
    if count > 16 {
        return Err(minicbor::decode::Error::message("too many versions"));
    }
    (0..count).map(|_| name(decoder)).collect()
}

/// What the server says.
#[derive(Debug)]
pub(super) enum Said<'a> {
    /// The answer to a join.
    Peer,
    /// Why the line ends now.
    Error(&'a str),
    /// automerge's own message about a document.
    Sync(DocId, &'a [u8]),
    /// The document is not there, or not for this user.
    Unavailable(DocId),
    /// A message to whoever has the document open at the client: a change of theirs was not taken.
    Refused(DocId, Notice<'a>),
}

/// A refusal as it is told. `session` and `count` tell the client which messages it has heard.
#[derive(Debug)]
pub(super) struct Notice<'a> {
    /// Why.
    pub(super) refusal: &'a Refusal,
    /// The same in the user's words.
    pub(super) words: &'a str,
    /// The connection's name.
    pub(super) session: &'a str,
    /// The how-manieth notice of the connection it is.
    pub(super) count: u64,
}

impl Said<'_> {
    /// The message from the server `me` to the peer `you`.
    pub(super) fn encode(&self, me: &str, you: &str) -> Vec<u8> {
        let mut bytes = Vec::new();
        // A Vec takes everything that is written to it.
        drop(self.write(&mut Encoder::new(&mut bytes), me, you));
        bytes
    }

    fn write(&self, e: &mut Encoder<&mut Vec<u8>>, me: &str, you: &str) -> Written {
        let (kind, more) = match self {
            Self::Peer => ("peer", 2),
            Self::Error(_) => ("error", 1),
            Self::Sync(..) => ("sync", 2),
            Self::Unavailable(_) => ("doc-unavailable", 1),
            Self::Refused(..) => ("ephemeral", 4),
        };
        e.map(3 + more)?;
        e.str("type")?.str(kind)?;
        e.str("senderId")?.str(me)?;
        e.str("targetId")?.str(you)?;
        match self {
            Self::Peer => {
                // Nothing that the client should remember of this server: it starts anew with each connection.
                e.str("peerMetadata")?.map(1)?.str("isEphemeral")?.bool(true)?;
                e.str("selectedProtocolVersion")?.str(VERSION)?;
            }
            Self::Error(message) => {
                e.str("message")?.str(message)?;
            }
            Self::Sync(doc, data) => {
                e.str("documentId")?.str(&doc.to_string())?;
                e.str("data")?.bytes(data)?;
            }
            Self::Unavailable(doc) => {
                e.str("documentId")?.str(&doc.to_string())?;
            }
            Self::Refused(doc, notice) => {
                e.str("documentId")?.str(&doc.to_string())?;
                e.str("sessionId")?.str(notice.session)?;
                e.str("count")?.u64(notice.count)?;
                let mut data = Vec::new();
                notice.write(&mut Encoder::new(&mut data))?;
                e.str("data")?.bytes(&data)?;
            }
        }
        Ok(())
    }
}

impl Notice<'_> {
    fn write(&self, e: &mut Encoder<&mut Vec<u8>>) -> Written {
        e.map(3)?;
        e.str("refused")?.str(self.refusal.code.as_str())?;
        e.str("about")?;
        match &self.refusal.about {
            Some(about) => e.str(about)?,
            None => e.null()?,
        };
        e.str("words")?.str(self.words)?;
        Ok(())
    }
}

type Written = Result<(), minicbor::encode::Error<std::convert::Infallible>>;

#[cfg(test)]
mod tests;
