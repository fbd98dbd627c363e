# The words of the public pages, which need no account.

public-name = Lianxin · In the open
public-skip = Skip to the content
public-parts = What is public
public-other-language = 中文
public-feed = Follow what changes (Atom)
public-as-of = As of
public-to-front = To the public front page
public-nothing = Nothing has been published yet.
public-joint = { ", " }
public-optional = (optional)
public-choose = Please choose
public-send = Send

public-front = What was promised, and what became of it
public-front-about = What is to be put right, how, by whom and by when. Please look, comment, and judge.
public-records = { $n ->
    [one] { $n } entry
   *[other] { $n } entries
}
public-figure-tasks = tasks
public-figure-closed = verified as done
public-figure-late = overdue
public-figure-measures = measures
public-figure-done = measures done
public-late = Overdue
public-whole-ledger = See the whole ledger
public-latest = The latest answers
public-data = Open data
public-data-about = All of this can be downloaded. The tables open in a spreadsheet.

public-ledger = Rectification ledger
public-ledger-about = Each task with its problem, goal, measures, departments, deadline and progress.
public-answers = Answers
public-answers-about = What residents raised and what was answered, published with their consent and without names.
public-commitments = Commitments
public-commitments-about = What members promise for this year, and whether it was kept.
public-exemplars = Exemplars
public-exemplars-about = Exemplary members, and new ways of working.
public-consultations = Consultation plan
public-consultations-about = What is consulted on this year, what was agreed, and what became of it.
public-measures = Measures
public-comments = What people say

public-overdue = Overdue
public-progress = { $done } of { $all } measures done
public-who = Who is responsible, and by when
public-steps = Progress
public-page = Page { $page } of { $pages }
public-newer = Newer
public-older = Older

public-no-comments = Nobody has commented yet.
public-ratings = { $n ->
    [one] { $n } rating
   *[other] { $n } ratings
}
public-rated = Rating: { $n } of 5
public-rating-5 = 5: very satisfied
public-rating-4 = 4: satisfied
public-rating-3 = 3: so-so
public-rating-2 = 2: dissatisfied
public-rating-1 = 1: very dissatisfied
public-office = The office:
public-withheld = One comment was withheld. The reason:
public-waiting = { $n ->
    [one] One more comment is being looked at by the office.
   *[other] { $n } more comments are being looked at by the office.
}
public-say = Say what you think
public-say-about = No account, no name. The office looks at it and shows it here; if it is not shown, the reason is. Please leave out phone numbers and addresses.
public-say-aspect = This is about
public-say-body = Your comment
public-say-rating = Rate this task (optional; one rating a task, network and day is counted)
public-said-received = Received. Once the office has looked at it, it is shown on this page; if not, the reason is.
public-said-unrated = Your comment was received. This task was already rated from your network today, so this rating is not counted.
public-said-suggestion = Received, and passed on to the station and the office. Please write down the code below, or take a photo of this page.

public-suggest = Tell us something
public-suggest-about = Write down what is difficult or urgent where you live. You get a code with which you can see how far it is.
public-suggest-where = Choose the station closest to you:
public-suggest-body = What you want to tell us
public-suggest-contact = How to reach you
public-suggest-contact-about = Only if you would like to be called back; it makes no other difference. Only the station's hosts, the office's clerks and the department that deals with it see it. It is never published.
public-suggest-consent = This and its answer may be published without my name
public-form-wrong = Not sent yet: something has to be corrected, see below. What you wrote is still here.
public-trap = Please leave this empty

public-code = Receipt code
public-code-look = Look up
public-follow = See how far it is
public-follow-about = The code is the eight letters and digits on your receipt.
public-follow-box = Please enter it in the box for the receipt code at the bottom of this page.
public-follow-no-code = This does not look like a code. It has eight letters and digits, never 0, 1, I or O. Please check it.
public-follow-unknown = This receipt is not here yet
public-follow-unknown-offline = If it was given to you where there was no network, it will be here as soon as that tablet has a network again, usually within a few days.
public-follow-unknown-check = Please also check whether the code is written correctly.
public-follow-draft = Not sent in yet
public-follow-received = The office has it and is looking at it
public-follow-accepted = Accepted; the work is being arranged
public-follow-returned = The station was asked to add something
public-follow-declined = Declined by the office, for the reason below
public-follow-merged = Taken together with another on the same matter
public-follow-assigned = Assigned to the department that deals with it
public-follow-answered = Answered
public-follow-published = Answered, and the answer is published
public-follow-rated = Answered, and rated by you
public-follow-reopened = Being dealt with again
public-follow-taken = Taken down on
public-follow-merged-about = The one it was taken together with:
public-follow-answer = Answer
public-follow-rating = Your rating:
public-follow-keep = Please keep the code safe: whoever knows it can see this page.
public-follow-rate = Are you satisfied with the answer?
public-follow-words = Anything to add

public-column-id = Id
public-column-address = Address
public-column-state = State
public-column-since = Since
public-column-overdue = Overdue
public-column-steps = Progress
public-column-yes = yes
public-column-no = no

public-trouble-unknown = No such page
public-trouble-unknown-detail = Please check the address. It may also be something that is not published, or not any more.
public-trouble-method = This cannot be done here
public-trouble-method-detail = Please start again from the public front page.
public-trouble-unreadable = What you sent could not be read
public-trouble-unreadable-detail = Please go back and try again.
public-trouble-too-large = Too long; it was not sent
public-trouble-too-large-detail = Please go back and make it shorter, or send it in parts.
public-trouble-machine = Not sent
public-trouble-machine-detail = A field that is to be left empty was filled. If your browser filled it, please go back, clear “Please leave this empty” and send again.
public-trouble-too-fast = Too fast; please wait
public-trouble-too-fast-detail = Too much came from your network at once. Please try again in a while; what you wrote is still there when you go back.
public-trouble-unavailable = Not possible just now
public-trouble-unavailable-detail = The server is busy. Please try again in a moment.
public-trouble-internal = Something went wrong on the server
public-trouble-internal-detail = Please try again in a moment; tell the office if it happens again.
public-trouble-number = The number of this request, if you tell us of it: { $number }
