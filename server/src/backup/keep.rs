//! Which backups stay.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use jiff::civil::DateTime;
use lianxin_shared::id::Moment;
use serde::Deserialize;

use crate::clock::wall;

/// For how long a backup stays after a newer one was made, whatever the rules say, in milliseconds. A backup that is being
/// made builds on the newest: nothing of that may be taken away meanwhile.
pub(super) const GRACE: i64 = 24 * 60 * 60 * 1000;

/// How many backups stay: the last one of each of the latest so many hours, days and months that have any, by the district's
/// clock. Written `hourly 24, daily 30, monthly 12`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Keep {
    /// Hours.
    pub hourly: usize,
    /// Days.
    pub daily: usize,
    /// Months.
    pub monthly: usize,
}

impl Default for Keep {
    fn default() -> Self {
        Self {
            hourly: 24,
            daily: 30,
            monthly: 12,
        }
    }
}

/// Why a text is no such rule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not as in `hourly 24, daily 30, monthly 12`")]
pub struct KeepError;

impl fmt::Display for Keep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            hourly,
            daily,
            monthly,
        } = self;
        write!(f, "hourly {hourly}, daily {daily}, monthly {monthly}")
    }
}

impl TryFrom<String> for Keep {
    type Error = KeepError;

    fn try_from(text: String) -> Result<Self, KeepError> {
        text.parse()
    }
}

impl FromStr for Keep {
    type Err = KeepError;

    /// What is left out is none.
    fn from_str(text: &str) -> Result<Self, KeepError> {
        let mut keep = Self {
            hourly: 0,
            daily: 0,
            monthly: 0,
        };
        for rule in text.split(',') {
            let (span, number) = rule.trim().split_once(' ').ok_or(KeepError)?;
            let number = number.trim().parse().map_err(|_| KeepError)?;
            match span {
                "hourly" => keep.hourly = number,
                "daily" => keep.daily = number,
                "monthly" => keep.monthly = number,
                _ => return Err(KeepError),
            }
        }
        Ok(keep)
    }
}

impl Keep {
    /// Those of the backups made at these times that need not stay. The newest always stays, and so does each that had no
    /// newer one a day ago.
    pub fn superfluous(&self, backups: &[Moment], now: Moment) -> Vec<Moment> {
        let mut newest_first = backups.to_vec();
        newest_first.sort_unstable_by(|a, b| b.cmp(a));
        newest_first.dedup();
        let mut stay: BTreeSet<Moment> = newest_first.first().copied().into_iter().collect();
        for pair in newest_first.windows(2) {
            if now.0.saturating_sub(pair[0].0) < GRACE {
                stay.insert(pair[1]);
            }
        }
        stay.extend(last_of_each(&newest_first, self.hourly, |at| {
            (at.date(), at.hour())
        }));
        stay.extend(last_of_each(&newest_first, self.daily, DateTime::date));
        stay.extend(last_of_each(&newest_first, self.monthly, |at| {
            (at.year(), at.month())
        }));
        let goes = newest_first.into_iter().filter(|at| !stay.contains(at));
        goes.collect()
    }
}

/// The last of each of the latest so many spans that have any.
fn last_of_each<S: PartialEq>(
    newest_first: &[Moment],
    spans: usize,
    span: impl Fn(DateTime) -> S,
) -> Vec<Moment> {
    let mut last = Vec::new();
    let mut seen = None;
    for at in newest_first {
        let of = wall(*at).map(&span);
        if last.len() == spans {
            break;
        }
        if last.is_empty() || of != seen {
            last.push(*at);
            seen = of;
        }
    }
    last
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::moment;
    use jiff::civil::date;

    const HOUR: i64 = 60 * 60 * 1000;

    fn at(year: i16, month: i8, day: i8, hour: i8, minute: i8) -> Moment {
        moment(date(year, month, day).at(hour, minute, 0, 0)).unwrap()
    }

    fn kept(keep: &str, backups: &[Moment], now: Moment) -> Vec<Moment> {
        let goes = keep.parse::<Keep>().unwrap().superfluous(backups, now);
        let goes: BTreeSet<_> = goes.into_iter().collect();
        backups.iter().copied().filter(|at| !goes.contains(at)).collect()
    }

    #[test]
    fn the_last_of_each_hour_day_and_month_stays() {
        // One each half hour, for 400 days up to a year's last midnight.
        let end = at(2027, 1, 1, 0, 0);
        let backups: Vec<_> = (0..400 * 48)
            .rev()
            .map(|n| Moment(end.0 - n * HOUR / 2))
            .collect();
        // Ten days later, so that nothing stays because it was made a moment ago.
        let now = Moment(end.0 + 240 * HOUR);
        let hours = kept("hourly 24", &backups, now);
        assert_eq!(hours.len(), 24);
        assert_eq!(hours[23], end);
        assert_eq!(hours[22], at(2026, 12, 31, 23, 30));
        assert_eq!(hours[0], at(2026, 12, 31, 1, 30));
        let days = kept("daily 3", &backups, now);
        assert_eq!(days, [at(2026, 12, 30, 23, 30), at(2026, 12, 31, 23, 30), end]);
        let months = kept("monthly 12", &backups, now);
        assert_eq!(months.len(), 12);
        assert_eq!(months[0], at(2026, 2, 28, 23, 30));
        let all = kept("hourly 24, daily 30, monthly 12", &backups, now);
        assert_eq!(
            all.len(),
            24 + 28 + 10,
            "shared by the rules: two days and two months"
        );
        assert_eq!(kept("hourly 0", &backups, now), [end], "the newest always stays");
    }

    #[test]
    fn what_was_the_newest_within_the_last_day_stays() {
        let now = at(2026, 6, 10, 12, 0);
        let backups = [
            at(2026, 6, 1, 3, 0),
            at(2026, 6, 9, 11, 0),
            at(2026, 6, 10, 11, 0),
            now,
        ];
        // The first was superseded more than a day ago, the second an hour ago.
        assert_eq!(kept("hourly 1", &backups, now), backups[1..]);
    }

    #[test]
    fn a_clock_that_was_set_back_removes_nothing_new() {
        let backups = [
            at(2026, 6, 10, 11, 0),
            at(2026, 6, 10, 12, 0),
            at(2026, 6, 10, 13, 0),
        ];
        assert_eq!(kept("hourly 1", &backups, at(2020, 1, 1, 0, 0)), backups);
    }

    #[test]
    fn a_rule_reads_back_and_nonsense_is_none() {
        let keep = Keep::default();
        assert_eq!(keep.to_string().parse(), Ok(keep));
        for bad in ["", "hourly", "hourly x", "weekly 3", "hourly 24 daily 3"] {
            assert_eq!(bad.parse::<Keep>(), Err(KeepError), "{bad}");
        }
    }
}
