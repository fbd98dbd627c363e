//! Administration in a real browser: an account, a list that is written without a line, a workbook brought in, and removing for
//! good.

use std::path::Path;

use anyhow::{Result, ensure};
use lianxin_tests::browser::Driver;
use lianxin_tests::server::Server;
use lianxin_tests::tablet::Tablet;
use rust_xlsxwriter::Workbook;

const PASSWORD: &str = "lianxin-demo";

#[tokio::test(flavor = "multi_thread")]
async fn an_account_is_added_and_signs_in_with_the_password_that_was_told() -> Result<()> {
    let server = Server::start().await?;
    let driver = Driver::start()?;
    let admin = driver.open("zh-CN", 1280, 860).await?;
    admin.sign_in(&server.url(), "admin", PASSWORD).await?;
    admin.click("[data-test=admin]").await?;
    admin.see("[data-test=account]").await?;
    admin.click("[data-test=new-account]").await?;
    admin.keys("[name=user]", "member9").await?;
    admin.keys("#account-name", "委员九").await?;
    admin.click("[name=member]").await?;
    admin.click("[data-test=save]").await?;
    let password = admin.text("[data-test=password]").await?;
    let member = Tablet::sign_in(&server.url(), "member9", &password).await?;
    ensure!(member.principal.person.is_some());

    admin.visit("/admin/accounts/member9").await?;
    admin.click("[name=disabled]").await?;
    admin.click("[data-test=save]").await?;
    admin.see("[data-test=saved]").await?;
    ensure!(
        Tablet::sign_in(&server.url(), "member9", &password)
            .await
            .is_err()
    );
    // Nobody shuts out themselves.
    admin.visit("/admin/accounts/admin").await?;
    admin.click("[name=disabled]").await?;
    admin.click("[data-test=save]").await?;
    admin.says("[data-test=failure]", "不能停用自己").await?;
    admin.visit("/admin/audit").await?;
    admin.see("[data-test=act][data-deed=account-changed]").await?;
    admin
        .see("[data-test=act][data-deed=account-added]")
        .await
        .map(drop)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_is_written_without_a_line_and_goes_in_later() -> Result<()> {
    let mut server = Server::start().await?;
    let driver = Driver::start()?;
    let admin = driver.open("zh-CN", 1280, 860).await?;
    admin.sign_in(&server.url(), "admin", PASSWORD).await?;
    admin.see("[data-test=admin]").await?;
    admin.visit("/admin/lists").await?;
    admin.see("[data-test=list][data-kind=theme]").await?;
    server.kill();
    admin
        .click("[data-test=list][data-kind=theme] [data-test=new]")
        .await?;
    admin.keys("[name=name]", "夜间噪声").await?;
    admin.click("[data-test=done]").await?;
    admin.says("h1", "夜间噪声").await?;
    server.resume().await?;
    let mut host = Tablet::sign_in(&server.url(), "host1", PASSWORD).await?;
    lianxin_tests::until::until("the theme to arrive", async || {
        host.sync().await.ok()?;
        let themes = host.of_kind("theme");
        themes.iter().any(|theme| theme.title == "夜间噪声").then_some(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_office_removes_a_record_for_good_and_says_why() -> Result<()> {
    let server = Server::start().await?;
    let driver = Driver::start()?;
    let clerk = driver.open("zh-CN", 1280, 860).await?;
    clerk.sign_in(&server.url(), "clerk1", PASSWORD).await?;
    clerk.see("[data-test=row]").await?;
    clerk.visit("/office?kind=suggestion").await?;
    clerk.see("[data-test=row][data-kind=suggestion]").await?;
    let id = clerk.attribute("[data-test=row]", "data-id").await?;
    clerk.click("[data-test=row]").await?;
    clerk.click("[data-test=erase-record] summary").await?;
    clerk.keys("#erase-reason-record", "居民要求删除").await?;
    clerk.click("[data-test=erase-record] [data-test=erase]").await?;
    clerk.see(&format!(".rows:not(:has([data-id='{id}']))")).await?;
    clerk.visit(&format!("/office/records/{id}")).await?;
    clerk.says("[data-test=failure]", "没有这条记录").await?;
    let admin = driver.open("zh-CN", 1280, 860).await?;
    admin.sign_in(&server.url(), "admin", PASSWORD).await?;
    admin.see("[data-test=admin]").await?;
    admin.visit("/admin/audit").await?;
    admin
        .says("[data-test=act][data-deed=erased]", "居民要求删除")
        .await
}

/// A workbook of members: the headings, and a row each.
fn members(path: &Path, rows: &[(&str, &str)]) -> Result<()> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (row, (name, leader)) in std::iter::once(&("姓名", "党组成员")).chain(rows).enumerate() {
        let row = u32::try_from(row)?;
        sheet.write_string(row, 0, *name)?;
        sheet.write_string(row, 1, *leader)?;
    }
    Ok(book.save(path)?)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_workbook_is_looked_at_first_and_brought_in_when_each_row_will_do() -> Result<()> {
    let server = Server::start().await?;
    let driver = Driver::start()?;
    let folder = tempfile::tempdir()?;
    let (bad, good) = (folder.path().join("bad.xlsx"), folder.path().join("good.xlsx"));
    members(&bad, &[("委员十", ""), ("委员十一", "也许")])?;
    members(&good, &[("委员十", ""), ("委员十一", "是")])?;
    let admin = driver.open("zh-CN", 1280, 860).await?;
    admin.sign_in(&server.url(), "admin", PASSWORD).await?;
    admin.see("[data-test=admin]").await?;
    admin.visit("/admin/import").await?;
    admin.keys("#import-file", &bad.display().to_string()).await?;
    admin.says("[data-test=import-problems] tbody tr", "3").await?;
    admin
        .says("[data-test=import-problems] tbody tr", "党组成员")
        .await?;
    ensure!(
        !admin.shows("[data-test=import-bring]").await?,
        "a bad row was offered"
    );
    admin.keys("#import-file", &good.display().to_string()).await?;
    admin.says("[data-test=import-seen]", "新增 2 条").await?;
    admin.click("[data-test=import-bring]").await?;
    admin.says("[data-test=import-done]", "新增 2 条").await?;
    // Once more: everything is there.
    admin.keys("#import-file", &good.display().to_string()).await?;
    admin.says("[data-test=import-seen]", "已有 2 条").await
}
