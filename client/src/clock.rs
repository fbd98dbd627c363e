//! What time it is. The clock of an old tablet may be years off; the server's, which each of its answers tells, is taken for right.
//! The device remembers how far off its own is, so that what is written without a line has its right time too. Where somebody sets
//! it right meanwhile, the next answer shows that.

use std::cell::Cell;

use js_sys::Date;
use lianxin_shared::id::Moment;

use crate::remembered;

/// Where the device remembers how far its clock is off, in milliseconds.
const KEY: &str = "lianxin-clock";

/// So far off, in milliseconds, a clock counts as right: an answer names whole seconds, and is on its way for some more.
const FINE: i64 = 120_000;

thread_local! {
    /// What is remembered, once it was looked up.
    static OFF: Cell<Option<i64>> = const { Cell::new(None) };
}

/// Now, in milliseconds since 1970 UTC.
pub fn now() -> Moment {
    Moment(own() + off())
}

/// Hears from an answer what time it is on the server: its `Date` (RFC 9110, 6.6.1).
pub fn heard(date: &str) {
    let server = Date::parse(date);
    if server.is_nan() {
        return;
    }
    let (known, heard) = (off(), settled(off(), whole(server) - own()));
    if heard == known {
        return;
    }
    OFF.set(Some(heard));
    // Where it is not kept, it is heard again with the next answer.
    remembered::put(KEY, &heard.to_string());
}

/// How far off the clock is taken to be, after an answer by which it is as far off as `heard`.
fn settled(known: i64, heard: i64) -> i64 {
    // No answer is so exact that it says anything new within that.
    if (heard - known).abs() <= FINE {
        known
    } else if heard.abs() <= FINE {
        0
    } else {
        heard
    }
}

fn off() -> i64 {
    if let Some(off) = OFF.get() {
        return off;
    }
    let kept = remembered::get(KEY).and_then(|kept| kept.parse().ok());
    let off = kept.unwrap_or_default();
    OFF.set(Some(off));
    off
}

/// By the device's own clock.
fn own() -> i64 {
    whole(Date::now())
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "milliseconds since 1970 have no fraction and fit many times over"
)]
fn whole(ms: f64) -> i64 {
    ms as i64
}

#[cfg(test)]
mod tests {
    use super::{FINE, settled};

    #[test]
    fn a_clock_is_off_when_it_is_off_by_far_and_right_again_when_it_was_set() {
        const YEARS: i64 = 100_000_000_000;
        assert_eq!(settled(0, FINE), 0);
        assert_eq!(settled(0, -FINE), 0);
        assert_eq!(settled(0, YEARS), YEARS);
        assert_eq!(settled(YEARS, YEARS + 900), YEARS);
        assert_eq!(settled(YEARS, 900), 0);
        assert_eq!(settled(YEARS, -YEARS), -YEARS);
    }
}
