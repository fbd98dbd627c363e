//! Text as a square that cameras read.

use qrcode::{EcLevel, QrCode, render::svg};
use yew::prelude::*;

/// What a code needs.
#[derive(Debug, PartialEq, Properties)]
pub struct QrProps {
    /// What the camera reads.
    pub text: AttrValue,
    /// What it is, for who does not see it.
    pub label: AttrValue,
}

/// Text as a square that cameras read; nothing if it is longer than such a square can hold (some 2,000 letters).
#[component]
pub fn Qr(props: &QrProps) -> Html {
    let drawing = use_memo(props.text.clone(), |text| {
        let code = QrCode::with_error_correction_level(text.as_bytes(), EcLevel::M).ok()?;
        let drawing = code.render::<svg::Color>().quiet_zone(false).build();
        // The declaration is for files; within a page the drawing begins at its element.
        drawing
            .find("<svg")
            .map(|start| AttrValue::from(drawing[start..].to_owned()))
    });
    match &*drawing {
        None => html! {},
        Some(drawing) => html! {
            <div class="qr" role="img" aria-label={&props.label}>
                { Html::from_html_unchecked(drawing.clone()) }
            </div>
        },
    }
}
