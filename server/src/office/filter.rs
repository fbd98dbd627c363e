//! The filters of a list, as they stand in an address.

use lianxin_shared::id::{DocId, Moment, UserId};
use lianxin_shared::records::{Columns, REGISTERS};
use lianxin_shared::rules::Subject;
use lianxin_shared::search;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::clock::{self, now};
use crate::problem::Problem;
use crate::store::{CreditFilter, Filter, Mark, Order};

/// The longest search, in characters.
const MAX_SEARCH: usize = 100;
/// After how many days without a step an open record counts as stalled.
pub(super) const STALLED_DAYS: i64 = 30;
/// A day in milliseconds.
pub(crate) const DAY_MS: i64 = 24 * 60 * 60 * 1000;
const MINUTE_MS: i64 = 60_000;
/// The name for nobody, which no user has.
const NOBODY: &str = "-";

/// The parameters of a list. What is empty does not filter.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
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
    /// Whom it is assigned to; `-` for what is assigned to nobody.
    handler: String,
    /// Who assigned it.
    assigner: String,
    /// Who started it.
    owner: String,
    /// `open`, `closed`, `overdue`, `undated` (open and due by no day), `stalled` (open and without a step for
    /// [`STALLED_DAYS`]), `general` (answered in general words) or `wanting` (found wanting at least once).
    care: String,
    /// One figure: the records that count for it, of `subject`.
    figure: String,
    /// Whose figure: `user:U`, `person:ID`, `group:ID` or `station:ID`; several with commas between them.
    subject: String,
    /// Words to look for.
    q: String,
    /// `received` (the latest first), `words` (the best hits first) or `due` (what is due first). Without it, the best hits
    /// of a search first, and the latest of everything else.
    order: String,
    /// The `next` of the page before.
    after: String,
    /// How many at most, up to 500.
    limit: Option<u32>,
}

impl Parameters {
    /// What to look for.
    pub(crate) fn filter(&self) -> Result<Filter, Problem> {
        let mut filter = Filter {
            kinds: self.kinds()?,
            station: parsed(&self.station)?,
            state: (!self.state.is_empty()).then(|| self.state.clone()),
            theme: parsed::<DocId>(&self.theme)?,
            from: moment(&self.from, 0)?,
            before: moment(&self.to, DAY_MS)?,
            handler: self.handler()?,
            unassigned: self.handler == NOBODY,
            assigner: parsed(&self.assigner)?,
            owner: parsed(&self.owner)?,
            tokens: search::wanted(&self.q.chars().take(MAX_SEARCH).collect::<String>()),
            credit: self.credit()?,
            order: self.order()?,
            ..Filter::default()
        };
        self.take_care(&mut filter, minute(now()))?;
        Ok(filter)
    }

    /// Whether nothing is asked for but what is assigned to this user.
    pub(super) fn is_handled_by(&self, user: &UserId) -> bool {
        self.handler == user.as_str()
    }

    fn handler(&self) -> Result<Option<UserId>, Problem> {
        if self.handler == NOBODY {
            Ok(None)
        } else {
            parsed(&self.handler)
        }
    }

    fn order(&self) -> Result<Order, Problem> {
        match self.order.as_str() {
            "" if self.q.is_empty() => Ok(Order::Received),
            "received" => Ok(Order::Received),
            "" | "words" => Ok(Order::Words),
            "due" => Ok(Order::Due),
            _ => Err(Problem::RequestInvalid),
        }
    }

    fn take_care(&self, filter: &mut Filter, now: Moment) -> Result<(), Problem> {
        match self.care.as_str() {
            "" => {}
            "open" => filter.open = Some(true),
            "closed" => filter.open = Some(false),
            "overdue" => filter.overdue = Some(now),
            "undated" => filter.undated = true,
            "stalled" => filter.stalled = Some(stalled(now)),
            "general" => filter.general = true,
            "wanting" => filter.wanting = true,
            _ => return Err(Problem::RequestInvalid),
        }
        Ok(())
    }

    fn credit(&self) -> Result<Option<CreditFilter>, Problem> {
        if self.figure.is_empty() {
            return Ok(None);
        }
        let subjects = self.subject.split(',').map(|text| {
            let subject: Subject = text.parse().map_err(|_| Problem::RequestInvalid)?;
            Ok(subject.to_string())
        });
        Ok(Some(CreditFilter {
            subjects: subjects.collect::<Result<_, Problem>>()?,
            figure: self.figure.clone(),
        }))
    }

    /// The words that are looked for.
    pub(super) fn words(&self) -> &str {
        &self.q
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

/// The beginning of a minute: lateness goes by whole ones, so that within one the same question is the same.
pub(super) fn minute(at: Moment) -> Moment {
    Moment(at.0 - at.0.rem_euclid(MINUTE_MS))
}

/// What stands still since before then is stalled.
pub(super) fn stalled(now: Moment) -> Moment {
    Moment(now.0 - STALLED_DAYS * DAY_MS)
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
    Ok(Some(Moment(beginning(day)?.0 + end)))
}

/// When a day begins in the district's time.
pub(super) fn beginning(day: jiff::civil::Date) -> Result<Moment, Problem> {
    clock::moment(day.to_datetime(jiff::civil::Time::midnight())).ok_or(Problem::RequestInvalid)
}
