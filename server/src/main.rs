//! `lianxin`: the one binary. What it does is in the library.

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    lianxin_server::cli::main().await
}
