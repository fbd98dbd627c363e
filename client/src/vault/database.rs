//! One IndexedDB database: sealed bytes by key in a few stores, written in transactions that are durable when they end.

use std::collections::{BTreeMap, BTreeSet};
use std::future::IntoFuture;
use std::rc::Rc;

use futures_channel::oneshot;
use gloo_events::EventListener;
use idb::builder::{DatabaseBuilder, ObjectStoreBuilder};
use idb::{Transaction, TransactionMode};
use js_sys::{Array, Object, Reflect, Uint8Array};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;
use web_sys::{IdbDatabase, IdbTransaction, IdbVersionChangeEvent};

use super::key::KeyError;
use super::seal::Seal;
use super::spare;
use super::store::{Store, place};

/// Why the device did not keep or give back what it should.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// The browser has no room left on the device.
    #[error("the device is full")]
    Full,
    /// The browser refused to open, read or write the database.
    #[error("the device's storage failed: {0}")]
    Storage(String),
    /// The browser has no locks: an old one, or a page that did not come by https.
    #[error("the browser cannot keep two windows apart")]
    NoLocks,
    /// A newer version of the app has made the database its own.
    #[error("a newer version of the app has opened what is kept")]
    Newer,
    /// What was read is not what was written.
    #[error("what was kept cannot be read: {0}")]
    Unreadable(String),
    /// It could not be sealed or opened.
    #[error(transparent)]
    Key(#[from] KeyError),
}

/// Counts up with each change of the stores; the browser then makes those that are new.
const VERSION: u32 = 6;

/// What was read, by key: as it was before it was sealed, or why it does not open.
type Opened = Vec<(String, Result<Vec<u8>, KeyError>)>;

/// Writes that take effect together or not at all. Encoded when they are added, sealed before the transaction opens:
/// IndexedDB ends a transaction by itself when the task does anything else.
#[derive(Debug, Default, Clone)]
pub struct Batch(Vec<(Store, String, Option<Vec<u8>>)>);

impl Batch {
    /// Puts a value under a key.
    pub fn put<T: minicbor::Encode<()>>(
        &mut self,
        store: Store,
        key: &(impl ToString + ?Sized),
        value: &T,
    ) -> Result<(), VaultError> {
        self.0.push((store, key.to_string(), Some(encode(value)?)));
        Ok(())
    }

    /// Removes what is under a key.
    pub fn remove(&mut self, store: Store, key: &(impl ToString + ?Sized)) {
        self.0.push((store, key.to_string(), None));
    }

    /// The same without what is under these keys.
    #[must_use]
    pub(super) fn without(mut self, keys: &BTreeSet<String>) -> Self {
        self.0.retain(|(_, key, _)| !keys.contains(key));
        self
    }

    /// What is in it: store, key, and what is put there as it is before it is sealed; nothing where it is removed.
    pub(super) fn entries(&self) -> impl Iterator<Item = (Store, &str, Option<&[u8]>)> {
        self.0
            .iter()
            .map(|(store, key, plain)| (*store, key.as_str(), plain.as_deref()))
    }

    /// Whether there is nothing to write.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// A database, open.
#[derive(Debug, Clone)]
pub struct Database {
    name: Rc<str>,
    connection: Rc<Connection>,
    seal: Seal,
}

/// What the browser has open. It is let go with the last who knows of it: the browser itself would hold it for as long as it
/// likes, and a newer version of the app would wait for that.
#[derive(Debug)]
struct Connection {
    database: IdbDatabase,
    _yielding: EventListener,
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.database.close();
    }
}

impl Database {
    /// Opens or makes the database of that name, whose bytes are sealed like this.
    pub async fn open(name: &str, seal: Seal) -> Result<Self, VaultError> {
        let stores = Store::ALL.map(|store| ObjectStoreBuilder::new(store.name()));
        let builder = stores.into_iter().fold(
            DatabaseBuilder::new(name).version(VERSION),
            DatabaseBuilder::add_object_store,
        );
        let database = IdbDatabase::from(builder.build().await?);
        let _yielding = yielding(&database);
        Ok(Self {
            name: name.into(),
            connection: Rc::new(Connection { database, _yielding }),
            seal,
        })
    }

    /// The same database, sealed like this from now on.
    pub(super) fn sealed_by(self, seal: Seal) -> Self {
        Self { seal, ..self }
    }

    /// How it is sealed.
    pub(super) fn seal(&self) -> &Seal {
        &self.seal
    }

    /// Removes a database with all that is in it, once no window has it open.
    pub async fn remove(name: &str) -> Result<(), VaultError> {
        let request = idb::Factory::new()?.delete(name)?;
        whole(request.into_future()).await?;
        spare::forget(name).await;
        Ok(())
    }

    /// Lets go of the database, so that it can be removed.
    pub fn close(&self) {
        self.connection.database.close();
    }

    /// The value under a key.
    pub async fn get<T: for<'b> minicbor::Decode<'b, ()>>(
        &self,
        store: Store,
        key: &(impl ToString + ?Sized),
    ) -> Result<Option<T>, VaultError> {
        let transaction = self.transaction(&[store], TransactionMode::ReadOnly)?;
        let key = key.to_string();
        let request = transaction
            .object_store(store.name())?
            .get(JsValue::from_str(&key))?;
        let sealed = whole(request.into_future()).await?;
        let sealed = sealed.into_iter().map(|sealed| (key.clone(), sealed));
        let opened = self.opened(store, sealed).await?.pop();
        opened.map(|(_, plain)| decode(&plain?)).transpose()
    }

    /// What lies under these keys, opened, in the same order; nothing where there is nothing that opens.
    pub(super) async fn plain(
        &self,
        store: Store,
        keys: &[String],
    ) -> Result<Vec<Option<Vec<u8>>>, VaultError> {
        let found = self.sealed(store, keys).await?;
        let sealed = keys.iter().zip(found);
        let sealed = sealed.map(|(key, sealed)| (key.clone(), sealed.unwrap_or_default()));
        let opened = self.opened(store, sealed).await?;
        Ok(opened.into_iter().map(|(_, plain)| plain.ok()).collect())
    }

    async fn sealed(&self, store: Store, keys: &[String]) -> Result<Vec<Option<JsValue>>, VaultError> {
        let transaction = self.transaction(&[store], TransactionMode::ReadOnly)?;
        let objects = transaction.object_store(store.name())?;
        let mut requests = Vec::with_capacity(keys.len());
        for key in keys {
            // All are asked at once: between answers the browser would end the transaction.
            requests.push(objects.get(JsValue::from_str(key))?.into_future());
        }
        whole(futures_util::future::try_join_all(requests)).await
    }

    /// The values under these keys; what is missing is left out.
    pub async fn get_many<K: Copy + Ord + ToString, T: for<'b> minicbor::Decode<'b, ()>>(
        &self,
        store: Store,
        keys: &[K],
    ) -> Result<BTreeMap<K, T>, VaultError> {
        let names: Vec<_> = keys.iter().map(ToString::to_string).collect();
        let found = self.sealed(store, &names).await?;
        let found: Vec<_> = keys
            .iter()
            .zip(found)
            .filter_map(|(key, sealed)| Some((*key, sealed?)))
            .collect();
        let sealed = found
            .iter()
            .map(|(key, sealed)| (key.to_string(), sealed.clone()));
        let opened = self.opened(store, sealed).await?;
        let keys = found.iter().map(|(key, _)| *key);
        keys.zip(opened)
            .map(|(key, (_, plain))| Ok((key, decode(&plain?)?)))
            .collect()
    }

    /// The keys of a store.
    pub async fn keys(&self, store: Store) -> Result<Vec<String>, VaultError> {
        let transaction = self.transaction(&[store], TransactionMode::ReadOnly)?;
        let request = transaction.object_store(store.name())?.get_all_keys(None, None)?;
        let keys = whole(request.into_future()).await?;
        Ok(keys.iter().filter_map(JsValue::as_string).collect())
    }

    /// Everything in a store with its key, by key. What cannot be read is left out and named in the second list: one
    /// broken entry must not hide the others.
    pub async fn all<T: for<'b> minicbor::Decode<'b, ()>>(
        &self,
        store: Store,
    ) -> Result<(Vec<(String, T)>, Vec<String>), VaultError> {
        let (mut read, mut broken) = (Vec::new(), Vec::new());
        for (key, plain) in self.everything(store).await? {
            match plain.map(|plain| decode(&plain)) {
                Ok(Ok(value)) => read.push((key, value)),
                _ => broken.push(key),
            }
        }
        Ok((read, broken))
    }

    /// What lies in a store, by key, each opened by itself.
    async fn everything(&self, store: Store) -> Result<Opened, VaultError> {
        let transaction = self.transaction(&[store], TransactionMode::ReadOnly)?;
        let objects = transaction.object_store(store.name())?;
        let keys = objects.get_all_keys(None, None)?;
        let values = objects.get_all(None, None)?;
        let both = futures_util::future::try_join(keys.into_future(), values.into_future());
        let (keys, values) = whole(both).await?;
        let keys = keys.into_iter().map(|key| key.as_string().unwrap_or_default());
        self.opened(store, keys.zip(values)).await
    }

    /// Opens what lies in a store under these keys, each by itself.
    async fn opened(
        &self,
        store: Store,
        sealed: impl Iterator<Item = (String, JsValue)>,
    ) -> Result<Opened, VaultError> {
        let (keys, sealed): (Vec<_>, Vec<_>) = sealed.unzip();
        let places: Vec<_> = keys.iter().map(|key| place(store, key)).collect();
        let sealed = places.iter().zip(sealed).map(|(place, sealed)| {
            // What is no array of bytes is no message either.
            let bytes = sealed
                .dyn_into()
                .unwrap_or_else(|_| Uint8Array::new_with_length(0));
            (place.as_str(), bytes)
        });
        let opened = self.seal.open_all(store, sealed).await?;
        Ok(keys.into_iter().zip(opened).collect())
    }

    /// Everything as it lies in a store, opened, to be laid by elsewhere. What does not open is an error.
    pub(super) async fn contents(&self, store: Store) -> Result<Batch, VaultError> {
        let opened = self.everything(store).await?.into_iter();
        let batch = opened
            .map(|(key, plain)| Ok((store, key, Some(plain?))))
            .collect::<Result<_, KeyError>>();
        Ok(Batch(batch?))
    }

    /// Writes a batch and answers once it is on the disk.
    pub async fn commit(&self, batch: Batch) -> Result<(), VaultError> {
        if batch.is_empty() {
            return Ok(());
        }
        let sealed = batch.0.iter().map(async |(store, key, value)| {
            let value = match value {
                Some(plain) => Some(self.seal.seal(*store, &place(*store, key), plain).await?),
                None => None,
            };
            Ok::<_, VaultError>((*store, JsValue::from_str(key), value))
        });
        let sealed = futures_util::future::try_join_all(sealed).await?;
        let stores: Vec<_> = Store::ALL
            .into_iter()
            .filter(|store| sealed.iter().any(|(other, ..)| other == store))
            .collect();
        let transaction = self.transaction(&stores, TransactionMode::ReadWrite)?;
        for (store, key, value) in sealed {
            let objects = transaction.object_store(store.name())?;
            match value {
                Some(value) => drop(objects.put(&value, Some(&key))?),
                None => drop(objects.delete(key)?),
            }
        }
        // Asked for by name: what the browser would end by itself, it takes back when the page goes away before.
        if whole(transaction.commit()?.into_future()).await?.is_committed() {
            spare::follow(&self.name, &batch).await;
            Ok(())
        } else {
            Err(VaultError::Storage("the transaction was taken back".to_owned()))
        }
    }

    fn transaction(&self, stores: &[Store], mode: TransactionMode) -> Result<Transaction, VaultError> {
        let names: Array = stores
            .iter()
            .map(|store| JsValue::from_str(store.name()))
            .collect();
        let mode = if mode == TransactionMode::ReadWrite {
            "readwrite"
        } else {
            "readonly"
        };
        let options = Object::new();
        Reflect::set(&options, &"durability".into(), &"strict".into()).map_err(|error| storage(&error))?;
        self.connection
            .database
            .unchecked_ref::<Durable>()
            .transaction(&names, mode, &options)
            .map(Transaction::from)
            .map_err(|error| storage(&error))
    }
}

/// Gives way to a newer version of the app in another window, which waits until nobody has the database open as it was; and
/// starts anew with that version. What was being written is kept with every key.
fn yielding(database: &IdbDatabase) -> EventListener {
    let open = database.clone();
    EventListener::new(database, "versionchange", move |event| {
        open.close();
        let removed = event
            .dyn_ref::<IdbVersionChangeEvent>()
            .is_none_or(|event| event.new_version().is_none());
        if !removed && let Some(window) = web_sys::window() {
            // Where it does not start anew, its next write fails and is told.
            drop(window.location().reload());
        }
    })
}

/// Sees a request through even if nobody waits for it any more: the browser answers it all the same, and must find
/// somebody to answer.
async fn whole<T: 'static>(
    request: impl Future<Output = Result<T, idb::Error>> + 'static,
) -> Result<T, VaultError> {
    let (done, result) = oneshot::channel();
    spawn_local(async move {
        // Nobody waits any more.
        let _ = done.send(request.await);
    });
    let gone = |_| VaultError::Storage("the request was given up".to_owned());
    Ok(result.await.map_err(gone)??)
}

#[wasm_bindgen]
extern "C" {
    /// `IDBDatabase` with the third argument of `transaction`, which asks for durability: without it a browser calls a
    /// transaction complete before it is on the disk.
    type Durable;

    #[wasm_bindgen(method, catch)]
    fn transaction(
        this: &Durable,
        stores: &Array,
        mode: &str,
        options: &Object,
    ) -> Result<IdbTransaction, JsValue>;
}

impl From<idb::Error> for VaultError {
    fn from(error: idb::Error) -> Self {
        let words = error.to_string();
        if words.contains("QuotaExceeded") {
            Self::Full
        } else if words.contains("VersionError") {
            Self::Newer
        } else {
            Self::Storage(words)
        }
    }
}

fn storage(error: &JsValue) -> VaultError {
    VaultError::Storage(format!("{error:?}"))
}

fn encode<T: minicbor::Encode<()>>(value: &T) -> Result<Vec<u8>, VaultError> {
    minicbor::to_vec(value).map_err(|e| VaultError::Unreadable(e.to_string()))
}

pub(super) fn decode<T: for<'b> minicbor::Decode<'b, ()>>(plain: &[u8]) -> Result<T, VaultError> {
    minicbor::decode(plain).map_err(|e| VaultError::Unreadable(e.to_string()))
}
