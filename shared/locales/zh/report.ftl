# The words of figures, targets, charts, exports and printed pages.

report-year = 年度
report-year-of = { $year } 年履职
report-year-how = 每个数字都由记录得出，点开就是那些记录。按姓名排列，不比高低。
report-name = 名称
report-goal = 目标 { $n }
report-of-goal = { $n } / { $goal }
report-nothing-counted = 今年还没有目标，也没有计入的记录。
report-coverage = 走访覆盖
report-coverage-so-far = 已走访 { $n } 位，共 { $all } 位委员
report-not-visited = 还没有走访的（{ $n }）
report-quiet = 久无记录的委员
report-quiet-since = 多久没有记录
report-days = { $n } 天
report-quiet-nobody = 每位委员都有记录。
report-never = 没有记录
report-last = 最近一次：{ $day }
