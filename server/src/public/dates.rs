//! Moments in words, as clocks go in the district.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::Offset;
use lianxin_shared::id::Moment;
use maud::{Markup, html};

use super::visitor::Visitor;

/// All of China keeps one time.
const HERE: Offset = Offset::constant(8);

/// The day, as `2026-11-24`.
pub(super) fn iso(at: Moment) -> String {
    local(at).date().to_string()
}

/// The moment as feeds write it (RFC 3339).
pub(super) fn rfc3339(at: Moment) -> String {
    local(at).strftime("%Y-%m-%dT%H:%M:%S+08:00").to_string()
}

/// The day in words.
pub(super) fn words(visitor: &Visitor, at: Moment) -> String {
    let at = local(at);
    let args = [
        ("year", at.year().to_string().into()),
        ("month", i64::from(at.month()).into()),
        ("day", i64::from(at.day()).into()),
    ];
    visitor.with("when-day-year", &args)
}

/// The day in words, for people and programs.
pub(super) fn day(visitor: &Visitor, at: Moment) -> Markup {
    html! { time datetime=(iso(at)) { (words(visitor, at)) } }
}

fn local(at: Moment) -> DateTime {
    HERE.to_datetime(Timestamp::from_millisecond(at.0).unwrap_or_default())
}
