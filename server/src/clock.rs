//! The server's clock.

use lianxin_shared::id::Moment;

/// Now.
pub fn now() -> Moment {
    Moment(jiff::Timestamp::now().as_millisecond())
}

/// The year of a moment in the district's time, UTC+8.
pub fn year_of(at: Moment) -> i16 {
    // Beyond what a calendar holds there is no year to speak of.
    let at = jiff::Timestamp::from_millisecond(at.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    jiff::tz::offset(8).to_datetime(at).year()
}
