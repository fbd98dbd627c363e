//! A small district lives its year, and every figure at its end is what the test counted itself.
//!
//! Through real browsers: a leading member's tablet without a line, which takes down suggestions, plans a visit and holds it;
//! the clerk who accepts, merges and answers; the supervisor who verifies; the public pages, with scripts switched off; and
//! the printed report. The other two tablets are simulated devices. What would only be the same clicks again is written at
//! desks over HTTP, through the same door as everything; residents send the forms of the public pages.
//!
//! The demonstration's records are there from the start: what counts is what came on top of them.

mod count;
mod district;
mod resident;
mod suggestions;
mod work;

use anyhow::{Context, Result, ensure};
use lianxin_shared::id::DocId;
use lianxin_shared::records::Event;
use lianxin_shared::sync::Line;
use lianxin_tests::browser::{Browser, Driver};
use lianxin_tests::steps::{act, all_sent, leaves_form, no_line, set_moment};
use lianxin_tests::tablet::Tablet;
use lianxin_tests::until::until;
use serde_json::json;

use count::{Report, figures, state};
use district::{District, LEADER, PASSWORD};
use resident::Resident;
use suggestions::{Said, Suggestions};

const ENTER: &str = "\u{E007}";
const ANSWER: &str = "物业已于3月12日换好门机，三号楼今晚可用。";
const WITHHELD: &str = "写了别人的电话。请去掉后再写一次。";

#[tokio::test(flavor = "multi_thread")]
async fn a_district_lives_a_year_and_its_figures_are_what_was_counted() -> Result<()> {
    let mut district = District::open().await?;
    let driver = Driver::start()?;
    let office = driver.open("zh-CN", 1280, 900).await?;
    let figures_before = figures(&district.clerk, district.year).await?;
    let report_before = Report::open(&district.clerk, &office, district.year).await?;
    district.enter_members().await?;

    district.consult().await?;
    district.promise().await?;
    district.meet().await?;
    let suggestions = thirty(&mut district, &driver, &office).await?;
    let report = district.report(&suggestions.same()).await?;
    district.propose(report).await?;
    let visited = district.visited.clone();
    district
        .visit(&[&visited[5..10], &visited[10..15], &visited[15..]])
        .await?;
    district.supervise().await?;
    let tasks = district.work_the_ledger().await?;
    verify(&mut district, &driver, &tasks).await?;
    read_in_public(&mut district, &driver, &tasks, &suggestions).await?;

    suggestions.count(&mut district.tally);
    let figures = figures(&district.clerk, district.year).await?;
    let counted = figures.since(&figures_before);
    let wrong = counted.differences(&district.tally.figures);
    ensure!(wrong.is_empty(), "the figures are wrong: {wrong:#?}");
    let report = Report::open(&district.clerk, &office, district.year).await?;
    let printed = report.count().since(&report_before.count());
    let wrong = printed.differences(&district.tally.printed);
    ensure!(wrong.is_empty(), "the report is wrong: {wrong:#?}");
    let ledger: Vec<_> = report.rows("整改台账").collect();
    let verified = state("rectification", "verified");
    ensure!(ledger.len() == 8, "{} tasks are printed", ledger.len());
    for task in ledger {
        let (_, measures) = task.last().context("an empty row")?;
        let (done, all) = measures.split_once(" / ").context("no measures")?;
        ensure!(task[1].1 == verified && done == all, "{task:?} is printed");
    }
    Ok(())
}

/// Thirty suggestions: ten from each station, taken down without a line, and ten from the public page. The office sees to
/// some of them.
async fn thirty(district: &mut District, driver: &Driver, office: &Browser) -> Result<Suggestions> {
    let url = district.server.url();
    let mut suggestions = Suggestions::of(district).await?;
    let tablet = driver.open("zh-CN", 800, 1280).await?;
    tablet.sign_in(&url, LEADER, PASSWORD).await?;
    all_sent(&tablet).await?;
    let mut one = Tablet::sign_in(&url, "host2", PASSWORD).await?;
    let mut two = Tablet::sign_in(&url, "host3", PASSWORD).await?;
    for device in [&mut one, &mut two] {
        device.sync_through(5).await?;
    }

    district.server.kill();
    no_line(&tablet).await?;
    for body in suggestions.bodies(3) {
        let id = take_down(&tablet, &body, suggestions.themes[0]).await?;
        suggestions.heard(Said::from_leader(district, id, suggestions.themes[0])?);
    }
    let visited = district.visited[..5].to_vec();
    let held = visit(&tablet, &visited, district.year).await?;
    for (device, station, n) in [(&mut one, 0, 7), (&mut two, 1, 10)] {
        let theme = suggestions.themes[station + 1];
        device.set_clock(suggestions.taken[station]);
        let person = device.principal.person.context("no person's record")?;
        for body in suggestions.bodies(n) {
            let id = device.take_down(&body, theme)?;
            let at = suggestions.taken[station];
            suggestions.heard(Said::at(id, district.stations[station], person, theme, at));
        }
        ensure!(
            device.sync().await? != Line::On && device.unsent() == n,
            "sent without a line"
        );
    }
    district.server.resume().await?;
    for device in [&mut one, &mut two] {
        device.sync_through(5).await?;
    }
    all_sent(&tablet).await?;
    district.count_visit(&visited)?;
    district.help(held).await?;

    suggestions.from_residents(district).await?;
    merge_and_answer(district, office, &mut suggestions).await?;
    suggestions.see_to(district).await?;
    Ok(suggestions)
}

/// Takes down a suggestion on the tablet; answers its id.
async fn take_down(tablet: &Browser, body: &str, theme: DocId) -> Result<DocId> {
    tablet.visit("/").await?;
    tablet.click("[data-test=new-suggestion]").await?;
    tablet.keys("textarea[name=body]", body).await?;
    tablet.click(&format!("label.chip[data-value='{theme}']")).await?;
    tablet.click("[data-test=done]").await?;
    tablet.see("[data-test=receipt-code]").await?;
    shown(tablet).await
}

/// Plans a visit on the tablet, and holds it.
async fn visit(tablet: &Browser, visited: &[(DocId, String)], year: i16) -> Result<DocId> {
    tablet.visit("/new/visit").await?;
    tablet.keys("[name=subject]", "走访界别一的委员").await?;
    for (id, name) in visited {
        tablet.keys("[name=visited]", &format!("{name}{ENTER}")).await?;
        tablet.see(&format!(".chip.taken[data-value='{id}']")).await?;
    }
    set_moment(tablet, "held_at", &format!("{year}-03-05T09:30")).await?;
    tablet.click("[data-test=done]").await?;
    leaves_form(tablet).await?;
    tablet.see("li[data-act=plan]").await?;
    tablet.click("[data-wanting=hold] [data-fill=heard]").await?;
    tablet.keys("textarea[name=heard]", "希望多看材料。").await?;
    tablet.click("[data-test=done]").await?;
    leaves_form(tablet).await?;
    act(tablet, "hold", None).await?;
    shown(tablet).await
}

/// The id of the record that is shown.
async fn shown(browser: &Browser) -> Result<DocId> {
    let url = browser.client.current_url().await?;
    let id = url.path_segments().and_then(Iterator::last);
    Ok(id.context("no id in the address")?.parse()?)
}

/// The clerk merges what speaks of the same, and answers once; whoever was merged hears the answer by the server.
async fn merge_and_answer(
    district: &mut District,
    office: &Browser,
    suggestions: &mut Suggestions,
) -> Result<()> {
    let [main, twin, other] = suggestions.same();
    office.sign_in(&district.server.url(), "clerk1", PASSWORD).await?;
    office.see("[data-test=row]").await?;
    office.visit(&format!("/office/records/{twin}")).await?;
    let likely = format!("[data-test=twin][data-id='{main}'] [data-test=merge-into]");
    office.click(&likely).await?;
    office.click("[data-test=act-done]").await?;
    office.see("li[data-act=merge]").await?;
    let clerk = &mut district.clerk;
    let merge = Event {
        into: Some(main),
        ..clerk.event("merge")
    };
    clerk.take(other, merge).await?;
    office.visit(&format!("/office/records/{main}")).await?;
    act(office, "accept", None).await?;
    act(office, "answer", Some(ANSWER)).await?;
    for doc in [twin, other] {
        until("the answer to reach who was merged", async || {
            let status = clerk.record(doc).await.ok()?.status()?;
            (status.state == "answered" && status.answer.as_deref() == Some(ANSWER)).then_some(())
        })
        .await?;
    }
    for doc in suggestions.same() {
        suggestions.stands(doc, "answered");
    }
    Ok(())
}

/// The supervisor sends one task back, which is claimed again, and verifies all of them, one in a browser.
async fn verify(district: &mut District, driver: &Driver, tasks: &[DocId]) -> Result<()> {
    let (first, rest) = tasks.split_first().context("nothing to verify")?;
    let supervisor = driver.open("zh-CN", 1280, 900).await?;
    supervisor
        .sign_in(&district.server.url(), "supervisor1", PASSWORD)
        .await?;
    supervisor.see("[data-test=row]").await?;
    supervisor.visit(&format!("/office/records/{first}")).await?;
    act(&supervisor, "send_back", Some("三处还没有做。")).await?;
    let again = district.work_the_ledger().await?;
    ensure!(again == tasks, "others were claimed again: {again:?}");
    supervisor.client.refresh().await?;
    act(&supervisor, "verify", Some("三处都到现场看过，属实。")).await?;
    for task in rest {
        district
            .supervisor
            .act(*task, "verify", "抽查三处，属实。")
            .await?;
    }
    Ok(())
}

/// Residents say what they think of a task; one comment is shown, one withheld, and all of it is read without scripts.
async fn read_in_public(
    district: &mut District,
    driver: &Driver,
    tasks: &[DocId],
    suggestions: &Suggestions,
) -> Result<()> {
    let url = district.server.url();
    let task = tasks[0];
    let (shown, withheld) = ("扶手牢固，老人下楼放心了。", "找某户，电话写在后面。");
    Resident::new(&url, 50)?.comment(task, shown, "4").await?;
    Resident::new(&url, 51)?.comment(task, withheld, "1").await?;
    let comment = district.find("comment", shown).await?;
    district.clerk.act(comment, "show", "谢谢，明年接着装。").await?;
    let comment = district.find("comment", withheld).await?;
    district.clerk.act(comment, "withhold", WITHHELD).await?;

    let reader = driver.open("zh-CN", 800, 1280).await?;
    let off = json!({ "value": true });
    reader
        .devtools("Emulation.setScriptExecutionDisabled", off)
        .await?;
    let page = format!("{url}/public/ledger/{task}");
    let words = [shown, "4 分", "谢谢，明年接着装。", "原因", WITHHELD];
    let page = reads(&reader, &page, &words).await?;
    ensure!(!page.contains(withheld), "what is withheld is read all the same");
    let ledger = reads(&reader, &format!("{url}/public/ledger"), &[]).await?;
    let verified = ledger.matches(&state("rectification", "verified")).count();
    ensure!(verified == 8, "{verified} tasks are shown as verified");
    reads(&reader, &format!("{url}/public/commitments"), &[work::PROMISE]).await?;
    let answers = format!("{url}/public/answers/{}", suggestions.published());
    reads(&reader, &answers, &[suggestions::PUBLIC_ANSWER]).await?;
    Ok(())
}

/// Waits until a page says all of this; answers what it says. Public pages may be some seconds old.
async fn reads(reader: &Browser, page: &str, words: &[&str]) -> Result<String> {
    until(&format!("{page} to say {words:?}"), async || {
        reader.go(page).await.ok()?;
        let text = reader.see("main").await.ok()?.text().await.ok()?;
        words.iter().all(|words| text.contains(words)).then_some(text)
    })
    .await
}
