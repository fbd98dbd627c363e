//! The whole app: who is here decides what is seen.

use std::rc::Rc;

use lianxin_shared::document::Actor;
use lianxin_shared::texts::Lang;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;
use yew_router::history::{BrowserHistory, History};
use yew_router::prelude::*;

use crate::components::{Notice, Tone};
use crate::i18n::Words;
use crate::pages::{Shell, SignIn};
use crate::route::Route;
use crate::session::{Here, Session};
use crate::vault::tablet::Tablet;
use crate::vault::{News, Vault, VaultError};

/// Who is here.
#[derive(Clone)]
enum Stage {
    /// The tablet is being read.
    Opening,
    /// Nobody.
    Nobody(Tablet),
    /// A signed-in user.
    Signed(Signed),
    /// The browser keeps nothing; nothing can be promised then.
    Failed(Rc<VaultError>),
}

#[derive(Clone)]
struct Signed {
    tablet: Tablet,
    vault: Vault,
    session: Rc<Session>,
}

/// The whole app.
#[component]
pub fn App() -> Html {
    let stage = use_state(|| Stage::Opening);
    // Where nobody is signed in, the language is a choice of the moment.
    let lang = use_state(Lang::default);
    let actor = use_state(crate::chance::actor);
    // The callback below lives as long as the app, and has to know who is here by then.
    let now = use_mut_ref(|| None::<Signed>);
    *now.borrow_mut() = stage.signed();
    let reopen = {
        let stage = stage.clone();
        use_callback((), move |(), ()| {
            let (stage, signed) = (stage.clone(), now.borrow().clone());
            spawn_local(async move { stage.set(open(signed).await) });
        })
    };
    use_effect_with((), {
        let reopen = reopen.clone();
        move |()| reopen.emit(())
    });
    let vault = stage.signed().map(|signed| signed.vault);
    use_effect_with(vault, {
        let (reopen, actor) = (reopen.clone(), actor.clone());
        move |vault| {
            let listening = vault.as_ref().map(|vault| {
                vault.bell().listen(Callback::from(move |news| match news {
                    News::Session => reopen.emit(()),
                    News::Refused => actor.set(crate::chance::actor()),
                    _ => {}
                }))
            });
            move || drop(listening)
        }
    });
    let current = match &*stage {
        Stage::Signed(signed) => signed.session.language,
        _ => *lang,
    };
    let words = use_memo(current, |lang| Words::of(*lang));
    use_effect_with(current, |lang| announce(*lang));
    let inside = match &*stage {
        Stage::Opening => html! {},
        Stage::Failed(error) => failed(&words, error),
        Stage::Nobody(tablet) => html! {
            <SignIn user={None::<String>} language={*lang} speak={Callback::from(move |l| lang.set(l))}
                entered={entered(tablet, &reopen)} />
        },
        Stage::Signed(signed) => {
            let here = here(signed, *actor, &reopen, {
                let actor = actor.clone();
                Callback::from(move |()| actor.set(crate::chance::actor()))
            });
            html! {
                <ContextProvider<Vault> context={signed.vault.clone()}>
                    <ContextProvider<Here> context={here}>
                        <Shell key={signed.vault.user().to_string()} entered={entered(&signed.tablet, &reopen)} />
                    </ContextProvider<Here>>
                </ContextProvider<Vault>>
            }
        }
    };
    html! {
        <ContextProvider<Words> context={(*words).clone()}>
            <BrowserRouter>{ inside }</BrowserRouter>
        </ContextProvider<Words>>
    }
}

impl Stage {
    fn signed(&self) -> Option<Signed> {
        match self {
            Self::Signed(signed) => Some(signed.clone()),
            _ => None,
        }
    }
}

/// Finds out who is here. A vault that is open already stays open.
async fn open(signed: Option<Signed>) -> Stage {
    async fn find(signed: Option<Signed>) -> Result<Stage, VaultError> {
        let tablet = match &signed {
            Some(signed) => signed.tablet.clone(),
            None => Tablet::open().await?,
        };
        let Some(user) = tablet.user().await? else {
            return Ok(Stage::Nobody(tablet));
        };
        let vault = match signed {
            Some(signed) if *signed.vault.user() == user => signed.vault,
            _ => Vault::open(&user).await?,
        };
        Ok(match vault.session().await? {
            Some(session) => Stage::Signed(Signed {
                tablet,
                vault,
                session: Rc::new(session),
            }),
            None => Stage::Nobody(tablet),
        })
    }
    find(signed)
        .await
        .unwrap_or_else(|error| Stage::Failed(Rc::new(error)))
}

/// Somebody signed in: kept first, then shown.
fn entered(tablet: &Tablet, reopen: &Callback<()>) -> Callback<Session> {
    let (tablet, reopen) = (tablet.clone(), reopen.clone());
    Callback::from(move |session: Session| {
        let (tablet, reopen) = (tablet.clone(), reopen.clone());
        spawn_local(async move {
            let user = session.principal.user.clone();
            if let Ok(vault) = Vault::open(&user).await
                && vault.keep_session(&session).await.is_ok()
                && tablet.hand_to(&user).await.is_ok()
            {
                ask_to_persist();
            }
            reopen.emit(());
        });
    })
}

fn here(signed: &Signed, actor: Actor, reopen: &Callback<()>, start_anew: Callback<()>) -> Here {
    let sign_out = {
        let (signed, reopen) = (signed.clone(), reopen.clone());
        Callback::from(move |()| {
            let (signed, reopen) = (signed.clone(), reopen.clone());
            spawn_local(async move {
                // Without a line the token lives on at the server until it expires; here it is gone.
                let session = (*signed.session).clone();
                spawn_local(async move { drop(session.api().delete("/api/session").await) });
                let gone = Session {
                    token: None,
                    ..(*signed.session).clone()
                };
                if signed.tablet.lay_down().await.is_ok() {
                    drop(signed.vault.keep_session(&gone).await);
                }
                // Whoever comes next starts at the beginning, not on a page of somebody else's.
                BrowserHistory::new().replace(Route::Today.to_path());
                reopen.emit(());
            });
        })
    };
    let speak = {
        let signed = signed.clone();
        Callback::from(move |language| {
            let signed = signed.clone();
            spawn_local(async move {
                let session = Session {
                    language,
                    ..(*signed.session).clone()
                };
                drop(signed.vault.keep_session(&session).await);
                // Without a line the choice stays on this tablet.
                let choice = serde_json::json!({ "language": language });
                drop(session.api().put("/api/session/language", &choice).await);
            });
        })
    };
    Here {
        session: Rc::clone(&signed.session),
        device: signed.tablet.device,
        actor,
        sign_out,
        speak,
        start_anew,
    }
}

/// Tells the page's language to the browser, for hyphenation, fonts and screen readers.
fn announce(lang: Lang) {
    let root = web_sys::window()
        .and_then(|window| window.document())
        .and_then(|document| document.document_element());
    if let Some(root) = root {
        // An attribute of this name is always possible.
        drop(root.set_attribute("lang", if lang == Lang::Zh { "zh-CN" } else { "en" }));
    }
}

/// Asks the browser not to throw away what is kept when the device runs short of room.
fn ask_to_persist() {
    if let Some(window) = web_sys::window()
        && let Ok(answer) = window.navigator().storage().persist()
    {
        spawn_local(async move { drop(wasm_bindgen_futures::JsFuture::from(answer).await) });
    }
}

fn failed(t: &Words, error: &VaultError) -> Html {
    let key = match error {
        VaultError::NoLocks => "vault-no-locks",
        VaultError::Full => "vault-full",
        _ => "vault-failed",
    };
    html! {
        <main class="page">
            <Notice tone={Tone::Attention}>
                <p>{ t.get(key) }</p>
                <p class="muted">{ error.to_string() }</p>
            </Notice>
        </main>
    }
}
