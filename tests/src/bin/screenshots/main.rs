//! Takes pictures of the real pages of a server with demonstration data, in a real browser, in both languages: those of the book and
//! the README, and every page at each width, light and dark, for looking at, into `target/screenshots`. `--book` takes the first alone.

mod book;
mod camera;
mod tour;

use std::path::Path;

use anyhow::Result;
use camera::SPOKEN;
use lianxin_tests::browser::Driver;
use lianxin_tests::server::Server;
use tour::Tour;

const PASSWORD: &str = "lianxin-demo";

#[tokio::main]
async fn main() -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let is_book_alone = std::env::args().any(|argument| argument == "--book");
    let mut server = Server::start().await?;
    let driver = Driver::start()?;
    for spoken in &SPOKEN {
        let to = root.join("docs/pictures").join(spoken.name);
        std::fs::create_dir_all(&to)?;
        book::of_a_host(&driver, &mut server, spoken, &to).await?;
        book::of_the_office(&driver, &server, spoken, &to).await?;
        book::of_each_role(&driver, &server, spoken, &to).await?;
    }
    if is_book_alone {
        return Ok(());
    }
    for spoken in &SPOKEN {
        let tour = Tour::begin(&driver, &server, spoken, &root.join("target/screenshots"))?;
        tour.walk().await?;
    }
    Ok(())
}
