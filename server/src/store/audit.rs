//! What those who administer did: a list that is only ever added to.

use lianxin_shared::id::{Moment, UserId};

macro_rules! deeds {
    ($($(#[$doc:meta])* $name:ident = $text:literal;)*) => {
        /// What was done. The label's message is `deed-NAME`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Deed { $($(#[$doc])* $name,)* }

        impl Deed {
            /// Every deed.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// Its name.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }
        }
    };
}

deeds! {
    /// A document was removed for good.
    Erased = "erased";
    /// An account was added.
    AccountAdded = "account-added";
    /// An account was changed.
    AccountChanged = "account-changed";
    /// What was opened on an account's devices was withdrawn: their vaults are to be destroyed.
    DevicesWithdrawn = "devices-withdrawn";
    /// One of an account's devices was withdrawn, by an administrator or by whose it is.
    DeviceWithdrawn = "device-withdrawn";
    /// A code was given by which a device is taken in.
    CodeGiven = "code-given";
    /// An account got another password.
    PasswordSet = "password-set";
    /// An account asks for a code besides its password.
    SecondSet = "second-set";
    /// It does not any more.
    SecondRemoved = "second-removed";
    /// A session of somebody else's was ended.
    SessionEnded = "session-ended";
    /// Something that was refused was accepted after all.
    PushReleased = "push-released";
    /// Something that was refused was forgotten for good.
    PushForgotten = "push-forgotten";
}

/// What somebody did, when, and why. It holds nothing of what was removed or changed: no words of a record, no password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Act {
    /// When.
    pub at: Moment,
    /// Who.
    pub by: UserId,
    /// What.
    pub deed: Deed,
    /// About which document (its id) or account (its name at sign-in).
    pub about: String,
    /// The document's kind; none for an account, and for what was refused, of which it may not be known.
    pub kind: Option<String>,
    /// Why, or what exactly.
    pub words: String,
}

/// Some acts, the latest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Acts {
    /// The acts.
    pub acts: Vec<Act>,
    /// The number of the last of them, if there are earlier ones: the next page comes before it.
    pub next: Option<u64>,
}
