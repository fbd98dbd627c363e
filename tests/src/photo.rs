//! Photos as cameras make them: with what they say beside the picture.

use anyhow::{Context, Result};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::json;

use crate::browser::Browser;

/// Draws a picture, twice as wide as high, red on the left and blue on the right, with so much noise that it does not get small.
const DRAW: &str = "const [width, done] = arguments;
    const canvas = new OffscreenCanvas(width, width / 2), pen = canvas.getContext('2d');
    const image = pen.createImageData(width, width / 2);
    for (let i = 0; i < image.data.length; i += 4) {
        const noise = Math.random() * 60, left = (i / 4) % width < width / 2;
        image.data.set([left ? 255 - noise : noise, noise, left ? noise : 255 - noise, 255], i);
    }
    pen.putImageData(image, 0, 0);
    canvas.convertToBlob({ type: 'image/jpeg', quality: 0.9 }).then(async blob => {
        const bytes = new Uint8Array(await blob.arrayBuffer());
        let text = '';
        for (const byte of bytes) text += String.fromCharCode(byte);
        done(btoa(text));
    });";

/// A photo that a camera held upright took: its Exif says to turn it by a quarter to the right, and where it was taken.
pub async fn upright(browser: &Browser, width: u32) -> Result<Vec<u8>> {
    let drawn = browser.run(DRAW, vec![json!(width)]).await?;
    let plain = BASE64_STANDARD.decode(drawn.as_str().context("nothing was drawn")?)?;
    let (start, rest) = plain.split_at(2);
    let exif = exif();
    let length = u16::try_from(exif.len() + 2)?.to_be_bytes();
    Ok([start, &[0xff, 0xe1], &length, &exif, rest].concat())
}

/// The place that [`upright`] names, in millionths of a degree: north, east.
pub const PLACE: (i32, i32) = (31_230_417, 121_473_611);

/// Exif 2.3 with the orientation 6 and a place, as TIFF in big-endian order.
fn exif() -> Vec<u8> {
    let entry = |tag: u16, kind: u16, count: u32, value: [u8; 4]| {
        [
            &tag.to_be_bytes()[..],
            &kind.to_be_bytes(),
            &count.to_be_bytes(),
            &value,
        ]
        .concat()
    };
    let directory = |entries: &[Vec<u8>]| {
        let count = (entries.len() as u16).to_be_bytes();
        [&count[..], &entries.concat(), &[0; 4]].concat()
    };
    // The header takes 8 bytes, the first directory 2 + 2 * 12 + 4, the second 2 + 4 * 12 + 4; then come the degrees.
    let (second, degrees) = (8 + 30_u32, 8 + 30 + 54_u32);
    let first = directory(&[
        entry(0x0112, 3, 1, [0, 6, 0, 0]),
        entry(0x8825, 4, 1, second.to_be_bytes()),
    ]);
    let place = directory(&[
        entry(1, 2, 2, *b"N\0\0\0"),
        entry(2, 5, 3, degrees.to_be_bytes()),
        entry(3, 2, 2, *b"E\0\0\0"),
        entry(4, 5, 3, (degrees + 24).to_be_bytes()),
    ]);
    let rationals = |parts: [(u32, u32); 3]| {
        parts
            .iter()
            .flat_map(|(over, under)| [over.to_be_bytes(), under.to_be_bytes()].concat())
            .collect::<Vec<u8>>()
    };
    [
        b"Exif\0\0MM\0\x2a\0\0\0\x08".to_vec(),
        first,
        place,
        rationals([(31, 1), (13, 1), (495_012, 10_000)]),
        rationals([(121, 1), (28, 1), (249_996, 10_000)]),
    ]
    .concat()
}
