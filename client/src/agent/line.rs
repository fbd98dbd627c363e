//! What is known of the line.

use std::collections::BTreeSet;
use std::rc::Rc;

use lianxin_shared::id::{DocId, Moment};
use lianxin_shared::sync;
use serde::{Deserialize, Serialize};
use yew::prelude::*;

/// How the line is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Line {
    /// Not tried yet.
    #[default]
    Unknown,
    /// The last exchange went through.
    On,
    /// The last exchange did not.
    Off,
    /// The server wants the user to sign in again.
    SignedOut,
    /// The server speaks another version: this app is to be updated.
    Outdated,
}

impl From<sync::Line> for Line {
    fn from(line: sync::Line) -> Self {
        match line {
            sync::Line::Unknown => Self::Unknown,
            sync::Line::On => Self::On,
            sync::Line::Off => Self::Off,
            sync::Line::SignedOut => Self::SignedOut,
            sync::Line::Outdated => Self::Outdated,
        }
    }
}

/// The line and what is on it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineState {
    /// How it is.
    pub line: Line,
    /// The documents that are being sent right now.
    pub on_their_way: BTreeSet<DocId>,
    /// Whether everything is being compared with the server.
    pub is_checking: bool,
    /// When an exchange last went through; nothing if none ever did.
    pub contact: Option<Moment>,
}

/// The line, as the leading window last told it.
#[hook]
pub fn use_line() -> Rc<LineState> {
    use_context::<Rc<LineState>>().unwrap_or_default()
}
