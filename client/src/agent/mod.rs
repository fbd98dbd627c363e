//! Carries records to the server and back.

use yew::prelude::*;

/// Calls back when the server says that something moved. For the office's pages.
#[hook]
pub fn use_live(_moved: Callback<()>) {}
