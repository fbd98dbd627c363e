//! Gives every file its final name and contents. Pure: files in, files out.
//!
//! Sources name each other by plain paths in quotes, `"/app.js"`; here each such path becomes the hashed
//! name, `"/app-0123456789abcdef.js"`. A hashed name stands for one content for ever, so browsers keep it
//! without asking. The files in [`FIXED`] and the [`WORKER`] keep their names, since they are asked for by name.

use anyhow::{Context, Result};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::client::Files;
use crate::wording::Wording;

/// The folder whose style sheets are joined, in order of name, into [`STYLE`].
const STYLES: &str = "style/";
const STYLE: &str = "style.css";
/// The one hashed file that names others.
const BOOT: &str = "boot.js";
/// Files that keep their names and name hashed ones.
const FIXED: [&str; 2] = ["index.html", "manifest.webmanifest"];
/// The service worker, which is given the list of all others.
const WORKER: &str = "sw.js";
/// Letters of a content's hash that go into a name: 64 bits, which no accident brings to collide.
const HASH_LETTERS: usize = 16;

/// Turns sources into what a server hands out.
pub(crate) fn assemble(mut sources: Files, wording: &Wording) -> Result<Files> {
    join_styles(&mut sources);
    let boot = take(&mut sources, BOOT)?;
    let worker = take(&mut sources, WORKER)?;
    let fixed = FIXED.map(|name| take(&mut sources, name).map(|text| (name, text)));

    let mut site = Site::default();
    for (name, bytes) in sources {
        site.add_hashed(&name, bytes);
    }
    let boot = site.link(&boot);
    site.add_hashed(BOOT, boot.into_bytes());
    for entry in fixed {
        let (name, text) = entry?;
        let text = site.link(&wording.fill(&text).with_context(|| format!("in {name}"))?);
        site.add_fixed(name, text.into_bytes());
    }
    Ok(site.finish(&worker))
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[derive(Default)]
struct Site {
    files: Files,
    /// Source name and hashed name.
    renamed: Vec<(String, String)>,
    /// URL and integrity, for the service worker.
    hashed: serde_json::Map<String, serde_json::Value>,
    fixed: serde_json::Map<String, serde_json::Value>,
}

impl Site {
    fn add_hashed(&mut self, name: &str, bytes: Vec<u8>) {
        let hash = &hex(&Sha256::digest(&bytes))[..HASH_LETTERS];
        let renamed = match name.rsplit_once('.') {
            Some((stem, extension)) => format!("{stem}-{hash}.{extension}"),
            None => format!("{name}-{hash}"),
        };
        self.hashed
            .insert(format!("/{renamed}"), integrity(&bytes).into());
        self.files.insert(renamed.clone(), bytes);
        self.renamed.push((name.to_owned(), renamed));
    }

    fn add_fixed(&mut self, name: &str, bytes: Vec<u8>) {
        self.fixed.insert(format!("/{name}"), integrity(&bytes).into());
        self.files.insert(name.to_owned(), bytes);
    }

    /// Replaces the quoted paths of sources by hashed ones.
    fn link(&self, text: &str) -> String {
        self.renamed
            .iter()
            .fold(text.to_owned(), |text, (name, renamed)| {
                text.replace(&format!("\"/{name}\""), &format!("\"/{renamed}\""))
            })
    }

    /// Puts the list of all files before the service worker and adds it as the last one.
    fn finish(mut self, worker: &str) -> Files {
        let version = json!([self.hashed, self.fixed]).to_string();
        let head = format!(
            "const VERSION = \"{}\";\nconst HASHED = {:#};\nconst FIXED = {:#};\n\n",
            &hex(&Sha256::digest(version))[..HASH_LETTERS],
            json!(self.hashed),
            json!(self.fixed),
        );
        self.files.insert(WORKER.to_owned(), (head + worker).into_bytes());
        self.files
    }
}

fn join_styles(sources: &mut Files) {
    let (styles, others) = std::mem::take(sources)
        .into_iter()
        .partition(|(name, _)| name.starts_with(STYLES));
    let styles: Files = styles;
    *sources = others;
    sources.insert(
        STYLE.to_owned(),
        styles.into_values().collect::<Vec<_>>().join(&b'\n'),
    );
}

fn take(sources: &mut Files, name: &str) -> Result<String> {
    let bytes = sources
        .remove(name)
        .with_context(|| format!("client/static has no {name}"))?;
    String::from_utf8(bytes).with_context(|| format!("{name} is not UTF-8"))
}

/// What a browser checks a fetched file against.
fn integrity(bytes: &[u8]) -> String {
    format!("sha256-{}", STANDARD.encode(Sha256::digest(bytes)))
}
