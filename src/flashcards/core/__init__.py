"""Pure rules: functions and frozen values, no I/O."""
