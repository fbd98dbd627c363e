//! Live wake: connected devices are told which channels moved, and then sync. Nothing of a record is said.

mod nodes;

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::{Stream, StreamExt};
use lianxin_shared::rules::channels_read_by;
use tokio::sync::watch;
use tokio_stream::wrappers::WatchStream;

use crate::app::App;
use crate::auth::Signed;
use crate::gathered::Gathered;
pub use nodes::across_nodes;

/// How long moves are gathered before they are told, so that a page of records is one wake.
const GATHER: Duration = Duration::from_millis(100);

/// How often a silent line is shown to be alive.
const BREATH: Duration = Duration::from_secs(20);

/// Who is told that a channel moved. All clones are one.
#[derive(Clone)]
pub struct Live {
    moves: watch::Sender<Moves>,
    /// What moved on this node and was not announced to the others yet.
    own: Arc<Gathered>,
}

/// How often each channel has moved since the start. It grows with the number of channels, not with what happens in them, so
/// a slow listener costs nothing and misses nothing.
type Moves = BTreeMap<String, u64>;

impl Default for Live {
    fn default() -> Self {
        Self {
            moves: watch::Sender::new(Moves::new()),
            own: Arc::default(),
        }
    }
}

impl Live {
    /// These channels have moved on this node, durably.
    pub fn moved(&self, channels: impl IntoIterator<Item = String>) {
        let channels: Vec<_> = channels.into_iter().collect();
        self.own.add(channels.iter().cloned());
        self.moved_elsewhere(channels);
    }

    /// These channels have moved, as another node says.
    fn moved_elsewhere(&self, channels: Vec<String>) {
        if !channels.is_empty() {
            self.moves.send_modify(|moves| {
                for channel in channels {
                    *moves.entry(channel).or_default() += 1;
                }
            });
        }
    }

    /// Each time some of the channels that `reads` names have moved: which.
    pub(crate) fn listen<F: Fn(&str) -> bool>(&self, reads: F) -> impl Stream<Item = Vec<String>> + use<F> {
        let mut moves = self.moves.subscribe();
        let mut told = moves.borrow_and_update().clone();
        WatchStream::from_changes(moves)
            .then(|moves| async {
                tokio::time::sleep(GATHER).await;
                moves
            })
            .map(move |moves| {
                let news = moves
                    .iter()
                    .filter(|(channel, n)| reads(channel) && told.get(*channel) != Some(n));
                let news: Vec<_> = news.map(|(channel, _)| channel.clone()).collect();
                told = moves;
                news
            })
            .filter(|news| std::future::ready(!news.is_empty()))
    }
}

/// `GET /api/live`: an event for each move of the user's channels; for the office, of any.
pub async fn live(
    State(app): State<App>,
    signed: Signed,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let here = app.metrics.listening();
    let office = signed.principal.in_office();
    let own: BTreeSet<_> = channels_read_by(&signed.principal)
        .iter()
        .map(ToString::to_string)
        .collect();
    let events = app
        .live
        .listen(move |channel| office || own.contains(channel))
        // Names of stations and users are strings, which JSON always holds.
        .map(move |channels| {
            let _here = &here;
            Ok(Event::default().json_data(channels).unwrap_or_default())
        });
    Sse::new(events).keep_alive(KeepAlive::new().interval(BREATH))
}
