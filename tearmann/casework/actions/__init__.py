"""Every act on a case, a file per noun: check, move, save, record, in one transaction."""
