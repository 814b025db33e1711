"""The slot batch: several requests on one model, each with its own adapters, step by step, each repeatable bit for bit.

A batch holds slots. At every step each occupied slot advances its own request: own time step, scheduler, guidance, prompt
and adapters. What computes has a shape from a short list (`shapes`), and depends on nothing else: not on who the neighbours
are. So a picture is made again from its shapes and slots, beside empty ones.
"""
