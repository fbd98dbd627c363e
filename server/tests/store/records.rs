//! Records: order, pages, filters, search, counts.

use std::collections::BTreeSet;

use lianxin_server::store::{Care, CreditFilter, Filter, Listed, Row, Store};
use lianxin_shared::id::Moment;
use lianxin_shared::records::Value;
use lianxin_shared::search;

use crate::Database;
use crate::make::{doc, listed, put, row, write};
use crate::related::share;

/// All suggestions.
pub(crate) fn filter() -> Filter {
    Filter {
        kinds: vec!["suggestion".to_owned()],
        ..Filter::default()
    }
}

fn looking_for(words: &str) -> Filter {
    Filter {
        tokens: search::tokens(words),
        ..filter()
    }
}

/// The documents of a list by number.
async fn found(store: &dyn Store, filter: Filter) -> Vec<u32> {
    let page = store.records(filter, None, 100).await.unwrap();
    page.records.iter().map(number).collect()
}

pub(crate) fn number(listed: &Listed) -> u32 {
    u32::from_be_bytes(listed.doc.0[..4].try_into().unwrap())
}

pub(crate) async fn pages_go_from_the_latest_to_the_first(db: &dyn Database) {
    let store = db.open().await;
    // Some at one moment: they have an order all the same, the one in which they came.
    for (n, at) in [(1, 10), (2, 30), (3, 20), (4, 30), (5, 30)] {
        put(&*store, listed(write(doc(n), 0, &[]), row("电梯"), at)).await;
    }
    let batch = (6..=7).map(|n| listed(write(doc(n), 0, &[]), row("电梯"), 40));
    store.commit(batch.collect()).await.unwrap();
    let order = [7, 6, 5, 4, 2, 3, 1];
    assert_eq!(found(&*store, filter()).await, order);
    for size in 1..=8 {
        let mut seen = Vec::new();
        let mut after = None;
        loop {
            let page = store.records(filter(), after, size).await.unwrap();
            assert!(page.records.len() <= size as usize);
            seen.extend(page.records.iter().map(number));
            after = page.next.map(|mark| mark.to_string().parse().unwrap());
            if after.is_none() {
                break;
            }
        }
        assert_eq!(seen, order, "pages of {size}");
    }
}

pub(crate) async fn a_page_stays_where_it_is_while_records_come_in(db: &dyn Database) {
    let store = db.open().await;
    for n in 1..=4 {
        put(&*store, listed(write(doc(n), 0, &[]), row("电梯"), n.into())).await;
    }
    let first = store.records(filter(), None, 2).await.unwrap();
    put(&*store, listed(write(doc(5), 0, &[]), row("电梯"), 5)).await;
    put(&*store, listed(write(doc(4), 1, &[]), row("路灯"), 6)).await;
    let second = store.records(filter(), first.next, 2).await.unwrap();
    let numbers = |records: &[Listed]| records.iter().map(number).collect::<Vec<_>>();
    assert_eq!(numbers(&first.records), [4, 3]);
    assert_eq!((numbers(&second.records), second.next), (vec![2, 1], None));
}

pub(crate) async fn a_row_reads_back_and_is_replaced(db: &dyn Database) {
    let store = db.open().await;
    put(
        &*store,
        listed(write(doc(1), 0, &[]), row("三号楼的电梯坏了"), 10),
    )
    .await;
    let one = async || {
        let page = store.records(filter(), None, 9).await.unwrap();
        page.records.into_iter().next().unwrap()
    };
    let untold = |row: Row| Row {
        words: String::new(),
        links: BTreeSet::new(),
        files: BTreeSet::new(),
        credits: BTreeSet::new(),
        sketch: None,
        ..row
    };
    let expected = Listed {
        doc: doc(1),
        received_at: Moment(10),
        row: untold(row("三号楼的电梯坏了")),
    };
    assert_eq!(one().await, expected);
    let changed = Row {
        station: None,
        theme: None,
        state: "answered".to_owned(),
        state_since: None,
        when: Moment(-1),
        number: Some("2026-001".to_owned()),
        receipt: Some("ABCD-2345".to_owned()),
        care: Care {
            open: false,
            handler: Some("handler1".parse().unwrap()),
            assigner: Some("clerk1".parse().unwrap()),
            due: Some(Moment(9)),
            moved: None,
            general: true,
            setbacks: 2,
            waited: Some(7),
        },
        ..row("路灯修好了")
    };
    put(&*store, listed(write(doc(1), 1, &[]), changed.clone(), 20)).await;
    let expected = Listed {
        row: untold(changed),
        ..expected
    };
    assert_eq!(one().await, expected);
    assert!(found(&*store, looking_for("电梯")).await.is_empty());
    assert_eq!(found(&*store, looking_for("路灯")).await, [1]);
    // A write without a row leaves it as it is.
    put(&*store, write(doc(1), 2, &[])).await;
    assert_eq!(one().await, expected);
}

pub(crate) async fn every_filter_filters(db: &dyn Database) {
    let store = db.open().await;
    let rows = [
        row("一"),
        Row {
            kind: "activity".to_owned(),
            ..row("二")
        },
        Row {
            station: Some(doc(7_002)),
            ..row("三")
        },
        Row {
            state: "answered".to_owned(),
            ..row("四")
        },
        Row {
            theme: None,
            ..row("五")
        },
        Row {
            when: Moment(601),
            station: None,
            ..row("六")
        },
        Row {
            kind: "proposal".to_owned(),
            owner: "member1".parse().unwrap(),
            care: Care {
                open: true,
                handler: Some("handler1".parse().unwrap()),
                assigner: Some("clerk1".parse().unwrap()),
                due: Some(Moment(50)),
                moved: Some(Moment(40)),
                general: true,
                setbacks: 1,
                waited: None,
            },
            credits: [share("user:member1", "proposal", 1)].into(),
            ..row("七")
        },
        Row {
            kind: "proposal".to_owned(),
            care: Care::default(),
            ..row("八")
        },
    ];
    let proposals = || Filter {
        kinds: vec!["proposal".to_owned()],
        ..Filter::default()
    };
    let credit = |figure: &str| {
        Some(CreditFilter {
            subjects: vec!["person:x".to_owned(), "user:member1".to_owned()],
            figure: figure.to_owned(),
        })
    };
    for (n, row) in (1..).zip(rows) {
        put(&*store, listed(write(doc(n), 0, &[]), row, n.into())).await;
    }
    let both = vec!["suggestion".to_owned(), "activity".to_owned()];
    let nothing = Filter::default();
    for (filter, expected) in [
        (filter(), &[6, 5, 4, 3, 1][..]),
        (
            Filter {
                kinds: both,
                ..filter()
            },
            &[6, 5, 4, 3, 2, 1],
        ),
        (nothing, &[]),
        (
            Filter {
                station: Some(doc(7_001)),
                ..filter()
            },
            &[5, 4, 1],
        ),
        (proposals(), &[8, 7]),
        (
            Filter {
                handler: Some("handler1".parse().unwrap()),
                ..proposals()
            },
            &[7],
        ),
        (
            Filter {
                assigner: Some("clerk1".parse().unwrap()),
                ..proposals()
            },
            &[7],
        ),
        (
            Filter {
                assigner: Some("handler1".parse().unwrap()),
                ..proposals()
            },
            &[],
        ),
        (
            Filter {
                owner: Some("host1".parse().unwrap()),
                ..proposals()
            },
            &[8],
        ),
        (
            Filter {
                open: Some(false),
                ..proposals()
            },
            &[8],
        ),
        (
            Filter {
                overdue: Some(Moment(51)),
                ..proposals()
            },
            &[7],
        ),
        (
            Filter {
                overdue: Some(Moment(50)),
                ..proposals()
            },
            &[],
        ),
        (
            Filter {
                undated: true,
                ..proposals()
            },
            &[],
        ),
        (
            Filter {
                stalled: Some(Moment(41)),
                general: true,
                wanting: true,
                credit: credit("proposal"),
                ..proposals()
            },
            &[7],
        ),
        (
            Filter {
                credit: credit("visit"),
                ..proposals()
            },
            &[],
        ),
        (
            Filter {
                station: Some(doc(7_003)),
                ..filter()
            },
            &[],
        ),
        (
            Filter {
                state: Some("answered".to_owned()),
                ..filter()
            },
            &[4],
        ),
        (
            Filter {
                theme: Some(doc(8_001)),
                ..filter()
            },
            &[6, 4, 3, 1],
        ),
        (
            Filter {
                from: Some(Moment(601)),
                ..filter()
            },
            &[6],
        ),
        (
            Filter {
                before: Some(Moment(601)),
                ..filter()
            },
            &[5, 4, 3, 1],
        ),
        (
            Filter {
                tokens: search::tokens("三"),
                ..filter()
            },
            &[3],
        ),
        (
            Filter {
                station: Some(doc(7_001)),
                state: Some("submitted".to_owned()),
                theme: Some(doc(8_001)),
                from: Some(Moment(600)),
                before: Some(Moment(601)),
                tokens: search::tokens("一"),
                ..filter()
            },
            &[1],
        ),
    ] {
        assert_eq!(found(&*store, filter.clone()).await, expected, "{filter:?}");
    }
}

pub(crate) async fn words_are_found_by_their_beginning(db: &dyn Database) {
    let store = db.open().await;
    let long = "a".repeat(Filter::MAX_TOKEN) + "bcd";
    let texts = [
        "三号楼的电梯坏了，居民上下不便。",
        "电动车乱停，楼梯间堵了",
        "The LIFT in no. 3 is broken again, call 021-5555",
        &long,
        "梯 OR 电 NOT \"AND\" 电梯*",
    ];
    for (n, text) in (1..).zip(texts) {
        put(&*store, listed(write(doc(n), 0, &[]), row(text), n.into())).await;
    }
    let longer = "a".repeat(Filter::MAX_TOKEN) + "x";
    for (words, expected) in [
        ("", &[5, 4, 3, 2, 1][..]),
        ("电梯", &[5, 1]),
        ("电动", &[2]),
        ("电", &[5, 2, 1]),
        ("楼", &[2, 1]),
        ("楼梯", &[2]),
        ("电梯坏了", &[1]),
        ("坏电梯", &[]),
        ("电梯 居民", &[1]),
        ("居民 电动", &[]),
        ("lift", &[3]),
        ("ＬＩＦ", &[3]),
        ("ift", &[]),
        ("brok call", &[3]),
        ("5555", &[3]),
        ("55", &[3]),
        ("a", &[4, 3, 5]),
        ("aaaa", &[4]),
        (&long, &[4]),
        (&longer, &[4]),
        ("OR", &[5]),
        ("not", &[5]),
        ("%", &[5, 4, 3, 2, 1]),
        ("xyz", &[]),
    ] {
        let mut expected = expected.to_vec();
        expected.sort_unstable_by(|a, b| b.cmp(a));
        assert_eq!(found(&*store, looking_for(words)).await, expected, "{words}");
    }
    // Tokens that the tokenizer would not make: signs are signs.
    for token in ["\"", "*", "电*", "a\" OR \"b", "{a}", "\\", "'"] {
        let filter = Filter {
            tokens: vec![token.to_owned()],
            ..filter()
        };
        store.records(filter, None, 9).await.unwrap();
    }
}

pub(crate) async fn counts_agree_with_the_list(db: &dyn Database) {
    let store = db.open().await;
    let kinds = ["suggestion", "activity"];
    for n in 1..=12 {
        let row = Row {
            kind: kinds[n as usize % 2].to_owned(),
            station: (n % 3 != 0).then(|| doc(7_000 + n % 3)),
            state: ["submitted", "answered", "closed"][n as usize % 3].to_owned(),
            theme: (n % 4 != 0).then(|| doc(8_000 + n % 4)),
            ..row(if n < 7 { "电梯" } else { "路灯" })
        };
        put(&*store, listed(write(doc(n), 0, &[]), row, n.into())).await;
    }
    let both = || kinds.map(str::to_owned).to_vec();
    for filter in [
        Filter {
            kinds: both(),
            ..filter()
        },
        Filter {
            kinds: both(),
            ..looking_for("电梯")
        },
        filter(),
        Filter {
            station: Some(doc(7_001)),
            ..filter()
        },
        looking_for("没有"),
    ] {
        let records = store.records(filter.clone(), None, 100).await.unwrap().records;
        let counts = store.counts(filter.clone()).await.unwrap();
        assert_eq!(counts.total, records.len() as u64, "{filter:?}");
        assert_eq!(counts.by_kind, tally(&records, |row| Some(row.kind.clone())));
        assert_eq!(counts.by_state, tally(&records, |row| Some(row.state.clone())));
        assert_eq!(counts.by_station, tally(&records, |row| row.station));
        assert_eq!(counts.by_theme, tally(&records, |row| row.theme));
    }
}

fn tally<K: Ord>(records: &[Listed], key: impl Fn(&Row) -> Option<K>) -> std::collections::BTreeMap<K, u64> {
    let mut counts = std::collections::BTreeMap::new();
    for key in records.iter().filter_map(|listed| key(&listed.row)) {
        *counts.entry(key).or_default() += 1;
    }
    counts
}

pub(crate) async fn signs_that_no_database_likes_do_no_harm(db: &dyn Database) {
    let store = db.open().await;
    let odd = "a\0b 'c' \"d\" \\e {f} \u{1f3d8}\u{200d} 𠮷 %_; DROP";
    let row = Row {
        values: [("odd".to_owned(), Value::from(odd))].into(),
        ..row(odd)
    };
    put(&*store, listed(write(doc(1), 0, &[]), row, 1)).await;
    let page = store.records(filter(), None, 9).await.unwrap();
    let read = &page.records[0].row;
    assert_eq!(read.values["odd"].text(), Some(odd));
    // A database that cannot hold the sign of nothing shows another in its place.
    assert!([odd, &odd.replace('\0', "\u{fffd}")].contains(&read.excerpt.as_str()));
    assert_eq!(found(&*store, looking_for("𠮷")).await, [1]);
}

#[tokio::test]
async fn words_are_found_alike_while_they_wait_and_once_they_are_indexed() {
    let folder = tempfile::TempDir::new().unwrap();
    let store = lianxin_server::store::SqliteStore::open(folder.path()).unwrap();
    let texts = [
        "三号楼的电梯坏了",
        "swing３号 the LIFT",
        "İstanbul 𠮷野家no5电",
        "电",
    ];
    for (n, text) in (1..).zip(texts) {
        put(&store, listed(write(doc(n), 0, &[]), row(text), n.into())).await;
    }
    let sought = [
        "电", "电梯", "梯电", "wing", "sw", "3", "号", "li", "İs", "𠮷", "no", "家", "了",
    ];
    let all = async || {
        let mut all = Vec::new();
        for words in sought {
            all.push((words, found(&store, looking_for(words)).await));
        }
        all
    };
    let waiting = all().await;
    let file = rusqlite::Connection::open(folder.path().join("lianxin.sqlite")).unwrap();
    let waits = || file.query_row("SELECT count(*) FROM waiting", [], |row| row.get::<_, i64>(0));
    while waits().unwrap() > 0 {
        tokio::task::yield_now().await;
    }
    assert_eq!(all().await, waiting);
    assert_eq!(waiting[0], ("电", vec![4, 3, 1]));
}
