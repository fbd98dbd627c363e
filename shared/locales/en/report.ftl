# The words of figures, targets, charts, exports and printed pages.

export-kind = Kind
export-number = Number
export-receipt = Receipt code
export-title = Title
export-state = State
export-station = Station
export-owner = Recorded by
export-when = When
export-received = Received by the office
export-due = Due
export-handler = Handler
export-words = Words
export-yes = yes
export-no = no
export-between = ;{" "}
