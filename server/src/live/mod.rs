//! Live wake: connected devices are told which channels moved, and then sync. Nothing of a record is said.

mod nodes;

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::{Stream, StreamExt, stream};
use lianxin_shared::rules::channels_read_by;
use tokio::sync::watch;

use crate::app::App;
use crate::auth::Signed;
use crate::gathered::Gathered;
pub use nodes::across_nodes;

/// How long moves are gathered after one was told, so that whoever sends page after page wakes the others ten times a second at
/// most.
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

    /// Each time some of the channels that `reads` names have moved: which. The first move is told at once; what follows within
    /// [`GATHER`] is told together.
    pub(crate) fn listen<F: Fn(&str) -> bool>(&self, reads: F) -> impl Stream<Item = Vec<String>> + use<F> {
        let mut moves = self.moves.subscribe();
        let told = read_of(&moves.borrow_and_update(), &reads);
        let listener = Listener {
            moves,
            reads,
            told,
            rests: false,
        };
        stream::unfold(listener, |mut listener| async move {
            let news = listener.news().await?;
            Some((news, listener))
        })
    }
}

/// Somebody who is told of moves.
struct Listener<F> {
    moves: watch::Receiver<Moves>,
    reads: F,
    /// The moves told so far, of the channels that it reads: a line that waits keeps nothing of the others.
    told: Moves,
    /// Whether it has just been told something.
    rests: bool,
}

impl<F: Fn(&str) -> bool> Listener<F> {
    /// The channels that have moved, as soon as any has; nothing once nothing will move any more.
    async fn news(&mut self) -> Option<Vec<String>> {
        if std::mem::take(&mut self.rests) {
            tokio::time::sleep(GATHER).await;
        }
        loop {
            self.moves.changed().await.ok()?;
            let now = read_of(&self.moves.borrow_and_update(), &self.reads);
            let moved = now
                .iter()
                .filter(|(channel, n)| self.told.get(*channel) != Some(n));
            let news: Vec<_> = moved.map(|(channel, _)| channel.clone()).collect();
            self.told = now;
            if !news.is_empty() {
                self.rests = true;
                return Some(news);
            }
        }
    }
}

fn read_of(moves: &Moves, reads: impl Fn(&str) -> bool) -> Moves {
    let read = moves.iter().filter(|(channel, _)| reads(channel));
    read.map(|(channel, n)| (channel.clone(), *n)).collect()
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

#[cfg(test)]
mod tests {
    use std::pin::pin;

    use super::*;

    fn moved(live: &Live, channels: &[&str]) {
        live.moved(channels.iter().map(ToString::to_string));
    }

    #[tokio::test]
    async fn the_first_move_is_told_at_once_and_what_follows_together() {
        let live = Live::default();
        moved(&live, &["before"]);
        let mut news = pin!(live.listen(|channel| channel != "foreign"));
        moved(&live, &["a"]);
        let at_once = tokio::time::timeout(GATHER / 2, news.next()).await;
        assert_eq!(at_once, Ok(Some(vec!["a".to_owned()])));
        for channels in [&["b"][..], &["foreign"], &["a", "b"]] {
            moved(&live, channels);
        }
        assert_eq!(news.next().await, Some(vec!["a".to_owned(), "b".to_owned()]));
        moved(&live, &["foreign"]);
        moved(&live, &["before"]);
        assert_eq!(news.next().await, Some(vec!["before".to_owned()]));
    }
}
