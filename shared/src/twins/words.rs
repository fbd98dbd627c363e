//! What of a text says which trouble it speaks of: pairs of Han characters and words in letters, each with its emphasis.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::search::{is_han, normalize};

/// A text is read up to here: what the field of a suggestion holds.
const READ: usize = 20_000;
/// People say first where they are and what is wrong; what is said up to here counts [`HEADED`] times.
const HEAD: usize = 80;
const HEADED: u32 = 3;
/// Whoever names a place or a body ends the name in one of [`ENDINGS`]; this many characters before it count [`NAMED`] times.
const NAME: usize = 4;
const NAMED: u32 = 3;

/// Characters that carry grammar or courtesy, not the matter.
const GRAMMAR: &str = "的了是在不有和就也都而及与着或一个我们你他她它这那为以于对把被让给从向到去能可要请还没很多吗呢吧啊么\
                       什怎样何如果因所但并且望尊敬您好谢";

/// Words that stand in petitions of every kind. Long ones before what they begin with.
const COMMON: &[&str] = &[
    "相关部门",
    "有关部门",
    "开发商",
    "老百姓",
    "市政府",
    "小区",
    "业主",
    "居民",
    "部门",
    "有关",
    "相关",
    "希望",
    "解决",
    "严重",
    "影响",
    "问题",
    "生活",
    "政府",
    "物业",
    "社区",
    "街道",
    "目前",
    "现在",
    "已经",
    "没有",
    "反映",
    "投诉",
    "情况",
    "工作",
    "进行",
    "附近",
    "周边",
    "百姓",
    "市民",
    "国家",
    "单位",
    "规定",
    "时间",
    "公司",
    "建设",
    "管理",
    "项目",
    "加快",
    "何时",
    "市委",
    "具体",
    "行动",
    "政策",
    "书记",
    "市长",
    "人员",
    "处理",
    "多次",
    "合理",
    "非法",
    "违规",
    "违法",
    "安全",
    "隐患",
    "长期",
    "正常",
    "扰民",
    "噪音",
];

/// The same in English.
const COMMON_ENGLISH: &[&str] = &[
    "an", "and", "are", "as", "at", "be", "been", "but", "by", "for", "from", "had", "has", "have", "he",
    "in", "is", "it", "its", "my", "no", "not", "of", "on", "or", "our", "please", "she", "so", "that",
    "the", "their", "there", "they", "this", "to", "us", "was", "we", "were", "will", "with", "you", "your",
];

/// What names of places and bodies end in.
const ENDINGS: &[&str] = &[
    "幼儿园",
    "小区",
    "社区",
    "街道",
    "花园",
    "公园",
    "家园",
    "学院",
    "学校",
    "中学",
    "小学",
    "医院",
    "公司",
    "大道",
    "广场",
    "商场",
    "市场",
    "大厦",
    "酒店",
    "驾校",
    "机构",
    "项目",
    "号线",
    "平台",
    "隧道",
    "路",
    "街",
    "巷",
    "村",
    "镇",
    "乡",
    "苑",
    "城",
    "府",
    "湖",
    "桥",
    "站",
    "栋",
    "园",
    "厂",
    "店",
    "网",
];

/// The words of the lists, by the character with which they begin.
static LISTS: LazyLock<Lists> = LazyLock::new(|| {
    let mut lists: BTreeMap<char, Listed> = BTreeMap::new();
    for c in GRAMMAR.chars() {
        lists.entry(c).or_default().grammar = true;
    }
    for word in COMMON.iter().map(|word| word.chars().collect::<Vec<_>>()) {
        lists.entry(word[0]).or_default().common.push(word);
    }
    for word in ENDINGS.iter().map(|word| word.chars().collect::<Vec<_>>()) {
        lists.entry(word[0]).or_default().endings.push(word);
    }
    let mut begins = vec![false; usize::from(u16::MAX) + 1];
    for c in lists.keys() {
        begins[*c as usize % (usize::from(u16::MAX) + 1)] = true;
    }
    Lists { begins, lists }
});

/// Each character of each text is looked up, and hardly any begins a word of the lists: one look at a table tells so.
struct Lists {
    /// By a character's lowest bits: whether it may.
    begins: Vec<bool>,
    lists: BTreeMap<char, Listed>,
}

impl Lists {
    fn get(&self, c: char) -> Option<&Listed> {
        let begins = self.begins[c as usize % self.begins.len()];
        begins.then(|| self.lists.get(&c)).flatten()
    }
}

/// What begins with one character.
#[derive(Default)]
struct Listed {
    grammar: bool,
    common: Vec<Vec<char>>,
    endings: Vec<Vec<char>>,
}

/// A text as it is compared.
pub(super) struct Reading {
    /// The normalised text.
    pub(super) chars: Vec<char>,
    /// What counts in it, in the order in which it stands there.
    pub(super) words: Vec<Word>,
}

/// A pair of Han characters, a single one that stands alone, or a word in letters and digits.
pub(super) struct Word {
    /// Its name: 24 bits of its CRC-32.
    pub(super) key: u32,
    /// Where it begins in [`Reading::chars`].
    pub(super) from: usize,
    /// Where it ends.
    pub(super) to: usize,
    /// How often it counts here.
    pub(super) emphasis: u32,
}

/// Reads a text.
pub(super) fn read(text: &str) -> Reading {
    let end = text.char_indices().nth(READ).map_or(text.len(), |(at, _)| at);
    let chars: Vec<char> = normalize(&text[..end]).chars().collect();
    let mut words = Vec::new();
    let mut from = 0;
    for run in chars.chunk_by(|a, b| kind(*a) == kind(*b)) {
        match kind(run[0]) {
            Kind::Han => han(run, from, &mut words),
            Kind::Letters => letters(run, from, &mut words),
            Kind::Space => {}
        }
        from += run.len();
    }
    Reading { chars, words }
}

#[derive(PartialEq)]
enum Kind {
    Han,
    Letters,
    Space,
}

fn kind(c: char) -> Kind {
    match c {
        ' ' => Kind::Space,
        c if is_han(c) => Kind::Han,
        _ => Kind::Letters,
    }
}

fn letters(run: &[char], from: usize, words: &mut Vec<Word>) {
    let word: String = run.iter().collect();
    if run.len() > 1 && !COMMON_ENGLISH.contains(&word.as_str()) {
        words.push(Word::new(run, from, 1));
    }
}

/// The pairs of a run of Han characters. What is grammar or common divides the run: no pair reaches into it.
fn han(run: &[char], start: usize, words: &mut Vec<Word>) {
    let mut counts = vec![true; run.len()];
    let mut named = vec![1; run.len()];
    for (at, c) in run.iter().enumerate() {
        let Some(listed) = LISTS.get(*c) else {
            continue;
        };
        if listed.grammar {
            counts[at] = false;
        }
        if let Some(word) = listed.common.iter().find(|word| run[at..].starts_with(word)) {
            counts[at..at + word.len()].fill(false);
        }
        if listed.endings.iter().any(|word| run[at..].starts_with(word)) {
            named[at.saturating_sub(NAME)..at].fill(NAMED);
        }
    }
    if run.len() == 1 && counts[0] {
        words.push(Word::new(run, start, 1));
    }
    for (at, pair) in run.windows(2).enumerate() {
        if counts[at] && counts[at + 1] {
            words.push(Word::new(pair, start + at, named[at]));
        }
    }
}

impl Word {
    fn new(chars: &[char], from: usize, emphasis: u32) -> Self {
        let mut hash = crc32fast::Hasher::new();
        for c in chars {
            hash.update(c.encode_utf8(&mut [0; 4]).as_bytes());
        }
        Self {
            key: hash.finalize() >> 8,
            from,
            to: from + chars.len(),
            emphasis: if from < HEAD { HEADED * emphasis } else { emphasis },
        }
    }
}
