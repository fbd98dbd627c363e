# The words of the public pages, which need no account.
