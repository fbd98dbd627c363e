//! Administration as those who administer meet it, over real lines.

use std::time::Duration;

use lianxin_server::demo;
use lianxin_server::routes::{Access, table};
use lianxin_server::store::{Account, Act, Deed};
use lianxin_server::sync::{Answer, Changes, Submission};
use lianxin_shared::document::{Actor, Author, Document};
use lianxin_shared::id::{DeviceId, DocId, Moment};
use lianxin_shared::records::{Envelope, Event, Value as Field, Values};
use lianxin_shared::rules::Principal;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::server::Server;

impl Server {
    /// A token, or the status of a refusal.
    async fn signed_in(&self, user: &str, password: &str) -> Result<String, StatusCode> {
        let answer = self.sign_in(user, password).await;
        if !answer.status().is_success() {
            return Err(answer.status());
        }
        let opened: Value = answer.json().await.unwrap();
        Ok(opened["token"].as_str().unwrap().to_owned())
    }

    async fn me(&self, token: &str) -> Principal {
        let request = self.ask(Method::GET, "/api/session").bearer_auth(token);
        request.send().await.unwrap().json().await.unwrap()
    }

    /// Waits until a user is so.
    async fn until(&self, token: &str, is: impl Fn(&Principal) -> bool) {
        let waiting = async {
            while !is(&self.me(token).await) {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(30), waiting)
            .await
            .unwrap();
    }

    async fn account(&self, user: &str) -> Principal {
        let account = self.app.store.account(user.parse().unwrap()).await.unwrap();
        account.unwrap().principal
    }

    /// Changes a record, as an administrator does at any device.
    async fn write(&self, doc: DocId, values: Values, events: &[&str]) {
        let admin = self.account("admin").await;
        let content = self.app.store.content(doc).await.unwrap().unwrap();
        let mut document = Document::load(&content.snapshot.unwrap()).unwrap();
        let chunks: Vec<_> = content.changes.into_iter().map(|change| change.bytes).collect();
        document.apply(&chunks).unwrap();
        let known = document.heads();
        let author = author(&admin);
        let events: Vec<_> = events
            .iter()
            .map(|act| Event::new(act, &author.user, author.at))
            .collect();
        document.edit(&known, &values, &events, &author).unwrap();
        self.submit(&admin, doc, document.changes_since(known.as_slice()))
            .await;
    }

    /// Starts a record.
    async fn start_record(&self, doc: DocId, kind: &str, values: Values) {
        let admin = self.account("admin").await;
        let author = author(&admin);
        let envelope = Envelope {
            schema: 1,
            kind: kind.to_owned(),
            id: doc,
            station: None,
            owner: author.user.clone(),
            created_at: author.at,
            attachments: Vec::new(),
        };
        let mut document = Document::create(&envelope, &values, &[], &author).unwrap();
        self.submit(&admin, doc, document.changes_since(&[])).await;
    }

    async fn submit(&self, by: &Principal, doc: DocId, chunks: Vec<Vec<u8>>) {
        let submission = Submission::of_chunks(doc, chunks);
        let answers = self
            .app
            .door
            .accept(by, DeviceId([1; 16]), vec![submission])
            .await
            .unwrap();
        assert!(matches!(answers[0], Answer::Accepted { .. }), "{answers:?}");
    }
}

fn author(principal: &Principal) -> Author {
    let mut actor = [0; 16];
    getrandom::fill(&mut actor).unwrap();
    Author {
        user: principal.user.clone(),
        actor: Actor(actor),
        at: Moment(1_790_000_000_000),
    }
}

fn people(field: &str, people: &[DocId]) -> Values {
    let people = people.iter().map(ToString::to_string).collect();
    [(field.to_owned(), Field::List(people))].into()
}

#[tokio::test]
async fn the_administrators_routes_are_theirs() {
    let server = Server::demo().await;
    let routes: Vec<_> = table()
        .into_iter()
        .filter(|route| route.access == Access::Admin)
        .collect();
    assert!(!routes.is_empty());
    for user in ["host1", "clerk1", "supervisor1"] {
        let token = server.token(user).await;
        for route in &routes {
            let path = route.path.replace("{user}", "host2").replace("{id}", "0");
            let (status, _) = server.send(route.method.clone(), &path, &token, &json!({})).await;
            assert_eq!(status, StatusCode::FORBIDDEN, "{user} {} {path}", route.method);
        }
    }
}

#[tokio::test]
async fn an_account_is_added_changed_shut_out_and_let_in_again() {
    let server = Server::demo().await;
    let admin = server.token("admin").await;
    let new = json!({ "user": " Member9 ", "name": "委员九", "roles": ["member"] });
    let (status, told) = server.send(Method::POST, "/api/accounts", &admin, &new).await;
    assert_eq!(status, StatusCode::OK);
    let password = told["password"].as_str().unwrap().to_owned();
    let token = server.signed_in("member9", &password).await.unwrap();
    let me = server.me(&token).await;
    assert!(me.person.is_some(), "a person's record was made beside it");

    let wanted = |roles: &[&str], disabled| json!({ "name": "委员九", "roles": roles, "disabled": disabled });
    let change = async |body: Value| {
        server
            .send(Method::PUT, "/api/accounts/member9", &admin, &body)
            .await
    };
    let (_, shown) = change(wanted(&["member", "clerk"], false)).await;
    assert_eq!(shown["roles"], json!(["member", "clerk"]));
    assert!(server.me(&token).await.in_office(), "roles follow at once");

    change(wanted(&["member"], true)).await;
    let (status, _) = server.send(Method::GET, "/api/session", &token, &json!({})).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    assert_eq!(
        server.signed_in("member9", &password).await,
        Err(StatusCode::UNAUTHORIZED)
    );
    change(wanted(&["member"], false)).await;
    let again = server.signed_in("member9", &password).await.unwrap();

    let (_, told) = server
        .send(Method::POST, "/api/accounts/member9/password", &admin, &json!({}))
        .await;
    let (status, _) = server.send(Method::GET, "/api/session", &again, &json!({})).await;
    assert_eq!(
        status,
        StatusCode::UNAUTHORIZED,
        "what was opened with the old one ends"
    );
    assert!(server.signed_in("member9", &password).await.is_err());
    server
        .signed_in("member9", told["password"].as_str().unwrap())
        .await
        .unwrap();
    let given = json!({ "password": "correct horse" });
    let (_, told) = server
        .send(Method::POST, "/api/accounts/member9/password", &admin, &given)
        .await;
    assert!(told["password"].is_null());
    server.signed_in("member9", "correct horse").await.unwrap();

    let (_, audit) = server.send(Method::GET, "/api/audit", &admin, &json!({})).await;
    let acts = audit["acts"].as_array().unwrap().iter();
    let acts: Vec<_> = acts
        .map(|act| (act["deed"].as_str().unwrap(), act["words"].as_str().unwrap()))
        .collect();
    let expected = [
        ("password-set", ""),
        ("password-set", ""),
        ("account-changed", "enabled"),
        ("account-changed", "-clerk disabled"),
        ("account-changed", "+clerk"),
        ("account-added", "+member"),
    ];
    assert_eq!(acts, expected);
    assert!(
        audit["acts"]
            .as_array()
            .unwrap()
            .iter()
            .all(|act| act["by"] == "admin" && act["about"] == "member9")
    );
    assert!(!audit.to_string().contains(&password) && !audit.to_string().contains("correct horse"));
    let (_, accounts) = server
        .send(Method::GET, "/api/accounts", &admin, &json!({}))
        .await;
    assert!(!accounts.to_string().contains("argon2"));
}

#[tokio::test]
async fn what_makes_no_account_is_refused() {
    let server = Server::demo().await;
    let admin = server.token("admin").await;
    let new = |user: &str, name: &str, roles: &[&str]| json!({ "user": user, "name": name, "roles": roles });
    for (body, expected) in [
        (new("host1", "主持人", &["host"]), "account-exists"),
        (new("server", "服务器", &["admin"]), "account-exists"),
        (new("system", "系统", &["admin"]), "account-exists"),
        (new("a b", "某某", &["host"]), "request-invalid"),
        (new("new1", " ", &["host"]), "request-invalid"),
        (new("new1", &"长".repeat(41), &["host"]), "request-invalid"),
        (new("new1", "某某", &[]), "request-invalid"),
        (new("new1", "某某", &["resident"]), "request-invalid"),
        (new("new1", "某某", &["king"]), "request-invalid"),
    ] {
        let (_, problem) = server.send(Method::POST, "/api/accounts", &admin, &body).await;
        assert_eq!(problem["code"], expected, "{body}");
    }
    let wanted = |roles: &[&str], disabled| json!({ "name": "管理员", "roles": roles, "disabled": disabled });
    for (user, body, expected) in [
        ("admin", wanted(&["admin"], true), "account-own"),
        ("admin", wanted(&["clerk"], false), "account-own"),
        ("nobody", wanted(&["clerk"], false), "account-unknown"),
    ] {
        let path = format!("/api/accounts/{user}");
        let (_, problem) = server.send(Method::PUT, &path, &admin, &body).await;
        assert_eq!(problem["code"], expected, "{user} {body}");
    }
    let short = json!({ "password": "short" });
    let (_, problem) = server
        .send(Method::POST, "/api/accounts/host1/password", &admin, &short)
        .await;
    assert_eq!(problem["code"], "request-invalid");
    server.token("host1").await;
    let (_, audit) = server.send(Method::GET, "/api/audit", &admin, &json!({})).await;
    assert_eq!(audit["acts"], json!([]));
}

#[tokio::test]
async fn whoever_a_record_names_hosts_and_belongs_and_convenes_from_then_on() {
    let server = Server::demo().await;
    let (host1, host3) = (server.token("host1").await, server.token("host3").await);
    let station = server.me(&host1).await.hosts.into_iter().next().unwrap();
    let (me, other) = (
        server.me(&host1).await.person.unwrap(),
        server.me(&host3).await.person.unwrap(),
    );
    let own = server.me(&host3).await.hosts;
    assert!(!own.contains(&station));
    server.write(station, people("hosts", &[me, other]), &[]).await;
    server
        .until(&host3, |host| {
            host.hosts.contains(&station) && host.hosts.is_superset(&own)
        })
        .await;
    server.write(station, people("hosts", &[other]), &[]).await;
    server.until(&host1, |host| host.hosts.is_empty()).await;

    let group = DocId([0x67; 16]);
    let mut values = people("members", &[me]);
    values.extend([
        ("name".to_owned(), Field::from("界别小组一")),
        ("type".to_owned(), Field::from("sector")),
        ("convener".to_owned(), Field::Text(other.to_string())),
    ]);
    server.start_record(group, "group", values).await;
    server.until(&host3, |host| host.convenes.contains(&group)).await;
    server.until(&host1, |host| host.groups.contains(&group)).await;

    // Who leaves office belongs nowhere; who comes back, where the records still say.
    server.write(other, Values::new(), &["retire"]).await;
    server
        .until(&host3, |host| {
            host.person.is_none() && host.hosts.is_empty() && host.convenes.is_empty()
        })
        .await;
    server.write(other, Values::new(), &["restore"]).await;
    server
        .until(&host3, |host| {
            host.hosts.contains(&station) && host.convenes.contains(&group)
        })
        .await;

    // A station that is removed for good takes its hosts' right with it.
    let admin = server.token("admin").await;
    let why = json!({ "reason": "登记错误" });
    let (status, _) = server
        .send(Method::DELETE, &format!("/api/documents/{station}"), &admin, &why)
        .await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    server
        .until(&host3, |host| {
            !host.hosts.contains(&station) && host.hosts.is_superset(&own)
        })
        .await;
}

#[tokio::test]
async fn devices_are_taken_in_by_a_code_and_withdrawn() {
    let server = Server::demo().await;
    let admin = server.token("admin").await;
    let host = server.token("host1").await;
    let post = async |path: &str, token: &str| server.send(Method::POST, path, token, &json!({})).await;

    // A code opens a session, once; and what opens the vault is the same for all devices of a user, and no other's.
    let opened = async |code: &Value| {
        let request = server.http.post(format!("{}/api/session/code", server.address));
        let answer = request.json(&json!({ "code": code })).send().await.unwrap();
        let is_kept = answer
            .headers()
            .get("cache-control")
            .is_none_or(|value| value != "no-store");
        assert!(
            !answer.status().is_success() || !is_kept,
            "a browser may keep the answer"
        );
        (answer.status(), answer.json::<Value>().await.unwrap())
    };
    let (status, given) = post("/api/accounts/host1/code", &admin).await;
    assert_eq!(status, StatusCode::OK);
    let (status, session) = opened(&given["code"]).await;
    assert_eq!((status, &session["user"]), (StatusCode::OK, &json!("host1")));
    let (status, refused) = opened(&given["code"]).await;
    assert_eq!(
        (status, &refused["code"]),
        (StatusCode::UNAUTHORIZED, &json!("device-code-wrong"))
    );
    assert_eq!(opened(&json!("0000000000")).await.0, StatusCode::UNAUTHORIZED);
    let recovery = async |user: &str| {
        let body = json!({ "user": user, "password": demo::PASSWORD });
        let request = server.http.post(format!("{}/api/session", server.address));
        let answer: Value = request.json(&body).send().await.unwrap().json().await.unwrap();
        answer["recovery"].as_str().unwrap().to_owned()
    };
    assert_eq!(recovery("host1").await, session["recovery"].as_str().unwrap());
    assert_eq!(recovery("host1").await.len(), 64);
    assert_ne!(recovery("host1").await, recovery("host2").await);

    // Withdrawn, each device hears it by name; others' sessions go on.
    let other = server.token("host2").await;
    assert_eq!(
        post("/api/accounts/host1/withdraw", &host).await.0,
        StatusCode::FORBIDDEN
    );
    assert_eq!(
        post("/api/accounts/admin/withdraw", &admin).await.0,
        StatusCode::CONFLICT
    );
    assert_eq!(
        post("/api/accounts/host1/withdraw", &admin).await.0,
        StatusCode::NO_CONTENT
    );
    let get = async |path: &str, token: &str| server.send(Method::GET, path, token, &json!({})).await;
    let heard = async || {
        let (_, list) = get("/api/accounts/host1/withdrawn", &admin).await;
        let list = list.as_array().unwrap().clone();
        (
            list.len(),
            list.iter().filter(|one| !one["told_at"].is_null()).count(),
        )
    };
    let (devices, none) = heard().await;
    assert!(devices >= 2 && none == 0);
    let (status, problem) = get("/api/session", &host).await;
    assert_eq!(
        (status, &problem["code"]),
        (StatusCode::UNAUTHORIZED, &json!("withdrawn"))
    );
    assert_eq!(heard().await, (devices, 1));
    assert_eq!(get("/api/session", &other).await.0, StatusCode::OK);
    assert_eq!(get("/api/session", "00").await.1["code"], "sign-in-needed");
    assert!(server.signed_in("host1", demo::PASSWORD).await.is_ok());
}

#[tokio::test]
async fn one_device_of_several_is_withdrawn() {
    let server = Server::demo().await;
    let (admin, kept) = (server.token("admin").await, server.token("host1").await);
    let lost = server.signed_in("host1", demo::PASSWORD).await.unwrap();
    let get = async |path: &str, token: &str| server.send(Method::GET, path, token, &json!({})).await;
    let post = async |path: &str, token: &str, body: Value| {
        let (status, problem) = server.send(Method::POST, path, token, &body).await;
        (
            status.as_u16(),
            problem["code"].as_str().unwrap_or_default().to_owned(),
        )
    };
    let problem = |status, code: &str| (status, code.to_owned());
    let own = async |token: &str| {
        let (_, sessions) = get("/api/sessions", token).await;
        let sessions = sessions.as_array().unwrap().clone();
        let own = sessions.iter().find(|session| session["own"] == true).unwrap();
        own["id"].as_str().unwrap().to_owned()
    };
    let of = |user: &str, id: &str| format!("/api/accounts/{user}/sessions/{id}/withdraw");
    let (own_lost, own_kept, own_admin) = (own(&lost).await, own(&kept).await, own(&admin).await);

    // Nobody's device under somebody else's name, and not the one that it is done on.
    let unknown = problem(404, "session-unknown");
    assert_eq!(post(&of("host2", &own_lost), &admin, json!({})).await, unknown);
    assert_eq!(post(&of("host1", "00"), &admin, json!({})).await, unknown);
    let nobody = post(&of("nobody", &own_lost), &admin, json!({})).await;
    assert_eq!(nobody, problem(404, "account-unknown"));
    let of_admin = post(&of("admin", &own_admin), &admin, json!({})).await;
    assert_eq!(of_admin, problem(409, "session-own"));

    assert_eq!(
        post(&of("host1", &own_lost), &admin, json!({})).await,
        problem(204, "")
    );
    assert_eq!(post(&of("host1", &own_lost), &admin, json!({})).await, unknown);
    let (_, list) = get("/api/accounts/host1/withdrawn", &admin).await;
    assert_eq!(
        (list.as_array().unwrap().len(), &list[0]["told_at"]),
        (1, &Value::Null)
    );
    let (_, told) = get("/api/session", &lost).await;
    assert_eq!(told["code"], "withdrawn");
    let (_, list) = get("/api/accounts/host1/withdrawn", &admin).await;
    assert!(list[0]["told_at"].is_i64());
    assert_eq!(get("/api/session", &kept).await.0, StatusCode::OK);

    // Somebody withdraws a tablet of theirs, and proves that it is they.
    let lost = server.signed_in("host1", demo::PASSWORD).await.unwrap();
    let path = |id: &str| format!("/api/sessions/{id}/withdraw");
    let sure = || json!({ "password": demo::PASSWORD });
    let own_lost = own(&lost).await;
    let unsure = post(&path(&own_lost), &kept, json!({ "password": "guessed" })).await;
    assert_eq!(unsure, problem(403, "password-wrong"));
    assert_eq!(post(&path(&own_admin), &kept, sure()).await, unknown);
    assert_eq!(
        post(&path(&own_kept), &kept, sure()).await,
        problem(409, "session-own")
    );
    assert_eq!(post(&path(&own_lost), &kept, sure()).await, problem(204, ""));
    assert_eq!(get("/api/session", &lost).await.1["code"], "withdrawn");

    let (_, audit) = get("/api/audit", &admin).await;
    let acts = audit["acts"].as_array().unwrap().iter();
    let acts: Vec<_> = acts
        .map(|act| [&act["deed"], &act["by"], &act["about"]])
        .collect();
    let by = |user| [json!("device-withdrawn"), json!(user), json!("host1")];
    assert_eq!(acts, [by("host1").each_ref(), by("admin").each_ref()]);
}

#[tokio::test]
async fn what_was_refused_is_judged_again_or_forgotten_and_both_are_written_down() {
    let server = Server::demo().await;
    let token = server.token("admin").await;
    let admin = server.account("admin").await;
    let nobody = Principal::new(admin.user.clone(), []);
    let theme = |n: u8| {
        let author = author(&admin);
        let envelope = Envelope {
            schema: 1,
            kind: "theme".to_owned(),
            id: DocId([n; 16]),
            station: None,
            owner: author.user.clone(),
            created_at: author.at,
            attachments: Vec::new(),
        };
        let values: Values = [("name".to_owned(), Field::from("新主题"))].into();
        Document::create(&envelope, &values, &[], &author).unwrap()
    };
    // As devices send it, as other clients do, and what nobody can read.
    let whole = Submission {
        doc: DocId([1; 16]),
        snapshot: theme(1).save(),
        changes: Changes::Packed(Vec::new()),
        receipts: Vec::new(),
    };
    let chunks = Submission::of_chunks(DocId([2; 16]), theme(2).changes_since(&[]));
    let noise = Submission::of_chunks(DocId([3; 16]), vec![vec![1, 2, 3]]);
    for submission in [whole, chunks, noise] {
        let accepted = server
            .app
            .door
            .accept(&nobody, DeviceId([1; 16]), vec![submission]);
        assert!(matches!(accepted.await.unwrap()[0], Answer::Refused(_)));
    }
    let waiting = async || {
        let (_, state) = server.send(Method::GET, "/api/state", &token, &json!({})).await;
        let refused = state["refused"].as_array().unwrap().clone();
        let part = |one: &Value, key: &str| one[key].as_str().unwrap().to_owned();
        let path = |one: &Value| {
            let [doc, by, digest] = ["doc", "by", "digest"].map(|key| part(one, key));
            (doc.clone(), format!("/api/quarantine/{doc}/{by}/{digest}"))
        };
        refused
            .iter()
            .map(path)
            .collect::<std::collections::BTreeMap<_, _>>()
    };
    let before = waiting().await;
    assert_eq!(before.len(), 3, "{before:?}");
    let path = |n: u8| &before[&DocId([n; 16]).to_string()];
    let release = async |n: u8| server.send(Method::POST, path(n), &token, &json!({})).await;
    let forget = async |n: u8, reason: &str| {
        let body = json!({ "reason": reason });
        server.send(Method::DELETE, path(n), &token, &body).await.0
    };
    for n in [1, 2] {
        assert_eq!(release(n).await, (StatusCode::OK, json!({ "code": null })));
        assert!(server.app.store.content(DocId([n; 16])).await.unwrap().is_some());
        assert_eq!(release(n).await.0, StatusCode::NOT_FOUND, "it waits no more");
    }
    assert_eq!(release(3).await, (StatusCode::OK, json!({ "code": "corrupt" })));
    assert_eq!(waiting().await.len(), 1, "what is refused again is kept once");
    assert_eq!(forget(3, " ").await, StatusCode::BAD_REQUEST);
    assert_eq!(forget(3, "无法读取").await, StatusCode::NO_CONTENT);
    assert_eq!(forget(3, "无法读取").await, StatusCode::NOT_FOUND);
    assert!(waiting().await.is_empty());

    let (_, page) = server.send(Method::GET, "/api/audit", &token, &json!({})).await;
    let acts = page["acts"].as_array().unwrap().iter().map(|act| {
        (
            act["deed"].as_str().unwrap(),
            act["about"].as_str().unwrap(),
            act["words"].as_str().unwrap(),
        )
    });
    let ids = [3, 2, 1].map(|n| DocId([n; 16]).to_string());
    let expected = [
        ("push-forgotten", &*ids[0], "无法读取"),
        ("push-released", &*ids[1], "create-forbidden"),
        ("push-released", &*ids[2], "create-forbidden"),
    ];
    assert!(acts.clone().eq(expected), "{:?}", acts.collect::<Vec<_>>());
    let (_, verified) = server
        .send(Method::GET, "/api/audit/verify", &token, &json!({}))
        .await;
    assert_eq!(verified, json!({ "acts": 3, "breaks": [] }));
}

#[tokio::test]
async fn work_of_an_account_that_is_shut_out_is_not_let_in() {
    let server = Server::demo().await;
    let token = server.token("admin").await;
    let push = server.suggestion(1, "路灯坏了", "host1", 1).await;
    // Refused, since it came when the account had no role.
    let nobody = Principal::new("host1".parse().unwrap(), []);
    let refused = server
        .app
        .door
        .accept(&nobody, DeviceId([1; 16]), vec![push.into()]);
    assert!(matches!(refused.await.unwrap()[0], Answer::Refused(_)));
    let (_, state) = server.send(Method::GET, "/api/state", &token, &json!({})).await;
    let [doc, by, digest] = ["doc", "by", "digest"].map(|key| state["refused"][0][key].as_str().unwrap());
    let path = format!("/api/quarantine/{doc}/{by}/{digest}");
    let account = server.app.store.account("host1".parse().unwrap()).await.unwrap();
    let shut_out = Account {
        disabled: true,
        ..account.unwrap()
    };
    let act = Act {
        at: Moment(1_790_000_000_000),
        by: "admin".parse().unwrap(),
        deed: Deed::AccountChanged,
        about: "host1".to_owned(),
        kind: None,
        words: String::new(),
    };
    server.app.store.note_account(shut_out, act).await.unwrap();
    let release = server.send(Method::POST, &path, &token, &json!({})).await;
    assert_eq!(release, (StatusCode::OK, json!({ "code": "withdrawn" })));
    assert!(server.app.store.content(DocId([1; 16])).await.unwrap().is_none());
}
