//! Passwords, by Argon2id with the crate's recommended parameters. Hashing takes tens of milliseconds and megabytes on
//! purpose: never on the threads that serve the lines.

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use lianxin_shared::hex;
use tokio::sync::Semaphore;

/// How many are hashed at once. Each takes 19 MiB; a crowd that signs in waits a little instead of taking all memory.
static ROOM: Semaphore = Semaphore::const_new(4);

/// How many more may wait for that. Beyond, whoever signs in is told to come again instead of being answered when they have
/// given up.
static QUEUE: Semaphore = Semaphore::const_new(64);

/// Why a password could not be hashed.
#[derive(Debug, thiserror::Error)]
#[error("the password could not be hashed: {0}")]
pub struct PasswordError(String);

/// The hash of a password in PHC form.
pub async fn hash(password: String) -> Result<String, PasswordError> {
    let hash = move || {
        let hash = Argon2::default().hash_password(password.as_bytes())?;
        Ok(hash.to_string())
    };
    let hashed: Result<_, argon2::password_hash::Error> = apart(hash)
        .await
        .ok_or_else(|| PasswordError("it was given up".to_owned()))?;
    hashed.map_err(|e| PasswordError(e.to_string()))
}

/// How many guesses a password has to stand. Ten a minute are answered on one account, from wherever they come
/// ([`crate::limits`]): these take two months and more, and a stolen hash is guessed a few times a second.
const GUESSES: u64 = 1_000_000;

/// Whether a password is too easily guessed: common ones, walks over the keyboard, repetitions, dates, words, and what is
/// known of its owner, by zxcvbn's estimate (Wheeler, USENIX Security 2016).
pub fn is_weak(password: &str, owner: &[&str]) -> bool {
    zxcvbn::zxcvbn(password, owner).guesses() < GUESSES
}

/// A password of 96 random bits, to be told once.
pub fn made_up() -> Result<String, getrandom::Error> {
    let mut bytes = [0; 12];
    getrandom::fill(&mut bytes)?;
    Ok(hex::written(&bytes))
}

/// Whether a password is the hashed one. Without a hash it takes as long and says no, so that nobody can tell from the time
/// whether there is such an account. Nothing where too many wait for an answer.
pub(super) async fn verify(password: String, hashed: Option<String>) -> Option<bool> {
    let _waiting = QUEUE.try_acquire().ok()?;
    let verified = apart(move || match hashed {
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
    Some(verified.await.unwrap_or(false))
}

/// Does it on another thread, when there is room.
async fn apart<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    let _room = ROOM.acquire().await.ok()?;
    tokio::task::spawn_blocking(work).await.ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_everybody_tries_first_is_weak() {
        let owner = ["host1", "王大明"];
        for weak in [
            "password",
            "12345678",
            "qwertyui",
            "1qaz2wsx",
            "aaaaaaaa",
            "19900101",
            "host1host1",
            "Passw0rd",
            "iloveyou",
            "王大明王大明",
            "88888888",
            "abcd1234",
        ] {
            assert!(is_weak(weak, &owner), "{weak}");
        }
        for strong in [
            "correct horse",
            "tea-at-the-lake",
            "wo ai he cha 7",
            "桥下的灯还亮着吗",
        ] {
            assert!(!is_weak(strong, &owner), "{strong}");
        }
        assert!(!is_weak(&made_up().unwrap(), &owner));
    }
}
