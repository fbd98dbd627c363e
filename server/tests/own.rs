//! What the server writes itself: numbers, answers passed on; and what is counted from records.

// What a test's helpers unwrap fails the test, as it should.
#![allow(clippy::unwrap_used)]

use lianxin_server::app::App;
use lianxin_server::clock::year_of;
use lianxin_server::demo;
use lianxin_server::files::Files;
use lianxin_server::store::SqliteStore;
use lianxin_server::sync::{Answer, Submission};
use lianxin_shared::document::{Actor, Author, Document};
use lianxin_shared::id::{DeviceId, DocId, Heads, Moment};
use lianxin_shared::records::{Envelope, Event, Record, Value, Values};
use lianxin_shared::rules::{Principal, RefusalCode, Role};
use tempfile::TempDir;

const AT: Moment = Moment(1_790_000_000_000);
const STATION: DocId = DocId([7; 16]);

struct Office {
    app: App,
    data: TempDir,
}

fn member() -> Principal {
    Principal {
        member_of: [STATION].into(),
        ..Principal::new("member1".parse().unwrap(), [Role::Member])
    }
}

fn clerk() -> Principal {
    Principal::new("clerk1".parse().unwrap(), [Role::Clerk])
}

fn handler() -> Principal {
    Principal::new("handler1".parse().unwrap(), [Role::Handler])
}

fn author(by: &Principal) -> Author {
    let mut actor = [0; 16];
    let name = by.user.as_str().as_bytes();
    actor[..name.len()].copy_from_slice(name);
    Author {
        user: by.user.clone(),
        actor: Actor(actor),
        at: AT,
    }
}

impl Office {
    async fn open() -> Self {
        let data = tempfile::tempdir().unwrap();
        let app = App::open(data.path()).await.unwrap();
        demo::lay_ground(&app).await.unwrap();
        Self { app, data }
    }

    async fn send(
        &self,
        by: &Principal,
        doc: DocId,
        mut document: Document,
        known: &Heads,
    ) -> Option<RefusalCode> {
        let submission = Submission::of_chunks(doc, document.changes_since(known.as_slice()));
        let device = DeviceId([by.user.as_str().len() as u8; 16]);
        let answers = self.app.door.accept(by, device, vec![submission]).await.unwrap();
        match &answers[0] {
            Answer::Refused(refusal) => Some(refusal.code),
            _ => None,
        }
    }

    async fn start(
        &self,
        by: &Principal,
        id: u8,
        kind: &str,
        station: Option<DocId>,
        values: Values,
    ) -> DocId {
        let id = DocId([id; 16]);
        let envelope = Envelope {
            schema: 1,
            kind: kind.to_owned(),
            id,
            station,
            owner: by.user.clone(),
            created_at: AT,
            attachments: Vec::new(),
        };
        let submit = Event::new("submit", &by.user, AT);
        let document = Document::create(&envelope, &values, &[submit], &author(by)).unwrap();
        assert_eq!(self.send(by, id, document, &Heads::default()).await, None);
        id
    }

    async fn suggestion(&self, id: u8) -> DocId {
        let themes = self.app.store.states(vec!["district".to_owned()]).await.unwrap();
        let values = [
            ("body".to_owned(), Value::from("三号楼电梯坏了。")),
            ("theme".to_owned(), Value::Text(themes[0].0.to_string())),
        ];
        self.start(&member(), id, "suggestion", Some(STATION), values.into())
            .await
    }

    async fn proposal(&self, id: u8) -> DocId {
        let values =
            ["subject", "reason", "recommendation"].map(|name| (name.to_owned(), Value::from("加装电梯")));
        let mut values: Values = values.into();
        values.insert("type".to_owned(), Value::from("everyday"));
        self.start(&member(), id, "proposal", None, values).await
    }

    async fn record(&self, doc: DocId) -> Record {
        self.document(doc).await.record().unwrap()
    }

    async fn document(&self, doc: DocId) -> Document {
        let content = self.app.store.content(doc).await.unwrap().unwrap();
        let mut document = content
            .snapshot
            .as_deref()
            .map_or_else(Document::empty, |snapshot| Document::load(snapshot).unwrap());
        let changes: Vec<_> = content.changes.into_iter().map(|change| change.bytes).collect();
        document.apply(&changes).unwrap();
        document
    }

    async fn act(&self, by: &Principal, doc: DocId, event: Event) -> Option<RefusalCode> {
        let mut document = self.document(doc).await;
        let known = document.heads();
        document
            .edit(&known, &Values::new(), &[event], &author(by))
            .unwrap();
        self.send(by, doc, document, &known).await
    }

    async fn step(&self, doc: DocId, act: &str, words: &str) {
        let event = Event::new(act, &clerk().user, AT).with_words(words);
        assert_eq!(self.act(&clerk(), doc, event).await, None, "{act}");
    }

    async fn merge(&self, doc: DocId, into: DocId) {
        let event = Event {
            into: Some(into),
            ..Event::new("merge", &clerk().user, AT)
        };
        assert_eq!(self.act(&clerk(), doc, event).await, None);
    }

    async fn assign(&self, doc: DocId) {
        let event = Event {
            handler: Some(handler().user),
            due: Some(Moment(AT.0 + 1)),
            ..Event::new("assign", &clerk().user, AT)
        };
        assert_eq!(self.act(&clerk(), doc, event).await, None);
    }

    /// The record once it stands in a state.
    async fn once(&self, doc: DocId, state: &str) -> Record {
        let reached = async {
            loop {
                let record = self.record(doc).await;
                if record.status().unwrap().state == state {
                    break record;
                }
                tokio::task::yield_now().await;
            }
        };
        let within = std::time::Duration::from_secs(20);
        tokio::time::timeout(within, reached).await.unwrap()
    }

    async fn filing(&self, id: u8) -> DocId {
        let doc = self.proposal(id).await;
        let examine = Event::new("examine", &clerk().user, AT).with_mark("quality", "good");
        assert_eq!(self.act(&clerk(), doc, examine).await, None);
        self.step(doc, "file", "").await;
        doc
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_filed_proposal_gets_the_next_number_of_the_year() {
    let office = Office::open().await;
    let (first, second) = (office.filing(1).await, office.filing(2).await);
    let year = year_of(lianxin_server::clock::now());
    let mut numbers = Vec::new();
    for doc in [first, second] {
        let record = office.once(doc, "filed").await;
        let event = record.timeline.last().unwrap();
        assert_eq!((event.by.as_str(), event.act.as_str()), ("server", "number"));
        numbers.push(record.status().unwrap().number.unwrap());
    }
    numbers.sort();
    assert_eq!(numbers, [format!("{year}-001"), format!("{year}-002")]);
    // Nobody else gives one.
    let third = office.proposal(3).await;
    let forged = Event {
        number: Some("2026-999".to_owned()),
        ..Event::new("number", &clerk().user, AT)
    };
    let refused = office.act(&clerk(), third, forged).await;
    assert_eq!(refused, Some(RefusalCode::StepForbidden));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_stopped_server_owed_is_done_when_it_starts() {
    let Office { app, data } = Office::open().await;
    // A door that hands nothing in, as when the process stops right after it answered.
    let deaf = lianxin_server::sync::Door::new(app.store.clone(), app.life.clone(), app.live.clone());
    let office = Office {
        app: App { door: deaf, ..app },
        data,
    };
    let doc = office.filing(1).await;
    assert_eq!(office.record(doc).await.status().unwrap().state, "filing");
    let store = SqliteStore::open(office.data.path()).unwrap();
    let app = App::over(std::sync::Arc::new(store), Files::in_memory())
        .await
        .unwrap();
    let office = Office { app, ..office };
    office.once(doc, "filed").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_was_merged_into_another_hears_its_answer() {
    let office = Office::open().await;
    let (main, before, after, left) = (
        office.suggestion(1).await,
        office.suggestion(2).await,
        office.suggestion(3).await,
        office.suggestion(4).await,
    );
    office.merge(before, main).await;
    office.merge(left, main).await;
    office.step(left, "unmerge", "不是一件事。").await;
    office.step(main, "accept", "").await;
    office.step(main, "answer", "3月12日已修好。").await;
    office.merge(after, main).await;
    for doc in [before, after] {
        let status = office.once(doc, "answered").await.status().unwrap();
        assert_eq!(status.answer.as_deref(), Some("3月12日已修好。"));
    }
    let status = office.record(left).await.status().unwrap();
    assert_eq!((status.state, status.into), ("accepted", None));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proposal_that_was_merged_hears_the_answer_and_keeps_its_number_when_taken_out() {
    let office = Office::open().await;
    let (main, merged, left) = (
        office.filing(1).await,
        office.filing(2).await,
        office.filing(3).await,
    );
    for doc in [main, merged, left] {
        office.once(doc, "filed").await;
    }
    let number = office.record(left).await.status().unwrap().number;
    office.merge(merged, main).await;
    office.merge(left, main).await;
    office.step(left, "unmerge", "不是一件事。").await;
    office.step(left, "file", "").await;
    assert_eq!(office.once(left, "filed").await.status().unwrap().number, number);

    office.assign(main).await;
    let back = Event::new("hand_back", &handler().user, AT).with_words("不归本部门管。");
    assert_eq!(office.act(&handler(), main, back).await, None);
    let status = office.record(main).await.status().unwrap();
    assert_eq!((status.state, status.handler, status.due), ("filed", None, None));
    office.assign(main).await;
    office.step(main, "answer", "3月12日已装好。").await;
    let status = office.once(merged, "answered").await.status().unwrap();
    assert_eq!(status.answer.as_deref(), Some("3月12日已装好。"));
}

#[tokio::test(flavor = "multi_thread")]
async fn figures_count_what_was_accepted_once() {
    let office = Office::open().await;
    office.suggestion(1).await;
    let doc = office.suggestion(2).await;
    office.filing(3).await;
    let figures = async || {
        let figures = office
            .app
            .store
            .figures(Moment(0), Moment(i64::MAX))
            .await
            .unwrap();
        let of_member = figures
            .into_iter()
            .filter(|f| f.subject.to_string() == "user:member1");
        of_member.map(|f| (f.figure, f.amount)).collect::<Vec<_>>()
    };
    office.once(DocId([3; 16]), "filed").await;
    assert_eq!(
        figures().await,
        [("proposal".to_owned(), 1), ("suggestion".to_owned(), 2)]
    );
    office.step(doc, "decline", "不属于本区。").await;
    assert_eq!(
        figures().await,
        [("proposal".to_owned(), 1), ("suggestion".to_owned(), 1)]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn twins_are_kept_with_the_records_that_come() {
    let office = Office::open().await;
    office.suggestion(1).await;
    office.suggestion(2).await;
    let sketches = office.app.store.sketches(Moment(0)).await.unwrap();
    let sketch = |n: usize| lianxin_shared::twins::Sketch::from_bytes(&sketches[n].1).unwrap();
    assert_eq!(sketches.len(), 2);
    assert_eq!(sketch(0).likeness(&sketch(1)), 100);
}
