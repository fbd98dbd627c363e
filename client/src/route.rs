//! Every address of the app.

use lianxin_shared::id::DocId;
use yew_router::prelude::*;

/// The pages. Filters and drafts stand in the query.
#[derive(Debug, Clone, PartialEq, Routable)]
pub enum Route {
    /// The station's day.
    #[at("/")]
    Today,
    /// The records of the station and one's own.
    #[at("/records")]
    Records,
    /// One record.
    #[at("/records/:id")]
    Record {
        /// Its document.
        id: DocId,
    },
    /// The form to change a record; `?look=FIELD` names the field to begin with.
    #[at("/records/:id/edit")]
    Edit {
        /// Its document.
        id: DocId,
    },
    /// What can be started.
    #[at("/new")]
    Start,
    /// The form for a new record; `?draft=ID` names what is already written, `field=NAME&of=ID` what it
    /// rests on.
    #[at("/new/:kind")]
    New {
        /// The register's kind.
        kind: String,
    },
    /// The code by which a resident follows a suggestion.
    #[at("/receipt/:id")]
    Receipt {
        /// The suggestion's document.
        id: DocId,
    },
    /// What was done this year.
    #[at("/year")]
    Year,
    /// People, groups, stations, themes and targets.
    #[at("/people")]
    People,
    /// Everything else.
    #[at("/more")]
    More,
    /// What is half written.
    #[at("/drafts")]
    Drafts,
    /// Whether one's work is safe.
    #[at("/safe")]
    Safe,
    /// What waits here, for another device to carry.
    #[at("/handover")]
    Handover,
    /// What other devices have to send.
    #[at("/carry")]
    Carry,
    /// Who gets in with this account.
    #[at("/access")]
    Access,
    /// What the app is, for who wants to read it again.
    #[at("/welcome")]
    Welcome,
    /// Sign-in.
    #[at("/sign-in")]
    SignIn,
    /// The office's inbox.
    #[at("/office")]
    Office,
    /// A record beside the office's inbox.
    #[at("/office/records/:id")]
    OfficeRecord {
        /// Its document.
        id: DocId,
    },
    /// What the office watches over.
    #[at("/office/watch")]
    OfficeWatch,
    /// The year of everybody.
    #[at("/office/year")]
    OfficeYear,
    /// Administration: the accounts.
    #[at("/admin")]
    Admin,
    /// One account.
    #[at("/admin/accounts/:user")]
    Account {
        /// The name at sign-in.
        user: String,
    },
    /// A new account.
    #[at("/admin/new")]
    NewAccount,
    /// The lists that records refer to.
    #[at("/admin/lists")]
    Lists,
    /// Bringing in from a workbook.
    #[at("/admin/import")]
    Import,
    /// What those who administer did.
    #[at("/admin/audit")]
    Audit,
    /// How the server is.
    #[at("/admin/state")]
    State,
    /// No such page.
    #[not_found]
    #[at("/not-found")]
    NotFound,
}

impl Route {
    /// Whether it is a page of the administration.
    pub fn is_admin(&self) -> bool {
        matches!(
            self,
            Self::Admin
                | Self::Account { .. }
                | Self::NewAccount
                | Self::Lists
                | Self::Import
                | Self::Audit
                | Self::State
        )
    }
}
