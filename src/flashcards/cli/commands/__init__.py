"""The commands, one file each: their options, then one call into app."""
