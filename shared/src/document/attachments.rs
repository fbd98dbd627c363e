//! A record's attachments in its document: a list to which entries are added and from which they are taken one by one, so that
//! two people who each add a picture both succeed.

use automerge::transaction::Transactable;
use automerge::{AutoCommit, ObjId, ObjType, Prop, ROOT, ReadDoc, Value as Stored};
use autosurgeon::reconcile_insert;

use super::DocumentError;
use crate::id::FileHash;
use crate::records::{Attachment, StoredAttachment};

/// The key of the list.
pub(super) const KEY: &str = "attachments";

/// The entries as they were read, each file once: two people may add the same picture at once.
pub(super) fn read(stored: Vec<StoredAttachment>) -> Result<Vec<Attachment>, autosurgeon::HydrateError> {
    let mut attachments: Vec<Attachment> = Vec::new();
    for stored in stored {
        let attachment = Attachment::try_from(stored)?;
        if !attachments
            .iter()
            .any(|known| known.file.hash == attachment.file.hash)
        {
            attachments.push(attachment);
        }
    }
    Ok(attachments)
}

/// Makes the attachments these; answers whether that changed anything.
pub(super) fn write(
    doc: &mut AutoCommit,
    now: &[Attachment],
    wanted: &[Attachment],
) -> Result<bool, DocumentError> {
    if now == wanted {
        return Ok(false);
    }
    let list = list(doc)?;
    let mut changed = false;
    for index in (0..doc.length(&list)).rev() {
        let entry = doc.get(&list, Prop::Seq(index)).map_err(|e| wrong(&e))?;
        let Some((Stored::Object(ObjType::Map), entry)) = entry else {
            continue;
        };
        let hash = hash_of(doc, &entry);
        match wanted.iter().find(|wanted| Some(wanted.file.hash) == hash) {
            Some(wanted) => changed |= caption(doc, &entry, wanted)?,
            // What this version cannot read stays.
            None if hash.is_some() => {
                doc.delete(&list, Prop::Seq(index)).map_err(|e| wrong(&e))?;
                changed = true;
            }
            None => {}
        }
    }
    let is_new = |wanted: &&Attachment| now.iter().all(|now| now.file.hash != wanted.file.hash);
    for attachment in wanted.iter().filter(is_new) {
        let end = doc.length(&list);
        let stored = StoredAttachment::from(attachment);
        reconcile_insert(doc, list.clone(), end, stored).map_err(|e| wrong(&e))?;
        changed = true;
    }
    Ok(changed)
}

fn list(doc: &mut AutoCommit) -> Result<ObjId, DocumentError> {
    match doc.get(ROOT, KEY).map_err(|e| wrong(&e))? {
        Some((Stored::Object(ObjType::List), id)) => Ok(id),
        _ => doc.put_object(ROOT, KEY, ObjType::List).map_err(|e| wrong(&e)),
    }
}

/// Of an entry only the words on it are ever changed: all else follows from the file.
fn caption(doc: &mut AutoCommit, entry: &ObjId, wanted: &Attachment) -> Result<bool, DocumentError> {
    let now = text(doc, entry, "caption");
    if now == wanted.caption {
        return Ok(false);
    }
    match &wanted.caption {
        Some(words) => doc.put(entry, "caption", words.as_str()),
        None => doc.delete(entry, "caption"),
    }
    .map_err(|e| wrong(&e))?;
    Ok(true)
}

fn hash_of(doc: &AutoCommit, entry: &ObjId) -> Option<FileHash> {
    text(doc, entry, "hash")?.parse().ok()
}

fn text(doc: &AutoCommit, entry: &ObjId, key: &str) -> Option<String> {
    let (value, _) = doc.get(entry, key).ok()??;
    value.as_str().map(ToOwned::to_owned)
}

fn wrong(error: &dyn std::fmt::Display) -> DocumentError {
    DocumentError::Edit(error.to_string())
}
