//! Has libFuzzer look for bytes that a decoder trips over, for as long as one likes; the tests damage some by chance.

use std::fs;

use anyhow::{Context, Result};
use clap::Args;

use crate::tools;
use crate::workspace::{Workspace, succeed};

/// The tests that damage bytes, by what builds them and nothing else: without libFuzzer no program links that is built like them.
const DECODERS: &[(&str, &str)] = &[
    ("--package lianxin-shared --test fuzz", "changes"),
    ("--package lianxin-shared --test fuzz", "comparisons"),
    ("--package lianxin-shared --test fuzz", "documents"),
    ("--package lianxin-shared --test fuzz", "frames_of_devices"),
    ("--package lianxin-shared --test fuzz", "frames_of_servers"),
    (
        "--package lianxin-shared --test fuzz",
        "messages_of_other_clients",
    ),
    ("--package lianxin-shared --test fuzz", "packed_changes"),
    ("--package lianxin-shared --test fuzz", "what_a_device_holds"),
    (
        "--package lianxin-server --lib",
        "repo::messages::tests::damage_is_an_error_and_nothing_worse",
    ),
];

/// Has the compiler count what is reached and compared (<https://llvm.org/docs/LibFuzzer.html>), and bolero hand the work to libFuzzer.
const FLAGS: &str = "--cfg fuzzing --cfg fuzzing_libfuzzer -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares -Cllvm-args=-sanitizer-coverage-stack-depth";

/// How long.
#[derive(Args)]
pub(crate) struct Options {
    /// Seconds for each decoder.
    #[arg(long, default_value_t = 60)]
    seconds: u64,
    /// Those alone whose name has this in it.
    #[arg(long, default_value = "")]
    only: String,
}

/// Runs one after the other; each prints how many inputs it tried, and what it tripped over lies in `target/fuzz`. What reached
/// something new is kept there as well, and the next run goes on from it.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    tools::compiler_of_cpp()?;
    let host = workspace
        .program("rustc")
        .args(["--print", "host-tuple"])
        .output()
        .context("rustc does not start")?;
    let host = String::from_utf8(host.stdout)?;
    let folder = workspace.target.join("fuzz");
    for (from, test) in DECODERS.iter().filter(|(_, test)| test.contains(&options.only)) {
        let kept = |what: &str| folder.join(test.replace("::", "-")).join(what);
        let (corpus, crashes) = (kept("corpus"), kept("crashes"));
        fs::create_dir_all(&corpus)?;
        fs::create_dir_all(&crashes)?;
        let arguments = format!(
            "{} -artifact_prefix={}/ -max_total_time={} -timeout=20 -print_final_stats=1 -print_funcs=0 -verbosity=0",
            corpus.display(),
            crashes.display(),
            options.seconds
        );
        println!("xtask: damaging {test}");
        // Named, so that what runs while building is not built like that.
        let mut command = workspace.cargo(&format!("test --profile fuzz {from} --target {}", host.trim()));
        command
            .arg("--target-dir")
            .arg(folder.join("build"))
            .args(["--", test, "--exact", "--nocapture", "--test-threads", "1"])
            .env("RUSTFLAGS", FLAGS)
            .env("BOLERO_FUZZER", "libfuzzer")
            .env("BOLERO_LIBTEST_HARNESS", "1")
            .env("BOLERO_TEST_NAME", test)
            .env("BOLERO_LIBFUZZER_ARGS", arguments);
        succeed(&mut command)?;
    }
    Ok(())
}
