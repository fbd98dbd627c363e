//! What the tablet remembers beside its databases: that there were vaults here, and how much waited in them. A browser that runs
//! short of room clears databases and leaves this little, so that the loss is noticed and told.

use lianxin_shared::id::Moment;
use serde::{Deserialize, Serialize};

use super::Enrolment;
use crate::i18n::when::now;
use crate::remembered::{get, put, remove};

/// Where the trace of what is here lies.
const HERE: &str = "lianxin-here";
/// Where it lies once that is gone, until its user has read of it.
const LOST: &str = "lianxin-lost";
/// That a vault was begun here with nothing in it.
const NEW: &str = "lianxin-new";

/// That there were vaults here. It names nobody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trace {
    /// How many records waited to be sent, in all vaults together.
    pub waiting: u32,
    /// How many documents of them lie in the second place, once they are lost.
    #[serde(default)]
    pub spared: u32,
    /// When that was noted, in milliseconds since 1970 UTC.
    at: i64,
}

impl Trace {
    /// When that was noted.
    pub fn at(&self) -> Moment {
        Moment(self.at)
    }
}

/// Notes who is here.
pub fn note(people: &[Enrolment]) {
    let trace = Trace {
        waiting: people.iter().map(|known| known.waiting).sum(),
        spared: 0,
        at: now().0,
    };
    match serde_json::to_string(&trace) {
        Ok(trace) if !people.is_empty() => put(HERE, &trace),
        _ => remove(HERE),
    }
}

/// Nobody is here: if somebody was, that is lost, but for so many documents that lay in the second place.
pub fn found_nobody(spared: u32) {
    let here = get(HERE).and_then(|here| serde_json::from_str(&here).ok());
    // Copies show that somebody was here, even where the browser was killed before it had written so.
    let shown = (spared > 0).then(|| Trace {
        waiting: spared,
        spared,
        at: now().0,
    });
    let lost = here.map(|here| Trace { spared, ..here }).or(shown);
    if let Some(lost) = lost.and_then(|lost| serde_json::to_string(&lost).ok()) {
        put(LOST, &lost);
    }
    remove(HERE);
}

/// What was lost, until [`forget_lost`].
pub fn lost() -> Option<Trace> {
    serde_json::from_str(&get(LOST)?).ok()
}

/// Its user knows of it.
pub fn forget_lost() {
    remove(LOST);
}

/// A vault was begun with nothing in it: the server may know more of its user.
pub fn note_new() {
    put(NEW, "yes");
}

/// Whether one was, until [`forget_new`].
pub fn is_new() -> bool {
    get(NEW).is_some()
}

/// Its user knows what the server knows.
pub fn forget_new() {
    remove(NEW);
}
