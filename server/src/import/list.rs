//! A list of people or stations: one row, one record.

use std::collections::{BTreeMap, HashSet};

use lianxin_shared::records::{Register, Value, Values, register};
use lianxin_shared::rules::{Completeness, Principal, validate};

use super::Plan;
use super::column::{columns, require, value};
use super::fault::{Faults, Why};
use super::known::Known;
use super::workbook::{Row, Sheet};
use super::write::New;

/// What the rows come to.
pub(super) fn plan(sheet: &Sheet, kind: &str, known: &Known, by: &Principal) -> Plan {
    let mut plan = Plan::default();
    let Some(register) = register(kind) else {
        return plan;
    };
    let columns = columns(sheet, register, &[], &mut plan.faults);
    require(register, &columns, &[], &mut plan.faults);
    let mut names = HashSet::new();
    for row in &sheet.rows {
        let written = written(sheet, row, register, &columns, known, &mut plan.faults);
        let name = written
            .get(register.title)
            .and_then(Value::text)
            .unwrap_or_default()
            .to_owned();
        let at = columns
            .get(register.title)
            .and_then(|column| sheet.headings.get(column));
        let at = at.map_or(register.title, String::as_str);
        if !name.is_empty() && !names.insert(name.clone()) {
            plan.faults.add(row.number, at, Why::Twice);
            continue;
        }
        match known.named(kind, &name) {
            [] => {
                let values: Values = written
                    .iter()
                    .map(|(field, value)| ((*field).to_owned(), value.clone()))
                    .collect();
                let issues = validate(register, &values, Completeness::Complete);
                plan.faults.issues(row.number, issues, sheet, &columns);
                if !plan.faults.any_in(row.number) {
                    match New::record(register, values, &[], by) {
                        Ok(new) => plan.new.push(new),
                        Err(refusal) => plan.faults.add(row.number, at, Why::Refused(refusal)),
                    }
                }
            }
            [there] => {
                plan.unchanged += 1;
                for field in known.differences(&written, &there.row.values) {
                    let heading = columns.get(field).and_then(|column| sheet.headings.get(column));
                    plan.faults
                        .add(row.number, heading.map_or(*field, String::as_str), Why::Differs);
                }
            }
            _ => plan.faults.add(row.number, at, Why::Ambiguous),
        }
    }
    plan
}

/// What a row says of the fields. A cell that says nothing of its field is a fault.
pub(super) fn written(
    sheet: &Sheet,
    row: &Row,
    register: &'static Register,
    columns: &BTreeMap<&'static str, u32>,
    known: &Known,
    faults: &mut Faults,
) -> BTreeMap<&'static str, Value> {
    let mut written = BTreeMap::new();
    for field in register.fields {
        let Some((column, raw)) = columns
            .get(field.name)
            .and_then(|column| Some((column, row.cells.get(column)?)))
        else {
            continue;
        };
        match value(register, field, raw, known) {
            Ok(value) => {
                written.insert(field.name, value);
            }
            Err(why) => {
                let heading = sheet.headings.get(column).cloned().unwrap_or_default();
                faults.add(row.number, heading, why);
            }
        }
    }
    written
}
