//! The server's clock, and the district's.

use jiff::civil::DateTime;
use jiff::tz::{TimeZone, offset};
use lianxin_shared::id::Moment;

/// Now.
pub fn now() -> Moment {
    Moment(jiff::Timestamp::now().as_millisecond())
}

/// The time zone of the district: UTC+8, without summer time.
pub fn district() -> TimeZone {
    TimeZone::fixed(offset(8))
}

/// A moment as the district's clocks show it; nothing for one before or after all calendars.
pub fn wall(at: Moment) -> Option<DateTime> {
    let at = jiff::Timestamp::from_millisecond(at.0).ok()?;
    Some(district().to_datetime(at))
}

/// The moment at which the district's clocks show this.
pub fn moment(wall: DateTime) -> Option<Moment> {
    let at = district().to_timestamp(wall).ok()?;
    Some(Moment(at.as_millisecond()))
}

/// The year of a moment in the district's time.
pub fn year_of(at: Moment) -> i16 {
    // Beyond what a calendar holds there is no year to speak of.
    wall(at).map_or(1970, DateTime::year)
}
