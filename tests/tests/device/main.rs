//! What the browser and the device do to the app: cut while it is fetched, no room, everything cleared, databases of older
//! versions, a newer version, two windows, a clock that is wrong; and what the office does to the device: it withdraws it.

mod cleared;
mod clock;
mod kept;
mod line;
mod room;
mod versions;
mod windows;
mod withdrawn;

/// Of the accounts of the demonstration.
const PASSWORD: &str = "lianxin-demo";
const USER: &str = "host1";
