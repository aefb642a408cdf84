//! How does a thread that may not wait asynchronously wait for a statement, and notice that the server is gone?

use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

use ::duckdb::arrow::record_batch::RecordBatch;
use tokio::runtime::{Builder, Handle, Runtime};
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;

use super::failure;
use super::session::{CONNECT_TIMEOUT, Server};
use crate::error::{Context, Error, ErrorKind, Result};

/// A statement silent for this long makes the waiting thread ask whether the server still works on it.
const SILENCE: Duration = Duration::from_secs(20);
/// Batches that may wait for the caller.
const AHEAD: usize = 4;

/// The inner runtime.
pub(super) struct Runner {
    runtime: Option<Runtime>,
    handle: Handle,
}

/// What a task says.
pub(super) enum Reply {
    /// Rows.
    Batch(RecordBatch),
    /// One chunk was written.
    Took,
    /// The end, with the number of rows changed.
    Done(u64),
}

/// The task's end of the conversation.
#[derive(Clone)]
pub(super) struct Answer {
    replies: Sender<Result<Reply>>,
    room: Arc<Semaphore>,
    pid: Arc<AtomicI32>,
}

/// The caller's end.
pub(super) struct Ask {
    replies: Receiver<Result<Reply>>,
    room: Arc<Semaphore>,
    pid: Arc<AtomicI32>,
    server: Arc<Server>,
    handle: Handle,
    task: JoinHandle<()>,
    done: bool,
}

impl Runner {
    pub(super) fn start() -> Result<Self> {
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("postgres")
            .enable_all()
            .build()
            .context(ErrorKind::Internal, || "cannot start the thread that talks to PostgreSQL".to_owned())?;
        let handle = runtime.handle().clone();
        Ok(Self { runtime: Some(runtime), handle })
    }

    pub(super) fn handle(&self) -> Handle {
        self.handle.clone()
    }

    /// Starts a task.
    pub(super) fn ask<F, W>(&self, server: Arc<Server>, work: W) -> Ask
    where
        W: FnOnce(Answer) -> F,
        F: Future<Output = Result<u64>> + Send + 'static,
    {
        let (sender, replies) = channel();
        let room = Arc::new(Semaphore::new(AHEAD));
        let pid = Arc::new(AtomicI32::new(0));
        let answer = Answer { replies: sender.clone(), room: Arc::clone(&room), pid: Arc::clone(&pid) };
        let work = work(answer);
        let task = self.handle.spawn(async move {
            // The caller may have left; then nobody needs the outcome.
            let _ = sender.send(work.await.map(Reply::Done));
        });
        Ask { replies, room, pid, server, handle: self.handle.clone(), task, done: false }
    }
}

impl Drop for Runner {
    fn drop(&mut self) {
        // Dropping a runtime would wait, which panics inside another runtime.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl Answer {
    /// Says which server process does the work.
    pub(super) fn works_on(&self, pid: i32) {
        self.pid.store(pid, Ordering::SeqCst);
    }

    /// Hands rows over, waiting while the caller is behind.
    pub(super) async fn batch(&self, batch: RecordBatch) -> Result<()> {
        if let Ok(permit) = self.room.acquire().await {
            permit.forget();
        }
        self.say(Reply::Batch(batch))
    }

    /// Says that a chunk was written.
    pub(super) fn took(&self) -> Result<()> {
        self.say(Reply::Took)
    }

    fn say(&self, reply: Reply) -> Result<()> {
        self.replies.send(Ok(reply)).map_err(|_| Error::cancelled())
    }
}

impl Ask {
    /// The next reply.
    pub(super) fn wait(&mut self) -> Result<Reply> {
        let mut doubts = 0;
        loop {
            match self.replies.recv_timeout(SILENCE) {
                Ok(reply) => {
                    match &reply {
                        Ok(Reply::Batch(_)) => self.room.add_permits(1),
                        Ok(Reply::Took) => {}
                        Ok(Reply::Done(_)) | Err(_) => self.done = true,
                    }
                    return reply;
                }
                Err(RecvTimeoutError::Disconnected) => {
                    self.done = true;
                    return Err(Error::internal("the thread that talks to PostgreSQL ended early"));
                }
                Err(RecvTimeoutError::Timeout) => {
                    doubts = if self.server_works() { 0 } else { doubts + 1 };
                    if doubts >= 2 {
                        return Err(failure::gone(&self.server.describe()));
                    }
                }
            }
        }
    }

    fn server_works(&self) -> bool {
        let pid = self.pid.load(Ordering::SeqCst);
        if pid == 0 {
            // Still connecting, which has a time limit of its own.
            return true;
        }
        let (sender, verdict) = channel();
        let server = Arc::clone(&self.server);
        self.handle.spawn(async move {
            let _ = sender.send(server.works_on(pid).await);
        });
        verdict.recv_timeout(CONNECT_TIMEOUT + Duration::from_secs(1)).unwrap_or(false)
    }
}

impl Drop for Ask {
    fn drop(&mut self) {
        if self.done {
            return;
        }
        // The caller left in the middle: drop the session and tell the server to stop.
        self.task.abort();
        let pid = self.pid.load(Ordering::SeqCst);
        if pid != 0 {
            let server = Arc::clone(&self.server);
            self.handle.spawn(async move { server.cancel(pid).await });
        }
    }
}
