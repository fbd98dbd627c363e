//! Prose in which what is new to its reader is marked.

use lianxin_shared::document::Piece;
use yew::prelude::*;

use crate::i18n::use_texts;

/// What prose in pieces needs.
#[derive(Debug, PartialEq, Properties)]
pub struct PiecesProps {
    /// The pieces, in order.
    pub pieces: Vec<Piece>,
}

/// Prose in which what is new is marked: to the eye, and to who listens by words before and after it, which are no part of the
/// prose when it is copied.
#[component]
pub fn Pieces(props: &PiecesProps) -> Html {
    let t = use_texts();
    let (begins, ends) = (t.get("news-begins"), t.get("news-ends"));
    let shown = props.pieces.iter().map(|piece| {
        if piece.is_new {
            html! { <mark data-before={begins.clone()} data-after={ends.clone()}>{ &piece.text }</mark> }
        } else {
            html! { { &piece.text } }
        }
    });
    html! { <>{ for shown }</> }
}
