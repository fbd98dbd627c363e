//! The whole app: who is here decides what is seen.

use std::rc::Rc;

use lianxin_shared::document::Actor;
use lianxin_shared::texts::Lang;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;
use yew_router::history::{BrowserHistory, History};
use yew_router::prelude::*;

use crate::agent::Courier;
use crate::components::{Notice, Tone};
use crate::door::{self, Found, Newcomer, Signed};
use crate::i18n::Words;
use crate::pages::{ChoosePin, Idle, Locked, Shell, Withdrawn};
use crate::route::Route;
use crate::session::{Here, Session};
use crate::spoken;
use crate::vault::tablet::Tablet;
use crate::vault::{Bell, Enrolment, News, Vault, VaultError, VaultId};

/// Who is here.
#[derive(Clone)]
enum Stage {
    /// The tablet is being read.
    Opening,
    /// Nobody: these share the tablet.
    Nobody(Tablet, Vec<Enrolment>),
    /// Somebody without a PIN.
    Newcomer(Newcomer),
    /// A signed-in user.
    Signed(Signed),
    /// The office withdrew the sign-in: what lay here does not open any more.
    Withdrawn(Tablet),
    /// The browser keeps nothing; nothing can be promised then.
    Failed(Rc<VaultError>),
}

/// Where somebody was when the vault was locked. It is in memory only: an address tells what was open.
struct Left {
    vault: VaultId,
    path: String,
    /// The id of the control that had the caret.
    control: String,
}

/// What the app does about who is here.
#[derive(Clone)]
struct Acts {
    stage: UseStateHandle<Stage>,
    /// Rings in all windows of the tablet, whoever is here.
    bell: Rc<Option<Bell>>,
    left: Rc<std::cell::RefCell<Option<Left>>>,
}

/// The whole app.
#[component]
pub fn App() -> Html {
    let stage = use_state(|| Stage::Opening);
    // What is spoken where nobody is signed in.
    let lang = use_state_eq(spoken::last);
    let actor = use_state(crate::chance::actor);
    let left = use_mut_ref(|| None);
    // Without the tablet's bell each window locks by itself.
    let bell = use_memo((), |()| Bell::of("tablet").ok());
    let acts = Acts {
        stage: stage.clone(),
        bell,
        left,
    };
    // The callbacks below live as long as the app, and have to know who is here by then.
    let now = use_mut_ref(|| acts.clone());
    *now.borrow_mut() = acts.clone();
    use_effect_with((), {
        let stage = stage.clone();
        move |()| spawn_local(async move { stage.set(Stage::of(door::begin().await)) })
    });
    use_effect_with((), {
        let (now, bell) = (now.clone(), Rc::clone(&acts.bell));
        move |()| {
            let listening = (*bell).as_ref().map(|bell| {
                bell.listen(Callback::from(move |news| {
                    if let News::Unlocked(id) = news {
                        let acts = now.borrow().clone();
                        acts.other_unlocked(id.as_deref());
                    }
                }))
            });
            move || drop(listening)
        }
    });
    let vault = stage.signed().map(|signed| signed.vault);
    use_effect_with(vault, {
        let (now, actor) = (now.clone(), actor.clone());
        move |vault| {
            let listening = vault.as_ref().map(|vault| {
                vault.bell().listen(Callback::from(move |news| match news {
                    News::Session => now.borrow().clone().read_session(),
                    News::Withdrawn => now.borrow().clone().withdrawn(),
                    News::Refused => actor.set(crate::chance::actor()),
                    _ => {}
                }))
            });
            move || drop(listening)
        }
    });
    let current = match &*stage {
        Stage::Signed(signed) => signed.session.language,
        Stage::Newcomer(newcomer) => newcomer.session.language,
        _ => *lang,
    };
    let words = use_memo(current, |lang| Words::of(*lang));
    use_effect_with(current, {
        let lang = lang.setter();
        move |current| {
            spoken::note(*current);
            lang.set(*current);
        }
    });
    let speak = Callback::from(move |l| lang.set(l));
    let inside = match &*stage {
        Stage::Opening => html! {},
        Stage::Failed(error) => failed(&words, error),
        Stage::Withdrawn(tablet) => html! { <Withdrawn on={acts.back(tablet)} /> },
        Stage::Nobody(tablet, people) => html! {
            <Locked tablet={tablet.clone()} people={people.clone()} language={current} {speak}
                opened={acts.opened()} entered={acts.arrived(tablet)} />
        },
        Stage::Newcomer(newcomer) => {
            html! { <ChoosePin newcomer={newcomer.clone()} opened={acts.opened()} back={acts.back(&newcomer.tablet)} /> }
        }
        Stage::Signed(signed) => {
            let here = acts.here(signed, *actor, {
                let actor = actor.clone();
                Callback::from(move |()| actor.set(crate::chance::actor()))
            });
            let lock = here.lock.clone();
            html! {
                <ContextProvider<Vault> context={signed.vault.clone()}>
                    <ContextProvider<Here> context={here}>
                        <Idle minutes={signed.idle_minutes} bell={signed.vault.bell().clone()} {lock} />
                        <Shell key={signed.vault.id().to_string()} entered={acts.entered_again(signed)} />
                    </ContextProvider<Here>>
                </ContextProvider<Vault>>
            }
        }
    };
    html! {
        <ContextProvider<Words> context={(*words).clone()}>
            <BrowserRouter>{ inside }</BrowserRouter>
            if let Some(tablet) = stage.tablet() {
                <Courier {tablet} vault={stage.signed().map(|signed| signed.vault)} />
            }
        </ContextProvider<Words>>
    }
}

impl Stage {
    fn of(found: Result<Found, VaultError>) -> Self {
        match found {
            Ok(Found::Nobody(tablet, people)) => Self::Nobody(tablet, people),
            Ok(Found::Newcomer(newcomer)) => Self::Newcomer(newcomer),
            Ok(Found::Signed(signed)) => Self::Signed(signed),
            Err(error) => Self::Failed(Rc::new(error)),
        }
    }

    fn tablet(&self) -> Option<Tablet> {
        match self {
            Self::Opening | Self::Failed(_) => None,
            Self::Nobody(tablet, _) | Self::Withdrawn(tablet) => Some(tablet.clone()),
            Self::Newcomer(newcomer) => Some(newcomer.tablet.clone()),
            Self::Signed(signed) => Some(signed.tablet.clone()),
        }
    }

    fn signed(&self) -> Option<Signed> {
        match self {
            Self::Signed(signed) => Some(signed.clone()),
            _ => None,
        }
    }
}

impl Acts {
    /// A vault was opened.
    fn opened(&self) -> Callback<Signed> {
        let acts = self.clone();
        Callback::from(move |signed: Signed| {
            let left = acts.left.take();
            if let Some(left) = left.filter(|left| left.vault == signed.vault.id()) {
                BrowserHistory::new().replace(left.path);
                focus(left.control);
            }
            acts.ring(Some(signed.vault.id()));
            acts.stage.set(Stage::Signed(signed));
        })
    }

    /// Somebody signed in where nobody was.
    fn arrived(&self, tablet: &Tablet) -> Callback<Session> {
        let (acts, tablet) = (self.clone(), tablet.clone());
        Callback::from(move |session| {
            let (acts, tablet) = (acts.clone(), tablet.clone());
            spawn_local(async move { acts.stage.set(Stage::of(door::arrive(&tablet, session).await)) });
        })
    }

    /// Somebody signed in within the app: the same user again, or another, who finds the first one's vault locked.
    fn entered_again(&self, signed: &Signed) -> Callback<Session> {
        let (acts, signed) = (self.clone(), signed.clone());
        Callback::from(move |session: Session| {
            let (acts, signed) = (acts.clone(), signed.clone());
            spawn_local(async move {
                if session.principal.user == *signed.vault.user() {
                    drop(signed.vault.keep_session(&session).await);
                    let minutes = signed.idle_minutes;
                    acts.stage.set(Stage::Signed(signed.with(session, minutes)));
                } else {
                    acts.ring(None);
                    acts.stage
                        .set(Stage::of(door::arrive(&signed.tablet, session).await));
                }
            });
        })
    }

    /// Back to those who share the tablet.
    fn back(&self, tablet: &Tablet) -> Callback<()> {
        let (acts, tablet) = (self.clone(), tablet.clone());
        Callback::from(move |()| acts.clone().show_nobody(tablet.clone()))
    }

    fn lock(&self, signed: &Signed) {
        let window = web_sys::window();
        let location = window.as_ref().map(web_sys::Window::location);
        let path = location.and_then(|at| Some(at.pathname().ok()? + &at.search().ok()?));
        let control = window.and_then(|window| window.document()?.active_element());
        self.left.replace(Some(Left {
            vault: signed.vault.id(),
            path: path.unwrap_or_else(|| Route::Today.to_path()),
            control: control.map(|control| control.id()).unwrap_or_default(),
        }));
        // Whoever comes next starts at the beginning, and the address tells nothing.
        BrowserHistory::new().replace(Route::Today.to_path());
        self.clone().show_nobody(signed.tablet.clone());
    }

    fn show_nobody(self, tablet: Tablet) {
        spawn_local(async move { self.stage.set(Stage::of(door::leave(&tablet).await)) });
    }

    /// Another window locked the tablet, or opened another vault.
    fn other_unlocked(&self, id: Option<&str>) {
        match &*self.stage {
            Stage::Signed(signed) if id != Some(&*signed.vault.id().to_string()) => self.lock(signed),
            _ => {}
        }
    }

    /// The office withdrew the sign-in on this device: the wrapped keys go first, since without them nothing opens.
    fn withdrawn(self) {
        let Some(signed) = self.stage.signed() else { return };
        self.stage.set(Stage::Withdrawn(signed.tablet.clone()));
        spawn_local(async move { door::destroy(&signed).await });
    }

    fn ring(&self, id: Option<VaultId>) {
        if let Some(bell) = &*self.bell {
            bell.ring(&News::Unlocked(id.map(|id| id.to_string())));
        }
    }

    /// Another token, another language: the vault stays as it is.
    fn read_session(self) {
        let Some(signed) = self.stage.signed() else { return };
        spawn_local(async move {
            if let Ok(Some(session)) = signed.vault.session().await {
                let minutes = signed.tablet.idle_minutes().await.unwrap_or(signed.idle_minutes);
                self.stage.set(Stage::Signed(signed.with(session, minutes)));
            }
        });
    }

    fn here(&self, signed: &Signed, actor: Actor, start_anew: Callback<()>) -> Here {
        let lock = {
            let (acts, signed) = (self.clone(), signed.clone());
            Callback::from(move |()| {
                // By the bell, this window too; by hand where there is none.
                acts.ring(None);
                if acts.bell.is_none() {
                    acts.lock(&signed);
                }
            })
        };
        let sign_out = {
            let (signed, lock) = (signed.clone(), lock.clone());
            Callback::from(move |()| {
                let (signed, lock) = (signed.clone(), lock.clone());
                spawn_local(async move {
                    // Without a line the token lives on at the server until it expires; here it is gone.
                    let session = (*signed.session).clone();
                    spawn_local(async move { drop(session.api().delete("/api/session").await) });
                    let gone = Session {
                        token: None,
                        ..(*signed.session).clone()
                    };
                    drop(signed.vault.keep_session(&gone).await);
                    lock.emit(());
                });
            })
        };
        let set_idle_minutes = {
            let (acts, signed) = (self.clone(), signed.clone());
            Callback::from(move |minutes| {
                let (acts, signed) = (acts.clone(), signed.clone());
                spawn_local(async move {
                    drop(signed.tablet.set_idle_minutes(minutes).await);
                    acts.read_session();
                });
            })
        };
        let note_waiting = {
            let (tablet, id) = (signed.tablet.clone(), signed.vault.id());
            Callback::from(move |n| {
                let tablet = tablet.clone();
                spawn_local(async move { drop(tablet.note_waiting(id, n).await) });
            })
        };
        Here {
            session: Rc::clone(&signed.session),
            device: signed.tablet.device,
            actor,
            lock,
            sign_out,
            idle_minutes: signed.idle_minutes,
            set_idle_minutes,
            note_waiting,
            speak: speak(signed),
            start_anew,
        }
    }
}

fn speak(signed: &Signed) -> Callback<Lang> {
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
}

/// Gives the caret back to a control, once the page has drawn it; where that does not come about, the user taps it.
fn focus(id: String) {
    const TIMES: u32 = 50;
    if id.is_empty() {
        return;
    }
    spawn_local(async move {
        for _ in 0..TIMES {
            gloo_timers::future::TimeoutFuture::new(100).await;
            let document = web_sys::window().and_then(|window| window.document());
            let control = document.and_then(|document| document.get_element_by_id(&id));
            let control = control.and_then(|control| control.dyn_into::<web_sys::HtmlElement>().ok());
            if control.is_some_and(|control| control.focus().is_ok()) {
                return;
            }
        }
    });
}

fn failed(t: &Words, error: &VaultError) -> Html {
    let key = match error {
        VaultError::NoLocks => "vault-no-locks",
        VaultError::Full => "vault-full",
        VaultError::Newer => "vault-newer",
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
