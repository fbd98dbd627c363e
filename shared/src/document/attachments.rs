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

#[cfg(test)]
mod tests {
    use crate::document::{Actor, Author, Document, Edit};
    use crate::id::{DocId, Moment};
    use crate::records::{Attachment, Envelope, File, JPEG, Position, Values};

    fn author(user: &str, actor: u8) -> Author {
        Author {
            user: user.parse().unwrap(),
            actor: Actor([actor; 16]),
            at: Moment(1),
        }
    }

    fn picture(n: u8) -> Attachment {
        Attachment {
            file: File::of(&[n]),
            kind: JPEG.to_owned(),
            extent: Some((4, 3)),
            thumb: Some(File::of(&[n, n])),
            caption: None,
            place: Position::of_degrees(-31.2, 121.5),
        }
    }

    fn activity(attachments: Vec<Attachment>) -> Document {
        let envelope = Envelope {
            schema: 1,
            kind: "activity".to_owned(),
            id: DocId([1; 16]),
            station: None,
            owner: "host1".parse().unwrap(),
            created_at: Moment(1),
            attachments,
        };
        Document::create(&envelope, &Values::new(), &[], &author("host1", 1)).unwrap()
    }

    fn attach(document: &mut Document, wanted: &[Attachment], by: &Author) -> bool {
        let edit = Edit {
            values: &Values::new(),
            events: &[],
            attachments: Some(wanted),
        };
        let base = document.heads();
        document.revise(&base, &edit, by).unwrap()
    }

    fn attached(document: &mut Document) -> Vec<Attachment> {
        Document::load(&document.save())
            .unwrap()
            .record()
            .unwrap()
            .envelope
            .attachments
    }

    #[test]
    fn what_was_attached_is_read_and_its_words_can_be_changed() {
        let mut document = activity(vec![picture(1)]);
        assert_eq!(attached(&mut document), [picture(1)]);
        let me = author("host1", 2);
        assert!(!attach(&mut document, &[picture(1)], &me), "nothing changes");
        let said = Attachment {
            caption: Some("门口".to_owned()),
            ..picture(1)
        };
        assert!(attach(&mut document, &[said.clone(), picture(2)], &me));
        assert_eq!(attached(&mut document), [said, picture(2)]);
        assert!(attach(&mut document, &[picture(2)], &me));
        assert_eq!(attached(&mut document), [picture(2)]);
        let touched = document.history().into_iter().map(|revision| revision.fields);
        assert!(touched.into_iter().all(|fields| fields == ["attachments"]));
        assert_eq!(activity(Vec::new()).history()[0].fields, [""; 0]);
        let files = document.files_of_all_time();
        assert!(files.contains(&picture(1).file.hash), "of an earlier state");
    }

    #[test]
    fn two_people_who_attach_at_once_both_succeed() {
        let mut a = activity(vec![picture(1)]);
        let mut b = a.clone();
        let base = a.heads();
        attach(&mut a, &[picture(1), picture(2), picture(9)], &author("host1", 2));
        attach(&mut b, &[picture(3), picture(9)], &author("host2", 3));
        a.apply(&b.changes_since(base.as_slice())).unwrap();
        b.apply(&a.changes_since(base.as_slice())).unwrap();
        let together = attached(&mut a);
        assert_eq!(together, attached(&mut b));
        let mut sizes: Vec<_> = together.iter().map(|one| one.file).collect();
        sizes.sort_unstable();
        let mut expected = [2, 3, 9].map(|n| picture(n).file);
        expected.sort_unstable();
        // The first was taken off, the last attached by both and is there once.
        assert_eq!(sizes, expected);
        assert!(attach(&mut a, &[], &author("host1", 4)));
        assert_eq!(attached(&mut a), []);
    }
}
