//! Charts as SVG, made of figures by pure functions: the office's pages and the printed report draw the very same ones.
//!
//! Two kinds are enough for a year's work: [`bars`] compare things (and hold each against its target), [`columns`] show a
//! year by months, stacked.
//!
//! They are our own and no plotting library's. A library draws to pixels or to paths that nobody can read aloud, brings its
//! fonts, and weighs more than the rest of the client; what is asked of these is another thing:
//!
//! - **One ink.** Everything is drawn in the colour of the text around it, so they are right on paper and on dark screens;
//!   what differs, differs by pattern and by its label, never by colour alone.
//! - **Read aloud.** Each is `role="img"` with a title and a description (WAI-ARIA Graphics, SVG-AAM); whoever places one
//!   puts the table of its figures beside it.
//! - **No styles.** A page whose policy forbids inline styles takes them as they are.

mod bars;
mod columns;

use std::fmt::Write as _;

pub use bars::{Bar, bars};
pub use columns::{Series, columns};

/// The width of every chart, in its own units; it grows with the page.
const WIDTH: u64 = 640;
/// The height of the letters.
const LETTER: u64 = 13;

/// What a chart is called.
#[derive(Debug, Clone, Copy)]
pub struct Caption<'a> {
    /// A name that nothing else on the page has: letters, digits and hyphens.
    pub id: &'a str,
    /// Its title.
    pub title: &'a str,
    /// What it shows, for those who do not see it.
    pub description: &'a str,
}

/// A drawing in the making.
struct Drawing(String);

/// From where a text runs.
#[derive(Clone, Copy)]
enum Anchor {
    Start,
    Middle,
    End,
}

impl Drawing {
    /// An empty one of this height, with its patterns.
    fn new(caption: Caption<'_>, height: u64) -> Self {
        let (id, title) = (escaped(caption.id), escaped(caption.title));
        let description = escaped(caption.description);
        let patterns: String = (0..PATTERNS.len()).map(|n| pattern(&id, n)).collect();
        Self(format!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" class="chart" viewBox="0 0 {WIDTH} {height}" role="img" aria-labelledby="{id}-title {id}-desc" font-size="{LETTER}" fill="currentColor"><title id="{id}-title">{title}</title><desc id="{id}-desc">{description}</desc><defs>{patterns}</defs>"#
        ))
    }

    /// A filled box; `title` is shown to who points at it.
    fn filled(&mut self, [x, y, width, height]: [u64; 4], fill: &str, title: &str) {
        let title = escaped(title);
        self.push(format_args!(
            r#"<rect x="{x}" y="{y}" width="{width}" height="{height}" fill="{fill}" stroke="currentColor"><title>{title}</title></rect>"#
        ));
    }

    fn line(&mut self, [x1, y1, x2, y2]: [u64; 4], width: u64) {
        self.push(format_args!(
            r#"<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" stroke="currentColor" stroke-width="{width}"/>"#
        ));
    }

    fn text(&mut self, x: u64, y: u64, anchor: Anchor, text: &str) {
        let anchor = match anchor {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        };
        let text = escaped(text);
        self.push(format_args!(
            r#"<text x="{x}" y="{y}" text-anchor="{anchor}">{text}</text>"#
        ));
    }

    fn finish(mut self) -> String {
        self.0.push_str("</svg>");
        self.0
    }

    fn push(&mut self, piece: std::fmt::Arguments<'_>) {
        // Writing to a text cannot fail.
        let _ = self.0.write_fmt(piece);
    }
}

/// What tells series apart: the path that is repeated, on a tile of 8 by 8.
const PATTERNS: &[&str] = &[
    "M0 0H8V8H0Z",
    "M-2 2L2 -2M0 8L8 0M6 10L10 6",
    "M2 2h2v2h-2zM6 6h2v2h-2z",
    "M0 4H8",
    "M4 0V8M0 4H8",
    "M-2 6L2 10M0 0L8 8M6 -2L10 2",
];

fn pattern(id: &str, n: usize) -> String {
    let path = PATTERNS[n];
    let fill = if n == 0 || n == 2 { "currentColor" } else { "none" };
    format!(
        r#"<pattern id="{id}-{n}" width="8" height="8" patternUnits="userSpaceOnUse"><path d="{path}" fill="{fill}" stroke="currentColor"/></pattern>"#
    )
}

/// The fill of the series with a number; after the last pattern it begins anew.
fn fill(id: &str, n: usize) -> String {
    format!("url(#{}-{})", escaped(id), n % PATTERNS.len())
}

/// As much of a text as fits into a width, with a sign that there is more. Letters are reckoned, not measured: Chinese ones
/// as square, others as somewhat more than half of it.
fn fitted(text: &str, width: u64) -> String {
    let wide = |c: char| if c.is_ascii() { LETTER * 6 / 10 } else { LETTER };
    if text.chars().map(wide).sum::<u64>() <= width {
        return text.to_owned();
    }
    let mut left = width.saturating_sub(LETTER);
    let fits = text.chars().take_while(|c| {
        let fits = wide(*c) <= left;
        left = left.saturating_sub(wide(*c));
        fits
    });
    fits.chain(['…']).collect()
}

/// The end of a scale: the smallest of 1, 2, 5, 10, 20, … that reaches `value`.
fn scale(value: u64) -> u64 {
    let mut power: u64 = 1;
    loop {
        for step in [1, 2, 5] {
            match power.checked_mul(step) {
                Some(end) if end >= value => return end,
                Some(_) => {}
                None => return u64::MAX,
            }
        }
        let Some(next) = power.checked_mul(10) else {
            return u64::MAX;
        };
        power = next;
    }
}

/// The part of `span` that `value` is of `end`.
fn length(value: u64, end: u64, span: u64) -> u64 {
    let part = u128::from(value.min(end)) * u128::from(span) / u128::from(end.max(1));
    u64::try_from(part).unwrap_or(span)
}

fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            c => safe.push(c),
        }
    }
    safe
}

#[cfg(test)]
mod tests;
