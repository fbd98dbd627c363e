# The words of the administration: accounts, imports, erasure.

admin = Administration
admin-accounts = Accounts
admin-lists = Lists
admin-audit = What was done
admin-not-yours = This is where administrators work; your account is not one of theirs.
admin-loading = Opening…

account = Account
account-search = Find by name
account-new = New account
account-back = ‹ Back to the accounts
account-choose = Choose an account on the left.
account-user = Name at sign-in
account-user-hint = 1 to 32 of a-z, 0-9 and . _ -; it cannot be changed later.
account-name = Name
account-roles = Roles
account-add = Add the account
account-new-places = Then name this person in the lists of stations and groups: permissions follow the lists.
account-disable = Disabled (signed out at once, no sign-in; what was written stays)
account-disabled = Disabled
account-saved = Saved.
account-password = Password
account-password-hint = For whoever has forgotten theirs a new one is made up; every sign-in with the old one ends.
account-password-new = Make up a new password
account-password-told = The new password of { $user } is shown this once. Tell it in person:
account-belongs = In the lists
account-belongs-hint = The lists of people, stations and groups decide this; change it there.
account-person = Person
account-hosts = Hosts
account-member-of = Attached to
account-convenes = Convenes
account-groups = Groups

list-in-use = { $n } in use
list-hint = Whoever is named in a list has what goes with it from the moment the list is accepted. Who changed what stands in each record's history.
new-station = New station
new-person = New person
new-group = New group
new-theme = New theme
new-target = New target

audit-none = Nothing was done yet.
audit-hint = Only ever added to: what was removed for good and what was done to accounts; who, when and why. Changes to records stand in each record's own history.
audit-document = { $kind } { $id }
audit-role-given = { $role } given
audit-role-taken = { $role } taken
audit-name = name changed
audit-disabled = disabled
audit-enabled = enabled again
deed-erased = Removed for good
deed-account-added = Account added
deed-account-changed = Account changed
deed-password-set = Password set

erase-record = Remove this record for good…
erase-record-means = There is no way back: its words, its history and the contact that goes with it are removed from the server, from searches and from exports; devices that hold it remove it when they next have a line, and changes that were not sent are not taken. Only its id and the note that it was removed are kept.
erase-record-do = Remove for good
erase-contact = Remove the contact for good…
erase-contact-means = There is no way back: name, phone and remark are removed from the server, and from devices that hold them when they next have a line. What was said stays as it is.
erase-contact-do = Remove the contact for good
erase-reason = Why it is removed
erase-reason-hint = It is kept in the list of what was done; do not repeat what is removed.
