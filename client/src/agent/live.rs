//! The stream by which the server wakes the device. It also notices soon that a server came back.

use futures_channel::mpsc::UnboundedSender;
use futures_util::future::{Either, select};
use futures_util::pin_mut;
use gloo_events::EventListener;
use gloo_timers::future::TimeoutFuture;

use super::lead::Signal;
use crate::session::Session;
use crate::vault::{News, Vault};

/// The server says something every 20 s; a stream that is silent for so long, in milliseconds, is dead.
const SILENCE: u32 = 50_000;

/// Listens for ever, and sends a signal for everything that moved.
pub(super) async fn listen(vault: &Vault, signals: &UnboundedSender<Signal>) {
    let mut failures = 0;
    loop {
        if hear(vault, signals).await {
            failures = 0;
        }
        pause(failures).await;
        failures += 1;
    }
}

/// Listens until the stream breaks. Answers whether there was one.
async fn hear(vault: &Vault, signals: &UnboundedSender<Signal>) -> bool {
    let Ok(Some(session)) = vault.session().await else {
        return false;
    };
    if session.token.is_none() {
        return false;
    }
    let Ok(stream) = Session::api(&session).live().await else {
        return false;
    };
    let wake = || drop(signals.unbounded_send(Signal::Wake));
    wake();
    let mut rest = Vec::new();
    while let Ok(Some(bytes)) = stream.next(SILENCE).await {
        rest.extend(bytes);
        if take_events(&mut rest) {
            vault.bell().ring(&News::Moved);
            wake();
        }
    }
    // An exchange finds out whether the line is gone, and the bar says so.
    wake();
    true
}

/// Takes the whole lines and answers whether one of them carries an event; comments only keep the line alive.
fn take_events(bytes: &mut Vec<u8>) -> bool {
    let Some(end) = bytes.iter().rposition(|byte| *byte == b'\n') else {
        return false;
    };
    let lines: Vec<u8> = bytes.drain(..=end).collect();
    lines
        .split(|byte| *byte == b'\n')
        .any(|line| line.starts_with(b"data:"))
}

/// How long to wait before the next try, in milliseconds: a server that restarts is back within seconds, one that has
/// been away for minutes will not be missed for fifteen more seconds.
fn delay(failures: u32) -> u32 {
    match failures {
        0 => 1_000,
        1..60 => 3_000,
        _ => 15_000,
    }
}

/// Waits, but no longer than until the browser says that the line is back.
async fn pause(failures: u32) {
    let [chance] = crate::chance::bytes::<1>();
    let time = TimeoutFuture::new(delay(failures) + u32::from(chance) * 2);
    let (back, is_back) = futures_channel::oneshot::channel::<()>();
    let _ears = web_sys::window().map(|window| {
        EventListener::once(&window, "online", move |_| {
            // Nobody waits any more.
            let _ = back.send(());
        })
    });
    pin_mut!(is_back);
    match select(time, is_back).await {
        Either::Left(_) | Either::Right((Ok(()), _)) => {}
        // No window to listen to: the time alone counts.
        Either::Right((Err(_), time)) => time.await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_heard_and_comments_are_not() {
        let mut bytes = b": still here\n\ndata: [\"dis".to_vec();
        assert!(!take_events(&mut bytes));
        bytes.extend(b"trict\"]\n\n: x");
        assert!(take_events(&mut bytes));
        assert_eq!(bytes, b": x");
    }

    #[test]
    fn a_server_that_comes_back_is_noticed_within_seconds() {
        assert!((0..60).all(|failures| delay(failures) < 5_000));
    }
}
