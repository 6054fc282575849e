"""varnish: a cache whose busy keys have a waiting list."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import ClassVar, Final

from typing_extensions import override

from simcoalesce.model.layers.waiting_list import WaitingList
from simcoalesce.units import NS_PER_S
from simcoalesce.validation.cache_server import (
    STATUS_HEADER,
    CacheServer,
    ServerContext,
    statuses_kept,
)

_LEAST_RUSH: Final = 2
"""Of rush_exponent (varnishd 7.1, param.show)."""
_VCL: Final = """
vcl 4.1;

backend origin {{
  .host = "127.0.0.1";
  .port = "{origin_port}";
}}

sub vcl_beresp_hitmiss {{
  {mark}
}}

sub vcl_backend_response {{
  {rules}
}}

sub vcl_backend_error {{
  {on_failure}
  if (beresp.ttl > 0s) {{
    set beresp.ttl = {failed_fetch_ttl_s:.3f}s;
  }}
}}

sub vcl_deliver {{
  if (obj.hits > 0 && obj.ttl < 0s) {{
    set resp.http.{status_header} = "stale";
  }}
}}
"""


_ABANDON: Final = "if (bereq.is_bgfetch) { return (abandon); }"
"""What was kept stays, and no mark hides it."""


def _mark(layer: WaitingList, real_s: Callable[[int], float]) -> str:
    if layer.hit_for_pass_ns:
        return f"return (pass({real_s(layer.hit_for_pass_ns):.3f}s));"
    return (
        f"set beresp.ttl = {real_s(layer.hit_for_miss_ns):.3f}s;"
        " set beresp.uncacheable = true; return (deliver);"
    )


def _rules(layer: WaitingList, real_s: Callable[[int], float]) -> Iterator[str]:
    if layer.stale_if_error_ns:
        yield f"if (beresp.status >= 500) {{ {_ABANDON} }}"
    for status, ttl_ns in statuses_kept(layer.error_ttl):
        yield (
            f"if (beresp.status == {status})"
            f" {{ set beresp.ttl = {real_s(ttl_ns):.3f}s; }}"
        )


class Varnish(CacheServer):
    """varnishd with its built-in VCL, its times set from outside."""

    takes_posts: ClassVar[bool] = True
    program: ClassVar[str] = "varnishd"
    asks_version: ClassVar[tuple[str, str]] = ("-V", "varnish-")
    carries: ClassVar = (WaitingList,)
    has_whole_seconds: ClassVar[bool] = False
    stale_words: ClassVar[frozenset[str]] = frozenset({"stale"})
    shares_errors: ClassVar[bool] = True

    @override
    def objections_to(self, layer: WaitingList, lasts_ns: int) -> Iterator[str]:
        if layer.rush < _LEAST_RUSH:
            yield f"waiting_list.rush: {_LEAST_RUSH} or more"
        if layer.stale_if_error_ns not in {0, layer.grace_ns}:
            yield "waiting_list.stale_if_error: 0s, or as long as grace"

    @override
    def server_command(
        self, layer: WaitingList, context: ServerContext
    ) -> Sequence[str | Path]:
        def real_s(duration_ns: int) -> float:
            return duration_ns * context.scale / NS_PER_S

        vcl = _VCL.format(
            origin_port=context.origin_port,
            mark=_mark(layer, real_s),
            rules="\n  ".join(_rules(layer, real_s)),
            on_failure=_ABANDON if layer.stale_if_error_ns else "",
            failed_fetch_ttl_s=real_s(layer.failed_fetch_ttl_ns),
            status_header=STATUS_HEADER,
        )
        parameters = {
            "default_ttl": f"{real_s(layer.ttl_ns):.3f}",
            "default_grace": f"{real_s(layer.grace_ns):.3f}",
            "rush_exponent": layer.rush,
            # Longer than any client's patience.
            "first_byte_timeout": 300,
            # A request and its fetch have a thread each; none must wait for one.
            "thread_pool_min": 500,
            "thread_pool_add_delay": 0,
        }
        set_to = (("-p", f"{name}={value}") for name, value in parameters.items())
        return (
            *(self.found(), "-F", "-n", context.folder / "work", "-T", "none"),
            *("-j", "none", "-s", "malloc,64m"),
            *("-a", f"127.0.0.1:{context.port}"),
            *("-f", context.write("rules.vcl", vcl)),
            *(part for pair in set_to for part in pair),
        )
