#!/usr/bin/env python3
"""Makes figures.json: labels and scores with scikit-learn's figures for them, to hold our own against.

Run once with scikit-learn installed; the result is kept with its version, so the tests need no Python."""
import json
import random

import sklearn
from sklearn.metrics import (average_precision_score, cohen_kappa_score, precision_recall_fscore_support, roc_auc_score)

random.seed(20261125)
N, K = 600, 5
gold = [random.choices(range(K), [40, 25, 20, 10, 5])[0] for _ in range(N)]
found = [g if random.random() < 0.6 else random.randrange(K) for g in gold]
relevant = [g >= 2 for g in gold]
# Few different scores, so that there are many ties.
scores = [min(20, max(0, 4 * f + random.randrange(-5, 6))) for f in found]
per = precision_recall_fscore_support(gold, found, zero_division=0)
micro = precision_recall_fscore_support(gold, found, average="micro")
macro = precision_recall_fscore_support(gold, found, average="macro")
json.dump({
    "sklearn": sklearn.__version__, "gold": gold, "found": found, "scores": scores,
    "precision": list(per[0]), "recall": list(per[1]), "f1": list(per[2]),
    "micro": list(micro[:3]), "macro": list(macro[:3]),
    "kappa": cohen_kappa_score(gold, found), "kappa_linear": cohen_kappa_score(gold, found, weights="linear"),
    "auc": roc_auc_score(relevant, scores), "average_precision": average_precision_score(relevant, scores),
}, open("figures.json", "w"))
