use super::*;
use crate::records::Value;

fn author(user: &str, actor: u8, at: i64) -> Author {
    Author {
        user: user.parse().unwrap(),
        actor: Actor([actor; 16]),
        at: Moment(at),
    }
}

fn values(pairs: &[(&str, &str)]) -> Values {
    pairs
        .iter()
        .map(|(name, text)| ((*name).to_owned(), Value::from(*text)))
        .collect()
}

fn started(kind: &str, pairs: &[(&str, &str)], events: &[Event]) -> Document {
    let envelope = Envelope {
        schema: 1,
        kind: kind.to_owned(),
        id: DocId([1; 16]),
        station: Some(DocId([2; 16])),
        owner: "host1".parse().unwrap(),
        created_at: Moment(1),
        attachments: Vec::new(),
    };
    Document::create(&envelope, &values(pairs), events, &author("host1", 1, 1)).unwrap()
}

fn suggestion() -> Document {
    let theme = DocId([3; 16]).to_string();
    let submit = Event::new("submit", &"host1".parse().unwrap(), Moment(1));
    started(
        "suggestion",
        &[("body", "楼道的灯坏了。"), ("theme", &theme)],
        &[submit],
    )
}

#[test]
fn what_was_written_is_read() {
    let mut doc = suggestion();
    let record = Document::load(&doc.save()).unwrap().record().unwrap();
    assert_eq!(record.text("body"), "楼道的灯坏了。");
    assert_eq!(record.status().unwrap().state, "received");
    assert!(record.unknown.is_empty());
}

#[test]
fn two_edits_of_one_body_merge_and_two_themes_are_both_shown() {
    let mut a = suggestion();
    let mut b = a.clone();
    let base = a.heads();
    a.edit(
        &base,
        &values(&[
            ("body", "三号楼楼道的灯坏了。"),
            ("theme", &DocId([4; 16]).to_string()),
        ]),
        &[],
        &author("host1", 2, 2),
    )
    .unwrap();
    b.edit(
        &base,
        &values(&[
            ("body", "楼道的灯坏了，老人夜里害怕。"),
            ("theme", &DocId([5; 16]).to_string()),
        ]),
        &[],
        &author("host2", 3, 2),
    )
    .unwrap();
    a.apply(&b.changes_since(base.as_slice())).unwrap();
    b.apply(&a.changes_since(base.as_slice())).unwrap();
    let record = a.record().unwrap();
    assert_eq!(record, b.record().unwrap());
    assert_eq!(record.text("body"), "三号楼楼道的灯坏了，老人夜里害怕。");
    let concurrent = a.concurrent();
    assert_eq!(concurrent.len(), 1);
    assert_eq!(concurrent[0].values[0], record.values["theme"]);
    assert_eq!(concurrent[0].values.len(), 2);
    let mut settled = a.clone();
    let shown: Values = [("theme".to_owned(), concurrent[0].values[0].clone())].into();
    let now = settled.heads();
    settled.edit(&now, &shown, &[], &author("clerk1", 8, 9)).unwrap();
    assert!(
        settled.concurrent().is_empty(),
        "writing the shown version settles it"
    );

    let by: Vec<_> = a
        .history()
        .iter()
        .map(|r| r.by.as_ref().unwrap().to_string())
        .collect();
    assert_eq!(by.iter().filter(|b| *b == "host1").count(), 2);
    assert_eq!(by.iter().filter(|b| *b == "host2").count(), 1);
    assert_eq!(a.history()[0].acts, ["submit"]);
}

#[test]
fn an_edit_made_in_the_past_keeps_what_came_meanwhile() {
    let mut doc = suggestion();
    let base = doc.heads();
    let me = author("host1", 1, 5);
    doc.edit(&base, &values(&[("location", "三号楼")]), &[], &me)
        .unwrap();
    doc.edit(&base, &values(&[("body", "楼道的灯坏了三天。")]), &[], &me)
        .unwrap();
    let record = doc.record().unwrap();
    assert_eq!(
        (record.text("location"), record.text("body")),
        ("三号楼", "楼道的灯坏了三天。")
    );
    let now = doc.heads();
    assert!(
        !doc.edit(&now, &values(&[("location", "三号楼")]), &[], &me)
            .unwrap()
    );
}

#[test]
fn bad_changes_are_errors_and_leave_the_document_alone() {
    let mut doc = suggestion();
    let before = doc.heads();
    let mut other = doc.clone();
    other
        .edit(
            &before,
            &values(&[("location", "甲")]),
            &[],
            &author("host2", 9, 3),
        )
        .unwrap();
    let middle = other.heads();
    other
        .edit(
            &middle,
            &values(&[("location", "乙")]),
            &[],
            &author("host2", 9, 4),
        )
        .unwrap();
    let changes = other.changes_since(before.as_slice());

    let mut corrupt = changes[0].clone();
    let last = corrupt.len() - 1;
    corrupt[last] ^= 1;
    assert!(matches!(doc.apply(&[corrupt]), Err(DocumentError::Corrupt(_))));
    assert!(matches!(
        doc.apply(&[changes[0][..20].to_vec()]),
        Err(DocumentError::Corrupt(_))
    ));
    assert!(matches!(
        doc.apply(&changes[1..]),
        Err(DocumentError::MissingDependency)
    ));

    let mut clash = doc.clone();
    clash
        .edit(
            &before,
            &values(&[("location", "丙")]),
            &[],
            &author("host2", 9, 3),
        )
        .unwrap();
    doc.apply(&changes).unwrap();
    let after = doc.heads();
    let clashing = clash.changes_since(before.as_slice());
    assert!(matches!(
        doc.apply(&clashing),
        Err(DocumentError::DuplicateSequence)
    ));
    assert_eq!(doc.heads(), after);
    assert!(doc.apply(&changes).unwrap().is_empty(), "a repeat is harmless");
}

/// The words of a field with what is new in brackets.
fn told(news: &News, field: &str) -> String {
    let pieces = news.fields.get(field).map(Vec::as_slice).unwrap_or_default();
    let told = pieces.iter().map(|piece| match piece.is_new {
        true => format!("[{}]", piece.text),
        false => piece.text.clone(),
    });
    told.collect()
}

/// A suggestion of host1's into which host1 and host2 wrote at once, the state it had before, and what its reader saw last.
fn merged() -> (Document, Heads) {
    let mut a = suggestion();
    let mut b = a.clone();
    let base = a.heads();
    a.edit(
        &base,
        &values(&[("body", "三号楼楼道的灯坏了。")]),
        &[],
        &author("host1", 2, 2),
    )
    .unwrap();
    b.edit(
        &base,
        &values(&[("body", "楼道的灯坏了，老人🧓害怕。")]),
        &[],
        &author("host2", 3, 2),
    )
    .unwrap();
    a.apply(&b.changes_since(base.as_slice())).unwrap();
    (a, base)
}

#[test]
fn what_the_other_wrote_is_new_and_what_one_wrote_oneself_is_not() {
    let (mut doc, _) = merged();
    let nothing = Heads::default();
    let (host1, host2) = ("host1".parse().unwrap(), "host2".parse().unwrap());
    let news = doc.news(&host1, &nothing);
    assert_eq!(told(&news, "body"), "三号楼楼道的灯坏了[，老人🧓害怕]。");
    assert_eq!(news.by, [host2].into());
    assert_eq!(news.fields.len(), 1);
    let news = doc.news(&"host2".parse().unwrap(), &nothing);
    assert_eq!(told(&news, "body"), "[三号楼]楼道的灯坏了，老人🧓害怕。");
    assert_eq!(news.by, [host1].into());
}

#[test]
fn what_was_seen_is_not_new_any_more() {
    let (mut doc, base) = merged();
    let clerk = "clerk1".parse().unwrap();
    assert_eq!(doc.news(&clerk, &Heads::default()), News::default(), "never seen");
    let news = doc.news(&clerk, &base);
    assert_eq!(told(&news, "body"), "[三号楼]楼道的灯坏了[，老人🧓害怕]。");
    assert_eq!(news.by.len(), 2);
    let now = doc.heads();
    assert_eq!(doc.news(&clerk, &now), News::default());

    // A step says nothing in the prose, and whoever takes it has the words before their eyes.
    let step = Event::new("accept", &clerk, Moment(9));
    doc.edit(&now, &Values::new(), &[step], &author("clerk1", 8, 9))
        .unwrap();
    assert_eq!(doc.news(&clerk, &base), News::default());
    let host1 = "host1".parse().unwrap();
    assert_eq!(doc.news(&host1, &now), News::default());

    // What was taken away is not marked, and what replaces it is.
    let now = doc.heads();
    doc.edit(
        &now,
        &values(&[("body", "三号楼的灯坏了三天，老人🧓害怕。")]),
        &[],
        &author("clerk1", 8, 10),
    )
    .unwrap();
    assert_eq!(
        told(&doc.news(&host1, &now), "body"),
        "三号楼的灯坏了[三天]，老人🧓害怕。"
    );
}

#[test]
fn a_field_that_another_filled_is_new_as_a_whole() {
    let mut doc = started("activity", &[("subject", "周二接待")], &[]);
    let base = doc.heads();
    let values = values(&[("outcome", "当场答复四件。"), ("subject", "周二接待群众")]);
    let done = doc.edit(&base, &values, &[], &author("host2", 3, 2));
    assert!(done.unwrap());
    let news = doc.news(&"host1".parse().unwrap(), &base);
    assert_eq!(told(&news, "outcome"), "[当场答复四件。]");
    assert_eq!(
        news.fields.len(),
        1,
        "a line is offered whole where two wrote it at once"
    );
    // A state of which nothing is known says as much as none.
    let lost = Heads::from_iter([ChangeHash([9; 32])]);
    assert_eq!(doc.news(&"clerk1".parse().unwrap(), &lost), News::default());
}
