//! Answers in general words (泛泛而谈): what 执行到位 forbids, shown to the supervisor as a question, never as a verdict.

/// Stock phrases. They promise without saying what.
const PHRASES: &[&str] = &[
    "高度重视",
    "积极推进",
    "进一步加强",
    "进一步加大",
    "认真研究",
    "逐步解决",
    "统筹考虑",
    "不断完善",
    "持续推进",
    "加大力度",
    "妥善解决",
    "尽快",
    "适时",
    "抓好落实",
    "加强管理",
    "加强沟通",
    "in due course",
    "attach great importance",
];

/// What a number or a date is written with. Not 一, which stands in 进一步 and 一定.
const FIGURES: &str = "0123456789０１２３４５６７８９二两三四五六七八九十百千";

/// The fewest characters that can say who does what by when.
const SHORTEST: usize = 12;

/// Whether an answer says nothing that could be checked: it is very short, or it leans on stock phrases and names no figure
/// and no date.
pub fn is_general(answer: &str) -> bool {
    let words = answer.trim();
    let phrases = PHRASES.iter().filter(|phrase| words.contains(*phrase)).count();
    let names_a_figure = words.chars().any(|c| FIGURES.contains(c));
    words.chars().count() < SHORTEST || (phrases > 0 && !names_a_figure)
}

#[cfg(test)]
mod tests {
    use super::is_general;

    #[test]
    fn what_can_be_checked_is_not_general() {
        assert!(is_general("已收悉。"));
        assert!(is_general("我局高度重视，将进一步加强管理，积极推进相关工作。"));
        assert!(!is_general("我局高度重视，已于3月12日更换路灯6盏。"));
        assert!(!is_general("楼道灯已经更换，今晚可以使用，请居民验看。"));
    }
}
