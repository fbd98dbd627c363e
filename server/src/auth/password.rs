//! Passwords, by Argon2id with the crate's recommended parameters. Hashing takes tens of milliseconds and megabytes on
//! purpose: never on the threads that serve the lines.

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};

/// Why a password could not be hashed.
#[derive(Debug, thiserror::Error)]
#[error("the password could not be hashed: {0}")]
pub struct PasswordError(String);

/// The hash of a password in PHC form.
pub async fn hash(password: String) -> Result<String, PasswordError> {
    let hashed = tokio::task::spawn_blocking(move || {
        Argon2::default()
            .hash_password(password.as_bytes())
            .map(|hash| hash.to_string())
    });
    hashed
        .await
        .map_err(|e| PasswordError(e.to_string()))?
        .map_err(|e| PasswordError(e.to_string()))
}

/// Whether a password is the hashed one. Without a hash it takes as long and says no, so that nobody can tell from the time
/// whether there is such an account.
pub(super) async fn verify(password: String, hashed: Option<String>) -> bool {
    let verified = tokio::task::spawn_blocking(move || match hashed {
        Some(hashed) => PasswordHash::new(&hashed).is_ok_and(|hash| {
            Argon2::default()
                .verify_password(password.as_bytes(), &hash)
                .is_ok()
        }),
        None => {
            let _ = Argon2::default().hash_password(password.as_bytes());
            false
        }
    });
    verified.await.unwrap_or(false)
}
