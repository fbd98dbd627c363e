//! Both languages. Every word that is seen comes from the catalogues.

pub mod when;

use std::ops::Deref;
use std::rc::Rc;

use lianxin_shared::texts::{Lang, Texts};
use yew::prelude::*;

/// The texts of the language in use; cheap to clone, equal when the language is.
#[derive(Clone)]
pub struct Words(Rc<Texts>);

impl Words {
    /// The texts of a language.
    pub fn of(lang: Lang) -> Self {
        Self(Rc::new(Texts::of(lang)))
    }
}

impl Deref for Words {
    type Target = Texts;

    fn deref(&self) -> &Texts {
        &self.0
    }
}

impl PartialEq for Words {
    fn eq(&self, other: &Self) -> bool {
        self.lang() == other.lang()
    }
}

/// The texts of the language in use. Chinese where none was chosen.
#[hook]
pub fn use_texts() -> Words {
    use_context::<Words>().unwrap_or_else(|| Words::of(Lang::Zh))
}
