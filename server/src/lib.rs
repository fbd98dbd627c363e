//! The server of Lianxin: axum over a [`store::Store`].
//!
//! - [`routes`]: every address and who may call it; [`serving`]: the lines on which they are called; [`districts`]: several
//!   installations on the same lines, told apart by their hosts.
//! - [`sync`]: the one door through which changes enter, and what a device lacks. [`live`] wakes the devices.
//! - [`repo`]: the same for clients of automerge-repo, through the same door.
//! - [`handover`]: work that others carry, through it as well.
//! - [`own`]: what the server writes itself.
//! - [`projection`] flattens accepted records into rows; [`office`] lists them.
//! - [`accounts`] follow the records of people, stations and groups. [`admin`]: managing accounts, removing documents for good, and the list of what was done; [`audit`] takes that along and looks through it.
//! - [`public`]: the pages that need no account.
//! - [`reading`]: records as people read them; [`export`]: lists to take along; [`mod@print`]: pages for paper.
//! - [`files`]: pictures and papers that hang on records.
//! - [`import`]: people, stations and the ledger from a workbook. [`openapi`] describes the interface.
//! - [`config`]: what an installation is told. [`caller`]: from where a request really comes.
//! - [`check`]: what is wrong with an installation. [`listen`]: lines with TLS.
//! - [`auth`]: sessions. [`limits`]: how fast, how much at once, how many lines; [`metrics`]: how it is, in numbers. [`problem`]: what a refused request is answered.
//! - [`demo`]: what a new database starts with. [`copy`]: all of a database into another.
//! - [`backup`]: everything, encrypted and kept elsewhere, and back.
//! - [`assets`]: the client, carried in the binary. [`cli`]: the binary's commands.
//!
//! Nothing is acknowledged before it is durable, and no change enters but through [`sync::Door`].

pub mod accounts;
pub mod admin;
pub mod app;
pub mod assets;
pub mod audit;
pub mod auth;
pub mod backup;
pub mod caller;
pub mod check;
pub mod cli;
pub mod clock;
pub mod config;
pub mod copy;
pub mod demo;
pub mod districts;
pub mod export;
pub mod files;
pub mod gathered;
pub mod handover;
mod headers;
pub mod import;
pub mod limits;
pub mod listen;
pub mod live;
pub mod metrics;
pub mod office;
pub mod openapi;
pub mod own;
pub mod print;
pub mod problem;
pub mod projection;
pub mod public;
pub mod reading;
pub mod repo;
pub mod routes;
pub mod serving;
pub mod store;
pub mod sync;

pub use serving::{run, run_secure};
