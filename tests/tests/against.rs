//! Two people act on one record against each other, neither knowing of the other: both acts stand in the history, and whoever
//! looks at it sees the record in the same state, whichever act arrived first.

use std::future::Future;

use anyhow::{Context, Result, ensure};
use lianxin_shared::id::{DocId, Moment, UserId};
use lianxin_shared::records::{Event, Record, Value};
use lianxin_tests::desk::Desk;
use lianxin_tests::server::Server;
use lianxin_tests::tablet::Tablet;
use lianxin_tests::until::until;

const PASSWORD: &str = "lianxin-demo";
const CLOCK: Moment = Moment(1_790_000_000_000);
/// Which of two entries stands first follows from their actors, which are drawn: often enough, and both are seen.
const ROUNDS: usize = 4;

/// What one of the two does.
#[derive(Clone)]
struct Deed {
    act: &'static str,
    words: &'static str,
    handler: Option<UserId>,
    into: Option<DocId>,
}

impl Deed {
    fn new(act: &'static str, words: &'static str) -> Self {
        Self {
            act,
            words,
            handler: None,
            into: None,
        }
    }

    fn complete(self, event: Event) -> Event {
        Event {
            due: self.handler.is_some().then_some(Moment(4_000_000_000_000)),
            handler: self.handler,
            into: self.into,
            ..event.with_words(self.words)
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn assigned_by_one_clerk_and_declined_by_another() -> Result<()> {
    let assign = Deed {
        handler: Some("handler1".parse()?),
        ..Deed::new("assign", "请办")
    };
    clerks_against(async |_| Ok([assign.clone(), Deed::new("decline", "已有安排，不再重复。")])).await
}

#[tokio::test(flavor = "multi_thread")]
async fn answered_by_one_clerk_and_merged_by_another() -> Result<()> {
    clerks_against(async |other| {
        let merge = Deed {
            into: Some(other),
            ..Deed::new("merge", "同一件事")
        };
        Ok([Deed::new("answer", "路灯已修好。"), merge])
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn withdrawn_by_the_proposer_and_filed_by_the_office() -> Result<()> {
    let server = Server::start().await?;
    let mut proposer = tablet(&server, "member1").await?;
    let mut clerk = Desk::sign_in(&server.url(), "clerk1", PASSWORD, CLOCK).await?;
    for round in 0..2 * ROUNDS {
        let values = [
            ("subject".to_owned(), Value::from("为老旧小区加装扶手")),
            ("type".to_owned(), Value::from("everyday")),
            ("reason".to_owned(), Value::from("老人上下楼不便。")),
            ("recommendation".to_owned(), Value::from("分批加装。")),
        ];
        let doc = proposer.begin("proposal", "submit", &values.into())?;
        proposer.sync_through(3).await?;
        let examine = clerk.event("examine").with_mark("quality", "good");
        clerk.take(doc, examine).await?;
        proposer.sync_through(3).await?;

        proposer.act(doc, "withdraw", "另有安排")?;
        let file = clerk.event("file");
        let filed = clerk.write(doc, [], Some(file)).await?;
        if round % 2 == 0 {
            proposer.sync_through(3).await?;
            clerk.send(filed).await?;
        } else {
            clerk.send(filed).await?;
            proposer.sync_through(3).await?;
        }
        let fresh = tablet(&server, "member1").await?;
        let record = agreed(&mut clerk, [&mut proposer, &mut { fresh }], doc).await?;
        stand(&record, [("withdraw", "member1"), ("file", "clerk1")])?;
        let status = record.status().context("no status")?;
        match status.state {
            "withdrawn" => ensure!(status.number.is_none(), "it was withdrawn before it was filed"),
            state => ensure!(state == "filed" && status.number.is_some(), "{state}"),
        }
    }
    Ok(())
}

/// Two clerks take against each other what `deeds` says, with a record that one of them may point to, in both orders.
async fn clerks_against<F: Future<Output = Result<[Deed; 2]>>>(deeds: impl Fn(DocId) -> F) -> Result<()> {
    let server = Server::start().await?;
    server.add_user("clerk2", "clerk", PASSWORD, &[])?;
    let mut host = tablet(&server, "host1").await?;
    let theme = host.of_kind("theme").first().context("no themes")?.doc;
    let other = host.take_down("北门的路灯也坏了。", theme)?;
    let mut clerks = [
        Desk::sign_in(&server.url(), "clerk1", PASSWORD, CLOCK).await?,
        Desk::sign_in(&server.url(), "clerk2", PASSWORD, CLOCK).await?,
    ];
    for round in 0..2 * ROUNDS {
        let doc = host.take_down("北门的路灯坏了。", theme)?;
        host.sync_through(3).await?;
        clerks[0].act(doc, "accept", "").await?;
        host.sync_through(3).await?;
        let deeds = deeds(other).await?;
        let mut written = Vec::new();
        for (n, deed) in deeds.iter().enumerate() {
            let event = deed.clone().complete(clerks[n].event(deed.act));
            written.push((n, clerks[n].write(doc, [], Some(event)).await?));
        }
        if round % 2 == 1 {
            written.reverse();
        }
        for (n, unsent) in written {
            clerks[n].send(unsent).await?;
        }
        let mut fresh = tablet(&server, "host1").await?;
        let record = agreed(&mut clerks[0], [&mut host, &mut fresh], doc).await?;
        ensure!(clerks[1].record(doc).await? == record);
        stand(&record, [(deeds[0].act, "clerk1"), (deeds[1].act, "clerk2")])?;
        let state = record.status().context("no status")?.state;
        ensure!(state != "accepted", "neither counted");
    }
    Ok(())
}

/// Waits until the server, its lists, and both tablets have the record as one; answers it.
async fn agreed(clerk: &mut Desk, tablets: [&mut Tablet; 2], doc: DocId) -> Result<Record> {
    let [one, another] = tablets;
    // The server adds entries of its own in its own time.
    until("all to agree", async || {
        let record = clerk.record(doc).await.ok()?;
        let state = record.status()?.state;
        let listed = format!(
            "/api/records?kind={}&state={state}&limit=200",
            record.envelope.kind
        );
        let listed = clerk.get(&listed).await.ok()?;
        let mut rows = listed["records"].as_array()?.iter();
        let mut agree = rows.any(|row| row["id"] == doc.to_string()) && state != "filing";
        for tablet in [&mut *one, &mut *another] {
            tablet.sync_through(3).await.ok()?;
            agree &= tablet.record(doc).ok()? == record;
            let summaries = tablet.of_kind(&record.envelope.kind);
            agree &= summaries
                .iter()
                .any(|summary| summary.doc == doc && summary.state == state);
        }
        agree.then_some(record)
    })
    .await
}

/// Each of these acts stands in the timeline once, by whom it was taken.
fn stand(record: &Record, acts: [(&str, &str); 2]) -> Result<()> {
    for (act, by) in acts {
        let taken = |event: &&Event| event.act == act && event.by.as_str() == by;
        let times = record.timeline.iter().filter(taken).count();
        ensure!(times == 1, "{act} stands {times} times in {:?}", record.timeline);
    }
    Ok(())
}

async fn tablet(server: &Server, user: &str) -> Result<Tablet> {
    let mut tablet = Tablet::sign_in(&server.url(), user, PASSWORD).await?;
    tablet.sync_through(5).await?;
    Ok(tablet)
}
