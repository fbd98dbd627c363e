//! What the tablet and the server must agree on, defined once.
//!
//! This crate is pure: it does no IO and owns neither clock nor randomness; times, actors and ids are
//! parameters. Read it in this order:
//!
//! 1. [`id`]: the names of things.
//! 2. [`records`]: what a register is, and the registers. A register is declared, not programmed.
//! 3. [`document`]: a record as an automerge document. The only module that knows automerge.
//! 4. [`rules`]: who may do what, and who holds what. The client asks for instant answers, the server enforces.
//! 5. [`protocol`]: the sync messages and how they travel.
//! 6. [`sync`]: the device's side of sync as a state machine without IO.
//! 7. [`search`], [`twins`], [`standing`], [`texts`]: words: finding them, suggestions that speak of the same, the state of
//!    one's work in them, both languages.
//! 8. [`handover`]: unsent work, sealed and signed, for others to carry.
//! 9. [`chart`]: figures as drawings, the same on screen and on paper.

pub mod chart;
pub mod document;
pub mod handover;
pub mod hex;
pub mod id;
pub mod protocol;
pub mod records;
pub mod rules;
pub mod search;
pub mod standing;
pub mod sync;
pub mod texts;
pub mod twins;
