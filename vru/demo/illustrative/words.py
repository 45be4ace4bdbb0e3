"""Invented names and sentences. No organisation, person or place of these names is meant."""

from __future__ import annotations

FIRST_HALVES = (
    "Amberfield", "Brackenhurst", "Cobblegate", "Dovermoor", "Elderwick", "Fennimore", "Gorsebrook", "Hollinmere",
    "Ivoryford", "Juniperton", "Kestrelby", "Larkenshaw", "Marlowfen", "Nettlecombe", "Ottersholt", "Pepperwell",
    "Quillbourne", "Rookmarsh", "Saltersley", "Thistledown", "Umberleigh", "Vinterholm", "Wrensford", "Yarrowby",
)  # fmt: skip
SECOND_HALVES = {
    "charity": ("Youth Trust", "Community Trust", "Families Project", "Futures", "Mentors", "Foundation"),
    "community_group": ("Residents' Circle", "Boxing and Games Club", "Mothers' Group", "Youth Collective"),
    "company": ("Learning CIC", "Works Ltd", "Research Ltd"),
    "school": ("Academy", "Pupil Support Centre"),
    "local_authority": ("Invented Borough Council",),
    "health": ("Invented Hospitals Trust",),
    "university": ("Institute of Invented Studies",),
}
FIRST_NAMES = (
    "Ada", "Bashir", "Carys", "Dele", "Esme", "Farouk", "Gita", "Hugo", "Imani", "Jonas", "Kezia", "Liam", "Maryam",
    "Noor", "Olu", "Priya", "Quentin", "Rosa", "Samuel", "Tamsin", "Umar", "Vera", "Wanda", "Xanthe", "Yusuf", "Zoe",
)  # fmt: skip
LAST_NAMES = (
    "Ashgrove", "Birchall", "Corriedale", "Dunmarrow", "Eastlake", "Farthingale", "Greenmantle", "Hathersage",
    "Inglenook", "Jessamine", "Kirkbride", "Lovelace", "Merriweather", "Nightingale", "Oakenfold", "Pennyroyal",
)  # fmt: skip

WENT_WELL = (
    "The evening group filled up within three weeks, and two of last year's members now help to run it.",
    "We moved the sessions to a hall nearer the bus stop. Attendance rose at once.",
    "A local shop gave us its upstairs room for nothing. Young people painted it themselves 🎨.",
    "All five mentors finished their training, and every young person now has one person who calls each week.",
    "The school asked us to talk to its whole staff after seeing what two pupils had to say.",
    "Our online sessions reached people who had never come to the building 🎉.",
)
BARRIERS = (
    "The hall was closed for six weeks, so we met outside and by telephone.",
    "Referrals came late in the quarter because two of our contacts had left.",
    "We have a waiting list and one worker fewer than planned. A new one starts next month.",
    "Some families have one telephone between them, which makes private conversations hard.",
    "Many people would rather not answer questions about themselves at a first meeting.",
)
LEARNING = (
    "Ask once, at the third meeting, and explain why: far more people answer.",
    "Young people come for the food and stay for the people. Budget for the food.",
    "A text message the day before halves the number of empty chairs.",
    "Parents trust another parent sooner than they trust a leaflet.",
)
OTHER_SCRIPTS = (
    "One family put it in their own words: «שלום לכולם, תודה על העזרה».",
    "A grandmother told us: «شكراً لكم، المكان آمن لأولادنا».",
    "Two members write a newsletter in three languages: ਸਤ ਸ੍ਰੀ ਅਕਾਲ, নমস্কার, Dzień dobry 👋🏾.",
)
CASE_STUDIES = (
    "A young person (we call them R) came to us after a fight. They stayed for the music. In spring they taught it.",
    "A parent came once and said nothing. By the fifth week she was making the tea and the introductions.",
)
MILESTONES = ("Room opened; timetable agreed with the school.", "First group finished.", "Mentors trained.")
CHANGES = ("Sessions moved online for five weeks.", "We would like to move two sessions to another day.")
RISKS = ("Losing our only full-time worker. Two volunteers are being trained to cover.", "The lease ends in autumn.")
EXPLANATIONS = {
    "W202": "We paid the whole year's rent in one quarter because the landlord asked for it.",
    "W203": "The building was closed for half of the quarter, so we met fewer people than planned.",
    "W204": "We met most people outdoors and did not want to ask these questions there.",
    "W210": "We checked our register: the number really is the same as last quarter.",
    "W212": "A post stood empty for three months. We would like to use the money for summer sessions.",
}
QUERIES = (
    ("C", "reach.new", "This is three times last quarter's number. Are all of these people new to you?"),
    ("D", "age.not-known", "More than a third of ages are not known. What would help you to ask?"),
    ("F", "staff-costs", "Staff costs are well above the profile. Please say which posts these are."),
    ("G", "answer.went-well", "Could you say what changed for the people you worked with?"),
)
QUERY_ANSWERS = (
    "Yes: a second group opened in the new hall. We have sent the register's totals.",
    "We have changed the form and now ask at the third meeting.",
    "The post of the second youth worker was filled earlier than we had planned.",
)
NIL_REASONS = (
    "The building was closed for the whole quarter and nobody could be supported.",
    "Delivery starts next quarter; we recruited staff and spent nothing yet.",
)
WAIVER_REASONS = (
    "Core costs only this quarter: the report was waived while buildings were closed.",
    "Grant suspended at the grantee's request; nothing to report.",
)
CORRECTION_REASONS = (
    "Twelve people had been counted twice, once for each of two sessions.",
    "Ages of one group were entered in the wrong band; the total has not changed.",
)
LONG_PARAGRAPH = (
    "We want to set down in full what this quarter was like, because a number does not show it. "
    "The first weeks went on doorsteps: we knocked, stood back, and asked how people were. "
    "Then came the food parcels, which were never in our plan but opened more doors than any leaflet. "
    "By the middle of the quarter the group met in the park in all weathers, and the walk there became the session. "
    "We lost two volunteers to illness and found four among the people we had been visiting. "
)
