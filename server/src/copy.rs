//! All of a database into another, so that devices notice nothing.

use std::sync::Arc;

use tokio::sync::mpsc;

use crate::projection;
use crate::store::{Kept, KeptDocument, Row, Store, StoreError};
use crate::sync::open;

/// Copies everything from a store that nobody writes to into an empty one, in one transaction; answers how many documents
/// there were.
pub async fn copy(from: Arc<dyn Store>, to: Arc<dyn Store>) -> Result<u64, StoreError> {
    let mut pages = from.dump();
    let (out, readable) = mpsc::channel(1);
    let preparing = async move {
        let mut documents = 0;
        while let Some(page) = pages.recv().await {
            let page = page.and_then(|page| page.into_iter().map(findable).collect::<Result<Vec<_>, _>>());
            let of_page = page.iter().flatten();
            documents += of_page.filter(|kept| matches!(kept, Kept::Document(_))).count() as u64;
            if out.send(page).await.is_err() {
                break;
            }
        }
        documents
    };
    let (filled, documents) = tokio::join!(to.fill(readable), preparing);
    filled?;
    to.set_projection(projection::VERSION).await?;
    Ok(documents)
}

/// With what a search finds it by, which a store does not give away: it follows from the document.
fn findable(mut kept: Kept) -> Result<Kept, StoreError> {
    if let Kept::Document(document) = &mut kept {
        let known = row(document)?;
        if let Some(((_, row), known)) = document.row.as_mut().zip(known) {
            *row = known;
        }
    }
    Ok(kept)
}

fn row(document: &KeptDocument) -> Result<Option<Row>, StoreError> {
    if document.row.is_none() {
        return Ok(None);
    }
    let record = open(&document.stored.content).and_then(|document| document.record());
    let record = record.map_err(|error| StoreError::Damaged(format!("{}: {error}", document.doc)))?;
    Ok(projection::row(&record))
}
