//! Every register on a tablet without a line: what a leading member writes in a year, each resting on what came before.

use std::collections::BTreeMap;

use anyhow::{Context, Result, ensure};
use lianxin_tests::browser::{Browser, Driver};
use lianxin_tests::server::Server;
use lianxin_tests::steps::{act, all_sent, leaves_form, no_line, set_moment};
use lianxin_tests::tablet::Tablet;
use serde_json::{Value, json};

const PASSWORD: &str = "lianxin-demo";

#[tokio::test(flavor = "multi_thread")]
async fn a_member_writes_from_the_visit_to_the_proposal_offline_and_all_arrives() -> Result<()> {
    let mut server = Server::start().await?;
    let driver = Driver::start()?;
    let member1 = Tablet::sign_in(&server.url(), "member1", PASSWORD).await?;
    let stations: Vec<_> = member1.principal.stations().collect();
    server.add_leader("leader2", "委员丁", PASSWORD, &stations)?;
    let tablet = driver.open("zh-CN", 800, 1280).await?;
    tablet.sign_in(&server.url(), "leader2", PASSWORD).await?;
    all_sent(&tablet).await?;
    tablet.visit("/records?kind=suggestion").await?;
    let suggestion = tablet.attribute("[data-test=row]", "data-id").await?;
    let words = format!("[data-test=row][data-id='{suggestion}'] .row-title");
    let words = tablet.text(&words).await?;
    server.kill();
    tablet.client.refresh().await?;
    no_line(&tablet).await?;

    // A visit is planned: of nothing heard yet it cannot be said that it was held.
    tablet.visit("/").await?;
    tablet.click("[data-test=start]").await?;
    tablet.click("[data-test=new-visit]").await?;
    tablet.keys("[name=subject]", "走访委员甲").await?;
    tablet.keys("[name=visited]", "委员甲\u{E007}").await?;
    tablet.see(".chip.taken").await?;
    set_moment(&tablet, "held_at", "2026-12-01T09:30").await?;
    tablet.click("label.chip[data-value=work]").await?;
    tablet.click("label.chip[data-value=life]").await?;
    tablet.says("[data-test=done]", "列入计划").await?;
    let visit = done(&tablet).await?;
    tablet.see("li[data-act=plan]").await?;
    tablet.says("[data-field=aspects]", "生活").await?;

    // What was heard is asked for first; then it was held.
    tablet.click("[data-wanting=hold] [data-fill=heard]").await?;
    let heard = "老旧小区没有扶手，老人上下楼不便。";
    tablet.keys("textarea[name=heard]", heard).await?;
    done(&tablet).await?;
    act(&tablet, "hold", None).await?;

    // The problem heard becomes a help case, which is shown with the visit and the visit with it.
    tablet.click("[data-test=follow-help_case]").await?;
    tablet.see(&format!(".work.taken[data-value='{visit}']")).await?;
    tablet.keys("[name=subject]", "为老旧小区加装扶手").await?;
    tablet.click("label.chip[data-value=member]").await?;
    tablet.keys("textarea[name=problem]", heard).await?;
    tablet.says("[data-test=done]", "提出").await?;
    let case = done(&tablet).await?;
    tablet.says("[data-test=chain-rests-on]", "走访委员甲").await?;
    tablet.click("[data-test=linked]").await?;
    tablet
        .says("[data-test=chain-came-of]", "为老旧小区加装扶手")
        .await?;

    // What a step was begun with is there after a reload.
    tablet.visit(&format!("/records/{case}")).await?;
    tablet.click("button[data-act=solve]").await?;
    tablet.keys("#act-words", "已装好两个单元").await?;
    tablet.client.refresh().await?;
    tablet.keys("#act-words", "，其余本月装好。").await?;
    tablet.click("[data-test=act-done]").await?;
    tablet
        .says("li[data-act=solve]", "已装好两个单元，其余本月装好。")
        .await?;

    // A suggestion becomes a report, the report a proposal.
    tablet.visit(&format!("/records/{suggestion}")).await?;
    tablet.click("[data-test=follow-opinion_report]").await?;
    tablet
        .keys("[name=subject]", "关于老旧小区适老化改造的信息")
        .await?;
    tablet
        .keys("textarea[name=situation]", "老人上下楼不便。")
        .await?;
    tablet
        .keys("textarea[name=recommendation]", "分批加装扶手和坡道。")
        .await?;
    let report = done(&tablet).await?;
    tablet.click("[data-test=follow-proposal]").await?;
    tablet.see(&format!(".work.taken[data-value='{report}']")).await?;
    tablet.keys("[name=subject]", "关于分批加装扶手的提案").await?;
    tablet.click("label.chip[data-value=everyday]").await?;
    tablet.keys("textarea[name=reason]", "老人上下楼不便。").await?;
    tablet
        .keys("textarea[name=recommendation]", "列入明年计划。")
        .await?;
    // Another record that it rests on is found by its words.
    tablet.keys("[name=suggestions]", &words).await?;
    tablet
        .click(&format!(
            "[data-field=suggestions] .work[data-value='{suggestion}']"
        ))
        .await?;
    let proposal = done(&tablet).await?;

    // A promise for the year.
    tablet.visit("/new/commitment").await?;
    tablet
        .keys("textarea[name=promise]", "每月到工作室接待一次群众。")
        .await?;
    set_moment(&tablet, "by_when", "2027-12-31T18:00").await?;
    tablet.says("[data-test=done]", "公布").await?;
    let commitment = done(&tablet).await?;

    // The year is counted from what is here.
    tablet.visit("/year").await?;
    tablet.see("[data-figure=visit][data-amount='1']").await?;
    tablet.visit("/records?figure=visit&subject=user:leader2").await?;
    tablet.see(&format!("[data-test=row][data-id='{visit}']")).await?;

    // With a line, all of it arrives by itself.
    assert_eq!(
        tablet.attribute("[data-test=work-state]", "data-unsent").await?,
        "5"
    );
    server.resume().await?;
    all_sent(&tablet).await?;
    let states = states(&server, &[&visit, &case, &report, &proposal, &commitment]).await?;
    assert_eq!(states, ["done", "solved", "submitted", "submitted", "published"]);

    // The office judges the report; the member reads how, in words, without a line.
    let office = driver.open("zh-CN", 1280, 900).await?;
    office.sign_in(&server.url(), "clerk1", PASSWORD).await?;
    office.see("[data-test=row]").await?;
    office.visit(&format!("/office/records/{report}")).await?;
    office.click("button[data-act=grade]").await?;
    office.click("[data-mark=depth] [data-value=deep]").await?;
    office.keys("#act-words", "情况清楚，建议可行。").await?;
    office.click("[data-test=act-done]").await?;
    office.see("#act-missing").await?;
    office.client.refresh().await?;
    office
        .see("[data-mark=depth] [data-value=deep][aria-pressed=true]")
        .await?;
    office.click("[data-mark=weight] [data-value=fair]").await?;
    office.click("[data-test=act-done]").await?;
    office.see("li[data-act=grade]").await?;
    tablet.visit(&format!("/records/{report}")).await?;
    tablet.says("li[data-act=grade]", "深度：深").await?;
    server.kill();
    tablet.client.refresh().await?;
    no_line(&tablet).await?;
    tablet.says("li[data-act=grade]", "份量：一般").await?;
    tablet
        .says("[data-test=chain-came-of]", "关于分批加装扶手的提案")
        .await
}

/// Finishes the form and answers the id of the record that is shown then.
async fn done(tablet: &Browser) -> Result<String> {
    tablet.click("[data-test=done]").await?;
    leaves_form(tablet).await?;
    tablet.see("[data-test=standing]").await?;
    let url = tablet.client.current_url().await?;
    let id = url.path_segments().and_then(Iterator::last);
    Ok(id.context("no id in the address")?.to_owned())
}

/// The states of some records, as the office's list has them.
async fn states(server: &Server, ids: &[&String]) -> Result<Vec<String>> {
    let http = reqwest::Client::new();
    let account = json!({ "user": "clerk1", "password": PASSWORD });
    let door = format!("{}/api/session", server.url());
    let opened: Value = http.post(door).json(&account).send().await?.json().await?;
    let token = opened["token"].as_str().context("no token")?;
    let mut states = BTreeMap::new();
    let mut next = None::<String>;
    loop {
        let after = next.map(|next| format!("&after={next}")).unwrap_or_default();
        let url = format!("{}/api/records?limit=100{after}", server.url());
        let page: Value = http.get(url).bearer_auth(token).send().await?.json().await?;
        for record in page["records"].as_array().context("no records")? {
            let (id, state) = (record["id"].as_str(), record["state"].as_str());
            states.extend(id.zip(state).map(|(id, state)| (id.to_owned(), state.to_owned())));
        }
        next = page["next"].as_str().map(ToOwned::to_owned);
        if next.is_none() {
            break;
        }
    }
    ensure!(
        ids.iter().all(|id| states.contains_key(*id)),
        "some did not arrive: {states:?}"
    );
    Ok(ids.iter().map(|id| states[*id].clone()).collect())
}
