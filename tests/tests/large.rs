//! Large text: in force before anybody signs in, kept by the device, and nothing is cut off on a narrow telephone.

use anyhow::{Context, Result, ensure};
use lianxin_tests::browser::{Browser, Driver, PIN};
use lianxin_tests::server::Server;
use lianxin_tests::steps::all_sent;

const PASSWORD: &str = "lianxin-demo";
const PAGES: [(&str, &str); 15] = [
    ("/", "[data-test=new-suggestion]"),
    ("/new", "main h1"),
    ("/new/suggestion", "textarea[name=body]"),
    ("/new/activity", "[name=subject]"),
    ("/new/visit", "[name=subject]"),
    ("/drafts", "main h1"),
    ("/year", "main h1"),
    ("/people", "main h1"),
    ("/more", "main h1"),
    ("/safe", "main h1"),
    ("/handover", "main h1"),
    ("/carry", "#parcel"),
    ("/records?kind=suggestion", "[data-test=row]"),
    ("/records/ID", "main h1"),
    ("/receipt/ID", "[data-test=receipt-code]"),
];

#[tokio::test(flavor = "multi_thread")]
async fn large_text_is_there_from_the_first_page_on_and_cuts_nothing_off() -> Result<()> {
    let server = Server::start().await?;
    let driver = Driver::start()?;
    let mut faults = Vec::new();
    let tablet = driver.open("zh-CN", 360, 740).await?;
    tablet.go(&server.url()).await?;
    let normal = letters(&tablet).await?;
    tablet.click("[data-test=text-size]").await?;
    let large = letters(&tablet).await?;
    ensure!(large > normal * 1.2, "{normal} px became {large} px");
    note(&mut faults, &tablet, "sign-in").await?;

    // Another start of the app begins with it.
    tablet.client.refresh().await?;
    tablet.see("#sign-in").await?;
    ensure!((letters(&tablet).await? - large).abs() < 0.1);
    tablet.give_credentials("host1", PASSWORD).await?;
    tablet.see("#pin-new").await?;
    note(&mut faults, &tablet, "choosing a PIN").await?;
    tablet.choose_pin(PIN).await?;
    all_sent(&tablet).await?;

    let mut id = String::new();
    for (path, drawn) in PAGES {
        let path = path.replace("ID", &id);
        tablet.visit(&path).await?;
        tablet.see(drawn).await?;
        if drawn == "[data-test=row]" {
            id = tablet.attribute(drawn, "data-id").await?;
        }
        note(&mut faults, &tablet, &path).await?;
    }

    ensure!(faults.is_empty(), "{}", faults.join("\n"));

    // It is the device's: whoever comes next has it too, and may take it back.
    tablet.visit("/more").await?;
    tablet.click("[data-test=lock]").await?;
    tablet.see("#pin").await?;
    tablet.unlock(PIN).await?;
    tablet.visit("/more").await?;
    tablet.click("main [data-test=text-size]").await?;
    tablet.client.refresh().await?;
    tablet.see("main [data-test=text-size]").await?;
    ensure!((letters(&tablet).await? - normal).abs() < 0.1);
    Ok(())
}

/// How large the letters are, in pixels, once the app is drawn.
async fn letters(tablet: &Browser) -> Result<f64> {
    tablet.see("[data-test=text-size]").await?;
    let script = "arguments[0](parseFloat(getComputedStyle(document.body).fontSize));";
    let size = tablet.run(script, Vec::new()).await?;
    size.as_f64().context("no size")
}

/// Notes what stands out of the page to the right, and what is too small for a finger.
async fn note(faults: &mut Vec<String>, tablet: &Browser, page: &str) -> Result<()> {
    let script = "const done = arguments[0];
        const wide = document.documentElement.clientWidth;
        const shown = [...document.querySelectorAll('body *')].filter(one => one.checkVisibility());
        const out = shown.filter(one => one.getBoundingClientRect().right > wide + 1 && !one.closest('svg'));
        const small = shown.filter(one => one.matches('button, .button, .place, summary, input, textarea')
            && !one.closest('.chip') && one.getBoundingClientRect().height < 44 && one.type !== 'checkbox');
        const name = one => one.outerHTML.slice(0, 120);
        done([...out.map(one => 'cut off: ' + name(one)), ...small.map(one => 'small: ' + name(one))]);";
    let found = tablet.run(script, Vec::new()).await?;
    let found: Vec<String> = serde_json::from_value(found).context("nothing was found out")?;
    faults.extend(found.into_iter().map(|fault| format!("{page} {fault}")));
    Ok(())
}
