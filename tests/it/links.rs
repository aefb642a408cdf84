//! Links into source systems, and calibrated weights in `fourfold.toml`: neither leads where it must not.

use fourfold::config::Config;
use fourfold::config::address::{Address, is_host};
use fourfold::config::workspace::Workspace;
use fourfold::engine::calibration::{Accepted, accept};
use fourfold::ident::EntityKind;
use fourfold::review::calibrate::Calibration;
use proptest::prelude::*;

const SALESFORCE: &str = "https://{host}/lightning/r/Account/{pk}/view";

fn salesforce() -> Address {
    Address::new(SALESFORCE, Some("acme.lightning.force.com"), None).unwrap().unwrap()
}

#[test]
fn a_key_fills_its_place_and_nothing_else() {
    let address = salesforce();
    assert_eq!(
        address.of("0015g00000AbCdEAAW").unwrap(),
        "https://acme.lightning.force.com/lightning/r/Account/0015g00000AbCdEAAW/view"
    );
    for (key, path) in [
        ("../../evil", "..%2F..%2Fevil"),
        ("x?y=1#z", "x%3Fy%3D1%23z"),
        ("a@evil.example/", "a%40evil.example%2F"),
        ("$(touch x)`;&|", "%24%28touch%20x%29%60%3B%26%7C"),
        ("-flag", "-flag"),
        ("naïve", "na%C3%AFve"),
    ] {
        let expected = format!("https://acme.lightning.force.com/lightning/r/Account/{path}/view");
        assert_eq!(address.of(key).unwrap(), expected);
    }
    for key in ["", ".", "..", "...", "a\u{1b}[2Jb", "a\nb", &"x".repeat(300)] {
        assert_eq!(address.of(key), None, "{key:?}");
    }
}

#[test]
fn a_template_without_what_it_needs_gives_no_address() {
    assert_eq!(Address::new(SALESFORCE, None, None).unwrap(), None);
    assert!(Address::new("https://dashboard.stripe.com/customers/{pk}", None, None).unwrap().is_some());
    for template in [
        "http://crm.example.com/{pk}",
        "javascript:alert({pk})",
        "https://{pk}/x",
        "https://crm.example.com/x",
        "https://crm.example.com/{pk}/{pk}",
        "https://crm.example.com/{other}/{pk}",
        "https://user@crm.example.com/{pk}",
        "https://crm/{pk}",
        "https://crm.example.com/ x/{pk}",
    ] {
        assert!(Address::new(template, None, None).is_err(), "{template}");
    }
    for host in ["acme.force.com/evil", "acme", "a b.com", "https://x.com", "-a.com", "a.com:x", "evil.com#", "a..b"] {
        assert!(!is_host(host), "{host}");
        assert!(Address::new(SALESFORCE, Some(host), None).is_err(), "{host}");
    }
    assert!(is_host("acme.my.salesforce.com") && is_host("crm.example.com:8443"));
}

proptest! {
    #[test]
    fn no_key_breaks_out(key in "\\PC{0,40}") {
        if let Some(url) = salesforce().of(&key) {
            let rest = url.strip_prefix("https://acme.lightning.force.com/lightning/r/Account/").unwrap();
            let place = rest.strip_suffix("/view").unwrap();
            prop_assert!(place.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~%".contains(&byte)), "{}", url);
            prop_assert!(place != "." && place != "..");
        }
    }
}

#[test]
fn every_shipped_template_is_an_address() {
    let catalog = fourfold::catalog::shipped().unwrap();
    let mut found = 0;
    for system in &catalog.systems {
        for table in &system.tables {
            if let Some(template) = &table.url {
                let address = Address::new(template, Some("acme.example.com"), Some("42")).unwrap().unwrap();
                assert!(address.of("x1").unwrap().starts_with("https://"), "{}", system.system);
                found += 1;
            }
        }
    }
    assert!(found >= 20, "{found}");
}

#[test]
fn mistakes_in_the_file_are_named() {
    for (text, part) in [
        ("[links.crm]\nhost = \"https://x.com\"", "[links.crm] host"),
        ("[links.crm]\naccount = \"a/b\"", "[links.crm] account"),
        ("[links.crm.tables]\ndeals = \"http://x.com/{pk}\"", "[links.crm.tables] deals"),
        ("[resolve.calibration.invoice]\nshift = 1.0", "neither account nor person"),
        ("[resolve.calibration.account.factors]\nname = 99.0", "\"name\" must lie between"),
    ] {
        let error = Config::parse(text, "fourfold.toml").unwrap_err();
        assert!(error.message.contains(part), "{}", error.message);
    }
}

#[test]
fn accepted_weights_are_added_to_a_persons_file_and_to_what_was_accepted_before() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("fourfold.toml");
    std::fs::write(&path, "# ours\n[resolve]\nreview_floor = 0.1 # low on purpose\n").unwrap();
    let workspace = Workspace::find(directory.path()).unwrap();
    let learned = Calibration { shift: -0.5, factors: [("name".to_owned(), 1.2)].into() };
    let by = Accepted { who: "rae", when: "2026-03-02T09:30:00Z", why: "fitted to 40 decisions \"so far\"" };
    let place = accept(&workspace, EntityKind::Account, &learned, by).unwrap();
    assert_eq!(place, "fourfold.toml [resolve.calibration.account]");
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.contains("# ours") && text.contains("# low on purpose"), "{text}");
    accept(&workspace, EntityKind::Account, &learned, by).unwrap();
    let config = Config::read(&path).unwrap();
    let found = &config.resolve.calibration["account"];
    assert_eq!((found.shift, found.factors["name"], found.who.as_str()), (-1.0, 1.44, "rae"));
    assert!((config.resolve.review_floor - 0.1).abs() < 1e-12);
    std::fs::write(&path, "resolve = 3").unwrap();
    assert!(accept(&workspace, EntityKind::Person, &learned, by).is_err());
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "resolve = 3", "what cannot be read is left alone");
}
