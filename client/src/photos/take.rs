//! What the camera or the gallery gives is turned right, made smaller and freed of all it says beside the picture.
//!
//! The browser draws it (and turns it as its Exif says) onto a canvas, and the canvas makes a new file of it: nothing of the
//! old one but what is seen gets into that.

use futures_channel::oneshot;
use lianxin_shared::records::{Attachment, File, JPEG, PDF};
use lianxin_shared::rules::{MAX_FILE, MAX_THUMB};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, CanvasRenderingContext2d, HtmlCanvasElement, ImageBitmap};

use super::place;

/// The longer side of a kept picture, in pixels.
const LONGEST: u32 = 1_600;

/// The longer side of the one for lists.
const LONGEST_THUMB: u32 = 320;

/// How good a kept picture is, from 0 to 1: letters on a notice stay readable.
const QUALITY: f64 = 0.82;

/// How good the ones for lists are; the second where the first is too large.
const QUALITY_THUMB: [f64; 2] = [0.7, 0.4];

/// Why there is no picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TakeError {
    /// The browser cannot read it, or it is neither picture nor paper.
    Unreadable,
    /// A paper beyond the bounds.
    TooLarge,
}

/// A new attachment with its files.
pub(super) struct Taken {
    pub(super) attachment: Attachment,
    pub(super) files: Vec<(File, Vec<u8>)>,
}

/// Makes an attachment of what was chosen. `keeps_place`: the user wants it kept where the picture was taken.
pub(super) async fn take(chosen: &Blob, keeps_place: bool) -> Result<Taken, TakeError> {
    if chosen.type_() == PDF {
        return paper(chosen).await;
    }
    let place = if keeps_place {
        place::of(&bytes(chosen).await?)
    } else {
        None
    };
    let picture = decoded(chosen).await?;
    let (whole, extent) = drawn(&picture, LONGEST)?;
    let whole = encoded(&whole, QUALITY).await?;
    let (small, _) = drawn(&picture, LONGEST_THUMB)?;
    picture.close();
    let mut thumb = Vec::new();
    for quality in QUALITY_THUMB {
        thumb = encoded(&small, quality).await?;
        if thumb.len() as u64 <= MAX_THUMB {
            break;
        }
    }
    let attachment = Attachment {
        file: File::of(&whole),
        kind: JPEG.to_owned(),
        extent: Some(extent),
        thumb: Some(File::of(&thumb)),
        caption: None,
        place,
    };
    let files = vec![(File::of(&whole), whole), (File::of(&thumb), thumb)];
    Ok(Taken { attachment, files })
}

async fn paper(chosen: &Blob) -> Result<Taken, TakeError> {
    if chosen.size() > MAX_FILE as f64 {
        return Err(TakeError::TooLarge);
    }
    let bytes = bytes(chosen).await?;
    let file = File::of(&bytes);
    let attachment = Attachment {
        file,
        kind: PDF.to_owned(),
        extent: None,
        thumb: None,
        caption: None,
        place: None,
    };
    Ok(Taken {
        attachment,
        files: vec![(file, bytes)],
    })
}

async fn bytes(blob: &Blob) -> Result<Vec<u8>, TakeError> {
    let buffer = JsFuture::from(blob.array_buffer()).await.map_err(unreadable)?;
    Ok(js_sys::Uint8Array::new(&buffer).to_vec())
}

/// The picture as the browser reads it, turned as its Exif says.
async fn decoded(chosen: &Blob) -> Result<ImageBitmap, TakeError> {
    let window = web_sys::window().ok_or(TakeError::Unreadable)?;
    let reading = window.create_image_bitmap_with_blob(chosen).map_err(unreadable)?;
    let picture = JsFuture::from(reading).await.map_err(unreadable)?;
    picture.dyn_into().map_err(unreadable)
}

/// The picture on a canvas, no side longer than this; with its width and height there.
fn drawn(picture: &ImageBitmap, longest: u32) -> Result<(HtmlCanvasElement, (u32, u32)), TakeError> {
    let (width, height) = within((picture.width(), picture.height()), longest);
    let document = web_sys::window().and_then(|window| window.document());
    let canvas = document.ok_or(TakeError::Unreadable)?.create_element("canvas");
    let canvas: HtmlCanvasElement = canvas
        .map_err(unreadable)?
        .dyn_into()
        .map_err(|_| TakeError::Unreadable)?;
    canvas.set_width(width);
    canvas.set_height(height);
    let pen = canvas.get_context("2d").map_err(unreadable)?;
    let pen: CanvasRenderingContext2d = pen
        .ok_or(TakeError::Unreadable)?
        .dyn_into()
        .map_err(|_| TakeError::Unreadable)?;
    // What is transparent would otherwise come out black.
    pen.set_fill_style_str("#ffffff");
    pen.fill_rect(0.0, 0.0, width.into(), height.into());
    // A name that a browser does not know changes nothing.
    drop(js_sys::Reflect::set(
        &pen,
        &"imageSmoothingQuality".into(),
        &"high".into(),
    ));
    pen.draw_image_with_image_bitmap_and_dw_and_dh(picture, 0.0, 0.0, width.into(), height.into())
        .map_err(unreadable)?;
    Ok((canvas, (width, height)))
}

async fn encoded(canvas: &HtmlCanvasElement, quality: f64) -> Result<Vec<u8>, TakeError> {
    let (done, made) = oneshot::channel();
    let callback = Closure::once_into_js(move |blob: Option<Blob>| {
        // Nobody waits any more.
        let _ = done.send(blob);
    });
    canvas
        .to_blob_with_type_and_encoder_options(callback.unchecked_ref(), JPEG, &quality.into())
        .map_err(unreadable)?;
    let blob = made.await.ok().flatten().ok_or(TakeError::Unreadable)?;
    bytes(&blob).await
}

/// Width and height in the same proportion with no side longer than this, and none of nothing.
fn within((width, height): (u32, u32), longest: u32) -> (u32, u32) {
    let most = width.max(height);
    if most <= longest {
        return (width.max(1), height.max(1));
    }
    let scaled = |side: u32| {
        let side = u64::from(side) * u64::from(longest) / u64::from(most);
        u32::try_from(side).unwrap_or(longest).max(1)
    };
    (scaled(width), scaled(height))
}

fn unreadable(_: impl Into<JsValue>) -> TakeError {
    TakeError::Unreadable
}

#[cfg(test)]
mod tests {
    use super::within;

    #[test]
    fn the_longer_side_is_bounded_and_the_proportion_kept() {
        assert_eq!(within((4_000, 3_000), 1_600), (1_600, 1_200));
        assert_eq!(within((300, 400), 1_600), (300, 400));
        assert_eq!(within((1, 40_000), 1_600), (1, 1_600));
    }
}
