//! What sync costs: one workload, measured on a real server through a counting line. Each scenario prints one line of JSON.

pub mod desk;
pub mod floor;
pub mod live;
pub mod measure;
pub mod meter;
pub mod reconnect;
pub mod scenario;
pub mod storm;
pub mod workload;
