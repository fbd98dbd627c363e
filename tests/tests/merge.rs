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
