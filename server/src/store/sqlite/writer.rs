//! The one thread that writes. What several requests want written at once goes into one transaction, so that they share
//! the wait for the disk.

use std::time::{Duration, Instant};

use rusqlite::Connection;
use tokio::runtime::Runtime;
use tokio::sync::{mpsc, oneshot};

use super::pulse::Pulse;
use super::words;
use crate::store::StoreError;

/// The most jobs in one transaction.
const GROUP: usize = 128;

/// How long nothing has to be wanted until there is time for the index of words: longer than a device thinks between two
/// exchanges, or its next one would find the writer at work.
const QUIET: Duration = Duration::from_millis(300);

/// How long the index waits at most, where there never is time: then some of it is done all the same.
const PATIENCE: Duration = Duration::from_secs(3);

/// Tells whoever asked what became of the job: nothing to add, or that the whole group failed.
type Reply = Box<dyn FnOnce(Option<&StoreError>) + Send>;
/// Work, to be done on the connection, or to be told why there is no transaction to do it in.
type Job = Box<dyn FnOnce(Result<&Connection, StoreError>) -> Reply + Send>;

/// The way to the thread. It ends when this is dropped.
pub(super) struct Writer {
    jobs: mpsc::Sender<Job>,
    pulse: Pulse,
}

impl Writer {
    /// Starts the thread.
    pub(super) fn start(conn: Connection, pulse: Pulse) -> Result<Self, StoreError> {
        let (jobs, queue) = mpsc::channel(2 * GROUP);
        let timer = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build();
        let timer = timer.map_err(|e| StoreError::Unavailable(e.to_string()))?;
        let watched = pulse.clone();
        std::thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || write(&conn, queue, &timer, &watched))
            .map_err(|e| StoreError::Unavailable(e.to_string()))?;
        Ok(Self { jobs, pulse })
    }

    /// How many jobs wait.
    pub(super) fn waiting(&self) -> usize {
        self.jobs.max_capacity() - self.jobs.capacity()
    }

    /// Has `work` done. When it fails, nothing of it is stored; when this answers, it is durable.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.pulse.beat();
        let gone = || StoreError::Unavailable("the writer has ended".to_owned());
        let (answer, answered) = oneshot::channel();
        let job: Job = Box::new(move |conn| {
            let outcome = conn.and_then(|conn| apart(conn, work));
            Box::new(move |failure| {
                // Whoever asked may have gone; the work is done all the same.
                let _ = answer.send(failure.map_or(outcome, |failure| Err(failure.clone())));
            })
        });
        self.jobs.send(job).await.map_err(|_| gone())?;
        answered.await.map_err(|_| gone())?
    }
}

/// Does `work` so that its failure leaves the rest of the group alone.
fn apart<T>(
    conn: &Connection,
    work: impl FnOnce(&Connection) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    conn.execute_batch("SAVEPOINT job")?;
    let outcome = work(conn);
    let end = if outcome.is_ok() {
        "RELEASE job"
    } else {
        "ROLLBACK TO job; RELEASE job"
    };
    conn.execute_batch(end)?;
    outcome
}

fn write(conn: &Connection, mut queue: mpsc::Receiver<Job>, timer: &Runtime, pulse: &Pulse) {
    let mut waits = words::is_waiting(conn).unwrap_or(true);
    let mut indexed = Instant::now();
    loop {
        let next = timer.block_on(async {
            if waits {
                tokio::time::timeout(QUIET.saturating_sub(pulse.quiet()), queue.recv()).await
            } else {
                Ok(queue.recv().await)
            }
        });
        match next {
            Ok(Some(first)) => {
                group(conn, first, &mut queue);
                pulse.beat();
                if !waits {
                    (waits, indexed) = (true, Instant::now());
                }
            }
            Ok(None) => return,
            Err(_) => {}
        }
        // Time for what nobody waits for, until somebody wants something.
        if waits && (pulse.quiet() >= QUIET || indexed.elapsed() >= PATIENCE) {
            (waits, indexed) = (index(conn), Instant::now());
        }
    }
}

/// Does what is wanted at once in one transaction.
fn group(conn: &Connection, first: Job, queue: &mut mpsc::Receiver<Job>) {
    if let Err(error) = conn.execute_batch("BEGIN IMMEDIATE") {
        first(Err(error.into()))(None);
        return;
    }
    let mut replies = vec![first(Ok(conn))];
    while replies.len() < GROUP
        && !conn.is_autocommit()
        && let Ok(job) = queue.try_recv()
    {
        replies.push(job(Ok(conn)));
    }
    let failure = commit(conn).err();
    for reply in replies {
        reply(failure.as_ref());
    }
}

/// Puts some of what waits into the index of words; answers whether more waits. Where that fails, as on a full disk, it is
/// tried again after the next write.
fn index(conn: &Connection) -> bool {
    let step = || {
        conn.execute_batch("BEGIN IMMEDIATE")?;
        words::index_some(conn)?;
        commit(conn)?;
        words::is_waiting(conn)
    };
    step().unwrap_or_else(|error| {
        tracing::warn!(%error, "index.failed");
        let _ = conn.execute_batch("ROLLBACK");
        false
    })
}

fn commit(conn: &Connection) -> Result<(), StoreError> {
    // A full disk and the like end the whole transaction by themselves.
    if conn.is_autocommit() {
        return Err(StoreError::Unavailable("the transaction was given up".to_owned()));
    }
    conn.execute_batch("COMMIT").map_err(|error| {
        let _ = conn.execute_batch("ROLLBACK");
        error.into()
    })
}
