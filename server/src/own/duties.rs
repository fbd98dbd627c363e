//! The entries that the server owes records: the number that files a proposal, the answer to what was merged.
//!
//! Whatever is accepted is looked at once it is durable; what a stopped server still owed is found again when it starts.
//! Every entry is made only where the record still stands where it is owed, so to look twice does no harm.

use lianxin_shared::id::DocId;
use lianxin_shared::records::{Event, Part, REGISTERS, Record, Register, Step};
use lianxin_shared::rules::INTO;
use tokio::sync::mpsc;

use super::{Own, OwnError};
use crate::clock::{now, year_of};
use crate::store::Filter;

/// Where accepted records are handed in.
#[derive(Debug, Clone)]
pub struct Duties(mpsc::UnboundedSender<DocId>);

/// Where they are taken out.
pub struct Owed(mpsc::UnboundedReceiver<DocId>);

impl Duties {
    /// Both ends.
    pub fn new() -> (Self, Owed) {
        let (sender, receiver) = mpsc::unbounded_channel();
        (Self(sender), Owed(receiver))
    }

    /// A record of this kind was accepted and stands in this state: it is looked at if something may be owed.
    pub fn accepted(&self, doc: DocId, kind: &str, state: &str) {
        if may_owe(kind, state) {
            // Nobody takes it any more when the process ends; the next one finds it.
            let _ = self.0.send(doc);
        }
    }
}

impl Owed {
    /// Does what is owed, first from earlier lives, then as it comes. Ends when nobody can hand in any more.
    pub async fn work(mut self, own: Own) {
        if let Err(error) = catch_up(&own).await {
            tracing::error!(%error, "duties.catch-up");
        }
        while let Some(doc) = self.0.recv().await {
            if let Err(error) = fulfil(&own, doc).await {
                tracing::error!(%error, %doc, "duties.failed");
            }
        }
    }
}

fn may_owe(kind: &str, state: &str) -> bool {
    let Some(register) = lianxin_shared::records::register(kind) else {
        return false;
    };
    let may_echo = |echo: &Step| echo.from.contains(&state) || register.lifecycle.stands_answered(state);
    register.lifecycle.duty(state).is_some() || echo(register).is_some_and(may_echo)
}

/// The step by which the server passes an answer on to what was merged into the record answered.
fn echo(register: &'static Register) -> Option<&'static Step> {
    let lifecycle = &register.lifecycle;
    let is_echo = |step: &&Step| step.by == [Part::Server] && lifecycle.answers.contains(&step.act);
    lifecycle.steps.iter().find(is_echo)
}

async fn catch_up(own: &Own) -> Result<(), OwnError> {
    for register in REGISTERS {
        let states = register.lifecycle.states();
        let waits = |state: &&str| {
            register.lifecycle.duty(state).is_some()
                || echo(register).is_some_and(|echo| echo.from.contains(state))
        };
        for state in states.filter(waits) {
            let filter = Filter {
                kinds: vec![register.kind.to_owned()],
                state: Some(state.to_owned()),
                ..Filter::default()
            };
            let mut after = None;
            loop {
                let page = own.store.records(filter.clone(), after, 100).await?;
                for listed in &page.records {
                    fulfil(own, listed.doc).await?;
                }
                after = page.next;
                if after.is_none() {
                    break;
                }
            }
        }
    }
    Ok(())
}

async fn fulfil(own: &Own, doc: DocId) -> Result<(), OwnError> {
    number(own, doc).await?;
    pass_on(own, doc).await
}

/// Gives a record its number, if that is owed. The number is kept for it before it is written, so a server that stops in
/// between gives the same one; and what is filed a second time keeps the one that it has.
async fn number(own: &Own, doc: DocId) -> Result<(), OwnError> {
    let Some(record) = own.record(doc).await? else {
        return Ok(());
    };
    let Some((register, step)) = duty(&record) else {
        return Ok(());
    };
    let number = match record.status().and_then(|status| status.number) {
        Some(number) => number,
        None => {
            let year = year_of(now());
            let series = format!("{}-{year}", register.kind);
            format!("{year}-{:03}", own.store.number(series, doc).await?)
        }
    };
    own.append(doc, |record| {
        duty(record).is_some().then(|| Event {
            number: Some(number.clone()),
            ..own.event(step.act)
        })
    })
    .await
    .map(drop)
}

fn duty(record: &Record) -> Option<(&'static Register, &'static Step)> {
    let (register, status) = record.register().zip(record.status())?;
    Some((register, register.lifecycle.duty(status.state)?))
}

/// Whoever was merged into another record hears its answer.
async fn pass_on(own: &Own, doc: DocId) -> Result<(), OwnError> {
    let Some(record) = own.record(doc).await? else {
        return Ok(());
    };
    let Some(echo) = record.register().and_then(echo) else {
        return Ok(());
    };
    let into = record.status().and_then(|status| status.into);
    let pairs: Vec<(DocId, DocId)> = match into {
        Some(into) => vec![(into, doc)],
        None => {
            let links = own.store.links(doc).await?;
            let merged = links.from.into_iter().filter(|(field, _)| field == INTO);
            merged.map(|(_, merged)| (doc, merged.doc)).collect()
        }
    };
    for (main, merged) in pairs {
        let main = own.record(main).await?;
        let Some(answer) = main.as_ref().and_then(answer) else {
            continue;
        };
        own.append(merged, |record| {
            let state = record.status()?.state;
            let owed = echo.from.contains(&state);
            owed.then(|| own.event(echo.act).with_words(&answer))
        })
        .await?;
    }
    Ok(())
}

/// The answer that a record stands answered with.
fn answer(record: &Record) -> Option<String> {
    let (register, status) = record.register().zip(record.status())?;
    status
        .answer
        .filter(|_| register.lifecycle.stands_answered(status.state))
}
