//! Every page, by whoever uses it.

use std::path::Path;

use anyhow::Result;
use lianxin_tests::browser::{Browser, Driver, PIN};
use lianxin_tests::server::Server;
use lianxin_tests::steps::{act, all_sent, leaves_form};

use crate::PASSWORD;
use crate::camera::{Album, Spoken, speak};

/// A language's tour.
pub(crate) struct Tour<'a> {
    pub(crate) driver: &'a Driver,
    pub(crate) server: &'a Server,
    pub(crate) spoken: &'a Spoken,
    pub(crate) album: Album,
}

impl<'a> Tour<'a> {
    /// Begins one whose pictures lie in a folder of the language's own.
    pub(crate) fn begin(
        driver: &'a Driver,
        server: &'a Server,
        spoken: &'a Spoken,
        to: &Path,
    ) -> Result<Self> {
        let folder = to.join(spoken.name);
        std::fs::create_dir_all(&folder)?;
        Ok(Self {
            driver,
            server,
            spoken,
            album: Album(folder),
        })
    }

    /// All of it.
    pub(crate) async fn walk(&self) -> Result<()> {
        self.resident().await?;
        self.host().await?;
        self.leader().await?;
        self.member().await?;
        self.office().await?;
        self.administrator().await
    }

    async fn open(&self) -> Result<Browser> {
        self.driver.open(self.spoken.lang, 1280, 860).await
    }

    async fn signed_in(&self, user: &str) -> Result<Browser> {
        let browser = self.open().await?;
        browser.go(&self.server.url()).await?;
        speak(&browser, self.spoken).await?;
        browser.give_credentials(user, PASSWORD).await?;
        browser.choose_pin(PIN).await?;
        self.settle(&browser).await?;
        Ok(browser)
    }

    /// Has an account that spoke another language elsewhere speak this one, and takes what was said of that other device as heard.
    async fn settle(&self, browser: &Browser) -> Result<()> {
        browser.see("main h1").await?;
        if browser.shows("[data-test=elsewhere-close]").await? {
            browser.click("[data-test=elsewhere-close]").await?;
        }
        if !browser.shows("[data-test=language]").await? {
            browser.visit("/more").await?;
        }
        speak(browser, self.spoken).await?;
        browser.visit("/").await?;
        browser.see("main h1").await.map(drop)
    }

    /// Whoever has no account.
    async fn resident(&self) -> Result<()> {
        let browser = self.open().await?;
        let lang = self.spoken.name;
        browser.go(&self.server.url()).await?;
        for (name, path) in [
            ("public", ""),
            ("public-ledger", "/ledger"),
            ("public-suggest", "/suggest"),
            ("public-answers", "/answers"),
        ] {
            let page = format!("/public{path}?lang={lang}");
            self.album.visit(&browser, (name, &page, "h1")).await?;
        }
        Ok(())
    }

    /// From the first sign-in to the lock.
    async fn host(&self) -> Result<()> {
        let album = &self.album;
        let tablet = self.open().await?;
        tablet.go(&self.server.url()).await?;
        speak(&tablet, self.spoken).await?;
        tablet.see("#user").await?;
        album.shoot(&tablet, "sign-in").await?;
        tablet.give_credentials("host1", PASSWORD).await?;
        tablet.see("#pin-new").await?;
        album.shoot(&tablet, "pin").await?;
        tablet.choose_pin(PIN).await?;
        self.settle(&tablet).await?;
        all_sent(&tablet).await?;
        for page in [
            ("today", "/", "[data-test=new-suggestion]"),
            ("records", "/records", "[data-test=row]"),
            ("new", "/new", "main h1"),
            ("new-suggestion", "/new/suggestion", "textarea[name=body]"),
            ("new-activity", "/new/activity", "[data-test=done]"),
            ("people", "/people", "main h1"),
            ("year", "/year", "[data-figure]"),
            ("more", "/more", "[data-test=lock]"),
            ("drafts", "/drafts", "main h1"),
            ("safe", "/safe", "[data-test=safe]"),
            ("handover", "/handover", "main h1"),
            ("carry", "/carry", "main h1"),
            ("access", "/access", "main h1"),
            ("welcome", "/welcome", "[data-test=welcome]"),
            ("not-found", "/nowhere", "main"),
        ] {
            album.visit(&tablet, page).await?;
        }
        tablet.visit("/new/activity").await?;
        tablet.keys("[name=participants]", "居民乙\u{E007}居民").await?;
        tablet.click("[data-test=done]").await?;
        tablet.see(".issue").await?;
        album.shoot(&tablet, "new-activity-issues").await?;
        tablet.visit("/records").await?;
        let first = tablet.attribute("[data-test=row]", "data-id").await?;
        for (name, path, sign) in [
            ("record", format!("/records/{first}"), "[data-test=standing]"),
            ("receipt", format!("/receipt/{first}"), "[data-test=receipt-code]"),
        ] {
            album.visit(&tablet, (name, &path, sign)).await?;
        }
        tablet.visit("/more").await?;
        tablet.click("[data-test=lock]").await?;
        tablet.see("#pin").await?;
        album.shoot(&tablet, "locked").await
    }

    /// What can be started, a form with all kinds of fields, a step that asks for a field first, a record between others, the year.
    async fn leader(&self) -> Result<()> {
        let album = &self.album;
        let tablet = self.signed_in("leader1").await?;
        all_sent(&tablet).await?;
        for page in [
            ("leader-today", "/", "main h1"),
            ("leader-new", "/new", "main h1"),
            ("leader-new-research", "/new/research", "[data-test=done]"),
            ("leader-people", "/people?kind=person", "main h1"),
            ("leader-records", "/records", "main h1"),
        ] {
            album.visit(&tablet, page).await?;
        }
        tablet.visit("/new/visit").await?;
        tablet.keys("[name=subject]", "走访委员甲").await?;
        tablet.keys("[name=visited]", "委员甲\u{E007}").await?;
        tablet.click("label.chip[data-value=work]").await?;
        tablet.click("label.chip[data-value=life]").await?;
        album.shoot(&tablet, "leader-new-visit").await?;
        tablet.click("[data-test=done]").await?;
        leaves_form(&tablet).await?;
        tablet.see("[data-wanting=hold]").await?;
        album.shoot(&tablet, "leader-visit-planned").await?;
        tablet.click("[data-fill=heard]").await?;
        tablet
            .keys("textarea[name=heard]", "老旧小区没有扶手，老人上下楼不便。")
            .await?;
        tablet.click("[data-test=done]").await?;
        leaves_form(&tablet).await?;
        act(&tablet, "hold", None).await?;
        tablet.click("[data-test=follow-help_case]").await?;
        tablet.keys("[name=subject]", "为老旧小区加装扶手").await?;
        tablet.click("label.chip[data-value=member]").await?;
        tablet.keys("textarea[name=problem]", "没有扶手。").await?;
        album.shoot(&tablet, "leader-new-help_case").await?;
        tablet.click("[data-test=done]").await?;
        leaves_form(&tablet).await?;
        tablet.click("button[data-act=solve]").await?;
        album.shoot(&tablet, "leader-help_case").await?;
        tablet.click("[data-test=linked]").await?;
        tablet.see("[data-test=chain-came-of]").await?;
        album.shoot(&tablet, "leader-visit").await?;
        all_sent(&tablet).await?;
        album
            .visit(&tablet, ("leader-year", "/year", "[data-figure]"))
            .await
    }

    /// A proposal that rests on suggestions.
    async fn member(&self) -> Result<()> {
        let member = self.signed_in("member1").await?;
        all_sent(&member).await?;
        member.visit("/new/proposal").await?;
        member.click("[data-field=suggestions] button.work").await?;
        let look = "document.querySelector('[data-field=reports]').scrollIntoView(); arguments[0](true);";
        member.run(look, Vec::new()).await?;
        self.album.shoot(&member, "member-new-proposal").await?;
        for (user, name) in [("handler1", "handler-today"), ("supervisor1", "supervisor-today")] {
            let browser = self.signed_in(user).await?;
            self.album.visit(&browser, (name, "/", "main h1")).await?;
        }
        Ok(())
    }

    /// The inbox, what is watched over, the year, a record and what is written about it.
    async fn office(&self) -> Result<()> {
        let album = &self.album;
        let office = self.signed_in("clerk1").await?;
        office.see("[data-test=row]").await?;
        album.shoot(&office, "office").await?;
        office.visit("/office?q=电梯").await?;
        office.see("[data-test=row] mark").await?;
        office.click("[data-test=tick]").await?;
        office.see("[data-test=bulk]").await?;
        album.shoot(&office, "office-found").await?;
        office.click("[data-test=tick]").await?;
        for page in [
            ("office-watch", "/office/watch", "[data-test=watched]"),
            ("office-year", "/office/year", "[data-test=year-line]"),
        ] {
            album.visit(&office, page).await?;
        }
        office.visit("/office?state=received&kind=suggestion").await?;
        office.click("[data-test=row]").await?;
        office.see("[data-test=acts]").await?;
        album.shoot(&office, "office-record").await?;
        office.click("button[data-act=return]").await?;
        office.keys("#act-words", "请补上楼号。").await?;
        office.click("[data-test=edit]").await?;
        office.see("[data-test=edit-form]").await?;
        album.shoot(&office, "office-writing").await?;
        office.visit("/office").await?;
        office.click("[data-test=row][data-kind=suggestion]").await?;
        office.click("[data-test=erase-record] summary").await?;
        office.keys("#erase-reason-record", "居民要求删除").await?;
        album.shoot(&office, "office-erase").await?;
        office.click("[data-test=erase-record] [data-test=erase]").await?;
        office.goes("[data-test=erase-record]").await
    }

    /// Accounts, lists, what was done, how the server is.
    async fn administrator(&self) -> Result<()> {
        let admin = self.signed_in("admin").await?;
        for page in [
            ("admin", "/admin", "[data-test=account]"),
            ("admin-account", "/admin/accounts/host1", "[data-test=belongs]"),
            ("admin-new", "/admin/new", "[data-test=account-form]"),
            ("admin-lists", "/admin/lists", "[data-test=list]"),
            ("admin-import", "/admin/import", "#import-file"),
            ("admin-new-station", "/new/station", "[data-test=done]"),
            ("admin-audit", "/admin/audit", "[data-test=act]"),
            ("admin-state", "/admin/state", "main h1"),
        ] {
            self.album.visit(&admin, page).await?;
        }
        Ok(())
    }
}
