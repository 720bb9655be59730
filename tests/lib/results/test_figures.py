# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The figures beside those of scikit-learn and SciPy, and what these don't compute beside
its formula written out in NumPy: to 1e-12."""
import json
import math
import os
import subprocess
import warnings

import numpy as np
import pytest
from scipy import stats
from sklearn import metrics

BINS = 15


def run(lines):
    out = subprocess.run([os.environ["ASSAY_FIGURES"]], input="".join(line + "\n" for line in lines),
                         capture_output=True, text=True, check=True, timeout=300).stdout
    return [json.loads(line) for line in out.splitlines()]


def tell(command, truth, labels, *rows):
    fields = [command, truth]
    for place, row in enumerate(rows):
        fields += ["/"] * (place > 0)
        for label, score in zip(labels, row):
            fields += [label, repr(float(score))]
    return "\t".join(fields)


def close(ours, theirs):
    if ours is None or theirs is None or math.isnan(theirs):
        assert ours is None and (theirs is None or math.isnan(theirs)), (ours, theirs)
    else:
        assert ours == pytest.approx(theirs, rel=1e-12, abs=1e-12)


def answers(labels, scores):
    """The highest score, of equal ones the first label; and the ranks of all."""
    order = np.array([sorted(range(len(labels)), key=lambda i: (-row[i], labels[i].encode()))
                      for row in scores])
    return order


def random_case(seed, n, n_labels, skew=1.0, sharp=2.0):
    random = np.random.default_rng(seed)
    labels = [f"label {i:04}" for i in range(n_labels)]
    truth = random.choice(n_labels, n, p=(w := 1 / np.arange(1, n_labels + 1) ** skew) / w.sum())
    logits = random.normal(size=(n, n_labels))
    logits[np.arange(n), truth] += sharp
    scores = np.exp(logits)
    scores /= scores.sum(axis=1, keepdims=True)
    return labels, truth, scores


def degenerate():
    one = np.ones((5, 1))
    sure = np.eye(3)[[0, 1, 2, 0, 1, 2]]
    yield "one label", ["only"], np.zeros(5, int), one
    yield "all right", ["a", "b", "c"], np.array([0, 1, 2, 0, 1, 2]), sure
    yield "all wrong", ["a", "b", "c"], np.array([1, 2, 0, 1, 2, 0]), sure
    yield "one image", ["a", "b"], np.array([1]), np.array([[.25, .75]])
    # b is never the truth, c never the answer.
    yield "empty labels", ["a", "b", "c"], np.array([0, 0, 2, 2]), np.array(
        [[.6, .3, .1], [.3, .6, .1], [.2, .5, .3], [.9, .05, .05]])
    yield "ties", ["b", "a"], np.array([0, 1, 0]), np.array([[.5, .5], [.5, .5], [.5, .5]])
    yield "always the same answer", ["a", "b"], np.array([0, 1, 1]), np.array([[.9, .1]] * 3)


CASES = [pytest.param(*random_case(seed, n, labels), id=f"{n} images, {labels} labels")
         for seed, n, labels in [(1, 60, 5), (2, 1000, 2), (3, 3000, 5), (4, 400, 40), (5, 300, 1000)]]
CASES += [pytest.param(*rest, id=name) for name, *rest in degenerate()]


@pytest.mark.parametrize("labels, truth, scores", CASES)
def test_as_others_compute_it(labels, truth, scores):
    lines = [tell("add", labels[is_], labels, row) for is_, row in zip(truth, scores)]
    ours, = run([*lines, "figures"])
    order = answers(labels, scores)
    said = order[:, 0]
    true_names, said_names = [labels[i] for i in truth], [labels[i] for i in said]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        report = metrics.classification_report(true_names, said_names, output_dict=True, zero_division=0)
        accuracy = metrics.accuracy_score(true_names, said_names)
        close(ours["accuracy"]["value"], accuracy)
        close(ours["balanced_accuracy"], metrics.balanced_accuracy_score(true_names, said_names))
        close(ours["kappa"], metrics.cohen_kappa_score(true_names, said_names))
        close(ours["mcc"], metrics.matthews_corrcoef(true_names, said_names))
        if len(labels) > 1:
            # Labels stand in their order there.
            place = np.argsort(labels, kind="stable")
            theirs = metrics.log_loss(true_names, scores[:, place], labels=[labels[i] for i in place])
            close(ours["log_loss"], theirs)
    for mean in ("macro avg", "weighted avg"):
        for figure in ("precision", "recall", "f1-score"):
            close(ours[mean][figure], report[mean][figure])
    seen = sorted(set(true_names) | set(said_names))
    assert sorted(name for name in ours["labels"] if name) == seen
    for name in seen:
        for figure in ("precision", "recall", "f1-score", "support"):
            close(ours["labels"][name][figure] or 0, report[name][figure])
    matrix = np.array(ours["matrix"]).reshape(len(seen) + 1, -1)
    assert (matrix[:-1, :-1] == metrics.confusion_matrix(true_names, said_names, labels=seen)).all()
    assert matrix[-1].sum() == matrix[:, -1].sum() == 0
    confused = sorted((-matrix[i, j], seen[i], seen[j]) for i, j in np.argwhere(matrix) if i != j)
    assert ours["confusions"] == [[is_, called, -n] for n, is_, called in confused[:10]]
    ranks = np.array([list(row).index(is_) for row, is_ in zip(order, truth)])
    for k in (1, 2, 5):
        close(ours[f"top_{k}"], (ranks < k).mean())
        if len(labels) > max(k, 2) and len(np.unique(scores)) == scores.size:
            close(ours[f"top_{k}"], metrics.top_k_accuracy_score(truth, scores, k=k,
                                                                 labels=np.arange(len(labels))))


@pytest.mark.parametrize("labels, truth, scores", CASES)
def test_by_the_formula(labels, truth, scores):
    lines = [tell("add", labels[is_], labels, row) for is_, row in zip(truth, scores)]
    ours, = run([*lines, "figures"])
    n = len(truth)
    said = answers(labels, scores)[:, 0]
    right = said == truth
    top = scores[np.arange(n), said]
    close(ours["brier"], ((scores - np.eye(len(labels))[truth]) ** 2).sum(axis=1).mean())
    edges = np.linspace(0, 1, BINS + 1)
    ece = 0
    for bin_, (low, high) in enumerate(zip(edges, edges[1:])):
        inside = (top > low) & (top <= high)
        assert ours["bins"][bin_]["n"] == inside.sum()
        assert ours["bins"][bin_]["right"] == right[inside].sum()
        if inside.any():
            close(ours["bins"][bin_]["mean"], top[inside].mean())
            ece += inside.mean() * abs(right[inside].mean() - top[inside].mean())
    close(ours["ece"], ece)
    for (covered, well), percent in zip(ours["coverage"], range(0, 101, 5)):
        assert covered == (top >= percent / 100).sum()
        assert well == right[top >= percent / 100].sum()
    reached = [k / 10000 for k in range(10001)
               if (left := top >= k / 10000).any() and right[left].mean() >= .9]
    assert ours.get("threshold_90") == (reached[0] if reached else None)
    interval = stats.binomtest(int(right.sum()), n).proportion_ci(.95, "wilson")
    close(ours["accuracy"]["low"], interval.low)
    close(ours["accuracy"]["high"], interval.high)


def few(labels, truth, scores):
    """Only the best three of each are sent."""
    return scores >= np.sort(scores)[:, -3][:, None], scores


def independent(labels, truth, scores):
    return np.ones_like(scores, bool), np.random.default_rng(22).random(scores.shape) ** 3


def unknown(labels, truth, scores):
    """The commonest truth is no label of the model."""
    sent = np.ones_like(scores, bool)
    sent[:, 0] = False
    return sent, scores


def tiny(labels, truth, scores):
    """Below what a logarithm is taken of, in halves of the images 0 and all but 0."""
    lowest = scores.argmin(axis=1)
    scores[np.arange(len(truth)), lowest] = np.where(np.arange(len(truth)) % 2, 0, 1e-20)
    return np.ones_like(scores, bool), scores


@pytest.mark.parametrize("change", [few, independent, unknown, tiny])
def test_scores_that_do_not_add_up_to_one(change):
    labels, truth, scores = random_case(21, 500, 8, sharp=1.0)
    sent, scores = change(labels, truth, scores)
    lines = ["\t".join(["add", labels[is_], *(field for i in np.flatnonzero(which) for field in
                                              (labels[i], repr(float(row[i]))))])
             for is_, row, which in zip(truth, scores, sent)]
    ours, = run([*lines, "figures"])
    scores = np.where(sent, scores, 0)
    order = answers(labels, scores)
    true_names, said_names = [labels[i] for i in truth], [labels[i] for i in order[:, 0]]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        close(ours["log_loss"], metrics.log_loss(true_names, scores, labels=labels))
    report = metrics.classification_report(true_names, said_names, output_dict=True, zero_division=0)
    for figure in ("precision", "recall", "f1-score"):
        close(ours["macro avg"][figure], report["macro avg"][figure])
    close(ours["brier"], ((scores - np.eye(len(labels))[truth]) ** 2).sum(axis=1).mean())
    known = sent[np.arange(len(truth)), truth]
    ranks = np.array([list(row).index(is_) for row, is_ in zip(order, truth)])
    for k in (1, 2, 5):
        close(ours[f"top_{k}"], (known & (ranks < k)).mean())


def test_twice_what_others_say_of_two_labels():
    labels, truth, scores = random_case(23, 200, 2)
    ours, = run([tell("add", labels[is_], labels, row) for is_, row in zip(truth, scores)] + ["figures"])
    close(ours["brier"], 2 * metrics.brier_score_loss(truth, scores[:, 1]))


def test_without_anything():
    ours, = run(["figures"])
    assert ours["n"] == 0
    assert ours["log_loss"] is ours["brier"] is ours["ece"] is ours["kappa"] is ours["mcc"] is None
    assert ours["accuracy"]["value"] is ours["balanced_accuracy"] is ours["top_1"] is None


def test_what_comes_and_goes_leaves_nothing():
    labels, truth, scores = random_case(7, 400, 6)
    random = np.random.default_rng(8)
    lines = []
    inside = set()
    for _ in range(8000):
        i = int(random.integers(len(truth)))
        lines.append(tell("remove" if i in inside else "add", labels[truth[i]], labels, scores[i]))
        inside ^= {i}
    fresh = [tell("add", labels[truth[i]], labels, scores[i]) for i in sorted(inside)]
    (ours,), (theirs,) = run([*lines, "figures"]), run([*fresh, "figures"])
    for name in ("n", "right", "log_loss", "brier", "ece", "kappa", "mcc", "bins", "coverage", "accuracy",
                 "macro avg", "weighted avg"):
        assert ours[name] == theirs[name], name


def test_scores_that_are_no_probabilities():
    labels = ["a", "b"]
    ours, = run([tell("add", "a", labels, [3.5, -1]), tell("add", "b", labels, [.2, .8]), "figures"])
    assert ours["accuracy"]["value"] == 1
    assert ours["log_loss"] is ours["brier"] is ours["ece"] is None


@pytest.mark.parametrize("b, c", [(1, 11), (5, 14), (15, 25), (0, 5), (0, 6), (7, 2), (0, 0), (3, 3), (0, 1),
                                  (0, 1200), (400, 500), (4000, 4300), (49000, 50000), (99000, 99500)])
def test_mcnemar(b, c):
    ours, back = run([f"mcnemar\t{b}\t{c}", f"mcnemar\t{c}\t{b}"])
    assert ours == back
    theirs = exact_p(b, c)
    assert ours == pytest.approx(theirs, rel=1e-12, abs=0 if theirs > 1e-290 else 1e-290)


def exact_p(b, c):
    """By whole numbers."""
    n, least = b + c, min(b, c)
    if b == c:
        return 1.0
    term = total = 1
    for k in range(1, least + 1):
        term = term * (n - k + 1) // k
        total += term
        # What is far from the last ones does not count; numbers would grow without end.
    shift = max(total.bit_length() - 200, 0)
    return min(1.0, math.ldexp(2 * ((total >> shift) / 2 ** 200), 200 + shift - n)
               if n < 1000 else 2 * math.exp(math.log(total >> shift) + (shift - n) * math.log(2)))


def test_mcnemar_as_the_chart_rules_have_it():
    table = {(1, 11): .0063, (5, 14): .0636, (15, 25): .1539, (0, 5): .0625, (0, 6): .03125, (7, 2): .1797}
    for (b, c), ours in zip(table, run([f"mcnemar\t{b}\t{c}" for b, c in table])):
        assert ours == pytest.approx(table[b, c], abs=5e-5)


@pytest.mark.parametrize("n, b, c", [(60, 2, 7), (300, 4, 31), (1000, 60, 90), (100000, 900, 1000),
                                     (50, 0, 3), (20, 20, 0), (30, 0, 0)])
def test_difference(n, b, c):
    seeds = [1, 2, 3, 20180927]
    ours = [each["difference"] for each in run([f"difference\t{n}\t{b}\t{c}\t{seed}" for seed in seeds])]
    again, = run([f"difference\t{n}\t{b}\t{c}\t1"])
    assert again["difference"] == ours[0]
    random = np.random.default_rng(9)
    drawn = random.multinomial(n, [b / n, c / n, 1 - (b + c) / n], size=200000)
    differences = (drawn[:, 1] - drawn[:, 0]) / n
    deviation = differences.std()
    for each in ours:
        close(each["value"], (c - b) / n)
        # The quantile of 9,999 draws spreads by about 2.7 % of a deviation, and goes in steps.
        for side, quantile in (("low", .025), ("high", .975)):
            assert abs(each[side] - np.quantile(differences, quantile)) <= .12 * deviation + 1.01 / n


@pytest.mark.parametrize("n, b, c", [(60, 2, 7), (60, 4, 8), (100, 3, 8), (300, 3, 9), (300, 5, 10),
                                     (300, 15, 25), (1000, 60, 70), (50, 0, 3)])
def test_needed(n, b, c):
    more, swapped = run([f"needed\t{n}\t{b}\t{c}", f"needed\t{n}\t{c}\t{b}"])
    assert more == swapped
    share = min(b, c) / (b + c)
    uneven = b + c
    while exact_p(least := math.floor(uneven * share + .5), uneven - least) >= .05:
        uneven += 1
    # By whole numbers, rounded up.
    assert more == -((b + c - uneven) * n // (b + c))


def test_needed_by_nobody():
    settled, even, nobody, hardly = run(["needed\t300\t4\t31", "needed\t100\t7\t7", "needed\t60\t0\t0",
                                         "needed\t100000\t20000\t20001"])
    assert settled == 0
    assert even == nobody == hardly == 2 ** 64 - 1


def test_holm():
    ours, = run(["holm\t0.01\t0.04\t0.03\t0.005"])
    assert ours == pytest.approx([.03, .06, .06, .02], rel=1e-12)


def test_comparison():
    labels, truth, a = random_case(11, 500, 5)
    b = random_case(12, 500, 5, sharp=0)[2]
    b[np.arange(500), truth] += 1.2 * (np.random.default_rng(13).random(500) < .8)
    b /= b.sum(axis=1, keepdims=True)
    known = np.random.default_rng(14).random(500) < .7
    rows = list(zip(truth, a, b, known))
    lines = [tell("pair", labels[t] if k else "", labels, ra, rb) for t, ra, rb, k in rows]
    lines += [tell("unpair", labels[t] if k else "", labels, ra, rb) for t, ra, rb, k in rows[:100]]
    ours, = run([*lines, "comparison"])
    truth, a, b, known = truth[100:], a[100:].argmax(axis=1), b[100:].argmax(axis=1), known[100:]
    assert ours["n"] == 400 and ours["apart"] == 0
    assert ours["agree"] == (a == b).sum() and ours["changed"] == (a != b).sum()
    right_a, right_b = (a == truth)[known], (b == truth)[known]
    assert ours["n_truth"] == known.sum()
    assert ours["both_right"] == (right_a & right_b).sum()
    assert ours["only_a"] == (right_a & ~right_b).sum()
    assert ours["only_b"] == (~right_a & right_b).sum()
    assert ours["both_wrong"] == (~right_a & ~right_b).sum()
    assert ours["p"] == pytest.approx(stats.binomtest(int(ours["only_a"]), int(ours["only_a"] + ours["only_b"]))
                                      .pvalue, rel=1e-10)
    close(ours["accuracy_b"]["value"], right_b.mean())


def test_labels_that_only_one_knows():
    def pair(truth, a, b):
        return "\t".join(["pair", truth, *a, "/", *b])

    old = {"rose": ["rose", "0.9", "tulip", "0.1"], "tulip": ["rose", "0.2", "tulip", "0.8"]}
    new = {"rose": ["rose", "0.8", "tulip", "0.1", "lily", "0.1"],
           "tulip": ["rose", "0.1", "tulip", "0.8", "lily", "0.1"],
           "lily": ["rose", "0.1", "tulip", "0.1", "lily", "0.8"]}
    lines = [pair("rose", old["rose"], new["rose"]), pair("rose", old["tulip"], new["rose"]),
             pair("lily", old["tulip"], new["lily"]), pair("rose", old["rose"], new["lily"]),
             # Nobody knows it: both are wrong.
             pair("daisy", old["rose"], new["rose"])]
    ours, = run([*lines, "comparison"])
    # One that lists only the best of its labels may have any.
    few = pair("rose", ["tulip", "0.9"], new["rose"])
    some, = run([*lines, few, "comparison"])
    assert (some["n"], some["apart"], some["only_b"]) == (6, 0, 3)
    assert (ours["n"], ours["apart"], ours["n_truth"]) == (3, 2, 3)
    assert (ours["both_right"], ours["only_b"], ours["both_wrong"]) == (1, 1, 1)
