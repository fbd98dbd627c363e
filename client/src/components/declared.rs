//! Declarations as props. A register, a field and a step are statics: one is equal to itself alone, and comparing them
//! on each render costs nothing.

use std::ops::Deref;

use lianxin_shared::records::{Field, Register, Step};
use yew::html::IntoPropValue;

/// One of the declarations of `lianxin_shared::records`.
#[derive(Debug)]
pub struct Declared<T: 'static>(pub &'static T);

impl<T> Clone for Declared<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Declared<T> {}

impl<T> PartialEq for Declared<T> {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.0, other.0)
    }
}

impl<T> Deref for Declared<T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.0
    }
}

macro_rules! from_static {
    ($($name:ident),*) => {$(
        impl IntoPropValue<Declared<$name>> for &'static $name {
            fn into_prop_value(self) -> Declared<$name> {
                Declared(self)
            }
        }
    )*};
}
from_static!(Field, Register, Step);
