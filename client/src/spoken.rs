//! The language that the device speaks: that of who is signed in, and while nobody is, the one that was spoken last.

use lianxin_shared::texts::Lang;

use crate::remembered;

const KEY: &str = "lianxin-lang";

/// The language that was spoken here last; Chinese on a new device.
pub fn last() -> Lang {
    let kept = remembered::get(KEY);
    kept.and_then(|kept| kept.parse().ok()).unwrap_or_default()
}

/// This one is spoken now. The browser is told, for hyphenation, fonts and screen readers.
pub fn note(lang: Lang) {
    remembered::put(KEY, lang.as_str());
    let root = web_sys::window()
        .and_then(|window| window.document())
        .and_then(|document| document.document_element());
    if let Some(root) = root {
        // An attribute of this name is always possible.
        drop(root.set_attribute("lang", if lang == Lang::Zh { "zh-CN" } else { "en" }));
    }
}
