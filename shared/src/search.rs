//! Finding words, in Chinese too. One definition for the server's index and the tablet's.

use std::collections::BTreeSet;
use std::ops::Range;

/// Text as search compares it: lower case, full-width letters and digits narrowed, all other signs a space.
pub fn normalize(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if let '\u{4e00}'..='\u{9fff}' = c {
            // Nearly all there is; what follows would come to the same.
            out.push(c);
            continue;
        }
        let narrow = match c {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
            other => other,
        };
        if narrow.is_alphanumeric() {
            out.extend(narrow.to_lowercase());
        } else if !out.ends_with(' ') && !out.is_empty() {
            out.push(' ');
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// The words of a text for an index: runs of letters and digits as they are, Han characters in overlapping pairs (and the
/// last one of a run alone, so that a single character can be looked up by its beginning).
pub fn tokens(text: &str) -> Vec<String> {
    tokens_in(&normalize(text)).map(str::to_owned).collect()
}

/// What the tokens of a text have to begin with for a query to be met. As its own tokens, each once and without the last
/// character of a longer run: it follows from the pair that it ends, and hardly narrows anything down by itself.
pub fn wanted(query: &str) -> Vec<String> {
    let normalized = normalize(query);
    let runs = normalized.split(' ').flat_map(runs);
    let wanted = runs.flat_map(|run| {
        let tokens = tokens_in(run);
        let is_short = run.chars().count() < 2;
        tokens.filter(move |token| is_short || token.chars().count() > 1)
    });
    wanted
        .map(str::to_owned)
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect()
}

/// Whether a token is a pair of Han characters: no other token begins with it.
pub fn is_pair(token: &str) -> bool {
    token.chars().count() == 2 && token.chars().all(is_han)
}

/// The same of a text that is normalised already.
pub fn tokens_in(normalized: &str) -> impl Iterator<Item = &str> {
    normalized.split(' ').flat_map(runs).flat_map(|run| {
        let (han, letters) = if run.starts_with(is_han) {
            (run, None)
        } else {
            ("", Some(run))
        };
        pairs(han).chain(letters)
    })
}

/// Whether a normalised text has a token that begins with this one, told without making them.
pub fn has_token(normalized: &str, beginning: &str) -> bool {
    let is_one = |at: usize| {
        let before = normalized[..at].chars().next_back();
        beginning.starts_with(is_han) || before.is_none_or(|c| c == ' ' || is_han(c))
    };
    normalized.match_indices(beginning).any(|(at, _)| is_one(at))
}

/// Whether a normalised text has every word of a query. Words are found inside others, so a text is found while its word
/// is still being typed.
pub fn matches(normalized: &str, query: &str) -> bool {
    normalize(query).split(' ').all(|word| normalized.contains(word))
}

/// Where in a text a query's words stand, as byte ranges in order, none touching another: what a list marks. A word that
/// stands nowhere as a whole is marked by its tokens, which is what an index found it by.
pub fn found(text: &str, query: &str) -> Vec<Range<usize>> {
    let letters = folded(text);
    let mut hits = Vec::new();
    for word in normalize(query).split(' ').filter(|word| !word.is_empty()) {
        let whole = places(&letters, word);
        if whole.is_empty() {
            let longer = tokens(word).into_iter().filter(|token| token.chars().count() > 1);
            hits.extend(longer.flat_map(|token| places(&letters, &token)));
        } else {
            hits.extend(whole);
        }
    }
    hits.sort_by_key(|hit| (hit.start, hit.end));
    hits.into_iter()
        .fold(Vec::new(), |mut apart: Vec<Range<usize>>, hit| {
            match apart.last_mut() {
                Some(last) if hit.start <= last.end => last.end = last.end.max(hit.end),
                _ => apart.push(hit),
            }
            apart
        })
}

/// The letters as search compares them, each with where its sign stands in the text.
fn folded(text: &str) -> Vec<(char, Range<usize>)> {
    let mut letters = Vec::with_capacity(text.len() / 3);
    for (at, sign) in text.char_indices() {
        let place = at..at + sign.len_utf8();
        if let '\u{4e00}'..='\u{9fff}' = sign {
            // Nearly all there is; what follows would come to the same.
            letters.push((sign, place));
            continue;
        }
        let normal = normalize(sign.encode_utf8(&mut [0; 4]));
        // What is no letter stands between words.
        let normal = if normal.is_empty() { " " } else { &normal };
        letters.extend(normal.chars().map(|letter| (letter, place.clone())));
    }
    letters
}

fn places(letters: &[(char, Range<usize>)], word: &str) -> Vec<Range<usize>> {
    let word: Vec<_> = word.chars().collect();
    letters
        .windows(word.len().max(1))
        .filter(|window| window.iter().map(|(letter, _)| letter).eq(&word))
        .filter_map(|window| Some(window.first()?.1.start..window.last()?.1.end))
        .collect()
}

/// A word's runs of Han characters, and of others.
fn runs(word: &str) -> impl Iterator<Item = &str> {
    let mut rest = word;
    std::iter::from_fn(move || {
        let han = is_han(rest.chars().next()?);
        let end = rest.find(|c| is_han(c) != han).unwrap_or(rest.len());
        let (run, more) = rest.split_at(end);
        rest = more;
        Some(run)
    })
}

/// Each character with the next; the last one alone.
fn pairs(run: &str) -> impl Iterator<Item = &str> {
    let starts = run.char_indices().map(|(start, _)| start);
    let ends = starts.clone().skip(2).chain([run.len(); 2]);
    starts.zip(ends).map(|(start, end)| &run[start..end])
}

/// Whether a character is Han.
pub(crate) fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_wants_pairs_and_a_single_character_only_where_it_stands_alone() {
        assert_eq!(wanted("居民停车 居民"), ["停车", "居民", "民停"]);
        assert_eq!(wanted("梯"), ["梯"]);
        assert_eq!(wanted("3楼a"), ["3", "a", "楼"]);
        assert!(is_pair("居民") && !is_pair("梯") && !is_pair("ab"));
    }

    #[test]
    fn han_goes_in_pairs_and_letters_in_words() {
        assert_eq!(
            tokens("三号楼Ｗｉ-Fi坏了。"),
            ["三号", "号楼", "楼", "wi", "fi", "坏了", "了"]
        );
        assert_eq!(tokens(" ，。 "), Vec::<String>::new());
    }

    #[test]
    fn a_token_is_told_by_its_beginning_as_from_the_list_of_all() {
        let texts = [
            "三号楼Ｗｉ-Fi坏了。",
            "swing the WING 3号",
            "电",
            "𠮷野家 no.3",
            "İ 甲乙丙a乙b",
            "",
        ];
        let sought = texts.iter().flat_map(|text| tokens(text));
        let sought: Vec<_> = sought
            .flat_map(|token| {
                let ends: Vec<_> = token.char_indices().map(|(at, c)| at + c.len_utf8()).collect();
                ends.into_iter()
                    .map(move |end| token[..end].to_owned())
                    .collect::<Vec<_>>()
            })
            .collect();
        for text in texts {
            let all = tokens(text);
            for token in &sought {
                let listed = all.iter().any(|one| one.starts_with(token));
                assert_eq!(has_token(&normalize(text), token), listed, "{token} in {text}");
            }
        }
    }

    #[test]
    fn words_are_found_however_they_are_written() {
        let text = normalize("小区３号楼的电梯，又停了！Lift BROKEN");
        for query in ["电梯", "3号楼", "lift", "停 电梯", "brok", ""] {
            assert!(matches(&text, query), "{query}");
        }
        assert!(!matches(&text, "停车"));
    }

    #[test]
    fn what_was_found_is_marked_where_it_stands() {
        let text = "小区３号楼的电梯，又停了！Lift BROKEN";
        let marked =
            |query: &str| -> Vec<&str> { found(text, query).into_iter().map(|place| &text[place]).collect() };
        assert_eq!(marked("停 电梯"), ["电梯", "停"]);
        assert_eq!(marked("3号楼"), ["３号楼"]);
        assert_eq!(marked("lift"), ["Lift"]);
        assert_eq!(marked("号楼的 3号"), ["３号楼的"]);
        assert_eq!(marked("电梯又停"), ["电梯", "又停"], "over a sign: by its pairs");
        assert_eq!(marked("没有"), Vec::<&str>::new());
        assert_eq!(marked(""), Vec::<&str>::new());
    }
}
