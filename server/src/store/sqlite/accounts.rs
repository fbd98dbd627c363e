//! Accounts and sessions.

use lianxin_shared::id::{Moment, UserId};
use lianxin_shared::rules::Principal;
use rusqlite::{Connection, Row, params};

use super::audit;
use super::codec::{self, damaged};
use crate::store::{Account, Act, Contact, Deed, Kept, Session, StoreError, TokenHash, Withdrawal};

pub(super) fn add(conn: &Connection, account: &Account) -> Result<(), StoreError> {
    let principal = serde_json::to_string(&account.principal).map_err(|_| damaged("principal"))?;
    let mut statement = conn.prepare_cached(
        "INSERT INTO users (user, name, password, principal, language, created_at, disabled)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (user) DO NOTHING",
    )?;
    let added = statement.execute(params![
        account.principal.user.as_str(),
        account.name,
        account.password,
        principal,
        account.language,
        account.created_at.0,
        account.disabled,
    ])?;
    if added == 0 {
        Err(StoreError::Exists)
    } else {
        Ok(())
    }
}

pub(super) fn get(conn: &Connection, user: &UserId) -> Result<Option<Account>, StoreError> {
    let mut statement = conn.prepare_cached("SELECT * FROM users WHERE user = ?1")?;
    let mut rows = statement.query(params![user.as_str()])?;
    rows.next()?.map(account).transpose()
}

pub(super) fn all(conn: &Connection) -> Result<Vec<Account>, StoreError> {
    let mut statement = conn.prepare_cached("SELECT * FROM users ORDER BY user")?;
    let mut rows = statement.query([])?;
    let mut accounts = Vec::new();
    while let Some(row) = rows.next()? {
        accounts.push(account(row)?);
    }
    Ok(accounts)
}

pub(super) fn set_principal(conn: &Connection, principal: &Principal) -> Result<(), StoreError> {
    let json = serde_json::to_string(principal).map_err(|_| damaged("principal"))?;
    conn.prepare_cached("UPDATE users SET principal = ?2 WHERE user = ?1")?
        .execute(params![principal.user.as_str(), json])?;
    Ok(())
}

pub(super) fn amend_principal(conn: &Connection, from: &Principal, to: &Principal) -> Result<(), StoreError> {
    match get(conn, &from.user)? {
        Some(account) if account.principal == *from => set_principal(conn, to),
        _ => Ok(()),
    }
}

pub(super) fn note(conn: &Connection, account: &Account, act: &Act) -> Result<(), StoreError> {
    audit::add(conn, act)?;
    if act.deed == Deed::AccountAdded {
        return add(conn, account);
    }
    let user = account.principal.user.as_str();
    let known = get(conn, &account.principal.user)?;
    if account.disabled || act.deed == Deed::DevicesWithdrawn {
        conn.execute(
            "INSERT INTO withdrawn (token, user, at) SELECT token, user, ?2 FROM sessions WHERE user = ?1",
            params![user, act.at.0],
        )?;
        end_all(conn, user)?;
    }
    if known.is_some_and(|known| known.password != account.password) {
        end_all(conn, user)?;
    }
    set_principal(conn, &account.principal)?;
    conn.execute(
        "UPDATE users SET name = ?2, password = ?3, disabled = ?4 WHERE user = ?1",
        params![user, account.name, account.password, account.disabled],
    )?;
    Ok(())
}

/// Ends every session of a user's; what was signed in their name is not taken any more.
fn end_all(conn: &Connection, user: &str) -> Result<(), StoreError> {
    conn.execute("DELETE FROM sessions WHERE user = ?1", [user])?;
    conn.execute("UPDATE device_keys SET withdrawn = 1 WHERE user = ?1", [user])?;
    Ok(())
}

pub(super) fn set_language(conn: &Connection, user: &UserId, language: &str) -> Result<(), StoreError> {
    conn.prepare_cached("UPDATE users SET language = ?2 WHERE user = ?1")?
        .execute(params![user.as_str(), language])?;
    Ok(())
}

pub(super) fn open_session(conn: &Connection, session: &Session) -> Result<(), StoreError> {
    conn.prepare_cached(
        "INSERT INTO sessions (token, user, created_at, expires_at, seen_at, device, place, client)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?
    .execute(params![
        session.token.0,
        session.user.as_str(),
        session.created_at.0,
        session.expires_at.0,
        session.contact.at.0,
        session.contact.device,
        session.contact.place,
        session.contact.client,
    ])?;
    Ok(())
}

pub(super) fn session(
    conn: &Connection,
    token: TokenHash,
    now: Moment,
) -> Result<Option<(Session, Account)>, StoreError> {
    let mut statement = conn.prepare_cached(
        "SELECT users.*, sessions.created_at AS opened_at, expires_at, seen_at, device, place, client
         FROM sessions JOIN users USING (user) WHERE token = ?1 AND expires_at > ?2 AND NOT disabled",
    )?;
    let mut rows = statement.query(params![token.0, now.0])?;
    let Some(row) = rows.next()? else {
        return Ok(None);
    };
    let account = account(row)?;
    let session = Session {
        token,
        user: account.principal.user.clone(),
        created_at: Moment(row.get("opened_at")?),
        expires_at: Moment(row.get("expires_at")?),
        contact: contact(row)?,
    };
    Ok(Some((session, account)))
}

pub(super) fn sessions(
    conn: &Connection,
    user: Option<&UserId>,
    now: Moment,
) -> Result<Vec<Session>, StoreError> {
    let mut statement = conn.prepare_cached(
        "SELECT * FROM sessions WHERE (?1 IS NULL OR user = ?1) AND expires_at > ?2
         ORDER BY user, seen_at DESC, token",
    )?;
    let mut rows = statement.query(params![user.map(UserId::as_str), now.0])?;
    let mut sessions = Vec::new();
    while let Some(row) = rows.next()? {
        sessions.push(read_session(row)?);
    }
    Ok(sessions)
}

/// A session from its own row.
pub(super) fn read_session(row: &Row<'_>) -> Result<Session, StoreError> {
    Ok(Session {
        token: TokenHash(row.get("token")?),
        user: codec::user(row, "user")?,
        created_at: Moment(row.get("created_at")?),
        expires_at: Moment(row.get("expires_at")?),
        contact: contact(row)?,
    })
}

fn contact(row: &Row<'_>) -> Result<Contact, StoreError> {
    Ok(Contact {
        at: Moment(row.get("seen_at")?),
        device: row.get("device")?,
        place: row.get("place")?,
        client: row.get("client")?,
    })
}

pub(super) fn end_session(conn: &Connection, token: TokenHash, act: Option<&Act>) -> Result<(), StoreError> {
    if let Some(act) = act {
        audit::add(conn, act)?;
    }
    conn.execute("DELETE FROM sessions WHERE token = ?1", params![token.0])?;
    let sql = "UPDATE device_keys SET withdrawn = 1 WHERE session = ?1";
    conn.execute(sql, params![token.0])?;
    Ok(())
}

pub(super) fn withdraw_session(conn: &Connection, token: TokenHash, act: &Act) -> Result<bool, StoreError> {
    let sql = "INSERT INTO withdrawn (token, user, at) SELECT token, user, ?2 FROM sessions WHERE token = ?1";
    if conn.execute(sql, params![token.0, act.at.0])? == 0 {
        return Ok(false);
    }
    end_session(conn, token, Some(act))?;
    Ok(true)
}

pub(super) fn extend_session(
    conn: &Connection,
    token: TokenHash,
    expires_at: Moment,
    contact: &Contact,
) -> Result<(), StoreError> {
    conn.prepare_cached(
        "UPDATE sessions SET expires_at = ?2, seen_at = ?3, device = ?4, place = ?5, client = ?6
         WHERE token = ?1",
    )?
    .execute(params![
        token.0,
        expires_at.0,
        contact.at.0,
        contact.device,
        contact.place,
        contact.client,
    ])?;
    Ok(())
}

pub(super) fn is_withdrawn(conn: &Connection, token: TokenHash) -> Result<bool, StoreError> {
    let sql = "SELECT EXISTS (SELECT 1 FROM withdrawn WHERE token = ?1)";
    Ok(conn
        .prepare_cached(sql)?
        .query_row(params![token.0], |row| row.get(0))?)
}

pub(super) fn withdrawn(conn: &Connection, token: TokenHash, now: Moment) -> Result<bool, StoreError> {
    let sql = "UPDATE withdrawn SET told_at = coalesce(told_at, ?2) WHERE token = ?1";
    Ok(conn.prepare_cached(sql)?.execute(params![token.0, now.0])? > 0)
}

/// A sign-in that was withdrawn, from its own row.
pub(super) fn read_withdrawn(row: &Row<'_>) -> Result<Kept, StoreError> {
    let withdrawal = Withdrawal {
        at: Moment(row.get("at")?),
        told_at: row.get::<_, Option<i64>>("told_at")?.map(Moment),
    };
    Ok(Kept::Withdrawn(
        TokenHash(row.get("token")?),
        codec::user(row, "user")?,
        withdrawal,
    ))
}

pub(super) fn put_withdrawn(
    conn: &Connection,
    token: TokenHash,
    user: &UserId,
    withdrawal: Withdrawal,
) -> Result<(), StoreError> {
    conn.prepare_cached("INSERT INTO withdrawn (token, user, at, told_at) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![
            token.0,
            user.as_str(),
            withdrawal.at.0,
            withdrawal.told_at.map(|at| at.0),
        ])?;
    Ok(())
}

pub(super) fn withdrawals(conn: &Connection, user: &UserId) -> Result<Vec<Withdrawal>, StoreError> {
    let sql = "SELECT at, told_at FROM withdrawn WHERE user = ?1 ORDER BY at DESC, token";
    let mut statement = conn.prepare_cached(sql)?;
    let rows = statement.query_map([user.as_str()], |row| {
        Ok(Withdrawal {
            at: Moment(row.get("at")?),
            told_at: row.get::<_, Option<i64>>("told_at")?.map(Moment),
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(super) fn put_code(
    conn: &Connection,
    code: TokenHash,
    user: &UserId,
    expires_at: Moment,
) -> Result<(), StoreError> {
    conn.execute(
        "INSERT INTO codes (code, user, expires_at) VALUES (?1, ?2, ?3)",
        params![code.0, user.as_str(), expires_at.0],
    )?;
    Ok(())
}

/// A code from its own row.
pub(super) fn read_code(row: &Row<'_>) -> Result<Kept, StoreError> {
    Ok(Kept::Code(
        TokenHash(row.get("code")?),
        codec::user(row, "user")?,
        Moment(row.get("expires_at")?),
    ))
}

pub(super) fn take_code(
    conn: &Connection,
    code: TokenHash,
    now: Moment,
) -> Result<Option<UserId>, StoreError> {
    let sql = "DELETE FROM codes WHERE code = ?1 AND expires_at > ?2 RETURNING user";
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query(params![code.0, now.0])?;
    let user = rows.next()?.map(|row| codec::user(row, "user")).transpose()?;
    // Those that ended go with it.
    conn.prepare_cached("DELETE FROM codes WHERE expires_at <= ?1")?
        .execute([now.0])?;
    Ok(user)
}

pub(super) fn close_session(conn: &Connection, token: TokenHash, now: Moment) -> Result<(), StoreError> {
    conn.prepare_cached("DELETE FROM sessions WHERE token = ?1 OR expires_at <= ?2")?
        .execute(params![token.0, now.0])?;
    Ok(())
}

fn account(row: &Row<'_>) -> Result<Account, StoreError> {
    let principal: String = row.get("principal")?;
    Ok(Account {
        principal: serde_json::from_str(&principal).map_err(|_| codec::damaged("principal"))?,
        name: row.get("name")?,
        password: row.get("password")?,
        language: row.get("language")?,
        disabled: row.get("disabled")?,
        created_at: Moment(row.get("created_at")?),
    })
}
