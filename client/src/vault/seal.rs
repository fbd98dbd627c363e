//! The one seam through which everything passes that is written to the device or read from it.
//!
//! It is the identity: the database is as safe as the device's lock screen.

/// Why bytes could not be sealed or opened.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// The vault is locked.
    #[error("locked")]
    Locked,
}

/// Makes bytes fit to be written.
pub async fn seal(plain: Vec<u8>) -> Result<Vec<u8>, SealError> {
    Ok(plain)
}

/// Reads what [`seal`] made.
pub async fn open(sealed: Vec<u8>) -> Result<Vec<u8>, SealError> {
    Ok(sealed)
}
