//! What the tests of the whole system are made of: a real server process, a line that is cut, simulated tablets that
//! run the same sync code as the browser, real browsers, and a stock automerge-repo client.

pub mod axe;
pub mod browser;
pub mod database;
pub mod desk;
pub mod devtools;
pub mod fleet;
pub mod line;
pub mod memory;
pub mod photo;
mod profile;
pub mod release;
pub mod server;
pub mod steps;
pub mod stock;
pub mod tablet;
pub mod until;
pub mod vault;
pub mod wake;
