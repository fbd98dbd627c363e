//! How many connections there are, in all and from one address.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Arc, Mutex, PoisonError};

use super::Address;

/// Which part of all lines one address may have: a whole district can stand behind one, and a proxy is one.
const PART_OF_ONE: usize = 2;

/// Connections by address. All clones are one.
#[derive(Clone)]
pub(crate) struct Lines {
    most: usize,
    open: Arc<Mutex<Open>>,
}

#[derive(Default)]
struct Open {
    all: usize,
    by_address: HashMap<Address, usize>,
}

/// One connection, until it is dropped.
pub(crate) struct Line {
    address: Address,
    open: Arc<Mutex<Open>>,
}

impl Lines {
    pub(super) fn new(most: usize) -> Self {
        Self {
            most: most.max(PART_OF_ONE),
            open: Arc::default(),
        }
    }

    /// One more from an address, if there may be one. One that is `trusted` speaks for many.
    pub(crate) fn open(&self, address: Address, trusted: bool) -> Option<Line> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let own = open.by_address.get(&address).copied().unwrap_or_default();
        if open.all >= self.most || (!trusted && own >= self.most / PART_OF_ONE) {
            return None;
        }
        open.all += 1;
        open.by_address.insert(address, own + 1);
        Some(Line {
            address,
            open: self.open.clone(),
        })
    }

    /// How many there are.
    pub(crate) fn count(&self) -> usize {
        self.open.lock().unwrap_or_else(PoisonError::into_inner).all
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.all -= 1;
        if let Entry::Occupied(mut own) = open.by_address.entry(self.address) {
            *own.get_mut() -= 1;
            if *own.get() == 0 {
                own.remove();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use super::*;

    #[test]
    fn one_address_cannot_take_all_lines_but_the_proxy_can() {
        let address = |n| Address::from(IpAddr::V4(Ipv4Addr::from_bits(n)));
        let lines = Lines::new(4);
        let own = [lines.open(address(1), false), lines.open(address(1), false)];
        assert!(own.iter().all(Option::is_some));
        assert!(lines.open(address(1), false).is_none());
        let other = lines.open(address(1), true).zip(lines.open(address(2), false));
        assert!(other.is_some());
        assert!(lines.open(address(3), true).is_none(), "there is an end of all");
        assert_eq!(lines.count(), 4);
        drop((own, other));
        assert_eq!(lines.count(), 0);
        assert!(lines.open.lock().unwrap().by_address.is_empty());
    }
}
