from . import hand_over, snailmail
