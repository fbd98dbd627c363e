//! Takes the pictures of the book and the README: the real pages of a server with demonstration data, in a real browser, in both
//! languages. With `--all`, every page at each width as well, for looking at, into `target/screenshots`.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use lianxin_tests::browser::{Browser, Driver, PIN};
use lianxin_tests::server::Server;
use lianxin_tests::steps::{act, all_sent, leaves_form};
use lianxin_tests::until::until;
use lianxin_tests::vault;

const PASSWORD: &str = "lianxin-demo";
const WIDTHS: [(u32, u32); 3] = [(360, 740), (800, 1100), (1280, 860)];

#[tokio::main]
async fn main() -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut server = Server::start().await?;
    let driver = Driver::start()?;

    if std::env::args().any(|argument| argument == "--all") {
        let all = root.join("target/screenshots");
        std::fs::create_dir_all(&all)?;
        for (width, height) in WIDTHS {
            work_of_a_leader(&driver, &server, &all, width, height).await?;
            every_page(&driver, &server, &all, width, height).await?;
            administration(&driver, &server, &all, width, height).await?;
        }
    }
    for spoken in SPOKEN {
        let to = root.join("docs/pictures").join(spoken.folder);
        std::fs::create_dir_all(&to)?;
        book_of_a_host(&driver, &mut server, &spoken, &to).await?;
        book_of_the_office(&driver, &server, &spoken, &to).await?;
    }
    Ok(())
}

/// What the book's pictures are in.
struct Spoken {
    folder: &'static str,
    lang: &'static str,
    /// What a resident says.
    said: &'static str,
}

const SPOKEN: [Spoken; 2] = [
    Spoken {
        folder: "zh",
        lang: "zh-CN",
        said: "三号楼的电梯又停了，住在楼上的老人下不来，希望物业说清楚哪天修好。",
    },
    Spoken {
        folder: "en",
        lang: "en-GB",
        said: "The lift of building 3 stands still again, and old people cannot come down. When will it be mended?",
    },
];

/// A host's pages, on a phone: a day, a suggestion taken down with no network, its receipt, and whether all of it is safe.
async fn book_of_a_host(driver: &Driver, server: &mut Server, spoken: &Spoken, to: &Path) -> Result<()> {
    let tablet = driver.open(spoken.lang, 412, 760).await?;
    tablet.go(&server.url()).await?;
    speak(&tablet, spoken).await?;
    tablet.give_credentials("host1", PASSWORD).await?;
    tablet.see("#pin-new").await?;
    take(&tablet, to.join("pin.png")).await?;
    tablet.choose_pin(PIN).await?;
    all_sent(&tablet).await?;
    tablet.visit("/more").await?;
    speak(&tablet, spoken).await?;
    tablet.visit("/").await?;
    all_sent(&tablet).await?;
    until("the server to know the vault", async || {
        vault::is_introduced(&tablet, "host1").await.ok()?.then_some(())
    })
    .await?;
    take(&tablet, to.join("today.png")).await?;
    server.kill();
    tablet.client.refresh().await?;
    tablet.see("[data-test=work-state][data-line=off]").await?;
    tablet.click("[data-test=new-suggestion]").await?;
    tablet.keys("textarea[name=body]", spoken.said).await?;
    choose_first_theme(&tablet).await?;
    take(&tablet, to.join("suggestion.png")).await?;
    tablet.click("[data-test=done]").await?;
    tablet.see("[data-test=receipt-code]").await?;
    take(&tablet, to.join("receipt.png")).await?;
    tablet.visit("/records").await?;
    tablet.see("[data-test=row]").await?;
    take(&tablet, to.join("offline.png")).await?;
    tablet.visit("/safe").await?;
    tablet.see("[data-test=safe]").await?;
    take(&tablet, to.join("safe.png")).await?;
    tablet.visit("/handover").await?;
    tablet.see("[data-test=to-hand-over]").await?;
    take(&tablet, to.join("handover.png")).await?;
    server.resume().await?;
    tablet.visit("/year").await?;
    all_sent(&tablet).await?;
    take(&tablet, to.join("year.png")).await?;
    tablet.visit("/more").await?;
    tablet.click("[data-test=lock]").await?;
    tablet.see("#pin").await?;
    take(&tablet, to.join("locked.png")).await
}

/// The office's pages and the administrator's, on a desk's screen.
async fn book_of_the_office(driver: &Driver, server: &Server, spoken: &Spoken, to: &Path) -> Result<()> {
    let (width, height) = (1040, 820);
    let office = driver.open(spoken.lang, width, height).await?;
    office.sign_in(&server.url(), "clerk1", PASSWORD).await?;
    office.see("[data-test=row]").await?;
    speak(&office, spoken).await?;
    take(&office, to.join("inbox.png")).await?;
    office.visit("/office?state=received&kind=suggestion").await?;
    office.click("[data-test=row]").await?;
    office.see("[data-test=acts]").await?;
    office.client.set_window_size(width, height + 100).await?;
    take(&office, to.join("handling.png")).await?;
    let admin = driver.open(spoken.lang, width, height).await?;
    admin.sign_in(&server.url(), "admin", PASSWORD).await?;
    admin.see("[data-test=row]").await?;
    speak(&admin, spoken).await?;
    admin.visit("/admin/accounts/host1").await?;
    admin.see("[data-test=belongs]").await?;
    take(&admin, to.join("account.png")).await
}

/// Every page of a tablet and of the office at one width, in Chinese.
async fn every_page(driver: &Driver, server: &Server, to: &Path, width: u32, height: u32) -> Result<()> {
    let tablet = driver.open("zh-CN", width, height).await?;
    tablet.go(&server.url()).await?;
    tablet.see("#user").await?;
    take(&tablet, to.join(format!("{width}-sign-in.png"))).await?;
    tablet.sign_in(&server.url(), "host1", PASSWORD).await?;
    tablet
        .see("[data-test=work-state][data-unsent='0'][data-line=on]")
        .await?;
    for page in [
        "",
        "records",
        "new",
        "new/suggestion",
        "new/activity",
        "people",
        "year",
        "more",
        "drafts",
        "safe",
    ] {
        tablet.visit(&format!("/{page}")).await?;
        tablet.see("main").await?;
        let name = if page.is_empty() {
            "today".to_owned()
        } else {
            page.replace('/', "-")
        };
        take(&tablet, to.join(format!("{width}-{name}.png"))).await?;
    }
    tablet.visit("/new/activity").await?;
    tablet.keys("[name=participants]", "居民乙\u{E007}居民").await?;
    tablet.click("[data-test=done]").await?;
    tablet.see(".issue").await?;
    take(&tablet, to.join(format!("{width}-new-activity-issues.png"))).await?;
    tablet.visit("/records").await?;
    let first = tablet.attribute("[data-test=row]", "data-id").await?;
    tablet.visit(&format!("/records/{first}")).await?;
    tablet.see("[data-test=standing]").await?;
    take(&tablet, to.join(format!("{width}-record.png"))).await?;
    tablet.visit(&format!("/receipt/{first}")).await?;
    tablet.see("[data-test=receipt-code]").await?;
    take(&tablet, to.join(format!("{width}-receipt.png"))).await?;

    let office = driver.open("zh-CN", width, height).await?;
    office.sign_in(&server.url(), "clerk1", PASSWORD).await?;
    office.see("[data-test=row]").await?;
    take(&office, to.join(format!("{width}-office.png"))).await?;
    office.visit("/office?q=电梯").await?;
    office.see("[data-test=row] mark").await?;
    office.click("[data-test=tick]").await?;
    office.see("[data-test=bulk]").await?;
    take(&office, to.join(format!("{width}-office-found.png"))).await?;
    office.click("[data-test=tick]").await?;
    for (page, sign) in [
        ("watch", "[data-test=watched]"),
        ("year", "[data-test=year-line]"),
    ] {
        office.visit(&format!("/office/{page}")).await?;
        office.see(sign).await?;
        take(&office, to.join(format!("{width}-office-{page}.png"))).await?;
    }
    office.visit("/office?state=received&kind=suggestion").await?;
    office.click("[data-test=row]").await?;
    office.see("[data-test=acts]").await?;
    take(&office, to.join(format!("{width}-office-record.png"))).await?;
    office.click("button[data-act=return]").await?;
    office.keys("#act-words", "请补上楼号。").await?;
    office.click("[data-test=edit]").await?;
    office.see("[data-test=edit-form]").await?;
    take(&office, to.join(format!("{width}-office-writing.png"))).await
}

/// The pages by which a leading member works, at one width: what can be started, a form with all kinds of fields, a step that
/// asks for a field first, a record between others, the year.
async fn work_of_a_leader(
    driver: &Driver,
    server: &Server,
    to: &Path,
    width: u32,
    height: u32,
) -> Result<()> {
    let tablet = driver.open("zh-CN", width, height).await?;
    tablet.sign_in(&server.url(), "leader1", PASSWORD).await?;
    all_sent(&tablet).await?;
    let shoot = async |name: &str| take(&tablet, to.join(format!("{width}-leader-{name}.png"))).await;
    for page in ["", "new", "new/research", "people?kind=person", "records"] {
        tablet.visit(&format!("/{page}")).await?;
        tablet.see("main h1").await?;
        let name = page.split('?').next().unwrap_or_default().replace('/', "-");
        shoot(if name.is_empty() { "today" } else { &name }).await?;
    }
    tablet.visit("/new/visit").await?;
    tablet.keys("[name=subject]", "走访委员甲").await?;
    tablet.keys("[name=visited]", "委员甲\u{E007}").await?;
    tablet.click("label.chip[data-value=work]").await?;
    tablet.click("label.chip[data-value=life]").await?;
    shoot("new-visit").await?;
    tablet.click("[data-test=done]").await?;
    leaves_form(&tablet).await?;
    tablet.see("[data-wanting=hold]").await?;
    shoot("visit-planned").await?;
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
    shoot("new-help_case").await?;
    tablet.click("[data-test=done]").await?;
    leaves_form(&tablet).await?;
    tablet.click("button[data-act=solve]").await?;
    shoot("help_case").await?;
    tablet.click("[data-test=linked]").await?;
    tablet.see("[data-test=chain-came-of]").await?;
    shoot("visit").await?;
    all_sent(&tablet).await?;
    tablet.visit("/year").await?;
    tablet.see("[data-figure]").await?;
    shoot("year").await?;

    let member = driver.open("zh-CN", width, height).await?;
    member.sign_in(&server.url(), "member1", PASSWORD).await?;
    all_sent(&member).await?;
    member.visit("/new/proposal").await?;
    member.click("[data-field=suggestions] button.work").await?;
    let look = "document.querySelector('[data-field=reports]').scrollIntoView(); arguments[0](true);";
    member.run(look, Vec::new()).await?;
    take(&member, to.join(format!("{width}-new-proposal.png"))).await
}

/// The pages of the administration at one width.
async fn administration(driver: &Driver, server: &Server, to: &Path, width: u32, height: u32) -> Result<()> {
    let admin = driver.open("zh-CN", width, height).await?;
    admin.sign_in(&server.url(), "admin", PASSWORD).await?;
    admin.click("[data-test=admin]").await?;
    admin.see("[data-test=account]").await?;
    take(&admin, to.join(format!("{width}-admin.png"))).await?;
    admin.visit("/admin/accounts/host1").await?;
    admin.see("[data-test=belongs]").await?;
    take(&admin, to.join(format!("{width}-admin-account.png"))).await?;
    admin.visit("/admin/new").await?;
    admin.see("[data-test=account-form]").await?;
    take(&admin, to.join(format!("{width}-admin-new.png"))).await?;
    admin.visit("/admin/lists").await?;
    admin.see("[data-test=list]").await?;
    take(&admin, to.join(format!("{width}-admin-lists.png"))).await?;
    admin.visit("/admin/import").await?;
    admin.see("#import-file").await?;
    take(&admin, to.join(format!("{width}-admin-import.png"))).await?;
    admin.visit("/new/station").await?;
    admin.see("[data-test=done]").await?;
    take(&admin, to.join(format!("{width}-admin-new-station.png"))).await?;
    let clerk = driver.open("zh-CN", width, height).await?;
    clerk.sign_in(&server.url(), "clerk1", PASSWORD).await?;
    clerk.click("[data-test=row][data-kind=suggestion]").await?;
    clerk.click("[data-test=erase-record] summary").await?;
    clerk.keys("#erase-reason-record", "居民要求删除").await?;
    take(&clerk, to.join(format!("{width}-erase.png"))).await?;
    clerk.click("[data-test=erase-record] [data-test=erase]").await?;
    clerk.goes("[data-test=erase-record]").await?;
    admin.visit("/admin/audit").await?;
    admin.see("[data-test=act]").await?;
    take(&admin, to.join(format!("{width}-admin-audit.png"))).await
}

/// Has the app speak the language of the pictures from now on.
async fn speak(browser: &Browser, spoken: &Spoken) -> Result<()> {
    let lang = spoken.folder;
    browser.see("[data-test=language]").await?;
    let script = "const [lang, done] = arguments;
        const button = document.querySelector('[data-test=language]');
        if (button.lang === lang) button.click();
        done(true);";
    browser.run(script, vec![lang.into()]).await?;
    // The button names the other language.
    browser
        .see(&format!("[data-test=language]:not([lang={lang}])"))
        .await
        .map(drop)
}

async fn choose_first_theme(tablet: &Browser) -> Result<()> {
    tablet.see("label.chip[data-value]").await?;
    let script = "document.querySelector('label.chip[data-value]').click(); arguments[0](true);";
    tablet.run(script, Vec::new()).await.map(drop)
}

async fn take(browser: &Browser, to: PathBuf) -> Result<()> {
    // Fonts first: a picture with boxes for letters would show nothing.
    let script = "const done = arguments[0]; document.fonts.ready.then(() => requestAnimationFrame(() => done(true)));";
    browser.run(script, Vec::new()).await?;
    let picture = browser.client.screenshot().await?;
    std::fs::write(&to, picture).with_context(|| to.display().to_string())
}
