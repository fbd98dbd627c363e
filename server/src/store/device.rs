//! Keys by which devices sign what others carry.

use lianxin_shared::handover::DeviceKey;

use super::{Binding, TokenHash};

/// A key that somebody who was signed in has registered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registered {
    /// The key.
    pub key: DeviceKey,
    /// Whose it is, on which device.
    pub by: Binding,
    /// In which session it was last registered. Where that is ended by anybody but its own device, the key is withdrawn.
    pub session: TokenHash,
    /// Whether what it signs is not to be taken any more.
    pub withdrawn: bool,
}
