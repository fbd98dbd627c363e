//! Why a change was not taken.

use std::fmt;

use minicbor::{Decode, Encode};

macro_rules! codes {
    ($($(#[$doc:meta])* $number:literal $name:ident = $text:literal;)*) => {
        /// A stable code; the words are the message `refusal-CODE`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
        #[cbor(index_only)]
        pub enum RefusalCode { $($(#[$doc])* #[n($number)] $name,)* }

        impl RefusalCode {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The code as text.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }
        }
    };
}

codes! {
    /// The document's bytes cannot be read.
    0 Corrupt = "corrupt";
    /// A change builds on one that the server does not have. The device sends the whole document.
    1 DependencyMissing = "dependency-missing";
    /// A change is somebody else's, or its actor is.
    2 ActorForeign = "actor-foreign";
    /// The document is too large, or has too many changes or operations.
    3 TooLarge = "too-large";
    /// There is no such register.
    4 KindUnknown = "kind-unknown";
    /// Something of the envelope is wrong or was changed.
    5 EnvelopeWrong = "envelope-wrong";
    /// The user may not start such a record there.
    6 CreateForbidden = "create-forbidden";
    /// The user may not read, and so not change, the record.
    7 ReadForbidden = "read-forbidden";
    /// The user may not change this field.
    8 FieldForbidden = "field-forbidden";
    /// The record stands where its words are no longer changed.
    9 FieldClosed = "field-closed";
    /// A field's value breaks its bounds.
    10 FieldInvalid = "field-invalid";
    /// A field that this version does not know was written.
    11 FieldUnknown = "field-unknown";
    /// The timeline was rewritten instead of appended to.
    12 TimelineRewritten = "timeline-rewritten";
    /// A step was taken in somebody else's name.
    13 StepForged = "step-forged";
    /// The user may not take this step.
    14 StepForbidden = "step-forbidden";
    /// The step asks for words or for what it points to.
    15 StepIncomplete = "step-incomplete";
    /// A field must be filled before the step.
    16 StepNeeds = "step-needs";
    /// The record was removed for good.
    17 Erased = "erased";
    /// The user may not change what hangs on the record.
    18 AttachmentForbidden = "attachment-forbidden";
    /// More hangs on the record than it takes, or something that breaks the bounds.
    19 AttachmentInvalid = "attachment-invalid";
}

/// A change was not taken: why, and about which field or step.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Refusal {
    /// The code.
    #[n(0)]
    pub code: RefusalCode,
    /// The field or step concerned.
    #[n(1)]
    pub about: Option<String>,
}

impl Refusal {
    /// A refusal about nothing in particular.
    pub const fn new(code: RefusalCode) -> Self {
        Self { code, about: None }
    }

    /// A refusal about a field or step.
    pub fn about(code: RefusalCode, about: &str) -> Self {
        Self {
            code,
            about: Some(about.to_owned()),
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code.as_str())?;
        self.about
            .as_ref()
            .map_or(Ok(()), |about| write!(f, " ({about})"))
    }
}

impl std::error::Error for Refusal {}
