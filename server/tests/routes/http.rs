//! The server as a client meets it, over real lines.

use lianxin_server::routes::{Access, table};
use lianxin_shared::id::DocId;
use lianxin_shared::rules::{Principal, Role};
use reqwest::{Method, RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};

use super::server::{PASSWORD, Server};

impl Server {
    fn get(&self, path: &str, token: &str) -> RequestBuilder {
        self.ask(Method::GET, path).bearer_auth(token)
    }
}

/// With a host, a clerk and a department.
async fn with_roles() -> Server {
    let roles = [
        ("host1", Role::Host),
        ("clerk1", Role::Clerk),
        ("handler1", Role::Handler),
    ];
    Server::with(roles.map(|(user, role)| Principal::new(user.parse().unwrap(), [role]))).await
}

/// The code of a problem, whose form is checked on the way.
async fn code(request: RequestBuilder) -> (StatusCode, String) {
    problem(request.send().await.unwrap()).await
}

async fn problem(response: Response) -> (StatusCode, String) {
    let status = response.status();
    let headers = response.headers().clone();
    let document: Value = response.json().await.unwrap();
    assert_eq!(headers["content-type"], "application/problem+json", "{document}");
    assert_eq!(document["status"], status.as_u16());
    assert_eq!(document["request_id"], headers["x-request-id"].to_str().unwrap());
    let code = document["code"].as_str().unwrap().to_owned();
    for words in ["title", "detail"] {
        let words = document[words].as_str().unwrap();
        assert!(!words.is_empty() && !words.starts_with("problem-"), "{words}");
    }
    (status, code)
}

/// A route's address with something in place of its parameters.
fn filled(path: &str) -> String {
    path.replace("{id}", &DocId([7; 16]).to_string())
}

#[tokio::test]
async fn a_stranger_gets_in_only_where_the_table_says() {
    let server = with_roles().await;
    for route in table() {
        let request = server.ask(route.method.clone(), &filled(route.path));
        if route.access == Access::Anyone {
            let status = request.send().await.unwrap().status();
            assert_ne!(
                status,
                StatusCode::UNAUTHORIZED,
                "{} {}",
                route.method,
                route.path
            );
        } else {
            let refused = async |request: RequestBuilder| {
                let answer = request.send().await.unwrap();
                let status = answer.status();
                assert_eq!(
                    status,
                    StatusCode::UNAUTHORIZED,
                    "{} {}",
                    route.method,
                    route.path
                );
                // An answer to HEAD has no words.
                if route.method != Method::HEAD {
                    assert_eq!(problem(answer).await.1, "sign-in-needed", "{}", route.path);
                }
            };
            refused(request).await;
            let request = server.ask(route.method.clone(), &filled(route.path));
            let guess = "0".repeat(64);
            let guessed = match route.access {
                Access::TokenInQuery => request.query(&[("token", guess)]),
                _ => request.bearer_auth(guess),
            };
            refused(guessed).await;
        }
    }
}

#[tokio::test]
async fn the_offices_routes_are_the_offices() {
    let server = with_roles().await;
    let (host, clerk) = (server.token("host1").await, server.token("clerk1").await);
    let office: Vec<_> = table()
        .into_iter()
        .filter(|route| matches!(route.access, Access::Office | Access::Handlers))
        .collect();
    assert!(!office.is_empty());
    for route in office {
        let path = filled(route.path);
        let ask = |token: &str| server.ask(route.method.clone(), &path).bearer_auth(token);
        assert_eq!(
            code(ask(&host)).await,
            (StatusCode::FORBIDDEN, "forbidden".to_owned()),
            "{path}"
        );
        // Whoever is let in learns what the address is about: here, that there is no such record.
        let status = ask(&clerk).send().await.unwrap().status();
        assert_ne!(status, StatusCode::UNAUTHORIZED, "{path}");
        assert_ne!(status, StatusCode::FORBIDDEN, "{path}");
    }
}

#[tokio::test]
async fn a_department_asks_for_what_is_assigned_to_it_and_for_nothing_else() {
    let server = with_roles().await;
    let handler = server.token("handler1").await;
    let forbidden = (StatusCode::FORBIDDEN, "forbidden".to_owned());
    for route in table() {
        let ask = |query: &str| {
            let path = filled(route.path) + query;
            server.ask(route.method.clone(), &path).bearer_auth(&handler)
        };
        match route.access {
            Access::Office => assert_eq!(code(ask("")).await, forbidden, "{}", route.path),
            Access::Handlers => {
                for query in ["", "?handler=clerk1", "?handler=-", "?owner=handler1"] {
                    assert_eq!(code(ask(query)).await, forbidden, "{}{query}", route.path);
                }
                let own = ask("?handler=handler1&order=due").send().await.unwrap();
                assert_eq!(own.status(), StatusCode::OK, "{}", route.path);
            }
            _ => {}
        }
    }
}

#[tokio::test]
async fn the_line_for_other_clients_takes_its_token_in_the_query_and_no_foreign_page() {
    let server = with_roles().await;
    let token = server.token("host1").await;
    let in_header = server.get("/repo", &token);
    let expected = (StatusCode::UNAUTHORIZED, "sign-in-needed".to_owned());
    assert_eq!(code(in_header).await, expected);
    let upgrade = |origin: &str| {
        let request = server.ask(Method::GET, "/repo").query(&[("token", &token)]);
        let request = request
            .header("connection", "upgrade")
            .header("upgrade", "websocket")
            .header("sec-websocket-version", "13")
            .header("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==");
        request.header("origin", origin)
    };
    let expected = (StatusCode::FORBIDDEN, "forbidden".to_owned());
    assert_eq!(code(upgrade("https://other.example")).await, expected);
    let upgraded = upgrade(&server.address).send().await.unwrap();
    assert_eq!(upgraded.status(), StatusCode::SWITCHING_PROTOCOLS);
}

#[tokio::test]
async fn a_session_lasts_from_signing_in_to_signing_out() {
    let server = with_roles().await;
    let mut opened: Value = server.sign_in(" Host1 ", PASSWORD).await.json().await.unwrap();
    let token = opened.as_object_mut().unwrap().remove("token").unwrap();
    assert!(opened.as_object_mut().unwrap().remove("recovery").is_some());
    let token = token.as_str().unwrap();
    let me = async || server.get("/api/session", token).send().await.unwrap();
    let shown: Value = me().await.json().await.unwrap();
    assert_eq!(shown, opened);
    assert_eq!(
        (&shown["user"], &shown["roles"]),
        (&json!("host1"), &json!(["host"]))
    );
    assert_eq!(shown["language"], "zh");
    // Who never chose a language is spoken to in that of the asking.
    let asked = server
        .get("/api/session", token)
        .header("accept-language", "en")
        .send();
    let asked: Value = asked.await.unwrap().json().await.unwrap();
    assert_eq!(asked["language"], "en");

    let speak = server
        .ask(Method::PUT, "/api/session/language")
        .bearer_auth(token);
    let spoken = speak.json(&json!({ "language": "en" })).send().await.unwrap();
    assert_eq!(spoken.status(), StatusCode::NO_CONTENT);
    assert_eq!(me().await.json::<Value>().await.unwrap()["language"], "en");

    let left = server.ask(Method::DELETE, "/api/session").bearer_auth(token);
    assert_eq!(left.send().await.unwrap().status(), StatusCode::NO_CONTENT);
    assert_eq!(me().await.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn who_guesses_learns_nothing_and_has_to_wait() {
    let server = with_roles().await;
    let wrong = (StatusCode::UNAUTHORIZED, "credentials-wrong".to_owned());
    for user in ["host1", "nobody", "居民"] {
        assert_eq!(
            problem(server.sign_in(user, "guessed").await).await,
            wrong,
            "{user}"
        );
    }
    let mut answers = Vec::new();
    for _ in 0..20 {
        answers.push(server.sign_in("host1", "guessed").await.status());
    }
    assert_eq!(answers.last(), Some(&StatusCode::TOO_MANY_REQUESTS));
    let waits = server.sign_in("host1", PASSWORD).await;
    let seconds: u64 = waits.headers()["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=60).contains(&seconds), "{seconds}");
    let too_many = (StatusCode::TOO_MANY_REQUESTS, "too-many-attempts".to_owned());
    assert_eq!(problem(server.sign_in("host1", PASSWORD).await).await, too_many);
    assert_eq!(server.sign_in("clerk1", PASSWORD).await.status(), StatusCode::OK);
}

#[tokio::test]
async fn problems_speak_the_clients_language() {
    let server = with_roles().await;
    let title = async |language: &str| {
        let request = server
            .ask(Method::GET, "/api/session")
            .header("accept-language", language);
        let document: Value = request.send().await.unwrap().json().await.unwrap();
        document["title"].as_str().unwrap().to_owned()
    };
    let (zh, en) = (title("zh-CN,zh;q=0.9").await, title("en-GB").await);
    assert!(!zh.is_ascii(), "{zh}");
    assert!(en.is_ascii(), "{en}");
    assert_eq!(title("fr").await, zh);
}

#[tokio::test]
async fn what_makes_no_sense_is_told_so() {
    let server = with_roles().await;
    let token = server.token("clerk1").await;
    let sync = |body: Vec<u8>| {
        let request = server.ask(Method::POST, "/api/sync").bearer_auth(&token);
        request.header("content-type", "application/cbor").body(body)
    };
    let session = |body: &'static str| {
        let request = server.ask(Method::POST, "/api/session");
        request.header("content-type", "application/json").body(body)
    };
    let get = |path: &str| server.get(path, &token);
    let unknown = filled("/api/documents/{id}");
    for (request, status, expected) in [
        (get("/api/nothing"), 404, "address-unknown"),
        (get("/api/sync"), 405, "method-unknown"),
        (get(&unknown), 404, "document-unknown"),
        (get("/api/documents/nothing"), 404, "document-unknown"),
        (get("/api/records?kind=contact"), 400, "request-invalid"),
        (get("/api/records?kind=nothing"), 400, "request-invalid"),
        (get("/api/records?station=nowhere"), 400, "request-invalid"),
        (get("/api/records?from=yesterday"), 400, "request-invalid"),
        (get("/api/records?after=there"), 400, "request-invalid"),
        (get("/api/records?limit=many"), 400, "request-invalid"),
        (get("/api/records?order=loudest"), 400, "request-invalid"),
        (session("{"), 400, "request-invalid"),
        (session("{}"), 400, "request-invalid"),
        (sync(Vec::new()), 400, "frame-invalid"),
        (sync(vec![0xff; 100]), 400, "frame-invalid"),
        (sync(vec![0; 9 * 1024 * 1024]), 413, "body-too-large"),
    ] {
        let (got, code) = code(request).await;
        assert_eq!((got.as_u16(), code.as_str()), (status, expected));
    }
}

const PAGE: &[&str] = &[
    "default-src 'self'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "style-src 'self'",
    "frame-ancestors 'none'",
];

const DATA: &[&str] = &["default-src 'none'", "frame-ancestors 'none'", "sandbox"];

/// Whether a browser runs what has this type.
fn is_run(kind: &str) -> bool {
    kind.starts_with("text/html") || kind.starts_with("text/javascript")
}

#[tokio::test]
async fn every_answer_tells_the_browser_what_to_trust() {
    let server = with_roles().await;
    let token = server.token("clerk1").await;
    let elsewhere = ["/", "/app.js", "/api/nothing", "/public/", "/follow/a/b"];
    let paths = table().into_iter().map(|route| (route.method, route.path));
    let paths = paths.chain(elsewhere.map(|path| (Method::GET, path)));
    for (method, path) in paths {
        for token in [None, Some(&token)] {
            // One answer does not end, and one ends what the others need.
            let is_last = path == "/api/live" || (path == "/api/session" && method == Method::DELETE);
            if is_last && token.is_some() {
                continue;
            }
            let request = server.ask(method.clone(), &filled(path));
            let request = match token {
                Some(token) => request.bearer_auth(token),
                None => request,
            };
            let answer = request.send().await.unwrap();
            let header = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
            if ["/public", "/public/ledger", "/public/"].contains(&path) {
                assert!(is_run(&header("content-type")), "{path}");
            }
            let policy = header("content-security-policy");
            let (contents, parts) = match answer.headers().get("content-type") {
                // What is no page may do nothing, should somebody open it as one.
                Some(kind) if !is_run(kind.to_str().unwrap()) => (DATA, ["camera=()", "microphone=()"]),
                _ => (PAGE, ["camera=(self)", "microphone=(self)"]),
            };
            for part in contents {
                let mut directives = policy.split("; ");
                assert!(directives.any(|directive| directive == *part), "{path}: {policy}");
            }
            assert!(!policy.contains("unsafe-inline"), "{path}: {policy}");
            let allowed = header("permissions-policy");
            for part in parts.into_iter().chain(["geolocation=()"]) {
                assert!(allowed.contains(part), "{path}: {allowed}");
            }
            for (name, value) in [
                ("x-content-type-options", "nosniff"),
                ("referrer-policy", "no-referrer"),
                ("cross-origin-opener-policy", "same-origin"),
                ("cross-origin-resource-policy", "same-origin"),
            ] {
                assert_eq!(header(name), value, "{path}");
            }
            assert!(
                !answer.headers().contains_key("strict-transport-security"),
                "{path}"
            );
        }
    }
}
