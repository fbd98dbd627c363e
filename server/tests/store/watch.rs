//! What there is to watch over.

use lianxin_server::store::{Care, Filter, Row, Watched};
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
