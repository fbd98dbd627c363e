# The page that stands until the app has started, and the app's name where the device shows it.
boot-name = Lianxin
boot-description = The fieldbook for consultation work: take notes without a network, they are sent when there is one.
boot-opening = Opening…
boot-failed = It did not open. Please reload the page; if that does not help, update the browser. What you saved is not lost.
boot-no-script = Please allow JavaScript in the settings of the browser, then reload the page.
