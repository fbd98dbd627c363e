//! Speaking into a form, where the browser listens and has a line; a browser that does neither offers nothing.

use anyhow::Result;
use lianxin_tests::browser::{Browser, Driver};
use lianxin_tests::server::Server;
use lianxin_tests::until::until;
use serde_json::{Value, json};

const PASSWORD: &str = "lianxin-demo";
const BODY: &str = "textarea[name=body]";
const VOICE: &str = "[data-field=body] [data-test=voice]";

/// A browser's ear of our own, which hears what the test says.
const EAR: &str = "window.SpeechRecognition = class {
        start() { window.ear = this; }
        say(words) {
            const result = Object.assign([{ transcript: words }], { isFinal: true });
            this.onresult({ resultIndex: 0, results: [result] });
        }
        fail(error) { this.onerror({ error }); this.onend(); }
        stop() { this.say('已经三天了。'); this.onend(); }
        abort() { window.aborted = true; }
    };
    arguments[0](true);";

#[tokio::test(flavor = "multi_thread")]
async fn what_is_said_is_written_at_the_end_and_kept_like_what_is_typed() -> Result<()> {
    let server = Server::start().await?;
    let driver = Driver::start()?;
    let tablet = driver.open("zh-CN", 360, 740).await?;
    tablet.sign_in(&server.url(), "host1", PASSWORD).await?;
    tablet.click("[data-test=new-suggestion]").await?;
    tablet.run(EAR, Vec::new()).await?;
    tablet.says(".voice", "浏览器厂商").await?;

    tablet.keys(BODY, "东门的灯坏了，").await?;
    tablet.click(VOICE).await?;
    tablet.says(".voice", "正在听").await?;
    hear(&tablet, "ear.say(words)", "晚上很黑，").await?;
    holds(&tablet, "东门的灯坏了，晚上很黑，").await?;
    // Typed in between; the last sentence comes after the tap that ends it.
    tablet.keys(BODY, "孩子害怕，").await?;
    tablet.click(VOICE).await?;
    holds(&tablet, "东门的灯坏了，晚上很黑，孩子害怕，已经三天了。").await?;
    tablet.client.refresh().await?;
    holds(&tablet, "东门的灯坏了，晚上很黑，孩子害怕，已经三天了。").await?;

    // What goes wrong is said, and what was written stays.
    tablet.run(EAR, Vec::new()).await?;
    tablet.click(VOICE).await?;
    hear(&tablet, "ear.fail(words)", "not-allowed").await?;
    tablet.says(".voice", "用不了麦克风").await?;
    holds(&tablet, "东门的灯坏了，晚上很黑，孩子害怕，已经三天了。").await?;

    // Whoever leaves the page is listened to no more.
    tablet.click(VOICE).await?;
    tablet.says(".voice", "正在听").await?;
    tablet.click(".places a").await?;
    tablet.see("[data-test=new-suggestion]").await?;
    assert_eq!(hear(&tablet, "aborted", "").await?, json!(true));

    // With no line there is nobody to ask.
    tablet.click("[data-test=new-suggestion]").await?;
    tablet.see(VOICE).await?;
    line(&tablet, false).await?;
    tablet.goes(VOICE).await?;
    line(&tablet, true).await?;
    tablet.see(VOICE).await?;

    // A browser that does not listen offers nothing.
    let deaf = "delete window.SpeechRecognition; delete window.webkitSpeechRecognition; arguments[0](true);";
    tablet.run(deaf, Vec::new()).await?;
    tablet.click(".places a").await?;
    tablet.click("[data-test=new-suggestion]").await?;
    tablet.see(BODY).await?;
    assert!(!tablet.shows(VOICE).await?);
    Ok(())
}

/// Does something with the browser's ear.
async fn hear(tablet: &Browser, what: &str, words: &str) -> Result<Value> {
    let script = format!("const [words, done] = arguments; done({what} ?? null);");
    tablet.run(&script, vec![json!(words)]).await
}

async fn holds(tablet: &Browser, words: &str) -> Result<()> {
    until(&format!("the form to hold “{words}”"), async || {
        tablet.value(BODY).await.ok().filter(|value| value == words)
    })
    .await
    .map(drop)
}

/// Tells the page that the device has a line, or none.
async fn line(tablet: &Browser, is_on: bool) -> Result<()> {
    let script = "const [isOn, done] = arguments;
        Object.defineProperty(navigator, 'onLine', { value: isOn, configurable: true });
        window.dispatchEvent(new Event(isOn ? 'online' : 'offline'));
        done(true);";
    tablet.run(script, vec![json!(is_on)]).await.map(drop)
}
