# The words of what is declared: registers, rules, the state of one's work.

app-name = Lianxin
app-purpose = The fieldbook for consultation work at the grassroots

kind-activity = Activity
kind-suggestion = Suggestion
kind-contact = Contact
kind-station = Station
kind-person = Person
kind-theme = Theme

field-activity-type = Kind of activity
field-activity-subject = Name
field-activity-held_at = When
field-activity-venue = Where
field-activity-participants = Who took part
field-activity-reached = Residents reached
field-activity-outcome = What was done and what came of it
choice-activity-type-reception = Reception of residents
choice-activity-type-outreach = Policy outreach
choice-activity-type-briefing = District briefing
choice-activity-type-exemplars = Exemplar outreach
choice-activity-type-relief = Help for the needy
choice-activity-type-study = Study and training
choice-activity-type-group = Group activity
choice-activity-type-enterprise = Enterprise service
state-activity-draft = Draft
state-activity-submitted = Submitted
state-activity-confirmed = Confirmed
state-activity-returned = Returned
act-activity-submit = Submit
act-activity-confirm = Confirm
act-activity-return = Return

field-suggestion-body = What the resident says
field-suggestion-theme = Theme
field-suggestion-location = Where
field-suggestion-consent = The resident agrees to publication
state-suggestion-draft = Draft
state-suggestion-received = To be handled
state-suggestion-accepted = Accepted
state-suggestion-returned = Returned
state-suggestion-declined = Declined
state-suggestion-merged = Merged
state-suggestion-assigned = Assigned
state-suggestion-answered = Answered
state-suggestion-published = Published
state-suggestion-rated = Rated by the resident
act-suggestion-submit = Submit
act-suggestion-accept = Accept
act-suggestion-return = Return
act-suggestion-decline = Decline
act-suggestion-merge = Merge
act-suggestion-assign = Assign
act-suggestion-answer = Answer
act-suggestion-publish = Publish
act-suggestion-rate = Rate

field-contact-name = Name
field-contact-phone = Telephone
field-contact-remark = Remark

field-station-name = Name
field-station-type = Kind
field-station-address = Address
field-station-area = Area it looks after
field-station-opening = Open
field-station-hosts = Hosts
field-station-members = Attached members
choice-station-type-workstation = Workstation
choice-station-type-member_home = Member home
choice-station-type-contact_point = Contact point
state-station-active = In use
state-station-retired = Closed
act-station-retire = Close
act-station-restore = Reopen

field-person-name = Name
field-person-user = Sign-in name
field-person-sector = Sector
field-person-committee = Special committee
field-person-workplace = Workplace
field-person-leader = Leader of the party group
state-person-active = In office
state-person-retired = Left
act-person-retire = Leaves office
act-person-restore = Returns to office

field-theme-name = Name
field-theme-name_en = Name in English
field-theme-rank = Order
state-theme-active = In use
state-theme-retired = No longer used
act-theme-retire = Stop using
act-theme-restore = Use again

role-resident = Resident
role-member = Member
role-host = Host
role-convener = Convener
role-leader = Leader
role-handler = Handler
role-clerk = Office
role-supervisor = Supervisor
role-admin = Administrator

standing-on-tablet = Saved on this tablet; will be sent when there is a line
standing-on-its-way = Being sent
standing-received = Received by the office ✓
standing-answered = Answered
standing-needs-attention = Needs your attention

issue-required = Please fill this in.
issue-too-long = At most { $max }.
issue-not-a-choice = Please choose one of these.
issue-control-characters = There are characters here that cannot be shown. Please remove them.
issue-wrong-shape = This does not fit. Please fill it in again.

refusal-corrupt = It was damaged on its way and was not taken. Please correct it and send it again.
refusal-dependency-missing = An earlier change did not arrive, so it was not taken. Please send it again.
refusal-actor-foreign = This change bears somebody else's name and was not taken.
refusal-too-large = It is too much and was not taken. Please split it up.
refusal-kind-unknown = The server does not know this kind of record. Please update and send it again.
refusal-envelope-wrong = The record does not belong where it says, and was not taken.
refusal-create-forbidden = You cannot start such a record at this station.
refusal-read-forbidden = This record is not among yours, and the change was not taken.
refusal-field-forbidden = This field is not yours to fill, and the change was not taken.
refusal-field-closed = The office is already handling it; this can no longer be changed. Please take down an addition as a new record.
refusal-field-invalid = Something in it does not fit. Please correct it and send it again.
refusal-field-unknown = The server does not know something in it. Please update and send it again.
refusal-timeline-rewritten = What happened can be added to but not changed. It was not taken.
refusal-step-forged = This step bears somebody else's name and was not taken.
refusal-step-forbidden = This step is not yours to take, and was not taken.
refusal-step-incomplete = This step asks for words or for whom it concerns. Please complete it and send it again.
