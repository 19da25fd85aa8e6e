from . import engine, models
from .hooks import post_load

__all__ = ["engine", "models", "post_load"]
