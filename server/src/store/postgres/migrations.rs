//! The schema's history. Migrations are only ever added to; each says why it is there. The SQL keeps to what CockroachDB
//! and YugabyteDB take as well, where that costs nothing.

use deadpool_postgres::{Object, Transaction};

use super::{audit, channels};
use crate::store::{Migrated, Pending, StoreError};

struct Migration {
    /// Why.
    reason: &'static str,
    sql: &'static str,
}

/// What nodes that start together wait for, so that one of them migrates.
const LOCK: i64 = 0x006c_6961_6e78_696e;

const MIGRATIONS: &[Migration] = &[
    Migration {
        reason: "Documents as changes, and what tells a device which of them it lacks.",
        sql: "
            CREATE TABLE meta (key text PRIMARY KEY, value bytea NOT NULL);

            CREATE TABLE documents (
                id bytea PRIMARY KEY,
                version bigint NOT NULL,            -- how many changes it has
                heads bytea NOT NULL,
                bytes bigint NOT NULL,
                operations bigint NOT NULL,
                snapshot bytea,                     -- its first changes, saved as one
                snapshot_version bigint NOT NULL,   -- how many those are
                received_at bigint NOT NULL,
                changed_at bigint NOT NULL
            );

            CREATE TABLE changes (
                doc bytea NOT NULL REFERENCES documents (id),
                n bigint NOT NULL,
                hash bytea NOT NULL,
                bytes bytea NOT NULL,
                PRIMARY KEY (doc, n)
            );

            CREATE TABLE actors (
                actor bytea PRIMARY KEY,
                \"user\" text NOT NULL,
                device bytea NOT NULL,
                bound_at bigint NOT NULL
            );

            CREATE TABLE channels (name text PRIMARY KEY, seq bigint NOT NULL);

            CREATE TABLE entries (
                channel text NOT NULL REFERENCES channels (name),
                doc bytea NOT NULL REFERENCES documents (id),
                seq bigint NOT NULL,
                present boolean NOT NULL,
                floor bigint NOT NULL,
                steps bytea NOT NULL,
                PRIMARY KEY (channel, doc)
            );
            CREATE UNIQUE INDEX entries_by_seq ON entries (channel, seq);
            CREATE INDEX entries_by_doc ON entries (doc);

            CREATE TABLE quarantine (
                doc bytea NOT NULL,
                \"user\" text NOT NULL,
                digest bytea NOT NULL,              -- of the changes: the same are kept once
                device bytea NOT NULL,
                code text NOT NULL,
                about text,
                changes bytea NOT NULL,
                at bigint NOT NULL,
                PRIMARY KEY (doc, \"user\", digest)
            );",
    },
    Migration {
        reason: "Records flattened, so that the office can query them.",
        sql: "
            CREATE SEQUENCE record_numbers;
            CREATE TABLE records (
                number bigint PRIMARY KEY DEFAULT nextval('record_numbers'),
                doc bytea NOT NULL UNIQUE REFERENCES documents (id),
                kind text NOT NULL,
                station bytea,
                owner text NOT NULL,
                created_at bigint NOT NULL,
                received_at bigint NOT NULL,
                happened_at bigint NOT NULL,
                state text NOT NULL,
                state_since bigint,
                theme bytea,
                title text NOT NULL,
                excerpt text NOT NULL,
                fields text NOT NULL,
                beginnings text[] NOT NULL          -- of its tokens: what a search finds it by
            );
            CREATE INDEX records_by_receipt ON records (received_at, number);
            CREATE INDEX records_by_kind ON records (kind, received_at, number);
            CREATE INDEX records_by_station ON records (station, received_at, number);
            CREATE INDEX records_by_beginning ON records USING gin (beginnings);",
    },
    Migration {
        reason: "Who may sign in.",
        sql: "
            CREATE TABLE users (
                \"user\" text PRIMARY KEY,
                name text NOT NULL,
                password text NOT NULL,
                principal text NOT NULL,
                language text,
                created_at bigint NOT NULL
            );

            CREATE TABLE sessions (
                token bytea PRIMARY KEY,
                \"user\" text NOT NULL REFERENCES users (\"user\"),
                created_at bigint NOT NULL,
                expires_at bigint NOT NULL
            );
            CREATE INDEX sessions_by_end ON sessions (expires_at);",
    },
    Migration {
        reason: "What is to be done, what records rest on, and what they count for.",
        sql: "
            ALTER TABLE records
                ADD COLUMN case_number text,
                ADD COLUMN receipt text,
                ADD COLUMN open boolean NOT NULL DEFAULT false,
                ADD COLUMN handler text,
                ADD COLUMN due bigint,
                ADD COLUMN moved bigint,
                ADD COLUMN general boolean NOT NULL DEFAULT false,
                ADD COLUMN setbacks bigint NOT NULL DEFAULT 0;
            CREATE INDEX records_by_receipt_code ON records (receipt) WHERE receipt IS NOT NULL;
            CREATE INDEX records_by_handler ON records (handler, received_at, number) WHERE handler IS NOT NULL;
            CREATE INDEX records_by_due ON records (due) WHERE open AND due IS NOT NULL;

            CREATE TABLE links (
                doc bytea NOT NULL,
                field text NOT NULL,
                target bytea NOT NULL, -- may not be here yet
                PRIMARY KEY (doc, field, target)
            );
            CREATE INDEX links_by_target ON links (target);

            CREATE TABLE credits (
                doc bytea NOT NULL,
                subject text NOT NULL,
                figure text NOT NULL,
                amount bigint NOT NULL,
                at bigint NOT NULL,
                PRIMARY KEY (doc, subject, figure)
            );
            CREATE INDEX credits_by_subject ON credits (subject, figure, at);
            CREATE INDEX credits_by_time ON credits (at);

            -- Which person a user is, so that what one did counts once.
            CREATE TABLE people (\"user\" text PRIMARY KEY, subject text NOT NULL);

            -- What a suggestion's twins are found by.
            CREATE TABLE sketches (doc bytea PRIMARY KEY, sketch bytea NOT NULL, changed_at bigint NOT NULL);
            CREATE INDEX sketches_by_change ON sketches (changed_at);

            CREATE TABLE numbers (
                series text NOT NULL,
                number bigint NOT NULL,
                doc bytea NOT NULL,
                PRIMARY KEY (series, number),
                UNIQUE (series, doc)
            );",
    },
    Migration {
        reason: "What is in a channel as one number, so that a device sees whether it holds the same.",
        sql: "
            ALTER TABLE channels ADD COLUMN high bigint NOT NULL DEFAULT 0;
            ALTER TABLE channels ADD COLUMN low bigint NOT NULL DEFAULT 0;",
    },
    Migration {
        reason: "Documents that were removed for good, and what those who administer did.",
        sql: "
            ALTER TABLE documents ADD COLUMN erased boolean NOT NULL DEFAULT false;
            ALTER TABLE users ADD COLUMN disabled boolean NOT NULL DEFAULT false;

            CREATE SEQUENCE act_numbers;
            CREATE TABLE acts (
                number bigint PRIMARY KEY DEFAULT nextval('act_numbers'),
                at bigint NOT NULL,
                \"user\" text NOT NULL,
                deed text NOT NULL,
                about text NOT NULL,
                kind text,
                words text NOT NULL
            );",
    },
    Migration {
        reason: "Sign-ins that were withdrawn, until their devices have heard of it; and codes that take a device in.",
        sql: "
            CREATE TABLE withdrawn (
                token bytea PRIMARY KEY,
                \"user\" text NOT NULL,
                at bigint NOT NULL,
                told_at bigint
            );
            CREATE TABLE codes (
                code bytea PRIMARY KEY,
                \"user\" text NOT NULL,
                expires_at bigint NOT NULL
            );",
    },
    Migration {
        reason: "The acts as a chain that is only ever added to: each with the hash of all before it. And when and from what kind \
                 of device a session was last used. A node of the former version cannot add to the chain, so it adds nothing.",
        sql: "
            ALTER TABLE acts ADD COLUMN link bytea NOT NULL DEFAULT '';
            ALTER TABLE acts ALTER COLUMN number DROP DEFAULT;
            DROP SEQUENCE act_numbers;
            CREATE TABLE last_act (number bigint NOT NULL, link bytea NOT NULL);
            INSERT INTO last_act VALUES (0, decode(repeat('00', 32), 'hex'));
            CREATE OR REPLACE FUNCTION acts_stand() RETURNS trigger LANGUAGE plpgsql AS
                'BEGIN RAISE EXCEPTION ''acts are only added to''; END';
            CREATE TRIGGER acts_stay BEFORE DELETE ON acts FOR EACH ROW EXECUTE FUNCTION acts_stand();
            CREATE TRIGGER acts_stand BEFORE UPDATE ON acts FOR EACH ROW WHEN (length(OLD.link) > 0)
                EXECUTE FUNCTION acts_stand();

            ALTER TABLE sessions ADD COLUMN seen_at bigint NOT NULL DEFAULT 0;
            ALTER TABLE sessions ADD COLUMN device text NOT NULL DEFAULT '';
            ALTER TABLE sessions ADD COLUMN place text NOT NULL DEFAULT '';
            ALTER TABLE sessions ADD COLUMN client text NOT NULL DEFAULT '';
            UPDATE sessions SET seen_at = created_at;
            CREATE INDEX sessions_by_user ON sessions (\"user\");",
    },
    Migration {
        reason: "What somebody proves at sign-in besides the password.",
        sql: "
            CREATE TABLE seconds (
                \"user\" text PRIMARY KEY REFERENCES users (\"user\"),
                secret bytea NOT NULL,
                step bigint NOT NULL
            );
            CREATE TABLE recovery_codes (
                \"user\" text NOT NULL REFERENCES users (\"user\"),
                hash bytea NOT NULL,
                PRIMARY KEY (\"user\", hash)
            );",
    },
    Migration {
        reason: "Who assigned what; and indexes that hold all that lists filter by, so that no record is read that is not shown.",
        sql: "
            ALTER TABLE records ADD COLUMN assigner text;
            CREATE INDEX records_by_assigner ON records (assigner, received_at, number) WHERE assigner IS NOT NULL;

            DROP INDEX IF EXISTS records_by_receipt;
            CREATE INDEX records_received ON records (received_at, number)
                INCLUDE (kind, state, station, theme, handler, owner, open, due, moved, general, setbacks, happened_at);
            DROP INDEX IF EXISTS records_by_kind;
            CREATE INDEX records_of_kind ON records (kind, received_at, number)
                INCLUDE (state, station, theme, handler, owner, open, due, general, happened_at);
            DROP INDEX IF EXISTS records_by_due;
            CREATE INDEX records_due ON records (coalesce(due, 9000000000000000), received_at DESC, number DESC)
                WHERE open;",
    },
    Migration {
        reason: "Which files records name, so that what no record names can go.",
        sql: "
            CREATE TABLE files (
                doc bytea NOT NULL,
                hash bytea NOT NULL,
                PRIMARY KEY (doc, hash)
            );
            CREATE INDEX files_by_hash ON files (hash);",
    },
    Migration {
        reason: "Keys by which devices sign what others carry for them.",
        sql: "
            CREATE TABLE device_keys (
                key bytea PRIMARY KEY,
                \"user\" text NOT NULL,
                device bytea NOT NULL,
                session bytea NOT NULL,
                withdrawn boolean NOT NULL
            );
            CREATE INDEX device_keys_by_user ON device_keys (\"user\");
            CREATE INDEX device_keys_by_session ON device_keys (session);",
    },
    Migration {
        reason: "How long answers were waited for; a station's records in order, with all that lists filter by; and what is due.",
        sql: "
            CREATE INDEX records_overdue ON records (due) WHERE open AND due IS NOT NULL;
            DROP INDEX IF EXISTS records_by_station;
            CREATE INDEX records_of_station ON records (station, received_at, number)
                INCLUDE (kind, state, theme, handler, owner, open, due, general, happened_at);
            ALTER TABLE records ADD COLUMN waited bigint;
            CREATE INDEX records_waited ON records (kind, happened_at, theme, waited) WHERE waited IS NOT NULL;",
    },
];

/// The version with fingerprints, which SQL does not work out.
const WITH_FINGERPRINTS: usize = 5;

/// The version with the chain of acts, which SQL does not work out either.
const WITH_CHAIN: usize = 8;

/// The newest version of the schema.
pub(super) const fn newest() -> usize {
    MIGRATIONS.len()
}

/// Brings a database to the newest schema. One of a newer version of the program is left alone.
pub(super) async fn migrate(client: &mut Object) -> Result<Migrated, StoreError> {
    let tx = client.transaction().await?;
    tx.query("SELECT pg_advisory_xact_lock($1)", &[&LOCK]).await?;
    tx.batch_execute("CREATE TABLE IF NOT EXISTS schema_version (version bigint NOT NULL)")
        .await?;
    let (from, to) = (version(&tx).await?, MIGRATIONS.len());
    for migration in &MIGRATIONS[from..] {
        tx.batch_execute(migration.sql).await?;
    }
    if from < WITH_FINGERPRINTS {
        channels::fill_fingerprints(&tx).await?;
    }
    if from < WITH_CHAIN {
        audit::link(&tx).await?;
    }
    if from < to {
        tx.batch_execute("DELETE FROM schema_version").await?;
        tx.execute("INSERT INTO schema_version VALUES ($1)", &[&(to as i64)])
            .await?;
    }
    tx.commit().await?;
    Ok(Migrated { from, to })
}

/// What [`migrate`] would do.
pub(super) async fn pending(client: &mut Object) -> Result<Pending, StoreError> {
    let tx = client.build_transaction().read_only(true).start().await?;
    let sql = "SELECT EXISTS (SELECT 1 FROM information_schema.tables
                   WHERE table_schema = current_schema() AND table_name = 'schema_version')";
    let is_there = tx.query_one(sql, &[]).await?.try_get(0)?;
    let from = if is_there { version(&tx).await? } else { 0 };
    let reasons = MIGRATIONS.iter().skip(from).map(|migration| migration.reason);
    Ok(Pending {
        from,
        reasons: reasons.collect(),
    })
}

/// The version of a database. One of a newer version of the program is an error.
async fn version(tx: &Transaction<'_>) -> Result<usize, StoreError> {
    let done = tx.query_opt("SELECT version FROM schema_version", &[]).await?;
    let done: i64 = done.map_or(Ok(0), |row| row.try_get(0))?;
    let version = usize::try_from(done).ok();
    let version = version.filter(|version| *version <= MIGRATIONS.len());
    version.ok_or_else(|| StoreError::Damaged("written by a newer version".to_owned()))
}
