//! Two tablets that write in one record.

use anyhow::{Context, Result};
use lianxin_shared::records::Value;
use lianxin_tests::server::Server;
use lianxin_tests::tablet::Tablet;

const PASSWORD: &str = "lianxin-demo";

#[tokio::test(flavor = "multi_thread")]
async fn both_edits_stand_on_both_tablets_whoever_comes_first() -> Result<()> {
    let mut server = Server::start().await?;
    let mut a = Tablet::sign_in(&server.url(), "host1", PASSWORD).await?;
    let mut b = Tablet::sign_in(&server.url(), "host2", PASSWORD).await?;
    a.sync_through(1).await?;
    let theme = a.of_kind("theme").first().context("no themes")?.doc;
    for first in [true, false] {
        let doc = a.take_down("楼道的灯坏了。", theme)?;
        a.sync_through(1).await?;
        b.sync_through(1).await?;
        a.write(doc, "body", Value::from("五号楼楼道的灯坏了。"))?;
        b.write(doc, "body", Value::from("楼道的灯坏了，孩子害怕。"))?;
        server.kill();
        server.resume().await?;
        for _ in 0..2 {
            if first {
                a.sync_through(1).await?;
                b.sync_through(1).await?;
            } else {
                b.sync_through(1).await?;
                a.sync_through(1).await?;
            }
        }
        for tablet in [&a, &b] {
            assert_eq!(tablet.text(doc, "body")?, "五号楼楼道的灯坏了，孩子害怕。");
        }
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tablet_that_comes_late_gets_whole_what_moved_up_meanwhile() -> Result<()> {
    let server = Server::start().await?;
    let mut a = Tablet::sign_in(&server.url(), "host1", PASSWORD).await?;
    a.sync_through(1).await?;
    let theme = a.of_kind("theme").first().context("no themes")?.doc;
    let first = a.take_down("路灯坏了。", theme)?;
    a.sync_through(1).await?;
    for n in 0..300 {
        a.take_down(&format!("第{n}条：{}", "停车难，".repeat(60)), theme)?;
    }
    a.sync_through(1).await?;
    for words in ["路灯坏了三天。", "路灯坏了四天。"] {
        a.write(first, "body", Value::from(words))?;
        a.sync_through(1).await?;
    }
    let mut late = Tablet::sign_in(&server.url(), "host2", PASSWORD).await?;
    late.sync_through(1).await?;
    assert_eq!(late.text(first, "body")?, "路灯坏了四天。");
    Ok(())
}
