//! One step of the machine, with fetch and the vault.

use std::collections::VecDeque;

use futures_channel::mpsc::UnboundedSender;
use gloo_timers::callback::Timeout;
use lianxin_shared::handover::{Introduced, Introduction};
use lianxin_shared::id::{DeviceId, Moment};
use lianxin_shared::sync::{self, Batch, Holdings, Input, Machine, Output, Wait};

use super::lead::Signal;
use super::line::LineState;
use super::uploads::{Sent, Uploads};
use crate::api::{Api, ApiError, Body};
use crate::i18n::when::now;
use crate::session::{Account, Session};
use crate::slice::Slices;
use crate::vault::{News, Vault, VaultError};

/// A line that is silent for so long, in milliseconds, is a cut line.
const SILENCE: u32 = 30_000;

/// After a cut line files wait for so long, in milliseconds, and with each further one twice as long.
const RETRY: u32 = 500;

/// Up to so many times.
const MOST_CUTS: u32 = 6;

/// The machine with its surroundings.
pub(super) struct Exchange {
    vault: Vault,
    device: DeviceId,
    machine: Machine,
    session: Option<Session>,
    signals: UnboundedSender<Signal>,
    answer: Option<Body>,
    /// When the exchange began that is on.
    begun: Moment,
    timer: Option<Timeout>,
    told: LineState,
    uploads: Uploads,
    /// How often in a row files met a line that was cut.
    cuts: u32,
    /// Whether the server was asked, since this window leads, what the user may do now.
    is_account_fresh: bool,
    /// Whether the server knows by which key the vault signs, in this session.
    is_introduced: bool,
}

impl Exchange {
    pub(super) async fn new(
        vault: &Vault,
        device: DeviceId,
        signals: UnboundedSender<Signal>,
    ) -> Result<Self, VaultError> {
        // What is really there, whatever the position says.
        let mut holdings = Holdings::default();
        let mut slices = Slices::begin();
        for summary in vault.summaries().await? {
            holdings.turn(&summary);
            slices.rest().await;
        }
        Ok(Self {
            vault: vault.clone(),
            device,
            machine: Machine::new(device, vault.position().await?, holdings),
            session: vault.session().await?,
            signals,
            answer: None,
            begun: now(),
            timer: None,
            told: LineState {
                contact: vault.contact().await?,
                ..LineState::default()
            },
            uploads: Uploads::new(vault),
            cuts: 0,
            is_account_fresh: false,
            is_introduced: false,
        })
    }

    /// Takes the session anew: another token, another language.
    pub(super) async fn read_session(&mut self) {
        let token = |session: &Option<Session>| session.as_ref().and_then(|session| session.token.clone());
        if let Ok(session) = self.vault.session().await {
            self.is_introduced &= token(&session) == token(&self.session);
            self.session = session;
        }
    }

    /// Tells all windows how the line is.
    pub(super) fn tell(&self) {
        self.vault.bell().ring(&News::Line(self.told.clone()));
    }

    /// Gives the machine an input, and does what it asks for until it asks for nothing more.
    pub(super) async fn step(&mut self, input: Input) {
        let mut outputs: VecDeque<_> = self.machine.handle(input).into();
        let mut was_heard = false;
        loop {
            self.tell_changes();
            let input = match outputs.pop_front() {
                Some(output) => self.perform(output).await,
                None => match self.read().await {
                    Some(input) => Some(input),
                    None => break,
                },
            };
            if let Some(input) = input {
                let is_end = matches!(input, Input::Ended);
                outputs.extend(self.machine.handle(input));
                // Of an answer that was cut short the machine says that the line is off.
                was_heard |= is_end && self.machine.line() == sync::Line::On;
            }
        }
        self.tell_changes();
        if was_heard {
            self.note_contact().await;
        }
        if self.told.line == super::Line::On && !self.is_account_fresh {
            self.is_account_fresh = true;
            self.refresh_account().await;
        }
        if self.told.line == super::Line::On && !self.is_introduced {
            self.is_introduced = self.introduce().await.is_some();
        }
    }

    /// Sends a piece of a file, if words are through and the line is there; answers whether there may be more.
    pub(super) async fn send_file(&mut self) -> bool {
        if self.told.line != super::Line::On {
            return false;
        }
        match self.uploads.send(&self.api()).await {
            Sent::Piece => {
                self.cuts = 0;
                true
            }
            Sent::Nothing => false,
            Sent::Cut => {
                // An exchange finds out how the line is; with it back, files go on.
                self.cuts = (self.cuts + 1).min(MOST_CUTS);
                let signals = self.signals.clone();
                Timeout::new(RETRY << self.cuts, move || {
                    drop(signals.unbounded_send(Signal::Wake));
                })
                .forget();
                false
            }
        }
    }

    /// Files that the server knew nothing of are asked for anew: their records may be there by now.
    pub(super) fn look_for_files(&mut self) {
        self.uploads.look_again();
    }

    async fn perform(&mut self, output: Output) -> Option<Input> {
        match output {
            Output::Collect { budget, besides } => Some(match self.vault.unsent(budget, &besides).await {
                Ok(unsent) => Input::Collected {
                    work: unsent.work,
                    more: unsent.more,
                },
                // What cannot be read now is sent another time; what the server has is still wanted.
                Err(_) => Input::Collected {
                    work: Vec::new(),
                    more: false,
                },
            }),
            Output::Survey => Some(match self.vault.survey().await {
                Ok(states) => Input::Surveyed(states),
                // Nothing is known to be here: then everything is fetched, and nothing is lost.
                Err(_) => Input::Surveyed(Vec::new()),
            }),
            Output::Exchange(frames) => {
                self.timer = None;
                self.begun = now();
                let opened = self.api().sync(&frames).await;
                self.answered(opened).await
            }
            Output::Commit(batch) => Some(self.commit(&batch).await),
            Output::Retry(wait) => {
                self.retry(wait);
                None
            }
            Output::Rest => None,
        }
    }

    async fn answered(&mut self, opened: Result<Body, ApiError>) -> Option<Input> {
        match opened {
            Ok(body) => {
                self.answer = Some(body);
                None
            }
            Err(ApiError::SignedOut) => {
                self.forget_token().await;
                Some(Input::Denied)
            }
            Err(ApiError::Withdrawn) => {
                self.vault.bell().ring(&News::Withdrawn);
                Some(Input::Denied)
            }
            Err(ApiError::NoLine) => Some(Input::Cut),
            Err(ApiError::Problem {
                retry_after: Some(seconds),
                ..
            }) => Some(Input::TurnedAway {
                after_ms: seconds.saturating_mul(1_000),
            }),
            Err(ApiError::Problem { status: 426, .. }) => Some(Input::Outdated),
            Err(ApiError::Problem { code, .. }) if code == "second-owed" => {
                self.owe_second().await;
                Some(Input::Failed)
            }
            Err(ApiError::Problem { .. } | ApiError::Unreadable(_)) => Some(Input::Failed),
        }
    }

    /// The next piece of the answer; nothing if none is awaited.
    async fn read(&mut self) -> Option<Input> {
        let answer = self.answer.as_ref()?;
        let read = answer.next(SILENCE).await;
        Some(match read {
            Ok(Some(bytes)) => Input::Chunk(bytes),
            Ok(None) => {
                self.answer = None;
                // A clock that was set meanwhile says nothing.
                let took = u32::try_from(now().0 - self.begun.0).unwrap_or_default();
                self.machine.took(took);
                Input::Ended
            }
            Err(_) => {
                self.answer = None;
                Input::Cut
            }
        })
    }

    async fn commit(&mut self, batch: &Batch) -> Input {
        match self.vault.store(batch).await {
            Ok(stored) => {
                if !stored.touched.is_empty() {
                    self.vault.bell().ring(&News::Synced(stored.touched));
                }
                if !batch.refused.is_empty() {
                    self.vault.bell().ring(&News::Refused);
                }
                Input::Committed {
                    gap: stored.gap,
                    turned: stored.turned,
                }
            }
            Err(_) => {
                self.answer = None;
                Input::CommitFailed
            }
        }
    }

    fn retry(&mut self, wait: Wait) {
        if self
            .session
            .as_ref()
            .is_none_or(|session| session.token.is_none())
        {
            // Time does not bring a token; signing in does.
            return;
        }
        let signals = self.signals.clone();
        let delay = wait.pick(u16::from_be_bytes(crate::chance::bytes()));
        self.timer = Some(Timeout::new(delay, move || {
            drop(signals.unbounded_send(Signal::Timer));
        }));
    }

    async fn forget_token(&mut self) {
        self.read_session().await;
        if let Some(session) = &mut self.session
            && session.token.take().is_some()
        {
            // If it is not kept, the next exchange is denied again.
            let _ = self.vault.keep_session(session).await;
        }
    }

    /// The district asks for codes since this account was signed in: the pages lead there.
    async fn owe_second(&mut self) {
        self.read_session().await;
        if let Some(session) = &mut self.session
            && !session.second_owed
        {
            session.second_owed = true;
            let _ = self.vault.keep_session(session).await;
        }
    }

    /// What the user may do can have changed since the last sign-in: other stations, other roles.
    async fn refresh_account(&mut self) {
        let Ok(account) = self.api().get::<Account>("/api/session").await else {
            return;
        };
        self.read_session().await;
        if let Some(session) = &mut self.session
            && session.principal != account.principal
        {
            session.principal = account.principal;
            let _ = self.vault.keep_session(session).await;
        }
    }

    /// Tells the server by which key this vault signs what others carry. If it does not come about, nothing says why: it is
    /// tried again after the next exchange.
    async fn introduce(&self) -> Option<()> {
        let key = self.vault.device_key().await.ok()?;
        let introduction = Introduction::of(self.device, key);
        let told = self.api().put_for("/api/handover/key", &introduction).await;
        let known: Introduced = told.ok()?;
        self.vault.introduced(known.server()).await.ok()
    }

    fn api(&self) -> Api {
        self.session.as_ref().map(Session::api).unwrap_or_default()
    }

    async fn note_contact(&mut self) {
        let now = now();
        self.told.contact = Some(now);
        self.tell();
        // Where it is not kept, the next one is.
        drop(self.vault.keep_contact(now).await);
    }

    fn tell_changes(&mut self) {
        let now = LineState {
            line: self.machine.line().into(),
            on_their_way: self.machine.on_their_way().into_iter().collect(),
            is_checking: self.machine.is_checking(),
            contact: self.told.contact,
        };
        if now != self.told {
            self.told = now;
            self.tell();
        }
    }
}
