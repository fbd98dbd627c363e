//! What the catalogues call the things that registers declare.

use lianxin_shared::records::{Field, Register};
use lianxin_shared::rules::IssueCode;

use crate::i18n::Words;

/// A register's name.
pub fn kind(t: &Words, kind: &str) -> String {
    t.get(&format!("kind-{kind}"))
}

/// A field's name.
pub fn field(t: &Words, register: &Register, name: &str) -> String {
    t.get(&format!("field-{}-{name}", register.kind))
}

/// What a field asks for, in a line; most fields speak for themselves.
pub fn hint(t: &Words, register: &Register, field: &Field) -> Option<String> {
    let key = format!("field-{}-{}-hint", register.kind, field.name);
    t.has(&key).then(|| t.get(&key))
}

/// One of a field's choices.
pub fn choice(t: &Words, register: &Register, field: &Field, key: &str) -> String {
    t.get(&format!("choice-{}-{}-{key}", register.kind, field.name))
}

/// A state.
pub fn state(t: &Words, kind: &str, state: &str) -> String {
    t.get(&format!("state-{kind}-{state}"))
}

/// A step.
pub fn act(t: &Words, kind: &str, act: &str) -> String {
    t.get(&format!("act-{kind}-{act}"))
}

/// A judgement's name.
pub fn judgement(t: &Words, kind: &str, name: &str) -> String {
    t.get(&format!("choice-{kind}-{name}"))
}

/// What a judgement can be.
pub fn mark(t: &Words, kind: &str, name: &str, key: &str) -> String {
    t.get(&format!("choice-{kind}-{name}-{key}"))
}

/// What is wrong with a field.
pub fn issue(t: &Words, code: IssueCode) -> String {
    let key = format!("issue-{}", code.as_str());
    match code {
        IssueCode::TooLong { max } => t.with(&key, &[("max", max.into())]),
        _ => t.get(&key),
    }
}
