//! Whatever happens, all end with the same: simulated tablets against the real server, over lines that are cut at any byte, while
//! the server is stopped and started, clocks are wrong, and people are moved from station to station.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use lianxin_server::app::App;
use lianxin_server::store::Account;
use lianxin_server::{auth, demo, run};
use lianxin_shared::id::{DeviceId, DocId, Heads, Moment};
use lianxin_shared::records::Value;
use lianxin_shared::rules::{Principal, Role};
use lianxin_tests::tablet::{Cut, Tablet};
use proptest::prelude::*;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

const PASSWORD: &str = "converge-0-password";
const STATIONS: [DocId; 2] = [DocId([0xa1; 16]), DocId([0xb2; 16])];
/// Who sits at which tablet; the first two are one person's.
const TABLETS: [usize; 4] = [0, 0, 1, 2];
const USERS: [&str; 3] = ["host1", "host2", "member1"];

/// The stations that a user hosts and is attached to, as bits.
type Place = (u8, u8);
const AT_FIRST: [Place; 3] = [(0b01, 0), (0b11, 0), (0, 0b10)];

#[derive(Debug, Clone)]
enum Happening {
    /// A new record, or words added to one that is there.
    Write { tablet: usize, doc: usize },
    /// Another theme.
    Theme { tablet: usize, doc: usize, theme: usize },
    /// A step that only the office may take.
    Forge { tablet: usize, doc: usize },
    /// An exchange; with a second window that writes meanwhile.
    Sync {
        tablet: usize,
        cut: Option<(usize, usize)>,
        meanwhile: Option<usize>,
    },
    /// The app is started anew.
    Reload { tablet: usize },
    /// The clock is set.
    Skew { tablet: usize, ms: i64 },
    /// The server is stopped and started.
    Restart,
    /// A tablet's vault loses a document that is sent, and the app is started anew.
    Lose { tablet: usize, doc: usize },
    /// A user has other stations from now on.
    Move { user: usize, place: Place },
}

fn happening() -> impl Strategy<Value = Happening> {
    let (tablet, doc) = (0..TABLETS.len(), 0..6usize);
    let cut = prop::option::of((
        prop_oneof![Just(usize::MAX), 0..4_000usize],
        prop_oneof![Just(usize::MAX), 0..6_000usize],
    ));
    prop_oneof![
        8 => (tablet.clone(), doc.clone()).prop_map(|(tablet, doc)| Happening::Write { tablet, doc }),
        2 => (tablet.clone(), doc.clone(), 0..3usize)
            .prop_map(|(tablet, doc, theme)| Happening::Theme { tablet, doc, theme }),
        1 => (tablet.clone(), doc.clone()).prop_map(|(tablet, doc)| Happening::Forge { tablet, doc }),
        8 => (tablet.clone(), cut, prop::option::weighted(0.2, doc))
            .prop_map(|(tablet, cut, meanwhile)| Happening::Sync { tablet, cut, meanwhile }),
        1 => tablet.clone().prop_map(|tablet| Happening::Reload { tablet }),
        1 => (tablet.clone(), 0..6usize).prop_map(|(tablet, doc)| Happening::Lose { tablet, doc }),
        1 => (tablet, -100_000_000_000..100_000_000_000i64).prop_map(|(tablet, ms)| Happening::Skew { tablet, ms }),
        1 => Just(Happening::Restart),
        1 => (0..USERS.len(), (0..4u8, 0..4u8)).prop_map(|(user, place)| Happening::Move { user, place }),
    ]
}

/// How many stories are told; `PROPTEST_CASES` asks for more.
fn cases() -> u32 {
    let asked = std::env::var("PROPTEST_CASES").ok();
    asked.and_then(|cases| cases.parse().ok()).unwrap_or(40)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_all_replicas_end_equal(story in prop::collection::vec(happening(), 1..50)) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        runtime.block_on(tell(story)).map_err(|error| TestCaseError::fail(format!("{error:?}")))?;
    }
}

/// What was lost is being looked for when its owner is moved: what the new station has comes with the rest, and stays.
#[tokio::test]
async fn a_check_keeps_what_a_new_station_brings() -> Result<()> {
    let write = |tablet, doc| Happening::Write { tablet, doc };
    let sync = |tablet, cut| Happening::Sync {
        tablet,
        cut,
        meanwhile: None,
    };
    // The first answer is heard, and then nothing any more: there is to be a check, and there is none yet.
    let one_answer = Some((usize::MAX, usize::MAX));
    tell(vec![
        write(0, 0),
        sync(0, None),
        write(3, 0),
        sync(3, None),
        Happening::Lose { tablet: 0, doc: 0 },
        sync(0, one_answer),
        Happening::Move {
            user: 0,
            place: (0b00, 0b10),
        },
    ])
    .await
}

/// The server within this process.
struct Server {
    app: App,
    url: String,
    stop: Option<oneshot::Sender<()>>,
}

impl Server {
    async fn start(folder: &Path) -> Result<Self> {
        let app = App::open(folder).await?;
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}", listener.local_addr()?);
        let (stop, stopped) = oneshot::channel();
        tokio::spawn(run(app.clone(), listener, async { drop(stopped.await) }));
        Ok(Self {
            app,
            url,
            stop: Some(stop),
        })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
    }
}

fn principal(user: usize, place: Place) -> Result<Principal> {
    let of = |bits: u8| {
        STATIONS
            .iter()
            .enumerate()
            .filter(move |(n, _)| bits & (1 << n) != 0)
            .map(|(_, station)| *station)
    };
    Ok(Principal {
        hosts: of(place.0).collect(),
        member_of: of(place.1).collect(),
        ..Principal::new(
            USERS[user].parse()?,
            [if user == 2 { Role::Member } else { Role::Host }],
        )
    })
}

/// Words that were written, each once, and where.
#[derive(Default)]
struct Words {
    next: usize,
    written: Vec<(usize, DocId, String)>,
}

impl Words {
    fn fresh(&mut self) -> String {
        self.next += 1;
        format!("〔{}〕", self.next)
    }
}

async fn tell(story: Vec<Happening>) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let mut server = Server::start(folder.path()).await?;
    demo::lay_ground(&server.app).await?;
    let password = auth::hash(PASSWORD.to_owned()).await?;
    for (user, place) in AT_FIRST.iter().enumerate() {
        let account = Account {
            principal: principal(user, *place)?,
            name: "委员甲".to_owned(),
            password: password.clone(),
            language: None,
            disabled: false,
            created_at: Moment(0),
        };
        server.app.store.add_account(account).await?;
    }
    let mut tablets = Vec::new();
    for user in TABLETS {
        let mut tablet = Tablet::sign_in(&server.url, USERS[user], PASSWORD).await?;
        tablet.sync_through(5).await?;
        // Few enough that what is written between two exchanges takes several.
        tablet.load(2);
        tablets.push(tablet);
    }
    let themes: Vec<_> = tablets[0]
        .of_kind("theme")
        .iter()
        .map(|theme| theme.doc)
        .collect();
    let mut words = Words::default();
    let loses = story
        .iter()
        .any(|happening| matches!(happening, Happening::Lose { .. }));

    for happening in story {
        match happening {
            Happening::Write { tablet, doc } => {
                let here = suggestions(&tablets[tablet]);
                let fresh = words.fresh();
                match here.get(doc) {
                    Some(id) => {
                        let body = tablets[tablet].text(*id, "body")? + &fresh;
                        tablets[tablet].write(*id, "body", Value::from(&*body))?;
                        words.written.push((tablet, *id, fresh));
                    }
                    // Only who has a station can start a record.
                    None if tablets[tablet].principal.stations().next().is_some() => {
                        let id = tablets[tablet].take_down(&fresh, themes[0])?;
                        words.written.push((tablet, id, fresh));
                    }
                    None => {}
                }
            }
            Happening::Theme { tablet, doc, theme } => {
                if let Some(id) = suggestions(&tablets[tablet]).get(doc) {
                    tablets[tablet].write(*id, "theme", Value::Text(themes[theme].to_string()))?;
                }
            }
            Happening::Forge { tablet, doc } => {
                if let Some(id) = suggestions(&tablets[tablet]).get(doc) {
                    tablets[tablet].act(*id, "answer", "已经修好。")?;
                }
            }
            Happening::Sync {
                tablet,
                cut,
                meanwhile,
            } => {
                if let Some(doc) = meanwhile
                    && let Some(id) = suggestions(&tablets[tablet]).get(doc)
                {
                    let theme = Value::Text(themes[2].to_string());
                    tablets[tablet].write_meanwhile(*id, "theme", theme);
                }
                tablets[tablet].cut(cut.map(|(up, down)| Cut { up, down }));
                tablets[tablet].sync().await?;
                tablets[tablet].cut(None);
            }
            Happening::Reload { tablet } => tablets[tablet].restart(DeviceId([tablet as u8; 16]))?,
            Happening::Lose { tablet, doc } => {
                let tablet = &mut tablets[tablet];
                let refused: Vec<_> = tablet.refused()?.into_iter().map(|(id, _)| id).collect();
                let mut here = suggestions(tablet);
                here.retain(|id| !tablet.is_unsent(*id) && !refused.contains(id));
                if let Some(id) = here.get(doc) {
                    tablet.lose(*id);
                    tablet.restart(DeviceId([doc as u8; 16]))?;
                }
            }
            Happening::Skew { tablet, ms } => tablets[tablet].skew(ms),
            Happening::Restart => {
                drop(server);
                server = Server::start(folder.path()).await?;
                tablets.iter_mut().for_each(|tablet| tablet.use_line(&server.url));
            }
            Happening::Move { user, place } => {
                server.app.store.set_principal(principal(user, place)?).await?;
            }
        }
    }
    // Twice: what one sends late, another has to hear of.
    for _ in 0..2 {
        for tablet in &mut tablets {
            tablet.sync_through(20).await?;
        }
    }
    // What is held is compared only where the fingerprints differ, and they do only where something was lost.
    let checks: u64 = tablets.iter().map(|tablet| tablet.checks).sum();
    ensure!(loses || checks == 0, "{checks} checks although nothing was lost");
    judge(&server, &tablets, &words).await
}

fn suggestions(tablet: &Tablet) -> Vec<DocId> {
    tablet
        .of_kind("suggestion")
        .iter()
        .map(|summary| summary.doc)
        .collect()
}

/// The documents that are not the same here and there, with their heads.
fn difference(here: &BTreeMap<DocId, Heads>, there: &BTreeMap<DocId, Heads>) -> String {
    let all: BTreeSet<_> = here.keys().chain(there.keys()).collect();
    let other = all.into_iter().filter(|id| here.get(id) != there.get(id));
    other.fold(String::new(), |mut said, id| {
        let _ = write!(said, "\n{id}: here {:?}, there {:?}", here.get(id), there.get(id));
        said
    })
}

async fn judge(server: &Server, tablets: &[Tablet], words: &Words) -> Result<()> {
    for (n, tablet) in tablets.iter().enumerate() {
        // A fresh tablet holds what the user's channels hold, and nothing else.
        let mut fresh = Tablet::sign_in(&server.url, tablet.principal.user.as_str(), PASSWORD).await?;
        fresh.sync_through(5).await?;
        let refused: BTreeSet<_> = tablet.refused()?.into_iter().map(|(id, _)| id).collect();
        let without = |state: BTreeMap<DocId, Heads>| -> BTreeMap<DocId, Heads> {
            state
                .into_iter()
                .filter(|(id, _)| !refused.contains(id))
                .collect()
        };
        let (holds, due) = (without(tablet.state()?), without(fresh.state()?));
        ensure!(
            holds == due,
            "tablet {n} holds something else than its channels: {}",
            difference(&holds, &due)
        );
    }
    for (n, id, word) in &words.written {
        let stored = server.app.store.content(*id).await?;
        let accepted = match &stored {
            Some(content) => {
                let mut opened = lianxin_shared::document::Document::empty();
                if let Some(snapshot) = &content.snapshot {
                    opened = lianxin_shared::document::Document::load(snapshot)?;
                }
                let changes: Vec<_> = content
                    .changes
                    .iter()
                    .map(|change| change.bytes.clone())
                    .collect();
                opened.apply(&changes)?;
                opened.record()?.text("body").contains(word)
            }
            None => false,
        };
        let kept = tablets[*n].refused()?.into_iter().any(|(doc, document)| {
            doc == *id
                && document
                    .record()
                    .is_ok_and(|record| record.text("body").contains(word))
        });
        ensure!(
            accepted || kept,
            "{word} of tablet {n} is neither on the server nor on its tablet"
        );
    }
    tablets.first().map(drop).context("no tablets")
}
