//! What the browser and the device do to the app: no room, everything cleared, databases of older versions, a newer version, two windows.

mod cleared;
mod line;
mod room;
mod versions;
mod windows;

/// Of the accounts of the demonstration.
const PASSWORD: &str = "lianxin-demo";
const USER: &str = "host1";
