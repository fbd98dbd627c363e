//! What a new database starts with: the plan's ten themes, always; stations, people and records to show, if asked for.
//! All of it enters through the one door.
//!
//! `ground`: what every database has. `cast`: who and where. `stories` and `ledger`: what they did. `laying`: how it
//! enters.

mod cast;
mod ground;
mod laying;
mod ledger;
mod stories;

use lianxin_shared::document::{Actor, Author, DocumentError};
use lianxin_shared::records::{Value, Values};
use lianxin_shared::rules::{Principal, Refusal, Role};

use crate::app::App;
use crate::auth;
use crate::clock::now;
use crate::store::{Account, StoreError};
use cast::{GROUPS, PEOPLE, STATIONS, people_of, person_id, principal, station_id, system};
pub use ground::lay_ground;
use laying::{author, create, envelope, lay_reference, push};
use stories::{ACTIVITIES, SUGGESTIONS, lay_activity, lay_suggestion};

/// The password of every demonstration account.
pub const PASSWORD: &str = "lianxin-demo";

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
