//! Files beside the databases: the origin's private file system (<https://fs.spec.whatwg.org/>). A browser that throws its databases
//! away leaves them, and what was written is there however the browser ends.

use futures_util::StreamExt as _;
use futures_util::future::join_all;
use js_sys::{ArrayBuffer, Function, Promise, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_futures::stream::JsStream;
use web_sys::{
    File, FileSystemDirectoryHandle, FileSystemFileHandle, FileSystemGetDirectoryOptions,
    FileSystemGetFileOptions, FileSystemRemoveOptions, FileSystemWritableFileStream,
};

/// A folder of such files. What cannot be done there is nothing: an older browser has none, and whoever asks does without.
pub(super) struct Folder(FileSystemDirectoryHandle);

impl Folder {
    /// The folder of all folders.
    pub(super) async fn top() -> Option<Self> {
        let storage = web_sys::window()?.navigator().storage();
        came(call(&storage, "getDirectory")?).await.map(Self)
    }

    /// A folder in this one; it is made when missing.
    pub(super) async fn folder(&self, name: &str) -> Option<Self> {
        let options = FileSystemGetDirectoryOptions::new();
        options.set_create(true);
        came(self.0.get_directory_handle_with_options(name, &options))
            .await
            .map(Self)
    }

    /// Writes a file, as a whole or not at all.
    pub(super) async fn put(&self, name: &str, bytes: &[u8]) -> Option<()> {
        let options = FileSystemGetFileOptions::new();
        options.set_create(true);
        let file: FileSystemFileHandle = came(self.0.get_file_handle_with_options(name, &options)).await?;
        let stream: FileSystemWritableFileStream = came(call(&file, "createWritable")?).await?;
        // A copy: the memory of the app moves when it grows.
        let bytes = Uint8Array::from(bytes);
        let written = stream.write_with_js_u8_array(&bytes).ok()?;
        JsFuture::from(written).await.ok()?;
        JsFuture::from(stream.close()).await.ok().map(drop)
    }

    /// Removes a file, or a folder with all that is in it.
    pub(super) async fn remove(&self, name: &str) -> Option<()> {
        let options = FileSystemRemoveOptions::new();
        options.set_recursive(true);
        let removed = self.0.remove_entry_with_options(name, &options);
        JsFuture::from(removed).await.ok().map(drop)
    }

    /// What is in it, by name.
    pub(super) async fn names(&self) -> Vec<String> {
        let names = JsStream::from(self.0.keys());
        let names = names.filter_map(async |name| name.ok()?.as_string());
        names.collect().await
    }

    /// All its files.
    pub(super) async fn files(&self) -> Vec<Vec<u8>> {
        let names = self.names().await;
        let files = join_all(names.iter().map(|name| self.file(name))).await;
        files.into_iter().flatten().collect()
    }

    async fn file(&self, name: &str) -> Option<Vec<u8>> {
        let handle: FileSystemFileHandle = came(self.0.get_file_handle(name)).await?;
        let file: File = came(handle.get_file()).await?;
        let bytes: ArrayBuffer = came(file.array_buffer()).await?;
        Some(Uint8Array::new(&bytes).to_vec())
    }
}

/// Calls a function that older browsers do not have.
fn call(of: &JsValue, name: &str) -> Option<Promise> {
    let function: Function = Reflect::get(of, &name.into()).ok()?.dyn_into().ok()?;
    function.call0(of).ok()?.dyn_into().ok()
}

/// What a promise brings, if it is what it should be.
async fn came<T: JsCast>(promise: Promise) -> Option<T> {
    let value: JsValue = JsFuture::from(promise).await.ok()?;
    value.dyn_into().ok()
}
