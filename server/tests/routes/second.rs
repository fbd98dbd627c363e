//! Signing in with a code besides the password, and seeing and ending sessions, over real lines.

use lianxin_server::app::App;
use lianxin_server::auth::second::AskedOf;
use lianxin_server::routes::{Access, table};
use lianxin_server::sync::Submission;
use lianxin_server::{clock, demo};
use lianxin_shared::id::{DeviceId, DocId};
use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};
use totp_rs::{Builder, Secret, Totp};

use super::server::Server;

/// Asked by a browser on a tablet, as sessions are listed by.
fn on_a_tablet(server: Server) -> Server {
    let agent = "Mozilla/5.0 (Linux; Android 13) Chrome/120.0";
    let version = ("x-lianxin-client".parse().unwrap(), "9.9.9".parse().unwrap());
    let client = Client::builder()
        .user_agent(agent)
        .default_headers([version].into_iter().collect());
    Server {
        http: client.build().unwrap(),
        ..server
    }
}

impl Server {
    /// A token, or the code of a problem.
    async fn with_code(&self, user: &str, code: Option<&str>) -> Result<String, String> {
        let body = json!({ "user": user, "password": demo::PASSWORD, "code": code });
        let (_, answer) = self.send(Method::POST, "/api/session", "", &body).await;
        match answer["token"].as_str() {
            Some(token) => Ok(token.to_owned()),
            None => Err(answer["code"].as_str().unwrap().to_owned()),
        }
    }

    /// Has an account ask for codes; answers what they follow from, the recovery codes, and the moment whose code was used.
    async fn enrol(&self, token: &str) -> (Totp, Vec<String>, u64) {
        let path = "/api/session/second";
        let (_, offered) = self.send(Method::POST, path, token, &json!({})).await;
        let secret = offered["secret"].as_str().unwrap();
        assert!(
            offered["address"]
                .as_str()
                .unwrap()
                .starts_with("otpauth://totp/")
        );
        let totp = Builder::new().with_secret(Secret::try_from_base32(secret).unwrap());
        let totp = totp.build_noncompliant();
        let confirm =
            |code: String, password: &str| json!({ "secret": secret, "code": code, "password": password });
        let now = seconds();
        for (body, problem) in [
            (confirm(code(&totp, now + 3_600), demo::PASSWORD), "code-wrong"),
            (confirm(code(&totp, now), "guessed"), "password-wrong"),
        ] {
            let (_, answer) = self.send(Method::PUT, path, token, &body).await;
            assert_eq!(answer["code"], problem);
        }
        let body = confirm(code(&totp, now), demo::PASSWORD);
        let (_, told) = self.send(Method::PUT, path, token, &body).await;
        let recovery = told["recovery"].as_array().unwrap().iter();
        let recovery = recovery.map(|code| code.as_str().unwrap().to_owned());
        (totp, recovery.collect(), now)
    }
}

fn seconds() -> u64 {
    u64::try_from(clock::now().0 / 1_000).unwrap()
}

fn code(totp: &Totp, at: u64) -> String {
    totp.generate(at).to_string()
}

#[tokio::test]
async fn a_code_is_asked_for_and_counts_once() {
    let server = on_a_tablet(Server::demo().await);
    let token = server.with_code("clerk1", None).await.unwrap();
    let (totp, recovery, now) = server.enrol(&token).await;
    assert_eq!(server.with_code("clerk1", None).await.unwrap_err(), "code-needed");
    assert_eq!(
        server.with_code("clerk1", Some(" ")).await.unwrap_err(),
        "code-needed"
    );
    // That of now was used to switch it on; that of the step after it is early and fits.
    let (used, next) = (code(&totp, now), code(&totp, now + 30));
    assert_eq!(
        server.with_code("clerk1", Some(&used)).await.unwrap_err(),
        "code-wrong"
    );
    server.with_code("clerk1", Some(&next)).await.unwrap();
    for replayed in [&next, &used] {
        let again = server.with_code("clerk1", Some(replayed)).await;
        assert_eq!(again.unwrap_err(), "code-wrong");
    }

    assert_eq!(recovery.len(), 10);
    let grouped = recovery[0].to_uppercase();
    let grouped = format!("{}-{}", &grouped[..6], &grouped[6..]);
    server.with_code("clerk1", Some(&grouped)).await.unwrap();
    assert_eq!(
        server.with_code("clerk1", Some(&grouped)).await.unwrap_err(),
        "code-wrong"
    );
    let (_, state) = server
        .send(Method::GET, "/api/session/second", &token, &json!({}))
        .await;
    assert_eq!(state, json!({ "on": true, "recovery": 9 }));

    let sure = |password: &str| json!({ "password": password });
    let remove = async |password| {
        server
            .send(Method::DELETE, "/api/session/second", &token, &sure(password))
            .await
    };
    assert_eq!(remove("guessed").await.0, StatusCode::FORBIDDEN);
    assert_eq!(remove(demo::PASSWORD).await.0, StatusCode::NO_CONTENT);
    server.with_code("clerk1", None).await.unwrap();
}

#[tokio::test]
async fn an_administrator_helps_who_lost_everything_and_it_is_noted() {
    let server = on_a_tablet(Server::demo().await);
    let (admin, clerk) = (
        server.with_code("admin", None).await.unwrap(),
        server.with_code("clerk1", None).await.unwrap(),
    );
    let (_, recovery, _) = server.enrol(&clerk).await;
    let path = "/api/accounts/clerk1/second";
    let (status, _) = server.send(Method::DELETE, path, &clerk, &json!({})).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    let (status, _) = server.send(Method::DELETE, path, &admin, &json!({})).await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    server.with_code("clerk1", None).await.unwrap();
    let (_, audit) = server.send(Method::GET, "/api/audit", &admin, &json!({})).await;
    let deeds: Vec<_> = audit["acts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|act| &act["deed"])
        .collect();
    assert_eq!(deeds, ["second-removed", "second-set"]);
    assert!(!recovery.iter().any(|code| audit.to_string().contains(code)));
}

#[tokio::test]
async fn sessions_are_listed_and_ended() {
    let server = on_a_tablet(Server::demo().await);
    let [admin, first, second] = [
        server.with_code("admin", None).await.unwrap(),
        server.with_code("host1", None).await.unwrap(),
        server.with_code("host1", None).await.unwrap(),
    ];
    let list = async |path: &str, token: &str| {
        let (_, sessions) = server.send(Method::GET, path, token, &json!({})).await;
        sessions.as_array().unwrap().clone()
    };
    let sessions = list("/api/sessions", &first).await;
    assert_eq!(sessions.len(), 2);
    for session in &sessions {
        assert_eq!(session["device"], "Android · Chrome");
        assert_eq!(session["place"], "127.0.*");
        assert_eq!(session["client"], "9.9.9");
    }
    let own = sessions.iter().filter(|session| session["own"] == true);
    assert_eq!(own.count(), 1);
    let other = sessions.iter().find(|session| session["own"] == false).unwrap();
    let path = format!("/api/sessions/{}", other["id"].as_str().unwrap());
    // Nobody ends anybody else's by its name.
    let (status, _) = server.send(Method::DELETE, &path, &admin, &json!({})).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    let (status, _) = server.send(Method::DELETE, &path, &first, &json!({})).await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    let status = async |token: &str| {
        let (status, _) = server.send(Method::GET, "/api/session", token, &json!({})).await;
        status
    };
    assert_eq!(
        (status(&first).await, status(&second).await),
        (StatusCode::OK, StatusCode::UNAUTHORIZED)
    );

    let path = "/api/accounts/host1/sessions";
    let theirs = list(path, &admin).await;
    assert_eq!(theirs.len(), 1);
    let path = format!("{path}/{}", theirs[0]["id"].as_str().unwrap());
    let (ended, _) = server.send(Method::DELETE, &path, &admin, &json!({})).await;
    assert_eq!(ended, StatusCode::NO_CONTENT);
    assert_eq!(status(&first).await, StatusCode::UNAUTHORIZED);
    let (_, audit) = server
        .send(Method::GET, "/api/audit/export.json", &admin, &json!({}))
        .await;
    assert_eq!(audit[0]["deed"], "session-ended");
    assert_eq!(audit[0]["hash"].as_str().unwrap().len(), 64);
}

#[tokio::test]
async fn an_administrator_sees_how_the_server_is() {
    let server = on_a_tablet(Server::demo().await);
    let admin = server.with_code("admin", None).await.unwrap();
    let ask = async |path: &str| server.send(Method::GET, path, &admin, &json!({})).await.1;
    let state = ask("/api/state").await;
    assert_eq!(state["clients"], json!({ "9.9.9": 1 }));
    assert_eq!((&state["away"], &state["backup"]), (&json!([]), &Value::Null));
    assert!(state["database"].as_u64().unwrap() > 100_000 && state["free"].as_u64().unwrap() > 0);
    std::fs::write(server.data.path().join("last-backup"), "2026-11-25T03:00:00Z\n").unwrap();
    assert_eq!(ask("/api/state?days=0").await["backup"], 1_795_575_600_000_i64);
    let host = server
        .app
        .store
        .account("host1".parse().unwrap())
        .await
        .unwrap()
        .unwrap();
    let refused = Submission::of_chunks(DocId([7; 16]), vec![vec![1, 2, 3]]);
    let door = &server.app.door;
    door.accept(&host.principal, DeviceId([1; 16]), vec![refused])
        .await
        .unwrap();
    let state = ask("/api/state").await;
    let refused = &state["refused"][0];
    assert_eq!(
        (&refused["by"], &refused["code"]),
        (&json!("host1"), &json!("corrupt"))
    );
}

#[tokio::test]
async fn passwords_that_everybody_tries_first_are_refused() {
    let server = on_a_tablet(Server::demo().await);
    let admin = server.with_code("admin", None).await.unwrap();
    let path = "/api/accounts/host1/password";
    for weak in ["password1", "1qaz2wsx", "host1host1", "88888888"] {
        let (status, problem) = server
            .send(Method::POST, path, &admin, &json!({ "password": weak }))
            .await;
        assert_eq!(
            (status, problem["code"].as_str()),
            (StatusCode::UNPROCESSABLE_ENTITY, Some("password-weak")),
            "{weak}"
        );
    }
}

#[tokio::test]
async fn where_the_district_asks_for_codes_who_has_none_does_nothing_before() {
    let server = Server::demo_of(|app| App {
        second_asked_of: AskedOf::Office,
        ..app
    })
    .await;
    let me = async |token: &str| {
        let (status, me) = server.send(Method::GET, "/api/session", token, &json!({})).await;
        assert_eq!(status, StatusCode::OK);
        me["second_owed"].as_bool().unwrap()
    };
    let host = server.with_code("host1", None).await.unwrap();
    assert!(!me(&host).await, "only the office is asked");
    let (status, _) = server.send(Method::GET, "/api/year", &host, &json!({})).await;
    assert_eq!(status, StatusCode::OK);

    let admin = server.with_code("admin", None).await.unwrap();
    assert!(me(&admin).await);
    let owed = async || {
        let mut owed = 0;
        for route in table() {
            let is_way = route.path == "/api/session" || route.path.starts_with("/api/session/");
            if route.access == Access::Anyone || is_way {
                continue;
            }
            let path = route.path.replace("{id}", &DocId([7; 16]).to_string());
            let path = match route.access {
                Access::TokenInQuery => format!("{path}?token={admin}"),
                _ => path,
            };
            // The lines that do not end are not begun; what is left is let through or is not.
            if route.path == "/api/live" && owed == 0 {
                continue;
            }
            let (status, problem) = server.send(route.method.clone(), &path, &admin, &json!({})).await;
            // What answers HEAD has no body.
            let is_bare = route.method == Method::HEAD && status == StatusCode::FORBIDDEN;
            if is_bare || problem["code"] == "second-owed" {
                owed += 1;
            } else {
                return Err(path);
            }
        }
        Ok(owed)
    };
    assert!(owed().await.is_ok_and(|owed| owed > 30), "{:?}", owed().await);
    let (totp, _, now) = server.enrol(&admin).await;
    assert!(!me(&admin).await);
    assert!(owed().await.is_err(), "it was paid");
    // The next sign-in asks for the code, and owes nothing.
    let again = server
        .with_code("admin", Some(&code(&totp, now + 30)))
        .await
        .unwrap();
    assert!(!me(&again).await);
}
