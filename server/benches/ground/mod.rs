//! A server with records to measure on, in this process, over SQLite in a folder of its own.

#![allow(dead_code, reason = "each bench takes what it needs")]

use lianxin_server::app::App;
use lianxin_server::sync::{Answer, Changes, Door, Submission};
use lianxin_shared::id::DeviceId;
use lianxin_shared::rules::{Principal, Role};
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::made;

/// The server.
pub(crate) struct Ground {
    pub(crate) runtime: Runtime,
    pub(crate) app: App,
    _data: TempDir,
}

impl Ground {
    /// One with records 0 to `docs`.
    pub(crate) fn lay(docs: u64) -> Self {
        let runtime = Runtime::new().unwrap();
        let data = tempfile::tempdir().unwrap();
        let app = runtime.block_on(App::open(data.path())).unwrap();
        let ground = Self {
            runtime,
            app,
            _data: data,
        };
        let all: Vec<_> = (0..docs).collect();
        for some in all.chunks(500) {
            ground.accept(some.iter().copied().map(whole).collect());
        }
        ground
    }

    /// Has the host's submissions accepted.
    pub(crate) fn accept(&self, submissions: Vec<Submission>) {
        self.accept_at(&self.app.door, &host(), DeviceId([1; 16]), submissions);
    }

    /// Has anybody's accepted, at a door to this server's store.
    pub(crate) fn accept_at(
        &self,
        door: &Door,
        who: &Principal,
        device: DeviceId,
        submissions: Vec<Submission>,
    ) {
        let accepted = door.accept(who, device, submissions);
        let answers = self.runtime.block_on(accepted).unwrap();
        let is_accepted = |answer: &Answer| matches!(answer, Answer::Accepted { .. });
        assert!(answers.iter().all(is_accepted), "{:?}", answers.first());
    }
}

/// Who writes the records.
pub(crate) fn host() -> Principal {
    Principal {
        hosts: [made::STATION].into(),
        ..Principal::new(made::author().user, [Role::Host])
    }
}

/// Record `n`, whole.
pub(crate) fn whole(n: u64) -> Submission {
    Submission {
        doc: made::id(n),
        snapshot: made::suggestion(n).save(),
        changes: Changes::Packed(Vec::new()),
        receipts: Vec::new(),
    }
}
