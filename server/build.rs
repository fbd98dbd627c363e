//! Tells the compiler where the client's files are: `web` in cargo's target folder.
//!
//! The folder is made when it is missing, so that the server also builds before the client; it then
//! carries no client.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let web = target_folder().join("web");
    fs::create_dir_all(&web)?;
    println!("cargo::rustc-env=LIANXIN_WEB={}", web.display());
    println!("cargo::rerun-if-changed={}", web.display());
    Ok(())
}

/// Cargo names its target folder to nobody, but marks it, and gives every build script a folder below it.
fn target_folder() -> PathBuf {
    let below = env::var_os("OUT_DIR").map(PathBuf::from).unwrap_or_default();
    let is_marked = |folder: &&Path| folder.join(".rustc_info.json").is_file();
    match below.ancestors().find(is_marked) {
        Some(folder) => folder.to_path_buf(),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../target"),
    }
}
