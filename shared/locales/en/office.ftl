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
ui-act-missing = Still missing: { $what }. Please add it.
ui-act-missing-words = a few words
ui-act-needs = Before “{ $act }”, please fill in “{ $field }”.
ui-fill = Fill in { $field }
ui-work-search = Search on this tablet: { $kind }
ui-work-none = Nothing found on this tablet; another word may find it.
ui-work-elsewhere = A record that is not on this tablet
ui-numbered = Number { $number }
ui-judged = { $name }: { $key }
ui-handler = Who handles it
ui-due-day = By when
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
    [one] One open record is in nobody's hands
   *[other] { $n } open records are in nobody's hands
}
office-waiting-mine = { $n ->
    [one] One record is open
   *[other] { $n } records are open
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
office-keys = Keys: j and k move, Enter opens, x ticks, / searches, a answers, s assigns, Esc goes back

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
office-moved-on = This record is not at that step any more; nothing was done.

office-mine = Assigned to me
office-nobody = Not assigned
office-handled-by = With { $name }
office-overdue = Overdue (was due { $day })
office-setbacks = { $n ->
    [one] Found wanting once
   *[other] Found wanting { $n } times
}

office-filter-care = Needs care
office-filter-handler = With whom
office-filter-assigner = Assigned by
office-filter-owner = Recorded by
office-filter-order = Order
office-care-open = Open
office-care-closed = Closed
office-care-overdue = Overdue
office-care-undated = Without a date
office-care-stalled = Standing still
office-care-general = Answered in general words
office-care-wanting = Found wanting, reopened
office-to-lists = ‹ Back to the lists
office-order-usual = As usual
office-order-received = Latest first
office-order-due = Due first
office-order-words = Best hits first
office-behind = The records that count for { $name }: { $figure }

office-views = Lists by name
office-view-open = Open
office-view-overdue = Overdue
office-view-undated = Without a date
office-view-stalled = Standing still
office-view-general = General answers
office-view-wanting = Reopened
office-view-unassigned = Not assigned
office-view-mine = Assigned to me
office-view-assigned = Assigned by me
office-view-save = Keep this list by a name
office-view-name = Name of the list

office-bulk = Do together
office-tick = Tick “{ $title }”
office-ticked = { $n ->
    [one] One ticked
   *[other] { $n } ticked
}
office-tick-all = Tick all
office-tick-none = Tick none
office-bulk-nothing = No step fits all that is ticked; please go record by record.
office-held = { $n ->
    [one] One record: “{ $act }”
   *[other] { $n } records: “{ $act }”
} goes in { $seconds } seconds
office-undo = Undo
office-held-done = { $n ->
    [one] One is done
   *[other] { $n } are done
}
office-held-failed = { $n ->
    [one] One could not be done; the others were not held up:
   *[other] { $n } could not be done; the others were not held up:
}
office-give-up = Leave it

office-twins = Perhaps the same trouble ({ $n })
office-twin-merge = Merge into this one
office-twin-score = { $n }% alike

office-watch = Watch
office-watch-how = Standing still: no step for { $days } days. General words are a hint: please open and read first.
office-watch-nothing = There is nothing to watch over.
office-watch-who = With whom
office-watch-all = All { $n }
office-no-department = In no department
