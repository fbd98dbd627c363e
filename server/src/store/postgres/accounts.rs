//! Accounts and sessions.

use deadpool_postgres::{GenericClient, Object};
use lianxin_shared::id::{Moment, UserId};
use lianxin_shared::rules::Principal;
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

use super::audit;
use super::codec::{self, damaged, words};
use super::pool::writing;
use crate::store::{Account, Act, Contact, Deed, Kept, Session, StoreError, TokenHash, Withdrawal};

pub(super) async fn add(client: &impl GenericClient, account: &Account) -> Result<(), StoreError> {
    let principal = serde_json::to_string(&account.principal).map_err(|_| damaged("principal"))?;
    let statement = client
        .prepare_cached(
            "INSERT INTO users (\"user\", name, password, principal, language, created_at, disabled)
             VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (\"user\") DO NOTHING",
        )
        .await?;
    let values: [&(dyn ToSql + Sync); 7] = [
        &account.principal.user.as_str(),
        &words(&account.name),
        &account.password,
        &principal,
        &account.language,
        &account.created_at.0,
        &account.disabled,
    ];
    if client.execute(&statement, &values).await? == 0 {
        Err(StoreError::Exists)
    } else {
        Ok(())
    }
}

pub(super) async fn get(client: &impl GenericClient, user: &UserId) -> Result<Option<Account>, StoreError> {
    let statement = client
        .prepare_cached("SELECT * FROM users WHERE \"user\" = $1")
        .await?;
    let row = client.query_opt(&statement, &[&user.as_str()]).await?;
    row.as_ref().map(account).transpose()
}

pub(super) async fn all(client: &impl GenericClient) -> Result<Vec<Account>, StoreError> {
    let rows = client.query("SELECT * FROM users", &[]).await?;
    let mut accounts: Vec<_> = rows.iter().map(account).collect::<Result<_, _>>()?;
    // The database may sort names by the customs of a language.
    accounts.sort_by(|a, b| a.principal.user.cmp(&b.principal.user));
    Ok(accounts)
}

pub(super) async fn set_principal(
    client: &impl GenericClient,
    principal: &Principal,
) -> Result<(), StoreError> {
    let json = serde_json::to_string(principal).map_err(|_| damaged("principal"))?;
    let statement = client
        .prepare_cached("UPDATE users SET principal = $2 WHERE \"user\" = $1")
        .await?;
    client
        .execute(&statement, &[&principal.user.as_str(), &json])
        .await?;
    Ok(())
}

pub(super) async fn amend_principal(
    client: &mut Object,
    from: &Principal,
    to: &Principal,
) -> Result<(), StoreError> {
    let tx = writing(client).await?;
    if locked(&tx, &from.user)
        .await?
        .is_some_and(|account| account.principal == *from)
    {
        set_principal(&tx, to).await?;
    }
    Ok(tx.commit().await?)
}

pub(super) async fn note(client: &mut Object, account: &Account, act: &Act) -> Result<(), StoreError> {
    let tx = writing(client).await?;
    audit::add(&tx, act).await?;
    if act.deed == Deed::AccountAdded {
        add(&tx, account).await?;
        return Ok(tx.commit().await?);
    }
    let user = account.principal.user.as_str();
    let known = locked(&tx, &account.principal.user).await?;
    if account.disabled || act.deed == Deed::DevicesWithdrawn {
        let sql = "INSERT INTO withdrawn (token, \"user\", at)
                   SELECT token, \"user\", $2 FROM sessions WHERE \"user\" = $1";
        tx.execute(sql, &[&user, &act.at.0]).await?;
        end_all(&tx, user).await?;
    }
    if known.is_some_and(|known| known.password != account.password) {
        end_all(&tx, user).await?;
    }
    set_principal(&tx, &account.principal).await?;
    let sql = "UPDATE users SET name = $2, password = $3, disabled = $4 WHERE \"user\" = $1";
    let values: [&(dyn ToSql + Sync); 4] =
        [&user, &words(&account.name), &account.password, &account.disabled];
    tx.execute(sql, &values).await?;
    Ok(tx.commit().await?)
}

/// Ends every session of a user's; what was signed in their name is not taken any more.
async fn end_all(client: &impl GenericClient, user: &str) -> Result<(), StoreError> {
    for sql in [
        "DELETE FROM sessions WHERE \"user\" = $1",
        "UPDATE device_keys SET withdrawn = true WHERE \"user\" = $1",
    ] {
        client.execute(sql, &[&user]).await?;
    }
    Ok(())
}

/// An account that nobody else changes until the transaction is over.
async fn locked(client: &impl GenericClient, user: &UserId) -> Result<Option<Account>, StoreError> {
    let sql = "SELECT * FROM users WHERE \"user\" = $1 FOR UPDATE";
    let row = client.query_opt(sql, &[&user.as_str()]).await?;
    row.as_ref().map(account).transpose()
}

pub(super) async fn set_language(
    client: &impl GenericClient,
    user: &UserId,
    language: &str,
) -> Result<(), StoreError> {
    let statement = client
        .prepare_cached("UPDATE users SET language = $2 WHERE \"user\" = $1")
        .await?;
    client.execute(&statement, &[&user.as_str(), &language]).await?;
    Ok(())
}

pub(super) async fn open_session(client: &impl GenericClient, session: &Session) -> Result<(), StoreError> {
    let statement = client
        .prepare_cached(
            "INSERT INTO sessions (token, \"user\", created_at, expires_at, seen_at, device, place, client)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        )
        .await?;
    let values: [&(dyn ToSql + Sync); 8] = [
        &&session.token.0[..],
        &session.user.as_str(),
        &session.created_at.0,
        &session.expires_at.0,
        &session.contact.at.0,
        &session.contact.device,
        &session.contact.place,
        &session.contact.client,
    ];
    client.execute(&statement, &values).await?;
    Ok(())
}

pub(super) async fn session(
    client: &impl GenericClient,
    token: TokenHash,
    now: Moment,
) -> Result<Option<(Session, Account)>, StoreError> {
    let statement = client
        .prepare_cached(
            "SELECT users.*, sessions.created_at AS opened_at, expires_at, seen_at, device, place, client
             FROM sessions JOIN users USING (\"user\") WHERE token = $1 AND expires_at > $2 AND NOT disabled",
        )
        .await?;
    let Some(row) = client.query_opt(&statement, &[&&token.0[..], &now.0]).await? else {
        return Ok(None);
    };
    let account = account(&row)?;
    let session = Session {
        token,
        user: account.principal.user.clone(),
        created_at: Moment(codec::get(&row, "opened_at")?),
        expires_at: Moment(codec::get(&row, "expires_at")?),
        contact: contact(&row)?,
    };
    Ok(Some((session, account)))
}

pub(super) async fn sessions(
    client: &impl GenericClient,
    user: Option<&UserId>,
    now: Moment,
) -> Result<Vec<Session>, StoreError> {
    let sql = "SELECT * FROM sessions WHERE ($1::text IS NULL OR \"user\" = $1) AND expires_at > $2
               ORDER BY seen_at DESC, token";
    let statement = client.prepare_cached(sql).await?;
    let user = user.map(UserId::as_str);
    let rows = client.query(&statement, &[&user, &now.0]).await?;
    let mut sessions: Vec<_> = rows.iter().map(read_session).collect::<Result<_, _>>()?;
    // The database may sort names by the customs of a language.
    sessions.sort_by(|a, b| a.user.cmp(&b.user));
    Ok(sessions)
}

/// A session from its own row.
pub(super) fn read_session(row: &Row) -> Result<Session, StoreError> {
    Ok(Session {
        token: TokenHash(codec::bytes(row, "token")?),
        user: codec::user(row, "user")?,
        created_at: Moment(codec::get(row, "created_at")?),
        expires_at: Moment(codec::get(row, "expires_at")?),
        contact: contact(row)?,
    })
}

fn contact(row: &Row) -> Result<Contact, StoreError> {
    Ok(Contact {
        at: Moment(codec::get(row, "seen_at")?),
        device: codec::get(row, "device")?,
        place: codec::get(row, "place")?,
        client: codec::get(row, "client")?,
    })
}

pub(super) async fn end_session(
    client: &mut Object,
    token: TokenHash,
    act: Option<&Act>,
) -> Result<(), StoreError> {
    let tx = writing(client).await?;
    if let Some(act) = act {
        audit::add(&tx, act).await?;
    }
    end(&tx, token).await?;
    Ok(tx.commit().await?)
}

pub(super) async fn withdraw_session(
    client: &mut Object,
    token: TokenHash,
    act: &Act,
) -> Result<bool, StoreError> {
    let tx = writing(client).await?;
    // Of two who withdraw it at once, one waits here, and finds it ended.
    let sql = "INSERT INTO withdrawn (token, \"user\", at)
               SELECT token, \"user\", $2 FROM sessions WHERE token = $1 FOR UPDATE";
    if tx.execute(sql, &[&&token.0[..], &act.at.0]).await? == 0 {
        return Ok(false);
    }
    audit::add(&tx, act).await?;
    end(&tx, token).await?;
    tx.commit().await?;
    Ok(true)
}

/// Ends one session; what was signed in it is not taken any more.
async fn end(client: &impl GenericClient, token: TokenHash) -> Result<(), StoreError> {
    for sql in [
        "DELETE FROM sessions WHERE token = $1",
        "UPDATE device_keys SET withdrawn = true WHERE session = $1",
    ] {
        client.execute(sql, &[&&token.0[..]]).await?;
    }
    Ok(())
}

pub(super) async fn extend_session(
    client: &impl GenericClient,
    token: TokenHash,
    expires_at: Moment,
    contact: &Contact,
) -> Result<(), StoreError> {
    let sql = "UPDATE sessions SET expires_at = $2, seen_at = $3, device = $4, place = $5, client = $6
               WHERE token = $1";
    let statement = client.prepare_cached(sql).await?;
    let values: [&(dyn ToSql + Sync); 6] = [
        &&token.0[..],
        &expires_at.0,
        &contact.at.0,
        &contact.device,
        &contact.place,
        &contact.client,
    ];
    client.execute(&statement, &values).await?;
    Ok(())
}

pub(super) async fn withdrawn(
    client: &impl GenericClient,
    token: TokenHash,
    now: Moment,
) -> Result<bool, StoreError> {
    let sql = "UPDATE withdrawn SET told_at = coalesce(told_at, $2) WHERE token = $1";
    let statement = client.prepare_cached(sql).await?;
    Ok(client.execute(&statement, &[&&token.0[..], &now.0]).await? > 0)
}

/// A sign-in that was withdrawn, from its own row.
pub(super) fn read_withdrawn(row: &Row) -> Result<Kept, StoreError> {
    let withdrawal = Withdrawal {
        at: Moment(codec::get(row, "at")?),
        told_at: codec::get::<Option<i64>>(row, "told_at")?.map(Moment),
    };
    Ok(Kept::Withdrawn(
        TokenHash(codec::bytes(row, "token")?),
        codec::user(row, "user")?,
        withdrawal,
    ))
}

pub(super) async fn put_withdrawn(
    client: &impl GenericClient,
    token: TokenHash,
    user: &UserId,
    withdrawal: Withdrawal,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO withdrawn (token, \"user\", at, told_at) VALUES ($1, $2, $3, $4)";
    let told_at = withdrawal.told_at.map(|at| at.0);
    let values: [&(dyn ToSql + Sync); 4] = [&&token.0[..], &user.as_str(), &withdrawal.at.0, &told_at];
    client.execute(sql, &values).await?;
    Ok(())
}

pub(super) async fn withdrawals(
    client: &impl GenericClient,
    user: &UserId,
) -> Result<Vec<Withdrawal>, StoreError> {
    let sql = "SELECT at, told_at FROM withdrawn WHERE \"user\" = $1 ORDER BY at DESC, token";
    let statement = client.prepare_cached(sql).await?;
    let rows = client.query(&statement, &[&user.as_str()]).await?;
    let read = |row: &Row| {
        Ok(Withdrawal {
            at: Moment(codec::get(row, "at")?),
            told_at: codec::get::<Option<i64>>(row, "told_at")?.map(Moment),
        })
    };
    rows.iter().map(read).collect()
}

pub(super) async fn put_code(
    client: &impl GenericClient,
    code: TokenHash,
    user: &UserId,
    expires_at: Moment,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO codes (code, \"user\", expires_at) VALUES ($1, $2, $3)";
    let values: [&(dyn ToSql + Sync); 3] = [&&code.0[..], &user.as_str(), &expires_at.0];
    client.execute(sql, &values).await?;
    Ok(())
}

/// A code from its own row.
pub(super) fn read_code(row: &Row) -> Result<Kept, StoreError> {
    Ok(Kept::Code(
        TokenHash(codec::bytes(row, "code")?),
        codec::user(row, "user")?,
        Moment(codec::get(row, "expires_at")?),
    ))
}

pub(super) async fn take_code(
    client: &impl GenericClient,
    code: TokenHash,
    now: Moment,
) -> Result<Option<UserId>, StoreError> {
    // Those that ended go with it.
    let sql = "DELETE FROM codes WHERE code = $1 OR expires_at <= $2 RETURNING code, \"user\", expires_at";
    for row in client.query(sql, &[&&code.0[..], &now.0]).await? {
        let is_it = codec::bytes::<32>(&row, "code")? == code.0;
        if is_it && codec::get::<i64>(&row, "expires_at")? > now.0 {
            return codec::user(&row, "user").map(Some);
        }
    }
    Ok(None)
}

pub(super) async fn close_session(
    client: &impl GenericClient,
    token: TokenHash,
    now: Moment,
) -> Result<(), StoreError> {
    let statement = client
        .prepare_cached("DELETE FROM sessions WHERE token = $1 OR expires_at <= $2")
        .await?;
    client.execute(&statement, &[&&token.0[..], &now.0]).await?;
    Ok(())
}

pub(super) fn account(row: &Row) -> Result<Account, StoreError> {
    Ok(Account {
        principal: serde_json::from_str(codec::get(row, "principal")?).map_err(|_| damaged("principal"))?,
        name: codec::get(row, "name")?,
        password: codec::get(row, "password")?,
        language: codec::get(row, "language")?,
        disabled: codec::get(row, "disabled")?,
        created_at: Moment(codec::get(row, "created_at")?),
    })
}
