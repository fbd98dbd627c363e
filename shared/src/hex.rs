//! Bytes as text: two digits each. Each has one text: digits in upper case are none.

/// The digits of bytes.
pub fn written(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The bytes that are written so; nothing for any other text, or for another number of them.
pub fn read<const N: usize>(text: &str) -> Option<[u8; N]> {
    let digit = |digit: u8| match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    };
    if text.len() != 2 * N {
        return None;
    }
    let mut bytes = [0; N];
    for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
        *byte = digit(pair[0])? << 4 | digit(pair[1])?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_and_nothing_else() {
        let bytes = [0x00, 0x0f, 0xa5, 0xff];
        assert_eq!(written(&bytes), "000fa5ff");
        assert_eq!(read(&written(&bytes)), Some(bytes));
        for other in [
            "",
            "000fa5",
            "000fa5ff0",
            "000FA5FF",
            "000fa5fg",
            "+00fa5ff",
            "号号",
        ] {
            assert_eq!(read::<4>(other), None, "{other}");
        }
    }
}
