//! What a resident sends.

use lianxin_server::caller::{Naming, Proxies};
use lianxin_shared::id::DocId;
use reqwest::StatusCode;

use crate::server::{STATION, Server, TASK, THEME};

fn task() -> String {
    format!("/public/ledger/{TASK}")
}

fn station() -> String {
    format!("/public/suggest/{STATION}")
}

async fn only(server: &Server, kind: &str) -> DocId {
    let all = server.all(kind).await;
    assert_eq!(all.len(), 1, "{kind}");
    all[0].doc
}

#[tokio::test]
async fn a_comment_is_shown_or_withheld_with_the_reason_and_never_lost() {
    let server = Server::start().await;
    server.until(&task(), "整改任务一").await;
    let words = [
        ("aspect", "effect"),
        ("body", "第一行\r\n第二行"),
        ("rating", "2"),
        ("once", "1"),
    ];
    let sent = server.send(&task(), &words).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER);
    let page = server.get(&sent.location).await;
    assert!(
        page.text.contains("收到了。") && page.text.contains("另有 1 条评议"),
        "{}",
        page.text
    );
    assert!(!page.text.contains("第二行"));

    let comment = only(&server, "comment").await;
    server.office(comment, "show", "已请部门一去看。").await;
    let page = server.until(&task(), "已请部门一去看。").await;
    assert!(
        page.text.contains("第一行\n第二行") && page.text.contains("打分：2 分"),
        "{}",
        page.text
    );

    server.office(comment, "withhold", "写了别人的电话。").await;
    let page = server.until(&task(), "没有公开。原因： 写了别人的电话。").await;
    assert!(!page.text.contains("第二行"));
    for file in ["/public/data/comments.csv", "/public/data/comments.json"] {
        let data = server.get(file).await;
        assert!(
            data.text.contains("写了别人的电话。") && !data.text.contains("第二行"),
            "{}",
            data.text
        );
    }
}

#[tokio::test]
async fn one_rating_a_task_network_and_day_is_counted_and_the_words_are_kept() {
    let server = Server::start().await;
    server.until(&task(), "整改任务一").await;
    let comment = async |body: &str, rating: &str| {
        let words = [("aspect", "process"), ("body", body), ("rating", rating)];
        server.send(&task(), &words).await.location
    };
    assert!(comment("不评分", "").await.contains("said=received"));
    assert!(comment("第一次", "5").await.contains("said=received"));
    assert!(
        comment("第一次", "5").await.contains("said=received"),
        "the same form twice is one"
    );
    let second = comment("第二次", "1").await;
    assert!(server.get(&second).await.text.contains("没有计入"), "{second}");
    let comments = server.all("comment").await;
    let mut given: Vec<_> = comments
        .iter()
        .map(|listed| {
            (
                listed.row.title.as_str(),
                listed.row.values.contains_key("rating"),
            )
        })
        .collect();
    given.sort_unstable();
    assert_eq!(given, [("不评分", false), ("第一次", true), ("第二次", false)]);
}

#[tokio::test]
async fn a_suggestion_gets_a_receipt_and_its_contact_is_for_the_hosts() {
    let server = Server::start().await;
    let page = server.until(&station(), "主题一").await;
    assert!(page.text.contains("工作室一"));
    let theme = THEME.to_string();
    let form = [
        ("body", "楼道灯坏了"),
        ("theme", theme.as_str()),
        ("name", "居民甲"),
        ("phone", "00000000000"),
        ("consent", "1"),
        ("once", "1"),
    ];
    let sent = server.send(&station(), &form).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
    let id = only(&server, "suggestion").await;
    assert_eq!(
        sent.location,
        format!("/follow/{}?said=received", id.receipt_code())
    );
    assert_eq!(
        server.send(&station(), &form).await.location,
        sent.location,
        "the same form twice"
    );
    assert_eq!(server.count("suggestion").await, 1);

    let receipt = server.get(&sent.location).await;
    assert!(
        receipt.text.contains(&id.receipt_code()) && receipt.text.contains("正在看"),
        "{}",
        receipt.text
    );
    for word in ["楼道灯", "居民甲", "00000000000"] {
        assert!(!receipt.text.contains(word), "{word}");
    }
    let record = server.app.own.record(id).await.unwrap().unwrap();
    assert_eq!(
        (record.envelope.station, record.text("body")),
        (Some(STATION), "楼道灯坏了")
    );
    assert_eq!(record.envelope.owner.as_str(), "server");
    let contact = server
        .app
        .own
        .record(id.companion("contact"))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(contact.text("phone"), "00000000000");
}

#[tokio::test]
async fn what_is_wrong_is_said_beside_the_field_and_what_was_written_is_kept() {
    let server = Server::start().await;
    server.until(&station(), "主题一").await;
    let theme = THEME.to_string();
    let long = "长".repeat(1_501);
    let elsewhere = STATION.to_string();
    for (body, theme, words) in [
        ("<i>灯</i>", "", "请填写。"),
        ("", theme.as_str(), "请填写。"),
        ("<i>灯</i>", elsewhere.as_str(), "请从中选择。"),
        (long.as_str(), theme.as_str(), "最多 1500。"),
    ] {
        let page = server.send(&station(), &[("body", body), ("theme", theme)]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(
            page.text.contains(words) && page.text.contains("您写的都还在"),
            "{words}: {}",
            page.text
        );
        let kept = body.replace('<', "&lt;").replace('>', "&gt;");
        assert!(
            page.text.contains(&format!("\n{kept}</textarea>")),
            "{}",
            page.text
        );
    }
    let page = server.send(&task(), &[("body", "没有选")]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(
        (server.count("suggestion").await, server.count("comment").await),
        (0, 0)
    );
}

#[tokio::test]
async fn programs_large_forms_and_floods_are_told_so_and_leave_nothing() {
    let server = Server::start().await;
    server.until(&task(), "整改任务一").await;
    let trapped = [
        ("aspect", "effect"),
        ("body", "买"),
        ("website", "https://other.example"),
    ];
    let page = server.send(&task(), &trapped).await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
    assert!(page.text.contains("请人不要填写"), "{}", page.text);
    let large = "大".repeat(16 * 1024);
    let page = server
        .send(&task(), &[("aspect", "effect"), ("body", &large)])
        .await;
    assert_eq!(page.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(page.text.contains("内容太长"), "{}", page.text);
    assert_eq!(server.count("comment").await, 0);

    let mut last = None;
    for n in 0..12 {
        let body = format!("第 {n} 条");
        last = Some(
            server
                .send(&task(), &[("aspect", "effect"), ("body", &body)])
                .await,
        );
    }
    let last = last.unwrap();
    assert_eq!(last.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(
        last.retry_after
            .is_some_and(|seconds| (1..=31).contains(&seconds)),
        "{last:?}"
    );
    assert!(last.text.contains("太快了"), "{}", last.text);
    assert_eq!(
        server.get("/public").await.status,
        StatusCode::OK,
        "reading goes on"
    );
    assert_eq!(server.count("comment").await, 8);

    // Anybody can say to ask for somebody else; only the proxy is believed.
    let other = [("aspect", "effect"), ("body", "别处来的")];
    let refused = server.send_for("192.0.2.7", &task(), &other).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn behind_a_proxy_each_resident_is_counted_alone() {
    let proxy = "127.0.0.1".parse().unwrap();
    let server = Server::start_behind(Proxies::new(vec![proxy], Naming::default())).await;
    for n in 0..11 {
        let body = format!("第 {n} 条");
        // What stands before the proxy's own word is a stranger's.
        let names = format!("203.0.113.{n}, 192.0.2.7");
        let sent = server
            .send_for(&names, &task(), &[("aspect", "effect"), ("body", &body)])
            .await;
        let is_fast = n == 10;
        assert_eq!(
            sent.status == StatusCode::TOO_MANY_REQUESTS,
            is_fast,
            "{n}: {sent:?}"
        );
    }
    let other = [("aspect", "effect"), ("body", "别处来的")];
    let taken = server.send_for("192.0.2.8", &task(), &other).await;
    assert_eq!(taken.status, StatusCode::SEE_OTHER);
}
