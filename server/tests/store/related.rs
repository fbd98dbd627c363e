//! What records rest on, what they count for, and their numbers.

use lianxin_server::store::{Figure, Filter, Row};
use lianxin_shared::id::{FileHash, Moment};
use lianxin_shared::records::Value;
use lianxin_shared::rules::{Link, Share, Subject};
use lianxin_shared::search;

use crate::Database;
use crate::make::{doc, listed, put, row, write};
use crate::records::filter;

/// So much of a figure.
pub(crate) fn share(subject: &str, figure: &'static str, amount: i64) -> Share {
    Share {
        subject: subject.parse().unwrap(),
        figure,
        amount,
    }
}

fn linking(field: &'static str, to: u32) -> Row {
    Row {
        links: [Link { field, to: doc(to) }].into(),
        ..row("提案")
    }
}

pub(crate) async fn links_are_followed_both_ways(db: &dyn Database) {
    let store = db.open().await;
    put(&*store, listed(write(doc(1), 0, &[]), row("电梯"), 1)).await;
    put(
        &*store,
        listed(write(doc(2), 0, &[]), linking("suggestions", 1), 2),
    )
    .await;
    // Named before it is here.
    put(&*store, listed(write(doc(3), 0, &[]), linking("reports", 4), 3)).await;
    let names = async |n| {
        let links = store.links(doc(n)).await.unwrap();
        let name = |(field, listed): (String, lianxin_server::store::Listed)| (field, listed.doc);
        let to: Vec<_> = links.to.into_iter().map(name).collect();
        let from: Vec<_> = links.from.into_iter().map(name).collect();
        (to, from)
    };
    let suggestions = |n| vec![("suggestions".to_owned(), doc(n))];
    assert_eq!(names(1).await, (vec![], suggestions(2)));
    assert_eq!(names(2).await, (suggestions(1), vec![]));
    assert_eq!(names(3).await, (vec![], vec![]));
    put(&*store, listed(write(doc(4), 0, &[]), row("信息"), 4)).await;
    assert_eq!(names(3).await.0, [("reports".to_owned(), doc(4))]);
    // It names something else now.
    put(
        &*store,
        listed(write(doc(2), 1, &[]), linking("suggestions", 4), 5),
    )
    .await;
    assert_eq!(names(1).await, (vec![], vec![]));
    assert_eq!(names(2).await, (suggestions(4), vec![]));
}

pub(crate) async fn a_file_is_named_as_long_as_a_record_names_it(db: &dyn Database) {
    let store = db.open().await;
    let file = |n| FileHash([n; 32]);
    let naming = |files: &[u8]| Row {
        files: files.iter().map(|n| file(*n)).collect(),
        ..row("照片")
    };
    put(&*store, listed(write(doc(1), 0, &[]), naming(&[1, 2]), 1)).await;
    put(&*store, listed(write(doc(2), 0, &[]), naming(&[2]), 2)).await;
    let named = async || store.named(vec![file(1), file(2), file(3)]).await.unwrap();
    assert_eq!(named().await, [file(1), file(2)].into());
    put(&*store, listed(write(doc(1), 1, &[]), naming(&[3]), 3)).await;
    assert_eq!(named().await, [file(2), file(3)].into());
    // Made anew, as by a newer version of the program.
    store.put_rows(vec![(doc(2), naming(&[1, 2]))]).await.unwrap();
    assert_eq!(named().await, [file(1), file(2), file(3)].into());
}

pub(crate) async fn a_figure_is_the_sum_of_records_and_a_user_is_one_person(db: &dyn Database) {
    let store = db.open().await;
    let person = Row {
        kind: "person".to_owned(),
        values: [("user".to_owned(), Value::from("leader1"))].into(),
        ..row("委员甲")
    };
    put(&*store, listed(write(doc(9), 0, &[]), person, 1)).await;
    let me = Subject::Person(doc(9));
    let visit = |when, amount, shares: &[&str]| Row {
        kind: "visit".to_owned(),
        when: Moment(when),
        credits: shares
            .iter()
            .map(|subject| share(subject, "visit", amount))
            .collect(),
        ..row("走访")
    };
    let both = [&*me.to_string(), "user:leader1", "user:leader2"].map(str::to_owned);
    let both: Vec<_> = both.iter().map(String::as_str).collect();
    put(&*store, listed(write(doc(1), 0, &[]), visit(10, 3, &both), 2)).await;
    put(
        &*store,
        listed(write(doc(2), 0, &[]), visit(20, 1, &both[1..2]), 3),
    )
    .await;
    put(&*store, listed(write(doc(3), 0, &[]), visit(30, 7, &both), 4)).await;
    let figure = |subject, amount, records, last| Figure {
        subject,
        figure: "visit".to_owned(),
        amount,
        records,
        last: Moment(last),
    };
    let figures = async |from, before| store.figures(Moment(from), Moment(before)).await.unwrap();
    let other = Subject::User("leader2".parse().unwrap());
    assert_eq!(
        figures(10, 30).await,
        [figure(me.clone(), 4, 2, 20), figure(other.clone(), 3, 1, 10)]
    );
    // A record that no longer counts is taken off.
    put(&*store, listed(write(doc(1), 1, &[]), visit(10, 3, &[]), 5)).await;
    assert_eq!(figures(0, 30).await, [figure(me, 1, 1, 20)]);
}

pub(crate) async fn numbers_have_no_gaps_and_stay(db: &dyn Database) {
    let store = db.open().await;
    let number = |series: &'static str, n| store.number(series.to_owned(), doc(n));
    let (first, second) = tokio::join!(number("proposal-2026", 1), number("proposal-2026", 2));
    let mut both = [first.unwrap(), second.unwrap()];
    both.sort_unstable();
    assert_eq!(both, [1, 2]);
    assert_eq!(number("proposal-2026", 3).await.unwrap(), 3);
    assert_eq!(number("proposal-2026", 3).await.unwrap(), 3);
    assert_eq!(number("proposal-2027", 3).await.unwrap(), 1);
}

pub(crate) async fn a_receipt_is_found_by_its_code(db: &dyn Database) {
    let store = db.open().await;
    let code = || "ABCD-2345".to_owned();
    assert_eq!(store.by_receipt(code()).await.unwrap(), None);
    let row = Row {
        receipt: Some(code()),
        ..row("电梯")
    };
    put(&*store, listed(write(doc(1), 0, &[]), row, 1)).await;
    assert_eq!(store.by_receipt(code()).await.unwrap(), Some(doc(1)));
}

pub(crate) async fn rows_are_made_anew_in_their_places(db: &dyn Database) {
    let store = db.open().await;
    assert_eq!(store.projection().await.unwrap(), 0);
    for n in 1..=3 {
        put(&*store, listed(write(doc(n), 0, &[]), row("电梯"), n.into())).await;
    }
    let other = linking("suggestions", 1);
    // One that is not here is left out.
    let rows = vec![(doc(2), other), (doc(8), row("无"))];
    store.put_rows(rows).await.unwrap();
    store.set_projection(7).await.unwrap();
    assert_eq!(store.projection().await.unwrap(), 7);
    let page = store.records(crate::records::filter(), None, 9).await.unwrap();
    let titles: Vec<_> = page
        .records
        .iter()
        .map(|listed| listed.row.title.as_str())
        .collect();
    assert_eq!(titles, ["电梯", "提案", "电梯"]);
    assert_eq!(store.links(doc(2)).await.unwrap().to.len(), 1);
}

pub(crate) async fn sketches_and_rows_are_fetched_by_what_is_asked(db: &dyn Database) {
    let store = db.open().await;
    let sketched = |bytes: &[u8]| Row {
        sketch: Some(bytes.to_vec()),
        ..row("电梯")
    };
    put(&*store, listed(write(doc(1), 0, &[]), sketched(b"one"), 10)).await;
    put(&*store, listed(write(doc(2), 0, &[]), sketched(b"two"), 20)).await;
    put(&*store, listed(write(doc(3), 0, &[]), row("路灯"), 30)).await;
    let since = async |at| {
        let mut sketches = store.sketches(Moment(at)).await.unwrap();
        sketches.sort();
        sketches
    };
    let (one, two) = ((doc(1), b"one".to_vec()), (doc(2), b"two".to_vec()));
    assert_eq!(since(0).await, [one, two.clone()]);
    assert_eq!(since(11).await, std::slice::from_ref(&two));
    put(&*store, listed(write(doc(1), 1, &[]), sketched(b"new"), 40)).await;
    assert_eq!(since(11).await, [(doc(1), b"new".to_vec()), two]);
    let rows = store.listed(vec![doc(3), doc(9), doc(1)]).await.unwrap();
    assert_eq!(
        rows.iter().map(|row| row.doc).collect::<Vec<_>>(),
        [doc(3), doc(1)]
    );
}

pub(crate) async fn an_older_database_keeps_what_records_say(db: &dyn Database) {
    let store = db.open().await;
    for n in 1..=3 {
        let row = Row {
            credits: [share("user:host1", "suggestion", n.into())].into(),
            sketch: Some(vec![1, 2, 3, n]),
            ..row("三号楼wifi坏了")
        };
        let write = write(doc(n.into()), 0, &["station:A", "station:B"]);
        put(&*store, listed(write, row, n.into())).await;
    }
    let told = async |store: &dyn lianxin_server::store::Store| {
        let mut sketches = store.sketches(Moment(2)).await.unwrap();
        sketches.sort();
        let mut found = Vec::new();
        for words in ["号楼", "楼", "wi", "ifi"] {
            let tokens = search::tokens(words);
            let filter = Filter { tokens, ..filter() };
            found.push(store.counts(filter).await.unwrap().total);
        }
        let channels = ["station:A", "station:B"].map(str::to_owned).to_vec();
        let moved = store
            .moved("station:B".to_owned(), 1, 9, channels.clone())
            .await
            .unwrap();
        let figures = store.figures(Moment(0), Moment(1_000)).await.unwrap();
        (
            sketches,
            found,
            moved,
            figures,
            store.states(channels).await.unwrap(),
        )
    };
    let before = told(&*store).await;
    assert_eq!((before.0.len(), &*before.1), (2, &[3, 3, 3, 0][..]));
    assert_eq!((before.2.len(), before.3[0].amount, before.4.len()), (2, 6, 3));
    drop(store);
    db.take_back().await;
    let store = db.open().await;
    assert_eq!(told(&*store).await, before);
    // And it goes on from there.
    put(&*store, listed(write(doc(2), 1, &["station:B"]), row("路灯"), 9)).await;
    assert_eq!(told(&*store).await.3[0].amount, 4);
}
