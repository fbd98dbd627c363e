//! The frame around every page of a signed-in user, and what works behind it.

use std::rc::Rc;

use futures_util::future::AbortHandle;
use futures_util::future::abortable;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;
use yew_router::prelude::*;

use super::access::{Access, Owed};
use super::admin::Admin;
use super::bar::Bar;
use super::carry::Carry;
use super::drafts::Drafts;
use super::form::Form;
use super::handover::Handover;
use super::link::Go;
use super::lost::{Elsewhere, Lost};
use super::more::More;
use super::office::Office;
use super::people::People;
use super::places::Places;
use super::receipt::Receipt;
use super::record::RecordPage;
use super::records::Records;
use super::room::{Keeping, Shortage};
use super::safe::Safe;
use super::sign_in::SignIn;
use super::start::Start;
use super::today::Today;
use super::update::Update;
use super::welcome::{self, Welcome};
use super::year::Year;
use crate::agent::{self, LineState};
use crate::api::Api;
use crate::book::{Book, use_book_keeper};
use crate::components::Empty;
use crate::i18n::use_texts;
use crate::route::Route;
use crate::session::{Session, use_here};
use crate::vault::{News, Vault};

/// What the frame needs.
#[derive(PartialEq, Properties)]
pub struct ShellProps {
    /// Somebody signed in again, or somebody else did.
    pub entered: Callback<Session>,
}

/// The frame.
#[component]
pub fn Shell(props: &ShellProps) -> Html {
    let (Some(vault), Some(here)) = (use_context::<Vault>(), use_here()) else {
        return html! {};
    };
    html! { <Inside {vault} session={here.session} device={Device(here.device)} entered={props.entered.clone()} /> }
}

/// The device as a prop.
#[derive(Clone, Copy, PartialEq)]
struct Device(lianxin_shared::id::DeviceId);

#[derive(PartialEq, Properties)]
struct InsideProps {
    vault: Vault,
    session: Rc<Session>,
    device: Device,
    entered: Callback<Session>,
}

#[component]
fn Inside(props: &InsideProps) -> Html {
    let session = Rc::clone(&props.session);
    let book = use_book_keeper(&props.vault, session.language);
    let line = use_line_keeper(&props.vault);
    use_agent(&props.vault, props.device);
    let waiting = book.is_loaded().then(|| book.unsent().len());
    let note_waiting = use_here().map(|here| here.note_waiting);
    use_effect_with(waiting, move |waiting| {
        if let (Some(n), Some(note)) = (*waiting, note_waiting) {
            note.emit(u32::try_from(n).unwrap_or(u32::MAX));
        }
    });
    let is_office = session.starts_in_office();
    let entered = props.entered.clone();
    let is_owed = session.second_owed;
    // Who works in the office alone has no tablet.
    let is_new = use_state(|| !is_office && welcome::is_due());
    let on_set = {
        let (session, entered) = (Rc::clone(&session), entered.clone());
        Callback::from(move |()| {
            entered.emit(Session {
                second_owed: false,
                ..(*session).clone()
            });
        })
    };
    let render = move |route: Route| page(route, &session, &entered);
    let frame = if is_owed {
        html! { <Owed {on_set} /> }
    } else if *is_new {
        html! { <Welcome on_done={move |()| is_new.set(false)} /> }
    } else {
        html! { <Frame {is_office}><Switch<Route> {render} /></Frame> }
    };
    html! {
        <ContextProvider<Api> context={props.session.api()}>
            <ContextProvider<Book> context={book}>
                <ContextProvider<Rc<LineState>> context={line}>{ frame }</ContextProvider<Rc<LineState>>>
            </ContextProvider<Book>>
        </ContextProvider<Api>>
    }
}

#[derive(PartialEq, Properties)]
struct FrameProps {
    is_office: bool,
    children: Html,
}

#[component]
fn Frame(props: &FrameProps) -> Html {
    let t = use_texts();
    let route = use_route::<Route>();
    let is_in_office = is_office_page(route.as_ref(), props.is_office);
    use_effect_with(route, |_| {
        if let Some(window) = web_sys::window() {
            window.scroll_to_with_x_and_y(0.0, 0.0);
        }
    });
    html! {
        <div class="app">
            <a class="skip" href="#page">{ t.get("skip") }</a>
            <Bar />
            <Shortage />
            <Lost class="page" />
            <Elsewhere />
            if is_in_office {
                { props.children.clone() }
            } else {
                <div>
                    <Update />
                    <Keeping />
                    { props.children.clone() }
                </div>
                <Places />
            }
        </div>
    }
}

/// The office's pages bring their own navigation; who works in the office alone starts there.
fn is_office_page(route: Option<&Route>, is_office: bool) -> bool {
    match route {
        Some(Route::Office | Route::OfficeRecord { .. } | Route::OfficeWatch | Route::OfficeYear) => true,
        Some(route) if route.is_admin() => true,
        Some(Route::Today) => is_office,
        _ => false,
    }
}

fn page(route: Route, session: &Rc<Session>, entered: &Callback<Session>) -> Html {
    match route {
        Route::Today if session.starts_in_office() => html! { <Redirect<Route> to={Route::Office} /> },
        Route::Today => html! { <Today /> },
        Route::Records => html! { <Records /> },
        Route::Record { id } => html! { <RecordPage key={id.to_string()} {id} /> },
        Route::Edit { id } => html! { <Form key={id.to_string()} {id} /> },
        Route::Start => html! { <Start /> },
        Route::New { kind } => html! { <Form key={kind.clone()} kind={kind.clone()} /> },
        Route::Receipt { id } => html! { <Receipt {id} /> },
        Route::Year => html! { <Year /> },
        Route::People => html! { <People /> },
        Route::More => html! { <More /> },
        Route::Drafts => html! { <Drafts /> },
        Route::Safe => html! { <Safe /> },
        Route::Handover => html! { <Handover /> },
        Route::Carry => html! { <Carry /> },
        Route::Access => html! { <Access /> },
        Route::Welcome => html! { <WelcomeAgain /> },
        Route::SignIn => html! { <Again session={Rc::clone(session)} entered={entered.clone()} /> },
        Route::Office | Route::OfficeRecord { .. } | Route::OfficeWatch | Route::OfficeYear => {
            html! { <Office {route} /> }
        }
        Route::Admin
        | Route::Account { .. }
        | Route::NewAccount
        | Route::Lists
        | Route::Import
        | Route::Audit
        | Route::State => {
            html! { <Admin {route} /> }
        }
        Route::NotFound => html! { <NotFound /> },
    }
}

#[derive(PartialEq, Properties)]
struct AgainProps {
    session: Rc<Session>,
    entered: Callback<Session>,
}

/// Signing in again, within the app: what is on the tablet stays in view.
#[component]
fn Again(props: &AgainProps) -> Html {
    let here = use_here();
    let navigator = use_navigator();
    let entered = {
        let entered = props.entered.clone();
        Callback::from(move |session| {
            entered.emit(session);
            if let Some(navigator) = &navigator {
                navigator.replace(&Route::Today);
            }
        })
    };
    let speak = here.map_or_else(Callback::noop, |here| here.speak);
    let user = props.session.principal.user.to_string();
    html! { <SignIn {user} language={props.session.language} {speak} {entered} /> }
}

/// What the app is, from the page of everything else and back to it.
#[component]
fn WelcomeAgain() -> Html {
    let navigator = use_navigator();
    let on_done = Callback::from(move |()| {
        if let Some(navigator) = &navigator {
            navigator.replace(&Route::More);
        }
    });
    html! { <Welcome {on_done} /> }
}

#[component]
fn NotFound() -> Html {
    let t = use_texts();
    html! {
        <main class="page" id="page">
            <Empty>
                <p>{ t.get("not-found") }</p>
                <p><Go to={Route::Today}>{ t.get("place-today") }</Go></p>
            </Empty>
        </main>
    }
}

/// Runs the agent as long as the component lives. The other windows of the user wait until this one is gone.
#[hook]
fn use_agent(vault: &Vault, device: Device) {
    use_effect_with(vault.clone(), move |vault| {
        let (agent, handle): (_, AbortHandle) = abortable(agent::lead(vault.clone(), device.0));
        // It ends by being aborted, or fails where the vault does; then the pages say so at the first write.
        spawn_local(async move { drop(agent.await) });
        move || handle.abort()
    });
}

/// The line as the leading window tells it.
#[hook]
fn use_line_keeper(vault: &Vault) -> Rc<LineState> {
    let line = use_state(Rc::<LineState>::default);
    use_effect_with(vault.clone(), {
        let line = line.clone();
        move |vault| {
            let listening = vault.bell().listen(Callback::from(move |news| {
                if let News::Line(state) = news {
                    line.set(Rc::new(state));
                }
            }));
            vault.bell().ring(&News::Opened);
            move || drop(listening)
        }
    });
    Rc::clone(&line)
}
