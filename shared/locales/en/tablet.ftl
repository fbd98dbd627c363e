# tablet: what members and hosts read on the tablet.

skip = Skip to the content
list-comma = ,{" "}
not-found = There is no such page.

when-today = Today
when-day = { $day } { $month ->
    [1] January
    [2] February
    [3] March
    [4] April
    [5] May
    [6] June
    [7] July
    [8] August
    [9] September
    [10] October
    [11] November
   *[12] December
}
when-day-year = { $day } { $month ->
    [1] January
    [2] February
    [3] March
    [4] April
    [5] May
    [6] June
    [7] July
    [8] August
    [9] September
    [10] October
    [11] November
   *[12] December
} { $year }

places = Main pages
place-today = Today
place-records = Records
place-year = My year
place-more = More

# The state of one's work, in the bar.
work-all-sent = Everything has been sent ✓
work-being-sent = Being sent, { $n } to go
work-no-line = No line; everything has been sent
work-no-line-waiting = No line; { $n } waiting, safe on this tablet
work-safe = Safe on this tablet
work-waiting = { $n } waiting, safe on this tablet
work-attention = { $n ->
    [one] 1 record needs your attention
   *[other] { $n } records need your attention
}
work-signed-out = { $n ->
    [0] Please sign in again
   *[other] Please sign in again; { $n } waiting, safe on this tablet
}
work-outdated = { $n ->
    [0] This app is too old, please update
   *[other] This app is too old, please update; { $n } waiting, safe on this tablet
}

sign-in = Sign in
sign-in-user = User name
sign-in-password = Password
sign-in-second = Code from the app, or a recovery code
sign-in-second-app = The six digits that the app shows now
sign-in-busy = Signing in…
sign-in-once = Signing in needs a line. Sign in once; after that a PIN opens everything without one.
sign-in-no-line = There is no line, so signing in is not possible now. Please try again with a connection.
sign-in-wrong = The user name or the password is wrong. Please try again.
sign-in-failed = Signing in did not work. Please try again in a while.
language-other = 中文

vault-no-locks = This browser cannot keep records reliably. Please update it, and open the app by its https address.
vault-full = This device is full. Please free some space and try again; what is on the page is still there.
vault-newer = A newer version of the app has been at work on this device. Please connect and reload the page; what is kept is all still here.
vault-failed = The storage of this device does not open. Please reload the page; if that does not help, restart the device.

update-ready = There is a newer version. Finish what you are writing first.
update-now = Update now

today-waiting = Waiting for you
today-nothing-waits = Nothing waits for you.
today-planned = Coming activities
today-nothing-planned = No activities are planned within a week.
today-start = More to write

start = New
start-nothing = There is nothing for your account to write at present.
start-from-this = Start from this
new-suggestion = Take down a suggestion
new-activity = Log an activity
new-opinion_report = Write an opinion report
new-visit = Plan or log a visit
new-help_case = Take on a help case
new-research = Plan or log research
new-proposal = Write a proposal
new-supervision = Plan or log supervision
new-consultation = Propose a consultation
new-commitment = Make a commitment
new-exemplar = Recommend an exemplar
new-rectification = Enter a rectification task
new-measure = Enter a measure

drafts = Drafts
drafts-n = { $n ->
    [0] Drafts
   *[other] Drafts ({ $n })
}
drafts-none = No drafts. What is half written is kept here by itself.
draft-drop = Delete
draft-dropped = Deleted; it can be taken back until you leave this page
draft-undo = Undo

records-search = Search the records
records-kind = Kind
records-state = State
records-found = { $n ->
    [one] 1 record
   *[other] { $n } records
}
records-more = Show more ({ $n } left)
records-none = No records yet. Start the first one from Today.
records-none-found = Nothing found. Try another word.
records-figure = Counted towards “{ $figure }”
records-all = Show all

record-gone = This record is not on this tablet.
record-unreadable = This record does not open now; nothing of it is lost. Please update and look again.
record-station = Station
record-owner = Taken down by
record-edit = Change
record-timeline = What happened
record-number = Number
record-handler = Handled by
record-due = Due

# What others wrote since, marked; before and after it for who listens.
news = Since you last looked, { $who } wrote more. It is marked below.
news-seen = I have seen it
news-begins = (new: 
news-ends = end of new)

chain-rests-on = What it rests on
chain-came-of = What came of it
chain-elsewhere = Not on this tablet ({ $code })

people = People and places
people-search = Search by name
people-found = { $n } found
people-none = Nothing found. The lists are brought up to date when there is a line.

refused = This was not taken
refused-about = {" "}({ $field })
refused-correct = Correct and send again
refused-yours = What you wrote
refused-theirs = What the office has
give-up-change = Give up this change
give-up-change-sure = What you wrote will be deleted from this tablet and cannot be brought back. What the office has stays as it is.
give-up-record = Give up this record
give-up-record-sure = This record will be deleted from this tablet and cannot be brought back.
give-up-yes = Yes, give it up
give-up-no = Keep it for now

contact-who-sees = Only the hosts of this station and the office see this; leave it empty if the resident prefers.

form-done = Done
form-no-station = No station
form-kept = What you write is kept on this tablet by itself; you can leave at any time.
form-failed = It could not be saved; what you wrote is still here. Please try again.

# Speaking instead of typing.
voice-start = Speak
voice-stop = Done speaking
voice-told = The browser may send your voice to its maker, who turns it into text.
voice-listening = Listening…
voice-denied = The microphone is not to be had. Please allow it in the browser, or type; what is written stays.
voice-failed = That was not heard. Please try again, or type; what is written stays.

# What may speak of the same, below what is being written.
likely-title = The same may already be on this tablet. Have a look if you like; you can send yours all the same:
likely-clear = Very much alike
likely-perhaps = Perhaps the same
likely-shared = both speak of: { $words }

receipt = Receipt
receipt-saved = Taken down
receipt-qr = QR code to follow it
receipt-words = Take a photo of this to follow what becomes of it.
receipt-done = All right
receipt-record = Show the suggestion

year-title = { $year }
year-own = My own
year-of = { $n } of { $goal }
year-nothing = Nothing yet this year.
year-counted = Counted by the office: { $when }. Tap a figure to see its records.
year-here = Counted from what is on this tablet; the office's count follows when there is a line. Tap a figure to see its records.
year-unsent = { $n } waiting to be sent; they count once the office has them.

safe = Is my work safe?
safe-all-sent = Yes. Everything you wrote has been sent and received by the office.
safe-waiting = Yes. { $n } are on this tablet only and will be sent when there is a line; please do not clear the browser's data before.
safe-signed-out = { $n } are on this tablet only. Please sign in again when there is a line; they are then sent by themselves.
safe-outdated = { $n ->
    [0] The app on this tablet is too old for the server. All records stay on this tablet; nothing is lost. When there is a line, close every page of Lianxin and open it again; if that does not help, ask the administrator.
   *[other] The app on this tablet is too old for the server. { $n } are waiting; all stay on this tablet, nothing is lost. When there is a line, close every page of Lianxin and open it again: they are then sent by themselves; if that does not help, ask the administrator.
}
safe-refused = Not taken, please have a look
safe-unsent = Not sent yet
safe-held = { $n } records are on this tablet and can be read without a line.
safe-check = Compare everything with the office
safe-checking = Comparing…
safe-checked = Compared: this tablet and the office hold the same.
safe-check-later = There is no line now; it will be compared when there is one.

access = Who gets in with my account
access-sessions = Where I am signed in
access-sessions-hint = If a tablet is lost, withdraw it. If you do not know one of them, end it and have your password changed.
access-unknown = Unknown device
access-place = from { $place }
access-own = this one
access-end = End
access-opened = Signed in: { $at }
access-seen = Last heard of: { $at }
access-withdraw = Withdraw this device
access-withdraw-means = This one alone: its sign-in ends at once, and it destroys the key to what it holds when it comes next; what was not sent from it cannot be brought back. The other devices go on as before.
access-withdraw-password = Your password
access-withdraw-sure = Withdraw it
access-withdraw-not = Keep it
access-withdrawn = Withdrawn. That device destroys its key when it comes next.

second = A code besides the password
second-hint = An app on your telephone shows six digits that change every half minute. Whoever has only your password then does not get in.
second-begin = Switch it on
second-on = It is on. { $n } recovery codes are left.
second-off = Switch it off
second-scan = Scan this with the app, or type the letters below into it.
second-confirm = Confirm
second-told = It is on. Write these recovery codes down and keep them apart from the telephone: each gets you in once if it is lost. They are not shown again.

more-office = The office
text-large = Large text
text-normal = Normal text
about = Lianxin { $version }
sign-out = Sign out
sign-out-unsent = { $n ->
    [0] Everything you wrote has been sent.
   *[other] { $n } are not sent or not finished. They stay on this tablet and go on when you sign in again.
}
sign-out-line = The PIN still opens this tablet without a line; to send again, sign in with a line.
sign-out-stay = Stay

photos = Photos
photo = Photo { $n }
photo-paper = File { $n }
photo-take = Take a photo
photo-choose = Choose photos
photo-choose-file = Choose photos or a PDF
photo-keep-place = Keep where it was taken (if the photo says so)
photo-place = Taken at { $place }
photo-busy = Preparing photos…
photo-unsent = Waiting to be sent
photo-away = Needs a line to be seen
photo-open = See it large: { $name }
photo-caption = Words on photo { $n }
photo-caption-hint = Words on it (optional)
photo-remove = Take off
photo-remove-which = Take off: { $name }
photo-unreadable = This file cannot be opened. Please choose another photo.
photo-too-large = The file is larger than 8 MB. Please choose a smaller one.
photos-full = A record takes { $n } photos at most.
photos-too-many = A record takes { $n } photos at most; the others were not added.
work-photos = Sending photos
work-photos-waiting = Photos wait to be sent
safe-photos = Safe. All words have been sent; some photos are only on this device and go by themselves once there is a line. Please do not clear the browser’s data until then.

# What the app is, in three screens, where a tablet is new.
welcome = How Lianxin works
welcome-at = Screen { $n } of { $of }
welcome-next = Next
welcome-back = Back
welcome-skip = Skip
welcome-done = Start
welcome-offline = It works without a network
welcome-offline-words = Every word that you write is kept on this tablet by itself, sealed. Leave in mid-sentence and go on later. You write the same way with a network and without one.
welcome-sent = It is sent by itself
welcome-sent-words = There is nothing to do. Beside each record stands how far it has come, and at the top right how many wait. If you are in doubt, tap the words at the top right.
welcome-way = How far a record comes
welcome-shared = Each with a PIN
welcome-shared-words = Several people may use one tablet, and nobody sees the records of another. When you are done, tap “Lock, or change users” in “More”; if you forget, it locks by itself after a while. If you forget the PIN, sign in with a network, by user name and password, and choose another: all that you wrote stays.

# The locked tablet.
lock = Lock, or change users
lock-section = Safety of this tablet
lock-who = Who uses this tablet
lock-open = Open
lock-opening = Opening…
lock-somebody-else = I am not on this list: sign in with name and password
lock-to-pin = Back, and open with the PIN
lock-waiting = { $n } waiting to be sent
lock-idle = Lock by itself when not used for
lock-minutes = { $n } min
pin = PIN or passphrase
pin-wrong = That is not the PIN. Please try again.
pin-wait = The PIN was wrong several times. Please wait { $n } seconds.
pin-many = Forgotten? With a line, sign in with your user name and password and choose a new PIN. Everything you wrote on this tablet stays.
pin-forgotten = I forgot the PIN
pin-choose = Choose a PIN for this tablet
pin-why = From now on the PIN opens this tablet for you, without a line. Nobody else can open your records.
pin-new = PIN (6 digits or more, or a phrase of 8 characters or more)
pin-again = Once more
pin-done = Done
pin-hint = Where a tablet may be lost, a phrase that nobody guesses is far safer than 6 digits.
pin-short = Too short: at least 6 digits, or 8 characters.
pin-long = Too long: at most 128 characters.
pin-plain = Too easy to guess: please use no repeated digits and no row of digits.
pin-name = Too easy to guess: please do not use your user name.
pin-differs = The two are not the same. Please type them again.
pin-lost = What is on this tablet does not open
pin-lost-unsent = Only the old PIN opens your records on this tablet. With a new PIN, what was not sent from here ({ $n } records, and what is half written) cannot be brought back; what was sent is fetched again.
pin-try-again = Try to remember the old PIN
pin-lose = I understand, choose a new PIN
sign-in-code = One-time code
sign-in-by-code = I have a code from the office
sign-in-code-wrong = The code is wrong, or was used, or has ended. Please ask the office for another.
withdrawn = The sign-in on this device was withdrawn
withdrawn-means = The office withdrew your sign-in on this device. What it holds is locked for good; what was sent is with the office. Please ask the office if this surprises you.
withdrawn-on = I understand
second-owed = Please set up a code first
second-owed-hint = Your account has to be signed in with a code besides the password. Nothing else can be done before; it needs a line.
second-go-on = Written down, go on

# Room on the device, and the browser's promise to keep what lies there.
keep-why = What you write lies on this device first, and nowhere else until it is sent. Please have the browser keep it, even when room gets short.
keep-ask = Ask the browser to keep it
keep-later = Not now
keep-granted = The browser promised: it keeps what Lianxin has here, even when room gets short.
keep-refused = The browser did not promise it this time. Add Lianxin to the home screen and use it for a while, and it will; until then, go online often, so that your records are sent.
keep-close = Understood
room = Room on this device
room-used = { $used } MB are used, { $free } MB are free.
room-kept = The browser promised to keep it, even when room gets short ✓
room-not-kept = The browser has not promised to keep it: when room gets short it may clear what is not sent yet.
room-short = This device is almost full: { $free } MB are left, and what you write next may not fit.
room-can-clear = Photos that the office has as well take { $n } MB. They can be cleared from this device; with a line you see them all the same.
room-clear = Clear these photos
room-elsewhere = Please delete videos, photos or apps that you do not use, to make room.
form-unkept-full = This device is full, and what you wrote last is not stored yet. It is on the page, and sealed in a second place. Please do not close this page: make room, type one more letter, and it is stored.
form-unkept = What you wrote last is not stored yet. It is on the page, and sealed in a second place. Please do not close this page, and try by typing one more letter.

# Where the browser has cleared what was here.
lost = The browser has cleared what was on this device (since { $when }). Whatever had been sent is with the office and comes back once you sign in.
lost-waiting = { $n ->
    [0] Nothing was waiting to be sent.
    [one] 1 record had not been sent and is gone from this device. Please write it again soon, and tell the office.
   *[other] { $n } records had not been sent and are gone from this device. Please write them again soon, and tell the office.
}
lost-spared = { $n ->
    [one] 1 record had not been sent.
   *[other] { $n } records had not been sent.
} Sealed copies of the words ({ $spared }) were kept in a second place: with a line they go to the office by themselves, and nobody has to sign in for it. Photos that were not sent and what was half written are gone.
elsewhere = This account was used on another device ({ $device }; last heard of: { $when }). Whatever had been sent by then will be here. If it is this very device, and it was cleared, please write again what was not sent after that.

safe-here = Only on this device: { $n }
safe-on-their-way = On their way: { $n }
safe-received = Received by the office: { $n }
safe-contact = Last contact with the office: { $when }
safe-no-contact = No contact with the office yet

## Handing over to another device, carrying for others

handover = Hand over to another device
handover-about = Without a line, and in a hurry, another device that has one can send it for you. Whoever carries it can neither read nor change it. Everything stays here as well and is sent when there is a line.
handover-nothing = All that you wrote has been sent; there is nothing to hand over.
handover-sealing = Being sealed…
handover-no-key = This device is not ready for it yet. Go online once while signed in; all that you wrote is safe on this device.
handover-failed = It could not be sealed. All that you wrote is safe on this device; please try again later.
handover-n = { $n ->
    [one] One record has not been sent; it is sealed.
   *[other] { $n } records have not been sent; they are sealed.
}
handover-file = Save as a file
handover-share = Share the file
handover-codes = Show QR codes
handover-codes-how = Have the other device scan under “Send for others”, and hold it there until it says that it has taken it.
handover-code = Code { $n } of { $of }
handover-code-back = Back
handover-code-next = Next
handover-codes-run = Go on by itself
handover-codes-stop = Pause
handover-no-codes = This is too much for QR codes. Please save it as a file.
handover-then = Then
handover-how = Bring the file to a device with a line (a USB stick, a cable, Bluetooth or a messenger will do), open Lianxin there and choose “Send for others” under More. Nobody has to sign in: it is on the locked page too.
handover-twice = Once it has arrived, this device hears of it the next time it is online. It does no harm if both send it: nothing is there twice.
handover-other-side = What others gave me: send for others
carry = Send for others
carry-n = { $n ->
    [0] Send for others
   *[other] Send for others ({ $n } waiting)
}
carry-about = A device without a line can have this one send its work. You can neither read nor change it. It is kept here and sent when there is a line.
carry-file = Choose files
carry-scan = Scan QR codes
carry-stop = Stop scanning
carry-camera = The camera's picture
carry-no-scan = This browser reads no codes. Please use a file.
carry-no-camera = The camera does not open. Please allow it in the browser, or use a file.
carry-damaged = These codes do not fit together. Please scan them once more from the beginning.
carry-pieces = { $of ->
    [0] Point the camera at the code
   *[other] { $here } of { $of } scanned
}
carry-taken = { $n ->
    [one] Taken: one record is kept on this device and sent when there is a line.
   *[other] Taken: { $n } records are kept on this device and sent when there is a line.
}
carry-no-parcel = This is no file of “Hand over to another device”, or it is cut short. Please save it on that device once more.
carry-counts = For others: { $waiting } waiting, { $delivered } delivered.
carry-stuck = { $n ->
    [one] One cannot be sent: the server does not know the device it comes from, or the file is damaged. What is in it is still on that device; please have it go online itself.
   *[other] { $n } cannot be sent: the server does not know the devices they come from, or the files are damaged. What is in them is still on those devices; please have them go online themselves.
}
carry-clear = Keep no longer
carry-back = Back
lock-waiting-sealed = { $n } waiting; sent from here when there is a line
lock-waiting-sent = { $n } sent for them
