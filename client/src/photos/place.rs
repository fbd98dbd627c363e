//! Where a picture was taken, as its file says (Exif GPS).

use std::io::Cursor;

use exif::{Exif, In, Reader, Tag, Value};
use lianxin_shared::records::Position;

/// The place; nothing where the file does not say one that can be.
pub(super) fn of(bytes: &[u8]) -> Option<Position> {
    let exif = Reader::new().read_from_container(&mut Cursor::new(bytes)).ok()?;
    let latitude = degrees(&exif, Tag::GPSLatitude, Tag::GPSLatitudeRef, b'S')?;
    let longitude = degrees(&exif, Tag::GPSLongitude, Tag::GPSLongitudeRef, b'W')?;
    Position::of_degrees(latitude, longitude)
}

/// Degrees, minutes and seconds as degrees; below zero on the side that `negative` names.
fn degrees(exif: &Exif, tag: Tag, side: Tag, negative: u8) -> Option<f64> {
    let Value::Rational(parts) = &exif.get_field(tag, In::PRIMARY)?.value else {
        return None;
    };
    let [degrees, minutes, seconds] = parts.get(..3)? else {
        return None;
    };
    let degrees = degrees.to_f64() + minutes.to_f64() / 60.0 + seconds.to_f64() / 3600.0;
    let is_negative = match &exif.get_field(side, In::PRIMARY)?.value {
        Value::Ascii(words) => words.first()?.first() == Some(&negative),
        _ => return None,
    };
    Some(if is_negative { -degrees } else { degrees })
}
