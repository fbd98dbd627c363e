//! The one door: every change from anywhere enters here.

use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use lianxin_shared::id::{DeviceId, DocId};
use lianxin_shared::protocol::{DocResult, Outcome, Push};
use lianxin_shared::rules::{Principal, Refusal, RefusalCode};

use super::admit::{Verdict, actors, admit};
use super::receipt;
use crate::clock::now;
use crate::live::Live;
use crate::store::{Binding, Life, Material, Quarantined, Store, StoreError, Write, Written};

/// How often a push is judged anew because the document has changed meanwhile.
const TRIES: usize = 16;

/// The one door. All clones are one.
#[derive(Clone)]
pub struct Door {
    store: Arc<dyn Store>,
    life: Arc<Life>,
    live: Live,
    cores: usize,
}

/// A push on its way through the door.
struct Pending {
    place: usize,
    doc: DocId,
    changes: Vec<Vec<u8>>,
}

impl Door {
    /// The door to a store.
    pub fn new(store: Arc<dyn Store>, life: Arc<Life>, live: Live) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self {
            store,
            life,
            live,
            cores,
        }
    }

    /// Takes or refuses each push as a whole, and answers in the same order. What is answered is durable: accepted changes
    /// in one transaction, refused ones in quarantine.
    pub async fn accept(
        &self,
        principal: &Principal,
        device: DeviceId,
        pushes: Vec<Push>,
    ) -> Result<Vec<DocResult>, StoreError> {
        let by = Binding {
            user: principal.user.clone(),
            device,
        };
        let mut outcomes: Vec<Option<DocResult>> = pushes.iter().map(|_| None).collect();
        let mut pending: Vec<Pending> = pushes
            .into_iter()
            .enumerate()
            .map(|(place, push)| Pending {
                place,
                doc: push.doc,
                changes: push.changes.into_iter().map(Into::into).collect(),
            })
            .collect();
        let mut quarantine = Vec::new();
        for _ in 0..TRIES {
            if pending.is_empty() {
                break;
            }
            // A second push of one document is judged on what the first made of it.
            let mut seen = HashSet::new();
            let (now, later): (Vec<_>, Vec<_>) = pending.into_iter().partition(|push| seen.insert(push.doc));
            let mut writes: Vec<(Pending, Write)> = Vec::new();
            for (push, verdict) in self.judge(principal, &by, now).await? {
                let mut settle = |outcome| {
                    outcomes[push.place] = Some(DocResult {
                        doc: push.doc,
                        outcome,
                    });
                };
                match verdict {
                    Verdict::Store(write) => writes.push((push, *write)),
                    Verdict::Known(content) => {
                        settle(Outcome::Accepted(receipt(&self.life, push.doc, content.heads)));
                    }
                    Verdict::Refuse(refusal) => {
                        settle(Outcome::Refused(refusal.clone()));
                        quarantine.push(self.refused(&by, push, refusal));
                    }
                }
            }
            pending = self.store(writes, &mut outcomes).await?;
            pending.extend(later);
        }
        // A push for which others were quicker again and again stays unanswered: its device sends it anew.
        if !quarantine.is_empty() {
            self.store.quarantine(quarantine).await?;
        }
        Ok(outcomes.into_iter().flatten().collect())
    }

    /// Judges pushes of different documents, on all cores.
    async fn judge(
        &self,
        principal: &Principal,
        by: &Binding,
        pushes: Vec<Pending>,
    ) -> Result<Vec<(Pending, Verdict)>, StoreError> {
        let wants = pushes.iter().map(|push| (push.doc, actors(&push.changes)));
        let materials = self.store.materials(wants.collect()).await?;
        let mut work: Vec<_> = pushes.into_iter().zip(materials).collect();
        let share = work.len().div_ceil(self.cores).max(1);
        let mut shares = Vec::new();
        while !work.is_empty() {
            let rest = work.split_off(share.min(work.len()));
            let (principal, by) = (principal.clone(), by.clone());
            // Decoding and merging take milliseconds: not on the threads that serve the lines.
            shares.push(tokio::task::spawn_blocking(move || {
                let judge = |(push, material)| judge(&principal, &by, push, material);
                work.into_iter().map(judge).collect::<Vec<_>>()
            }));
            work = rest;
        }
        let mut judged = Vec::new();
        for share in shares {
            judged.extend(share.await.map_err(|e| StoreError::Unavailable(e.to_string()))?);
        }
        Ok(judged)
    }

    /// Stores writes, settles their outcomes, wakes the devices, and gives back what has to be judged anew.
    async fn store(
        &self,
        writes: Vec<(Pending, Write)>,
        outcomes: &mut [Option<DocResult>],
    ) -> Result<Vec<Pending>, StoreError> {
        if writes.is_empty() {
            return Ok(Vec::new());
        }
        let (pushes, writes): (Vec<_>, Vec<_>) = writes.into_iter().unzip();
        let heads: Vec<_> = writes.iter().map(|write| write.heads.clone()).collect();
        let written = self.store.commit(writes).await?;
        let mut stale = Vec::new();
        for ((push, heads), written) in pushes.into_iter().zip(heads).zip(written) {
            match written {
                Written::Done(channels) => {
                    self.live.moved(channels);
                    let outcome = Outcome::Accepted(receipt(&self.life, push.doc, heads));
                    outcomes[push.place] = Some(DocResult {
                        doc: push.doc,
                        outcome,
                    });
                }
                Written::Stale => stale.push(push),
            }
        }
        Ok(stale)
    }

    fn refused(&self, by: &Binding, push: Pending, refusal: Refusal) -> Quarantined {
        tracing::info!(doc = %push.doc, user = %by.user, code = refusal.code.as_str(), "push.refused");
        Quarantined {
            doc: push.doc,
            by: by.clone(),
            refusal,
            changes: push.changes,
            at: now(),
        }
    }
}

fn judge(principal: &Principal, by: &Binding, push: Pending, material: Material) -> (Pending, Verdict) {
    let judge = || admit(principal, by, push.doc, &push.changes, material, now());
    // One document that trips over a fault of ours or of a library must not hold up the others for ever.
    let verdict = catch_unwind(AssertUnwindSafe(judge))
        .unwrap_or_else(|_| Verdict::Refuse(Refusal::new(RefusalCode::Corrupt)));
    (push, verdict)
}
