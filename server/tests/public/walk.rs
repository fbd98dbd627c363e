//! A walk over every public address, in a district with records of every kind in every state: each page is there, shows what
//! is public and nothing else.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use lianxin_server::clock;
use lianxin_shared::id::{DocId, Moment};
use lianxin_shared::records::{
    Columns, Event, Object, Part, REGISTERS, Register, Shape, Step, Value, Values, Words,
};
use lianxin_shared::rules::Principal;
use reqwest::StatusCode;

use crate::server::{STATION, Server, THEME, everybody, server};

/// What must never be seen: it stands in whatever is not public.
const SECRET: &str = "secret";

/// A record of every kind in every state, with and without consent.
struct Filled<'a> {
    server: &'a Server,
    count: u8,
    suggestions: Vec<DocId>,
    shown: BTreeSet<String>,
}

impl Filled<'_> {
    async fn fill(&mut self) {
        for register in REGISTERS {
            for state in register.lifecycle.states() {
                let flags = register.public.and_then(|public| public.consent);
                for agreed in [true, false] {
                    if agreed || flags.is_some() {
                        self.lay(register, state, agreed).await;
                    }
                }
            }
        }
    }

    async fn lay(&mut self, register: &'static Register, state: &str, agreed: bool) {
        let Some(path) = path(register, state) else {
            return;
        };
        self.count += 1;
        let mut id = DocId([self.count; 16]);
        id.0[0] = 77;
        if register.kind == "contact" {
            id = self.suggestions[0].companion("contact");
        }
        if register.kind == "suggestion" {
            self.suggestions.push(id);
        }
        let by_server = register.create == [Part::Server];
        let owner = if by_server {
            server()
        } else {
            everybody("secretowner")
        };
        let public = register.public.filter(|_| agreed);
        let open = public.filter(|public| public.states.contains(&state));
        let held_back = public.is_some_and(|public| public.held_back.contains(&state));
        let mut values = Values::new();
        for field in register.fields {
            let is_name = register.columns == Columns::Reference && field.name.starts_with(register.title);
            let is_open = is_name || open.is_some_and(|public| public.fields.contains(&field.name));
            let label = format!("{}-{}", register.kind, field.name);
            let words = if is_open {
                format!("open-{label}")
            } else {
                format!("{SECRET}-{label}")
            };
            let value = match field.shape {
                Shape::Prose { .. } | Shape::Line { .. } => Value::Text(words.clone()),
                Shape::Choice(keys) => Value::from(keys[0]),
                Shape::Choices(keys) => Value::List(vec![keys[0].to_owned()]),
                Shape::Reference("rectification") => Value::Text(crate::server::TASK.to_string()),
                Shape::Reference("theme") => Value::Text(THEME.to_string()),
                Shape::Reference(_) => Value::Text(STATION.to_string()),
                Shape::References { .. } => Value::List(vec![words.clone()]),
                Shape::Count { max } => Value::Number(max.min(3)),
                Shape::Moment => Value::Number(clock::now().0),
                Shape::Flag => Value::Flag(agreed),
            };
            let names_it = matches!(
                field.shape,
                Shape::Prose { .. } | Shape::Line { .. } | Shape::References { .. }
            );
            if open.is_some() && is_open && names_it {
                self.shown.insert(words);
            }
            values.insert(field.name.to_owned(), value);
        }
        let event = |step: &Step| {
            let is_open = open.is_some_and(|public| public.acts.contains(&step.act))
                || (held_back && step.to == Some(state));
            let words = format!(
                "{}-{}-{}",
                if is_open { "open" } else { SECRET },
                register.kind,
                step.act
            );
            let by = if step.by == [Part::Server] {
                server()
            } else {
                everybody("secretowner")
            };
            (words, is_open, by)
        };
        let mut events: Vec<(Principal, Event)> = Vec::new();
        for step in path {
            let (words, is_open, by) = event(step);
            let mut taken = Event::new(step.act, &by.user, clock::now());
            if step.words != Words::None {
                taken = taken.with_words(&words);
                if is_open {
                    self.shown.insert(words);
                }
            }
            for mark in step.marks {
                taken = taken.with_mark(mark.name, mark.keys[0]);
            }
            match step.object {
                Object::None => {}
                Object::Record => taken.into = Some(DocId([200; 16])),
                Object::Handler => {
                    taken.handler = Some("secrethandler".parse().unwrap());
                    taken.due = Some(Moment(1_000));
                }
                Object::Number => taken.number = Some(format!("{SECRET}-1")),
            }
            events.push((by, taken));
        }
        self.server
            .lay_whole(&owner, register.kind, id, &values, &[])
            .await;
        for turn in events.chunk_by(|a, b| a.0.user == b.0.user) {
            let taken: Vec<_> = turn.iter().map(|(_, event)| event.clone()).collect();
            self.server.act(&turn[0].0, id, &taken).await;
        }
    }
}

/// The steps that lead to a state, as few as there are.
fn path(register: &'static Register, state: &str) -> Option<Vec<&'static Step>> {
    let lifecycle = &register.lifecycle;
    let mut paths: BTreeMap<&str, Vec<&'static Step>> = [(lifecycle.start, Vec::new())].into();
    let mut open = VecDeque::from([lifecycle.start]);
    while let Some(from) = open.pop_front() {
        if from == state {
            return paths.remove(from);
        }
        for step in lifecycle.steps_from(from) {
            let Some(to) = step.to.filter(|to| !paths.contains_key(to)) else {
                continue;
            };
            let mut path = paths[from].clone();
            path.push(step);
            paths.insert(to, path);
            open.push_back(to);
        }
    }
    None
}

/// The addresses of ours in a page, a feed or a file.
fn links(text: &str) -> Vec<String> {
    let starts = ["href=\"", "action=\"", "\"address\":\""];
    let found = starts.iter().flat_map(|start| {
        let after = text.split(start).skip(1);
        after.filter_map(|after| after.split('"').next())
    });
    found
        .map(|link| link.split('#').next().unwrap().replace("&amp;", "&"))
        .filter(|link| link.starts_with("/public") || link.starts_with("/follow"))
        .collect()
}

#[tokio::test]
async fn every_public_address_shows_what_is_public_and_nothing_else() {
    let server = Server::start().await;
    let mut filled = Filled {
        server: &server,
        count: 0,
        suggestions: Vec::new(),
        shown: BTreeSet::new(),
    };
    filled.fill().await;
    let last = filled
        .shown
        .iter()
        .find(|words| words.contains("comment"))
        .unwrap()
        .clone();
    server
        .until(&format!("/public/ledger/{}", crate::server::TASK), &last)
        .await;

    let mut seen = BTreeSet::new();
    let mut all = String::new();
    let mut open = VecDeque::from(["/public".to_owned(), "/public?lang=en".to_owned()]);
    while let Some(path) = open.pop_front() {
        if !seen.insert(path.clone()) {
            continue;
        }
        let page = server.get(&path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        assert!(
            !page.text.to_lowercase().contains(SECRET),
            "{path}: {}",
            page.text
        );
        assert!(
            !page.text.contains("<script") && !page.text.contains("style=\""),
            "{path}"
        );
        assert!(
            !page.text.contains("http://") || path.contains("feed"),
            "{path} loads from elsewhere"
        );
        open.extend(links(&page.text));
        all.push_str(&page.text);
    }
    let missing: Vec<_> = filled
        .shown
        .iter()
        .filter(|words| !all.contains(*words))
        .collect();
    assert!(missing.is_empty(), "nowhere to be seen: {missing:?}");
    for part in [
        "ledger",
        "answers",
        "commitments",
        "exemplars",
        "consultations",
        "measures",
        "comments",
    ] {
        for form in ["json", "csv"] {
            assert!(
                seen.contains(&format!("/public/data/{part}.{form}")),
                "{part}.{form}"
            );
            assert!(
                seen.contains(&format!("/public/data/{part}.{form}?lang=en")),
                "{part}.{form}"
            );
        }
    }
    assert!(
        seen.contains("/public/feed.atom") && seen.len() > 80,
        "{}",
        seen.len()
    );

    // A receipt shows the answer, and of what was said and who said it nothing.
    for suggestion in &filled.suggestions {
        let page = server
            .get(&format!("/follow/{}", suggestion.receipt_code()))
            .await;
        assert_eq!(page.status, StatusCode::OK);
        let answers = ["answer", "decline"].map(|act| format!("{SECRET}-suggestion-{act}"));
        let rest = answers
            .iter()
            .fold(page.text, |text, answer| text.replace(answer, ""));
        assert!(!rest.contains(SECRET), "{rest}");
    }
}

#[tokio::test]
async fn what_is_no_page_is_answered_by_a_page_in_words() {
    let server = Server::start().await;
    let check = |page: &crate::server::Page, status: StatusCode, words: &str| {
        assert_eq!(page.status, status, "{page:?}");
        assert_eq!(page.kind, "text/html; charset=utf-8");
        assert!(page.text.contains(words), "{}", page.text);
    };
    for path in [
        "/public/nothing",
        "/public/ledger/nothing",
        "/public/answers?page=9",
        "/public/data/contacts.csv",
        "/public/data/ledger.xml",
        "/public/suggest/nowhere",
        "/public/ledger/a/b",
        "/follow/a/b",
        "/public/",
    ] {
        check(&server.get(path).await, StatusCode::NOT_FOUND, "没有这一页");
    }
    let english = server.get("/public/nothing?lang=en").await;
    check(&english, StatusCode::NOT_FOUND, "No such page");
    check(
        &server.get("/public/answers?page=two").await,
        StatusCode::BAD_REQUEST,
        "没有看懂",
    );
    check(
        &server.send("/public", &[]).await,
        StatusCode::METHOD_NOT_ALLOWED,
        "这里不能这样做",
    );
}

#[tokio::test]
async fn words_stay_words_in_pages_feeds_and_spreadsheets() {
    let server = Server::start().await;
    let (id, clerk) = (DocId([50; 16]), everybody("clerk1"));
    let values = [
        ("body", "=HYPERLINK(\"x\")<script>alert(1)</script>&".into()),
        ("theme", Value::Text(THEME.to_string())),
        ("location", "＋1".into()),
        ("consent", Value::Flag(true)),
    ];
    server
        .lay(&clerk, "suggestion", id, &values, &["submit", "accept"])
        .await;
    server.office(id, "answer", "<b>已修好</b>").await;
    server.office(id, "publish", "").await;
    let address = format!("/public/answers/{id}");
    server.until("/public/answers", &address).await;
    for path in [&address, "/public/answers", "/public", "/public/feed.atom"] {
        let page = server.get(path).await;
        assert!(
            page.text.contains("&lt;script&gt;alert(1)&lt;/script&gt;&amp;"),
            "{path}: {}",
            page.text
        );
        assert!(
            !page.text.contains("<script") && !page.text.contains("<b>已"),
            "{path}"
        );
    }
    let table = server.get("/public/data/answers.csv").await;
    assert!(
        table.text.starts_with('\u{feff}'),
        "a spreadsheet does not see that it is UTF-8"
    );
    assert!(
        table.text.contains("\"'=HYPERLINK(\"\"x\"\")<script>"),
        "{}",
        table.text
    );
    assert!(table.text.contains(",'＋1,"), "{}", table.text);
    let data: serde_json::Value =
        serde_json::from_str(&server.get("/public/data/answers.json").await.text).unwrap();
    let record = &data["records"][0];
    assert_eq!(record["address"], address.as_str());
    assert_eq!(record["fields"]["theme"], "主题一");
    assert_eq!(record["steps"][0]["words"], "<b>已修好</b>");
}
