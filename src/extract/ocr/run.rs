//! Another program with input, output and a deadline. What it says on standard error is shown to nobody.

use std::io::{Read, Write};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::sync_channel;
use std::time::{Duration, Instant};

/// Why a program gave no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// It took longer than it may.
    Timeout,
    /// It cannot be started, or says that it failed.
    Failed,
}

/// Longest time for a question that a program answers at once.
const AT_ONCE: Duration = Duration::from_secs(20);

/// The output of a program that is given `input`; at most `most` bytes of it.
pub(super) fn run(
    command: &mut Command,
    input: Vec<u8>,
    deadline: Duration,
    most: u64,
) -> Result<Vec<u8>, Failure> {
    let until = Instant::now() + deadline;
    let failed = |_| Failure::Failed;
    let child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    let mut child = Killed(child.map_err(failed)?);
    let (Some(mut stdin), Some(stdout)) = (child.0.stdin.take(), child.0.stdout.take()) else {
        return Err(Failure::Failed);
    };
    // Both pipes have a thread of their own: a program may write before it has read all, and its children may keep pipes open.
    let thread = std::thread::Builder::new();
    let write = move || drop(stdin.write_all(&input));
    thread.spawn(write).map_err(failed)?;
    let (send, output) = sync_channel(1);
    let read = move || {
        let mut bytes = Vec::new();
        let read = stdout.take(most).read_to_end(&mut bytes);
        drop(send.send(read.map(|_| bytes)));
    };
    std::thread::Builder::new().spawn(read).map_err(failed)?;
    let output = output.recv_timeout(until.saturating_duration_since(Instant::now()));
    let output = output.map_err(|_| Failure::Timeout)?.map_err(failed)?;
    // It has closed its output, so it is about to end.
    loop {
        match child.0.try_wait() {
            Ok(Some(status)) if status.success() => return Ok(output),
            Ok(None) if Instant::now() < until => std::thread::sleep(Duration::from_millis(1)),
            Ok(None) => return Err(Failure::Timeout),
            _ => return Err(Failure::Failed),
        }
    }
}

/// What a program says of itself on either output; none when it cannot be started.
pub(super) fn said(command: &mut Command) -> Option<String> {
    let child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let mut child = Killed(child.ok()?);
    let until = Instant::now() + AT_ONCE;
    while child.0.try_wait().ok()?.is_none() {
        if Instant::now() >= until {
            return None;
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    let mut text = String::new();
    let (stdout, stderr) = (child.0.stdout.take(), child.0.stderr.take());
    let _ = stdout?.take(1 << 16).read_to_string(&mut text);
    let _ = stderr?.take(1 << 16).read_to_string(&mut text);
    Some(text)
}

/// A child that does not outlive its use.
struct Killed(Child);

impl Drop for Killed {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn shell(script: &str, input: &[u8], seconds: f64) -> Result<Vec<u8>, Failure> {
        let mut command = Command::new("sh");
        let deadline = Duration::from_secs_f64(seconds);
        run(
            command.args(["-c", script]),
            input.to_vec(),
            deadline,
            1 << 24,
        )
    }

    #[test]
    fn input_and_output_larger_than_a_pipe() {
        let input = vec![b'x'; 1 << 20];
        assert_eq!(shell("cat", &input, 30.0), Ok(input.clone()));
        // Neither is a program that reads nothing waited for.
        assert_eq!(shell("echo een", &input, 30.0), Ok(b"een\n".to_vec()));
    }

    #[test]
    fn a_program_that_fails_or_hangs() {
        assert_eq!(shell("exit 3", b"", 30.0), Err(Failure::Failed));
        let start = Instant::now();
        assert_eq!(shell("sleep 20", b"", 0.1), Err(Failure::Timeout));
        assert_eq!(shell("exec >&-; sleep 20", b"", 0.1), Err(Failure::Timeout));
        assert!(start.elapsed() < Duration::from_secs(10));
        let missing = run(&mut Command::new("/nonexistent/x"), Vec::new(), AT_ONCE, 1);
        assert_eq!(missing, Err(Failure::Failed));
        assert_eq!(said(&mut Command::new("/nonexistent/x")), None);
    }
}
