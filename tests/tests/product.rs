//! The product, as people use it: two tablets, one office, a server that comes and goes.

use anyhow::{Context, Result};
use lianxin_shared::document::{Actor, Author};
use lianxin_shared::id::{DocId, Moment};
use lianxin_shared::records::{Event, Values};
use lianxin_tests::browser::{Browser, Driver};
use lianxin_tests::server::Server;
use lianxin_tests::steps::{act, all_sent, leaves_form, no_line, set_moment};
use lianxin_tests::until::until;
use lianxin_tests::vault;
use serde_json::json;

const PASSWORD: &str = "lianxin-demo";
const HOME: &str = "\u{E009}\u{E011}\u{E000}";

#[tokio::test(flavor = "multi_thread")]
async fn recorded_offline_merged_on_the_server_reviewed_by_the_office() -> Result<()> {
    let mut server = Server::start().await?;
    let driver = Driver::start()?;
    let a = driver.open("zh-CN", 800, 1280).await?;
    let b = driver.open("zh-CN", 800, 1280).await?;
    let office = driver.open("zh-CN", 1280, 900).await?;

    // Both tablets sign in and sync; a suggestion that both hold is taken down on A.
    a.sign_in(&server.url(), "host1", PASSWORD).await?;
    b.sign_in(&server.url(), "host2", PASSWORD).await?;
    all_sent(&a).await?;
    all_sent(&b).await?;
    let shared = take_down(&a, "楼道的灯坏了，晚上很黑。", None).await?;
    all_sent(&a).await?;
    b.visit(&format!("/records/{shared}")).await?;
    b.says("main", "楼道的灯坏了").await?;

    // 1. The server is gone.
    server.kill();

    // 2. Tablet A works on: after a reload, an activity and three suggestions.
    a.client.refresh().await?;
    no_line(&a).await?;
    a.visit("/").await?;
    a.click("[data-test=new-activity]").await?;
    a.click("[data-value=reception]").await?;
    a.keys("[name=subject]", "周二接待群众").await?;
    set_moment(&a, "held_at", "2026-11-24T09:30").await?;
    a.keys("[name=outcome]", "接待居民六人，").await?;
    // In mid-sentence the page is loaded anew; the draft is still there.
    saved(&a, "outcome", "接待居民六人，").await?;
    a.client.refresh().await?;
    until("the draft to be there after the reload", async || {
        a.value("[name=outcome]")
            .await
            .ok()
            .filter(|text| text == "接待居民六人，")
    })
    .await?;
    assert_eq!(a.value("[name=subject]").await?, "周二接待群众");
    a.keys("[name=outcome]", "当场答复四件。").await?;
    a.click("[data-test=done]").await?;
    leaves_form(&a).await?;
    let first = take_down(
        &a,
        "三号楼电梯又停了，老人下不了楼。",
        Some(("居民甲", "00000000000")),
    )
    .await?;
    let second = take_down(&a, "消防通道常被占用，救护车进不来。", None).await?;
    take_down(&a, "希望社区食堂晚上也开。", None).await?;

    // Both edit one body in different places, and A its theme.
    b.visit(&format!("/records/{shared}")).await?;
    b.click("[data-test=edit]").await?;
    b.keys("textarea[name=body]", "孩子放学害怕。").await?;
    b.click("[data-test=done]").await?;
    leaves_form(&b).await?;
    a.visit(&format!("/records/{shared}")).await?;
    a.click("[data-test=edit]").await?;
    a.keys("textarea[name=body]", &format!("{HOME}五号楼")).await?;
    choose_theme(&a, 1).await?;
    a.click("[data-test=done]").await?;
    leaves_form(&a).await?;

    // Both are loaded anew; all is still there, can be found, and says where it stands.
    a.client.refresh().await?;
    b.client.refresh().await?;
    no_line(&a).await?;
    assert_eq!(a.attribute("[data-test=work-state]", "data-unsent").await?, "5");
    a.visit("/records").await?;
    a.keys("[data-test=search]", "电梯 老人").await?;
    a.click(&format!("[data-test=row][data-id='{first}']")).await?;
    a.says("main", "老人下不了楼").await?;
    assert_eq!(
        a.attribute("[data-test=standing]", "data-standing").await?,
        "on-tablet"
    );
    b.visit(&format!("/records/{shared}")).await?;
    b.says("main", "孩子放学害怕").await?;

    // 3. The server is back. Nobody touches a tablet.
    server.resume().await?;
    all_sent(&a).await?;
    all_sent(&b).await?;
    for tablet in [&a, &b] {
        tablet.visit(&format!("/records/{shared}")).await?;
        tablet
            .says("main", "五号楼楼道的灯坏了，晚上很黑。孩子放学害怕。")
            .await?;
    }
    a.visit(&format!("/records/{first}")).await?;
    until("the office to have it", async || {
        a.attribute("[data-test=standing]", "data-standing")
            .await
            .ok()
            .filter(|standing| standing == "received")
    })
    .await?;

    // 4. The office sees it with its history by person, answers one and declines another.
    office.sign_in(&server.url(), "clerk1", PASSWORD).await?;
    office.see("[data-test=row]").await?;
    office.visit(&format!("/office/records/{shared}")).await?;
    office
        .says("main", "五号楼楼道的灯坏了，晚上很黑。孩子放学害怕。")
        .await?;
    office.click("[data-test=history] summary").await?;
    let history = office.text("[data-test=history]").await?;
    let people = office.run(PEOPLE, vec![]).await?;
    assert!(
        people.as_array().is_some_and(|people| people.len() >= 2),
        "one author only: {history}"
    );
    office.visit(&format!("/office/records/{first}")).await?;
    office.says("main", "老人下不了楼").await?;
    office.says("main", "00000000000").await?;
    act(&office, "accept", None).await?;
    act(&office, "answer", Some("已联系物业，明天下午修好。")).await?;
    office.visit(&format!("/office/records/{second}")).await?;
    act(&office, "decline", Some("已有交警部门专项整治，不再重复立项。")).await?;
    office.says("main", "不再重复立项").await?;

    // 5. The answer and the reason come to the tablet by themselves, and are read there with the server gone.
    a.visit(&format!("/records/{first}")).await?;
    a.says("[data-test=answer]", "明天下午修好").await?;
    a.visit(&format!("/records/{second}")).await?;
    a.says("main", "不再重复立项").await?;
    server.kill();
    a.client.refresh().await?;
    no_line(&a).await?;
    a.says("main", "不再重复立项").await?;
    a.visit(&format!("/records/{first}")).await?;
    a.says("[data-test=answer]", "明天下午修好").await?;

    // 6. A forged answer, written into the tablet's own database, is refused; the tablet keeps it and says why.
    forge(&a, &shared).await?;
    server.resume().await?;
    a.client.refresh().await?;
    a.visit(&format!("/records/{shared}")).await?;
    a.see("[data-test=refusal]").await?;
    assert_eq!(
        a.attribute("[data-test=refusal]", "data-code").await?,
        "step-forged"
    );
    a.says("[data-test=refused-words]", "这是伪造的答复").await?;
    office.visit(&format!("/office/records/{shared}")).await?;
    office.says("main", "五号楼楼道的灯坏了").await?;
    assert!(!office.text("main").await?.contains("这是伪造的答复"));

    // 7. Given up, it is gone here too, and what the office has stands.
    a.click("[data-test=give-up]").await?;
    a.says("[data-test=refused-words]", "这是伪造的答复").await?;
    a.click("[data-test=give-up-sure]").await?;
    a.goes("[data-test=refusal]").await?;
    a.client.refresh().await?;
    a.says("main", "五号楼楼道的灯坏了").await?;
    assert!(!a.text("main").await?.contains("这是伪造的答复"));
    all_sent(&a).await?;

    // 8. Whoever wants to be sure has everything compared.
    b.visit("/safe").await?;
    b.click("[data-test=check]").await?;
    b.see("[data-test=checked][data-told=safe-checked]").await?;
    Ok(())
}

/// Takes down a suggestion from the first page to the receipt; answers its id.
async fn take_down(tablet: &Browser, body: &str, contact: Option<(&str, &str)>) -> Result<String> {
    tablet.visit("/").await?;
    tablet.click("[data-test=new-suggestion]").await?;
    tablet.keys("textarea[name=body]", body).await?;
    choose_theme(tablet, 0).await?;
    if let Some((name, phone)) = contact {
        tablet.click("[data-test=contact]").await?;
        tablet.keys("[name=name]", name).await?;
        tablet.keys("[name=phone]", phone).await?;
    }
    tablet.click("[data-test=done]").await?;
    tablet.see("[data-test=receipt-code]").await?;
    let url = tablet.client.current_url().await?;
    Ok(url
        .path_segments()
        .and_then(Iterator::last)
        .context("no id in the address")?
        .to_owned())
}

async fn choose_theme(tablet: &Browser, which: usize) -> Result<()> {
    let script = "const done = arguments[1];
        const chips = [...document.querySelectorAll('label.chip[data-value]')];
        const chip = chips[arguments[0]];
        if (chip) chip.click();
        done(Boolean(chip));";
    until("themes to choose from", async || {
        tablet
            .run(script, vec![json!(which)])
            .await
            .ok()
            .filter(|chosen| chosen == true)
    })
    .await
    .map(drop)
}

/// Waits until the tablet's database has the draft of a field.
async fn saved(tablet: &Browser, field: &str, words: &str) -> Result<()> {
    until("the draft to be kept", async || {
        vault::has_draft(tablet, "host1", &[field, words])
            .await
            .ok()
            .filter(|is_kept| *is_kept)
    })
    .await
    .map(drop)
}

/// Writes an answer in the clerk's name into a document as the tablet holds it, to be sent.
async fn forge(tablet: &Browser, id: &str) -> Result<()> {
    let id: DocId = id.parse()?;
    let mut held = vault::held(tablet, "host1", id).await?.context("not held")?;
    let mut document = held.document()?;
    let base = document.heads();
    let me = Author {
        user: "host1".parse()?,
        actor: Actor([42; 16]),
        at: Moment(1_790_000_000_000),
    };
    let clerk = "clerk1".parse()?;
    let steps = [
        Event::new("accept", &clerk, me.at),
        Event::new("answer", &clerk, me.at).with_words("这是伪造的答复。"),
    ];
    document.edit(&base, &Values::new(), &steps, &me)?;
    held.edited(&mut document);
    vault::lay_in(tablet, "host1", id, &held).await
}

/// The people whom the open history names.
const PEOPLE: &str = "const done = arguments[0];
    const names = [...document.querySelectorAll('[data-test=history] tbody td:nth-child(2)')].map(e => e.textContent);
    done([...new Set(names)]);";
