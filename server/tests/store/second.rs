//! What somebody proves at sign-in besides the password.

use lianxin_server::store::{Act, Deed, Proof, Second};

use crate::Database;
use crate::accounts::account;
use crate::erasure::act;

fn second() -> Second {
    Second {
        secret: vec![7; 20],
        step: 10,
        recovery: [[1; 32], [2; 32]].into(),
    }
}

fn noted(deed: Deed) -> Act {
    Act {
        deed,
        kind: None,
        ..act(1, "host1")
    }
}

pub(crate) async fn a_proof_is_used_up_once(db: &dyn Database) {
    let store = db.open().await;
    store.add_account(account("host1")).await.unwrap();
    let host = || "host1".parse().unwrap();
    assert_eq!(store.second(host()).await.unwrap(), None);
    let spend = async |proof| store.spend(host(), proof).await.unwrap();
    assert!(!spend(Proof::Step(11)).await && !spend(Proof::Recovery([1; 32])).await);
    store
        .note_second(host(), Some(second()), noted(Deed::SecondSet))
        .await
        .unwrap();
    assert_eq!(store.second(host()).await.unwrap(), Some(second()));
    for (step, fits) in [
        (10, false),
        (9, false),
        (11, true),
        (11, false),
        (13, true),
        (12, false),
    ] {
        assert_eq!(spend(Proof::Step(step)).await, fits, "{step}");
    }
    for (code, fits) in [(1, true), (1, false), (3, false)] {
        assert_eq!(spend(Proof::Recovery([code; 32])).await, fits, "{code}");
    }
    let left = Second {
        step: 13,
        recovery: [[2; 32]].into(),
        ..second()
    };
    assert_eq!(store.second(host()).await.unwrap(), Some(left.clone()));

    // A copy has the same; it is neither lost nor usable twice.
    let (_db, other) = db.other().await;
    other.fill(store.dump()).await.unwrap();
    assert_eq!(other.second(host()).await.unwrap(), Some(left));

    store
        .note_second(host(), None, noted(Deed::SecondRemoved))
        .await
        .unwrap();
    assert_eq!(store.second(host()).await.unwrap(), None);
    assert!(!spend(Proof::Recovery([2; 32])).await);
    let acts = store.acts(None, 9).await.unwrap().acts;
    let deeds: Vec<_> = acts.iter().map(|act| act.deed).collect();
    assert_eq!(deeds, [Deed::SecondRemoved, Deed::SecondSet]);
}
