//! What people do at a browser, again and again.

use anyhow::Result;
use serde_json::json;

use crate::browser::Browser;
use crate::until::until;

/// Waits until the tablet has a line and nothing to send.
pub async fn all_sent(tablet: &Browser) -> Result<()> {
    tablet
        .see("[data-test=work-state][data-unsent='0'][data-line=on]")
        .await
        .map(drop)
}

/// Waits until the tablet has noticed that there is no line.
pub async fn no_line(tablet: &Browser) -> Result<()> {
    tablet
        .see("[data-test=work-state][data-line=off]")
        .await
        .map(drop)
}

/// Locks the tablet, as whoever lays it down does.
pub async fn lock(tablet: &Browser) -> Result<()> {
    tablet.click(".bar-who").await?;
    tablet.click("[data-test=lock]").await?;
    tablet.see("#unlock").await.map(drop)
}

/// Waits until a form is finished.
pub async fn leaves_form(tablet: &Browser) -> Result<()> {
    until("the form to be finished", async || {
        let url = tablet.client.current_url().await.ok()?;
        (!url.path().starts_with("/new") && !url.path().ends_with("/edit")).then_some(())
    })
    .await
}

/// Writes a moment, as `2026-11-24T09:30`, into a field.
pub async fn set_moment(tablet: &Browser, field: &str, moment: &str) -> Result<()> {
    let script = "const [name, value, done] = arguments;
        const input = document.querySelector(`[name=${name}]`);
        input.value = value;
        input.dispatchEvent(new Event('input', { bubbles: true }));
        input.dispatchEvent(new Event('change', { bubbles: true }));
        done(true);";
    tablet
        .run(script, vec![json!(field), json!(moment)])
        .await
        .map(drop)
}

/// Takes a step on the record that is open and waits until it stands in the timeline.
pub async fn act(office: &Browser, act: &str, words: Option<&str>) -> Result<()> {
    office.click(&format!("button[data-act={act}]")).await?;
    if let Some(words) = words {
        office.keys("#act-words", words).await?;
        office.click("[data-test=act-done]").await?;
    }
    office.see(&format!("li[data-act={act}]")).await.map(drop)
}
