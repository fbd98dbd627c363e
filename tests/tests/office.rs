//! The office's desk, as a clerk and a department use it in a browser.

use anyhow::{Context, Result, ensure};
use fantoccini::Locator;
use lianxin_tests::browser::{Browser, Driver};
use lianxin_tests::server::Server;
use lianxin_tests::until::until;
use serde_json::{Value, json};

const PASSWORD: &str = "lianxin-demo";
const ENTER: &str = "\u{E007}";
/// What nobody has dealt with yet.
const RECEIVED: &str = "kind=suggestion&state=received";

#[tokio::test(flavor = "multi_thread")]
async fn a_list_is_an_address_and_can_have_a_name() -> Result<()> {
    let server = Server::start().await?;
    let driver = Driver::start()?;
    let office = driver.open("zh-CN", 1280, 900).await?;
    office.sign_in(&server.url(), "clerk1", PASSWORD).await?;
    office.see("[data-test=row]").await?;

    // What the address names is shown, and nothing else.
    office.visit(&format!("/office?{RECEIVED}")).await?;
    let listed = until("nothing but what was asked for", async || {
        let received = rows(&office, "[data-state=received]").await.ok()?;
        let all = rows(&office, "").await.ok()?;
        (!all.is_empty() && all == received).then_some(all)
    })
    .await?;

    // It gets a name, which is there after a reload too.
    office.click("[data-test=view-save]").await?;
    office
        .keys("[data-test=view-name]", &format!("还没看的{ENTER}"))
        .await?;
    office.says("[data-test=view]", "还没看的").await?;
    office.visit("/office").await?;
    office.click("[data-test=view] a").await?;
    let query = query(&office).await?;
    ensure!(query == RECEIVED, "{query}");
    lists(&office, &listed).await?;
    office.click("[data-test=view-forget]").await?;
    office.goes("[data-test=view]").await?;

    // What was looked for is marked where it stands.
    office.visit("/office").await?;
    office.keys("[data-test=search]", "电梯").await?;
    office.says("[data-test=row] mark", "电梯").await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn steps_on_several_can_be_undone_and_none_is_lost() -> Result<()> {
    let mut server = Server::start().await?;
    let driver = Driver::start()?;
    let office = driver.open("zh-CN", 1280, 900).await?;
    office.sign_in(&server.url(), "clerk1", PASSWORD).await?;
    office.see("[data-test=row]").await?;
    office.visit(&format!("/office?{RECEIVED}")).await?;
    let before = rows(&office, "").await?;

    // Accepted and undone: nothing has happened.
    let ids = tick(&office, 3).await?;
    office.click("[data-test=bulk] button[data-act=accept]").await?;
    office.click("[data-test=undo]").await?;
    office.goes("[data-test=undo]").await?;
    office.client.refresh().await?;
    lists(&office, &before)
        .await
        .context("undone, and done all the same")?;

    // Accepted with the server gone, and the page left at once: they are held, and said not to have gone in.
    ensure!(tick(&office, 3).await? == ids);
    server.kill();
    office.click("[data-test=bulk] button[data-act=accept]").await?;
    office.see("[data-test=undo]").await?;
    office.client.refresh().await?;
    until("all three to be said not to have gone in", async || {
        let failed = office
            .client
            .find_all(Locator::Css("[data-test=held-failed]"))
            .await
            .ok()?;
        (failed.len() == 3).then_some(())
    })
    .await?;

    // The server is back; after a reload they go in by themselves.
    server.resume().await?;
    office.client.refresh().await?;
    until("the three to leave the list", async || {
        let rows = rows(&office, "").await.ok()?;
        (rows.len() == before.len() - 3 && !rows.iter().any(|id| ids.contains(id))).then_some(())
    })
    .await?;
    for id in &ids {
        office.visit(&format!("/office/records/{id}")).await?;
        office.see("[data-test=acts] button[data-act=assign]").await?;
        let accepted = office
            .client
            .find_all(Locator::Css("li[data-act=accept]"))
            .await?;
        ensure!(accepted.len() == 1, "accepted {} times", accepted.len());
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn every_count_opens_its_records() -> Result<()> {
    let server = Server::start().await?;
    let driver = Driver::start()?;
    let office = driver.open("zh-CN", 1280, 900).await?;
    office.sign_in(&server.url(), "clerk1", PASSWORD).await?;
    office.see("[data-test=row]").await?;

    // What the department handles stands still for long.
    office.click("[data-test=nav-watch]").await?;
    let count = "[data-handler=handler1] [data-test=count-stalled]";
    let said: usize = office.text(count).await?.parse()?;
    office.click(count).await?;
    until("as many records as were counted", async || {
        (rows(&office, "").await.ok()?.len() == said).then_some(())
    })
    .await?;
    office
        .says("[data-test=row] [data-test=handler]", "部门一")
        .await?;

    // The year: who has what, and what is behind it.
    office.click("[data-test=nav-year]").await?;
    office.says("[data-who=member]", "委员甲").await?;
    office.says("[data-who=leader]", "/ 20").await?;
    let figure = "[data-who=member] [data-test=figure]";
    let said: usize = office.text(figure).await?.parse()?;
    office.click(figure).await?;
    office.see("[data-test=behind]").await?;
    until("the records behind the figure", async || {
        (rows(&office, "").await.ok()?.len() == said).then_some(())
    })
    .await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_department_sees_what_it_handles_and_answers_it() -> Result<()> {
    let server = Server::start().await?;
    let driver = Driver::start()?;
    let desk = driver.open("zh-CN", 800, 1100).await?;
    desk.sign_in(&server.url(), "handler1", PASSWORD).await?;
    desk.see("[data-test=row] [data-test=due]").await?;
    desk.goes("[data-test=nav-watch]").await?;
    let id = rows(&desk, "").await?.pop().context("nothing to do")?;
    desk.click(&format!("[data-test=row][data-id='{id}']")).await?;
    desk.click("button[data-act=answer]").await?;
    desk.keys("#act-words", "路灯已于11月20日换好，共3盏。").await?;
    desk.click("[data-test=act-done]").await?;
    desk.see("li[data-act=answer]").await?;
    desk.visit("/office").await?;
    until("what is answered to leave the list", async || {
        (!rows(&desk, "").await.ok()?.contains(&id)).then_some(())
    })
    .await
}

/// The ids of the rows that are listed, once some are or the list says that there are none.
async fn rows(office: &Browser, narrower: &str) -> Result<Vec<String>> {
    office.see("[data-test=row], .list [role=status]").await?;
    let script = "const [css, done] = arguments;
        done([...document.querySelectorAll(css)].map(row => row.dataset.id));";
    let css = format!("[data-test=row]{narrower}");
    let ids: Value = office.run(script, vec![json!(css)]).await?;
    Ok(serde_json::from_value(ids)?)
}

/// Waits until these are listed, and no others.
async fn lists(office: &Browser, ids: &[String]) -> Result<()> {
    until("the list to be as it was", async || {
        (rows(office, "").await.ok()? == ids).then_some(())
    })
    .await
}

/// Ticks the first so many rows; answers their ids.
async fn tick(office: &Browser, n: usize) -> Result<Vec<String>> {
    let ids: Vec<_> = rows(office, "").await?.into_iter().take(n).collect();
    ensure!(ids.len() == n, "only {} rows", ids.len());
    for id in &ids {
        office
            .click(&format!("li:has([data-id='{id}']) [data-test=tick]"))
            .await?;
    }
    Ok(ids)
}

async fn query(office: &Browser) -> Result<String> {
    until("the list's address", async || {
        let url = office.client.current_url().await.ok()?;
        url.query().map(ToOwned::to_owned)
    })
    .await
}
