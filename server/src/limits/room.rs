//! How many exchanges are worked on at once.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::Who;

/// How many of one session or address: a device makes one after the other, but the work for a line that was cut goes on.
const OF_ONE: usize = 4;

type Taken = Arc<Mutex<HashMap<Who, usize>>>;

/// The room for exchanges.
pub(super) struct Room {
    places: Arc<Semaphore>,
    most: usize,
    taken: Taken,
}

/// Why there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Full {
    /// All places are taken.
    Room,
    /// Whoever asks has as many as one may have.
    Own,
}

/// A place in it, until it is dropped.
pub(crate) struct Place {
    who: Who,
    taken: Taken,
    _place: OwnedSemaphorePermit,
}

impl Room {
    pub(super) fn new(most: usize) -> Self {
        let most = most.clamp(1, Semaphore::MAX_PERMITS);
        Self {
            places: Arc::new(Semaphore::new(most)),
            most,
            taken: Taken::default(),
        }
    }

    /// An empty one with as many places.
    pub(super) fn another(&self) -> Self {
        Self::new(self.most)
    }

    /// A place for a session or an address, if there is one. Nobody waits here: a queue would keep bodies in memory and answer those who
    /// have given up.
    pub(super) fn place(&self, who: Who) -> Result<Place, Full> {
        let place = self.places.clone().try_acquire_owned().map_err(|_| Full::Room)?;
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let own = taken.entry(who.clone()).or_default();
        if *own >= OF_ONE {
            return Err(Full::Own);
        }
        *own += 1;
        Ok(Place {
            who,
            taken: self.taken.clone(),
            _place: place,
        })
    }

    pub(super) fn taken(&self) -> usize {
        self.most - self.places.available_permits()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if let Entry::Occupied(mut own) = taken.entry(self.who.clone()) {
            *own.get_mut() -= 1;
            if *own.get() == 0 {
                own.remove();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::TokenHash;

    fn session(n: u8) -> Who {
        Who::Session(TokenHash([n; 32]))
    }

    #[test]
    fn one_session_leaves_room_for_others_and_all_of_it_comes_back() {
        let room = Room::new(6);
        let own: Vec<_> = (0..OF_ONE)
            .map(|_| room.place(session(1)).ok().unwrap())
            .collect();
        assert_eq!(room.place(session(1)).err(), Some(Full::Own));
        let others = [
            room.place(session(2)).ok().unwrap(),
            room.place(session(3)).ok().unwrap(),
        ];
        assert_eq!(room.place(session(4)).err(), Some(Full::Room));
        assert_eq!(room.taken(), 6);
        drop((own, others));
        assert_eq!(room.taken(), 0);
        assert!(room.taken.lock().unwrap().is_empty());
        assert!(room.place(session(1)).is_ok());
    }
}
