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
# # 9 PM in plain SimPy
#
# The flash sale at 21:00 in a hundred lines of SimPy, without simcoalesce. The page
# `docs/9pm_in_plain_simpy.md` explains the same code, and says what simcoalesce adds.

# %%
import simpy

MS = 1_000  # time is whole microseconds, so that equal instants are equal
KV_READ, KV_WRITE, KV_TTL = 5 * MS, 80 * MS, 60_000 * MS
ORIGIN, REFUSAL, LIMIT = 120 * MS, 10 * MS, 1_500
BURSTS, EVERY, REQUESTS, WITHIN = 5, 61_000 * MS, 800, 400 * MS

# %% [markdown]
# ## The sale as it happened


# %%
class Sale:
    """A worker that looks in KV, and fetches what is not there."""

    def __init__(self):
        self.env = simpy.Environment()
        self.fresh_until = 0  # the entry that KV shows
        self.called_at, self.refused_at, self.latencies = [], [], []

    def run(self):
        self.env.process(self.arrivals())
        self.env.run()
        return self

    def arrivals(self):
        for burst in range(BURSTS):
            for number in range(REQUESTS):
                at = burst * EVERY + number * WITHIN // REQUESTS
                yield self.env.timeout(at - self.env.now)
                self.env.process(self.request())

    def request(self):
        arrived_at = self.env.now
        yield self.env.timeout(KV_READ)
        if self.env.now >= self.fresh_until:
            yield from self.miss()
        self.latencies.append(self.env.now - arrived_at)

    def miss(self):
        """Every miss fetches for itself."""
        yield from self.fetch()

    def fetch(self):
        """Call the origin, and put its answer into KV."""
        if (yield from self.call()) == 200:
            expires_at = self.env.now + KV_TTL
            yield self.env.timeout(KV_WRITE)
            self.fresh_until = expires_at

    def call(self):
        """Call the origin, which refuses what exceeds its limit."""
        admitted = len(self.called_at) - len(self.refused_at)
        self.called_at.append(self.env.now)
        if admitted == LIMIT:
            self.refused_at.append(self.env.now)
            yield self.env.timeout(REFUSAL)
            return 429
        yield self.env.timeout(ORIGIN)
        return 200


# %%
def told(title, sale):
    refused = f"{len(sale.refused_at):,} refused"
    if sale.refused_at:
        refused += f", the first after {sale.refused_at[0] / (1_000 * MS):.1f} s"
    print(f"{title}: {len(sale.called_at):,} calls of the origin, {refused}")


naive = Sale().run()
told("as it happened", naive)

# %% [markdown]
# ## The cure: one fetch of a key at a time
# A process of SimPy is an event, so whoever misses can wait for the fetch of another.


# %%
class OneFetch(Sale):
    """A Durable Object for the key: a miss joins the fetch that is under way."""

    fetching = None

    def miss(self):
        if self.fetching is None or not self.fetching.is_alive:
            self.fetching = self.env.process(self.fetch())
        yield self.fetching


per_key = OneFetch().run()
told("one object per product", per_key)

# %% [markdown]
# ## The same by simcoalesce

# %%
from pathlib import Path

from simcoalesce import Scenario, run

folder = Path.cwd() if Path("scenarios").exists() else Path.cwd().parent
file = folder / "scenarios" / "flash-sale-9pm.yaml"
even = "{kind: burst, requests: 800, within: 400ms, shape: even, every: 61s}"

for variant, sale in (("naive", naive), ("per-key", per_key)):
    outcomes = run(Scenario.load(file, variant, [f"traffic.arrivals=[{even}]"]))
    calls, requests = outcomes.origin_rows, outcomes.request_rows
    refused_at_ns = calls.called_at_ns[calls.status == 429]
    same = (
        list(calls.called_at_ns) == [1_000 * at for at in sale.called_at]
        and list(refused_at_ns) == [1_000 * at for at in sale.refused_at]
        and sorted(requests.latency_ns) == sorted(1_000 * it for it in sale.latencies)
    )
    print(f"{variant}: {len(calls.status):,} calls, {len(refused_at_ns):,} refused")
    print(f"the same instants of calls and refusals, the same latencies: {same}")
