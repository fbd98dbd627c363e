//! Who comes in, and how: by a PIN, by signing in, or with the key that the page before passed on.

use std::rc::Rc;

use lianxin_shared::id::UserId;

use crate::session::Session;
use crate::vault::pass::{self, Passing};
use crate::vault::tablet::{Tablet, UnlockError};
use crate::vault::unsealed::Unsealed;
use crate::vault::{Enrolment, Key, Vault, VaultError, VaultId, spare, trace};

/// A user with an open vault.
#[derive(Clone)]
pub struct Signed {
    /// The tablet.
    pub tablet: Tablet,
    /// The vault, open.
    pub vault: Vault,
    /// Who it is.
    pub session: Rc<Session>,
    /// Minutes without a touch after which it locks.
    pub idle_minutes: u32,
    /// As long as this lives, the key goes to the page that follows.
    _passing: Rc<Passing>,
}

/// Somebody who signed in and has no PIN yet, or has forgotten it.
#[derive(Debug, Clone)]
pub struct Newcomer {
    /// The tablet.
    pub tablet: Tablet,
    /// Who it is.
    pub session: Session,
    /// What is known of them here.
    known: Known,
}

#[derive(Debug, Clone)]
enum Known {
    /// Nothing, or a vault of an older version of the app.
    Nothing,
    /// A vault whose PIN is forgotten and which the server's key has opened.
    Forgotten(VaultId, Key),
    /// A vault that only its PIN opens.
    Closed(Enrolment),
}

/// Who is here.
pub enum Found {
    /// Nobody: these share the tablet.
    Nobody(Tablet, Vec<Enrolment>),
    /// Somebody without a PIN.
    Newcomer(Newcomer),
    /// A user.
    Signed(Signed),
}

/// Finds out who is here when the page opens.
pub async fn begin() -> Result<Found, VaultError> {
    let tablet = Tablet::open().await?;
    let people = tablet.people().await?;
    if people.is_empty() {
        // What cannot be carried now lies there at the next start.
        let spared = spare::take_up().await.unwrap_or_default();
        trace::found_nobody(spared);
    } else {
        trace::note(&people);
    }
    if let Some(user) = tablet.unsealed_user().await?
        && let Some(found) = take_over(&tablet, &people, user).await?
    {
        return Ok(found);
    }
    if !people.is_empty()
        && let Some((id, key)) = pass::take().await
        && let Some(known) = people.iter().find(|known| known.id.to_string() == id)
        && let Some(signed) = open(&tablet, known, key).await?
    {
        return Ok(Found::Signed(signed));
    }
    Ok(Found::Nobody(tablet, people))
}

/// Nobody is here any more.
pub async fn leave(tablet: &Tablet) -> Result<Found, VaultError> {
    pass::drop_passed();
    Ok(Found::Nobody(tablet.clone(), tablet.people().await?))
}

/// Destroys what opens a vault, then what it holds.
pub async fn destroy(signed: &Signed) {
    pass::drop_passed();
    // What is left undone here is done when the server is met again.
    drop(signed.tablet.forget(signed.vault.id()).await);
    signed.vault.close();
    drop(Vault::remove(signed.vault.id()).await);
}

/// Opens a vault by its PIN.
pub async fn unlock(tablet: &Tablet, known: &Enrolment, pin: &str) -> Result<Signed, UnlockError> {
    let key = tablet.unlock(known.id, pin).await?;
    let signed = open(tablet, known, key).await?.ok_or(UnlockError::Gone)?;
    if let Some(server) = &signed.session.recovery {
        // It opens all the same if this fails.
        drop(tablet.trust(known.id, pin, server).await);
    }
    Ok(signed)
}

/// Somebody signed in where nobody was.
pub async fn arrive(tablet: &Tablet, session: Session) -> Result<Found, VaultError> {
    let people = tablet.people().await?;
    let user = &session.principal.user;
    let known = match people.into_iter().find(|known| known.user == *user) {
        None => Known::Nothing,
        Some(known) => match &session.recovery {
            Some(server) => match known.recover(server).await {
                Ok(key) => Known::Forgotten(known.id, key),
                Err(_) => Known::Closed(known),
            },
            None => Known::Closed(known),
        },
    };
    Ok(Found::Newcomer(Newcomer {
        tablet: tablet.clone(),
        session,
        known,
    }))
}

impl Signed {
    /// The same user with another token, another language, another choice.
    #[must_use]
    pub fn with(self, session: Session, idle_minutes: u32) -> Self {
        Self {
            session: Rc::new(session),
            idle_minutes,
            ..self
        }
    }
}

impl Newcomer {
    /// Whether there is a vault here that only its PIN opens, which a new PIN would throw away; how much waits in it.
    pub fn would_lose(&self) -> Option<u32> {
        match &self.known {
            Known::Closed(known) => Some(known.waiting),
            _ => None,
        }
    }

    /// Gives the vault this PIN, and opens it. What an older version kept is sealed into it, then removed.
    pub async fn choose(self, pin: &str) -> Result<Signed, VaultError> {
        let Self {
            tablet,
            session,
            known,
        } = self;
        let user = session.principal.user.clone();
        let is_new = matches!(known, Known::Nothing);
        let (id, data) = match known {
            Known::Forgotten(id, data) => (id, data),
            Known::Nothing => (VaultId::fresh(), Key::fresh().await?),
            Known::Closed(lost) => {
                tablet.forget(lost.id).await?;
                wasm_bindgen_futures::spawn_local(async move { drop(Vault::remove(lost.id).await) });
                (VaultId::fresh(), Key::fresh().await?)
            }
        };
        let name = (&user, session.name.as_str());
        let enrolment = Enrolment::of(id, name, &data, pin, session.recovery.as_ref()).await?;
        // From here on only what cannot be read out.
        let key = enrolment.unlock(pin).await?;
        let vault = Vault::open(id, &user, key.clone()).await?;
        let unsealed = Unsealed::of(&user).await?;
        if let Some(unsealed) = &unsealed {
            unsealed.copy_to(&vault).await?;
        }
        vault.keep_session(&session).await?;
        tablet.enrol(&enrolment).await?;
        if is_new && unsealed.is_none() {
            trace::note_new();
        }
        if let Some(unsealed) = unsealed {
            // A window of the older version that is still open holds it up; the next start tries again.
            remove_unsealed(tablet.clone(), unsealed);
        }
        signed(&tablet, vault, session, &key).await
    }
}

/// What an older version of the app left unsealed: its user chooses a PIN first, with or without a line.
async fn take_over(tablet: &Tablet, people: &[Enrolment], user: UserId) -> Result<Option<Found>, VaultError> {
    let Some(unsealed) = Unsealed::of(&user).await? else {
        tablet.forget_unsealed().await?;
        return Ok(None);
    };
    if people.iter().any(|known| known.user == user) {
        remove_unsealed(tablet.clone(), unsealed);
        return Ok(None);
    }
    let session = unsealed.session().await?;
    Ok(session.map(|session| {
        Found::Newcomer(Newcomer {
            tablet: tablet.clone(),
            session,
            known: Known::Nothing,
        })
    }))
}

fn remove_unsealed(tablet: Tablet, unsealed: Unsealed) {
    wasm_bindgen_futures::spawn_local(async move {
        if unsealed.remove().await.is_ok() {
            drop(tablet.forget_unsealed().await);
        }
    });
}

async fn open(tablet: &Tablet, known: &Enrolment, key: Key) -> Result<Option<Signed>, VaultError> {
    let vault = Vault::open(known.id, &known.user, key.clone()).await?;
    match vault.session().await? {
        Some(session) => signed(tablet, vault, session, &key).await.map(Some),
        None => Ok(None),
    }
}

async fn signed(tablet: &Tablet, vault: Vault, session: Session, key: &Key) -> Result<Signed, VaultError> {
    Ok(Signed {
        tablet: tablet.clone(),
        _passing: Rc::new(Passing::begin(vault.id(), key)),
        idle_minutes: tablet.idle_minutes().await?,
        session: Rc::new(session),
        vault,
    })
}
