//! What stands in a cell.

use lianxin_shared::id::Moment;

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// Words, and nothing but words: never a formula.
    Text(String),
    /// A number.
    Number(i64),
    /// A moment, shown by the district's clock.
    Moment(Moment),
}

impl Cell {
    /// Words; no words are nothing.
    pub fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        if text.is_empty() {
            Self::Empty
        } else {
            Self::Text(text)
        }
    }

    /// A moment, where there is one.
    pub fn moment(at: Option<Moment>) -> Self {
        at.map_or(Self::Empty, Self::Moment)
    }
}
