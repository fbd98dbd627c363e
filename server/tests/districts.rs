//! Several districts on one line: what proves something in one proves nothing in another, and nothing of one is seen there.

// What a test's helpers unwrap fails the test, as it should.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use lianxin_server::app::App;
use lianxin_server::caller::Proxies;
use lianxin_server::districts::{District, Districts, SameDatabase};
use lianxin_server::limits::Limits;
use lianxin_server::routes::{Access, Route, table};
use lianxin_server::store::{Account, Filter, Kept, Listed};
use lianxin_server::sync::{Answer, Changes, Submission, receipt};
use lianxin_server::{auth, clock, demo, metrics, run};
use lianxin_shared::id::DeviceId;
use lianxin_shared::rules::{Principal, Role};
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::net::TcpListener;

const EAST: &str = "east.example";
const WEST: &str = "west.example";
/// Nobody's.
const NORTH: &str = "north.example";

/// Long enough for whatever a test waits for.
const PATIENCE: Duration = Duration::from_secs(30);

/// Two districts: the east with demonstration data, the west with nothing but accounts of the same names and passwords.
struct Server {
    client: Client,
    address: SocketAddr,
    numbers: SocketAddr,
    east: App,
    west: App,
    _data: TempDir,
}

impl Server {
    async fn start() -> Self {
        let data = tempfile::tempdir().unwrap();
        let limits = Limits::default();
        let mut apps = Vec::new();
        for name in ["east", "west"] {
            let app = App::open(&data.path().join(name)).await.unwrap();
            demo::lay_ground(&app).await.unwrap();
            let limits = limits.of_another();
            apps.push(App { limits, ..app });
        }
        let [east, west]: [App; 2] = apps.try_into().ok().unwrap();
        demo::fill(&east).await.unwrap();
        let password = auth::hash(demo::PASSWORD.to_owned()).await.unwrap();
        for (user, role) in [("admin", Role::Admin), ("host1", Role::Host)] {
            let account = Account {
                principal: Principal::new(user.parse().unwrap(), [role]),
                name: "工作人员甲".to_owned(),
                password: password.clone(),
                language: None,
                disabled: false,
                created_at: clock::now(),
            };
            west.store.add_account(account).await.unwrap();
        }
        let district = |name: &str, host: &str, app: &App| District {
            name: name.parse().unwrap(),
            hosts: vec![host.parse().unwrap()],
            app: app.clone(),
        };
        let several = vec![district("east", EAST, &east), district("west", WEST, &west)];
        let districts = Districts::by_host(several, limits, Arc::new(Proxies::default())).unwrap();
        let [listener, numbers] = [
            TcpListener::bind("127.0.0.1:0").await.unwrap(),
            TcpListener::bind("127.0.0.1:0").await.unwrap(),
        ];
        let (address, numbers_at) = (listener.local_addr().unwrap(), numbers.local_addr().unwrap());
        tokio::spawn(metrics::serve(&districts, numbers));
        tokio::spawn(run(districts, listener, std::future::pending()));
        let client = Client::builder().redirect(reqwest::redirect::Policy::none());
        let client = [EAST, WEST, NORTH]
            .iter()
            .fold(client, |client, host| client.resolve(host, address));
        Self {
            client: client.build().unwrap(),
            address,
            numbers: numbers_at,
            east,
            west,
            _data: data,
        }
    }

    fn ask(&self, host: &str, method: Method, path: &str) -> RequestBuilder {
        let address = format!("http://{host}:{}{path}", self.address.port());
        self.client.request(method, address)
    }

    async fn token(&self, host: &str, user: &str) -> String {
        let body = json!({ "user": user, "password": demo::PASSWORD });
        let request = self.ask(host, Method::POST, "/api/session").json(&body);
        let opened: Value = request.send().await.unwrap().json().await.unwrap();
        opened["token"].as_str().unwrap().to_owned()
    }

    /// An address of the east with a ticket in it, for its administrator.
    async fn ticket(&self, token: &str, path: &str) -> String {
        let request = self.ask(EAST, Method::POST, "/api/ticket").bearer_auth(token);
        let answer = request.json(&json!({ "address": path })).send().await.unwrap();
        let ticketed: Value = answer.json().await.unwrap();
        ticketed["address"].as_str().unwrap().to_owned()
    }
}

/// All that a district keeps, without when its sessions were last used.
async fn kept(app: &App) -> Vec<Kept> {
    let mut pages = app.store.dump();
    let mut kept = Vec::new();
    while let Some(page) = pages.recv().await {
        kept.extend(page.unwrap());
    }
    kept.retain(|kept| !matches!(kept, Kept::Session(_)));
    kept
}

/// The records of a kind.
async fn records(app: &App, kind: &str) -> Vec<Listed> {
    let filter = Filter {
        kinds: vec![kind.to_owned()],
        ..Filter::default()
    };
    app.store.records(filter, None, 100).await.unwrap().records
}

/// What the east has of everything that a path can name, put into the path.
struct Names {
    id: String,
    code: String,
    station: String,
    session: String,
}

impl Names {
    fn put_into(&self, path: &str) -> String {
        let id = if path.contains("sessions") {
            &self.session
        } else {
            &self.id
        };
        let path = path.replace("{id}", id).replace("{code}", &self.code);
        let path = path
            .replace("{station}", &self.station)
            .replace("{doc}", &self.id);
        let path = path.replace("{digest}", &"00".repeat(32));
        let path = path.replace("{hash}", &"00".repeat(32));
        let names = [
            ("{user}", "leader1"),
            ("{section}", "answers"),
            ("{year}", "2026"),
            ("{what}", "people"),
            ("{file}", "ledger.json"),
            ("{subject}", "everybody"),
        ];
        let path = names
            .iter()
            .fold(path, |path, (parameter, name)| path.replace(parameter, name));
        if path.starts_with("/print/") {
            path + "?at=https://west.example&year=2026"
        } else {
            path
        }
    }
}

/// A body that the route understands.
fn with_body(request: RequestBuilder, route: &Route) -> RequestBuilder {
    match (route.method.as_str(), route.path) {
        (_, "/api/accounts/{user}") => {
            request.json(&json!({ "name": "甲", "roles": ["admin"], "disabled": true }))
        }
        (_, "/api/accounts") => request.json(&json!({ "user": "mallory", "name": "甲", "roles": ["admin"] })),
        (_, "/api/sessions/{id}/withdraw") => request.json(&json!({ "password": demo::PASSWORD })),
        (_, "/api/accounts/{user}/password") => request.json(&json!({ "password": null })),
        ("DELETE", "/api/documents/{id}" | "/api/quarantine/{doc}/{user}/{digest}") => {
            request.json(&json!({ "reason": "不该有" }))
        }
        (_, "/follow/{code}") => request
            .header("content-type", "application/x-www-form-urlencoded")
            .body("satisfied=yes"),
        ("POST", path) if path.starts_with("/public/") => request
            .header("content-type", "application/x-www-form-urlencoded")
            .body("body=x"),
        ("HEAD" | "PATCH", _) => request
            .header("tus-resumable", "1.0.0")
            .header("upload-offset", "0")
            .header("content-type", "application/offset+octet-stream"),
        ("GET", _) => request,
        _ => request.json(&json!({})),
    }
}

async fn code(answer: Response) -> (StatusCode, String) {
    let status = answer.status();
    let problem: Value = answer.json().await.unwrap_or_default();
    (status, problem["code"].as_str().unwrap_or_default().to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_opens_one_district_opens_nothing_in_another() {
    let server = Server::start().await;
    let token = server.token(EAST, "admin").await;
    let names = Names {
        id: records(&server.east, "suggestion").await[0].doc.to_string(),
        code: records(&server.east, "suggestion").await[0].doc.receipt_code(),
        station: records(&server.east, "station").await[0].doc.to_string(),
        session: "00".repeat(8),
    };
    let given = server
        .ask(EAST, Method::POST, "/api/accounts/host1/code")
        .bearer_auth(&token);
    let given: Value = given.send().await.unwrap().json().await.unwrap();
    let before = kept(&server.west).await;

    for route in table() {
        let path = names.put_into(route.path);
        let said = format!("{} {path}", route.method);
        if route.access == Access::Anyone {
            continue;
        }
        let request = server.ask(WEST, route.method.clone(), &path);
        let request = match route.access {
            Access::TokenInQuery => request.query(&[("token", &token)]),
            _ => request.bearer_auth(&token),
        };
        let (status, problem) = code(with_body(request, &route).send().await.unwrap()).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED, "{said}");
        // What answers HEAD has no body.
        assert!(
            problem == "sign-in-needed" || route.method == Method::HEAD,
            "{said}: {problem}"
        );
        let takes_tickets = matches!(
            route.access,
            Access::SignedInOrTicket | Access::OfficeOrTicket | Access::AdminOrTicket
        );
        if takes_tickets {
            let address = server.ticket(&token, &path).await;
            let answer = server.ask(WEST, Method::GET, &address).send().await.unwrap();
            let expected = (StatusCode::UNAUTHORIZED, "ticket-invalid".to_owned());
            assert_eq!(code(answer).await, expected, "{said}");
            let at_home = server.ask(EAST, Method::GET, &address).send().await.unwrap();
            assert_ne!(at_home.status(), StatusCode::UNAUTHORIZED, "{said}");
        }
    }
    let code_of_east = json!({ "code": given["code"] });
    let by_code = |host| {
        let request = server.ask(host, Method::POST, "/api/session/code");
        request.json(&code_of_east)
    };
    let expected = (StatusCode::UNAUTHORIZED, "device-code-wrong".to_owned());
    assert_eq!(code(by_code(WEST).send().await.unwrap()).await, expected);
    assert_eq!(kept(&server.west).await, before, "something was changed");
    let at_home = by_code(EAST).send().await.unwrap();
    assert_eq!(at_home.status(), StatusCode::OK, "it was spent elsewhere");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_district_has_is_unknown_in_another() {
    let server = Server::start().await;
    let (host, admin) = (
        server.token(WEST, "host1").await,
        server.token(WEST, "admin").await,
    );
    let own = server.token(EAST, "leader1").await;
    let sessions = server
        .ask(EAST, Method::GET, "/api/sessions")
        .bearer_auth(&own)
        .send()
        .await
        .unwrap();
    let sessions: Value = sessions.json().await.unwrap();
    let before = kept(&server.west).await;
    let mut words = Vec::new();
    for kind in ["suggestion", "station", "ledger", "activity"] {
        let of_kind = records(&server.east, kind).await;
        words.extend(of_kind.into_iter().map(|record| record.row.title));
    }
    words.retain(|words| !words.is_empty());
    assert!(words.len() > 10, "{words:?}");
    let mut asked = 0;
    for kind in ["suggestion", "station", "person"] {
        let Some(record) = records(&server.east, kind).await.into_iter().next() else {
            continue;
        };
        let names = Names {
            id: record.doc.to_string(),
            code: record.doc.receipt_code(),
            station: records(&server.east, "station").await[0].doc.to_string(),
            session: sessions[0]["id"].as_str().unwrap().to_owned(),
        };
        for route in table() {
            let path = names.put_into(route.path);
            // One answer does not end, some end what the others need, and one asks for no document.
            let is_own = ["/api/live", "/repo", "/api/session", "/api/accounts"];
            if is_own.contains(&route.path) || route.path.starts_with("/api/session/") {
                continue;
            }
            let names_something = ["{id}", "{code}", "{station}", "{user}", "{doc}"]
                .iter()
                .any(|parameter| route.path.contains(parameter));
            let is_open = route.access == Access::Anyone;
            for token in [&host, &admin].into_iter().skip(usize::from(is_open)) {
                let request = server.ask(WEST, route.method.clone(), &path).bearer_auth(token);
                let answer = with_body(request, &route).send().await.unwrap();
                let said = format!("{} {path}", route.method);
                let is_there = ![StatusCode::NOT_FOUND, StatusCode::FORBIDDEN].contains(&answer.status());
                assert!(
                    !(names_something && is_there),
                    "{said}: {}",
                    answer.text().await.unwrap()
                );
                asked += usize::from(names_something);
                let text = String::from_utf8_lossy(&answer.bytes().await.unwrap()).into_owned();
                let seen = words.iter().find(|words| text.contains(*words));
                assert_eq!(seen, None, "{said}");
            }
        }
    }
    assert!(asked > 60, "{asked}");
    assert_eq!(kept(&server.west).await, before, "something was changed");
    let still = server.ask(EAST, Method::GET, "/api/session").bearer_auth(own);
    assert_eq!(still.send().await.unwrap().status(), StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receipt_of_one_district_gives_nothing_back_to_another() {
    let server = Server::start().await;
    let doc = records(&server.east, "suggestion").await[0].doc;
    let content = server.east.store.content(doc).await.unwrap().unwrap();
    // Nobody in the west wrote it: only a receipt of the west's would let it in.
    let push = |of: &App| Submission {
        doc,
        snapshot: content.snapshot.clone().unwrap_or_default(),
        changes: Changes::Chunks(
            content
                .changes
                .iter()
                .map(|change| change.bytes.clone())
                .collect(),
        ),
        receipts: vec![receipt(&of.life, doc, content.heads.clone())],
    };
    let principal = Principal::new("host1".parse().unwrap(), [Role::Host]);
    let give = async |of: &App| {
        let given = server
            .west
            .door
            .accept(&principal, DeviceId([9; 16]), vec![push(of)]);
        given.await.unwrap().remove(0)
    };
    assert!(matches!(give(&server.east).await, Answer::Refused(_)));
    assert_eq!(server.west.store.content(doc).await.unwrap(), None);
    assert!(matches!(give(&server.west).await, Answer::Accepted { .. }));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_move_in_one_district_wakes_nobody_in_another() {
    let server = Server::start().await;
    let token = server.token(WEST, "admin").await;
    let line = server.ask(WEST, Method::GET, "/api/live").bearer_auth(token);
    let mut line = line.send().await.unwrap();
    server.east.live.moved(["user:host1".to_owned()]);
    server.west.live.moved(["user:admin".to_owned()]);
    let mut said = String::new();
    while !said.contains("user:") {
        let more = tokio::time::timeout(PATIENCE, line.chunk()).await;
        said += &String::from_utf8_lossy(&more.unwrap().unwrap().unwrap());
    }
    // What was said earlier would have come earlier.
    assert!(
        said.contains("user:admin") && !said.contains("user:host1"),
        "{said}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn each_is_found_by_its_host_alone_and_counted_by_itself() {
    let server = Server::start().await;
    let front = async |host: &str| {
        let request = server.ask(host, Method::GET, "/public/suggest");
        request.send().await.unwrap().text().await.unwrap()
    };
    let station = records(&server.east, "station").await.remove(0).row.title;
    assert!(front(EAST).await.contains(&station));
    assert!(!front(WEST).await.contains(&station));
    for path in ["/", "/public", "/api/session", "/api/nothing"] {
        let answer = server.ask(NORTH, Method::GET, path).send().await.unwrap();
        assert_eq!(
            answer.headers()["content-type"],
            "application/problem+json",
            "{path}"
        );
        assert!(answer.headers().contains_key("x-request-id"));
        let expected = (StatusCode::NOT_FOUND, "host-unknown".to_owned());
        assert_eq!(code(answer).await, expected, "{path}");
    }
    let alive = server.ask(NORTH, Method::GET, "/health").send().await;
    assert_eq!(alive.unwrap().status(), StatusCode::OK);

    let numbers = async |path: &str| {
        let answer = reqwest::get(format!("http://{}{path}", server.numbers))
            .await
            .unwrap();
        (answer.status(), answer.text().await.unwrap())
    };
    let asked = "route=\"/public/suggest\"";
    for name in ["east", "west"] {
        let (status, text) = numbers(&format!("/metrics/{name}")).await;
        let counted = text
            .lines()
            .find(|line| line.contains("requests_total") && line.contains(asked));
        assert_eq!(
            (status, counted.map(|line| line.ends_with(" 1"))),
            (StatusCode::OK, Some(true)),
            "{name}: {counted:?}"
        );
    }
    assert_eq!(numbers("/metrics").await.0, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn guesses_in_one_district_hold_up_nobody_in_another() {
    let server = Server::start().await;
    let guess = |host| {
        let body = json!({ "user": "admin", "password": "guessed" });
        server.ask(host, Method::POST, "/api/session").json(&body)
    };
    let mut answers = Vec::new();
    while answers.len() < 100 && !answers.contains(&StatusCode::TOO_MANY_REQUESTS) {
        answers.push(guess(EAST).send().await.unwrap().status());
    }
    assert_eq!(answers.last(), Some(&StatusCode::TOO_MANY_REQUESTS));
    assert_eq!(
        guess(WEST).send().await.unwrap().status(),
        StatusCode::UNAUTHORIZED
    );
}

#[tokio::test]
async fn a_copy_of_a_database_is_no_other_district() {
    let data = tempfile::tempdir().unwrap();
    let (one, two) = (data.path().join("one"), data.path().join("two"));
    let app = App::open(&one).await.unwrap();
    std::fs::create_dir(&two).unwrap();
    for file in std::fs::read_dir(&one).unwrap() {
        let file = file.unwrap();
        if file.path().is_dir() {
            continue;
        }
        std::fs::copy(file.path(), two.join(file.file_name())).unwrap();
    }
    let copy = App::open(&two).await.unwrap();
    // Told that it was restored, it has another name to devices.
    copy.store.begin_new_life().await.unwrap();
    let copy = App::over(copy.store, copy.files).await.unwrap();
    assert_ne!(copy.life.epoch, app.life.epoch);
    let district = |name: &str, app: App| District {
        name: name.parse().unwrap(),
        hosts: vec![format!("{name}.example").parse().unwrap()],
        app,
    };
    let several = vec![district("one", app), district("two", copy)];
    let refused = Districts::by_host(several, Limits::default(), Arc::default());
    let expected = SameDatabase("one".parse().unwrap(), "two".parse().unwrap());
    assert_eq!(refused.err(), Some(expected));
}
