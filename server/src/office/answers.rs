//! Answers that cost a walk through all records, worked out once for all who ask the same while nothing moves.
//!
//! What an answer is of is told by [`Store::moves`], which every acceptance on every node raises. Whoever asks gets an answer
//! that is at least as new as the asking; those who ask while one is worked out wait for the next and share it. So however
//! many ask and however much comes in, each question is worked on once at a time.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

use crate::store::{Store, StoreError};

/// The most questions whose answers are kept. Beyond, all are forgotten: it bounds memory, and happens once in a while.
const MOST: usize = 500;

/// An answer with what had moved before it was worked out; nothing until then. Whoever works on it holds it.
type Kept<A> = Arc<tokio::sync::Mutex<Option<(u64, Arc<A>)>>>;

/// The answers by their questions. All clones are one.
#[derive(Debug)]
pub struct Answers<Q, A>(Arc<Mutex<HashMap<Q, Kept<A>>>>);

impl<Q, A> Clone for Answers<Q, A> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<Q, A> Default for Answers<Q, A> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<Q: Eq + Hash, A> Answers<Q, A> {
    /// The answer to a question, which `work` works out where none that is new enough is kept.
    pub async fn get(
        &self,
        store: &dyn Store,
        question: Q,
        work: impl Future<Output = Result<A, StoreError>>,
    ) -> Result<Arc<A>, StoreError> {
        let asked = store.moves().await?;
        let kept = self.kept(question);
        let mut kept = kept.lock().await;
        if let Some((_, answer)) = kept.as_ref().filter(|(moves, _)| *moves >= asked) {
            return Ok(answer.clone());
        }
        // Before the work: what comes in meanwhile may be in the answer, or not.
        let moves = store.moves().await?;
        let answer = Arc::new(work.await?);
        *kept = Some((moves, answer.clone()));
        Ok(answer)
    }

    fn kept(&self, question: Q) -> Kept<A> {
        let mut answers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if answers.len() >= MOST && !answers.contains_key(&question) {
            answers.clear();
        }
        answers.entry(question).or_default().clone()
    }
}
