//! What nothing can be faster than: the same records through automerge and the database alone, without a line, rights, search
//! or devices. What a scenario takes is told as so many times this.

use std::path::Path;
use std::sync::Mutex;
use std::sync::mpsc;
use std::time::Instant;

use anyhow::{Context, Result};
use lianxin_shared::document::{Actor, Author, Document};
use lianxin_shared::id::{DocId, Moment};
use lianxin_shared::records::{Envelope, Event, register};
use rusqlite::{Connection, params};
use serde_json::{Map, Value, json};

use super::measure::{cpu, rounded};
use super::scenario::Settings;
use super::workload::{Edit, Workload};

/// How many documents a server at most takes into one transaction of one device's.
const TOGETHER: usize = 512;

type Saved = (DocId, Vec<u8>);

/// Measures, and prints one line.
pub fn floor(settings: &Settings, docs: u64) -> Result<()> {
    let themes = vec![DocId([1; 16]), DocId([2; 16]), DocId([3; 16]), DocId([4; 16])];
    let workload = settings.workload(themes)?;
    let saved: Vec<_> = (0..docs).map(|n| record(&workload, n)).collect::<Result<_>>()?;
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("floor.sqlite");

    let mut line = Map::new();
    line.insert("peer".to_owned(), json!("floor"));
    line.insert("N".to_owned(), json!(docs));
    // Opening and reading each once, on one thread.
    timed(&mut line, "open", || saved.iter().try_for_each(read))?;
    timed(&mut line, "upload", || upload(&file, &saved))?;
    timed(&mut line, "bootstrap", || bootstrap(&file))?;
    println!("{}", Value::Object(line));
    Ok(())
}

/// What every server that merges has to do with new records before it may acknowledge them, and no more: it opens each document
/// as strictly as ours (bounds, checksum, every change's hash), reads the record in it, and commits its bytes under its id, in
/// groups, with the same log and the same wait for the disk. On all cores: documents are opened while others are committed. The
/// documents are in memory already, each as it was saved: nothing is received, inflated or judged, and neither heads nor
/// actors, channels, rows, words, figures or receipts are made.
fn upload(file: &Path, saved: &[Saved]) -> Result<()> {
    let mut database = Connection::open(file)?;
    database.pragma_update(None, "journal_mode", "WAL")?;
    database.pragma_update(None, "synchronous", "FULL")?;
    database.execute_batch("CREATE TABLE documents (id BLOB PRIMARY KEY, bytes BLOB NOT NULL) STRICT")?;
    let batches = Mutex::new(saved.chunks(TOGETHER));
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
        for batch in to_store {
            let transaction = database.transaction()?;
            for (id, bytes) in batch? {
                transaction
                    .prepare_cached("INSERT INTO documents VALUES (?1, ?2)")?
                    .execute(params![id.0, bytes])?;
            }
            transaction.commit()?;
        }
        Ok(())
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

fn read((_, bytes): &Saved) -> Result<()> {
    Document::receive(bytes)?.record()?;
    Ok(())
}

/// A record with its two edits, as a device has it before any sync.
fn record(workload: &Workload, n: u64) -> Result<Saved> {
    let register = register("suggestion").context("no such register")?;
    let mut id = [0; 16];
    getrandom::fill(&mut id)?;
    let author = Author {
        user: "fleet0".parse()?,
        actor: Actor(id),
        at: Moment(1_790_000_000_000),
    };
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
