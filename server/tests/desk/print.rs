//! Printed pages.

use lianxin_shared::id::DocId;
use lianxin_shared::records::{Event, Value};
use reqwest::{Method, StatusCode};
use serde_json::{Value as Json, json};

use crate::server::{AT, PERSON, STATION, Server, THEME, principal, problem, words};

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

async fn page(server: &Server, path: &str, token: &str) -> String {
    let answer = server.get(path, token).await;
    assert_eq!(answer.status(), StatusCode::OK, "{path}");
    let headers = answer.headers();
    assert_eq!(headers["content-type"], "text/html; charset=utf-8");
    assert_eq!(headers["cache-control"], "no-store");
    let page = answer.text().await.unwrap();
    assert!(
        !page.contains("<script") && !page.contains("style=\""),
        "the policy forbids it"
    );
    page
}

fn says(page: &str, words: &[&str]) {
    for words in words {
        assert!(page.contains(words), "{words} is not in {page}");
    }
}

/// An answered suggestion, two days after it came in.
async fn answered(server: &Server) -> DocId {
    let doc = server.suggestion(1, "三号楼<b>电梯</b>坏了。").await;
    let user = principal("clerk1").user;
    let accept = Event::new("accept", &user, AT);
    let mut answer = Event::new("answer", &user, AT).with_words("已更换主板，九月二十日恢复运行。");
    answer.at.0 += 2 * DAY_MS;
    server.act("clerk1", doc, &[accept, answer]).await;
    doc
}

#[tokio::test]
async fn a_record_is_printed_with_labels_names_its_course_and_its_chain() {
    let server = Server::start().await;
    let doc = answered(&server).await;
    let contact = words(&[("name", "居民甲"), ("phone", "00000000000")]);
    server
        .create("host1", doc.companion("contact"), "contact", contact, &[])
        .await;
    let mut values = words(&[
        ("subject", "加装电梯"),
        ("problem", "出行不便"),
        ("for_whom", "resident"),
    ]);
    values.insert("suggestion".to_owned(), Value::Text(doc.to_string()));
    let open = Event::new("open", &principal("clerk1").user, AT);
    let case = DocId([2; 16]);
    server.create("clerk1", case, "help_case", values, &[open]).await;

    let token = server.token("clerk1").await;
    let printed = page(&server, &format!("/print/records/{doc}"), &token).await;
    says(
        &printed,
        &[
            "<html lang=\"zh\">",
            "三号楼&lt;b&gt;电梯&lt;/b&gt;坏了。",
            "老旧小区改造",
            "工作室一",
            "主持人甲",
            "2026-09-21 22:13",
            "已更换主板",
            "2026-09-23 22:13",
            "工作人员甲",
            &doc.receipt_code(),
            "加装电梯",
        ],
    );
    assert!(!printed.contains("居民甲") && !printed.contains("00000000000"));
    let other = page(&server, &format!("/print/records/{case}"), &token).await;
    says(&other, &["三号楼&lt;b&gt;电梯", "来自"]);
}

#[tokio::test]
async fn a_record_is_printed_for_those_who_may_read_it() {
    let server = Server::start().await;
    let doc = server.suggestion(1, "三号楼电梯坏了。").await;
    let path = format!("/print/records/{doc}");
    let (host, member) = (server.token("host1").await, server.token("member1").await);
    page(&server, &path, &host).await;
    let unknown = (StatusCode::NOT_FOUND, "document-unknown".to_owned());
    assert_eq!(problem(server.get(&path, &member).await).await, unknown);
    assert_eq!(
        problem(server.get("/print/records/nothing", &host).await).await,
        unknown
    );
    let ticketed = server.ticket(&path, &host).await;
    let opened = server.ask(Method::GET, &ticketed).send().await.unwrap();
    assert_eq!(opened.status(), StatusCode::OK);
    let style = server.ask(Method::GET, "/print/style.css").send().await.unwrap();
    assert_eq!(style.headers()["content-type"], "text/css; charset=utf-8");
}

#[tokio::test]
async fn the_report_of_a_year_counts_from_records() {
    let server = Server::start().await;
    answered(&server).await;
    server.suggestion(3, "井盖松动。").await;
    let token = server.token("clerk1").await;
    let mut target = words(&[("name", "每人走访"), ("figure", "visit"), ("who", "leader")]);
    target.insert("goal".to_owned(), Value::Number(1));
    server
        .create("clerk1", DocId([4; 16]), "target", target, &[])
        .await;
    let mut leader = words(&[("name", "领导甲"), ("sector", "工商联")]);
    leader.insert("leader".to_owned(), Value::Flag(true));
    let leader_id = DocId([5; 16]);
    server.create("admin1", leader_id, "person", leader, &[]).await;
    let member = words(&[("name", "委员乙"), ("sector", "教育")]);
    server
        .create("admin1", DocId([6; 16]), "person", member, &[])
        .await;
    let mut visit = words(&[("subject", "走访一"), ("heard", "希望多办培训。")]);
    visit.insert("held_at".to_owned(), Value::Number(AT.0));
    visit.insert("visitors".to_owned(), Value::List(vec![leader_id.to_string()]));
    visit.insert(
        "visited".to_owned(),
        Value::List(vec![PERSON.to_string(), leader_id.to_string()]),
    );
    let hold = Event::new("hold", &principal("clerk1").user, AT);
    server
        .create("clerk1", DocId([10; 16]), "visit", visit, &[hold])
        .await;

    let report = page(&server, "/print/year/2026", &token).await;
    says(
        &report,
        &[
            "2026 年度报告",
            "每人走访",
            "role=\"img\"",
            "1 个中 1 个达到",
            "老旧小区改造",
            // One of two was answered, after two days.
            "<td>2</td><td>1</td><td>2.0 天</td>",
            "已走访",
        ],
    );
    // The desk says the same.
    let waits: Json = server
        .get("/api/waits?year=2026", &token)
        .await
        .json()
        .await
        .unwrap();
    assert_eq!(
        waits["together"],
        json!({ "count": 2, "answered": 1, "median": 20 })
    );
    assert_eq!(waits["themes"].as_array().map(Vec::len), Some(1));
    let left = report.split("未走访").last().unwrap();
    let (left, quiet) = left.split_once("久无记录的委员").unwrap();
    assert!(left.contains("委员乙") && !left.contains("领导甲"), "{left}");
    // At the year's end the visit lies further back than the ninety days that are meant where nobody says otherwise.
    assert!(quiet.contains("委员乙") && quiet.contains("没有记录"), "{quiet}");
    let before = page(&server, "/print/year/2025", &token).await;
    assert!(!before.contains("老旧小区改造"));

    let (host, clerk) = (server.token("host1").await, token);
    let forbidden = (StatusCode::FORBIDDEN, "forbidden".to_owned());
    assert_eq!(
        problem(server.get("/print/year/2026", &host).await).await,
        forbidden
    );
    let invalid = (StatusCode::BAD_REQUEST, "request-invalid".to_owned());
    assert_eq!(
        problem(server.get("/print/year/soon", &clerk).await).await,
        invalid
    );
}

#[tokio::test]
async fn the_report_names_those_who_are_quiet_for_as_long_as_the_office_says() {
    let server = Server::start().await;
    let clerk = server.token("clerk1").await;
    let member = words(&[("name", "委员乙"), ("sector", "教育")]);
    let id = DocId([6; 16]);
    server.create("admin1", id, "person", member, &[]).await;
    let mut visit = words(&[("subject", "走访一"), ("heard", "希望多办培训。")]);
    // Of a year that has passed: it is looked at as of its end.
    let december = AT.0 - 300 * DAY_MS;
    visit.insert("held_at".to_owned(), Value::Number(december));
    visit.insert("visitors".to_owned(), Value::List(vec![id.to_string()]));
    visit.insert("visited".to_owned(), Value::List(vec![PERSON.to_string()]));
    let hold = Event::new("hold", &principal("clerk1").user, AT);
    server
        .create("clerk1", DocId([10; 16]), "visit", visit, &[hold])
        .await;
    let quiet = async || {
        let report = page(&server, "/print/year/2025", &clerk).await;
        let (_, quiet) = report.split_once("久无记录的委员").unwrap();
        quiet.to_owned()
    };
    assert!(!quiet().await.contains("委员乙"));
    for (n, days, is_quiet) in [(20, 10, true), (21, 365, false)] {
        let setting = [("quiet_days".to_owned(), Value::Number(days))].into();
        server
            .create("clerk1", DocId([n; 16]), "district", setting, &[])
            .await;
        let said = quiet().await;
        assert!(said.contains(&format!("{days} 天")), "{said}");
        assert_eq!(said.contains("委员乙"), is_quiet, "{said}");
    }
}

#[tokio::test]
async fn a_station_has_a_sheet_with_the_code_of_its_form() {
    let server = Server::start().await;
    let host = server.token("host1").await;
    let path = format!("/print/stations/{STATION}?at={}", server.address);
    let sheet = page(&server, &path, &host).await;
    says(
        &sheet,
        &[
            "工作室一",
            "<svg",
            "role=\"img\"",
            "扫一扫",
            "Scan this",
            &format!("{}/public/suggest/{STATION}", server.address),
        ],
    );
    let ticketed = server.ticket(&path, &host).await;
    let opened = server.ask(Method::GET, &ticketed).send().await.unwrap();
    assert_eq!(opened.status(), StatusCode::OK);
    let elsewhere = format!("/print/stations/{STATION}?at=javascript:alert(1)");
    let invalid = (StatusCode::BAD_REQUEST, "request-invalid".to_owned());
    assert_eq!(problem(server.get(&elsewhere, &host).await).await, invalid);
    let other = format!("/print/stations/{THEME}?at={}", server.address);
    let unknown = (StatusCode::NOT_FOUND, "document-unknown".to_owned());
    assert_eq!(problem(server.get(&other, &host).await).await, unknown);
}
