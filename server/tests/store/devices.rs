//! Keys by which devices sign what others carry.

use lianxin_server::store::{Account, Act, Deed, Registered, Store, TokenHash};
use lianxin_shared::handover::DeviceKey;

use crate::Database;
use crate::accounts::{account, session};
use crate::erasure::act;
use crate::make::by;

/// A key of a user's on a device, registered in a session.
pub(crate) fn device(key: u8, user: &str, session: u8) -> Registered {
    Registered {
        key: DeviceKey([key; 32]),
        by: by(user, key),
        session: TokenHash([session; 32]),
        withdrawn: false,
    }
}

fn deed(deed: Deed) -> Act {
    Act {
        deed,
        kind: None,
        ..act(5, "host1")
    }
}

/// Which of the keys 1 to 9 are withdrawn, of those that are there.
pub(crate) async fn withdrawn(store: &dyn Store) -> Vec<(u8, bool)> {
    let keys = (1..=9).map(|key| DeviceKey([key; 32])).collect();
    let known = store.registered(keys).await.unwrap();
    known
        .into_iter()
        .map(|device| (device.key.0[0], device.withdrawn))
        .collect()
}

pub(crate) async fn a_key_goes_with_its_session_and_its_account(db: &dyn Database) {
    let store = db.open().await;
    for user in ["host1", "host2", "host3"] {
        store.add_account(account(user)).await.unwrap();
    }
    for (key, user) in [(1, "host1"), (2, "host1"), (3, "host2"), (4, "host3")] {
        store.open_session(session(user, key, 1_000)).await.unwrap();
        assert!(store.register(device(key, user, key)).await.unwrap());
    }
    let known = store.registered(vec![DeviceKey([3; 32])]).await.unwrap();
    assert_eq!(known, [device(3, "host2", 3)]);

    // It is nobody else's, and on no other device.
    let elsewhere = Registered {
        by: by("host1", 9),
        ..device(1, "host1", 1)
    };
    for foreign in [device(1, "host2", 3), elsewhere] {
        assert!(!store.register(foreign).await.unwrap());
    }
    let still = store.registered(vec![DeviceKey([1; 32])]).await.unwrap();
    assert_eq!(still, [device(1, "host1", 1)]);

    // Whoever signs out still has it; whose session somebody ends does not.
    store
        .close_session(TokenHash([2; 32]), session("host1", 2, 0).created_at)
        .await
        .unwrap();
    store
        .end_session(TokenHash([1; 32]), Some(deed(Deed::SessionEnded)))
        .await
        .unwrap();
    let all = |states: [bool; 4]| (1..).zip(states).collect::<Vec<_>>();
    assert_eq!(withdrawn(&*store).await, all([true, false, false, false]));
    store
        .note_account(account("host1"), deed(Deed::DevicesWithdrawn))
        .await
        .unwrap();
    assert_eq!(withdrawn(&*store).await, all([true, true, false, false]));
    let with = |account| async {
        let done = store.note_account(account, deed(Deed::AccountChanged));
        done.await.unwrap();
    };
    with(Account {
        password: "$argon2id$2".to_owned(),
        ..account("host2")
    })
    .await;
    with(Account {
        disabled: true,
        ..account("host3")
    })
    .await;
    assert_eq!(withdrawn(&*store).await, all([true; 4]));

    // Signed in again, it counts again.
    assert!(store.register(device(1, "host1", 5)).await.unwrap());
    assert_eq!(withdrawn(&*store).await, all([false, true, true, true]));
}
