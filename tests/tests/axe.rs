//! Every page can be used by who does not see, or does not see well, as far as a machine can tell.

use std::collections::{BTreeSet, VecDeque};

use anyhow::{Context, Result, ensure};
use lianxin_tests::axe::Axe;
use lianxin_tests::browser::{Browser, Driver, PIN};
use lianxin_tests::server::Server;
use lianxin_tests::until::until;
use serde_json::{Value, json};

const PASSWORD: &str = "lianxin-demo";
const LANGUAGES: [&str; 2] = ["zh-CN", "en-US"];

/// The pages of those who sign in, with what is there once they are drawn. `ID` is the first row of the page before.
const PAGES: [(&str, &[(&str, &str)]); 4] = [
    (
        "host1",
        &[
            ("/", "[data-test=new-suggestion]"),
            ("/new", "main h1"),
            ("/new/suggestion", "textarea[name=body]"),
            ("/new/activity", "[name=subject]"),
            ("/drafts", "main h1"),
            ("/year", "main h1"),
            ("/people", "main h1"),
            ("/more", "main h1"),
            ("/welcome", "[data-test=welcome]"),
            ("/safe", "main h1"),
            ("/handover", "[data-test=nothing-to-hand-over]"),
            ("/carry", "#parcel"),
            ("/records?kind=suggestion", "[data-test=row]"),
            ("/records/ID", "[data-test=record-title], main h1"),
            ("/receipt/ID", "[data-test=receipt-code]"),
        ],
    ),
    (
        "member1",
        &[
            ("/", "main h1"),
            ("/new/proposal", "[name=subject]"),
            ("/new/visit", "[name=subject]"),
            ("/year", "main h1"),
        ],
    ),
    (
        "clerk1",
        &[
            ("/office", "[data-test=row]"),
            ("/office?state=received&kind=suggestion", "[data-test=row]"),
            ("/office/records/ID", "[data-test=record-title]"),
            ("/office/watch", "main h1"),
            ("/office/year", "main h1"),
        ],
    ),
    (
        "admin",
        &[
            ("/admin", "main h1"),
            ("/admin/new", "main h1"),
            ("/admin/accounts/host1", "main h1"),
            ("/admin/lists", "main h1"),
            ("/admin/audit", "main h1"),
        ],
    ),
];

#[tokio::test(flavor = "multi_thread")]
async fn the_pages_of_those_who_sign_in() -> Result<()> {
    let (server, driver, axe) = (Server::start().await?, Driver::start()?, Axe::load()?);
    let mut faults = Vec::new();
    for language in LANGUAGES {
        for (user, pages) in PAGES {
            speak(&server.url(), user, language).await?;
            // So high that neither bar lies over anything.
            let browser = driver.open(language, 1100, 3000).await?;
            browser.go(&server.url()).await?;
            browser.see("#sign-in").await?;
            if language != LANGUAGES[0] {
                // Before anybody has signed in it speaks the district's language.
                browser.click("[data-test=language]").await?;
            }
            note(&mut faults, &axe, &browser, language, "/sign-in").await?;
            browser.give_credentials(user, PASSWORD).await?;
            browser.see("#pin-new").await?;
            note(&mut faults, &axe, &browser, language, "choosing a PIN").await?;
            browser.choose_pin(PIN).await?;
            browser.see("[data-test=work-state], [data-test=row]").await?;
            let mut id = String::new();
            for (path, drawn) in pages {
                let path = path.replace("ID", &id);
                browser.visit(&path).await?;
                browser.see(drawn).await?;
                if *drawn == "[data-test=row]" {
                    id = browser.attribute(drawn, "data-id").await?;
                }
                note(&mut faults, &axe, &browser, language, &path).await?;
            }
            browser.client.clone().close().await?;
        }
    }
    ensure!(faults.is_empty(), "{}", faults.join("\n"));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_that_anybody_may_see() -> Result<()> {
    let (server, driver, axe) = (Server::start().await?, Driver::start()?, Axe::load()?);
    let mut faults = Vec::new();
    for language in LANGUAGES {
        let browser = driver.open(language, 800, 1100).await?;
        let mut kinds = BTreeSet::new();
        let mut open: VecDeque<_> = ["/public", "/follow"].map(str::to_owned).into();
        while let Some(path) = open.pop_front() {
            if !kinds.insert(kind(&path)) {
                continue;
            }
            browser.go(&format!("{}{path}", server.url())).await?;
            browser.see("main").await?;
            note(&mut faults, &axe, &browser, language, &path).await?;
            open.extend(links(&browser).await?);
        }
        ensure!(kinds.len() > 8, "the pages do not lead to each other: {kinds:?}");
        browser.client.clone().close().await?;
    }
    ensure!(faults.is_empty(), "{}", faults.join("\n"));
    Ok(())
}

/// Has the user choose a language.
async fn speak(url: &str, user: &str, language: &str) -> Result<()> {
    let http = reqwest::Client::new();
    let body = json!({ "user": user, "password": PASSWORD });
    let request = http.post(format!("{url}/api/session")).json(&body);
    let session: Value = request.send().await?.json().await?;
    let token = session["token"].as_str().context("no token")?;
    let request = http.put(format!("{url}/api/session/language")).bearer_auth(token);
    let request = request.json(&json!({ "language": &language[..2] }));
    request.send().await?.error_for_status()?;
    Ok(())
}

async fn note(
    faults: &mut Vec<String>,
    axe: &Axe,
    browser: &Browser,
    language: &str,
    path: &str,
) -> Result<()> {
    until(&format!("{path} to speak {language}"), async || {
        let script = "arguments[0](document.documentElement.lang);";
        let lang = browser.run(script, Vec::new()).await.ok()?;
        let lang = lang.as_str().filter(|lang| !lang.is_empty())?;
        language.starts_with(lang).then_some(())
    })
    .await?;
    let found = axe.faults(browser).await?;
    faults.extend(
        found
            .into_iter()
            .map(|fault| format!("{language} {path} {fault}")),
    );
    Ok(())
}

/// A page's address without what tells it from others of its kind.
fn kind(path: &str) -> String {
    let path = path.split('?').next().unwrap_or_default();
    let named = path
        .split('/')
        .map(|part| match part.parse::<lianxin_shared::id::DocId>() {
            Ok(_) => "ID",
            Err(_) => part,
        });
    named.collect::<Vec<_>>().join("/")
}

/// The pages to which the open one leads, here and without an account.
async fn links(browser: &Browser) -> Result<Vec<String>> {
    let script = "const [done] = arguments;
        done([...document.querySelectorAll('a[href]')].filter(a => a.origin === location.origin)
            .map(a => a.pathname + a.search));";
    let found = browser.run(script, vec![]).await?;
    let found: Vec<String> = serde_json::from_value(found).context("no links")?;
    let is_page = |path: &String| {
        (path.starts_with("/public") || path.starts_with("/follow"))
            && !path.contains("/data/")
            && !path.ends_with(".atom")
    };
    Ok(found.into_iter().filter(is_page).collect())
}
