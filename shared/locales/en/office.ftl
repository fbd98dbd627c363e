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

