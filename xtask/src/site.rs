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
/// The hashed files that name others, each before those that name it.
const NAMING: [&str; 2] = ["derive.js", "boot.js"];
/// Files that keep their names and name hashed ones.
const FIXED: [&str; 2] = ["index.html", "manifest.webmanifest"];
/// The service worker, which is given the list of all others.
const WORKER: &str = "sw.js";
/// Letters of a content's hash that go into a name: 64 bits, which no accident brings to collide.
const HASH_LETTERS: usize = 16;

/// Turns sources into what a server hands out.
pub(crate) fn assemble(mut sources: Files, wording: &Wording) -> Result<Files> {
    join_styles(&mut sources);
    let naming = NAMING.map(|name| take(&mut sources, name).map(|text| (name, text)));
    let worker = take(&mut sources, WORKER)?;
    let fixed = FIXED.map(|name| take(&mut sources, name).map(|text| (name, text)));

    let mut site = Site::default();
    for (name, bytes) in sources {
        site.add_hashed(&name, bytes);
    }
    for entry in naming {
        let (name, text) = entry?;
        let text = site.link(&text);
        site.add_hashed(name, text.into_bytes());
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn sources(app: &str) -> Files {
        let texts = [
            ("app.js", app),
            ("boot.js", "import(\"/app.js\"); new Worker(\"/derive.js\")"),
            ("derive.js", "import \"/app.js\""),
            ("icons/icon.svg", "<svg/>"),
            (
                "index.html",
                "<h1>{{zh:name}}</h1><script src=\"/boot.js\"><img src=\"/icons/icon.svg\">",
            ),
            ("manifest.webmanifest", "{}"),
            ("style/b.css", "second"),
            ("style/a.css", "first"),
            ("sw.js", "serve();"),
        ];
        texts
            .into_iter()
            .map(|(name, text)| (name.to_owned(), text.as_bytes().to_vec()))
            .collect()
    }

    fn assembled(app: &str) -> Files {
        assemble(sources(app), &Wording::of([("zh", "name = 连心")])).unwrap()
    }

    fn text<'a>(files: &'a Files, start: &str, end: &str) -> (&'a str, &'a str) {
        let mut found = files
            .iter()
            .filter(|(name, _)| name.starts_with(start) && name.ends_with(end));
        let (name, bytes) = found.next().unwrap();
        assert!(found.next().is_none(), "two files are called {start}…{end}");
        (name, std::str::from_utf8(bytes).unwrap())
    }

    #[test]
    fn each_file_names_the_others_by_their_contents() {
        let files = assembled("app");
        let (app, _) = text(&files, "app-", ".js");
        let (boot, boot_text) = text(&files, "boot-", ".js");
        let (derive, derive_text) = text(&files, "derive-", ".js");
        let (icon, _) = text(&files, "icons/icon-", ".svg");
        assert_eq!(derive_text, format!("import \"/{app}\""));
        assert_eq!(
            boot_text,
            format!("import(\"/{app}\"); new Worker(\"/{derive}\")")
        );
        assert_eq!(
            text(&files, "index", ".html").1,
            format!("<h1>连心</h1><script src=\"/{boot}\"><img src=\"/{icon}\">")
        );
        assert_eq!(text(&files, "style-", ".css").1, "first\nsecond");
    }

    #[test]
    fn a_change_renames_what_changed_and_what_names_it() {
        let (old, new) = (assembled("app"), assembled("app, changed"));
        for (start, end) in [("app-", ".js"), ("derive-", ".js"), ("boot-", ".js")] {
            assert_ne!(text(&old, start, end).0, text(&new, start, end).0);
        }
        assert_eq!(text(&old, "style-", ".css"), text(&new, "style-", ".css"));
        assert_ne!(text(&old, "sw", ".js"), text(&new, "sw", ".js"));
        assert_eq!(old, assembled("app"));
    }

    #[test]
    fn the_service_worker_is_given_every_file_but_itself() {
        let files = assembled("app");
        let (_, worker) = text(&files, "sw", ".js");
        assert!(worker.ends_with("serve();"));
        for name in files.keys() {
            assert_eq!(
                worker.contains(&format!("\"/{name}\": \"sha256-")),
                name != WORKER,
                "{name}"
            );
        }
    }

    #[test]
    fn a_missing_source_is_named() {
        let mut sources = sources("app");
        sources.remove("boot.js");
        let error = assemble(sources, &Wording::of([("zh", "name = 连心")])).unwrap_err();
        assert!(error.to_string().contains("boot.js"), "{error}");
    }
}
