"""Names under which logs write what is known of a request, and the units in them.

A name is compared by its words: ``EdgeResponseStatus``, ``edge-response-status`` and
``edge_response_status`` are the same, and so is what follows an object's name
(``request.uri`` is a ``uri``, ``api_key`` is no ``key``).
"""

import re
from functools import lru_cache
from itertools import chain
from typing import Final, NamedTuple

NS_PER_UNIT: Final = {"s": 10**9, "ms": 10**6, "us": 1_000, "ns": 1}
"""The units that a name may end in, as in ``latency_ms``."""

_WORD: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_UNIT_WORDS: Final = {
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), "s"),
    **dict.fromkeys(("ms", "msec", "msecs", "millis", "milliseconds", "milli"), "ms"),
    **dict.fromkeys(("us", "usec", "usecs", "micros", "microseconds", "micro"), "us"),
    **dict.fromkeys(("ns", "nsec", "nsecs", "nanos", "nanoseconds", "nano"), "ns"),
}

_NAMES: Final = {
    "time": (
        "timestamp time ts at when date datetime date_time msec t epoch unix"
        " time_local time_iso8601 time_iso time_unix iso_time local_time utc_time"
        " event_time event_timestamp log_time created created_at relative_unix"
        " called_at logged_at request_timestamp req_time event_date"
    ),
    "start": (
        "start start_time started started_at start_utc start_timestamp start_date"
        " start_date_time start_local request_start request_start_time begin"
        " begin_time arrived arrived_at arrival arrival_time received received_at"
        " request_received edge_start_timestamp request_creation_time time_start"
        " request_time_start accept_date requested_at req_start time_received"
    ),
    "end": (
        "end end_time ended ended_at end_utc end_timestamp end_date finished"
        " finished_at finish_time completed completed_at completion_time"
        " edge_end_timestamp time_end request_end response_time_end stopped_at"
        " answered_at done_at"
    ),
    "duration": (
        "duration latency elapsed elapsed_time response_time request_time"
        " request_duration response_duration time_taken took total_time"
        " service_time processing_time rt resp_time req_duration call_duration"
        " wall_time turn_around_time ttlb runtime run_time time_spent time_elapsed"
        " http_duration latencies_request round_trip rtt time_total time_cost"
        " total_duration dur execution_time event_duration"
        " reqtime req_time_ms response_latency turn_around_time_m_sec"
    ),
    "origin_duration": (
        "upstream_response_time origin_duration origin_time upstream_time"
        " origin_response_time origin_response_duration backend_time urt"
        " upstream_latency origin_latency upstream_service_time"
        " target_processing_time backend_response_time backend_duration"
        " upstream_duration latencies_proxy proxy_latency backend_processing_time"
        " service apptime"
    ),
    "method": (
        "method request_method verb http_method cs_method req_method"
        " client_request_method http_verb request_verb"
    ),
    "host": (
        "host x_host_header request_host http_host host_header vhost virtual_host"
        " authority client_request_host server_name req_host domain cs_host"
        " domain_name url_domain site hostname"
    ),
    "url": (
        "url request_url uri request_uri req_url full_url original_url target"
        " client_request_uri page resource request_target cs_uri"
        " url_original url_full request_link link"
    ),
    "key": (
        "key cache_key object_id obj_id item_id hashed_host_path_query"
        " hashed_path_query lbn obj object content_id asset_id photo_id"
    ),
    "path": (
        "path request_path url_path cs_uri_stem uri_path client_request_path"
        " req_path route endpoint uri_stem pathname url_stem"
    ),
    "query": (
        "query query_string cs_uri_query uri_query args request_query url_query"
        " query_str querystring uri_param"
    ),
    "request": "request request_line cs_request http_request req",
    "status": (
        "status status_code response_code response_status http_status code sc_status"
        " edge_response_status http_status_code downstream_status resp_status"
        " http_code http_response_code rsp_status return_code elb_status_code"
        " response_status_code"
    ),
    "cache": (
        "upstream_cache_status cache_status cache cache_cache_status x_cache"
        " cf_cache_status x_edge_result_type response_state cache_result"
        " cache_hit hit_miss cs cache_state lookup x_cache_status hit_info"
        " cache_outcome proxy_cache_status"
    ),
    "origin_status": (
        "upstream_status origin_status origin_response_status backend_status"
        " target_status_code origin_status_code upstream_status_code"
        " backend_status_code"
    ),
    "location": (
        "location pop edge_colo_code colo datacenter data_center x_edge_location"
        " edge_location edge region cluster"
    ),
    "isolate": "isolate isolate_id worker worker_id",
    "count": "count requests hits request_count",
}
"""Standard field: its names by their words, the usual ones first."""

_KNOWN_UNITS: Final = {
    "request_time": "s",  # nginx, $request_time: seconds with milliseconds
    "upstream_response_time": "s",
    "rt": "s",
    "urt": "s",
    "reqtime": "s",  # ltsv.org, labels for web servers
    "apptime": "s",
    "upstream_service_time": "ms",  # Envoy, x-envoy-upstream-service-time
    "target_processing_time": "s",  # AWS load balancers
    "event_duration": "ns",  # Elastic Common Schema
    "latencies_request": "ms",  # Kong
    "latencies_proxy": "ms",
}
"""Units that are documented for a name without one."""


class KnownName(NamedTuple):
    """What the name of a field says.

    Attributes:
        field: The standard field; ``start`` and ``end`` are times of which it is known
            whether they are the request's start or its end.
        rank: 0 for the most usual name.
        unit: The unit in the name, or known of it; empty if there is none.
        length: How many words of the name are known.
    """

    field: str
    rank: int
    unit: str
    length: int


def _by_words() -> dict[str, tuple[str, int]]:
    found: dict[str, tuple[str, int]] = {}
    for field, names in _NAMES.items():
        for rank, name in enumerate(names.split()):
            found.setdefault(name, (field, rank))
    return found


_FIELD_OF: Final = _by_words()


def words_of_name(name: str) -> list[str]:
    """Return the words of a field's name, in lower case.

    >>> words_of_name("cs(Host)"), words_of_name("OriginResponseDurationMs")
    (['cs', 'host'], ['origin', 'response', 'duration', 'ms'])
    """
    return [word.lower() for word in _WORD.findall(name)]


def unit_in_name(name: str) -> str:
    """Return the unit that a name ends in, or nothing.

    >>> unit_in_name("latency_ms"), unit_in_name("WallTimeMs"), unit_in_name("status")
    ('ms', 'ms', '')
    """
    words = words_of_name(name)
    return _UNIT_WORDS.get(words[-1], "") if len(words) > 1 else ""


@lru_cache(maxsize=4_096)
def known_name(name: str) -> KnownName | None:
    """Return what a name says, or None for one that is not known.

    A name within an object may be known with or without those of the objects around
    it; the longest that is known counts.

    >>> known_name("httpRequest.requestUrl")
    KnownName(field='url', rank=1, unit='', length=2)
    """
    parts = [words_of_name(part) for part in name.split(".")]
    for first in range(len(parts)):
        known = _known_words(list(chain.from_iterable(parts[first:])))
        if known is not None:
            return known
    return None


def _known_words(words: list[str]) -> KnownName | None:
    whole = "_".join(words)
    if not words:
        return None
    if whole in _FIELD_OF:
        return KnownName(*_FIELD_OF[whole], _KNOWN_UNITS.get(whole, ""), len(words))
    unit = _UNIT_WORDS.get(words[-1], "") if len(words) > 1 else ""
    without = "_".join(words[:-1])
    if unit and without in _FIELD_OF:
        return KnownName(*_FIELD_OF[without], unit, len(words))
    return None
