//! No text makes matching or context take more than its share: work grows as the text does.

#[path = "../../benches/corpus.rs"]
mod corpus;

use signaalbril::Document;

#[test]
fn work_grows_as_texts_do() {
    let analyzer = super::analyzer();
    let sizes = [25_000, 50_000, 100_000, 200_000].map(corpus::worst);
    for (n, (name, _)) in corpus::worst(1).iter().enumerate() {
        let work = sizes.each_ref().map(|texts| {
            let document = Document::from_text("n.txt", texts[n].1.clone());
            analyzer.analyze_counted(&document).1.total()
        });
        println!("{name}: {work:?}");
        // Eight times the text: a square would be 64 times the work.
        assert!(work[3] < 10 * work[0], "{name}: {work:?}");
        for pair in work.windows(2) {
            assert!(pair[1] * 10 < pair[0] * 25, "{name}: {work:?}");
        }
    }
}

#[test]
fn a_lexicon_of_30000_patterns_takes_little_more_work_than_one_of_500() {
    let texts = corpus::general(100_000, super::analyzer());
    let words = |patterns| {
        let analyzer = signaalbril::Analyzer::new(corpus::generated(patterns)).unwrap();
        let work = texts.iter().map(|t| {
            let document = Document::from_text("n.txt", t.clone());
            analyzer.analyze_counted(&document).1
        });
        work.fold((0, 0), |sum, w| {
            (sum.0 + w.words, sum.1 + w.entries + w.tried + w.steps)
        })
    };
    let (small, large) = (words(500), words(30_000));
    println!("500: {small:?}, 30,000: {large:?}");
    // Words are looked up once whatever the lexicon, in the sentences of findings once more; what they lead to grows far less than the
    // lexicon does.
    assert!(large.0 * 10 < small.0 * 12, "{small:?} {large:?}");
    assert!(large.1 < 20 * small.1, "{small:?} {large:?}");
}
