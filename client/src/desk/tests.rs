use lianxin_shared::document::Actor;
use lianxin_shared::protocol::Receipt;
use lianxin_shared::rules::{RefusalCode, Role};

use super::*;

const STATION: DocId = DocId([9; 16]);
const RECORD: DocId = DocId([1; 16]);

fn host() -> Principal {
    Principal {
        hosts: [STATION].into(),
        ..Principal::new("host1".parse().unwrap(), [Role::Host])
    }
}

fn author(n: u8) -> Author {
    Author {
        user: host().user,
        actor: Actor([n; 16]),
        at: Moment(i64::from(n)),
    }
}

fn values(values: &[(&str, &str)]) -> Values {
    values
        .iter()
        .map(|(name, value)| ((*name).to_owned(), Value::from(*value)))
        .collect()
}

fn draft(body: &str) -> Draft {
    let theme = DocId([7; 16]).to_string();
    Draft {
        id: RECORD,
        kind: "suggestion".to_owned(),
        station: Some(STATION),
        values: values(&[("body", body), ("theme", &theme), ("location", "")]),
        companion: Values::new(),
        base: None,
        attachments: Vec::new(),
        touched: Moment(0),
    }
}

/// A finished form of which the server has everything.
fn accepted(body: &str) -> Held {
    let mut finished = finish(&draft(body), BTreeMap::new(), &host(), &author(1)).unwrap();
    let (_, mut held) = finished.remove(0);
    acknowledge(&mut held);
    held
}

fn acknowledge(held: &mut Held) {
    let heads = held.document().unwrap().heads();
    let receipt = Receipt {
        heads: heads.clone(),
        mac: Vec::new().into(),
    };
    held.accepted(&heads, receipt).unwrap();
}

fn body(held: &Held) -> String {
    held.document().unwrap().record().unwrap().text("body").to_owned()
}

#[test]
fn a_finished_form_is_a_submitted_record_and_its_companion() {
    let mut draft = draft("路灯坏了");
    draft.companion = values(&[("phone", "110")]);
    let finished = finish(&draft, BTreeMap::new(), &host(), &author(1)).unwrap();
    let ids: Vec<_> = finished.iter().map(|(id, _)| *id).collect();
    assert_eq!(ids, [RECORD, RECORD.companion("contact")]);
    let record = finished[0].1.document().unwrap().record().unwrap();
    assert_eq!(record.status().unwrap().state, "received");
    assert!(!record.values.contains_key("location"), "what is empty is absent");
    assert!(finished.iter().all(|(_, held)| held.unsent));
}

#[test]
fn finishing_twice_makes_one_record() {
    let first = finish(&draft("路灯坏了"), BTreeMap::new(), &host(), &author(1)).unwrap();
    let held = first.into_iter().collect::<BTreeMap<_, _>>();
    let second = finish(&draft("路灯坏了"), held.clone(), &host(), &author(2)).unwrap();
    assert_eq!(second.into_iter().collect::<BTreeMap<_, _>>(), held);
}

#[test]
fn what_others_wrote_since_the_form_was_opened_stays() {
    let mut held = accepted("路灯坏了。");
    let mut form = open_form(RECORD, &held, None, Moment(0)).unwrap();
    form.values
        .insert("body".to_owned(), Value::from("路灯坏了。请修。"));
    let mut document = held.document().unwrap();
    let heads = document.heads();
    document
        .edit(&heads, &values(&[("body", "三号楼路灯坏了。")]), &[], &author(3))
        .unwrap();
    held.edited(&mut document);
    let finished = finish(&form, [(RECORD, held)].into(), &host(), &author(2)).unwrap();
    assert_eq!(body(&finished[0].1), "三号楼路灯坏了。请修。");
}

#[test]
fn a_returned_record_is_submitted_again_by_correcting_it() {
    let mut held = accepted("路灯");
    let mut document = held.document().unwrap();
    let heads = document.heads();
    let returned = Event::new("return", &"clerk".parse().unwrap(), Moment(5)).with_words("在哪里？");
    document
        .edit(&heads, &Values::new(), &[returned], &author(3))
        .unwrap();
    held.edited(&mut document);
    acknowledge(&mut held);
    let mut form = open_form(RECORD, &held, None, Moment(0)).unwrap();
    form.values.insert("body".to_owned(), Value::from("三号楼的路灯"));
    let finished = finish(&form, [(RECORD, held)].into(), &host(), &author(2)).unwrap();
    let record = finished[0].1.document().unwrap().record().unwrap();
    assert_eq!(record.status().unwrap().state, "received");
    assert_eq!(record.text("body"), "三号楼的路灯");
}

#[test]
fn a_refused_change_is_corrected_on_top_of_what_the_server_has() {
    let mut held = accepted("路灯");
    let mut document = held.document().unwrap();
    let heads = document.heads();
    document
        .edit(&heads, &values(&[("body", "路灯坏话")]), &[], &author(3))
        .unwrap();
    held.edited(&mut document);
    held.refuse(Refusal::new(RefusalCode::FieldInvalid)).unwrap();
    let mut form = open_form(RECORD, &held, None, Moment(0)).unwrap();
    assert_eq!(
        form.values["body"],
        Value::from("路灯坏话"),
        "the form starts with what was refused"
    );
    form.values.insert("body".to_owned(), Value::from("路灯坏了"));
    let finished = finish(&form, [(RECORD, held)].into(), &host(), &author(4)).unwrap();
    let held = &finished[0].1;
    assert_eq!(body(held), "路灯坏了");
    assert!(held.refused.is_none() && held.unsent);
    let push = held.outgoing(RECORD).unwrap().unwrap().push;
    let sent = held.document().unwrap().unpack(&push.changes).unwrap();
    assert_eq!(sent.len(), 1, "the refused change is not sent again");
}

#[test]
fn a_record_that_was_refused_whole_is_written_anew_under_its_id() {
    let (_, mut held) = finish(&draft("坏话"), BTreeMap::new(), &host(), &author(1))
        .unwrap()
        .remove(0);
    held.refuse(Refusal::new(RefusalCode::FieldInvalid)).unwrap();
    let mut form = open_form(RECORD, &held, None, Moment(0)).unwrap();
    form.values.insert("body".to_owned(), Value::from("好话"));
    let finished = finish(&form, [(RECORD, held)].into(), &host(), &author(2)).unwrap();
    assert_eq!(body(&finished[0].1), "好话");
    assert_eq!(finished[0].1.document().unwrap().history().len(), 1);
}

#[test]
fn what_the_rules_forbid_is_refused_before_it_is_written() {
    let stranger = Principal {
        hosts: [].into(),
        ..host()
    };
    let refused = finish(&draft("路灯"), BTreeMap::new(), &stranger, &author(1));
    assert!(
        matches!(refused, Err(DeskError::Refused(refusal)) if refusal.code == RefusalCode::CreateForbidden)
    );
}

#[test]
fn either_of_two_versions_can_be_made_to_count() {
    let theme = |n: u8| Value::from(DocId([n; 16]).to_string().as_str());
    let held = accepted("路灯");
    let edit = |n: u8| {
        let mut held = held.clone();
        let mut document = held.document().unwrap();
        let heads = document.heads();
        document
            .edit(&heads, &[("theme".to_owned(), theme(n))].into(), &[], &author(n))
            .unwrap();
        held.edited(&mut document);
        document
    };
    let (mut one, mut other) = (edit(3), edit(4));
    one.apply(&other.changes_since(&[])).unwrap();
    let versions = one.concurrent().remove(0).values;
    assert_eq!(versions.len(), 2);
    for version in versions {
        let mut held = held.clone();
        held.edited(&mut one.clone());
        let settled = settle_field(held, "theme", &version, &author(5)).unwrap();
        let document = settled.document().unwrap();
        assert!(document.concurrent().is_empty());
        assert_eq!(document.record().unwrap().values["theme"], version);
    }
}

#[test]
fn giving_up_leaves_what_the_server_has_and_of_the_rest_nothing() {
    let mut held = accepted("路灯");
    let mut document = held.document().unwrap();
    let heads = document.heads();
    document
        .edit(&heads, &values(&[("body", "路灯坏话")]), &[], &author(3))
        .unwrap();
    held.edited(&mut document);
    held.refuse(Refusal::new(RefusalCode::FieldInvalid)).unwrap();
    assert!(!held.is_refused_whole());
    let left = held.given_up().unwrap();
    assert_eq!(body(&left), "路灯");
    assert!(left.refused.is_none() && left.outgoing(RECORD).unwrap().is_none());

    let (_, mut whole) = finish(&draft("坏话"), BTreeMap::new(), &host(), &author(1))
        .unwrap()
        .remove(0);
    whole.refuse(Refusal::new(RefusalCode::FieldInvalid)).unwrap();
    assert!(whole.is_refused_whole());
    assert_eq!(whole.given_up(), None);
}

#[test]
fn a_step_is_taken_only_where_the_rules_allow_it() {
    let held = accepted("路灯坏了。");
    let own = Event::new("accept", &host().user, Moment(5));
    assert!(matches!(
        act(held.clone(), &own, &host(), &author(2)),
        Err(DeskError::Refused(refusal)) if refusal.code == RefusalCode::StepForbidden
    ));
    let clerk = Principal::new("clerk1".parse().unwrap(), [Role::Clerk]);
    let clerks = Author {
        user: clerk.user.clone(),
        ..author(3)
    };
    let accept = Event::new("accept", &clerk.user, Moment(6));
    let taken = act(held, &accept, &clerk, &clerks).unwrap();
    assert!(taken.unsent);
    let record = taken.document().unwrap().record().unwrap();
    assert_eq!(record.status().unwrap().state, "accepted");
}
