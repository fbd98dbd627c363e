//! The bar at the top, always: who I am, where, and how my work is, in words.

use yew::prelude::*;

use super::link::Go;
use crate::agent::{Line, use_line};
use crate::book::use_book;
use crate::i18n::use_texts;
use crate::photos::use_waiting;
use crate::route::Route;
use crate::session::use_session;

/// The state of one's work: a message with its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct WorkState {
    key: &'static str,
    n: usize,
    tone: Option<&'static str>,
}

impl WorkState {
    /// What comes first is what the user can do something about.
    fn of(line: Line, unsent: usize, photos: usize, attention: usize) -> Self {
        let (key, n, tone) = match (line, unsent, attention) {
            (Line::SignedOut, n, _) => ("work-signed-out", n, Some("attention")),
            (Line::Outdated, n, _) => ("work-outdated", n, Some("attention")),
            (_, 0, 1..) => ("work-attention", attention, Some("attention")),
            (Line::On, 0, 0) if photos > 0 => ("work-photos", 0, None),
            (_, 0, 0) if photos > 0 => ("work-photos-waiting", 0, None),
            (Line::On, 0, 0) => ("work-all-sent", 0, Some("good")),
            (Line::On, n, _) => ("work-being-sent", n, None),
            (Line::Off, 0, 0) => ("work-no-line", 0, None),
            (Line::Off, n, _) => ("work-no-line-waiting", n, None),
            (Line::Unknown, 0, 0) => ("work-safe", 0, None),
            (Line::Unknown, n, _) => ("work-waiting", n, None),
        };
        Self { key, n, tone }
    }
}

/// The bar at the top.
#[component]
pub fn Bar() -> Html {
    let t = use_texts();
    let book = use_book();
    let line = use_line();
    let photos = use_waiting();
    let Some(session) = use_session() else {
        return html! {};
    };
    let stations: Vec<_> = session
        .principal
        .stations()
        .filter_map(|id| book.title(&id))
        .collect();
    let unsent = book.unsent().len();
    let state = WorkState::of(
        line.line,
        unsent,
        photos,
        book.attention(&session.principal).len(),
    );
    let words = t.with(state.key, &[("n", state.n.into())]);
    let target = match state.key {
        "work-signed-out" => Route::SignIn,
        _ => Route::Safe,
    };
    let is_on = if line.line == Line::On { "on" } else { "off" };
    html! {
        <header class="bar">
            <Go to={Route::More} class="bar-who">{ book.person(&session.principal.user) }</Go>
            if !stations.is_empty() {
                <span class="bar-station">{ stations.join(&*t.get("list-comma")) }</span>
            }
            <span class={classes!("bar-state", state.tone)} role="status"
                data-test="work-state" data-unsent={unsent.to_string()} data-line={is_on}>
                <Go to={target} class="bar-link">{ words }</Go>
            </span>
        </header>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_say_what_the_user_needs_first() {
        let key = |line, unsent, attention| WorkState::of(line, unsent, 0, attention).key;
        assert_eq!(key(Line::On, 0, 0), "work-all-sent");
        assert_eq!(key(Line::Off, 0, 0), "work-no-line");
        assert_eq!(key(Line::Off, 3, 1), "work-no-line-waiting");
        assert_eq!(key(Line::On, 0, 2), "work-attention");
        assert_eq!(key(Line::SignedOut, 3, 1), "work-signed-out");
        assert_eq!(WorkState::of(Line::On, 0, 2, 0).key, "work-photos");
        assert_eq!(key(Line::Outdated, 3, 1), "work-outdated");
    }

    #[test]
    fn being_offline_is_normal_and_wears_no_colour() {
        assert_eq!(WorkState::of(Line::Off, 3, 0, 0).tone, None);
        assert_eq!(WorkState::of(Line::Off, 0, 0, 0).tone, None);
    }
}
