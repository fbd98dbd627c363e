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

fn suggestion() -> Document {
    let envelope = Envelope {
        schema: 1,
        kind: "suggestion".to_owned(),
        id: DocId([1; 16]),
        station: Some(DocId([2; 16])),
        owner: "host1".parse().unwrap(),
        created_at: Moment(1),
        attachments: Vec::new(),
    };
    let who = author("host1", 1, 1);
    let submit = Event::new("submit", &who.user, who.at);
    let values = values(&[("body", "楼道的灯坏了。"), ("theme", &DocId([3; 16]).to_string())]);
    Document::create(&envelope, &values, &[submit], &who).unwrap()
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
