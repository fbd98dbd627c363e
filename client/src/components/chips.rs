//! A filter of which at most one is on.

use yew::prelude::*;

/// One of the values to filter by.
#[derive(Debug, Clone, PartialEq)]
pub struct Chip {
    /// What is chosen.
    pub value: AttrValue,
    /// What it is called.
    pub label: AttrValue,
    /// How many records there are.
    pub count: Option<usize>,
}

/// What a filter needs.
#[derive(Debug, PartialEq, Properties)]
pub struct ChipsProps {
    /// What is filtered by; for screen readers.
    pub label: AttrValue,
    /// The values.
    pub options: Vec<Chip>,
    /// The one that is on.
    pub chosen: Option<AttrValue>,
    /// The user chose one, or none by tapping the chosen one again.
    pub on_choose: Callback<Option<AttrValue>>,
}

/// A filter of which at most one is on.
#[component]
pub fn Chips(props: &ChipsProps) -> Html {
    let chips = props.options.iter().map(|chip| {
        let is_on = props.chosen.as_ref() == Some(&chip.value);
        let next = (!is_on).then(|| chip.value.clone());
        let on_choose = props.on_choose.clone();
        let onclick = move |_: MouseEvent| on_choose.emit(next.clone());
        html! {
            <button type="button" class="chip" aria-pressed={is_on.to_string()} data-value={&chip.value} {onclick}>
                { &chip.label }
                if let Some(count) = chip.count {
                    <span class="number">{ count }</span>
                }
            </button>
        }
    });
    html! {
        <div class="chips" role="group" aria-label={&props.label}>{ for chips }</div>
    }
}
