//! Which file of which record is asked for, by somebody who may read the record.

use axum::extract::Path;
use lianxin_shared::id::{DocId, FileHash};
use lianxin_shared::records::File;
use lianxin_shared::rules::may_read;

use crate::app::App;
use crate::auth::Signed;
use crate::problem::Problem;
use crate::sync::open;

/// A file that an accepted record names.
pub(super) struct Asked {
    pub(super) file: File,
    /// Its media type, as the record says.
    pub(super) kind: String,
}

impl Asked {
    /// The file of this address. One of a record that the caller may not read is as unknown as one that is not there.
    ///
    /// Who may read a record may also bring its files: what they are was decided by who was allowed to name them, and the one
    /// who took the picture may not be able to write the record any more when the line comes back.
    pub(super) async fn of(
        app: &App,
        signed: &Signed,
        Path((id, hash)): Path<(String, String)>,
    ) -> Result<Self, Problem> {
        let id: DocId = id.parse().map_err(|_| Problem::FileUnknown)?;
        let hash: FileHash = hash.parse().map_err(|_| Problem::FileUnknown)?;
        let content = app.store.content(id).await?.ok_or(Problem::FileUnknown)?;
        let record =
            tokio::task::spawn_blocking(move || open(&content).and_then(|document| document.record()));
        let record = record.await.map_err(|_| Problem::Internal)?.map_err(|error| {
            tracing::error!(%error, doc = %id, "document.unreadable");
            Problem::Internal
        })?;
        if !may_read(&signed.principal, &record) {
            return Err(Problem::FileUnknown);
        }
        let mut files = record.files();
        let (file, kind) = files
            .find(|(file, _)| file.hash == hash)
            .ok_or(Problem::FileUnknown)?;
        Ok(Self {
            file,
            kind: kind.to_owned(),
        })
    }
}
