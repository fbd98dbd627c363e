//! Every operation under `/api`. The functions here stand for the handlers of the same names, which stay free of
//! descriptions; what they take and answer are the handlers' own types.

#![expect(dead_code, reason = "only their descriptions are used")]

use utoipa::OpenApi;

use crate::problem::ProblemDocument;
use crate::{admin, auth, handover, import, office};

/// The whole description.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Lianxin",
        description = "Consultation work at the grassroots: records of members, stations and the office. Moments are milliseconds since 1970 UTC; days are the district's, in UTC+8. Ids of documents are 16 bytes in bs58check."
    ),
    paths(
        open_session,
        show_session,
        close_session,
        speak,
        second_state,
        offer_second,
        confirm_second,
        remove_second,
        sessions,
        end_session,
        withdraw_session,
        ticket,
        sync,
        live,
        register,
        deliver,
        document,
        companion,
        standing,
        append,
        download,
        records,
        counts,
        links,
        twins,
        year,
        waits,
        watch,
        erase,
        accounts,
        add_account,
        change_account,
        set_password,
        open_by_code,
        give_code,
        withdraw,
        withdrawn,
        remove_second_of,
        sessions_of,
        end_session_of,
        withdraw_session_of,
        server_state,
        audit,
        audit_verify,
        release,
        forget,
        audit_csv,
        audit_json,
        export_year,
        export_watch,
        export_csv,
        export_xlsx,
        bring_in,
        template,
        openapi,
        explorer
    ),
    components(schemas(ProblemDocument, import::What))
)]
pub(super) struct Description;

/// Signs in.
#[utoipa::path(post, path = "/api/session", tag = "session", request_body = auth::Credentials, responses(
    (status = 200, description = "A session, with the token that proves it.", body = auth::Opened)))]
fn open_session() {}

/// Who is signed in.
#[utoipa::path(get, path = "/api/session", tag = "session", responses(
    (status = 200, description = "The user.", body = auth::Me)))]
fn show_session() {}

/// Signs out.
#[utoipa::path(delete, path = "/api/session", tag = "session", responses((status = 204, description = "Done.")))]
fn close_session() {}

/// Keeps the language that the user chose.
#[utoipa::path(put, path = "/api/session/language", tag = "session", request_body = auth::Speak, responses(
    (status = 204, description = "Done.")))]
fn speak() {}

/// Whether one's sign-in asks for a code besides the password.
#[utoipa::path(get, path = "/api/session/second", tag = "session", responses(
    (status = 200, description = "Whether it is on.", body = auth::second::SecondState)))]
fn second_state() {}

/// A new secret for an app that makes codes (TOTP). Nothing changes by it.
#[utoipa::path(post, path = "/api/session/second", tag = "session", responses(
    (status = 200, description = "The secret.", body = auth::second::Offered)))]
fn offer_second() {}

/// Has one's sign-in ask for codes that follow from a secret.
#[utoipa::path(put, path = "/api/session/second", tag = "session", request_body = auth::second::Confirmed, responses(
    (status = 200, description = "The recovery codes, told once.", body = auth::second::Codes)))]
fn confirm_second() {}

/// Has one's sign-in ask for no code any more.
#[utoipa::path(delete, path = "/api/session/second", tag = "session", request_body = auth::second::Sure, responses(
    (status = 204, description = "Done.")))]
fn remove_second() {}

/// Where one is signed in, the session last used first.
#[utoipa::path(get, path = "/api/sessions", tag = "session", responses(
    (status = 200, description = "The sessions.", body = Vec<auth::ShownSession>)))]
fn sessions() {}

/// Ends one of one's own sessions.
#[utoipa::path(delete, path = "/api/sessions/{id}", tag = "session",
    params(("id" = String, Path, description = "The session's id.")), responses((status = 204, description = "Done.")))]
fn end_session() {}

/// Withdraws another of one's own sessions: its device destroys its key of the vault when it comes next.
#[utoipa::path(post, path = "/api/sessions/{id}/withdraw", tag = "session", request_body = auth::second::Sure,
    params(("id" = String, Path, description = "The session's id.")),
    responses((status = 204, description = "It is withdrawn.")))]
fn withdraw_session() {}

/// An address that a browser can open by itself, once and within a minute: for downloads and printed pages.
#[utoipa::path(post, path = "/api/ticket", tag = "session", request_body = auth::Wanted, responses(
    (status = 200, description = "The address with a ticket in it.", body = auth::Ticketed)))]
fn ticket() {}

/// One exchange of a device: what it has to say, and what it lacks. docs/protocol.md has the frames.
#[utoipa::path(post, path = "/api/sync", tag = "sync", request_body(content = Vec<u8>, content_type = "application/cbor"),
    responses((status = 200, description = "Frames.", body = Vec<u8>, content_type = "application/cbor")))]
fn sync() {}

/// Tells a device's key, by which it signs what others carry, and learns the server's, to which it seals.
#[utoipa::path(put, path = "/api/handover/key", tag = "sync",
    request_body(content = Object, description = "In hexadecimal: `device`, its id (16 bytes), and `key`, its Ed25519 public key."),
    responses((status = 200, description = "`server`: its X25519 public key, in hexadecimal.", body = Object)))]
fn register() {}

/// Delivers work that others sealed, for anybody who carries it. docs/protocol.md has the envelope.
#[utoipa::path(post, path = "/api/handover", tag = "sync",
    request_body(content = Vec<u8>, content_type = "application/cbor-seq"),
    responses((status = 200, description = "What became of each envelope, in order.", body = Vec<handover::Delivered>)))]
fn deliver() {}

/// Which channels moved, as long as the line is open.
#[utoipa::path(get, path = "/api/live", tag = "sync", responses(
    (status = 200, description = "Events.", body = String, content_type = "text/event-stream")))]
fn live() {}

/// One document with its history, for whoever may read it.
#[utoipa::path(get, path = "/api/documents/{id}", tag = "records",
    params(("id" = String, Path, description = "The document's id.")),
    responses((status = 200, description = "A map in CBOR: 0 the document as automerge saves it, 1 its heads, 2 the receipt.",
        body = Vec<u8>, content_type = "application/cbor")))]
fn document() {}

/// The document that accompanies another, as the contact accompanies a suggestion: for whoever may read it, and for whoever
/// the other is assigned to.
#[utoipa::path(get, path = "/api/documents/{id}/companion", tag = "records",
    params(("id" = String, Path, description = "The other document's id.")),
    responses((status = 200, description = "As a document.", body = Vec<u8>, content_type = "application/cbor")))]
fn companion() {}

/// Up to where a file of a record is here (tus 1.0).
#[utoipa::path(head, path = "/api/documents/{id}/files/{hash}", tag = "files",
    params(("id" = String, Path, description = "The document's id."),
        ("hash" = String, Path, description = "The file's SHA-256, as the record names it."),
        ("tus-resumable" = String, Header, description = "1.0.0")),
    responses((status = 200, description = "In the header `upload-offset`; all of it in `upload-length`.")))]
fn standing() {}

/// Takes the next bytes of a file of a record (tus 1.0). However they end, what came of them is kept.
#[utoipa::path(patch, path = "/api/documents/{id}/files/{hash}", tag = "files",
    params(("id" = String, Path, description = "The document's id."),
        ("hash" = String, Path, description = "The file's SHA-256, as the record names it."),
        ("tus-resumable" = String, Header, description = "1.0.0"),
        ("upload-offset" = u64, Header, description = "Up to where the file is here.")),
    request_body(content = Vec<u8>, content_type = "application/offset+octet-stream"),
    responses((status = 204, description = "Up to where it is here now, in the header `upload-offset`.")))]
fn append() {}

/// A file, for whoever may read a record that names it.
#[utoipa::path(get, path = "/api/documents/{id}/files/{hash}", tag = "files",
    params(("id" = String, Path, description = "The document's id."),
        ("hash" = String, Path, description = "The file's SHA-256, as the record names it.")),
    responses((status = 200, description = "The file, as a picture or a paper.", content(
        (Vec<u8> = "image/jpeg"), (Vec<u8> = "application/pdf")))))]
fn download() {}

/// Records that fit the filters, the latest received first.
#[utoipa::path(get, path = "/api/records", tag = "records", params(office::Parameters), responses(
    (status = 200, description = "A page.", body = office::Page)))]
fn records() {}

/// How many records fit the filters.
#[utoipa::path(get, path = "/api/records/counts", tag = "records", params(office::Parameters), responses(
    (status = 200, description = "The numbers.", body = office::Counts)))]
fn counts() {}

/// What a record rests on, and what came of it.
#[utoipa::path(get, path = "/api/records/{id}/links", tag = "records",
    params(("id" = String, Path, description = "The document's id.")),
    responses((status = 200, description = "Both ways.", body = office::Chain)))]
fn links() {}

/// What speaks of the same trouble as a record.
#[utoipa::path(get, path = "/api/records/{id}/twins", tag = "records",
    params(("id" = String, Path, description = "The document's id.")),
    responses((status = 200, description = "The likest first.", body = office::Found)))]
fn twins() {}

/// The figures of a year.
#[utoipa::path(get, path = "/api/year", tag = "records", params(office::YearParameters), responses(
    (status = 200, description = "The figures.", body = office::Year)))]
fn year() {}

/// What is overdue, stalled, answered in general words or found wanting, by who handles it.
#[utoipa::path(get, path = "/api/watch", tag = "records", responses(
    (status = 200, description = "By handler.", body = office::Watch)))]
fn watch() {}

/// How long residents waited for the first answer to what they said in a year.
#[utoipa::path(get, path = "/api/waits", tag = "records", params(office::WaitParameters), responses(
    (status = 200, description = "By theme, and together.", body = office::Waits)))]
fn waits() {}

/// Removes a record for good, with what accompanies it.
#[utoipa::path(delete, path = "/api/documents/{id}", tag = "administration",
    params(("id" = String, Path, description = "The document's id.")), request_body = admin::Why,
    responses((status = 204, description = "It is gone, and every device that holds it removes it.")))]
fn erase() {}

/// Who may sign in, and as what.
#[utoipa::path(get, path = "/api/accounts", tag = "administration", responses(
    (status = 200, description = "All accounts, by name.", body = Vec<admin::accounts::Shown>)))]
fn accounts() {}

/// Adds an account.
#[utoipa::path(post, path = "/api/accounts", tag = "administration", request_body = admin::accounts::New, responses(
    (status = 200, description = "Its password, told once.", body = admin::accounts::Told)))]
fn add_account() {}

/// Changes an account's name and roles, lets it in or shuts it out.
#[utoipa::path(put, path = "/api/accounts/{user}", tag = "administration",
    params(("user" = String, Path, description = "The name at sign-in.")), request_body = admin::accounts::Wanted,
    responses((status = 200, description = "The account as it is now.", body = admin::accounts::Shown)))]
fn change_account() {}

/// Sets an account's password, or has one made up.
#[utoipa::path(post, path = "/api/accounts/{user}/password", tag = "administration",
    params(("user" = String, Path, description = "The name at sign-in.")), request_body = admin::accounts::Password,
    responses((status = 200, description = "What was made up, told once.", body = admin::accounts::Told)))]
fn set_password() {}

/// Signs in a device by a code that the office gave, once.
#[utoipa::path(post, path = "/api/session/code", tag = "session", request_body = auth::GivenCode, responses(
    (status = 200, description = "A session, with the token that proves it.", body = auth::Opened)))]
fn open_by_code() {}

/// Gives a code by which a device is taken in once, within the hour.
#[utoipa::path(post, path = "/api/accounts/{user}/code", tag = "administration",
    params(("user" = String, Path, description = "The name at sign-in.")),
    responses((status = 200, description = "The code, told once.", body = admin::devices::Code)))]
fn give_code() {}

/// Withdraws everything that was opened in an account's name: each device destroys its key of the vault when it comes next.
#[utoipa::path(post, path = "/api/accounts/{user}/withdraw", tag = "administration",
    params(("user" = String, Path, description = "The name at sign-in.")),
    responses((status = 204, description = "It is withdrawn.")))]
fn withdraw() {}

/// The devices that were withdrawn, and which of them have heard of it.
#[utoipa::path(get, path = "/api/accounts/{user}/withdrawn", tag = "administration",
    params(("user" = String, Path, description = "The name at sign-in.")),
    responses((status = 200, description = "The latest first.", body = Vec<admin::devices::Withdrawn>)))]
fn withdrawn() {}
/// Has somebody's sign-in ask for no code any more: the telephone and the recovery codes are lost.
#[utoipa::path(delete, path = "/api/accounts/{user}/second", tag = "administration",
    params(("user" = String, Path, description = "The name at sign-in.")), responses((status = 204, description = "Done.")))]
fn remove_second_of() {}

/// Where somebody is signed in, the session last used first.
#[utoipa::path(get, path = "/api/accounts/{user}/sessions", tag = "administration",
    params(("user" = String, Path, description = "The name at sign-in.")), responses(
    (status = 200, description = "The sessions.", body = Vec<auth::ShownSession>)))]
fn sessions_of() {}

/// Ends a session of somebody's, as of a tablet that was lost.
#[utoipa::path(delete, path = "/api/accounts/{user}/sessions/{id}", tag = "administration",
    params(("user" = String, Path, description = "The name at sign-in."), ("id" = String, Path, description = "The session's id.")),
    responses((status = 204, description = "Done.")))]
fn end_session_of() {}

/// Withdraws one session of somebody's: its device alone destroys its key of the vault when it comes next.
#[utoipa::path(post, path = "/api/accounts/{user}/sessions/{id}/withdraw", tag = "administration",
    params(("user" = String, Path, description = "The name at sign-in."), ("id" = String, Path, description = "The session's id.")),
    responses((status = 204, description = "It is withdrawn.")))]
fn withdraw_session_of() {}

/// How the server is: devices that have not come for long, what was refused, versions, space, the last backup.
#[utoipa::path(get, path = "/api/state", tag = "administration", params(admin::Since), responses(
    (status = 200, description = "How it is now.", body = admin::ServerState)))]
fn server_state() {}

/// What those who administer did, the latest first.
#[utoipa::path(get, path = "/api/audit", tag = "administration", params(admin::Parameters), responses(
    (status = 200, description = "A page.", body = admin::Page)))]
fn audit() {}

/// Looks whether anything of what those who administer did was changed or taken out.
#[utoipa::path(get, path = "/api/audit/verify", tag = "administration", responses(
    (status = 200, description = "What was found.", body = admin::Verified)))]
fn audit_verify() {}

/// Has something that was refused judged once more, by what its author may now.
#[utoipa::path(post, path = "/api/quarantine/{doc}/{user}/{digest}", tag = "administration",
    params(("doc" = String, Path, description = "The document."), ("user" = String, Path, description = "Who sent it."),
        ("digest" = String, Path, description = "Which changes.")),
    responses((status = 200, description = "What the door says now.", body = admin::quarantine::Judged)))]
fn release() {}

/// Forgets something that was refused for good, with a reason.
#[utoipa::path(delete, path = "/api/quarantine/{doc}/{user}/{digest}", tag = "administration",
    params(("doc" = String, Path, description = "The document."), ("user" = String, Path, description = "Who sent it."),
        ("digest" = String, Path, description = "Which changes.")),
    request_body = admin::Why, responses((status = 204, description = "Done.")))]
fn forget() {}

/// All that those who administer did, the earliest first, with the hashes that hold it together, as CSV.
#[utoipa::path(get, path = "/api/audit/export.csv", tag = "exports", responses(
    (status = 200, description = "A file.", body = String, content_type = "text/csv")))]
fn audit_csv() {}

/// The same as JSON.
#[utoipa::path(get, path = "/api/audit/export.json", tag = "exports", responses(
    (status = 200, description = "A file.", body = serde_json::Value)))]
fn audit_json() {}

/// The year of everybody for whom there can be targets, a line for each figure of each, as `export.csv` or `export.xlsx`.
#[utoipa::path(get, path = "/api/year/{file}", tag = "exports",
    params(("file" = String, Path, description = "`export.csv` or `export.xlsx`."), office::YearParameters),
    responses((status = 200, description = "A file.", body = Vec<u8>, content_type = "application/octet-stream")))]
fn export_year() {}

/// What is overdue, stalled, answered in general words or found wanting, by department and handler, as `export.csv` or
/// `export.xlsx`.
#[utoipa::path(get, path = "/api/watch/{file}", tag = "exports",
    params(("file" = String, Path, description = "`export.csv` or `export.xlsx`.")),
    responses((status = 200, description = "A file.", body = Vec<u8>, content_type = "application/octet-stream")))]
fn export_watch() {}

/// All records that fit the filters, as CSV; pages do not count.
#[utoipa::path(get, path = "/api/records/export.csv", tag = "exports", params(office::Parameters), responses(
    (status = 200, description = "A file.", body = String, content_type = "text/csv")))]
fn export_csv() {}

/// All records that fit the filters, as a workbook; pages do not count.
#[utoipa::path(get, path = "/api/records/export.xlsx", tag = "exports", params(office::Parameters), responses(
    (status = 200, description = "A file.", body = Vec<u8>,
        content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))]
fn export_xlsx() {}

/// Brings in members, stations or the ledger of rectification from a workbook. Nothing is written if anything in it will not
/// do.
#[utoipa::path(post, path = "/api/import/{what}", tag = "imports",
    params(("what" = import::What, Path, description = "What is brought in."), import::Parameters),
    request_body(content = Vec<u8>, description = "The workbook (.xlsx), at most 5 MB.",
        content_type = "application/octet-stream"),
    responses((status = 200, description = "What came of it.", body = import::Report)))]
fn bring_in() {}

/// An empty workbook with the headings that an import understands.
#[utoipa::path(get, path = "/api/import/{what}/template.xlsx", tag = "imports",
    params(("what" = import::What, Path, description = "What is to be brought in.")),
    responses((status = 200, description = "A file.", body = Vec<u8>,
        content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))]
fn template() {}

/// This description.
#[utoipa::path(get, path = "/api/openapi.json", tag = "about", responses(
    (status = 200, description = "OpenAPI 3.1.", body = serde_json::Value)))]
fn openapi() {}

/// A page that lists the operations.
#[utoipa::path(get, path = "/api/explorer", tag = "about", responses(
    (status = 200, description = "A page.", body = String, content_type = "text/html")))]
fn explorer() {}
