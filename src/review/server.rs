//! The server: on 127.0.0.1 only, for whoever has the address with its token.
//!
//! Every request is held against the address it was sent to (a name that an attacker's site points at this machine is refused), against the
//! token in its cookie, and, where it changes something, against the page that it was sent from. Pages may load nothing from elsewhere and
//! run no script but the one of the program.

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::rejection::BytesRejection;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::header::{self, HeaderName, HeaderValue};
use axum::http::{HeaderMap, Method, Response, StatusCode, Uri};
use axum::routing::any;
use serde_json::json;
use tokio::net::TcpListener;

use super::{Answer, Desk, same, token};
use crate::error::{Error, Result};

/// Largest form, in bytes.
const LARGEST: usize = 64 * 1024;

/// What pages may do: load style and script of the program, send forms to it, and nothing else.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// A server that is ready to answer.
#[derive(Debug)]
pub struct Server {
    listener: std::net::TcpListener,
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    desk: Desk,
    port: u16,
    token: String,
}

impl Server {
    /// Takes a port of 127.0.0.1; 0 takes any that is free.
    ///
    /// # Errors
    /// When the port is taken.
    pub fn bind(desk: Desk, port: u16) -> Result<Self> {
        let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, port)).map_err(|e| {
            Error::Usage(format!(
                "port {port} of 127.0.0.1 cannot be used: {e}; choose another with --port, or leave it out"
            ))
        })?;
        let failed = |e: std::io::Error| Error::Usage(format!("127.0.0.1: {e}"));
        listener.set_nonblocking(true).map_err(failed)?;
        let port = listener.local_addr().map_err(failed)?.port();
        Ok(Self {
            listener,
            shared: Arc::new(Shared {
                desk,
                port,
                token: token()?,
            }),
        })
    }

    /// The address to open, with its token.
    #[must_use]
    pub fn address(&self) -> String {
        let Shared { port, token, .. } = self.shared.as_ref();
        format!("http://127.0.0.1:{port}/?token={token}")
    }

    /// Answers until `stop` says so; it is asked a few times a second.
    ///
    /// # Errors
    /// When the system does not give what a server needs.
    pub fn run(self, stop: impl Fn() -> bool + Send + 'static) -> Result<()> {
        let failed = |e: std::io::Error| Error::Usage(format!("the server cannot run: {e}"));
        // Each thread that reads files keeps a process that reads PDFs: few are enough for one reader.
        let runtime = tokio::runtime::Builder::new_current_thread()
            .max_blocking_threads(4)
            .enable_all()
            .build()
            .map_err(failed)?;
        runtime.block_on(async move {
            let listener = TcpListener::from_std(self.listener).map_err(failed)?;
            let app = Router::new()
                .fallback(any(answer))
                .layer(DefaultBodyLimit::max(LARGEST))
                .with_state(self.shared);
            let stopped = async move {
                while !stop() {
                    tokio::time::sleep(Duration::from_millis(200)).await;
                }
            };
            // A browser keeps its connections open: they are not waited for.
            tokio::select! {
                served = axum::serve(listener, app) => served.map_err(failed),
                () = stopped => Ok(()),
            }
        })
    }
}

async fn answer(
    State(shared): State<Arc<Shared>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: std::result::Result<Bytes, BytesRejection>,
) -> Response<Body> {
    if let Err((status, why)) = shared.check(&method, &headers) {
        return refused(status, why);
    }
    if !shared.knows(&headers) {
        return match token_of(&uri) {
            Some(given) if method == Method::GET && same(given, &shared.token) => shared.welcome(),
            _ => refused(
                StatusCode::FORBIDDEN,
                "Open het hele adres, zoals het programma het noemde.",
            ),
        };
    }
    if method == Method::GET && uri.path() == "/" && token_of(&uri).is_some() {
        return shared.welcome();
    }
    let Ok(body) = body else {
        return refused(
            StatusCode::PAYLOAD_TOO_LARGE,
            "Dat is te veel tekst voor één formulier; er is niets opgeslagen.",
        );
    };
    // Reading a file may take seconds: other pages do not wait for it.
    let made = tokio::task::spawn_blocking(move || {
        let desk = &shared.desk;
        if method == Method::POST {
            let parts = headers.contains_key("x-deel");
            match std::str::from_utf8(&body) {
                Ok(form) => desk.post(uri.path(), form, parts),
                Err(_) => desk.post(uri.path(), "", parts),
            }
        } else {
            desk.get(uri.path(), uri.query().unwrap_or_default())
        }
    });
    match made.await {
        Ok(answer) => response(answer),
        // Where it happened is told by the program's panic hook.
        Err(_) => refused(
            StatusCode::INTERNAL_SERVER_ERROR,
            "Er ging iets mis in het programma; er is niets opgeslagen.",
        ),
    }
}

fn token_of(uri: &Uri) -> Option<&str> {
    uri.query()?
        .split('&')
        .find_map(|pair| pair.strip_prefix("token="))
}

impl Shared {
    fn hosts(&self) -> [String; 2] {
        ["127.0.0.1", "localhost"].map(|name| format!("{name}:{}", self.port))
    }

    /// Whether a request came to this server by its own name, and, when it changes something, from its own page.
    fn check(
        &self,
        method: &Method,
        headers: &HeaderMap,
    ) -> std::result::Result<(), (StatusCode, &'static str)> {
        let text = |name: HeaderName| headers.get(name).and_then(|v| v.to_str().ok());
        let host = text(header::HOST).unwrap_or_default();
        if !self.hosts().iter().any(|h| h == host) {
            return Err((
                StatusCode::MISDIRECTED_REQUEST,
                "Dit adres hoort niet bij dit programma.",
            ));
        }
        let site = text(HeaderName::from_static("sec-fetch-site"));
        match *method {
            Method::GET | Method::HEAD => Ok(()),
            Method::POST => {
                let origin = text(header::ORIGIN).unwrap_or_default();
                let own = origin.strip_prefix("http://").unwrap_or_default() == host;
                if own && site.is_none_or(|s| s == "same-origin") {
                    Ok(())
                } else {
                    Err((
                        StatusCode::FORBIDDEN,
                        "Dit formulier komt niet van deze pagina.",
                    ))
                }
            }
            _ => Err((StatusCode::METHOD_NOT_ALLOWED, "Dat kan hier niet.")),
        }
    }

    /// Whether the request has the cookie. Its name holds the port: cookies do not keep ports apart.
    fn knows(&self, headers: &HeaderMap) -> bool {
        let name = format!("signaalbril_{}=", self.port);
        headers
            .get_all(header::COOKIE)
            .iter()
            .filter_map(|v| v.to_str().ok())
            .flat_map(|v| v.split(';'))
            .filter_map(|pair| pair.trim().strip_prefix(name.as_str()))
            .any(|given| same(given, &self.token))
    }

    /// Sets the cookie and goes on to the list: by the page, for a redirect from elsewhere would not carry the cookie.
    fn welcome(&self) -> Response<Body> {
        let head = maud::html! {
            meta http-equiv="refresh" content="0;url=/";
            link rel="icon" href="data:,";
        };
        let body = maud::html! { body { main { h1 { "signaalbril" } p { a href="/" { "Naar de lijst" } } } } };
        let mut response = page(
            StatusCode::OK,
            &crate::html::page("signaalbril", &head, &body),
        );
        let cookie = format!(
            "signaalbril_{}={}; Path=/; HttpOnly; SameSite=Strict",
            self.port, self.token
        );
        if let Ok(value) = HeaderValue::from_str(&cookie) {
            response.headers_mut().insert(header::SET_COOKIE, value);
        }
        response
    }
}

fn response(answer: Answer) -> Response<Body> {
    match answer {
        Answer::Page(markup) => page(StatusCode::OK, &markup),
        Answer::Refused(status, markup) => page(
            StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
            &markup,
        ),
        Answer::See(place) => {
            let mut response = plain(
                StatusCode::SEE_OTHER,
                "text/plain; charset=utf-8",
                Vec::new(),
            );
            if let Ok(place) = HeaderValue::from_str(&place) {
                response.headers_mut().insert(header::LOCATION, place);
            }
            response
        }
        Answer::Parts(parts, told) => {
            let parts: serde_json::Map<String, serde_json::Value> = parts
                .into_iter()
                .map(|(id, markup)| (id, markup.into_string().into()))
                .collect();
            let body = json!({"delen": parts, "melding": told}).to_string();
            plain(StatusCode::OK, "application/json", body.into_bytes())
        }
        Answer::File(kind, name, bytes) => {
            let mut response = plain(StatusCode::OK, kind, bytes);
            let headers = response.headers_mut();
            if kind == "application/pdf" {
                // The browser's own viewer is no page of ours, and does not work under its policy.
                headers.remove(header::CONTENT_SECURITY_POLICY);
            }
            let disposition = name.map(|name| format!("attachment; filename=\"{name}\""));
            if let Some(Ok(value)) = disposition.map(|d| HeaderValue::from_str(&d)) {
                headers.insert(header::CONTENT_DISPOSITION, value);
            }
            response
        }
    }
}

/// A refusal before anything was looked at.
fn refused(status: StatusCode, why: &str) -> Response<Body> {
    let head = maud::html! { link rel="icon" href="data:,"; };
    let body = maud::html! { body { main { h1 { "Geen toegang" } p { (why) } } } };
    page(status, &crate::html::page("signaalbril", &head, &body))
}

fn page(status: StatusCode, markup: &maud::Markup) -> Response<Body> {
    plain(
        status,
        "text/html; charset=utf-8",
        markup.0.clone().into_bytes(),
    )
}

fn plain(status: StatusCode, kind: &'static str, body: Vec<u8>) -> Response<Body> {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_TYPE, kind),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        // Case files are not left behind in the browser's cache.
        (header::CACHE_CONTROL, "no-store"),
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            "same-origin",
        ),
        (header::X_FRAME_OPTIONS, "DENY"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}
