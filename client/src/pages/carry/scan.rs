//! The camera reads the row of codes that the other device shows, where the browser reads codes (Shape Detection API).

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Function, Promise};
use lianxin_shared::handover::pieces::{PieceError, Pieces};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::Element;
use yew::prelude::*;

use crate::components::{Notice, Tone};
use crate::i18n::use_texts;

/// What scanning tells.
#[derive(PartialEq, Properties)]
pub(super) struct ScanProps {
    /// A whole parcel.
    pub(super) on_parcel: Callback<Vec<u8>>,
}

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scanning {
    /// Nobody asked for it.
    No,
    /// So many pieces of so many.
    At(usize, usize),
    /// There is no camera, or none that may be used.
    NoCamera,
    /// The pieces do not fit together.
    Damaged,
}

#[wasm_bindgen]
extern "C" {
    /// Shows the camera's picture in a video and calls back with each code in it. Answers a function that stops it; rejects
    /// without a camera. Put there by `client/static/boot.js`, where the browser reads codes.
    #[wasm_bindgen(js_namespace = window, js_name = lianxinScan, catch)]
    fn scan(video: &Element, found: &Function) -> Result<Promise, JsValue>;
}

/// A button that opens the camera; words where the browser reads no codes.
#[component]
pub(super) fn Scan(props: &ScanProps) -> Html {
    let t = use_texts();
    let scanning = use_state(|| Scanning::No);
    let video = use_node_ref();
    let is_on = matches!(*scanning, Scanning::At(..));
    use_effect_with(is_on, {
        let (scanning, video, on_parcel) = (scanning.setter(), video.clone(), props.on_parcel.clone());
        move |is_on| {
            let camera = (*is_on).then(|| Camera::open(&video, scanning, on_parcel));
            move || drop(camera)
        }
    });
    if !reads_codes() {
        return html! { <p class="muted" data-test="no-scan">{ t.get("carry-no-scan") }</p> };
    }
    let set = |state: Scanning| {
        let scanning = scanning.setter();
        move |_: MouseEvent| scanning.set(state)
    };
    html! {
        <div class="scan column">
            if let Scanning::At(here, of) = *scanning {
                <video ref={video} muted=true playsinline=true aria-label={t.get("carry-camera")}></video>
                <p role="status" data-test="scanned" data-here={here.to_string()} data-of={of.to_string()}>
                    { t.with("carry-pieces", &[("here", here.into()), ("of", of.into())]) }
                </p>
                <button type="button" class="button" data-test="scan-stop" onclick={set(Scanning::No)}>{ t.get("carry-stop") }</button>
            } else {
                <button type="button" class="button whole" data-test="scan" onclick={set(Scanning::At(0, 0))}>{ t.get("carry-scan") }</button>
            }
            if *scanning == Scanning::NoCamera {
                <Notice tone={Tone::Attention}><p role="alert">{ t.get("carry-no-camera") }</p></Notice>
            }
            if *scanning == Scanning::Damaged {
                <Notice tone={Tone::Attention}><p role="alert">{ t.get("carry-damaged") }</p></Notice>
            }
        </div>
    }
}

fn reads_codes() -> bool {
    let window = web_sys::window();
    window.is_some_and(|window| js_sys::Reflect::has(&window, &"BarcodeDetector".into()).is_ok_and(|has| has))
}

/// The camera, on until it is dropped.
struct Camera {
    stop: Rc<RefCell<Option<Function>>>,
    is_wanted: Rc<RefCell<bool>>,
    _found: Closure<dyn FnMut(JsValue)>,
}

impl Camera {
    fn open(video: &NodeRef, scanning: UseStateSetter<Scanning>, on_parcel: Callback<Vec<u8>>) -> Self {
        let pieces = RefCell::new(Pieces::default());
        let told = scanning.clone();
        let found = Closure::<dyn FnMut(JsValue)>::new(move |text: JsValue| {
            let mut pieces = pieces.borrow_mut();
            match pieces.add(&text.as_string().unwrap_or_default()) {
                Ok(None) => told.set(Scanning::At(pieces.here(), pieces.of())),
                Ok(Some(parcel)) => {
                    told.set(Scanning::No);
                    on_parcel.emit(parcel);
                }
                Err(PieceError::Damaged) => told.set(Scanning::Damaged),
                // Some other code in the picture.
                Err(PieceError::Strange) => {}
            }
        });
        let camera = Self {
            stop: Rc::default(),
            is_wanted: Rc::new(RefCell::new(true)),
            _found: found,
        };
        let asked = video
            .cast::<Element>()
            .ok_or(JsValue::NULL)
            .and_then(|video| scan(&video, camera._found.as_ref().unchecked_ref()));
        let (stop, is_wanted) = (Rc::clone(&camera.stop), Rc::clone(&camera.is_wanted));
        spawn_local(async move {
            let opened = match asked {
                Ok(asked) => JsFuture::from(asked).await,
                Err(error) => Err(error),
            };
            match opened.and_then(wasm_bindgen::JsCast::dyn_into::<Function>) {
                Ok(opened) if *is_wanted.borrow() => drop(stop.replace(Some(opened))),
                // The page went on while the camera was being asked for.
                Ok(opened) => drop(opened.call0(&JsValue::NULL)),
                Err(_) => scanning.set(Scanning::NoCamera),
            }
        });
        camera
    }
}

impl Drop for Camera {
    fn drop(&mut self) {
        self.is_wanted.replace(false);
        if let Some(stop) = self.stop.take() {
            // Ends the picture; that cannot fail.
            drop(stop.call0(&JsValue::NULL));
        }
    }
}
