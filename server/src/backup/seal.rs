//! Encrypting and opening, with age.

use std::io::{Read as _, Write as _};
use std::path::Path;

use age::secrecy::ExposeSecret as _;
use age::x25519::{Identity, Recipient};
use age::{DecryptError, Decryptor, Encryptor, IdentityFile};

use super::BackupError;

/// For whom backups are encrypted: at least one, in a fixed order.
#[derive(Clone)]
pub struct Recipients(Vec<Recipient>);

impl Recipients {
    /// Those of these texts, each as `age1…`.
    pub fn parse(texts: &[String]) -> Result<Self, BackupError> {
        let mut texts: Vec<_> = texts.iter().map(|text| text.trim()).collect();
        texts.sort_unstable();
        texts.dedup();
        let parse = |text: &str| text.parse().map_err(|_| BackupError::Recipient(text.to_owned()));
        let recipients = texts.into_iter().map(parse).collect::<Result<Vec<_>, _>>()?;
        if recipients.is_empty() {
            return Err(BackupError::NoRecipient);
        }
        Ok(Self(recipients))
    }

    /// Their texts together.
    pub(super) fn text(&self) -> String {
        self.0.iter().map(|recipient| format!("{recipient}\n")).collect()
    }

    /// Encrypts something for all of them.
    pub(super) fn seal(&self, plain: &[u8]) -> Result<Vec<u8>, BackupError> {
        let recipients = self.0.iter().map(|recipient| recipient as &dyn age::Recipient);
        let encryptor = Encryptor::with_recipients(recipients).map_err(|_| BackupError::NoRecipient)?;
        let mut sealed = Vec::with_capacity(plain.len() + 512);
        let mut writer = encryptor.wrap_output(&mut sealed)?;
        writer.write_all(plain)?;
        writer.finish()?;
        Ok(sealed)
    }
}

/// What opens backups. It is needed for nothing else, and does not belong on the server.
pub struct Identities(Vec<Box<dyn age::Identity + Send + Sync>>);

impl Identities {
    /// Those in a file, as `age-keygen` and [`new_key`] write it.
    pub fn read(file: &Path) -> Result<Self, BackupError> {
        let identities = IdentityFile::from_file(file.to_string_lossy().into_owned())?;
        let identities = identities.into_identities();
        Ok(Self(
            identities.map_err(|error| std::io::Error::other(error.to_string()))?,
        ))
    }

    /// Opens what was encrypted; `what` names it in the error.
    pub(super) fn open(&self, what: &str, sealed: &[u8]) -> Result<Vec<u8>, BackupError> {
        let damaged = || BackupError::Damaged(what.to_owned());
        let decryptor = Decryptor::new_buffered(sealed).map_err(|_| damaged())?;
        let identities = self.0.iter().map(|identity| &**identity as &dyn age::Identity);
        let mut reader = decryptor.decrypt(identities).map_err(|error| match error {
            DecryptError::NoMatchingKeys => BackupError::WrongIdentity(what.to_owned()),
            _ => damaged(),
        })?;
        let mut plain = Vec::new();
        reader.read_to_end(&mut plain).map_err(|_| damaged())?;
        Ok(plain)
    }
}

/// A new identity as the text of its file, and the recipient that goes with it.
pub fn new_key() -> (String, String) {
    let identity = Identity::generate();
    let recipient = identity.to_public().to_string();
    let secret = identity.to_string();
    let text = format!("# public key: {recipient}\n{}\n", secret.expose_secret());
    (text, recipient)
}
