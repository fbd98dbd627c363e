//! The parts that pages are made of. They take what they show as props and tell what the user did by callbacks; of the
//! rest of the app they know the texts and the names in the book alone. None of them fetches or saves.

mod act_box;
mod chips;
mod concurrent;
mod declared;
pub mod event;
pub mod field;
mod history;
mod hits;
pub mod label;
mod mark;
mod notice;
mod pieces;
mod qr;
mod record_form;
mod search_box;
mod timeline;
mod when;

pub use act_box::{Act, ActBox, Candidates};
pub use chips::{Chip, Chips};
pub use concurrent::ConcurrentVersions;
pub use declared::Declared;
pub use field::{FieldInput, FieldView, FieldsView};
pub use history::History;
pub use hits::Hits;
pub use mark::{StandingMark, StateMark};
pub use notice::{Empty, Notice, Tone};
pub use pieces::Pieces;
pub use qr::Qr;
pub use record_form::RecordForm;
pub use search_box::SearchBox;
pub use timeline::Timeline;
pub use when::When;
