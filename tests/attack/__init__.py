"""The attack run: whoever may not tries everything, beside whoever may. `python -m tests.attack` (`make attack`)."""
