//! What is wrong with a backup is told before anything is written, and what is missing is written again.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use lianxin_tests::server::Server;

use crate::safe::{Safe, host, is_in, new_key};

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_restored_is_told_and_changes_nothing() -> Result<()> {
    let server = Server::start().await?;
    let safe = Safe::new()?;
    let (mut tablet, theme) = host(&server, "host1").await?;
    for n in 0..200 {
        tablet.take_down(&format!("三号楼电梯又停了〔{n}〕"), theme)?;
    }
    tablet.sync_through(5).await?;
    // A file, which no record names any more.
    let name = "00".repeat(32);
    let kept = Path::new("files/kept/00").join(&name);
    std::fs::create_dir_all(server.data().join("files/kept/00"))?;
    std::fs::write(server.data().join(&kept), "一张照片")?;
    safe.back_up(&server)?;

    let chunks: Vec<_> = safe
        .files()?
        .into_iter()
        .filter(|path| is_in(path, "chunks"))
        .collect();
    ensure!(chunks.len() > 3, "{} chunks", chunks.len());
    let is_plain =
        |bytes: &[u8], words: &str| bytes.windows(words.len()).any(|here| here == words.as_bytes());
    for path in safe.files()? {
        let bytes = std::fs::read(&path)?;
        for words in ["电梯", "照片", "host1", "suggestion", "主持人", "argon2"] {
            ensure!(!is_plain(&bytes, words), "{words} stands in {}", path.display());
        }
    }

    let empty = Server::stopped()?;
    let refuses = |key: &Path, words: &str| -> Result<()> {
        let said = format!(
            "{:#}",
            safe.restore_with(&empty, key, &[])
                .err()
                .context("it was restored")?
        );
        ensure!(said.contains(words), "{said}");
        ensure!(!empty.data().exists(), "something was written");
        Ok(())
    };
    let other = safe.folder.path().join("other");
    new_key(&other)?;
    refuses(&other, "encrypted for somebody else")?;
    refuses(&safe.folder.path().join("none"), "No such file")?;
    // Damaged: a byte, the end, another's content in its place, and gone.
    let whole = std::fs::read(&chunks[1])?;
    let mut damaged = whole.clone();
    damaged[whole.len() / 2] ^= 1;
    for bytes in [
        damaged,
        whole[..whole.len() - 1].to_vec(),
        std::fs::read(&chunks[2])?,
    ] {
        std::fs::write(&chunks[1], bytes)?;
        refuses(&safe.key(), "is damaged")?;
    }
    std::fs::remove_file(&chunks[1])?;
    refuses(&safe.key(), "is missing")?;
    std::fs::write(&chunks[1], &whole)?;
    let files = safe.files()?;
    let file = files
        .iter()
        .find(|path| is_in(path, "files"))
        .context("no file")?;
    let sealed = std::fs::read(file)?;
    std::fs::write(file, &sealed[1..])?;
    refuses(&safe.key(), "is damaged")?;
    std::fs::write(file, sealed)?;
    // A manifest that leaves a chunk out is not what was sealed.
    let manifest = files
        .iter()
        .find(|path| is_in(path, "manifests"))
        .context("no manifest")?;
    let written = std::fs::read_to_string(manifest)?;
    let name = chunks[0]
        .file_name()
        .and_then(|name| name.to_str())
        .context("no name")?;
    let line = written
        .lines()
        .find(|line| line.contains(name))
        .context("not named")?;
    std::fs::write(manifest, written.replacen(&format!("{line}\n"), "", 1))?;
    refuses(&safe.key(), "is damaged")?;
    std::fs::write(manifest, written)?;

    // Now it is whole again. What is there already is not overwritten, unless that is asked for.
    safe.restore(&empty)?;
    ensure!(
        !empty.data().join(&kept).exists(),
        "a file that no record names was restored"
    );
    let said = format!("{:#}", safe.restore(&empty).err().context("it was overwritten")?);
    ensure!(said.contains("--replace"), "{said}");
    let said = safe.restore_with(&empty, &safe.key(), &["--replace"])?;
    ensure!(said.contains("replaced-"), "{said}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_costs_what_changed_and_heals_what_is_missing() -> Result<()> {
    let server = Server::start().await?;
    let safe = Safe::new()?;
    let (mut tablet, theme) = host(&server, "host1").await?;
    // Chunks end where chance wants it, after 48 documents in the mean: so many are more than eight but once in 100,000 times.
    for n in 0..1_200 {
        tablet.take_down(&format!("三号楼电梯又停了〔{n}〕"), theme)?;
    }
    tablet.sync_through(5).await?;
    safe.back_up(&server)?;
    let before = safe.files()?.len();
    tablet.take_down("又一条。", theme)?;
    tablet.sync_through(5).await?;
    safe.back_up(&server)?;
    let new = safe.files()?.len() - before;
    // The manifest, the end of the documents, and what stands before and behind them.
    ensure!(before > 8 && new <= 5, "{new} new beside {before}");

    let manifests = safe.files()?.into_iter().filter(|path| is_in(path, "manifests"));
    let newest = std::fs::read(manifests.max().context("no manifest")?)?;
    let newest: serde_json::Value = serde_json::from_slice(&newest)?;
    let name = newest["chunks"][0].as_str().context("no chunk")?;
    let chunk = safe.place().join("chunks").join(name);
    std::fs::remove_file(&chunk)?;
    safe.back_up(&server)?;
    ensure!(chunk.exists(), "what is missing is not written again");
    // Another database is not mixed in.
    let other = Server::start().await?;
    let said = format!("{:#}", safe.back_up(&other).err().context("it was mixed in")?);
    ensure!(said.contains("another database"), "{said}");
    Ok(())
}
