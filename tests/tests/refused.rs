//! A record of which the server took nothing.

use anyhow::Result;
use lianxin_shared::document::{Actor, Author, Document};
use lianxin_shared::id::{DocId, Moment};
use lianxin_shared::records::{Envelope, Value};
use lianxin_shared::sync::Held;
use lianxin_tests::browser::Driver;
use lianxin_tests::server::Server;
use lianxin_tests::until::until;
use lianxin_tests::vault;

const PASSWORD: &str = "lianxin-demo";
const RECORD: DocId = DocId([7; 16]);

#[tokio::test(flavor = "multi_thread")]
async fn a_record_refused_whole_is_kept_until_it_is_given_up_and_gone_then() -> Result<()> {
    let server = Server::start().await?;
    let driver = Driver::start()?;
    let tablet = driver.open("zh-CN", 800, 1100).await?;
    tablet.sign_in(&server.url(), "host1", PASSWORD).await?;
    tablet
        .see("[data-test=work-state][data-unsent='0'][data-line=on]")
        .await?;
    vault::lay_in(&tablet, "host1", RECORD, &foreign()?).await?;
    tablet.client.refresh().await?;
    tablet.visit(&format!("/records/{RECORD}")).await?;
    tablet.see("[data-test=refusal]").await?;
    tablet.says("[data-test=refused-words]", "别处的路灯").await?;

    // Asked first: one tap deletes nothing.
    tablet.click("[data-test=give-up]").await?;
    tablet.see("[data-test=give-up-sure]").await?;
    tablet.says("[data-test=refused-words]", "别处的路灯").await?;
    assert!(vault::held(&tablet, "host1", RECORD).await?.is_some());

    tablet.click("[data-test=give-up-sure]").await?;
    until("the record to be gone", async || {
        vault::held(&tablet, "host1", RECORD)
            .await
            .ok()?
            .is_none()
            .then_some(())
    })
    .await?;
    tablet.see("[data-test=row]").await?;
    assert!(
        !tablet.shows(&format!("[data-id='{RECORD}']")).await?,
        "it is still in the list"
    );
    Ok(())
}

/// A suggestion for a station that is not the host's.
fn foreign() -> Result<Held> {
    let host = Author {
        user: "host1".parse()?,
        actor: Actor([43; 16]),
        at: Moment(1_790_000_000_000),
    };
    let envelope = Envelope {
        schema: 1,
        kind: "suggestion".to_owned(),
        id: RECORD,
        station: Some(DocId([8; 16])),
        owner: host.user.clone(),
        created_at: host.at,
        attachments: Vec::new(),
    };
    let values = [("body".to_owned(), Value::from("别处的路灯坏了。"))].into();
    let mut document = Document::create(&envelope, &values, &[], &host)?;
    Ok(Held::started(&mut document))
}
