//! What says of which chunks a backup is made.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use lianxin_shared::id::{DocId, Moment};
use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::BackupError;
use super::chunk::{Name, Names};
use super::seal::{Identities, Recipients};

/// The version of what is written down. A reader refuses a later one.
const FORMAT: u32 = 1;

/// How a time is written in a manifest's name.
const TIME: &str = "%Y-%m-%dT%H-%M-%S.%3fZ";

/// When a backup was made: its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct MadeAt(pub(super) Moment);

impl fmt::Display for MadeAt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = jiff::Timestamp::from_millisecond(self.0.0).unwrap_or_default();
        write!(f, "{}", TimeZone::UTC.to_datetime(at).strftime(TIME))
    }
}

impl FromStr for MadeAt {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let at = DateTime::strptime(TIME, text).map_err(|_| ())?;
        let at = TimeZone::UTC.to_timestamp(at).map_err(|_| ())?;
        Ok(Self(Moment(at.as_millisecond())))
    }
}

/// One backup. What it names can be told without a key, so that what no backup names can be removed by whoever has none.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Manifest {
    format: u32,
    /// The version of the program that made it.
    program: String,
    /// Whose it is: [`super::chunk::database`].
    pub(super) database: String,
    /// How many documents it has.
    pub(super) documents: u64,
    /// Its chunks, in order.
    pub(super) chunks: Vec<Name>,
    /// The files that belong to it.
    pub(super) files: Vec<Name>,
    /// [`Sealed`], in CBOR, encrypted, in base64.
    sealed: String,
}

/// What only somebody with an identity reads.
#[derive(Encode, Decode)]
struct Sealed {
    /// The key of the names.
    #[n(0)]
    key: ByteVec,
    /// What all the rest of the manifest hashes to, with its name: it was written by whoever sealed this.
    #[n(1)]
    rest: ByteVec,
    /// Every document that was ever erased, and when.
    #[n(2)]
    erased: Vec<(DocId, Moment)>,
}

/// What a backup is made of.
pub(super) struct Contents {
    pub(super) database: String,
    pub(super) documents: u64,
    pub(super) chunks: Vec<Name>,
    pub(super) files: Vec<Name>,
    pub(super) erased: Vec<(DocId, Moment)>,
}

/// What an opened manifest tells.
pub(super) struct Opened {
    pub(super) names: Names,
    pub(super) erased: Vec<(DocId, Moment)>,
}

impl Manifest {
    /// One of the backup of this time.
    pub(super) fn seal(
        at: MadeAt,
        contents: Contents,
        names: &Names,
        recipients: &Recipients,
    ) -> Result<Self, BackupError> {
        let mut manifest = Self {
            format: FORMAT,
            program: env!("CARGO_PKG_VERSION").to_owned(),
            database: contents.database,
            documents: contents.documents,
            chunks: contents.chunks,
            files: contents.files,
            sealed: String::new(),
        };
        let sealed = Sealed {
            key: names.key().to_vec().into(),
            rest: manifest.rest(at).to_vec().into(),
            erased: contents.erased,
        };
        let sealed = minicbor::to_vec(sealed).map_err(|error| std::io::Error::other(error.to_string()))?;
        manifest.sealed = STANDARD.encode(recipients.seal(&sealed)?);
        Ok(manifest)
    }

    /// Its bytes.
    pub(super) fn bytes(&self) -> Result<Vec<u8>, BackupError> {
        serde_json::to_vec_pretty(self).map_err(|error| std::io::Error::from(error).into())
    }

    /// One of these bytes.
    pub(super) fn read(at: MadeAt, bytes: &[u8]) -> Result<Self, BackupError> {
        /// What every version has.
        #[derive(Deserialize)]
        struct Any {
            format: u32,
        }
        let what = || format!("the backup {at}");
        let any: Any = serde_json::from_slice(bytes).map_err(|_| BackupError::Damaged(what()))?;
        if any.format > FORMAT {
            return Err(BackupError::Newer(what()));
        }
        serde_json::from_slice(bytes).map_err(|_| BackupError::Damaged(what()))
    }

    /// Opens its sealed part, and holds the rest to it.
    pub(super) fn open(&self, at: MadeAt, identities: &Identities) -> Result<Opened, BackupError> {
        let what = format!("the backup {at}");
        let damaged = || BackupError::Damaged(what.clone());
        let sealed = STANDARD.decode(&self.sealed).map_err(|_| damaged())?;
        let sealed = identities.open(&what, &sealed)?;
        let sealed: Sealed = minicbor::decode(&sealed).map_err(|_| damaged())?;
        if **sealed.rest != self.rest(at) {
            return Err(damaged());
        }
        let key = Vec::from(sealed.key).try_into().map_err(|_| damaged())?;
        Ok(Opened {
            names: Names::sealed(key),
            erased: sealed.erased,
        })
    }

    fn rest(&self, at: MadeAt) -> [u8; 32] {
        let mut digest = Sha256::new();
        digest.update(format!(
            "{at}\n{}\n{}\n{}\n",
            self.format, self.database, self.documents
        ));
        for (list, names) in [("chunks", &self.chunks), ("files", &self.files)] {
            digest.update(format!("{list} {}\n", names.len()));
            names.iter().for_each(|name| digest.update(format!("{name}\n")));
        }
        digest.finalize().into()
    }
}
