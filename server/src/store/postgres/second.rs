//! What somebody proves at sign-in besides the password.

use deadpool_postgres::{GenericClient, Object};
use lianxin_shared::id::UserId;

use super::audit;
use super::codec::{self, int};
use super::pool::writing;
use crate::store::{Act, Proof, Second, StoreError};

pub(super) async fn get(client: &impl GenericClient, user: &UserId) -> Result<Option<Second>, StoreError> {
    let sql = "SELECT secret, step, ARRAY(SELECT hash FROM recovery_codes AS codes WHERE codes.\"user\" = seconds.\"user\") AS hashes
               FROM seconds WHERE \"user\" = $1";
    let Some(row) = client.query_opt(sql, &[&user.as_str()]).await? else {
        return Ok(None);
    };
    let hashes: Vec<Vec<u8>> = codec::get(&row, "hashes")?;
    let recovery = hashes.into_iter().map(|hash| hash.try_into());
    Ok(Some(Second {
        secret: codec::get(&row, "secret")?,
        step: codec::count(&row, "step")?,
        recovery: recovery
            .collect::<Result<_, _>>()
            .map_err(|_| codec::damaged("hash"))?,
    }))
}

pub(super) async fn put(
    client: &impl GenericClient,
    user: &UserId,
    second: Option<&Second>,
) -> Result<(), StoreError> {
    let user = user.as_str();
    client
        .execute("DELETE FROM seconds WHERE \"user\" = $1", &[&user])
        .await?;
    client
        .execute("DELETE FROM recovery_codes WHERE \"user\" = $1", &[&user])
        .await?;
    let Some(second) = second else { return Ok(()) };
    let sql = "INSERT INTO seconds (\"user\", secret, step) VALUES ($1, $2, $3)";
    client
        .execute(sql, &[&user, &second.secret, &int(second.step)])
        .await?;
    for hash in &second.recovery {
        let sql = "INSERT INTO recovery_codes (\"user\", hash) VALUES ($1, $2)";
        client.execute(sql, &[&user, &&hash[..]]).await?;
    }
    Ok(())
}

pub(super) async fn note(
    client: &mut Object,
    user: &UserId,
    second: Option<&Second>,
    act: &Act,
) -> Result<(), StoreError> {
    let tx = writing(client).await?;
    audit::add(&tx, act).await?;
    put(&tx, user, second).await?;
    Ok(tx.commit().await?)
}

pub(super) async fn spend(
    client: &impl GenericClient,
    user: &UserId,
    proof: Proof,
) -> Result<bool, StoreError> {
    let user = user.as_str();
    let spent = match proof {
        Proof::Step(step) => {
            let sql = "UPDATE seconds SET step = $2 WHERE \"user\" = $1 AND step < $2";
            client.execute(sql, &[&user, &int(step)]).await?
        }
        Proof::Recovery(hash) => {
            let sql = "DELETE FROM recovery_codes WHERE \"user\" = $1 AND hash = $2";
            client.execute(sql, &[&user, &&hash[..]]).await?
        }
    };
    Ok(spent > 0)
}
