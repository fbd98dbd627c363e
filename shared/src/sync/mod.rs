//! The device's side of sync, without IO: events in, commands out. The browser, the simulated devices and the property
//! tests drive the same code.
//!
//! - [`Held`] is one document as a device holds it: with what the server has of it and what it refused.
//! - [`Summary`] is what lists and search need of it, so that documents are loaded only when opened.
//! - [`Batch`] is what one frame changes on the device; it is applied in one transaction.
//! - [`Machine`] decides what happens next: it takes each [`Input`] and answers with [`Output`]s; a [`Wait`] says when it
//!   comes again where it did not get through.
//! - [`Fingerprint`] stands for all that is in a channel: by it the two sides see whether they hold the same.
//! - [`Comparison`] finds what they hold differently, where they do, after a restore, or when somebody wants to be sure.

mod batch;
mod check;
mod compare;
mod exchange;
mod fingerprint;
mod held;
mod machine;
mod step;
mod summary;
mod wait;

pub use batch::{Accepted, Applied, Applying, Batch, Position};
pub use compare::{CompareError, Comparison, answer, item};
pub use fingerprint::{Fingerprint, Holdings};
pub use held::{Held, HeldError, Outgoing, Refused};
pub use machine::Machine;
pub use step::{Input, Line, Output};
pub use summary::{Counted, Named, Summary};
pub use wait::Wait;

#[cfg(test)]
mod tests;
