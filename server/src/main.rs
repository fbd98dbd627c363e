//! `lianxin`: the one binary. What it does is in the library.

use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> ExitCode {
    do_without_huge_pages();
    lianxin_server::cli::main().await
}

/// In huge pages, what is set aside and never touched counts as used: of the buffers of a line that waits that is the most part.
fn do_without_huge_pages() {
    #[cfg(target_os = "linux")]
    // Where it cannot be had, memory is all that it costs.
    let _ = rustix::thread::disable_transparent_huge_pages(true);
}
