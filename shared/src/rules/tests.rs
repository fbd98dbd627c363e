use std::collections::BTreeSet;

use super::*;
use crate::id::{DocId, Moment};
use crate::records::{Columns, Envelope, Event, REGISTERS, Record, Value, Values, register};

const HOME: DocId = DocId([1; 16]);
const AWAY: DocId = DocId([2; 16]);

fn principal(user: &str, roles: &[Role], hosts: &[DocId], member_of: &[DocId]) -> Principal {
    Principal {
        hosts: hosts.iter().copied().collect(),
        member_of: member_of.iter().copied().collect(),
        ..Principal::new(user.parse().unwrap(), roles.iter().copied())
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
    let given = |due: Option<Moment>| {
        with(accepted.clone(), |r| {
            let handler = Some("handler1".parse().unwrap());
            let assign = step(&clerk(), "assign");
            r.timeline.push(Event {
                handler,
                due,
                ..assign
            });
        })
    };
    let dated = given(Some(Moment(9)));
    refused(
        &clerk(),
        Some(&accepted),
        &given(None),
        RefusalCode::StepIncomplete,
    );
    permit(&clerk(), Some(&accepted), &dated).unwrap();
    // In other hands it is due by the same day.
    let passed_on = with(dated.clone(), |r| {
        let handler = Some("handler2".parse().unwrap());
        let assign = step(&clerk(), "assign");
        r.timeline.push(Event { handler, ..assign });
    });
    permit(&clerk(), Some(&dated), &passed_on).unwrap();
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

    let handler = principal("handler1", &[Role::Handler], &[], &[]);
    let taken = [step(&host(), "submit"), step(&clerk(), "accept")];
    let unassigned = suggestion(&taken);
    let assigned = with(unassigned.clone(), |r| {
        r.timeline.push(Event {
            handler: Some(handler.user.clone()),
            due: Some(Moment(9)),
            ..step(&clerk(), "assign")
        });
    });
    assert!(!may_read_companion(&handler, &unassigned, &contact));
    assert!(may_read_companion(&handler, &assigned, &contact));
    assert!(!may_read_companion(&member(), &assigned, &contact));
}

#[test]
fn channel_names_read_back() {
    for channel in [
        Channel::District,
        Channel::Hosts(HOME),
        Channel::Station(AWAY),
        Channel::Group(HOME),
        Channel::Person(AWAY),
        Channel::User(host().user),
    ] {
        assert_eq!(channel.to_string().parse(), Ok(channel));
    }
    assert!("group".parse::<Channel>().is_err());
}

const GROUP: DocId = DocId([4; 16]);
const PERSON: DocId = DocId([5; 16]);

fn leader() -> Principal {
    Principal {
        person: Some(PERSON),
        ..principal("leader1", &[Role::Leader], &[], &[])
    }
}

fn record(kind: &str, owner: &Principal, values: &[(&str, Value)], acts: &[Event]) -> Record {
    let mut record = suggestion(acts);
    record.envelope.kind = kind.to_owned();
    record.envelope.station = None;
    record.envelope.owner = owner.user.clone();
    record.values = values
        .iter()
        .map(|(name, value)| ((*name).to_owned(), value.clone()))
        .collect();
    record
}

fn ids(ids: &[DocId]) -> Value {
    Value::List(ids.iter().map(ToString::to_string).collect())
}

#[test]
fn a_visit_counts_for_visitors_and_visited_once_it_was_held() {
    let visited = [DocId([6; 16]), DocId([7; 16])];
    let values = [
        ("subject", Value::from("走访委员乙、委员丙")),
        ("visited", ids(&visited)),
        ("visitors", ids(&[PERSON])),
        ("held_at", Value::Number(1)),
    ];
    let planned = record("visit", &leader(), &values, &[step(&leader(), "plan")]);
    permit(&leader(), None, &planned).unwrap();
    assert!(
        credits_of(&planned).is_empty(),
        "what is only planned counts for nothing"
    );

    let held = with(planned.clone(), |r| r.timeline.push(step(&leader(), "hold")));
    refused(&leader(), Some(&planned), &held, RefusalCode::StepNeeds);
    let held = with(held, |r| {
        r.values
            .insert("heard".to_owned(), Value::from("希望多通报情况。"));
    });
    permit(&leader(), Some(&planned), &held).unwrap();
    let share = |subject, figure, amount| Share {
        subject,
        figure,
        amount,
    };
    let wanted = BTreeSet::from([
        share(Subject::User(leader().user), "visit", 2),
        share(Subject::Person(PERSON), "visit", 2),
        share(Subject::Person(visited[0]), "visited", 1),
        share(Subject::Person(visited[1]), "visited", 1),
    ]);
    assert_eq!(credits_of(&held), wanted);
}

#[test]
fn only_the_server_numbers_a_proposal_and_only_an_office_files_it() {
    let proposer = principal("member1", &[Role::Member], &[], &[]);
    let values = [
        ("subject", Value::from("关于老旧小区加装电梯的提案")),
        ("type", Value::from("everyday")),
        ("reason", Value::from("老人上下楼困难。")),
        ("recommendation", Value::from("先选三个小区试点。")),
    ];
    let mut acts = vec![step(&proposer, "submit")];
    let submitted = record("proposal", &proposer, &values, &acts);
    permit(&proposer, None, &submitted).unwrap();
    acts.push(step(&clerk(), "examine").with_mark("quality", "good"));
    let examined = record("proposal", &proposer, &values, &acts);
    permit(&clerk(), Some(&submitted), &examined).unwrap();
    let unmarked = record(
        "proposal",
        &proposer,
        &values,
        &[acts[0].clone(), step(&clerk(), "examine")],
    );
    refused(&clerk(), Some(&submitted), &unmarked, RefusalCode::StepIncomplete);

    acts.push(step(&clerk(), "file"));
    let filing = record("proposal", &proposer, &values, &acts);
    permit(&clerk(), Some(&examined), &filing).unwrap();
    let duty = filing.register().unwrap().lifecycle.duty("filing").unwrap();
    assert_eq!(duty.act, "number");

    let server = principal(SERVER, &[], &[], &[]);
    let numbered = |by: &Principal| {
        with(filing.clone(), |r| {
            r.timeline.push(Event {
                number: Some("2026-001".to_owned()),
                ..step(by, "number")
            });
        })
    };
    refused(
        &clerk(),
        Some(&filing),
        &numbered(&clerk()),
        RefusalCode::StepForbidden,
    );
    permit(&server, Some(&filing), &numbered(&server)).unwrap();
    let status = numbered(&server).status().unwrap();
    assert_eq!(
        (status.state, status.number.as_deref()),
        ("filed", Some("2026-001"))
    );
}

#[test]
fn a_task_is_the_departments_to_do_and_the_supervisors_to_close() {
    let department = Principal {
        groups: [GROUP].into(),
        ..principal("handler1", &[Role::Handler], &[], &[])
    };
    let supervisor = principal("supervisor1", &[Role::Supervisor], &[], &[]);
    let values = [
        ("part", Value::from("near")),
        ("subject", Value::from("整改任务一")),
        ("problems", Value::from("联系群众不够。")),
        ("goal", Value::from("每月接待一次。")),
        ("departments", ids(&[GROUP])),
        ("deadline", Value::Number(1_000)),
        ("deadline_of", Value::from("plan")),
    ];
    let opened = record("rectification", &clerk(), &values, &[step(&clerk(), "open")]);
    permit(&clerk(), None, &opened).unwrap();
    assert!(channels_of(&opened).contains(&Channel::Group(GROUP)));
    assert!(opened.is_public() && published(&opened).unwrap().steps.is_empty());
    assert_eq!(opened.due(), Some(Moment(1_000)));

    let planned = with(opened.clone(), |r| {
        r.timeline
            .push(step(&department, "plan").with_words("六月底前建好接待制度。"));
    });
    permit(&department, Some(&opened), &planned).unwrap();
    assert_eq!(planned.due(), None, "the deadline was the plan's");
    let begun = with(planned, |r| r.timeline.push(step(&department, "begin")));
    let claimed = with(begun.clone(), |r| {
        r.timeline.push(step(&department, "claim").with_words("已建好。"));
    });
    refused(&department, Some(&begun), &claimed, RefusalCode::StepNeeds);
    let claimed = with(claimed, |r| {
        r.values
            .insert("evidence".to_owned(), Value::from("接待登记 12 次。"));
    });
    permit(&department, Some(&begun), &claimed).unwrap();
    let verified = |by: &Principal| {
        with(claimed.clone(), |r| {
            r.timeline.push(step(by, "verify").with_words("现场看过，属实。"));
        })
    };
    refused(
        &clerk(),
        Some(&claimed),
        &verified(&clerk()),
        RefusalCode::StepForbidden,
    );
    permit(&supervisor, Some(&claimed), &verified(&supervisor)).unwrap();
    assert!(!verified(&supervisor).is_open());
}

#[test]
fn what_a_suggestion_says_is_public_only_with_consent_and_never_who_said_it() {
    let answer = step(&clerk(), "answer").with_words("已修好。");
    let acts = [
        step(&host(), "submit"),
        step(&clerk(), "accept"),
        answer,
        step(&clerk(), "publish"),
    ];
    let shown = suggestion(&acts);
    assert_eq!(published(&shown), None);
    let agreed = with(shown, |r| {
        r.values.insert("consent".to_owned(), Value::Flag(true));
    });
    let page = published(&agreed).unwrap();
    assert_eq!(page.values.keys().collect::<Vec<_>>(), ["body", "theme"]);
    assert_eq!(page.steps.len(), 1);
}

#[test]
fn records_name_the_work_they_rest_on() {
    let report = DocId([8; 16]);
    let values = [("reports", ids(&[report])), ("proposers", ids(&[PERSON]))];
    let proposal = record("proposal", &leader(), &values, &[]);
    let link = Link {
        field: "reports",
        to: report,
    };
    assert_eq!(links_of(&proposal), BTreeSet::from([link]));
}

#[test]
fn what_is_in_use_from_the_start_is_finished_without_a_step() {
    for register in REGISTERS.iter().filter(|one| one.columns == Columns::Reference) {
        assert!(finishing(register, &Values::new()).is_none(), "{}", register.kind);
    }
    let submitted = finishing(register("suggestion").unwrap(), &Values::new());
    assert_eq!(submitted.map(|step| step.act), Some("submit"));
}
