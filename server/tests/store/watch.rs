//! What there is to watch over.

use lianxin_server::store::{Care, Filter, Row, Wait, Watched};
use lianxin_shared::id::Moment;

use crate::Database;
use crate::make::{doc, listed, put, row, write};
use crate::records::filter;

const NOW: Moment = Moment(100);
const STALLED: Moment = Moment(50);

type Narrow = fn(&mut Filter);

pub(crate) async fn each_count_is_that_of_its_list(db: &dyn Database) {
    let store = db.open().await;
    let care = |handler: Option<&str>, open, due, moved, general, setbacks| Care {
        open,
        handler: handler.map(|name| name.parse().unwrap()),
        assigner: None,
        due: Some(Moment(due)),
        moved: Some(Moment(moved)),
        general,
        setbacks,
        waited: None,
    };
    let cares = [
        care(Some("handler1"), true, 99, 49, false, 0),
        care(Some("handler1"), true, 100, 50, true, 1),
        care(Some("handler1"), false, 1, 1, true, 0),
        care(Some("handler2"), true, 200, 60, false, 2),
        care(None, true, 1, 60, false, 0),
    ];
    for (n, care) in (1..).zip(cares) {
        let row = Row {
            care, ..row("电梯")
        };
        put(&*store, listed(write(doc(n), 0, &[]), row, n.into())).await;
    }
    let other = Row {
        kind: "theme".to_owned(),
        ..row("主题")
    };
    put(&*store, listed(write(doc(9), 0, &[]), other, 9)).await;

    let watched = store.watch(filter().kinds, NOW, STALLED).await.unwrap();
    let names: Vec<_> = watched
        .iter()
        .map(|w| w.handler.as_ref().map(|h| h.as_str()))
        .collect();
    assert_eq!(names, [Some("handler1"), Some("handler2"), None]);
    assert_eq!(
        watched[0],
        Watched {
            handler: Some("handler1".parse().unwrap()),
            open: 2,
            overdue: 1,
            stalled: 1,
            general: 2,
            wanting: 1,
        }
    );
    for one in watched {
        let of = |narrow: Narrow| {
            let mut filter = Filter {
                handler: one.handler.clone(),
                unassigned: one.handler.is_none(),
                ..filter()
            };
            narrow(&mut filter);
            filter
        };
        let lists: [(Narrow, u64); 5] = [
            (|f| f.open = Some(true), one.open),
            (|f| f.overdue = Some(NOW), one.overdue),
            (|f| f.stalled = Some(STALLED), one.stalled),
            (|f| f.general = true, one.general),
            (|f| f.wanting = true, one.wanting),
        ];
        for (narrow, count) in lists {
            let listed = store.counts(of(narrow)).await.unwrap().total;
            assert_eq!(listed, count, "{:?}", of(narrow));
        }
    }
}

pub(crate) async fn waits_are_of_what_was_answered_in_the_time(db: &dyn Database) {
    let store = db.open().await;
    // Its theme, when it took place, and how long it waited.
    let records = [
        (Some(doc(8)), 10, Some(7)),
        (Some(doc(8)), 19, Some(0)),
        (None, 10, Some(3)),
        (Some(doc(8)), 15, None),
        (Some(doc(8)), 9, Some(1)),
        (Some(doc(8)), 20, Some(2)),
    ];
    for (n, (theme, when, waited)) in (1..).zip(records) {
        let care = Care {
            waited,
            ..Care::default()
        };
        let row = Row {
            theme,
            when: Moment(when),
            care,
            ..row("电梯")
        };
        put(&*store, listed(write(doc(n), 0, &[]), row, n.into())).await;
    }
    let of = async |kind| {
        let mut waits = store.waits(kind, Moment(10), Moment(20)).await.unwrap();
        waits.sort_by_key(|wait| wait.ms);
        waits
    };
    let wait = |theme, ms| Wait { theme, ms };
    let expected = [wait(Some(doc(8)), 0), wait(None, 3), wait(Some(doc(8)), 7)];
    assert_eq!(of("suggestion").await, expected);
    assert_eq!(of("proposal").await, []);
}
