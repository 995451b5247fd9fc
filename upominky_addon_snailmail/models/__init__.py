from . import snailmail
