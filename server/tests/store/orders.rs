//! The orders of a list, and pages in each.

use lianxin_server::store::{Care, Filter, Order, Row, Store};
use lianxin_shared::id::Moment;
use lianxin_shared::search;

use crate::Database;
use crate::make::{doc, listed, put, row, write};
use crate::records::{filter, number};

/// The documents of a list by number, read in pages of so many.
async fn paged(store: &dyn Store, filter: &Filter, size: u32) -> Vec<u32> {
    let mut seen = Vec::new();
    let mut after = None;
    loop {
        let page = store.records(filter.clone(), after, size).await.unwrap();
        seen.extend(page.records.iter().map(number));
        // A mark comes back from an address.
        after = page.next.map(|mark| mark.to_string().parse().unwrap());
        if after.is_none() {
            return seen;
        }
    }
}

async fn comes(store: &dyn Store, filter: &Filter, order: &[u32]) {
    for size in 1..=5 {
        assert_eq!(paged(store, filter, size).await, order, "pages of {size}");
    }
}

pub(crate) async fn hits_in_titles_come_first(db: &dyn Database) {
    let store = db.open().await;
    // A title is the beginning of the words.
    let words = [
        (1, "电梯停车都难，盼早日解决。"),
        (2, "电梯坏了，老人下不了楼。还有停车也难。"),
        (3, "楼道里堆着东西，请人来看看。电梯也慢，停车也难。"),
        (4, "Lift：电梯坏了，请修。停车的事另说。"),
    ];
    for (n, words) in words {
        put(&*store, listed(write(doc(n), 0, &[]), row(words), n.into())).await;
    }
    let looking = |words: &str, order| Filter {
        tokens: search::tokens(words),
        order,
        ..filter()
    };
    comes(&*store, &looking("电梯 停车", Order::Words), &[1, 4, 2, 3]).await;
    comes(&*store, &looking("电梯 停车", Order::Received), &[4, 3, 2, 1]).await;
    comes(&*store, &looking("LIFT", Order::Words), &[4]).await;
}

pub(crate) async fn what_is_due_comes_first(db: &dyn Database) {
    let store = db.open().await;
    for (n, due) in [(1, Some(30)), (2, None), (3, Some(20)), (4, None), (5, Some(20))] {
        let care = Care {
            due: due.map(Moment),
            ..Care::default()
        };
        let row = Row {
            care, ..row("电梯")
        };
        put(&*store, listed(write(doc(n), 0, &[]), row, n.into())).await;
    }
    let filter = Filter {
        order: Order::Due,
        ..filter()
    };
    comes(&*store, &filter, &[5, 3, 1, 4, 2]).await;
}
