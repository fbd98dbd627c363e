//! Bars: one thing under the other, each with its name and its figure.

use super::{Anchor, Caption, Drawing, LETTER, WIDTH, fill, fitted, length, scale};

/// Where the bars begin, right of their names.
const LEFT: u64 = 190;
/// What is left for the figures behind them.
const RIGHT: u64 = 90;
/// From one bar to the next.
const STEP: u64 = 28;
const THICK: u64 = 16;

/// One bar.
#[derive(Debug, Clone, Copy)]
pub struct Bar<'a> {
    /// What it stands for.
    pub name: &'a str,
    /// How long it is.
    pub value: u64,
    /// How long it should be: a mark across it, solid where it is reached and the bar striped where it is not.
    pub target: Option<u64>,
    /// The figure in words, behind the bar.
    pub said: &'a str,
}

/// Bars, in the order given. None at all make a drawing with nothing but its title.
pub fn bars(caption: Caption<'_>, bars: &[Bar<'_>]) -> String {
    let count = u64::try_from(bars.len()).unwrap_or(0);
    let mut drawing = Drawing::new(caption, count * STEP + LETTER);
    let longest = bars.iter().map(|bar| bar.value.max(bar.target.unwrap_or(0)));
    let end = scale(longest.max().unwrap_or(0));
    let span = WIDTH - LEFT - RIGHT;
    for (bar, n) in bars.iter().zip(0..) {
        let (top, is_met) = (n * STEP + 6, bar.target.is_none_or(|target| bar.value >= target));
        let base = top + LETTER;
        drawing.text(LEFT - 10, base, Anchor::End, &fitted(bar.name, LEFT - 20));
        let long = length(bar.value, end, span);
        let ink = fill(caption.id, usize::from(!is_met));
        drawing.filled(
            [LEFT, top, long, THICK],
            &ink,
            &format!("{}: {}", bar.name, bar.said),
        );
        let target = bar.target.map(|target| LEFT + length(target, end, span));
        if let Some(x) = target {
            drawing.line([x, top - 3, x, top + THICK + 3], 3);
        }
        let behind = (LEFT + long).max(target.unwrap_or(0)) + 8;
        drawing.text(
            behind.min(LEFT + span + 8),
            base,
            Anchor::Start,
            &fitted(bar.said, RIGHT - 8),
        );
    }
    drawing.line([LEFT, 0, LEFT, count * STEP + 4], 1);
    drawing.finish()
}
