use super::browser::with_browser;
use super::screen::{Screen, Store, percent};

const EVIL: &str = "\"><script>window.evil=1</script><img src=x onerror=window.evil=1>";

fn small() -> Store {
    Store::of(&[("a/1.txt", "Cl. is weggelopen en wordt bedreigd.\n")])
}

#[test]
fn strangers_are_refused() {
    let store = small();
    let screen = store.open("Anne");
    let host = format!("Host: 127.0.0.1:{}", screen.port);
    let cookie = screen.cookie();
    let page = store.page_of("a/1.txt");
    let secret = "weggelopen";
    let none = "X-None: 1";
    let wrong_cookie = format!(
        "Cookie: signaalbril_{}=0123456789abcdef0123456789abcdef",
        screen.port
    );
    let other_port = format!("Cookie: signaalbril_1={}", screen.token());
    let rebound = format!("Host: evil.example:{}", screen.port);
    let cases: [(&str, [&str; 2], u16); 9] = [
        ("no cookie", [&host, none], 403),
        ("a wrong token", [&host, &wrong_cookie], 403),
        ("the cookie of another port", [&host, &other_port], 403),
        (
            "another name of the host (DNS rebinding)",
            [&rebound, &cookie],
            421,
        ),
        ("a host without its port", ["Host: 127.0.0.1", &cookie], 421),
        ("no host", [none, &cookie], 400),
        (
            "an address elsewhere",
            ["Host: 192.168.1.7:80", &cookie],
            421,
        ),
        ("two hosts", [&host, "Host: evil.example"], 400),
        ("its reader", [&host, &cookie], 200),
    ];
    for (name, lines, status) in cases {
        let request = format!("GET {page} HTTP/1.1");
        let reply = screen.raw(&[&request, lines[0], lines[1]], b"");
        // Two hosts: any refusal will do.
        let fits = reply.status == status
            || name == "two hosts" && reply.status >= 400
            || name == "no host" && reply.status >= 400;
        assert!(fits, "{name}: {}", reply.status);
        assert_eq!(reply.text().contains(secret), status == 200, "{name}");
    }
    // The token itself: wrong, cut, none.
    for token in ["", "0", &screen.token()[..31], "%00", &"f".repeat(5000)] {
        let reply = screen.raw(&[&format!("GET /?token={token} HTTP/1.1"), &host], b"");
        assert_eq!(reply.status, 403, "{token}");
        assert!(!reply.head.to_lowercase().contains("set-cookie"), "{token}");
    }
    let welcome = screen.raw(
        &[&format!("GET /?token={} HTTP/1.1", screen.token()), &host],
        b"",
    );
    assert!(
        welcome.head.contains("HttpOnly; SameSite=Strict"),
        "{}",
        welcome.head
    );
}

#[test]
fn forms_are_taken_from_its_own_pages_only() {
    let store = small();
    let screen = store.open("Anne");
    let page = store.page_of("a/1.txt");
    let shown = screen.get(&page);
    let form = format!(
        "sleutel={}&id={}&pad={}&dossier={}&besluit=opvolgen",
        shown.field("sleutel"),
        shown.field("id"),
        percent(&shown.field("pad")),
        percent(&shown.field("dossier")),
    );
    for origin in [
        "http://evil.example",
        "null",
        "",
        "http://127.0.0.1",
        "https://127.0.0.1",
        &format!("http://localhost:{}", screen.port),
        &format!("{}.evil.example", screen.base()),
    ] {
        assert_eq!(
            screen.post_from("/besluit", &form, origin).status,
            403,
            "{origin}"
        );
    }
    let host = format!("Host: 127.0.0.1:{}", screen.port);
    let own = format!("Origin: {}", screen.base());
    let cross = screen.raw(
        &[
            "POST /besluit HTTP/1.1",
            &host,
            &screen.cookie(),
            &own,
            "Sec-Fetch-Site: cross-site",
        ],
        form.as_bytes(),
    );
    assert_eq!(cross.status, 403);
    assert_eq!(
        screen
            .post("/besluit", &form.replacen("sleutel=", "sleutel=0", 1))
            .status,
        403
    );
    assert_eq!(screen.post("/besluit", "").status, 403);
    for method in ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"] {
        let reply = screen.raw(
            &[
                &format!("{method} /besluit HTTP/1.1"),
                &host,
                &screen.cookie(),
                &own,
            ],
            form.as_bytes(),
        );
        assert_eq!(reply.status, 405, "{method}");
    }
    let large = format!("{form}&notitie={}", "n".repeat(1 << 20));
    assert_eq!(screen.post("/besluit", &large).status, 413);
    let long = format!("{form}&notitie={}", "n".repeat(9000));
    assert_eq!(screen.post("/besluit", &long).status, 422);
    // Fields that are no such thing.
    let key = format!("sleutel={}", shown.field("sleutel"));
    let fields = form.trim_end_matches("&besluit=opvolgen");
    for (path, body, status) in [
        ("/besluit", format!("{fields}&besluit=wissen"), 422),
        ("/besluit", format!("{key}&id=ffff&besluit=opvolgen"), 404),
        (
            "/besluit",
            format!("{key}&dossier=nergens&besluit=opvolgen"),
            404,
        ),
        ("/markering", format!("{fields}&mark=juist:0"), 422),
        (
            "/markering",
            format!("{fields}&mark=juist:99999999999999999999"),
            422,
        ),
        ("/markering", format!("{fields}&mark=juist:-1"), 422),
        ("/markering", format!("{fields}&mark=%00"), 422),
        (
            "/gemist",
            format!("{fields}&woorden=weggelopen&categorie=verzonnen"),
            422,
        ),
        (
            "/gemist",
            format!("{fields}&woorden=.%2B&categorie=isolatie"),
            422,
        ),
        ("/gemist", format!("{fields}&weg=7"), 422),
        ("/terug", fields.to_owned(), 422),
        ("/wissen", fields.to_owned(), 404),
    ] {
        let reply = screen.post(path, &body);
        assert_eq!(reply.status, status, "{path} {body}: {}", reply.text());
    }
    assert!(
        store.export("decisions").is_empty(),
        "nothing of it was kept"
    );
    assert_eq!(screen.post("/besluit", &form).status, 303);
}

#[test]
fn only_what_was_scanned_is_shown() {
    let store = small();
    let screen = store.open("Anne");
    for path in [
        "/../../etc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/stijl.css/../../etc/passwd",
        "//etc/passwd",
        "/origineel?id=&pad=/etc/passwd",
        "/origineel?id=..%2F..%2Fetc%2Fpasswd",
        "/document?id=&pad=/etc/passwd",
        "/document?id='%20OR%201=1%20--&pad=",
        "/dossier?naam=%00",
        "/signalenoverzicht",
    ] {
        let reply = screen.get(path);
        assert_eq!(reply.status, 404, "{path}");
        assert!(!reply.text().contains("root:"), "{path}");
    }
    // A text has no original that a browser would show.
    let page = store
        .page_of("a/1.txt")
        .replacen("/document", "/origineel", 1);
    assert_eq!(screen.get(&page).status, 404);
    for query in [
        "blz=-1",
        "blz=99999999999999999999",
        "blz=18446744073709551615",
        "label=%00",
        "zoek=%25%5F%5C%22%27",
        &format!("zoek={}", "a%20".repeat(5000)),
    ] {
        assert_eq!(
            screen.get(&format!("/?lijst=documenten&{query}")).status,
            200,
            "{query}"
        );
    }
    for header in [
        "content-security-policy: default-src 'none'",
        "x-content-type-options: nosniff",
        "cache-control: no-store",
        "referrer-policy: same-origin",
    ] {
        assert!(
            screen.get("/").head.to_lowercase().contains(header),
            "{header}"
        );
    }
}

#[test]
fn a_pdf_is_shown_as_long_as_it_is_the_one_that_was_read() {
    let store = Store::of(&[]);
    let file = store.input.path().join("plan.pdf");
    std::fs::copy(
        crate::root().join("samples/dossiers/d01-noor/2024-03-28-behandelplan.pdf"),
        &file,
    )
    .unwrap();
    store.scan();
    let screen = store.open("Anne");
    let page = store.page_of("plan.pdf");
    assert!(screen.get(&page).text().contains("Origineel openen"));
    let original = page.replacen("/document", "/origineel", 1);
    let reply = screen.get(&original);
    assert_eq!(
        (reply.status, reply.body.len() as u64),
        (200, file.metadata().unwrap().len())
    );
    assert!(reply.head.contains("application/pdf") && reply.head.contains("nosniff"));
    std::fs::write(&file, "%PDF-1.4 iets anders").unwrap();
    assert_eq!(screen.get(&original).status, 404);
    // The text that was read before is still at hand; another screen has to read it again.
    let screen = store.open("Anne");
    let page = screen.get(&page).text();
    assert!(page.contains("alleen de bewaarde stukken") && page.contains("class=\"m s-"));
}

#[test]
fn nothing_of_a_document_runs_or_breaks_the_page() {
    let sentence = "Cl. is weggelopen en wordt bedreigd door haar vriend van 26. ";
    let word = "w".repeat(1 << 20);
    let store = Store::of(&[
        (
            "kwaad <script>window.evil=1<script>/<img src=x onerror=window.evil=1>.txt",
            &format!("{sentence}{EVIL}\nMoeder ({EVIL}) zegt dat zij weggelopen is. {EVIL}"),
        ),
        (
            "b\u{202E}idi/\u{202E}gnp.txt",
            &format!("{sentence}\u{202E}omgekeerd\u{202C} \0 \u{1b}[31m\r\n{sentence}"),
        ),
        ("lang/woord.txt", &format!("{sentence}{word} {sentence}")),
        (
            &format!("{}/{}.txt", "map".repeat(60), "naam".repeat(55)),
            &format!("{sentence}Lang."),
        ),
        ("tekens/a&b=c?d#e%41+f'g\"h;.txt", sentence),
    ]);
    with_browser(|browser| async move {
        let screen = Screen::open(store.out.path(), EVIL, &["--mix", "0"]);
        browser.enter(&screen.address).await;
        let mut pages = vec![
            "/".to_owned(),
            "/?lijst=documenten".to_owned(),
            format!("/?zoek={}", percent(EVIL)),
            format!("/dossier?naam={}", percent(EVIL)),
        ];
        for document in store.export("documents") {
            pages.push(format!(
                "/document?id={}&pad={}",
                document["id"].as_str().unwrap(),
                percent(document["path"].as_str().unwrap())
            ));
        }
        for dossier in store.export("dossiers") {
            for page in ["dossier", "signalenoverzicht"] {
                pages.push(format!(
                    "/{page}?naam={}",
                    percent(dossier["dossier"].as_str().unwrap())
                ));
            }
        }
        assert_eq!(pages.len(), 4 + 5 + 10);
        for page in &pages {
            browser.goto(&format!("{}{page}", screen.base())).await;
            assert_eq!(browser.text("window.evil").await, "undefined", "{page}");
            assert_eq!(
                browser
                    .count("main script, main img, main iframe, [onerror], a[href^=javascript]")
                    .await,
                0,
                "{page}"
            );
            let wide: f64 = browser
                .text("document.documentElement.scrollWidth - innerWidth")
                .await
                .parse()
                .unwrap();
            assert!(wide <= 0.0, "{page} is {wide} too wide");
        }
        // Links lead back to the documents they name, whatever these are called.
        browser
            .goto(&format!("{}/?lijst=documenten", screen.base()))
            .await;
        let links = browser
            .js("return Array.from(document.querySelectorAll('ol.rows a.name')).map(a => a.href)")
            .await;
        let links = links.as_array().unwrap().clone();
        assert_eq!(links.len(), 5);
        for link in links {
            browser.goto(link.as_str().unwrap()).await;
            // A note with a script, by keys and form.
            browser.fill("#oordeel textarea", EVIL).await;
            browser.click("#oordeel button[value=opvolgen]").await;
            browser
                .wait("document.querySelector('#oordeel .tag.opvolgen') !== null")
                .await;
            assert_eq!(browser.text("window.evil").await, "undefined");
        }
        let log = browser.js("return window.evil === undefined").await;
        assert_eq!(log, true);
        browser
            .goto(&format!(
                "file://{}",
                store.out.path().join("report.html").display()
            ))
            .await;
        assert_eq!(browser.text("window.evil").await, "undefined");
        browser.close().await;
        let said = store.export("decisions");
        assert_eq!(said.len(), 5);
        for decision in said {
            assert_eq!(decision["note"], EVIL, "{}", decision["path"]);
            assert_eq!(decision["reviewer"], EVIL);
        }
    });
}

#[test]
fn a_hundred_thousand_findings_are_shown_in_parts() {
    let sentence = "Cl. is weggelopen en wordt bedreigd. ";
    let store = Store::of(&[("veel/1.txt", &sentence.repeat(50_000))]);
    let document = &store.export("documents")[0];
    let findings = store.export("findings").len();
    assert!(findings >= 100_000, "{findings}");
    with_browser(|browser| async move {
        let screen = store.open("Anne");
        browser.enter(&screen.address).await;
        browser
            .goto(&format!("{}/?lijst=documenten", screen.base()))
            .await;
        let path = percent(document["path"].as_str().unwrap());
        let id = document["id"].as_str().unwrap();
        browser
            .goto(&format!(
                "{}/document?id={id}&pad={path}&deel=3",
                screen.base()
            ))
            .await;
        let shown = browser.count("ol.findings > li").await;
        assert!((300..2000).contains(&shown), "{shown}");
        browser.keys("jf").await;
        browser
            .wait("document.querySelector('ol.findings > li.now').dataset.mark === 'onjuist'")
            .await;
        let mark = browser
            .text("document.querySelector('.m.now').id.slice(1)")
            .await;
        assert!(mark.parse::<usize>().unwrap() > 600);
        browser.close().await;
    });
}
