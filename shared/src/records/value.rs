//! What a field holds.

use std::collections::BTreeMap;

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

/// The value of one field. What is empty is absent: see [`Value::is_empty`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
#[serde(untagged)]
pub enum Value {
    /// Yes or no.
    #[n(0)]
    Flag(#[n(0)] bool),
    /// A number or a moment in milliseconds.
    #[n(1)]
    Number(#[n(0)] i64),
    /// Words, a choice's key or a record's id.
    #[n(2)]
    Text(#[n(0)] String),
    /// Several of these.
    #[n(3)]
    List(#[n(0)] Vec<String>),
}

/// The values of a record by field name.
pub type Values = BTreeMap<String, Value>;

impl Value {
    /// Whether this stands for nothing: no words, no entries, not set.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Flag(flag) => !flag,
            Self::Number(_) => false,
            Self::Text(text) => text.is_empty(),
            Self::List(list) => list.is_empty(),
        }
    }

    /// The words, if it holds words.
    pub fn text(&self) -> Option<&str> {
        if let Self::Text(text) = self {
            Some(text)
        } else {
            None
        }
    }

    /// The number, if it holds one.
    pub fn number(&self) -> Option<i64> {
        if let Self::Number(number) = self {
            Some(*number)
        } else {
            None
        }
    }

    /// The entries; none if it holds something else.
    pub fn list(&self) -> &[String] {
        if let Self::List(list) = self { list } else { &[] }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}
