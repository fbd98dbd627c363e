//! What those who administer did, to be taken along and looked through ([`crate::store::Link`] holds it together).

use lianxin_shared::id::Moment;
use serde::Serialize;

use crate::export;
use crate::store::{Break, Chained, Inspection, Store, StoreError};

/// How many acts are read at once.
const PAGE: u32 = 500;

/// An act as it is taken along. From the first five and `kind` each hash can be worked out again.
#[derive(Debug, Serialize)]
struct Taken {
    number: u64,
    at: Option<Moment>,
    by: Option<String>,
    deed: Option<&'static str>,
    about: Option<String>,
    kind: Option<String>,
    words: Option<String>,
    /// In hexadecimal.
    hash: String,
}

impl From<Chained> for Taken {
    fn from(chained: Chained) -> Self {
        let act = chained.act;
        let act = act.as_ref();
        Self {
            number: chained.number,
            at: act.map(|act| act.at),
            by: act.map(|act| act.by.to_string()),
            deed: act.map(|act| act.deed.as_str()),
            about: act.map(|act| act.about.clone()),
            kind: act.and_then(|act| act.kind.clone()),
            words: act.map(|act| act.words.clone()),
            hash: chained.link.to_string(),
        }
    }
}

/// How all acts are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A line each, for a spreadsheet.
    Csv,
    /// A list of objects, for programs.
    Json,
}

/// Why the acts cannot be taken along.
#[derive(Debug, thiserror::Error)]
pub enum AuditError {
    /// The store cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// It cannot be written.
    #[error("the acts cannot be written: {0}")]
    Written(String),
}

/// What somebody who looks through all acts finds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// How many acts there are.
    pub acts: u64,
    /// Where the chain is broken; nowhere, as it should be.
    pub breaks: Vec<Break>,
}

/// All acts, the earliest first.
pub async fn take(store: &dyn Store, form: Form) -> Result<Vec<u8>, AuditError> {
    let mut taken = Vec::new();
    each(store, |chained| taken.push(Taken::from(chained))).await?;
    let written = |error: &dyn std::fmt::Display| AuditError::Written(error.to_string());
    match form {
        Form::Json => serde_json::to_vec_pretty(&taken).map_err(|e| written(&e)),
        Form::Csv => export::lines(&taken.iter().map(line).collect::<Vec<_>>()).map_err(|e| written(&e)),
    }
}

/// Looks through all acts.
pub async fn verify(store: &dyn Store) -> Result<Found, StoreError> {
    let (mut inspection, mut acts) = (Inspection::default(), 0);
    let last = each(store, |chained| {
        acts += 1;
        inspection.next(&chained);
    })
    .await?;
    let breaks = inspection.end(last);
    Ok(Found { acts, breaks })
}

/// Each act in turn; answers the last, as the database remembers it.
async fn each(
    store: &dyn Store,
    mut take: impl FnMut(Chained),
) -> Result<Option<crate::store::Last>, StoreError> {
    let mut above = 0;
    loop {
        let page = store.chain(above, PAGE).await?;
        let Some(reached) = page.acts.last().map(|chained| chained.number) else {
            return Ok(page.last);
        };
        above = reached;
        page.acts.into_iter().for_each(&mut take);
    }
}

fn line(taken: &Taken) -> Vec<String> {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    vec![
        taken.number.to_string(),
        taken.at.map(|Moment(at)| at.to_string()).unwrap_or_default(),
        text(&taken.by),
        taken.deed.unwrap_or_default().to_owned(),
        text(&taken.about),
        text(&taken.kind),
        text(&taken.words),
        taken.hash.clone(),
    ]
}
