//! What a field holds.

use std::collections::BTreeMap;
use std::fmt;

use minicbor::{Decode, Encode};
use serde::de::{Error, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

/// The value of one field. What is empty is absent: see [`Value::is_empty`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Encode, Decode)]
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

/// By hand: derived, each text is tried as what it is not first, and every such failure writes the whole text into its message.
impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a flag, a whole number, a text or a list of texts")
    }

    fn visit_bool<E: Error>(self, flag: bool) -> Result<Value, E> {
        Ok(Value::Flag(flag))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Value, E> {
        Ok(Value::Number(number))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Value, E> {
        i64::try_from(number).map(Value::Number).map_err(E::custom)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Value, E> {
        Ok(Value::Text(text.to_owned()))
    }

    fn visit_string<E: Error>(self, text: String) -> Result<Value, E> {
        Ok(Value::Text(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(entry) = seq.next_element()? {
            list.push(entry);
        }
        Ok(Value::List(list))
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_comes_back_from_json() {
        for value in [
            Value::Flag(true),
            Value::Number(-7),
            Value::Number(i64::MAX),
            Value::from("三号楼的电梯"),
            Value::List(vec!["委员甲".to_owned(), String::new()]),
            Value::List(Vec::new()),
        ] {
            let text = serde_json::to_string(&value).unwrap();
            assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value, "{text}");
        }
        for wrong in ["null", "1.5", "18446744073709551615", "{}", "[1]"] {
            assert!(serde_json::from_str::<Value>(wrong).is_err(), "{wrong}");
        }
    }
}
