//! Moments on the page.

use js_sys::Date;
use lianxin_shared::id::Moment;
use yew::prelude::*;

use crate::i18n::{use_texts, when};

/// What a moment on the page needs.
#[derive(Debug, PartialEq, Properties)]
pub struct WhenProps {
    /// The moment.
    pub at: Moment,
}

/// A moment in words, in the device's time zone; exact for machines.
#[component]
pub fn When(props: &WhenProps) -> Html {
    let t = use_texts();
    #[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
    let date = Date::new(&(props.at.0 as f64).into());
    // A clock that is set to nonsense has no exact form, and must not stop the page.
    let exact = date
        .get_time()
        .is_finite()
        .then(|| String::from(date.to_iso_string()));
    html! { <time datetime={exact}>{ when::moment(&t, props.at) }</time> }
}
