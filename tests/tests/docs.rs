//! The documents are true: each page is there in both languages, links lead somewhere, words of the interface are the catalogue's,
//! and every command does what it says.

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, ensure};
use lianxin_tests::server::{Server, binary};
use lianxin_tests::until::until;
use tempfile::TempDir;

/// Commands that are not carried out here, by how they begin, and why. Of those of the project it is still looked whether they
/// have the flags.
const NOT_CARRIED_OUT: &[(&str, &str)] = &[
    ("cargo xtask", "builds, tests or measures for minutes"),
    ("cargo build", "builds for minutes"),
    ("lianxin copy", "needs a PostgreSQL database"),
    ("lianxin restored --database", "needs a PostgreSQL database"),
    ("export ", "sets what the next commands find"),
    ("pg_dump", "PostgreSQL's own"),
    ("psql", "PostgreSQL's own"),
    ("apt", "installs"),
    ("sudo", "changes the machine"),
    ("dpkg", "installs"),
    ("systemctl", "needs the system's services"),
    ("podman", "needs containers"),
    ("docker", "needs containers"),
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The pages of a folder, by name; the summary is none.
fn pages(folder: &str) -> Result<BTreeSet<String>> {
    let mut names = BTreeSet::new();
    for entry in fs::read_dir(root().join(folder))? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if name.ends_with(".md") && name != "SUMMARY.md" {
            names.insert(name);
        }
    }
    Ok(names)
}

/// Every document: its place from the root, and what it says.
fn documents() -> Result<Vec<(String, String)>> {
    let mut places = vec![
        "README.md".to_owned(),
        "ARCHITECTURE.md".to_owned(),
        "docs/SUMMARY.md".to_owned(),
    ];
    for folder in ["docs", "docs/zh"] {
        places.extend(pages(folder)?.into_iter().map(|name| format!("{folder}/{name}")));
    }
    let read = |place: String| Ok((place.clone(), fs::read_to_string(root().join(place))?));
    places.into_iter().map(read).collect()
}

#[test]
fn each_page_is_there_in_both_languages_and_in_the_summary() -> Result<()> {
    let (english, chinese) = (pages("docs")?, pages("docs/zh")?);
    ensure!(
        english == chinese,
        "only in one: {:?}",
        english.symmetric_difference(&chinese).collect::<Vec<_>>()
    );
    let summary = fs::read_to_string(root().join("docs/SUMMARY.md"))?;
    for name in english {
        for link in [format!("]({name})"), format!("](zh/{name})")] {
            ensure!(summary.contains(&link), "the summary has no {link}");
        }
    }
    Ok(())
}

#[test]
fn links_lead_somewhere() -> Result<()> {
    for (place, text) in documents()? {
        let folder = root().join(&place);
        let folder = folder.parent().context("a file is in a folder")?;
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let target = link.split('#').next().unwrap_or_default();
            let is_elsewhere = target.is_empty() || target.contains("://");
            ensure!(is_elsewhere || folder.join(target).exists(), "{place}: {link}");
        }
    }
    Ok(())
}

/// What a catalogue can say: of each message and variant the pieces between what is filled in.
fn sayings(language: &str) -> Result<Vec<Vec<String>>> {
    let mut sayings = Vec::new();
    for entry in fs::read_dir(root().join("shared/locales").join(language))? {
        for line in fs::read_to_string(entry?.path())?.lines() {
            let said = if line.starts_with(char::is_alphabetic) {
                line.split_once(" = ").map(|(_, said)| said)
            } else {
                line.split_once("] ").map(|(_, said)| said)
            };
            let said = said.unwrap_or_default().trim_end_matches("->");
            let pieces: Vec<_> = said
                .split('{')
                .enumerate()
                .map(|(n, piece)| {
                    if n == 0 {
                        piece
                    } else {
                        piece.split_once('}').map_or("", |(_, after)| after)
                    }
                })
                .map(str::to_owned)
                .collect();
            // What is filled in alone would be anything.
            if pieces
                .concat()
                .chars()
                .filter(|letter| letter.is_alphanumeric())
                .count()
                > 1
            {
                sayings.push(pieces);
            }
        }
    }
    Ok(sayings)
}

fn is_said(words: &str, pieces: &[String]) -> bool {
    let [first, between @ .., last] = pieces else {
        return pieces.first().is_some_and(|only| only == words);
    };
    let Some(mut rest) = words
        .strip_prefix(first.as_str())
        .and_then(|rest| rest.strip_suffix(last.as_str()))
    else {
        return false;
    };
    for piece in between {
        match rest.split_once(piece.as_str()) {
            Some((_, after)) => rest = after,
            None => return false,
        }
    }
    true
}

#[test]
fn words_of_the_interface_are_the_catalogues() -> Result<()> {
    let languages = [("zh", "docs/zh", '「', '」'), ("en", "docs", '“', '”')];
    for (language, folder, open, close) in languages {
        let sayings = sayings(language)?;
        let mut quoted = 0;
        for name in pages(folder)? {
            let text = fs::read_to_string(root().join(folder).join(&name))?;
            for words in text
                .split(open)
                .skip(1)
                .filter_map(|rest| rest.split(close).next())
            {
                let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
                let is_known = sayings.iter().any(|pieces| is_said(&words, pieces));
                ensure!(is_known, "{folder}/{name}: no page says {open}{words}{close}");
                quoted += 1;
            }
        }
        ensure!(quoted > 50, "{language}: only {quoted} words were found");
    }
    Ok(())
}

/// The commands of a document, in order: the lines of its blocks that are marked `sh`.
fn commands(text: &str) -> Vec<String> {
    let blocks = text
        .split("```sh\n")
        .skip(1)
        .filter_map(|rest| rest.split("```").next());
    let lines = blocks.flat_map(|block| {
        block
            .replace("\\\n", " ")
            .lines()
            .map(str::to_owned)
            .collect::<Vec<_>>()
    });
    let bare = lines.map(|line| line.split(" # ").next().unwrap_or_default().trim().to_owned());
    bare.filter(|line| !line.is_empty() && !line.starts_with('#'))
        .collect()
}

/// Where a document's commands are carried out: a folder of its own, with a database, in place of the paths that they name.
struct Scratch {
    folder: TempDir,
}

impl Scratch {
    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The command, with what is here in place of what it names.
    fn placed(&self, command: &str) -> Result<String> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let key = fs::read_to_string(self.path("key.txt")).unwrap_or_default();
        let recipient = key
            .split_whitespace()
            .find(|word| word.starts_with("age1"))
            .unwrap_or("age1…");
        let path = |path: PathBuf| path.display().to_string();
        let station = if command.contains("STATION_ID") {
            self.station()?
        } else {
            String::new()
        };
        Ok(command
            .replace("/var/lib/lianxin", &path(self.path("data")))
            .replace("/mnt/backup", &path(self.path("backup")))
            .replace("age1…", recipient)
            .replace("STATION_ID", &station)
            .replace("0.0.0.0:8080", &format!("127.0.0.1:{port}"))
            .replace("127.0.0.1:8080", &format!("127.0.0.1:{port}"))
            .replace("127.0.0.1:9090", "127.0.0.1:0"))
    }

    /// One with a copy of a database.
    fn over(data: &Path) -> Result<Self> {
        let scratch = Self {
            folder: TempDir::new()?,
        };
        let to = scratch.path("data");
        fs::create_dir(&to)?;
        for file in fs::read_dir(data)? {
            let file = file?;
            if file.file_type()?.is_dir() {
                // The files of records, of which this database has none.
                fs::create_dir(to.join(file.file_name()))?;
                continue;
            }
            fs::copy(file.path(), to.join(file.file_name()))?;
        }
        Ok(scratch)
    }

    /// A station that is there.
    fn station(&self) -> Result<String> {
        let listed = self.shell("lianxin station list")?.output()?.stdout;
        let listed = String::from_utf8_lossy(&listed);
        Ok(listed
            .split_whitespace()
            .next()
            .context("no stations")?
            .to_owned())
    }

    fn shell(&self, command: &str) -> Result<Command> {
        let programs = binary().canonicalize()?;
        let programs = programs.parent().context("the binary is in a folder")?;
        let path = std::env::var("PATH").unwrap_or_default();
        let mut shell = Command::new("bash");
        shell
            .args(["-c", &format!("exec {command}")])
            .env("PATH", format!("{}:{path}", programs.display()))
            .env("LIANXIN_DATA", self.path("data"))
            .current_dir(self.folder.path())
            .stdin(Stdio::null());
        Ok(shell)
    }

    /// Carries a command out to its end, or until it serves and has made the backup that it is told to.
    async fn carry_out(&self, command: &str) -> Result<()> {
        let mut placed = self.placed(command)?;
        let serves = placed.starts_with("lianxin serve") && !placed.contains("--help");
        if !serves {
            let done = self.shell(&placed)?.output()?;
            let said = String::from_utf8_lossy(&done.stderr);
            ensure!(done.status.success(), "{placed}\n{said}");
            return Ok(());
        }
        if !placed.contains("--listen") {
            placed.push_str(" --listen 127.0.0.1:0");
        }
        let log = self.path("serve.log");
        let mut shell = self.shell(&placed)?;
        shell.stdout(Stdio::piped()).stderr(fs::File::create(&log)?);
        let mut child = shell.spawn()?;
        let said = child.stdout.take().context("its output is piped")?;
        let first = BufReader::new(said).lines().next().transpose()?;
        let backed_up = async || {
            fs::read_to_string(&log)
                .ok()?
                .contains("backup.made")
                .then_some(())
        };
        let outcome = match placed.contains("--backup-to") {
            true => until("the first backup", backed_up).await,
            false => Ok(()),
        };
        drop(child.kill());
        drop(child.wait());
        let is_serving = first.is_some_and(|line| line.contains("http"));
        ensure!(is_serving, "{placed}\n{}", fs::read_to_string(&log)?);
        outcome
    }
}

/// Whether a command of the project's exists and has the flags that it is given.
fn knows(command: &str) -> Result<()> {
    let words: Vec<_> = command.split_whitespace().collect();
    let is_name = |word: &&&str| {
        word.chars()
            .all(|letter| letter.is_ascii_lowercase() || letter == '-')
            && !word.starts_with('-')
    };
    let of_xtask = command.starts_with("cargo xtask");
    let words = &words[if of_xtask { 2 } else { 1 }..];
    // Behind the name of a command may be that of a command of its own, or something that it is given.
    let depths: &[usize] = if of_xtask { &[1] } else { &[2, 1] };
    for &depth in depths {
        let names: Vec<_> = words.iter().take_while(is_name).take(depth).collect();
        ensure!(!names.is_empty(), "{command}: which command?");
        let mut help = if of_xtask {
            let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
            cargo
                .args(["run", "--quiet", "--package", "xtask", "--"])
                .current_dir(root());
            cargo
        } else {
            Command::new(binary())
        };
        let done = help.args(names).arg("--help").output()?;
        if done.status.success() {
            let said = String::from_utf8_lossy(&done.stdout);
            let missing = words
                .iter()
                .find(|word| word.starts_with("--") && !said.contains(**word));
            ensure!(missing.is_none(), "{command}: there is no {missing:?} in\n{said}");
            return Ok(());
        }
    }
    anyhow::bail!("{command}: there is no such command")
}

#[tokio::test]
async fn every_command_does_what_it_says() -> Result<()> {
    let mut server = Server::start().await?;
    server.kill();
    let mut carried_out = 0;
    for (place, text) in documents()? {
        let commands = commands(&text);
        if commands.is_empty() {
            continue;
        }
        let scratch = Scratch::over(&server.data())?;
        for command in commands {
            let excused = NOT_CARRIED_OUT
                .iter()
                .any(|(begins, _)| command.starts_with(begins));
            let outcome = match command.split_whitespace().next() {
                Some("lianxin") if excused => knows(&command),
                Some("cargo") if command.starts_with("cargo xtask") => knows(&command),
                _ if excused => continue,
                _ => scratch.carry_out(&command).await.inspect(|()| carried_out += 1),
            };
            outcome.with_context(|| place.clone())?;
        }
    }
    ensure!(carried_out > 10, "only {carried_out} commands were found");
    Ok(())
}
