# The page that stands until the app has started, and the app's name where the device shows it.
boot-name = 连心
boot-description = 基层协商议事工作本：没有网络也能记，联网后自动上报。
boot-opening = 正在打开…
boot-failed = 打不开。请刷新页面；还是不行，请更新浏览器。已保存的内容不会丢失。
boot-no-script = 请在浏览器设置中允许 JavaScript，然后刷新页面。
