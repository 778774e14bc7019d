use std::future::Future;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::{Client, ClientBuilder, Locator};
use serde_json::{Value, json};

/// A headless Chromium.
pub(super) struct Browser {
    pub(super) client: Client,
    driver: Driver,
}

struct Driver(Child);

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// What a browser is to be like.
#[derive(Clone, Copy)]
pub(super) enum Like {
    /// 1280 pixels wide.
    Usual,
    /// So many pixels wide.
    Narrow(u32),
    /// With scripts switched off.
    WithoutScripts,
}

/// Does something with a browser; says that it is skipped where there is none. `tests/run` installs it.
pub(super) fn with_browser<F: Future<Output = ()>>(what: impl FnOnce(Browser) -> F) {
    with_browser_like(Like::Usual, what);
}

/// The same with a browser of some kind.
pub(super) fn with_browser_like<F: Future<Output = ()>>(
    like: Like,
    what: impl FnOnce(Browser) -> F,
) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        match Browser::open(like).await {
            Some(browser) => what(browser).await,
            None => eprintln!("skipped: no chromedriver; tests/run installs it"),
        }
    });
}

impl Browser {
    async fn open(like: Like) -> Option<Self> {
        let port = std::net::TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let driver = Command::new("chromedriver")
            .arg(format!("--port={port}"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .ok()?;
        let driver = Driver(driver);
        let mut options = json!({
            "args": ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--window-size=1280,900"],
        });
        match like {
            Like::Usual => {}
            Like::Narrow(width) => {
                let metrics = json!({"width": width, "height": 740, "pixelRatio": 1.0, "touch": false, "mobile": false});
                options["mobileEmulation"] = json!({"deviceMetrics": metrics});
            }
            Like::WithoutScripts => {
                options["prefs"] =
                    json!({"profile.managed_default_content_settings.javascript": 2});
            }
        }
        let capabilities = [
            ("goog:chromeOptions".to_owned(), options),
            ("goog:loggingPrefs".to_owned(), json!({"browser": "ALL"})),
        ];
        let capabilities: serde_json::Map<String, Value> = capabilities.into_iter().collect();
        let mut tries = 0;
        let client = loop {
            let connector = hyper_util::client::legacy::connect::HttpConnector::new();
            let opened = ClientBuilder::new(connector)
                .capabilities(capabilities.clone())
                .connect(&format!("http://127.0.0.1:{port}"))
                .await;
            match opened {
                Ok(client) => break client,
                // It takes a moment to start.
                Err(_) if tries < 100 => {
                    tries += 1;
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
                Err(error) => panic!("{error}"),
            }
        };
        Some(Self { client, driver })
    }

    pub(super) async fn close(self) {
        let _ = self.client.close().await;
        drop(self.driver);
    }

    pub(super) async fn goto(&self, url: &str) {
        self.client.goto(url).await.unwrap();
    }

    /// Opens a screen by its address, and waits until it is let in.
    pub(super) async fn enter(&self, address: &str) {
        self.goto(address).await;
        self.wait("document.querySelector('header.site') !== null")
            .await;
    }

    pub(super) async fn js(&self, script: &str) -> Value {
        self.client.execute(script, Vec::new()).await.unwrap()
    }

    pub(super) async fn text(&self, script: &str) -> String {
        let value = self.js(&format!("return String({script})")).await;
        value.as_str().unwrap().to_owned()
    }

    /// Waits until an expression holds.
    pub(super) async fn wait(&self, condition: &str) {
        for _ in 0..600 {
            // Between two pages there is nothing to ask.
            let held = self
                .client
                .execute(&format!("return Boolean({condition})"), Vec::new())
                .await;
            if held.ok() == Some(Value::Bool(true)) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!(
            "in vain: {condition}\n{}",
            self.client.source().await.unwrap_or_default()
        );
    }

    /// Presses keys, one after the other, wherever the focus is.
    pub(super) async fn keys(&self, keys: &str) {
        for value in keys.chars() {
            let key = KeyActions::new("keys".to_owned())
                .then(KeyAction::Down { value })
                .then(KeyAction::Up { value });
            self.client.perform_actions(key).await.unwrap();
        }
    }

    pub(super) async fn click(&self, selector: &str) {
        let mut clicked = Ok(());
        // What is scrolled to may still be moving: its neighbours are laid out when they come into view.
        for _ in 0..10 {
            let element = self.client.find(Locator::Css(selector)).await.unwrap();
            clicked = element.click().await;
            if clicked.is_ok() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        clicked.unwrap();
    }

    pub(super) async fn fill(&self, selector: &str, text: &str) {
        let element = self.client.find(Locator::Css(selector)).await.unwrap();
        element.send_keys(text).await.unwrap();
    }

    pub(super) async fn choose(&self, selector: &str, value: &str) {
        let element = self.client.find(Locator::Css(selector)).await.unwrap();
        element.select_by_value(value).await.unwrap();
    }

    /// How many elements there are.
    pub(super) async fn count(&self, selector: &str) -> usize {
        let found = self.client.find_all(Locator::Css(selector)).await;
        found.unwrap().len()
    }

    /// Waits until there are so many elements; for browsers without scripts, which cannot be asked for conditions.
    pub(super) async fn wait_count(&self, selector: &str, wanted: usize) {
        for _ in 0..400 {
            let found = self.client.find_all(Locator::Css(selector)).await;
            if found.is_ok_and(|f| f.len() == wanted) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("in vain: {wanted} {selector}");
    }
}
