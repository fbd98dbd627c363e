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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::{DocId, Moment};
    use crate::records::{Envelope, Event, File, Position, Value};
    use crate::rules::{Role, permit};

    fn user(name: &str, role: Role) -> Principal {
        let station = DocId([1; 16]);
        Principal {
            hosts: (role == Role::Host).then_some(station).into_iter().collect(),
            member_of: (role == Role::Member).then_some(station).into_iter().collect(),
            ..Principal::new(name.parse().unwrap(), [role])
        }
    }

    fn host() -> Principal {
        user("host1", Role::Host)
    }

    fn picture(n: u8) -> Attachment {
        Attachment {
            file: File::of(&[n; 9]),
            kind: JPEG.to_owned(),
            extent: Some((1600, 1200)),
            thumb: Some(File::of(&[n; 3])),
            caption: Some("三号楼门口".to_owned()),
            place: Position::of_degrees(31.2, 121.5),
        }
    }

    fn suggestion(acts: &[(&str, &Principal)], attachments: &[Attachment]) -> Record {
        let event = |(act, by): &(&str, &Principal)| Event::new(act, &by.user, Moment(5)).with_words("已收");
        let mut timeline: Vec<_> = acts.iter().map(event).collect();
        timeline.iter_mut().take(1).for_each(|event| event.words = None);
        Record {
            envelope: Envelope {
                schema: 1,
                kind: "suggestion".to_owned(),
                id: DocId([9; 16]),
                station: Some(DocId([1; 16])),
                owner: "host1".parse().unwrap(),
                created_at: Moment(1),
                attachments: attachments.to_vec(),
            },
            values: [
                ("body".to_owned(), Value::from("楼道的灯坏了。")),
                ("theme".to_owned(), Value::Text(DocId([3; 16]).to_string())),
            ]
            .into(),
            timeline,
            unknown: Vec::new(),
        }
    }

    #[track_caller]
    fn judged(by: &Principal, before: Option<&Record>, after: &Record, expected: Result<(), Code>) {
        assert_eq!(
            permit(by, before, after).map_err(|refusal| refusal.code),
            expected
        );
    }

    #[test]
    fn whoever_may_write_may_attach_and_take_off_and_nobody_else() {
        let host = host();
        let taken = suggestion(&[("submit", &host)], &[picture(1)]);
        judged(&host, None, &taken, Ok(()));
        let more = suggestion(&[("submit", &host)], &[picture(1), picture(2)]);
        let none = suggestion(&[("submit", &host)], &[]);
        judged(&host, Some(&taken), &more, Ok(()));
        judged(&host, Some(&more), &none, Ok(()));
        judged(&user("member1", Role::Member), Some(&taken), &more, Ok(()));
        let reader = user("watcher1", Role::Supervisor);
        judged(&reader, Some(&taken), &more, Err(Code::AttachmentForbidden));
        assert!(may_attach(&host, &taken) && !may_attach(&reader, &taken));
        // Where the words are closed to the host, the pictures are.
        let clerk = user("clerk1", Role::Clerk);
        let accepted = [("submit", &host), ("accept", &clerk)];
        let (before, after) = (suggestion(&accepted, &[]), suggestion(&accepted, &[picture(1)]));
        judged(&host, Some(&before), &after, Err(Code::AttachmentForbidden));
    }

    #[test]
    fn a_record_takes_so_many_and_of_each_so_much() {
        let host = host();
        let all: Vec<_> = (0..13).map(picture).collect();
        let with = |attachments: &[Attachment]| suggestion(&[("submit", &host)], attachments);
        judged(&host, None, &with(&all[..12]), Ok(()));
        judged(&host, None, &with(&all), Err(Code::AttachmentInvalid));
        // Two people's twelve are more together; whoever takes one off mends that.
        judged(&host, Some(&with(&all)), &with(&all[..12]), Ok(()));
        judged(&host, Some(&with(&all)), &with(&all[1..]), Ok(()));
    }

    #[test]
    fn what_breaks_a_bound_does_not_fit() {
        assert!(fits(&picture(1)));
        let paper = Attachment {
            kind: PDF.to_owned(),
            extent: None,
            thumb: None,
            ..picture(1)
        };
        assert!(fits(&paper));
        let wrong: [fn(&mut Attachment); 9] = [
            |a| a.kind = "image/svg+xml".to_owned(),
            |a| a.extent = None,
            |a| a.extent = Some((0, 4)),
            |a| a.file.size = MAX_FILE + 1,
            |a| a.file.size = 0,
            |a| {
                a.thumb = a.thumb.map(|thumb| File {
                    size: MAX_THUMB + 1,
                    ..thumb
                });
            },
            |a| a.caption = Some(" ".to_owned()),
            |a| a.caption = Some("说".repeat(MAX_CAPTION + 1)),
            |a| {
                a.place = Some(Position {
                    latitude: 90_000_001,
                    longitude: 0,
                });
            },
        ];
        for (n, spoil) in wrong.into_iter().enumerate() {
            let mut attachment = picture(1);
            spoil(&mut attachment);
            assert!(!fits(&attachment), "{n}");
        }
    }
}
