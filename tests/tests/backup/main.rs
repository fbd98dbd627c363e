//! Backups are made while devices write, everything is destroyed, and nothing that a backup or a device held is lost.

mod burnt;
mod damaged;
mod erased;
mod safe;
mod serving;
