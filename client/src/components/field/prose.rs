//! Several lines, in a field that grows with what is written.

use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

use super::Control;
use super::voice::{Voice, continued};
use crate::components::event::written;
use crate::i18n::use_texts;

#[derive(Debug, PartialEq, Properties)]
pub(super) struct ProseInputProps {
    pub(super) control: Control,
    pub(super) value: AttrValue,
    pub(super) max: usize,
    pub(super) on_change: Callback<String>,
}

/// Several lines. Near the limit it says how much room is left.
#[component]
pub(super) fn ProseInput(props: &ProseInputProps) -> Html {
    let t = use_texts();
    let control = &props.control;
    let left = room(&props.value, props.max);
    let area = use_node_ref();
    let on_heard = {
        let (area, on_change) = (area.clone(), props.on_change.clone());
        Callback::from(move |said: String| {
            if let Some(area) = area.cast::<HtmlTextAreaElement>() {
                on_change.emit(continued(&area.value(), &said));
            }
        })
    };
    html! {
        <>
            <div class="growing">
                <textarea ref={area} class="input" id={&control.id} name={control.name}
                    aria-describedby={control.described.clone()} aria-invalid={control.aria_invalid()}
                    aria-required={control.aria_required()} value={&props.value}
                    oninput={written(&props.on_change)} />
                // A line more than there is, so that the next one does not make the page jump.
                <div class="input twin" aria-hidden="true">{ &props.value }{ "\n\u{a0}" }</div>
            </div>
            <Voice field={&control.id} {on_heard} />
            if let Some(left) = left {
                <p class="count near" role="status">{ t.with("ui-room", &[("n", left.into())]) }</p>
            }
        </>
    }
}

/// How many characters still fit, once nine tenths are full.
fn room(text: &str, max: usize) -> Option<i64> {
    // Bytes are never fewer than characters: most texts need no counting.
    if text.len() < max - max / 10 {
        return None;
    }
    let left = max.saturating_sub(text.chars().count());
    (left <= max / 10).then(|| i64::try_from(left).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::room;

    #[test]
    fn the_room_is_named_near_the_limit_only() {
        assert_eq!(room("", 100), None);
        assert_eq!(room(&"字".repeat(89), 100), None);
        assert_eq!(room(&"字".repeat(90), 100), Some(10));
        assert_eq!(room(&"字".repeat(130), 100), Some(0));
    }
}
