"""The words from which sample organizations get their names and summaries, and sample people theirs."""

NATURE = (
    "Prairie, Cedar, Maple, Willow, Aspen, Hickory, Linden, Juniper, Meadow, River, Sparrow, Heron, "
    "Cardinal, Lark, Robin, Fox, Amber, Silver, Golden, Copper, Granite, Harvest, Clover, Bluestem, Sumac, "
    "Sycamore, Birch, Alder, Hazel, Laurel, Ivy, Fern, Stone, Summit, Valley, Bluff, Ridge, Lakeview, "
    "North Star, Westward, Midland, Morning, Evening, Harbor, Lantern, Compass, Keystone, Crescent, "
    "Evergreen, Wildflower, Sandhill, Whippoorwill, Bur Oak, Big Bend, Open Field, Acorn, Anchor, "
    "Apple Creek, Arrowhead, Badger, Beacon, Bellflower, Blue Heron, Bobolink, Buckeye, Buttonwood, "
    "Catalpa, Chestnut, Cobblestone, Columbine, Coneflower, Cottonwood, Crabapple, Crossway, Daybreak, "
    "Dogwood, Dovetail, Driftless, Eastfield, Elderberry, Elm, Fairfield Oak, Firefly, Foxglove, Galewood, "
    "Goldfinch, Goldenrod, Goose Lake, Grain Belt, Greenway, Hackberry, Hawthorn, Heartland, Heather, "
    "Highbank, Honey Locust, Indigo, Ironwood, Jasper Hill, Kestrel, Killdeer, Larkspur, Lilac, Limestone, "
    "Lotus, Magnolia, Mallard, Marigold, Meadowlark, Millstone, Monarch, Mulberry, Nightingale, Nutmeg, "
    "Oakleaf, Oriole, Osage, Overlook, Pecan, Periwinkle, Persimmon, Pinecone, Plainsong, Plum Grove, "
    "Quail Run, Red Bud, Rosewood, Rushing Water, Sage, Sandstone, Sassafras, Shagbark, Snowberry, "
    "Spring Lake, Starling, Sugar Creek, Sunrise, Sweetgrass, Switchgrass, Tallgrass, Tamarack, Thistle, "
    "Three Rivers, Trillium, Tulip Tree, Turtle Creek, Twin Oaks, Violet, Walnut, Waterleaf, White Oak, "
    "Wild Rose, Windmill, Wren, Yarrow, Yellow Door, Zinnia"
).split(", ")
LANDMARK = (
    "Path Bridge Grove Gate Hearth Harbor Crossing Junction Springs Hollow Landing Point Trail Light House "
    "Commons Field Garden Arbor Mill Row Square Circle Bend Creek Hill Branch Root Haven Forge Table Roof "
    "Door Window"
).split(" ")
SURNAMES_OF_HOUSES = (
    "Ellery, Marlowe, Whitcomb, Ashby, Thackeray, Brandt, Holloway, Delacroix, Okonkwo, Villareal, "
    "Sorensen, Kowalczyk, Amari, Pruitt, Vandermeer, Castellanos, Aldridge, Lindgren, Moreau, Takahashi, "
    "Greenleaf, Sandoval, Oyelaran, Hathaway, Novak, Beaumont, Quintero, Farrow, Ostrowski, Mbeki, Larkin, "
    "Fairbanks, Arceneaux, Bellweather, Carmichael, Dembele, Escobedo, Featherstone, Gallagher, Haverford, "
    "Ingersoll, Jablonski, Kirkland, Lassiter, Montoya, Nakamura, Ortelli, Pemberton, Radcliffe, "
    "Santangelo, Tillman, Underhill, Valentine, Wexford, Yamamoto, Zielonka, Abara, Bontemps, Colvin, "
    "Dunmore, Emmerich, Fontaine, Gutowski, Hollis, Ibarra, Jessup, Krasinski, Loomis, Mercado, Nordstrom, "
    "Olmstead, Prather, Rosario, Stroud, Thibault, Urbina, Vickers, Winslow"
).split(", ")
ABSTRACT = (
    "Open Door, Common Ground, Next Step, Steady Hands, New Chapter, Whole Family, Bright Start, "
    "Second Shift, Good Neighbor, Front Porch, Long View, Full Circle, Shared Table, Clear Path, "
    "Strong Roots, Rising Tide, Fresh Start, True North, Living Room, Every Voice, Side by Side, "
    "Home Again, Both Hands, First Light, Higher Ground, Kind Word, Warm Welcome, Better Together, "
    "Straight Ahead, All Aboard, At the Table, Building Blocks, Bridge Builders, Circle of Care, "
    "Coming Home, Corner Store, Day by Day, Each Other, Equal Footing, Firm Ground, Forward Together, "
    "Four Corners, Gathering Place, Growing Season, Hand in Hand, Here to Stay, Homegrown, "
    "In Good Company, Just Across, Key Ring, Kitchen Table, Level Ground, Lift, Light the Way, Lifelong, "
    "Many Hands, Mutual Ground, Neighbor to Neighbor, New Leaf, On Our Way, One Block Over, Our House, "
    "Over the Bridge, Part of the Plan, Plain Talk, Porch Light, Ready Set, Right Here, Room to Grow, "
    "Safe Landing, Setting Sail, Solid Ground, Stepping Stones, Stronger Streets, Tailwind, "
    "The Long Table, Turning Point, Uplift, Voices United, Well Begun, Whole Day, Wide Awake, "
    "Wider Circle, Work in Progress, Young at Heart"
).split(", ")

KINDS: dict[str, tuple[str, ...]] = {
    "aging": (
        "Home Care",
        "Senior Services",
        "Elder Partners",
        "Aging Network",
        "Caregiver Center",
        "Home Care Cooperative",
    ),
    "behavioral-health": (
        "Behavioral Health",
        "Counseling Center",
        "Wellness Partners",
        "Mental Health Services",
        "Crisis Network",
    ),
    "child-welfare": (
        "Children's Services",
        "Foster Care Network",
        "Child and Family Center",
        "Adoption and Kinship Services",
    ),
    "community-development": (
        "Community Development",
        "Neighborhood Partners",
        "Community Alliance",
        "Economic Opportunity Center",
    ),
    "disability": (
        "Ability Services",
        "Independent Living",
        "Community Living",
        "Supported Work",
        "Self-Advocacy Center",
    ),
    "domestic-sexual-violence": (
        "Advocates",
        "Safe Homes",
        "Survivor Services",
        "Safe Passage",
        "Hotline and Housing",
    ),
    "early-childhood": (
        "Early Learning",
        "Children's Center",
        "Preschool Partners",
        "Family Child Care Network",
        "First Years",
    ),
    "employment": (
        "Works",
        "Career Pathways",
        "Job Training Center",
        "Workforce Partners",
        "Skills Exchange",
    ),
    "family-support": (
        "Family Services",
        "Family Alliance",
        "Parent Partners",
        "Family Resource Center",
        "Kinship Network",
    ),
    "food": ("Food Pantry", "Community Kitchen", "Food Network", "Table and Pantry", "Nutrition Partners"),
    "health-access": (
        "Health Partners",
        "Community Clinic",
        "Health Workers",
        "Care Connection",
        "Health Access Project",
    ),
    "housing": (
        "Housing Partners",
        "Supportive Housing",
        "Shelter Network",
        "Homes Project",
        "Housing Alliance",
    ),
    "immigrant-refugee": (
        "Welcome Center",
        "Refugee Services",
        "Newcomer Alliance",
        "Language and Legal Center",
        "Immigrant Partners",
    ),
    "justice-reentry": (
        "Reentry Services",
        "Justice Partners",
        "Return Home Project",
        "Diversion Network",
        "Second Chance Works",
    ),
    "substance-use": (
        "Recovery Center",
        "Recovery Homes",
        "Prevention Partners",
        "Treatment Services",
        "Peer Recovery Network",
    ),
    "youth": (
        "Youth Services",
        "Youth Project",
        "After School",
        "Mentoring Network",
        "Youth Alliance",
        "Young Leaders",
    ),
}
"""How a name may end, by the organization's first sub-sector."""

WHAT: dict[str, tuple[str, ...]] = {
    "aging": (
        "helps older adults stay in their own homes",
        "brings trained home care workers and meals to older adults",
        "supports older adults and the family members who care for them",
        "runs day programs for people with memory loss",
    ),
    "behavioral-health": (
        "offers counseling for adults, teens and families",
        "answers mental health crises with mobile teams",
        "provides long-term mental health care close to home",
        "trains and supervises licensed counselors",
    ),
    "child-welfare": (
        "recruits and supports foster families",
        "works with families so that children can stay safely at home",
        "finds lasting homes for children and stays in touch for years",
        "supports relatives who raise a child",
    ),
    "community-development": (
        "brings neighbors together to plan what their blocks need",
        "coaches families on credit, savings and taxes",
        "helps small businesses start and stay",
        "repairs homes and trains the people who do it",
    ),
    "disability": (
        "supports people with disabilities in homes they choose",
        "matches people with disabilities and employers",
        "teaches self-advocacy and plans with families",
        "trains direct support professionals",
    ),
    "domestic-sexual-violence": (
        "answers a hotline day and night",
        "offers safe housing and counseling to survivors",
        "goes to court with survivors who want company there",
        "teaches teens about safe relationships",
    ),
    "early-childhood": (
        "runs preschool rooms and visits families at home",
        "cares for children while their parents work or study",
        "screens young children early and follows up",
        "trains family child care providers",
    ),
    "employment": (
        "trains people for jobs that employers are filling now",
        "coaches people through their first year on a job",
        "runs apprenticeships in building and manufacturing",
        "prepares young adults for work in health care",
    ),
    "family-support": (
        "works with parents at turning points in family life",
        "connects families with what is near and what fits",
        "runs parent groups in libraries and schools",
        "helps grandparents who raise grandchildren",
    ),
    "food": (
        "runs a pantry where people choose their own groceries",
        "cooks and delivers meals that fit a doctor's advice",
        "grows vegetables and teaches how to cook them",
        "moves food from farms to pantries within a day",
    ),
    "health-access": (
        "runs a clinic that asks nobody for papers",
        "sends community health workers where people live",
        "helps people get and keep health coverage",
        "brings dental and eye care to schools",
    ),
    "housing": (
        "helps people keep the home they have",
        "runs a shelter where every guest works on a plan for a lease",
        "offers apartments with support on the ground floor",
        "works with landlords to open doors",
    ),
    "immigrant-refugee": (
        "welcomes families in their first year in Illinois",
        "teaches English in the evening and on weekends",
        "offers legal help with status and citizenship",
        "interprets at clinics, schools and courts",
    ),
    "justice-reentry": (
        "plans the first ninety days with people who come home from prison",
        "offers courts an alternative to jail",
        "helps people seal records and find work",
        "mediates between young people before a case is filed",
    ),
    "substance-use": (
        "treats substance use with medicine, counseling and patience",
        "runs recovery homes with peer support",
        "teaches prevention in schools and workplaces",
        "meets people where they are, in a van, six days a week",
    ),
    "youth": (
        "opens its doors when school closes",
        "pairs young people with mentors who stay for years",
        "prepares teens for college, a trade or a first job",
        "lets young people run programs of their own",
    ),
}
"""What an organization does, as the end of a sentence that begins with its name."""

HOW = (
    "Its staff speak {languages}.",
    "Most of its staff live in the neighborhoods they serve.",
    "It works with schools, clinics and employers in {county} County.",
    "It has done so since {year}.",
    "Its doors in {city} are open on evenings and Saturdays.",
    "Residents of {county} County sit on its board.",
    "It trains interns from nearby colleges each year.",
    "It shares a building in {city} with two other agencies.",
    "Teams are led by professionals who began there as interns.",
    "It began in a church basement in {city} in {year}.",
    "People who once used its services now help to plan them.",
    "It works in {city} and in the towns around it.",
    "A team of licensed professionals and trained peers does the work.",
    "Its board meets in public, in {city}.",
    "Partners of the Local Area Council know it for its trainings.",
    "It keeps one case manager with each family from start to finish.",
    "Volunteers from {city} add some hours; professionals carry the work.",
    "It publishes its results every year.",
    "Offices in {city} are on a bus line, and parking is free.",
    "Evening hours began when families asked for them.",
)
LANGUAGES = (
    "English and Spanish",
    "English, Spanish and Polish",
    "English and Arabic",
    "English, French and Swahili",
    "English and Mandarin",
    "English, Spanish and American Sign Language",
    "English, Spanish and Ukrainian",
)

FIRST_NAMES = (
    "Aaliyah Adriana Aisha Alejandro Amara Amelia Amir Ana Andre Angela Anita Anthony Aparna Beatriz "
    "Benjamin Bianca Brandon Brenda Caleb Camille Carlos Carmen Catherine Cedric Chen Chloe Christopher "
    "Claudia Dana Daniel Darius Deborah Deepa Denise Devon Diego Dolores Dominika Edward Elena Elijah Emeka "
    "Emily Eric Esperanza Esther Fatima Felicia Francis Gabriela George Grace Gregory Hana Hannah Harold "
    "Hector Helen Ibrahim Imani Ingrid Isaac Isabel Jacob Jada James Janelle Jasmine Javier Jerome Jessica "
    "Joan Jorge Joseph Joy Juan Julia Kamala Karen Katarzyna Keisha Kenji Kevin Khalid Kim Kofi Krystal "
    "Laila Lamar Laura Leah Leon Leticia Linda Lorenzo Lucia Luis Malik Margaret Maria Marcus Marek Martha "
    "Mateo Maya Mei Melissa Miguel Min-jun Mohammed Monica Nadia Naomi Natalie Nathan Nia Nicole Noor Olga "
    "Oscar Patrice Patricia Paul Pedro Priya Quentin Rachel Rafael Raymond Rebecca Renee Ricardo Robert "
    "Rosa Ruth Samira Samuel Sandra Sanjay Sarah Sergio Shanice Sharon Simone Stephanie Susan Tamika Tanya "
    "Teresa Thomas Tiffany Tomasz Tyrone Valerie Vanessa Victor Vincent Wanda Wei Wendy William Xavier "
    "Yasmin Yolanda Yusuf Zainab Zoe"
).split(" ")
LAST_NAMES = (
    "Abdullah Adams Adeyemi Aguilar Ahmed Alexander Allen Alvarez Anderson Bailey Baker Banks Barnes Becker "
    "Bell Bennett Boateng Booker Boyd Brooks Brown Bryant Butler Campbell Carter Castillo Chang Chavez Chen "
    "Clark Coleman Collins Cooper Cortez Cruz Davis Delgado Diaz Dominguez Edwards Ellis Erickson Espinoza "
    "Evans Farah Fernandez Fisher Flores Ford Foster Franklin Garcia Gibson Gomez Gonzalez Gordon Grabowski "
    "Graham Grant Gray Green Griffin Gupta Gutierrez Haddad Hall Hamilton Hansen Harris Hassan Hayes "
    "Henderson Hernandez Herrera Hill Holmes Howard Hughes Hussein Ibarra Iyer Jackson Jaworski Jefferson "
    "Jenkins Jensen Jimenez Johnson Jones Jordan Joshi Kaminski Kang Kaur Kelly Khan Kim King Klein "
    "Kowalski Kumar Larson Lee Lewis Lin Long Lopez Malone Marshall Martin Martinez Mason McCoy Mendoza "
    "Meyer Miller Mitchell Mohamed Molina Moore Morales Morgan Morris Murphy Murray Myers Navarro Nelson "
    "Nguyen Nowak Nwosu Olson Ortega Ortiz Osei Owens Park Parker Patel Patterson Pena Perez Perry Petersen "
    "Phillips Pierce Porter Powell Price Quinn Ramirez Ramos Reed Reyes Reynolds Rice Richardson Rios "
    "Rivera Roberts Robinson Rodriguez Rogers Rojas Romero Rosen Ross Ruiz Russell Salazar Sanchez Sanders "
    "Santiago Schmidt Schneider Schultz Scott Shah Shaw Silva Simmons Singh Smith Soto Stevens Stewart "
    "Sullivan Szymanski Taylor Thomas Thompson Torres Tran Tucker Turner Valdez Vargas Vasquez Vega Wade "
    "Wagner Walker Wallace Walsh Wang Ward Washington Watkins Watson Weber Wells West White Williams Wilson "
    "Wong Wood Wright Yang Young Zamora Zhang Zielinski"
).split(" ")
TITLES: dict[str, tuple[str, ...]] = {
    "primary_contact": ("Executive director", "President and CEO", "Director", "Chief program officer"),
    "advocate": (
        "Program director",
        "Case manager",
        "Clinical supervisor",
        "Family advocate",
        "Outreach coordinator",
        "Licensed clinical social worker",
        "Policy associate",
        "Community health worker",
        "Team lead",
    ),
    "viewer": (
        "Development manager",
        "Board member",
        "Finance manager",
        "Communications manager",
        "Office manager",
    ),
}
STREETS = (
    "N. Main St., S. Main St., Washington St., Lincoln Ave., State St., Jefferson St., Church St., "
    "Oak St., W. Third St., Madison St., Court St., Market St., E. Fifth Ave., College Ave., Park Ave., "
    "Depot St., Prairie Ave., Grant St."
).split(", ")

COMMENTS = (
    "I have worked in this field for many years. Please keep our teams together.",
    "Our waiting list is a hiring list. Help us fill the positions.",
    "My daughter's counselor changed three times in one year. Skilled people should be able to stay.",
    "I repay my loans every month and I love my work. Both should be possible.",
    "A late payment from the state means a late start for a family.",
    "Thank you for speaking up for smaller agencies too.",
    "Our town needs these services as much as it needs roads.",
    "I supervise eight case managers. Every one of them deserves this.",
    "As an employer I see what these programs do for my staff.",
    "We are proud of our professionals. The budget should be too.",
    "Please look at the southern counties as well.",
    "My mother stays at home because of the people who come every morning.",
)
