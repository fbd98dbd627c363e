//! Writing what a file comes to, by the one door.

use lianxin_shared::document::{Actor, Author, Document};
use lianxin_shared::id::{DeviceId, DocId};
use lianxin_shared::records::{Envelope, Event, Record, Register, Values};
use lianxin_shared::rules::{Principal, Refusal, RefusalCode, permit};

use crate::app::App;
use crate::clock::now;
use crate::problem::Problem;
use crate::sync::{Answer, Submission};

/// The device as which imports write: the server's own.
const DEVICE: DeviceId = DeviceId([0; 16]);
/// How many records enter at once.
const BATCH: usize = 200;

/// A record to be made.
pub(super) struct New(Record);

impl New {
    /// A record with the first steps taken, if the rules permit it.
    pub(super) fn record(
        register: &Register,
        values: Values,
        acts: &[&str],
        by: &Principal,
    ) -> Result<Self, Refusal> {
        let mut id = [0; 16];
        // Without randomness nothing can be made; the door would say no more.
        getrandom::fill(&mut id).map_err(|_| Refusal::new(RefusalCode::Corrupt))?;
        let at = now();
        let record = Record {
            envelope: Envelope {
                schema: register.schema,
                kind: register.kind.to_owned(),
                id: DocId(id),
                station: None,
                owner: by.user.clone(),
                created_at: at,
                attachments: Vec::new(),
            },
            values: values
                .into_iter()
                .filter(|(_, value)| !value.is_empty())
                .collect(),
            timeline: acts.iter().map(|act| Event::new(act, &by.user, at)).collect(),
            unknown: Vec::new(),
        };
        permit(by, None, &record)?;
        Ok(Self(record))
    }

    /// Its id.
    pub(super) fn id(&self) -> DocId {
        self.0.envelope.id
    }
}

/// Writes records, in their order, some at a time. Each that was answered is durable; what a fault leaves out comes with the
/// next import of the same file.
pub(super) async fn write(app: &App, by: &Principal, new: Vec<New>) -> Result<(), Problem> {
    let mut actor = [0; 16];
    getrandom::fill(&mut actor).map_err(|_| Problem::Internal)?;
    let author = Author {
        user: by.user.clone(),
        actor: Actor(actor),
        at: now(),
    };
    for batch in new.chunks(BATCH) {
        let mut submissions = Vec::new();
        for New(record) in batch {
            let Record {
                envelope,
                values,
                timeline,
                ..
            } = record;
            let document = Document::create(envelope, values, timeline, &author);
            let mut document = document.map_err(|error| {
                tracing::error!(%error, "import.failed");
                Problem::Internal
            })?;
            submissions.push(Submission::of_chunks(envelope.id, document.changes_since(&[])));
        }
        for answer in app.door.accept(by, DEVICE, submissions).await? {
            match answer {
                Answer::Accepted { .. } => {}
                Answer::Busy => return Err(Problem::Unavailable),
                Answer::Refused(refusal) => {
                    // The rules were asked before; so they changed meanwhile, or who asks did.
                    tracing::error!(%refusal, "import.refused");
                    return Err(Problem::Internal);
                }
            }
        }
    }
    Ok(())
}
