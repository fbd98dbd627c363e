//! Stands in until the catalogues are there.

/// A language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Lang {
    /// Chinese.
    Zh,
    /// English.
    En,
}

/// The texts of a language.
pub struct Texts(Lang);

/// What is put into a message.
pub enum Arg {
    /// A number.
    Number(i64),
    /// Words.
    Text(String),
}

impl From<i64> for Arg {
    fn from(n: i64) -> Self {
        Self::Number(n)
    }
}
impl From<i32> for Arg {
    fn from(n: i32) -> Self {
        Self::Number(n.into())
    }
}
impl From<&str> for Arg {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}
impl From<String> for Arg {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl Texts {
    /// The texts of a language.
    pub fn of(lang: Lang) -> Self {
        Self(lang)
    }
    /// The language.
    pub fn lang(&self) -> Lang {
        self.0
    }
    /// A message.
    pub fn get(&self, key: &str) -> String {
        key.to_owned()
    }
    /// A message with arguments.
    pub fn with(&self, key: &str, _: &[(&str, Arg)]) -> String {
        key.to_owned()
    }
}
