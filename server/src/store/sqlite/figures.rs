//! The figures of a time: the sums of what records count for.
//!
//! What a user did and what names the person that the user is count together, each record once. Credits come in the order of
//! their records, so that this is seen record by record; SQLite would sort all of them for it.

use std::collections::{BTreeMap, HashMap};

use lianxin_shared::id::Moment;
use rusqlite::{Connection, params};

use super::codec::{count, damaged};
use crate::store::{Figure, StoreError};

/// Every figure from what took place at `from` or later and before `before`.
pub(super) fn figures(conn: &Connection, from: Moment, before: Moment) -> Result<Vec<Figure>, StoreError> {
    let mut statement = conn.prepare_cached(
        "SELECT number, subject, figure, amount, at FROM credits WHERE at >= ?1 AND at < ?2 ORDER BY at, number",
    )?;
    let mut rows = statement.query(params![from.0, before.0])?;
    let mut sums = Sums::new(people(conn)?);
    while let Some(row) = rows.next()? {
        let text = |column: &str| -> Result<&str, StoreError> {
            row.get_ref(column)?.as_str().map_err(|_| damaged(column))
        };
        let (record, at) = (row.get("number")?, Moment(row.get("at")?));
        sums.take(
            record,
            at,
            text("subject")?,
            text("figure")?,
            count(row, "amount")?,
        );
    }
    sums.end()
}

/// The people that users are, by the users as subjects.
fn people(conn: &Connection) -> Result<HashMap<String, String>, StoreError> {
    let mut statement = conn.prepare_cached("SELECT 'user:' || user, subject FROM people")?;
    let people = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(people.collect::<Result<_, _>>()?)
}

/// How much, from how many records, and when the last of them took place.
struct Sum {
    amount: u64,
    records: u64,
    last: Moment,
}

/// Sums in the making.
struct Sums {
    people: HashMap<String, String>,
    /// The record that is being counted, and when it took place.
    record: (i64, Moment),
    /// The most that it counts for, each with whose figure it is.
    most: Vec<(String, String, u64)>,
    done: BTreeMap<(String, String), Sum>,
}

impl Sums {
    fn new(people: HashMap<String, String>) -> Self {
        Self {
            people,
            record: (0, Moment(0)),
            most: Vec::new(),
            done: BTreeMap::new(),
        }
    }

    /// Takes a credit; those of one record come one after the other.
    fn take(&mut self, record: i64, at: Moment, subject: &str, figure: &str, amount: u64) {
        if record != self.record.0 {
            self.close();
            self.record = (record, at);
        }
        let subject = self.people.get(subject).map_or(subject, String::as_str);
        let known = self.most.iter_mut().find(|(s, f, _)| s == subject && f == figure);
        match known {
            Some((_, _, most)) => *most = amount.max(*most),
            None => self.most.push((subject.to_owned(), figure.to_owned(), amount)),
        }
    }

    /// Counts the record that was taken.
    fn close(&mut self) {
        let last = self.record.1;
        for (subject, figure, amount) in self.most.drain(..) {
            let sum = self.done.entry((subject, figure)).or_insert(Sum {
                amount: 0,
                records: 0,
                last,
            });
            sum.amount += amount;
            sum.records += 1;
            sum.last = sum.last.max(last);
        }
    }

    /// The figures, by whose they are.
    fn end(mut self) -> Result<Vec<Figure>, StoreError> {
        self.close();
        let figure = |((subject, figure), sum): ((String, String), Sum)| {
            Ok(Figure {
                subject: subject.parse().map_err(|_| damaged("subject"))?,
                figure,
                amount: sum.amount,
                records: sum.records,
                last: sum.last,
            })
        };
        self.done.into_iter().map(figure).collect()
    }
}
