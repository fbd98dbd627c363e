//! The ledger of rectification: a matter with its numbered measures. They stand in one cell, each on a line with its number,
//! or in the rows below, which have the matter's title again or none.

use std::collections::{BTreeMap, HashMap};

use lianxin_shared::id::DocId;
use lianxin_shared::records::{Register, Value, Values, register};
use lianxin_shared::rules::{Completeness, Principal, validate};

use super::Plan;
use super::column::{columns, require};
use super::deadline::is_for_a_plan;
use super::fault::Why;
use super::known::Known;
use super::list::written;
use super::workbook::Sheet;
use super::write::New;

/// The column of the measures.
const MEASURES: &str = "measures";

/// What columns of a ledger are called beside the fields' labels.
const CALLED: &[(&str, &str)] = &[
    (MEASURES, "整改措施"),
    (MEASURES, "measure"),
    (MEASURES, "measures"),
    ("subject", "title"),
    ("subject", "标题"),
    ("subject", "名称"),
    ("leaders", "lead_leaders"),
    ("departments", "lead_departments"),
    ("departments", "牵头部门"),
    ("deadline", "due_text"),
    ("deadline_of", "kind of deadline"),
    ("part", "类别"),
];

/// One matter.
struct Matter {
    row: u32,
    values: BTreeMap<&'static str, Value>,
    measures: Vec<(u32, String)>,
}

/// What the rows come to.
pub(super) fn plan(sheet: &Sheet, known: &Known, by: &Principal) -> Plan {
    let mut plan = Plan::default();
    let (Some(ledger), Some(measure)) = (register("rectification"), register("measure")) else {
        return plan;
    };
    let columns = columns(sheet, ledger, CALLED, &mut plan.faults);
    require(ledger, &columns, &["deadline_of"], &mut plan.faults);
    let matters = matters(sheet, ledger, &columns, known, &mut plan);
    for (matter, rank) in matters.into_iter().zip(1..) {
        let id = take(&matter, rank, sheet, ledger, &columns, known, by, &mut plan);
        let heading = heading(sheet, &columns, MEASURES);
        for ((row, body), rank) in matter.measures.iter().zip(1..) {
            let task = id.map(|id| id.to_string());
            let is_there = |task: &str| {
                known.all("measure").any(|one| {
                    let text = |field: &str| one.row.values.get(field).and_then(Value::text);
                    text("task") == Some(task) && text("body") == Some(body)
                })
            };
            if task.as_deref().is_some_and(is_there) {
                plan.unchanged += 1;
                continue;
            }
            let mut values: Values = [
                ("rank".to_owned(), Value::Number(rank)),
                ("body".to_owned(), Value::from(body.as_str())),
            ]
            .into();
            let departments = matter.values.get("departments").cloned();
            values.extend(departments.map(|of| ("departments".to_owned(), of)));
            // What has no matter yet is looked at all the same.
            let task = task.unwrap_or_else(|| DocId([0; 16]).to_string());
            values.insert("task".to_owned(), Value::Text(task));
            for issue in validate(measure, &values, Completeness::Complete) {
                plan.faults.add(*row, heading.clone(), Why::Issue(issue.code));
            }
            if id.is_some() && !plan.faults.any_in(*row) {
                match New::record(measure, values, &["open"], by) {
                    Ok(new) => plan.new.push(new),
                    Err(refusal) => plan.faults.add(*row, heading.clone(), Why::Refused(refusal)),
                }
            }
        }
    }
    plan
}

/// The matters with their measures, in the order of the sheet.
fn matters(
    sheet: &Sheet,
    ledger: &'static Register,
    columns: &BTreeMap<&'static str, u32>,
    known: &Known,
    plan: &mut Plan,
) -> Vec<Matter> {
    let mut matters: Vec<Matter> = Vec::new();
    let mut by_title: HashMap<String, usize> = HashMap::new();
    for row in &sheet.rows {
        let mut values = written(sheet, row, ledger, columns, known, &mut plan.faults);
        let deadline = columns.get("deadline").and_then(|column| row.cells.get(column));
        if let Some(raw) = deadline.filter(|_| !values.contains_key("deadline_of")) {
            let of = if is_for_a_plan(raw) { "plan" } else { "work" };
            values.insert("deadline_of", Value::from(of));
        }
        let cell = columns.get(MEASURES).and_then(|column| row.cells.get(column));
        let measures = cell.and_then(super::workbook::Raw::words);
        let measures = measures.iter().flat_map(|text| split(text));
        let measures: Vec<_> = measures.map(|body| (row.number, body)).collect();
        let title = values.get("subject").and_then(Value::text).map(str::to_owned);
        let place = match &title {
            Some(title) => by_title.get(title).copied(),
            None => matters.len().checked_sub(1),
        };
        match (place.and_then(|place| matters.get_mut(place)), title) {
            (Some(matter), _) => {
                for (field, value) in values {
                    if matter.values.get(field).is_some_and(|there| *there != value) {
                        plan.faults
                            .add(row.number, heading(sheet, columns, field), Why::Contradicts);
                    }
                    matter.values.entry(field).or_insert(value);
                }
                matter.measures.extend(measures);
            }
            (None, Some(title)) => {
                by_title.insert(title, matters.len());
                let row = row.number;
                matters.push(Matter {
                    row,
                    values,
                    measures,
                });
            }
            (None, None) => plan
                .faults
                .add(row.number, heading(sheet, columns, "subject"), Why::Stray),
        }
    }
    matters
}

/// The id of a matter's record: of the one that is there, or of a new one; nothing if it will not do.
#[expect(
    clippy::too_many_arguments,
    reason = "one step of the plan, cut out to be read"
)]
fn take(
    matter: &Matter,
    rank: i64,
    sheet: &Sheet,
    ledger: &'static Register,
    columns: &BTreeMap<&'static str, u32>,
    known: &Known,
    by: &Principal,
    plan: &mut Plan,
) -> Option<DocId> {
    let title = matter
        .values
        .get("subject")
        .and_then(Value::text)
        .unwrap_or_default();
    let at = heading(sheet, columns, "subject");
    match known.named(ledger.kind, title) {
        [] => {
            let fields = matter.values.iter();
            let mut values: Values = fields
                .map(|(field, value)| ((*field).to_owned(), value.clone()))
                .collect();
            values.entry("rank".to_owned()).or_insert(Value::Number(rank));
            let issues = validate(ledger, &values, Completeness::Complete);
            plan.faults.issues(matter.row, issues, sheet, columns);
            if plan.faults.any_in(matter.row) {
                return None;
            }
            match New::record(ledger, values, &["open"], by) {
                Ok(new) => {
                    let id = new.id();
                    plan.new.push(new);
                    Some(id)
                }
                Err(refusal) => {
                    plan.faults.add(matter.row, at, Why::Refused(refusal));
                    None
                }
            }
        }
        [there] => {
            plan.unchanged += 1;
            for field in known.differences(&matter.values, &there.row.values) {
                plan.faults
                    .add(matter.row, heading(sheet, columns, field), Why::Differs);
            }
            Some(there.doc)
        }
        _ => {
            plan.faults.add(matter.row, at, Why::Ambiguous);
            None
        }
    }
}

fn heading(sheet: &Sheet, columns: &BTreeMap<&'static str, u32>, key: &str) -> String {
    let heading = columns.get(key).and_then(|column| sheet.headings.get(column));
    heading.map_or_else(|| key.to_owned(), Clone::clone)
}

/// The measures in a cell: each begins on a line with a number; lines without one go on with the measure above. Where no line
/// has a number, all of it is one.
fn split(text: &str) -> Vec<String> {
    let mut measures: Vec<String> = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        match (numbered(line), measures.last_mut()) {
            (Some(body), _) => measures.push(body.to_owned()),
            (None, Some(measure)) => {
                measure.push('\n');
                measure.push_str(line);
            }
            (None, None) => measures.push(line.to_owned()),
        }
    }
    measures
}

/// What follows a number as `1.`, `1、`, `（一）` or `一、`; nothing where there is none.
fn numbered(line: &str) -> Option<&str> {
    let is_digit = |c: char| c.is_ascii_digit() || "一二三四五六七八九十".contains(c);
    let open = line.strip_prefix(['(', '（']);
    let digits = open.unwrap_or(line);
    let rest = digits.trim_start_matches(is_digit);
    if rest.len() == digits.len() {
        return None;
    }
    let ends: &[char] = if open.is_some() {
        &[')', '）']
    } else {
        &['.', '、', '．', ')', '）']
    };
    let body = rest.strip_prefix(ends)?.trim_start();
    // `1.5 …` is no number of a measure.
    (!body.is_empty() && !body.starts_with(|c: char| c.is_ascii_digit())).then_some(body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn measures_are_told_by_their_numbers() {
        let check = |text: &str, expected: &[&str]| assert_eq!(split(text), expected, "{text}");
        check("1. 甲\n2、乙\n续\n（三）丙", &["甲", "乙\n续", "丙"]);
        check("一、甲\n二、乙", &["甲", "乙"]);
        check("抓培训\n抓落实", &["抓培训\n抓落实"]);
        check("1.5 公里", &["1.5 公里"]);
        check("一是甲", &["一是甲"]);
    }
}
