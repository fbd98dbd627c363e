//! The workload: records that follow from a seed, the two edits that each carries, and the later edits of a reconnect.
//!
//! A record has a line of 20 and a body of 400 Chinese characters, drawn evenly from 3,000: they compress worse than prose. Two
//! edits, of a scalar and of the body, come before any sync, so each record is three changes. Or the texts are real ones.

use std::path::Path;

use anyhow::{Context, Result};
use lianxin_shared::id::DocId;
use lianxin_shared::records::{Value, Values};

/// Where records come from.
#[derive(Debug, Clone)]
pub struct Workload {
    seed: u64,
    themes: Vec<DocId>,
    texts: Vec<String>,
}

/// An edit of a record that is being synced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edit {
    /// The first of those that every record carries.
    Theme,
    /// The second.
    Splice,
    /// By the device that was away.
    Local,
    /// By others meanwhile.
    Remote,
}

impl Workload {
    /// Records over these themes, at least two.
    pub fn new(seed: u64, themes: Vec<DocId>) -> Self {
        Self {
            seed,
            themes,
            texts: Vec::new(),
        }
    }

    /// With bodies from a file with one JSON object a line, whose `body` is one.
    pub fn with_texts(mut self, file: &Path) -> Result<Self> {
        let lines = std::fs::read_to_string(file).with_context(|| file.display().to_string())?;
        for line in lines.lines() {
            let message: serde_json::Value = serde_json::from_str(line)?;
            let text = message["body"].as_str().context("a message without a body")?;
            self.texts.push(text.to_owned());
        }
        Ok(self)
    }

    /// The values with which record `n` is started.
    pub fn record(&self, n: u64) -> Values {
        let mut chance = Chance(self.seed.wrapping_mul(1_000_003).wrapping_add(n));
        let body = match self.texts.len() {
            0 => hanzi(&mut chance, 400),
            texts => self.texts[n as usize % texts].clone(),
        };
        [
            ("location".to_owned(), Value::Text(hanzi(&mut chance, 20))),
            ("body".to_owned(), Value::Text(body)),
            ("theme".to_owned(), self.theme(0)),
        ]
        .into()
    }

    /// The values after an edit of record `n`, which stood at `before`: only those that change.
    pub fn edit(&self, n: u64, before: &Values, edit: Edit) -> Values {
        let mut chance = Chance(
            self.seed
                .wrapping_mul(7_919)
                .wrapping_add(n * 31 + edit as u64 * 101),
        );
        let theme = match edit {
            Edit::Theme => Some(1),
            Edit::Splice => None,
            Edit::Local => Some(2),
            Edit::Remote => Some(3),
        };
        let mut after = Values::new();
        if let Some(theme) = theme {
            after.insert("theme".to_owned(), self.theme(theme));
        }
        if edit != Edit::Theme
            && let Some(Value::Text(body)) = before.get("body")
        {
            let body: Vec<char> = body.chars().collect();
            let at = chance.below(body.len().saturating_sub(5).max(1) as u64) as usize;
            let rest = body.iter().skip(at + 5);
            let spliced = body[..at]
                .iter()
                .copied()
                .chain(hanzi(&mut chance, 8).chars().collect::<Vec<_>>());
            after.insert(
                "body".to_owned(),
                Value::Text(spliced.chain(rest.copied()).collect()),
            );
        }
        after
    }

    /// How record `n` must read after the two edits that every record carries and these.
    pub fn expected(&self, n: u64, edits: &[Edit]) -> Values {
        let mut values = self.record(n);
        for edit in [Edit::Theme, Edit::Splice].iter().chain(edits) {
            let after = self.edit(n, &values, *edit);
            values.extend(after);
        }
        values
    }

    fn theme(&self, n: usize) -> Value {
        Value::Text(self.themes[n % self.themes.len()].to_string())
    }
}

/// SplitMix64 (G. Steele, D. Lea, C. Flood, OOPSLA 2014).
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }
}

/// Evenly from 3,000 ideographs of the common plane.
fn hanzi(chance: &mut Chance, n: usize) -> String {
    let one = |_| char::from_u32(0x4e00 + chance.below(3_000) as u32).unwrap_or('一');
    (0..n).map(one).collect()
}
