//! What hangs on a record: pictures and papers. The record names them by their content; the bytes travel apart from the words,
//! and later.

use autosurgeon::reconcile::MapReconciler as _;
use autosurgeon::{Hydrate, HydrateError, Reconcile, Reconciler, reconcile::NoKey};
use minicbor::{Decode, Encode};

use crate::id::FileHash;

/// The kind of pictures, as a media type (RFC 6838).
pub const JPEG: &str = "image/jpeg";

/// The kind of papers.
pub const PDF: &str = "application/pdf";

/// Bytes by their content. The same bytes are the same file, on whatever record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub struct File {
    /// What names it.
    #[n(0)]
    pub hash: FileHash,
    /// How many bytes it has.
    #[n(1)]
    pub size: u64,
}

impl File {
    /// The name of these bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self {
            hash: FileHash::of(bytes),
            size: bytes.len() as u64,
        }
    }
}

/// One picture or paper of a record.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Attachment {
    /// The file.
    #[n(0)]
    pub file: File,
    /// Its media type: [`JPEG`] or [`PDF`]; later versions may know more.
    #[n(1)]
    pub kind: String,
    /// Width and height of a picture, in pixels.
    #[n(2)]
    pub extent: Option<(u32, u32)>,
    /// The same picture for lists, a small JPEG.
    #[n(3)]
    pub thumb: Option<File>,
    /// A few words on it.
    #[n(4)]
    pub caption: Option<String>,
    /// Where it was taken, if whoever took it wants that known.
    #[n(5)]
    pub place: Option<Position>,
}

impl Attachment {
    /// The files that belong to it, each with its media type.
    pub fn files(&self) -> impl Iterator<Item = (File, &str)> {
        let thumb = self.thumb.map(|thumb| (thumb, JPEG));
        [(self.file, self.kind.as_str())].into_iter().chain(thumb)
    }

    /// Whether it is shown as a picture.
    pub fn is_picture(&self) -> bool {
        self.kind == JPEG
    }
}

/// A place on the earth (WGS 84), in millionths of a degree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Position {
    /// To the north; from −90 to 90 degrees.
    #[n(0)]
    pub latitude: i32,
    /// To the east; from −180 to 180 degrees.
    #[n(1)]
    pub longitude: i32,
}

impl Position {
    /// The place at these degrees; nothing where there is none.
    pub fn of_degrees(latitude: f64, longitude: f64) -> Option<Self> {
        let is_there = latitude.abs() <= 90.0 && longitude.abs() <= 180.0;
        // Within these bounds a millionth of a degree fits.
        let millionths = |degrees: f64| (degrees * 1e6).round() as i32;
        is_there.then(|| Self {
            latitude: millionths(latitude),
            longitude: millionths(longitude),
        })
    }

    /// Whether there is such a place.
    pub fn is_on_earth(self) -> bool {
        self.latitude.unsigned_abs() <= 90_000_000 && self.longitude.unsigned_abs() <= 180_000_000
    }
}

/// How an attachment lies in the document.
#[derive(Hydrate)]
pub(crate) struct Stored {
    hash: String,
    size: u64,
    kind: String,
    #[autosurgeon(missing = "Option::default")]
    width: Option<u64>,
    #[autosurgeon(missing = "Option::default")]
    height: Option<u64>,
    #[autosurgeon(missing = "Option::default")]
    thumb: Option<String>,
    #[autosurgeon(missing = "Option::default")]
    thumb_size: Option<u64>,
    #[autosurgeon(missing = "Option::default")]
    caption: Option<String>,
    #[autosurgeon(missing = "Option::default")]
    latitude: Option<i64>,
    #[autosurgeon(missing = "Option::default")]
    longitude: Option<i64>,
}

/// What an attachment does not have is not written, as with events.
impl Reconcile for Stored {
    type Key<'a> = NoKey;

    fn reconcile<R: Reconciler>(&self, mut reconciler: R) -> Result<(), R::Error> {
        let mut map = reconciler.map()?;
        map.put("hash", &self.hash)?;
        map.put("size", self.size)?;
        map.put("kind", &self.kind)?;
        for (key, number) in [
            ("width", self.width),
            ("height", self.height),
            ("thumb_size", self.thumb_size),
        ] {
            if let Some(number) = number {
                map.put(key, number)?;
            }
        }
        for (key, text) in [("thumb", &self.thumb), ("caption", &self.caption)] {
            if let Some(text) = text {
                map.put(key, text)?;
            }
        }
        for (key, number) in [("latitude", self.latitude), ("longitude", self.longitude)] {
            if let Some(number) = number {
                map.put(key, number)?;
            }
        }
        Ok(())
    }
}

impl From<&Attachment> for Stored {
    fn from(attachment: &Attachment) -> Self {
        let Attachment {
            file,
            kind,
            extent,
            thumb,
            caption,
            place,
        } = attachment;
        Self {
            hash: file.hash.to_string(),
            size: file.size,
            kind: kind.clone(),
            width: extent.map(|(width, _)| width.into()),
            height: extent.map(|(_, height)| height.into()),
            thumb: thumb.map(|thumb| thumb.hash.to_string()),
            thumb_size: thumb.map(|thumb| thumb.size),
            caption: caption.clone(),
            latitude: place.map(|place| place.latitude.into()),
            longitude: place.map(|place| place.longitude.into()),
        }
    }
}

impl TryFrom<Stored> for Attachment {
    type Error = HydrateError;

    fn try_from(stored: Stored) -> Result<Self, HydrateError> {
        let wrong = |what: &str| HydrateError::unexpected(what, "something else".to_owned());
        let hash = |text: &str| text.parse().map_err(|_| wrong("a file's hash"));
        let pixels = |number: u64| u32::try_from(number).map_err(|_| wrong("pixels"));
        let degrees = |number: i64| i32::try_from(number).map_err(|_| wrong("millionths of a degree"));
        let extent = match stored.width.zip(stored.height) {
            Some((width, height)) => Some((pixels(width)?, pixels(height)?)),
            None => None,
        };
        let thumb = match stored.thumb.as_deref().zip(stored.thumb_size) {
            Some((thumb, size)) => Some(File {
                hash: hash(thumb)?,
                size,
            }),
            None => None,
        };
        let place = match stored.latitude.zip(stored.longitude) {
            Some((latitude, longitude)) => Some(Position {
                latitude: degrees(latitude)?,
                longitude: degrees(longitude)?,
            }),
            None => None,
        };
        Ok(Self {
            file: File {
                hash: hash(&stored.hash)?,
                size: stored.size,
            },
            kind: stored.kind,
            extent,
            thumb,
            caption: stored.caption,
            place,
        })
    }
}
