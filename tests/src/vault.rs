//! What a browser keeps, read and written behind the app's back: for tests that look at it or forge it.

use anyhow::{Result, ensure};
use lianxin_shared::id::DocId;
use lianxin_shared::sync::{Held, Summary};
use serde_json::{Value, json};

use crate::browser::Browser;

/// Opens the database that the first argument names; the second holds what follows works with.
const OPEN: &str = "const [name, given, done] = arguments;
    (async () => {
        const read = request => new Promise((ok, no) => {
            request.onsuccess = () => ok(request.result);
            request.onerror = () => no(request.error);
        });
        const db = await read(indexedDB.open(name));
    ";
const CLOSE: &str = "
    })().catch(error => done(String(error)));";

/// Whether a draft of the user's holds all these words.
pub async fn has_draft(browser: &Browser, user: &str, words: &[&str]) -> Result<bool> {
    let script = "const all = await read(db.transaction('drafts').objectStore('drafts').getAll());
        const text = all.map(bytes => new TextDecoder().decode(bytes)).join();
        done(given.every(words => text.includes(words)));";
    Ok(run(browser, user, script, json!(words)).await? == Value::Bool(true))
}

/// A document as the user's browser holds it; nothing if it does not.
pub async fn held(browser: &Browser, user: &str, id: DocId) -> Result<Option<Held>> {
    let script = "const bytes = await read(db.transaction('documents').objectStore('documents').get(given));
        done(bytes ? [...bytes] : null);";
    let bytes = run(browser, user, script, json!(id.to_string())).await?;
    let bytes: Option<Vec<u8>> = serde_json::from_value(bytes)?;
    Ok(bytes.map(|bytes| Held::from_bytes(&bytes)).transpose()?)
}

/// Lays a document into the user's browser, to be sent when the app starts next.
pub async fn lay_in(browser: &Browser, user: &str, id: DocId, held: &Held) -> Result<()> {
    let script = "const names = ['documents', 'summaries', 'unsent'];
        const write = db.transaction(names, 'readwrite');
        for (const name of names) {
            write.objectStore(name).put(new Uint8Array(given[name]), given.id);
        }
        write.oncomplete = () => done(true);";
    let given = json!({
        "id": id.to_string(),
        "documents": held.to_bytes(),
        "summaries": minicbor::to_vec(Summary::of(id, held)?)?,
        "unsent": minicbor::to_vec(())?,
    });
    ensure!(run(browser, user, script, given).await? == Value::Bool(true));
    Ok(())
}

/// The summary of a document as the user's browser keeps it; nothing if it does not.
pub async fn summary(browser: &Browser, user: &str, id: DocId) -> Result<Option<Summary>> {
    let script = "const bytes = await read(db.transaction('summaries').objectStore('summaries').get(given));
        done(bytes ? [...bytes] : null);";
    let bytes = run(browser, user, script, json!(id.to_string())).await?;
    let bytes: Option<Vec<u8>> = serde_json::from_value(bytes)?;
    Ok(bytes.map(|bytes| minicbor::decode(&bytes)).transpose()?)
}

/// Puts another summary in the place of a document's.
pub async fn put_summary(browser: &Browser, user: &str, summary: &Summary) -> Result<()> {
    let script = "const write = db.transaction('summaries', 'readwrite');
        write.objectStore('summaries').put(new Uint8Array(given.bytes), given.id);
        write.oncomplete = () => done(true);";
    let given = json!({ "id": summary.doc.to_string(), "bytes": minicbor::to_vec(summary)? });
    ensure!(run(browser, user, script, given).await? == Value::Bool(true));
    Ok(())
}

async fn run(browser: &Browser, user: &str, script: &str, given: Value) -> Result<Value> {
    let script = [OPEN, script, CLOSE].concat();
    browser
        .run(&script, vec![json!(format!("lianxin-{user}")), given])
        .await
}
