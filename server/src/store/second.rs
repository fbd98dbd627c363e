//! What somebody proves at sign-in besides the password.

use std::collections::BTreeSet;

/// The hash of a recovery code. The code itself is never stored.
pub type CodeHash = [u8; 32];

/// An account's second proof: codes that change with time (RFC 6238), and a few that each count once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Second {
    /// The secret that the codes follow from.
    pub secret: Vec<u8>,
    /// The last step of time whose code was used; no code of it or before is taken again.
    pub step: u64,
    /// The recovery codes that are left.
    pub recovery: BTreeSet<CodeHash>,
}

/// What is used up when somebody gets in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    /// The code of a step of time.
    Step(u64),
    /// A recovery code.
    Recovery(CodeHash),
}
