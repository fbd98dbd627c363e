# The parts that pages are made of.

ui-optional = （选填）
ui-more-fields = 更多内容
ui-choose = 请选择
ui-no-options = 名单还没有送到本机，联网后会自动出现。
ui-unknown = 未知
ui-nothing = 未填写
ui-yes = 是
ui-no = 否
ui-separator = 、
ui-between = { " · " }
ui-room = 还可写 { $n } 字
ui-add-name = 输入姓名
ui-add = 添加
ui-remove = 移除{ $name }
ui-cancel = 取消

ui-acts = 办理
ui-act-with-words = { $act }并附言
ui-act-words = { $act }：请写明
ui-act-words-optional = { $act }：附言（选填）
ui-act-missing = 还差：{ $what }。补上再办。
ui-act-missing-words = 说明
ui-act-needs = 要“{ $act }”，请先填写“{ $field }”。
ui-fill = 填写{ $field }
ui-work-search = 在本机的{ $kind }中查找
ui-work-none = 本机没有找到，可以换个词试试。
ui-work-elsewhere = 不在本机的记录
ui-numbered = 编号 { $number }
ui-judged = { $name }：{ $key }
ui-handler = 交给谁办
ui-due-day = 办理期限
ui-merge-into = 合并到哪一条
ui-merge-search = 按内容查找

ui-assigned = 交给{ $name }办理
ui-due = 期限 { $when }
ui-merged-into = 合并到“{ $title }”

ui-history = 修改记录（{ $n }）
ui-history-when = 时间
ui-history-who = 何人
ui-history-what = 做了什么
ui-history-wrote = 填写{ $fields }

ui-versions = “{ $field }”有人同时改过，请选定一个
ui-version-shown = 现在显示的是这个
ui-version-take = 用这个

# The office's pages.

office-nav = 办公室
office-inbox = 收件箱
office-waiting = { $n } 条未办结，还没有交办
office-waiting-mine = { $n } 条未办结
office-other-language = English
office-sign-out = 退出
office-not-yours = 这里是办公室的工作页面，您的账号不在其中。

office-search = 查找内容、答复
office-filter = 筛选
office-filter-kind = 类别
office-filter-state = 状态
office-filter-station = 工作室
office-filter-theme = 主题
office-filter-from = 从
office-filter-to = 到
office-all = 全部
office-clear = 清除筛选
office-loading = 正在打开收件箱…
office-none = 还没有收到记录。收到后会自动出现在这里。
office-none-found = 没有符合条件的记录。
office-more = 再看一些
office-keys = 按键：j、k 上下移动，回车打开，x 选中，/ 查找，a 答复，s 交办，Esc 返回

office-record = 记录
office-choose = 请在左边选一条记录。
office-opening = 正在打开…
office-back = ‹ 返回收件箱
office-said = 内容
office-edit = 修改
office-save = 保存
office-origin = 来自
office-by = 记录人
office-at = 记录时间
office-merged-into = 合并到
office-timeline = 办理经过

office-again = 再试一次
office-no-line = 没有网络，没有送到。您写的还在，请稍后再试。
office-signed-out = 登录已过期，请重新登录。
office-failed = 没有办成，请稍后再试。
office-gone = 没有这条记录，或者不在您的范围内。
office-moved-on = 这条记录已经不在这一步，没有办。

office-mine = 交我办理
office-nobody = 未交办
office-handled-by = { $name }承办
office-overdue = 已超期（期限{ $day }）
office-setbacks = 被认为不到位 { $n } 次

office-filter-care = 督查
office-filter-handler = 承办人
office-filter-assigner = 交办人
office-filter-owner = 记录人
office-filter-order = 排列
office-care-open = 未办结
office-care-closed = 已办结
office-care-overdue = 超期
office-care-undated = 未定期限
office-care-stalled = 久未动
office-care-general = 答复空泛
office-care-wanting = 不到位、重新办理
office-to-lists = ‹ 返回名单
office-order-usual = 通常顺序
office-order-received = 新收到的在前
office-order-due = 先到期的在前
office-order-words = 最相符的在前
office-behind = 计入“{ $name }”的“{ $figure }”的记录

office-views = 常用清单
office-view-open = 未办结
office-view-overdue = 超期
office-view-undated = 未定期限
office-view-stalled = 久未动
office-view-general = 答复空泛
office-view-wanting = 重新办理
office-view-unassigned = 未交办
office-view-mine = 交我办理
office-view-assigned = 我交办的
office-view-save = 保存为常用清单
office-view-name = 清单名称

office-bulk = 一起办理
office-tick = 选中“{ $title }”
office-ticked = 已选 { $n } 条
office-tick-all = 全选
office-tick-none = 取消选择
office-bulk-nothing = 选中的记录没有可以一起办的步骤，请逐条办理。
office-held = { $n } 条将“{ $act }”，{ $seconds } 秒后送出
office-undo = 撤销
office-held-done = 已办 { $n } 条
office-held-failed = { $n } 条没有办成，其余不受影响：
office-give-up = 不办了

office-twins = 可能说的是同一件事（{ $n }）
office-twin-merge = 合并到这一条
office-twin-score = 相近程度 { $n }%

office-watch = 督查
office-watch-how = 久未动：{ $days } 天没有新的办理步骤。答复空泛是提示，请打开看过再说。
office-watch-nothing = 没有需要督查的记录。
office-watch-who = 承办人
office-watch-all = 全部 { $n } 条
office-no-department = 未归入部门
