# The words of what is declared: registers, rules, the state of one's work.

app-name = 连心
app-purpose = 政协委员联系群众工作手册

kind-activity = 活动
kind-suggestion = 社情民意
kind-contact = 联系方式
kind-station = 工作室
kind-person = 人员
kind-theme = 主题

field-activity-type = 活动类型
field-activity-subject = 活动名称
field-activity-held_at = 时间
field-activity-venue = 地点
field-activity-participants = 参加人员
field-activity-reached = 惠及群众人数
field-activity-outcome = 做了什么，有什么结果
choice-activity-type-reception = 接待群众
choice-activity-type-outreach = 宣传方针政策
choice-activity-type-briefing = 宣传区情
choice-activity-type-exemplars = 宣传先进典型
choice-activity-type-relief = 扶贫帮困
choice-activity-type-study = 学习培训
choice-activity-type-group = 界别活动
choice-activity-type-enterprise = 服务企业
state-activity-draft = 草稿
state-activity-submitted = 已提交
state-activity-confirmed = 已确认
state-activity-returned = 已退回
act-activity-submit = 提交
act-activity-confirm = 确认
act-activity-return = 退回

field-suggestion-body = 居民反映的内容
field-suggestion-theme = 主题
field-suggestion-location = 地点
field-suggestion-consent = 居民同意公开
state-suggestion-draft = 草稿
state-suggestion-received = 待办理
state-suggestion-accepted = 已采纳
state-suggestion-returned = 已退回
state-suggestion-declined = 不予采纳
state-suggestion-merged = 已合并
state-suggestion-assigned = 已交办
state-suggestion-answered = 已答复
state-suggestion-published = 已公开
state-suggestion-rated = 居民已评价
act-suggestion-submit = 提交
act-suggestion-accept = 采纳
act-suggestion-return = 退回
act-suggestion-decline = 不予采纳
act-suggestion-merge = 合并
act-suggestion-assign = 交办
act-suggestion-answer = 答复
act-suggestion-publish = 公开
act-suggestion-rate = 评价

field-contact-name = 姓名
field-contact-phone = 电话
field-contact-remark = 备注

field-station-name = 名称
field-station-type = 类别
field-station-address = 地址
field-station-area = 责任田
field-station-opening = 开放时间
field-station-hosts = 主持人
field-station-members = 挂点委员
choice-station-type-workstation = 委员工作室
choice-station-type-member_home = 委员之家
choice-station-type-contact_point = 委员联系点
state-station-active = 使用中
state-station-retired = 已停用
act-station-retire = 停用
act-station-restore = 恢复

field-person-name = 姓名
field-person-user = 登录名
field-person-sector = 界别
field-person-committee = 专委会
field-person-workplace = 工作单位
field-person-leader = 党组成员
state-person-active = 在任
state-person-retired = 已离任
act-person-retire = 离任
act-person-restore = 恢复

field-theme-name = 名称
field-theme-name_en = 英文名称
field-theme-rank = 顺序
state-theme-active = 使用中
state-theme-retired = 已停用
act-theme-retire = 停用
act-theme-restore = 恢复

role-resident = 居民
role-member = 委员
role-host = 主持人
role-convener = 召集人
role-leader = 党组成员
role-handler = 承办单位
role-clerk = 办公室
role-supervisor = 督查
role-admin = 管理员

standing-on-tablet = 已存在本机，联网后自动上报
standing-on-its-way = 正在上报
standing-received = 办公室已收到 ✓
standing-answered = 已答复
standing-needs-attention = 需要您看一下

issue-required = 请填写。
issue-too-long = 最多 { $max }。
issue-not-a-choice = 请从中选择。
issue-control-characters = 含有无法显示的字符，请删去后再试。
issue-wrong-shape = 内容不合要求，请重新填写。

refusal-corrupt = 内容在途中损坏，没有收下。请改正后再报。
refusal-dependency-missing = 前面的修改没有送到，没有收下。请再报一次。
refusal-actor-foreign = 这处修改署的是别人的名，没有收下。
refusal-too-large = 内容太多，没有收下。请分开来报。
refusal-kind-unknown = 服务器不认识这类记录。请更新后再报。
refusal-envelope-wrong = 记录的归属不对，没有收下。
refusal-create-forbidden = 您不能在这个工作室新建这类记录。
refusal-read-forbidden = 这条记录不在您的范围内，没有收下。
refusal-field-forbidden = 这一项不由您填写，没有收下。
refusal-field-closed = 办公室已在办理，这一项不能再改。有补充请另记一条。
refusal-field-invalid = 有一项内容不合要求，请改正后再报。
refusal-field-unknown = 有一项内容服务器不认识。请更新后再报。
refusal-timeline-rewritten = 办理经过只能往后写，不能改，没有收下。
refusal-step-forged = 这一步署的是别人的名，没有收下。
refusal-step-forbidden = 这一步不由您来办，没有收下。
refusal-step-incomplete = 这一步要写明理由或对象，请补全后再报。
