//! Every address, who may call it, and every layer: one screen.

use axum::Router;
use axum::extract::{DefaultBodyLimit, FromRequestParts, MatchedPath, Request, State};
use axum::http::header::{CACHE_CONTROL, HeaderName};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, StatusCode};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, MethodRouter, any, delete, get, head, on, patch, post, put};
use axum::{Extension, Json};
use lianxin_shared::rules::{Principal, Role};
use serde_json::json;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer};
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::timeout::RequestBodyTimeoutLayer;
use tower_http::trace::TraceLayer;

use crate::app::App;
use crate::auth::{Signed, TokenInQuery};
use crate::problem::{Problem, REQUEST_ID};
use crate::{
    admin, assets, auth, export, files, handover, headers, import, live, metrics, office, openapi, print,
    problem, public, repo, sync,
};

/// The largest body of a route that sets no bound of its own, in bytes.
const MAX_BODY: usize = 4 * 1024 * 1024;

/// Who may call a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Anyone.
    Anyone,
    /// Whoever has a session.
    SignedIn,
    /// Whoever has a session and names its token in the query.
    TokenInQuery,
    /// The office: clerks, supervisors, administrators.
    Office,
    /// The office; and departments, as far as they ask for what is assigned to them.
    Handlers,
    /// Administrators.
    Admin,
    /// Whoever has a session, or comes with a ticket: an address that browsers open by themselves.
    SignedInOrTicket,
    /// The office, by its session or with a ticket.
    OfficeOrTicket,
    /// Administrators, by their session or with a ticket.
    AdminOrTicket,
}

/// One route.
pub struct Route {
    /// The method.
    pub method: Method,
    /// The path, with `{parameters}`.
    pub path: &'static str,
    /// Who may call it.
    pub access: Access,
    handler: MethodRouter<App>,
    /// Whether it is one of the public pages: errors are pages there, and who is too fast waits.
    is_page: bool,
}

/// The table. A route that is not in it does not exist.
pub fn table() -> Vec<Route> {
    use Access::{
        Admin, AdminOrTicket, Anyone, Handlers, Office, OfficeOrTicket, SignedIn, SignedInOrTicket,
        TokenInQuery,
    };
    let route = |method, path, access, handler| Route {
        method,
        path,
        access,
        handler,
        is_page: false,
    };
    let page = |method, path, handler| Route {
        is_page: true,
        ..route(method, path, Anyone, handler)
    };
    vec![
        route(Method::GET, "/health", Anyone, get(health)),
        route(Method::POST, "/api/session", Anyone, post(auth::open)),
        route(Method::GET, "/api/session", SignedIn, get(auth::show)),
        route(Method::DELETE, "/api/session", SignedIn, delete(auth::close)),
        route(
            Method::GET,
            "/api/session/second",
            SignedIn,
            get(auth::second::state),
        ),
        route(
            Method::POST,
            "/api/session/second",
            SignedIn,
            post(auth::second::offer),
        ),
        route(
            Method::PUT,
            "/api/session/second",
            SignedIn,
            put(auth::second::confirm),
        ),
        route(
            Method::DELETE,
            "/api/session/second",
            SignedIn,
            delete(auth::second::remove),
        ),
        route(Method::GET, "/api/sessions", SignedIn, get(auth::list_sessions)),
        route(
            Method::DELETE,
            "/api/sessions/{id}",
            SignedIn,
            delete(auth::end_session),
        ),
        route(
            Method::POST,
            "/api/sessions/{id}/withdraw",
            SignedIn,
            post(auth::withdraw_session),
        ),
        route(Method::PUT, "/api/session/language", SignedIn, put(auth::speak)),
        route(Method::POST, "/api/sync", SignedIn, post(sync::exchange)),
        route(
            Method::PUT,
            "/api/handover/key",
            SignedIn,
            put(handover::register),
        ),
        route(
            Method::POST,
            "/api/handover",
            Anyone,
            post(handover::deliver).layer(DefaultBodyLimit::max(handover::MAX_BODY)),
        ),
        route(Method::GET, "/api/live", SignedIn, get(live::live)),
        // A WebSocket begins with GET, over HTTP/2 with CONNECT (RFC 8441).
        route(
            Method::GET,
            "/repo",
            TokenInQuery,
            on(MethodFilter::GET.or(MethodFilter::CONNECT), repo::connect),
        ),
        route(
            Method::GET,
            "/api/documents/{id}",
            SignedIn,
            get(office::document),
        ),
        route(
            Method::GET,
            "/api/documents/{id}/companion",
            SignedIn,
            get(office::companion),
        ),
        route(
            Method::HEAD,
            "/api/documents/{id}/files/{hash}",
            SignedIn,
            head(files::standing),
        ),
        route(
            Method::PATCH,
            "/api/documents/{id}/files/{hash}",
            SignedIn,
            patch(files::append),
        ),
        route(
            Method::GET,
            "/api/documents/{id}/files/{hash}",
            SignedInOrTicket,
            get(files::download),
        ),
        route(Method::GET, "/api/records", Handlers, get(office::records)),
        route(Method::GET, "/api/records/counts", Handlers, get(office::counts)),
        route(Method::GET, "/api/watch", Office, get(office::watch)),
        route(Method::GET, "/api/waits", Office, get(office::waits)),
        route(
            Method::GET,
            "/api/records/{id}/links",
            SignedIn,
            get(office::links),
        ),
        route(Method::GET, "/api/records/{id}/twins", Office, get(office::twins)),
        route(Method::GET, "/api/year", SignedIn, get(office::year)),
        route(
            Method::DELETE,
            "/api/documents/{id}",
            Office,
            delete(admin::erase),
        ),
        route(Method::GET, "/api/state", Admin, get(admin::state)),
        route(Method::GET, "/api/audit", Admin, get(admin::audit)),
        route(Method::GET, "/api/audit/verify", Admin, get(admin::audit_verify)),
        route(
            Method::POST,
            "/api/quarantine/{doc}/{user}/{digest}",
            Admin,
            post(admin::quarantine::release),
        ),
        route(
            Method::DELETE,
            "/api/quarantine/{doc}/{user}/{digest}",
            Admin,
            delete(admin::quarantine::forget),
        ),
        route(
            Method::GET,
            "/api/audit/export.csv",
            AdminOrTicket,
            get(admin::audit_csv),
        ),
        route(
            Method::GET,
            "/api/audit/export.json",
            AdminOrTicket,
            get(admin::audit_json),
        ),
        route(Method::GET, "/api/accounts", Admin, get(admin::accounts::list)),
        route(Method::POST, "/api/accounts", Admin, post(admin::accounts::add)),
        route(
            Method::PUT,
            "/api/accounts/{user}",
            Admin,
            put(admin::accounts::change),
        ),
        route(
            Method::POST,
            "/api/accounts/{user}/password",
            Admin,
            post(admin::accounts::set_password),
        ),
        route(
            Method::POST,
            "/api/session/code",
            Anyone,
            post(auth::open_by_code),
        ),
        route(
            Method::POST,
            "/api/accounts/{user}/code",
            Admin,
            post(admin::devices::give_code),
        ),
        route(
            Method::POST,
            "/api/accounts/{user}/withdraw",
            Admin,
            post(admin::devices::withdraw),
        ),
        route(
            Method::GET,
            "/api/accounts/{user}/withdrawn",
            Admin,
            get(admin::devices::withdrawn),
        ),
        route(
            Method::GET,
            "/api/accounts/{user}/sessions",
            Admin,
            get(admin::sessions::list),
        ),
        route(
            Method::DELETE,
            "/api/accounts/{user}/second",
            Admin,
            delete(admin::sessions::remove_second),
        ),
        route(
            Method::DELETE,
            "/api/accounts/{user}/sessions/{id}",
            Admin,
            delete(admin::sessions::end),
        ),
        route(
            Method::POST,
            "/api/accounts/{user}/sessions/{id}/withdraw",
            Admin,
            post(admin::sessions::withdraw),
        ),
        page(Method::GET, "/public", get(public::front)),
        page(Method::GET, "/public/style.css", get(public::style)),
        page(Method::GET, "/public/ledger", get(public::ledger)),
        page(Method::GET, "/public/ledger/{id}", get(public::task)),
        page(Method::POST, "/public/ledger/{id}", post(public::comment)),
        page(Method::GET, "/public/suggest", get(public::choose)),
        page(Method::GET, "/public/suggest/{station}", get(public::suggest)),
        page(Method::POST, "/public/suggest/{station}", post(public::take)),
        page(Method::GET, "/public/feed.atom", get(public::feed)),
        page(Method::GET, "/public/data/{file}", get(public::data)),
        page(Method::GET, "/public/{section}", get(public::listing)),
        page(Method::GET, "/public/{section}/{id}", get(public::record)),
        page(Method::GET, "/follow", get(public::look_up)),
        page(Method::GET, "/follow/{code}", get(public::follow)),
        page(Method::POST, "/follow/{code}", post(public::rate)),
        route(Method::POST, "/api/ticket", SignedIn, post(auth::issue)),
        route(
            Method::POST,
            "/api/import/{what}",
            SignedIn,
            post(import::bring_in).layer(DefaultBodyLimit::max(import::MAX_FILE)),
        ),
        route(
            Method::GET,
            "/api/import/{what}/template.xlsx",
            SignedInOrTicket,
            get(import::template),
        ),
        route(Method::GET, "/api/openapi.json", Anyone, get(openapi::openapi)),
        route(Method::GET, "/api/explorer", Anyone, get(openapi::explorer)),
        route(Method::GET, "/print/style.css", Anyone, get(print::style)),
        route(
            Method::GET,
            "/print/records/{id}",
            SignedInOrTicket,
            get(print::record),
        ),
        route(
            Method::GET,
            "/print/stations/{id}",
            SignedInOrTicket,
            get(print::station),
        ),
        route(
            Method::GET,
            "/print/year/{year}",
            OfficeOrTicket,
            get(print::year),
        ),
        route(
            Method::GET,
            "/print/year/{year}/{subject}",
            SignedInOrTicket,
            get(print::sheet),
        ),
        route(Method::GET, "/api/year/{file}", OfficeOrTicket, get(export::year)),
        route(
            Method::GET,
            "/api/watch/{file}",
            OfficeOrTicket,
            get(export::watch),
        ),
        route(
            Method::GET,
            "/api/records/export.csv",
            OfficeOrTicket,
            get(export::csv),
        ),
        route(
            Method::GET,
            "/api/records/export.xlsx",
            OfficeOrTicket,
            get(export::xlsx),
        ),
    ]
}

/// The whole server.
pub fn router(app: App) -> Router {
    let guarded = table().into_iter().fold(Router::new(), |router, route| {
        let guard = from_fn_with_state(app.clone(), admit);
        // The innermost layer runs last: the access is laid down before the guard reads it.
        let handler: MethodRouter<App> = route.handler.layer(guard);
        let handler = if route.is_page {
            public::page(&app, handler)
        } else {
            // What is answered to one user lies in no browser's cache, where whoever has the disk would read it.
            handler.layer(SetResponseHeaderLayer::if_not_present(
                CACHE_CONTROL,
                HeaderValue::from_static("no-store"),
            ))
        };
        router.route(route.path, handler.layer(Extension(route.access)))
    });
    let nowhere = || public::page(&app, any(public::unknown));
    let answering = guarded
        .route("/api/{*rest}", any(async || Problem::AddressUnknown))
        .route("/public/", nowhere())
        .route("/public/{section}/{id}/{*rest}", nowhere())
        .route("/follow/", nowhere())
        .route("/follow/{code}/{*rest}", nowhere())
        .merge(assets::router())
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(RequestBodyTimeoutLayer::new(app.limits.silence()))
        .layer(CatchPanicLayer::new())
        .layer(from_fn(problem::render))
        .layer(from_fn_with_state(app.clone(), metrics::observe));
    outermost(answering).with_state(app)
}

/// What every answer goes through last, whoever gives it.
pub(crate) fn outermost<S: Clone + Send + Sync + 'static>(router: Router<S>) -> Router<S> {
    let id = HeaderName::from_static(REQUEST_ID);
    headers::on_every_answer(router)
        .layer(TraceLayer::new_for_http().make_span_with(span))
        .layer(PropagateRequestIdLayer::new(id.clone()))
        .layer(SetRequestIdLayer::new(id, MakeRequestUuid))
}

async fn admit(
    State(app): State<App>,
    Extension(access): Extension<Access>,
    request: Request,
    next: Next,
) -> Response {
    let (mut parts, body) = request.into_parts();
    let signed = match access {
        Access::Anyone => Ok(None),
        Access::SignedIn | Access::Office | Access::Handlers | Access::Admin => {
            Signed::from_request_parts(&mut parts, &app).await.map(Some)
        }
        Access::TokenInQuery => signed_in_query(&mut parts, &app).await.map(Some),
        Access::SignedInOrTicket | Access::OfficeOrTicket | Access::AdminOrTicket => {
            ticket_or_session(&mut parts, &app).await.map(Some)
        }
    };
    match signed {
        Err(problem) => problem.into_response(),
        Ok(Some(signed)) if !is_for(access, &signed.principal) => Problem::Forbidden.into_response(),
        Ok(Some(signed)) if let Err(owed) = auth::second::paid(&app, &signed, &parts).await => {
            owed.into_response()
        }
        Ok(Some(signed)) if let Err(refused) = app.limits.ask(&signed.principal.user) => {
            refused.into_response()
        }
        Ok(_) => next.run(Request::from_parts(parts, body)).await,
    }
}

async fn ticket_or_session(parts: &mut Parts, app: &App) -> Result<Signed, Problem> {
    if let Some(signed) = auth::redeem(parts, app).await? {
        parts.extensions.insert(signed.clone());
        return Ok(signed);
    }
    Signed::from_request_parts(parts, app).await
}

fn is_for(access: Access, principal: &Principal) -> bool {
    match access {
        Access::Anyone | Access::SignedIn | Access::SignedInOrTicket | Access::TokenInQuery => true,
        Access::Office | Access::OfficeOrTicket => principal.in_office(),
        Access::Handlers => principal.in_office() || principal.is(Role::Handler),
        Access::Admin | Access::AdminOrTicket => principal.is(Role::Admin),
    }
}

async fn signed_in_query(parts: &mut Parts, app: &App) -> Result<Signed, Problem> {
    let TokenInQuery { token } = TokenInQuery::from_request_parts(parts, app).await?;
    Signed::by_token(app, &token, None).await
}

pub(crate) async fn health() -> (StatusCode, Json<serde_json::Value>) {
    let version = env!("CARGO_PKG_VERSION");
    (
        StatusCode::OK,
        Json(json!({ "status": "ok", "version": version, "client": assets::has_client() })),
    )
}

/// A request in the log: its method, its route and its id. Never its address: that can hold a name, a receipt's code, and in
/// its query a token or words that somebody looked for.
fn span(request: &Request) -> tracing::Span {
    let id = request
        .headers()
        .get(REQUEST_ID)
        .and_then(|id| id.to_str().ok())
        .unwrap_or_default();
    let route = request.extensions().get::<MatchedPath>();
    let route = route.map_or("other", MatchedPath::as_str);
    tracing::info_span!("request", method = %request.method(), route, id)
}
