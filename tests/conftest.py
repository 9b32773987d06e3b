"""What holds for every test."""

from hypothesis import HealthCheck, settings

# A slow machine is no defect of what is tested: no example has a deadline, nor may drawing one
# take too long. Everything else is as hypothesis has it, its own profile for CI included.
settings.register_profile(
    "patient", settings.default, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("patient")
