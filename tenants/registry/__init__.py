"""Models: bases that are read in clear from a folder, and what a tenant trained, sealed.

A *candidate* may be tried by those who train and review; an *approved* model may be used by everyone in the project.
"""
