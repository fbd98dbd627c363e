//! What nothing can be faster than: the same records through automerge and the database alone, without a line, rights, search
//! or devices. What a scenario takes is told as so many times this.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Mutex;
use std::sync::mpsc;
use std::time::Instant;

use anyhow::{Context, Result};
use lianxin_server::projection::row;
use lianxin_server::store::{Binding, Compaction, SqliteStore, Store as _, Write};
use lianxin_shared::document::{Actor, Author, Document};
use lianxin_shared::id::{DeviceId, DocId, Heads, Moment};
use lianxin_shared::records::{Envelope, Event, register};
use lianxin_shared::rules::channels_of;
use rusqlite::{Connection, params};
use serde_json::{Map, Value, json};
use tokio::runtime::Handle;

use super::measure::{cpu, rounded};
use super::scenario::Settings;
use super::workload::{Edit, Workload};

/// How many documents a server at most takes into one transaction of one device's.
const TOGETHER: usize = 512;

type Saved = (DocId, Vec<u8>);

/// How many records each of the devices of `fleet` brings, and of how many devices.
const FLEET: (usize, u64) = (50, 100);

/// A record that somebody has edited since it was stored.
struct Edited {
    id: DocId,
    before: Vec<u8>,
    after: Vec<u8>,
    /// The state before the edit.
    base: Heads,
    /// The edit.
    changes: Vec<Vec<u8>>,
}

/// Measures, and prints one line.
pub fn floor(settings: &Settings, docs: u64, local: u64, remote: u64) -> Result<()> {
    let themes = vec![DocId([1; 16]), DocId([2; 16]), DocId([3; 16]), DocId([4; 16])];
    let workload = settings.workload(themes)?;
    let saved: Vec<_> = (0..docs).map(|n| record(&workload, n)).collect::<Result<_>>()?;
    let edited = |from: usize, count: u64, edit| {
        let some = saved.iter().zip(0..).skip(from).take(count as usize);
        some.map(|(saved, n)| edited(&workload, n, saved, edit))
            .collect::<Result<Vec<_>>>()
    };
    let left = edited(0, local, Edit::Local)?;
    let right = edited(local as usize, remote, Edit::Remote)?;
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("floor.sqlite");

    let mut line = Map::new();
    line.insert("peer".to_owned(), json!("floor"));
    line.insert("N".to_owned(), json!(docs));
    // Opening and reading each once, on one thread.
    timed(&mut line, "open", || saved.iter().try_for_each(read))?;
    let commit = bytes_alone(&file)?;
    timed(&mut line, "upload", || upload(&saved, TOGETHER, commit))?;
    let commit = all_that_is_kept(&folder.path().join("kept"), &saved)?;
    timed(&mut line, "upload_all", || upload(&saved, TOGETHER, commit))?;
    timed(&mut line, "bootstrap", || bootstrap(&file))?;
    timed(&mut line, "reconnect", || reconnect(&file, &left, &right))?;
    let of_fleet = saved.iter().take(FLEET.0 * FLEET.1 as usize);
    let of_fleet: Vec<_> = of_fleet.cloned().collect();
    let commit = bytes_alone(&folder.path().join("fleet.sqlite"))?;
    timed(&mut line, "fleet", || upload(&of_fleet, FLEET.0, commit))?;
    let commit = all_that_is_kept(&folder.path().join("fleet"), &of_fleet)?;
    timed(&mut line, "fleet_all", || upload(&of_fleet, FLEET.0, commit))?;
    println!("{}", Value::Object(line));
    Ok(())
}

/// What every server that merges has to do with new records before it may acknowledge them, and no more: it opens each document
/// as strictly as ours (bounds, checksum, every change's hash), reads the record in it, and commits it, in groups, with the same
/// log and the same wait for the disk. On all cores: documents are opened while others are committed. The documents are in
/// memory already, each as it was saved: nothing is received, inflated or judged, and no receipts are made.
fn upload(saved: &[Saved], together: usize, mut commit: impl FnMut(&[Saved]) -> Result<()>) -> Result<()> {
    let batches = Mutex::new(saved.chunks(together));
    let cores = std::thread::available_parallelism()?.get();
    std::thread::scope(|scope| {
        let (judged, to_store) = mpsc::channel();
        for _ in 0..cores {
            let (judged, batches) = (judged.clone(), &batches);
            scope.spawn(move || {
                let next = || batches.lock().ok()?.next();
                while let Some(batch) = next() {
                    let read = batch.iter().try_for_each(read);
                    if judged.send(read.map(|()| batch)).is_err() {
                        break;
                    }
                }
            });
        }
        drop(judged);
        to_store.into_iter().try_for_each(|batch| commit(batch?))
    })
}

/// Commits the bytes of documents under their ids, and nothing else.
fn bytes_alone(file: &Path) -> Result<impl FnMut(&[Saved]) -> Result<()> + use<>> {
    let mut database = open(file)?;
    database.execute_batch(
        "CREATE TABLE documents (id BLOB PRIMARY KEY, bytes BLOB NOT NULL) STRICT;
         CREATE TABLE changes (doc BLOB NOT NULL, bytes BLOB NOT NULL) STRICT",
    )?;
    Ok(move |batch: &[Saved]| {
        let transaction = database.transaction()?;
        for (id, bytes) in batch {
            transaction
                .prepare_cached("INSERT INTO documents VALUES (?1, ?2)")?
                .execute(params![id.0, bytes])?;
        }
        Ok(transaction.commit()?)
    })
}

/// Commits all that is kept of new records, ready-made: with heads and actors, the entries of channels, the rows that lists,
/// counts and searches go by.
fn all_that_is_kept(folder: &Path, saved: &[Saved]) -> Result<impl FnMut(&[Saved]) -> Result<()> + use<>> {
    let store = SqliteStore::open(folder)?;
    let made = saved.iter().map(|saved| Ok((saved.0, write(saved)?)));
    let mut made: HashMap<_, _> = made.collect::<Result<_>>()?;
    Ok(move |batch: &[Saved]| {
        let writes = batch.iter().filter_map(|(id, _)| made.remove(id)).collect();
        let committing = || Handle::current().block_on(store.commit(writes));
        tokio::task::block_in_place(committing)?;
        Ok(())
    })
}

/// A new record as it goes into a store.
fn write((id, bytes): &Saved) -> Result<Write> {
    let mut document = Document::receive(bytes)?;
    let record = document.record()?;
    let changes = document.changes()?;
    Ok(Write {
        doc: *id,
        base: 0,
        version: changes.len() as u64,
        changes: Vec::new(),
        heads: document.heads(),
        bytes: bytes.len() as u64,
        operations: changes.iter().map(|change| change.operations).sum(),
        actors: changes.into_iter().map(|change| change.actor).take(1).collect(),
        by: Binding {
            user: record.envelope.owner.clone(),
            device: DeviceId([7; 16]),
        },
        channels: channels_of(&record).iter().map(ToString::to_string).collect(),
        row: row(&record),
        compaction: Some(Compaction {
            version: 3,
            snapshot: bytes.clone(),
        }),
        at: Moment(1_790_000_000_000),
    })
}

/// Documents are read from the database on one thread, and opened and read on another.
fn bootstrap(file: &Path) -> Result<()> {
    let database = Connection::open(file)?;
    let (found, to_open) = mpsc::sync_channel::<Saved>(TOGETHER);
    let opening = std::thread::spawn(move || to_open.iter().try_for_each(|saved| read(&saved)));
    let mut statement = database.prepare("SELECT id, bytes FROM documents")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        if found.send((DocId(row.get(0)?), row.get(1)?)).is_err() {
            break;
        }
    }
    drop(found);
    opening
        .join()
        .map_err(|_| anyhow::anyhow!("the other thread panicked"))?
}

/// The device that was away looks for its edits; the server opens each document, with and without, and stores the edits; then
/// both devices take what the other wrote, at once.
fn reconnect(file: &Path, left: &[Edited], right: &[Edited]) -> Result<()> {
    for edited in left {
        Document::load(&edited.after)?.changes_since(edited.base.as_slice());
    }
    let mut database = open(file)?;
    let stored = left.iter().map(|edited| {
        let row = "SELECT bytes FROM documents WHERE id = ?1";
        Ok((edited, database.query_row(row, [edited.id.0], |row| row.get(0))?))
    });
    let stored: Vec<(&Edited, Vec<u8>)> = stored.collect::<Result<_>>()?;
    let cores = std::thread::available_parallelism()?.get();
    let judge = |some: &[(&Edited, Vec<u8>)]| {
        some.iter().try_for_each(|(edited, bytes)| {
            let document = Document::load(bytes)?;
            document.record()?;
            document.with(&edited.changes)?.0.record()?;
            anyhow::Ok(())
        })
    };
    std::thread::scope(|scope| {
        let judging = stored.chunks(stored.len().div_ceil(cores).max(1));
        let judging: Vec<_> = judging.map(|some| scope.spawn(move || judge(some))).collect();
        judging.into_iter().try_for_each(joined)
    })?;
    let transaction = database.transaction()?;
    for edited in left {
        transaction
            .prepare_cached("INSERT INTO changes VALUES (?1, ?2)")?
            .execute(params![edited.id.0, edited.changes.concat()])?;
    }
    transaction.commit()?;
    let take = |some: &[Edited]| {
        some.iter().try_for_each(|edited| {
            let (mut document, _) = Document::load(&edited.before)?.with(&edited.changes)?;
            document.save();
            document.record()?;
            anyhow::Ok(())
        })
    };
    std::thread::scope(|scope| {
        let other = scope.spawn(|| take(left));
        take(right)?;
        joined(other)
    })
}

fn joined(thread: std::thread::ScopedJoinHandle<'_, Result<()>>) -> Result<()> {
    let outcome = thread.join();
    outcome.map_err(|_| anyhow::anyhow!("the other thread panicked"))?
}

fn open(file: &Path) -> Result<Connection> {
    let database = Connection::open(file)?;
    database.pragma_update(None, "journal_mode", "WAL")?;
    database.pragma_update(None, "synchronous", "FULL")?;
    Ok(database)
}

fn edited(workload: &Workload, n: u64, (id, before): &Saved, edit: Edit) -> Result<Edited> {
    let mut document = Document::load(before)?;
    let base = document.heads();
    let values = document.record()?.values;
    let author = author()?;
    document.edit(&base, &workload.edit(n, &values, edit), &[], &author)?;
    Ok(Edited {
        id: *id,
        before: before.clone(),
        after: document.save(),
        changes: document.changes_since(base.as_slice()),
        base,
    })
}

fn author() -> Result<Author> {
    let mut actor = [0; 16];
    getrandom::fill(&mut actor)?;
    Ok(Author {
        user: "fleet0".parse()?,
        actor: Actor(actor),
        at: Moment(1_790_000_000_000),
    })
}

fn read((_, bytes): &Saved) -> Result<()> {
    Document::receive(bytes)?.record()?;
    Ok(())
}

/// A record with its two edits, as a device has it before any sync.
fn record(workload: &Workload, n: u64) -> Result<Saved> {
    let register = register("suggestion").context("no such register")?;
    let author = author()?;
    let id = author.actor.0;
    let envelope = Envelope {
        schema: register.schema,
        kind: register.kind.to_owned(),
        id: DocId(id),
        station: Some(DocId([5; 16])),
        owner: author.user.clone(),
        created_at: author.at,
        attachments: Vec::new(),
    };
    let mut values = workload.record(n);
    let submit = Event::new("submit", &author.user, author.at);
    let mut document = Document::create(&envelope, &values, &[submit], &author)?;
    for edit in [Edit::Theme, Edit::Splice] {
        let (base, changed) = (document.heads(), workload.edit(n, &values, edit));
        document.edit(&base, &changed, &[], &author)?;
        values.extend(changed);
    }
    Ok((DocId(id), document.save()))
}

fn timed(line: &mut Map<String, Value>, phase: &str, work: impl FnOnce() -> Result<()>) -> Result<()> {
    let (start, before) = (Instant::now(), cpu(std::process::id()));
    work()?;
    line.insert(
        format!("{phase}_wall_s"),
        json!(rounded(start.elapsed().as_secs_f64())),
    );
    line.insert(
        format!("{phase}_cpu_s"),
        json!(rounded(cpu(std::process::id()) - before)),
    );
    Ok(())
}
