//! Counts tests by the closing lines that Rust's test runner prints.

use std::fmt;
use std::ops::AddAssign;

/// How many passed and how many failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    /// Tests that passed.
    pub(crate) passed: usize,
    /// Tests that failed, and steps that failed without naming a test.
    pub(crate) failed: usize,
}

impl Tally {
    /// A step that failed as a whole.
    pub(crate) const FAILED_STEP: Self = Self { passed: 0, failed: 1 };

    /// Reads a line of output; only a runner's closing line counts anything.
    pub(crate) fn of_line(line: &str) -> Option<Self> {
        let (_, counts) = line.trim().strip_prefix("test result: ")?.split_once(". ")?;
        let count = |word: &str| {
            let part = counts.split("; ").find_map(|part| part.strip_suffix(word))?;
            part.trim().parse().ok()
        };
        Some(Self {
            passed: count("passed")?,
            failed: count("failed")?,
        })
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)
    }
}

#[cfg(test)]
mod tests {
    use super::Tally;

    #[test]
    fn a_closing_line_is_counted_and_nothing_else() {
        let check = |line: &str, expected: Option<(usize, usize)>| {
            assert_eq!(
                Tally::of_line(line),
                expected.map(|(passed, failed)| Tally { passed, failed }),
                "{line}"
            );
        };
        check(
            "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out",
            Some((12, 0)),
        );
        check(
            "test result: FAILED. 3 passed; 2 failed; 0 ignored; finished in 0.01s\n",
            Some((3, 2)),
        );
        check("test tally::counts ... ok", None);
        check("test result: ok", None);
        check("running 3 tests", None);
    }
}
