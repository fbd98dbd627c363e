//! What became of a suggestion, for whoever holds its receipt.

use lianxin_server::clock;
use lianxin_shared::id::DocId;
use lianxin_shared::records::Event;
use reqwest::StatusCode;

use crate::server::{Server, everybody};

const OWN: DocId = DocId([60; 16]);
const OTHER: DocId = DocId([61; 16]);

fn receipt(id: DocId) -> String {
    format!("/follow/{}", id.receipt_code())
}

#[tokio::test]
async fn a_receipt_made_offline_resolves_once_the_tablet_has_synced() {
    let server = Server::start().await;
    let before = server.get(&receipt(OWN)).await;
    assert_eq!(before.status, StatusCode::NOT_FOUND);
    assert!(before.text.contains("等他的平板连上网络"), "{}", before.text);
    server.suggestion(OWN, "楼道灯坏了").await;
    let after = server.get(&receipt(OWN)).await;
    assert_eq!(after.status, StatusCode::OK);
    assert!(
        after.text.contains("正在看") && !after.text.contains("楼道灯"),
        "{}",
        after.text
    );

    let typed = OWN.receipt_code().to_lowercase().replace('-', " ");
    let typed = server
        .get(&format!("/follow?code={}", typed.replace(' ', "+")))
        .await;
    assert_eq!(
        (typed.status, typed.location),
        (StatusCode::SEE_OTHER, receipt(OWN))
    );
    let nonsense = server.get("/follow?code=O0O0").await;
    assert!(nonsense.text.contains("这不像凭条号"), "{}", nonsense.text);
}

#[tokio::test]
async fn an_answer_is_rated_once() {
    let server = Server::start().await;
    server.suggestion(OWN, "楼道灯坏了").await;
    let rate = async |key: &str| {
        server
            .send(&receipt(OWN), &[("satisfaction", key), ("words", "谢谢")])
            .await
    };
    rate("satisfied").await;
    assert!(
        server.get(&receipt(OWN)).await.text.contains("正在看"),
        "there is no answer to be rated"
    );
    server.office(OWN, "accept", "").await;
    server.office(OWN, "answer", "已更换楼道灯六盏。").await;
    let page = server.get(&receipt(OWN)).await;
    assert!(
        page.text.contains("已更换楼道灯六盏。") && page.text.contains("name=\"satisfaction\""),
        "{}",
        page.text
    );

    assert_eq!(rate("delighted").await.status, StatusCode::BAD_REQUEST);
    assert_eq!(rate("partly").await.location, receipt(OWN));
    rate("unsatisfied").await;
    let page = server.get(&receipt(OWN)).await;
    assert!(page.text.contains("<b>基本满意</b>"), "{}", page.text);
    assert!(!page.text.contains("name=\"satisfaction\"") && page.text.contains("已更换楼道灯六盏。"));
    let record = server.app.own.record(OWN).await.unwrap().unwrap();
    assert_eq!(
        record.timeline.iter().filter(|event| event.act == "rate").count(),
        1
    );
}

#[tokio::test]
async fn what_was_merged_shows_the_answer_of_the_other_and_never_its_words() {
    let server = Server::start().await;
    server.suggestion(OWN, "楼道灯坏了").await;
    server.suggestion(OTHER, "别人说的话").await;
    let clerk = everybody("clerk1");
    let mut merge = Event::new("merge", &clerk.user, clock::now());
    merge.into = Some(OTHER);
    server.act(&clerk, OWN, &[merge]).await;
    let page = server.get(&receipt(OWN)).await;
    assert!(
        page.text.contains("已和同一件事合并办理") && page.text.contains("正在看"),
        "{}",
        page.text
    );
    server.office(OTHER, "accept", "").await;
    server.office(OTHER, "answer", "两处一起修好了。").await;
    let page = server.get(&receipt(OWN)).await;
    assert!(page.text.contains("两处一起修好了。"), "{}", page.text);
    assert!(!page.text.contains("别人说的话") && !page.text.contains(&OTHER.receipt_code()));
}

#[tokio::test]
async fn who_guesses_codes_is_slowed_down() {
    let server = Server::start().await;
    server.suggestion(OWN, "楼道灯坏了").await;
    let mut last = server.get(&receipt(OWN)).await;
    assert_eq!(last.status, StatusCode::OK);
    for n in 0..22 {
        last = server.get(&receipt(DocId([100 + n; 16]))).await;
    }
    assert_eq!(last.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(
        last.retry_after.is_some() && last.text.contains("太快了"),
        "{last:?}"
    );
    let hit = server.get(&receipt(OWN)).await.status;
    assert_eq!(
        hit,
        StatusCode::TOO_MANY_REQUESTS,
        "a guess that hits is not told apart"
    );
}
