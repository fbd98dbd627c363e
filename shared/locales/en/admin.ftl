# The words of the administration: accounts, imports, erasure.

import-heading-unknown = This column is not known. Please use a heading of the template, or remove the column.
import-heading-twice = This column is there twice.
import-heading-missing = This column is missing.
import-not-a-date = Not a date. Please write it as 2026-12-31.
import-not-a-number = Not a whole number.
import-not-a-flag = Please write “yes” or “no”.
import-cell-error = The formula in this cell has failed.
import-twice = A row above has the same name.
import-contradicts = This says otherwise than the rows above on the same matter.
import-differs = There is a record of this name already, with something else here. Please change it in the app, or make the sheet agree.
import-ambiguous = There are several records of this name; which one is meant is not clear.
import-stray = This row belongs to no matter: please give its name.

explorer-title = The interface
explorer-schemas = Schemas
explorer-access = Who may call it
explorer-body = Body
explorer-anyone = Anyone
explorer-signedin = Whoever is signed in
explorer-tokeninquery = Whoever is signed in, with the token in the address
explorer-office = The office
explorer-admin = Administrators
explorer-signedinorticket = Whoever is signed in, or with a ticket
explorer-officeorticket = The office, or with a ticket of the office
