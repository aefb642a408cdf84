//! What does the page look like, in light and dark and on paper?

/// The style. No font, image or script is fetched, and none is allowed to.
pub(super) const STYLE: &str = "
:root{color-scheme:light dark;--ink:#1b1f24;--dim:#59636e;--paper:#fff;--line:#d8dee4;--soft:#f3f5f7;--high:#b3261e;--medium:#8a5a00;--low:#3f5b78;--bar:#4a7dab;--mark:#c2410c}
@media (prefers-color-scheme:dark){:root{--ink:#e6e9ec;--dim:#9aa4af;--paper:#14171a;--line:#333a41;--soft:#1d2226;--high:#ff8a80;--medium:#f0b849;--low:#9cc3e6;--bar:#5e93c4;--mark:#ff9e64}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:60rem;padding:1.5rem;font:16px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper);overflow-wrap:anywhere}
h1{font-size:1.5rem;margin:0}h2{font-size:1.1rem;margin:2rem 0 .5rem}
p{margin:.3rem 0}.dim{color:var(--dim)}
.cause{border-top:1px solid var(--line);padding:.7rem 0;break-inside:avoid}
.cause>summary{cursor:pointer;list-style:none;display:grid;grid-template-columns:5.5rem 1fr;gap:.2rem .5rem}
.cause>summary::-webkit-details-marker{display:none}
.cause>summary:focus-visible{outline:2px solid var(--bar);outline-offset:3px}
.level{font-weight:600}.high .level{color:var(--high)}.medium .level{color:var(--medium)}.low .level{color:var(--low)}
.title{font-weight:600}.touch{grid-column:2;color:var(--dim)}
.body{margin:.6rem 0 .6rem 6rem}
.body ul{margin:.3rem 0;padding-left:1.2rem}
table{border-collapse:collapse;margin:.4rem 0}td{padding:.1rem 1rem .1rem 0;vertical-align:top}
code{background:var(--soft);padding:.1rem .3rem;border-radius:3px}
.frozen{border:2px solid var(--high);padding:.6rem 1rem;margin:1rem 0}
svg{width:100%;max-width:40rem;height:auto;display:block;margin:.5rem 0}
svg .now{fill:var(--bar)}svg .before{stroke:var(--mark);stroke-width:2.5}svg text{fill:var(--dim);font:11px sans-serif}
@media (max-width:40rem){.cause>summary{grid-template-columns:1fr}.touch{grid-column:1}.body{margin-left:0}}
@media print{:root{--ink:#000;--dim:#444;--paper:#fff;--line:#999;--soft:#eee;--high:#000;--medium:#000;--low:#000;--bar:#777;--mark:#000}body{max-width:none;padding:0;font-size:11pt}a{color:inherit}}
";

/// The beginning of the page up to its body.
pub(super) fn head(title: &str) -> String {
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; img-src 'none'; base-uri 'none'; form-action 'none'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"referrer\" content=\"no-referrer\">\n\
         <title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
    )
}
