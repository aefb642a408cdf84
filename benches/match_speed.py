"""Times `fourfold match` and Splink on the same file, one after the other, and prints one line for each.

Called by match_speed.sh, which makes the environment; `python3 match_speed.py splink KIND RULES DIR` runs Splink alone.
Wall and processor time and the peak of memory are those of the whole process, from reading the file to the last pair
written. F1 is over pairs inside clusters.
"""
import csv
import json
import os
import subprocess
import sys
import time
from collections import Counter

FOURFOLD, TOOL, THREADS = os.environ.get("FOURFOLD", ""), os.environ.get("TOOL", ""), "2"

# Blocking rules: what Splink's documentation recommends for a million rows and more, and looser ones.
RULES = {
    "people": [["phone"], ["email"], ["surname", "date_of_birth"], ["given_name", "date_of_birth"],
               ["given_name", "surname", "postcode"], ["street", "postcode"]],
    "companies": [["website"], ["phone"], ["core"], ["first_word", "postal_code"], ["street", "postal_code"]],
}
LOOSER = {
    "people": [["surname", "postcode"], ["given_name", "postcode"], ["date_of_birth"], ["given_name", "surname"]],
    "companies": [["first_word", "country2"], ["postal_code", "country2"]],
}
READ = {
    "people": "select id as unique_id, given_name, surname, date_of_birth, street, town, postcode, phone, email from {csv}",
    "companies": r"""
        select id as unique_id, name, core, split_part(core, ' ', 1) as first_word, website, phone, street, postal_code,
               city, case when length(country) > 2 then (case country when 'United States' then 'US'
                 when 'United Kingdom' then 'GB' when 'Germany' then 'DE' when 'France' then 'FR' when 'Italy' then 'IT'
                 else 'NL' end) else country end as country2
        from (select id, lower(company_name) as name,
                     trim(regexp_replace(regexp_replace(regexp_replace(lower(company_name), ' - .*$', ''),
                       '[,. ]+(inc|incorporated|llc|l\.l\.c|corp|corporation|ltd|limited|plc|llp|gmbh|g\.m\.b\.h|ag|'
                       || 'gmbh [&+] co\.? kg|sarl|s\.a\.r\.l|sas|s\.a\.s|sa|s\.a|s\.?r\.?l|s\.?p\.?a|b\.?v|n\.?v)\.?$', ''),
                       '[^a-z0-9]+', ' ', 'g')) as core,
                     nullif(regexp_replace(lower(website), '^(https?://)?(www\.)?', ''), '') as website,
                     nullif(regexp_replace(phone, '[^0-9]', '', 'g'), '') as phone, lower(street) as street,
                     postal_code, lower(city) as city, country from {csv})""",
}


def splink(kind, rules, folder):
    """Reads, trains, predicts, clusters and writes the clusters; prints how many pairs its rules propose and hold."""
    import logging
    logging.disable(logging.CRITICAL)
    import duckdb
    import splink.comparison_library as cl
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on
    connection = duckdb.connect()
    connection.execute(f"set threads={THREADS}")
    source = f"read_csv('{folder}/records.csv', all_varchar=true, header=true, nullstr='')"
    connection.execute("create table records as " + READ[kind].format(csv=source))
    if kind == "people":
        comparisons = [cl.NameComparison("given_name"), cl.NameComparison("surname"),
                       cl.DateOfBirthComparison("date_of_birth", input_is_string=True),
                       cl.JaroWinklerAtThresholds("street", [0.9, 0.7]),
                       cl.ExactMatch("postcode").configure(term_frequency_adjustments=True),
                       cl.DamerauLevenshteinAtThresholds("phone", [1]), cl.ExactMatch("email")]
        sure = [block_on("phone", "date_of_birth"), block_on("given_name", "surname", "date_of_birth")]
        train = [block_on("phone"), block_on("given_name", "surname", "postcode")]
    else:
        comparisons = [cl.JaroWinklerAtThresholds("core", [0.95, 0.88, 0.7]).configure(term_frequency_adjustments=True),
                       cl.ExactMatch("website").configure(term_frequency_adjustments=True),
                       cl.DamerauLevenshteinAtThresholds("phone", [1]),
                       cl.JaroWinklerAtThresholds("street", [0.9, 0.7]),
                       cl.ExactMatch("postal_code").configure(term_frequency_adjustments=True),
                       cl.ExactMatch("country2")]
        sure = [block_on("phone", "core"), block_on("website", "core", "postal_code")]
        train = [block_on("phone"), block_on("core", "postal_code")]
    proposed = RULES[kind] + (LOOSER[kind] if rules == "loose" else [])
    settings = SettingsCreator(link_type="dedupe_only", comparisons=comparisons,
                               blocking_rules_to_generate_predictions=[block_on(*rule) for rule in proposed])
    api = DuckDBAPI(connection=connection)
    linker = Linker(api.register("records"), settings)
    linker.training.estimate_probability_two_random_records_match(sure, recall=0.7)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    for rule in train:
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    predicted = linker.inference.predict(threshold_match_probability=0.5)
    clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(predicted, threshold_match_probability=0.95)
    connection.execute(f"copy (select unique_id as id, cluster_id from {clusters.physical_name}) "
                       f"to '{folder}/splink.csv' (header)")


def reach_of_rules(kind, rules, folder):
    """How many pairs Splink's rules propose and which share of the true pairs is among them; outside the timed run."""
    import duckdb
    connection = duckdb.connect()
    source = f"read_csv('{folder}/records.csv', all_varchar=true, header=true, nullstr='')"
    truth = f"read_csv('{folder}/truth_cluster.csv', all_varchar=true, header=true)"
    connection.execute("create table records as select r.*, t.cluster as truth from ("
                       + READ[kind].format(csv=source) + f") r join {truth} t on r.unique_id = t.id")
    proposed = RULES[kind] + (LOOSER[kind] if rules == "loose" else [])
    agree = [" and ".join(f"l.{name} = r.{name}" for name in rule) for rule in proposed]
    total = connection.execute(
        "select sum(c * (c - 1) // 2) from (select count(*) c from records group by truth)").fetchone()[0]
    held = connection.execute(
        f"select count(*) from records l join records r on l.truth = r.truth and l.unique_id < r.unique_id "
        f"where {' or '.join('(' + rule + ')' for rule in agree)}").fetchone()[0]
    pairs, before = 0, []
    for rule in agree:
        fresh = "".join(f" and not coalesce(({earlier}), false)" for earlier in before)
        pairs += connection.execute(f"select count(*) from records l join records r on {rule} "
                                    f"and l.unique_id < r.unique_id{fresh}").fetchone()[0]
        before.append(rule)
    return {"candidates": int(pairs), "candidate_recall": round(held / float(total), 4)}


def timed(command):
    """Runs a command and gives its wall and processor seconds and the peak of its memory in MB."""
    started = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    errors = child.stderr.read()
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        sys.exit(f"{' '.join(command)}\n{errors}")
    return {"wall_s": round(time.perf_counter() - started, 2), "cpu_s": round(used.ru_utime + used.ru_stime, 2),
            "peak_mb": round(used.ru_maxrss / 1024)}


def quality(folder, answer):
    """Precision, recall and F1 over pairs inside clusters."""
    rows = lambda name: dict(row[:2] for row in list(csv.reader(open(f"{folder}/{name}", newline="")))[1:])
    truth, found = rows("truth_cluster.csv"), rows(answer)
    pairs = lambda groups: sum(size * (size - 1) // 2 for size in Counter(groups).values())
    right, given, wanted = (pairs((found[row], truth[row]) for row in found), pairs(found.values()),
                            pairs(truth.values()))
    precision, recall = right / max(given, 1), right / max(wanted, 1)
    return {"precision": round(precision, 4), "recall": round(recall, 4),
            "f1": round(2 * precision * recall / max(precision + recall, 1e-9), 4)}


def fourfold(folder, candidates=None):
    more = ["--candidates", str(candidates)] if candidates else []
    figures = timed([FOURFOLD, "--threads", THREADS, "match", f"{folder}/records.csv", "--out", f"{folder}/pairs.csv",
                     "--clusters", f"{folder}/fourfold.csv", *more])
    return figures | quality(folder, "fourfold.csv")


def reach(folder, candidates=None):
    more = ["--candidates", str(candidates)] if candidates else []
    return json.loads(subprocess.run([TOOL, "reach", folder, *more], check=True, capture_output=True, text=True).stdout)


def compare(kind, rows, rules, folder):
    """One table, both programs; prints a line for each and the ratio."""
    if not os.path.exists(f"{folder}/records.csv"):
        subprocess.run([TOOL, "generate", kind, str(rows), folder], check=True)
    other = timed([sys.executable, __file__, "splink", kind, rules, folder]) | quality(folder, "splink.csv")
    other |= reach_of_rules(kind, rules, folder)
    # Looser rules: as many pairs as Splink's propose.
    candidates = None if rules == "std" else round(other["candidates"] / rows, 1)
    ours = fourfold(folder, candidates)
    ours |= reach(folder, candidates)
    ours.pop("passes")
    print(json.dumps({"table": kind, "rows": rows, "rules": rules, "program": "splink", **other}), flush=True)
    print(json.dumps({"table": kind, "rows": rows, "rules": rules, "program": "fourfold", **ours}), flush=True)
    print(f"{kind}, {rows} rows, {rules}: {other['wall_s'] / ours['wall_s']:.1f} times as fast by the clock, "
          f"{other['cpu_s'] / ours['cpu_s']:.1f} times by processor time", flush=True)


def growth(base, sizes):
    """Times by number of rows, also where one domain stands on 5 % of them."""
    for kind in ("people", "companies"):
        for hub in ([], ["--hub"]):
            for rows in sizes:
                folder = f"{base}/{kind}_{rows}{'_hub' if hub else ''}"
                if not os.path.exists(f"{folder}/records.csv"):
                    subprocess.run([TOOL, "generate", kind, str(rows), folder, *hub], check=True)
                figures = fourfold(folder)
                print(json.dumps({"table": kind, "rows": rows, "hub": bool(hub), **figures,
                                  "cpu_s_per_million": round(figures["cpu_s"] * 1e6 / rows, 2)}), flush=True)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["splink", kind, rules, folder]:
            splink(kind, rules, folder)
        case ["compare", kind, rows, rules, folder]:
            compare(kind, int(rows), rules, folder)
        case ["growth", base, *sizes]:
            growth(base, [int(size) for size in sizes])
        case _:
            sys.exit(__doc__)
