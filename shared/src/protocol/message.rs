//! The messages. CBOR by position. A field that a reader does not know is skipped, so fields are only ever added at the end;
//! a kind of message that it does not know is an error, so a new kind is a new version of the protocol.

use std::collections::BTreeMap;

use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};

use crate::id::{DeviceId, DocId, Epoch, Heads};
use crate::rules::Refusal;
use crate::sync::Fingerprint;

/// The version of the protocol. Another version is refused at the hello, with words.
pub const PROTOCOL: u32 = 1;

/// How far a device is: per channel, by name.
pub type Cursors = BTreeMap<String, Cursor>;

/// How far a device is in one channel. Two numbers, because a document's entry moves up when it changes: a device on its way
/// through the entries has not had what moved up before it came by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Encode, Decode)]
pub struct Cursor {
    /// The sequence at which the device last had everything: what it lacks is told from here.
    #[n(0)]
    pub have: u64,
    /// The sequence up to which it has since come by. Equal to `have` when it is through.
    #[n(1)]
    pub seen: u64,
}

/// Device to server.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Up {
    /// Opens every exchange.
    #[n(0)]
    Hello(#[n(0)] Hello),
    /// One document's changes.
    #[n(1)]
    Push(#[n(0)] Push),
    /// Nothing follows.
    #[n(2)]
    End,
    /// What the device holds of what was once accepted, compared with what the server has: a message of the negentropy
    /// protocol V1 over the items of [`crate::sync::item`].
    #[n(3)]
    Compare(#[n(0)] ByteVec),
    /// Documents that the device wants whole; at most [`MAX_WANTS`].
    #[n(4)]
    Want(#[n(0)] Vec<DocId>),
}

/// The most documents in one [`Up::Want`].
pub const MAX_WANTS: usize = 256;

/// Who speaks and how far it is.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Hello {
    /// [`PROTOCOL`].
    #[n(0)]
    pub protocol: u32,
    /// The device.
    #[n(1)]
    pub device: DeviceId,
    /// The database's life that the cursors belong to; nothing before the first exchange. Where it is not the server's,
    /// the cursors count as empty.
    #[n(2)]
    pub epoch: Option<Epoch>,
    /// How far the device is.
    #[n(3)]
    pub cursors: Cursors,
    /// How many bytes of pulls the device takes in this exchange. Zero: it pushes only, and `End` says nothing of more.
    #[n(4)]
    pub budget: u32,
}

/// One document's changes, taken or refused as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Push {
    /// The document.
    #[n(0)]
    pub doc: DocId,
    /// The whole document, saved without compression, where the server is not known to have any of it.
    #[n(1)]
    pub snapshot: Option<ByteVec>,
    /// Changes that follow, packed: see [`crate::document::pack`].
    #[n(2)]
    pub changes: ByteVec,
    /// The server's own receipts for states that it may have lost: what they cover is taken whoever wrote it.
    #[n(3)]
    #[cbor(default)]
    pub receipts: Vec<Receipt>,
}

/// Server to device.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Down {
    /// Opens every answer.
    #[n(0)]
    Welcome(#[n(0)] Welcome),
    /// What became of a push; one for each, in their order.
    #[n(1)]
    Result(#[n(0)] Outcome),
    /// Changes that the device lacks.
    #[n(2)]
    Pull(#[n(0)] Pull),
    /// The document is in none of the user's channels any more.
    #[n(3)]
    Left {
        /// The document.
        #[n(0)]
        doc: DocId,
        /// It was removed for good: nothing of it stays anywhere.
        #[n(1)]
        #[cbor(default)]
        erased: bool,
    },
    /// Whoever has committed this frame and all before is here.
    #[n(4)]
    Cursors(#[n(0)] Cursors),
    /// The rest of the request could not be read; what came before it was taken.
    #[n(5)]
    Fault(#[n(0)] FaultCode),
    /// Closes every answer.
    #[n(6)]
    End {
        /// There is more than the budget took: come again at once.
        #[n(0)]
        more: bool,
        /// All that is in the user's channels, where the device is at their end by the cursors that it was told: see
        /// [`Fingerprint::over`].
        #[n(1)]
        fingerprint: Option<Fingerprint>,
    },
    /// The answer to [`Up::Compare`].
    #[n(7)]
    Compared {
        /// A message of the negentropy protocol.
        #[n(0)]
        answer: ByteVec,
        /// How far the channels were before the server looked at what it has: whoever holds all that it then had is there.
        #[n(1)]
        cursors: Cursors,
    },
}

/// The server's side of the hello.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Welcome {
    /// The life of this database.
    #[n(0)]
    pub epoch: Epoch,
    /// The channels that the user reads, by name. A device purges documents that are in none of them.
    #[n(1)]
    pub channels: Vec<String>,
}

/// What became of a push.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Outcome {
    /// Durable on the server, with the receipt for the document as it then stood.
    #[n(0)]
    Accepted {
        /// The state; nothing if it is the very one that was sent.
        #[n(0)]
        heads: Option<Heads>,
        /// The receipt's MAC.
        #[n(1)]
        mac: ByteVec,
    },
    /// Not taken, none of it. It lies in the server's quarantine and on the device.
    #[n(1)]
    Refused(#[n(0)] Refusal),
    /// Not looked at: others were quicker again and again. Send it another time.
    #[n(2)]
    Busy,
}

/// The server's word that it accepted a document in a state.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Receipt {
    /// The state.
    #[n(0)]
    pub heads: Heads,
    /// A MAC over document and heads; opaque to the device.
    #[n(1)]
    pub mac: ByteVec,
}

/// Changes of one document that the device lacks, or all of them.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Pull {
    /// The document.
    #[n(0)]
    pub doc: DocId,
    /// The document saved as of some state, where more was lacking than single changes tell.
    #[n(1)]
    pub snapshot: Option<ByteVec>,
    /// Changes that follow, packed: see [`crate::document::pack`].
    #[n(2)]
    pub changes: ByteVec,
    /// The state with these; nothing if nothing of the document was here before, or if these are changes each of which the
    /// next builds on, and the last is all of the state.
    #[n(3)]
    pub heads: Option<Heads>,
    /// The MAC of the receipt for that state.
    #[n(4)]
    pub mac: ByteVec,
}

/// Why the rest of a request could not be read. The words are the message `fault-CODE`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum FaultCode {
    /// A frame is cut short, does not fit its checksum, or is no frame.
    #[n(0)]
    FrameInvalid,
    /// A message out of place.
    #[n(1)]
    MessageUnexpected,
}

impl FaultCode {
    /// The code as text.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::FrameInvalid => "frame-invalid",
            Self::MessageUnexpected => "message-unexpected",
        }
    }
}
