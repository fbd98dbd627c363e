//! What the tests of the whole system are made of: a real server process, a line that is cut, simulated tablets that
//! run the same sync code as the browser, and real browsers.

pub mod browser;
pub mod fleet;
pub mod database;
pub mod line;
pub mod server;
pub mod tablet;
pub mod until;
pub mod vault;
