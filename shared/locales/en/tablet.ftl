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
draft-drop-sure = Really delete

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
access-sessions-hint = If you do not know one of them, end it and have your password changed.
access-unknown = Unknown device
access-place = from { $place }
access-own = this one
access-end = End

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
