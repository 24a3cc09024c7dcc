"""How properties are judged."""

from hypothesis import HealthCheck, settings


def test_no_property_is_judged_by_the_clock():
    """Neither drawing nor checking examples has a time limit: machines are shared."""
    assert settings.default is not None
    assert settings.default.deadline is None
    assert HealthCheck.too_slow in settings.default.suppress_health_check
