# The words of the administration: accounts, imports, erasure.
