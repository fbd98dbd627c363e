//! What a browser keeps, read and written behind the app's back: for tests that look at it or forge it. The vault is opened as
//! the app opens it: by the PIN that [`Browser::sign_in`] has chosen.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use anyhow::{Context, Result, anyhow, ensure};
use argon2::{Algorithm, Argon2, Params, Version};
use lianxin_shared::id::DocId;
use lianxin_shared::sync::{Held, Summary};
use minicbor::Decode;
use minicbor::bytes::ByteVec;
use serde_json::{Value, json};

use crate::browser::{Browser, PIN};

/// What follows works with `given`, and with a database's stores by `get`, `all` and `put`, which seal and unseal.
const OPEN: &str = "const [locked, given, done] = arguments;
    const text = string => new TextEncoder().encode(string);
    const of = array => new Uint8Array(array);
    const read = request => new Promise((ok, no) => {
        request.onsuccess = () => ok(request.result);
        request.onerror = () => no(request.error);
    });
    const message = (nonce, place) => ({ name: 'AES-GCM', iv: nonce, additionalData: text(place) });
    (async () => {
        const wrapping = await crypto.subtle.importKey('raw', of(locked.wrapping), 'AES-GCM', false, ['unwrapKey']);
        const wrapped = of(locked.by_pin);
        const key = await crypto.subtle.unwrapKey('raw', wrapped.slice(12), wrapping,
            message(wrapped.slice(0, 12), locked.id), 'AES-GCM', false, ['encrypt', 'decrypt']);
        const db = await read(indexedDB.open('lianxin-' + locked.id));
        db.onversionchange = () => db.close();
        const unsealed = async (key, name, id, sealed) => of(await crypto.subtle.decrypt(
            message(sealed.slice(0, 12), `${name}\0${id}`), key, sealed.slice(12)));
        const kept = await read(db.transaction('meta').objectStore('meta').get('pen'));
        // Behind two bytes that say so, the 32 bytes of the key of drafts.
        const pen = await crypto.subtle.importKey('raw', (await unsealed(key, 'meta', 'pen', kept)).slice(2), 'AES-GCM',
            false, ['decrypt']);
        const unseal = (name, id, sealed) => unsealed(name.endsWith('drafts') ? pen : key, name, id, sealed);
        const get = async (name, id) => {
            const sealed = await read(db.transaction(name).objectStore(name).get(id));
            return sealed && [...await unseal(name, id, sealed)];
        };
        const all = async name => {
            const store = db.transaction(name).objectStore(name);
            const [keys, sealed] = await Promise.all([read(store.getAllKeys()), read(store.getAll())]);
            return Promise.all(keys.map((id, n) => unseal(name, id, sealed[n])));
        };
        const seal = async (name, id, value) => {
            const nonce = crypto.getRandomValues(new Uint8Array(12));
            const body = await crypto.subtle.encrypt(message(nonce, `${name}\0${id}`), key, of(value));
            return of([...nonce, ...of(body)]);
        };
        const put = async (id, values) => {
            const sealed = {};
            for (const [name, value] of Object.entries(values)) sealed[name] = await seal(name, id, value);
            const write = db.transaction(Object.keys(values), 'readwrite');
            for (const name in sealed) write.objectStore(name).put(sealed[name], id);
            await new Promise(ok => write.oncomplete = ok);
        };
    ";
const CLOSE: &str = "
    })().catch(error => done(String(error)));";

/// Who shares a tablet, as it keeps them.
#[derive(Debug, Clone, Decode)]
struct Enrolment {
    #[cbor(n(0), with = "minicbor::bytes")]
    id: [u8; 16],
    #[n(1)]
    user: String,
    #[n(3)]
    salt: ByteVec,
    #[n(4)]
    cost: Cost,
    #[n(5)]
    by_pin: ByteVec,
}

#[derive(Debug, Clone, Copy, Decode)]
struct Cost {
    #[n(0)]
    memory: u32,
    #[n(1)]
    passes: u32,
}

/// Whether a draft of the user's holds all these words.
pub async fn has_draft(browser: &Browser, user: &str, words: &[&str]) -> Result<bool> {
    let script = "const text = (await all('drafts')).map(bytes => new TextDecoder().decode(bytes)).join();
        done(given.every(words => text.includes(words)));";
    Ok(run(browser, user, script, json!(words)).await? == Value::Bool(true))
}

/// A document as the user's browser holds it; nothing if it does not.
pub async fn held(browser: &Browser, user: &str, id: DocId) -> Result<Option<Held>> {
    let script = "done(await get('documents', given) ?? null);";
    let bytes = run(browser, user, script, json!(id.to_string())).await?;
    let bytes: Option<Vec<u8>> = serde_json::from_value(bytes)?;
    Ok(bytes.map(|bytes| Held::from_bytes(&bytes)).transpose()?)
}

/// Lays a document into the user's browser, to be sent when the app starts next.
pub async fn lay_in(browser: &Browser, user: &str, id: DocId, held: &Held) -> Result<()> {
    let values = json!({
        "documents": held.to_bytes(),
        "summaries": minicbor::to_vec(Summary::of(id, held)?)?,
        "unsent": minicbor::to_vec(())?,
    });
    put(browser, user, id, &values).await
}

/// The summary of a document as the user's browser keeps it; nothing if it does not. Of several segments the last counts.
pub async fn summary(browser: &Browser, user: &str, id: DocId) -> Result<Option<Summary>> {
    Ok(summaries(browser, user).await?.remove(&id))
}

async fn summaries(browser: &Browser, user: &str) -> Result<HashMap<DocId, Summary>> {
    let script = "done((await all('segments')).map(bytes => [...bytes]));";
    let segments = run(browser, user, script, Value::Null).await?;
    let segments: Vec<Vec<u8>> = serde_json::from_value(segments)?;
    let mut found = HashMap::new();
    for segment in segments {
        let summaries: Vec<Summary> = minicbor::decode(&segment)?;
        found.extend(summaries.into_iter().map(|summary| (summary.doc, summary)));
    }
    Ok(found)
}

/// Makes the user's vault one as an older version of the app had it: with these stores alone, and summaries one by one. Only on
/// a page that starts no app.
pub async fn take_back(browser: &Browser, user: &str, version: u32, stores: &[&str]) -> Result<()> {
    let script = "const rows = {};
        for (const name of given.stores) {
            const store = db.transaction(name).objectStore(name);
            const [keys, values] = await Promise.all([read(store.getAllKeys()), read(store.getAll())]);
            rows[name] = keys.map((key, n) => [key, values[n]]);
        }
        rows.summaries = [];
        for (const [id, summary] of given.summaries) rows.summaries.push([id, await seal('summaries', id, summary)]);
        db.close();
        await read(indexedDB.deleteDatabase(db.name));
        const open = indexedDB.open(db.name, given.version);
        open.onupgradeneeded = () => given.stores.forEach(name => open.result.createObjectStore(name));
        const old = await read(open);
        const write = old.transaction(given.stores, 'readwrite');
        for (const name of given.stores) rows[name].forEach(([key, value]) => write.objectStore(name).put(value, key));
        await new Promise(ok => write.oncomplete = ok);
        old.close();
        done(true);";
    let mut kept = Vec::new();
    for (id, summary) in summaries(browser, user).await? {
        kept.push((id.to_string(), minicbor::to_vec(summary)?));
    }
    let given = json!({ "version": version, "stores": stores, "summaries": kept });
    ensure!(run(browser, user, script, given).await? == Value::Bool(true));
    Ok(())
}

/// Puts another summary in the place of a document's, as an older version of the app kept it.
pub async fn put_summary(browser: &Browser, user: &str, summary: &Summary) -> Result<()> {
    let values = json!({ "summaries": minicbor::to_vec(summary)? });
    put(browser, user, summary.doc, &values).await
}

/// The token of the user's session.
pub async fn token(browser: &Browser, user: &str) -> Result<String> {
    let bytes = run(browser, user, "done(await get('meta', 'session'));", Value::Null).await?;
    let bytes: Vec<u8> = serde_json::from_value(bytes)?;
    let session: Value = serde_json::from_str(minicbor::decode(&bytes)?)?;
    let token = session["token"].as_str().context("no token")?;
    Ok(token.to_owned())
}

/// Whether the server and the user's vault have told each other their keys.
pub async fn is_introduced(browser: &Browser, user: &str) -> Result<bool> {
    let script = "done(await get('meta', 'sealing') ?? null);";
    let bytes: Option<Vec<u8>> = serde_json::from_value(run(browser, user, script, Value::Null).await?)?;
    // Its own 32 bytes and the server's.
    Ok(bytes.is_some_and(|bytes| bytes.len() > 64))
}

async fn put(browser: &Browser, user: &str, id: DocId, values: &Value) -> Result<()> {
    let script = "await put(given.id, given.values); done(true);";
    let given = json!({ "id": id.to_string(), "values": values });
    ensure!(run(browser, user, script, given).await? == Value::Bool(true));
    Ok(())
}

async fn run(browser: &Browser, user: &str, script: &str, given: Value) -> Result<Value> {
    let known = enrolment(browser, user).await?;
    let hex: String = known.id.iter().map(|byte| format!("{byte:02x}")).collect();
    let locked = json!({
        "id": hex,
        "wrapping": wrapping(&known)?,
        "by_pin": known.by_pin.to_vec(),
    });
    let script = [OPEN, script, CLOSE].concat();
    browser.run(&script, vec![locked, given]).await
}

async fn enrolment(browser: &Browser, user: &str) -> Result<Enrolment> {
    let script = "const [done] = arguments;
        const open = indexedDB.open('lianxin');
        open.onsuccess = () => {
            const found = open.result.transaction('meta').objectStore('meta').get('people');
            found.onsuccess = () => { open.result.close(); done([...found.result]); };
        };";
    let bytes: Vec<u8> = serde_json::from_value(browser.run(script, Vec::new()).await?)?;
    let people: Vec<Enrolment> = minicbor::decode(&bytes)?;
    let known = people.into_iter().find(|known| known.user == user);
    known.with_context(|| format!("{user} has no vault here"))
}

/// The key that follows from the PIN. It is dear on purpose: made once for each salt.
fn wrapping(known: &Enrolment) -> Result<Vec<u8>> {
    static MADE: Mutex<Option<HashMap<Vec<u8>, Vec<u8>>>> = Mutex::new(None);
    let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
    let made = made.get_or_insert_default();
    if let Some(key) = made.get(known.salt.as_slice()) {
        return Ok(key.clone());
    }
    let failed = |error: argon2::Error| anyhow!("{error}");
    let params = Params::new(known.cost.memory, known.cost.passes, 1, Some(32)).map_err(failed)?;
    let mut key = vec![0; 32];
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(PIN.as_bytes(), &known.salt, &mut key)
        .map_err(failed)?;
    made.insert(known.salt.to_vec(), key.clone());
    Ok(key)
}
