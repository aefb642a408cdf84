//! Normalisation: two spellings of one thing become equal, two things stay two.

use fourfold::resolve::normalise::{self, company_name, date, domain, number, person, phone};
use proptest::prelude::*;

#[test]
fn company_names_lose_form_region_and_former_name() {
    for (written, core, form) in [
        ("Siemens Aktiengesellschaft", "siemens", "ag"),
        ("SiemensAG", "siemens", "ag"),
        ("Müller & Söhne G.m.b.H. & Co. KG", "muller and sohne", "gmbh"),
        ("Koninklijke Philips Electronics N.V.", "koninklijke philips electronics", "nv"),
        ("KONINKLIJKE PHILIPS ELECTRONICS N,V,", "koninklijke philips electronics", "nv"),
        ("Acme Sp. z o.o.", "acme", "spzoo"),
        ("ООО Ромашка", "romashka", "llc"),
        ("The Widget Company", "widget", "co"),
        ("DSM IP Assets B.V., Heerlen, NL", "dsm ip assets", "bv"),
        ("Samsung Electronics Co., Ltd.", "samsung electronics", "ltd"),
        ("N.V. Nutricia", "nutricia", "nv"),
        ("Open Joint Stock Company Gazprom", "gazprom", "jsc"),
        ("Societatea cu Răspundere Limitată Pro Traffic", "pro traffic", "srl"),
        ("First International Bank", "1 international bank", ""),
        ("1st International Bank", "1 international bank", ""),
        ("Brigade Forty-Four", "brigade 44", ""),
        ("KKR Asian Fund III L.P.", "kkr asian fund 3", "lp"),
        ("U.S. Department of State", "usa department of state", ""),
        ("Ford Foundation", "ford foundation", ""),
    ] {
        let name = company_name(written);
        assert_eq!((name.text().as_str(), name.legal_form.as_str()), (core, form), "{written}");
    }
    let former = company_name("Nordlicht Ltd (formerly Polarstern)");
    assert_eq!((former.text().as_str(), former.former.as_deref()), ("nordlicht", Some("polarstern")));
    let region = company_name("Acme Inc - EMEA");
    assert_eq!((region.text().as_str(), region.region.as_deref()), ("acme", Some("emea")));
    let brand = company_name("Nordlicht Holding GmbH dba Sternwerk");
    assert_eq!(brand.brand.as_deref(), Some("sternwerk"));
    assert!(!company_name("GmbH").core.is_empty(), "a name never becomes empty");
}

#[test]
fn mailboxes_and_domains_are_read_as_providers_read_them() {
    let mail = normalise::email("Jo.Doe+news@GMail.com").unwrap();
    assert_eq!(mail.canonical(), "jodoe@gmail.com");
    assert_eq!(normalise::email("no mailbox"), None);
    assert_eq!(normalise::registrable_domain("https://www.Shop.acme.co.uk/x?y").as_deref(), Some("acme.co.uk"));
    assert_eq!(normalise::registrable_domain("192.168.0.1"), None);
    assert!(normalise::is_free_mail("gmail.com") && !normalise::is_free_mail("acme.com"));
    assert!(normalise::is_disposable("mailinator.com"));
    assert!(
        normalise::is_role_mailbox("Billing")
            && normalise::is_role_mailbox("no-reply")
            && !normalise::is_role_mailbox("jane")
    );
    assert_eq!(domain::domain_label("acme.co.uk"), "acme");
}

#[test]
fn salesforce_ids_gain_and_repair_their_case() {
    let long = normalise::salesforce_id_18("0013000000Gv4zT").unwrap();
    assert_eq!(long.len(), 18);
    assert_eq!(normalise::salesforce_id_18(&long.to_lowercase()).as_deref(), Some(long.as_str()));
    assert_eq!(normalise::salesforce_id_18("not an id"), None);
}

#[test]
fn telephone_dates_and_numbers_meet_in_one_spelling() {
    assert_eq!(phone::phone("044 668 18 00", Some("CH")).as_deref(), Some("+41446681800"));
    assert_eq!(phone::phone_key("+1 (617) 384-7579 x12"), phone::phone_key("617.384.7579"));
    assert_eq!(date::date_digits("24/06/1971"), date::date_digits("1971-06-24"));
    assert_eq!(date::date_digits("24 Jun 1971"), date::date_digits("19710624"));
    assert_eq!(date::date_digits("soon"), None);
    assert_eq!(number::number("$1,299.00"), Some(1299.0));
    assert_eq!(number::number("1.299,50 EUR"), Some(1299.5));
    assert_eq!(person::person_name("Doe, Jane"), ["jane", "doe"]);
    assert!(person::are_nicknames("bill", "william"));
    assert_eq!(normalise::country_code("Deutschland"), Some("DE"));
    let street = normalise::street("435 S. La Cienega Blvd.");
    assert_eq!((street.number.as_str(), street.words.join(" ").as_str()), ("435", "south la cienega boulevard"));
}

proptest! {
    #[test]
    fn no_text_makes_normalisation_fail_and_folding_is_stable(text in "\\PC{0,60}") {
        let folded = normalise::fold(&text);
        prop_assert_eq!(normalise::fold(&folded), folded.clone());
        let _ = (company_name(&text), normalise::email(&text), normalise::registrable_domain(&text), normalise::person_name(&text));
        let _ = (normalise::street(&text), date::date_digits(&text), number::number(&text), phone::phone_key(&text), phone::phone(&text, Some("US")));
        let _ = (normalise::salesforce_id_18(&text), normalise::country_code(&text));
    }
}

#[test]
fn given_names_meet_across_languages_and_transliterations() {
    for (one, other) in [("bill", "william"), ("sasha", "aleksandr"), ("mohamed", "mohammed"), ("paco", "francisco")] {
        assert!(person::are_nicknames(one, other) && person::are_nicknames(other, one), "{one} and {other}");
    }
    assert!(!person::are_nicknames("anna", "boris"));
}
