//! `GET /api/waits`: how long residents waited for the first answer to what they said in a year, by theme.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::{Query, State};
use lianxin_shared::id::{DocId, Moment};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::filter::DAY_MS;
use super::year::bounds;
use crate::app::App;
use crate::clock::{now, year_of};
use crate::problem::Problem;
use crate::store::{Filter, Store, StoreError};

/// What residents say.
const KIND: &str = "suggestion";

/// Which year.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct Parameters {
    /// The year; without it, the present one in UTC+8.
    year: Option<i16>,
}

/// How long answers to the suggestions of a year were waited for.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Waits {
    year: i16,
    /// By theme; what has none last.
    themes: Vec<OfTheme>,
    together: Waited,
}

/// Of one theme.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct OfTheme {
    /// The theme's document id; null for what has none.
    #[schema(value_type = Option<String>)]
    pub(crate) theme: Option<DocId>,
    #[serde(flatten)]
    pub(crate) waited: Waited,
}

/// How many there are, and how long the answered ones waited.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Waited {
    pub(crate) count: u64,
    /// How many of them were answered.
    pub(crate) answered: u64,
    /// How long half of the answered ones waited at most, in tenths of days; null where none was answered.
    pub(crate) median: Option<i64>,
}

/// How long answers were waited for.
pub async fn waits(
    State(app): State<App>,
    Query(parameters): Query<Parameters>,
) -> Result<Json<Waits>, Problem> {
    let year = parameters.year.unwrap_or_else(|| year_of(now()));
    let (from, before) = bounds(year)?;
    let store = &*app.store;
    let counting = async {
        let (themes, together) = counted(store, from, before).await?;
        Ok(Waits {
            year,
            themes,
            together,
        })
    };
    let waits = app.waits.get(store, year, counting).await?;
    Ok(Json(Waits::clone(&waits)))
}

/// The same of any time: by theme, and together.
pub(crate) async fn counted(
    store: &dyn Store,
    from: Moment,
    before: Moment,
) -> Result<(Vec<OfTheme>, Waited), StoreError> {
    let counts = store
        .counts(Filter {
            kinds: vec![KIND.to_owned()],
            from: Some(from),
            before: Some(before),
            ..Filter::default()
        })
        .await?;
    let mut by_theme: BTreeMap<Option<DocId>, Vec<i64>> = BTreeMap::new();
    for wait in store.waits(KIND, from, before).await? {
        by_theme.entry(wait.theme).or_default().push(wait.ms);
    }
    let together = by_theme.values().flatten().copied().collect();
    let with_theme = counts.by_theme.values().sum();
    let without = (None, counts.total.saturating_sub(with_theme));
    let named = counts
        .by_theme
        .into_iter()
        .map(|(theme, count)| (Some(theme), count));
    let themes = named
        .chain([without].into_iter().filter(|(_, count)| *count > 0))
        .map(|(theme, count)| OfTheme {
            theme,
            waited: Waited::of(count, by_theme.remove(&theme).unwrap_or_default()),
        });
    Ok((themes.collect(), Waited::of(counts.total, together)))
}

impl Waited {
    fn of(count: u64, mut waits: Vec<i64>) -> Self {
        waits.sort_unstable();
        Self {
            count,
            answered: waits.len() as u64,
            median: median(&waits).map(|ms| ms.saturating_mul(10) / DAY_MS),
        }
    }
}

/// The middle one of sorted values, or the lower of the two in the middle.
fn median(sorted: &[i64]) -> Option<i64> {
    sorted.get(sorted.len().checked_sub(1)? / 2).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_waited_no_longer_than_the_median() {
        let median = |days: &[i64]| Waited::of(9, days.iter().map(|day| day * DAY_MS).collect()).median;
        assert_eq!(median(&[]), None);
        assert_eq!(median(&[3]), Some(30));
        assert_eq!(median(&[3, 1, 2]), Some(20));
        assert_eq!(median(&[4, 1, 2, 3]), Some(20));
    }
}
