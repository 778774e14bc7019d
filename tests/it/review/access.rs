use std::path::PathBuf;

use serde_json::Value;

use super::browser::{Browser, Like, with_browser, with_browser_like};
use super::screen::{Screen, Store, percent};

/// The rules for accessibility of axe-core, from npm; `tests/run` installs it.
fn axe() -> Option<String> {
    let path = std::env::var_os("SIGNAALBRIL_AXE").map_or_else(
        || crate::root().join("target/npm/node_modules/axe-core/axe.min.js"),
        PathBuf::from,
    );
    let text = std::fs::read_to_string(&path).ok();
    if text.is_none() {
        eprintln!("skipped: no axe-core; tests/run installs it");
    }
    text
}

/// What axe-core says of the page: all violations of WCAG 2.2 A and AA, also those that it does not call serious.
async fn violations(browser: &Browser, axe: &str) -> Vec<String> {
    let script = format!(
        "{axe}; return axe.run(document, {{runOnly: {{type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']}}}})
            .then(r => r.violations.map(v => v.impact + ' ' + v.id + ': ' + v.nodes.slice(0, 3).map(n => n.target.join(' ')).join(', ')))"
    );
    let found = browser.js(&script).await;
    let Value::Array(list) = found else {
        panic!("axe-core did not run: {found}");
    };
    list.iter()
        .map(|v| v.as_str().unwrap().to_owned())
        .collect()
}

/// All kinds of pages of a store of samples.
fn pages(store: &Store, screen: &Screen) -> Vec<String> {
    let name = store
        .export("dossiers")
        .iter()
        .map(|d| d["dossier"].as_str().unwrap().to_owned())
        .find(|d| d.ends_with("d02-yara"))
        .unwrap();
    let name = percent(&name);
    let base = screen.base();
    let mut pages = vec![
        "/".to_owned(),
        "/?lijst=documenten".to_owned(),
        "/?lijst=documenten&zoek=nietszogenoemd".to_owned(),
        format!("/dossier?naam={name}"),
        format!("/signalenoverzicht?naam={name}"),
        format!("/signalenoverzicht?pseudoniem=1&naam={name}"),
        "/uitleg".to_owned(),
        "/bestaat-niet".to_owned(),
        store.page_of("2024-02-20-mdo-verslag.pdf"),
        store.page_of("2024-04-02-letter-host-family.txt"),
    ];
    pages.iter_mut().for_each(|p| *p = format!("{base}{p}"));
    pages
}

fn samples() -> Store {
    let store = Store::of(&[]);
    let from = crate::root().join("samples/dossiers/d02-yara");
    for file in std::fs::read_dir(from).unwrap() {
        let file = file.unwrap();
        let to = store.input.path().join("d02-yara");
        std::fs::create_dir_all(&to).unwrap();
        std::fs::copy(file.path(), to.join(file.file_name())).unwrap();
    }
    store.scan();
    store
}

#[test]
fn everybody_can_read_every_page() {
    let Some(axe) = axe() else { return };
    with_browser(|browser| async move {
        let store = samples();
        let screen = store.open("Anne");
        // Before the address with its token was opened, and then.
        browser.goto(&screen.base()).await;
        assert_eq!(violations(&browser, &axe).await, Vec::<String>::new());
        browser.enter(&screen.address).await;
        let mut wrong = Vec::new();
        for page in pages(&store, &screen) {
            browser.goto(&page).await;
            let found = violations(&browser, &axe).await;
            wrong.extend(found.into_iter().map(|v| format!("{page}: {v}")));
        }
        // With a decision, marks and a missed signal, and with the keys shown.
        let page = store.page_of("2024-02-20-mdo-verslag.pdf");
        browser.goto(&format!("{}{page}", screen.base())).await;
        browser.keys("jc").await;
        browser
            .wait("document.querySelector('li[data-mark=context] fieldset') !== null")
            .await;
        browser.keys("2").await;
        browser
            .wait("document.querySelector('#oordeel .tag.geen_actie') !== null")
            .await;
        wrong.extend(violations(&browser, &axe).await);
        browser.keys("?").await;
        browser.wait("document.querySelector('dialog').open").await;
        wrong.extend(violations(&browser, &axe).await);
        // Some labels covered.
        drop(screen);
        let screen = Screen::open(store.out.path(), "Bart", &["--mix", "1"]);
        browser.enter(&screen.address).await;
        browser
            .goto(&format!("{}/?lijst=documenten", screen.base()))
            .await;
        wrong.extend(violations(&browser, &axe).await);
        // The report.
        browser
            .goto(&format!(
                "file://{}",
                store.out.path().join("report.html").display()
            ))
            .await;
        browser
            .js("document.querySelectorAll('details').forEach(d => { d.open = true })")
            .await;
        wrong.extend(
            violations(&browser, &axe)
                .await
                .into_iter()
                .map(|v| format!("report: {v}")),
        );
        browser.close().await;
        assert!(wrong.is_empty(), "{wrong:#?}");
    });
}

#[test]
fn pages_fit_a_narrow_window() {
    let store = samples();
    let screen = store.open("Anne");
    let report = format!("file://{}", store.out.path().join("report.html").display());
    let mut all = pages(&store, &screen);
    all.push(report);
    // 360 pixels, and the 320 that 1280 are at 400 %.
    for width in [360, 320] {
        let (all, address) = (&all, &screen.address);
        with_browser_like(Like::Narrow(width), |browser| async move {
            browser.enter(address).await;
            for page in all {
                browser.goto(page).await;
                let inner: u32 = browser.text("innerWidth").await.parse().unwrap();
                assert_eq!(inner, width, "{page}");
                let wide: u32 = browser
                    .text("document.documentElement.scrollWidth")
                    .await
                    .parse()
                    .unwrap();
                assert!(wide <= width, "{page} at {width}: {wide}");
            }
            browser.close().await;
        });
    }
}

#[test]
fn a_browser_without_scripts_decides() {
    with_browser_like(Like::WithoutScripts, |browser| async move {
        let store = samples();
        let screen = store.open("Anne");
        browser.goto(&screen.address).await;
        let page = store.page_of("2024-02-20-mdo-verslag.pdf");
        browser.goto(&format!("{}{page}", screen.base())).await;
        assert_eq!(
            browser.count("#toetsen[hidden]").await,
            1,
            "no script has run"
        );
        browser
            .click(".card > ol.findings button[value^=onjuist]")
            .await;
        browser.wait_count("li[data-mark=onjuist]", 1).await;
        browser.click("#oordeel textarea").await;
        browser.keys("Zonder script.").await;
        browser.click("#oordeel button[value=opvolgen]").await;
        browser.wait_count("#oordeel .tag.opvolgen", 1).await;
        browser.click("#oordeel button[formaction='/terug']").await;
        browser.wait_count("#oordeel .tag.opvolgen", 0).await;
        browser.close().await;
        let said = store.export("decisions");
        assert_eq!(said.len(), 3);
        assert_eq!(said[1]["note"], "Zonder script.");
    });
}

#[test]
fn decisions_need_no_script() {
    let store = samples();
    let screen = store.open("Anne");
    let page = store.page_of("2024-02-20-mdo-verslag.pdf");
    let shown = screen.get(&page);
    assert_eq!(shown.status, 200);
    let form = |more: &str| {
        format!(
            "sleutel={}&id={}&pad={}&dossier={}&{more}",
            shown.field("sleutel"),
            shown.field("id"),
            percent(&shown.field("pad")),
            percent(&shown.field("dossier")),
        )
    };
    let words = shown
        .text()
        .split("class=\"what\">")
        .nth(1)
        .and_then(|t| t.split('<').next())
        .unwrap()
        .to_owned();
    let steps = [
        (
            "/markering",
            "mark=onjuist:1".to_owned(),
            "data-mark=\"onjuist\"",
        ),
        (
            "/markering",
            "mark=context:2:absent".to_owned(),
            "data-mark=\"context\"",
        ),
        (
            "/gemist",
            format!("woorden={}&categorie=isolatie&van=&tot=", percent(&words)),
            "Gemist signaal 1 verwijderen",
        ),
        ("/gemist", "weg=0".to_owned(), "Gemist signaal"),
        (
            "/besluit",
            "besluit=geen_actie&reden=&notitie=".to_owned(),
            "class=\"tag geen_actie\"",
        ),
        ("/terug", String::new(), "Nog geen besluit"),
    ];
    for (path, fields, expected) in steps {
        let reply = screen.post(path, &form(&fields));
        assert_eq!(reply.status, 303, "{path} {fields}: {}", reply.text());
        let place = reply
            .head
            .lines()
            .find_map(|l| l.strip_prefix("location: "))
            .unwrap()
            .to_owned();
        let after = screen.get(place.split('#').next().unwrap()).text();
        assert!(after.contains(expected), "{path} {fields}: no {expected}");
    }
    assert!(
        !screen
            .get(&page)
            .text()
            .contains("Gemist signaal 1 verwijderen")
    );
}
