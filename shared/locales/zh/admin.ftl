# The words of the administration: accounts, imports, erasure.

import-heading-unknown = 不认识这一列，请改用模板里的列名，或删去这一列。
import-heading-twice = 这一列出现了两次。
import-heading-missing = 缺少这一列。
import-not-a-date = 不是日期。请写成 2026-12-31 或 2026年12月底。
import-not-a-number = 不是整数。
import-not-a-flag = 请填“是”或“否”。
import-cell-error = 单元格里的公式有误。
import-twice = 上面已有同名的一行。
import-contradicts = 与上面同一任务的内容不一致。
import-differs = 系统中已有同名记录，这一项内容不同。请在系统中改，或在表中改成一致。
import-ambiguous = 系统中有几条同名记录，分不清是哪一条。
import-stray = 这一行不属于任何任务：请填写任务名称。

explorer-title = 接口说明
explorer-schemas = 数据结构
explorer-access = 谁可以调用
explorer-body = 请求内容
explorer-anyone = 任何人
explorer-signedin = 已登录的人
explorer-tokeninquery = 已登录的人，令牌写在地址里
explorer-office = 办公室
explorer-admin = 管理员
explorer-signedinorticket = 已登录的人，或凭一次性链接
explorer-officeorticket = 办公室，或凭办公室的一次性链接
