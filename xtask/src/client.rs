//! Compiles the client and fills the folder of files that the server carries.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};
use wasm_bindgen_cli_support::Bindgen;

use crate::compress::{self, Sizes};
use crate::site;
use crate::tools::{self, WASM};
use crate::wording::Wording;
use crate::workspace::{Workspace, succeed};

/// A change of how the files are made counts like a change of what they are made from.
const MAKER: &str = concat!(
    include_str!("client.rs"),
    include_str!("compress.rs"),
    include_str!("site.rs"),
    include_str!("wording.rs"),
);

/// Files by their path below the folder, with `/` between its parts.
pub(crate) type Files = BTreeMap<String, Vec<u8>>;

/// Builds the client; nothing is made again that has not changed. Prints the size of the wasm file.
pub(crate) fn build(workspace: &Workspace) -> Result<()> {
    tools::wasm_target(workspace)?;
    let compiled = compile(workspace)?;
    let statics = read_folder(&workspace.root.join("client/static"))?;
    let wording = Wording::read(&workspace.root.join("shared/locales"))?;

    let stamp_file = workspace.target.join("web.stamp");
    let stamp = stamp(&compiled, &statics, &wording)?;
    let web = workspace.web();
    let is_current = fs::read_to_string(&stamp_file).is_ok_and(|old| old == stamp);
    if !is_current || !web.join("index.html").is_file() {
        println!("xtask: making the files for the browser");
        let mut files = bindgen(&compiled, &workspace.target.join("bindgen"))?;
        files.extend(statics);
        compress::write_folder(&web, &site::assemble(files, &wording)?)?;
        fs::write(&stamp_file, &stamp)?;
    }
    println!("xtask: client in {}: {}", web.display(), wasm_sizes(&web)?);
    Ok(())
}

/// Compiles to wasm and answers where the file is.
fn compile(workspace: &Workspace) -> Result<PathBuf> {
    let arguments = format!("build --package lianxin-client --lib --target {WASM} --profile client");
    succeed(&mut workspace.cargo(&arguments))?;
    Ok(workspace.target.join(WASM).join("client/lianxin_client.wasm"))
}

/// Makes `app.js` and `app_bg.wasm` out of the compiler's file.
fn bindgen(compiled: &Path, folder: &Path) -> Result<Files> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    Bindgen::new()
        .input_path(compiled)
        .out_name("app")
        .web(true)?
        .typescript(false)
        // The start script names the hashed file itself.
        .omit_default_module_path(true)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate(folder)?;
    let files = read_folder(folder)?;
    if let Some(other) = files
        .keys()
        .find(|path| !["app.js", "app_bg.wasm"].contains(&path.as_str()))
    {
        bail!(
            "the client brings a script of its own, {other}; such files are not handled: use web-sys instead"
        );
    }
    Ok(files)
}

/// One name for everything that the files are made from.
fn stamp(compiled: &Path, statics: &Files, wording: &Wording) -> Result<String> {
    let compiled = fs::read(compiled).with_context(|| format!("cannot read {}", compiled.display()))?;
    let mut hash = Sha256::new();
    let named = statics
        .iter()
        .map(|(path, bytes)| (path.as_str(), bytes.as_slice()));
    let parts = named.chain([("wasm", compiled.as_slice()), ("maker", MAKER.as_bytes())]);
    for (name, bytes) in parts.chain(wording.sources()) {
        hash.update(name);
        hash.update(bytes.len().to_be_bytes());
        hash.update(bytes);
    }
    Ok(site::hex(&hash.finalize()))
}

/// Reads a folder and the folders in it.
fn read_folder(folder: &Path) -> Result<Files> {
    let mut files = Files::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(&next).with_context(|| format!("cannot read {}", next.display()))? {
            let path = entry?.path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(folder)?.to_string_lossy().replace('\\', "/");
                files.insert(name, fs::read(&path)?);
            }
        }
    }
    Ok(files)
}

fn wasm_sizes(web: &Path) -> Result<Sizes> {
    for entry in fs::read_dir(web)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "wasm") {
            return Sizes::of(&path);
        }
    }
    bail!("{} holds no wasm file", web.display())
}
