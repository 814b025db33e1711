"""The small text-to-image model that ships with the platform: its recipe, its weights, its card.

An embedded default for trying the product and for tests, not a foundation for a studio's work.
"""
