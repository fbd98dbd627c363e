//! What the server writes into its log: enough to find a request again, and nothing of anybody.

use anyhow::{Context as _, Result, ensure};
use lianxin_tests::server::Server;
use lianxin_tests::tablet::Tablet;
use serde_json::Value;

const PASSWORD: &str = "lianxin-demo";

#[tokio::test]
async fn a_request_is_found_by_its_number_and_nobody_by_name() -> Result<()> {
    let server = Server::start_logging("debug,tower_http=trace").await?;
    let mut tablet = Tablet::sign_in(&server.url(), "host1", PASSWORD).await?;
    let theme = {
        tablet.sync_through(5).await?;
        tablet.of_kind("theme").first().context("no themes")?.doc
    };
    tablet.take_down("楼道灯坏了请不要写进日志", theme)?;
    tablet.sync_through(5).await?;
    let http = reqwest::Client::new();
    let credentials = serde_json::json!({ "user": "admin", "password": PASSWORD });
    let opened = http
        .post(format!("{}/api/session", server.url()))
        .json(&credentials);
    let opened: Value = opened.send().await?.json().await?;
    let token = opened["token"].as_str().context("no token")?.to_owned();
    let mut numbers = Vec::new();
    for path in [
        "/api/records?q=geheimwort",
        "/api/accounts/host1/sessions",
        "/api/accounts/nobody-of-that-name/sessions",
        "/follow/LX-SECRET-CODE",
        "/repo?token=token-in-the-query",
    ] {
        let answer = http
            .get(format!("{}{path}", server.url()))
            .bearer_auth(&token)
            .send()
            .await?;
        let number = answer.headers().get("x-request-id").context("no number")?;
        numbers.push(number.to_str()?.to_owned());
        let kind = answer.headers().get("content-type").cloned();
        if kind.is_some_and(|kind| kind == "application/problem+json") {
            let problem: Value = answer.json().await?;
            ensure!(numbers.last().map(String::as_str) == problem["request_id"].as_str());
        }
    }
    let wrong = serde_json::json!({ "user": "host2", "password": "wrong-password-said" });
    http.post(format!("{}/api/session", server.url()))
        .json(&wrong)
        .send()
        .await?;

    let log = server.log()?;
    for number in &numbers {
        ensure!(log.contains(number), "{number}\n{log}");
    }
    for private in [
        "host1",
        "host2",
        "nobody-of-that-name",
        "主持人",
        "委员",
        "楼道灯",
        "geheimwort",
        "SECRET-CODE",
        "token-in-the-query",
        "wrong-password-said",
        PASSWORD,
        &token,
        "127.0.0.1",
    ] {
        let line = log.lines().find(|line| line.contains(private));
        ensure!(line.is_none(), "{private}: {line:?}");
    }
    Ok(())
}
