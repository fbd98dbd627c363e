//! Gathering what is public from the documents, so that an old server copes with many readers.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use lianxin_shared::id::DocId;
use lianxin_shared::records::{REGISTERS, Register, register};
use lianxin_shared::rules::{Published, published};

use super::{Board, NAMED, Name};
use crate::app::App;
use crate::store::{Content, Filter, Row, Store, StoreError};
use crate::sync::open;

/// For how long a board is shown before it is gathered anew.
const FRESH: Duration = Duration::from_secs(3);

/// How many times as long as its gathering took a board is shown at least.
const REST: u32 = 20;

/// How many rows or documents are asked for at once.
const PAGE: u32 = 500;

/// The most bytes of documents that are held at once.
const BUDGET: usize = 8 * 1024 * 1024;

/// The board that is shown, and what it was gathered from.
#[derive(Default)]
pub(in crate::public) struct Collected {
    shown: Mutex<Option<Shown>>,
    /// Held by whoever gathers; all others are shown what there is.
    held: tokio::sync::Mutex<HashMap<DocId, Held>>,
}

#[derive(Clone)]
struct Shown {
    board: Arc<Board>,
    until: Instant,
}

/// A document that was read, with the row by which it is told whether it has changed.
struct Held {
    row: Row,
    side: Side,
}

/// What is kept of a document.
#[derive(Clone)]
enum Side {
    Published(Published),
    Name(Name),
    Nothing,
}

impl Collected {
    /// All that is public, as of a few seconds ago.
    pub(in crate::public) async fn board(&self, app: &App) -> Result<Arc<Board>, StoreError> {
        if let Some(shown) = self.shown().filter(|shown| Instant::now() < shown.until) {
            return Ok(shown.board);
        }
        let mut held = match (self.held.try_lock(), self.shown()) {
            (Ok(held), _) => held,
            // Somebody gathers already; until then what was there is good enough.
            (Err(_), Some(shown)) => return Ok(shown.board),
            (Err(_), None) => self.held.lock().await,
        };
        if let Some(shown) = self.shown().filter(|shown| Instant::now() < shown.until) {
            return Ok(shown.board);
        }
        let start = Instant::now();
        *held = gather(app.store.as_ref(), std::mem::take(&mut *held)).await?;
        let board = Arc::new(board(&held));
        let until = Instant::now() + FRESH.max(start.elapsed() * REST);
        *self.shown.lock().unwrap_or_else(PoisonError::into_inner) = Some(Shown {
            board: board.clone(),
            until,
        });
        Ok(board)
    }

    /// Something was written here: whoever asks next is shown it.
    pub(in crate::public) fn stale(&self) {
        *self.shown.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    fn shown(&self) -> Option<Shown> {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn board(held: &HashMap<DocId, Held>) -> Board {
    let mut board = Board::default();
    for (id, held) in held {
        match &held.side {
            Side::Published(one) => drop(board.published.insert(*id, one.clone())),
            Side::Name(name) => drop(board.names.insert(*id, name.clone())),
            Side::Nothing => {}
        }
    }
    board
}

/// Reads those documents again whose rows have changed.
async fn gather(
    store: &dyn Store,
    mut known: HashMap<DocId, Held>,
) -> Result<HashMap<DocId, Held>, StoreError> {
    let mut held = HashMap::new();
    let mut wanted = Vec::new();
    let kinds = REGISTERS.iter().map(|register| register.kind);
    let filter = Filter {
        kinds: kinds.filter(|kind| is_wanted(kind)).map(str::to_owned).collect(),
        ..Filter::default()
    };
    let mut after = None;
    loop {
        let page = store.records(filter.clone(), after, PAGE).await?;
        for listed in page.records {
            match known.remove(&listed.doc) {
                Some(same) if same.row == listed.row && row_tells_all(&listed.row) => {
                    held.insert(listed.doc, same);
                }
                _ if may_be_public(&listed.row) => wanted.push((listed.doc, listed.row)),
                _ => {}
            }
        }
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    while !wanted.is_empty() {
        let ids = wanted
            .iter()
            .take(PAGE as usize)
            .map(|(id, _)| (*id, 0))
            .collect();
        let contents = store.contents(ids, BUDGET).await?;
        let rows: Vec<_> = wanted.drain(..contents.len().min(wanted.len())).collect();
        // Decoding takes its time: not on the threads that serve the lines.
        let read = move || {
            let read = |((id, row), content): ((DocId, Row), Option<Content>)| {
                let side = content.map_or(Side::Nothing, |content| side(id, &content));
                (id, Held { row, side })
            };
            rows.into_iter().zip(contents).map(read).collect::<Vec<_>>()
        };
        let read = tokio::task::spawn_blocking(read).await;
        held.extend(read.map_err(|e| StoreError::Unavailable(e.to_string()))?);
    }
    Ok(held)
}

fn side(id: DocId, content: &Content) -> Side {
    let record = match open(content).and_then(|document| document.record()) {
        Ok(record) => record,
        Err(error) => {
            tracing::error!(%error, doc = %id, "document.unreadable");
            return Side::Nothing;
        }
    };
    let named = || Name::of(&record).map(Side::Name);
    published(&record).map_or_else(|| named().unwrap_or(Side::Nothing), Side::Published)
}

fn is_wanted(kind: &str) -> bool {
    NAMED.contains(&kind) || register(kind).is_some_and(|register| register.public.is_some())
}

/// Whether it is worth reading the document. What is public of it is decided there, not here.
fn may_be_public(row: &Row) -> bool {
    let public = register(&row.kind).and_then(|register| register.public);
    public.is_none_or(|public| {
        let state = row.state.as_str();
        public.states.contains(&state) || public.held_back.contains(&state)
    })
}

/// Whether nothing public can change without the row: no step that leaves a record where it stands has public words.
fn row_tells_all(row: &Row) -> bool {
    let stays = |register: &Register, act: &&str| {
        let steps = &register.lifecycle.steps;
        steps.iter().any(|step| step.act == *act && step.to.is_none())
    };
    let register = register(&row.kind);
    register.is_some_and(|register| {
        let acts = register.public.map_or(&[][..], |public| public.acts);
        !acts.iter().any(|act| stays(register, act))
    })
}
