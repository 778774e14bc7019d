use serde_json::Value;

use super::browser::with_browser;
use super::screen::{Screen, Store};

const FIRST: &str = "Rapportage 05-03-2024\n\nCl. is weggelopen. Zij heeft een vriend van 26, hij haalt haar op. Zij kreeg een dure jas.\n\
Moeder is bang voor hem. Café bezocht 🙂 met “vrienden”; cl. zegt dat zij niets moet betalen.\n";
const SECOND: &str = "Rapportage 09-03-2024\n\nCl. at rustig mee en ging op tijd naar bed.\n";

fn store() -> Store {
    Store::of(&[
        ("anna/1.txt", FIRST),
        ("anna/2.txt", SECOND),
        (
            "bo/1.txt",
            "Cl. heeft een nieuwe telefoon en is weggelopen.\n",
        ),
        ("bo/gescand.pdf", "%PDF-1.4 niets\n"),
    ])
}

/// The decisions on the document that ends in `name`, the earliest first.
fn decisions(store: &Store, name: &str) -> Vec<Value> {
    let mut list = store.export("decisions");
    list.retain(|d| d["path"].as_str().unwrap().ends_with(name));
    list
}

#[test]
fn a_reviewers_morning() {
    let store = store();
    with_browser(|browser| async move {
        let b = &browser;
        let screen = store.open("Anne");
        b.enter(&screen.address).await;
        assert!(!b.text("location.href").await.contains("token"));

        // The list: filter, then search, then the keys.
        b.goto(&format!("{}/?lijst=documenten", screen.base()))
            .await;
        assert_eq!(b.count("ol.rows > li").await, 4);
        assert!(
            b.text("document.querySelector('ol.rows > li').textContent")
                .await
                .contains("niet gelezen")
        );
        b.click("input[name=label][value=geen]").await;
        b.wait("document.querySelectorAll('ol.rows > li').length === 1")
            .await;
        b.goto(&format!("{}/?lijst=documenten", screen.base()))
            .await;
        b.keys("/").await;
        b.keys("dure jas\u{E007}").await;
        b.wait("document.querySelectorAll('ol.rows > li').length === 1 && location.search.includes('dure')").await;
        b.keys("j").await;
        assert_eq!(b.text("document.activeElement.textContent").await, "1.txt");
        b.keys("\u{E007}").await;
        b.wait("document.querySelector('#oordeel') !== null").await;

        // Through the findings, by keys: what is at hand shows in the text and in the list.
        let findings = b.count("ol.findings > li").await;
        assert!(findings >= 3, "{findings}");
        b.keys("jj").await;
        let at_hand = b.text("document.querySelector('.m.now').textContent + '|' + document.querySelector('ol.findings > li.now q').textContent").await;
        let (mark, item) = at_hand.split_once('|').unwrap();
        assert_eq!(mark, item);
        // Wrong, and the one after it wrong in its context.
        b.keys("f").await;
        b.wait("document.querySelector('ol.findings > li.now').dataset.mark === 'onjuist'")
            .await;
        b.wait("document.querySelector('#melding').textContent.includes('onjuist')")
            .await;
        b.keys("jc").await;
        b.wait("document.querySelector('ol.findings > li.now').dataset.mark === 'context'")
            .await;
        b.click("ol.findings > li.now button[value$=':historical']")
            .await;
        b.wait("document.querySelector('ol.findings > li.now button[value$=\":historical\"]').getAttribute('aria-pressed') === 'true'").await;

        // A missed signal: by selecting it, beyond letters that are more than one byte, and more than one code unit.
        b.js("
            const words = document.querySelector('.words');
            const walker = document.createTreeWalker(words, NodeFilter.SHOW_TEXT);
            for (let node = walker.nextNode(); node; node = walker.nextNode()) {
                const at = node.data.indexOf('niets moet betalen');
                if (at >= 0) { const r = document.createRange(); r.setStart(node, at); r.setEnd(node, at + 18); getSelection().removeAllRanges(); getSelection().addRange(r); }
            }
        ").await;
        b.wait(
            "document.querySelector('#gemist input[name=woorden]').value === 'niets moet betalen'",
        )
        .await;
        b.keys("m").await;
        b.choose("#gemist select[name=categorie]", "schuld_financieel")
            .await;
        b.click("#gemist form button[type=submit]").await;
        b.wait("document.querySelector('mark.missed') !== null")
            .await;
        assert_eq!(
            b.text("document.querySelector('mark.missed').textContent")
                .await,
            "niets moet betalen"
        );
        // The same by typing, without a selection.
        b.fill("#gemist input[name=woorden]", "moeder is bang")
            .await;
        b.choose("#gemist select[name=categorie]", "geweld_dreiging")
            .await;
        b.click("#gemist form button[type=submit]").await;
        b.wait("document.querySelectorAll('#gemist li').length === 2")
            .await;

        // Decide, take back, decide again.
        b.keys("1").await;
        b.wait("document.querySelector('#oordeel .tag.opvolgen') !== null")
            .await;
        b.keys("u").await;
        b.wait("document.querySelector('#oordeel .tag.opvolgen') === null && document.querySelector('#oordeel') !== null").await;
        b.choose("#oordeel select[name=reden]", "te weinig informatie")
            .await;
        b.fill(
            "#oordeel textarea",
            "Bespreken met <b>collega</b> & \"mentor\"",
        )
        .await;
        b.click("#oordeel button[value=twijfel]").await;
        b.wait("document.querySelector('#oordeel .tag.twijfel') !== null")
            .await;
        let history = b
            .text("document.querySelectorAll('#oordeel details li').length")
            .await;
        assert_eq!(history, "8");

        // Everything is there after a restart.
        let page = b.text("location.pathname + location.search").await;
        drop(screen);
        let screen = store.open("Anne");
        b.enter(&screen.address).await;
        b.goto(&format!("{}{page}", screen.base())).await;
        assert_eq!(b.count("#oordeel .tag.twijfel").await, 1);
        assert_eq!(
            b.count("li[data-mark=onjuist], li[data-mark=context]")
                .await,
            2
        );
        assert_eq!(b.count("#gemist li").await, 2);
        assert_eq!(
            b.text("document.querySelector('#oordeel textarea').value")
                .await,
            "Bespreken met <b>collega</b> & \"mentor\""
        );

        // And after a scan; when the text has changed, it says so.
        store.scan();
        b.client.refresh().await.unwrap();
        assert_eq!(b.count("#oordeel .tag.twijfel").await, 1);
        store.write("anna/1.txt", &format!("{FIRST}Later aangevuld.\n"));
        store.scan();
        b.client.refresh().await.unwrap();
        b.wait("document.querySelector('#oordeel').textContent.includes('oudere tekst')")
            .await;
        assert!(
            b.text("document.querySelector('#oordeel .notice').textContent")
                .await
                .contains("twijfel")
        );
        browser.close().await;

        let said = decisions(&store, "anna/1.txt");
        let last = said.last().unwrap();
        let marks: Vec<&str> = last["marks"]
            .as_array()
            .unwrap()
            .iter()
            .map(|m| m["mark"].as_str().unwrap())
            .collect();
        assert_eq!(marks, ["onjuist", "context"]);
        assert_eq!(last["marks"][1]["should_be"], "historical");
        let text: Vec<char> = FIRST.chars().collect();
        let missed: Vec<String> = last["missed"]
            .as_array()
            .unwrap()
            .iter()
            .map(|m| {
                text[m["start"].as_u64().unwrap() as usize..m["end"].as_u64().unwrap() as usize]
                    .iter()
                    .collect()
            })
            .collect();
        assert_eq!(missed, ["niets moet betalen", "Moeder is bang"]);
        assert_eq!(said.iter().filter(|d| d["undo"] == true).count(), 1);
    });
}

/// Sends the form of a document's page.
fn decide(screen: &Screen, page: &str, action: &str, more: &str) -> u16 {
    let shown = screen.get(page);
    let form = format!(
        "sleutel={}&id={}&pad={}&dossier={}&{more}",
        shown.field("sleutel"),
        shown.field("id"),
        super::screen::percent(&shown.field("pad")),
        super::screen::percent(&shown.field("dossier")),
    );
    screen.post(action, &form).status
}

#[test]
fn a_second_reader_reads_blind() {
    let store = store();
    let page = store.page_of("anna/1.txt");
    let (anne, bart) = (store.open("Anne"), store.open("Bart"));
    assert_eq!(
        decide(
            &anne,
            &page,
            "/besluit",
            "besluit=twijfel&notitie=rood+potlood"
        ),
        303
    );
    let seen = bart.get(&page).text();
    assert!(
        seen.contains("vraagt een tweede lezer") && !seen.contains("potlood"),
        "{seen}"
    );
    assert!(
        bart.get("/?lijst=documenten&vraag=1")
            .text()
            .contains("tweede lezer gevraagd")
    );
    assert_eq!(decide(&bart, &page, "/besluit", "besluit=opvolgen"), 303);
    assert!(bart.get(&page).text().contains("rood potlood"));
    assert_eq!(decide(&bart, &page, "/besluit", "besluit=geen_actie"), 303);
    let said = decisions(&store, "anna/1.txt");
    let informed: Vec<bool> = said
        .iter()
        .map(|d| d["informed"].as_bool().unwrap())
        .collect();
    assert_eq!(informed, [false, false, true]);
    // What is to be followed up is in the register: nothing of Bart's any more, and no formula.
    assert_eq!(
        decide(
            &anne,
            &page,
            "/besluit",
            "besluit=opvolgen&notitie=%3D1%2B1"
        ),
        303
    );
    let register = anne.get("/opvolgen.csv").text();
    assert!(
        register.contains("'=1+1") && register.contains("Anne") && !register.contains("Bart"),
        "{register}"
    );
}

#[test]
fn a_covered_label_shows_after_the_decision() {
    let store = store();
    let screen = Screen::open(store.out.path(), "Anne", &["--mix", "1"]);
    let list = screen.get("/?lijst=documenten").text();
    assert!(list.contains("bedekt"), "{list}");
    let covered = ["anna/1.txt", "anna/2.txt", "bo/1.txt"]
        .map(|name| store.page_of(name))
        .into_iter()
        .find(|page| screen.get(page).text().contains("bedekt tot u beslist"))
        .unwrap();
    let before = screen.get(&covered).text();
    assert!(
        !before.contains("class=\"m s-")
            && !before.contains("badge laag")
            && !before.contains("Waarom niet hoog"),
        "{before}"
    );
    assert_eq!(
        decide(&screen, &covered, "/markering", "mark=juist:1"),
        422,
        "nothing is seen to be marked"
    );
    assert_eq!(
        decide(&screen, &covered, "/besluit", "besluit=geen_actie"),
        303
    );
    let after = screen.get(&covered).text();
    assert!(
        after.contains("label was bedekt")
            && !after.contains("Het label en de markeringen zijn bedekt")
    );
    assert!(store.export("decisions")[0]["drawn"].is_string());
}

#[test]
fn a_decision_on_a_text_that_changed_meanwhile_is_not_taken() {
    let store = store();
    let screen = store.open("Anne");
    let page = store.page_of("anna/1.txt");
    let shown = screen.get(&page);
    store.write("anna/1.txt", "Iets heel anders.\n");
    store.scan();
    let form = format!(
        "sleutel={}&id={}&pad={}&dossier={}&besluit=opvolgen",
        shown.field("sleutel"),
        shown.field("id"),
        super::screen::percent(&shown.field("pad")),
        super::screen::percent(&shown.field("dossier")),
    );
    let reply = screen.post("/besluit", &form);
    assert_eq!(reply.status, 409);
    assert!(reply.text().contains("niet opgeslagen"));
    assert!(store.export("decisions").is_empty());
}

#[test]
fn a_dossier_is_decided_on_and_printed() {
    let store = store();
    let screen = store.open("Anne");
    let dossier = store
        .export("dossiers")
        .iter()
        .map(|d| d["dossier"].as_str().unwrap().to_owned())
        .find(|d| d.ends_with("anna"))
        .unwrap();
    let page = format!("/dossier?naam={}", super::screen::percent(&dossier));
    assert_eq!(
        decide(
            &screen,
            &page,
            "/besluit",
            "besluit=opvolgen&reden=wordt+al+opgevolgd"
        ),
        303
    );
    assert!(
        screen
            .get("/?lijst=dossiers")
            .text()
            .contains("tag opvolgen")
    );
    assert!(!screen.get("/").text().contains("teken van suïciderisico. "));
    store.write("anna/3.txt", "Cl. is opnieuw weggelopen.\n");
    store.write("zoe/1.txt", "Zij zegt dat zij niet meer wil leven.\n");
    store.scan();
    assert!(screen.get(&page).text().contains("ouder dan het dossier"));
    assert!(screen.get("/").text().contains("1 dossier bevat"));
    for list in ["dossiers", "documenten"] {
        let urgent = screen.get(&format!("/?lijst={list}&letop=1")).text();
        assert!(urgent.contains("zoe") && !urgent.contains("anna"), "{list}");
    }
    assert_eq!(decide(&screen, &page, "/terug", ""), 303);
    assert!(screen.get(&page).text().contains("Nog geen besluit"));
    let sheet = screen
        .get(&format!(
            "/signalenoverzicht?naam={}",
            super::screen::percent(&dossier)
        ))
        .text();
    for part in [
        "Tijdlijn",
        "Losweken",
        "Ontkend",
        "Niet of niet geheel gelezen",
        "Stap 5",
        "CoMensha",
        "weggelopen",
    ] {
        assert!(sheet.contains(part), "{part}");
    }
    for label in ["badge", "slachtoffer"] {
        assert!(
            !sheet.contains(&format!("class=\"{label}")) && !sheet.contains("slachtoffer"),
            "{label}"
        );
    }
    let pseudonymised = screen
        .get(&format!(
            "/signalenoverzicht?pseudoniem=1&naam={}",
            super::screen::percent(&dossier)
        ))
        .text();
    assert!(pseudonymised.contains("Onder pseudoniem"));
    assert!(!pseudonymised.contains("<h1>Signalenoverzicht: anna"));
}

#[test]
fn a_store_that_was_removed_takes_no_decision() {
    let store = store();
    let screen = store.open("Anne");
    let page = store.page_of("anna/1.txt");
    assert_eq!(decide(&screen, &page, "/besluit", "besluit=opvolgen"), 303);
    for entry in std::fs::read_dir(store.out.path()).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            std::fs::remove_file(path).unwrap();
        }
    }
    assert_eq!(
        decide(&screen, &page, "/besluit", "besluit=geen_actie"),
        500
    );
    store.scan();
    assert_eq!(
        decide(&screen, &page, "/besluit", "besluit=geen_actie"),
        500
    );
    assert!(store.export("decisions").is_empty());
}

#[test]
fn a_window_that_is_out_of_date_overwrites_nothing() {
    let store = store();
    let screen = store.open("Anne");
    let page = store.page_of("anna/1.txt");
    let stale = screen.get(&page).field("stand");
    let note = "besluit=opvolgen&notitie=belangrijk&reden=geen+signalen+gezien";
    assert_eq!(decide(&screen, &page, "/besluit", note), 303);
    let late = format!("besluit=geen_actie&notitie=&stand={stale}");
    assert_eq!(decide(&screen, &page, "/besluit", &late), 422);
    let said = decisions(&store, "anna/1.txt");
    assert_eq!(said.len(), 1);
    assert_eq!(said[0]["note"], "belangrijk");
    // A reason of another verdict is none.
    assert_eq!(said[0]["reason"], "");
}
