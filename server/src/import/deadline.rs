//! Deadlines as ledgers write them: a date, or words such as 2014年12月底前完成.

use jiff::civil::Date;

use super::workbook::Raw;

/// The last day that a cell names; nothing where it names none. A month's end, or a month alone, is its last day.
pub(super) fn day(raw: &Raw) -> Option<Date> {
    let text = match raw {
        Raw::Day(day) => return Some(*day),
        Raw::Text(text) => text.trim(),
        _ => return None,
    };
    let mut numbers = Vec::new();
    let mut rest = text;
    // Year, month and day, each followed by what separates them.
    for separators in [&['年', '-', '/', '.'][..], &['月', '-', '/', '.'], &['日', '号']] {
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let Ok(number) = rest[..digits].parse::<i16>() else {
            break;
        };
        numbers.push(number);
        rest = rest[digits..].trim_start();
        rest = rest.strip_prefix(separators).unwrap_or(rest).trim_start();
    }
    match numbers[..] {
        [year, month, day] => Date::new(year, small(month)?, small(day)?).ok(),
        [year, month] => Some(Date::new(year, small(month)?, 1).ok()?.last_of_month()),
        _ => None,
    }
}

/// Whether a deadline is met by a plan, that is then carried out: it says so.
pub(super) fn is_for_a_plan(raw: &Raw) -> bool {
    matches!(raw, Raw::Text(text) if ["计划", "方案"].iter().any(|word| text.contains(word)))
}

fn small(number: i16) -> Option<i8> {
    i8::try_from(number).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deadline_is_the_last_day_that_the_words_name() {
        let check = |text: &str, expected: Option<&str>| {
            let found = day(&Raw::Text(text.to_owned())).map(|day| day.to_string());
            assert_eq!(found.as_deref(), expected, "{text}");
        };
        check("2014年12月底前完成", Some("2014-12-31"));
        check("2024年2月底前", Some("2024-02-29"));
        check("2014年10月15日前完成", Some("2014-10-15"));
        check("2014-10-15", Some("2014-10-15"));
        check("2014/10/15", Some("2014-10-15"));
        check("2014.10", Some("2014-10-31"));
        for none in ["年底前", "2014年", "2014年13月", "2014年2月30日", "", "10"] {
            check(none, None);
        }
    }
}
