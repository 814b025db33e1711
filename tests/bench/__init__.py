"""Benchmarks: each prints `name: value` lines, bare numbers in the unit that the name says; never asserted."""
