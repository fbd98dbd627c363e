//! What may hang on a record, and who may hang it there.

use super::permit::writable;
use super::validate::words;
use super::{Principal, Refusal, RefusalCode as Code};
use crate::records::{Attachment, Columns, JPEG, PDF, Record, Register};

/// How many pictures and papers one record takes.
pub const MAX_ATTACHMENTS: usize = 12;

/// The largest file, in bytes.
pub const MAX_FILE: u64 = 8 * 1024 * 1024;

/// The largest picture for lists, in bytes.
pub const MAX_THUMB: u64 = 64 * 1024;

/// The longest words on a picture, in characters.
pub const MAX_CAPTION: usize = 200;

/// The widest and highest picture, in pixels.
const MAX_EXTENT: u32 = 20_000;

/// Whether pictures and papers can hang on such records: on work, not on what accompanies it or on lists.
pub fn takes_attachments(register: &Register) -> bool {
    register.columns == Columns::Work
}

/// Whether the user may add and remove attachments now: whoever may write any field.
pub fn may_attach(principal: &Principal, record: &Record) -> bool {
    let stands = record.register().zip(record.status());
    stands.is_some_and(|(register, status)| {
        let parts = principal.parts(record);
        takes_attachments(register)
            && register
                .fields
                .iter()
                .any(|field| writable(&parts, register, status.state, field).is_ok())
    })
}

/// Judges the difference between the attachments before and after.
pub(super) fn attachments(
    principal: &Principal,
    register: &'static Register,
    before: Option<&Record>,
    after: &Record,
) -> Result<(), Refusal> {
    let old = before.map_or(&[][..], |before| &before.envelope.attachments);
    let new = &after.envelope.attachments;
    if old == new {
        return Ok(());
    }
    let may = match before {
        Some(before) => may_attach(principal, before),
        // A new record is judged as the draft it was until this very change moved it on.
        None => {
            let parts = principal.parts(after);
            let mine = register.fields.iter().flat_map(|field| field.edit);
            takes_attachments(register) && mine.into_iter().any(|part| parts.contains(part))
        }
    };
    if !may {
        return Err(Refusal::new(Code::AttachmentForbidden));
    }
    let is_too_many = new.len() > MAX_ATTACHMENTS && new.len() > old.len();
    let is_wrong = |attachment: &&Attachment| !old.contains(attachment) && !fits(attachment);
    if is_too_many || new.iter().any(|attachment| is_wrong(&attachment)) {
        return Err(Refusal::new(Code::AttachmentInvalid));
    }
    Ok(())
}

/// Whether an attachment keeps the bounds.
pub fn fits(attachment: &Attachment) -> bool {
    let Attachment {
        file,
        kind,
        extent,
        thumb,
        caption,
        place,
    } = attachment;
    let is_within = |pixels: u32| (1..=MAX_EXTENT).contains(&pixels);
    let shape = match (kind.as_str(), extent) {
        (JPEG, Some((width, height))) => is_within(*width) && is_within(*height),
        (PDF, None) => thumb.is_none(),
        _ => false,
    };
    shape
        && (1..=MAX_FILE).contains(&file.size)
        && thumb.is_none_or(|thumb| (1..=MAX_THUMB).contains(&thumb.size))
        && caption
            .as_ref()
            .is_none_or(|said| !said.trim().is_empty() && words(said, MAX_CAPTION, &[]).is_none())
        && place.is_none_or(|place| place.is_on_earth())
}
