//! 开门整改: the pages that need no account. Rendered here, so that they work without a script, on an old phone and on paper.
//!
//! - [`board`](Board): all that is public, gathered from the documents by `rules::published` alone. No page, feed or file
//!   has anything else to show, so nothing private can slip into one.
//! - `front`, `ledger`, `task`, `listing`, `record`: the pages. `feed` and `data`: the same for programs.
//! - `comment`, `suggest`, `follow`: what a resident sends, written by the server through the one door (`write`).
//! - `visitor`: who asks, in which language; how fast, [`crate::limits`] says. `trouble`: what is said when it cannot be done.

mod board;
mod comment;
mod data;
mod dates;
mod feed;
mod fields;
mod follow;
mod form;
mod front;
mod layout;
mod ledger;
mod listing;
mod record;
mod section;
mod suggest;
mod task;
mod trouble;
mod visitor;
mod write;

use std::sync::Arc;

use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::routing::MethodRouter;
use tower_http::compression::CompressionLayer;

pub use board::Board;
pub use comment::comment;
pub use data::data;
pub use feed::feed;
pub use follow::{follow, look_up, rate};
pub use front::front;
pub use layout::style;
pub use ledger::ledger;
pub use listing::listing;
pub use record::record;
pub use suggest::{choose, suggest, take};
pub use task::task;
pub use trouble::unknown;

use crate::app::App;
use crate::store::StoreError;

/// The most bytes of a form.
pub const MAX_FORM: usize = 16 * 1024;

/// What the public pages keep in memory. All clones are one.
#[derive(Clone, Default)]
pub struct Public(Arc<Kept>);

#[derive(Default)]
struct Kept {
    board: board::Collected,
    rated: comment::Rated,
    /// Held by whoever writes: whether it is there already is looked up under it.
    writing: tokio::sync::Mutex<()>,
}

/// A route of the public pages: with their limits, compressed, and answering in pages whatever goes wrong.
pub(crate) fn page(app: &App, route: MethodRouter<App>) -> MethodRouter<App> {
    let guard = from_fn_with_state(app.clone(), trouble::guard);
    let guarded: MethodRouter<App> = route.layer(DefaultBodyLimit::max(MAX_FORM)).layer(guard);
    guarded.layer(CompressionLayer::new())
}

impl Public {
    /// All that is public, as of a few seconds ago.
    async fn board(&self, app: &App) -> Result<Arc<Board>, StoreError> {
        self.0.board.board(app).await
    }
}
