from . import cabinet_demo
