# The words of figures, targets, charts, exports and printed pages.

export-kind = 类别
export-number = 编号
export-receipt = 回执码
export-title = 标题
export-state = 状态
export-station = 工作室
export-owner = 记录人
export-when = 时间
export-received = 办公室收到
export-due = 办理期限
export-handler = 承办
export-words = 内容
export-yes = 是
export-no = 否
export-between = 、
