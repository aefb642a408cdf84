"""Measures `fourfold match` on sets with truth; see quality.sh. Needs Python 3 and nothing else."""

import argparse
import collections
import csv
import json
import os
import subprocess
import sys
import tempfile
import time

# The best figure of an unsupervised peer on each set, measured without a threshold tuned on the truth: Splink 5,
# GoldenMatch 3.22, nomenklatura, recordlinkage, a TF-IDF prototype with unique mapping (abt_buy).
PEERS = {
    "orgs_hard": "0.912",
    "patstat": "0.891, B3 0.855",
    "fodors_zagats": "0.973",
    "nk_name_pairs": "0.796",
    "nk_name_pairs, organisations": "0.872",
    "nk_name_pairs, people": "",
    "historical_50k": "0.842, B3 0.860",
    "fake_1000": "0.930",
    "febrl3": "0.9994",
    "febrl4": "0.9998",
    "dqbench_er_t1": "0.893",
    "dqbench_er_t2": "0.999",
    "dblp_acm": "0.991",
    "abt_buy": "0.889",
}


def rows(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def match(program, files, work, *more):
    """Runs the program; gives its pairs, its clusters, its report and the seconds it took."""
    out, clusters = os.path.join(work, "pairs.csv"), os.path.join(work, "clusters.csv")
    start = time.time()
    command = [program, "match", *files, "--out", out, "--clusters", clusters, "--json", *more]
    done = subprocess.run(command, capture_output=True, text=True)
    seconds = time.time() - start
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)} failed:\n{done.stderr}")
    report = json.loads(done.stdout)
    of = {row["id"]: row["cluster_id"] for row in rows(clusters)} if os.path.exists(clusters) else {}
    return rows(out), of, report, seconds


def components(ids, pairs):
    above = {one: one for one in ids}

    def find(one):
        while above[one] != one:
            above[one] = above[above[one]]
            one = above[one]
        return one

    for left, right in pairs:
        above[find(left)] = find(right)
    return {one: find(one) for one in ids}


def bcubed(found, true):
    """B-cubed F1 (Bagga and Baldwin, 1998) over all records."""
    found_sizes, true_sizes = collections.Counter(found.values()), collections.Counter(true.values())
    both = collections.Counter((found[one], true[one]) for one in true)
    precision = sum(both[found[one], true[one]] / found_sizes[found[one]] for one in true) / len(true)
    recall = sum(both[found[one], true[one]] / true_sizes[true[one]] for one in true) / len(true)
    return 2 * precision * recall / (precision + recall)


def f1(found, true):
    right = len(found & true)
    precision = right / len(found) if found else 0.0
    recall = right / len(true) if true else 0.0
    return (2 * precision * recall / (precision + recall) if right else 0.0), precision, recall


def linked(program, folder, work):
    """One set of records, or two, with a list of true pairs."""
    two = os.path.exists(os.path.join(folder, "left.csv"))
    files = [os.path.join(folder, name) for name in (("left.csv", "right.csv") if two else ("records.csv",))]
    found, clusters, report, seconds = match(program, files, work)
    truth = [(row["left_id"], row["right_id"]) for row in rows(os.path.join(folder, "truth.csv"))]
    order = (lambda pair: pair) if two else (lambda pair: tuple(sorted(pair)))
    true = {order(pair) for pair in truth}
    pairs = {order((row["left_id"], row["right_id"])) for row in found}
    if two:
        sides = [[(side, row["id"]) for row in rows(file)] for side, file in enumerate(files)]
        ids = [one for side in sides for one in side]
        tied = [((0, left), (1, right)) for left, right in truth]
        got = components(ids, [((0, left), (1, right)) for left, right in pairs])
    else:
        ids = [row["id"] for row in rows(files[0])]
        tied, got = truth, clusters
    line(os.path.basename(folder), f1(pairs, true), bcubed(got, components(ids, tied)), report, seconds)
    return found, pairs, true


def named(program, folder, work):
    """A list of labelled pairs of names, scored as given: organisations and people apart, as a user would."""
    cases = rows(os.path.join(folder, "pairs.csv"))
    people = [case for case in cases if case["schema"] == "Person"]
    others = [case for case in cases if case["schema"] != "Person"]
    found, true = set(), set()
    for name, part in (("organisations", others), ("people", people)):
        for side, column in (("left", "name1"), ("right", "name2")):
            with open(os.path.join(work, f"{side}.csv"), "w", encoding="utf-8", newline="") as file:
                writer = csv.writer(file)
                writer.writerow(["id", "name"])
                writer.writerows([at, case[column]] for at, case in enumerate(part))
        with open(os.path.join(work, "asked.csv"), "w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([("left_id", "right_id"), *((at, at) for at in range(len(part)))])
        files = [os.path.join(work, f"{side}.csv") for side in ("left", "right")]
        scored, _, report, seconds = match(program, files, work, "--pairs", os.path.join(work, "asked.csv"))
        own = {(name, row["left_id"]) for row in scored if float(row["probability"]) >= report["threshold"]}
        right = {(name, str(at)) for at, case in enumerate(part) if case["is_match"] == "true"}
        line(f"nk_name_pairs, {name}", f1(own, right), None, report, seconds)
        if os.environ.get("SHOW"):
            for row in scored:
                case = part[int(row["left_id"])]
                said = float(row["probability"]) >= report["threshold"]
                if said != (case["is_match"] == "true"):
                    print("  ", "called same     " if said else "called different", row["weight"], "|", case["name1"], "|", case["name2"])
        found, true = found | own, true | right
    line("nk_name_pairs", f1(found, true), None, None, 0.0)


def line(name, scores, cubed, report, seconds):
    expected = f"{report['precision']:.3f} / {report['recall']:.3f}" if report else ""
    value = f"{cubed:.4f}" if cubed is not None else ""
    print(
        f"| {name} | {scores[0]:.4f} | {scores[1]:.4f} | {scores[2]:.4f} | {value} | {PEERS.get(name, '')} "
        f"| {expected} | {seconds:.1f} |",
        flush=True,
    )


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True)
    parser.add_argument("directory")
    parser.add_argument("sets", nargs="*")
    asked = parser.parse_args()
    print("| set | F1 | precision | recall | B-cubed F1 | best unsupervised peer | precision / recall expected | seconds |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    for name in asked.sets or sorted(os.listdir(asked.directory)):
        folder = os.path.join(asked.directory, name)
        with tempfile.TemporaryDirectory() as work:
            if os.path.exists(os.path.join(folder, "pairs.csv")):
                named(asked.program, folder, work)
            elif os.path.exists(os.path.join(folder, "truth.csv")):
                linked(asked.program, folder, work)


main()
