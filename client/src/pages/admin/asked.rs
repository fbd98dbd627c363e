//! What the server answers to one question, asked when the page opens and again when something was changed.

use std::rc::Rc;

use serde::de::DeserializeOwned;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::api::{ApiError, use_api};

/// The answer as far as it is here, and asking again.
pub(super) struct Asked<T> {
    /// Nothing before the first answer. What is here stays when a later question is not answered.
    pub(super) answer: Option<Rc<T>>,
    /// Why the last question was not answered.
    pub(super) error: Option<ApiError>,
    /// Asks again.
    pub(super) again: Callback<()>,
}

/// Asks an address.
#[hook]
pub(super) fn use_asked<T: DeserializeOwned + 'static>(path: &'static str) -> Asked<T> {
    let api = use_api();
    let answer = use_state(|| None::<Rc<T>>);
    let error = use_state(|| None);
    let again = {
        let (answer, error) = (answer.setter(), error.setter());
        Callback::from(move |()| {
            let (api, answer, error) = (api.clone(), answer.clone(), error.clone());
            spawn_local(async move {
                match api.get::<T>(path).await {
                    Ok(found) => {
                        answer.set(Some(Rc::new(found)));
                        error.set(None);
                    }
                    Err(why) => error.set(Some(why)),
                }
            });
        })
    };
    use_effect_with((), {
        let again = again.clone();
        move |()| again.emit(())
    });
    Asked {
        answer: (*answer).clone(),
        error: (*error).clone(),
        again,
    }
}
