//! What somebody proves at sign-in besides the password.

use lianxin_shared::id::UserId;
use rusqlite::{Connection, params};

use super::audit;
use super::codec::{self, int};
use crate::store::{Act, Proof, Second, StoreError};

pub(super) fn get(conn: &Connection, user: &UserId) -> Result<Option<Second>, StoreError> {
    let mut statement = conn.prepare_cached("SELECT secret, step FROM seconds WHERE user = ?1")?;
    let mut rows = statement.query([user.as_str()])?;
    let Some(row) = rows.next()? else {
        return Ok(None);
    };
    let mut codes = conn.prepare_cached("SELECT hash FROM recovery_codes WHERE user = ?1")?;
    let recovery = codes.query_map([user.as_str()], |row| row.get(0))?;
    Ok(Some(Second {
        secret: row.get("secret")?,
        step: codec::count(row, "step")?,
        recovery: recovery.collect::<Result<_, _>>()?,
    }))
}

pub(super) fn put(conn: &Connection, user: &UserId, second: Option<&Second>) -> Result<(), StoreError> {
    let user = user.as_str();
    conn.execute("DELETE FROM seconds WHERE user = ?1", [user])?;
    conn.execute("DELETE FROM recovery_codes WHERE user = ?1", [user])?;
    let Some(second) = second else { return Ok(()) };
    let sql = "INSERT INTO seconds (user, secret, step) VALUES (?1, ?2, ?3)";
    conn.execute(sql, params![user, second.secret, int(second.step)])?;
    for hash in &second.recovery {
        let sql = "INSERT INTO recovery_codes (user, hash) VALUES (?1, ?2)";
        conn.execute(sql, params![user, hash])?;
    }
    Ok(())
}

pub(super) fn note(
    conn: &Connection,
    user: &UserId,
    second: Option<&Second>,
    act: &Act,
) -> Result<(), StoreError> {
    audit::add(conn, act)?;
    put(conn, user, second)
}

pub(super) fn spend(conn: &Connection, user: &UserId, proof: Proof) -> Result<bool, StoreError> {
    let user = user.as_str();
    let spent = match proof {
        Proof::Step(step) => {
            let sql = "UPDATE seconds SET step = ?2 WHERE user = ?1 AND step < ?2";
            conn.execute(sql, params![user, int(step)])?
        }
        Proof::Recovery(hash) => {
            let sql = "DELETE FROM recovery_codes WHERE user = ?1 AND hash = ?2";
            conn.execute(sql, params![user, hash])?
        }
    };
    Ok(spent > 0)
}
