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
ui-act-missing = 请补全后再办。
ui-handler = 交给谁办
ui-due-day = 办理期限（选填）
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

