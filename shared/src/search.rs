//! Finding words, in Chinese too. One definition for the server's index and the tablet's.

/// Text as search compares it: lower case, full-width letters and digits narrowed, all other signs a space.
pub fn normalize(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
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
    let mut tokens = Vec::new();
    for word in normalize(text).split(' ') {
        let mut rest = word;
        while let Some(first) = rest.chars().next() {
            let han = is_han(first);
            let end = rest.find(|c| is_han(c) != han).unwrap_or(rest.len());
            let (run, more) = rest.split_at(end);
            if han {
                tokens.extend(pairs(run));
            } else {
                tokens.push(run.to_owned());
            }
            rest = more;
        }
    }
    tokens
}

/// Whether a normalised text has every word of a query. Words are found inside others, so a text is found while its word
/// is still being typed.
pub fn matches(normalized: &str, query: &str) -> bool {
    normalize(query).split(' ').all(|word| normalized.contains(word))
}

/// Each character with the next; the last one alone.
fn pairs(run: &str) -> impl Iterator<Item = String> {
    let starts = run.char_indices().map(|(start, _)| start);
    let ends = starts.clone().skip(2).chain([run.len(); 2]);
    starts.zip(ends).map(|(start, end)| run[start..end].to_owned())
}

/// Whether a character is Han.
pub(crate) fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn han_goes_in_pairs_and_letters_in_words() {
        assert_eq!(
            tokens("三号楼Ｗｉ-Fi坏了。"),
            ["三号", "号楼", "楼", "wi", "fi", "坏了", "了"]
        );
        assert_eq!(tokens(" ，。 "), Vec::<String>::new());
    }

    #[test]
    fn words_are_found_however_they_are_written() {
        let text = normalize("小区３号楼的电梯，又停了！Lift BROKEN");
        for query in ["电梯", "3号楼", "lift", "停 电梯", "brok", ""] {
            assert!(matches(&text, query), "{query}");
        }
        assert!(!matches(&text, "停车"));
    }
}
