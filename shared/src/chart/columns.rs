//! Columns: one thing beside the other, each a pile of what it is made of. A year by its months.

use super::{Anchor, Caption, Drawing, LETTER, PATTERNS, WIDTH, fill, fitted, length, scale};

const LEFT: u64 = 48;
/// The height of the highest pile.
const TALL: u64 = 200;
/// What is above it.
const TOP: u64 = 20;
/// From one line of the legend to the next.
const LINE: u64 = 22;
/// How many stand in a line of the legend.
const IN_LINE: u64 = 3;

/// What piles are made of.
#[derive(Debug, Clone)]
pub struct Series<'a> {
    /// Its name, in the legend.
    pub name: &'a str,
    /// Its part in each column. One that is missing is 0.
    pub values: Vec<u64>,
}

/// Columns with these names under them. At most six series are told apart; more begin anew with the first pattern.
pub fn columns(caption: Caption<'_>, names: &[&str], series: &[Series<'_>]) -> String {
    let at = |series: &Series<'_>, n: usize| series.values.get(n).copied().unwrap_or(0);
    let total = |n: usize| {
        series
            .iter()
            .fold(0u64, |sum, series| sum.saturating_add(at(series, n)))
    };
    let end = scale((0..names.len()).map(total).max().unwrap_or(0));
    let many = |n: usize| u64::try_from(n).unwrap_or(0);
    let lines = many(series.len()).div_ceil(IN_LINE);
    let ground = TOP + TALL;
    let mut drawing = Drawing::new(caption, ground + LINE + lines * LINE);

    for part in [0, 1, 2] {
        let y = ground - TALL * part / 2;
        drawing.line([LEFT, y, WIDTH, y], 1);
        // A scale that ends at 1 has no half.
        if part != 1 || end.is_multiple_of(2) {
            drawing.text(
                LEFT - 6,
                y + LETTER / 2 - 2,
                Anchor::End,
                &(end / 2 * part + end % 2 * (part / 2)).to_string(),
            );
        }
    }
    let step = (WIDTH - LEFT) / many(names.len()).max(1);
    let thick = step * 6 / 10;
    for (n, name) in names.iter().enumerate() {
        let left = LEFT + step * many(n) + (step - thick) / 2;
        let mut below = 0u64;
        for (k, series) in series.iter().enumerate() {
            let value = at(series, n);
            if value == 0 {
                continue;
            }
            let bottom = length(below, end, TALL);
            below = below.saturating_add(value);
            let tall = length(below, end, TALL) - bottom;
            let title = format!("{name} · {}: {value}", series.name);
            drawing.filled(
                [left, ground - bottom - tall, thick, tall],
                &fill(caption.id, k % PATTERNS.len()),
                &title,
            );
        }
        let middle = left + thick / 2;
        if below > 0 {
            drawing.text(
                middle,
                ground - length(below, end, TALL) - 5,
                Anchor::Middle,
                &below.to_string(),
            );
        }
        drawing.text(middle, ground + LETTER + 4, Anchor::Middle, &fitted(name, step));
    }
    for (k, series) in series.iter().enumerate() {
        let (row, place) = (many(k) / IN_LINE, many(k) % IN_LINE);
        let wide = (WIDTH - LEFT) / IN_LINE;
        let (x, y) = (LEFT + place * wide, ground + LINE + row * LINE + 6);
        drawing.filled([x, y, 14, 14], &fill(caption.id, k), series.name);
        drawing.text(x + 20, y + 12, Anchor::Start, &fitted(series.name, wide - 30));
    }
    drawing.finish()
}
