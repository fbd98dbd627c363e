//! What is half written outlives whatever becomes of the page, from the first key on.

use anyhow::Result;
use lianxin_shared::id::DocId;
use lianxin_tests::browser::{Browser, Driver};
use lianxin_tests::server::Server;
use lianxin_tests::until::until;
use lianxin_tests::vault;

const PASSWORD: &str = "lianxin-demo";
/// A draft that is lost now and then is found by trying often.
const TIMES: usize = 10;

#[tokio::test(flavor = "multi_thread")]
async fn a_reload_straight_after_a_key_loses_nothing() -> Result<()> {
    let server = Server::start().await?;
    let driver = Driver::start()?;
    let tablet = driver.open("zh-CN", 800, 1100).await?;
    tablet.sign_in(&server.url(), "host1", PASSWORD).await?;
    tablet.see("[data-test=new-suggestion]").await?;
    for n in 0..TIMES {
        tablet.visit("/").await?;
        tablet.click("[data-test=new-suggestion]").await?;
        let words = format!("第{n}次：路灯坏了");
        tablet.keys("textarea[name=body]", &words).await?;
        tablet.client.refresh().await?;
        holds(&tablet, "textarea[name=body]", &words).await?;
        // What was kept is written on, one key at a time.
        tablet.keys("textarea[name=body]", "。").await?;
        tablet.client.refresh().await?;
        holds(&tablet, "textarea[name=body]", &format!("{words}。")).await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_was_typed_and_not_added_is_kept_too() -> Result<()> {
    let server = Server::start().await?;
    let driver = Driver::start()?;
    let tablet = driver.open("zh-CN", 800, 1100).await?;
    tablet.sign_in(&server.url(), "host1", PASSWORD).await?;
    tablet.click("[data-test=new-activity]").await?;
    tablet.keys("[name=participants]", "居民乙").await?;
    assert!(!tablet.shows(".chip.taken").await?, "it stands twice");
    tablet.client.refresh().await?;
    tablet.says(".chip.taken", "居民乙").await?;
    tablet.keys("[name=participants]", "居民丙\u{E007}").await?;
    tablet.see(".chip.taken[data-value=居民丙]").await?;
    tablet.see(".chip.taken[data-value=居民乙]").await.map(drop)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_office_finds_its_half_written_words_again() -> Result<()> {
    let server = Server::start().await?;
    let driver = Driver::start()?;
    let office = driver.open("zh-CN", 1280, 900).await?;
    office.sign_in(&server.url(), "clerk1", PASSWORD).await?;
    office.see("[data-test=row]").await?;
    office.visit("/office?state=received&kind=suggestion").await?;
    let first = office.attribute("[data-test=row]", "data-id").await?;
    let other_theme = "[data-test=edit-form] label.chip:not(:has(:checked))";
    let open = |id: &str| format!("[data-test=row][data-id='{id}']");
    let other = format!("[data-test=row]:not([data-id='{first}'])");
    let other = office.attribute(&other, "data-id").await?;

    // Another record is opened in mid-sentence, then the first again.
    office.click(&open(&first)).await?;
    office.click("button[data-act=return]").await?;
    office.keys("#act-words", "请补上").await?;
    office.click(&open(&other)).await?;
    office
        .says(
            "[data-test=record-title]",
            &other.parse::<DocId>()?.receipt_code(),
        )
        .await?;
    assert!(
        !office.shows("#act-words").await?,
        "words of one record stand at another"
    );
    office.click(&open(&first)).await?;
    holds(&office, "#act-words", "请补上").await?;

    // Loaded anew straight after a key, both halves are there: the step and the change of a field.
    office.click("[data-test=edit]").await?;
    let theme = office.attribute(other_theme, "data-value").await?;
    let chosen = format!("[data-test=edit-form] label.chip[data-value='{theme}']:has(:checked)");
    office.click(other_theme).await?;
    office.see(&chosen).await?;
    office.keys("#act-words", "楼号").await?;
    office.client.refresh().await?;
    holds(&office, "#act-words", "请补上楼号").await?;
    office.see(&chosen).await?;

    // What is done is done with; the other half stays.
    office.click("[data-test=act-done]").await?;
    office.see("li[data-act=return]").await?;
    office.client.refresh().await?;
    office.see(&chosen).await?;
    assert!(
        !office.shows("#act-words").await?,
        "the words were taken and are still there"
    );
    Ok(())
}

async fn holds(browser: &Browser, css: &str, words: &str) -> Result<()> {
    until(&format!("{css} to hold “{words}”"), async || {
        browser.value(css).await.ok().filter(|value| value == words)
    })
    .await
    .map(drop)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_that_was_thrown_away_comes_back_until_the_page_is_left() -> Result<()> {
    const THROWN: &str = "[data-test=draft-thrown]";
    let server = Server::start().await?;
    let driver = Driver::start()?;
    let tablet = driver.open("zh-CN", 360, 740).await?;
    tablet.sign_in(&server.url(), "host1", PASSWORD).await?;
    tablet.click("[data-test=new-activity]").await?;
    tablet.keys("[name=subject]", "写到一半的活动").await?;
    tablet.click(".places a").await?;
    tablet.says("[data-test=draft]", "写到一半的活动").await?;

    // One tap throws it away, and asks nothing; another takes that back.
    tablet.click("[data-test=draft-drop]").await?;
    tablet.says(THROWN, "可以撤销").await?;
    tablet.click("[data-test=draft-drop]").await?;
    tablet.goes(THROWN).await?;
    tablet.click(".places a").await?;
    tablet.visit("/drafts").await?;
    tablet.says("[data-test=draft]", "写到一半的活动").await?;

    tablet.click("[data-test=draft-drop]").await?;
    tablet.see(THROWN).await?;
    tablet.click(".places a").await?;
    tablet.see("[data-test=new-activity]").await?;
    tablet.goes("[data-test=draft], [data-test=draft-thrown]").await?;
    until("the draft to be gone", async || {
        let is_kept = vault::has_draft(&tablet, "host1", &["写到一半的活动"])
            .await
            .ok()?;
        (!is_kept).then_some(())
    })
    .await?;
    tablet.visit("/drafts").await?;
    tablet.says("main", "没有草稿").await
}
