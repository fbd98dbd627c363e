# The words of the administration: accounts, imports, erasure.

admin = 管理
admin-accounts = 账号
admin-lists = 名单
admin-audit = 操作记录
admin-not-yours = 这里是管理员的工作页面，您的账号不在其中。
admin-loading = 正在打开…

account = 账号
account-search = 按姓名或登录名查找
account-new = 新建账号
account-back = ‹ 返回账号
account-choose = 请在左边选一个账号。
account-user = 登录名
account-user-hint = 1 至 32 个小写字母、数字或 . _ -，建好后不能改。
account-name = 姓名
account-roles = 角色
account-add = 建立账号
account-new-places = 建好后，请在工作室、小组的名单里写上此人；权限随名单走。
account-disable = 停用（立即退出，不能再登录；已写的内容都在）
account-disabled = 已停用
account-saved = 已保存。
account-password = 密码
account-password-hint = 忘记密码时，由系统生成一个新的；原来的登录全部退出。
account-password-new = 生成新密码
account-password-told = { $user } 的新密码只显示这一次，请当面告诉本人：
account-belongs = 在名单里
account-belongs-hint = 由人员、工作室、小组的名单决定，请到名单里修改。
account-person = 人员
account-hosts = 主持
account-member-of = 挂点
account-convenes = 召集
account-groups = 所在小组

list-in-use = 使用中 { $n } 个
list-hint = 名单里写到的人，从名单收下起就有相应的权限。谁改过什么，见每条记录的修改记录。
new-station = 新建工作室
new-person = 新建人员
new-group = 新建小组
new-theme = 新建主题
new-target = 新建目标

audit-none = 还没有操作。
audit-hint = 这里只增不改：彻底删除和账号的改动，何人、何时、为何。记录内容的改动，见每条记录自己的修改记录。
audit-document = { $kind } { $id }
audit-role-given = 加上{ $role }
audit-role-taken = 去掉{ $role }
audit-name = 改姓名
audit-disabled = 停用
audit-enabled = 恢复使用
deed-erased = 彻底删除
deed-account-added = 建立账号
deed-account-changed = 修改账号
deed-password-set = 重设密码

erase-record = 彻底删除这条记录…
erase-record-means = 删除后不能恢复：内容、历史和随附的联系方式从服务器上清除，搜索和导出里都不再有；保存过它的设备下次联网时也会清除，还没上报的修改不再接收。只留下编号和这次删除的记录。
erase-record-do = 彻底删除
erase-contact = 彻底删除联系方式…
erase-contact-means = 删除后不能恢复：姓名、电话和备注从服务器上清除，保存过的设备下次联网时也会清除。反映的内容不受影响。
erase-contact-do = 彻底删除联系方式
erase-reason = 删除的理由
erase-reason-hint = 会记入操作记录，请不要写被删除的内容。
