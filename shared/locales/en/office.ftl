# The parts that pages are made of.

ui-optional = { " (optional)" }
ui-more-fields = More
ui-choose = Choose
ui-no-options = The list has not reached this tablet yet; it will appear when there is a line.
ui-unknown = Unknown
ui-nothing = Not filled in
ui-yes = Yes
ui-no = No
ui-separator = { ", " }
ui-between = { " · " }
ui-room = { $n ->
    [one] Room for one more character
   *[other] Room for { $n } more characters
}
ui-add-name = Type a name
ui-add = Add
ui-remove = Remove { $name }
ui-cancel = Cancel

ui-acts = What to do
ui-act-with-words = { $act } with a few words
ui-act-words = { $act }: say why or what
ui-act-words-optional = { $act }: a few words (optional)
ui-act-missing = Something is missing; please complete it.
ui-act-needs = Before “{ $act }”, please fill in “{ $field }”.
ui-fill = Fill in { $field }
ui-work-search = Search on this tablet: { $kind }
ui-work-none = Nothing found on this tablet; another word may find it.
ui-work-elsewhere = A record that is not on this tablet
ui-numbered = Number { $number }
ui-judged = { $name }: { $key }
ui-handler = Who handles it
ui-due-day = By when (optional)
ui-merge-into = Merge into which one
ui-merge-search = Search by content

ui-assigned = Assigned to { $name }
ui-due = Due { $when }
ui-merged-into = Merged into “{ $title }”

ui-history = Changes ({ $n })
ui-history-when = When
ui-history-who = Who
ui-history-what = What
ui-history-wrote = Wrote { $fields }

ui-versions = People changed “{ $field }” at the same time; choose one
ui-version-shown = This one is shown now
ui-version-take = Use this one

# The office's pages.

office-nav = Office
office-inbox = Inbox
office-waiting = { $n ->
    [one] One record waits
   *[other] { $n } records wait
}
office-other-language = 中文
office-sign-out = Sign out
office-not-yours = These pages are for the office; your account is not among its own.

office-search = Search words and answers
office-filter = Filters
office-filter-kind = Kind
office-filter-state = State
office-filter-station = Station
office-filter-theme = Theme
office-filter-from = From
office-filter-to = To
office-all = All
office-clear = Clear filters
office-loading = Opening the inbox…
office-none = Nothing has come in yet. What comes in will appear here.
office-none-found = No record fits.
office-more = Show more
office-keys = Keys: j and k move, Enter opens, / searches, a answers, s assigns, Esc goes back

office-record = Record
office-choose = Choose a record on the left.
office-opening = Opening…
office-back = ‹ Back to the inbox
office-said = Content
office-edit = Change
office-save = Save
office-origin = Where it came from
office-by = Written by
office-at = Written at
office-merged-into = Merged into
office-timeline = What came of it

office-again = Try again
office-no-line = No line; it did not get through. What you wrote is still here. Please try again later.
office-signed-out = You have been signed out. Please sign in again.
office-failed = It did not work. Please try again later.
office-gone = There is no such record, or it is not yours to see.
