//! Exports and tickets.

use calamine::{Data, Reader as _, Xlsx};
use lianxin_shared::id::DocId;
use lianxin_shared::records::{Event, Value};
use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::server::{AT, Server, principal, problem, sheet, words};

const CSV: &str = "/api/records/export.csv";
const XLSX: &str = "/api/records/export.xlsx";

/// The rows of a CSV file whose mark is checked on the way.
fn rows(bytes: &[u8]) -> Vec<Vec<String>> {
    let text = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap();
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text);
    let rows = reader.records().map(|row| row.unwrap());
    rows.map(|row| row.iter().map(str::to_owned).collect()).collect()
}

async fn csv(server: &Server, query: &str, token: &str) -> Vec<Vec<String>> {
    let answer = server.get(&format!("{CSV}{query}"), token).await;
    assert_eq!(answer.status(), StatusCode::OK);
    rows(&answer.bytes().await.unwrap())
}

#[tokio::test]
async fn one_kind_comes_with_its_fields_and_names_in_the_callers_language() {
    let server = Server::start().await;
    let doc = server.suggestion(1, "三号楼电梯坏了。").await;
    let user = principal("clerk1").user;
    let mut assign = Event::new("assign", &user, AT);
    (assign.handler, assign.due) = (Some("member1".parse().unwrap()), Some(AT));
    server
        .act("clerk1", doc, &[Event::new("accept", &user, AT), assign])
        .await;
    let token = server.token("clerk1").await;
    let table = csv(&server, "?kind=suggestion", &token).await;
    assert_eq!(
        table[0],
        [
            "回执码",
            "状态",
            "工作室",
            "记录人",
            "办公室收到",
            "办理期限",
            "承办",
            "居民反映的内容",
            "主题",
            "地点",
            "居民同意公开"
        ]
    );
    let row = &table[1];
    let without_received = [&row[..4], &row[5..]].concat();
    let receipt = doc.receipt_code();
    assert_eq!(
        without_received,
        [
            receipt.as_str(),
            "已交办",
            "工作室一",
            "主持人甲",
            "2026-09-21 22:13",
            "委员甲",
            "三号楼电梯坏了。",
            "老旧小区改造",
            "三号楼",
            ""
        ]
    );
    let speak = server
        .ask(Method::PUT, "/api/session/language")
        .bearer_auth(&token);
    speak.json(&json!({ "language": "en" })).send().await.unwrap();
    let table = csv(&server, "?kind=suggestion", &token).await;
    assert_eq!(table[0][0], "Receipt code");
    assert_eq!(table[1][8], "Old housing");
}

#[tokio::test]
async fn all_kinds_have_columns_in_common_and_filters_count_but_pages_do_not() {
    let server = Server::start().await;
    for n in 1..=3 {
        server.suggestion(n, &format!("第{n}条\n井盖松动")).await;
    }
    let token = server.token("clerk1").await;
    let table = csv(&server, "?limit=1&q=井盖", &token).await;
    assert_eq!(
        table[0],
        [
            "类别",
            "编号",
            "回执码",
            "标题",
            "状态",
            "工作室",
            "记录人",
            "时间",
            "办公室收到",
            "办理期限",
            "承办",
            "内容"
        ]
    );
    assert_eq!(table.len(), 4);
    assert_eq!(table[3][3], "第1条");
    assert_eq!(table[3][11], "第1条\n井盖松动\n三号楼");
    assert_eq!(csv(&server, "?state=answered", &token).await.len(), 1);
}

#[tokio::test]
async fn a_sheet_has_real_dates_and_words_that_are_never_formulas() {
    let server = Server::start().await;
    server.suggestion(1, "=HYPERLINK(\"http://x\")").await;
    let token = server.token("clerk1").await;
    let answer = server.get(&format!("{XLSX}?kind=suggestion"), &token).await;
    let disposition = answer.headers()["content-disposition"].to_str().unwrap();
    assert!(disposition.starts_with("attachment; filename=\"lianxin-") && disposition.ends_with(".xlsx\""));
    assert_eq!(answer.headers()["cache-control"], "no-store");
    let bytes = answer.bytes().await.unwrap().to_vec();
    let range = sheet(bytes.clone());
    let heading = |name: &str| {
        let row = range.rows().next().unwrap();
        row.iter()
            .position(|cell| *cell == Data::String(name.to_owned()))
            .unwrap()
    };
    let row = range.rows().nth(1).unwrap();
    let body = Data::String("=HYPERLINK(\"http://x\")".to_owned());
    assert_eq!(row[heading("居民反映的内容")], body);
    let Data::DateTime(received) = row[heading("办公室收到")] else {
        panic!("no date: {row:?}");
    };
    let days = (clock_days() + 25_569.0) - received.as_f64();
    assert!((0.0..0.01).contains(&days), "{days}");
    let mut workbook = Xlsx::new(std::io::Cursor::new(bytes)).unwrap();
    assert!(workbook.worksheet_formula("Sheet1").unwrap().is_empty());
    let table = csv(&server, "?kind=suggestion", &token).await;
    assert!(table[1].contains(&"'=HYPERLINK(\"http://x\")".to_owned()));
}

/// Days since 1970 by the district's clock.
fn clock_days() -> f64 {
    (lianxin_server::clock::now().0 + 8 * 3_600_000) as f64 / 86_400_000.0
}

#[tokio::test]
async fn many_records_all_come_in_both_forms() {
    let server = Server::start().await;
    // More than two pages of the store.
    for batch in 0..=4u8 {
        for n in 0..=250u8 {
            let id = DocId([[n, batch]; 8].concat().try_into().unwrap());
            let values = words(&[("name", &format!("委员{batch}-{n}"))]);
            server.create("admin1", id, "person", values, &[]).await;
        }
    }
    let token = server.token("clerk1").await;
    let table = csv(&server, "?kind=person", &token).await;
    assert_eq!(table.len(), 1 + 5 * 251 + 1);
    let answer = server.get(&format!("{XLSX}?kind=person"), &token).await;
    assert_eq!(
        sheet(answer.bytes().await.unwrap().to_vec()).height(),
        table.len()
    );
}

#[tokio::test]
async fn records_are_named_by_their_titles_and_contacts_never_leave() {
    let server = Server::start().await;
    let doc = server.suggestion(1, "三号楼电梯坏了。").await;
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
    server
        .create("clerk1", DocId([2; 16]), "help_case", values, &[open])
        .await;
    let token = server.token("clerk1").await;
    let table = csv(&server, "?kind=help_case", &token).await;
    assert!(table[1].contains(&"三号楼电梯坏了。".to_owned()), "{table:?}");
    for query in ["", "?kind=suggestion"] {
        let all = format!("{:?}", csv(&server, query, &token).await);
        assert!(!all.contains("居民甲") && !all.contains("00000000000"));
    }
    let refused = problem(server.get(&format!("{CSV}?kind=contact"), &token).await).await;
    assert_eq!(refused, (StatusCode::BAD_REQUEST, "request-invalid".to_owned()));
}

#[tokio::test]
async fn an_export_is_the_offices_and_a_ticket_opens_its_address_once() {
    let server = Server::start().await;
    let (host, clerk) = (server.token("host1").await, server.token("clerk1").await);
    let address = format!("{CSV}?kind=suggestion&q=井盖");
    let open = async |address: &str| server.ask(Method::GET, address).send().await.unwrap();
    let forbidden = (StatusCode::FORBIDDEN, "forbidden".to_owned());
    assert_eq!(problem(server.get(&address, &host).await).await, forbidden);
    let sign_in = (StatusCode::UNAUTHORIZED, "sign-in-needed".to_owned());
    assert_eq!(problem(open(&address).await).await, sign_in);

    let ticketed = server.ticket(&address, &clerk).await;
    assert_eq!(open(&ticketed).await.status(), StatusCode::OK);
    let spent = (StatusCode::UNAUTHORIZED, "ticket-invalid".to_owned());
    assert_eq!(problem(open(&ticketed).await).await, spent, "a second time");
    let other = server
        .ticket(&address, &clerk)
        .await
        .replace("export.csv", "export.xlsx");
    assert_eq!(problem(open(&other).await).await, spent, "for another address");
    let changed = server.ticket(&address, &clerk).await;
    let last = if changed.ends_with('0') { "1" } else { "0" };
    let changed = format!("{}{last}", &changed[..changed.len() - 1]);
    assert_eq!(problem(open(&changed).await).await, spent, "not the server's");
    assert_eq!(problem(open(&format!("{CSV}?ticket=00")).await).await, spent);

    let hosts = server.ticket(&address, &host).await;
    assert_eq!(
        problem(open(&hosts).await).await,
        forbidden,
        "a ticket gives no more than its owner has"
    );
    let elsewhere = server.ticket("/api/session", &clerk).await;
    assert_eq!(
        problem(open(&elsewhere).await).await,
        sign_in,
        "only where the table says so"
    );
    let left = server.ticket(&address, &clerk).await;
    let leave = server.ask(Method::DELETE, "/api/session").bearer_auth(&clerk);
    leave.send().await.unwrap();
    assert_eq!(
        problem(open(&left).await).await,
        sign_in,
        "it dies with the session"
    );
}

#[tokio::test]
async fn tickets_are_for_addresses_of_this_server_only() {
    let server = Server::start().await;
    let clerk = server.token("clerk1").await;
    for address in [
        "",
        "api/records",
        "//other.example/x",
        "https://other.example",
        "/a#b",
        "/a\\b",
        "/a\nb",
    ] {
        let request = server.ask(Method::POST, "/api/ticket").bearer_auth(&clerk);
        let answer = request.json(&json!({ "address": address })).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST, "{address}");
    }
}
