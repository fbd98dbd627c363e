//! The figures of the year: counted by the server, or, until it first was asked, by what is on this device.

use lianxin_shared::id::Moment;
use serde::{Deserialize, Serialize};

use crate::book::Book;

/// What was done in a year, as `GET /api/year` tells it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Figures {
    /// The year.
    pub(super) year: i64,
    /// When they were counted; nothing where this device counted for itself.
    pub(super) counted_at: Option<Moment>,
    figures: Vec<Figure>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Figure {
    subject: String,
    figure: String,
    amount: i64,
}

impl Figures {
    /// The figures of the records on this device that took place from a moment on.
    pub(super) fn of_book(book: &Book, year: i64, from: Moment) -> Self {
        let records = book.records().iter().filter(|record| record.when >= from);
        let credits = records.flat_map(|record| &record.credits);
        let figures = credits.map(|counted| Figure {
            subject: counted.subject.clone(),
            figure: counted.figure.clone(),
            amount: counted.amount,
        });
        Self {
            year,
            counted_at: None,
            figures: figures.collect(),
        }
    }

    /// How much of a figure there is for somebody who is known by these names.
    pub(super) fn amount(&self, figure: &str, subjects: &[String]) -> i64 {
        let counted = self
            .figures
            .iter()
            .filter(|counted| counted.figure == figure && subjects.contains(&counted.subject));
        counted.map(|counted| counted.amount).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answer_of_the_server_is_read_and_summed() {
        let answer = r#"{"year":2026,"counted_at":1790000000000,"figures":[
            {"subject":"user:member1","figure":"visit","amount":3,"records":2,"last":1},
            {"subject":"person:x","figure":"visit","amount":4,"records":1,"last":1},
            {"subject":"user:member1","figure":"proposal","amount":1,"records":1,"last":1}]}"#;
        let figures: Figures = serde_json::from_str(answer).unwrap();
        let me = ["user:member1".to_owned(), "person:x".to_owned()];
        assert_eq!(figures.amount("visit", &me), 7);
        assert_eq!(figures.amount("visit", &me[..1]), 3);
        assert_eq!(figures.amount("research", &me), 0);
    }
}
