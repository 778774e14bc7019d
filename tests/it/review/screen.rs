use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// The program, serving a store.
pub(super) struct Screen {
    child: Child,
    /// With its token.
    pub(super) address: String,
    pub(super) port: u16,
}

/// What came back.
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) head: String,
    pub(super) body: Vec<u8>,
}

impl Reply {
    pub(super) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The value of a form's hidden field.
    pub(super) fn field(&self, name: &str) -> String {
        let text = self.text();
        let from = text
            .find(&format!("name=\"{name}\" value=\""))
            .unwrap_or_else(|| panic!("no field {name}"));
        let value = text[from..].split("value=\"").nth(1).unwrap();
        value.split('"').next().unwrap().to_owned()
    }
}

impl Screen {
    pub(super) fn open(store: &Path, reviewer: &str, more: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_signaalbril"))
            .arg("review")
            .arg(store)
            .args(["--reviewer", reviewer, "--no-browser"])
            .args(more)
            .current_dir(crate::root())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut address = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut address)
            .unwrap();
        let address = address.trim().to_owned();
        let port = address
            .strip_prefix("http://127.0.0.1:")
            .and_then(|a| a.split_once("/?token="))
            .unwrap_or_else(|| panic!("no address: {address}"))
            .0;
        Self {
            child,
            port: port.parse().unwrap(),
            address,
        }
    }

    pub(super) fn token(&self) -> &str {
        self.address.split_once("token=").unwrap().1
    }

    pub(super) fn cookie(&self) -> String {
        format!("Cookie: signaalbril_{}={}", self.port, self.token())
    }

    pub(super) fn base(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Sends lines of a request as they are, and a body.
    pub(super) fn raw(&self, lines: &[&str], body: &[u8]) -> Reply {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        let mut request = lines.join("\r\n").into_bytes();
        request.extend(
            format!(
                "\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
                body.len()
            )
            .bytes(),
        );
        request.extend(body);
        // A server that refuses a long body closes while it is sent.
        let _ = stream.write_all(&request);
        let mut all = Vec::new();
        let _ = stream.read_to_end(&mut all);
        let end = all
            .windows(4)
            .position(|w| w == b"\r\n\r\n")
            .unwrap_or(all.len());
        let head = String::from_utf8_lossy(&all[..end]).into_owned();
        Reply {
            status: head
                .split(' ')
                .nth(1)
                .and_then(|s| s.parse().ok())
                .unwrap_or(0),
            head,
            body: all.get(end + 4..).unwrap_or_default().to_vec(),
        }
    }

    /// Gets a page as its reader.
    pub(super) fn get(&self, path: &str) -> Reply {
        let host = format!("Host: 127.0.0.1:{}", self.port);
        self.raw(
            &[&format!("GET {path} HTTP/1.1"), &host, &self.cookie()],
            b"",
        )
    }

    /// Sends a form as its reader.
    pub(super) fn post(&self, path: &str, form: &str) -> Reply {
        self.post_from(path, form, &self.base())
    }

    pub(super) fn post_from(&self, path: &str, form: &str, origin: &str) -> Reply {
        let host = format!("Host: 127.0.0.1:{}", self.port);
        self.raw(
            &[
                &format!("POST {path} HTTP/1.1"),
                &host,
                &self.cookie(),
                &format!("Origin: {origin}"),
                "Content-Type: application/x-www-form-urlencoded",
            ],
            form.as_bytes(),
        )
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A folder with inputs, and the store of their scan.
pub(super) struct Store {
    pub(super) input: tempfile::TempDir,
    pub(super) out: tempfile::TempDir,
}

impl Store {
    pub(super) fn of(files: &[(&str, &str)]) -> Self {
        let store = Self {
            input: tempfile::tempdir().unwrap(),
            out: tempfile::tempdir().unwrap(),
        };
        for (name, text) in files {
            store.write(name, text);
        }
        if !files.is_empty() {
            store.scan();
        }
        store
    }

    pub(super) fn write(&self, name: &str, text: &str) {
        let path = self.input.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    pub(super) fn scan(&self) {
        let input = self.input.path().to_str().unwrap();
        let out = self.out.path().to_str().unwrap();
        let output = crate::program(&["scan", input, "--out", out, "--quiet"]);
        assert!(
            output.status.code().is_some_and(|c| c < 2),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }

    pub(super) fn open(&self, reviewer: &str) -> Screen {
        Screen::open(self.out.path(), reviewer, &["--mix", "0"])
    }

    /// The records of a table, as `export` writes them.
    pub(super) fn export(&self, table: &str) -> Vec<serde_json::Value> {
        let out = self.out.path().to_str().unwrap();
        let output = crate::program(&["export", out, "--tables", table, "--to", "-"]);
        crate::records(&String::from_utf8(output.stdout).unwrap())
    }

    /// The address of a document's page, by the end of its path.
    pub(super) fn page_of(&self, name: &str) -> String {
        let documents = self.export("documents");
        let found = documents
            .iter()
            .find(|d| d["path"].as_str().unwrap().ends_with(name))
            .unwrap_or_else(|| panic!("no document {name}"));
        format!(
            "/document?id={}&pad={}",
            found["id"].as_str().unwrap(),
            percent(found["path"].as_str().unwrap())
        )
    }
}

/// Percent-encodes all but letters, numbers and a few signs.
pub(super) fn percent(text: &str) -> String {
    text.bytes()
        .map(|b| match b {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'-' | b'_' => {
                char::from(b).to_string()
            }
            _ => format!("%{b:02X}"),
        })
        .collect()
}
