"""The statistics on the screen: a file for each tab."""
