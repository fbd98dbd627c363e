//! `backup`, `backup-key` and `restore`.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use clap::Args;
use lianxin_shared::id::Moment;

use super::CommandError;
use crate::backup::{self, Identities, Keep, Recipients, Restoring, Target};
use crate::clock::now;
use crate::config::raw::{self, Files, Raw, Store};
use crate::config::{ConfigError, Installation};
use crate::store::SqliteStore;

/// Where to, for whom, and how many stay: what the file says of it under `[backup]`, unless given.
#[derive(Args)]
pub(super) struct Backup {
    #[command(flatten)]
    store: Store,
    #[command(flatten)]
    files: Files,
    /// Where backups go: a folder, or `s3://BUCKET/PATH` with AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION and
    /// AWS_ENDPOINT in the environment.
    #[arg(long, env = "LIANXIN_BACKUP_TO")]
    to: Option<String>,
    /// For whom they are encrypted, as `age1…`; may be given several times. `backup-key` makes one.
    #[arg(long = "for", env = "LIANXIN_BACKUP_FOR", value_delimiter = ',')]
    recipients: Vec<String>,
    /// How many stay: `hourly 24, daily 30, monthly 12`, unless given.
    #[arg(long, env = "LIANXIN_BACKUP_KEEP")]
    keep: Option<Keep>,
}

impl Backup {
    pub(super) async fn carry_out(self, mut file: Raw) -> Result<(), CommandError> {
        let said = raw::Backup {
            to: self.to,
            recipients: self.recipients,
            keep: self.keep,
            every: None,
        };
        for district in &mut file.districts {
            // What the command says is stronger than what the file says of the district that is meant.
            let own = &mut district.backup;
            own.to.take_if(|_| said.to.is_some());
            own.keep.take_if(|_| said.keep.is_some());
            if !said.recipients.is_empty() {
                own.recipients.clear();
            }
        }
        let (backup, files) = (said.or(file.backup), self.files.or(file.files));
        let file = Raw {
            backup,
            files,
            ..file
        };
        let Installation {
            store: place,
            files,
            backup,
        } = Installation::with_backups(self.store, file)?;
        let backup = backup.ok_or(ConfigError::BackupNowhere)?;
        let recipients = Recipients::parse(&backup.recipients)?;
        let data = place.data();
        if let Some(data) = data.filter(|data| !SqliteStore::is_in(data)) {
            return Err(CommandError::NoDatabase(data.to_owned()));
        }
        let target = Target::to(&backup.to)?;
        let (store, _) = place.open().await?;
        let files = files.open()?;
        let made = backup::make((&*store, &files), data, &target, &recipients, backup.keep).await?;
        println!(
            "{} documents; {} of {} chunks and {} files were new, {} KiB; {} older backups removed",
            made.documents,
            made.new,
            made.chunks,
            made.files,
            made.bytes.div_ceil(1024),
            made.removed
        );
        Ok(())
    }
}

/// Where to put the key.
#[derive(Args)]
pub(super) struct Key {
    /// The file, which is not there yet.
    file: PathBuf,
}

impl Key {
    pub(super) fn carry_out(&self) -> Result<(), CommandError> {
        let (text, recipient) = backup::new_key();
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&self.file)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        println!("{recipient}");
        Ok(())
    }
}

/// From where, to where.
#[derive(Args)]
pub(super) struct Restore {
    /// Where the backups are: a folder, or `s3://BUCKET/PATH`.
    from: String,
    /// Lists the backups that are there, and does nothing else.
    #[arg(long)]
    list: bool,
    /// The file of the key that opens them.
    #[arg(long, required_unless_present = "list")]
    identity: Option<PathBuf>,
    /// The last backup made at this time or earlier, as `--list` prints it, instead of the last of all.
    #[arg(long)]
    at: Option<jiff::Timestamp>,
    /// Puts a database that is in the folder aside, beside the restored one.
    #[arg(long)]
    replace: bool,
    #[command(flatten)]
    store: Store,
    #[command(flatten)]
    files: Files,
}

impl Restore {
    pub(super) async fn carry_out(self, file: Raw) -> Result<(), CommandError> {
        let target = Target::from(&self.from)?;
        let Some(identity) = self.identity.as_ref().filter(|_| !self.list) else {
            return list(&target).await;
        };
        let files = self.files.or(file.files);
        let named = Installation::named(self.store, Raw { files, ..file })?;
        let Installation {
            store: place, files, ..
        } = named;
        let data = place.data();
        let occupied = data.filter(|data| SqliteStore::is_in(data));
        if let Some(data) = occupied.filter(|_| !self.replace) {
            return Err(CommandError::Occupied(data.to_owned()));
        }
        if data.is_none() && self.replace {
            return Err(CommandError::NotReplaced);
        }
        let before = self.at.map(|at| Moment(at.as_millisecond()));
        let restoring = Restoring::open(target, before, Identities::read(identity)?).await?;
        let verified = restoring.verify().await?;
        if let Some(data) = occupied {
            println!(
                "the database that was there is now in {}",
                put_aside(data)?.display()
            );
        }
        let (store, _) = place.open().await?;
        let files = files.open()?;
        restoring.restore(&verified, &*store, &files).await?;
        println!(
            "{} documents and {} files as of {}; {} that were erased since stay erased",
            verified.documents,
            verified.files.len(),
            time(restoring.made_at()),
            restoring.erased_since()
        );
        println!(
            "a new life has begun: devices will compare what they hold, and give back what is missing here"
        );
        Ok(())
    }
}

async fn list(target: &Target) -> Result<(), CommandError> {
    for at in target.backups().await? {
        println!("{}", time(at));
    }
    Ok(())
}

fn time(at: Moment) -> jiff::Timestamp {
    jiff::Timestamp::from_millisecond(at.0).unwrap_or_default()
}

/// Moves a database away, within its folder; answers where to.
fn put_aside(data: &Path) -> std::io::Result<PathBuf> {
    let aside = data.join(format!("replaced-{}", now().0));
    std::fs::create_dir(&aside)?;
    for entry in std::fs::read_dir(data)? {
        let entry = entry?;
        let name = entry.file_name();
        if name.to_string_lossy().starts_with(crate::store::SQLITE_FILE) {
            std::fs::rename(entry.path(), aside.join(name))?;
        }
    }
    Ok(aside)
}
