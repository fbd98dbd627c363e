# The words of figures, targets, charts, exports and printed pages.

report-year = The year
report-year-of = The year { $year }
report-year-how = Every figure is the sum of records, and opens them. In the order of names; nobody is ranked.
report-name = Name
report-goal = Target { $n }
report-of-goal = { $n } of { $goal }
report-nothing-counted = There are no targets yet this year, and nothing that counts.
report-coverage = Reach of the visits
report-coverage-so-far = { $n } of { $all } members visited
report-not-visited = Not visited yet ({ $n })
report-quiet = Members not heard of for long
report-quiet-since = Without a record for
report-days = { $n } days
report-quiet-nobody = There are records of every member.
report-never = No record
report-last = Last: { $day }
