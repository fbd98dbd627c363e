//! A PostgreSQL database of a test's own, on the server that `LIANXIN_POSTGRES` names.

use anyhow::{Context, Result};
use tokio_postgres::NoTls;

/// A new database. It is dropped with this.
#[derive(Debug)]
pub struct Database {
    server: String,
    name: String,
}

impl Database {
    /// Makes one.
    pub async fn new() -> Result<Self> {
        let server = std::env::var("LIANXIN_POSTGRES").context(
            "LIANXIN_POSTGRES names no PostgreSQL server; run this by `cargo xtask test` or `cargo xtask postgres cargo test`",
        )?;
        let mut random = [0; 8];
        getrandom::fill(&mut random)?;
        let name = format!("lianxin_{:016x}", u64::from_be_bytes(random));
        carry_out(&server, &format!("CREATE DATABASE {name}")).await?;
        Ok(Self { server, name })
    }

    /// Its address.
    pub fn address(&self) -> String {
        let server = self
            .server
            .rsplit_once('/')
            .map_or(&*self.server, |(server, _)| server);
        format!("{server}/{}", self.name)
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let (server, sql) = (
            self.server.clone(),
            format!("DROP DATABASE {} WITH (FORCE)", self.name),
        );
        // A thread of its own: the test's runtime may be at its end.
        let dropping = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()?;
            runtime.block_on(carry_out(&server, &sql))
        });
        drop(dropping.join());
    }
}

async fn carry_out(server: &str, sql: &str) -> Result<()> {
    let (client, connection) = tokio_postgres::connect(server, NoTls).await?;
    tokio::spawn(connection);
    Ok(client.batch_execute(sql).await?)
}
