//! Near-duplicates in real texts, against pairs that were judged by hand and against plain trigrams.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use lianxin_shared::id::DocId;
use lianxin_shared::search::normalize;
use lianxin_shared::twins::{LIKELY, Sketch, Twins};

const OWN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/messages.jsonl");
const PAIRS: &str = include_str!("../fixtures/twins.tsv");

#[derive(serde::Deserialize)]
struct Message {
    #[serde(default)]
    id: String,
    body: String,
}

fn messages(path: impl AsRef<std::path::Path>) -> Result<Vec<Message>> {
    let path = path.as_ref();
    let lines = std::fs::read_to_string(path).with_context(|| format!("{}", path.display()))?;
    lines
        .lines()
        .map(|line| Ok(serde_json::from_str(line)?))
        .collect()
}

/// Two messages and what a person said of them.
struct Pair {
    ids: [&'static str; 2],
    twin: bool,
    half: &'static str,
}

fn pairs() -> Vec<Pair> {
    PAIRS
        .lines()
        .filter(|line| !line.starts_with('#'))
        .skip(1)
        .map(|line| {
            let columns: Vec<_> = line.split('\t').collect();
            Pair {
                ids: [columns[0], columns[1]],
                twin: columns[2] == "twin",
                half: columns[3],
            }
        })
        .collect()
}

/// Judged pairs with the likeness that a method gives them.
struct Scored(Vec<(f64, bool)>);

impl Scored {
    /// Precision and recall when all from a threshold on count as twins.
    fn at(&self, threshold: f64) -> (f64, f64) {
        let taken = self.0.iter().filter(|(score, _)| *score >= threshold);
        let right = taken.clone().filter(|(_, twin)| *twin).count() as f64;
        let twins = self.0.iter().filter(|(_, twin)| *twin).count() as f64;
        (right / taken.count().max(1) as f64, right / twins)
    }

    /// The thresholds that make a difference, the highest first.
    fn thresholds(&self) -> Vec<f64> {
        let mut thresholds: Vec<_> = self.0.iter().map(|(score, _)| *score).collect();
        thresholds.sort_by(|a, b| b.total_cmp(a));
        thresholds
    }

    /// The best precision with at least this recall.
    fn precision_with(&self, recall: f64) -> f64 {
        let points = self.thresholds().into_iter().map(|threshold| self.at(threshold));
        points
            .filter(|(_, its)| *its >= recall)
            .map(|(precision, _)| precision)
            .fold(0.0, f64::max)
    }

    /// The threshold with the best balance of precision and recall.
    fn best(&self) -> f64 {
        let balance = |threshold: &f64| {
            let (precision, recall) = self.at(*threshold);
            2.0 * precision * recall / (precision + recall).max(f64::EPSILON)
        };
        let mut thresholds = self.thresholds();
        thresholds.sort_by(|a, b| balance(b).total_cmp(&balance(a)));
        thresholds[0]
    }
}

fn trigrams(text: &str) -> BTreeSet<[char; 3]> {
    let chars: Vec<char> = normalize(text).chars().filter(|c| *c != ' ').collect();
    chars.windows(3).map(|w| [w[0], w[1], w[2]]).collect()
}

fn jaccard(a: &BTreeSet<[char; 3]>, b: &BTreeSet<[char; 3]>) -> f64 {
    let both = a.intersection(b).count();
    both as f64 / (a.len() + b.len() - both).max(1) as f64
}

fn id(n: usize) -> DocId {
    DocId((n as u128).to_be_bytes())
}

/// The judged pairs are of the texts that `LIANXIN_TEXTS` names. Without them only the judgements themselves can be looked
/// at here; the project's own texts have the next test.
#[test]
fn what_people_call_twins_is_found_better_than_by_trigrams() -> Result<()> {
    let pairs = pairs();
    let distinct: BTreeSet<_> = pairs.iter().map(|pair| pair.ids).collect();
    assert!(distinct.len() == pairs.len() && pairs.len() >= 150);
    let Some(path) = std::env::var_os("LIANXIN_TEXTS") else {
        println!(
            "LIANXIN_TEXTS names no texts: {} judged pairs, none measured",
            pairs.len()
        );
        return Ok(());
    };
    let texts: BTreeMap<String, String> = messages(path)?
        .into_iter()
        .map(|message| (message.id, message.body))
        .collect();
    let scored = |half: &str, likeness: &dyn Fn(&str, &str) -> f64| -> Result<Scored> {
        let mut scored = Vec::new();
        for pair in pairs.iter().filter(|pair| pair.half == half) {
            let [a, b] = pair
                .ids
                .map(|id| texts.get(id).with_context(|| format!("no text {id}")));
            scored.push((likeness(a?, b?), pair.twin));
        }
        Ok(Scored(scored))
    };
    let ours = |a: &str, b: &str| f64::from(Sketch::of(a).likeness(&Sketch::of(b)));
    let plain = |a: &str, b: &str| jaccard(&trigrams(a), &trigrams(b));
    let threshold = scored("tune", &plain)?.best();
    for half in ["tune", "held"] {
        let (ours, plain) = (scored(half, &ours)?, scored(half, &plain)?);
        let (precision, recall) = ours.at(f64::from(LIKELY));
        let (plain_precision, plain_recall) = plain.at(threshold);
        let plain_there = plain.precision_with(recall);
        println!("{half}: from {LIKELY} on: precision {precision:.3}, recall {recall:.3}");
        println!(
            "{half}: trigrams, at their best: {plain_precision:.3}, {plain_recall:.3}; precision at our recall {plain_there:.3}"
        );
        assert!(
            precision >= 0.90 && recall >= 0.85,
            "{half}: {precision} {recall}"
        );
        assert!(
            plain_there < precision - 0.15,
            "{half}: trigrams do as well: {plain_there}"
        );
        assert!(plain_precision < precision && plain_recall < recall, "{half}");
    }

    let listed = scored("listed", &ours)?;
    let (precision, _) = listed.at(f64::from(LIKELY));
    println!("of what is listed, {precision:.3} are twins");
    assert!(precision >= 0.8, "{precision}");
    for (from, to) in [(55, 58), (58, 62), (62, 70), (70, 101)] {
        let band = || {
            listed
                .0
                .iter()
                .filter(|(s, _)| *s >= f64::from(from) && *s < f64::from(to))
        };
        println!(
            "  {from} to {}: {} of {}",
            to - 1,
            band().filter(|(_, twin)| *twin).count(),
            band().count()
        );
    }
    Ok(())
}

#[test]
fn the_same_trouble_in_other_words_is_found_and_no_other() -> Result<()> {
    let texts = messages(OWN)?;
    let mut twins = Twins::default();
    for (n, message) in texts.iter().enumerate() {
        twins.put(id(n), &Sketch::of(&message.body));
    }
    for (n, message) in texts.iter().enumerate() {
        let found = twins.likely(&message.body, 5, |_| true);
        let found: Vec<_> = found.iter().map(|twin| (twin.id, twin.score)).collect();
        assert_eq!(found, [(id(n), 100)], "{}", message.body);
    }
    for (n, other) in [
        (0, "北门外的路灯半个月不亮，老人晚上不敢出门。"),
        (1, "我们三号楼电梯又停了，十一楼的住户天天爬楼，物业说等配件。"),
        (2, "消防通道被占满，救护车进不来，希望管一管。"),
        (5, "附近有没有公办幼儿园？现在要排队到一百多号。"),
        (7, "The Wi-Fi in your reading room is still down."),
    ] {
        let found: Vec<_> = twins
            .likely(other, 5, |_| true)
            .into_iter()
            .map(|twin| twin.id)
            .collect();
        assert_eq!(found, [id(n)], "{other}");
    }
    Ok(())
}
