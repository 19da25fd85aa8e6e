from . import cabinet_credit
