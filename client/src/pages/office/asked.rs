//! One question to the server, asked again whenever something moved.

use std::rc::Rc;

use serde::de::DeserializeOwned;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::feed::use_gathered;
use crate::api::{ApiError, use_api};

/// What is known of the answer.
#[derive(Debug, Clone)]
pub(in crate::pages) struct Asked<T> {
    /// The last answer to this question.
    pub(in crate::pages) answer: Option<Rc<T>>,
    /// Why the last question was not answered. What was answered before stays.
    pub(in crate::pages) error: Option<ApiError>,
    /// Asks again.
    pub(in crate::pages) again: Callback<()>,
}

/// Asks what the server answers at an address; nothing without one.
#[hook]
pub(in crate::pages) fn use_asked<T: DeserializeOwned + 'static>(path: Option<String>) -> Asked<T> {
    let api = use_api();
    let answer = use_state(|| None::<(String, Rc<T>)>);
    let error = use_state(|| None::<(String, ApiError)>);
    let ask = {
        let (answer, error) = (answer.setter(), error.setter());
        use_callback((api, path.clone()), move |(), (api, path)| {
            let Some(path) = path.clone() else { return };
            let (api, answer, error) = (api.clone(), answer.clone(), error.clone());
            spawn_local(async move {
                match api.get::<T>(&path).await {
                    Ok(found) => {
                        answer.set(Some((path, Rc::new(found))));
                        error.set(None);
                    }
                    Err(why) => error.set(Some((path, why))),
                }
            });
        })
    };
    use_effect_with(ask.clone(), |ask| ask.emit(()));
    use_gathered(ask.clone());
    // What came for another question says nothing of this one.
    let answer = answer.as_ref().filter(|(of, _)| Some(of) == path.as_ref());
    let error = error.as_ref().filter(|(of, _)| Some(of) == path.as_ref());
    Asked {
        answer: answer.map(|(_, found)| Rc::clone(found)),
        error: error.map(|(_, why)| why.clone()),
        again: ask,
    }
}
