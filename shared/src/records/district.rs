//! What holds for the whole district. The office keeps one record of it; of several in use, the one begun last counts.

use super::reference::{IN_USE, retire_and_restore};
use super::register::WORK;
use super::{Audience, Columns, Field, Lifecycle, Part, Register, Shape, Values};

const OFFICE: &[Part] = &[Part::Clerk, Part::Admin];

/// After how many days without a record a member is called quiet, where the office says nothing else.
const QUIET_DAYS: i64 = 90;

/// The register of what holds for the district.
pub(super) static DISTRICT: Register = Register {
    kind: "district",
    fields: &[Field::required("quiet_days", Shape::Count { max: 3_650 }, OFFICE)],
    title: "quiet_days",
    lifecycle: Lifecycle {
        steps: &retire_and_restore(OFFICE),
        ..IN_USE
    },
    create: OFFICE,
    audience: &[Audience::District],
    columns: Columns::Reference,
    ..WORK
};

/// After how many days without a record a member is called quiet, by the district's record: at least 1.
pub fn quiet_days(district: Option<&Values>) -> i64 {
    let said = district.and_then(|values| values.get("quiet_days")?.number());
    said.unwrap_or(QUIET_DAYS).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::records::Value;

    #[test]
    fn the_office_says_when_somebody_is_quiet_and_never_less_than_a_day() {
        let said = |days: i64| Values::from([("quiet_days".to_owned(), Value::Number(days))]);
        assert_eq!(quiet_days(None), QUIET_DAYS);
        assert_eq!(quiet_days(Some(&said(30))), 30);
        assert_eq!(quiet_days(Some(&said(0))), 1);
    }
}
