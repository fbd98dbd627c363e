//! What a new database starts with: the plan's ten themes, always; stations, people and records to show, if asked for.
//! All of it enters through the one door.

mod ledger;
mod stories;

use std::collections::BTreeSet;

use lianxin_shared::document::{Actor, Author, Document, DocumentError};
use lianxin_shared::id::{DeviceId, DocId, Heads, Moment, UserId};
use lianxin_shared::records::{Envelope, Event, Value, Values, register};
use lianxin_shared::rules::{Principal, Refusal, RefusalCode, Role};
use sha2::{Digest, Sha256};

use crate::app::App;
use crate::auth;
use crate::clock::now;
use crate::store::{Account, StoreError};
use crate::sync::{Answer, Submission};
use stories::{ACTIVITIES, GROUPS, PEOPLE, STATIONS, SUGGESTIONS, TARGETS, THEMES};

/// The password of every demonstration account.
pub const PASSWORD: &str = "lianxin-demo";

/// Whom the office assigns records to.
const HANDLER: &str = "handler1";

const HOUR_MS: i64 = 60 * 60 * 1000;
const DAY_MS: i64 = 24 * HOUR_MS;

/// Why the data could not be laid down.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// The database.
    #[error("the database: {0}")]
    Store(#[from] StoreError),
    /// A document.
    #[error("a document: {0}")]
    Document(#[from] DocumentError),
    /// The door refused it.
    #[error("refused: {0}")]
    Refused(#[from] Refusal),
    /// A password.
    #[error(transparent)]
    Password(#[from] auth::PasswordError),
    /// There is no chance to be had.
    #[error("no randomness: {0}")]
    Random(#[from] getrandom::Error),
    /// A name that is no user's.
    #[error(transparent)]
    Name(#[from] lianxin_shared::id::IdError),
    /// The ledger's file.
    #[error("the ledger: {0}")]
    Ledger(#[from] serde_json::Error),
}

/// The demonstration accounts with the names that people know.
pub fn people() -> impl Iterator<Item = (&'static str, &'static str)> {
    PEOPLE.iter().map(|person| (person.user, person.name))
}

/// Lays down the themes and targets that every database has. Does nothing where they are.
pub async fn lay_ground(app: &App) -> Result<(), DemoError> {
    for (rank, (name, name_en)) in (0..).zip(THEMES) {
        let values = [
            ("name", Value::from(*name)),
            ("name_en", Value::from(*name_en)),
            ("rank", Value::Number(rank)),
        ];
        lay_reference(app, "theme", &format!("theme:{name_en}"), &values).await?;
    }
    for (name, figure, who, goal) in TARGETS {
        let values = [
            ("name", Value::from(*name)),
            ("figure", Value::from(*figure)),
            ("who", Value::from(*who)),
            ("goal", Value::Number(*goal)),
        ];
        lay_reference(app, "target", &format!("target:{who}:{figure}"), &values).await?;
    }
    Ok(())
}

async fn lay_reference(app: &App, kind: &str, name: &str, values: &[(&str, Value)]) -> Result<(), DemoError> {
    let values = values.iter().filter(|(_, value)| !value.is_empty());
    let values = values
        .map(|(field, value)| ((*field).to_owned(), value.clone()))
        .collect();
    let envelope = envelope(kind, named(name), None, &system()?.user, Moment(0));
    create(app, &system()?, envelope, &values, &[]).await
}

/// Adds a person's record beside the account.
pub async fn add_person(app: &App, principal: &Principal, name: &str) -> Result<(), DemoError> {
    let id = person_id(principal.user.as_str());
    let mut values: Values = [
        ("name".to_owned(), Value::from(name)),
        ("user".to_owned(), Value::from(principal.user.as_str())),
    ]
    .into();
    if principal.is(Role::Leader) {
        values.insert("leader".to_owned(), Value::Flag(true));
    }
    create(
        app,
        &system()?,
        envelope("person", id, None, &system()?.user, now()),
        &values,
        &[],
    )
    .await
}

/// Fills a database that has no accounts; answers whether the demonstration accounts are there.
pub async fn fill(app: &App) -> Result<bool, DemoError> {
    let accounts = app.store.accounts().await?;
    if !accounts.is_empty() {
        return Ok(accounts
            .iter()
            .any(|account| account.principal.user.as_str() == PEOPLE[0].user));
    }
    for station in STATIONS {
        let values: Values = [
            ("name".to_owned(), Value::from(station.name)),
            ("type".to_owned(), Value::from(station.kind)),
            ("area".to_owned(), Value::from(station.area)),
            ("opening".to_owned(), Value::from(station.opening)),
            ("hosts".to_owned(), people_of(station.name, |person| person.hosts)),
            (
                "members".to_owned(),
                people_of(station.name, |person| person.member_of),
            ),
        ]
        .into();
        let id = station_id(station.name);
        create(
            app,
            &system()?,
            envelope("station", id, None, &system()?.user, now()),
            &values,
            &[],
        )
        .await?;
    }
    for person in PEOPLE {
        add_person(app, &principal(person.user)?, person.name).await?;
    }
    for group in GROUPS {
        let people = |users: &[&str]| users.iter().map(|user| person_id(user).to_string()).collect();
        let convener = Some(group.convener).filter(|user| !user.is_empty());
        let convener = convener.map(|user| person_id(user).to_string());
        let values = [
            ("name", Value::from(group.name)),
            ("type", Value::from(group.kind)),
            ("subject", Value::from(group.subject)),
            ("convener", Value::Text(convener.unwrap_or_default())),
            ("members", Value::List(people(group.members))),
        ];
        lay_reference(app, "group", &format!("group:{}", group.name), &values).await?;
    }
    for activity in ACTIVITIES {
        lay_activity(app, activity).await?;
    }
    for (n, suggestion) in SUGGESTIONS.iter().enumerate() {
        lay_suggestion(app, n, suggestion).await?;
    }
    ledger::lay(app).await?;
    // Last, so that a start that was broken off is made up for by the next.
    let password = auth::hash(PASSWORD.to_owned()).await?;
    for person in PEOPLE {
        let account = Account {
            principal: principal(person.user)?,
            name: person.name.to_owned(),
            password: password.clone(),
            language: None,
            disabled: false,
            created_at: now(),
        };
        app.store.add_account(account).await?;
    }
    app.members.renew().await?;
    Ok(true)
}

/// Has the stations at which a user hosts or belongs say so, as far as they have records.
pub async fn attach(app: &App, principal: &Principal) -> Result<(), DemoError> {
    let person = person_id(principal.user.as_str()).to_string();
    for (stations, field) in [(&principal.hosts, "hosts"), (&principal.member_of, "members")] {
        for &station in stations {
            let Some(content) = app.store.content(station).await? else {
                continue;
            };
            let mut document = crate::sync::open(&content)?;
            let mut people = match document.record()?.values.remove(field) {
                Some(Value::List(people)) => people,
                _ => Vec::new(),
            };
            if people.contains(&person) {
                continue;
            }
            people.push(person.clone());
            let known = document.heads();
            let by = system()?;
            let values = [(field.to_owned(), Value::List(people))].into();
            let mut actor = [0; 16];
            getrandom::fill(&mut actor)?;
            let anew = Author {
                actor: Actor(actor),
                ..author(&by.user, now())
            };
            document.edit(&known, &values, &[], &anew)?;
            push(app, &by, station, &mut document, &known).await?;
        }
    }
    Ok(())
}

async fn lay_activity(app: &App, story: &stories::Activity) -> Result<(), DemoError> {
    let by = principal(story.by)?;
    let held_at = Moment(now().0 - story.days * DAY_MS);
    // What is planned was written down by now.
    let at = held_at.min(now());
    let id = named(&format!("activity:{}:{}", story.by, story.subject));
    let mut values: Values = [
        ("type".to_owned(), Value::from(story.kind)),
        ("subject".to_owned(), Value::from(story.subject)),
        ("held_at".to_owned(), Value::Number(held_at.0)),
        ("venue".to_owned(), Value::from("一楼会议室")),
        (
            "participants".to_owned(),
            Value::List(vec![person_id("member1").to_string(), "委员乙".to_owned()]),
        ),
        ("outcome".to_owned(), Value::from(story.outcome)),
    ]
    .into();
    if story.reached > 0 {
        values.insert("reached".to_owned(), Value::Number(story.reached));
    }
    let submit = Event::new("submit", &by.user, at);
    create(
        app,
        &by,
        envelope("activity", id, at_home(&by), &by.user, at),
        &values,
        &[submit],
    )
    .await?;
    office(app, id, story.office, at).await
}

async fn lay_suggestion(app: &App, n: usize, story: &stories::Suggestion) -> Result<(), DemoError> {
    let by = principal(story.by)?;
    let at = Moment(now().0 - story.days * DAY_MS - n as i64 * HOUR_MS / 7);
    let id = named(&format!("suggestion:{n}"));
    let theme = named(&format!("theme:{}", THEMES[story.theme % THEMES.len()].1));
    let is_published = story.office.iter().any(|(act, _)| *act == "publish");
    let mut values: Values = [
        ("body".to_owned(), Value::from(story.body)),
        ("theme".to_owned(), Value::Text(theme.to_string())),
        ("location".to_owned(), Value::from(story.location)),
        ("consent".to_owned(), Value::Flag(is_published)),
    ]
    .into();
    values.retain(|_, value| !value.is_empty());
    let submit = Event::new("submit", &by.user, at);
    create(
        app,
        &by,
        envelope("suggestion", id, at_home(&by), &by.user, at),
        &values,
        &[submit],
    )
    .await?;
    if n.is_multiple_of(6) {
        let values: Values = [
            ("name".to_owned(), Value::from("居民甲")),
            ("phone".to_owned(), Value::from("00000000000")),
        ]
        .into();
        let companion = id.companion("contact");
        create(
            app,
            &by,
            envelope("contact", companion, at_home(&by), &by.user, at),
            &values,
            &[],
        )
        .await?;
    }
    office(app, id, story.office, at).await
}

/// The office's steps on a record, an hour after each other.
async fn office(app: &App, id: DocId, steps: &[(&str, &str)], since: Moment) -> Result<(), DemoError> {
    if steps.is_empty() {
        return Ok(());
    }
    let clerk = principal("clerk1")?;
    let mut events = Vec::new();
    for (n, (act, words)) in (1..).zip(steps) {
        let at = Moment(since.0 + n * HOUR_MS);
        let mut event = Event::new(act, &clerk.user, at).with_words(words);
        if *act == "assign" {
            event.handler = Some(HANDLER.parse()?);
            event.due = Some(Moment(now().0 + 10 * DAY_MS));
        }
        events.push(event);
    }
    act(app, &clerk, id, events).await
}

/// Steps on a record, each a change of its own.
async fn act(app: &App, by: &Principal, id: DocId, events: Vec<Event>) -> Result<(), DemoError> {
    let Some(content) = app.store.content(id).await? else {
        return Ok(());
    };
    let mut document = crate::sync::open(&content)?;
    let known = document.heads();
    for event in events {
        let (base, author) = (document.heads(), author(&by.user, event.at));
        document.edit(&base, &Values::new(), &[event], &author)?;
    }
    push(app, by, id, &mut document, &known).await
}

async fn create(
    app: &App,
    by: &Principal,
    envelope: Envelope,
    values: &Values,
    events: &[Event],
) -> Result<(), DemoError> {
    let id = envelope.id;
    if app.store.content(id).await?.is_some() {
        return Ok(());
    }
    let author = author(&by.user, envelope.created_at);
    let mut document = Document::create(&envelope, values, events, &author)?;
    push(app, by, id, &mut document, &Heads::default()).await
}

async fn push(
    app: &App,
    by: &Principal,
    doc: DocId,
    document: &mut Document,
    known: &Heads,
) -> Result<(), DemoError> {
    let submission = Submission::of_chunks(doc, document.changes_since(known.as_slice()));
    let device = DeviceId(named("device:demo").0);
    match app.door.accept(by, device, vec![submission]).await?.pop() {
        // What somebody has removed for good stays so.
        Some(Answer::Refused(refusal)) if refusal.code == RefusalCode::Erased => Ok(()),
        Some(Answer::Refused(refusal)) => Err(refusal.into()),
        _ => Ok(()),
    }
}

fn envelope(kind: &str, id: DocId, station: Option<DocId>, owner: &UserId, created_at: Moment) -> Envelope {
    let schema = register(kind).map_or(1, |register| register.schema);
    let kind = kind.to_owned();
    Envelope {
        schema,
        kind,
        id,
        station,
        owner: owner.clone(),
        created_at,
        attachments: Vec::new(),
    }
}

/// One actor a user: these documents are written once, by this program alone.
fn author(user: &UserId, at: Moment) -> Author {
    Author {
        user: user.clone(),
        actor: Actor(named(&format!("actor:{user}")).0),
        at,
    }
}

/// Who lays the ground: nobody who could sign in.
fn system() -> Result<Principal, DemoError> {
    Ok(Principal::new("system".parse()?, [Role::Admin, Role::Clerk]))
}

fn principal(user: &str) -> Result<Principal, DemoError> {
    let person = PEOPLE.iter().find(|person| person.user == user);
    let stations = |names: &[&str]| names.iter().map(|name| station_id(name)).collect();
    let roles = person.map_or(&[][..], |person| person.roles).iter().copied();
    Ok(Principal {
        hosts: person.map(|person| stations(person.hosts)).unwrap_or_default(),
        member_of: person
            .map(|person| stations(person.member_of))
            .unwrap_or_default(),
        groups: groups_with(|group| group.members.contains(&user)),
        convenes: groups_with(|group| group.convener == user),
        person: Some(person_id(user)),
        ..Principal::new(user.parse()?, roles)
    })
}

fn groups_with(fits: impl Fn(&stories::Group) -> bool) -> BTreeSet<DocId> {
    let groups = GROUPS.iter().filter(|group| fits(group));
    groups
        .map(|group| named(&format!("group:{}", group.name)))
        .collect()
}

fn at_home(principal: &Principal) -> Option<DocId> {
    principal.stations().next()
}

/// The records of the people to whom a station belongs in that way.
fn people_of(station: &str, stations: impl Fn(&stories::Person) -> &[&str]) -> Value {
    let people = PEOPLE.iter().filter(|person| stations(person).contains(&station));
    Value::List(people.map(|person| person_id(person.user).to_string()).collect())
}

fn person_id(user: &str) -> DocId {
    named(&format!("person:{user}"))
}

fn station_id(name: &str) -> DocId {
    named(&format!("station:{name}"))
}

/// An id that is the same in every database.
fn named(name: &str) -> DocId {
    let digest = Sha256::digest(name.as_bytes());
    let mut id = [0; 16];
    id.copy_from_slice(&digest[..16]);
    DocId(id)
}
