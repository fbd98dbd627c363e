//! Accounts and sessions.

use lianxin_server::store::{Account, Act, Contact, Deed, Session, StoreError, TokenHash, Withdrawal};
use lianxin_shared::id::Moment;
use lianxin_shared::rules::{Principal, Role};

use crate::Database;
use crate::devices::{device, withdrawn};
use crate::erasure::act;
use crate::make::doc;

/// An account.
pub(crate) fn account(user: &str) -> Account {
    Account {
        principal: Principal {
            hosts: [doc(7_001)].into(),
            member_of: [doc(7_002), doc(7_003)].into(),
            ..Principal::new(user.parse().unwrap(), [Role::Host, Role::Member])
        },
        name: "主持人甲".to_owned(),
        password: "$argon2id$".to_owned(),
        language: None,
        disabled: false,
        created_at: Moment(5),
    }
}

/// A session from 10 to `end`.
pub(crate) fn session(user: &str, token: u8, end: i64) -> Session {
    Session {
        token: TokenHash([token; 32]),
        user: user.parse().unwrap(),
        created_at: Moment(10),
        expires_at: Moment(end),
        contact: contact(10),
    }
}

fn contact(at: i64) -> Contact {
    Contact {
        at: Moment(at),
        device: "Android · Chrome".to_owned(),
        place: "198.51.*".to_owned(),
        client: "0.1.0".to_owned(),
    }
}

pub(crate) async fn an_account_reads_back_and_its_name_is_taken(db: &dyn Database) {
    let store = db.open().await;
    let users = ["host1", "host.1", "host-1", "a_b", "z", "0"];
    for user in users {
        store.add_account(account(user)).await.unwrap();
    }
    let mut sorted: Vec<_> = users.map(account).to_vec();
    sorted.sort_by(|a, b| a.principal.user.cmp(&b.principal.user));
    assert_eq!(store.accounts().await.unwrap(), sorted);
    let taken = Account {
        name: "主持人乙".to_owned(),
        ..account("host1")
    };
    assert_eq!(store.add_account(taken).await, Err(StoreError::Exists));
    let host = "host1".parse().unwrap();
    store.set_language(host, "en".to_owned()).await.unwrap();
    let elsewhere = Principal {
        member_of: [doc(9)].into(),
        ..account("host1").principal
    };
    store.set_principal(elsewhere.clone()).await.unwrap();
    let expected = Account {
        language: Some("en".to_owned()),
        principal: elsewhere,
        ..account("host1")
    };
    let read = store.account("host1".parse().unwrap()).await.unwrap();
    assert_eq!(read, Some(expected));
    assert_eq!(store.account("nobody".parse().unwrap()).await.unwrap(), None);
}

pub(crate) async fn a_session_lives_until_its_end(db: &dyn Database) {
    let store = db.open().await;
    store.add_account(account("host1")).await.unwrap();
    for (token, end) in [(1, 100), (2, 50), (3, 100)] {
        store.open_session(session("host1", token, end)).await.unwrap();
    }
    let lives = async |token, now| {
        let found = store.session(TokenHash([token; 32]), Moment(now)).await.unwrap();
        found.map(|(session, account)| {
            assert_eq!(account, self::account("host1"));
            assert_eq!(session.created_at, Moment(10));
            session.expires_at.0
        })
    };
    assert_eq!(lives(1, 99).await, Some(100));
    assert_eq!(lives(1, 100).await, None);
    assert_eq!(lives(9, 0).await, None);
    store
        .extend_session(TokenHash([1; 32]), Moment(200), contact(60))
        .await
        .unwrap();
    assert_eq!(lives(1, 199).await, Some(200));
    let listed = async |user: Option<&str>, now| {
        let user = user.map(|user| user.parse().unwrap());
        let listed = store.sessions(user, Moment(now)).await.unwrap();
        let shown = listed
            .into_iter()
            .map(|session| (session.token.0[0], session.contact));
        shown.collect::<Vec<_>>()
    };
    let all = [(1, contact(60)), (2, contact(10)), (3, contact(10))];
    assert_eq!(listed(None, 11).await, all, "the last used first");
    assert_eq!(listed(Some("host1"), 50).await, [all[0].clone(), all[2].clone()]);
    assert_eq!(listed(Some("nobody"), 11).await, []);
    // Ending one forgets the expired ones too.
    store.close_session(TokenHash([3; 32]), Moment(50)).await.unwrap();
    assert_eq!((lives(3, 11).await, lives(2, 11).await), (None, None));
    assert_eq!(lives(1, 11).await, Some(200));
    assert!(store.open_session(session("nobody", 4, 100)).await.is_err());
}

pub(crate) async fn an_account_is_changed_with_a_note_and_its_sessions_end(db: &dyn Database) {
    let store = db.open().await;
    let noted = |deed| Act {
        deed,
        kind: None,
        ..act(1, "host1")
    };
    let added = Act {
        deed: Deed::AccountAdded,
        ..noted(Deed::AccountAdded)
    };
    store.note_account(account("host1"), added.clone()).await.unwrap();
    assert_eq!(
        store.note_account(account("host1"), added).await,
        Err(StoreError::Exists)
    );
    let open = async |token| {
        let found = store.session(TokenHash([token; 32]), Moment(20)).await.unwrap();
        found.is_some()
    };
    store.open_session(session("host1", 1, 1_000)).await.unwrap();
    let renamed = Account {
        name: "主持人乙".to_owned(),
        ..account("host1")
    };
    let changed = || noted(Deed::AccountChanged);
    store.note_account(renamed.clone(), changed()).await.unwrap();
    assert!(open(1).await);
    let other = Account {
        password: "$argon2id$2".to_owned(),
        ..renamed
    };
    store.note_account(other.clone(), changed()).await.unwrap();
    assert!(!open(1).await);
    store.open_session(session("host1", 2, 1_000)).await.unwrap();
    let out = Account {
        disabled: true,
        ..other.clone()
    };
    store.note_account(out.clone(), changed()).await.unwrap();
    assert_eq!(store.account("host1".parse().unwrap()).await.unwrap(), Some(out));
    store.open_session(session("host1", 3, 1_000)).await.unwrap();
    assert!(!open(2).await && !open(3).await);
    store
        .note_account(other.clone(), noted(Deed::AccountChanged))
        .await
        .unwrap();
    assert!(open(3).await);
    let ended = noted(Deed::SessionEnded);
    store.end_session(TokenHash([3; 32]), Some(ended)).await.unwrap();
    assert!(!open(3).await);
    let acts = store.acts(None, 9).await.unwrap().acts;
    assert_eq!(acts.len(), 6, "what was not done is not noted");
}

pub(crate) async fn what_was_withdrawn_is_told_once(db: &dyn Database) {
    let store = db.open().await;
    store.add_account(account("host1")).await.unwrap();
    store.add_account(account("host2")).await.unwrap();
    for (user, token) in [("host1", 1), ("host1", 2), ("host2", 3)] {
        store.open_session(session(user, token, 1_000)).await.unwrap();
    }
    let withdraw = |at| Act {
        deed: Deed::DevicesWithdrawn,
        kind: None,
        ..act(at, "host1")
    };
    store.note_account(account("host1"), withdraw(5)).await.unwrap();
    let token = |n| TokenHash([n; 32]);
    let told = async |n, at| store.withdrawn(token(n), Moment(at)).await.unwrap();
    assert!(store.session(token(1), Moment(20)).await.unwrap().is_none());
    assert!(store.session(token(3), Moment(20)).await.unwrap().is_some());
    assert!(told(1, 7).await && told(1, 8).await);
    assert!(!told(3, 7).await && !told(9, 7).await);
    let told_at = async |user: &str| {
        let withdrawals = store.withdrawals(user.parse().unwrap()).await.unwrap();
        withdrawals
            .into_iter()
            .map(|one| (one.at.0, one.told_at.map(|at| at.0)))
            .collect::<Vec<_>>()
    };
    assert_eq!(told_at("host1").await, [(5, Some(7)), (5, None)]);
    assert_eq!(told_at("host2").await, []);
    // Whoever is shut out is withdrawn too; another password withdraws nothing.
    let other = Account {
        password: "$argon2id$2".to_owned(),
        ..account("host2")
    };
    let changed = |at| Act {
        deed: Deed::AccountChanged,
        ..withdraw(at)
    };
    store.note_account(other.clone(), changed(6)).await.unwrap();
    assert!(!told(3, 7).await);
    store.open_session(session("host2", 4, 1_000)).await.unwrap();
    let out = Account {
        disabled: true,
        ..other
    };
    store.note_account(out, changed(9)).await.unwrap();
    assert!(told(4, 10).await);
    assert_eq!(told_at("host2").await, [(9, Some(10))]);
}

pub(crate) async fn one_device_is_withdrawn_and_the_others_stay(db: &dyn Database) {
    let store = db.open().await;
    store.add_account(account("host1")).await.unwrap();
    for token in [1, 2] {
        store.open_session(session("host1", token, 1_000)).await.unwrap();
        assert!(store.register(device(token, "host1", token)).await.unwrap());
    }
    let token = |n| TokenHash([n; 32]);
    let withdraw = |at| Act {
        deed: Deed::DeviceWithdrawn,
        kind: None,
        ..act(at, "host1")
    };
    assert!(store.withdraw_session(token(1), withdraw(5)).await.unwrap());
    let opens = async |n| store.session(token(n), Moment(20)).await.unwrap().is_some();
    assert!(!opens(1).await && opens(2).await);
    assert_eq!(withdrawn(&*store).await, [(1, true), (2, false)]);
    let told = async |n, at| store.withdrawn(token(n), Moment(at)).await.unwrap();
    assert!(told(1, 7).await && !told(2, 7).await);
    let withdrawals = store.withdrawals("host1".parse().unwrap()).await.unwrap();
    let expected = Withdrawal {
        at: Moment(5),
        told_at: Some(Moment(7)),
    };
    assert_eq!(withdrawals, [expected]);

    // Neither once more, nor one that has ended or never was.
    store.close_session(token(2), Moment(20)).await.unwrap();
    for n in [1, 2, 9] {
        assert!(!store.withdraw_session(token(n), withdraw(6)).await.unwrap());
    }
    assert!(!told(2, 8).await);
    assert_eq!(store.acts(None, 9).await.unwrap().acts, [withdraw(5)]);
}

pub(crate) async fn a_code_is_spent_once_and_ends(db: &dyn Database) {
    let store = db.open().await;
    let user = "host1".parse().unwrap();
    let code = |n| TokenHash([n; 32]);
    for n in [1, 2] {
        store
            .put_code(code(n), "host1".parse().unwrap(), Moment(100))
            .await
            .unwrap();
    }
    let take = async |n, at| store.take_code(code(n), Moment(at)).await.unwrap();
    assert_eq!(take(9, 50).await, None);
    assert_eq!(take(1, 99).await, Some(user));
    assert_eq!(take(1, 99).await, None);
    assert_eq!(take(2, 100).await, None);
    assert_eq!(take(2, 50).await, None, "it ended and came back");
}

pub(crate) async fn a_principal_is_amended_only_as_it_was_seen(db: &dyn Database) {
    let store = db.open().await;
    store.add_account(account("host1")).await.unwrap();
    let before = account("host1").principal;
    let (first, second) = (
        Principal::new(before.user.clone(), [Role::Clerk]),
        Principal::new(before.user.clone(), [Role::Admin]),
    );
    store
        .amend_principal(before.clone(), first.clone())
        .await
        .unwrap();
    store.amend_principal(before, second).await.unwrap();
    let now = store.account("host1".parse().unwrap()).await.unwrap();
    assert_eq!(now.map(|account| account.principal), Some(first));
}
