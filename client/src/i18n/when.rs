//! Moments in words, in the device's own time zone.

use js_sys::Date;
use lianxin_shared::id::Moment;
use wasm_bindgen::JsValue;

use super::Words;

pub use crate::clock::now;

/// A moment on the wall: the device's calendar and clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wall {
    /// The year.
    pub year: u32,
    /// The month, from 1.
    pub month: u32,
    /// The day of the month, from 1.
    pub day: u32,
    /// The hour, 0 to 23.
    pub hour: u32,
    /// The minute.
    pub minute: u32,
}

/// A moment as the wall shows it.
pub fn wall(at: Moment) -> Wall {
    #[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
    let date = Date::new(&JsValue::from_f64(at.0 as f64));
    Wall {
        year: date.get_full_year(),
        month: date.get_month() + 1,
        day: date.get_date(),
        hour: date.get_hours(),
        minute: date.get_minutes(),
    }
}

/// The day: "11月24日", with the year if it is not this one.
pub fn day(t: &Words, at: Moment) -> String {
    wall(at).day_in_words(t, wall(now()))
}

/// Day and time: "11月24日 09:30".
pub fn moment(t: &Words, at: Moment) -> String {
    let at = wall(at);
    format!("{} {}", at.day_in_words(t, wall(now())), at.time())
}

/// As a `datetime-local` input takes it: `2026-11-24T09:30`.
pub fn to_input(at: Moment) -> String {
    let at = wall(at);
    format!("{:04}-{:02}-{:02}T{}", at.year, at.month, at.day, at.time())
}

/// As a `datetime-local` input gives it; nothing for anything else.
pub fn from_input(text: &str) -> Option<Moment> {
    let at = Date::new(&JsValue::from_str(text)).get_time();
    #[expect(clippy::cast_possible_truncation, reason = "whole milliseconds")]
    (!text.is_empty() && at.is_finite()).then_some(Moment(at as i64))
}

impl Wall {
    fn day_in_words(self, t: &Words, today: Self) -> String {
        let same = |other: Self| (self.year, self.month, self.day) == (other.year, other.month, other.day);
        if same(today) {
            return t.get("when-today");
        }
        let key = if self.year == today.year {
            "when-day"
        } else {
            "when-day-year"
        };
        t.with(
            key,
            &[
                ("year", self.year.to_string().into()),
                ("month", i64::from(self.month).into()),
                ("day", i64::from(self.day).into()),
            ],
        )
    }

    fn time(self) -> String {
        format!("{:02}:{:02}", self.hour, self.minute)
    }
}

/// The minute without its seconds.
pub fn whole_minute(at: Moment) -> Moment {
    Moment(at.0 - at.0.rem_euclid(60_000))
}

/// Midnight before, by the device's calendar.
pub fn start_of_day(at: Moment) -> Moment {
    let Wall { year, month, day, .. } = wall(at);
    from_input(&format!("{year:04}-{month:02}-{day:02}T00:00")).unwrap_or(at)
}

/// The first moment of the year, by the device's calendar.
pub fn start_of_year(at: Moment) -> Moment {
    from_input(&format!("{:04}-01-01T00:00", wall(at).year)).unwrap_or(at)
}
