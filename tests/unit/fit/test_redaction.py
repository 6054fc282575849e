"""Redaction: the texts of URLs go, and what was the same stays the same."""

from simcoalesce.fit.redaction import redacted
from simcoalesce.logs.key_rule import KeyRule
from tests.unit.fit.builders import a_log

URIS = ["/cart?token=secret", "/cart?token=other", "/cart", "/list?page=2", "/cart"]
LOG = a_log([0.0, 1.0, 2.0, 3.0, 4.0], URIS)


def test_no_text_of_a_url_is_left() -> None:
    """Neither a path nor a name or a value of a parameter."""
    text = str(redacted(LOG).targets)

    assert not [word for word in ("cart", "token", "secret", "page") if word in text]


def test_keys_are_the_same_under_each_rule() -> None:
    """With the query, and without it: what is one key stays one."""
    hashed = redacted(LOG)

    for rule in (KeyRule(), KeyRule("{path}")):
        assert hashed.keys(rule)[0].tolist() == LOG.keys(rule)[0].tolist()


def test_the_key_of_the_hash_is_a_new_one_each_time() -> None:
    """It is kept nowhere, so nobody can try out what a hash stands for."""
    assert redacted(LOG).targets != redacted(LOG).targets
    assert redacted(LOG, b"k").targets == redacted(LOG, b"k").targets
