//! What went wrong, in words.

use super::opened::OpenError;
use super::push::PushError;
use crate::api::ApiError;
use crate::i18n::Words;
use crate::vault::VaultError;

/// Why the server did not answer.
pub(in crate::pages) fn of_api(t: &Words, error: &ApiError) -> String {
    match error {
        ApiError::NoLine => t.get("office-no-line"),
        ApiError::SignedOut | ApiError::Withdrawn => t.get("office-signed-out"),
        ApiError::Problem { detail, .. } if !detail.is_empty() => detail.clone(),
        ApiError::Problem { .. } | ApiError::Unreadable(_) => t.get("office-failed"),
    }
}

/// Why a record could not be opened or written.
pub(super) fn of_record(t: &Words, error: &OpenError) -> String {
    match error {
        OpenError::Api(error) | OpenError::Push(PushError::Api(error)) => of_api(t, error),
        OpenError::Gone => t.get("office-gone"),
        OpenError::MovedOn => t.get("office-moved-on"),
        OpenError::Push(PushError::Refused(refusal)) => t.get(&format!("refusal-{}", refusal.code.as_str())),
        OpenError::Vault(error) if matches!(**error, VaultError::Full) => t.get("vault-full"),
        OpenError::Vault(_) => t.get("vault-failed"),
        OpenError::Unreadable(_) | OpenError::Push(_) => t.get("office-failed"),
    }
}
