//! The schema's history. Migrations are only ever added to; each says why it is there.

use rusqlite::Connection;

use super::{audit, channels};
use crate::store::{Migrated, Pending, StoreError};

struct Migration {
    /// Why.
    reason: &'static str,
    sql: &'static str,
}

const MIGRATIONS: &[Migration] = &[
    Migration {
        reason: "Documents as changes, and what tells a device which of them it lacks.",
        sql: "
            CREATE TABLE meta (key TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;

            CREATE TABLE documents (
                id BLOB PRIMARY KEY,
                version INTEGER NOT NULL,           -- how many changes it has
                heads BLOB NOT NULL,
                bytes INTEGER NOT NULL,
                operations INTEGER NOT NULL,
                snapshot BLOB,                      -- its first changes, saved as one
                snapshot_version INTEGER NOT NULL,  -- how many those are
                received_at INTEGER NOT NULL,
                changed_at INTEGER NOT NULL
            ) STRICT;

            CREATE TABLE changes (
                doc BLOB NOT NULL REFERENCES documents (id),
                n INTEGER NOT NULL,
                hash BLOB NOT NULL,
                bytes BLOB NOT NULL,
                PRIMARY KEY (doc, n)
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE actors (
                actor BLOB PRIMARY KEY,
                user TEXT NOT NULL,
                device BLOB NOT NULL,
                bound_at INTEGER NOT NULL
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE channels (name TEXT PRIMARY KEY, seq INTEGER NOT NULL) STRICT, WITHOUT ROWID;

            CREATE TABLE entries (
                channel TEXT NOT NULL REFERENCES channels (name),
                doc BLOB NOT NULL REFERENCES documents (id),
                seq INTEGER NOT NULL,
                present INTEGER NOT NULL,
                floor INTEGER NOT NULL,
                steps BLOB NOT NULL,
                PRIMARY KEY (channel, doc)
            ) STRICT, WITHOUT ROWID;
            CREATE UNIQUE INDEX entries_by_seq ON entries (channel, seq);
            CREATE INDEX entries_by_doc ON entries (doc);

            CREATE TABLE quarantine (
                doc BLOB NOT NULL,
                user TEXT NOT NULL,
                digest BLOB NOT NULL,               -- of the changes: the same are kept once
                device BLOB NOT NULL,
                code TEXT NOT NULL,
                about TEXT,
                changes BLOB NOT NULL,
                at INTEGER NOT NULL,
                PRIMARY KEY (doc, user, digest)
            ) STRICT;",
    },
    Migration {
        reason: "Records flattened, so that the office can query them.",
        sql: "
            CREATE TABLE records (
                number INTEGER PRIMARY KEY,
                doc BLOB NOT NULL UNIQUE REFERENCES documents (id),
                kind TEXT NOT NULL,
                station BLOB,
                owner TEXT NOT NULL,
                created_at INTEGER NOT NULL,
                received_at INTEGER NOT NULL,
                happened_at INTEGER NOT NULL,
                state TEXT NOT NULL,
                state_since INTEGER,
                theme BLOB,
                title TEXT NOT NULL,
                excerpt TEXT NOT NULL,
                fields TEXT NOT NULL
            ) STRICT;
            CREATE INDEX records_by_receipt ON records (received_at, number);
            CREATE INDEX records_by_kind ON records (kind, received_at, number);
            CREATE INDEX records_by_station ON records (station, received_at, number);

            CREATE VIRTUAL TABLE words USING fts5 (
                tokens, content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 0'
            );
            -- Tokens that are not in the index yet.
            CREATE TABLE waiting (number INTEGER PRIMARY KEY, tokens TEXT NOT NULL) STRICT;",
    },
    Migration {
        reason: "Who may sign in.",
        sql: "
            CREATE TABLE users (
                user TEXT PRIMARY KEY,
                name TEXT NOT NULL,
                password TEXT NOT NULL,
                principal TEXT NOT NULL,
                language TEXT,
                created_at INTEGER NOT NULL
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE sessions (
                token BLOB PRIMARY KEY,
                user TEXT NOT NULL REFERENCES users (user),
                created_at INTEGER NOT NULL,
                expires_at INTEGER NOT NULL
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX sessions_by_end ON sessions (expires_at);",
    },
    Migration {
        reason: "What is to be done, what records rest on, and what they count for.",
        sql: "
            ALTER TABLE records ADD COLUMN case_number TEXT;
            ALTER TABLE records ADD COLUMN receipt TEXT;
            ALTER TABLE records ADD COLUMN open INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE records ADD COLUMN handler TEXT;
            ALTER TABLE records ADD COLUMN due INTEGER;
            ALTER TABLE records ADD COLUMN moved INTEGER;
            ALTER TABLE records ADD COLUMN general INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE records ADD COLUMN setbacks INTEGER NOT NULL DEFAULT 0;
            CREATE INDEX records_by_receipt_code ON records (receipt) WHERE receipt IS NOT NULL;
            CREATE INDEX records_by_handler ON records (handler, received_at, number) WHERE handler IS NOT NULL;
            CREATE INDEX records_by_due ON records (due) WHERE open AND due IS NOT NULL;

            CREATE TABLE links (
                doc BLOB NOT NULL,
                field TEXT NOT NULL,
                target BLOB NOT NULL,           -- may not be here yet
                PRIMARY KEY (doc, field, target)
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX links_by_target ON links (target);

            CREATE TABLE credits (
                doc BLOB NOT NULL,
                subject TEXT NOT NULL,
                figure TEXT NOT NULL,
                amount INTEGER NOT NULL,
                at INTEGER NOT NULL,
                PRIMARY KEY (doc, subject, figure)
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX credits_by_subject ON credits (subject, figure, at);
            CREATE INDEX credits_by_time ON credits (at);

            -- Which person a user is, so that what one did counts once.
            CREATE TABLE people (user TEXT PRIMARY KEY, subject TEXT NOT NULL) STRICT, WITHOUT ROWID;

            -- What a suggestion's twins are found by.
            CREATE TABLE sketches (doc BLOB PRIMARY KEY, sketch BLOB NOT NULL, changed_at INTEGER NOT NULL) STRICT;
            CREATE INDEX sketches_by_change ON sketches (changed_at);

            CREATE TABLE numbers (
                series TEXT NOT NULL,
                number INTEGER NOT NULL,
                doc BLOB NOT NULL,
                PRIMARY KEY (series, number),
                UNIQUE (series, doc)
            ) STRICT, WITHOUT ROWID;",
    },
    Migration {
        reason: "What is in a channel as one number, so that a device sees whether it holds the same.",
        sql: "
            ALTER TABLE channels ADD COLUMN high INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE channels ADD COLUMN low INTEGER NOT NULL DEFAULT 0;",
    },
    Migration {
        reason: "Documents that were removed for good, and what those who administer did.",
        sql: "
            ALTER TABLE documents ADD COLUMN erased INTEGER NOT NULL DEFAULT FALSE;
            ALTER TABLE users ADD COLUMN disabled INTEGER NOT NULL DEFAULT FALSE;

            CREATE TABLE acts (
                number INTEGER PRIMARY KEY AUTOINCREMENT,
                at INTEGER NOT NULL,
                user TEXT NOT NULL,
                deed TEXT NOT NULL,
                about TEXT NOT NULL,
                kind TEXT,
                words TEXT NOT NULL
            ) STRICT;",
    },
    Migration {
        reason: "Sign-ins that were withdrawn, until their devices have heard of it; and codes that take a device in.",
        sql: "
            CREATE TABLE withdrawn (
                token BLOB PRIMARY KEY,
                user TEXT NOT NULL,
                at INTEGER NOT NULL,
                told_at INTEGER
            ) STRICT, WITHOUT ROWID;
            CREATE TABLE codes (
                code BLOB PRIMARY KEY,
                user TEXT NOT NULL,
                expires_at INTEGER NOT NULL
             ) STRICT, WITHOUT ROWID;",
    },
    Migration {
        reason: "The acts as a chain that is only ever added to: each with the hash of all before it. And when and from what kind \
                 of device a session was last used.",
        sql: "
            ALTER TABLE acts ADD COLUMN link BLOB NOT NULL DEFAULT x'';
            CREATE TABLE last_act (number INTEGER NOT NULL, link BLOB NOT NULL) STRICT;
            INSERT INTO last_act VALUES (0, zeroblob(32));
            CREATE TRIGGER acts_stay BEFORE DELETE ON acts
                BEGIN SELECT RAISE(ABORT, 'acts are only added to'); END;
            CREATE TRIGGER acts_stand BEFORE UPDATE ON acts WHEN length(OLD.link) > 0
                BEGIN SELECT RAISE(ABORT, 'acts are only added to'); END;

            ALTER TABLE sessions ADD COLUMN seen_at INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE sessions ADD COLUMN device TEXT NOT NULL DEFAULT '';
            ALTER TABLE sessions ADD COLUMN place TEXT NOT NULL DEFAULT '';
            ALTER TABLE sessions ADD COLUMN client TEXT NOT NULL DEFAULT '';
            UPDATE sessions SET seen_at = created_at;
            CREATE INDEX sessions_by_user ON sessions (user);",
    },
    Migration {
        reason: "What somebody proves at sign-in besides the password.",
        sql: "
            CREATE TABLE seconds (
                user TEXT PRIMARY KEY REFERENCES users (user),
                secret BLOB NOT NULL,
                step INTEGER NOT NULL
            ) STRICT, WITHOUT ROWID;
            CREATE TABLE recovery_codes (
                user TEXT NOT NULL REFERENCES users (user),
                hash BLOB NOT NULL,
                PRIMARY KEY (user, hash)
            ) STRICT, WITHOUT ROWID;",
    },
    Migration {
        reason: "Words wait as they are; a document's entries lie together, and what belongs to a record by its number.",
        sql: "
            ALTER TABLE waiting RENAME COLUMN tokens TO words;

            -- By the document's id each new record fell on a page of its own, in seven places, and every page is written.

            CREATE TABLE entries_by_document (
                doc BLOB NOT NULL REFERENCES documents (id),
                channel TEXT NOT NULL REFERENCES channels (name),
                seq INTEGER NOT NULL,
                present INTEGER NOT NULL,
                floor INTEGER NOT NULL,
                steps BLOB NOT NULL,
                PRIMARY KEY (doc, channel)
            ) STRICT, WITHOUT ROWID;
            INSERT INTO entries_by_document SELECT doc, channel, seq, present, floor, steps FROM entries;
            DROP TABLE entries;
            ALTER TABLE entries_by_document RENAME TO entries;
            CREATE UNIQUE INDEX entries_by_seq ON entries (channel, seq);

            CREATE TABLE credits_by_number (
                number INTEGER NOT NULL,
                subject TEXT NOT NULL,
                figure TEXT NOT NULL,
                amount INTEGER NOT NULL,
                at INTEGER NOT NULL,
                PRIMARY KEY (number, subject, figure)
            ) STRICT, WITHOUT ROWID;
            INSERT INTO credits_by_number
                SELECT records.number, subject, figure, amount, at FROM credits JOIN records USING (doc);
            DROP TABLE credits;
            ALTER TABLE credits_by_number RENAME TO credits;
            -- All that figures are told from.
            CREATE INDEX credits_by_subject ON credits (subject, figure, at, amount);

            CREATE TABLE sketches_by_number (
                number INTEGER PRIMARY KEY,
                doc BLOB NOT NULL,
                sketch BLOB NOT NULL,
                changed_at INTEGER NOT NULL
            ) STRICT;
            INSERT INTO sketches_by_number
                SELECT records.number, doc, sketch, changed_at FROM sketches JOIN records USING (doc);
            DROP TABLE sketches;
            ALTER TABLE sketches_by_number RENAME TO sketches;
            CREATE INDEX sketches_by_change ON sketches (changed_at);",
    },
    Migration {
        reason: "Who assigned what; and indexes that hold all that lists filter by, so that no record is read that is not shown.",
        sql: "
            ALTER TABLE records ADD COLUMN assigner TEXT;
            CREATE INDEX records_by_assigner ON records (assigner, received_at, number) WHERE assigner IS NOT NULL;

            DROP INDEX IF EXISTS records_by_receipt;
            CREATE INDEX records_received ON records (
                received_at, number, kind, state, station, theme, handler, owner, open, due, moved, general, setbacks,
                happened_at
            );
            DROP INDEX IF EXISTS records_by_kind;
            CREATE INDEX records_of_kind ON records (
                kind, received_at, number, state, station, theme, handler, owner, open, due, general, happened_at
            );
            CREATE INDEX records_counted ON records (
                kind, state, station, theme, open, handler, owner, due, moved, general, setbacks, happened_at
            );
            DROP INDEX IF EXISTS credits_by_time;
            CREATE INDEX credits_in_time ON credits (at, number, subject, figure, amount);
            DROP INDEX IF EXISTS records_by_due;
            CREATE INDEX records_due ON records (
                coalesce(due, 9000000000000000), received_at DESC, number DESC, kind, state, station, theme, handler, due
            ) WHERE open;",
    },
    Migration {
        reason: "Which files records name, so that what no record names can go.",
        sql: "
            CREATE TABLE files (
                doc BLOB NOT NULL,
                hash BLOB NOT NULL,
                PRIMARY KEY (doc, hash)
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX files_by_hash ON files (hash);",
    },
    Migration {
        reason: "Keys by which devices sign what others carry for them.",
        sql: "
            CREATE TABLE device_keys (
                key BLOB PRIMARY KEY,
                user TEXT NOT NULL,
                device BLOB NOT NULL,
                session BLOB NOT NULL,
                withdrawn INTEGER NOT NULL
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX device_keys_by_user ON device_keys (user);
            CREATE INDEX device_keys_by_session ON device_keys (session);",
    },
    Migration {
        reason: "What a search looks at in each record that has the words, without the record around it; and how long answers were \
                 waited for.",
        sql: "
            ALTER TABLE records ADD COLUMN waited INTEGER;
            CREATE INDEX records_waited ON records (kind, happened_at, theme, waited) WHERE waited IS NOT NULL;
            CREATE INDEX records_found ON records (number, received_at, kind, state, station, theme, title);",
    },
];

/// The version of the schema from which on what is deleted is overwritten.
pub(super) const OVERWRITING: usize = 6;

/// The version with fingerprints, which SQL does not work out.
const WITH_FINGERPRINTS: usize = 5;

/// The version with the chain of acts, which SQL does not work out either.
const WITH_CHAIN: usize = 8;

/// The newest version of the schema.
pub(super) const fn newest() -> usize {
    MIGRATIONS.len()
}

/// Brings a database to the newest schema. One of a newer version of the program is left alone.
pub(super) fn migrate(conn: &mut Connection) -> Result<Migrated, StoreError> {
    let tx = conn.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    let from = version(&tx)?;
    for migration in &MIGRATIONS[from..] {
        tx.execute_batch(migration.sql)?;
    }
    if from < WITH_FINGERPRINTS {
        channels::fill_fingerprints(&tx)?;
    }
    if from < WITH_CHAIN {
        audit::link(&tx)?;
    }
    tx.pragma_update(None, "user_version", MIGRATIONS.len() as i64)?;
    tx.commit()?;
    Ok(Migrated {
        from,
        to: MIGRATIONS.len(),
    })
}

/// What [`migrate`] would do.
pub(super) fn pending(conn: &Connection) -> Result<Pending, StoreError> {
    Ok(pending_from(version(conn)?))
}

/// What it would do to a database of some version.
pub(super) fn pending_from(from: usize) -> Pending {
    let reasons = MIGRATIONS.iter().skip(from).map(|migration| migration.reason);
    Pending {
        from,
        reasons: reasons.collect(),
    }
}

/// The version of a database. One of a newer version of the program is an error.
fn version(conn: &Connection) -> Result<usize, StoreError> {
    let version: i64 = conn.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let version = usize::try_from(version).ok();
    let version = version.filter(|version| *version <= MIGRATIONS.len());
    version.ok_or_else(|| StoreError::Damaged("written by a newer version".to_owned()))
}
