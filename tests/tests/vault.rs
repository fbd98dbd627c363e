//! A tablet that five people share and that may be stolen.

use std::time::Instant;

use anyhow::{Context, Result, ensure};
use lianxin_shared::document::{Actor, Author, Document};
use lianxin_shared::id::{DocId, Moment};
use lianxin_shared::records::{Envelope, Event, Value, Values};
use lianxin_shared::sync::{Held, Summary};
use lianxin_tests::browser::{Browser, Driver, PIN};
use lianxin_tests::desk::Desk;
use lianxin_tests::server::Server;
use lianxin_tests::steps::{all_sent, leaves_form, lock, no_line};
use lianxin_tests::until::until;
use lianxin_tests::vault;
use serde_json::json;

const PASSWORD: &str = "lianxin-demo";
const OTHER_PIN: &str = "a lamp by the river";

#[tokio::test(flavor = "multi_thread")]
async fn people_share_a_tablet_and_see_nothing_of_each_other() -> Result<()> {
    let mut server = Server::start().await?;
    let driver = Driver::start()?;
    let tablet = driver.open("zh-CN", 800, 1280).await?;

    // What everybody would try first is not taken, nor two that differ.
    tablet.go(&server.url()).await?;
    tablet.give_credentials("host1", PASSWORD).await?;
    for (pin, again, fault) in [
        ("123456", "123456", "pin-plain"),
        ("4829", "4829", "pin-short"),
        (PIN, "482914", "pin-differs"),
    ] {
        tablet.see("#pin-new").await?.clear().await?;
        tablet.see("#pin-again").await?.clear().await?;
        tablet.keys("#pin-new", pin).await?;
        tablet.keys("#pin-again", again).await?;
        tablet.click("#pin-done").await?;
        tablet.see(&format!("[data-fault={fault}]")).await?;
    }
    tablet.see("#pin-new").await?.clear().await?;
    tablet.see("#pin-again").await?.clear().await?;
    tablet.choose_pin(PIN).await?;
    all_sent(&tablet).await?;

    // Left in mid-sentence, it locks itself; whoever unlocks writes on where the caret was.
    tablet.click("[data-test=new-suggestion]").await?;
    tablet.keys("textarea[name=body]", "南门的路灯").await?;
    let control = focused(&tablet).await?;
    later(&tablet, 9).await?;
    tablet.keys("textarea[name=body]", "坏").await?;
    later(&tablet, 18).await?;
    ensure!(!tablet.shows("#unlock").await?, "a touch does not count");
    later(&tablet, 29).await?;
    tablet.see("#unlock").await?;
    let page = tablet.client.source().await?;
    ensure!(
        !page.contains("南门的路灯"),
        "the locked page still holds the words"
    );
    tablet.unlock(PIN).await?;
    until("the form to be back", async || {
        let text = tablet.value("textarea[name=body]").await.ok()?;
        (text == "南门的路灯坏").then_some(())
    })
    .await?;
    until("the caret to be back", async || {
        focused(&tablet).await.ok().filter(|id| *id == control)
    })
    .await?;

    // A reload asks for nothing; a window more neither; and locking one locks both.
    tablet.client.refresh().await?;
    tablet.see("textarea[name=body]").await?;
    let first = tablet.client.window().await?;
    let second = tablet.client.new_window(false).await?.handle;
    tablet.client.switch_to_window(second.clone()).await?;
    tablet.go(&server.url()).await?;
    tablet.click(".bar-who").await?;
    tablet.click("[data-test=lock]").await?;
    tablet.see("#unlock").await?;
    tablet.client.close_window().await?;
    tablet.client.switch_to_window(first).await?;
    tablet.see("#unlock").await?;
    tablet.client.refresh().await?;
    tablet.see("#unlock").await?;

    // Wrong ones wait, and a reload does not help.
    for wrong in ["482914", "000000", "482915"] {
        tablet.unlock(wrong).await?;
        tablet.see("[data-test=pin-refused]").await?;
        tablet.see("#pin:placeholder-shown, #pin").await?;
    }
    tablet.see("[data-what=wait]").await?;
    tablet.client.refresh().await?;
    tablet.see("[data-what=wait]").await?;
    tablet.see("#unlock:not(:disabled)").await?;

    // Somebody else signs in once, and finds nothing of the first.
    tablet.click("[data-test=somebody-else]").await?;
    tablet.give_credentials("host2", PASSWORD).await?;
    tablet.choose_pin(OTHER_PIN).await?;
    all_sent(&tablet).await?;
    tablet.visit("/drafts").await?;
    tablet.see("main h1").await?;
    ensure!(
        !tablet.shows("[data-test=draft]").await?,
        "a draft of somebody else's"
    );
    tablet.visit("/").await?;
    tablet.see("[data-test=new-suggestion]").await?;

    // Without a line they switch, each by the own PIN; whose work waits is to be seen, and nothing more.
    server.kill();
    no_line(&tablet).await?;
    lock(&tablet).await?;
    tablet.click("[data-test=person][data-user=host1]").await?;
    tablet.unlock(OTHER_PIN).await?;
    tablet.see("[data-what=wrong]").await?;
    tablet.keys("#pin", PIN).await?;
    let begun = Instant::now();
    tablet.click("#unlock").await?;
    tablet.see("[data-test=work-state]").await?;
    println!("unlocked in {:?}", begun.elapsed());
    let pass =
        "lianxinDerive('482913', new Uint8Array(16), 65536, 1).then(answer => arguments[0](answer.took));";
    let took = tablet.run(pass, Vec::new()).await?;
    println!("one pass of Argon2id over 64 MiB took {took} ms");
    tablet.visit("/drafts").await?;
    tablet.click("[data-test=draft]").await?;
    tablet.keys("textarea[name=body]", "了。").await?;
    tablet.click("label.chip[data-value]").await?;
    tablet.click("[data-test=done]").await?;
    leaves_form(&tablet).await?;
    tablet.see("[data-test=work-state][data-unsent='1']").await?;
    lock(&tablet).await?;
    tablet
        .see("[data-test=person][data-user=host1][data-waiting='1']")
        .await?;
    tablet
        .see("[data-test=person][data-user=host2][data-waiting='0']")
        .await?;

    // A forgotten PIN: who signs in chooses another, and finds everything.
    server.resume().await?;
    tablet.click("[data-test=person][data-user=host1]").await?;
    tablet.click("[data-test=forgotten]").await?;
    tablet.see("#password").await?;
    tablet.keys("#password", PASSWORD).await?;
    tablet.click("#sign-in").await?;
    tablet.choose_pin("591736").await?;
    all_sent(&tablet).await?;
    tablet.visit("/records").await?;
    tablet.says("main", "南门的路灯坏了").await?;
    lock(&tablet).await?;
    tablet.unlock(PIN).await?;
    tablet.see("[data-what=wrong]").await?;
    tablet.unlock("591736").await?;
    tablet.see("[data-test=work-state]").await.map(drop)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thief_finds_no_words_on_the_disk() -> Result<()> {
    const BODY: &str = "东河桥头的栏杆松了";
    const NAME: &str = "居民丁丑";
    const DRAFT: &str = "西坡的井盖不见了";
    const SOUGHT: &str = "栏杆";
    let mut server = Server::start().await?;
    let driver = Driver::start()?;
    let tablet = driver.open("zh-CN", 800, 1280).await?;
    tablet.sign_in(&server.url(), "host1", PASSWORD).await?;
    all_sent(&tablet).await?;
    server.kill();
    tablet.click("[data-test=new-suggestion]").await?;
    tablet.keys("textarea[name=body]", BODY).await?;
    tablet.click("label.chip[data-value]").await?;
    tablet.click("[data-test=contact]").await?;
    tablet.keys("[name=name]", NAME).await?;
    tablet.keys("[name=phone]", "00012345000").await?;
    tablet.click("[data-test=done]").await?;
    tablet.see("[data-test=receipt-code]").await?;
    tablet.visit("/records").await?;
    tablet.says("main", BODY).await?;
    tablet.visit("/new/suggestion").await?;
    tablet.keys("textarea[name=body]", DRAFT).await?;
    until("the draft to be kept", async || {
        vault::has_draft(&tablet, "host1", &[DRAFT])
            .await
            .ok()
            .filter(|is_kept| *is_kept)
    })
    .await?;
    let token = vault::token(&tablet, "host1").await?;
    let open = [BODY, NAME, DRAFT, SOUGHT, "00012345000", PIN, PASSWORD, &token];
    // What lies open is found, so what is sealed would be too if it were not.
    let shown = tablet.on_disk(&["host1"]).await?;
    ensure!(shown.iter().any(|file| file.contains("IndexedDB")), "{shown:?}");
    let found = tablet.on_disk(&open).await?;
    ensure!(found.is_empty(), "with the browser open: {found:?}");
    let found = tablet.on_disk_when_closed(&open).await?;
    ensure!(found.is_empty(), "with the browser closed: {found:?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_vault_of_an_older_version_is_sealed_and_nothing_is_lost() -> Result<()> {
    let mut server = Server::start().await?;
    let driver = Driver::start()?;
    let tablet = driver.open("zh-CN", 800, 1280).await?;
    // A page of the same origin that starts no app.
    tablet.go(&format!("{}/public", server.url())).await?;
    let desk = Desk::sign_in(&server.url(), "host1", PASSWORD, AT).await?;
    let me = Author {
        user: "host1".parse()?,
        actor: Actor([7; 16]),
        at: AT,
    };
    let values = [("body".to_owned(), Value::from("旧版里的栏杆"))].into();
    let station = desk.principal.stations().next();
    let envelope = Envelope {
        schema: 1,
        kind: "suggestion".to_owned(),
        id: OLD,
        station,
        owner: me.user.clone(),
        created_at: AT,
        attachments: Vec::new(),
    };
    let submit = [Event::new("submit", &me.user, AT)];
    let held = Held::started(&mut Document::create(&envelope, &values, &submit, &me)?);
    let draft = OldDraft {
        id: OLD_DRAFT,
        kind: "suggestion".to_owned(),
        station,
        values: [("body".to_owned(), Value::from("旧版里没写完"))].into(),
        companion: Values::new(),
        base: None,
        touched: AT,
    };
    let session = json!({ "token": desk.token(), "principal": desk.principal, "language": "zh" });
    let cbor = |value: &str| minicbor::to_vec(value);
    let stores = json!({
        "lianxin": { "meta": {
            "device": minicbor::to_vec(lianxin_shared::id::DeviceId([3; 16]))?,
            "user": cbor("host1")?,
        } },
        "lianxin-host1": {
            "documents": { OLD.to_string(): held.to_bytes() },
            "summaries": { OLD.to_string(): minicbor::to_vec(Summary::of(OLD, &held)?)? },
            "unsent": { OLD.to_string(): minicbor::to_vec(())? },
            "drafts": { OLD_DRAFT.to_string(): minicbor::to_vec(&draft)? },
            "meta": { "session": cbor(&session.to_string())? },
        },
    });
    ensure!(tablet.run(LAY_DOWN, vec![stores]).await? == true);

    // Without a line: whoever was signed in chooses a PIN, and finds everything.
    let app = server.url();
    tablet.go(&app).await?;
    tablet.see("#pin-new").await?;
    server.kill();
    tablet.choose_pin(PIN).await?;
    tablet.see("[data-test=work-state][data-unsent='1']").await?;
    until("the old vault to go", async || {
        let script = "indexedDB.databases().then(all => arguments[0](all.map(each => each.name)));";
        let names = tablet.run(script, Vec::new()).await.ok()?;
        let names: Vec<String> = serde_json::from_value(names).ok()?;
        (!names.iter().any(|name| name.contains("host1"))).then_some(())
    })
    .await?;
    tablet.visit("/drafts").await?;
    tablet.says("[data-test=draft]", "旧版里没写完").await?;
    tablet.visit(&format!("/records/{OLD}")).await?;
    tablet.says("main", "旧版里的栏杆").await?;
    Ok(())
}

/// A draft as versions before sealing kept it.
#[derive(minicbor::Encode)]
struct OldDraft {
    #[n(0)]
    id: DocId,
    #[n(1)]
    kind: String,
    #[n(2)]
    station: Option<DocId>,
    #[n(3)]
    values: Values,
    #[n(4)]
    companion: Values,
    #[n(5)]
    base: Option<()>,
    #[n(6)]
    touched: Moment,
}

const OLD: DocId = DocId([0x11; 16]);
const OLD_DRAFT: DocId = DocId([0x22; 16]);
const AT: Moment = Moment(1_790_000_000_000);

/// Makes databases as versions before sealing did.
const LAY_DOWN: &str = "const [databases, done] = arguments;
    const names = ['documents', 'summaries', 'drafts', 'office-drafts', 'unsent', 'meta'];
    const lay = (name, stores) => new Promise((ok, no) => {
        const open = indexedDB.open(name, 2);
        open.onupgradeneeded = () => names.forEach(store => open.result.createObjectStore(store));
        open.onerror = () => no(open.error);
        open.onsuccess = () => {
            const write = open.result.transaction(names, 'readwrite');
            for (const [store, values] of Object.entries(stores))
                for (const [key, bytes] of Object.entries(values))
                    write.objectStore(store).put(new Uint8Array(bytes), key);
            write.oncomplete = () => { open.result.close(); ok(); };
        };
    });
    Promise.all(Object.entries(databases).map(([name, stores]) => lay(name, stores)))
        .then(() => done(true), error => done(String(error)));";

/// Makes the page's clock so many minutes fast, and waits until the app has looked at it.
async fn later(tablet: &Browser, minutes: u32) -> Result<()> {
    let script = "const [ms, done] = arguments;
        window.realNow ??= Date.now.bind(Date);
        let looks = 0;
        Date.now = () => { looks += 1; return realNow() + ms; };
        const wait = setInterval(() => { if (looks > 1) { clearInterval(wait); done(true); } }, 50);";
    tablet.run(script, vec![json!(minutes * 60_000)]).await.map(drop)
}

async fn focused(tablet: &Browser) -> Result<String> {
    let id = tablet
        .run("arguments[0](document.activeElement.id);", Vec::new())
        .await?;
    id.as_str().map(str::to_owned).context("no id")
}
