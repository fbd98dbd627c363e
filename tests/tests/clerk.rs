//! What a clerk does with several records at once, and with what the desk can be set to.

use anyhow::{Context, Result, ensure};
use lianxin_shared::id::DocId;
use lianxin_tests::browser::{Browser, Driver, PIN};
use lianxin_tests::server::Server;
use lianxin_tests::tablet::Tablet;
use lianxin_tests::until::until;
use serde_json::{Value, json};

const PASSWORD: &str = "lianxin-demo";
/// What the tests' own suggestions are about.
const WORDS: &str = "北门菜市场门口的污水井盖破了";

/// Suggestions that speak of the same, taken down at a station.
async fn take_down<const N: usize>(server: &Server, bodies: [&str; N]) -> Result<[DocId; N]> {
    let mut host = Tablet::sign_in(&server.url(), "host1", PASSWORD).await?;
    host.sync_through(10).await?;
    let theme = host.of_kind("theme").first().context("no theme")?.doc;
    let ids = bodies
        .iter()
        .map(|body| host.take_down(body, theme))
        .collect::<Result<Vec<_>>>()?;
    host.sync_through(10).await?;
    ids.try_into()
        .map_err(|_| anyhow::anyhow!("not all were taken down"))
}

async fn at_the_desk(driver: &Driver, server: &Server) -> Result<Browser> {
    let office = driver.open("zh-CN", 1280, 900).await?;
    office.sign_in(&server.url(), "clerk1", PASSWORD).await?;
    office.see("[data-test=row]").await?;
    Ok(office)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_twin_is_merged_from_beside_the_record_and_taken_out_again() -> Result<()> {
    let server = Server::start().await?;
    let same = format!("{WORDS}，晚上有老人踩空，请尽快换一个。");
    let again = format!("{WORDS}，上个月就说过，老人踩空摔了，什么时候换？");
    let [one, other] = take_down(&server, [&same, &again]).await?;
    let driver = Driver::start()?;
    let office = at_the_desk(&driver, &server).await?;

    office.visit(&format!("/office/records/{one}")).await?;
    let twin = format!("[data-test=twin][data-id='{other}']");
    office.says(&twin, "井盖").await?;
    office.see(&format!("{twin} mark")).await?;
    office.click(&format!("{twin} [data-test=merge-into]")).await?;
    office.click("[data-test=act-done]").await?;
    office.see("li[data-act=merge]").await?;
    office.see("[role=status] [data-state=merged]").await?;

    office.click("button[data-act=unmerge]").await?;
    office.see("li[data-act=unmerge]").await?;
    office.see("[role=status] [data-state=accepted]").await?;
    // Both stand for themselves again, with the merging in the history of one.
    office.see("li[data-act=merge]").await?;
    office.visit(&format!("/office/records/{other}")).await?;
    office.see("[role=status] [data-state=received]").await.map(drop)
}

#[tokio::test(flavor = "multi_thread")]
async fn several_are_returned_or_assigned_at_once_and_both_can_be_undone() -> Result<()> {
    let server = Server::start().await?;
    let bodies = [1, 2, 3].map(|n| format!("{WORDS}，这是第{n}处。"));
    let ids = take_down(&server, [&bodies[0], &bodies[1], &bodies[2]]).await?;
    let driver = Driver::start()?;
    let office = at_the_desk(&driver, &server).await?;
    let list = "/office?q=污水井盖&order=received";

    // Returned, with words for all of them: undone, then done.
    for is_undone in [true, false] {
        office.visit(list).await?;
        tick(&office, &ids[..2]).await?;
        office.click("[data-test=bulk] button[data-act=return]").await?;
        office.keys("#act-words", "请写明是哪一号门。").await?;
        office.click("[data-test=act-done]").await?;
        if is_undone {
            office.click("[data-test=undo]").await?;
            office.goes("[data-test=undo]").await?;
        }
        let state = if is_undone { "received" } else { "returned" };
        come_to(&office, list, &ids[..2], state).await?;
    }
    office.visit(&format!("/office/records/{}", ids[0])).await?;
    office.says("li[data-act=return]", "请写明是哪一号门。").await?;

    // Assigned, after being accepted: undone, then done.
    office.visit(list).await?;
    tick(&office, &ids[2..]).await?;
    office.click("[data-test=bulk] button[data-act=accept]").await?;
    come_to(&office, list, &ids[2..], "accepted").await?;
    for is_undone in [true, false] {
        office.visit(list).await?;
        tick(&office, &ids[2..]).await?;
        office.click("[data-test=bulk] button[data-act=assign]").await?;
        choose(&office, "#act-handler", "handler1").await?;
        // What is given to somebody is due by some day.
        office.click("[data-test=act-done]").await?;
        office.says("#act-missing", "还差：办理期限").await?;
        choose(&office, "#act-due", "2099-01-31").await?;
        office.click("[data-test=act-done]").await?;
        if is_undone {
            office.click("[data-test=undo]").await?;
            office.goes("[data-test=undo]").await?;
        }
        let state = if is_undone { "accepted" } else { "assigned" };
        come_to(&office, list, &ids[2..], state).await?;
    }

    // What one assigned is a list by itself, and nobody else's.
    office
        .visit("/office?care=open&assigner=clerk1&order=due")
        .await?;
    office
        .see(&format!("[data-test=row][data-id='{}']", ids[2]))
        .await?;
    office
        .see("[data-test=views] [aria-current][href*='assigner=clerk1']")
        .await?;
    office.visit("/office?assigner=clerk1&q=井盖").await?;
    lists(&office, &ids[2..]).await?;
    office.visit("/office?assigner=admin&q=井盖").await?;
    lists(&office, &[]).await?;
    office.visit("/office?owner=host1&q=井盖&state=returned").await?;
    lists(&office, &ids[..2]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_office_sets_for_the_district_holds_at_once() -> Result<()> {
    let server = Server::start().await?;
    let driver = Driver::start()?;
    let office = at_the_desk(&driver, &server).await?;
    office.visit("/office/year").await?;
    office.see("[data-test=quiet][data-days='90']").await?;
    office
        .see("[data-test=waits-table] figure, [data-test=waits-together]")
        .await?;

    // Set for the first time: a record that is written as any other, and in use from then on.
    office.click("[data-test=quiet-change]").await?;
    office.keys("[name=quiet_days]", "3650").await?;
    office.click("[data-test=done]").await?;
    office.see("button[data-act=retire]").await?;
    office.visit("/office/year").await?;
    office.see("[data-test=quiet][data-days='3650']").await?;

    // Then it is changed where it stands.
    office.click("[data-test=quiet-change]").await?;
    office.click("[data-test=edit]").await?;
    choose(&office, "[name=quiet_days]", "30").await?;
    office.click("[data-test=save]").await?;
    office.goes("[data-test=edit-form]").await?;
    office.visit("/office/year").await?;
    office.see("[data-test=quiet][data-days='30']").await.map(drop)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_language_of_the_sign_in_stays() -> Result<()> {
    let server = Server::start().await?;
    let driver = Driver::start()?;
    let office = driver.open("zh-CN", 1280, 900).await?;
    office.go(&server.url()).await?;
    office.click("[data-test=language]").await?;
    office.says("#sign-in", "Sign in").await?;
    office.keys("#user", "clerk1").await?;
    office.keys("#password", PASSWORD).await?;
    office.click("#sign-in").await?;
    office.choose_pin(PIN).await?;
    office.says("[data-test=nav-year]", "The year").await?;
    office.client.refresh().await?;
    office.says("[data-test=nav-year]", "The year").await.map(drop)
}

/// Ticks these rows.
async fn tick(office: &Browser, ids: &[DocId]) -> Result<()> {
    for id in ids {
        office
            .click(&format!("li:has([data-id='{id}']) [data-test=tick]"))
            .await?;
    }
    Ok(())
}

/// Waits until the server's list has these in this state: what is held back has gone in, or never will.
async fn come_to(office: &Browser, list: &str, ids: &[DocId], state: &str) -> Result<()> {
    office.goes("[data-test=undo]").await?;
    office.visit(list).await?;
    for id in ids {
        office
            .see(&format!("[data-test=row][data-id='{id}'][data-state={state}]"))
            .await?;
    }
    Ok(())
}

/// Waits until these are listed in whatever order, and no others.
async fn lists(office: &Browser, ids: &[DocId]) -> Result<()> {
    let mut expected: Vec<_> = ids.iter().map(ToString::to_string).collect();
    expected.sort();
    let script = "const [done] = arguments;
        done([...document.querySelectorAll('[data-test=row]')].map(row => row.dataset.id).sort());";
    office.see("[data-test=row], .list [role=status]").await?;
    until("exactly these records", async || {
        let listed: Value = office.run(script, Vec::new()).await.ok()?;
        (listed == json!(expected)).then_some(())
    })
    .await
}

/// Puts a value into a control, as a choice or a date does.
async fn choose(office: &Browser, css: &str, value: &str) -> Result<()> {
    office.see(css).await?;
    let script = "const [css, value, done] = arguments;
        const control = document.querySelector(css);
        control.value = value;
        control.dispatchEvent(new Event('input', { bubbles: true }));
        control.dispatchEvent(new Event('change', { bubbles: true }));
        done(control.value);";
    let set = office.run(script, vec![json!(css), json!(value)]).await?;
    ensure!(set == json!(value), "{css} does not take {value}");
    Ok(())
}
