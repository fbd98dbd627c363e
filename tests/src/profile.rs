//! A browser's profile, as somebody reads it who has the disk.

use std::path::Path;

use anyhow::{Result, ensure};

/// Which of these words lie in a file below a folder, as UTF-8 or as UTF-16 of either order; with the file.
pub(crate) fn holding(folder: &Path, words: &[&str]) -> Result<Vec<String>> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_path_buf()];
    let mut bytes_read = 0;
    while let Some(next) = open.pop() {
        let Ok(entries) = std::fs::read_dir(&next) else {
            continue;
        };
        for entry in entries.flatten() {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
                continue;
            }
            // A file that the browser removed meanwhile, a socket.
            let Ok(bytes) = std::fs::read(&path) else { continue };
            bytes_read += bytes.len();
            for word in words.iter().filter(|word| holds(&bytes, word)) {
                found.push(format!("{word} in {}", path.display()));
            }
        }
    }
    ensure!(bytes_read > 100_000, "that is no profile");
    Ok(found)
}

fn holds(bytes: &[u8], word: &str) -> bool {
    let utf16 = |of: fn(u16) -> [u8; 2]| word.encode_utf16().flat_map(of).collect::<Vec<u8>>();
    [
        word.as_bytes().to_vec(),
        utf16(u16::to_le_bytes),
        utf16(u16::to_be_bytes),
    ]
    .iter()
    .any(|needle| has(bytes, needle))
}

fn has(bytes: &[u8], needle: &[u8]) -> bool {
    let Some((first, rest)) = needle.split_first() else {
        return false;
    };
    let mut from = 0;
    while let Some(at) = bytes[from..].iter().position(|byte| byte == first) {
        from += at + 1;
        if bytes[from..].starts_with(rest) {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::holds;

    #[test]
    fn words_are_found_in_each_writing() {
        let utf16: Vec<u8> = "路灯坏了".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let whole = [b"\0\x01".as_slice(), &utf16, b"\xff"].concat();
        assert!(holds(&whole, "灯坏"));
        assert!(holds("路灯坏了".as_bytes(), "坏了"));
        assert!(!holds(&whole, "电梯"));
    }
}
