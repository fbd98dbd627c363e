//! What systemd is told (`sd_notify`), where it is what runs us; elsewhere nobody listens.

use sd_notify::NotifyState;

/// Whoever comes now is served. From here on it hears that the program still turns, where it wants to.
pub(super) fn ready() {
    tell(NotifyState::Ready);
    let Some(patience) = sd_notify::watchdog_enabled() else {
        return;
    };
    tokio::spawn(async move {
        let mut ticks = tokio::time::interval(patience / 2);
        loop {
            ticks.tick().await;
            tell(NotifyState::Watchdog);
        }
    });
}

/// Nobody new is served.
pub(super) fn stopping() {
    tell(NotifyState::Stopping);
}

fn tell(state: NotifyState<'_>) {
    if let Err(error) = sd_notify::notify(&[state]) {
        tracing::warn!(%error, "systemd.not_told");
    }
}
