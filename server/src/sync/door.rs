//! The one door: every change from anywhere enters here.

use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use lianxin_shared::id::{DeviceId, DocId, Heads};
use lianxin_shared::rules::{Principal, Refusal, RefusalCode};

use tokio::sync::Semaphore;

use super::admit::{Known, Submitter, Verdict, admit};
use super::opened::Opened;
use super::submission::{Answer, Submission};
use crate::accounts::Members;
use crate::clock::now;
use crate::live::Live;
use crate::metrics::Metrics;
use crate::own::Duties;
use crate::store::{Binding, Life, Material, Quarantined, Store, StoreError, Write, Written};

/// How often a submission is judged anew because the document has changed meanwhile.
const TRIES: usize = 16;

/// The one door. All clones are one.
#[derive(Clone)]
pub struct Door {
    store: Arc<dyn Store>,
    life: Arc<Life>,
    live: Live,
    cores: usize,
    /// Who hears of what was accepted, where somebody does.
    duties: Option<Duties>,
    members: Option<Members>,
    metrics: Metrics,
    opened: Arc<Opened>,
    /// As many submissions are judged at once as there are cores: more would only take memory.
    judging: Arc<Semaphore>,
}

/// A submission on its way through the door.
struct Pending {
    place: usize,
    submission: Submission,
}

impl Door {
    /// The door to a store.
    pub fn new(store: Arc<dyn Store>, life: Arc<Life>, live: Live) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self {
            store,
            life,
            live,
            duties: None,
            members: None,
            metrics: Metrics::default(),
            cores,
            opened: Arc::default(),
            judging: Arc::new(Semaphore::new(cores)),
        }
    }

    /// The same door, where each accepted record is handed in too.
    pub fn with_duties(mut self, duties: Duties) -> Self {
        self.duties = Some(duties);
        self
    }

    /// The same door, where accounts follow what is accepted.
    pub fn with_members(mut self, members: Members) -> Self {
        self.members = Some(members);
        self
    }

    /// The same door, where it is counted what goes through it.
    pub fn with_metrics(mut self, metrics: Metrics) -> Self {
        self.metrics = metrics;
        self
    }

    /// Lets go of what is at hand of documents that were removed for good. What another node has at hand of them goes with
    /// time: it is never used again.
    pub fn forget(&self, docs: &[DocId]) {
        docs.iter().for_each(|doc| self.opened.forget(*doc));
    }

    /// Takes or refuses each submission as a whole, and answers in the same order. What is answered is durable: accepted
    /// changes in one transaction, refused ones in quarantine.
    pub async fn accept(
        &self,
        principal: &Principal,
        device: DeviceId,
        submissions: Vec<Submission>,
    ) -> Result<Vec<Answer>, StoreError> {
        let by = Binding {
            user: principal.user.clone(),
            device,
        };
        let _pending = self.metrics.pending(submissions.len());
        let mut answers = vec![Answer::Busy; submissions.len()];
        let pending = submissions.into_iter().enumerate();
        let mut pending: Vec<_> = pending
            .map(|(place, submission)| Pending { place, submission })
            .collect();
        let mut quarantine = Vec::new();
        for _ in 0..TRIES {
            if pending.is_empty() {
                break;
            }
            // A second submission of one document is judged on what the first made of it.
            let mut seen = HashSet::new();
            let (now, later): (Vec<_>, Vec<_>) = pending
                .into_iter()
                .partition(|pending| seen.insert(pending.submission.doc));
            let mut writes = Vec::new();
            for (pending, verdict) in self.judge(principal, &by, now).await? {
                match verdict {
                    Verdict::Store(write, known) => writes.push((pending, known, *write)),
                    Verdict::Known(heads, known) => {
                        answers[pending.place] = accepted(heads, known);
                    }
                    Verdict::Refuse(refusal) => {
                        answers[pending.place] = Answer::Refused(refusal.clone());
                        // What was removed for good is not kept, here as little as elsewhere.
                        if refusal.code != RefusalCode::Erased {
                            quarantine.push(refused(&by, pending.submission, refusal));
                        }
                    }
                }
            }
            pending = self.store(writes, &mut answers).await?;
            pending.extend(later);
        }
        if !quarantine.is_empty() {
            self.store.quarantine(quarantine).await?;
        }
        self.metrics.judged(&answers);
        Ok(answers)
    }

    /// Keeps in quarantine what is not to be judged at all.
    pub async fn lay_by(
        &self,
        by: &Binding,
        submissions: Vec<Submission>,
        why: &Refusal,
    ) -> Result<(), StoreError> {
        let kept = submissions.into_iter();
        let kept = kept.map(|submission| refused(by, submission, why.clone()));
        self.store.quarantine(kept.collect()).await
    }

    /// Judges submissions of different documents, on all cores.
    async fn judge(
        &self,
        principal: &Principal,
        by: &Binding,
        pending: Vec<Pending>,
    ) -> Result<Vec<(Pending, Verdict)>, StoreError> {
        let wants = pending
            .iter()
            .map(|pending| (pending.submission.doc, pending.submission.actors()));
        let materials = self.store.materials(wants.collect()).await?;
        let mut work: Vec<_> = pending.into_iter().zip(materials).collect();
        let share = work.len().div_ceil(self.cores).max(1);
        let mut shares = Vec::new();
        while !work.is_empty() {
            let rest = work.split_off(share.min(work.len()));
            let (principal, by, life) = (principal.clone(), by.clone(), self.life.clone());
            let opened = self.opened.clone();
            // Decoding and merging take milliseconds: not on the threads that serve the lines.
            let permit = self.judging.clone().acquire_owned().await;
            let permit = permit.map_err(|e| StoreError::Unavailable(e.to_string()))?;
            shares.push(tokio::task::spawn_blocking(move || {
                let _permit = permit;
                let who = Submitter {
                    principal: &principal,
                    by: &by,
                    at: now(),
                    opened: &opened,
                };
                let judge = |(pending, material)| judge(&life, &who, pending, material);
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

    /// Stores writes, answers them, wakes the devices, and gives back what has to be judged anew.
    async fn store(
        &self,
        writes: Vec<(Pending, Known, Write)>,
        answers: &mut [Answer],
    ) -> Result<Vec<Pending>, StoreError> {
        if writes.is_empty() {
            return Ok(Vec::new());
        }
        let mut pending = Vec::new();
        let mut batch = Vec::new();
        for (one, known, write) in writes {
            let stands = write
                .row
                .as_ref()
                .map(|row| (row.kind.clone(), row.state.clone()));
            pending.push((one, known, write.heads.clone(), stands));
            batch.push(write);
        }
        self.metrics.batch(batch.len());
        let written = self.store.commit(batch).await?;
        let mut stale = Vec::new();
        for ((pending, known, heads, stands), written) in pending.into_iter().zip(written) {
            match written {
                Written::Done(channels) => {
                    self.live.moved(channels);
                    if let Some((kind, state)) = &stands {
                        self.members.iter().for_each(|members| members.accepted(kind));
                        let doc = pending.submission.doc;
                        self.duties
                            .iter()
                            .for_each(|duties| duties.accepted(doc, kind, state));
                    }
                    answers[pending.place] = accepted(heads, known);
                }
                Written::Stale => stale.push(pending),
            }
        }
        Ok(stale)
    }
}

fn judge(life: &Life, who: &Submitter<'_>, pending: Pending, material: Material) -> (Pending, Verdict) {
    let judge = || admit(life, who, &pending.submission, material);
    // One document that trips over a fault of ours or of a library must not hold up the others for ever.
    let verdict = catch_unwind(AssertUnwindSafe(judge))
        .unwrap_or_else(|_| Verdict::Refuse(Refusal::new(RefusalCode::Corrupt)));
    (pending, verdict)
}

fn accepted(heads: Heads, known: Known) -> Answer {
    Answer::Accepted {
        heads,
        same: known.same,
        changes: known.changes,
    }
}

fn refused(by: &Binding, submission: Submission, refusal: Refusal) -> Quarantined {
    tracing::info!(doc = %submission.doc, code = refusal.code.as_str(), "push.refused");
    Quarantined {
        doc: submission.doc,
        by: by.clone(),
        refusal,
        changes: submission.into_parts(),
        at: now(),
    }
}
