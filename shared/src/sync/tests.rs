//! Devices against a small server of one channel, over a line that is cut wherever chance wants it.

mod server;
mod tablet;

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::*;
use crate::id::{DeviceId, DocId, Epoch};
use server::Server;
use tablet::Tablet;

const STATION: DocId = DocId([7; 16]);
const FORBIDDEN: &str = "不许";

#[derive(Debug, Clone)]
enum Happening {
    Write {
        tablet: usize,
        doc: u8,
        words: String,
    },
    Exchange {
        tablet: usize,
        up: usize,
        down: usize,
        full: usize,
        anew: bool,
    },
    Restore {
        lost: usize,
    },
    /// The tablet loses a document that the server has, and the app is started anew.
    Lose {
        tablet: usize,
        doc: usize,
    },
}

/// Restores heal whatever went wrong before, so most stories have none.
fn story() -> impl Strategy<Value = Vec<Happening>> {
    let restores = prop_oneof![3 => Just(0), 1 => Just(1)];
    restores.prop_flat_map(|restores| prop::collection::vec(happening(restores), 0..40))
}

fn happening(restores: u32) -> impl Strategy<Value = Happening> {
    let words = prop_oneof![9 => "[a-z]{1,8}", 1 => Just(FORBIDDEN.to_owned())];
    let cut = prop_oneof![Just(usize::MAX), 0..3_000usize];
    prop_oneof![
        6 => (0..2usize, 0..4u8, words).prop_map(|(tablet, doc, words)| Happening::Write { tablet, doc, words }),
        4 => (0..2usize, cut.clone(), cut, prop_oneof![3 => Just(usize::MAX), 1 => 0..6usize], any::<bool>())
            .prop_map(|(tablet, up, down, full, anew)| Happening::Exchange { tablet, up, down, full, anew }),
        1 => (0..2usize, 0..4usize).prop_map(|(tablet, doc)| Happening::Lose { tablet, doc }),
        restores => (0..3usize).prop_map(|lost| Happening::Restore { lost }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn whatever_happens_all_end_equal_and_nothing_is_lost(story in story()) {
        let heals = story.iter().any(|happening| matches!(happening, Happening::Restore { .. } | Happening::Lose { .. }));
        let mut server = Server { epoch: Epoch([0; 16]), seq: 0, docs: BTreeMap::new() };
        let mut tablets = [Tablet::new(1), Tablet::new(2)];
        for happening in story {
            match happening {
                Happening::Write { tablet, doc, words } => {
                    // A document that the tablet does not have yet is a new one of its own range.
                    let own = 10 * (tablet as u8 + 1) + doc;
                    let other = 10 * (2 - tablet as u8) + doc;
                    let known = tablets[tablet].held.contains_key(&DocId([other; 16]));
                    tablets[tablet].write(if known { other } else { own }, &words);
                }
                Happening::Exchange { tablet, up, down, full, anew } => {
                    tablets[tablet].exchange(&mut server, up, down, full, anew);
                }
                // Another life of the database, without the last of what it had.
                Happening::Restore { lost } => server.restore(lost),
                Happening::Lose { tablet, doc } => tablets[tablet].lose(doc, &server),
            }
        }
        for _ in 0..3 {
            for tablet in &mut tablets {
                tablet.exchange(&mut server, usize::MAX, usize::MAX, usize::MAX, false);
            }
        }
        let bodies: BTreeMap<_, _> =
            server.docs.iter().map(|(id, (_, doc))| (*id, doc.record().unwrap().text("body").to_owned())).collect();
        for tablet in &tablets {
            // Where nothing was lost, the fingerprints never differ.
            prop_assert!(heals || tablet.checks == 0);
            prop_assert_eq!(&tablet.bodies(), &bodies);
            prop_assert!(tablet.held.values().all(|(held, summary)| !held.unsent && !summary.unsent));
            let refused = tablet.held.values().filter_map(|(held, _)| held.refused.as_ref());
            let kept: usize = refused
                .map(|r| r.document().unwrap().record().unwrap().text("body").matches(FORBIDDEN).count())
                .sum();
            prop_assert!(kept >= tablet.forbidden.len(), "{kept} of {} refused texts kept", tablet.forbidden.len());
        }
    }
}

#[test]
fn an_unchanged_device_asks_once_and_rests() {
    let mut server = Server {
        epoch: Epoch([0; 16]),
        seq: 0,
        docs: BTreeMap::new(),
    };
    let mut tablet = Tablet::new(1);
    tablet.write(1, "楼道的灯坏了");
    tablet.exchange(&mut server, usize::MAX, usize::MAX, usize::MAX, false);
    tablet.restart();
    let mut machine = tablet.machine;
    assert_eq!(machine.handle(Input::Wake).len(), 1);
    let Some(Output::Exchange(body)) = machine
        .handle(Input::Collected {
            work: vec![],
            more: false,
        })
        .pop()
    else {
        panic!("no exchange");
    };
    let answer = server.answer(&body);
    assert!(
        body.len() < 300 && answer.len() < 300,
        "{} up, {} down",
        body.len(),
        answer.len()
    );
    let mut last = machine.handle(Input::Chunk(answer));
    machine.handle(Input::Ended);
    while matches!(last.as_slice(), [Output::Commit(_)]) {
        last = machine.handle(Input::Committed {
            gap: false,
            turned: Holdings::default(),
        });
    }
    assert_eq!(last, [Output::Rest]);
    assert_eq!(machine.line(), Line::On);
}

#[test]
fn what_goes_out_next_is_gathered_while_the_server_is_at_work() {
    let mut server = Server {
        epoch: Epoch([0; 16]),
        seq: 0,
        docs: BTreeMap::new(),
    };
    let mut tablet = Tablet::new(1);
    let ids = [1, 2].map(|doc| DocId([doc; 16]));
    tablet.write(1, "楼道的灯坏了");
    tablet.write(2, "电梯停了");
    let load = |n: usize| {
        let (held, _) = &tablet.held[&ids[n]];
        vec![held.outgoing(ids[n]).unwrap().unwrap()]
    };
    let machine = &mut Machine::new(DeviceId([1; 16]), Position::default(), Holdings::default());
    machine.handle(Input::Wake);
    let collected = |work, more| Input::Collected { work, more };
    let Ok([Output::Exchange(body), Output::Collect { besides, .. }]) =
        <[Output; 2]>::try_from(machine.handle(collected(load(0), true)))
    else {
        panic!("the next load is not asked for");
    };
    assert_eq!(besides, [ids[0]].into());
    assert_eq!(machine.handle(collected(load(1), false)), []);
    assert_eq!(machine.on_their_way(), [ids[0]]);
    let mut outputs = machine.handle(Input::Chunk(server.answer(&body)));
    outputs.extend(machine.handle(Input::Ended));
    while let Some(Output::Commit(batch)) = outputs.first() {
        let Applied { put, turned, gap, .. } = batch.apply(tablet.held.clone());
        let put = put.into_iter().map(|(id, held, summary)| (id, (held, summary)));
        tablet.held.extend(put);
        outputs = machine.handle(Input::Committed { gap, turned });
    }
    // Nothing is asked for first, and nothing after it.
    assert!(matches!(outputs[..], [Output::Exchange(_)]), "{outputs:?}");
    assert_eq!(machine.on_their_way(), [ids[1]]);
}

#[test]
fn what_was_gathered_for_a_line_that_is_cut_is_gathered_anew() {
    let machine = &mut Machine::new(DeviceId([1; 16]), Position::default(), Holdings::default());
    machine.handle(Input::Wake);
    let collected = |more| Input::Collected {
        work: Vec::new(),
        more,
    };
    machine.handle(collected(true));
    // The line is cut before the next load is there: that still comes, and is of no more use.
    assert_eq!(machine.handle(Input::Cut), []);
    assert!(matches!(machine.handle(collected(false))[..], [Output::Retry(_)]));
    assert!(matches!(
        machine.handle(Input::Timer)[..],
        [Output::Collect { .. }]
    ));
}

#[test]
fn a_difference_that_a_check_leaves_is_not_checked_again() {
    let mut server = Server {
        epoch: Epoch([0; 16]),
        seq: 0,
        docs: BTreeMap::new(),
    };
    let mut tablet = Tablet::new(1);
    for doc in [1, 2] {
        tablet.write(doc, "楼道的灯坏了");
    }
    let mut contact = |tablet: &mut Tablet| {
        tablet.exchange(&mut server, usize::MAX, usize::MAX, usize::MAX, false);
        tablet.checks
    };
    assert_eq!(contact(&mut tablet), 0);
    // It counts nothing of what it holds; to compare finds nothing, and changes nothing.
    tablet.machine = Machine::new(DeviceId([1; 16]), tablet.position.clone(), Holdings::default());
    assert_eq!([contact(&mut tablet), contact(&mut tablet)], [1, 1]);
    tablet.restart();
    assert_eq!(contact(&mut tablet), 1);
    tablet.held.clear();
    tablet.restart();
    assert_eq!([contact(&mut tablet), contact(&mut tablet)], [2, 2]);
    assert_eq!(tablet.held.len(), 2);
}

#[test]
fn who_was_turned_away_comes_when_it_is_time_and_not_when_it_is_woken() {
    let mut machine = Machine::new(DeviceId([1; 16]), Position::default(), Holdings::default());
    let collected = || Input::Collected {
        work: Vec::new(),
        more: false,
    };
    let turned_away = |machine: &mut Machine| {
        assert!(matches!(machine.handle(collected())[..], [Output::Exchange(_)]));
        match machine.handle(Input::TurnedAway { after_ms: 5_000 })[..] {
            [Output::Retry(wait)] => wait,
            ref other => panic!("{other:?}"),
        }
    };
    let budget = match machine.handle(Input::Wake)[..] {
        [Output::Collect { budget, .. }] => budget,
        ref other => panic!("{other:?}"),
    };
    assert_eq!(turned_away(&mut machine).pick(0), 5_000);
    assert_eq!(machine.handle(Input::Wake), []);
    assert_eq!(machine.handle(Input::Check), []);
    assert_eq!(machine.line(), Line::Unknown, "the line is not at fault");
    // What was wanted meanwhile is done then, with all that the line was trusted with.
    assert_eq!(machine.handle(Input::Timer), [Output::Survey]);
    let mut machine = Machine::new(DeviceId([1; 16]), Position::default(), Holdings::default());
    machine.handle(Input::Wake);
    turned_away(&mut machine);
    let besides = BTreeSet::new();
    assert_eq!(
        machine.handle(Input::Timer),
        [Output::Collect { budget, besides }]
    );
}
