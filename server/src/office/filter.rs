//! The filters of a list, as they stand in an address.

use lianxin_shared::id::{DocId, Moment};
use lianxin_shared::records::{Columns, REGISTERS};
use lianxin_shared::search;
use serde::Deserialize;

use crate::problem::Problem;
use crate::store::{Filter, Mark};

/// The longest search, in characters.
const MAX_SEARCH: usize = 100;
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// The parameters of a list. What is empty does not filter.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Parameters {
    /// One kind; without it, all work.
    kind: String,
    /// A station's document id.
    station: String,
    /// A state.
    state: String,
    /// A theme's document id.
    theme: String,
    /// From this moment (milliseconds) or day (`YYYY-MM-DD`, in UTC+8) on.
    from: String,
    /// Up to this moment, or to the end of this day.
    to: String,
    /// Words to look for.
    q: String,
    /// The `next` of the page before.
    after: String,
    /// How many at most, up to 500.
    limit: Option<u32>,
}

impl Parameters {
    /// What to look for.
    pub(crate) fn filter(&self) -> Result<Filter, Problem> {
        Ok(Filter {
            kinds: self.kinds()?,
            station: parsed(&self.station)?,
            state: (!self.state.is_empty()).then(|| self.state.clone()),
            theme: parsed::<DocId>(&self.theme)?,
            from: moment(&self.from, 0)?,
            before: moment(&self.to, DAY_MS)?,
            tokens: search::tokens(&self.q.chars().take(MAX_SEARCH).collect::<String>()),
        })
    }

    /// Where the page starts.
    pub(super) fn mark(&self) -> Result<Option<Mark>, Problem> {
        parsed(&self.after)
    }

    /// How many records a page has.
    pub(super) fn limit(&self) -> u32 {
        self.limit.unwrap_or(50).clamp(1, 500)
    }

    fn kinds(&self) -> Result<Vec<String>, Problem> {
        let asked = |kind: &str, columns| match self.kind.as_str() {
            "" => columns == Columns::Work,
            wanted => wanted == kind && columns != Columns::Companion,
        };
        let kinds: Vec<_> = REGISTERS
            .iter()
            .filter(|r| asked(r.kind, r.columns))
            .map(|r| r.kind.to_owned())
            .collect();
        if kinds.is_empty() {
            Err(Problem::RequestInvalid)
        } else {
            Ok(kinds)
        }
    }
}

fn parsed<T: std::str::FromStr>(text: &str) -> Result<Option<T>, Problem> {
    if text.is_empty() {
        Ok(None)
    } else {
        text.parse().map(Some).map_err(|_| Problem::RequestInvalid)
    }
}

/// A moment, or a day's beginning in the district's time plus `end`. An end (`end` above zero) is one past the last moment
/// that counts, for both.
fn moment(text: &str, end: i64) -> Result<Option<Moment>, Problem> {
    if text.is_empty() {
        return Ok(None);
    }
    if let Ok(at) = text.parse::<i64>() {
        return Ok(Some(Moment(at.saturating_add(i64::from(end > 0)))));
    }
    let day: jiff::civil::Date = text.parse().map_err(|_| Problem::RequestInvalid)?;
    let start = jiff::tz::TimeZone::fixed(jiff::tz::offset(8))
        .to_timestamp(day.to_datetime(jiff::civil::Time::midnight()))
        .map_err(|_| Problem::RequestInvalid)?;
    Ok(Some(Moment(start.as_millisecond() + end)))
}
