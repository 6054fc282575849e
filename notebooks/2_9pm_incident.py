# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # The 9 PM incident
#
# A flash sale at 21:00; one product's JSON behind a worker with KV. 800 people ask at
# once, about 400 of them reach the origin, by 21:03 it refuses, and the month costs
# 40 USD. What happened, what would have helped, and can all of it be true?

# %%
from pathlib import Path

import pandas as pd
from IPython.display import SVG

from simcoalesce import Scenario, explain, replicate, run, sweep
from simcoalesce.explain.counterfactuals.remedy import remedied, remedies
from simcoalesce.report.drawing.figure import svg_text
from simcoalesce.report.picture import pictures

pd.set_option("display.max_colwidth", None)


def picture(kind, subject):
    """Return a picture of the package, by its name."""
    return SVG(svg_text(pictures()[kind], subject))


folder = Path.cwd() if Path("scenarios").exists() else Path.cwd().parent
incident = Scenario.load(folder / "scenarios" / "flash-sale-9pm.yaml")

# %% [markdown]
# ## 1. What happened?
# One run, as three tables and a picture.

# %%
outcomes = run(incident, seed=9)
outcomes

# %%
outcomes.requests.groupby(["lookup", "status"], observed=True).latency_s.describe()

# %% [markdown]
# ## 2. Why about 400?
# Every request that arrives within the miss window calls the origin:
# 1 + arrival rate x miss window.

# %%
explanation = explain(incident, replications=10)
picture("closed_form", explanation)

# %% [markdown]
# ## 3. What would each change alone have done?
# The same requests and random streams (common random numbers), one change.

# %%
picture("counterfactual_bars", explanation)

# %% [markdown]
# A change of your own is as short:

# %%
cured, changed = remedied(
    incident, remedies()["object_per_key"], remedies()["faster_origin"]
)
changed

# %%
run(cured, seed=9)

# %% [markdown]
# The cure is for calls and errors, not for the bill: the object costs more than it
# saves. KV takes one write a second of a key, so the stampedes of one key do not make
# the 40 USD that were reported. If KV did not enforce that limit, they would; so they
# would if the origin charged for its calls. The code is assumed to catch a put that KV
# refuses: if it does not, most visitors get an error.

# %%
cases = ["as it is", "per-key", "limit-not-enforced", "origin-bill", "uncaught-puts"]
metrics = ["origin_hits", "errors", "kv_writes", "cost_month_usd"]
table = pd.DataFrame(index=cases, columns=metrics, dtype=float)
for case in cases:
    scenario = incident.with_variant(None if case == "as it is" else case)
    known = replicate(scenario, replications=10).estimates
    table.loc[case] = [known[name].mean for name in metrics]
axes = table.plot.barh(
    subplots=True,
    layout=(1, 4),
    sharex=False,
    sharey=True,
    legend=False,
    figsize=(11, 2.4),
)
table.round(2)

# %% [markdown]
# And single flight in each isolate? Nobody knows how many isolates there were, and
# their number decides.

# %%
points = sweep(
    incident.with_variant("single-flight"),
    {"traffic.isolates": [1, 10, 100, 400]},
    replications=10,
).query("metric == 'origin_hits'")
isolates = points["traffic.isolates"].astype(int)
axis = points.set_index(isolates)["mean"].plot(
    style="o-", logx=True, ylabel="calls of the origin", figsize=(6, 2.6)
)
points[["traffic.isolates", "mean", "ci95_low", "ci95_high"]]

# %% [markdown]
# And what shipped: is each part of it needed? Change `shipped` and look again.

# %%
shipped = explanation.shipped
pd.DataFrame(
    [
        (one.label, one.paired["origin_hits"].mean, one.verdict)
        for one in shipped.ablation
    ],
    columns=["without", "more calls than with all of it", "verdict"],
)

# %% [markdown]
# ## 4. Which cause makes how many calls?
# The Shapley value of each cause; they sum exactly to the harm that goes without all
# of them.

# %%
picture("waterfall", explanation)

# %%
attribution = explanation.attribution
total = sum(cause.shapley for cause in attribution.causes)
total == attribution.before - attribution.after

# %% [markdown]
# ## 5. Can the report be true?

# %%
consistency = explanation.consistency
pd.DataFrame(
    [
        (one.text, "; ".join(map(str, one.against)))
        for one in consistency.contradictions
    ],
    columns=["false", "true without"],
)

# %%
pd.DataFrame(
    [
        (one.deviation, "; ".join(change.text for change in one.adjustments))
        for one in consistency.hypotheses
    ],
    columns=["deviation", "what it changes"],
)

# %% [markdown]
# Each hypothesis is told by ranges, and by what would tell it from the first one. What
# the file states and nobody reported is assumed.

# %%
pd.DataFrame(
    [
        (one.deviation, it.metric, it.here, it.there)
        for one in consistency.hypotheses
        for it in one.told_apart_by
    ],
    columns=["deviation", "metric", "here", "in the first"],
)

# %%
pd.DataFrame(
    [(one.key, one.value, one.reported or "") for one in explanation.assumed],
    columns=["assumed", "value", "reported"],
)

# %% [markdown]
# ## 6. Which claims hold?

# %%
pd.DataFrame(
    [(one.truth, one.claim.text) for one in explanation.claim_results],
    columns=["truth", "claim"],
)

# %%
# Some were measured on the real runtime, too.
pd.DataFrame(
    [
        (seen.run, seen.reference.name, seen.predicted, seen.observed)
        for one in explanation.claim_results
        for seen in one.runtime_evidence
    ],
    columns=["run", "metric", "predicted", "observed"],
)

# %% [markdown]
# ## 7. Another incident
# Nothing above is about flash sales. A homepage is invalidated and takes 12 seconds to
# render; after four seconds readers get errors. What caused it, and what would have
# helped?

# %%
homepage = Scenario.load(folder / "scenarios" / "incidents" / "homepage-rerender.yaml")
explanation = explain(homepage, replications=2)
picture("waterfall", explanation)

# %%
picture("counterfactual_bars", explanation)

# %%
pd.DataFrame(
    [(one.truth, one.claim.text) for one in explanation.claim_results],
    columns=["truth", "claim"],
)
