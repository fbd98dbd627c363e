//! Near-duplicates: which suggestions speak of the same trouble, so that the office answers them with one answer.
//!
//! Each text becomes a vector, two texts are as alike as the cosine of the angle between theirs (the vector space model:
//! Salton, Wong, Yang, *A vector space model for automatic indexing*, CACM 18, 1975). Its dimensions are the pairs of Han
//! characters that search knows too, and words in letters. A pair's weight grows with its count as in BM25 (Robertson,
//! Walker, *Some simple effective approximations to the 2-Poisson model*, SIGIR 1994); what is said first and what belongs
//! to a name of a place counts more (zone weights: Manning, Raghavan, Schütze, *Introduction to Information Retrieval*,
//! 2008, 6.1). Grammar and what stands in every petition does not count. Only the 63 heaviest are kept: a [`Sketch`].
//!
//! How rare a word is among the held texts is left out on purpose. It would make light the very words of the trouble that
//! many speak of, and the same two texts would be alike here and not there. So a score follows from two texts alone; server
//! and tablet, whatever else they hold, say the same.
//!
//! The score is 100 times the root of the cosine. 100: everything that weighs is equal. From [`LIKELY`] on it is a likely
//! twin. What that finds and misses in real texts, labelled by hand, and what it costs: docs/twins.md.
//!
//! A search compares with every held sketch, which is one walk through at most 28 MB for 100,000 texts, from the first byte to
//! the last. That needs no index that would have to be built and kept; adding and removing are one step.

mod sketch;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use sketch::{InPlace, cosine, score, weight_in};
pub use sketch::{Sketch, SketchError};
use words::{Reading, read};

use crate::id::DocId;

/// From this score on a text is a likely twin.
pub const LIKELY: u8 = 58;

/// From this score on all that were judged by hand were twins.
pub const CLEAR: u8 = 70;

/// How many phrases explain a score.
const PHRASES: usize = 4;
/// How many characters of a phrase are shown.
const PHRASE: usize = 12;

/// A text that speaks of the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Twin {
    /// Which one.
    pub id: DocId,
    /// How alike, [`LIKELY`] to 100.
    pub score: u8,
    /// What both speak of, as the searched text has it: at most four phrases, what weighs most first.
    pub phrases: Vec<String>,
}

/// The texts among which twins are searched. A text takes some 330 bytes, whatever its length.
#[derive(Debug, Clone, Default)]
pub struct Twins {
    held: Vec<Held>,
    places: BTreeMap<DocId, usize>,
}

#[derive(Debug, Clone)]
struct Held {
    id: DocId,
    norm: u32,
    sketch: InPlace,
}

impl Twins {
    /// Holds a text by its sketch; what was held under this id is replaced.
    pub fn put(&mut self, id: DocId, sketch: &Sketch) {
        let held = Held {
            id,
            norm: sketch.norm(),
            sketch: sketch.in_place(),
        };
        match self.places.get(&id) {
            Some(place) => self.held[*place] = held,
            None => {
                self.places.insert(id, self.held.len());
                self.held.push(held);
            }
        }
    }

    /// Lets go of a text, if it is held.
    pub fn remove(&mut self, id: DocId) {
        let Some(place) = self.places.remove(&id) else {
            return;
        };
        self.held.swap_remove(place);
        if let Some(moved) = self.held.get(place) {
            self.places.insert(moved.id, place);
        }
    }

    /// How many texts are held.
    pub fn len(&self) -> usize {
        self.held.len()
    }

    /// Whether none is.
    pub fn is_empty(&self) -> bool {
        self.held.is_empty()
    }

    /// The likely twins of a text, the likest first, at most `n` of those that `eligible` lets pass: a text that is held
    /// itself is its own twin unless that leaves it out.
    pub fn likely(&self, text: &str, n: usize, eligible: impl Fn(DocId) -> bool) -> Vec<Twin> {
        let reading = read(text);
        let sketch = Sketch::of_reading(&reading);
        let norm = sketch.norm();
        let sought = Sought::new(&sketch);
        let mut found: Vec<(f64, &Held)> = self
            .held
            .iter()
            .map(|held| (cosine(sought.dot(&held.sketch), norm, held.norm), held))
            .filter(|(cosine, held)| score(*cosine) >= LIKELY && eligible(held.id))
            .collect();
        found.sort_by(|(a, held), (b, other)| b.total_cmp(a).then(held.id.cmp(&other.id)));
        found.truncate(n);
        found
            .into_iter()
            .map(|(cosine, held)| Twin {
                id: held.id,
                score: score(cosine),
                phrases: phrases(&reading, &sketch, &held.sketch),
            })
            .collect()
    }
}

/// The words of a sketch, to be found in a step: most words of other texts are none of them, and one look at a table that
/// fits into the processor's nearest cache tells so.
struct Sought {
    /// By the lowest bits of a key: one more than the place in `words` of the first that shares them, or 0.
    table: Box<[u8; Self::SIZE]>,
    /// Key, weight, and the next with the same lowest bits as in `table`.
    words: Vec<(u32, u32, u8)>,
}

impl Sought {
    const SIZE: usize = 1 << 14;

    fn new(sketch: &Sketch) -> Self {
        let mut table = Box::new([0; Self::SIZE]);
        let mut words = Vec::new();
        // A sketch has far fewer than 255 words.
        for (number, (key, weight)) in (1u8..).zip(sketch.words()) {
            let first = &mut table[key as usize % Self::SIZE];
            words.push((key, weight, *first));
            *first = number;
        }
        Self { table, words }
    }

    /// The product of the two vectors.
    fn dot(&self, other: &InPlace) -> u32 {
        other
            .words()
            .map(|(key, weight)| {
                let mut next = self.table[key as usize % Self::SIZE];
                while next != 0 {
                    let (sought, its, after) = self.words[usize::from(next) - 1];
                    if sought == key {
                        return its * weight;
                    }
                    next = after;
                }
                0
            })
            .sum()
    }
}

/// What two texts share, in the words of the one that was read: neighbouring pairs joined into phrases, those first whose
/// words bring most of the score.
fn phrases(reading: &Reading, sketch: &Sketch, other: &InPlace) -> Vec<String> {
    let shares: BTreeMap<u32, u32> = sketch
        .words()
        .filter_map(|(key, weight)| Some((key, weight * weight_in(other.words(), key)?)))
        .collect();
    let shared: Vec<_> = reading
        .words
        .iter()
        .filter(|word| shares.contains_key(&word.key))
        .collect();
    let mut runs: Vec<_> = shared
        .chunk_by(|a, b| b.from == a.from + 1 && b.from < a.to)
        .flat_map(|run| run.chunks(PHRASE - 1))
        .map(|run| {
            let keys: BTreeSet<u32> = run.iter().map(|word| word.key).collect();
            let share: u32 = keys.iter().map(|key| shares[key]).sum();
            (share, keys, &reading.chars[run[0].from..run[run.len() - 1].to])
        })
        .collect();
    runs.sort_by_key(|(share, ..)| std::cmp::Reverse(*share));
    let mut said = BTreeSet::new();
    let mut phrases = Vec::new();
    for (_, keys, chars) in runs {
        if phrases.len() < PHRASES && keys.is_disjoint(&said) {
            said.extend(keys);
            phrases.push(chars.iter().take(PHRASE).collect());
        }
    }
    phrases
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(n: u128) -> DocId {
        DocId(n.to_be_bytes())
    }

    fn holding(texts: &[&str]) -> Twins {
        let mut twins = Twins::default();
        for (n, text) in (0..).zip(texts) {
            twins.put(id(n), &Sketch::of(text));
        }
        twins
    }

    fn found(twins: &Twins, text: &str) -> Vec<(DocId, u8)> {
        let found = twins.likely(text, 10, |_| true);
        found.into_iter().map(|twin| (twin.id, twin.score)).collect()
    }

    #[test]
    fn equal_texts_are_100_however_they_are_written() {
        let texts = [
            "电",
            "三号楼电梯停了二十天",
            "阅览室的Wi-Fi坏了",
            &"梧桐苑三号楼加装电梯。".repeat(2_000),
        ];
        for text in texts {
            assert_eq!(found(&holding(&[text]), text), [(id(0), 100)], "{text:.60}");
        }
        let twins = holding(&["阅览室 Wi-Fi：坏了！"]);
        assert_eq!(found(&twins, "阅览室Ｗｉ－Ｆｉ坏了😀"), [(id(0), 100)]);
    }

    #[test]
    fn where_nothing_weighs_nothing_is_alike() {
        for text in [
            "",
            "   ",
            "😀😀！！",
            "的",
            "我们希望解决问题，谢谢！",
            "a",
            "it is not",
        ] {
            assert!(found(&holding(&[text, "电梯停了"]), text).is_empty(), "{text}");
            assert_eq!(Sketch::of(text).likeness(&Sketch::of(text)), 0, "{text}");
        }
    }

    #[test]
    fn the_place_tells_twins_from_the_same_trouble_elsewhere() {
        let twins = holding(&[
            "梧桐苑三号楼的电梯经常停运，老人上下楼很难。",
            "海棠苑七号楼的电梯经常停运，老人上下楼很难。",
        ]);
        let found = twins.likely("梧桐苑三号楼电梯又停运了，家里老人下不了楼", 10, |_| true);
        assert_eq!(found[0].id, id(0));
        assert_eq!(found[0].phrases[0], "梧桐苑三号楼");
        let elsewhere = found.iter().find(|twin| twin.id == id(1));
        assert!(
            elsewhere.is_none_or(|twin| twin.score + 10 < found[0].score),
            "{found:?}"
        );
    }

    #[test]
    fn phrases_are_few_and_short_and_said_once() {
        let text = "梧桐苑北门夜宵摊油烟熏人。梧桐苑北门夜宵摊凌晨吵闹，梧桐苑垃圾桶满溢，                    路灯熄灭，窨井盖破损，健身器材生锈，水管渗漏";
        let twins = holding(&[text]);
        let found = twins.likely(text, 1, |_| true);
        let phrases = &found[0].phrases;
        assert_eq!(phrases.len(), PHRASES);
        assert!(phrases.iter().all(|phrase| phrase.chars().count() <= PHRASE));
        let named = phrases.iter().filter(|phrase| phrase.contains("梧桐苑"));
        assert_eq!(named.count(), 1, "{phrases:?}");
    }

    #[test]
    fn only_so_many_and_only_those_that_may() {
        let text = "梧桐苑三号楼的电梯停了";
        let twins = holding(&[text, text, text, "海棠苑的路灯不亮"]);
        let mut asked = Vec::new();
        for (n, not) in [(10, None), (2, None), (0, None), (10, Some(id(1)))] {
            let found = twins.likely(text, n, |id| Some(id) != not);
            asked.push(found.into_iter().map(|twin| twin.id).collect::<Vec<_>>());
        }
        assert_eq!(
            asked,
            [
                vec![id(0), id(1), id(2)],
                vec![id(0), id(1)],
                vec![],
                vec![id(0), id(2)]
            ]
        );
    }

    #[test]
    fn what_is_replaced_or_removed_is_no_longer_found() {
        let (lift, lamp, road) = ("三号楼的电梯停了", "北门的路灯不亮", "桃花路坑坑洼洼");
        let mut twins = holding(&[lift, lamp, road]);
        twins.put(id(0), &Sketch::of(lamp));
        assert_eq!(found(&twins, lift), []);
        assert_eq!(found(&twins, lamp), [(id(0), 100), (id(1), 100)]);
        twins.remove(id(0));
        twins.remove(id(7));
        assert_eq!((twins.len(), twins.is_empty()), (2, false));
        assert_eq!(found(&twins, lamp), [(id(1), 100)]);
        assert_eq!(found(&twins, road), [(id(2), 100)]);
        twins.remove(id(2));
        twins.put(id(2), &Sketch::of(lift));
        assert_eq!(found(&twins, lift), [(id(2), 100)]);
        assert_eq!(found(&twins, road), []);
        twins.remove(id(1));
        twins.remove(id(2));
        assert!(twins.is_empty());
    }

    #[test]
    fn a_score_is_the_same_both_ways_and_beside_whatever_else_is_held() {
        let (a, b) = (
            "梧桐苑三号楼电梯停了二十天，物业等配件",
            "三号楼电梯又停了，我住梧桐苑十一楼，等了二十天",
        );
        let score = Sketch::of(a).likeness(&Sketch::of(b));
        assert!(score >= LIKELY, "{score}");
        assert_eq!(Sketch::of(b).likeness(&Sketch::of(a)), score);
        assert_eq!(found(&holding(&[b]), a), [(id(0), score)]);
        let beside = holding(&[b, "桃花路坑坑洼洼", "三号楼", "电梯"]);
        assert!(found(&beside, a).contains(&(id(0), score)));
    }
}
