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

from simcoalesce import Scenario, explain, replicate, run, sweep
from simcoalesce.explain.counterfactuals.remedy import remedied, remedies

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
closed_form = explanation.closed_form
window_ms = 1000 * closed_form.window_s
rate_per_s, predicted = closed_form.rate_per_s, closed_form.predicted
print(f"{rate_per_s:,.0f}/s for {window_ms:.0f} ms: {predicted:.0f} calls")
print(f"simulated: {closed_form.simulated.mean:.0f}")

# %% [markdown]
# ## 3. What would each change alone have done?
# The same requests and random streams (common random numbers), one change.

# %%
for one in explanation.counterfactuals:
    hits, errors = one.metrics["origin_hits"].mean, one.metrics["errors"].mean
    print(f"{one.label:36} {hits:8,.1f} calls {errors:6,.0f} errors   {one.verdict}")

# %% [markdown]
# A change of your own is as short:

# %%
cured, changed = remedied(
    incident, remedies()["object_per_key"], remedies()["faster_origin"]
)
print(changed)
run(cured, seed=9)

# %% [markdown]
# The cure is for calls and errors, not for the bill: the object costs more than it
# saves. KV takes one write a second of a key, so the stampedes of one key do not make
# the 40 USD that were reported. If KV did not enforce that limit, they would; so they
# would if the origin charged for its calls. The code is assumed to catch a put that KV
# refuses: if it does not, most visitors get an error.

# %%
cases = (None, "per-key", "limit-not-enforced", "origin-bill", "uncaught-puts")
for variant in cases:
    scenario = incident.with_variant(variant)
    known = replicate(scenario, replications=10).estimates
    month_usd, errors = known["cost_month_usd"].mean, known["errors"].mean
    writes, hits = known["kv_writes"].mean, known["origin_hits"].mean
    print(
        f"{scenario.label:36} {hits:6,.0f} calls {errors:6,.0f} errors"
        f" {writes:6,.0f} KV writes ${month_usd:.2f} a month"
    )

# %% [markdown]
# And single flight in each isolate? Nobody knows how many isolates there were, and
# their number decides.

# %%
sweep(
    incident.with_variant("single-flight"),
    {"traffic.isolates": [1, 10, 100, 400]},
    replications=10,
).query("metric == 'origin_hits'")

# %% [markdown]
# And what shipped: is each part of it needed? Change `shipped` and look again.

# %%
shipped = explanation.shipped
print(f"all of it: {shipped.whole.metrics['origin_hits'].mean:.0f} calls")
for one in shipped.ablation:
    change = one.paired["origin_hits"]
    print(f"without {one.label}: {change.mean:+,.0f} calls   {one.verdict}")

# %% [markdown]
# ## 4. Which cause makes how many calls?
# The Shapley value of each cause; they sum exactly to the harm that goes without all
# of them.

# %%
attribution = explanation.attribution
for cause in attribution.causes:
    print(f"{cause.label:50} {float(cause.shapley):8.1f}")
total = sum(cause.shapley for cause in attribution.causes)
total == attribution.before - attribution.after

# %% [markdown]
# ## 5. Can the report be true?

# %%
for contradiction in explanation.consistency.contradictions:
    print("false:", contradiction.text, "| true without:", *contradiction.against)
for hypothesis in explanation.consistency.hypotheses:
    changes = "; ".join(one.text for one in hypothesis.adjustments)
    print(f"deviation {hypothesis.deviation:.1f}: {changes}")

# %% [markdown]
# Each hypothesis is told by ranges, and by what would tell it from the first one. What
# the file states and nobody reported is assumed.

# %%
for hypothesis in explanation.consistency.hypotheses:
    apart = (
        f"{it.metric} {it.here}, not {it.there}" for it in hypothesis.told_apart_by
    )
    print(f"deviation {hypothesis.deviation:.1f}:", "; ".join(apart))
for one in explanation.assumed:
    print(
        f"assumed: {one.key} {one.value}", one.reported and f"(reported {one.reported})"
    )

# %% [markdown]
# ## 6. Which claims hold?

# %%
for result in explanation.claim_results:
    print(f"{result.truth:9}", result.claim.text)
    for seen in result.runtime_evidence:
        said = f"{seen.predicted:g} predicted, {seen.observed:g} observed"
        print(f"{'':8}   on the real runtime, {seen.run}: {seen.reference.name} {said}")

# %% [markdown]
# ## 7. Another incident
# Nothing above is about flash sales. A homepage is invalidated and takes 12 seconds to
# render; after four seconds readers get errors. What caused it, and what would have
# helped?

# %%
homepage = Scenario.load(folder / "scenarios" / "incidents" / "homepage-rerender.yaml")
explanation = explain(homepage, replications=2)
for cause in explanation.attribution.causes:
    print(f"{float(cause.shapley):8.1f}  {cause.label}")

# %%
for one in explanation.counterfactuals:
    errors = one.metrics["errors"].mean
    print(f"{one.label:36} {errors:6,.0f} errors   {one.verdict}")
for result in explanation.claim_results:
    print(f"{result.truth:9}", result.claim.text)
