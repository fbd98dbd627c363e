# tablet: what members and hosts read on the tablet.

skip = 跳到内容
list-comma = 、
not-found = 没有这一页。

when-today = 今天
when-day = { $month }月{ $day }日
when-day-year = { $year }年{ $month }月{ $day }日

places = 主要页面
place-today = 今天
place-records = 记录
place-year = 本年
place-more = 更多

# The state of one's work, in the bar.
work-all-sent = 全部已上报 ✓
work-being-sent = 正在上报，还有 { $n } 条
work-no-line = 没有网络，全部已上报
work-no-line-waiting = 没有网络，{ $n } 条待上报，已存在本机
work-safe = 已存在本机
work-waiting = { $n } 条待上报，已存在本机
work-attention = { $n } 条需要您看一下
work-signed-out = { $n ->
    [0] 登录已过期，请重新登录
   *[other] 登录已过期，请重新登录；{ $n } 条待上报，已存在本机
}
work-outdated = { $n ->
    [0] 应用版本太旧，请更新
   *[other] 应用版本太旧，请更新；{ $n } 条待上报，已存在本机
}

sign-in = 登录
sign-in-user = 登录名
sign-in-password = 密码
sign-in-second = 验证器上的数字，或备用码
sign-in-second-app = 验证器上现在显示的六位数字
sign-in-busy = 正在登录…
sign-in-once = 登录时需要网络。登录一次，以后没有网络也能用口令打开。
sign-in-no-line = 没有网络，暂时无法登录。请连上网络再试。
sign-in-wrong = 登录名或密码不对，请再试一次。
sign-in-failed = 登录没有成功，请稍后再试。
language-other = English

vault-no-locks = 这个浏览器不能可靠地保存记录。请更新浏览器，并用 https 地址打开。
vault-full = 本机存储空间已满。请清理一些空间后再试；页面上的内容还在。
vault-newer = 这台设备上已用过新版本。请连上网络后刷新页面；记下的内容都还在。
vault-failed = 本机存储打不开。请刷新页面；还是不行，请重启设备。

update-ready = 有新版本。写完手头的内容后再更新。
update-now = 现在更新

today-waiting = 等您处理
today-nothing-waits = 没有等您处理的事。
today-planned = 近期活动
today-nothing-planned = 一周内没有安排活动。
today-start = 还可以记……

start = 新建
start-nothing = 您的账号现在没有要记的内容。
start-from-this = 由此新建
new-suggestion = 记意见
new-activity = 记活动
new-opinion_report = 写社情民意信息
new-visit = 记走访
new-help_case = 记帮办
new-research = 记调研视察
new-proposal = 写提案
new-supervision = 记民主监督
new-consultation = 提协商议题
new-commitment = 写承诺
new-exemplar = 推荐典型
new-rectification = 立整改任务
new-measure = 立整改措施

drafts = 草稿
drafts-n = { $n ->
    [0] 草稿
   *[other] 草稿（{ $n }）
}
drafts-none = 没有草稿。写了一半的内容会自动存在这里。
draft-drop = 删除
draft-dropped = 已删除；离开这一页以前可以撤销
draft-undo = 撤销

records-search = 搜索记录
records-kind = 类别
records-state = 状态
records-found = 共 { $n } 条
records-more = 再显示（还有 { $n } 条）
records-none = 还没有记录。从“今天”开始记第一条。
records-none-found = 没有找到。换个词试试。
records-figure = 只看计入“{ $figure }”的记录
records-all = 看全部

record-gone = 本机没有这条记录。
record-unreadable = 这条记录暂时打不开，内容没有丢失。请更新后再看。
record-station = 工作室
record-owner = 记录人
record-edit = 修改
record-timeline = 办理经过
record-number = 编号
record-handler = 承办
record-due = 期限

# What others wrote since, marked; before and after it for who listens.
news = 您上次看过以后，{ $who }又写了一些，下面已标出。
news-seen = 看过了
news-begins = （新写的：
news-ends = 新写的到此）

chain-rests-on = 依据
chain-came-of = 后续
chain-elsewhere = 不在本机（{ $code }）

people = 人员与场所
people-search = 按名称查找
people-found = 共 { $n } 个
people-none = 没有找到。名单联网后会自动更新。

refused = 这些内容没有收下
refused-about = （{ $field }）
refused-correct = 改正后再报
refused-yours = 您写的
refused-theirs = 办公室现有的
give-up-change = 放弃这次修改
give-up-change-sure = 放弃后，您这次写的会从这台平板上删除，找不回来。办公室现有的不变。
give-up-record = 放弃这条记录
give-up-record-sure = 放弃后，这条记录会从这台平板上删除，找不回来。
give-up-yes = 确定放弃
give-up-no = 先留着

contact-who-sees = 只有本工作室主持人和办公室能看到；不想留可以不填。

form-done = 完成
form-no-station = 不属于工作室
form-kept = 写的内容会自动存在本机，可以随时离开。
form-failed = 没有存成，您写的内容还在这里。请再试一次。

# Speaking instead of typing.
voice-start = 说话输入
voice-stop = 说完了
voice-told = 浏览器可能把您的声音传给浏览器厂商，由它转成文字。
voice-listening = 正在听，请说……
voice-denied = 用不了麦克风。请在浏览器里允许使用麦克风，或者改用键盘。
voice-failed = 没有听成。请再试一次，或者改用键盘；写好的都在。

# What may speak of the same, below what is being written.
likely-title = 本机上可能已经记过同一件事，看一看再决定；不影响上报：
likely-clear = 很像
likely-perhaps = 可能相同
likely-shared = 都说到：{ $words }

receipt = 凭条
receipt-saved = 已记下
receipt-qr = 查询二维码
receipt-words = 拍下来，以后可以查办理情况。
receipt-done = 好了
receipt-record = 看这条意见

year-title = { $year }年
year-own = 我的
year-of = { $n } / { $goal }
year-nothing = 今年还没有记录。
year-counted = 办公室 { $when } 统计。点数字看具体记录。
year-here = 按本机的记录统计，联网后以办公室的统计为准。点数字看具体记录。
year-unsent = 还有 { $n } 条待上报，办公室收到后计入。

safe = 我的工作安全吗？
safe-all-sent = 安全。您写的全部已上报，办公室已收到。
safe-waiting = 安全。{ $n } 条还只存在本机，联网后自动上报，请先不要清除浏览器数据。
safe-signed-out = { $n } 条还只存在本机。请连网后重新登录，登录后自动上报。
safe-outdated = { $n ->
    [0] 本机的应用版本太旧，不能与服务器同步。记录都在本机，不会丢失。请连网后关闭所有连心页面，再重新打开；仍不行请联系管理员。
   *[other] 本机的应用版本太旧，不能与服务器同步。{ $n } 条待上报，都在本机，不会丢失。请连网后关闭所有连心页面，再重新打开，更新后自动上报；仍不行请联系管理员。
}
safe-refused = 没有收下，请看一下
safe-unsent = 还没有上报
safe-held = 本机共有 { $n } 条记录，没有网络也能看。
safe-check = 与办公室逐条核对
safe-checking = 正在核对……
safe-checked = 核对完毕，本机与办公室一致。
safe-check-later = 现在没有网络，联网后自动核对。

access = 谁能用我的账号进来
access-sessions = 我在哪里登录着
access-sessions-hint = 平板丢了，就撤销那一台。有不认识的，请结束它，并请管理员改密码。
access-unknown = 未知设备
access-place = 来自 { $place }
access-own = 就是这台
access-end = 结束
access-opened = { $at } 登录
access-seen = 最近联网 { $at }
access-withdraw = 撤销这台设备
access-withdraw-means = 只撤销这一台：它的登录立即失效，下次联网时销毁里面记录的钥匙，没有上报的内容随之不能恢复。其他设备照常用。
access-withdraw-password = 您的登录密码
access-withdraw-sure = 确定撤销
access-withdraw-not = 不撤销
access-withdrawn = 已撤销。那台设备下次联网时销毁钥匙。

second = 密码之外的验证码
second-hint = 手机上的验证器每半分钟显示一个新的六位数字。这样，只知道您密码的人进不来。
second-begin = 开启
second-on = 已开启，还剩 { $n } 个备用码。
second-off = 关闭
second-scan = 请用验证器扫这个码，或把下面的字母输入验证器。
second-confirm = 确认
second-told = 已开启。请把这些备用码抄下来，和手机分开保管：手机丢了，每个码可以进来一次。它们不会再显示。

more-office = 办公室
text-large = 大字
text-normal = 标准字号
about = 连心 { $version }
sign-out = 退出登录
sign-out-unsent = { $n ->
    [0] 您写的全部已上报。
   *[other] 还有 { $n } 条没有上报或没有写完，会留在本机，您下次登录后继续。
}
sign-out-line = 退出后，没有网络也能用口令打开；要再上报，需要连网登录。
sign-out-stay = 不退出

photos = 照片
photo = 照片 { $n }
photo-paper = 文件 { $n }
photo-take = 拍照
photo-choose = 选照片
photo-choose-file = 选照片或 PDF
photo-keep-place = 记下拍摄地点（照片里有位置时）
photo-place = 拍摄地点 { $place }
photo-busy = 正在处理照片……
photo-unsent = 待上传
photo-away = 联网后才能看
photo-open = 看大图：{ $name }
photo-caption = 照片 { $n } 的说明
photo-caption-hint = 说明（可不填）
photo-remove = 去掉
photo-remove-which = 去掉：{ $name }
photo-unreadable = 这个文件打不开，请换一张照片。
photo-too-large = 文件超过 8 MB，请换一个小的。
photos-full = 一条记录最多 { $n } 张照片。
photos-too-many = 一条记录最多 { $n } 张照片，多出的没有加上。
work-photos = 正在上传照片
work-photos-waiting = 照片待上传
safe-photos = 安全。文字已全部上报，还有照片只存在本机，联网后自动上传，请先不要清除浏览器数据。

# What the app is, in three screens, where a tablet is new.
welcome = 连心怎么用
welcome-at = 第 { $n } 屏，共 { $of } 屏
welcome-next = 下一屏
welcome-back = 上一屏
welcome-skip = 跳过
welcome-done = 开始用
welcome-offline = 没有网络，一样记
welcome-offline-words = 您写的每个字都自动存在这台平板里，加了密。写到一半可以随时离开，回来接着写。有没有网络，写法都一样。
welcome-sent = 联网后，自动上报
welcome-sent-words = 不用管它。每条记录旁边写着它走到了哪一步，右上角写着还有几条没有上报；不放心，就点右上角那句话看一看。
welcome-way = 一条记录走过的几步
welcome-shared = 各用各的口令
welcome-shared-words = 几个人用一台平板，互相看不到。用完在“更多”里点“锁定 / 换人”，忘了也不要紧，过一会儿它自己会锁。忘了口令，连上网络，用登录名和密码登录就能重设，写过的都在。

# The locked tablet.
lock = 锁定 / 换人
lock-section = 本机安全
lock-who = 谁在用这台平板
lock-open = 打开
lock-opening = 正在打开…
lock-somebody-else = 名单里没有我，用登录名和密码登录
lock-to-pin = 返回，用口令打开
lock-waiting = { $n } 条待发送
lock-idle = 多久不用就自动锁定
lock-minutes = { $n } 分钟
pin = 口令
pin-wrong = 口令不对，请再试一次。
pin-wait = 口令输错了几次，请等 { $n } 秒再试。
pin-many = 想不起来了？连上网络，用登录名和密码登录，就可以设新的口令。本机写过的内容都会留着。
pin-forgotten = 忘记口令
pin-choose = 设置本机口令
pin-why = 以后在这台平板上用口令打开，不需要网络。别人打不开您的记录。
pin-new = 口令（6 位以上数字，或 8 个字以上的短句）
pin-again = 再输入一次
pin-done = 完成
pin-hint = 平板可能丢失时，一句别人想不到的短句比 6 位数字安全得多。
pin-short = 太短了：数字至少 6 位，短句至少 8 个字。
pin-long = 太长了：最多 128 个字。
pin-plain = 太容易猜到：请不要用重复或连续的数字。
pin-name = 太容易猜到：请不要包含登录名。
pin-differs = 两次输入的不一样，请再输入一次。
pin-lost = 本机原有的记录打不开
pin-lost-unsent = 您在这台平板上的记录只能用原来的口令打开。如果设新口令，本机上没有上报的内容（{ $n } 条，以及没写完的）就找不回来了；已上报的会重新下载。
pin-try-again = 再想想原来的口令
pin-lose = 知道了，设新口令
sign-in-code = 一次性代码
sign-in-by-code = 我有办公室给的代码
sign-in-code-wrong = 代码不对，或者已经用过、过期了。请向办公室再要一个。
withdrawn = 这台设备上的登录已被撤销
withdrawn-means = 办公室撤销了您在这台设备上的登录。本机的记录已锁死，不能再打开；已上报的都在办公室。如有疑问，请联系办公室。
withdrawn-on = 知道了
second-owed = 请先设置验证码
second-owed-hint = 本单位要求您的账号在密码之外再用验证码。设置好之后才能办别的事；需要联网。
second-go-on = 抄好了，继续

# Room on the device, and the browser's promise to keep what lies there.
keep-why = 您写的记录先存在这台设备里，上报以前只有这里有。请让浏览器一直保留，空间不够时也不清除。
keep-ask = 请浏览器保留
keep-later = 以后再说
keep-granted = 浏览器答应了：空间不够时也不会清除连心的内容。
keep-refused = 浏览器这次没有答应。把连心添加到主屏幕，用一段时间，它就会答应；在这以前请常联网，让记录及时上报。
keep-close = 知道了
room = 本机存储
room-used = 已用 { $used } MB，还可用 { $free } MB。
room-kept = 浏览器已答应保留，空间不够时也不清除 ✓
room-not-kept = 浏览器还没有答应保留：空间不够时，它可能清除还没有上报的内容。
room-short = 本机空间快满了，只剩 { $free } MB，再写可能存不下。
room-can-clear = 办公室已收到的照片占 { $n } MB，可以从本机清出，联网后照样能看。
room-clear = 清出这些照片
room-elsewhere = 请删掉设备里不用的视频、照片或应用，腾出空间。
form-unkept-full = 本机存储空间已满，刚写的还没有存进去。内容在页面上，另外加密放了一份；请先不要关掉这个页面，腾出空间后再写一个字，就会存好。
form-unkept = 刚写的还没有存进本机。内容在页面上，另外加密放了一份；请先不要关掉这个页面，再写一个字试试。

# Where the browser has cleared what was here.
lost = 浏览器清除过这台设备上的内容（{ $when } 以后）。已上报的都在办公室，登录后会取回来。
lost-waiting = { $n ->
    [0] 清除前没有待上报的记录。
   *[other] 清除前还有 { $n } 条没有上报，这台设备上已经没有了。请尽快补记，也告诉办公室一声。
}
lost-spared = 清除前还有 { $n } 条没有上报。写下的字另有密封的副本（{ $spared } 份），一有网络就自动送到办公室，不用登录。没有上报的照片和写了一半的内容没有了。
elsewhere = 这个账号在别的设备上用过（{ $device }），最后一次联系是 { $when }。那时已上报的，这里都会有。如果就是这台设备、内容被清除过，之后写而没有上报的，请补记。

safe-here = 只在本机：{ $n } 条
safe-on-their-way = 正在上报：{ $n } 条
safe-received = 办公室已收到：{ $n } 条
safe-contact = 最后一次与办公室联系：{ $when }
safe-no-contact = 还没有与办公室联系过

## 交给别的设备，替别人送

handover = 交给另一台设备
handover-about = 没有网络，又急着上报时，可以请有网络的设备代为送出。带的人看不到内容，也改不了；这里的照样留着，联网后照样上报。
handover-nothing = 您写的全部已上报，没有要交的。
handover-sealing = 正在封装……
handover-no-key = 本机还没有为此做好准备，暂时不能交给别的设备。登录着连一次网就好；您写的都存在本机。
handover-failed = 没能封装。您写的都存在本机，请稍后再试。
handover-n = { $n } 条还没有上报，已封装好。
handover-file = 存成文件
handover-share = 分享文件
handover-codes = 显示二维码
handover-codes-how = 让另一台设备在“代为送出”里扫码，一直对着，直到它说收下了。
handover-code = 第 { $n } 张，共 { $of } 张
handover-code-back = 上一张
handover-code-next = 下一张
handover-codes-run = 自动播放
handover-codes-stop = 暂停
handover-no-codes = 内容较多，不能用二维码，请存成文件。
handover-then = 然后
handover-how = 把文件传给有网络的设备（U 盘、数据线、蓝牙、微信都可以），在那里打开连心，选“更多”里的“代为送出”。不登录也可以：在锁定页面上就有。
handover-twice = 送到以后，本机下次联网时就知道了。两边都上报也没关系，不会重复。
handover-other-side = 别人交给我的：代为送出
carry = 代为送出
carry-n = { $n ->
    [0] 代为送出
   *[other] 代为送出（{ $n } 件待送）
}
carry-about = 别的设备没有网络，可以由这台设备代为送出。您看不到内容，也改不了。先存在本机，联网后自动送出。
carry-file = 选文件
carry-scan = 扫二维码
carry-stop = 停止扫码
carry-camera = 摄像头画面
carry-no-scan = 这个浏览器不能扫码，请用文件。
carry-no-camera = 摄像头打不开。请在浏览器里允许使用摄像头，或者改用文件。
carry-damaged = 这些二维码合不起来，请从头再扫一次。
carry-pieces = { $of ->
    [0] 请对准二维码
   *[other] 已扫 { $here } 张，共 { $of } 张
}
carry-taken = 收下了，共 { $n } 条，已存在本机，联网后自动送出。
carry-no-parcel = 这不是“交给另一台设备”的文件，或者不完整。请在那台设备上重新存一次。
carry-counts = 代送：{ $waiting } 件待送，{ $delivered } 件已送到。
carry-stuck = { $n } 件送不了：服务器不认得交来的设备，或者文件已损坏。内容还在那台设备上，请让它联网自己上报。
carry-clear = 不再保留
carry-back = 返回
lock-waiting-sealed = { $n } 条待发送，联网后自动代送
lock-waiting-sent = { $n } 条已代为送出
