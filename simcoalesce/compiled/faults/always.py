"""always, as `model.faults.always` has it."""

from simcoalesce.compiled.kernel import inner


@inner
def strikes() -> bool:
    """Strike every call."""
    return True
