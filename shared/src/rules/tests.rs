use std::collections::BTreeSet;

use super::*;
use crate::id::{DocId, Moment};
use crate::records::{Envelope, Event, Record, Value};

const HOME: DocId = DocId([1; 16]);
const AWAY: DocId = DocId([2; 16]);

fn principal(user: &str, roles: &[Role], hosts: &[DocId], member_of: &[DocId]) -> Principal {
    Principal {
        user: user.parse().unwrap(),
        roles: roles.iter().copied().collect(),
        hosts: hosts.iter().copied().collect(),
        member_of: member_of.iter().copied().collect(),
    }
}

fn host() -> Principal {
    principal("host1", &[Role::Host], &[HOME], &[])
}

fn clerk() -> Principal {
    principal("clerk1", &[Role::Clerk], &[], &[])
}

fn member() -> Principal {
    principal("member1", &[Role::Member], &[], &[HOME])
}

fn step(by: &Principal, act: &str) -> Event {
    Event::new(act, &by.user, Moment(5))
}

fn suggestion(acts: &[Event]) -> Record {
    Record {
        envelope: Envelope {
            schema: 1,
            kind: "suggestion".to_owned(),
            id: DocId([9; 16]),
            station: Some(HOME),
            owner: "host1".parse().unwrap(),
            created_at: Moment(1),
            attachments: Vec::new(),
        },
        values: [
            ("body".to_owned(), Value::from("楼道的灯坏了。")),
            ("theme".to_owned(), Value::Text(DocId([3; 16]).to_string())),
        ]
        .into(),
        timeline: acts.to_vec(),
        unknown: Vec::new(),
    }
}

fn with(mut record: Record, change: impl FnOnce(&mut Record)) -> Record {
    change(&mut record);
    record
}

#[track_caller]
fn refused(by: &Principal, before: Option<&Record>, after: &Record, code: RefusalCode) {
    assert_eq!(permit(by, before, after).map_err(|r| r.code), Err(code));
}

#[test]
fn a_station_takes_down_and_the_office_decides() {
    let taken = suggestion(&[step(&host(), "submit")]);
    permit(&host(), None, &taken).unwrap();
    let accepted = with(taken.clone(), |r| r.timeline.push(step(&clerk(), "accept")));
    permit(&clerk(), Some(&taken), &accepted).unwrap();
    let answered = with(accepted.clone(), |r| {
        r.timeline.push(step(&clerk(), "answer").with_words("已修好。"));
    });
    permit(&clerk(), Some(&accepted), &answered).unwrap();

    let wordless = with(accepted.clone(), |r| r.timeline.push(step(&clerk(), "answer")));
    refused(&clerk(), Some(&accepted), &wordless, RefusalCode::StepIncomplete);
    let own_answer = with(accepted.clone(), |r| {
        r.timeline.push(step(&host(), "answer").with_words("好了。"));
    });
    refused(&host(), Some(&accepted), &own_answer, RefusalCode::StepForbidden);
    let forged = with(accepted.clone(), |r| {
        r.timeline.push(step(&clerk(), "answer").with_words("好了。"));
    });
    refused(&host(), Some(&accepted), &forged, RefusalCode::StepForged);
    refused(
        &clerk(),
        Some(&answered),
        &accepted,
        RefusalCode::TimelineRewritten,
    );
}

#[test]
fn words_change_only_while_the_record_is_open_and_only_by_whom_the_field_names() {
    let taken = suggestion(&[step(&host(), "submit")]);
    let edited = |r: &Record| {
        with(r.clone(), |r| {
            _ = r.values.insert("body".to_owned(), Value::from("改过。"));
        })
    };
    permit(&member(), Some(&taken), &edited(&taken)).unwrap();
    refused(
        &clerk(),
        Some(&taken),
        &edited(&taken),
        RefusalCode::FieldForbidden,
    );
    let accepted = with(taken.clone(), |r| r.timeline.push(step(&clerk(), "accept")));
    refused(
        &host(),
        Some(&accepted),
        &edited(&accepted),
        RefusalCode::FieldClosed,
    );
    let themed = with(accepted.clone(), |r| {
        _ = r.values.insert("theme".to_owned(), Value::Text(AWAY.to_string()));
    });
    permit(&clerk(), Some(&accepted), &themed).unwrap();
}

#[test]
fn nobody_starts_a_record_elsewhere_or_for_another() {
    let taken = suggestion(&[step(&host(), "submit")]);
    let away = with(taken.clone(), |r| r.envelope.station = Some(AWAY));
    refused(&host(), None, &away, RefusalCode::CreateForbidden);
    refused(&clerk(), None, &taken, RefusalCode::EnvelopeWrong);
    let moved = with(taken.clone(), |r| r.envelope.station = Some(AWAY));
    refused(&host(), Some(&taken), &moved, RefusalCode::EnvelopeWrong);
    let stranger = principal("host9", &[Role::Host], &[AWAY], &[]);
    refused(&stranger, Some(&taken), &taken, RefusalCode::ReadForbidden);
    let odd = with(taken.clone(), |r| r.unknown.push("extra".to_owned()));
    refused(&host(), None, &odd, RefusalCode::FieldUnknown);
    refused(
        &host(),
        None,
        &with(taken, |r| r.envelope.kind = "poem".to_owned()),
        RefusalCode::KindUnknown,
    );
}

#[test]
fn bounds_hold_for_what_real_people_write() {
    let body = |text: &str| {
        let taken = with(suggestion(&[step(&host(), "submit")]), |r| {
            r.values.insert("body".to_owned(), Value::from(text));
        });
        permit(&host(), None, &taken).map_err(|r| r.code)
    };
    assert_eq!(body(&"字".repeat(7_000)), Ok(()));
    assert_eq!(body("谢谢😀👨‍👩‍👧\n第二行\t完"), Ok(()));
    assert_eq!(body(&"字".repeat(20_001)), Err(RefusalCode::FieldInvalid));
    assert_eq!(body("响铃\u{7}"), Err(RefusalCode::FieldInvalid));
    assert_eq!(body("  "), Err(RefusalCode::FieldInvalid));
}

#[test]
fn a_contact_is_the_hosts_and_the_clerks_alone() {
    let contact = with(suggestion(&[]), |r| {
        r.envelope.kind = "contact".to_owned();
        r.values = [("phone".to_owned(), Value::from("12345"))].into();
    });
    permit(
        &member(),
        None,
        &with(contact.clone(), |r| r.envelope.owner = member().user),
    )
    .unwrap();
    let supervisor = principal("supervisor1", &[Role::Supervisor], &[], &[]);
    for (who, may) in [
        (host(), true),
        (clerk(), true),
        (member(), false),
        (supervisor, false),
    ] {
        assert_eq!(may_read(&who, &contact), may, "{}", who.user);
    }
    assert_eq!(channels_of(&contact), BTreeSet::from([Channel::Hosts(HOME)]));
}

#[test]
fn channel_names_read_back() {
    for channel in [
        Channel::District,
        Channel::Hosts(HOME),
        Channel::Station(AWAY),
        Channel::User(host().user),
    ] {
        assert_eq!(channel.to_string().parse(), Ok(channel));
    }
    assert!("group".parse::<Channel>().is_err());
}
