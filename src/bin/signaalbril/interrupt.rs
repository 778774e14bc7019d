//! Asked to stop: what is being written is finished first, so that the next scan goes on from there.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use signaalbril::{Error, Result};
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

/// Told by the system that the user wants it to stop.
pub(crate) struct Interrupt {
    asked: Arc<AtomicBool>,
}

impl Interrupt {
    /// Listens from now on. Asked a second time, the program stops at once.
    pub(crate) fn listen() -> Self {
        let asked = Arc::new(AtomicBool::new(false));
        for signal in [SIGINT, SIGTERM] {
            // Without it the program stops at once, which does no harm to the store.
            let _ = flag::register_conditional_shutdown(signal, 130, Arc::clone(&asked));
            let _ = flag::register(signal, Arc::clone(&asked));
        }
        // Else a limit of file sizes would end the program without a word; now writing fails with a message.
        #[cfg(unix)]
        let _ = flag::register(
            signal_hook::consts::SIGXFSZ,
            Arc::new(AtomicBool::new(false)),
        );
        Self { asked }
    }

    /// Whether to go on.
    pub(crate) fn check(&self) -> Result<()> {
        match self.asked.load(Ordering::Relaxed) {
            true => Err(Error::Interrupted),
            false => Ok(()),
        }
    }
}
